//! Calls of every shape, and what becomes of them.

use super::*;

const BASE: &str = "https://data.example.gov/resource/abcd-1234.json?";
const FROM: &str = "from 'data.example.gov/abcd-1234'";

/// The statement of the parameters, without its end; FROM is written `F`.
#[track_caller]
fn rows(query: &str) -> String {
    statement(&format!("{BASE}{query}"))
}

#[track_caller]
fn statement(input: &str) -> String {
    let imported = import(input).unwrap_or_else(|error| panic!("{input}: {error}"));
    let statement = imported.statement.strip_suffix(';').unwrap();
    statement.replace(FROM, "F")
}

#[track_caller]
fn notes(input: &str) -> Vec<String> {
    import(input).unwrap_or_else(|error| panic!("{input}: {error}")).notes
}

#[track_caller]
fn error(input: &str) -> ImportError {
    match import(input) {
        Err(error) => error,
        Ok(imported) => panic!("{input}: {}", imported.statement),
    }
}

/// Code, message and the faulty text.
#[track_caller]
fn fault(input: &str) -> (&'static str, String, &str) {
    let error = error(input);
    let text = error.span.map_or("", |span| input.get(span).unwrap());
    (error.code, error.message, text)
}

fn v3(query: &str) -> String {
    format!("https://data.example.gov/api/v3/views/abcd-1234/query.json?{query}")
}

#[test]
fn clauses_keep_their_wording_and_stand_in_order() {
    assert_eq!(
        rows(
            "$limit=5&$offset=10&$order=n+DESC&$having=n%3E1&$group=city&$select=city,COUNT(*) AS n&$q=blue+sky&$where=a=1"
        ),
        "select city,COUNT(*) AS n F where a=1 group by city having n>1 order by n DESC search 'blue sky' limit 5 offset 10"
    );
    assert_eq!(rows(""), "select * F");
    assert_eq!(rows("$where=&$select="), "select * F");
    assert_eq!(rows("?&$select=a&"), "select a F");
    assert_eq!(rows("$group=city, zip"), "select city, zip, count(*) F group by city, zip");
    assert_eq!(rows("$select=distinct city"), "select distinct city F");
    assert_eq!(rows("$where=a /* first */ = 1 -- last"), "select * F where a = 1");
}

#[test]
fn simple_filters_are_text_and_stand_beside_where() {
    assert_eq!(rows("city=Bend&zip=97701"), "select * F where city = 'Bend' and zip = '97701'");
    assert_eq!(rows("$where=a=1&city=Bend"), "select * F where a=1 and city = 'Bend'");
    assert_eq!(
        rows("$where=a=1 or b=2&city=Bend"),
        "select * F where (a=1 or b=2) and city = 'Bend'"
    );
    assert_eq!(
        rows("$where=(a=1 or b=2)&city=Bend"),
        "select * F where (a=1 or b=2) and city = 'Bend'"
    );
    assert_eq!(rows("$where=a=1 or b=2"), "select * F where a=1 or b=2");
    assert_eq!(rows("name=O'Neil"), "select * F where name = 'O''Neil'");
    assert_eq!(
        rows("name=NULL&from=x&a-b=y&:id=row-1"),
        "select * F where name = 'NULL' and `from` = 'x' and `a-b` = 'y' and :id = 'row-1'"
    );
    assert_eq!(rows("city="), "select * F where city = ''");
    assert_eq!(rows("city = Bend"), "select * F where city = 'Bend'");
    assert_eq!(rows("city=Bend%20"), "select * F where city = 'Bend '");
    assert!(notes(&format!("{BASE}city='Bend'")).iter().any(|note| note.contains("quotes around")));
}

#[test]
fn slips_of_the_pen_are_read_and_noted() {
    assert_eq!(rows("$LIMIT=5"), "select * F limit 5");
    assert_eq!(notes(&format!("{BASE}$LIMIT=5")), ["`$LIMIT` was read as `$limit`"]);
    assert_eq!(rows("$limit=5%26"), "select * F limit 5");
    assert_eq!(rows("$order=total%2Bdesc,%2Bcity"), "select * F order by total desc, city");
    assert_eq!(rows("$order=a%2Bb"), "select * F order by a+b");
    assert_eq!(
        rows("$select=count(*) as n %26 city = Bend"),
        "select count(*) as n F where city = 'Bend'"
    );
    assert_eq!(rows("$where=a = 'x %26 y = z'"), "select * F where a = 'x & y = z'");
    assert_eq!(rows("$where=a like '%FARM%'"), "select * F where a like '%FARM%'");
    assert_eq!(rows("city=Bend&city=Bend"), "select * F where city = 'Bend'");
}

