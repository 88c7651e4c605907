//! Runs: limits, ends, caches, and what is too much.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tule_core::check::{Context, Valid, check};
use tule_core::plan::{Clock, Plan};
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_local::{LocalPortal, OpenOptions, Rows, RunCode, RunError, RunOptions};
use tule_syntax::parser::parse_file;

use crate::harness::{home, open, try_run};

fn numbers(count: u32) -> String {
    let rows: Vec<String> = (1..=count).map(|n| format!("{n},{}\n", n % 7)).collect();
    format!("n,m\n{}", rows.concat())
}

fn start(
    portal: &LocalPortal,
    query: &str,
    input: Option<&Arc<Dataset>>,
) -> Result<Rows, RunError> {
    let schemas = portal.datasets().iter().map(|d| (d.schema.id.as_str(), (*d.schema).clone()));
    let catalog = Catalog::of(schemas.collect());
    let parsed = parse_file(query).into_iter().next().unwrap();
    let checked = check(query, &parsed, Context { catalog: &catalog, input });
    let valid = Valid::new(query, &parsed, &checked);
    let valid = valid.unwrap_or_else(|| panic!("{query}: {:?}", checked.diagnostics));
    let now = "2025-03-15T10:30:00".parse().unwrap();
    portal.run(&Plan::new(valid, &[], Clock { local: now, utc: now }).unwrap())
}

#[test]
fn a_default_limit_holds_where_the_query_says_nothing() {
    let home = home(&[("t.csv", &numbers(10))]);
    let rows = |query: &str| {
        let options = RunOptions { default_limit: Some(3) };
        try_run(&home.portal, query, &[], options).unwrap().rows.len()
    };
    assert_eq!(rows("select n from @t"), 3);
    assert_eq!(rows("select n from @t limit 5"), 5);
    assert_eq!(rows("select n from @t limit all"), 10);
    assert_eq!(rows("select n from @t offset 8"), 2);
    assert_eq!(rows("select n from @t union select n from @t"), 3);
    assert_eq!(rows("with a as (select n from @t limit 9) select n from a"), 3);
    let options = RunOptions { default_limit: Some(2) };
    let query = "select n from @t order by n desc";
    assert_eq!(try_run(&home.portal, query, &[], options).unwrap().rows, ["10", "9"]);
}

#[test]
fn names_of_result_columns_are_those_of_the_checker() {
    let home = home(&[("t.csv", "a,b\n1,2\n")]);
    let query = "select a, a + b, count(*) over (), -a, *, :id from @t";
    let query = query.replace("*, :id", "b as c");
    let outcome = try_run(&home.portal, &query, &[], RunOptions::default()).unwrap();
    assert_eq!(outcome.names, ["a", "a_b", "count_over", "a_1", "c"]);
}

#[test]
fn names_of_results_win_over_columns() {
    let home = home(&[("t.csv", "a,b\n1,20\n2,10\n")]);
    assert_eq!(home.rows("select b as a from @t where a > 10"), ["20"]);
    assert_eq!(home.rows("select a + 1 as a from @t order by a desc"), ["3", "2"]);
    assert_eq!(
        home.rows("select a * 2 as d, d + b as e from @t where e > 21 order by e"),
        ["2|22"]
    );
    assert_eq!(
        home.rows("select a % 2 as odd, count(*) from @t group by odd order by odd"),
        ["0|1", "1|1"]
    );
}

#[test]
fn a_statement_without_from_reads_its_input() {
    let home = home(&[("t.csv", &numbers(3))]);
    let input = Arc::clone(&home.portal.dataset("t").unwrap().schema);
    let count = |query: &str| start(&home.portal, query, Some(&input)).unwrap().count();
    assert_eq!(count("select n where n > 1"), 2);
    assert_eq!(count("select * |> select n limit 1"), 1);
    assert_eq!(count("select n union all select n from @t"), 6);
    assert_eq!(count("select @x.n from @this as x"), 3);
}

#[test]
fn parameters_are_values() {
    let home = home(&[("t.csv", "name,n\nit's,1\nx' or '1'='1,2\n")]);
    let query = "query q($name text, $most number default 5) as select n from @t where name = $name and n < $most";
    assert_eq!(home.with(query, &[("name", "it's")]), ["1"]);
    assert_eq!(home.with(query, &[("name", "x' or '1'='1")]), ["2"]);
    assert_eq!(home.with(query, &[("name", "x' or '1'='1"), ("most", "2")]), Vec::<String>::new());
    let query = "query q($count number) as select n from @t order by n limit $count";
    assert_eq!(home.with(query, &[("count", "1")]), ["1"]);
    let fault = try_run(&home.portal, query, &[("count", "-1")], RunOptions::default());
    assert_eq!(fault.unwrap_err().code, RunCode::BadValue);
}

