//! Window functions and frames.

use crate::harness::{Home, home};

fn days() -> Home {
    home(&[("days.csv", "d,g,x\n1,a,10\n2,a,20\n3,a,20\n5,a,40\n1,b,7\n2,b,\n4,b,9.5\n")])
}

fn over(home: &Home, call: &str, window: &str) -> String {
    let query = format!("select {call} over ({window}) as v, g, d from days order by g, d");
    let rows = home.rows(&query);
    let values: Vec<&str> = rows.iter().map(|row| row.split('|').next().unwrap()).collect();
    values.join(" ")
}

#[test]
fn window_functions() {
    let home = days();
    let v = |call: &str, window: &str| over(&home, call, window);
    assert_eq!(v("row_number()", "partition by g order by d"), "1 2 3 4 1 2 3");
    assert_eq!(v("rank()", "partition by g order by x"), "1 2 2 4 1 3 2");
    assert_eq!(v("dense_rank()", "partition by g order by x"), "1 2 2 3 1 3 2");
    assert_eq!(v("ntile(2)", "partition by g order by d"), "1 1 2 2 1 1 2");
    assert_eq!(v("lag(x)", "partition by g order by d"), "· 10 20 20 · 7 ·");
    assert_eq!(v("lead(x, 2)", "partition by g order by d"), "20 40 · · 9.5 · ·");
    assert_eq!(v("lead(x, 2, 0)", "partition by g order by d"), "20 40 0 0 9.5 0 0");
    assert_eq!(v("lag(x, d)", "partition by g order by d"), "· · · · · · ·");
    assert_eq!(v("first_value(d)", "partition by g order by d desc"), "5 5 5 5 4 4 4");
    assert_eq!(v("last_value(d)", "partition by g order by d"), "1 2 3 5 1 2 4");
    assert_eq!(v("sum(x)", "partition by g order by d"), "10 30 50 90 7 7 16.5");
    assert_eq!(v("sum(x)", "partition by g"), "90 90 90 90 16.5 16.5 16.5");
    assert_eq!(v("count(*)", ""), "7 7 7 7 7 7 7");
    assert_eq!(
        v("avg(x)", "partition by g order by d rows 1 preceding").split(' ').nth(3),
        Some("30.0000000000000000")
    );
}

#[test]
fn frames() {
    let home = days();
    let sum = |frame: &str| over(&home, "sum(d)", &format!("partition by g order by d {frame}"));
    assert_eq!(sum("rows between 1 preceding and 1 following"), "3 6 10 8 3 7 6");
    assert_eq!(sum("rows between 2 preceding and 1 preceding"), "· 1 3 5 · 1 3");
    assert_eq!(sum("rows between current row and unbounded following"), "11 10 8 5 7 6 4");
    assert_eq!(sum("rows unbounded preceding"), "1 3 6 11 1 3 7");
    assert_eq!(sum("range between 1 preceding and 1 following"), "3 6 5 5 3 3 4");
    assert_eq!(sum("range between 2 preceding and current row"), "1 3 6 8 1 3 6");
    assert_eq!(
        sum("rows between unbounded preceding and unbounded following exclude current row"),
        "10 9 8 6 6 5 3"
    );
    let by_x = |frame: &str| over(&home, "count(*)", &format!("partition by g order by x {frame}"));
    assert_eq!(by_x("range unbounded preceding"), "1 3 3 4 1 3 2");
    assert_eq!(by_x("groups between 1 preceding and current row"), "1 3 3 3 1 2 2");
    assert_eq!(by_x("groups between current row and 1 following exclude ties"), "3 2 2 1 2 1 2");
    assert_eq!(
        by_x("rows between unbounded preceding and unbounded following exclude group"),
        "3 2 2 3 2 2 2"
    );
    // Distances are exact: 9.5 and 7 lie 2.5 apart.
    assert_eq!(by_x("range between 2 preceding and 2 following"), "1 2 2 1 1 1 1");
    assert_eq!(by_x("range between 3 preceding and 3 following"), "1 2 2 1 2 1 2");
}

#[test]
fn windows_over_groups_and_with_filters() {
    let home = days();
    assert_eq!(
        home.rows("select g, count(*) as n, row_number() over (order by count(*) desc) as r from days group by g order by r"),
        ["a|4|1", "b|3|2"]
    );
    assert_eq!(
        home.rows(
            "select g, sum(sum(x)) over (order by g) as running from days group by g order by g"
        ),
        ["a|90", "b|106.5"]
    );
    assert_eq!(
        over(&home, "sum(x) filter (where d > 1)", "partition by g order by d"),
        "· 20 40 80 · · 9.5"
    );
    let (at, error) =
        home.fault("select row_number() filter (where d > 1) over (order by d) as r from days");
    assert_eq!(at, "filter (where d > 1)");
    assert_eq!(error.code.name(), "not-supported");
    let (at, _) = home.fault("select count(*) over (order by g range 1 preceding) as r from days");
    assert_eq!(at, "g");
}
