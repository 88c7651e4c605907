//! What a select reads from: its input, FROM and joined tables.

use std::borrow::Cow;

use tule_syntax::ast::{Ident, Select, Source, TableRef};
use tule_syntax::literal::string_value;

use crate::check::Checker;
use crate::check::relation::Relation;
use crate::check::scope::{Scope, Table, table_key};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::fold;

impl<'t> Checker<'t> {
    /// FROM, or the rows of the step before.
    pub(super) fn main_table(
        &mut self,
        select: &Select,
        input: Option<&Relation>,
        scope: &mut Scope<'_, 't>,
    ) {
        let Some(from) = &select.from else {
            let relation = input.cloned().unwrap_or_else(|| {
                self.report_from_required(select);
                Relation::Unknown
            });
            scope.tables.push(Table { name: Cow::Borrowed(""), written: None, relation });
            return;
        };
        let this = matches!(&from.source, Source::Named(name)
            if self.written(*name).strip_prefix('@').is_some_and(|name| fold(name) == "this"));
        let relation = match (input, this) {
            (Some(input), true) => {
                if from.alias.is_none() {
                    let message = "`@this` needs a name of its own";
                    let diagnostic = Diagnostic::new(Code::ThisNeedsAlias, from.span, message)
                        .help("write `from @this as t`");
                    self.report(diagnostic);
                }
                input.clone()
            }
            (None, true) => {
                let message = "`@this` stands for the rows of the step before, and there is none";
                self.report(Diagnostic::new(Code::ThisWithoutContext, from.span, message));
                Relation::Unknown
            }
            (Some(input), false) => {
                let relation = self.source(from, scope);
                if !same_dataset(input, &relation) && !relation.is_unknown() {
                    let message = "this select already has an input";
                    let diagnostic = Diagnostic::new(Code::FromForbidden, from.span, message)
                        .note("behind `|>` the rows of the step before are the input")
                        .help("remove `from`, or join the table");
                    self.report(diagnostic);
                }
                relation
            }
            (None, false) => self.source(from, scope),
        };
        self.add_table(scope, from, relation);
    }

    pub(super) fn report_from_required(&mut self, select: &Select) {
        let Some(keyword) = select.keyword else { return };
        let message = "nothing to select from";
        let diagnostic = Diagnostic::new(Code::FromRequired, keyword, message)
            .help("name a dataset: `from police_calls` in front of `select`");
        self.report(diagnostic);
    }

    /// The relation that FROM or JOIN names.
    pub(super) fn source(&mut self, table: &TableRef, scope: &mut Scope<'_, 't>) -> Relation {
        match &table.source {
            Source::Missing(_) => Relation::Unknown,
            Source::Named(name) => self.named(*name),
            Source::Query(query) => Relation::Result(self.compound(query, None, None)),
            Source::Call { name, args, span } => {
                for arg in args {
                    self.infer(scope, *arg, None);
                    self.settle(*arg);
                }
                let relation = self.named(*name);
                if let Relation::Dataset(dataset) = &relation {
                    if !matches!(dataset.card.asset_type.as_str(), "" | "dataset") {
                        return Relation::Unknown;
                    }
                    let message =
                        format!("`{}` is a plain dataset and takes no arguments", dataset.id);
                    self.report(Diagnostic::new(Code::ArgumentsForTable, *span, message));
                }
                relation
            }
        }
    }

    pub(super) fn add_table(
        &mut self,
        scope: &mut Scope<'_, 't>,
        table: &TableRef,
        relation: Relation,
    ) {
        let (name, written) = match (table.alias, &table.source) {
            (Some(alias), _) => (table_key(self.written(alias)), Some(alias)),
            (None, Source::Named(name) | Source::Call { name, .. }) => {
                (self.source_key(*name), Some(*name))
            }
            _ => (Cow::Borrowed(""), None),
        };
        if let Some(alias) = table.alias
            && matches!(&*name, "this" | "single_row")
        {
            let message = format!("`{}` names a built-in table", self.written(alias));
            self.report(Diagnostic::new(Code::ReservedTableAlias, alias, message));
        }
        let twice = scope.tables.iter().find(|known| !name.is_empty() && known.name == name);
        if let (Some(first), Some(written)) = (twice, written) {
            let message = format!("second table of the name `{}`", self.written(written));
            let mut diagnostic = Diagnostic::new(Code::DuplicateTableAlias, written, message)
                .note("names that differ in `@`, a leading `_`, case or `-` are one name")
                .help("give it another name with `as`");
            if let Some(first) = first.written {
                diagnostic = diagnostic.label(first, "first one here");
            }
            self.report(diagnostic);
        }
        scope.tables.push(Table { name, written, relation });
    }

    /// The name that columns of a table without alias are qualified with.
    pub(super) fn source_key(&self, name: Ident) -> Cow<'t, str> {
        let written = self.written(name);
        if written.starts_with(['\'', '"']) {
            // `from 'portal/id'` is qualified as `@id`.
            let value = string_value(written);
            let last = value.rsplit('/').next().unwrap_or_default();
            return Cow::Owned(fold(last).into_owned());
        }
        table_key(written)
    }
}

fn same_dataset(a: &Relation, b: &Relation) -> bool {
    matches!((a, b), (Relation::Dataset(a), Relation::Dataset(b))
        if a.host == b.host && a.id == b.id)
}