#[test]
fn what_changes_no_rows_is_left_out() {
    let dropped =
        "$$bom=true&$jsonp=f&$$version=2.1&accessType=DOWNLOAD&$$exclude_system_fields=true";
    assert_eq!(rows(dropped), "select * F");
    assert_eq!(notes(&format!("{BASE}{dropped}")).len(), 5);
    assert_eq!(rows("$$exclude_system_fields=false"), "select :*, * F");
    assert_eq!(rows("$$exclude_system_fields=false&$select=*"), "select :*, * F");
    assert_eq!(rows("$$exclude_system_fields=false&$select=a"), "select a F");
    assert_eq!(fault(&format!("{BASE}$$copy=unpublished")).0, "unknown-parameter");
}

#[test]
fn addresses_of_every_sort() {
    for address in [
        "data.example.gov/resource/abcd-1234",
        " <http://DATA.example.gov:80/resource/abcd-1234.csv> ",
        "\"https://data.example.gov/api/id/abcd-1234.json\"",
        "https://data.example.gov/d/abcd-1234",
        "https://data.example.gov/Public-Safety/Calls-for-service/abcd-1234/about_data?tab=x#top",
        "https://dev.socrata.com/foundry/data.example.gov/abcd-1234",
    ] {
        assert_eq!(statement(address), "select * F", "{address}");
    }
    for address in [
        "https://data.example.gov/api/views/abcd-1234/rows.csv?accessType=DOWNLOAD&bom=true",
        "https://data.example.gov/api/geospatial/abcd-1234?method=export&format=GeoJSON",
    ] {
        assert_eq!(statement(address), "select * F limit all", "{address}");
    }
    assert_eq!(
        statement("https://data.example.gov/resource/abcd-1234/row-iy9i-gz3f~gx4b.json"),
        "select * F where :id = 'row-iy9i-gz3f~gx4b'"
    );
    assert_eq!(
        statement(
            "https://data.example.gov/api/views/abcd-1234/rows.csv?query=select%20a%20limit%203"
        ),
        "select a F limit 3"
    );
    assert_eq!(
        statement(
            "https://data.example.gov/d/abcd-1234/explore/query/SELECT%20%60a%60%0AWHERE%20b%20%3D%201/page/filter"
        ),
        "SELECT `a` F WHERE b = 1"
    );
    assert_eq!(
        statement("localhost:8080/resource/quakes.json"),
        "select * from 'localhost:8080/quakes'"
    );
    assert_eq!(statement("/resource/abcd-1234.json"), "select * from @abcd-1234");
    assert_eq!(statement("?$limit=5"), "select * limit 5");
    let imported = import("https://data.example.gov/resource/abcd-1234.geojson").unwrap();
    assert_eq!(imported.host.as_deref(), Some("data.example.gov"));
    assert_eq!(imported.dataset.as_deref(), Some("abcd-1234"));
    assert_eq!(imported.target, Target::Soda2);
    assert_eq!(imported.notes, ["format `geojson` is no part of a query and was left out"]);
}

#[test]
fn other_addresses_are_refused() {
    for (address, code) in [
        ("", "not-a-portal-url"),
        ("select * from calls", "not-a-portal-url"),
        ("ftp://data.example.gov/resource/abcd-1234.json", "not-a-portal-url"),
        ("https://", "not-a-portal-url"),
        ("https://data.example.gov:port/resource/abcd-1234.json", "not-a-portal-url"),
        ("https://data.example.gov/", "unsupported-endpoint"),
        ("https://data.example.gov/browse?q=x", "unsupported-endpoint"),
        ("https://data.example.gov/api/views/abcd-1234.json", "unsupported-endpoint"),
        ("https://data.example.gov/api/views/abcd/rows.csv", "unsupported-endpoint"),
        ("https://data.example.gov/api/odata/v4/abcd-1234", "unsupported-endpoint"),
        ("https://data.example.gov/api/catalog/v1", "unsupported-endpoint"),
        ("https://data.example.gov/resource/abcd-1234/12.json", "unsupported-endpoint"),
        (
            "https://x.example/arcgis/rest/services/A/FeatureServer/0/query?where=1=1",
            "unsupported-endpoint",
        ),
        ("https://data.example.gov/resource/{id}.json", "template-placeholder"),
        ("https://${host}/resource/abcd-1234.json", "template-placeholder"),
    ] {
        assert_eq!(error(address).code, code, "{address}");
    }
    assert!(error("select * from calls").help.unwrap().contains("no import"));
}

