//! Dates, checkboxes and words that are written otherwise than the portal reads them.

use super::Explanation;
use crate::diagnostics::Code;

pub(super) static ROWS: &[Explanation] = &[
    Explanation {
        code: Code::BadDateLiteral,
        why: "The portal reads dates in one form: year, month, day with dashes between, and a \
              `T` in front of the time. Slashes, a blank in place of the `T`, names of months \
              and days that do not exist make it refuse the query.\n\n\
              Write `'2024-05-31'` or `'2024-05-31T23:59:59'`.",
        failing: "select name from every_type where opened > '2015/01/01'",
        repaired: "select name from every_type where opened > '2015-01-01'",
    },
    Explanation {
        code: Code::ZoneOnFloating,
        why: "A floating timestamp is the time on the clock of the place, without a zone, and \
              the portal refuses to compare it with a time that has one. Programs add the zone \
              unasked: JavaScript's `toISOString` gives UTC and a `Z`, which in California is \
              seven or eight hours off.\n\n\
              Write the local time without a zone. Columns such as `:updated_at` are instants; \
              beside them a zone is right.",
        failing: "select name from every_type where opened > '2024-01-01T00:00:00Z'",
        repaired: "select name from every_type where opened > '2024-01-01T00:00:00'",
    },
    Explanation {
        code: Code::CheckboxCompare,
        why: "A checkbox is true or false. The portal reads the texts `'true'` and `'false'` as \
              such, but refuses `'Y'`, `'Yes'` and the number 1. Queries with `'Y'` worked while \
              the column was text; publishers change such columns to checkboxes in place.\n\n\
              Write `true` or `false`.",
        failing: "select name from every_type where active = 'Y'",
        repaired: "select name from every_type where active = true and amount > 0",
    },
    Explanation {
        code: Code::UnquotedString,
        why: "A word without quotes is the name of a column, and the dataset has none of this \
              name, so the portal answers with `query.soql.no-such-column`. Beside a text column \
              a text was meant.\n\n\
              Put it into single quotes. Capital letters count: `'Bronx'` is not `'BRONX'`.",
        failing: "select call_no from police_calls where beat = Downtown",
        repaired: "select call_no from police_calls where beat = 'Downtown'",
    },
];
