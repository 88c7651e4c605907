//! Latitude and longitude in the wrong order.

use tule_syntax::ast::{ExprId, ExprKind};

use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Explanation, Fix};
use crate::lint::pass::Pass;
use crate::lint::places::{Verdict, coordinates};
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::SwappedCoordinates,
        why: "`within_circle`, `within_box` and `make_point` take latitude before longitude, a \
              text such as `'POINT (-121.29 37.95)'` takes longitude first. In the wrong order \
              the place is in Antarctica or nowhere, and no row is near it. It is reported where \
              the pair is no inhabited place as it stands and one the other way round.\n\n\
              Swap the two numbers.",
        failing: "select call_no from police_calls\n\
                  where within_circle(the_point, -121.29, 37.95, 500) limit 10",
        repaired: "select call_no from police_calls\n\
                   where within_circle(the_point, 37.95, -121.29, 500) limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let (ExprKind::Call { .. } | ExprKind::Literal(_)) = kind else { return };
    let pairs = coordinates(pass, id, kind);
    let swapped = |pair: &&crate::lint::places::Pair| pair.verdict() == Verdict::Swapped;
    let Some(first) = pairs.iter().find(swapped) else { return };
    let call = matches!(kind, ExprKind::Call { .. });
    let span = if call { first.latitude.1.cover(first.longitude.1) } else { pass.arena.span(id) };
    let order = if call {
        "latitude stands before longitude here"
    } else {
        "longitude stands before latitude in such a text"
    };
    let value = first.latitude.0;
    let message = if value.abs() > 90.0 {
        format!("{value} is no latitude: {order}")
    } else {
        format!("the latitude {value} is in Antarctica: {order}")
    };
    let mut diagnostic =
        Diagnostic::new(Code::SwappedCoordinates, span, message).help("swap the two numbers");
    // A shape of which some corners are places as they stand is muddled in another way.
    if pairs.iter().all(|pair| pair.verdict() == Verdict::Swapped) {
        let edits = pairs.iter().flat_map(|pair| {
            let (latitude, longitude) = (pair.latitude.1, pair.longitude.1);
            [
                Edit { span: latitude, text: pass.written(longitude).to_owned() },
                Edit { span: longitude, text: pass.written(latitude).to_owned() },
            ]
        });
        diagnostic.fixes.push(Fix {
            title: "swap latitude and longitude".to_owned(),
            applicability: Applicability::Unsafe,
            edits: edits.collect(),
        });
    }
    found.push(diagnostic);
}
