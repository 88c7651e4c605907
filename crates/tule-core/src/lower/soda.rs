//! Socrata's two interfaces.
//!
//! SODA 2.1 takes one plain select as separate `$` parameters; what they cannot say (steps, set
//! operations, joins, hints, a qualified main table) goes into `$query`. SODA 3 takes the text in
//! the body of a POST, paging beside it.

use serde_json::json;
use tule_syntax::ast::{Atom, Clause, Compound, Count, Distinct, Select, SelectItem, Source};
use tule_syntax::literal::string_value;
use url::{Position, Url};

use super::pages::window;
use super::request::{Method, Paging, Request, Strategy};
use super::soql::Writer;
use super::text::Text;
use super::{Lowered, SourceMap};
use crate::diagnostics::{Code, Diagnostic};
use crate::plan::{DEFAULT_LIMIT, Extent, Plan, extent, last_select};
use crate::schema::Dataset;
use crate::schema::catalog::Catalog;
use crate::schema::manifest::{Portal, host_of};
use crate::target::Target;

/// Rows of a page when every row is fetched: the most that every version of the interface takes.
const PAGE_SIZE: u64 = 50_000;

/// Longest address that servers commonly take, in bytes.
const MAX_URL: usize = 8_000;

pub(super) fn lower(
    plan: &Plan<'_>,
    target: Target,
    catalog: &Catalog,
) -> Result<Lowered, Vec<Diagnostic>> {
    let statement = plan.valid.statement();
    let Some(query) = &statement.query else {
        return Ok(Lowered { requests: Vec::new(), warnings: Vec::new() });
    };
    let typed = plan.valid.typed();
    let Some(main) = main_dataset(plan) else {
        let message = "no dataset to send this query to";
        return Err(vec![Diagnostic::new(Code::FromRequired, query.span, message)]);
    };
    let base = catalog.portal_for(main).and_then(Portal::url);
    let endpoint = endpoint(main, base, target).ok_or_else(|| {
        let message = format!("`{}` is no host", main.host);
        vec![Diagnostic::new(Code::UnknownDataset, query.span, message)]
    })?;
    let mut writer = Writer::new(plan, main);
    let all = extent(query) == Extent::All;
    let mut request = Request {
        target,
        method: Method::Get,
        host: host_of(&endpoint),
        dataset: main.id.clone(),
        endpoint,
        params: Vec::new(),
        body: None,
        paging: paging(query, all, target, &writer),
        columns: typed.output.columns(),
        maps: Vec::new(),
    };
    match target {
        Target::Soda2 => soda2(plan, query, all, &mut writer, &mut request),
        Target::Soda3 => soda3(query, all, &mut writer, &mut request),
    }
    if !writer.faults.is_empty() {
        return Err(writer.faults);
    }
    let mut warnings = Vec::new();
    let length = request.url().as_str().len();
    if length > MAX_URL {
        let message = format!("the address is {length} bytes long; servers take some {MAX_URL}");
        warnings.push(
            Diagnostic::new(Code::UrlTooLong, query.span, message)
                .help("send it by POST with `--target soda3`, or split a long `in (...)` list"),
        );
    }
    Ok(Lowered { requests: vec![request], warnings })
}

/// The dataset of the address: the one that the first select reads.
pub(super) fn main_dataset<'p>(plan: &Plan<'p>) -> Option<&'p Dataset> {
    let typed = plan.valid.typed();
    let facts =
        typed.datasets.iter().min_by_key(|(span, _)| (!is_first_from(plan, *span), span.start));
    if let Some((_, dataset)) = facts {
        return Some(dataset);
    }
    // A select without FROM reads the dataset it was typed for.
    typed.selects.iter().flat_map(|facts| &facts.tables).find_map(|table| match &table.relation {
        crate::check::Relation::Dataset(dataset) => Some(&**dataset),
        _ => None,
    })
}

/// Whether `span` names the table of the first select that runs.
fn is_first_from(plan: &Plan<'_>, span: tule_syntax::span::Span) -> bool {
    let statement = plan.valid.statement();
    let Some(query) = &statement.query else { return false };
    let mut compound = query;
    // The limit on nesting bounds this loop; a WITH table is followed at most once each.
    for _ in 0..=tule_syntax::limits::MAX_NESTING + statement.ctes.len() {
        let select = match &compound.first {
            Atom::Paren(inner, _) => {
                compound = inner;
                continue;
            }
            Atom::Select(select) => select,
        };
        let Some(from) = &select.from else { return false };
        match &from.source {
            Source::Query(inner) => compound = inner,
            Source::Named(name) => {
                let key = crate::names::fold(name.text(plan.valid.text())).into_owned();
                let cte = statement.ctes.iter().find(|cte| {
                    crate::names::fold(cte.name.text(plan.valid.text())).trim_start_matches('@')
                        == key.trim_start_matches('@')
                });
                match cte {
                    Some(cte) if *name != span => compound = &cte.query,
                    _ => return *name == span,
                }
            }
            Source::Call { name, .. } => return *name == span,
            Source::Missing(_) => return false,
        }
    }
    false
}

/// The address of the dataset, behind its portal's own or behind its host's name.
fn endpoint(main: &Dataset, base: Option<&Url>, target: Target) -> Option<Url> {
    let mut url = match base {
        Some(base) => base.clone(),
        None => Url::parse(&format!("https://{}", main.host))
            .ok()
            .filter(|url| url.username().is_empty() && url[Position::BeforePath..] == *"/")?,
    };
    let mut path = url.path_segments_mut().ok()?;
    path.clear();
    match target {
        Target::Soda2 => path.extend(["resource", &format!("{}.json", main.id)]),
        Target::Soda3 => path.extend(["api", "v3", "views", &main.id, "query.json"]),
    };
    drop(path);
    Some(url)
}

