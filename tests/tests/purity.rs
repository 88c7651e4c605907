//! The crates keep apart what must be apart: no network, clock, file or environment below the
//! edges, and every crate has its place in the description of the whole.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tule_tests::root;

/// Crates that know nothing of the outside world.
const PURE: &[&str] = &["tule-syntax", "tule-core"];

/// What stands for the outside world among libraries.
const FORBIDDEN: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "reqwest",
    "hyper",
    "ureq",
    "curl",
    "rustls",
    "native-tls",
    "tower-lsp",
    "tower-lsp-server",
    "lsp-types",
    "ls-types",
];

/// Paths of the standard library that reach out of the program.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::io::stdin",
    "std::time::SystemTime",
    "std::time::Instant",
    "SystemTime::now",
    "Instant::now",
    "Zoned::now",
    "Timestamp::now",
    "println!",
    "eprintln!",
    "dbg!",
];

/// What each package of the lock file depends on, by name. Names that stand twice are joined: a
/// dependency of either counts.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let mut packages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut name, mut inside) = (String::new(), false);
    for line in lock.lines() {
        let word = || line.split('"').nth(1).unwrap_or_default();
        if line.starts_with("name = ") {
            word().clone_into(&mut name);
            packages.entry(name.clone()).or_default();
        } else if line == "dependencies = [" {
            inside = true;
        } else if line == "]" {
            inside = false;
        } else if inside {
            let dependency = word().split(' ').next().unwrap_or_default();
            packages.entry(name.clone()).or_default().insert(dependency.to_owned());
        }
    }
    packages
}

/// Everything that `package` depends on, directly or not, itself left out.
fn all_below(package: &str, packages: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut below = BTreeSet::new();
    let mut open = vec![package];
    while let Some(next) = open.pop() {
        for dependency in packages.get(next).into_iter().flatten() {
            if below.insert(dependency.clone()) {
                open.push(dependency);
            }
        }
    }
    below
}

#[test]
fn nothing_below_the_edges_depends_on_the_network() {
    let packages = dependencies();
    for package in PURE.iter().copied().chain(["tule-ide"]) {
        if !packages.contains_key(package) {
            assert!(!PURE.contains(&package), "{package} is not in the lock file");
            continue;
        }
        let below = all_below(package, &packages);
        let found: Vec<&str> =
            FORBIDDEN.iter().copied().filter(|name| below.contains(*name)).collect();
        assert!(found.is_empty(), "{package} depends on {}", found.join(", "));
    }
    let below = all_below("tule-syntax", &packages);
    let own: Vec<&String> = below.iter().filter(|name| name.starts_with("tule")).collect();
    assert!(own.is_empty(), "tule-syntax depends on {own:?}");
    let below = all_below("tule-core", &packages);
    let own: Vec<&String> = below.iter().filter(|name| name.starts_with("tule")).collect();
    assert_eq!(own, ["tule-syntax"]);
    let below = all_below("tule-portal", &packages);
    let own: Vec<&String> = below.iter().filter(|name| name.starts_with("tule")).collect();
    assert_eq!(own, ["tule-core", "tule-syntax"]);
}

#[test]
fn one_crate_talks_to_the_network() {
    let packages = dependencies();
    let users: Vec<&String> = packages
        .iter()
        .filter(|(name, below)| name.starts_with("tule") && below.contains("reqwest"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(users, ["tule-portal"]);
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Whether a source file is a test as a whole: one in a folder of tests, or a module that is named
/// in another file under `#[cfg(test)]`.
fn is_test(path: &Path, files: &[PathBuf]) -> bool {
    if path.components().any(|part| part.as_os_str() == "tests") {
        return true;
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let declaration = format!("#[cfg(test)]\nmod {stem};");
    files
        .iter()
        .filter(|file| {
            file.parent() == path.parent() || file.with_extension("") == path.with_file_name("")
        })
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .any(|text| text.contains(&declaration))
}

#[test]
fn nothing_below_the_edges_reaches_out_of_the_program() {
    let mut found = Vec::new();
    for package in PURE {
        let mut files = Vec::new();
        sources(&root().join("crates").join(package).join("src"), &mut files);
        for file in files.iter().filter(|file| !is_test(file, &files)) {
            let text = std::fs::read_to_string(file).unwrap();
            // Tests stand last in a file.
            let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for (line, text) in (1..).zip(code.lines()) {
                let text = text.split("//").next().unwrap_or_default();
                let word = IMPURE.iter().find(|word| text.contains(**word));
                found.extend(word.map(|word| format!("{}:{line}: {word}", file.display())));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_crate_is_described() {
    let path = root().join("ARCHITECTURE.md");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let crates = std::fs::read_dir(root().join("crates")).unwrap();
    let names = crates.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let missing: Vec<String> = names.filter(|name| !text.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{} does not describe {}", path.display(), missing.join(", "));
}
