//! Layouts checked by hand.

use super::{at, check};
use crate::format::{MAX_WIDTH, MIN_WIDTH, Options, format};

/// Formats at the narrowest width, so that examples stay small.
#[track_caller]
fn narrow(text: &str, wanted: &str) {
    let done = at(MIN_WIDTH, text);
    assert_eq!(done, wanted, "\n{done}");
    check(text);
}

#[test]
fn short_statements_take_one_line() {
    narrow(
        "SELECT beat ,COUNT( * )AS n\nFROM calls\nGROUP   BY beat;",
        "select beat, COUNT(*) as n\nfrom calls\ngroup by beat;\n",
    );
    narrow("Select\n1", "select 1\n");
    narrow("", "");
    narrow(" \n\t\n", "");
}

#[test]
fn a_line_may_be_just_as_long_as_the_width() {
    let text = "select a, bbbbbbbbbbbbbbbb from ccccccc;";
    assert_eq!(text.len(), 40);
    narrow(text, &format!("{text}\n"));
    narrow(
        "select a, bbbbbbbbbbbbbbbb from ccccccc1;",
        "select a, bbbbbbbbbbbbbbbb\nfrom ccccccc1;\n",
    );
}

#[test]
fn columns_are_characters() {
    let text = "select größe, straße, hügel, wärme, üöäß";
    assert!(text.len() > 40 && text.chars().count() == 40);
    narrow(text, &format!("{text}\n"));
}

#[test]
fn only_keywords_change_their_case() {
    narrow(
        "SELECT First(A) AS By, NULLS, Case ORDER BY Nulls NULLS FIRST LIMIT ALL",
        "select First(A) as By, NULLS, Case\norder by Nulls nulls first\nlimit all\n",
    );
    narrow(
        "SELECT Case(A), CASE WHEN A THEN NULL END",
        "select\n  Case(A),\n  case when A then null end\n",
    );
    narrow("SELECT HINT(No_Rollup, Other) A::Text", "select hint(no_rollup, Other) A::Text\n");
    narrow("SELECT 1E5, 'SELECT', `Select`", "select 1E5, 'SELECT', `Select`\n");
}

#[test]
fn tokens_are_never_joined() {
    narrow("select - - a, - -1, -(-1), - + a", "select - -a, - -1, -(-1), - +a\n");
    narrow("select 1 .x, 1. .y, a . b, a :: text", "select 1 .x, 1..y, a.b, a::text\n");
    narrow("select @t.a-1, a- -b, a*-b", "select @t.a - 1, a - -b, a * -b\n");
    narrow("select -/* a */-/* b */1", "select - /* a */ - /* b */ 1\n");
}

#[test]
fn clauses_break_into_blocks() {
    narrow(
        "select beat, date_trunc_ym(call_entry_date) as month, count(*) as n \
         where beat = 'A' and (district = 'B' or district = 'C' and priority = 1) \
         group by beat, month order by n desc nulls last, beat limit 10",
        "\
select
  beat,
  date_trunc_ym(
    call_entry_date
  ) as month,
  count(*) as n
where
  beat = 'A'
  and (
    district = 'B'
    or district = 'C' and priority = 1
  )
group by beat, month
order by n desc nulls last, beat
limit 10
",
    );
}

#[test]
fn lists_of_in_are_filled() {
    narrow(
        "select a where b not in ('one', 'two', 'three', -4, f(5, 6), 'seven', 8)",
        "\
select a
where
  b not in (
    'one', 'two', 'three', -4, f(5, 6),
    'seven', 8
  )
",
    );
}

#[test]
fn operators_lead_their_lines() {
    narrow(
        "select first_name || ' ' || last_name || ' of ' || district * 2 as who, \
         upper(first_name) = 'SOMEBODY' and lower(x) < 'y' as b",
        "\
select
  first_name
    || ' '
    || last_name
    || ' of '
    || district * 2 as who,
  upper(first_name) = 'SOMEBODY'
    and lower(x) < 'y' as b
",
    );
}

#[test]
fn tests_and_comparisons_break_before_the_word() {
    narrow(
        "select coalesce(first_name, 'x') not like upper(last_name), \
         call_entry_date between '2025-01-01' and '2025-12-31'",
        "\
select
  coalesce(first_name, 'x')
    not like upper(last_name),
  call_entry_date
    between '2025-01-01'
    and '2025-12-31'
",
    );
}

#[test]
fn case_takes_a_line_per_arm() {
    narrow(
        "select case when priority = 1 then 'urgent' when priority = 2 or district = 'Civic' \
         then 'soon' else 'later' end as how, case beat when 'A' then 1 end",
        "\
select
  case
    when priority = 1 then 'urgent'
    when priority = 2
      or district = 'Civic'
      then 'soon'
    else 'later'
  end as how,
  case beat when 'A' then 1 end
",
    );
}

#[test]
fn windows_take_a_line_per_part() {
    narrow(
        "select sum(n) filter (where a) over (partition by beat order by day rows 6 preceding) as s, \
         count(*) over ()",
        "\
select
  sum(n) filter (where a) over (
    partition by beat
    order by day
    rows 6 preceding
  ) as s,
  count(*) over ()
",
    );
}

