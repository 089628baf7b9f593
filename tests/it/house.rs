//! The house rules, read from the sources: which room may use which, how long a file may be, what a
//! file begins with, where outside crates may be named (`docs/ARCHITECTURE.md`).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, and which others each may use. Whatever puts the parts together may use all.
const ROOMS: [(&str, Option<&[&str]>); 15] = [
    ("scim", Some(&[])),
    ("domain", Some(&["scim"])),
    ("cloudmore", Some(&["domain"])),
    ("store", Some(&["domain", "scim"])),
    ("provision", Some(&["cloudmore", "domain", "scim", "store"])),
    ("auth", Some(&["domain", "store"])),
    ("config", Some(&["cloudmore", "domain", "listen", "scim"])),
    ("listen", Some(&[])),
    (
        "http",
        Some(&["auth", "domain", "listen", "provision", "scim"]),
    ),
    ("console", Some(&["auth", "domain", "http", "provision"])),
    ("sandbox", Some(&[])),
    ("telemetry", Some(&["domain"])),
    ("app", None),
    ("cli", None),
    ("main", None),
];

/// Outside crates and other means that only some rooms may name.
const KEPT_TO: [(&str, &[&str]); 10] = [
    ("sqlx::", &["store"]),
    ("reqwest::", &["auth", "cli", "cloudmore", "config"]),
    ("jsonwebtoken::", &["auth", "config"]),
    ("axum::", &["app", "console", "http", "listen", "sandbox"]),
    ("getrandom::", &["auth", "cloudmore", "provision"]),
    ("SystemTime::now", &["provision", "sandbox", "telemetry"]),
    (
        "Instant::now",
        &["cli", "cloudmore", "http", "listen", "provision", "sandbox"],
    ),
    ("std::env::", &["cli", "config"]),
    ("println!", &["cli"]),
    (
        "tokio::",
        &[
            "app",
            "auth",
            "cli",
            "cloudmore",
            "http",
            "listen",
            "main",
            "provision",
            "sandbox",
            "store",
        ],
    ),
];

const LONGEST: usize = 350;
const MEDIAN: usize = 170;

/// A source file: its path below the repository, its room if it has one, its text.
struct Source {
    path: String,
    room: String,
    text: String,
}

impl Source {
    fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// The lines that are not comments.
    fn code(&self) -> impl Iterator<Item = &str> {
        let lines = self.text.lines();
        lines.filter(|line| !line.trim_start().starts_with("//"))
    }
}

#[test]
fn every_room_uses_only_the_rooms_below_it() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        let Some((_, allowed)) = ROOMS.iter().find(|(room, _)| *room == source.room) else {
            assert_eq!(
                source.path, "src/lib.rs",
                "a room that the house rules do not know"
            );
            continue;
        };
        let Some(allowed) = allowed else { continue };
        for used in rooms_used(&source.text) {
            if used != source.room && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses crate::{used}", source.path));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn outside_crates_and_means_are_named_where_they_belong() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        for (name, rooms) in KEPT_TO {
            let named = source.code().any(|line| names(line, name));
            if named && !rooms.contains(&source.room.as_str()) {
                wrong.push(format!("{} names {name}", source.path));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn files_are_short_enough_to_read_at_one_sitting() {
    for folder in ["src", "tests"] {
        let sources = sources(folder);
        let long = sources.iter().filter(|source| source.lines() > LONGEST);
        let long: Vec<_> = long.map(|source| (&source.path, source.lines())).collect();
        assert_eq!(long, [], "over {LONGEST} lines");
    }
    let mut lengths: Vec<_> = sources("src").iter().map(Source::lines).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= MEDIAN, "the median is {median}");
}

#[test]
fn every_file_begins_with_a_sentence_that_says_what_it_is_for() {
    for source in sources("src").iter().chain(&sources("tests")) {
        let first = source.text.lines().next().unwrap_or_default();
        let sentence = first.strip_prefix("//! ").unwrap_or_default();
        assert!(
            !sentence.is_empty(),
            "{} begins with {first:?}",
            source.path
        );
    }
}

#[test]
fn modules_are_files_with_names_that_say_something() {
    for source in sources("src").iter().chain(&sources("tests")) {
        let path = Path::new(&source.path);
        let parts = path.iter().filter_map(|part| part.to_str());
        for part in parts.map(|part| part.trim_end_matches(".rs")) {
            let vague = ["mod", "utils", "util", "helpers", "common", "misc"].contains(&part);
            assert!(
                !vague,
                "{} needs a name that says what it is for",
                source.path
            );
        }
    }
}

#[test]
fn unsafe_code_is_forbidden_and_no_lint_is_silenced_without_a_reason() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    assert_eq!(
        manifest["lints"]["rust"]["unsafe_code"].as_str(),
        Some("forbid")
    );
    for source in sources("src") {
        for line in source.code() {
            assert!(!line.contains("[allow("), "{}: {line}", source.path);
        }
    }
}

#[test]
fn tests_wait_for_what_happens_and_never_for_time_to_pass() {
    let sleeps = concat!("sle", "ep(");
    for source in sources("tests") {
        let sleeps = source.code().find(|line| line.contains(sleeps));
        assert_eq!(sleeps, None, "in {}", source.path);
    }
}

#[test]
fn the_top_of_the_repository_holds_what_everybody_expects_there() {
    let ignored = fs::read_to_string(root().join(".gitignore")).unwrap();
    let ignored: Vec<_> = ignored
        .lines()
        .map(|line| line.trim_start_matches(['/', '*']))
        .collect();
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let expected = [
            "Cargo.toml",
            "Cargo.lock",
            "deny.toml",
            "src",
            "deploy",
            "tests",
            "docs",
            "README.md",
        ];
        let belongs = expected.contains(&name.as_str())
            || name.starts_with("LICENSE")
            || name.starts_with('.')
            || ignored.iter().any(|ending| name.ends_with(ending));
        assert!(belongs, "{name} does not belong there");
    }
}

#[test]
fn the_reader_of_directions_sees_every_form_of_use() {
    let text = "use crate::store::{Store, Tx};\n let f = crate::scim::fold(x);\n//! crate::http is not used\n";
    let used: Vec<_> = rooms_used(text).into_iter().collect();
    assert_eq!(used, ["scim", "store"]);
    assert!(names("    sqlx::query(x)", "sqlx::"));
    assert!(!names("    mysqlx::query(x)", "sqlx::"));
}

/// The rooms that a text names after `crate::`.
fn rooms_used(text: &str) -> BTreeSet<String> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let mut used = BTreeSet::new();
    for line in code {
        for after in line.split("crate::").skip(1) {
            let end = after
                .find(|letter: char| !is_of_name(letter))
                .unwrap_or(after.len());
            assert!(
                end > 0,
                "{line}: name one room in each `use`, so that this test can read it"
            );
            used.insert(after[..end].to_owned());
        }
    }
    used
}

/// Whether a line names something, and not something whose name only ends like it.
fn names(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(is_of_name)
    })
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    assert!(found.len() > 20, "the sources were not found");
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let below = path.strip_prefix(root()).unwrap();
            let room = below.iter().nth(1).and_then(|part| part.to_str()).unwrap();
            found.push(Source {
                path: below.display().to_string(),
                room: room.trim_end_matches(".rs").to_owned(),
                text: fs::read_to_string(&path).unwrap(),
            });
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
