//! The names that the portal gives to result columns without `as`.
//!
//! They become the keys of the user's JSON, so the rule of the reference language is followed to
//! the letter: the words of the expression, joined by underscores that give way to real ones,
//! and a number where the name is taken.

use tule_syntax::ast::{
    Arena, BinaryOp, BoundKind, CallStyle, ExprId, ExprKind, Frame, FrameExclude, FrameUnit,
    Literal, UnaryOp,
};
use tule_syntax::lexer::{is_ident_part, is_ident_start};
use tule_syntax::literal::{name_text, string_value};

/// What the words of operators may take besides what is written.
const ROOM: usize = 16;

/// Stands between words, and gives way to an underscore that is really there.
const SOFT: char = '\u{0}';

/// The name for `expr`, before it is made different from names that are taken.
pub(super) fn base_name(arena: &Arena, text: &str, expr: ExprId) -> String {
    let length = arena.span(expr).len() as usize;
    let mut words = Words { arena, text, out: String::with_capacity(length + ROOM) };
    words.expr(expr);
    filter(&words.out)
}

/// `base`, or `base` with the first free number behind it.
pub(super) fn free_name(base: String, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&base) {
        return base;
    }
    let joint = if base.ends_with(['_', '-']) { "" } else { "_" };
    // Names in scope are finite, so one of as many numbers is free.
    (1..u64::MAX)
        .map(|number| format!("{base}{joint}{number}"))
        .find(|name| !taken(name))
        .unwrap_or(base)
}

fn filter(words: &str) -> String {
    let mut name = String::with_capacity(words.len());
    let mut soft = false;
    for c in words.chars() {
        if c == SOFT || !(is_ident_part(c) || c == '-') {
            soft = true;
            continue;
        }
        let hard = c == '_' || c == '-';
        let at_edge = name.is_empty() || name.ends_with(['_', '-']);
        if soft && !hard && !at_edge {
            name.push('_');
        }
        soft = false;
        name.push(c);
    }
    let first = name.chars().next();
    if !first.is_some_and(|c| c == '-' || is_ident_start(c)) {
        name.insert(0, '_');
    }
    name
}

struct Words<'a> {
    arena: &'a Arena,
    text: &'a str,
    out: String,
}

