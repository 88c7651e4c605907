//! Times of the stages beside `sqlparser`, in one process and interleaved, so that a slow moment
//! of the machine hits all of them: trust the ratios, not the times.

use std::time::{Duration, Instant};

use tule_bench::{Stage, assert_read_by_sqlparser, assert_sound, bytes, corpus, pass};
use tule_core::schema::catalog::Catalog;

const ROUNDS: usize = 5;
const STATEMENTS: usize = 10_000;
/// `sqlparser` recurses over long chains when it drops them.
const STACK: usize = 1 << 30;

/// Work to be timed: a stage over some texts.
struct Row {
    name: &'static str,
    stage: Stage,
    corpus: usize,
    /// The best time of each round.
    times: Vec<Duration>,
}

fn main() {
    let catalog = corpus::catalog();
    throughput(&catalog);
    long_inputs(&catalog);
}

fn best_of(passes: usize, mut work: impl FnMut()) -> Duration {
    (0..passes)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn throughput(catalog: &Catalog) {
    let plain = corpus::plain(1, STATEMENTS);
    let extended = corpus::extended(1, STATEMENTS);
    let broken = corpus::broken(1, &plain);
    let file = vec![corpus::file(1, 10_000)];
    assert_sound(catalog, &plain);
    assert_read_by_sqlparser(catalog, &plain);
    assert_sound(catalog, &extended);
    assert_sound(catalog, &file);
    assert_read_by_sqlparser(catalog, &file);
    let sets = [&plain, &extended, &broken, &file];

    let row = |name, stage, corpus| Row { name, stage, corpus, times: Vec::new() };
    let mut rows = [
        row("sqlparser parse", Stage::SqlParse, 0),
        row("lex", Stage::Lex, 0),
        row("lex + parse", Stage::Parse, 0),
        row("lex + parse + check", Stage::Check, 0),
        row("... + plan + lower", Stage::Compile, 0),
        row("check, extended", Stage::Check, 1),
        row("check, broken", Stage::Check, 2),
        row("parse, 10,000 lines", Stage::Parse, 3),
        row("check, 10,000 lines", Stage::Check, 3),
        row("sqlparser, 10,000 lines", Stage::SqlParse, 3),
    ];
    for row in &rows {
        pass(row.stage, catalog, sets[row.corpus]);
    }
    for _ in 0..ROUNDS {
        for row in &mut rows {
            let texts = sets[row.corpus];
            row.times.push(best_of(2, || {
                std::hint::black_box(pass(row.stage, catalog, texts));
            }));
        }
    }

    let per_byte =
        |row: &Row, round: usize| row.times[round].as_secs_f64() / bytes(sets[row.corpus]) as f64;
    println!(
        "{:<24} {:>8} {:>11} {:>12} {:>8}",
        "stage", "MB/s", "queries/s", "x sqlparser", "spread"
    );
    for row in &rows {
        let each = |value: &dyn Fn(usize) -> f64| median((0..ROUNDS).map(value).collect());
        let speed = each(&|round| 1e-6 / per_byte(row, round));
        let statements = match row.corpus {
            3 => sets[3][0].matches(';').count(),
            corpus => sets[corpus].len(),
        };
        let queries = each(&|round| statements as f64 / row.times[round].as_secs_f64());
        let ratio = each(&|round| per_byte(&rows[0], round) / per_byte(row, round));
        let slowest = row.times.iter().max().map_or(0.0, Duration::as_secs_f64);
        let fastest = row.times.iter().min().map_or(1.0, Duration::as_secs_f64);
        println!(
            "{:<24} {speed:>8.1} {queries:>11.0} {ratio:>12.2} {:>8.2}",
            row.name,
            slowest / fastest
        );
    }
    println!();
    let against = |what: &str, row: usize, base: usize| {
        let ratio = median(
            (0..ROUNDS)
                .map(|round| per_byte(&rows[row], round) / per_byte(&rows[base], round))
                .collect(),
        );
        println!("time per byte, {what}: {ratio:.2}x");
    };
    against("check of broken against valid statements", 6, 3);
    against("check of extended against plain statements", 5, 3);
    against("parse of the 10,000-line file against the corpus", 7, 2);
    against("check of the 10,000-line file against the corpus", 8, 3);
    against("sqlparser on the 10,000-line file against the corpus", 9, 0);
    let once = rows[8].times.iter().min().map_or(0.0, Duration::as_secs_f64) * 1e3;
    println!("check of the 10,000-line file ({} bytes): {once:.2} ms", file[0].len());
    println!();
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Long and deep statements; each pair should cost the same per byte.
fn long_inputs(catalog: &Catalog) {
    type Make = fn(usize) -> String;
    let pairs: [(&str, Make, usize, usize, bool); 4] = [
        ("items in IN", corpus::in_list, 1_000, 1_000_000, true),
        ("AND terms", corpus::and_terms, 2_000, 100_000, true),
        ("nested parentheses", corpus::nested_parentheses, 50, 200, false),
        ("nested calls", corpus::nested_calls, 50, 200, false),
    ];
    println!(
        "{:<30} {:>10} {:>10} {:>10} {:>10} {:>12}",
        "input", "bytes", "parse ms", "check ms", "ns/byte", "sqlparser ms"
    );
    for (name, make, few, many, long) in pairs {
        let mut costs = Vec::new();
        for count in [few, many] {
            let text = make(count);
            let texts = [text.as_str()];
            assert_sound(catalog, &texts);
            // About the same number of bytes, whatever the length.
            let passes = (4_000_000 / text.len()).clamp(3, 300);
            let time = |stage| {
                best_of(passes, || {
                    std::hint::black_box(pass(stage, catalog, &texts));
                })
                .as_secs_f64()
            };
            let (parse, check) = (time(Stage::Parse), time(Stage::Check));
            let cost = check / text.len() as f64;
            costs.push(cost);
            // The long chain would be dropped by recursion, so it is left out there.
            let other = if long && count == many {
                "-".to_owned()
            } else {
                format!("{:.3}", on_large_stack(catalog, &text, passes.min(30)) * 1e3)
            };
            println!(
                "{:<30} {:>10} {:>10.3} {:>10.3} {:>10.2} {:>12}",
                format!("{count} {name}"),
                text.len(),
                parse * 1e3,
                check * 1e3,
                cost * 1e9,
                other
            );
        }
        println!("    per byte, {many} against {few}: {:.2}x", costs[1] / costs[0]);
    }
}

fn on_large_stack(catalog: &Catalog, text: &str, passes: usize) -> f64 {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                best_of(passes, || {
                    std::hint::black_box(Stage::SqlParse.run(catalog, text));
                })
                .as_secs_f64()
            })
            .ok()
            .and_then(|thread| thread.join().ok())
            .unwrap_or(f64::NAN)
    })
}
