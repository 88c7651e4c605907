//! Compares what a statement gives with what the comments above it say.

use serde_json::Value;
use tule_core::check::{Checked, Context, check};
use tule_core::diagnostics::{Diagnostic, Severity};
use tule_core::lint::{Levels, examine};
use tule_core::lower::Request;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::LintLevel;
use tule_core::target::Target;

use crate::compile::{compile, params_line, query_text};
use crate::expect::{Expectations, Expected, find};
use crate::form::form;
use crate::statements::Statement;

/// Everything that is not as expected, a line each.
#[must_use]
pub fn judge(statement: &Statement, expectations: &Expectations, catalog: &Catalog) -> Vec<String> {
    let mut judge = Judge { statement, expectations, faults: Vec::new() };
    let context = Context { catalog, input: None };
    let checked = if statement.linted {
        let on = expectations.lints.iter().map(|name| (name.as_str(), LintLevel::Warn));
        examine(&statement.text, &statement.parsed, context, &Levels::default().with(on))
    } else {
        check(&statement.text, &statement.parsed, context)
    };
    judge.diagnostics(&expectations.diagnostics, &checked.diagnostics);
    judge.output(&checked);
    if let Some(expected) = &expectations.form {
        judge.same("parses as", expected, &form(&statement.parsed.statement, &statement.text));
    }
    if expectations.compiles() {
        judge.compiled(&checked, catalog);
    }
    judge.faults
}

struct Judge<'a> {
    statement: &'a Statement,
    expectations: &'a Expectations,
    faults: Vec<String>,
}

impl Judge<'_> {
    fn same(&mut self, what: &str, expected: &str, found: &str) {
        if expected != found {
            self.faults
                .push(format!("{what}: expected {expected}\n      {what}: got      {found}"));
        }
    }

    /// Each expectation fits one diagnostic, and no diagnostic is left over.
    fn diagnostics(&mut self, expected: &[Expected], found: &[Diagnostic]) {
        let mut left: Vec<&Diagnostic> = found.iter().collect();
        for expected in expected {
            let place = find(&self.statement.text, expected);
            let fits = |diagnostic: &&Diagnostic| {
                let span = diagnostic.span.start as usize..diagnostic.span.end as usize;
                diagnostic.code == expected.code
                    && diagnostic.severity == expected.severity
                    && Some(span) == place
            };
            match left.iter().position(fits) {
                Some(index) => {
                    left.remove(index);
                }
                None => self.faults.push(format!(
                    "missing {} {} at `{}`#{}",
                    expected.severity.name(),
                    expected.code,
                    expected.text,
                    expected.occurrence
                )),
            }
        }
        for diagnostic in left.into_iter().filter(|found| found.severity >= Severity::Warning) {
            self.faults.push(format!(
                "unexpected {} {} at `{}` (byte {}): {}",
                diagnostic.severity.name(),
                diagnostic.code,
                diagnostic.span.text(&self.statement.text),
                diagnostic.span.start,
                diagnostic.message
            ));
        }
    }

    fn output(&mut self, checked: &Checked) {
        let columns = checked.typed.output.columns();
        if let Some(expected) = &self.expectations.columns {
            let found: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
            self.same("columns", &expected.join(", "), &found.join(", "));
        }
        for (name, ty) in &self.expectations.types {
            let column = columns.iter().find(|column| *column.name == **name);
            let found = match column {
                Some(column) => column.ty.map_or("unknown", |ty| ty.name()),
                None => "no such column",
            };
            self.same(&format!("type of {name}"), ty, found);
        }
    }

    fn compiled(&mut self, checked: &Checked, catalog: &Catalog) {
        let mut refusals: Vec<Diagnostic> = Vec::new();
        for target in Target::ALL {
            let Statement { text, parsed, .. } = self.statement;
            match compile(text, parsed, checked, &self.expectations.params, target, catalog) {
                Ok(requests) => match requests.as_slice() {
                    [request] => self.request(request),
                    other => self.faults.push(format!("{} requests, expected one", other.len())),
                },
                Err(found) => {
                    if found.is_empty() {
                        self.faults.push("is not valid and cannot be compiled".to_owned());
                    }
                    refusals.extend(
                        found.into_iter().filter(|new| !refusals.contains(new)).collect::<Vec<_>>(),
                    );
                }
            }
        }
        self.diagnostics(&self.expectations.refused, &refusals);
    }

    fn request(&mut self, request: &Request) {
        let expectations = self.expectations;
        if let Some(expected) = &expectations.sent_to {
            self.same("sent to", expected, &format!("{}/{}", request.host, request.dataset));
        }
        if request.target == Target::Soda2 {
            if let Some(expected) = &expectations.address {
                self.same("address", expected, request.endpoint.as_str());
            }
            if let Some(expected) = &expectations.request {
                self.same("request", expected, &params_line(request));
            }
            if let Some(expected) = &expectations.paging {
                let size =
                    request.paging.page_size.map_or("all".to_owned(), |size| size.to_string());
                self.same(
                    "paging",
                    expected,
                    &format!("{} {size}", request.paging.strategy.name()),
                );
            }
            return;
        }
        if let Some(expected) = &expectations.soql {
            self.same("soql", expected, query_text(request).unwrap_or("no query"));
        }
        if let Some(expected) = &expectations.body {
            let found = request.body.clone().unwrap_or_default();
            match serde_json::from_str::<Value>(expected) {
                Ok(expected) if expected == found => {}
                Ok(expected) => self.same("body", &expected.to_string(), &found.to_string()),
                Err(error) => self.faults.push(format!("body: {error}")),
            }
        }
    }
}
