//! `docs/SANDBOX.md` names every switch and every position, and its examples are read.

use std::path::Path;

use scim_bridge::sandbox::{FaultAction, Faults, Options, Sandbox, Seed, Switches};

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/SANDBOX.md");
    std::fs::read_to_string(path).unwrap()
}

/// The TOML example that has these words in it.
fn example(words: &str) -> String {
    let document = document();
    let mut blocks = document.split("```toml\n").skip(1);
    let found = blocks.find(|block| block.split("```").next().unwrap().contains(words));
    found.unwrap().split("```").next().unwrap().to_owned()
}

#[test]
fn every_switch_and_every_position_is_in_the_document_with_its_default_first() {
    let document = document();
    for (switch, positions) in Switches::table() {
        let start = format!("| `{switch}` |");
        let row = document.lines().find(|line| line.starts_with(&start));
        let row = row.unwrap_or_else(|| panic!("{switch} has no row"));
        let words = row.split('|').nth(2).unwrap();
        let counted = positions.len() == 1;
        let mut last = 0;
        for position in positions
            .iter()
            .filter(|position| *position != "null" || !counted)
        {
            let place = words.find(&format!("`{position}`"));
            let place = place.unwrap_or_else(|| panic!("{switch} has no {position}"));
            assert!(place >= last, "{switch}: {position} is out of order");
            last = place;
        }
    }
}

#[test]
fn no_switch_is_in_the_document_that_there_is_not() {
    let document = document();
    let (_, switches) = document.split_once("## Switches").unwrap();
    let (switches, _) = switches.split_once("### Names of fields").unwrap();
    let known = Switches::table();
    let rows = switches.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut count = 0;
    for row in rows {
        let switch = row.split('`').next().unwrap();
        assert!(known.iter().any(|(each, _)| *each == switch), "{switch}");
        count += 1;
    }
    assert_eq!(count, known.len());
}

#[tokio::test]
async fn the_examples_are_read() {
    let switches: Switches = toml::from_str(&example("created_id")).unwrap();
    assert_eq!(switches.list_lag, 2);
    toml::from_str::<Switches>(&example("organizationUserId")).unwrap();
    let faults: Faults = toml::from_str(&example("[[rules]]")).unwrap();
    assert!(matches!(
        faults.rules[0].action,
        FaultAction::Status { code: 503, .. }
    ));
    let seed: Seed = toml::from_str(&example("[[resellers]]")).unwrap();
    let sandbox = Sandbox::start(Options {
        seed,
        switches,
        faults,
        ..Options::default()
    })
    .await
    .unwrap();
    assert!(sandbox.snapshot().person("ann@acme.example").is_some());
}
