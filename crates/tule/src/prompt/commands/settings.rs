//! Commands that change how results look, where they go, and with which values queries run.

use std::path::PathBuf;

use clap::ValueEnum as _;
use tule_core::check::text_reads_as;
use tule_core::names::{alternatives, fold, similar};
use tule_core::types::Type;

use super::super::session::{Flow, Session};
use super::super::settings::Destination;
use super::DONE;
use super::look::pair;
use crate::analysis::analyse;
use crate::exit::{Outcome, Stop};
use crate::output::INFO;
use crate::rows::Format;
use crate::source::SourceFile;

/// `.once`.
pub(super) fn once(session: &mut Session<'_>, text: &str) -> Outcome<Flow> {
    session.settings.once = Some(destination(text)?);
    Ok(DONE)
}

/// `.output`.
pub(super) fn output(session: &mut Session<'_>, text: &str) -> Outcome<Flow> {
    session.settings.output = if text.is_empty() { None } else { Some(destination(text)?) };
    if let Some(Destination::File(path)) = &session.settings.output {
        let text = format!("`{}` will hold the last result", path.display());
        session.out.tell_line(INFO, "note", &text)?;
    }
    Ok(DONE)
}

fn destination(text: &str) -> Outcome<Destination> {
    if let Some(command) = text.strip_prefix('|') {
        let command = command.trim();
        if command.is_empty() {
            return Err(Stop::usage("no command behind `|`"));
        }
        return Ok(Destination::Command(command.to_owned()));
    }
    Ok(Destination::File(path(text)?))
}

/// The one path that a command takes; quotes as in a shell.
pub(super) fn path(text: &str) -> Outcome<PathBuf> {
    let words = shlex::split(text)
        .ok_or_else(|| Stop::usage(format!("a quote in `{text}` is not closed")))?;
    match words.as_slice() {
        [one] => Ok(match one.strip_prefix("~/").zip(std::env::home_dir()) {
            Some((rest, home)) => home.join(rest),
            None => PathBuf::from(one),
        }),
        _ => Err(Stop::usage(format!("`{text}` is not one path"))
            .help("a path with blanks stands in quotes")),
    }
}

/// `.mode`.
pub(super) fn mode(session: &mut Session<'_>, name: &str) -> Outcome<Flow> {
    if name.is_empty() {
        let mode = session.settings.mode.map_or("auto", name_of);
        session.out.print(&format!("{mode}\n"))?;
        return Ok(DONE);
    }
    session.settings.mode = if name == "auto" { None } else { Some(format(name)?) };
    Ok(DONE)
}

fn format(name: &str) -> Outcome<Format> {
    Format::from_str(name, true).map_err(|_| {
        let names: Vec<&str> = format_names().collect();
        let near = similar(name, names.iter().copied());
        let near = if near.is_empty() { &names } else { &near };
        Stop::usage(format!("no form `{name}`")).help(format!("there is {}", alternatives(near)))
    })
}

/// The names of all forms.
pub(crate) fn format_names() -> impl Iterator<Item = &'static str> {
    Format::value_variants().iter().copied().map(name_of)
}

/// The name of a form on the command line.
fn name_of(format: Format) -> &'static str {
    match format {
        Format::Table => "table",
        Format::Csv => "csv",
        Format::Tsv => "tsv",
        Format::Json => "json",
        Format::Jsonl => "jsonl",
        Format::Geojson => "geojson",
        Format::Markdown => "markdown",
        Format::Vertical => "vertical",
        #[cfg(feature = "parquet")]
        Format::Parquet => "parquet",
    }
}

/// `.timing`.
pub(super) fn timing(session: &mut Session<'_>, word: &str) -> Outcome<Flow> {
    session.settings.timing = match word {
        "on" => true,
        "off" => false,
        "" => !session.settings.timing,
        _ => return Err(Stop::usage(format!("`.timing` takes `on` or `off`, not `{word}`"))),
    };
    let state = if session.settings.timing { "on" } else { "off" };
    session.out.print(&format!("timing is {state}\n"))?;
    Ok(DONE)
}

