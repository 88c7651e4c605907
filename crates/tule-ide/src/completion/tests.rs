//! What is offered at `§`, and what is not.

use super::*;
use crate::tests::{marked, world};

/// The items at `§`.
fn items(text: &str) -> Vec<Item> {
    let (text, offset) = marked(text);
    complete(&Document::new(text, world()), offset).items
}

fn labels(text: &str) -> Vec<String> {
    items(text).into_iter().map(|item| item.label).collect()
}

#[track_caller]
fn offers(text: &str, wanted: &[&str], unwanted: &[&str]) {
    let labels = labels(text);
    for label in wanted {
        assert!(labels.iter().any(|have| have == label), "{text}: no `{label}` in {labels:?}");
    }
    for label in unwanted {
        assert!(!labels.iter().any(|have| have == label), "{text}: `{label}` in {labels:?}");
    }
}

#[track_caller]
fn first(text: &str, label: &str) {
    assert_eq!(labels(text).first().map(String::as_str), Some(label), "{text}");
}

#[test]
fn statements_begin_with_few_words() {
    offers("§", &["select", "from", "with", "query"], &["where", "beat"]);
    offers("select x from calls; §", &["select", "from"], &["where"]);
    offers("from (§) as c", &["select", "from"], &["query"]);
}

#[test]
fn columns_of_the_select_and_no_others() {
    offers("from calls select §", &["beat", "opened", "*", "distinct", "count(*)"], &["name"]);
    offers("select be§ from calls", &["beat"], &["name"]);
    offers(
        "from calls as c join districts as d on @d.§",
        &["name", "the_geom"],
        &["beat", "upper"],
    );
    offers("from calls |> select §", &["beat"], &["name"]);
    offers("with t as (select x as y from calls) select § from t", &["y"], &["x"]);
    offers("from calls select * (except §)", &["beat"], &["upper", "name"]);
}

#[test]
fn names_that_need_quotes_get_them() {
    let group =
        items("from calls select §").into_iter().find(|item| item.label == "group").unwrap();
    assert_eq!(group.insert, "`group`");
}

#[test]
fn what_has_the_wanted_type_comes_first() {
    first("from calls select x where opened > §", "opened");
    first("from calls select x where x = §", "x");
    first("from calls select x where within_circle(§", "the_point");
    first("from calls select x where intersects(the_point, §", "the_point");
    offers("from calls select x where opened > §", &["today()"], &["sum"]);
}

#[test]
fn aliases_can_be_used_behind_the_select_list() {
    offers("select beat, count(*) as n from calls group by § ", &["beat", "n"], &["name"]);
    offers("select § from calls", &[], &["n"]);
}

#[test]
fn known_values_inside_quotes_and_outside() {
    offers("from calls where priority = '§'", &["1", "2", "O'Brien"], &["beat", "upper"]);
    offers("from calls where priority in ('1', '§", &["1", "2"], &["beat"]);
    offers("from calls where priority = §", &["'1'", "'O''Brien'"], &[]);
    offers("from calls where beat = '§'", &[], &["1", "beat"]);
    let value = items("from calls where priority = '§").pop().unwrap();
    assert_eq!(value.insert, "O''Brien'");
    let value = items("from calls where priority = '§'").pop().unwrap();
    assert_eq!(value.insert, "O''Brien");
}

#[test]
fn datasets_where_a_table_stands() {
    offers("from §", &["calls", "districts"], &["select", "where", "beat"]);
    offers("from calls join §", &["districts", "districts as d on …", "lateral"], &["beat"]);
    offers("with t as (select 1 as one from calls) from §", &["t", "calls"], &[]);
    offers("from 'data§'", &["data.example.org/call-call"], &["calls"]);
}

#[test]
fn keywords_that_can_follow_and_no_others() {
    offers(
        "from calls §",
        &["select", "where", "as", "join", "limit"],
        &["from", "on", "having by"],
    );
    offers("from calls join districts as d §", &["on"], &["where"]);
    offers("select x from calls where x = 1 §", &["and", "group by", "limit"], &["from", "where"]);
    offers("select x from calls where x = 1 limit 5 §", &["offset", "|>"], &["where", "order by"]);
    offers("select x from calls order by x §", &["desc", "limit"], &["where", "group by"]);
    offers("select x from calls group §", &["by"], &["beat"]);
    offers("select x from calls where x is §", &["null", "not null"], &["beat"]);
    offers("select x from calls where x not §", &["in", "like", "between"], &["beat"]);
    offers("select x §", &["as", "from"], &["join"]);
    offers("select * §", &["from"], &["beat"]);
    offers("select upper(beat §", &["and"], &["from", "where"]);
    offers("select case when x = 1 then 2 §", &["else", "end", "when"], &[]);
    offers("select row_number() over (§", &["partition by", "order by"], &["beat"]);
    offers("select row_number() over (partition by §) from calls", &["beat"], &[]);
}

