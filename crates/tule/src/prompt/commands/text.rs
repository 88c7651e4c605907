//! Commands about the text of statements: files, the editor, addresses, history, and help.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use tule_core::diagnostics::Code;
use tule_core::functions::by_name;
use tule_core::import::import as read_address;
use tule_core::names::fold;
use tule_core::types::Type;
use tule_ide::cards;
use tule_syntax::format::{Options, format};

use super::super::editor::plain;
use super::super::session::{Flow, Session};
use super::settings::path;
use super::{COMMANDS, DONE, find};
use crate::atomic;
use crate::commands::import::finding;
use crate::commands::nested;
use crate::escape::inert_lines;
use crate::exit::{Exit, Outcome, Stop};
use crate::output::{INFO, STRONG};
use crate::render::human;
use crate::render::table::table;
use crate::source::{SourceFile, shown};

/// Most statements that `.history` lists.
const LISTED: usize = 50;

/// `.import`.
pub(super) fn import(session: &mut Session<'_>, address: &str) -> Outcome<Flow> {
    let file = SourceFile::text("<address>", address.trim_matches(['\'', '"']));
    match read_address(&file.text) {
        Ok(imported) => {
            let text = format(&imported.statement, &Options::default()).text;
            session.out.foreign(&text)?;
            for note in &imported.notes {
                session.out.tell_line(INFO, "note", note)?;
            }
            let text = text.trim_end().to_owned();
            session.last = Some(text.clone());
            session.queued = Some(text);
            Ok(DONE)
        }
        Err(error) => {
            let found = finding(&error);
            let text =
                human::findings(&file, std::slice::from_ref(&found), session.out.paint_error);
            session.out.tell(&text)?;
            Ok(Flow::Go(Exit::Findings))
        }
    }
}

/// `.read`.
pub(super) fn read(session: &mut Session<'_>, text: &str) -> Outcome<Flow> {
    session.file(&path(text)?)
}

/// `.edit`: what is saved stands in the prompt afterwards, to be run or changed.
pub(super) fn edit(session: &mut Session<'_>, text: &str) -> Outcome<Flow> {
    if !session.is_interactive() {
        return Err(Stop::usage("`.edit` needs a terminal"));
    }
    session.out.finish()?;
    if !text.is_empty() {
        launch(&path(text)?)?;
        return Ok(DONE);
    }
    let last = session.last.clone().unwrap_or_default();
    // Only the user can read it, and it is gone afterwards.
    let file = tempfile::Builder::new().prefix("tule-").suffix(".tule").tempfile()?;
    std::fs::write(file.path(), &last)?;
    launch(file.path())?;
    let text = SourceFile::read(file.path())?;
    if text.fault.is_some() {
        return Err(Stop::usage("what was saved is no text"));
    }
    let text = text.text.trim_end().to_owned();
    session.queued = Some(text).filter(|text| !text.is_empty());
    Ok(DONE)
}

/// The user's editor and its arguments.
pub(crate) fn editor() -> Vec<String> {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok());
    let words = named.and_then(|text| shlex::split(&text)).filter(|words| !words.is_empty());
    words.unwrap_or_else(|| vec![if cfg!(windows) { "notepad" } else { "vi" }.to_owned()])
}

fn launch(path: &Path) -> Outcome<()> {
    let words = editor();
    let (program, arguments) = words.split_first().ok_or_else(|| Stop::usage("no editor"))?;
    let status = Command::new(program).args(arguments).arg(path).status().map_err(|error| {
        Stop::usage(format!("cannot start `{program}`: {}", crate::exit::reason(&error)))
            .help("`VISUAL` or `EDITOR` names the editor")
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Stop::usage(format!("`{program}` failed: {status}")))
    }
}

/// `.save`.
pub(super) fn save(session: &mut Session<'_>, text: &str) -> Outcome<Flow> {
    let mut last = session.last()?;
    let path = path(text)?;
    if !last.ends_with('\n') {
        last.push('\n');
    }
    atomic::create(&path, &last).map_err(|stop| {
        stop.help("`.save` does not write over a file; remove it or name another")
    })?;
    session.out.tell(&format!("saved in {}\n", crate::escape::one_line(&shown(&path))))?;
    Ok(DONE)
}

/// `.history`.
pub(super) fn history(session: &mut Session<'_>, words: &str) -> Outcome<Flow> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let holds = |text: &&String| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let found: Vec<&String> = session.history.iter().filter(holds).collect();
    let skipped = found.len().saturating_sub(LISTED);
    let mut out = String::new();
    for text in found.into_iter().skip(skipped) {
        out.push_str(&inert_lines(text));
        out.push('\n');
    }
    session.page(&out)?;
    if skipped > 0 {
        let text = format!("{skipped} older ones are not shown; words choose");
        session.out.tell_line(INFO, "note", &text)?;
    }
    Ok(DONE)
}

/// `.help`.
pub(super) fn help(session: &mut Session<'_>, topic: &str) -> Outcome<Flow> {
    if topic.is_empty() {
        return overview(session);
    }
    let name = topic.trim_start_matches(['.', '\\']);
    if let Some(command) = find(name) {
        let paint = session.out.paint;
        let usage = format!(".{} {}", command.name, command.arguments);
        let mut text = format!("{}\n  {}\n", paint.on(STRONG, usage.trim_end()), command.help);
        if !command.aliases.is_empty() {
            let others: Vec<String> = command.aliases.iter().map(|a| format!(".{a}")).collect();
            let _ = writeln!(text, "  also {}", others.join(", "));
        }
        session.out.print(&text)?;
        return Ok(DONE);
    }
    let folded = fold(topic.trim_end_matches("()"));
    let overloads = by_name(&folded);
    if !overloads.is_empty() {
        let card = plain(&cards::function(overloads));
        session.page(&format!("{card}\n"))?;
        return Ok(DONE);
    }
    if let Some(ty) = Type::from_name(&folded) {
        session.out.print(&format!("{}\n", plain(&cards::ty(ty))))?;
        return Ok(DONE);
    }
    if Code::from_name(topic).is_some() {
        return nested(session.out, session.global, &["explain", topic]).map(Flow::Go);
    }
    Err(Stop::usage(format!("no command, function, type or code `{topic}`"))
        .help("`.help` lists the commands"))
}

fn overview(session: &mut Session<'_>) -> Outcome<Flow> {
    let rows = COMMANDS.iter().map(|command| {
        let others: Vec<String> = command.aliases.iter().map(|a| format!(".{a}")).collect();
        let usage = format!(".{} {}", command.name, command.arguments).trim_end().to_owned();
        vec![usage, others.join(" "), command.help.to_owned()]
    });
    let header = ["command", "also", "what it does"];
    let text = table(&header, rows.collect(), session.out.width(), session.out.paint);
    let keys = "\nA statement runs at its `;` or behind a blank line. Tab completes, Right takes the hint, \
         Ctrl-R searches,\nCtrl-O opens the editor, Ctrl-C clears the line, Ctrl-D leaves. `\\` \
         works like `.`.\n";
    session.page(&(text + keys))?;
    Ok(DONE)
}
