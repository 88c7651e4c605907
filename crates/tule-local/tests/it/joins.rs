//! Joins, LATERAL and set operations.

use crate::harness::{Home, home};

fn city() -> Home {
    home(&[
        ("calls.csv", "id,beat,cost\n1,A,10\n2,B,20\n3,A,30\n4,,40\n5,Z,50\n"),
        ("beats.tsv", "beat\tname\nA\tNorth\nB\tSouth\nC\tWest\n"),
        ("more.jsonl", "{\"id\": 3, \"beat\": \"A\"}\n{\"id\": 3, \"beat\": \"A\"}\n{\"id\": 9}\n"),
    ])
}

#[test]
fn joins_of_every_kind() {
    let home = city();
    let join = |kind: &str| {
        home.rows(&format!(
            "select id, @b.name from @calls {kind} join @beats as b on beat = @b.beat order by id, @b.name"
        ))
    };
    assert_eq!(join(""), ["1|North", "2|South", "3|North"]);
    assert_eq!(join("inner"), join(""));
    assert_eq!(join("left"), ["1|North", "2|South", "3|North", "4|·", "5|·"]);
    assert_eq!(join("right outer"), ["1|North", "2|South", "3|North", "·|West"]);
    assert_eq!(join("full"), ["1|North", "2|South", "3|North", "4|·", "5|·", "·|West"]);
    assert_eq!(
        home.rows("select id, @o.id as other from @calls join @calls as o on beat = @o.beat and id < @o.id"),
        ["1|3"]
    );
    assert_eq!(
        home.rows("select @b.*, id from @calls join @beats as b on beat = @b.beat where id = 2"),
        ["B|South|2"]
    );
    assert_eq!(
        home.rows("select *, @b.name from @calls join (select beat, name from @beats where name > 'O') as b on beat = @b.beat"),
        ["2|B|20|South"]
    );
    assert_eq!(home.rows("select 1 + 1 as two from @single_row"), ["2"]);
}

#[test]
fn the_order_of_a_step_goes_through_a_join_and_a_window() {
    let home = city();
    assert_eq!(
        home.rows(
            "select id, beat, cost from @calls order by cost desc |> select id, @b.name left join @beats as b on beat = @b.beat |> select id, name, row_number() over (order by id) as r where id > 1"
        ),
        ["5|·|4", "4|·|3", "3|North|2", "2|South|1"]
    );
    assert_eq!(
        home.rows("select distinct beat from @calls order by beat desc |> select beat limit 2"),
        ["·", "Z"]
    );
}

#[test]
fn lateral_joins_look_to_the_left() {
    let home = city();
    assert_eq!(
        home.rows(
            "select name, @l.id, @l.cost from @beats join lateral (select id, cost from @calls as c where @c.beat = @beats.beat order by cost desc limit 1) as l on true order by name"
        ),
        ["North|3|30", "South|2|20"]
    );
    assert_eq!(
        home.rows(
            "select name, @l.total from @beats left join lateral (select sum(cost) as total, count(*) as n from @calls as c where @c.beat = @beats.beat having n > 0) as l on true order by name"
        ),
        ["North|40", "South|20", "West|·"]
    );
    assert_eq!(
        home.rows("select name, @l.n from @beats join lateral (select count(*) as n from @calls) as l on true order by name limit 1"),
        ["North|5"]
    );
    // Two levels, and a step.
    assert_eq!(
        home.rows(
            "select name, @l.m from @beats as b join lateral (select max(id) as m from @calls as c join lateral (select 1 as one from @single_row where @b.beat = @c.beat) as i on @i.one = 1 |> select m + 100 as m) as l on true order by name"
        ),
        ["North|103", "South|102", "West|·"]
    );
    let (at, error) = home.fault(
        "select name from @beats right join lateral (select id from @calls as c where @c.beat = @beats.beat) as l on true",
    );
    assert!(at.starts_with("right join lateral"), "{at}");
    assert_eq!(error.code.name(), "not-supported");
}

#[test]
fn set_operations() {
    let home = city();
    let both = |op: &str| {
        home.rows(&format!("select id, beat from @calls {op} select id, beat from @more |> select id, beat order by id"))
    };
    assert_eq!(both("union"), ["1|A", "2|B", "3|A", "4|·", "5|Z", "9|·"]);
    assert_eq!(both("union all").len(), 8);
    assert_eq!(both("intersect"), ["3|A"]);
    assert_eq!(both("minus"), ["1|A", "2|B", "4|·", "5|Z"]);
    let copies = |op: &str| {
        home.rows(&format!(
            "(select beat from @calls union all select beat from @calls) {op} select beat from @more |> select beat, count(*) group by beat order by beat"
        ))
    };
    // On the left A four times, B, Z and null twice; on the right A twice and null once.
    assert_eq!(copies("intersect all"), ["A|2", "·|1"]);
    assert_eq!(copies("minus all"), ["A|2", "B|2", "Z|2", "·|1"]);
    assert_eq!(copies("intersect"), ["A|1", "·|1"]);
    assert_eq!(copies("minus"), ["B|1", "Z|1"]);
}
