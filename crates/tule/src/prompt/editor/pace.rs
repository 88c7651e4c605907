//! All the work of a key press, with many datasets and a long statement: what is kept between two
//! keys must show the same as a new look at the text.
//!
//! How long a key takes is printed beside it, since a figure says something about one machine only:
//! `cargo test --release -p tule --bin tule -- --nocapture a_key_press`.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reedline::{Completer as _, FileBackedHistory, Highlighter as _, Hinter as _, Validator as _};
use tule_core::schema::catalog::Catalog;
use tule_core::schema::{Column, Dataset};
use tule_core::types::Type;
use tule_ide::document::World;

use super::{Live, Whole, complete, highlight, hint};
use crate::output::Paint;

/// 200 datasets of 30 columns.
fn world() -> World {
    let types = [Type::Text, Type::Number, Type::FloatingTimestamp, Type::Point];
    let dataset = |at: usize| {
        let columns = (0..30).map(|c| {
            let mut column = Column::new(&format!("column_{c}"), types[c % types.len()]);
            column.label = format!("The column of number {c}");
            column.values = (0..12).map(|value| format!("VALUE {value}")).collect();
            column
        });
        let id = format!("a{at:03}-b{at:03}");
        Dataset::new("data.example.gov", &id, &format!("Dataset {at}"), columns.collect())
    };
    let datasets: Vec<(String, Dataset)> =
        (0..200).map(|at| (format!("dataset_{at}"), dataset(at))).collect();
    let named = datasets.iter().map(|(name, dataset)| (name.as_str(), dataset.clone())).collect();
    World { catalog: Arc::new(Catalog::of(named)), ..World::default() }
}

/// A select of 500 lines.
fn statement() -> String {
    let mut text = "select\n".to_owned();
    for at in 0..496 {
        let (name, number) = (at % 30, at % 28 / 4 * 4 + 1);
        let _ = match at % 3 {
            0 => writeln!(text, "  upper(column_{}) as a{at},", name / 4 * 4),
            1 => {
                writeln!(text, "  case when column_{number} > {at} then 'x' else 'y' end as b{at},")
            }
            _ => writeln!(text, "  column_{number} + {at} * 2 as c{at},"),
        };
    }
    text + "  column_1\nfrom dataset_7\nwhere column_0 = 'VALUE 1' and "
}

/// How often it is typed: unoptimised builds are no measure, and take long.
const ROUNDS: usize = if cfg!(debug_assertions) { 2 } else { 12 };

#[test]
fn a_key_press() {
    let live = Arc::new(Mutex::new(Live::new(world())));
    let colours = highlight::Colours::new(&live, Paint(true));
    let mut names = complete::Names::new(&live);
    let mut hints = hint::Hints::new(&live);
    let history = FileBackedHistory::new(10).unwrap();
    let mut text = statement();
    let typed = "column_4 = 'VALUE 2' or upper(column_8) like 'V%' and column_1 between 1 and 5 ";
    let middle = text.find("column_0 as").or_else(|| text.find("column_0) as")).unwrap_or(7);
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let mut at = if round % 2 == 0 { text.len() } else { middle };
        for letter in typed.chars() {
            text.insert(at, letter);
            at += letter.len_utf8();
            let begun = Instant::now();
            let painted = colours.highlight(&text, at).render_simple();
            let hint = hints.handle(&text, at, &history, true, "");
            let found = names.complete(&text, at);
            Whole.validate(&text);
            times.push(begun.elapsed());
            std::hint::black_box((painted, hint, found));
        }
        let anew = Arc::new(Mutex::new(Live::new(world())));
        let painted = highlight::Colours::new(&anew, Paint(true)).highlight(&text, at);
        assert_eq!(colours.highlight(&text, at).render_simple(), painted.render_simple());
        let start = at - typed.len();
        text.replace_range(start..at, "");
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 1000).min(times.len() - 1)];
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{} keys in {} lines: median {:.2} ms, p99 {:.2} ms, most {:.2} ms",
        times.len(),
        text.lines().count(),
        ms(at(500)),
        ms(at(990)),
        ms(at(1000)),
    );
}