impl Words<'_> {
    fn word(&mut self, word: &str) {
        self.out.push(SOFT);
        self.out.push_str(word);
    }

    fn all(&mut self, exprs: &[ExprId]) {
        for expr in exprs {
            self.expr(*expr);
        }
    }

    fn expr(&mut self, id: ExprId) {
        let arena = self.arena;
        let text = self.text;
        let span = arena.span(id);
        match arena.expr(id).kind {
            ExprKind::Missing => {}
            ExprKind::Literal(literal) => self.literal(literal, span.text(text)),
            ExprKind::Column(name) | ExprKind::Hole(name) | ExprKind::Param(name) => {
                self.word(name_text(name.text(text)));
            }
            ExprKind::Qualified { table, column } => {
                let table = name_text(table.text(text));
                self.word(&format!("_{}", table.strip_prefix('_').unwrap_or(table)));
                self.word(name_text(column.text(text)));
            }
            ExprKind::UserParam { view, name } => {
                self.word("param");
                if let Some(view) = view {
                    self.word(&name_text(view.text(text)).replace('-', "_"));
                }
                self.word(&string_value(name.text(text)));
            }
            ExprKind::Call { name, style, args, suffix } => {
                let name = name_text(name.text(text));
                match style {
                    CallStyle::Plain => self.word(name),
                    CallStyle::Distinct => self.word(&format!("{}_distinct", name.to_lowercase())),
                    CallStyle::Star => {
                        self.word(name);
                        self.out.push_str("/*");
                    }
                }
                self.all(arena.list(args));
                if let Some(suffix) = suffix.and_then(|id| arena.suffix(id)) {
                    self.suffix(suffix);
                }
            }
            ExprKind::Unary { op, operand } => {
                match op {
                    UnaryOp::Minus => {}
                    UnaryOp::Plus => self.word("+"),
                    UnaryOp::Not => self.word("NOT"),
                }
                self.expr(operand);
            }
            ExprKind::Binary { op, left, right, .. } => {
                self.expr(left);
                if op != BinaryOp::Subtract {
                    self.word(op.text());
                }
                self.expr(right);
            }
            ExprKind::Chain { op, operands } => {
                for (index, operand) in arena.list(operands).iter().enumerate() {
                    if index > 0 {
                        self.word(op.text());
                    }
                    self.expr(*operand);
                }
            }
            ExprKind::Cast { operand, ty } => {
                self.expr(operand);
                self.word(name_text(ty.text(text)));
            }
            ExprKind::Field { operand, name } => {
                self.expr(operand);
                self.word("[]");
                self.word(name_text(name.text(text)));
            }
            ExprKind::Index { operand, index } => {
                self.expr(operand);
                self.word("[]");
                self.expr(index);
            }
            ExprKind::IsNull { operand, negated } => {
                self.expr(operand);
                self.word(if negated { "is not null" } else { "is null" });
            }
            ExprKind::IsDistinct { left, right, negated } => {
                self.expr(left);
                self.word(if negated { "is not distinct from" } else { "is distinct from" });
                self.expr(right);
            }
            ExprKind::Like { operand, pattern, negated, caseless } => {
                self.word(match (negated, caseless) {
                    (false, false) => "#LIKE",
                    (true, false) => "#NOT_LIKE",
                    (false, true) => "#ILIKE",
                    (true, true) => "#NOT_ILIKE",
                });
                self.expr(operand);
                self.expr(pattern);
            }
            ExprKind::Between { operands, negated } => {
                let [operand, low, high] = arena.list(operands) else { return };
                self.expr(*operand);
                self.word(if negated { "not between" } else { "between" });
                self.expr(*low);
                self.word("and");
                self.expr(*high);
            }
            ExprKind::In { operands, negated } => {
                self.word(if negated { "#NOT_IN" } else { "#IN" });
                self.all(arena.list(operands));
            }
            ExprKind::Case { subject, arms, otherwise } => {
                self.word("case");
                if let Some(subject) = subject {
                    self.expr(subject);
                }
                for arm in arena.list(arms).chunks(2) {
                    let [condition, value] = arm else { continue };
                    self.word("when");
                    self.expr(*condition);
                    self.word("then");
                    self.expr(*value);
                }
                if let Some(otherwise) = otherwise {
                    self.word("else");
                    self.expr(otherwise);
                }
                self.word("end");
            }
            ExprKind::Paren(inner) => {
                self.word("()");
                self.expr(inner);
            }
        }
    }

    fn literal(&mut self, literal: Literal, written: &str) {
        match literal {
            Literal::Integer => {
                let digits = written.trim_start_matches('0');
                self.word(if digits.is_empty() { "0" } else { digits });
            }
            Literal::Number => self.word(&plain_decimal(written)),
            Literal::String | Literal::DoubleString => {
                let quoted = serde_json::Value::from(string_value(written)).to_string();
                self.word(&quoted);
            }
            Literal::True => self.word("TRUE"),
            Literal::False => self.word("FALSE"),
            Literal::Null => self.word("null"),
        }
    }

    fn suffix(&mut self, suffix: &tule_syntax::ast::Suffix) {
        if let Some(condition) = suffix.filter.and_then(|filter| filter.condition) {
            self.expr(condition);
        }
        let Some(window) = &suffix.over else { return };
        self.word("over");
        let partition = self.arena.list(window.partition);
        if !partition.is_empty() {
            self.word("partition_by");
            self.all(partition);
        }
        if !window.order.is_empty() {
            self.word("order_by");
            for item in &window.order {
                self.expr(item.expr.id);
            }
        }
        if let Some(frame) = &window.frame {
            self.frame(frame);
        }
    }

    fn frame(&mut self, frame: &Frame) {
        self.word(match frame.unit {
            FrameUnit::Range => "RANGE",
            FrameUnit::Rows => "ROWS",
            FrameUnit::Groups => "GROUPS",
        });
        if let Some(end) = frame.end {
            self.word("BETWEEN");
            self.bound(frame.start.kind);
            self.word("AND");
            self.bound(end.kind);
        } else {
            self.bound(frame.start.kind);
        }
        if let Some(exclude) = frame.exclude {
            self.word("EXCLUDE");
            self.word(match exclude {
                FrameExclude::CurrentRow => "CURRENT ROW",
                FrameExclude::Group => "GROUP",
                FrameExclude::Ties => "TIES",
                FrameExclude::NoOthers => "NO OTHERS",
            });
        }
    }

    fn bound(&mut self, bound: BoundKind) {
        match bound {
            BoundKind::UnboundedPreceding => self.word("UNBOUNDED PRECEDING"),
            BoundKind::UnboundedFollowing => self.word("UNBOUNDED FOLLOWING"),
            BoundKind::CurrentRow => self.word("CURRENT ROW"),
            BoundKind::Preceding(count) => {
                self.word(count.text(self.text));
                self.word("PRECEDING");
            }
            BoundKind::Following(count) => {
                self.word(count.text(self.text));
                self.word("FOLLOWING");
            }
        }
    }
}

