//! Plans as `SoQL` text: what Tule adds is rewritten to what the portal has.
//!
//! Names, literals and operators keep the spelling of the source, since the portal derives result
//! names from them. A select item that is rewritten gets its generated name written out, so that
//! rewriting never renames a column.

mod expr;
mod order;
mod table;

use tule_syntax::ast::{
    Arena, Atom, Compound, Count, Cte, Distinct, ExprId, ExprKind, Ident, Root, Select, SelectItem,
    Source, Star, StepOp, TableRef,
};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;

use super::text::Text;
use crate::check::{Resolved, SelectFacts};
use crate::diagnostics::Diagnostic;
use crate::names::fold;
use crate::plan::Plan;
use crate::schema::Dataset;
use table::find_query;

/// Longest text that is generated. Rewriting may copy subexpressions; this bounds the product.
const MAX_TEXT: usize = 16 << 20;

/// Writes the parts of one plan.
pub(super) struct Writer<'p> {
    plan: &'p Plan<'p>,
    arena: &'p Arena,
    text: &'p str,
    resolved: Resolved,
    /// The dataset of the address: selects that read it need no FROM.
    main: &'p Dataset,
    pub faults: Vec<Diagnostic>,
    /// How many joined queries are being written: they have no input of their own.
    joined: u32,
    /// The select whose order is to be made stable, for paging.
    pub stable: Option<Span>,
    /// What has no value yet stays as it is written: for people, not for a portal.
    pub open: bool,
    full: bool,
}

impl<'p> Writer<'p> {
    pub(super) fn new(plan: &'p Plan<'p>, main: &'p Dataset) -> Self {
        let statement = plan.valid.statement();
        Self {
            plan,
            arena: &statement.arena,
            text: plan.valid.text(),
            resolved: plan.valid.typed().resolve(&statement.arena),
            main,
            faults: Vec::new(),
            stable: None,
            joined: 0,
            open: false,
            full: false,
        }
    }

