//! Names, types and rules: what a statement means, and what is wrong with it.
//!
//! Checking never stops at the first error and never fails: it gives what it found out
//! ([`Typed`]) and diagnostics. Only a statement without errors becomes a [`Valid`], which is
//! what planning takes. What is deliberately absent: fetching of schemas. A dataset whose schema
//! is not known is listed in [`Checked::missing`] and its columns have no type.

mod calls;
mod convert;
mod grouping;
mod infer;
mod messages;
mod named;
mod naming;
mod operators;
mod overload;
mod relation;
mod scope;
mod select;
mod typed;

pub use convert::text_reads_as;
pub(crate) use messages::{foreign_type, unquoted_date, with_unit};
pub use relation::{ColumnFacts, Output, OutputColumn, OutputItem, Relation};
pub use typed::{Node, Parameter, Resolved, SelectFacts, TableFacts, Target, Typed};

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tule_syntax::ast::{Arena, Atom, Compound, Ident, ParamDecl, Statement, Step, StepOp};
use tule_syntax::literal::name_text;
use tule_syntax::parser::ParsedStatement;
use tule_syntax::span::Span;

use crate::diagnostics::{Code, Diagnostic, from_syntax};
use crate::names::fold;
use crate::schema::Dataset;
use crate::schema::catalog::Catalog;
use crate::types::Type;
use scope::Scope;
use typed::flag;

/// Faults of meaning that are shown of a statement whose form is at fault: the rest may well be
/// consequences.
const MAX_BESIDE_SYNTAX: usize = 3;

/// What checking a statement takes besides its text.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// The datasets that are known.
    pub catalog: &'c Catalog,
    /// What a select without FROM reads, as when a query is typed for one dataset.
    pub input: Option<&'c Arc<Dataset>>,
}

/// A dataset whose schema is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MissingDataset {
    /// Its host, if known.
    pub host: Option<String>,
    /// Its identifier.
    pub id: String,
    /// Where it is named in the statement.
    pub span: Span,
}

/// What checking found out.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Facts about every part.
    pub typed: Typed,
    /// Findings in order of place; spans count from the beginning of the statement.
    pub diagnostics: Vec<Diagnostic>,
    /// Datasets whose schema is to be fetched before more can be said.
    pub missing: Vec<MissingDataset>,
}

impl Checked {
    /// Whether nothing is known to be wrong. A schema that is not locked leaves parts of the
    /// statement unchecked and is an error of the check, but says nothing against the statement;
    /// neither does a lint, however seriously a project takes it: the portal answers.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        !self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.is_error() && diagnostic.code != Code::MissingSchema)
            .any(|diagnostic| !diagnostic.code.info().lint)
    }
}

/// A statement without errors. Only [`Valid::new`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Valid<'a> {
    text: &'a str,
    statement: &'a Statement,
    typed: &'a Typed,
}

impl<'a> Valid<'a> {
    /// The statement, if it has a query and neither its form nor its meaning is at fault. `text`
    /// is the statement's own text.
    #[must_use]
    pub fn new(text: &'a str, parsed: &'a ParsedStatement, checked: &'a Checked) -> Option<Self> {
        let sound = parsed.errors.is_empty() && checked.is_valid();
        let complete = parsed.statement.query.is_some();
        (sound && complete).then_some(Self {
            text,
            statement: &parsed.statement,
            typed: &checked.typed,
        })
    }

    /// The statement's text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Its tree.
    #[must_use]
    pub fn statement(&self) -> &'a Statement {
        self.statement
    }

    /// What is known of it.
    #[must_use]
    pub fn typed(&self) -> &'a Typed {
        self.typed
    }
}

/// Checks a parsed statement. `text` is the statement's own text, which its spans count from.
#[must_use]
pub fn check<'t>(text: &'t str, parsed: &'t ParsedStatement, context: Context<'t>) -> Checked {
    let statement = &parsed.statement;
    let mut checker = Checker {
        text,
        arena: &statement.arena,
        catalog: context.catalog,
        typed: Typed::of(statement.arena.len()),
        diagnostics: Vec::new(),
        missing: Vec::new(),
        parameters: Vec::new(),
        ctes: FxHashMap::default(),
        shapes: grouping::Shapes::default(),
        alias_depth: 0,
        aggregates: false,
        qualifies: false,
        home: context.input.map(|dataset| dataset.host.as_str()),
    };
    checker.statement(statement, context.input);
    checker.typed.parameters = std::mem::take(&mut checker.parameters)
        .into_iter()
        .map(|parameter| Parameter {
            name: parameter.name.into(),
            ty: parameter.ty,
            declared: parameter.declared,
            default: parameter.default,
        })
        .collect();
    if checker.typed.selects.len() > 1 {
        checker.typed.selects.sort_by_key(|facts| facts.span);
    }
    if !checker.diagnostics.is_empty() || !parsed.errors.is_empty() {
        arrange(&mut checker.diagnostics, text, parsed);
    }
    Checked { typed: checker.typed, diagnostics: checker.diagnostics, missing: checker.missing }
}