#[test]
fn a_query_can_be_cancelled_from_another_thread() {
    let home = home(&[("t.csv", &numbers(3000))]);
    let query =
        "select count(*) from @t as a join @t as b on @b.n + n > 0 join @t as c on @c.n + n > 0";
    let mut rows = start(&home.portal, query, None).unwrap();
    let cancel = rows.canceller();
    let before = Instant::now();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        cancel.cancel();
    });
    let error = rows.next().unwrap().unwrap_err();
    assert_eq!(error.code, RunCode::Cancelled);
    assert!(rows.next().is_none());
    assert!(before.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_query_that_nobody_waits_for_ends() {
    let home = home(&[("t.csv", &numbers(3000))]);
    let query =
        "select count(*) from @t as a join @t as b on @b.n + n > 0 join @t as c on @c.n + n > 0";
    // The thread of each would be busy for hours.
    for _ in 0..20 {
        let rows = start(&home.portal, query, None).unwrap();
        let cancel = rows.canceller();
        drop(rows);
        cancel.cancel();
    }
    let before = Instant::now();
    assert_eq!(home.rows("select count(*) from @t"), ["3000"]);
    assert!(before.elapsed() < Duration::from_secs(20));
}

#[test]
fn rows_come_while_the_query_runs() {
    let home = home(&[("t.csv", &numbers(2000))]);
    // Eight thousand million rows: whoever collects them first never gets here.
    let query = "select n, @b.n as m from @t as a join @t as b on true join @t as c on true";
    let rows = start(&home.portal, query, None).unwrap();
    assert_eq!(rows.take(1000).flatten().count(), 1000);
}

/// However few queries compute at a time, those that nobody reads hold no other up.
#[test]
fn queries_that_wait_for_their_readers_leave_their_turn() {
    let home = home(&[("t.csv", &numbers(2000))]);
    let query = "select n, @b.n as m from @t as a join @t as b on true";
    let mut unread: Vec<_> = (0..100).map(|_| start(&home.portal, query, None).unwrap()).collect();
    assert_eq!(home.rows("select count(*) from @t"), ["2000"]);
    // And go on when somebody does.
    for rows in &mut unread {
        assert_eq!(rows.take(2_000).flatten().count(), 2_000);
    }
}

#[test]
fn large_queries_run_or_are_refused() {
    let home = home(&[("t.csv", "a,b\n1,2\n")]);
    let list: Vec<String> = (0..20_000).map(|n| n.to_string()).collect();
    assert_eq!(home.rows(&format!("select a from @t where a in ({})", list.join(", "))), ["1"]);
    let chain = vec!["a = 5"; 20_000].join(" or ");
    assert_eq!(home.rows(&format!("select a from @t where {chain} or b = 2")), ["1"]);
    let list: Vec<String> = (0..40_000).map(|n| n.to_string()).collect();
    let (_, error) = home.fault(&format!("select a from @t where a in ({})", list.join(", ")));
    assert_eq!(error.code, RunCode::TooLarge);
    let doubling: Vec<String> =
        (1..60).map(|n| format!("x{} + x{} as x{n}", n - 1, n - 1)).collect();
    let (_, error) = home.fault(&format!("select a as x0, {} from @t", doubling.join(", ")));
    assert_eq!(error.code, RunCode::TooLarge);
    let sum = vec!["a"; 400].join(" + ");
    assert_eq!(home.rows(&format!("select {sum} as s from @t")), ["400"]);
    let steps = " |> select a".repeat(300);
    assert_eq!(home.rows(&format!("select a from @t{steps}")), ["1"]);
}

#[test]
fn a_cache_is_kept_and_shared() {
    let folder = tempfile::tempdir().unwrap();
    let cache = tempfile::tempdir().unwrap();
    let options = || OpenOptions { cache: Some(cache.path().join("tule")) };
    std::fs::write(folder.path().join("t.csv"), numbers(100)).unwrap();
    let files = || -> Vec<String> {
        let entries = std::fs::read_dir(cache.path().join("tule")).unwrap();
        let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(".sqlite")).collect();
        names.sort();
        names
    };
    let count = |portal: &LocalPortal| {
        try_run(portal, "select count(*), sum(n) from @t", &[], RunOptions::default()).unwrap().rows
    };
    let portal = LocalPortal::open(folder.path(), "home", options()).unwrap();
    assert_eq!(files(), Vec::<String>::new(), "nothing is read before it is needed");
    assert_eq!(count(&portal), ["100|5050"]);
    let first = files();
    assert_eq!(first.len(), 1, "{first:?}");
    let other = LocalPortal::open(folder.path(), "home", options()).unwrap();
    assert_eq!(count(&other), ["100|5050"]);
    assert_eq!(files(), first);
    // What is no database is made anew.
    std::fs::write(cache.path().join("tule").join(&first[0]), "junk").unwrap();
    let other = LocalPortal::open(folder.path(), "home", options()).unwrap();
    assert_eq!(count(&other), ["100|5050"]);
    // A new state of the file takes the place of the old one.
    std::fs::write(folder.path().join("t.csv"), numbers(10)).unwrap();
    assert_eq!(count(&other), ["10|55"]);
    assert_eq!(files().len(), 1);
    assert_ne!(files(), first);
    // The cache may go at any time.
    std::fs::remove_file(cache.path().join("tule").join(&files()[0])).unwrap();
    assert_eq!(count(&other), ["10|55"]);
    std::fs::remove_dir_all(cache.path()).unwrap();
    assert_eq!(count(&LocalPortal::open(folder.path(), "home", options()).unwrap()), ["10|55"]);
}