#[test]
fn types_fields_counts_and_parameters() {
    offers("select x::§ from calls", &["text", "number"], &["beat"]);
    offers("from calls select the_point.§", &["latitude", "longitude"], &["beat", "upper"]);
    offers("from calls limit §", &["all"], &["beat"]);
    offers("query q($since §", &["floating_timestamp"], &["beat"]);
    offers("query q($since text) §", &["as"], &["beat"]);
    offers("query q($b text) as from calls where beat = §", &["$b"], &[]);
    first("query q($b text) as from calls where beat = §", "$b");
}

#[test]
fn nothing_where_nothing_can_be_known() {
    assert_eq!(labels("select x as §"), [""; 0]);
    assert_eq!(labels("select x -- be§"), [""; 0]);
    assert_eq!(labels("select 1§"), [""; 0]);
    offers("-- allow(§", &["implicit-limit"], &["unknown-column", "select"]);
    offers("-- allow(implicit-limit, eq§", &["equals-null"], &[]);
    assert_eq!(labels("-- allow(implicit-limit): §"), [""; 0]);
}

#[test]
fn the_word_being_typed_is_replaced() {
    let document = Document::new("from calls;\nfrom calls select bea".to_owned(), world());
    assert_eq!(complete(&document, 33).replaced, Span::new(30, 33));
    assert_eq!(complete(&document, 30).replaced, Span::empty(30));
}

#[test]
fn every_item_has_what_its_kind_promises() {
    for item in items("from calls select §") {
        if item.kind == ItemKind::Function
            && item.label != "count(*)"
            && item.label != "today()"
            && item.label != "now()"
        {
            assert!(documentation(&item.about).contains("Example"), "{}", item.label);
        }
        if item.kind == ItemKind::Column {
            assert!(documentation(&item.about).contains("Column of"), "{}", item.label);
        }
        let again = About::documentation_of(&item.about.key(), &world().catalog);
        assert_eq!(again, documentation(&item.about), "{}", item.label);
    }
}

#[test]
fn before_from_every_column_comes_with_its_from() {
    let (text, offset) = marked("select upper(be§)");
    let document = Document::new(text.clone(), world());
    let found = complete(&document, offset);
    let beat = found.items.iter().find(|item| item.label == "beat").unwrap();
    let (span, from) = beat.also.clone().unwrap();
    let mut done = text;
    done.replace_range(found.replaced.start as usize..found.replaced.end as usize, &beat.insert);
    done.insert_str(span.start as usize, &from);
    assert_eq!(done, "from calls select upper(beat)");
    let checked = Document::new(done, world());
    assert!(checked.parts()[0].analysis.checked.is_valid());
    offers("select §", &["beat", "name", "upper", "count(*)"], &[]);
    offers("select beat from calls; select §", &["beat", "name"], &[]);
    offers("select § from nosuch", &["upper"], &["beat", "name"]);
    offers("select § from calls", &["beat"], &["name"]);
    offers("from calls |> select §", &["beat"], &["name"]);
    offers("select x from calls union select §", &["name"], &[]);
    offers("select 1 as a, (select x from calls) + §", &["name"], &[]);
    offers("select x where §", &[], &["name"]);
}

#[test]
fn short_names_of_joined_tables_are_free() {
    let insert = |text: &str, label: &str| {
        items(text).into_iter().find(|item| item.label == label).unwrap().insert
    };
    assert_eq!(
        insert("from calls join §", "districts as d on …"),
        "districts as d on @d.${1:column} = $0"
    );
    assert_eq!(
        insert("from calls as d join §", "districts as d2 on …"),
        "districts as d2 on @d2.${1:column} = $0"
    );
}

#[test]
fn a_big_catalogue_is_not_listed_whole() {
    use tule_core::schema::Column;
    let dataset = |number: usize| {
        let columns = vec![Column::new("beat", Type::Text), Column::new("x", Type::Number)];
        Dataset::new(
            "data.example.org",
            &format!("aaaa-{number:04}"),
            &format!("Set {number}"),
            columns,
        )
    };
    let names: Vec<String> = (0..2_000).map(|number| format!("set_{number}")).collect();
    let sets = names.iter().enumerate().map(|(at, name)| (name.as_str(), dataset(at))).collect();
    let world = crate::document::World { catalog: Arc::new(Catalog::of(sets)), ..world() };
    let at = |text: &str| {
        let (text, offset) = marked(text);
        complete(&Document::new(text, world.clone()), offset)
    };
    let all = at("from §");
    assert!(all.incomplete && all.items.len() <= MOST + 5, "{}", all.items.len());
    let some = at("from set_199§");
    assert!(some.incomplete);
    assert!(some.items.iter().any(|item| item.label == "set_1999"));
    assert!(!some.items.iter().any(|item| item.label == "set_1"));
    let unread = at("select be§");
    let of_datasets = |item: &&Item| item.also.is_some();
    assert!(unread.incomplete);
    assert_eq!(unread.items.iter().filter(of_datasets).count(), MOST_UNREAD);
    assert!(unread.items.iter().filter(of_datasets).all(|item| item.label == "beat"));
    let named = at("select set_1999§");
    assert_eq!(named.items.iter().filter(of_datasets).count(), 2, "the two columns of set_1999");
    assert!(!at("from set_1 select be§").incomplete);
}
