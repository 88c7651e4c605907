//! The wording of type errors.

mod dates;
mod dialects;
mod foreign;
mod literals;
mod names;
mod places;
mod words;

pub(crate) use dates::unquoted_date;
pub(crate) use dialects::{foreign_type, with_unit};

use tule_syntax::ast::{ExprId, ExprKind, Ident, Literal};
use tule_syntax::literal::name_text;

use super::Checker;
use super::overload::Misfit;
use super::typed::{Target, flag};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::fold;
use crate::types::{Type, TypeSet};

/// What applies a function, for messages.
#[derive(Clone, Copy, Debug)]
pub(in crate::check) enum Applied {
    /// An operator.
    Operator(&'static str),
    /// A comparison: its operands share one type.
    Compare(&'static str),
    /// A call by this name.
    Call(Ident),
    /// `x[key]`
    Subscript,
    /// The values of a CASE.
    Branches,
}

/// `text`, `text or number`, or a class where the list would be long.
pub(in crate::check) fn type_list(types: TypeSet) -> String {
    let named = [
        (TypeSet::GEOSPATIAL, "a geometry"),
        (TypeSet::ORDERED, "a value with an order"),
        (TypeSet::EQUATABLE, "a value that can be compared"),
    ];
    if let Some((_, name)) = named.iter().find(|(class, _)| *class == types) {
        return (*name).to_owned();
    }
    if types.len() > 4 {
        return "another type".to_owned();
    }
    let names: Vec<&str> = types.iter().map(Type::name).collect();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [only] => (*only).to_owned(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}

/// How many nodes behind an expression the one around it is looked for.
const NEARBY: u32 = 64;

impl Checker<'_> {
    /// The expression around `id`, unless much stands between.
    fn parent(&self, id: ExprId) -> Option<ExprId> {
        let last = id.0.saturating_add(NEARBY).min(u32::try_from(self.arena.len()).ok()?);
        (id.0 + 1..last).map(ExprId).find(|parent| {
            let mut is_parent = false;
            self.arena.children(*parent, |child| is_parent |= child == id);
            is_parent
        })
    }

    pub(in crate::check) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// An expression as written, shortened for a message.
    pub(in crate::check) fn excerpt(&self, id: ExprId) -> String {
        let written = self.written(self.arena.span(id));
        let mut line: String = written.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() > 40 {
            line = line.chars().take(37).collect::<String>() + "...";
        }
        line
    }

    /// `text`, or what kind of literal it is.
    fn type_of(&self, id: ExprId) -> String {
        let literal = self.typed.get(id).flags & flag::LITERAL != 0;
        if !literal {
            return type_list(self.types(id));
        }
        match self.arena.expr(self.arena.strip(id)).kind {
            ExprKind::Literal(Literal::Null) => "null",
            ExprKind::Literal(Literal::Integer | Literal::Number) => "a number",
            _ => "text",
        }
        .to_owned()
    }

    /// Where the type of a column comes from.
    fn evidence(&self, id: ExprId) -> Option<String> {
        let id = self.arena.strip(id);
        let Target::Column { column: key, outer: 0, .. } = self.typed.target(id) else {
            return None;
        };
        let written = name_text(match self.arena.expr(id).kind {
            ExprKind::Column(name) => self.written(name),
            ExprKind::Qualified { column, .. } => self.written(column),
            _ => return None,
        });
        // The key is the column's position in its dataset; the name tells datasets apart.
        let folded = fold(written);
        let (dataset, column) = self.typed.datasets.iter().find_map(|(_, dataset)| {
            let (position, column) = dataset.column(&folded)?;
            (u32::try_from(position) == Ok(key)).then_some((dataset, column))
        })?;
        dataset.type_evidence(column)
    }

    /// No overload fits: say which argument is at fault and why.
    pub(in crate::check) fn report_misfit(
        &mut self,
        misfit: Misfit,
        args: &[ExprId],
        applied: Applied,
    ) {
        let misfit = self.at_literal(misfit, args, applied);
        let Some(&at) = args.get(misfit.argument) else { return };
        if self.typed.get(at).flags & flag::UNKNOWN != 0 && self.types(at) == TypeSet::ALL {
            return;
        }
        let own = match applied {
            Applied::Call(name) => self.misplaced(misfit, at, name),
            _ => None,
        };
        if let Some(own) = own {
            return self.report(own);
        }
        let own = self.date_pattern(args, applied).or_else(|| self.chained(args, applied));
        let own = own.or_else(|| self.wrong_literal(at, misfit.expected, args));
        if let Some(mut own) = own {
            own.notes.extend(args.iter().find_map(|arg| self.evidence(*arg)));
            return self.report(own);
        }
        let span = self.arena.span(at);
        let (this, ty) = (self.excerpt(at), self.type_of(at));
        let wanted = type_list(misfit.expected);
        let message = match applied {
            Applied::Compare(_) | Applied::Branches if misfit.argument > 0 => {
                let first = self.partner(args, misfit);
                format!("`{this}` is {ty}, but {first}")
            }
            Applied::Compare(op) => format!("`{op}` needs {wanted}, `{this}` is {ty}"),
            Applied::Branches => format!("the values of `case` are of one type, `{this}` is {ty}"),
            Applied::Operator(op) => format!("`{op}` takes {wanted} here, `{this}` is {ty}"),
            Applied::Call(name) => {
                format!("`{}` takes {wanted} here, `{this}` is {ty}", self.written(name))
            }
            Applied::Subscript => format!("`[...]` needs json, `{this}` is {ty}"),
        };
        let mut diagnostic = Diagnostic::new(Code::TypeMismatch, span, message);
        for arg in args {
            if let Some(evidence) = self.evidence(*arg) {
                diagnostic = diagnostic.note(evidence);
                break;
            }
        }
        let diagnostic = self.with_order_repair(diagnostic, at, args, applied);
        let diagnostic = self.with_repair(diagnostic, at, misfit.expected, applied);
        self.report(diagnostic);
    }

    /// The misfit with the literal at fault rather than the column beside it, whichever side it
    /// stands on.
    fn at_literal(&self, misfit: Misfit, args: &[ExprId], applied: Applied) -> Misfit {
        let literal = |id: ExprId| self.typed.get(id).flags & flag::LITERAL != 0;
        let (Applied::Compare(_), [first, second]) = (applied, args) else { return misfit };
        let types = self.types(*second);
        if misfit.argument != 1 || !literal(*first) || literal(*second) || types.len() != 1 {
            return misfit;
        }
        Misfit { argument: 0, expected: types }
    }

    fn partner(&self, args: &[ExprId], misfit: Misfit) -> String {
        let other = args
            .iter()
            .take(misfit.argument)
            .find(|arg| self.typed.get(**arg).flags & flag::LITERAL == 0)
            .or(args.first());
        match other {
            Some(other) => format!("`{}` is {}", self.excerpt(*other), self.type_of(*other)),
            None => format!("{} is wanted", type_list(misfit.expected)),
        }
    }

    pub(in crate::check) fn report_not_boolean(&mut self, at: ExprId, place: &str) {
        if self.typed.get(at).flags & flag::UNKNOWN != 0 && self.types(at) == TypeSet::ALL {
            return;
        }
        let message =
            format!("{place} needs a condition, `{}` is {}", self.excerpt(at), self.type_of(at));
        let diagnostic = Diagnostic::new(Code::TypeMismatch, self.arena.span(at), message);
        self.report(diagnostic);
    }
}
