//! The names of result columns: given, taken over or generated.

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use smol_str::SmolStr;
use tule_syntax::ast::{ExprKind, Ident, Root, Select, SelectItem, Star};
use tule_syntax::literal::name_text;

use crate::check::Checker;
use crate::check::naming::{base_name, free_name};
use crate::check::relation::Relation;
use crate::check::scope::{Item, ItemState, Scope, table_key};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::fold;

impl<'t> Checker<'t> {
    /// Names every member of the select list: first those that have a name, then, left to right,
    /// the others. Gives the generated names with their positions in the select list.
    pub(super) fn name_items(
        &mut self,
        select: &Select,
        scope: &mut Scope<'_, 't>,
    ) -> Vec<(u32, SmolStr)> {
        let stars: Vec<&Star> = select.stars().collect();
        for star in &stars {
            self.star(scope, star);
        }
        if stars.len() > 1 {
            self.overlapping_stars(scope, &stars);
        }
        let mut unnamed: SmallVec<[(u32, u32); 4]> = SmallVec::new();
        for (position, item) in (0u32..).zip(&select.items) {
            let SelectItem::Expr { expr, alias, .. } = item else { continue };
            let index = u32::try_from(scope.items.len()).unwrap_or(u32::MAX);
            let named = alias.or_else(|| self.own_name(*expr));
            let name = named.map_or("", |name| name_text(self.written(name)));
            let item = Item {
                root: *expr,
                name: Cow::Borrowed(name),
                folded: if named.is_some() { fold(name) } else { Cow::Borrowed("") },
                hidden: alias.is_none()
                    && matches!(self.arena.expr(expr.id).kind, ExprKind::Qualified { .. }),
                state: ItemState::Waiting,
            };
            let Some(named) = named else {
                scope.items.push(item);
                unnamed.push((position, index));
                continue;
            };
            if let Some(alias) = alias {
                self.system_alias(*alias, *expr);
            }
            let first = scope.named(&item.folded);
            let starred = !stars.is_empty() && self.is_starred(scope, &stars, &item.folded);
            if first.is_some() || starred {
                self.report_second(scope, first, named, name);
            }
            scope.items.push(item);
            if first.is_none() {
                scope.name(index);
            }
        }
        let mut generated = Vec::with_capacity(unnamed.len());
        for (position, index) in unnamed {
            let Some(root) = scope.items.get(index as usize).map(|item| item.root) else {
                continue;
            };
            let base = base_name(self.arena, self.text, root.id);
            let name = free_name(base, |name| {
                let folded = fold(name);
                scope.named(&folded).is_some() || scope.is_column_anywhere(&folded)
            });
            generated.push((position, name.as_str().into()));
            if let Some(item) = scope.items.get_mut(index as usize) {
                item.folded = Cow::Owned(fold(&name).into_owned());
                item.name = Cow::Owned(name);
            }
            scope.name(index);
        }
        generated
    }

    /// Reports a result column whose name the item `first`, or else a star, has already.
    fn report_second(
        &mut self,
        scope: &Scope<'_, 't>,
        first: Option<u32>,
        name: Ident,
        written: &str,
    ) {
        let message = format!("second result column of the name `{written}`");
        let diagnostic = Diagnostic::new(Code::DuplicateAlias, name, message)
            .help("give it another name with `as`");
        let first = first.and_then(|first| scope.items.get(first as usize));
        self.report(match first {
            Some(first) => diagnostic.label(self.arena.span(first.root.id), "first one here"),
            None => diagnostic.note("`*` gives a column of this name already"),
        });
    }

    /// The portal follows result names whatever table stands in front of a column, so that it
    /// takes `@t.b as a, @t.a as b` for a circle. Reported here, since it refuses the query.
    pub(super) fn cycles_of_names(&mut self, scope: &Scope<'_, 't>) {
        let qualified = |id| match self.arena.expr(id).kind {
            ExprKind::Qualified { column, .. } => Some(column),
            _ => None,
        };
        let next = |index: u32| {
            let item = scope.items.get(index as usize)?;
            item.root.nodes().filter_map(qualified).find_map(|column| {
                let named = scope.named(&fold(name_text(self.written(column))))?;
                let hidden = scope.items.get(named as usize).is_none_or(|item| item.hidden);
                (named != index && !hidden).then_some((named, column))
            })
        };
        // Which path came by each item; 0 for none.
        let mut visits = vec![0_u32; scope.items.len()];
        let mut found = None;
        for start in (1u32..).take(scope.items.len()) {
            let mut at = start - 1;
            while let Some(visit) = visits.get_mut(at as usize).filter(|visit| **visit == 0) {
                *visit = start;
                let Some((to, column)) = next(at) else { break };
                if visits.get(to as usize) == Some(&start) {
                    found = found.or(Some((to, column)));
                }
                at = to;
            }
        }
        if let Some((index, column)) = found {
            self.report_circular_alias(scope, index, column);
        }
    }