#[test]
fn subqueries_are_indented() {
    narrow(
        "with t as (select a from b), u as (select something from somewhere where it = 1) \
         select * from t left join (select a, count(*) as n from u group by a) as @u \
         on @u.a = @t.a join v on true |> select max(n) union all (select 1)",
        "\
with t as (select a from b),
u as (
  select something
  from somewhere
  where it = 1
)
select *
from t
left join (
  select a, count(*) as n
  from u
  group by a
) as @u on @u.a = @t.a
join v on true
|> select max(n)
union all (select 1)
",
    );
}

#[test]
fn conditions_of_joins_move_to_the_next_line() {
    narrow(
        "select a join @abcd-1234 as @t on @t.id = id and @t.day = day \
         join lateral @f(a, b) on long_name = long_name_2 and c = d and e = f",
        "\
select a
join @abcd-1234 as @t
  on @t.id = id and @t.day = day
join lateral @f(a, b)
  on long_name = long_name_2
    and c = d
    and e = f
",
    );
}

#[test]
fn parameters_stand_in_front_of_the_query() {
    narrow(
        "query calls_since($since floating_timestamp default '2025-01-01', $beat text) as select a",
        "\
query calls_since(
  $since floating_timestamp
    default '2025-01-01',
  $beat text
) as
select a
",
    );
}

#[test]
fn own_line_comments_stay_on_their_lines() {
    narrow(
        "-- file\n\n\n-- statement\nselect\n-- first\na, -- behind a\n\n    /* b */ b, c /* c */, d\n-- from\n-- here\nfrom e -- e\n;  -- end\n\n-- last",
        "\
-- file

-- statement
select
  -- first
  a, -- behind a

  /* b */ b,
  c /* c */,
  d
-- from
-- here
from e -- e
; -- end

-- last
",
    );
}

#[test]
fn commas_behind_comments_stay_in_front() {
    narrow(
        "select a -- one\n , b -- two\n , c from d",
        "select\n  a -- one\n  , b -- two\n  , c\nfrom d\n",
    );
}

#[test]
fn inline_comments_stay_inline() {
    narrow(
        "select /* a */ b, f(/* c */) from /* d */ e /* f */;",
        "\
select /* a */ b, f(/* c */)
from /* d */ e /* f */;
",
    );
    narrow("/* head */ select /*a*/*/*b*/;", "/* head */ select /*a*/ * /*b*/;\n");
    narrow("select f( /*a*/ x /*b*/ , y)[ /*c*/ 1 ]", "select f(/*a*/ x /*b*/, y)[/*c*/ 1]\n");
}

#[test]
fn blank_lines_between_statements() {
    narrow("select 1;select 2;\n\n\n\nselect 3", "select 1;\nselect 2;\n\nselect 3\n");
    let long = "select a, bbbbbbbbbbbbbbbb from ccccccc1";
    let broken = "select a, bbbbbbbbbbbbbbbb\nfrom ccccccc1";
    narrow(
        &format!("select 1;{long};{long};select 2"),
        &format!("select 1;\n\n{broken};\n\n{broken};\n\nselect 2\n"),
    );
    narrow(
        &format!("select 1; -- one\n-- long\n{long};\n-- long\n\n-- short\nselect 2"),
        &format!("select 1; -- one\n\n-- long\n{broken};\n-- long\n\n-- short\nselect 2\n"),
    );
    narrow(";;", ";\n;\n");
}

#[test]
fn statements_with_faults_are_left_alone() {
    let text = "SELECT 1;\n  -- why\n  SELEC   2\n    FROM x;\nSELECT  3 ; SELECT (4 -- open\n\n";
    let done = format(text, &Options::default());
    assert_eq!(
        done.text,
        "select 1;\n\n  -- why\n  SELEC   2\n    FROM x;\n\nselect 3;\nSELECT (4 -- open\n"
    );
    let skipped: Vec<_> = done.skipped.iter().map(|span| span.text(text)).collect();
    assert_eq!(skipped, ["SELEC   2\n    FROM x;", "SELECT (4"]);
    check(text);
    check("select 1; /* open");
    check("select 1; `open");
    check("\n\n  selec 'open");
}

#[test]
fn line_ends_follow_the_majority() {
    narrow("select 1;\r\n\r\nselect 2;\r\n", "select 1;\r\n\r\nselect 2;\r\n");
    narrow("select 1;\r\nselect 2;\nselect 3;\n", "select 1;\nselect 2;\nselect 3;\n");
    narrow(
        "select 'a\nb\r\nc', /* d\n e */\r\n f\r\n",
        "select\r\n  'a\nb\r\nc', /* d\r\n e */\r\n  f\r\n",
    );
    narrow("select -- a\r b", "select -- a\n  b\n");
}

#[test]
fn strings_with_line_breaks_break_the_statement() {
    narrow("select 'a\n  b' as c from d", "select 'a\n  b' as c\nfrom d\n");
}

#[test]
fn widths_have_bounds() {
    let text = "select aaaaaaaaaaaa, bbbbbbbbbbbb, cccccccccccc from dddddddddddd, eeeee";
    assert_eq!(at(0, text), at(MIN_WIDTH, text));
    assert_eq!(at(u32::MAX, text), at(MAX_WIDTH, text));
    assert_eq!(Options::default().width, 88);
}
