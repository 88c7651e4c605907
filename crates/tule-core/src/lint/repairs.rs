//! What single repairs write, beyond the examples of the explanations.

use super::tests::{found, repaired};
use super::{Levels, lints};

/// A statement, and the statement as its repairs leave it.
const CASES: &[(&str, &str)] = &[
    // Rows.
    ("select beat from calls", "select beat from calls limit all"),
    ("select beat from calls offset 0", "select beat from calls limit all offset 0"),
    (
        "select beat from calls union select beat from calls limit 5",
        "select beat from calls union select beat from calls limit 5 |> select * limit all",
    ),
    (
        "select beat from calls limit 5 offset 5",
        "select beat from calls order by :id limit 5 offset 5",
    ),
    (
        "select beat, count(*) as n from calls group by beat limit 5 offset 5",
        "select beat, count(*) as n from calls group by beat order by beat limit 5 offset 5",
    ),
    (
        "select beat, x, count(*) as n from calls group by beat, x order by n limit 5 offset 5",
        "select beat, x, count(*) as n from calls group by beat, x order by n, beat, x limit 5 offset 5",
    ),
    // Clauses.
    (
        "select beat, x as y, count(*) as n from calls order by n",
        "select beat, x as y, count(*) as n from calls group by beat, y order by n",
    ),
    (
        "select beat, count(*) as n from calls",
        "select beat, count(*) as n from calls group by beat",
    ),
    ("select count(*) as n from calls order by :id", "select count(*) as n from calls"),
    (
        "select beat, count(*) as n from calls group by beat order by :id limit 5",
        "select beat, count(*) as n from calls group by beat limit 5",
    ),
    (
        "select beat, count(*) as n from calls where x > 1 and count(*) > 5 group by beat",
        "select beat, count(*) as n from calls where x > 1 group by beat having count(*) > 5",
    ),
    (
        "select beat, count(*) as n from calls where n > 5 group by beat",
        "select beat, count(*) as n from calls group by beat having n > 5",
    ),
    (
        "select sum(x) as s from calls where sum(x) > 5 limit 5",
        "select sum(x) as s from calls having sum(x) > 5 limit 5",
    ),
    // Nulls.
    (
        "select beat from calls where beat in (null) limit 5",
        "select beat from calls where beat is null limit 5",
    ),
    (
        "select beat from calls where not beat in ('A', null, 'B') limit 5",
        "select beat from calls where not (beat in ('A', 'B') or beat is null) limit 5",
    ),
    // Text.
    (
        "select beat from calls where contains(beat, 'noise') limit 5",
        "select beat from calls where contains(upper(beat), 'NOISE') limit 5",
    ),
    (
        "select beat from calls where lower(beat) in ('Ab', \"C'D\", 'e') limit 5",
        "select beat from calls where lower(beat) in ('ab', 'c''d', 'e') limit 5",
    ),
    (
        "select beat from calls where beat != 'A%' limit 5",
        "select beat from calls where beat not like 'A%' limit 5",
    ),
    // Shape.
    (
        "select beat from calls where x = 1 and x = 2 and beat = 'A' limit 5",
        "select beat from calls where x in (1, 2) and beat = 'A' limit 5",
    ),
    (
        "select beat from calls where x in (1, 2, 1) limit 5",
        "select beat from calls where x in (1, 2) limit 5",
    ),
    (
        "select count(case when x > 1 then 1 else 0 end) as n from calls",
        "select sum(case when x > 1 then 1 else 0 end) as n from calls",
    ),
    // Places.
    (
        "select within_circle(place, x, x, 37.9, -121.2, 5) as n from calls limit 5",
        "select within_circle(place, x, x, 37.9, -121.2, 5) as n from calls limit 5",
    ),
    (
        "select within_circle(x, x, 37.9, -121.2, 5) as n from calls limit 5",
        "select within_circle(place, 37.9, -121.2, 5) as n from calls limit 5",
    ),
    (
        "select intersects(place, 'POLYGON ((38 -121, 38 -122, 39 -122, 38 -121))') as n \
         from calls limit 5",
        "select intersects(place, 'POLYGON ((-121 38, -122 38, -122 39, -121 38))') as n \
         from calls limit 5",
    ),
    (
        "select intersects(place, 'POLYGON ((-121 38, -122 38, -122 39))') as n from calls limit 5",
        "select intersects(place, 'POLYGON ((-121 38, -122 38, -122 39, -121 38))') as n \
         from calls limit 5",
    ),
];

#[test]
fn repairs_write_what_is_meant() {
    for (before, after) in CASES {
        let repaired = repaired(before, &found(before, &Levels::default()));
        assert_eq!(repaired, *after);
    }
}

#[test]
fn what_is_off_by_default_is_repaired_when_asked_for() {
    for (name, before, after) in [
        (
            "unaliased-aggregate",
            "select count(*), max(x), count(*) from calls",
            "select count(*) as count, max(x) as max_x, count(*) as count_1 from calls",
        ),
        (
            "prefer-distinct",
            "select beat, x from calls\nwhere x > 1\ngroup by x, beat",
            "select distinct beat, x from calls\nwhere x > 1",
        ),
        (
            "select-star",
            "select * from calls where x > 1 limit 5",
            "select beat, x, place from calls where x > 1 limit 5",
        ),
    ] {
        assert!(lints().any(|lint| lint.explanation.code.name() == name));
        let levels = Levels::default().with([(name, crate::schema::manifest::LintLevel::Warn)]);
        assert_eq!(repaired(before, &found(before, &levels)), after);
    }
}
