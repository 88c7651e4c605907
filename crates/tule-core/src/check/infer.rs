//! The types of expressions, bottom-up.
//!
//! Nodes are visited in the order of the arena, children first, without recursion. A node whose
//! operands are at fault gets every type, so that one cause gives one error.

use std::borrow::Cow;

use tule_syntax::ast::{BinaryOp, ChainOp, Expr, ExprId, ExprKind, Ident, Literal, Root, UnaryOp};
use tule_syntax::literal::{is_quotable_name, name_text};
use tule_syntax::span::Span;

use super::Checker;
use super::convert::literal_types;
use super::messages::Applied;
use super::operators::OPERATORS;
use super::scope::{Found, ItemState, Qualified, Scope, table_key};
use super::typed::{Info, Target, flag};
use crate::diagnostics::{Code, Diagnostic};
use crate::functions::{Function, Param, fields_named};
use crate::names::fold;
use crate::types::{Type, TypeSet};

/// How deep names may refer to names in front of them; more is reported as too deep.
const MAX_ALIAS_DEPTH: u32 = 64;

impl Info {
    /// A node of these types with no overload behind it.
    pub(super) fn of(types: TypeSet, flags: u8) -> Self {
        Self { types, flags, seen: types, alternatives: u32::MAX, ..Self::default() }
    }

    /// A node of which nothing is known.
    pub(super) fn unknown() -> Self {
        Self::of(TypeSet::ALL, flag::UNKNOWN)
    }
}

impl<'t> Checker<'t> {
    /// Types every node of `root`. `item` is the select item it belongs to, which may name a
    /// column that it hides itself.
    pub(super) fn infer(&mut self, scope: &mut Scope<'_, 't>, root: Root, item: Option<u32>) {
        for (id, expr) in self.arena.nodes(root) {
            let info = self.node(scope, id, expr, item);
            if let Some(slot) = self.typed.info.get_mut(id.0 as usize) {
                *slot = info;
            }
        }
    }

    /// The types of literal `id` among `wanted`.
    pub(super) fn literal(&self, id: ExprId, wanted: TypeSet) -> TypeSet {
        let expr = self.arena.expr(id);
        match expr.kind {
            ExprKind::Literal(literal) => {
                literal_types(literal, || self.written(expr.span), wanted)
            }
            ExprKind::Paren(inner) => self.literal(self.arena.strip(inner), wanted),
            _ => TypeSet::NONE,
        }
    }

    /// The types `id` can have.
    pub(super) fn types(&self, id: ExprId) -> TypeSet {
        let info = self.typed.get(id);
        if info.flags & flag::LITERAL != 0 { self.literal(id, TypeSet::ALL) } else { info.types }
    }

