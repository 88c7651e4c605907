//! Drift that is known and accepted for a while.
//!
//! A project keeps its approvals in a file of their own, `tule.approved.toml`. Each names one
//! change of one dataset, says why it is accepted, and ends on a day: what is accepted for good
//! belongs into the lock. An approval covers the change that it names and no other one, so that a
//! column which changes its type again is found again. Those that have ended or that nothing
//! needs are findings themselves; the file can only shrink to what is true. Deliberately absent:
//! finding the file, the clock, and names of datasets that only a project knows.

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};
use tule_syntax::span::Span;

use super::{Change, Drift, Found};
use crate::diagnostics::{CODES, Code, Diagnostic, Severity};
use crate::names::{alternatives, fold, similar};
use crate::schema::manifest::ManifestError;
use crate::schema::manifest::document::{self, Node, describe, in_file_order, span_of};

/// The table of the file, and the keys of its entries.
const TOP: &str = "approved";
const KEYS: [&str; 6] = ["dataset", "change", "column", "now", "reason", "until"];
/// The same, as text that begins a file.
const HEAD: &str = "\
# Drift that is known and accepted for a while: `tule lock --check` tells of it and does not fail.
# What is accepted for good belongs into `tule.lock`; `tule lock` writes it.
";

/// One change of one dataset that is accepted until a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Approval {
    /// The dataset: host and identifier, or a name of the project.
    pub dataset: String,
    /// What is accepted, by the rule that finds it.
    pub change: Code,
    /// The column, for changes of one.
    pub column: Option<String>,
    /// What the portal has instead, where only that is accepted: a name, a type, a kind.
    pub now: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day.
    pub until: Date,
    /// Where the entry stands in the file.
    pub span: Span,
}

/// An approval at work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Approved {
    /// Why it is accepted.
    pub reason: String,
    /// The last day.
    pub until: Date,
}

impl Approval {
    /// Whether it is about this change; the dataset has been compared already.
    #[must_use]
    pub fn covers(&self, code: Code, change: Option<&Change>) -> bool {
        let same = |wanted: Option<&str>, found: Option<&str>| match (wanted, found) {
            (None, _) => true,
            (Some(wanted), Some(found)) => fold(wanted) == fold(found),
            (Some(_), None) => false,
        };
        self.change == code
            && same(self.column.as_deref(), change.and_then(Change::subject))
            && same(self.now.as_deref(), change.and_then(Change::now))
    }

    /// The approval that accepts a finding, as the portal is now; `None` for what needs none.
    #[must_use]
    pub fn of(drift: &Drift, found: &Found, reason: &str, until: Date) -> Option<Self> {
        if found.diagnostic.severity == Severity::Info {
            return None;
        }
        let change = found.change.and_then(|at| drift.changes().get(at));
        let of_column = is_of_column(found.diagnostic.code);
        Some(Self {
            dataset: format!("{}/{}", drift.locked.host, drift.locked.id),
            change: found.diagnostic.code,
            column: change.and_then(Change::subject).filter(|_| of_column).map(str::to_owned),
            now: change.and_then(Change::now).map(str::to_owned),
            reason: reason.to_owned(),
            until,
            span: Span::default(),
        })
    }
}

/// Whether a rule is about one column.
fn is_of_column(code: Code) -> bool {
    matches!(
        code,
        Code::DriftColumnRemoved
            | Code::DriftColumnRenamed
            | Code::DriftTypeChanged
            | Code::DriftColumnAdded
    )
}

/// Approvals with what becomes of them.
#[derive(Debug)]
pub struct Approvals<'a> {
    all: &'a [Approval],
    today: Date,
    used: Vec<bool>,
}

impl<'a> Approvals<'a> {
    /// Approvals on this day.
    #[must_use]
    pub fn new(all: &'a [Approval], today: Date) -> Self {
        Self { all, today, used: vec![false; all.len()] }
    }

    /// Makes a finding that is approved one to take note of. `is_of` says whether an approval's
    /// dataset is the one that drifted.
    pub fn apply(
        &mut self,
        found: &mut Found,
        drift: &Drift,
        is_of: impl Fn(&Approval) -> bool,
    ) -> Option<Approved> {
        let change = found.change.and_then(|at| drift.changes().get(at));
        let code = found.diagnostic.code;
        let mut working = None;
        for (approval, used) in self.all.iter().zip(&mut self.used) {
            if !approval.covers(code, change) || !is_of(approval) {
                continue;
            }
            // One that has ended is told of as that.
            *used = true;
            if approval.until >= self.today {
                working = working.or(Some(approval));
            }
        }
        let Approval { reason, until, .. } = working?;
        let diagnostic = &mut found.diagnostic;
        diagnostic.severity = Severity::Info;
        diagnostic.notes.push(format!("approved until {until}: {reason}"));
        diagnostic.help = None;
        Some(Approved { reason: reason.clone(), until: *until })
    }