    fn written(&self, span: Span) -> &'p str {
        span.text(self.text)
    }

    fn token(&self, out: &mut Text, span: Span) {
        out.mapped(self.written(span), span);
    }

    /// A compound; `tail` is put into its last select: paging of the whole.
    pub(super) fn compound(&mut self, compound: &Compound, out: &mut Text) {
        let alone = compound.rest.is_empty();
        self.atom(&compound.first, alone, out);
        for step in &compound.rest {
            out.raw(" ");
            out.raw(step.op.text());
            out.raw(" ");
            // The right side of a pipe has the rows before it as input: a select never needs
            // parentheses there.
            self.atom(&step.right, step.op == StepOp::Pipe, out);
        }
    }

    fn atom(&mut self, atom: &Atom, alone: bool, out: &mut Text) {
        match atom {
            Atom::Paren(compound, _) => {
                out.raw("(");
                self.compound(compound, out);
                out.raw(")");
            }
            Atom::Select(select) => {
                // A subquery in FROM becomes a step of its own.
                let chained = select.from.as_ref().and_then(|from| self.chained(from));
                let Some(query) = chained else { return self.select(select, false, out) };
                if !alone {
                    out.raw("(");
                }
                let several = !query.rest.is_empty();
                if several {
                    out.raw("(");
                }
                self.compound(query, out);
                if several {
                    out.raw(")");
                }
                out.raw(" |> ");
                self.select(select, true, out);
                if !alone {
                    out.raw(")");
                }
            }
        }
    }

    /// The query that FROM reads, if it is a subquery or WITH table.
    fn chained(&self, from: &TableRef) -> Option<&'p Compound> {
        match &from.source {
            // The statement outlives the plan; the tree is borrowed from there.
            Source::Query(query) => self.find_query(query.span),
            Source::Named(name) => self.cte(*name).map(|cte| &cte.query),
            _ => None,
        }
    }

    fn cte(&self, name: Ident) -> Option<&'p Cte> {
        let written = self.written(name);
        if written.starts_with(['\'', '"']) {
            return None;
        }
        let key = table_name(written);
        self.plan
            .valid
            .statement()
            .ctes
            .iter()
            .filter(|cte| cte.span.end <= name.start)
            .find(|cte| table_name(self.written(cte.name)) == key)
    }

    fn find_query(&self, span: Span) -> Option<&'p Compound> {
        let statement = self.plan.valid.statement();
        let roots = statement.ctes.iter().map(|cte| &cte.query).chain(&statement.query);
        roots.into_iter().find_map(|root| find_query(root, span))
    }

    /// One select; `piped` if the rows of a step before are its input.
    fn select(&mut self, select: &Select, piped: bool, out: &mut Text) {
        out.raw("select");
        self.hints(select, out);
        let list = self.select_list(select);
        if !list.as_str().is_empty() {
            out.raw(" ");
            out.append(list);
        }
        if let Some(from) = &select.from {
            self.from(select, from, piped, out);
        }
        for join in &select.joins {
            self.join(join, out);
        }
        if let Some(clause) = &select.filter {
            out.raw(" where ");
            out.append(self.root(clause.value));
        }
        if let Some(clause) = &select.group_by {
            out.raw(" group by ");
            out.append(self.roots(&clause.value));
        }
        if let Some(clause) = &select.having {
            out.raw(" having ");
            out.append(self.root(clause.value));
        }
        if self.stable == Some(select.span) {
            let order = self.stable_order(select);
            if !order.as_str().is_empty() {
                out.raw(" order by ");
                out.append(order);
            }
        } else if let Some(clause) = &select.order_by {
            out.raw(" order by ");
            out.append(self.order(&clause.value));
        }
        if let Some(clause) = &select.search {
            out.raw(" search ");
            self.token(out, clause.value);
        }
        for (word, clause) in [(" limit ", &select.limit), (" offset ", &select.offset)] {
            // Behind a select that is paged, the page says how many rows are left out.
            if self.stable == Some(select.span) {
                continue;
            }
            if let Some(count) = clause.as_ref().and_then(|clause| self.count(clause.value)) {
                out.raw(word);
                out.append(count);
            }
        }
    }

    fn hints(&self, select: &Select, out: &mut Text) {
        if select.hints.is_empty() {
            return;
        }
        out.raw(" hint(");
        for (index, hint) in select.hints.iter().enumerate() {
            if index > 0 {
                out.raw(", ");
            }
            self.token(out, *hint);
        }
        out.raw(")");
    }

    /// DISTINCT and the select list.
    pub(super) fn select_list(&mut self, select: &Select) -> Text {
        let mut out = Text::default();
        match &select.distinct {
            Distinct::No => {}
            Distinct::All(_) => out.raw("distinct "),
            Distinct::On(clause) => {
                out.raw("distinct on (");
                out.append(self.roots(&clause.value));
                out.raw(") ");
            }
        }
        if select.keyword.is_none() {
            out.raw("*");
        }
        for (position, item) in (0u32..).zip(&select.items) {
            if position > 0 {
                out.raw(", ");
            }
            match item {
                SelectItem::Star(star) => self.star(star, &mut out),
                SelectItem::Expr { expr, alias, .. } => {
                    out.append(self.root(*expr));
                    if let Some(alias) = alias {
                        out.raw(" as ");
                        self.token(&mut out, *alias);
                    } else if self.is_rewritten(*expr)
                        && let Some(name) = self.generated(select, position)
                    {
                        out.raw(" as ");
                        out.raw(&crate::print::column(&name));
                    }
                }
            }
        }
        out
    }

    fn facts(&self, select: &Select) -> Option<&'p SelectFacts> {
        self.plan.valid.typed().select(select.span)
    }

    fn generated(&self, select: &Select, position: u32) -> Option<String> {
        let facts = self.facts(select)?;
        let (_, name) = facts.generated.iter().find(|(known, _)| *known == position)?;
        Some(name.to_string())
    }

    fn is_rewritten(&self, root: Root) -> bool {
        root.nodes().any(|id| match self.arena.expr(id).kind {
            ExprKind::Param(_)
            | ExprKind::IsDistinct { .. }
            | ExprKind::Like { caseless: true, .. }
            | ExprKind::Case { subject: Some(_), .. } => true,
            ExprKind::Call { .. } => self.is_relative(id),
            _ => false,
        })
    }

    fn is_relative(&self, id: ExprId) -> bool {
        let ExprKind::Call { name, args, .. } = self.arena.expr(id).kind else { return false };
        args.is_empty() && matches!(&*fold(name_text(self.written(name))), "today" | "now")
    }

    fn star(&self, star: &Star, out: &mut Text) {
        if let Some(table) = star.table {
            self.token(out, table);
            out.raw(".");
        }
        out.raw(if star.system { ":*" } else { "*" });
        if !star.except.is_empty() {
            out.raw(" (except ");
            for (index, name) in star.except.iter().enumerate() {
                if index > 0 {
                    out.raw(", ");
                }
                self.token(out, *name);
            }
            out.raw(")");
        }
    }

    fn count(&self, count: Count) -> Option<Text> {
        let mut out = Text::default();
        match count {
            Count::Number(span) => self.token(&mut out, span),
            Count::Param(name) if self.open => self.token(&mut out, name),
            Count::Param(name) => {
                let value = self.plan.value(self.written(name))?;
                out.mapped(value.text.as_deref()?, name);
            }
            Count::All(_) | Count::Missing(_) => return None,
        }
        Some(out)
    }

    /// The row count that LIMIT or OFFSET names, as text.
    pub(super) fn count_text(&self, count: Count) -> Option<String> {
        self.count(count).map(|text| text.as_str().to_owned())
    }

    pub(super) fn roots(&mut self, roots: &[Root]) -> Text {
        let mut out = Text::default();
        for (index, root) in roots.iter().enumerate() {
            if index > 0 {
                out.raw(", ");
            }
            out.append(self.root(*root));
        }
        out
    }

    pub(super) fn root(&mut self, root: Root) -> Text {
        let mut out = Text::default();
        self.expr(root.id, false, &mut out);
        out
    }
}

/// A table's name as comparison uses it.
fn table_name(written: &str) -> String {
    let name = name_text(written);
    fold(name.strip_prefix('_').unwrap_or(name)).into_owned()
}
