//! Commands about the last query and its result: all of it, again, and as a picture.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use indicatif::HumanCount;
use tule_core::plan::{Extent, Plan, extent};
use tule_core::rows::Value;
use tule_core::schema::manifest::is_dataset_name;
use tule_syntax::ast::{Compound, Count, Select, StepOp};
use tule_syntax::parser::parse_file;
use tule_syntax::span::Span;

use super::super::chart::{self, Kind};
use super::super::report;
use super::super::session::{Flow, Session};
use super::DONE;
use super::settings::path;
use crate::analysis::{Unit, analyse};
use crate::asked::clock;
use crate::atomic;
use crate::execute::{Started, reachable, uses_network};
use crate::exit::{Exit, Outcome, Stop};
use crate::output::{FAINT, INFO};
use crate::progress::Progress;
use crate::source::{SourceFile, shown};

/// More rows than this are fetched only after asking.
const MANY: u64 = 50_000;
/// Seconds between two runs, if nothing else is said.
const INTERVAL: u64 = 60;
/// What an interval grows to at most when the portal fails, times itself.
const PATIENCE: u64 = 16;

/// `.count`.
pub(super) fn count(session: &mut Session<'_>, name: &str) -> Outcome<Flow> {
    let text = if name.is_empty() {
        counting(&session.last()?)?
    } else {
        let plain = is_dataset_name(name) || name.starts_with(['@', '\'', '`']);
        let written =
            if plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "''")) };
        format!("select count(*) as rows from {written}")
    };
    let file = SourceFile::text("<count>", &text);
    // The result to be drawn or counted again stays the one before.
    let (last, kept) = (session.last.take(), session.kept.take());
    let done = session.statement(&file, &text);
    (session.last, session.kept) = (last, kept);
    done.map(Flow::Go)
}

/// `.all`.
pub(super) fn all(session: &mut Session<'_>, _: &str) -> Outcome<Flow> {
    let last = session.last()?;
    let text = unlimited(&last)?;
    if session.is_interactive() {
        let rows = number(session, &counting(&last)?)?;
        let question = match rows {
            Some(rows) if rows <= MANY => None,
            Some(rows) => Some(format!("{} rows. Fetch them all? [y/N]", HumanCount(rows))),
            None => Some("The number of rows is not known. Fetch them all? [y/N]".to_owned()),
        };
        if session.interrupt.is_set() {
            return Ok(Flow::Go(Exit::Cancelled));
        }
        if let Some(question) = question {
            let answer = session.ask(&question)?.unwrap_or_default();
            if !matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
                session.out.tell_line(INFO, "note", "nothing was fetched")?;
                return Ok(DONE);
            }
        }
    }
    let file = SourceFile::text("<all>", &text);
    session.statement(&file, &text).map(Flow::Go)
}