/// A number with its exponent worked out: `1.5e3` is `1500`.
fn plain_decimal(written: &str) -> String {
    let Some((mantissa, exponent)) = written.split_once(['e', 'E']) else {
        return written.trim_end_matches('.').to_owned();
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // Beyond this a plain decimal would be longer than any name.
    let Some(shift) = exponent.parse::<i32>().ok().filter(|shift| shift.abs() <= 400) else {
        return written.to_owned();
    };
    let digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).unwrap_or(0) + shift;
    match usize::try_from(point) {
        Ok(point) if point >= digits.len() => format!("{digits:0<point$}"),
        Ok(point) if point > 0 => {
            let (left, right) = digits.split_at(point);
            format!("{left}.{right}")
        }
        _ => format!("0.{}{digits}", "0".repeat(usize::try_from(-point).unwrap_or(0))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn name(expression: &str, expected: &str) {
        let text = format!("select {expression}");
        let parsed = tule_syntax::parser::parse_one(&text);
        assert_eq!(parsed.errors, []);
        let query = parsed.statement.query.unwrap();
        let select = query.first.as_leaf().unwrap();
        let Some(tule_syntax::ast::SelectItem::Expr { expr, .. }) = select.items.first() else {
            panic!("no expression in {text}")
        };
        assert_eq!(base_name(&parsed.statement.arena, &text, expr.id), expected, "{expression}");
    }

    #[test]
    fn the_examples_of_the_reference() {
        name("count(*)", "count");
        name("sum(x)", "sum_x");
        name("SUM(x)", "SUM_x");
        name("count(distinct x)", "count_distinct_x");
        name("sum(@a1.:id)", "sum_a1_id");
        name("a::number", "a_number");
        name("a and b", "a_AND_b");
        name("date_trunc_ym(d)", "date_trunc_ym_d");
        name("loc.latitude", "loc_latitude");
        name("-c", "c");
        name("(a)", "a");
        name("a + b", "a_b");
        name("1 + num", "_1_num");
        name(":id - 1", "id_1");
        name("name like 'A%'", "LIKE_name_A");
        name("x in (1, 2)", "IN_x_1_2");
        name("row_number() over (partition by a, 2)", "row_number_over_partition_by_a_2");
        name("max(x) filter (where true)", "max_x_TRUE");
    }

    #[test]
    fn numbers_are_written_plainly() {
        for (written, plain) in
            [("1.5e3", "1500"), ("1.5e0", "1.5"), ("15e-3", "0.015"), ("1.", "1"), ("2e2", "200")]
        {
            assert_eq!(plain_decimal(written), plain);
        }
    }

    #[test]
    fn a_taken_name_gets_the_first_free_number() {
        let taken = ["count", "count_1", "x_"];
        let name = |base: &str| free_name(base.to_owned(), |name| taken.contains(&name));
        assert_eq!(name("count"), "count_2");
        assert_eq!(name("x_"), "x_1");
        assert_eq!(name("free"), "free");
    }
}
