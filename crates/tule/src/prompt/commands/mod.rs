//! The commands of the prompt: one table that dispatch, help, completion and the manual read.
//!
//! Every command can be written with `.` or with `\`, and has the names that people know from other
//! prompts. What a command does is a function in the table; the modules here hold them by subject.

mod look;
mod portals;
mod results;
mod settings;
mod text;

pub(crate) use settings::{declared, format_names};
pub(crate) use text::editor;

use tule_core::names::{alternatives, similar};

use super::session::{Flow, Session};
use crate::exit::{Exit, Outcome, Stop};

/// One command.
pub(crate) struct Command {
    /// Its name.
    pub(crate) name: &'static str,
    /// Other names for it.
    pub(crate) aliases: &'static [&'static str],
    /// What it takes, as help shows it; `[...]` can be left out.
    pub(crate) arguments: &'static str,
    /// What it does, in one line.
    pub(crate) help: &'static str,
    /// What completion offers for its argument.
    pub(crate) completes: Completes,
    run: Action,
}

/// What carries a command out; the text is what stands behind its name.
type Action = fn(&mut Session<'_>, &str) -> Outcome<Flow>;

/// What can be completed behind a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Completes {
    /// Nothing.
    Nothing,
    /// The name of a dataset.
    Dataset,
    /// A path.
    File,
    /// A form of rows.
    Format,
    /// A sort of chart.
    Chart,
    /// A parameter of the last query, or one that is set.
    Parameter,
    /// A portal of the project.
    Portal,
    /// A command.
    Command,
    /// `on` or `off`.
    Switch,
}

const fn command(
    name: &'static str,
    aliases: &'static [&'static str],
    arguments: &'static str,
    help: &'static str,
    completes: Completes,
    run: Action,
) -> Command {
    Command { name, aliases, arguments, help, completes, run }
}

/// All of them, in the order of help.
#[rustfmt::skip]
pub(crate) static COMMANDS: &[Command] = &[
    command("datasets", &["dt", "tables"], "[WORDS]", "list the datasets that are known here", Completes::Dataset, look::datasets),
    command("search", &["find"], "WORDS", "search the portals' catalogues, and remember what is found", Completes::Nothing, portals::search),
    command("schema", &["d", "describe"], "[DATASET]", "show a dataset's columns and the facts about it", Completes::Dataset, look::schema),
    command("open", &["browse"], "[DATASET]", "open the dataset's page in the browser", Completes::Dataset, portals::open),
    command("lock", &[], "[DATASET]", "write the schema into the project's lock; without one, of all that is named", Completes::Dataset, portals::lock),
    command("login", &[], "[PORTAL]", "keep an app token for a portal; without one, say which have one", Completes::Portal, portals::login),
    command("url", &[], "[QUERY]", "show the address that a query becomes", Completes::Nothing, look::url),
    command("curl", &[], "[QUERY]", "show a query as a command for the shell", Completes::Nothing, look::curl),
    command("plan", &["explain"], "[QUERY]", "show what is sent, in parts, and how pages are fetched", Completes::Nothing, look::plan),
    command("types", &["gdesc"], "[QUERY]", "show the columns and types of a query's result", Completes::Nothing, look::types),
    command("import", &[], "URL", "turn a portal's address into a query", Completes::Nothing, text::import),
    command("read", &["i", "include"], "FILE", "run the statements and commands of a file", Completes::File, text::read),
    command("edit", &["e"], "[FILE]", "edit the last statement, or a file, in $VISUAL or $EDITOR", Completes::File, text::edit),
    command("save", &["w", "write"], "FILE", "save the last statement in a new file", Completes::File, text::save),
    command("once", &["g"], "FILE | '| COMMAND'", "send the next result to a file or a command", Completes::File, settings::once),
    command("output", &["o", "out"], "[FILE | '| COMMAND']", "send every result to a file or a command; without one, to the screen", Completes::File, settings::output),
    command("mode", &["format"], "[FORMAT]", "choose the form of results; `auto` fits it to the screen", Completes::Format, settings::mode),
    command("set", &[], "[NAME VALUE]", "give a parameter a value; without one, list them", Completes::Parameter, settings::set),
    command("unset", &[], "NAME", "take a parameter's value away", Completes::Parameter, settings::unset),
    command("timing", &[], "[on | off]", "tell how long queries take, or not", Completes::Switch, settings::timing),
    command("count", &[], "[DATASET]", "count the rows of a dataset, or of the last query without its LIMIT", Completes::Dataset, results::count),
    command("all", &[], "", "run the last query for every row, after asking if there are many", Completes::Nothing, results::all),
    command("watch", &[], "[SECONDS]", "run the last query again and again, until Ctrl-C", Completes::Nothing, results::watch),
    command("last", &[], "", "show the last result again, without asking the portal", Completes::Nothing, results::last),
    command("chart", &["plot"], "[KIND] [X [Y]]", "draw the last result", Completes::Chart, results::chart),
    command("report", &[], "FILE.html", "write the last result as a page with table, chart and map", Completes::File, results::report),
    command("history", &["s"], "[WORDS]", "list earlier statements that hold all of the words", Completes::Nothing, text::history),
    command("help", &["h", "?"], "[COMMAND | FUNCTION | CODE]", "explain commands, functions, and codes of errors", Completes::Command, text::help),
    command("quit", &["q", "exit"], "", "leave", Completes::Nothing, quit),
];

