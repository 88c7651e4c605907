//! One statement or more for each production of the grammar.

use super::{at, check};
use crate::parser::parse_file;

pub(super) const STATEMENTS: &[&str] = &[
    "select",
    "SELECT 1",
    "select * from police_calls",
    "select :*, *, @t.* from calls",
    "select @t.:*, @t.* from calls",
    "select :* (except :id), * (EXCEPT a, `b-c`), @t.* (except d)",
    "select beat, count(*) as n from police_calls group by beat having n > 10 order by n desc",
    "select distinct beat, district",
    "select DISTINCT ON (beat, upper(district)) beat, district order by beat",
    "select hint(Materialized, NO_ROLLUP) a",
    "select HINT() a",
    "from calls",
    "FROM calls WHERE beat = 'A'",
    "from @esc4-8x43 select beat group by beat",
    "from 'stockton/police_calls' as c select a",
    "from \"stockton/police_calls\" as @c select @c.a",
    "from (select a from b) as x select a",
    "from ((select a from b) union (select c from d)) select a",
    "select * from @this as @t left join @abcd-1234 as @u on @t.id = @u.id",
    "select * from a right outer join b on true full join c as d on false inner join e on null",
    "select * from a join lateral (select b from c where d = @a.d limit 1) as x on true",
    "select * from a join @udf-func(1, 'x', beat) as @u on @u.y = z and @u.w = v or not q",
    "select * from a join @udf-func() on true",
    "select * join (select a union select b |> select c) as t on @t.a = a",
    "select a search 'words' order by a",
    "select a order by a asc nulls first, b DESC NULLS LAST, c null first search \"words\"",
    "select a limit 10 offset 20",
    "select a offset 20 limit ALL",
    "select a limit $n offset $m",
    "select a |> select b |> SELECT c",
    "select a union select b UNION ALL select c intersect select d intersect all select e",
    "select a minus select b MINUS ALL (select c |> select d)",
    "(select a) union ((select b) minus (select c))",
    "(((select a)))",
    "with x as (select a from b), @y as (select c from x |> select d) select * from x",
    "WITH x AS (select 1) from x select 2",
    "query q as select 1",
    "query q() as select 1",
    "QUERY calls_since($since floating_timestamp DEFAULT '2025-01-01', $beat text) AS select a",
    "query q($n number default -1 + 2, $f Floating_Timestamp) as with x as (select 1) select $n",
    "select $a, ?b, :id, :@computed_x, `a-b`, größe, @t.a, @t.:id, `:id`",
    "select 1, 1.5, 1., 1e9, 'it''s', \"a\\\"b\", TRUE, False, NULL",
    "select -x, +x, - -x, -+x, + -x, -(-x), not a, NOT NOT a, -1::text, 2 ^ -3 ^ -4, - 1",
    "select a + b - c || d, a * b / c % d, a ^ b ^ c, (a + b) * (c - d), a + b * c - d",
    "select a = b, a == b, a <> b, a != b, a < b, a <= b, a > b, a >= b = c",
    "select a and b and c or d and not e or (f or g) and h",
    "select a is null, a IS NOT NULL, a is distinct from b, f(a) is not distinct from b + 1",
    "select a like 'x%', a not like b, a ilike c, a NOT ILIKE d, f(a, b) like g(c)",
    "select a between 1 and 2, a not between b + 1 and c and d, a between 1 and 2 between 3 and 4",
    "select a in (1), a not in ('x', 'y'), f(a) IN (-1, f(b, c), (d), case when e then f end)",
    "select case when a then b end, CASE WHEN a and b THEN c WHEN d THEN e ELSE f END as g",
    "select case x when 1 then 'a' else 'b' end, Case (x) When 1 Then 2 End, case((x)) when 3 then 4 end",
    "select case(a, b), Case(c), First(a), LAST, By, rows, `case`, Range(1), default, query, with",
    "select f(), f(a), f(DISTINCT a), count(*), COUNT( * ), f(g(h(i))), param('x'), param(@v, 'x')",
    "select a::text, a::number::text, a.b.c, a[1], a['x'].y[b + 1]::text, 1 .x, 1. .y, 1.5.z",
    "select count(*) filter (where a > 1), count(*) filter (), sum(a) filter (where a or b) over ()",
    "select row_number() OVER (PARTITION BY a, b ORDER BY c desc NULLS FIRST, d)",
    "select sum(a) over (rows 1 preceding), sum(a) over (order by b range unbounded preceding)",
    "select sum(a) over (partition by b groups between CURRENT ROW and 2 following exclude ties)",
    "select sum(a) over (rows between 1 preceding and unbounded following exclude no others)",
    "select sum(a) over (order by b rows current row exclude Current Row), f(x) over (rows 1 preceding exclude group)",
    "select 'one\ntwo' as lines, a from b where c = 'three\n\n  four  \nfive' group by d",
    "select a;",
    ";",
    "; ; select a;;",
    "select a; select b\n;\n\n\nselect c",
];

#[test]
fn every_production_is_formatted_without_loss() {
    for text in STATEMENTS {
        let faults: Vec<_> = parse_file(text).into_iter().flat_map(|p| p.errors).collect();
        assert!(faults.is_empty(), "{text}: {faults:?}");
        check(text);
    }
    check(&STATEMENTS.join(";\n"));
}

#[test]
fn no_line_ends_in_blanks() {
    for text in STATEMENTS.iter().filter(|text| !text.contains('\n')) {
        for width in 40..=90 {
            for line in at(width, text).lines() {
                assert_eq!(line, line.trim_end(), "{text}");
            }
        }
    }
}

/// At every width from the narrowest to one that takes all.
#[test]
fn formatting_is_stable_at_every_width() {
    let all = STATEMENTS.join(";\n");
    for width in 40..=200 {
        let first = at(width, &all);
        assert_eq!(first, at(width, &first), "{width}");
    }
}
