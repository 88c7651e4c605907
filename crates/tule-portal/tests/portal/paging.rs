//! Pages that fit together, and all the ways in which they do not.

use std::sync::atomic::{AtomicUsize, Ordering};

use tule_core::rows::{Row, Value};
use tule_core::target::Target;
use tule_portal::options::{Options, Paging};
use tule_portal::{Client, Fault, PageFault};

use crate::all;
use crate::server::{Asked, Reply, Server, Step};
use crate::table::{answer, is_count, options, request, request_for};

const ALL: &str = "select * from things limit all";

fn client(paging: Paging) -> Client {
    let size = paging.page_size.or(Some(4));
    Client::new(Options { paging: Paging { page_size: size, ..paging }, ..options() })
}

fn by_rows() -> Paging {
    Paging { by_id: false, ..Paging::default() }
}

fn uncounted() -> Paging {
    Paging { count: false, ..by_rows() }
}

fn numbers(rows: &[Row]) -> Vec<usize> {
    let number = |row: &Row| match &row[0] {
        Value::Number(text) => text.strip_suffix(".50").unwrap().parse().unwrap(),
        other => panic!("{other:?}"),
    };
    rows.iter().map(number).collect()
}

/// Rows from a server that gives these for the n-th request, counts aside.
async fn from(
    paging: Paging,
    target: Target,
    query: &str,
    rows: impl Fn(usize) -> Vec<usize> + Send + Sync + 'static,
) -> (Result<Vec<usize>, PageFault>, Vec<Asked>) {
    let pages = AtomicUsize::new(0);
    let server = Server::start(move |_, asked| {
        let page = if is_count(asked) { 0 } else { pages.fetch_add(1, Ordering::SeqCst) };
        answer(&rows(page), asked)
    })
    .await;
    let result = match all(client(paging).rows(request_for(&server, query, target))).await {
        Ok((rows, taken)) => {
            assert_eq!(taken.progress().rows, rows.len() as u64);
            assert_eq!(rows.first().map_or(4, Vec::len), taken.columns().len());
            Ok(numbers(&rows))
        }
        Err((error, _)) => match *error.fault {
            Fault::Pages(fault) => Err(fault),
            _ => panic!("{error}"),
        },
    };
    (result, server.asked())
}

#[tokio::test]
async fn every_row_comes_once_and_in_order() {
    for count in [0, 1, 3, 4, 5, 8, 9] {
        for target in Target::ALL {
            for paging in [Paging::default(), by_rows(), uncounted()] {
                let rows = move |_| (0..count).collect();
                let (found, asked) = from(paging, target, ALL, rows).await;
                let expected: Vec<usize> = (0..count).collect();
                assert_eq!(found, Ok(expected), "{target:?} {paging:?}");
                assert!(asked.len() <= count / 4 + 2, "{asked:#?}");
            }
        }
    }
}

#[tokio::test]
async fn pages_go_by_identifier_where_the_query_allows() {
    let rows = |_| (0..9).collect();
    let (_, asked) = from(Paging::default(), Target::Soda2, ALL, rows).await;
    let params: Vec<_> = asked
        .iter()
        .filter(|asked| !is_count(asked))
        .map(|asked| (asked.param("$select"), asked.param("$where"), asked.param("$offset")))
        .collect();
    let select = Some("*, :id");
    assert_eq!(
        params,
        [
            (select, None, Some("0")),
            (select, Some(":id > 'row-000003'"), Some("0")),
            (select, Some(":id > 'row-000007'"), Some("0")),
        ]
    );
    let ordered = "select * from things order by n limit all offset 0";
    let (found, asked) = from(Paging::default(), Target::Soda2, ordered, rows).await;
    assert_eq!(found.unwrap().len(), 9);
    let offsets: Vec<_> = asked.iter().filter_map(|asked| asked.param("$offset")).collect();
    assert_eq!(offsets, ["0", "4", "8"]);
}