#[test]
fn many_threads_share_a_portal() {
    let home = home(&[("t.csv", &numbers(1000))]);
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let portal = home.portal.clone();
            std::thread::spawn(move || {
                let query = "select m, count(*) from @t group by m order by m";
                try_run(&portal, query, &[], RunOptions::default()).unwrap().rows.len()
            })
        })
        .collect();
    assert!(threads.into_iter().all(|thread| thread.join().unwrap() == 7));
}

const CHILD: &str = "TULE_TEST_IMPORT";

/// The other process of the test below.
#[test]
fn import_for_another_test() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let folder = Path::new(&folder);
    let options = OpenOptions { cache: Some(folder.join("cache")) };
    let portal = LocalPortal::open(folder, "home", options).unwrap();
    portal.load(portal.dataset("t").unwrap()).unwrap();
}

#[test]
fn a_process_that_is_killed_leaves_nothing_half() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), numbers(100_000)).unwrap();
    let cache = folder.path().join("cache");
    std::fs::create_dir(&cache).unwrap();
    let partial = || -> u64 {
        let entries = std::fs::read_dir(&cache).unwrap().flatten();
        let sizes =
            entries.filter(|entry| entry.file_name().to_string_lossy().ends_with(".partial"));
        sizes.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "run::import_for_another_test"])
        .env(CHILD, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let before = Instant::now();
    while partial() < 200_000 {
        assert!(before.elapsed() < Duration::from_secs(120), "the import never began");
        assert!(child.try_wait().unwrap().is_none(), "the import was too fast to be killed");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let names: Vec<_> =
        std::fs::read_dir(&cache).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().ends_with(".sqlite")), "{names:?}");
    let options = OpenOptions { cache: Some(cache) };
    let portal = LocalPortal::open(folder.path(), "home", options).unwrap();
    let outcome = try_run(&portal, "select count(*) from @t", &[], RunOptions::default()).unwrap();
    assert_eq!(outcome.rows, ["100000"]);
}

#[test]
fn datasets_of_other_portals_are_refused() {
    let home = home(&[("t.csv", "a\n1\n")]);
    let other = open(home.folder.path());
    assert_eq!(other.name(), "home");
    let elsewhere =
        LocalPortal::open(home.folder.path(), "elsewhere", OpenOptions::default()).unwrap();
    let schemas = vec![
        ("t", (*home.portal.dataset("t").unwrap().schema).clone()),
        ("u", (*elsewhere.dataset("t").unwrap().schema).clone()),
    ];
    let catalog = Catalog::of(schemas);
    let query = "select a from t join u as u on a = @u.a";
    let parsed = parse_file(query).into_iter().next().unwrap();
    let checked = check(query, &parsed, Context { catalog: &catalog, input: None });
    let valid = Valid::new(query, &parsed, &checked).unwrap();
    let now = "2025-03-15T10:30:00".parse().unwrap();
    let plan = Plan::new(valid, &[], Clock { local: now, utc: now }).unwrap();
    let error = home.portal.run(&plan).unwrap_err();
    assert_eq!(error.code, RunCode::NotSupported);
    assert_eq!(error.span.unwrap().text(query), "u");
}

