//! Commands that show what is known or what would be sent, and ask no portal for rows.

use std::fmt::Write as _;

use tule_core::check::Valid;
use tule_core::diagnostics::Diagnostic;
use tule_core::lower::{Request, Strategy, lower};
use tule_core::plan::Plan;
use tule_core::schema::Dataset;
use tule_core::schema::manifest::PortalKind;
use tule_core::types::Type;

use super::super::session::{Flow, Session};
use super::DONE;
use crate::analysis::{Unit, analyse};
use crate::asked::clock;
use crate::commands::datasets::listing;
use crate::commands::run::show;
use crate::escape::inert_lines;
use crate::execute::{customary, datasets as named};
use crate::exit::{Exit, Outcome, Stop};
use crate::output::{FAINT, INFO, STRONG};
use crate::project::dataset;
use crate::render::request::curl as as_curl;
use crate::render::schema;
use crate::render::table::table;
use crate::source::SourceFile;

/// `.datasets`: what is known without asking anybody.
pub(super) fn datasets(session: &mut Session<'_>, words: &str) -> Outcome<Flow> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let catalog = &session.place.catalog;
    let found: Vec<Dataset> = crate::commands::datasets::known(catalog, &words);
    if found.is_empty() {
        let text = if words.is_empty() {
            "no dataset is known here; `.search WORDS` asks the portals"
        } else {
            "no dataset that is known has all of these words; `.search` asks the portals"
        };
        session.out.tell_line(INFO, "note", text)?;
        return Ok(DONE);
    }
    let text = listing(&found, catalog, session.out.width(), session.out.paint);
    session.page(&text)?;
    Ok(DONE)
}

/// `.schema`: of a dataset, or of those of the last statement.
pub(super) fn schema(session: &mut Session<'_>, name: &str) -> Outcome<Flow> {
    if name.is_empty() && session.last.is_none() {
        return datasets(session, "");
    }
    let mut text = String::new();
    for found in chosen(session, name)? {
        let names: Vec<String> = session
            .place
            .catalog
            .names()
            .filter(|(_, known)| known.host == found.host && known.id == found.id)
            .map(|(name, _)| name.to_owned())
            .collect();
        text += &schema::text(&found, &names, session.out.width(), session.out.paint);
    }
    session.page(&text)?;
    Ok(DONE)
}

/// The dataset of a name, fetched where it must be; without one, those of the last statement.
pub(super) fn chosen(session: &mut Session<'_>, name: &str) -> Outcome<Vec<Dataset>> {
    if name.is_empty() {
        let text = session.last()?;
        let file = SourceFile::text("<prompt>", &text);
        session.learn(&file)?;
        let units = analyse(&file, session.place.world());
        let found: Vec<Dataset> = units
            .iter()
            .filter_map(Unit::valid)
            .flat_map(|valid| named(valid).into_iter().map(|(_, dataset)| dataset.clone()))
            .collect();
        if found.is_empty() {
            return Err(Stop::usage("the last statement names no dataset that is known"));
        }
        return Ok(found);
    }
    let plain = name.trim_matches(['\'', '`', '"']);
    if let Ok(found) = dataset(&session.place.catalog, plain) {
        return Ok(vec![Dataset::clone(&found)]);
    }
    // As a statement would name it.
    let written = if plain.contains('/') {
        format!("'{}'", plain.replace('\'', ""))
    } else {
        plain.to_owned()
    };
    let file = SourceFile::text("<prompt>", &format!("select * from {written} limit 1"));
    session.learn(&file)?;
    dataset(&session.place.catalog, plain).map(|found| vec![Dataset::clone(&found)])
}

/// `.url`.
pub(super) fn url(session: &mut Session<'_>, query: &str) -> Outcome<Flow> {
    requests(session, query, |request| {
        let body = request.body.is_some();
        let note = if body { "  (the query is in the body: `.curl`)" } else { "" };
        format!("{}{note}\n", request.url())
    })
}

/// `.curl`.
pub(super) fn curl(session: &mut Session<'_>, query: &str) -> Outcome<Flow> {
    requests(session, query, |request| format!("{}\n", as_curl(request)))
}

/// `.plan`.
pub(super) fn plan(session: &mut Session<'_>, query: &str) -> Outcome<Flow> {
    requests(session, query, described)
}