#[tokio::test]
async fn a_portal_that_does_not_compare_identifiers_is_asked_by_rows() {
    for refuse_column in [false, true] {
        let server = Server::start(move |_, asked| {
            let keyed = asked.param("$where").is_some();
            let column = asked.param("$select") == Some("*, :id");
            if keyed || column && refuse_column {
                return Reply::json(
                    400,
                    r#"{"errorCode":"query.soql.type-mismatch","message":"x"}"#,
                );
            }
            answer(&(0..9).collect::<Vec<_>>(), asked)
        })
        .await;
        let rows = client(Paging::default()).rows(request(&server, ALL));
        let (rows, _) = all(rows).await.unwrap();
        assert_eq!(numbers(&rows), (0..9).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn the_offset_of_the_query_comes_first() {
    let query = "select * from things limit all offset 2";
    for paging in [by_rows(), uncounted()] {
        let (found, asked) = from(paging, Target::Soda2, query, |_| (0..9).collect()).await;
        assert_eq!(found, Ok((2..9).collect()));
        assert_eq!(asked.last().unwrap().param("$offset"), Some("6"));
    }
}

#[tokio::test]
async fn a_page_that_repeats_is_an_error() {
    // The server forgets where it is: every page is the first.
    let server = |paging, query: &'static str| async move {
        let server = Server::start(|_, asked| {
            let mut first = asked.clone();
            if !is_count(asked) {
                first.params.retain(|(name, _)| name == "$limit");
            }
            answer(&(0..9).collect::<Vec<_>>(), &first)
        })
        .await;
        let (error, rows) = all(client(paging).rows(request(&server, query))).await.unwrap_err();
        let Fault::Pages(fault) = *error.fault else { panic!("{error}") };
        (fault, rows.len(), server.asked().len())
    };
    let (fault, rows, _) = server(Paging::default(), ALL).await;
    assert_eq!((fault, rows), (PageFault::Overlap, 4));
    let (fault, ..) = server(by_rows(), ALL).await;
    assert!(matches!(fault, PageFault::Count { counted: 9, received: 12, .. }), "{fault}");
    // Without a count the portal is asked for one when rows look alike.
    let (fault, _, asked) = server(uncounted(), ALL).await;
    assert!(matches!(fault, PageFault::Count { .. }) && asked < 6, "{fault}");
    // Groups cannot be counted simply.
    let groups = "select n from things group by n limit all";
    let (fault, _, asked) = server(uncounted(), groups).await;
    assert_eq!((fault, asked), (PageFault::Repeated, 2));
}

#[tokio::test]
async fn rows_that_move_between_pages_are_noticed() {
    // A row is added in front: the last of the first page comes again.
    let added = |page| if page == 0 { (1..10).collect() } else { (0..10).collect() };
    let query = "select *, :id from things limit all";
    let (found, _) = from(by_rows(), Target::Soda2, query, added).await;
    assert_eq!(found, Err(PageFault::Overlap));
    // Pages that go by the identifier have none of that, nor the row that came later.
    let (found, _) = from(Paging::default(), Target::Soda2, query, added).await;
    assert_eq!(found, Ok((1..10).collect()), "those of the time when it began");
    // The count tells where no identifier does.
    let (found, _) = from(by_rows(), Target::Soda2, ALL, added).await;
    assert!(matches!(found, Err(PageFault::Count { .. })), "{found:?}");
    // A row is taken away: another one is never seen.
    let taken = |page| if page == 0 { (0..9).collect() } else { (1..9).collect() };
    let (found, _) = from(by_rows(), Target::Soda2, ALL, taken).await;
    let missing = PageFault::Count { counted: 9, received: 8, moved: false };
    assert_eq!(found, Err(missing));
    // By identifier, nothing is skipped or repeated in the first place.
    let (found, _) = from(Paging::default(), Target::Soda2, ALL, taken).await;
    assert_eq!(found, Ok((0..9).collect()));
}

#[tokio::test]
async fn a_limit_of_the_portal_is_no_end() {
    // It gives 1,000 rows at most, whatever is asked for.
    let capped = |target, paging| async move {
        let server = Server::start(|_, asked| {
            let mut asked = asked.clone();
            for (name, value) in &mut asked.params {
                if name == "$limit" {
                    *value = value.parse::<usize>().unwrap().min(1_000).to_string();
                }
            }
            asked.body = asked.body.replace("\"pageSize\":2000", "\"pageSize\":1000");
            answer(&(0..2_500).collect::<Vec<_>>(), &asked)
        })
        .await;
        let paging = Paging { page_size: Some(2_000), ..paging };
        all(client(paging).rows(request_for(&server, ALL, target))).await
    };
    for paging in [Paging::default(), by_rows(), uncounted()] {
        let (rows, _) = capped(Target::Soda2, paging).await.unwrap();
        assert_eq!(numbers(&rows), (0..2_500).collect::<Vec<_>>(), "{paging:?}");
        let (error, _) = capped(Target::Soda3, paging).await.unwrap_err();
        let fault = &*error.fault;
        assert!(matches!(fault, Fault::Pages(PageFault::Short { asked: 2_000, given: 1_000 })));
    }
    let (found, _) = from(Paging::default(), Target::Soda2, ALL, |_| (0..1_000).collect()).await;
    assert_eq!(found.unwrap().len(), 1_000);
}

#[tokio::test]
async fn more_rows_than_asked_for_are_an_error() {
    let server = Server::start(|_, asked| {
        let mut asked = asked.clone();
        asked.params.retain(|(name, _)| name != "$limit");
        answer(&(0..9).collect::<Vec<_>>(), &asked)
    })
    .await;
    let (error, rows) = all(client(uncounted()).rows(request(&server, ALL))).await.unwrap_err();
    assert!(matches!(*error.fault, Fault::Pages(PageFault::TooLong { asked: 4 })), "{error}");
    assert!(rows.len() <= 4);
}

#[tokio::test]
async fn columns_that_change_are_an_error_or_told() {
    let columns = |names: &'static str, types: &'static str, from: usize| {
        move |number: usize, asked: &Asked| {
            let mut reply = answer(&(0..9).collect::<Vec<_>>(), asked);
            if number >= from {
                reply.headers.retain(|(name, _)| !name.starts_with("X-SODA2"));
                reply = reply.header("X-SODA2-Fields", names).header("X-SODA2-Types", types);
            }
            reply
        }
    };
    let four = r#"["number","text","boolean","floating_timestamp","text"]"#;
    let retyped = r#"["text","text","boolean","floating_timestamp","text"]"#;
    let renamed = r#"["n","district","open","at","note"]"#;
    let wider = r#"["n","beat","open","at","note"]"#;

    let server = Server::start(columns(renamed, four, 2)).await;
    let (error, rows) = all(client(by_rows()).rows(request(&server, ALL))).await.unwrap_err();
    let Fault::SchemaChanged { missing, changed } = &*error.fault else { panic!("{error}") };
    assert_eq!((missing.as_slice(), changed.len()), (["beat".to_owned()].as_slice(), 3));
    assert!(changed.join(" ").contains("`district` is new"), "{error}");
    assert!(changed.join(" ").contains("`beat` is gone"), "{error}");
    assert_eq!(rows.len(), 4);

    let server = Server::start(columns(renamed, four, 0)).await;
    let (error, rows) = all(client(by_rows()).rows(request(&server, ALL))).await.unwrap_err();
    assert!(rows.is_empty() && error.to_string().contains("`beat` is missing"), "{error}");
    assert!(error.help().unwrap().contains("tule lock"));

    let server = Server::start(columns(wider, retyped, 0)).await;
    let (_, taken) = all(client(by_rows()).rows(request(&server, ALL))).await.unwrap();
    let expected = ["`n` was number and is text", "`note` is new"];
    assert_eq!(taken.end().unwrap().drift, expected);
    // Lists that a portal leaves out, and regions that come and go, say nothing.
    let regions = r#"["n","beat","open","at",":@computed_region_abcd_efgh"]"#;
    let server = Server::start(columns(regions, four, 2)).await;
    let (rows, taken) = all(client(by_rows()).rows(request(&server, ALL))).await.unwrap();
    assert_eq!((rows.len(), taken.end().unwrap().drift.len()), (9, 0));
}

#[tokio::test]
async fn the_end_says_what_is_missing_and_how_old_it_is() {
    let server = Server::start(|_, asked| {
        let mut reply = answer(&(0..1_200).collect::<Vec<_>>(), asked);
        reply.headers.retain(|(name, _)| name != "X-SODA2-Data-Out-Of-Date");
        reply
            .header("X-SODA2-Data-Out-Of-Date", "true")
            .header("X-SODA2-Truth-Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT")
    })
    .await;
    let rows = client(uncounted()).rows(request(&server, "select * from things"));
    let (rows, taken) = all(rows).await.unwrap();
    let end = taken.end().unwrap();
    assert_eq!((rows.len(), end.cut, end.out_of_date), (1_000, Some(1_000), true));
    assert_eq!(end.last_modified.as_deref(), Some("Wed, 21 Oct 2015 07:28:00 GMT"));
    let rows = client(uncounted()).rows(request(&server, "select * from things limit 1000"));
    let (_, taken) = all(rows).await.unwrap();
    assert_eq!(taken.end().unwrap().cut, None);
    // A ceiling below the LIMIT looks like the end of the rows.
    let capped = Server::start(|_, asked| {
        let mut asked = asked.clone();
        asked.params.retain(|(name, _)| name != "$limit");
        answer(&(0..1_200).collect::<Vec<_>>(), &asked)
    })
    .await;
    let rows = client(uncounted()).rows(request(&capped, "select * from things limit 5000"));
    let (rows, taken) = all(rows).await.unwrap();
    assert_eq!((rows.len(), taken.end().unwrap().cut), (1_000, Some(1_000)));
}

#[tokio::test]
async fn a_failure_on_a_later_page_is_an_error_not_an_end() {
    for broken in [
        Reply::json(500, ""),
        Reply::json(403, r#"{"error":true,"message":"no"}"#),
        Reply::of(200, "text/html", "<title>Maintenance</title>"),
        Reply::json(200, "[{\"n\":\"8").length(None),
        Reply::json(200, "[").length(Some(9)).then(Step::Reset),
        Reply::json(200, "[{\"n\":\"many\"}]"),
    ] {
        let fault = broken.clone();
        let server = Server::start(move |_, asked| match asked.param("$offset") {
            Some("8") => fault.clone(),
            _ => answer(&(0..9).collect::<Vec<_>>(), asked),
        })
        .await;
        let (error, rows) = all(client(by_rows()).rows(request(&server, ALL))).await.unwrap_err();
        assert_eq!((rows.len(), error.rows), (8, 8), "{broken:?} {error}");
    }
}

#[tokio::test]
async fn batches_are_the_same_rows_and_dropping_stops() {
    let server = Server::start(|_, asked| answer(&(0..9).collect::<Vec<_>>(), asked)).await;
    let mut rows = client(by_rows()).rows(request(&server, ALL));
    let mut taken = Vec::new();
    while let Some(batch) = rows.batch().await.unwrap() {
        assert!(!batch.is_empty());
        taken.extend(batch);
    }
    assert_eq!(numbers(&taken), (0..9).collect::<Vec<_>>());
    let before = server.asked().len();
    let mut rows = client(by_rows()).rows(request(&server, ALL));
    rows.next().await.unwrap().unwrap();
    drop(rows);
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    assert_eq!(server.asked().len(), before + 2, "a count and a page, and nothing behind them");
}

#[test]
fn a_program_without_a_runtime_has_an_iterator() {
    let runtime = tule_portal::blocking::Runtime::new().unwrap();
    let server = runtime.wait(Server::start(|_, asked| answer(&(0..9).collect::<Vec<_>>(), asked)));
    let mut rows = runtime.rows(client(by_rows()).rows(request(&server, ALL)));
    let taken: Vec<Row> = rows.by_ref().map(Result::unwrap).collect();
    assert_eq!(numbers(&taken), (0..9).collect::<Vec<_>>());
    assert!(rows.end().is_some() && rows.next().is_none());
    assert_eq!((rows.progress().rows, rows.progress().expected), (9, Some(9)));
    let broken = runtime.wait(Server::start(|_, _| Reply::json(400, "{\"error\":true}")));
    let mut rows = runtime.rows(client(by_rows()).rows(request(&broken, ALL)));
    assert!(rows.next().unwrap().is_err() && rows.next().is_none() && rows.end().is_none());
}

#[tokio::test]
async fn every_wait_can_be_broken_off_and_gone_on_with() {
    use std::time::Duration;

    let server = Server::start(|number, asked| {
        if number == 1 {
            return Reply::json(429, "").header("Retry-After", "1");
        }
        let mut reply = answer(&(0..9).collect::<Vec<_>>(), asked);
        if !is_count(asked) {
            // In two halves, with a pause in the middle of a row.
            let rest = reply.body.split_off(reply.body.len() / 2);
            reply.length = Some(reply.body.len() + rest.len());
            reply = reply.then(Step::Wait(Duration::from_millis(60))).then(Step::Send(rest));
        }
        reply
    })
    .await;
    let mut rows = client(by_rows()).rows(request(&server, ALL));
    let (mut taken, mut broken_off) = (Vec::new(), 0);
    loop {
        match tokio::time::timeout(Duration::from_millis(15), rows.next()).await {
            Ok(Ok(Some(row))) => taken.push(row),
            Ok(Ok(None)) => break,
            Ok(Err(error)) => panic!("{error}"),
            Err(_) => broken_off += 1,
        }
    }
    assert_eq!(numbers(&taken), (0..9).collect::<Vec<_>>());
    assert!(broken_off > 10 && rows.end().is_some(), "{broken_off}");
}

#[tokio::test]
async fn a_later_run_goes_on_between_two_pages() {
    // The server is down behind the second page; the rows change when `state` does.
    let start = |down: bool, state: &'static str| {
        Server::start(move |number, asked| {
            if down && number > 2 {
                return Reply::json(400, "{\"error\":true}");
            }
            answer(&(0..9).collect::<Vec<_>>(), asked).header("Last-Modified", state)
        })
    };
    for paging in [Paging::default(), by_rows()] {
        for target in Target::ALL {
            let server = start(true, "Monday").await;
            let mut rows = client(paging).rows(request_for(&server, ALL, target));
            let mut before = Vec::new();
            while let Ok(Some(row)) = rows.next().await {
                before.push(row);
            }
            let point = rows.point().cloned().expect("a place between pages");
            assert_eq!((point.rows, before.len(), rows.resumed()), (8, 8, 0));

            let server = start(false, "Monday").await;
            let rest = client(paging).rows_from(request_for(&server, ALL, target), point.clone());
            let (rest, taken) = all(rest).await.unwrap();
            assert_eq!((numbers(&rest), taken.resumed()), (vec![8], 8), "{target:?} {paging:?}");
            assert_eq!((taken.progress().rows, taken.progress().expected), (9, Some(9)));
            assert_eq!(server.asked().len(), 2, "a count and a page");

            // Other rows than then: all of them.
            let server = start(false, "Tuesday").await;
            let rest = client(paging).rows_from(request_for(&server, ALL, target), point);
            let (rest, taken) = all(rest).await.unwrap();
            assert_eq!((numbers(&rest), taken.resumed()), ((0..9).collect(), 0));
        }
    }
    // Where nothing says when rows change, or they change between pages, there is no such place.
    for days in [[None, None], [Some("Monday"), Some("Tuesday")]] {
        let server = Server::start(move |number, asked| {
            let reply = answer(&(0..9).collect::<Vec<_>>(), asked);
            match days[number.min(3) / 2] {
                Some(day) => reply.header("Last-Modified", day),
                None => reply,
            }
        })
        .await;
        let (_, taken) = all(client(by_rows()).rows(request(&server, ALL))).await.unwrap();
        assert_eq!(taken.point(), None, "{days:?}");
    }
}