#[test]
fn a_whole_query_gets_its_dataset_in_place() {
    for (query, expected) in [
        ("select a, b", "select a, b F"),
        ("SELECT a\n WHERE b = 1 LIMIT 2", "SELECT a F WHERE b = 1 LIMIT 2"),
        ("select where a = 1", "select F where a = 1"),
        (
            "select hint(no_rollup) distinct a order by a",
            "select hint(no_rollup) distinct a F order by a",
        ),
        ("select a limit 5 |> select count(*)", "select a F limit 5 |> select count(*)"),
        ("select a union select b from @bbbb-2222", "select a F union select b from @bbbb-2222"),
        (
            "select a union (select b |> select c) |> select *",
            "select a F union (select b F |> select c) |> select *",
        ),
        (
            "select @t.a from @this as t join @bbbb-2222 as u on @t.a = @u.a",
            "select @t.a F as t join @bbbb-2222 as u on @t.a = @u.a",
        ),
        (
            "select a join @bbbb-2222 as u on a = @u.a",
            "select a F join @bbbb-2222 as u on a = @u.a",
        ),
        ("select a from @abcd-1234 where b", "select a F where b"),
        (
            "select @abcd-1234.a from @abcd-1234 where b",
            "select @abcd-1234.a F as @abcd-1234 where b",
        ),
        ("select a search 'x' -- rest", "select a F search 'x'"),
        ("select a;", "select a F"),
    ] {
        let mut address = url::Url::parse(BASE).unwrap();
        address.query_pairs_mut().append_pair("$query", query);
        assert_eq!(statement(address.as_str()), expected);
    }
    let query = [("$query".to_owned(), "select a where b".to_owned())];
    assert_eq!(import_params(None, None, &query).unwrap().statement, "select a where b;");
    assert_eq!(fault(&format!("{BASE}$query=select a&city=Bend")).0, "query-with-other-parameters");
    assert_eq!(rows("$query=select a&$$bom=true"), "select a F");
    assert_eq!(fault(&format!("{BASE}$query=query q() as select a")).0, "syntax");
    assert_eq!(
        fault(&format!("{BASE}$query=select a; select b")),
        ("syntax", "`$query` holds a `;`".to_owned(), ";")
    );
}

#[test]
fn pages_become_limit_and_offset() {
    for (query, expected) in [
        ("query=select a&pageNumber=1&pageSize=50", "select a F limit 50"),
        ("query=select a&pageNumber=3&pageSize=50", "select a F limit 50 offset 100"),
        ("query=select a order by b&pageSize=50", "select a F order by b limit 50"),
        ("query=select a limit 120&pageNumber=3&pageSize=50", "select a F limit 20 offset 100"),
        (
            "query=select a limit 20 offset 5&pageNumber=2&pageSize=50",
            "select a F limit 0 offset 55",
        ),
        (
            "query=select a union select b&pageSize=5",
            "select a F union select b F |> select * limit 5",
        ),
        (
            "query=select :id, a union select b, c&pageSize=5",
            "select :id, a F union select b, c F |> select :*, * limit 5",
        ),
        ("query=select a limit 9 |> select b&pageSize=5", "select a F limit 9 |> select b limit 5"),
        ("pageSize=5", "select * F limit 5"),
        ("query=select a&orderingSpecifier=discard&timeout=9&includeSynthetic=false", "select a F"),
        ("query=select *&includeSystem=true", "select :*, * F"),
        ("query=select *&includeSystem=false", "select * F"),
    ] {
        assert_eq!(statement(&v3(query)), expected, "{query}");
    }
    assert_eq!(
        statement(
            "https://data.example.gov/api/v3/views/abcd-1234/export.csv?query=select a order by b"
        ),
        "select a F order by b limit all"
    );
    assert_eq!(notes(&v3("query=select *")).len(), 1);
    assert_eq!(notes(&v3("query=select a")).len(), 0);
    for (query, code) in [
        ("pageNumber=0&pageSize=5", "bad-number"),
        ("pageNumber=2", "bad-number"),
        ("pageNumber=x", "bad-number"),
        ("pagesize=5", "unknown-parameter"),
        ("$query=select a", "unknown-parameter"),
        ("query=select a&query=select b", "repeated-parameter"),
    ] {
        assert_eq!(error(&v3(query)).code, code, "{query}");
    }
}

