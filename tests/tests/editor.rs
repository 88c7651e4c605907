//! Whatever is typed, an editor gets answers, and an edited document is the one that opening its
//! text would give.
//!
//! Every request of `tule-ide` is asked at the end of every beginning of every statement, as while
//! it is typed. Answers have to lie on characters of the text. Random edits then check that what is
//! kept between key presses is what opening the text anew gives.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use std::sync::Arc;
use std::time::Instant;

use tule_core::lint::Levels;
use tule_core::schema::catalog::Catalog;
use tule_ide::completion::{self, complete};
use tule_ide::document::{Document, Part, World};
use tule_ide::{actions, highlight, hints, hover, navigation, outline, signature};
use tule_syntax::format::{Options, format};
use tule_syntax::lexer::lex;
use tule_syntax::span::Span;
use tule_tests::corpus::Corpus;
use tule_tests::datasets::catalog;
use tule_tests::documents::documents;
use tule_tests::statements::statements;
use tule_tests::watch::{Progress, watched};

fn world(catalog: Catalog) -> World {
    World { catalog: Arc::new(catalog), levels: Arc::new(Levels::default()), input: None }
}

fn whole(text: &str) -> Span {
    Span::new(0, u32::try_from(text.len()).unwrap())
}

/// Whether a place lies on characters of the text.
fn lies_in(span: Span, text: &str) -> bool {
    span.start <= span.end && text.get(span.start as usize..span.end as usize).is_some()
}

/// Asks everything at `offset`; gives the places of all answers, by request. `thorough`: what is
/// long and depends little on the place as well.
fn ask(document: &Document, offset: u32, thorough: bool) -> Vec<(&'static str, Span)> {
    let mut places = Vec::new();
    let mut take = |what, spans: &mut dyn Iterator<Item = Span>| {
        places.extend(spans.map(|span| (what, span)));
    };
    let text = document.text();
    let all = whole(text);
    let found = complete(document, offset);
    let also = found.items.iter().filter_map(|item| item.also.as_ref()).map(|(span, _)| *span);
    take("completion", &mut also.chain([found.replaced]));
    for item in found.items.iter().step_by(7).filter(|_| thorough) {
        let again =
            completion::About::documentation_of(&item.about.key(), &document.world().catalog);
        assert_eq!(again, completion::documentation(&item.about), "{}", item.label);
    }
    take("hover", &mut hover::hover(document, offset).map(|hover| hover.span).into_iter());
    let _ = signature::help(document, offset);
    if let Some(navigation::Definition::Here(span)) = navigation::definition(document, offset) {
        take("definition", &mut std::iter::once(span));
    }
    take("references", &mut navigation::references(document, offset).iter().map(|at| at.span));
    take("highlights", &mut navigation::highlights(document, offset).iter().map(|at| at.span));
    take("linked", &mut navigation::linked(document, offset).into_iter());
    take("renamable", &mut navigation::renamable(document, offset).into_iter());
    if let Ok(edits) = navigation::rename(document, offset, "renamed") {
        take("rename", &mut edits.iter().map(|(span, _)| *span));
    }
    take("around", &mut outline::around(document, offset).into_iter());
    if thorough {
        let _ = format(text, &Options::default());
    }
    let actions = actions::actions(document, Span::empty(offset));
    take("actions", &mut actions.iter().flat_map(|done| &done.edits).map(|(span, _)| *span));
    take("symbols", &mut outline::entries(document).iter().map(|entry| entry.span));
    take("folds", &mut outline::folds(document).iter().map(|fold| fold.span));
    take("tokens", &mut highlight::tokens(document, all).map(|token| token.span));
    take("hints", &mut hints::hints(document, all).iter().map(|hint| Span::empty(hint.offset)));
    take("findings", &mut document.parts().iter().flat_map(Part::diagnostics).map(|d| d.span));
    places
}

/// Types each text into a document and asks everything at the places wanted; says what was wrong.
fn typed(
    world: &World,
    texts: &[String],
    wanted: fn(&str, usize) -> bool,
    progress: &Progress,
) -> (usize, Vec<String>) {
    let (mut count, mut faults) = (0, Vec::new());
    for text in texts {
        let mut document = Document::new(String::new(), world.clone());
        let kept: Vec<bool> = (0..=text.len()).map(|at| wanted(text, at)).collect();
        let mut from = 0;
        for end in text.char_indices().map(|(at, c)| at + c.len_utf8()) {
            if !kept[end] && end != text.len() {
                continue;
            }
            document.edit(from..from, &text[from..end]);
            from = end;
            count += 1;
            progress.at(document.text());
            let at = u32::try_from(end).unwrap();
            for (what, span) in ask(&document, at, count % 8 == 0) {
                if !lies_in(span, document.text()) {
                    let place = format!("{}..{}", span.start, span.end);
                    faults.push(format!("{what} at {place} of {:?}", document.text()));
                }
            }
        }
        if state(&document) != state(&Document::new(text.clone(), world.clone())) {
            faults.push(format!("typing gives something else than opening: {text:?}"));
        }
    }
    (count, faults)
}

