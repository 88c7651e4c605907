//! Pages, and the requests that go with them.

use jiff::civil::date;
use tule_syntax::parser::parse_one;
use tule_syntax::span::Span;

use super::{Request, lower};
use crate::check::{Context, Valid, check};
use crate::plan::{Clock, Plan};
use crate::schema::catalog::Catalog;
use crate::schema::{Column, Dataset, with_system_columns};
use crate::target::Target;
use crate::types::Type;

fn request(text: &str, target: Target) -> Request {
    let columns = [("beat", Type::Text), ("x", Type::Number)];
    let columns = columns.into_iter().map(|(name, ty)| Column::new(name, ty)).collect();
    let columns = with_system_columns(columns);
    let calls = Dataset::new("data.example.org", "call-call", "Calls", columns);
    let catalog = Catalog::of(vec![("calls", calls)]);
    let parsed = parse_one(text);
    let checked = check(text, &parsed, Context { catalog: &catalog, input: None });
    let valid = Valid::new(text, &parsed, &checked).unwrap();
    let noon = date(2026, 1, 31).at(12, 0, 0, 0);
    let plan = Plan::new(valid, &[], Clock { local: noon, utc: noon }).unwrap();
    lower(&plan, target, &catalog).unwrap().requests.remove(0)
}

fn params(request: &Request) -> String {
    let pairs = request.params.iter().map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join(" & ")
}

#[test]
fn pages_follow_each_other_behind_the_offset_of_the_query() {
    let all = request("select beat from calls limit all offset 7", Target::Soda2);
    assert_eq!(params(&all), "$select=beat & $order=:id & $limit=50000 & $offset=7");
    let page = all.page(20, 10);
    assert_eq!(params(&page), "$select=beat & $order=:id & $limit=10 & $offset=27");
    assert_eq!(params(&page.page(0, 10)), params(&all.page(0, 10)));

    let steps = "select beat from calls |> select beat limit all offset 7";
    let page = request(steps, Target::Soda2).page(20, 10);
    assert!(params(&page).ends_with("select beat order by beat limit 10 offset 27"), "{page:?}");

    let page = request("select beat from calls limit all", Target::Soda3).page(20, 10);
    assert_eq!(page.body.unwrap()["page"].to_string(), r#"{"pageNumber":3,"pageSize":10}"#);

    let one = request("select beat from calls limit 5 offset 3", Target::Soda2);
    assert_eq!(params(&one.page(20, 10)), params(&one));
}

#[test]
fn rows_behind_a_row_need_no_counting() {
    let all = request("select beat from calls where x = 1 or x = 2 limit all", Target::Soda2);
    let keyed = all.by_id().unwrap();
    assert_eq!(keyed.columns.last().unwrap().name, ":id");
    let page = keyed.page_after("row-a'b", 10);
    assert_eq!(
        params(&page),
        "$select=beat, :id & $where=(x = 1 or x = 2) and :id > 'row-a''b' & $order=:id & \
         $limit=10 & $offset=0"
    );
    let (_, map) = page.maps.iter().find(|(name, _)| name == "$where").unwrap();
    assert_eq!(map.source(1), Some(Span::new(29, 30)));

    let star = request("select * from calls limit all", Target::Soda2).by_id().unwrap();
    assert_eq!(params(&star), "$select=*, :id & $order=:id & $limit=50000 & $offset=0");
    assert!(params(&star.page_after("row-1", 10)).contains("$where=:id > 'row-1'"));

    // The identifier may be there already.
    let own = request("select :id, beat from calls limit all", Target::Soda2).by_id().unwrap();
    assert_eq!(params(&own), "$select=:id, beat & $order=:id & $limit=50000 & $offset=0");
    assert_eq!(own.columns.len(), 2);

    // Ordered otherwise, grouped, whole, with an offset or a limit.
    for other in [
        "select beat from calls order by x limit all",
        "select beat, count(*) as n from calls group by beat limit all",
        "select distinct beat from calls limit all",
        "select beat from calls |> select beat limit all",
        "select beat from calls limit all offset 1",
        "select beat from calls limit 5",
    ] {
        assert!(request(other, Target::Soda2).by_id().is_none(), "{other}");
    }
}

#[test]
fn rows_are_counted_where_that_is_one_simple_request() {
    let count = |text: &str, target: Target| request(text, target).count();
    let plain = "select beat from calls where x = 1 order by beat search 'a' limit all";
    let plain = count(plain, Target::Soda2).unwrap();
    assert_eq!(params(&plain), "$select=count(*) as n & $where=x = 1 & $q=a");
    let steps = "select beat from calls |> select distinct beat limit all";
    let steps = count(steps, Target::Soda2).unwrap();
    assert_eq!(
        params(&steps),
        "$query=select beat |> select distinct beat order by beat |> select count(*) as n"
    );
    let body = count("select beat from calls limit all", Target::Soda3).unwrap().body.unwrap();
    assert_eq!(body["query"], "select beat |> select count(*) as n");
    assert!(body.get("page").is_none());
    assert!(count("select distinct beat from calls limit all", Target::Soda2).is_none());
    assert!(count("select beat from calls limit 5", Target::Soda2).is_none());
}