    /// What is to be said of the approvals themselves, in order of the file. `is_known` says of an
    /// approval whether its dataset was asked about: of others, nothing is known.
    #[must_use]
    pub fn findings(&self, is_known: impl Fn(&Approval) -> bool) -> Vec<Diagnostic> {
        let told = self.all.iter().zip(&self.used).filter_map(|(approval, used)| {
            let Approval { change, dataset, until, span, .. } = approval;
            if *used && *until < self.today {
                let message = format!("the approval of {change} of `{dataset}` ended on {until}");
                let found = Diagnostic::new(Code::DriftApprovalExpired, *span, message);
                return Some(found.help("repair the queries, or give it a later day and a reason"));
            }
            if *used || !is_known(approval) {
                return None;
            }
            let message = format!("nothing needs the approval of {change} of `{dataset}`");
            let found = Diagnostic::new(Code::DriftApprovalUnused, *span, message);
            Some(found.help("take the entry out"))
        });
        told.collect()
    }
}

/// Reads the text of a `tule.approved.toml`; on failure, every fault in it, in order of place.
///
/// ```
/// use tule_core::drift::approval::parse;
/// let text = "[[approved]]\ndataset = 'calls'\nchange = 'drift-column-removed'\n\
///             column = 'cost'\nreason = 'unused since May'\nuntil = 2026-12-31\n";
/// assert_eq!(parse(text).unwrap()[0].until.to_string(), "2026-12-31");
///
/// let errors = parse(&text.replace("reason", "why")).unwrap_err();
/// assert_eq!(errors[0].message, "the approval has no `reason`");
/// ```
pub fn parse(text: &str) -> Result<Vec<Approval>, Vec<ManifestError>> {
    let document = document::parse(text).map_err(|faults| {
        let error = |fault: document::Fault| fault_at(fault.span, fault.message, "");
        faults.into_iter().map(error).collect::<Vec<_>>()
    })?;
    let mut errors = Vec::new();
    let mut approvals = Vec::new();
    for (key, span, value) in in_file_order(document.get_ref()) {
        let DeValue::Array(entries) = value.get_ref() else {
            let help = format!("an entry begins with `[[{TOP}]]`");
            errors.push(fault_at(span, format!("unknown key `{key}` at the top level"), &help));
            continue;
        };
        if key != TOP {
            let help = format!("did you mean `{TOP}`");
            errors.push(fault_at(span, format!("unknown key `{key}` at the top level"), &help));
            continue;
        }
        for entry in entries {
            match entry.get_ref().as_table() {
                Some(table) => {
                    let mut reader = Reader { table, span: span_of(entry), errors: &mut errors };
                    approvals.extend(reader.approval());
                }
                None => errors.push(wrong(TOP, "a table", entry)),
            }
        }
    }
    if errors.is_empty() {
        return Ok(approvals);
    }
    errors.sort_by_key(|error| error.span);
    Err(errors)
}

fn fault_at(span: Span, message: String, help: &str) -> ManifestError {
    ManifestError { message, span, help: help.to_owned() }
}

fn wrong(key: &str, wanted: &str, value: &Node<'_>) -> ManifestError {
    let found = describe(value.get_ref());
    fault_at(span_of(value), format!("`{key}` must be {wanted}, found {found}"), "")
}

struct Reader<'r, 't> {
    table: &'r DeTable<'t>,
    /// Where the entry stands.
    span: Span,
    errors: &'r mut Vec<ManifestError>,
}

impl Reader<'_, '_> {
    fn approval(&mut self) -> Option<Approval> {
        for (key, span, _) in in_file_order(self.table) {
            if !KEYS.contains(&key) {
                let help = match similar(key, KEYS).as_slice() {
                    [] => format!("{} can stand here", alternatives(&KEYS)),
                    near => format!("did you mean {}", alternatives(near)),
                };
                let message = format!("unknown key `{key}` in an approval");
                self.errors.push(fault_at(span, message, &help));
            }
        }
        let dataset = self.needed("dataset", "a name of `tule.toml`, or host and identifier");
        let change = self.needed("change", "the code of the finding").and_then(|c| self.code(&c));
        let reason = self.needed("reason", "who looks for it later wants to know why");
        let until = self.until();
        let column = self.text("column");
        let now = self.text("now");
        let change = change?;
        match (&column, is_of_column(change)) {
            (None, true) => {
                let message = format!("the approval of {change} has no `column`");
                self.errors.push(fault_at(self.span, message, "it covers one column"));
                return None;
            }
            (Some(_), false) => {
                let message = format!("`column` says nothing about {change}");
                let span = self.table.get("column").map_or(self.span, span_of);
                self.errors.push(fault_at(span, message, ""));
                return None;
            }
            _ => {}
        }
        let (dataset, reason, until) = (dataset?, reason?, until?);
        Some(Approval { dataset, change, column, now, reason, until, span: self.span })
    }