fn paging(query: &Compound, all: bool, target: Target, writer: &Writer<'_>) -> Paging {
    let number = |clause: Option<&Clause<Count>>| {
        writer.count_text(clause?.value).and_then(|text| text.parse().ok())
    };
    if all {
        let strategy = match target {
            Target::Soda2 => Strategy::Offset,
            Target::Soda3 => Strategy::PageNumber,
        };
        // In the text of the other interface it stands in the query itself.
        let skip = last_select(query)
            .filter(|_| target == Target::Soda2)
            .and_then(|select| number(select.offset.as_ref()));
        return Paging { strategy, page_size: Some(PAGE_SIZE), skip: skip.unwrap_or(0) };
    }
    let limit = last_select(query).and_then(|select| number(select.limit.as_ref()));
    match limit {
        Some(limit) => Paging { strategy: Strategy::Single, page_size: Some(limit), skip: 0 },
        None => {
            Paging { strategy: Strategy::DefaultLimit, page_size: Some(DEFAULT_LIMIT), skip: 0 }
        }
    }
}

fn soda2(
    plan: &Plan<'_>,
    query: &Compound,
    all: bool,
    writer: &mut Writer<'_>,
    request: &mut Request,
) {
    let plain = query
        .rest
        .is_empty()
        .then(|| query.first.as_leaf())
        .flatten()
        .filter(|select| is_plain(plan, select, writer));
    let Some(select) = plain else {
        let mut text = Text::default();
        whole(plan, query, all, writer, &mut text);
        if all {
            text.raw(&window(PAGE_SIZE, request.paging.skip));
        }
        push(request, "$query", &text);
        return;
    };
    let list = writer.select_list(select);
    if list.as_str() != "*" && !list.as_str().is_empty() {
        push(request, "$select", &list);
    }
    if let Some(clause) = &select.filter {
        push(request, "$where", &writer.root(clause.value));
    }
    if let Some(clause) = &select.group_by {
        push(request, "$group", &writer.roots(&clause.value));
    }
    if let Some(clause) = &select.having {
        push(request, "$having", &writer.root(clause.value));
    }
    if all {
        push(request, "$order", &writer.stable_order(select));
    } else if let Some(clause) = &select.order_by {
        push(request, "$order", &writer.order(&clause.value));
    }
    if let Some(clause) = &select.search {
        let words = string_value(clause.value.text(plan.valid.text())).into_owned();
        let mut text = Text::default();
        text.mapped(&words, clause.value);
        push(request, "$q", &text);
    }
    if all {
        request.params.push(("$limit".to_owned(), PAGE_SIZE.to_string()));
        request.params.push(("$offset".to_owned(), request.paging.skip.to_string()));
        return;
    }
    for (name, clause) in [("$limit", &select.limit), ("$offset", &select.offset)] {
        if let Some(count) = clause.as_ref().and_then(|clause| writer.count_text(clause.value)) {
            request.params.push((name.to_owned(), count));
        }
    }
}

fn push(request: &mut Request, name: &str, text: &Text) {
    if text.as_str().is_empty() {
        return;
    }
    request.params.push((name.to_owned(), text.as_str().to_owned()));
    request.maps.push((name.to_owned(), SourceMap::clone(text.map())));
}

/// Whether separate parameters can say it.
fn is_plain(plan: &Plan<'_>, select: &Select, writer: &Writer<'_>) -> bool {
    let named = select.from.as_ref().is_none_or(|from| {
        matches!(from.source, Source::Named(name)
            if plan.valid.typed().datasets.iter().any(|(span, _)| *span == name))
    });
    let starless_distinct_on = !matches!(select.distinct, Distinct::On(_));
    let empty = select.items.is_empty() && select.keyword.is_some();
    let qualified = select
        .items
        .iter()
        .any(|item| matches!(item, SelectItem::Star(star) if star.table.is_some()));
    named
        && starless_distinct_on
        && !empty
        && !qualified
        && select.joins.is_empty()
        && select.hints.is_empty()
        && writer.qualifier(select).is_none()
}

/// The whole query as text; for paging, in a stable order.
fn whole(plan: &Plan<'_>, query: &Compound, all: bool, writer: &mut Writer<'_>, text: &mut Text) {
    if all {
        writer.stable = last_select(query).map(|select| select.span);
    }
    writer.compound(query, text);
    if all && writer.stable.is_none() {
        // The rows of a set operation are ordered by a step of its own.
        let keys = Writer::ordered_columns(&plan.valid.typed().output.columns());
        if !keys.is_empty() {
            text.raw(" |> select * order by ");
            text.raw(&keys.join(", "));
        }
    }
}

fn soda3(query: &Compound, all: bool, writer: &mut Writer<'_>, request: &mut Request) {
    let mut text = Text::default();
    writer.compound(query, &mut text);
    request.method = Method::Post;
    // Without these the portal adds columns to a star that the query did not ask for.
    let mut body = json!({
        "query": text.as_str(),
        "includeSystem": false,
        "includeSynthetic": false,
    });
    if all {
        // Pages impose a total order of their own.
        if let Some(body) = body.as_object_mut() {
            let page = json!({ "pageNumber": 1, "pageSize": PAGE_SIZE });
            body.insert("page".to_owned(), page);
        }
    }
    request.maps.push(("query".to_owned(), text.map().clone()));
    request.body = Some(body);
}
