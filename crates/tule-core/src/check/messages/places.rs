//! The wording of places that are none: columns in place of a geometry, and rings left open.

use tule_syntax::ast::{ExprId, ExprKind, Ident, Literal};
use tule_syntax::literal::{name_text, string_value};
use tule_syntax::span::Span;

use crate::check::Checker;
use crate::check::overload::Misfit;
use crate::check::typed::{Target, flag};
use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Fix};
use crate::names::{alternatives, fold};
use crate::schema::Dataset;
use crate::types::{Type, TypeSet};

impl Checker<'_> {
    /// What is wrong with the argument `at` where a geometry must stand.
    pub(super) fn misplaced(&self, misfit: Misfit, at: ExprId, name: Ident) -> Option<Diagnostic> {
        let inner = self.arena.strip(at);
        if let ExprKind::Literal(Literal::String | Literal::DoubleString) =
            self.arena.expr(inner).kind
        {
            return self.open_ring(inner);
        }
        let wanted = misfit.expected;
        let shapes = TypeSet::GEOSPATIAL.union(TypeSet::one(Type::Location));
        let only_shapes = !wanted.is_empty() && wanted.intersect(shapes) == wanted;
        let literal = self.typed.get(inner).flags & flag::LITERAL != 0;
        // A geometry of another class is a matter of types.
        let is_shape = !self.types(inner).intersect(TypeSet::GEOSPATIAL).is_empty();
        if !only_shapes || literal || is_shape {
            return None;
        }
        let written = self.excerpt(at);
        let message = format!(
            "`{}` needs a geometry, `{written}` is {}",
            self.written(name),
            self.type_of(at)
        );
        let span = self.arena.span(at);
        let mut diagnostic = Diagnostic::new(Code::NotGeographic, span, message);
        if let Some(evidence) = self.evidence(at) {
            diagnostic = diagnostic.note(evidence);
        }
        if self.types(inner) == TypeSet::one(Type::Location) && wanted.has(Type::Point) {
            let point = format!("{}::point", self.written(self.arena.span(inner)));
            return Some(diagnostic.help(format!("take its point: `{point}`")).fix(
                Applicability::Safe,
                format!("write `{point}`"),
                span,
                point,
            ));
        }
        Some(self.with_place(diagnostic, at, span, wanted))
    }

    /// A place written as two columns: what a call with an argument too many begins with.
    pub(super) fn two_columns(&self, name: Ident, args: &[ExprId]) -> Option<Diagnostic> {
        let wanted = match &*fold(name_text(self.written(name))) {
            "within_circle" | "within_box" => TypeSet::GEOSPATIAL,
            _ => return None,
        };
        let number = |id: ExprId| {
            let id = self.arena.strip(id);
            let column = matches!(self.typed.target(id), Target::Column { .. } | Target::Alias(_));
            column && self.types(id) == TypeSet::one(Type::Number)
        };
        let [first, second, ..] = *args else { return None };
        if !number(first) || !number(second) {
            return None;
        }
        let span = self.arena.span(first).cover(self.arena.span(second));
        let message = format!(
            "`{}` takes one column with a point, `{}` and `{}` are two numbers",
            self.written(name),
            self.excerpt(first),
            self.excerpt(second)
        );
        let diagnostic = Diagnostic::new(Code::NotGeographic, span, message);
        let mut diagnostic = self.with_place(diagnostic, first, span, wanted);
        if diagnostic.fixes.is_empty() {
            let point = format!("make_point({})", self.written(span));
            diagnostic = diagnostic
                .help(format!("make a point of latitude and longitude: `{point}`"))
                .fix(Applicability::Unsafe, format!("write `{point}`"), span, point.clone());
        }
        Some(diagnostic)
    }

    /// Names the columns of the dataset that hold geometries.
    fn with_place(
        &self,
        diagnostic: Diagnostic,
        at: ExprId,
        span: Span,
        wanted: TypeSet,
    ) -> Diagnostic {
        let Some(dataset) = self.dataset_of(at) else { return diagnostic };
        let columns: Vec<&str> = dataset
            .columns
            .iter()
            .filter(|column| column.ty.is_some_and(|ty| wanted.has(ty)) && !column.is_system())
            .map(|column| column.name.as_str())
            .collect();
        match columns.as_slice() {
            [] => diagnostic.help(
                "this dataset has no such column; `make_point(latitude, longitude)` makes one of two numbers",
            ),
            [only] => {
                let column = crate::print::column(only);
                diagnostic
                    .help(format!("this dataset has `{column}`"))
                    .fix(Applicability::Unsafe, format!("write `{column}`"), span, column)
            }
            several => diagnostic.help(format!("this dataset has {}", alternatives(several))),
        }
    }

    /// The dataset of a column, or the last one named so far.
    fn dataset_of(&self, id: ExprId) -> Option<&Dataset> {
        let (_, last) = self.typed.datasets.last()?;
        let id = self.arena.strip(id);
        let (ExprKind::Column(name) | ExprKind::Qualified { column: name, .. }) =
            self.arena.expr(id).kind
        else {
            return Some(last);
        };
        let folded = fold(name_text(self.written(name)));
        let owner = self.typed.datasets.iter().rev().find(|(_, set)| set.column(&folded).is_some());
        Some(owner.map_or(last, |(_, dataset)| dataset))
    }

    /// A polygon whose rings do not end where they began.
    fn open_ring(&self, id: ExprId) -> Option<Diagnostic> {
        let span = self.arena.span(id);
        let written = self.written(span);
        let word = written.trim_start_matches(['\'', '"', ' ']);
        let polygon = ["polygon", "multipolygon"].iter().any(|name| {
            word.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        });
        // Whatever else is wrong with the text is another matter.
        if !polygon || string_value(written).parse::<wkt::Wkt<f64>>().is_err() {
            return None;
        }
        let edits: Vec<Edit> = open_rings(written)
            .map(|(end, first)| {
                let end = span.start + u32::try_from(end).unwrap_or(0);
                Edit { span: Span::empty(end), text: format!(", {first}") }
            })
            .collect();
        let first = edits.first()?.text.clone();
        let message = "this ring does not end where it began, and the portal refuses it";
        let mut diagnostic = Diagnostic::new(Code::OpenRing, span, message)
            .help(format!("repeat its first position at its end: `{first}`"));
        diagnostic.fixes.push(Fix {
            title: "close the ring".to_owned(),
            applicability: Applicability::Safe,
            edits,
        });
        Some(diagnostic)
    }
}

/// The rings of a text that are not closed: where each ends, and its first position as written.
fn open_rings(written: &str) -> impl Iterator<Item = (usize, &str)> {
    written.match_indices(')').filter_map(|(end, _)| {
        let begin = written.get(..end)?.rfind(['(', ')'])?;
        // Behind the ring of a polygon its own parenthesis is closed.
        if written.as_bytes().get(begin) != Some(&b'(') {
            return None;
        }
        let ring = written.get(begin + 1..end)?;
        let numbers = |position: &str| -> Option<Vec<f64>> {
            position.split_ascii_whitespace().map(|number| number.parse().ok()).collect()
        };
        let first = ring.split(',').next()?.trim();
        let last = ring.rsplit(',').next()?;
        let open = numbers(first)? != numbers(last)?;
        (open && ring.split(',').count() >= 3).then_some((end, first))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_that_are_open_are_found_with_their_ends() {
        let text = "'MULTIPOLYGON (((1 1, 1 2, 2 2)), ((0 0, 0 1, 1 1, 0.0 0)))'";
        let found: Vec<_> = open_rings(text).collect();
        assert_eq!(found, [(30, "1 1")]);
        assert_eq!(&text[26..30], " 2 2");
    }
}