    pub(super) fn written(&self, span: Span) -> &'t str {
        span.text(self.text)
    }

    fn node(
        &mut self,
        scope: &mut Scope<'_, 't>,
        id: ExprId,
        expr: &'t Expr,
        item: Option<u32>,
    ) -> Info {
        let arena = self.arena;
        let mut info = match expr.kind {
            ExprKind::Missing => return Info::unknown(),
            ExprKind::Literal(Literal::True | Literal::False) => {
                return Info::of(TypeSet::one(Type::Boolean), 0);
            }
            ExprKind::Literal(_) => return Info { flags: flag::LITERAL, ..Info::default() },
            ExprKind::Column(name) => return self.column(scope, id, name, item),
            ExprKind::Qualified { table, column } => {
                self.qualifies = true;
                return self.qualified(scope, table, column);
            }
            ExprKind::Param(name) => return self.parameter(name),
            ExprKind::Hole(name) => {
                let message = format!("`{}` stands outside a stored function", self.written(name));
                self.report(Diagnostic::new(Code::HoleOutsideFunction, name, message).help(
                    "a parameter of a query file is declared with `query name($x type)` and written `$x`",
                ));
                Info::unknown()
            }
            ExprKind::UserParam { .. } => Info::of(
                TypeSet::of(&[
                    Type::Text,
                    Type::Number,
                    Type::Boolean,
                    Type::FixedTimestamp,
                    Type::FloatingTimestamp,
                ]),
                flag::UNKNOWN,
            ),
            ExprKind::Call { .. } => return self.call(id),
            ExprKind::Unary { op, operand } => self.unary(op, operand),
            ExprKind::Binary { op, left, right, .. } => self.binary(op, left, right),
            ExprKind::Chain { op, operands } => self.chain(op, arena.list(operands)),
            ExprKind::Cast { operand, ty } => self.cast(id, operand, ty),
            ExprKind::Field { operand, name } => self.field(operand, name),
            ExprKind::Index { operand, index } => {
                self.apply(OPERATORS.subscript, &[operand, index], Applied::Subscript)
            }
            ExprKind::IsNull { operand, negated } => {
                let test = if negated { OPERATORS.is_not_null } else { OPERATORS.is_null };
                self.apply(test, &[operand], Applied::Operator("is null"))
            }
            ExprKind::IsDistinct { left, right, .. } => {
                self.apply(OPERATORS.equal, &[left, right], Applied::Compare("is distinct from"))
            }
            ExprKind::Like { operand, pattern, negated, .. } => {
                let test = if negated { OPERATORS.not_like } else { OPERATORS.like };
                self.apply(test, &[operand, pattern], Applied::Operator("like"))
            }
            ExprKind::Between { operands, negated } => {
                let test = if negated { OPERATORS.not_between } else { OPERATORS.between };
                self.apply(test, arena.list(operands), Applied::Compare("between"))
            }
            ExprKind::In { operands, negated } => {
                let test = if negated { OPERATORS.not_in } else { OPERATORS.r#in };
                self.apply(test, arena.list(operands), Applied::Compare("in"))
            }
            ExprKind::Case { subject, arms, otherwise } => {
                self.case(subject, arena.list(arms), otherwise)
            }
            ExprKind::Paren(inner) => return *self.typed.get(inner),
        };
        // Most statements have no aggregate: then there is nothing to carry up.
        if self.aggregates {
            let mut flags = 0;
            arena.children(id, |child| flags |= self.typed.get(child).flags);
            info.flags |= flags & (flag::AGGREGATE | flag::WINDOW);
        }
        info
    }

    /// Applies one of `overloads`; reports and gives up where none fits.
    pub(super) fn apply(
        &mut self,
        overloads: &'static [Function],
        args: &[ExprId],
        applied: Applied,
    ) -> Info {
        match self.resolve(overloads, args) {
            Ok(info) => info,
            Err(misfit) => {
                self.report_misfit(misfit, args, applied);
                Self::result_of(overloads)
            }
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: ExprId) -> Info {
        let (overloads, text) = match op {
            UnaryOp::Plus => (OPERATORS.plus, "+"),
            UnaryOp::Minus => (OPERATORS.minus, "-"),
            UnaryOp::Not => (OPERATORS.not, "not"),
        };
        self.apply(overloads, &[operand], Applied::Operator(text))
    }

    fn binary(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> Info {
        let shift = matches!(op, BinaryOp::Add | BinaryOp::Subtract)
            && self.typed.get(left).flags & flag::RELATIVE != 0
            && matches!(self.arena.expr(right).kind, ExprKind::Literal(Literal::Integer));
        if shift {
            return *self.typed.get(left);
        }
        let compares = op as u8 <= BinaryOp::GreaterEqual as u8;
        let applied =
            if compares { Applied::Compare(op.text()) } else { Applied::Operator(op.text()) };
        self.apply(OPERATORS.binary(op), &[left, right], applied)
    }

    fn chain(&mut self, op: ChainOp, operands: &[ExprId]) -> Info {
        for operand in operands {
            if self.types(*operand).has(Type::Boolean) {
                continue;
            }
            self.report_not_boolean(*operand, &format!("`{}`", op.text().to_lowercase()));
        }
        let overload = match op {
            ChainOp::And => OPERATORS.and.first(),
            ChainOp::Or => OPERATORS.or.first(),
        };
        Info { overload, ..Info::of(TypeSet::one(Type::Boolean), 0) }
    }

    fn cast(&mut self, id: ExprId, operand: ExprId, ty: Ident) -> Info {
        let written = name_text(self.written(ty));
        let folded = fold(written);
        let Some(target) = Type::from_name(&folded) else {
            self.report_unknown_type(ty, written);
            return Info::unknown();
        };
        let casts = OPERATORS.cast(target);
        // A value of one type has one cast at most: the others need no look.
        let value = self.typed.get(operand);
        let own = value.types.single().filter(|_| value.flags & flag::LITERAL == 0);
        let takes = |cast: &Function, ty| cast.params.first() == Some(&Param::Is(ty));
        let at = own.and_then(|ty| casts.iter().position(|cast| takes(cast, ty)));
        let casts = at.and_then(|at| casts.get(at..=at)).unwrap_or(casts);
        if let Ok(info) = self.resolve(casts, &[operand]) {
            info
        } else {
            self.report_no_such_cast(id, operand, target);
            Info::of(TypeSet::one(target), 0)
        }
    }

    fn field(&mut self, operand: ExprId, name: Ident) -> Info {
        let written = name_text(self.written(name));
        let folded = fold(written);
        let types = self.types(operand);
        let fields = fields_named(&folded);
        if !fields.is_empty()
            && let Ok(info) = self.resolve(fields, &[operand])
        {
            return info;
        }
        if types.has(Type::Json) {
            let overload = OPERATORS.subscript.first();
            return Info { overload, a: None, ..Info::of(TypeSet::one(Type::Json), 0) };
        }
        if self.typed.get(operand).flags & flag::UNKNOWN == 0 {
            self.report_unknown_field(operand, name);
        }
        Info::unknown()
    }

    fn case(
        &mut self,
        subject: Option<ExprId>,
        arms: &[ExprId],
        otherwise: Option<ExprId>,
    ) -> Info {
        let mut values = Vec::with_capacity(arms.len() / 2 + 1);
        for arm in arms.chunks(2) {
            let [condition, value] = arm else { continue };
            match subject {
                Some(subject) => {
                    let args = [subject, *condition];
                    self.apply(OPERATORS.equal, &args, Applied::Compare("case"));
                }
                None => {
                    if !self.types(*condition).has(Type::Boolean) {
                        self.report_not_boolean(*condition, "`when`");
                    }
                }
            }
            values.push(*value);
        }
        values.extend(otherwise);
        // `coalesce` has the same shape: any number of values of one type.
        let mut info = self.apply(OPERATORS.coalesce, &values, Applied::Branches);
        if info.overload.is_some() {
            info.overload = OPERATORS.case.first();
        }
        info
    }

    pub(super) fn parameter(&mut self, name: Ident) -> Info {
        let folded = fold(name_text(self.written(name)));
        let found = (0u32..).zip(&mut self.parameters).find(|(_, known)| *known.folded == *folded);
        let Some((index, parameter)) = found else {
            self.report_unknown_parameter(name);
            return Info::unknown();
        };
        parameter.used = true;
        let info = parameter.ty.map_or_else(Info::unknown, |ty| Info::of(TypeSet::one(ty), 0));
        Info { target: Target::Parameter(index), ..info }
    }

    fn column(
        &mut self,
        scope: &mut Scope<'_, 't>,
        id: ExprId,
        name: Ident,
        item: Option<u32>,
    ) -> Info {
        let spelled = self.written(name);
        let written = name_text(spelled);
        if spelled.starts_with('`') && !is_quotable_name(written) {
            // Reported by the parser.
            return Info::unknown();
        }
        // Most names are written as they are compared; only others are folded.
        if let Some(info) = self.known_column(scope, written, name, item) {
            return info;
        }
        if let Cow::Owned(folded) = fold(written)
            && let Some(info) = self.known_column(scope, &folded, name, item)
        {
            return info;
        }
        if !self.report_bare_word(scope, id, name) {
            self.report_unknown_column(scope, name, None);
        }
        Info::unknown()
    }

    /// An alias or column by folded name.
    fn known_column(
        &mut self,
        scope: &mut Scope<'_, 't>,
        folded: &str,
        name: Ident,
        item: Option<u32>,
    ) -> Option<Info> {
        if let Some(index) = scope.alias(folded) {
            // `b + 1 as b` means the column.
            if item != Some(index) {
                return Some(self.alias(scope, index, name));
            }
        }
        scope.column(folded).map(column_info)
    }

    fn qualified(&mut self, scope: &Scope<'_, 't>, table: Ident, column: Ident) -> Info {
        let key = table_key(self.written(table));
        let folded = fold(name_text(self.written(column)));
        match scope.qualified(&key, &folded) {
            Qualified::NoTable => {
                self.report_unknown_table(scope, table);
                Info::unknown()
            }
            Qualified::NoColumn => {
                self.report_unknown_column(scope, column, Some(&key));
                Info::unknown()
            }
            Qualified::Found(found) => column_info(found),
        }
    }

    /// A name that stands for a member of the select list.
    fn alias(&mut self, scope: &mut Scope<'_, 't>, index: u32, name: Ident) -> Info {
        let state = scope.items.get(index as usize).map(|item| item.state);
        match state {
            Some(ItemState::Running) => {
                self.report_circular_alias(scope, index, name);
                Info { target: Target::Alias(index), ..Info::unknown() }
            }
            Some(ItemState::Waiting) if self.alias_depth >= MAX_ALIAS_DEPTH => {
                let message = "names that refer to each other too deeply";
                self.report(Diagnostic::new(Code::TooDeep, name, message));
                Info::unknown()
            }
            Some(ItemState::Waiting) => {
                self.alias_depth += 1;
                self.item(scope, index);
                self.alias_depth -= 1;
                item_info(scope, index)
            }
            _ => item_info(scope, index),
        }
    }

    /// Types one member of the select list, once.
    pub(super) fn item(&mut self, scope: &mut Scope<'_, 't>, index: u32) {
        let Some(item) = scope.items.get_mut(index as usize) else { return };
        if item.state != ItemState::Waiting {
            return;
        }
        item.state = ItemState::Running;
        let root = item.root;
        self.infer(scope, root, Some(index));
        let ty = self.settle(root);
        let flags = self.typed.get(root.id).flags;
        if let Some(item) = scope.items.get_mut(index as usize) {
            item.state = ItemState::Done { ty, flags };
        }
    }

    /// Chooses the type of a whole expression of which nothing is asked.
    pub(super) fn settle(&mut self, root: Root) -> Option<Type> {
        let info = self.typed.get(root.id);
        let types = self.types(root.id);
        let ty = if info.flags & flag::UNKNOWN != 0 {
            types.single()
        } else if info.flags & flag::RELATIVE != 0 {
            Some(Type::FloatingTimestamp)
        } else {
            types.first()
        };
        self.typed.roots.push((root, ty));
        ty
    }
}

fn column_info(found: Found) -> Info {
    let info = match found.ty {
        Some(ty) => Info::of(TypeSet::one(ty), 0),
        None => Info::unknown(),
    };
    Info { target: found.target, ..info }
}

fn item_info(scope: &Scope<'_, '_>, index: u32) -> Info {
    let info = match scope.items.get(index as usize).map(|item| item.state) {
        Some(ItemState::Done { ty: Some(ty), flags }) => {
            Info::of(TypeSet::one(ty), flags & (flag::AGGREGATE | flag::WINDOW))
        }
        Some(ItemState::Done { ty: None, flags }) => {
            Info::of(TypeSet::ALL, flag::UNKNOWN | flags & (flag::AGGREGATE | flag::WINDOW))
        }
        _ => Info::unknown(),
    };
    Info { target: Target::Alias(index), ..info }
}