/// A request in parts.
fn described(request: &Request) -> String {
    let mut out = format!("{} {}\n", request.method.name(), request.endpoint);
    for (name, value) in &request.params {
        let _ = writeln!(out, "  {name}  {value}");
    }
    if let Some(body) = &request.body {
        let _ = writeln!(out, "  body  {body}");
    }
    let size = request.paging.page_size;
    let pages = match (request.paging.strategy, size) {
        (Strategy::Single, _) => "one request".to_owned(),
        (Strategy::DefaultLimit, _) => {
            "one request, cut at the portal's default of 1,000 rows".to_owned()
        }
        (strategy, Some(size)) => format!("pages of {size} rows by {}", strategy.name()),
        (strategy, None) => format!("pages by {}", strategy.name()),
    };
    let _ = writeln!(out, "  interface {}, {pages}", request.target.name());
    out
}

/// Shows the requests of a query, or of the last statement.
fn requests(
    session: &mut Session<'_>,
    query: &str,
    form: impl Fn(&Request) -> String,
) -> Outcome<Flow> {
    let parameters: Vec<(String, String)> =
        session.settings.parameters.iter().map(|(a, b)| (a.clone(), b.clone())).collect();
    let mut texts = Vec::new();
    let exit = each(session, query, |session, valid| {
        let datasets = named(valid);
        if let Some((_, local)) = datasets.iter().find(|(_, d)| d.kind == PortalKind::Local) {
            texts.push(format!(
                "computed here, from the files of `{}`; nothing is sent\n",
                local.host
            ));
            return Ok(());
        }
        let declared = |name: &str| valid.typed().parameters.iter().any(|p| *p.name == *name);
        let known: Vec<_> = parameters.iter().filter(|(name, _)| declared(name)).cloned().collect();
        let plan = Plan::new(valid, &known, clock())?;
        let target = customary(&datasets, &session.place.catalog);
        let lowered = lower(&plan, target, &session.place.catalog)?;
        texts.extend(lowered.requests.iter().map(&form));
        Ok(())
    })?;
    for text in texts {
        session.out.print(&inert_lines(&text))?;
    }
    Ok(Flow::Go(exit))
}

/// `.types`.
pub(super) fn types(session: &mut Session<'_>, query: &str) -> Outcome<Flow> {
    let mut tables = Vec::new();
    let exit = each(session, query, |_, valid| {
        let columns = valid.typed().output.columns();
        let row = |column: &tule_core::check::OutputColumn| {
            let ty = column.ty.map_or("of unknown type", Type::name);
            let about = column.ty.map_or("", |ty| ty.info().doc);
            vec![crate::escape::one_line(&column.name), ty.to_owned(), about.to_owned()]
        };
        tables.push(columns.iter().map(row).collect::<Vec<_>>());
        Ok(())
    })?;
    let form =
        |rows| table(&["column", "type", "about"], rows, session.out.width(), session.out.paint);
    let text: String = tables.into_iter().map(form).collect();
    session.page(&text)?;
    Ok(Flow::Go(exit))
}

/// Does something with each statement of a query that is without errors; the others are shown.
fn each(
    session: &mut Session<'_>,
    query: &str,
    mut act: impl FnMut(&Session<'_>, Valid<'_>) -> Result<(), Vec<Diagnostic>>,
) -> Outcome {
    let text = if query.is_empty() { session.last()? } else { query.to_owned() };
    let file = SourceFile::text("<prompt>", &text);
    session.learn(&file)?;
    let mut exit = Exit::Clean;
    for unit in analyse(&file, session.place.world()) {
        let errors = unit.diagnostics.iter().filter(|found| found.is_error()).cloned();
        let mut found: Vec<Diagnostic> = errors.collect();
        if let Some(valid) = unit.valid().filter(|_| found.is_empty())
            && let Err(refusals) = act(session, valid)
        {
            found.extend(refusals.into_iter().map(|found| found.shift(unit.base())));
        }
        if found.iter().any(Diagnostic::is_error) {
            exit = Exit::Findings;
        }
        show(session.out, &file, &found)?;
    }
    Ok(exit)
}

/// A heading and a fainter line, for lists.
pub(super) fn pair(session: &mut Session<'_>, name: &str, about: &str) -> Outcome<()> {
    let paint = session.out.paint;
    let line = format!("{}  {}\n", paint.on(STRONG, name), paint.on(FAINT, about));
    Ok(session.out.print(&line)?)
}
