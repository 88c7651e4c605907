//! `tule repl` at a terminal: a real process in a real pty.

use std::time::{Duration, Instant};

use crate::common::{Folder, is_inert};
use crate::pty::{CTRL_C, CTRL_D, CTRL_R, ENTER, RIGHT, TAB, Terminal, UP};
use crate::run::{numbers, project};
use crate::serve::Server;

fn start(folder: &Folder) -> Terminal {
    let terminal = Terminal::start(folder, &["repl"], &[]);
    terminal.ready("here");
    terminal
}

#[test]
fn a_statement_is_typed_over_lines_and_run_at_its_end() {
    let folder = project();
    let mut terminal = start(&folder);
    terminal.line("select beat").sees("... ").line("from calls order by beat").keys("limit 2;");
    terminal.keys(ENTER).sees("2 rows").sees("A1").ready("here");
    // A blank line ends one too.
    terminal.line("select cost from calls order by cost limit 1").keys(ENTER).sees("1 row,");
    terminal.ready("here").keys(CTRL_D);
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn completion_offers_columns_with_types_and_takes_one_over() {
    let folder = project();
    let terminal = start(&folder);
    terminal.keys("from calls select ").keys(TAB).sees("floating_timestamp");
    terminal.keys("be").keys(ENTER).keys(" limit 1;").keys(ENTER).sees("1 row,").ready("here");
    terminal.keys(".sch").keys(TAB).keys(ENTER).keys("cal").keys(TAB).keys(ENTER);
    terminal.sees("attribution  Police").ready("here");
}

#[test]
fn mistakes_are_underlined_and_told_while_they_are_typed() {
    let folder = project();
    let terminal = start(&folder);
    terminal.keys("select beet from calls limit 1 ").sees("no column `beet`");
    assert!(terminal.bytes().contains("\x1b[4;31mbeet"), "{:?}", terminal.bytes());
    terminal.keys(CTRL_C).ready("here");
}

#[test]
fn history_outlives_a_kill_and_keeps_statements_whole() {
    let folder = project();
    let mut terminal = start(&folder);
    terminal.line("select beat,").line("  cost").line("from calls limit 1;").sees("1 row,");
    terminal.ready("here").line(".login a.gov abcdefghijklmnopqrst").sees("and nothing else");
    terminal.ready("here");
    terminal.kill();
    let terminal = start(&folder);
    terminal.keys(UP).sees("  cost").sees("from calls limit 1;");
    terminal.keys(CTRL_C).ready("here").keys(CTRL_R).keys("cost").sees("from calls limit 1;");
    terminal.keys(ENTER).keys(ENTER).sees("1 row,");
    terminal.ready("here").keys("select beat,").keys(RIGHT).sees("  cost");
    let kept = folder.read(".local/state/tule/history");
    assert!(!kept.contains("abcdefghijklmnopqrst"), "{kept}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let facts = std::fs::metadata(folder.path(".local/state/tule/history")).unwrap();
        assert_eq!(facts.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn an_interrupt_breaks_a_slow_page_off_and_the_prompt_goes_on() {
    let served = project();
    served.write("data/many.csv", numbers(20_000));
    let columns = r#"[{ "fieldName": "n", "name": "N", "dataTypeName": "number", "position": 1 }]"#;
    let facts = format!(r#"{{ "id": "ma12-ny34", "name": "Many", "columns": {columns} }}"#);
    served.write("data/many.meta.json", facts);
    let server = Server::start(served, &["--fault", "slow:bytes=16,ms=200,path=/resource"]);
    let folder = Folder::empty();
    let portal = format!("http://{}", server.address());
    let mut terminal = Terminal::start(&folder, &["repl", &portal], &[]);
    terminal.ready("127.0.0.1").line("select n from @ma12-ny34 limit all;").sees("reading");
    std::thread::sleep(Duration::from_millis(300));
    terminal.keys(CTRL_C).sees("the result is not whole").ready("127.0.0.1");
    assert!(!terminal.screen().contains("reading"), "{}", terminal.screen());
    // Then it clears the line, and never leaves.
    terminal.keys("select something").sees("something").keys(CTRL_C).ready("127.0.0.1");
    for prompts in 3..6 {
        terminal.until("one more prompt", |screen| screen.matches("127.0.0.1>").count() == prompts);
        terminal.keys(CTRL_C);
    }
    terminal.until("the last prompt", |screen| screen.matches("127.0.0.1>").count() == 6);
    terminal.ready("127.0.0.1").line(".timing").sees("timing is off");
    terminal.ready("127.0.0.1").keys(CTRL_D);
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn the_screen_may_change_its_size() {
    let folder = project();
    let terminal = start(&folder);
    terminal.keys("select beat, cost, urgent from calls ").resize(20, 44);
    terminal.keys("order by beat limit 2;").keys(ENTER).sees("2 rows");
    terminal.until("lines that fit", |screen| screen.lines().all(|line| line.len() < 120));
    terminal.ready("here").resize(40, 120).line("select beat from calls limit 1;").sees("1 row,");
}

#[test]
fn a_terminal_that_answers_too_late_is_asked_again() {
    let folder = project();
    let terminal = Terminal::start_losing(2, &folder, &["repl"], &[]);
    terminal.line("select beat from calls limit 1;").sees("1 row,").ready("here");
}

#[test]
fn two_hundred_lines_are_pasted_and_run_once() {
    let folder = project();
    let terminal = start(&folder);
    let columns: Vec<String> = (0..198).map(|at| format!("  cost + {at} as c{at}")).collect();
    let text = format!("select\n{}\nfrom calls limit 1;", columns.join(",\n"));
    terminal.paste(&text).sees("c197");
    terminal.keys(ENTER).sees("1 row,").ready("here");
    assert_eq!(terminal.bytes().matches("1 row,").count(), 1);
}

#[test]
fn wide_characters_and_hostile_values_are_shown_as_they_are() {
    let folder = project();
    let values = "name\n表計算 naïve 👩‍🚒\n\"\x1b]0;owned\x07\x1b[2Jgone\"\n";
    folder.write("data/wide.csv", values);
    let terminal = Terminal::start(&folder, &["repl", "data"], &[]);
    terminal.ready("data").line("select name, '表' as w from wide limit 5;").sees("2 rows");
    let screen = terminal.screen();
    assert!(screen.contains("表計算 naïve") && screen.contains("␛]0;owned␇␛[2Jgone"), "{screen}");
    assert_eq!(terminal.titles(), 0);
    // Pasted from anywhere, they are not obeyed either.
    terminal.ready("data").paste("select '\x07\x1b]0;owned\x07' ").sees("select '␇");
    assert_eq!(terminal.titles(), 0);
}

#[test]
fn a_tall_result_is_paged_and_a_short_one_is_not() {
    let folder = project();
    folder.write("data/many.csv", numbers(300));
    let terminal =
        Terminal::start(&folder, &["repl"], &[("PAGER", "sh -c 'tail -n 1; echo paged'")]);
    terminal.ready("here").line("select beat from calls limit 2;").sees("2 rows").ready("here");
    assert!(!terminal.screen().contains("paged"));
    terminal
        .line("select n from 'here/many' order by n;")
        .sees("paged")
        .sees("299")
        .sees("300 rows");
    // Pages of the prompt itself too; the list of commands is longer than this screen.
    terminal.ready("here").line(".help").until("the end of the help, paged", |screen| {
        screen.contains("`\\` works like `.`.") && screen.matches("paged").count() == 2
    });
    terminal.ready("here").line(".help chart").sees("draw the last result").ready("here");
    assert_eq!(terminal.screen().matches("paged").count(), 2, "{}", terminal.screen());
}

#[test]
fn missing_parameters_are_asked_for() {
    let folder = project();
    let terminal = start(&folder);
    let query = "query q($n number) as select beat from calls where cost < $n limit 1;";
    terminal.line(query).sees("$n (number)").line("many").sees("does not read as number");
    terminal.line("5").sees("1 row,").ready("here").line(".set").sees("$n = 5");
    terminal
        .ready("here")
        .line(".unset n")
        .ready("here")
        .line(query)
        .until("the question again", |screen| screen.trim_end().ends_with("$n (number)>"));
    terminal.keys(CTRL_C).ready("here");
}

#[test]
fn without_colours_nothing_is_coloured() {
    let folder = project();
    let terminal = Terminal::start(&folder, &["repl"], &[("NO_COLOR", "1")]);
    terminal.ready("here").keys("select beet from calls limit 1 ").sees("no column `beet`");
    terminal.keys(CTRL_C).ready("here").line("select beat from calls limit 1;").sees("1 row,");
    let bytes = terminal.bytes();
    for (at, _) in bytes.match_indices("\x1b[") {
        let rest = &bytes[at + 2..];
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
        let is_colour = rest[end..].starts_with('m');
        assert!(!is_colour || matches!(&rest[..end], "" | "0" | "39" | "49"), "{:?}", &rest[..end]);
    }
}

#[test]
fn a_dumb_terminal_is_spoken_to_in_lines() {
    let folder = project();
    let mut terminal = Terminal::start(&folder, &["repl"], &[("TERM", "dumb")]);
    terminal
        .sees("here> ")
        .line("select beat")
        .sees("... ")
        .line("from calls limit 1;")
        .sees("1 row,");
    terminal.keys("select nothing").keys(CTRL_C).line("").line(".timing").sees("timing is off");
    assert!(is_inert(&terminal.bytes().replace(['\r', '\x08'], "")), "{:?}", terminal.bytes());
    terminal.keys(CTRL_D);
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_request_to_end_is_obeyed() {
    let folder = project();
    let mut terminal = start(&folder);
    terminal.keys("select beat");
    terminal.terminate();
    assert_eq!(terminal.ends(), 130);
}

#[test]
#[cfg(target_os = "linux")]
fn a_window_that_is_closed_ends_it() {
    use std::process::{Command, Stdio};

    let folder = project();
    let program = env!("CARGO_BIN_EXE_tule");
    // The terminal of `script` hangs up when that is killed.
    let line = format!("echo $$ > pid; exec {program} repl");
    let mut window = Command::new("script");
    window.args(["-qfc", &line, "/dev/null"]).current_dir(folder.path(""));
    window.env("TERM", "xterm-256color").env("HOME", folder.path(""));
    let Ok(mut window) = window.stdin(Stdio::piped()).stdout(Stdio::null()).spawn() else {
        eprintln!("skipped: there is no `script` to open a terminal with");
        return;
    };
    let waits = |what: &str, is_so: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < Duration::from_secs(60), "waited for {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap_or_default();
    let pid = folder.path("pid");
    waits("the program", &|| read(&pid).ends_with('\n'));
    let process = std::path::PathBuf::from(format!("/proc/{}", read(&pid).trim()));
    // It listens for interrupts before it draws anything, in a thread of its own.
    waits("its threads", &|| {
        std::fs::read_dir(process.join("task")).is_ok_and(|tasks| tasks.count() > 1)
    });
    window.kill().unwrap();
    window.wait().unwrap();
    // What nobody waits for stays as a zombie where there is no `init`.
    waits("its end", &|| {
        let status = read(&process.join("status"));
        status.is_empty() || status.contains("State:\tZ")
    });
}

#[test]
fn many_rows_are_fetched_after_asking() {
    let folder = project();
    folder.write("data/many.csv", numbers(50_002));
    let terminal = Terminal::start(&folder, &["repl"], &[]);
    terminal.ready("here").line("select n from 'here/many';").sees("cut at 1,000 rows");
    terminal.ready("here").line(".all").sees("50,002 rows. Fetch them all?").line("n");
    terminal.sees("nothing was fetched").ready("here").line(".mode csv").ready("here");
    terminal.line(".once many.csv").ready("here").line(".all").sees("50,002 rows. Fetch them all?");
    terminal.keys("y").keys(ENTER).sees("in many.csv").ready("here");
    assert_eq!(folder.read("many.csv").lines().count(), 50_003);
}
