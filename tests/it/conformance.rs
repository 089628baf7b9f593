//! `docs/CONFORMANCE.md` says nothing that no test holds.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const STANDARDS: [&str; 4] = ["RFC 7642", "RFC 7643", "RFC 7644", "RFC 9865"];

#[test]
fn every_row_of_the_conformance_table_names_tests_that_are_there() {
    let tests = tests();
    let mut wrong = Vec::new();
    let mut rows = 0;
    for row in document().lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [section, subject, state, _, named] = cells[..] else {
            panic!("a row has five cells: {row}")
        };
        if section == "§" {
            continue;
        }
        rows += 1;
        if !["runs", "differs", "refused"].contains(&state) {
            wrong.push(format!("{section} {subject} is {state}"));
        }
        let named: Vec<_> = named.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            wrong.push(format!("{section} {subject} names no test"));
        }
        let missing = named.iter().filter(|name| !tests.contains(**name));
        wrong.extend(missing.map(|name| format!("{section} {subject}: there is no {name}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(rows > 60, "only {rows} rows were read");
}

#[test]
fn what_differs_or_is_refused_says_why() {
    for row in document().lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        if ["differs", "refused"].contains(&cells[3]) {
            assert!(cells[4].len() > 20, "{row}");
        }
    }
}

#[test]
fn every_standard_has_its_chapter() {
    let document = document();
    for standard in STANDARDS {
        let chapter = format!("\n## {standard}: ");
        assert_eq!(document.matches(&chapter).count(), 1, "{standard}");
    }
}

fn document() -> String {
    fs::read_to_string(root().join("docs/CONFORMANCE.md")).unwrap()
}

/// The names of all tests.
fn tests() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(&root().join("tests/it"), &mut found);
    found
}

fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.extend(tests_in(&fs::read_to_string(path).unwrap()));
        }
    }
}

/// The functions right below `#[test]` and `#[tokio::test]`.
fn tests_in(text: &str) -> Vec<String> {
    let mut lines = text.lines().map(str::trim);
    let mut names = Vec::new();
    while let Some(line) = lines.next() {
        if line == "#[test]" || line.starts_with("#[tokio::test") {
            let function = lines.find(|line| line.contains("fn ")).unwrap();
            let (_, name) = function.split_once("fn ").unwrap();
            names.push(name.split('(').next().unwrap().to_owned());
        }
    }
    names
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
