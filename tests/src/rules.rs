//! The pages about the rules, written from the catalogue: what `tule explain` says, with the
//! finding that the example raises and its repair.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tule_core::check::Context;
use tule_core::diagnostics::{
    Applicability, CODES, Code, CodeInfo, Diagnostic, Explanation, GROUPS, Severity, explain,
};
use tule_core::lint::{Levels, examine};
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::LintLevel;
use tule_syntax::parser::parse_file;

use crate::datasets::catalog;

/// The folder of the pages, from the root.
pub const FOLDER: &str = "docs/rules";

const INDEX: &str = "README.md";

const WRITTEN: &str = "<!-- Written from the catalogue by `TULE_BLESS=1 cargo test -p tule-tests --test rules`. -->\n";

/// The text of each page by the name of its file.
#[must_use]
pub fn pages() -> BTreeMap<String, String> {
    let catalog = catalog();
    let mut pages: BTreeMap<String, String> =
        CODES.iter().map(|info| (format!("{}.md", info.name), page(info, &catalog))).collect();
    pages.insert(INDEX.to_owned(), index());
    pages
}

fn index() -> String {
    let mut out = format!(
        "{WRITTEN}# Rules\n\nWhat `tule check` reports. An error is what the portal refuses or what can never match, a \
         warning what gives wrong answers without a word; what is off is a matter of taste or of what only the rows can \
         tell.\n\n`tule.toml` sets the level of every rule that is not always an error:\n\n```toml\n[lints]\nimplicit-limit \
         = \"error\"      # allow | warn | error\n```\n\nA comment allows a single finding, with the reason: `-- \
         allow(implicit-limit): the first page is enough`.\n"
    );
    for group in GROUPS {
        let _ = write!(
            out,
            "\n## {}\n\n| rule | level | what it finds |\n| --- | --- | --- |\n",
            group.title
        );
        for info in group.codes() {
            let summary = info.summary.replace('|', "\\|");
            let _ = writeln!(out, "| [{0}]({0}.md) | {1} | {summary} |", info.name, level(info));
        }
    }
    out
}

/// The level of a rule in a word.
fn level(info: &CodeInfo) -> &'static str {
    match (info.on, info.severity) {
        (false, _) => "off",
        (true, severity) => severity.name(),
    }
}

fn page(info: &CodeInfo, catalog: &Catalog) -> String {
    let Explanation { why, failing, repaired, .. } = *explain(info.code);
    let found = found(info, failing, catalog);
    let mut out = format!("{WRITTEN}# `{}`\n\nFinds {}.\n\n", info.name, info.summary);
    let _ = write!(
        out,
        "| about | level | repair |\n| --- | --- | --- |\n| [{}](README.md) | {} | {} |\n\n{why}\n",
        info.group().title,
        standing(info),
        repair(found.as_ref())
    );
    let _ = write!(out, "\n## Example\n\n```tule\n{failing}\n```\n");
    if let Some(found) = &found {
        let _ = write!(out, "\n```text\n{}```\n", shown(found));
    }
    let _ = write!(out, "\nRepaired:\n\n```tule\n{repaired}\n```\n");
    if info.has_level() {
        let _ = write!(
            out,
            "\n## Changing its level\n\n```toml\n[lints]\n{0} = \"{1}\"\n```\n\nor, for one statement or line, `-- \
             allow({0}): reason`.\n",
            info.name,
            if info.on && info.severity != Severity::Error { "allow" } else { "warn" }
        );
    }
    out
}

fn standing(info: &CodeInfo) -> String {
    match (info.on, info.has_level()) {
        (false, _) => format!("off; {} once it is turned on", info.severity.name()),
        (true, true) => format!("{} unless set otherwise", info.severity.name()),
        (true, false) => "error, always".to_owned(),
    }
}

/// What can be done at the press of a key.
fn repair(found: Option<&Diagnostic>) -> String {
    let Some(fix) = found.and_then(|found| found.fixes.first()) else {
        return "by hand".to_owned();
    };
    let how = match fix.applicability {
        Applicability::Safe => "`--fix`",
        Applicability::Unsafe => "`--unsafe-fixes`",
    };
    format!("{how}: {}", fix.title.replace('|', "\\|"))
}

/// What the rule finds in its example, where a statement alone can show it.
fn found(info: &CodeInfo, failing: &str, catalog: &Catalog) -> Option<Diagnostic> {
    let levels = if info.on {
        Levels::default()
    } else {
        Levels::default().with([(info.name, LintLevel::Warn)])
    };
    // Examples of limits are too long to be shown, and what stands for them is sound.
    let shown = !matches!(info.code, Code::UrlTooLong);
    parse_file(failing).into_iter().filter(|_| shown).find_map(|parsed| {
        let text = parsed.range.text(failing);
        let checked = examine(text, &parsed, Context { catalog, input: None }, &levels);
        checked.diagnostics.into_iter().find(|found| found.code == info.code)
    })
}

fn shown(found: &Diagnostic) -> String {
    let mut out = format!("{}[{}]: {}\n", found.severity.name(), found.code.name(), found.message);
    for note in &found.notes {
        let _ = writeln!(out, "  note: {note}");
    }
    if let Some(help) = &found.help {
        let _ = writeln!(out, "  help: {help}");
    }
    out
}