/// The command of a name, its own or another, in any case.
pub(crate) fn find(name: &str) -> Option<&'static Command> {
    let known = |command: &&Command| {
        command.name.eq_ignore_ascii_case(name)
            || command.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    };
    COMMANDS.iter().find(known)
}

/// The name of a command and what stands behind it.
pub(crate) fn split(line: &str) -> (&str, &str) {
    let line = line.trim_start();
    let line = line.strip_prefix(['.', '\\']).unwrap_or(line);
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    (name, rest.trim())
}

/// Carries a command out.
pub(crate) fn dispatch(session: &mut Session<'_>, line: &str) -> Outcome<Flow> {
    let (name, rest) = split(line);
    let Some(command) = find(name) else { return Err(unknown(name)) };
    // A `;` behind a command is a habit.
    let rest = rest.strip_suffix(';').map_or(rest, str::trim_end);
    if command.arguments.is_empty() && !rest.is_empty() {
        return Err(Stop::usage(format!("`.{}` takes nothing behind it", command.name)));
    }
    if rest.is_empty() && !command.arguments.is_empty() && !command.arguments.starts_with('[') {
        let message = format!("`.{}` needs {}", command.name, command.arguments);
        return Err(Stop::usage(message).help(format!("`.help {}` says more", command.name)));
    }
    (command.run)(session, rest)
}

fn unknown(name: &str) -> Stop {
    let names = COMMANDS
        .iter()
        .flat_map(|command| std::iter::once(command.name).chain(command.aliases.iter().copied()));
    let near: Vec<String> =
        similar(name, names).into_iter().map(|name| format!(".{name}")).collect();
    let near: Vec<&str> = near.iter().map(String::as_str).collect();
    let stop = Stop::usage(format!("no command `.{name}`"));
    match near.as_slice() {
        [] => stop.help("`.help` lists them"),
        near => stop.help(format!("perhaps {} was meant", alternatives(near))),
    }
}

fn quit(session: &mut Session<'_>, _: &str) -> Outcome<Flow> {
    session.out.finish()?;
    Ok(Flow::Quit)
}

/// A command that ended well.
const DONE: Flow = Flow::Go(Exit::Clean);

/// The table of the manual, which a test compares.
#[cfg(test)]
pub(crate) fn manual() -> String {
    let mut out = String::from("| command | also | what it does |\n| --- | --- | --- |\n");
    for command in COMMANDS {
        let escaped = command.arguments.replace('|', "\\|");
        let arguments = if escaped.is_empty() { escaped } else { format!(" {escaped}") };
        let others: Vec<String> =
            command.aliases.iter().map(|alias| format!("`.{alias}`")).collect();
        let line = format!(
            "| `.{}{arguments}` | {} | {} |\n",
            command.name,
            others.join(" "),
            command.help
        );
        out.push_str(&line);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_told_apart_and_helps_are_short() {
        let mut seen = BTreeSet::new();
        for command in COMMANDS {
            for name in std::iter::once(&command.name).chain(command.aliases) {
                assert!(seen.insert(*name), "{name} twice");
                assert!(std::ptr::eq(find(&name.to_uppercase()).unwrap(), command));
            }
            assert!(!command.help.ends_with('.') && command.help.len() < 80, "{}", command.help);
        }
    }

    #[test]
    fn a_line_is_a_name_and_the_rest() {
        assert_eq!(split("  \\set since  2024 "), ("set", "since  2024"));
        assert_eq!(split(".q"), ("q", ""));
        assert_eq!(split("."), ("", ""));
    }

    #[test]
    fn the_manual_has_the_table() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/prompt.md");
        let text = std::fs::read_to_string(page).unwrap();
        assert!(text.contains(&manual()), "docs/prompt.md needs this table:\n{}", manual());
    }
}
