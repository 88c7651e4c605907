//! A dataset that the test server answers queries about, as far as paging goes, and requests for
//! it from queries in Tule.

use std::time::Duration;

use jiff::civil::date;
use serde_json::{Value, json};
use tule_core::check::{Context, Valid, check};
use tule_core::lower::{Request, lower};
use tule_core::plan::{Clock, Plan};
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::{Address, Portal, PortalKind};
use tule_core::schema::{Column, Dataset, with_system_columns};
use tule_core::target::Target;
use tule_core::types::Type;
use tule_portal::options::{Budget, Limits, Options, Retry};
use tule_portal::{Client, PortalAddress};
use tule_syntax::parser::parse_one;

use crate::server::{Asked, Reply, Server};

/// Settings with tiny waits.
pub(crate) fn options() -> Options {
    let tiny = Duration::from_millis(1);
    Options {
        retry: Retry { attempts: 3, first_wait: tiny, longest_wait: tiny, ..Retry::default() },
        budget: Budget { at_once: 8, spacing: Duration::ZERO },
        limits: Limits {
            connect: Duration::from_secs(5),
            answer: Duration::from_millis(400),
            idle: Duration::from_millis(200),
            total: Duration::from_secs(5),
            rate: 64,
            page_bytes: 1 << 20,
            document_bytes: 1 << 20,
            row_bytes: 1 << 14,
            redirects: 3,
        },
        proxies: false,
        ..Options::default()
    }
}

pub(crate) fn client() -> Client {
    Client::new(options())
}

fn portal(server: &Server) -> Portal {
    Portal::new("test", PortalKind::Socrata, Address::Web(server.address.clone()))
}

pub(crate) fn address(server: &Server) -> PortalAddress {
    PortalAddress::of(&portal(server)).unwrap()
}

/// The request for a query of the dataset `things` on this server.
pub(crate) fn request_for(server: &Server, text: &str, target: Target) -> Request {
    let columns = [
        ("n", Type::Number),
        ("beat", Type::Text),
        ("open", Type::Boolean),
        ("at", Type::FloatingTimestamp),
    ];
    let columns = columns.into_iter().map(|(name, ty)| Column::new(name, ty)).collect();
    let things = Dataset::new(&server.host(), "abcd-1234", "Things", with_system_columns(columns));
    let catalog = Catalog::of(vec![("things", things)]).with_portal(portal(server));
    let parsed = parse_one(text);
    let checked = check(text, &parsed, Context { catalog: &catalog, input: None });
    let valid = Valid::new(text, &parsed, &checked).expect("a sound query");
    let noon = date(2026, 1, 31).at(12, 0, 0, 0);
    let plan = Plan::new(valid, &[], Clock { local: noon, utc: noon }).unwrap();
    lower(&plan, target, &catalog).unwrap().requests.remove(0)
}

pub(crate) fn request(server: &Server, text: &str) -> Request {
    request_for(server, text, Target::Soda2)
}

/// Row number `n` of the dataset.
pub(crate) fn row(n: usize) -> Value {
    json!({
        ":id": id(n), "n": format!("{n}.50"), "beat": format!("K{}", n % 3), "open": n.is_multiple_of(2),
    })
}

pub(crate) fn id(n: usize) -> String {
    format!("row-{n:06}")
}

/// The portal's answer to a query for `rows` of the dataset: their count, or a page of them.
pub(crate) fn answer(rows: &[usize], asked: &Asked) -> Reply {
    if is_count(asked) {
        return Reply::json(200, format!("[{{\"n\":\"{}\"}}]\n", rows.len()));
    }
    let number = |name: &str| asked.param(name).map(|text| text.parse::<usize>().unwrap());
    let paged: Option<Value> = serde_json::from_str(&asked.body).ok();
    let of_page = |name: &str| {
        let page = paged.as_ref()?.get("page")?;
        usize::try_from(page.get(name)?.as_u64()?).ok()
    };
    let size = number("$limit").or(of_page("pageSize")).unwrap_or(1_000);
    let before = of_page("pageNumber").map(|page| (page - 1) * size);
    let skip = number("$offset").or(before).unwrap_or(0);
    let after = asked.param("$where").and_then(|text| text.split("> '").nth(1));
    let after = after.map(|text| text.trim_end_matches('\''));
    let page: Vec<String> = rows
        .iter()
        .filter(|n| after.is_none_or(|after| *id(**n) > *after))
        .skip(skip)
        .take(size)
        .map(|n| row(*n).to_string())
        .collect();
    shaped(Reply::json(200, format!("[{}]\n", page.join("\n,"))))
}

/// With the headers that name the columns.
pub(crate) fn shaped(reply: Reply) -> Reply {
    reply
        .header("X-SODA2-Fields", r#"["n","beat","open","at",":id"]"#)
        .header(
            "X-SODA2-Types",
            r#"["number","text","boolean","floating_timestamp","row_identifier"]"#,
        )
        .header("X-SODA2-Data-Out-Of-Date", "false")
}

pub(crate) fn is_count(asked: &Asked) -> bool {
    [asked.param("$select"), asked.param("$query"), Some(&asked.body)]
        .into_iter()
        .flatten()
        .any(|text| text.contains("count(*) as n"))
}
