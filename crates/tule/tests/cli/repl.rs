//! `tule repl` without a terminal: pipes, scripts, exit codes, reports.

use crate::common::{Folder, is_inert, stockton};
use crate::run::project;
use crate::serve::Server;

const BEATS: &str = "select beat, cost from calls order by beat limit 2;";

#[test]
fn a_pipe_holds_statements_and_commands() {
    let folder = project();
    let input = format!("-- a comment\n{BEATS}\n.mode json\nselect beat\nfrom calls\nlimit 1");
    folder
        .pipe(&["repl"], input.as_bytes())
        .ends(0)
        .prints("beat,cost\nA1,12345678901234567890.10\nB2,-0.5\n[\n{\"beat\":\"A1\"}\n]\n");
    folder.pipe(&["repl"], b".quit\nnonsense").ends(0).prints("");
    folder.pipe(&["repl"], b"").ends(0).prints("");
}

#[test]
fn expressions_and_files_end_with_the_codes_of_run() {
    let folder = project();
    folder.write("a.tule", format!(".mode markdown\n\n{BEATS}\n.types\n"));
    folder.tule(&["repl", "--file", "a.tule"]).ends(0).says("| beat ").says("number");
    folder.tule(&["repl", "-e", BEATS, "-e", ".count"]).ends(0).says("rows\n3");
    let wrong = "select 1 from calls limit 1;\n\nselect beet from calls limit 1;\n.timing\n";
    folder.write("b.tule", wrong);
    let run = folder.tule(&["repl", "--file", "b.tule"]).ends(1).tells("b.tule:3:8");
    assert!(!run.out.contains("timing"), "{run:?}");
    folder.tule(&["repl", "-e", ".nope"]).ends(2).tells("no command `.nope`");
    folder.tule(&["repl", "-e", ".shema"]).ends(2).tells("perhaps `.schema` was meant");
    folder.tule(&["repl", "--file", "c.tule"]).ends(2);
    folder.write("d.tule", ".read d.tule\n");
    folder.tule(&["repl", "--file", "d.tule"]).ends(2).tells("too deep");
}

#[test]
fn a_folder_of_files_needs_no_project() {
    let folder = Folder::empty();
    folder.write("city/trees.csv", "kind,height\noak,12\nelm,9\n");
    let run = folder.tule(&["repl", "city", "-e", "select kind from trees order by kind limit 9;"]);
    run.ends(0).prints("kind\nelm\noak\n").tells("files of city");
    folder.tule(&["repl", "nowhere"]).ends(2).tells("no host and no folder");
}

#[test]
fn a_portal_that_no_project_names_is_asked_for_its_schemas() {
    let server = Server::start(project(), &[]);
    let folder = Folder::empty();
    let portal = format!("http://{}", server.address());
    let query = "select beat from @ab12-cd34 order by beat limit 1;";
    let run = folder.tule(&["repl", &portal, "-e", query, "-e", ".search calls", "-e", ".url"]);
    let run = run.ends(0).says("beat\nA1\n").tells("1 page").tells("live from");
    assert!(run.out.contains("/resource/ab12-cd34.json?"), "{run:?}");
    folder.tule(&["repl", &portal, "--offline", "-e", query]).ends(3);
}

#[test]
fn faults_of_the_portal_stand_at_the_users_own_text() {
    let server = Server::start(project(), &[]);
    let folder = Folder::empty();
    let portal = format!("http://{}", server.address());
    let query = "select beat, cost / 0 as odd\nfrom @ab12-cd34 limit 5;";
    let run = folder.tule(&["repl", &portal, "-e", query]);
    assert!(run.err.contains("<query>:1:14"), "{run:?}");
}

#[test]
fn parameters_are_values_with_types() {
    let folder = project();
    let query =
        "query q($b text, $c number default 1) as select beat from calls where beat = $b limit 5";
    folder.write("q.tule", format!(".set b A1\n{query};\n.set\n.unset b\n{query};\n"));
    let run = folder.tule(&["repl", "--file", "q.tule"]).ends(1);
    let run = run.says("beat\nA1\n").says("$b = A1").says("$c  number, not set");
    assert!(run.err.contains("`$b`") || run.err.contains("`b`"), "{run:?}");
    folder.write("r.tule", format!(".set b x\n{query};\n.set c later\n"));
    folder.tule(&["repl", "--file", "r.tule"]).ends(2).tells("does not read as number");
}

#[test]
fn results_go_to_files_and_commands() {
    let folder = project();
    let script = format!(
        ".once a.json\n{BEATS}\n.once | sort -r > b.txt\n{BEATS}\n.output c.csv\n{BEATS}\n.output\n\
         .save d.tule\n.report e.html\n.last\n"
    );
    folder.pipe(&["repl"], script.as_bytes()).ends(0).says("A1").tells("kept from the last query");
    assert!(folder.read("a.json").contains("\"beat\":\"B2\""));
    assert!(folder.read("b.txt").starts_with("beat,cost\nB2"), "{}", folder.read("b.txt"));
    assert_eq!(folder.read("c.csv").lines().count(), 3);
    assert_eq!(folder.read("d.tule"), format!("{BEATS}\n"));
    assert!(folder.read("e.html").contains("<svg"));
    folder.pipe(&["repl"], format!("{BEATS}\n.save d.tule\n").as_bytes()).ends(2);
    folder.pipe(&["repl"], b".report x.html").ends(2).tells("no result yet");
}