/// The same on all cores, watched.
fn all_typed(what: &str, catalog: Catalog, texts: Vec<String>, wanted: fn(&str, usize) -> bool) {
    let start = Instant::now();
    let found = watched(move |progress| {
        let world = world(catalog);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let size = texts.len().div_ceil(cores).max(1);
        std::thread::scope(|scope| {
            let parts = texts.chunks(size);
            let world = &world;
            let running: Vec<_> = parts
                .map(|part| scope.spawn(move || typed(world, part, wanted, progress)))
                .collect();
            let mut total = (0, Vec::new());
            for thread in running {
                let (count, faults) = thread.join().unwrap();
                total.0 += count;
                total.1.extend(faults);
            }
            total
        })
    });
    let (count, faults) = found.unwrap_or_else(|fault| (0, vec![fault]));
    eprintln!("{count} {what} in {:.1} s", start.elapsed().as_secs_f64());
    let first: Vec<&str> = faults.iter().take(20).map(String::as_str).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), first.join("\n"));
    assert!(count > 0, "nothing was typed");
}

/// The ends of words, and every eleventh place inside them.
fn some(text: &str, at: usize) -> bool {
    let edge = |c: char| !c.is_alphanumeric() && c != '_';
    at.is_multiple_of(11) || text.get(at..).is_some_and(|rest| rest.starts_with(edge))
}

#[test]
fn every_request_is_answered_while_an_example_is_typed() {
    let mut texts: Vec<String> = Vec::new();
    for (index, statement) in statements(&documents().unwrap()).into_iter().enumerate() {
        let lexed = lex(&statement.text);
        let word = lexed.iter().find(|(kind, _)| !kind.is_trivia());
        let start = word.map_or(0, |(_, span)| span.start as usize);
        let Some(text) = statement.text.get(start..) else { continue };
        // Some with characters of several bytes in front, some with the line breaks of Windows.
        texts.push(match index % 4 {
            0 => format!("-- é😀\n{text}"),
            1 => text.replace('\n', "\r\n"),
            _ => text.to_owned(),
        });
    }
    all_typed("beginnings of examples", catalog(), texts, some);
}

#[test]
fn every_request_is_answered_while_a_real_query_is_typed() {
    let Some(corpus) = Corpus::read() else { return };
    let texts: Vec<String> =
        corpus.rows.iter().filter_map(|row| Some(shortened(&row.statement().ok()?))).collect();
    all_typed("beginnings of real queries", corpus.catalog, texts, some);
}

/// Long calls are mostly lists of values: their beginning says it all.
fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}

/// All that is kept of a document, with places in the document.
fn state(document: &Document) -> String {
    let all = whole(document.text());
    let findings: Vec<_> = document.parts().iter().flat_map(Part::diagnostics).collect();
    let tokens: Vec<_> = highlight::tokens(document, all).collect();
    let (symbols, folds) = (outline::entries(document), outline::folds(document));
    format!("{findings:?}\n{tokens:?}\n{symbols:?}\n{folds:?}\n{:?}", hints::hints(document, all))
}

/// What is put in at random: beginnings of what is never closed, ends of statements, characters of
/// several bytes, line breaks of either sort.
const PIECES: &[&str] = &[
    ";",
    "'",
    "\"",
    "`",
    "/*",
    "*/",
    "--",
    "\n",
    "\r\n",
    "(",
    ")",
    " ",
    "é",
    "😀",
    "@",
    "$",
    ",",
    "select beat from police_calls",
    " as x",
    "; select x from districts;\r\n",
    " where ",
    "\t",
];

#[test]
fn random_edits_give_what_opening_the_text_gives() {
    let texts: Vec<String> = statements(&documents().unwrap())
        .chunks(5)
        .map(|some| some.iter().map(|one| one.text.as_str()).collect::<Vec<_>>().join(";\r\n"))
        .collect();
    let world = world(catalog());
    let mut random = fastrand::Rng::with_seed(20);
    for round in 0..150 {
        let mut document = Document::new(random.choice(&texts).unwrap().clone(), world.clone());
        for _ in 0..12 {
            let text = document.text().to_owned();
            // Mostly a few characters, now and then whole statements.
            let longest = if random.u8(0..6) == 0 { text.len() } else { 5 };
            let start = random.usize(0..=text.len());
            let end = (start + random.usize(0..=longest)).min(text.len());
            let piece = PIECES[random.usize(0..PIECES.len())];
            let fits = text.is_char_boundary(start) && text.is_char_boundary(end);
            assert_eq!(document.edit(start..end, piece), fits);
            if random.bool() {
                // What is worked out at first need has to survive the edits that follow.
                highlight::tokens(&document, whole(document.text())).count();
            }
        }
        let fresh = Document::new(document.text().to_owned(), world.clone());
        assert!(state(&document) == state(&fresh), "round {round}: {:?}", document.text());
    }
}
