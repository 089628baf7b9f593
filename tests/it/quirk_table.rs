//! Every row of the table of quirk cases (`reference/idp-behaviour.md`, section 6) has a test: one that quotes the number
//! of the row, in its name or in a comment.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const LAST: u16 = 154;

/// Rows about parts that are not built yet, and the issue that brings each.
const TO_COME: [(u16, u8); 2] = [(100, 6), (101, 6)];

/// The rows that the tests in a file quote, each with the test.
fn quoted(text: &str) -> BTreeMap<u16, String> {
    let mut rows = BTreeMap::new();
    let (mut test, mut marked) = (None, false);
    for line in text.lines() {
        marked |= line.trim_start().starts_with("#[test]") || line.contains("#[tokio::test");
        let name = line.trim_start();
        let name = name
            .strip_prefix("async ")
            .unwrap_or(name)
            .strip_prefix("fn ");
        if let Some(name) = name {
            test = std::mem::take(&mut marked).then(|| name.split('(').next().unwrap().to_owned());
        }
        if let Some(test) = &test {
            rows.extend(numbers(line).into_iter().map(|row| (row, test.clone())));
        }
    }
    rows
}

/// The numbers in `Q001`, `q001_` and `Q001 to Q003`.
fn numbers(line: &str) -> BTreeSet<u16> {
    let mut found = BTreeSet::new();
    let mut rest = line;
    let mut range_from = None;
    while let Some(at) = rest.find(['Q', 'q']) {
        let between = rest.get(..at).unwrap();
        rest = rest.get(at + 1..).unwrap();
        let digits = rest
            .get(..3)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let Some(digits) = digits else { continue };
        let row: u16 = digits.parse().unwrap();
        rest = rest.get(3..).unwrap();
        let first = range_from.filter(|_| between == " to ").unwrap_or(row);
        found.extend(first..=row);
        range_from = Some(row);
    }
    found
}

fn tests_of_rows() -> BTreeMap<u16, String> {
    let mut rows = BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && !path.ends_with(file!().rsplit('/').next().unwrap())
            {
                rows.extend(quoted(&fs::read_to_string(path).unwrap()));
            }
        }
    }
    rows
}

#[test]
fn every_row_has_a_test_or_an_issue() {
    let tested = tests_of_rows();
    let to_come: BTreeSet<u16> = TO_COME.iter().map(|(row, _)| *row).collect();
    let without: Vec<_> = (1..=LAST)
        .filter(|row| !tested.contains_key(row) && !to_come.contains(row))
        .collect();
    assert_eq!(without, [0_u16; 0], "rows without a test");
    let beyond: Vec<_> = tested
        .keys()
        .filter(|row| **row > LAST || **row == 0)
        .collect();
    assert!(beyond.is_empty(), "no such rows: {beyond:?}");
    for (row, issue) in TO_COME {
        let test = tested.get(&row);
        assert_eq!(
            test, None,
            "Q{row} is tested: take it off the list for issue {issue}"
        );
    }
}

#[test]
fn rows_are_read_from_tests_alone() {
    let text = "\
// Q001 stands outside\n#[test]\nfn q002_is_named() {\n// Q003, Q005 to Q007\n}\n\
fn helper() {\n// Q008\n}\n#[tokio::test]\nasync fn asynchronous() {\n// Q010\n}\n";
    let rows: Vec<_> = quoted(text).into_keys().collect();
    assert_eq!(rows, [2, 3, 5, 6, 7, 10]);
}