    /// A text that may be absent, but not empty.
    fn text(&mut self, key: &str) -> Option<String> {
        let value = self.table.get(key)?;
        let text = value.get_ref().as_str().map(str::trim);
        match text {
            Some("") => {
                self.errors.push(fault_at(span_of(value), format!("`{key}` is empty"), ""));
            }
            None => self.errors.push(wrong(key, "text", value)),
            Some(_) => {}
        }
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn needed(&mut self, key: &str, help: &str) -> Option<String> {
        if self.table.get(key).is_none() {
            self.errors.push(fault_at(self.span, format!("the approval has no `{key}`"), help));
        }
        self.text(key)
    }

    fn code(&mut self, name: &str) -> Option<Code> {
        let known = CODES.iter().map(|info| info.name);
        let known: Vec<&str> = known.filter(|name| name.starts_with("drift-")).collect();
        let code = Code::from_name(name).filter(|code| {
            let own = matches!(code, Code::DriftApprovalExpired | Code::DriftApprovalUnused);
            known.contains(&code.name()) && !own
        });
        if code.is_none() {
            let help = match similar(name, known).as_slice() {
                [] => "it is the code of the finding, such as `drift-column-removed`".to_owned(),
                near => format!("did you mean {}", alternatives(near)),
            };
            let span = self.table.get("change").map_or(self.span, span_of);
            self.errors.push(fault_at(span, format!("no drift is called `{name}`"), &help));
        }
        code
    }

    fn until(&mut self) -> Option<Date> {
        let Some(value) = self.table.get("until") else {
            let help = "what is accepted for good belongs into `tule.lock`; `tule lock` writes it";
            self.errors.push(fault_at(self.span, "the approval has no `until`".to_owned(), help));
            return None;
        };
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let date = Some(text).filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
        if date.is_none() {
            self.errors.push(wrong("until", "a day, such as 2026-12-31", value));
        }
        date
    }
}

/// The text of a file with `added` behind what it has, entries that are there left out.
#[must_use]
pub fn append(text: &str, known: &[Approval], added: &[Approval]) -> String {
    let mut out = if text.trim().is_empty() { HEAD.to_owned() } else { text.to_owned() };
    let mut written: Vec<&Approval> = known.iter().collect();
    for approval in added {
        let same = |other: &&Approval| {
            (&other.dataset, other.change, &other.column, &other.now, other.until)
                == (
                    &approval.dataset,
                    approval.change,
                    &approval.column,
                    &approval.now,
                    approval.until,
                )
        };
        if written.iter().any(same) {
            continue;
        }
        written.push(approval);
        if !out.ends_with('\n') {
            out.push('\n');
        }
        let quoted = crate::schema::lock::quoted;
        let mut line = |key: &str, text: &str| {
            out.extend([key, " = ", &quoted(text), "\n"]);
        };
        line("\n[[approved]]\ndataset", &approval.dataset);
        line("change", approval.change.name());
        if let Some(column) = &approval.column {
            line("column", column);
        }
        if let Some(now) = &approval.now {
            line("now", now);
        }
        line("reason", &approval.reason);
        out.extend(["until = ", &approval.until.to_string(), "\n"]);
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::drift::Now;
    use crate::schema::{Column, Dataset};
    use crate::types::Type;

    const ENTRY: &str = "[[approved]]\ndataset = \"h/abcd-1234\"\nchange = \"drift-type-changed\"\n\
                         column = \"flag\"\nnow = \"boolean\"\nreason = \"known\"\nuntil = 2026-12-31\n";

    fn faults(text: &str) -> Vec<(String, String)> {
        let errors = parse(text).unwrap_err();
        errors.into_iter().map(|e| (e.message, e.span.text(text).to_owned())).collect()
    }

    #[test]
    fn every_fault_is_told_at_its_place() {
        for (old, new, message, place) in [
            ("reason", "why", "the approval has no `reason`", "[[approved]]"),
            ("\"known\"", "\" \"", "`reason` is empty", "\" \""),
            ("2026-12-31", "2026-12-31T10:00:00", "`until` must be a day", "2026-12-31T10:00:00"),
            ("2026-12-31", "\"soon\"", "`until` must be a day", "\"soon\""),
            ("until", "til", "the approval has no `until`", "[[approved]]"),
            (
                "drift-type-changed",
                "drift-typ-changed",
                "no drift is called",
                "\"drift-typ-changed\"",
            ),
            ("drift-type-changed", "implicit-limit", "no drift is called", "\"implicit-limit\""),
            ("drift-type-changed", "drift-dataset-gone", "`column` says nothing", "\"flag\""),
            (
                "column = \"flag\"\n",
                "",
                "the approval of drift-type-changed has no",
                "[[approved]]",
            ),
            ("\"h/abcd-1234\"", "5", "`dataset` must be text, found a whole number", "5"),
            ("[[approved]]", "[approved]", "unknown key `approved` at the top level", "approved"),
            ("[[approved]]", "[[accepted]]", "unknown key `accepted` at the top level", "accepted"),
        ] {
            let found = faults(&ENTRY.replacen(old, new, 1));
            let fits = |(text, at): &(String, String)| text.contains(message) && at.contains(place);
            assert!(found.iter().any(fits), "{message}: {found:?}");
        }
        assert_eq!(faults("x")[0].1, "x");
        assert_eq!(parse(""), Ok(Vec::new()));
    }

    fn drift() -> Drift {
        let of = |ty| Dataset::new("h", "abcd-1234", "", vec![Column::new("flag", ty)]);
        let (locked, now) = (of(Type::Text), of(Type::Boolean));
        let changes = super::super::compare(&locked, &now);
        Drift::new(locked, Now::There(changes))
    }

    fn found() -> Found {
        let diagnostic = Diagnostic::new(Code::DriftTypeChanged, Span::default(), "x");
        Found { drift: 0, change: Some(0), diagnostic }
    }

    #[test]
    fn an_approval_covers_one_change_until_its_last_day() {
        let all = parse(ENTRY).unwrap();
        let mut approvals = Approvals::new(&all, date(2026, 12, 31));
        let mut accepted = found();
        let approved = approvals.apply(&mut accepted, &drift(), |_| true).unwrap();
        assert_eq!((approved.reason.as_str(), approved.until), ("known", date(2026, 12, 31)));
        assert_eq!(accepted.diagnostic.severity, Severity::Info);
        assert_eq!(accepted.diagnostic.notes, ["approved until 2026-12-31: known"]);
        assert_eq!(approvals.findings(|_| true), []);

        let mut approvals = Approvals::new(&all, date(2027, 1, 1));
        let mut late = found();
        assert_eq!(approvals.apply(&mut late, &drift(), |_| true), None);
        assert_eq!(late.diagnostic.severity, Severity::Error);
        let told = approvals.findings(|_| true);
        assert_eq!((told.len(), told[0].code), (1, Code::DriftApprovalExpired));

        // Another type, another column, another dataset: not accepted, and the entry is idle.
        for (old, new) in [("boolean", "number"), ("flag", "beat")] {
            let all = parse(&ENTRY.replace(old, new)).unwrap();
            let mut approvals = Approvals::new(&all, date(2026, 1, 1));
            assert_eq!(approvals.apply(&mut found(), &drift(), |_| true), None, "{new}");
            assert_eq!(approvals.findings(|_| true)[0].code, Code::DriftApprovalUnused);
            assert_eq!(approvals.findings(|_| false), [], "a portal that was not reached");
        }
        let mut approvals = Approvals::new(&all, date(2026, 1, 1));
        assert_eq!(approvals.apply(&mut found(), &drift(), |_| false), None);
    }

    #[test]
    fn what_is_written_is_read_again_and_once() {
        let approval =
            Approval::of(&drift(), &found(), "it is \"known\"\n", date(2026, 5, 1)).unwrap();
        let text = append("", &[], &[approval.clone(), approval.clone()]);
        let read = parse(&text).unwrap();
        assert_eq!(read.len(), 1, "{text}");
        let expected =
            Approval { span: read[0].span, reason: "it is \"known\"".to_owned(), ..approval };
        assert_eq!(read, std::slice::from_ref(&expected));
        assert_eq!(append(&text, &read, &[expected]), text);
        let mut info = found();
        info.diagnostic.severity = Severity::Info;
        assert_eq!(Approval::of(&drift(), &info, "x", date(2026, 5, 1)), None);
    }
}