/// Puts faults of form and of meaning together, in order of place and without consequences.
fn arrange(diagnostics: &mut Vec<Diagnostic>, text: &str, parsed: &ParsedStatement) {
    if !parsed.errors.is_empty() {
        // The part at fault may hold what these find missing.
        diagnostics.retain(|found| !matches!(found.code, Code::FromRequired | Code::NotGrouped));
        diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
        diagnostics.truncate(MAX_BESIDE_SYNTAX);
    }
    diagnostics.extend(parsed.errors.iter().map(|error| from_syntax(error, text)));
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    diagnostics.dedup_by(|b, a| a.code == b.code && a.span == b.span);
}

struct DeclaredParameter<'t> {
    name: &'t str,
    folded: Box<str>,
    ty: Option<Type>,
    declared: Ident,
    default: Option<tule_syntax::ast::Root>,
    used: bool,
}

/// A WITH table: its result, and whether its own query is being checked.
struct CteState {
    output: Arc<Output>,
    complete: bool,
}

struct Checker<'t> {
    text: &'t str,
    arena: &'t Arena,
    catalog: &'t Catalog,
    typed: Typed,
    diagnostics: Vec<Diagnostic>,
    missing: Vec<MissingDataset>,
    parameters: Vec<DeclaredParameter<'t>>,
    ctes: FxHashMap<Box<str>, CteState>,
    shapes: grouping::Shapes,
    alias_depth: u32,
    /// An aggregate or window call has been seen.
    aggregates: bool,
    /// A column with a table in front has been seen.
    qualifies: bool,
    /// Host of the dataset that a select without FROM reads.
    home: Option<&'t str>,
}

impl<'t> Checker<'t> {
    fn statement(&mut self, statement: &Statement, input: Option<&Arc<Dataset>>) {
        if let Some(header) = &statement.header {
            for declaration in &header.params {
                self.declare(declaration);
            }
        }
        for cte in &statement.ctes {
            let key: Box<str> = scope::table_key(self.written(cte.name)).into();
            if matches!(&*key, "this" | "single_row") {
                let message = format!("`{}` names a built-in table", self.written(cte.name));
                self.report(Diagnostic::new(Code::ReservedTableAlias, cte.name, message));
            }
            let state = CteState { output: Arc::default(), complete: false };
            if self.ctes.insert(key.clone(), state).is_some() {
                let message = format!("second table of the name `{}`", self.written(cte.name));
                self.report(Diagnostic::new(Code::DuplicateTableAlias, cte.name, message));
            }
            let output = self.compound(&cte.query, None, None);
            self.ctes.insert(key, CteState { output, complete: true });
        }
        if let Some(query) = &statement.query {
            let input = input.map(|dataset| Relation::Dataset(Arc::clone(dataset)));
            self.typed.output = self.compound(query, input.as_ref(), None);
        }
        if self.parameters.is_empty() {
            return;
        }
        let unused: Vec<Ident> = self
            .parameters
            .iter()
            .filter(|parameter| !parameter.used)
            .map(|parameter| parameter.declared)
            .collect();
        for name in unused {
            let message = format!("parameter `{}` is not used", self.written(name));
            self.report(Diagnostic::new(Code::UnusedParameter, name, message));
        }
    }

    fn declare(&mut self, declaration: &ParamDecl) {
        let name = name_text(self.written(declaration.name));
        let folded: Box<str> = fold(name).into();
        if let Some(first) = self.parameters.iter().find(|known| known.folded == folded) {
            let message = format!("parameter `${name}` is declared twice");
            let diagnostic = Diagnostic::new(Code::DuplicateParameter, declaration.name, message)
                .label(first.declared, "first one here");
            self.report(diagnostic);
            return;
        }
        let mut ty = None;
        if let Some(written) = declaration.ty {
            let spelled = name_text(self.written(written));
            ty = Type::from_name(&fold(spelled));
            if ty.is_none() {
                self.report_unknown_type(written, spelled);
            }
        }
        if let Some(default) = declaration.default {
            self.default_value(default, ty);
        }
        self.parameters.push(DeclaredParameter {
            name,
            folded,
            ty,
            declared: declaration.name,
            default: declaration.default,
            used: false,
        });
    }