#[test]
fn bodies_are_read_as_they_are_or_out_of_a_command() {
    let body = r#"{"query": "select \"x\" as \u0061,\n b where c = 'é'", "page": {"pageNumber": 2, "pageSize": 10}, "parameters": {}, "timeout": 9}"#;
    assert_eq!(statement(body), r#"select "x" as a, b where c = 'é' limit 10 offset 10"#);
    assert_eq!(import(body).unwrap().target, Target::Soda3);
    let command = format!(
        "curl -sS -X POST 'https://data.example.gov/api/v3/views/abcd-1234/query.json' \\\n \
         -H 'X-App-Token: hush' --data $'{}' | jq .",
        body.replace('\\', "\\\\").replace('\'', "\\'")
    );
    assert_eq!(statement(&command), r#"select "x" as a, b F where c = 'é' limit 10 offset 10"#);
    assert!(!format!("{:?}", import(&command)).contains("hush"));
    for (body, code, text) in [
        (r#"{"query": "select a where {year}"}"#, "template-placeholder", "{year}"),
        (r#"{"query": "select \u0061 wher b"}"#, "syntax", "wher"),
        (r#"{"query": "select a, \"\u00zz\""}"#, "bad-json", "z"),
        (r"{'query': 1}", "bad-json", "'"),
        (r#"{"query": 1}"#, "bad-json", "\"query\""),
        (r#"{"page": {"pageSize": -1}}"#, "bad-number", "\"pageSize\""),
        (r#"{"page": {"size": 1}}"#, "unknown-parameter", "\"size\""),
        (r#"{"quary": "select a"}"#, "unknown-parameter", "\"quary\""),
        (r#"{"parameters": {"since": "2020"}}"#, "unknown-parameter", "\"parameters\""),
        (r#"{"app_token": "hush"}"#, "secret-in-query", ""),
    ] {
        let (found, _, at) = fault(body);
        assert_eq!((found, at), (code, text), "{body}");
    }
}

#[test]
fn commands_without_a_body() {
    for command in [
        "curl https://data.example.gov/resource/abcd-1234.json?city=Bend",
        "curl -o out.json \"https://data.example.gov/resource/abcd-1234.json?city=Bend\" > log",
        "curl -G data.example.gov/resource/abcd-1234.json -d city=Bend",
        "curl --get --url data.example.gov/resource/abcd-1234.json --data-urlencode 'city=Bend'",
        "curl -sXGET data.example.gov/resource/abcd-1234.json?city=Bend -u me:hush",
    ] {
        assert_eq!(statement(command), "select * F where city = 'Bend'", "{command}");
        assert!(!format!("{:?}", import(command)).contains("hush"));
    }
    assert_eq!(
        statement(
            "curl -G data.example.gov/resource/abcd-1234.json --data-urlencode \"\\$where=a = 'x+%20y'\""
        ),
        "select * F where a = 'x+%20y'"
    );
    for (command, code) in [
        ("curl -X PUT data.example.gov/resource/abcd-1234.json", "unsupported-endpoint"),
        ("curl data.example.gov/resource/abcd-1234.json -d '[]'", "unsupported-endpoint"),
        ("curl 'data.example.gov/resource/abcd-1234.json", "syntax"),
        ("curl -s", "not-a-portal-url"),
        ("curl data.example.gov/a data.example.gov/b", "syntax"),
        ("curl data.example.gov/api/v3/views/abcd-1234/query.json -d @body.json", "bad-json"),
    ] {
        assert_eq!(error(command).code, code, "{command}");
    }
}

#[test]
fn tokens_are_refused_and_never_repeated() {
    for input in [
        format!("{BASE}$$app_token=hush&$limit=all"),
        format!("{BASE}$limit=all&%24%24APP_TOKEN=hush"),
        format!("{BASE}app_token=hush"),
        v3("query=select a&app_token=hush"),
        "https://me:hush@data.example.gov/resource/abcd-1234.json".to_owned(),
    ] {
        let error = error(&input);
        assert_eq!((error.code, &error.span), ("secret-in-query", &None), "{input}");
        assert!(!format!("{error:?}").contains("hush"), "{error:?}");
    }
    let error =
        error("curl -H 'X-App-Token: hush' 'data.example.gov/resource/abcd-1234.json?$limit=x'");
    assert_eq!((error.code, error.span), ("bad-number", None));
    assert_eq!(rows("$$app_token="), "select * F");
}

#[test]
fn faults_are_shown_where_they_stand() {
    for (query, code, message, text) in [
        ("$limit=all", "bad-number", "`$limit` needs a whole number, found `all`", "all"),
        ("$limit=-5", "bad-number", "`$limit` needs a whole number, found `-5`", "-5"),
        ("$offset=1.5", "bad-number", "`$offset` needs a whole number, found `1.5`", "1.5"),
        (
            "$limit={n}",
            "template-placeholder",
            "`{n}` in `$limit` is a placeholder of another language",
            "{n}",
        ),
        (
            "$where=year%3D{year}",
            "template-placeholder",
            "`{year}` in `$where` is a placeholder of another language",
            "{year}",
        ),
        (
            "city=${city}",
            "template-placeholder",
            "`${city}` in `city` is a placeholder of another language",
            "${city}",
        ),
        ("$selct=a", "unknown-parameter", "unknown parameter `$selct`", "$selct"),
        ("select=a", "unknown-parameter", "parameter `select` has no `$`", "select"),
        ("limit=5", "unknown-parameter", "parameter `limit` has no `$`", "limit"),
        ("=5", "unknown-parameter", "parameter without a name", "5"),
        (
            "zip code=5",
            "unknown-parameter",
            "`zip code` is neither a parameter nor the name of a column",
            "zip code",
        ),
        (
            "opened%3C2011-01-02",
            "operator-in-parameter",
            "`opened<2011-01-02` is a condition, not the name of a column",
            "opened%3C2011-01-02",
        ),
        (
            "$where=a=1&$where=a=2",
            "repeated-parameter",
            "parameter `$where` stands twice",
            "$where",
        ),
        ("$where=a=1 order by b", "syntax", "`$where` holds more than one clause", "order by"),
        ("$where=a=1) or (b=2", "syntax", "`$where` cannot be read: `)` closes nothing", ")"),
        ("$select=a from b", "syntax", "`$select` holds more than one clause", "from"),
        (
            "$group=a union select b",
            "syntax",
            "`$group` holds more than one clause",
            "a union select b",
        ),
    ] {
        let input = format!("{BASE}{query}");
        assert_eq!(fault(&input), (code, message.to_owned(), text), "{query}");
    }
    let params = [("$where".to_owned(), " a = 'x' and b =".to_owned())];
    let error = import_params(None, None, &params).unwrap_err();
    assert_eq!((error.code, error.span), ("syntax", Some(15..16)));
}

#[test]
fn help_says_what_to_write() {
    for (query, help) in [
        ("opened%3C2011-01-02", "write `$where=opened < '2011-01-02'`"),
        ("stars%3E=3", "write `$where=stars >= 3`"),
        ("group%3E=3", "write `$where=`group` >= 3`"),
        (
            "$where=year={year}",
            "write a value, import, then declare a typed parameter and write `$year` instead: `query name($year number) as …`",
        ),
        ("$select=sum({field})", "write the name out; only values can be parameters"),
        ("$selct=a", "perhaps `$select` was meant"),
        ("select=a", "write `$select`; a portal answers `Unrecognized arguments`"),
        ("$where=a=1?$limit=5", "parameters are separated by `&`, not by `?`"),
        ("$where=a='Cats & Dogs'", "a value ends at `&`; inside a value it is written `%26`"),
        ("$where=a='#1'", "an address ends at `#`; inside a value it is written `%23`"),
        ("$where=a%2520%253D%25201", "escapes such as `%20` are left in it: it was encoded twice"),
    ] {
        assert_eq!(error(&format!("{BASE}{query}")).help.as_deref(), Some(help), "{query}");
    }
}

#[test]
fn no_input_is_too_strange() {
    let long = "a=1&".repeat(100_000);
    let nested = "(".repeat(100_000);
    for input in [
        "%",
        "?",
        "=",
        "://",
        "//",
        "'",
        "''",
        "<>",
        "curl",
        "curl ",
        "curl '",
        "curl -",
        "{",
        "{}",
        "\\",
        "https://data.example.gov/resource/%FF%00.json",
        "https://[::1]/resource/abcd-1234.json",
        "é",
        "curl \\",
        "curl $'\\u12",
        "curl -d",
        "{\"query\": \"\\ud83d\\ude00\"}",
        "?=&=&%=%&$=&$$=",
        &format!("{BASE}{long}"),
        &format!("{BASE}$where={nested}"),
        &format!("{BASE}$where={}", "{".repeat(50_000)),
        &"\"".repeat(100_000),
        &format!("{BASE}${}=1", "x".repeat(100_000)),
        &format!("{}{}", "[".repeat(999), "{"),
    ] {
        if let Ok(imported) = import(input) {
            assert!(tule_syntax::parser::parse_one(&imported.statement).errors.is_empty());
        }
        for (end, _) in input.char_indices().take(200) {
            let _ = import(&input[..end]);
        }
    }
}