#[test]
fn charts_are_drawn_without_a_terminal_and_hostile_names_are_inert() {
    let folder = project();
    let run = folder.pipe(&["repl"], format!("{BEATS}\n.chart\n.chart map\n").as_bytes());
    assert!(run.out.contains("cost by beat") && run.err.contains("fits the sort `map`"), "{run:?}");
    let query = "select beat, cost, place from calls limit 5;\n.chart bar beat cost\n.chart\n";
    let run = folder.pipe(&["repl"], format!(".mode table\n{query}").as_bytes()).ends(0);
    assert!(run.out.contains("longitude") && is_inert(&run.out), "{}", run.out);
}

#[test]
fn what_would_be_sent_is_shown() {
    let folder = Folder::stockton();
    let query = "select beat, count(*) as n from police_calls group by beat order by n limit 3";
    let run =
        folder.tule(&["repl", "-e", &format!(".url {query}"), "-e", &format!(".plan {query}")]);
    let run = run.ends(0).says("https://data.stocktonca.gov/resource/esc4-8x43.json?");
    assert!(run.out.contains("$group  beat") || run.out.contains("$group  `beat`"), "{run:?}");
    folder.tule(&["repl", "-e", &format!(".curl {query}")]).ends(0).says("curl ");
    folder.tule(&["repl", "-e", &format!(".types {query}")]).ends(0).says("n       number");
    folder.tule(&["repl", "-e", ".schema police_calls"]).ends(0).says("call_entry_date");
    folder.tule(&["repl", "-e", ".datasets police"]).ends(0).says("police_calls");
    folder.tule(&["repl", "-e", ".open police_calls"]).ends(0).says("/d/esc4-8x43");
    let address = ".import https://data.stocktonca.gov/resource/esc4-8x43.json?beat=C1&$limit=5";
    folder.tule(&["repl", "-e", address]).ends(0).says("beat = 'C1'");
    let address = ".import https://data.stocktonca.gov/resource/esc4-8x43.json?$nope=5";
    folder.tule(&["repl", "-e", address]).ends(1).tells("<address>:1:");
}

#[test]
fn help_explains_commands_functions_types_and_codes() {
    let folder = Folder::empty();
    let run = |topic: &str| folder.tule(&["repl", "-e", &format!(".help {topic}")]);
    run("").ends(0).says(".datasets").says("Ctrl-R");
    run(".schema").ends(0).says("also .d, .describe");
    run("within_circle").ends(0).says("within_circle(");
    run("floating_timestamp").ends(0).says("floating_timestamp");
    run("unknown-column").ends(0).says("unknown-column");
    run("nothing-like-it").ends(2);
}

#[test]
fn the_sample_answers_without_a_network() {
    let command = ["repl", "--local", "--project"];
    let path = stockton().to_string_lossy().into_owned();
    let query =
        "select beat, count(*) as n from police_calls group by beat order by n desc limit 3;";
    let folder = Folder::empty();
    let run =
        folder.tule(&[&command[..], &[&path, "-e", query, "-e", ".count police_calls"]].concat());
    run.ends(0).says("beat,n\n").tells("files of sample");
}

#[test]
fn the_transcript_in_the_readme_is_what_happens() {
    let readme = std::fs::read_to_string(crate::common::repository().join("README.md")).unwrap();
    let begin = readme.find("$ tule repl --local").unwrap();
    let block = readme[begin..].split("```").next().unwrap();
    let mut input = ".mode table\n".to_owned();
    let mut expected = String::new();
    for line in block.lines().skip(1) {
        match line.strip_prefix("tule> ") {
            Some(typed) => input.extend([typed, "\n"]),
            None => expected.extend([line, "\n"]),
        }
    }
    let project = stockton().to_string_lossy().into_owned();
    let folder = Folder::empty();
    let run = folder.pipe(&["repl", "--local", "--project", &project], input.as_bytes());
    run.ends(0).prints(&expected);
}

/// Debian's browser, where it is installed.
fn browser() -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("chromium")).find(|file| file.is_file())
}

#[test]
fn a_report_opens_in_a_browser_and_nothing_in_it_runs() {
    let Some(browser) = browser() else { return };
    let folder = Folder::empty();
    let hostile = "</td><script>document.title = 'owned'</script><img src=x onerror=alert(1)>";
    folder.write("city/trees.csv", format!("kind,height\n\"{hostile}\",12\nelm,9\n"));
    let script = "select kind, height from trees limit 5;\n.report page.html\n";
    folder.pipe(&["repl", "city"], script.as_bytes()).ends(0);
    let page = folder.read("page.html");
    // Even a script that got in would not run: the page's policy forbids it.
    let forced = page.replace("</h1>", "</h1><script>document.title = 'owned'</script>");
    assert_ne!(page, forced);
    folder.write("forced.html", forced);
    for name in ["page.html", "forced.html"] {
        let shown = std::process::Command::new(&browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
            .arg(format!("--user-data-dir={}", folder.path("profile").display()))
            .arg(format!("file://{}", folder.path(name).display()))
            .env("HOME", folder.path(""))
            .output()
            .unwrap();
        let dom = String::from_utf8_lossy(&shown.stdout);
        assert!(dom.contains("<title>trees</title>"), "{name}: {dom}");
        assert!(dom.contains("<svg") && dom.contains("<td>elm</td>"), "{name}: {dom}");
        assert!(!dom.contains("<img"), "{name}: {dom}");
    }
}