    /// A default is a constant: it may use no column, and parameters declared before it only.
    fn default_value(&mut self, default: tule_syntax::ast::Root, ty: Option<Type>) {
        let mut scope = Scope::new(None, 0);
        for id in default.nodes() {
            let kind = self.arena.expr(id).kind;
            if matches!(
                kind,
                tule_syntax::ast::ExprKind::Column(_)
                    | tule_syntax::ast::ExprKind::Qualified { .. }
            ) {
                let span = self.arena.span(id);
                let message =
                    format!("a default value cannot use the column `{}`", self.written(span));
                self.report(Diagnostic::new(Code::UnknownColumn, span, message));
                return;
            }
        }
        self.infer(&mut scope, default, None);
        let types = self.types(default.id);
        let Some(ty) = ty else { return };
        if types.has(ty) {
            self.typed.roots.push((default, Some(ty)));
            return;
        }
        if self.typed.get(default.id).flags & flag::UNKNOWN == 0 {
            let message =
                format!("the default `{}` is not of the type {ty}", self.excerpt(default.id));
            let span = self.arena.span(default.id);
            self.report(Diagnostic::new(Code::TypeMismatch, span, message));
        }
    }

    /// Selects joined by `|>` and set operations.
    fn compound(
        &mut self,
        compound: &Compound,
        input: Option<&Relation>,
        parent: Option<&Scope<'_, 't>>,
    ) -> Arc<Output> {
        let shared = input.filter(|_| shares_input(compound));
        let own = |atom: &Atom| shared.is_some() && reads_own_table(atom);
        let first = if own(&compound.first) { None } else { input };
        let mut output = self.atom(&compound.first, first, parent);
        for step in &compound.rest {
            if step.op == StepOp::Pipe {
                let before = Relation::Result(output);
                output = self.atom(&step.right, Some(&before), parent);
            } else {
                let input = if own(&step.right) { None } else { input };
                let right = self.atom(&step.right, input, parent);
                self.same_shape(step, &output, &right);
            }
        }
        output
    }

    fn atom(
        &mut self,
        atom: &Atom,
        input: Option<&Relation>,
        parent: Option<&Scope<'_, 't>>,
    ) -> Arc<Output> {
        match atom {
            Atom::Select(select) => self.select(select, input, parent),
            Atom::Paren(compound, _) => self.compound(compound, input, parent),
        }
    }

    /// Both sides of a set operation have the same number of columns, of the same types.
    fn same_shape(&mut self, step: &Step, left: &Output, right: &Output) {
        if left.is_unknown() || right.is_unknown() {
            return;
        }
        let (left, right) = (left.columns(), right.columns());
        let op = step.op.text();
        let span = match step.right.as_leaf() {
            Some(select) => select::anchor(select),
            None => step.op_span,
        };
        if left.len() != right.len() {
            let message = format!(
                "`{op}` needs the same columns on both sides: {} on the left, {} on the right",
                left.len(),
                right.len()
            );
            self.report(Diagnostic::new(Code::SetOperationMismatch, span, message));
            return;
        }
        let unlike = left.iter().zip(&right).find(|(left, right)| {
            matches!((left.ty, right.ty), (Some(left), Some(right)) if left != right)
        });
        if let Some((left, right)) = unlike {
            let of = |ty: Option<Type>| ty.map_or("unknown", Type::name);
            let message = format!(
                "`{op}` needs the same types on both sides: `{}` is {}, `{}` is {}",
                left.name,
                of(left.ty),
                right.name,
                of(right.ty)
            );
            self.report(Diagnostic::new(Code::SetOperationMismatch, span, message));
        }
    }
}

/// Whether some operand of a set operation reads the input, so that others may read tables of
/// their own.
fn shares_input(compound: &Compound) -> bool {
    let operands = compound.rest.iter().filter(|step| step.op != StepOp::Pipe);
    let mut all = std::iter::once(&compound.first).chain(operands.map(|step| &step.right));
    all.clone().count() > 1 && all.any(|atom| !reads_own_table(atom))
}

fn reads_own_table(atom: &Atom) -> bool {
    atom.as_leaf().is_some_and(|select| select.from.is_some())
}
