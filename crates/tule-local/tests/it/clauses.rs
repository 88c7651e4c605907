//! The clauses of one select.

use crate::harness::{Home, home};

fn calls() -> Home {
    home(&[(
        "calls.csv",
        "\
id,beat,priority,cost,opened,note
1,A,1,10.50,2025-01-02T08:00:00,Stolen Car
2,B,2,,2025-01-03T09:30:00,noise
3,A,,3,2025-01-01T00:00:00,
4,,2,100,2025-02-01T12:00:00,cars parked
5,C,3,-2.5,,Noise complaint
",
    )])
}

#[test]
fn filter_order_and_limit() {
    let home = calls();
    assert_eq!(home.rows("select id from calls where cost > 3 order by id"), ["1", "4"]);
    assert_eq!(home.rows("select id from calls order by cost"), ["5", "3", "1", "4", "2"]);
    assert_eq!(home.rows("select id from calls order by cost desc"), ["2", "4", "1", "3", "5"]);
    assert_eq!(
        home.rows("select id from calls order by cost desc nulls last, id"),
        ["4", "1", "3", "5", "2"]
    );
    assert_eq!(home.rows("select id from calls order by cost nulls first limit 2"), ["2", "5"]);
    assert_eq!(home.rows("select id from calls order by id limit 2 offset 3"), ["4", "5"]);
    assert_eq!(home.rows("select id from calls order by id offset 4"), ["5"]);
    assert_eq!(home.rows("select id from calls limit 0"), Vec::<String>::new());
    assert_eq!(home.rows("select id from calls order by id limit all").len(), 5);
    assert_eq!(home.rows("select id from calls where beat is null"), ["4"]);
    assert_eq!(home.rows("select id from calls where not beat = 'A'"), ["2", "5"]);
    assert_eq!(
        home.rows("select id from calls where beat in ('A', 'C') order by id"),
        ["1", "3", "5"]
    );
    assert_eq!(
        home.rows("select id from calls where beat not in ('A', null)"),
        Vec::<String>::new()
    );
    assert_eq!(
        home.rows("select id from calls where cost between -3 and 3 order by id"),
        ["3", "5"]
    );
    assert_eq!(
        home.rows("select id from calls where cost not between -3 and 3 order by id"),
        ["1", "4"]
    );
    assert_eq!(
        home.rows("select id from calls where beat is distinct from 'A' order by id"),
        ["2", "4", "5"]
    );
    assert_eq!(home.rows("select id from calls where beat is not distinct from null"), ["4"]);
    assert_eq!(home.rows("from calls where id = 5"), ["5|C|3|-2.5|·|Noise complaint"]);
}

#[test]
fn groups() {
    let home = calls();
    assert_eq!(
        home.rows("select beat, count(*), count(cost), min(cost), max(note) from calls group by beat order by beat"),
        ["A|2|2|3|Stolen Car", "B|1|0|·|noise", "C|1|1|-2.5|Noise complaint", "·|1|1|100|cars parked"]
    );
    assert_eq!(home.rows("select count(*) from calls where id > 100"), ["0"]);
    assert_eq!(
        home.rows("select beat from calls where id > 100 group by beat"),
        Vec::<String>::new()
    );
    assert_eq!(
        home.rows("select count(distinct beat), count(distinct priority) from calls"),
        ["3|3"]
    );
    assert_eq!(
        home.rows("select beat, count(*) as n from calls group by beat having n > 1"),
        ["A|2"]
    );
    assert_eq!(home.rows("select 1 as one from calls having count(*) > 4"), ["1"]);
    assert_eq!(home.rows("select 1 as one from calls having count(*) > 5"), Vec::<String>::new());
    assert_eq!(home.rows("select 7 as n from calls order by count(*)"), ["7"]);
    assert_eq!(
        home.rows("select count(*) filter (where cost > 3), count(*) filter () from calls"),
        ["2|5"]
    );
    assert_eq!(
        home.rows("select beat, count(*) as n from calls group by beat order by count(*) desc, beat limit 1"),
        ["A|2"]
    );
}

#[test]
fn distinct_rows() {
    let home = calls();
    assert_eq!(home.rows("select distinct beat from calls order by beat"), ["A", "B", "C", "·"]);
    assert_eq!(home.rows("select distinct beat from calls order by beat desc limit 2"), ["·", "C"]);
    assert_eq!(
        home.rows("select distinct on (beat) beat, id from calls order by beat, id desc"),
        ["A|3", "B|2", "C|5", "·|4"]
    );
    assert_eq!(
        home.rows("select distinct on (priority) id from calls order by priority, cost desc nulls last limit 3"),
        ["1", "4", "5"]
    );
}

#[test]
fn steps() {
    let home = calls();
    assert_eq!(
        home.rows("select beat, count(*) as n from calls group by beat |> select max(n) as most"),
        ["2"]
    );
    assert_eq!(
        home.rows("select id, cost from calls order by cost |> select id where cost > 0"),
        ["3", "1", "4"]
    );
    assert_eq!(home.rows("select id, cost from calls order by cost |> select id limit 1"), ["5"]);
    assert_eq!(
        home.rows("with a as (select id from calls where beat = 'A') select count(*) from a"),
        ["2"]
    );
    assert_eq!(home.rows("select n + 0 as m from (select id as n from calls) where n > 4"), ["5"]);
}

#[test]
fn search() {
    let home = calls();
    assert_eq!(home.rows("select id from calls order by id search 'car'"), ["1", "4"]);
    assert_eq!(home.rows("select id from calls search 'noise complaints'"), ["5"]);
    assert_eq!(home.rows("select id from calls search '3' order by id"), ["3", "5"]);
    assert_eq!(home.rows("select id from calls where id > 2 search 'noise'"), ["5"]);
    assert_eq!(home.rows("select id from calls search 'the'"), Vec::<String>::new());
}
