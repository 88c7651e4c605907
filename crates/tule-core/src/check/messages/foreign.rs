//! Calls of functions of other dialects, translated.

use tule_syntax::ast::{BinaryOp, ExprId, ExprKind, Ident};

use super::Checker;
use super::dialects::{ANY, FOREIGN_FUNCTIONS, Foreign, with_unit};
use crate::diagnostics::{Applicability, Code, Diagnostic};

impl Checker<'_> {
    /// Reports a call of a function that another dialect has; `false` if none is known to.
    pub(in crate::check) fn report_foreign_function(
        &mut self,
        id: ExprId,
        name: Ident,
        folded: &str,
    ) -> bool {
        let Some(foreign) = FOREIGN_FUNCTIONS.iter().find(|known| known.name == folded) else {
            return false;
        };
        let ExprKind::Call { args, suffix: None, .. } = self.arena.expr(id).kind else {
            return false;
        };
        let args = self.arena.list(args);
        let written = self.written(name);
        let message = format!("`{written}` is a function of another dialect");
        let diagnostic = Diagnostic::new(Code::ForeignSyntax, name, message);
        let texts: Vec<&str> = args.iter().map(|arg| self.written(self.arena.span(*arg))).collect();
        let by_unit = with_unit(foreign.name, &texts);
        let faithful = foreign.faithful;
        let diagnostic = match by_unit.or_else(|| self.translated(id, foreign, args)) {
            Some(better) => {
                let how = if faithful { Applicability::Safe } else { Applicability::Unsafe };
                let span = self.arena.span(id);
                diagnostic.help(format!("here it is written `{better}`")).fix(
                    how,
                    format!("write `{better}`"),
                    span,
                    better,
                )
            }
            None => diagnostic.help(format!("here it is written `{}`", foreign.here)),
        };
        self.report(diagnostic);
        true
    }

    fn translated(&self, id: ExprId, foreign: &Foreign, args: &[ExprId]) -> Option<String> {
        let fits =
            |(count, _): &&(usize, &str)| *count == args.len() || *count == ANY && args.len() > 1;
        let (_, form) = foreign.forms.iter().find(fits)?;
        let plain = |id: ExprId| self.written(self.arena.span(id)).to_owned();
        let operand = |id: ExprId| {
            if self.is_atom(id) { plain(id) } else { format!("({})", plain(id)) }
        };
        let mut text = (*form).to_owned();
        if form.contains("{*}") {
            let all: Vec<String> = args.iter().map(|arg| operand(*arg)).collect();
            text = text.replace("{*}", &all.join(" || "));
        }
        // Arguments go in once the places are known, so that what they hold is not replaced.
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['{', '[']) {
            let place = rest.get(at..at + 3)?;
            let index = place.get(1..2)?.parse::<usize>();
            let closed = matches!(place.as_bytes(), [b'{', _, b'}'] | [b'[', _, b']']);
            match index.ok().filter(|_| closed && !form.contains("{*}")) {
                Some(index) => {
                    let arg = *args.get(index)?;
                    out.push_str(rest.get(..at)?);
                    out.push_str(&if place.starts_with('{') { plain(arg) } else { operand(arg) });
                    rest = rest.get(at + 3..)?;
                }
                None => break,
            }
        }
        out.push_str(rest);
        let loose = form.contains("] ") || form.contains(" ^") || form.contains("{*}");
        Some(if loose && self.is_operand(id) { format!("({out})") } else { out })
    }

    /// Whether an expression may stand beside any operator without parentheses.
    fn is_atom(&self, id: ExprId) -> bool {
        matches!(
            self.arena.expr(id).kind,
            ExprKind::Literal(_)
                | ExprKind::Column(_)
                | ExprKind::Qualified { .. }
                | ExprKind::Param(_)
                | ExprKind::Call { .. }
                | ExprKind::Paren(_)
                | ExprKind::Field { .. }
        )
    }

    /// Whether an expression stands beside an operator that binds as tightly as arithmetic.
    fn is_operand(&self, id: ExprId) -> bool {
        self.parent(id).is_some_and(|parent| match self.arena.expr(parent).kind {
            ExprKind::Binary { op, .. } => op as u8 > BinaryOp::GreaterEqual as u8,
            ExprKind::Cast { .. }
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::Unary { .. } => true,
            _ => false,
        })
    }
}
