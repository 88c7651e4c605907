//! How a statement was parsed, written with every parenthesis.

use std::fmt::Write as _;

use tule_syntax::ast::{
    Arena, Atom, BoundKind, CallStyle, Compound, ExprId, ExprKind, Frame, FrameExclude, FrameUnit,
    OrderItem, SelectItem, Statement, Suffix, Window,
};
use tule_syntax::span::Span;

/// The query of a statement: its selects by their select lists, every operator with its operands
/// in parentheses, words in lower case.
#[must_use]
pub fn form(statement: &Statement, text: &str) -> String {
    let writer = Writer { arena: &statement.arena, text };
    statement.query.as_ref().map_or_else(String::new, |query| writer.compound(query))
}

struct Writer<'a> {
    arena: &'a Arena,
    text: &'a str,
}

impl Writer<'_> {
    fn compound(&self, compound: &Compound) -> String {
        compound.rest.iter().fold(self.atom(&compound.first), |left, step| {
            format!("({left} {} {})", step.op.text(), self.atom(&step.right))
        })
    }

    fn atom(&self, atom: &Atom) -> String {
        let select = match atom {
            Atom::Paren(compound, _) => return self.compound(compound),
            Atom::Select(select) => select,
        };
        let items = select.items.iter().map(|item| match item {
            SelectItem::Star(star) => self.written(star.span).to_owned(),
            SelectItem::Expr { expr, .. } => self.expr(expr.id),
        });
        items.collect::<Vec<_>>().join(", ")
    }

    fn written(&self, span: Span) -> &str {
        span.text(self.text)
    }

    fn list(&self, exprs: &[ExprId]) -> String {
        exprs.iter().map(|expr| self.expr(*expr)).collect::<Vec<_>>().join(", ")
    }

    fn expr(&self, id: ExprId) -> String {
        let negation = |negated: bool| if negated { "not " } else { "" };
        match self.arena.expr(id).kind {
            ExprKind::Missing => "?".to_owned(),
            ExprKind::Literal(_)
            | ExprKind::Column(_)
            | ExprKind::Qualified { .. }
            | ExprKind::Param(_)
            | ExprKind::Hole(_)
            | ExprKind::UserParam { .. } => self.written(self.arena.span(id)).to_owned(),
            ExprKind::Call { name, style, args, suffix } => {
                let args = self.list(self.arena.list(args));
                let args = match style {
                    CallStyle::Plain => args,
                    CallStyle::Distinct => format!("distinct {args}"),
                    CallStyle::Star => "*".to_owned(),
                };
                let suffix = suffix.and_then(|suffix| self.arena.suffix(suffix));
                let suffix = suffix.map_or_else(String::new, |suffix| self.suffix(suffix));
                format!("{}({args}){suffix}", self.written(name))
            }
            ExprKind::Unary { op, operand } => {
                let word = op.text().to_lowercase();
                let space = if word == "not" { " " } else { "" };
                format!("({word}{space}{})", self.expr(operand))
            }
            ExprKind::Binary { op, left, right, .. } => {
                format!("({} {} {})", self.expr(left), op.text(), self.expr(right))
            }
            ExprKind::Chain { op, operands } => {
                let operands = self.arena.list(operands).iter().map(|operand| self.expr(*operand));
                let word = format!(" {} ", op.text().to_lowercase());
                format!("({})", operands.collect::<Vec<_>>().join(&word))
            }
            ExprKind::Cast { operand, ty } => {
                format!("({}::{})", self.expr(operand), self.written(ty))
            }
            ExprKind::Field { operand, name } => {
                format!("({}.{})", self.expr(operand), self.written(name))
            }
            ExprKind::Index { operand, index } => {
                format!("({}[{}])", self.expr(operand), self.expr(index))
            }
            ExprKind::IsNull { operand, negated } => {
                format!("({} is {}null)", self.expr(operand), negation(negated))
            }
            ExprKind::IsDistinct { left, right, negated } => {
                let (left, right) = (self.expr(left), self.expr(right));
                format!("({left} is {}distinct from {right})", negation(negated))
            }
            ExprKind::Like { operand, pattern, negated, caseless } => {
                let word = if caseless { "ilike" } else { "like" };
                let (operand, pattern) = (self.expr(operand), self.expr(pattern));
                format!("({operand} {}{word} {pattern})", negation(negated))
            }
            ExprKind::Between { operands, negated } => {
                let [operand, low, high] = self.arena.list(operands) else { return String::new() };
                let (low, high) = (self.expr(*low), self.expr(*high));
                format!("({} {}between {low} and {high})", self.expr(*operand), negation(negated))
            }
            ExprKind::In { operands, negated } => {
                let [operand, items @ ..] = self.arena.list(operands) else { return String::new() };
                let items = self.list(items);
                format!("({} {}in ({items}))", self.expr(*operand), negation(negated))
            }
            ExprKind::Case { subject, arms, otherwise } => {
                let mut out = "case".to_owned();
                if let Some(subject) = subject {
                    let _ = write!(out, " {}", self.expr(subject));
                }
                for arm in self.arena.list(arms).chunks(2) {
                    let [condition, value] = arm else { continue };
                    let _ =
                        write!(out, " when {} then {}", self.expr(*condition), self.expr(*value));
                }
                if let Some(otherwise) = otherwise {
                    let _ = write!(out, " else {}", self.expr(otherwise));
                }
                out + " end"
            }
            ExprKind::Paren(inner) => {
                let inner = self.expr(inner);
                if inner.starts_with('(') { inner } else { format!("({inner})") }
            }
        }
    }

    fn suffix(&self, suffix: &Suffix) -> String {
        let mut out = String::new();
        if let Some(filter) = &suffix.filter {
            let condition = filter.condition.map(|condition| self.expr(condition));
            let condition = condition.map_or_else(String::new, |text| format!("where {text}"));
            let _ = write!(out, " filter ({condition})");
        }
        if let Some(window) = &suffix.over {
            let _ = write!(out, " over ({})", self.window(window));
        }
        out
    }

    fn window(&self, window: &Window) -> String {
        let mut parts = Vec::new();
        let partition = self.arena.list(window.partition);
        if !partition.is_empty() {
            parts.push(format!("partition by {}", self.list(partition)));
        }
        if !window.order.is_empty() {
            let order: Vec<_> = window.order.iter().map(|item| self.order(item)).collect();
            parts.push(format!("order by {}", order.join(", ")));
        }
        if let Some(frame) = &window.frame {
            parts.push(self.frame(frame));
        }
        parts.join(" ")
    }

    fn order(&self, item: &OrderItem) -> String {
        let nulls = match item.nulls_first {
            Some(true) => " nulls first",
            Some(false) => " nulls last",
            None => "",
        };
        let direction = if item.descending { " desc" } else { "" };
        format!("{}{direction}{nulls}", self.expr(item.expr.id))
    }

    fn frame(&self, frame: &Frame) -> String {
        let unit = match frame.unit {
            FrameUnit::Range => "range",
            FrameUnit::Rows => "rows",
            FrameUnit::Groups => "groups",
        };
        let start = self.bound(frame.start.kind);
        let bounds = match frame.end {
            Some(end) => format!("between {start} and {}", self.bound(end.kind)),
            None => start,
        };
        let exclude = match frame.exclude {
            None => "",
            Some(FrameExclude::CurrentRow) => " exclude current row",
            Some(FrameExclude::Group) => " exclude group",
            Some(FrameExclude::Ties) => " exclude ties",
            Some(FrameExclude::NoOthers) => " exclude no others",
        };
        format!("{unit} {bounds}{exclude}")
    }

    fn bound(&self, bound: BoundKind) -> String {
        match bound {
            BoundKind::UnboundedPreceding => "unbounded preceding".to_owned(),
            BoundKind::Preceding(count) => format!("{} preceding", self.written(count)),
            BoundKind::CurrentRow => "current row".to_owned(),
            BoundKind::Following(count) => format!("{} following", self.written(count)),
            BoundKind::UnboundedFollowing => "unbounded following".to_owned(),
        }
    }
}
