//! Coordinates that are nowhere on Earth.

use tule_syntax::ast::{ExprId, ExprKind};

use crate::diagnostics::{Code, Diagnostic, Explanation};
use crate::lint::pass::Pass;
use crate::lint::places::{Verdict, coordinates};
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::CoordinatesOutOfRange,
        why: "Places are degrees: latitudes from -90 to 90, longitudes from -180 to 180. Larger \
              numbers are mostly feet or metres of a map projection, such as those in columns \
              called `x_coordinate`; no row is near such a place.\n\n\
              Convert them to degrees (WGS 84) first.",
        failing: "select call_no from police_calls\n\
                  where within_circle(the_point, 2160000, 6336000, 500) limit 10",
        repaired: "select call_no from police_calls\n\
                   where within_circle(the_point, 37.9537, -121.2892, 500) limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let (ExprKind::Call { .. } | ExprKind::Literal(_)) = kind else { return };
    let nowhere =
        coordinates(pass, id, kind).into_iter().find(|pair| pair.verdict() == Verdict::Nowhere);
    let Some(pair) = nowhere else { return };
    let message = if pair.latitude.0.abs() > 90.0 {
        format!("{} is no latitude: degrees from -90 to 90", pair.latitude.0)
    } else {
        format!("{} is no longitude: degrees from -180 to 180", pair.longitude.0)
    };
    let span = if matches!(kind, ExprKind::Call { .. }) {
        pair.latitude.1.cover(pair.longitude.1)
    } else {
        pass.arena.span(id)
    };
    found.push(
        Diagnostic::new(Code::CoordinatesOutOfRange, span, message)
            .help("convert coordinates of a map projection to degrees first"),
    );
}
