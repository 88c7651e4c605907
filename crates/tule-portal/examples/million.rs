//! A million rows over loopback to JSON lines: how fast, and in how much memory.
//!
//! `million serve` is a portal with made-up rows, paged by offset or by identifier; it prints its
//! address and serves until it is stopped. `million fetch ADDRESS` writes every row to standard
//! output, and rate and peak memory to standard error. `bench/million.sh` runs the program itself
//! against it. The same bytes by other means:
//! `curl -so /dev/null "ADDRESS/resource/mill-ions.json?\$limit=1000000"`.

use std::io::{BufRead as _, BufReader, BufWriter, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use jiff::civil::date;
use tule_core::check::{Context, Valid, check};
use tule_core::lower::{Request, lower};
use tule_core::plan::{Clock, Plan};
use tule_core::rows::Value;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::{Address, Portal, PortalKind, host_of};
use tule_core::schema::{Column, Dataset, with_system_columns};
use tule_core::target::Target;
use tule_core::types::Type;
use tule_portal::blocking::Runtime;
use tule_portal::{Client, Options};
use tule_syntax::parser::parse_one;
use url::Url;

type Failed = Box<dyn std::error::Error>;

const ROWS: u64 = 1_000_000;

/// What `tule lock` asks for.
const VIEW: &str = r#"{"id":"mill-ions","name":"Millions","assetType":"dataset","columns":[
{"fieldName":"call_no","name":"call_no","dataTypeName":"text"},
{"fieldName":"beat","name":"beat","dataTypeName":"text"},
{"fieldName":"cost","name":"cost","dataTypeName":"number"},
{"fieldName":"open","name":"open","dataTypeName":"checkbox"},
{"fieldName":"at","name":"at","dataTypeName":"calendar_date"},
{"fieldName":"note","name":"note","dataTypeName":"text"}]}"#;

fn main() -> Result<(), Failed> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => serve(),
        ["fetch", address] => fetch(&address.parse()?),
        _ => Err("`million serve` or `million fetch ADDRESS`".into()),
    }
}

fn serve() -> Result<(), Failed> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    for stream in listener.incoming() {
        let stream = stream?;
        std::thread::spawn(move || {
            // Whoever asks may go away at any time.
            let _ = reply(&stream);
        });
    }
    Ok(())
}

fn reply(stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let target = first.split(' ').nth(1).unwrap_or_default();
    let url = Url::parse("http://x").and_then(|base| base.join(target));
    let params: Vec<(String, String)> =
        url.map_or(Vec::new(), |url| url.query_pairs().into_owned().collect());
    let param = |name: &str| params.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let number = |name: &str| param(name).and_then(|text| text.parse::<u64>().ok());
    let mut out = BufWriter::with_capacity(1 << 16, stream);
    out.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
          Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\nConnection: close\r\n\r\n",
    )?;
    if url_path(target).starts_with("/api/views/") {
        out.write_all(VIEW.as_bytes())?;
        return out.flush();
    }
    if param("$select").is_some_and(|list| list.contains("count(*)")) {
        write!(out, "[{{\"n\":\"{ROWS}\"}}]")?;
        return out.flush();
    }
    let after = param("$where").and_then(|text| text.split("row-").nth(1));
    let after = after.and_then(|text| text.trim_end_matches('\'').parse::<u64>().ok());
    let first = after.map_or(0, |after| after + 1) + number("$offset").unwrap_or(0);
    let last = first.saturating_add(number("$limit").unwrap_or(1_000)).min(ROWS);
    out.write_all(b"[")?;
    for n in first..last {
        let comma = if n > first { "\n," } else { "" };
        write!(
            out,
            "{comma}{{\"call_no\":\"{n:09}\",\"beat\":\"K{}\",\"cost\":\"{n}.50\",\"open\":{},\
             \"at\":\"2025-01-31T08:15:00.000\",\"note\":\"a line of text as people write it\",\
             \":id\":\"row-{n}\"}}",
            n % 20,
            n % 2 == 0
        )?;
    }
    out.write_all(b"]\n")?;
    out.flush()
}

fn url_path(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

fn request(address: &Url) -> Result<Request, Failed> {
    let columns = [
        ("call_no", Type::Text),
        ("beat", Type::Text),
        ("cost", Type::Number),
        ("open", Type::Boolean),
        ("at", Type::FloatingTimestamp),
        ("note", Type::Text),
    ];
    let columns = columns.into_iter().map(|(name, ty)| Column::new(name, ty)).collect();
    let columns = with_system_columns(columns);
    let dataset = Dataset::new(&host_of(address), "mill-ions", "Millions", columns);
    let portal = Portal::new("made_up", PortalKind::Socrata, Address::Web(address.clone()));
    let catalog = Catalog::of(vec![("calls", dataset)]).with_portal(portal);
    let text = "select * from calls limit all";
    let parsed = parse_one(text);
    let checked = check(text, &parsed, Context { catalog: &catalog, input: None });
    let valid = Valid::new(text, &parsed, &checked).ok_or("the query is at fault")?;
    let noon = date(2026, 1, 31).at(12, 0, 0, 0);
    let plan = Plan::new(valid, &[], Clock { local: noon, utc: noon });
    let plan = plan.map_err(|_| "the query has open parameters")?;
    let lowered = lower(&plan, Target::Soda2, &catalog).map_err(|_| "the query is not sent")?;
    Ok(lowered.requests.into_iter().next().ok_or("no request")?)
}

fn fetch(address: &Url) -> Result<(), Failed> {
    let client = Client::new(Options { proxies: false, ..Options::default() });
    let begin = Instant::now();
    let mut rows = Runtime::new()?.rows(client.rows(request(address)?));
    let names: Vec<String> = rows.columns().iter().map(|column| column.name.to_string()).collect();
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    for row in rows.by_ref() {
        for (at, (name, value)) in names.iter().zip(row?).enumerate() {
            write!(out, "{}\"{name}\":", if at == 0 { '{' } else { ',' })?;
            match value {
                Value::Null => write!(out, "null")?,
                Value::Boolean(value) => write!(out, "{value}")?,
                Value::Number(digits) => write!(out, "{digits}")?,
                Value::Double(value) => write!(out, "{value}")?,
                Value::Text(text) => serde_json::to_writer(&mut out, &*text)?,
                Value::Json(value) => serde_json::to_writer(&mut out, &value)?,
            }
        }
        out.write_all(b"}\n")?;
    }
    out.flush()?;
    let progress = rows.progress();
    let time = begin.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: unknown");
    eprintln!("{progress:?}\n{time:.2} s; {peak}; whole: {}", rows.end().is_some());
    Ok(())
}