/// `.set`.
pub(super) fn set(session: &mut Session<'_>, text: &str) -> Outcome<Flow> {
    if text.is_empty() {
        return list(session);
    }
    let end = text.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let name = name.trim_start_matches('$');
    let value = rest.trim_start();
    let value = value.strip_prefix('=').map_or(value, str::trim_start);
    let value = unquoted(value);
    if name.is_empty() || rest.is_empty() {
        return Err(Stop::usage("`.set` needs a name and a value").help("`.set since 2024-01-01`"));
    }
    let declared = declared(session);
    let found = declared.iter().find(|(known, _)| fold(known) == fold(name));
    if let Some((_, Some(ty))) = found
        && !text_reads_as(&value, *ty)
    {
        let message = format!("`{value}` does not read as {}, the type of `${name}`", ty.name());
        return Err(Stop::usage(message));
    }
    let name = found.map_or_else(|| name.to_owned(), |(known, _)| known.clone());
    session.settings.parameters.insert(name, value);
    Ok(DONE)
}

/// A value without the quotes of the language or of the shell around it.
fn unquoted(text: &str) -> String {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    match (inner('\''), inner('"')) {
        (Some(inner), _) => inner.replace("''", "'"),
        (_, Some(inner)) => inner.to_owned(),
        _ => text.to_owned(),
    }
}

/// The parameters that the last statement declares.
pub(crate) fn declared(session: &Session<'_>) -> Vec<(String, Option<Type>)> {
    let Some(text) = &session.last else { return Vec::new() };
    let file = SourceFile::text("<prompt>", text);
    let units = analyse(&file, session.place.world());
    let all = units.iter().flat_map(|unit| &unit.checked().typed.parameters);
    all.map(|parameter| (parameter.name.to_string(), parameter.ty)).collect()
}

fn list(session: &mut Session<'_>) -> Outcome<Flow> {
    let declared = declared(session);
    let ty = |name: &str| declared.iter().find(|(known, _)| known == name).and_then(|(_, ty)| *ty);
    let set: Vec<(String, String)> = session
        .settings
        .parameters
        .iter()
        .map(|(name, value)| {
            let ty = ty(name)
                .map_or_else(|| "not in the last query".to_owned(), |ty| ty.name().to_owned());
            (format!("${name} = {}", crate::escape::one_line(value)), ty)
        })
        .collect();
    let open = declared.iter().filter(|(name, _)| !session.settings.parameters.contains_key(name));
    let open: Vec<(String, String)> = open
        .map(|(name, ty)| (format!("${name}"), format!("{}, not set", ty.map_or("?", Type::name))))
        .collect();
    for (name, about) in set.iter().chain(&open) {
        pair(session, name, about)?;
    }
    Ok(DONE)
}

/// `.unset`.
pub(super) fn unset(session: &mut Session<'_>, name: &str) -> Outcome<Flow> {
    let name = name.trim_start_matches('$');
    if session.settings.parameters.remove(name).is_some() {
        return Ok(DONE);
    }
    let stop = Stop::usage(format!("`${name}` has no value"));
    let known = session.settings.parameters.keys().map(String::as_str);
    Err(match similar(name, known).as_slice() {
        [] => stop,
        near => stop.help(format!("perhaps {} was meant", alternatives(near))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_have_the_names_of_the_command_line() {
        for format in Format::value_variants() {
            let name = format.to_possible_value().unwrap().get_name().to_owned();
            assert_eq!(name, name_of(*format));
        }
    }

    #[test]
    fn values_lose_their_quotes_and_nothing_else() {
        assert_eq!(unquoted("'O''Neil'"), "O'Neil");
        assert_eq!(unquoted("\"a b\""), "a b");
        assert_eq!(unquoted("it's"), "it's");
        assert_eq!(unquoted("'"), "'");
    }

    #[test]
    fn destinations_are_files_or_commands() {
        assert_eq!(destination("| wc -l").unwrap(), Destination::Command("wc -l".to_owned()));
        assert_eq!(destination("'a b.csv'").unwrap(), Destination::File("a b.csv".into()));
        assert!(destination("a b").is_err() && destination("|").is_err());
    }
}