    /// Reports a star that gives a column which a star in front of it gives already.
    fn overlapping_stars(&mut self, scope: &Scope<'_, 't>, stars: &[&Star]) {
        let mut known: FxHashSet<String> = FxHashSet::default();
        // `:*` stands once at most, which is a rule of form.
        for star in stars.iter().filter(|star| !star.system) {
            let Some(relation) = self.star_relation(scope, star) else { continue };
            let except: Vec<Cow<'_, str>> =
                star.except.iter().map(|name| fold(name_text(self.written(*name)))).collect();
            let mut twice = None;
            relation.each(&mut |name, _| {
                let folded = fold(name);
                if name.starts_with(':') != star.system || except.contains(&folded) {
                    return;
                }
                if !known.insert(folded.into_owned()) && twice.is_none() {
                    twice = Some(name.to_owned());
                }
            });
            if let Some(name) = twice {
                let message = format!("second result column of the name `{name}`");
                let diagnostic = Diagnostic::new(Code::DuplicateAlias, star.span, message)
                    .note("a star in front of this one gives it already")
                    .help(format!("leave it out: `* (except {name})`"));
                self.report(diagnostic);
            }
        }
    }

    /// The name that a bare column gives its result.
    pub(super) fn own_name(&self, root: Root) -> Option<Ident> {
        match self.arena.expr(root.id).kind {
            ExprKind::Column(name) => Some(name),
            ExprKind::Qualified { column, .. } => Some(column),
            _ => None,
        }
    }

    /// `:id as :id` is allowed, any other name that begins with `:` is not.
    pub(super) fn system_alias(&mut self, alias: Ident, root: Root) {
        let written = name_text(self.written(alias));
        let whitelisted = matches!(written, ":id" | ":created_at" | ":updated_at" | ":version")
            || written.starts_with(":@");
        let same = self
            .own_name(root)
            .is_some_and(|own| fold(name_text(self.written(own))) == fold(written));
        if written.starts_with(':') && !whitelisted && !same {
            let message = format!("`{written}` begins with `:`, as only system columns do");
            self.report(Diagnostic::new(Code::SystemAlias, alias, message));
        }
    }

    /// Whether one of `stars` gives a column of the name `folded`.
    pub(super) fn is_starred(&self, scope: &Scope<'_, 't>, stars: &[&Star], folded: &str) -> bool {
        stars.iter().any(|star| {
            self.star_relation(scope, star).is_some_and(|relation| {
                folded.starts_with(':') == star.system
                    && !relation.is_unknown()
                    && relation.column(folded).is_some()
                    && !star
                        .except
                        .iter()
                        .any(|name| fold(name_text(self.written(*name))) == folded)
            })
        })
    }

    pub(super) fn star_relation<'s>(
        &self,
        scope: &'s Scope<'_, 't>,
        star: &Star,
    ) -> Option<&'s Relation> {
        match star.table {
            Some(table) => {
                let key = table_key(self.written(table));
                scope.table(&key).map(|(_, _, table)| &table.relation)
            }
            None => scope.tables.first().map(|table| &table.relation),
        }
    }

    /// Checks a star's table and the columns it leaves out.
    pub(super) fn star(&mut self, scope: &Scope<'_, 't>, star: &Star) {
        let Some(relation) = self.star_relation(scope, star) else {
            if let Some(table) = star.table {
                self.report_unknown_table(scope, table);
            }
            return;
        };
        let relation = relation.clone();
        let mut seen: Vec<String> = Vec::new();
        for name in &star.except {
            let folded = fold(name_text(self.written(*name))).into_owned();
            if seen.contains(&folded) {
                let message = format!("`{}` is left out twice", self.written(*name));
                self.report(Diagnostic::new(Code::RepeatedExclusion, *name, message));
            } else if relation.column(&folded).is_none() {
                let key = star.table.map(|table| table_key(self.written(table)));
                self.report_unknown_column(scope, *name, key.as_deref());
            }
            seen.push(folded);
        }
    }
}
