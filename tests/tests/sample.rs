//! The rows of the example project are what its generator makes, and say that they are invented.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fs;
use std::io::Read as _;

use flate2::read::GzDecoder;
use tule_tests::sample::{File, files, folder};

#[test]
fn the_files_are_what_the_generator_makes() {
    let made = files();
    for file in &made {
        let mut held = Vec::new();
        let bytes = fs::read(folder().join(file.name)).unwrap();
        if file.is_packed {
            GzDecoder::new(&*bytes).read_to_end(&mut held).unwrap();
        } else {
            held = bytes;
        }
        // Not `assert_eq`, which would print megabytes.
        assert!(held == file.contents, "`{}`: cargo run -p tule-tests --bin sample", file.name);
    }
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, made.iter().map(|file| file.name).collect::<Vec<_>>());
}

#[test]
fn every_description_says_that_nothing_of_it_happened() {
    for file in files().iter().filter(|file| file.name.ends_with(".meta.json")) {
        let view: serde_json::Value = serde_json::from_slice(&file.contents).unwrap();
        assert!(view["name"].as_str().unwrap().contains("synthetic"), "{}", file.name);
        assert!(view["description"].as_str().unwrap().contains("Nothing in it happened"));
        assert_eq!(view["_provenance"], "synthetic");
    }
}

#[test]
fn the_sample_is_large_enough_to_be_worth_a_query_and_small_in_git() {
    let rows = |file: &File| csv::Reader::from_reader(&*file.contents).records().count();
    let rows: usize = files().iter().filter(|file| file.is_packed).map(rows).sum();
    assert!((49_000..51_000).contains(&rows), "{rows}");
    let size = |name: &str| fs::metadata(folder().join(name)).unwrap().len();
    let all: u64 = files().iter().map(|file| size(file.name)).sum();
    assert!(all < 2_000_000, "{all} bytes");
}
