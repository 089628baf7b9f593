//! Configuration: what is read, what is refused, and where the refusal points.

use std::path::Path;

use scim_bridge::config::{Config, Environment, Mistakes};

mod admin;
mod cloudmore;
mod environment;
mod example;
mod jwt;
mod mistakes;
mod oauth;
mod oidc;
mod secrets;

/// A configuration without a mistake that gives only what must be given.
const SMALLEST: &str = r#"[store]
url = "sqlite://bridge.db"

[[broker]]
id = "northwind"
base_url = "https://api.example.com"
reseller_id = "r-1"
username = "scim@example.com"
password = { env = "PASSWORD" }
client_secret = { env = "API_SECRET" }

[[tenant]]
id = "acme"
broker = "northwind"
target = { organization = "o-1" }
default_role = 7
[[tenant.token]]
token = { env = "ACME_TOKEN" }
"#;

/// The variables that [`SMALLEST`] names.
const SECRETS: [(&str, &str); 3] = [
    ("PASSWORD", "a password, blanks and all"),
    ("API_SECRET", "api-secret"),
    ("ACME_TOKEN", "acme-token-of-some-length"),
];

fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, Mistakes> {
    let environment: Environment = SECRETS.iter().chain(variables).copied().collect();
    Config::parse(text, "bridge.toml", &environment, Path::new("/etc/bridge"))
}

/// [`SMALLEST`] with pieces of it replaced.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(SMALLEST.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "there is no {from:?} to replace");
        text.replacen(from, to, 1)
    })
}

/// Asserts that these mistakes and no others are made. Each is given as it prints, without the file's name; `…` stands
/// for some words, and the end can be left out.
fn check(text: &str, variables: &[(&str, &str)], expected: &[&str]) {
    let mistakes = load(text, variables).expect_err(text);
    let printed = mistakes.to_string().replace("bridge.toml:", "");
    let fits = printed.lines().count() == expected.len()
        && printed.lines().zip(expected).all(|(line, expected)| {
            let (start, part) = expected.split_once(" … ").unwrap_or((expected, ""));
            line.strip_prefix(start)
                .is_some_and(|rest| rest.contains(part))
        });
    assert!(
        fits,
        "in\n{text}\nexpected {expected:#?}\nbut got\n{printed}"
    );
}

/// Checks each line of a table: what is replaced in [`SMALLEST`], by what, and the mistakes that makes. `⏎` stands for a
/// line break.
fn check_each_edit(table: &str) {
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let cells: Vec<_> = row
            .split(" => ")
            .map(|cell| cell.replace('⏎', "\n"))
            .collect();
        let [from, to, expected]: [String; 3] = cells.try_into().expect("three cells");
        check(
            &edited(&[(&from, &to)]),
            &[],
            &expected.split(" && ").collect::<Vec<_>>(),
        );
    }
}