#[test]
fn what_was_guessed_is_kept_until_the_file_changes() {
    let folder = tempfile::tempdir().unwrap();
    let cache = tempfile::tempdir().unwrap();
    let open = || {
        let options = OpenOptions { cache: Some(cache.path().to_owned()) };
        LocalPortal::open(folder.path(), "home", options).unwrap()
    };
    let path = folder.path().join("t.csv");
    std::fs::write(&path, "Total $,total\n1,x\n2\n").unwrap();
    let told = |portal: &LocalPortal| {
        let dataset = portal.dataset("t").unwrap();
        let columns: Vec<String> = dataset
            .schema
            .columns
            .iter()
            .map(|c| format!("{} {:?} {}", c.name, c.ty, c.label))
            .collect();
        (columns, dataset.rows, dataset.notes.clone())
    };
    let first = told(&open());
    assert_eq!((first.1, first.2.len()), (Some(2), 1), "{first:?}");
    let record = std::fs::read_dir(cache.path()).unwrap().next().unwrap().unwrap().path();
    let kept = std::fs::read_to_string(&record).unwrap();
    assert_eq!(told(&open()), first);
    // It is the record that is read, and a broken one is made anew.
    std::fs::write(&record, kept.replace("\"rows\":2", "\"rows\":3")).unwrap();
    assert_eq!(told(&open()).1, Some(3));
    std::fs::write(&record, &kept[..kept.len() / 2]).unwrap();
    assert_eq!(told(&open()), first);
    std::fs::write(&path, "a,b\n1,2\n1,2\n1,3\n1,4\n").unwrap();
    assert_eq!(told(&open()).1, Some(4));
}

#[test]
fn columns_that_are_asked_for_again_and_again_get_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let cache = tempfile::tempdir().unwrap();
    let lines: Vec<String> =
        (0..60_000).map(|n| format!("{n},B{:03},{}.50", n % 500, n % 7)).collect();
    std::fs::write(folder.path().join("t.csv"), format!("n,beat,cost\n{}\n", lines.join("\n")))
        .unwrap();
    let options = || OpenOptions { cache: Some(cache.path().to_owned()) };
    let portal = LocalPortal::open(folder.path(), "home", options()).unwrap();
    let run = |portal: &LocalPortal, query: &str| {
        try_run(portal, query, &[], RunOptions::default()).unwrap().rows
    };
    let database = || {
        let mut files = std::fs::read_dir(cache.path()).unwrap().flatten();
        files.find(|file| file.path().extension() == Some("sqlite".as_ref())).unwrap().path()
    };
    let indexes = || -> Vec<String> {
        let connection = rusqlite::Connection::open(database()).unwrap();
        let mut query = connection
            .prepare("select name from sqlite_schema where type = 'index' order by 1")
            .unwrap();
        query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let queries = [
        ("select count(*) from @t where beat = 'B007'", "120"),
        ("select count(*) from @t where starts_with(beat, 'B00') and n < 1000", "20"),
        ("select count(*) from @t where n between 10 and 20.0 or n in (1, 2)", "13"),
        ("select n from @t order by cost desc, n limit 1", "6"),
        ("select count(*) from @t where cost > 5.500", "8571"),
    ];
    let all = |portal: &LocalPortal| -> Vec<String> {
        queries.iter().map(|(query, _)| run(portal, query).concat()).collect()
    };
    let expected: Vec<&str> = queries.iter().map(|(_, value)| *value).collect();
    // Which rows come first, too: whoever asks for page after page must not miss any.
    let ordered = |portal: &LocalPortal| {
        [
            "select n from @t where beat in ('B007', 'B003') limit 100",
            "select n, cost from @t where beat > 'B495' limit 100",
            "select n from @t where cost > 3 limit 100 offset 70",
            "select n from @t where beat >= 'B499' or n < 9 limit 100",
            "select n, cost from @t order by cost desc limit 100 offset 50",
            "select n, cost from @t where starts_with(beat, 'B01') order by cost limit 100",
            "select beat, count(*) from @t group by beat limit 100",
            "select distinct beat from @t where n > 59000 limit 100",
            "select n, beat from @t where beat > 'B495' |> select n limit 100",
            "select n, cost from @t order by cost, n |> select n limit 100",
            "select n from @t where n < 5 union all select n from @t where n > 59995",
        ]
        .map(|query| run(portal, query))
    };
    let without = LocalPortal::open(folder.path(), "home", OpenOptions { cache: None }).unwrap();
    let first = ordered(&without);
    assert_eq!(all(&portal), expected);
    assert_eq!(indexes(), Vec::<String>::new(), "a single query builds none");
    let open = portal.load(portal.dataset("t").unwrap()).unwrap();
    for _ in 0..3 {
        assert_eq!(all(&portal), expected);
    }
    assert_eq!(indexes(), ["i0", "i1", "i2"]);
    assert_eq!(ordered(&portal), first);
    assert_eq!(portal.load(portal.dataset("t").unwrap()).unwrap(), open);
    // Whoever comes later has them.
    let other = LocalPortal::open(folder.path(), "home", options()).unwrap();
    assert_eq!(all(&other), expected);
    let left = std::fs::read_dir(cache.path()).unwrap().flatten();
    assert_eq!(left.filter(|file| file.path().extension() == Some("partial".as_ref())).count(), 0);
}