/// `.watch`.
pub(super) fn watch(session: &mut Session<'_>, seconds: &str) -> Outcome<Flow> {
    let every = match seconds {
        "" => INTERVAL,
        text => {
            text.parse().ok().filter(|every| (1..=86_400).contains(every)).ok_or_else(|| {
                Stop::usage(format!("`{text}` is no number of seconds from 1 to 86400"))
            })?
        }
    };
    let text = session.last()?;
    let mut wait = every;
    loop {
        let begun = Instant::now();
        let now = clock().local.strftime("%H:%M:%S").to_string();
        let head = format!("every {every} s, at {now}; Ctrl-C ends");
        let head = session.out.paint_error.on(FAINT, &head);
        session.out.tell(&format!("{head}\n"))?;
        let file = SourceFile::text("<watch>", &text);
        match session.statement(&file, &text) {
            Ok(Exit::Clean) => wait = every,
            Ok(Exit::Cancelled) => return Ok(DONE),
            Ok(Exit::Portal) | Err(Stop::Portal { .. }) => {
                wait = (wait * 2).min(every * PATIENCE);
                let text = format!("the portal failed; the next try is in {wait} s");
                session.out.tell_line(INFO, "note", &text)?;
            }
            other => return other.map(Flow::Go),
        }
        session.out.finish()?;
        while begun.elapsed() < Duration::from_secs(wait) {
            if session.interrupt.is_set() {
                return Ok(DONE);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// `.last`.
pub(super) fn last(session: &mut Session<'_>, _: &str) -> Outcome<Flow> {
    session.kept()?;
    session.print_kept().map(Flow::Go)
}

/// `.chart`.
pub(super) fn chart(session: &mut Session<'_>, text: &str) -> Outcome<Flow> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (kind, columns) = match words.split_first() {
        Some((first, rest)) if Kind::of(first).is_some() => (Kind::of(first), rest),
        _ => (None, words.as_slice()),
    };
    let width = session.out.width().unwrap_or(80);
    let height = session.out.height().unwrap_or(24);
    let paint = session.out.paint;
    let kept = session.kept()?;
    let chart = chart::choose(kept, kind, columns)
        .map_err(|(message, help)| Stop::usage(message).help(help))?;
    let mut text = chart::draw(&chart, width, height, paint);
    if !kept.is_whole() {
        let rows = HumanCount(kept.rows.len() as u64);
        let _ = writeln!(text, "of the first {rows} rows; there are more");
    }
    session.out.print(&text)?;
    Ok(DONE)
}

/// `.report`.
pub(super) fn report(session: &mut Session<'_>, text: &str) -> Outcome<Flow> {
    let path = path(text)?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !matches!(&*ending.to_ascii_lowercase(), "html" | "htm") {
        return Err(Stop::usage(format!("`{}` does not end in `.html`", path.display())));
    }
    let page = report::page(session.kept()?, clock().local);
    atomic::write(&path, &page)?;
    session.out.tell(&format!("report in {}\n", crate::escape::one_line(&shown(&path))))?;
    Ok(DONE)
}

/// The number that a query gives, without a word about it; nothing where it cannot be had.
fn number(session: &mut Session<'_>, text: &str) -> Outcome<Option<u64>> {
    let file = SourceFile::text("<count>", text);
    let units = analyse(&file, session.place.world());
    let Some(valid) = units.iter().find_map(Unit::valid) else { return Ok(None) };
    let declared = &valid.typed().parameters;
    let values: Vec<(String, String)> = session
        .settings
        .parameters
        .iter()
        .filter(|(name, _)| declared.iter().any(|parameter| *parameter.name == ***name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let plan = reachable(valid, session.place.wishes.local)
        .and_then(|()| Plan::new(valid, &values, clock()));
    let Ok(plan) = plan else { return Ok(None) };
    let engines = session.place.engines(uses_network(valid))?;
    let Ok(Started { mut source, cancel }) = engines.start(&plan) else { return Ok(None) };
    session.interrupt.set(move || cancel.cancel());
    let progress = Progress::new();
    let row = source.next_row();
    progress.clear();
    session.interrupt.clear();
    let first = row.ok().flatten().and_then(|row| row.into_iter().next());
    Ok(match first {
        Some(Value::Number(text) | Value::Text(text)) => text.parse().ok(),
        _ => None,
    })
}

/// A query that counts the rows of another, which loses its LIMIT.
fn counting(text: &str) -> Outcome<String> {
    Ok(format!("{} |> select count(*) as rows", without_limit(text)?.0))
}

/// A query for every row of another, which has no LIMIT of its own.
fn unlimited(text: &str) -> Outcome<String> {
    let (without, extent) = without_limit(text)?;
    match extent {
        Extent::Limited => Err(Stop::usage("the last query has a LIMIT of its own")
            .help("take it away, or write `limit all`")),
        Extent::Unsaid | Extent::All => Ok(format!("{without}\nlimit all")),
    }
}

/// The first statement of a text, without its `;` and its last LIMIT and OFFSET, and what it said
/// of the number of its rows.
fn without_limit(text: &str) -> Outcome<(String, Extent)> {
    let none = || Stop::usage("the last statement is no query");
    let parsed = parse_file(text).into_iter().find(|parsed| parsed.statement.query.is_some());
    let parsed = parsed.ok_or_else(none)?;
    let own = parsed.range.text(text);
    let query = parsed.statement.query.as_ref().ok_or_else(none)?;
    let said = extent(query);
    // Behind the query only comments can stand, which would swallow what is put there.
    let mut kept = own.get(..query.span.end as usize).unwrap_or(own).to_owned();
    let mut gone: Vec<Span> = last_select(query).map(clauses).unwrap_or_default();
    gone.sort_unstable();
    for span in gone.into_iter().rev() {
        let range = span.start as usize..span.end as usize;
        if kept.get(range.clone()).is_some() {
            kept.replace_range(range, "");
        }
    }
    Ok((kept.trim_end().to_owned(), said))
}

/// Where LIMIT and OFFSET of a select stand.
fn clauses(select: &Select) -> Vec<Span> {
    let clauses = select.limit.iter().chain(&select.offset);
    clauses
        .map(|clause| {
            let end = match &clause.value {
                Count::Missing(span) | Count::Number(span) | Count::All(span) => span.end,
                Count::Param(name) => name.end,
            };
            Span::new(clause.keyword.start, end)
        })
        .collect()
}

/// The select whose LIMIT is that of the whole.
fn last_select(query: &Compound) -> Option<&Select> {
    match query.rest.last() {
        None => query.first.as_leaf(),
        Some(step) if step.op == StepOp::Pipe => step.right.as_leaf(),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_counted_without_its_limit() {
        let counted = |text: &str| counting(text).unwrap();
        assert_eq!(
            counted("select a from b limit 5 offset 2; -- x"),
            "select a from b |> select count(*) as rows"
        );
        assert_eq!(
            counted("select a from b limit 9 |> select a limit all -- x\n;"),
            "select a from b limit 9 |> select a |> select count(*) as rows"
        );
        assert!(counting("-- nothing").is_err());
    }

    #[test]
    fn every_row_is_asked_for_where_the_query_does_not_say_how_many() {
        assert_eq!(unlimited("select a from b;").unwrap(), "select a from b\nlimit all");
        assert_eq!(unlimited("select a from b limit all").unwrap(), "select a from b\nlimit all");
        assert!(unlimited("select a from b limit 5").is_err());
    }
}
