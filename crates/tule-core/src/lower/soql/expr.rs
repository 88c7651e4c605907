//! Expressions as `SoQL` text.

use tule_syntax::ast::{
    BoundKind, CallStyle, ChainOp, ExprId, ExprKind, Frame, FrameExclude, FrameUnit, Ident, Suffix,
    SuffixId, UnaryOp,
};
use tule_syntax::literal::quote_string;

use super::{MAX_TEXT, Writer};
use crate::diagnostics::{Code, Diagnostic};
use crate::lower::text::Text;
use crate::plan::Value;
use crate::types::Type;

impl Writer<'_> {
    pub(super) fn list(&mut self, exprs: &[ExprId], anchored: bool, out: &mut Text) {
        for (index, expr) in exprs.iter().enumerate() {
            if index > 0 {
                out.raw(", ");
            }
            self.expr(*expr, anchored, out);
        }
    }

    /// `anchored`: something beside the expression fixes its type, so a plain literal will do.
    pub(in crate::lower) fn expr(&mut self, id: ExprId, anchored: bool, out: &mut Text) {
        if out.len() > MAX_TEXT || self.full {
            if !self.full {
                self.full = true;
                let message = "the query grows too long when it is rewritten for the portal";
                self.faults.push(Diagnostic::new(
                    Code::NotOnThisPortal,
                    self.arena.span(id),
                    message,
                ));
            }
            return;
        }
        let arena = self.arena;
        match arena.expr(id).kind {
            ExprKind::Missing => {}
            ExprKind::Literal(_)
            | ExprKind::Column(_)
            | ExprKind::Qualified { .. }
            | ExprKind::Hole(_)
            | ExprKind::UserParam { .. } => self.token(out, arena.span(id)),
            ExprKind::Param(name) if self.open => self.token(out, name),
            ExprKind::Param(name) => {
                if let Some(value) = self.plan.value(self.written(name)) {
                    out.mapped(&constant(value, anchored), name);
                }
            }
            ExprKind::Call { .. } | ExprKind::Binary { .. } if self.relative(id, anchored, out) => {
            }
            ExprKind::Call { name, style, args, suffix } => {
                self.call(name, style, arena.list(args), suffix, out);
            }
            ExprKind::Unary { op, operand } => self.unary(op, operand, out),
            ExprKind::Binary { op, op_span, left, right } => {
                self.expr(left, self.anchors(right), out);
                out.raw(" ");
                out.mapped(op.text(), op_span);
                out.raw(" ");
                self.expr(right, self.anchors(left), out);
            }
            ExprKind::Chain { op, operands } => {
                for (index, operand) in arena.list(operands).iter().enumerate() {
                    if index > 0 {
                        out.raw(match op {
                            ChainOp::And => " and ",
                            ChainOp::Or => " or ",
                        });
                    }
                    self.expr(*operand, false, out);
                }
            }
            ExprKind::Cast { operand, ty } => {
                self.expr(operand, true, out);
                out.raw("::");
                self.token(out, ty);
            }
            ExprKind::Field { operand, name } => {
                self.expr(operand, false, out);
                // `1.x` would read as the number `1.`.
                let number = matches!(arena.expr(operand).kind, ExprKind::Literal(_));
                out.raw(if number { " ." } else { "." });
                self.token(out, name);
            }
            ExprKind::Index { operand, index } => {
                self.expr(operand, false, out);
                out.raw("[");
                self.expr(index, true, out);
                out.raw("]");
            }
            ExprKind::Case { subject, arms, otherwise } => {
                self.case(subject, arena.list(arms), otherwise, out);
            }
            ExprKind::Paren(inner) => {
                out.raw("(");
                self.expr(inner, anchored, out);
                out.raw(")");
            }
            ExprKind::IsNull { .. }
            | ExprKind::IsDistinct { .. }
            | ExprKind::Like { .. }
            | ExprKind::Between { .. }
            | ExprKind::In { .. } => self.test(id, out),
        }
    }

    fn call(
        &mut self,
        name: Ident,
        style: CallStyle,
        args: &[ExprId],
        suffix: Option<SuffixId>,
        out: &mut Text,
    ) {
        self.token(out, name);
        out.raw(match style {
            CallStyle::Plain => "(",
            CallStyle::Distinct => "(distinct ",
            CallStyle::Star => "(*",
        });
        self.list(args, true, out);
        out.raw(")");
        if let Some(suffix) = suffix.and_then(|id| self.arena.suffix(id)) {
            self.suffix(suffix, out);
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: ExprId, out: &mut Text) {
        out.raw(match op {
            UnaryOp::Plus => "+",
            UnaryOp::Minus => "-",
            UnaryOp::Not => "not ",
        });
        let mut inner = Text::default();
        self.expr(operand, false, &mut inner);
        // Two dashes would begin a comment.
        if inner.as_str().starts_with(['-', '+']) {
            out.raw(" ");
        }
        out.append(inner);
    }

    /// IS, LIKE, BETWEEN and IN.
    fn test(&mut self, id: ExprId, out: &mut Text) {
        match self.arena.expr(id).kind {
            ExprKind::IsNull { operand, negated } => {
                self.expr(operand, false, out);
                out.raw(if negated { " is not null" } else { " is null" });
            }
            ExprKind::IsDistinct { left, right, negated } => {
                self.is_distinct(left, right, negated, out);
            }
            ExprKind::Like { operand, pattern, negated, caseless } => {
                let (open, close) = if caseless { ("upper(", ")") } else { ("", "") };
                out.raw(open);
                self.expr(operand, false, out);
                out.raw(close);
                out.raw(if negated { " not like " } else { " like " });
                out.raw(open);
                self.expr(pattern, true, out);
                out.raw(close);
            }
            ExprKind::Between { operands, negated } => {
                let [operand, low, high] = self.arena.list(operands) else { return };
                let anchor = self.anchors(*operand);
                self.expr(*operand, self.anchors(*low), out);
                out.raw(if negated { " not between " } else { " between " });
                self.expr(*low, anchor, out);
                out.raw(" and ");
                self.expr(*high, anchor, out);
            }
            ExprKind::In { operands, negated } => {
                let [operand, items @ ..] = self.arena.list(operands) else { return };
                let anchor = self.anchors(*operand);
                self.expr(*operand, false, out);
                out.raw(if negated { " not in (" } else { " in (" });
                self.list(items, anchor, out);
                out.raw(")");
            }
            _ => {}
        }
    }

    fn case(
        &mut self,
        subject: Option<ExprId>,
        arms: &[ExprId],
        otherwise: Option<ExprId>,
        out: &mut Text,
    ) {
        out.raw("case");
        for arm in arms.chunks(2) {
            let [condition, value] = arm else { continue };
            out.raw(" when ");
            if let Some(subject) = subject {
                self.operand(subject, out);
                out.raw(" = ");
                self.operand(*condition, out);
            } else {
                self.expr(*condition, false, out);
            }
            out.raw(" then ");
            self.expr(*value, false, out);
        }
        if let Some(otherwise) = otherwise {
            out.raw(" else ");
            self.expr(otherwise, false, out);
        }
        out.raw(" end");
    }

    /// Whether `id` has a type of its own, whatever stands beside it.
    fn anchors(&self, id: ExprId) -> bool {
        !matches!(
            self.arena.expr(self.arena.strip(id)).kind,
            ExprKind::Literal(_) | ExprKind::Param(_) | ExprKind::Missing
        )
    }

    /// An operand of a comparison that was not there in the source: in parentheses unless it is
    /// a single word.
    fn operand(&mut self, id: ExprId, out: &mut Text) {
        let simple = matches!(
            self.arena.expr(id).kind,
            ExprKind::Literal(_)
                | ExprKind::Column(_)
                | ExprKind::Qualified { .. }
                | ExprKind::Call { .. }
                | ExprKind::Paren(_)
                | ExprKind::Param(_)
        );
        if !simple {
            out.raw("(");
        }
        self.expr(id, true, out);
        if !simple {
            out.raw(")");
        }
    }

    /// Two-valued comparison: null equals null and nothing else.
    fn is_distinct(&mut self, left: ExprId, right: ExprId, negated: bool, out: &mut Text) {
        out.raw("coalesce(");
        self.operand(left, out);
        out.raw(if negated { " = " } else { " != " });
        self.operand(right, out);
        out.raw(if negated { ", " } else { ", not (" });
        self.operand(left, out);
        out.raw(" is null and ");
        self.operand(right, out);
        out.raw(if negated { " is null)" } else { " is null))" });
    }

    /// `today() - 30` and the like; gives whether it was one.
    fn relative(&self, id: ExprId, anchored: bool, out: &mut Text) -> bool {
        let ty = self.resolved.node(id).ty.unwrap_or(Type::FloatingTimestamp);
        let Some(text) = self.plan.relative(id, ty) else { return false };
        if self.open {
            self.token(out, self.arena.span(id));
            return true;
        }
        let value = Value { ty, text: Some(text) };
        out.mapped(&constant(&value, anchored), self.arena.span(id));
        true
    }

    fn suffix(&mut self, suffix: &Suffix, out: &mut Text) {
        if let Some(filter) = &suffix.filter {
            out.raw(" filter (");
            if let Some(condition) = filter.condition {
                out.raw("where ");
                self.expr(condition, false, out);
            }
            out.raw(")");
        }
        let Some(window) = &suffix.over else { return };
        out.raw(" over (");
        let mut space = "";
        let partition = self.arena.list(window.partition);
        if !partition.is_empty() {
            out.raw("partition by ");
            self.list(partition, false, out);
            space = " ";
        }
        if !window.order.is_empty() {
            out.raw(space);
            out.raw("order by ");
            out.append(self.order(&window.order));
            space = " ";
        }
        if let Some(frame) = &window.frame {
            out.raw(space);
            self.frame(frame, out);
        }
        out.raw(")");
    }

    fn frame(&self, frame: &Frame, out: &mut Text) {
        out.raw(match frame.unit {
            FrameUnit::Range => "range ",
            FrameUnit::Rows => "rows ",
            FrameUnit::Groups => "groups ",
        });
        if let Some(end) = frame.end {
            out.raw("between ");
            self.bound(frame.start.kind, out);
            out.raw(" and ");
            self.bound(end.kind, out);
        } else {
            self.bound(frame.start.kind, out);
        }
        out.raw(match frame.exclude {
            None => "",
            Some(FrameExclude::CurrentRow) => " exclude current row",
            Some(FrameExclude::Group) => " exclude group",
            Some(FrameExclude::Ties) => " exclude ties",
            Some(FrameExclude::NoOthers) => " exclude no others",
        });
    }

    fn bound(&self, bound: BoundKind, out: &mut Text) {
        match bound {
            BoundKind::UnboundedPreceding => out.raw("unbounded preceding"),
            BoundKind::UnboundedFollowing => out.raw("unbounded following"),
            BoundKind::CurrentRow => out.raw("current row"),
            BoundKind::Preceding(count) => {
                self.token(out, count);
                out.raw(" preceding");
            }
            BoundKind::Following(count) => {
                self.token(out, count);
                out.raw(" following");
            }
        }
    }
}

/// A value as a literal. Where nothing beside it fixes its type, a cast does.
fn constant(value: &Value, anchored: bool) -> String {
    let Some(text) = &value.text else { return format!("null::{}", value.ty) };
    match value.ty {
        Type::Text => quote_string(text),
        Type::Number | Type::Double => {
            let plain = text.strip_prefix('+').unwrap_or(text);
            let number =
                if plain.starts_with('-') { format!("({plain})") } else { plain.to_owned() };
            if value.ty == Type::Double && !anchored { format!("{number}::double") } else { number }
        }
        Type::Boolean => {
            let truth = text.eq_ignore_ascii_case("true") || text == "1";
            if truth { "true" } else { "false" }.to_owned()
        }
        ty if anchored && ty != Type::Json => quote_string(text),
        ty => format!("{}::{ty}", quote_string(text)),
    }
}
