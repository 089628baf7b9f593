//! `docs/CLOUDMORE.md` names every field and every address.

use std::collections::BTreeSet;
use std::fs;

use scim_bridge::cloudmore::{ENDPOINTS, Model};

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/CLOUDMORE.md");
    fs::read_to_string(path).unwrap()
}

#[test]
fn it_names_every_address_and_no_other() {
    let page = page();
    let rows = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let addresses = rows
        .map(|(first, _)| first)
        .filter(|first| first.contains(" /api/"));
    let table = ENDPOINTS
        .iter()
        .map(|each| format!("{} {}", each.method, each.path));
    let (named, table): (BTreeSet<_>, BTreeSet<_>) =
        (addresses.map(str::to_owned).collect(), table.collect());
    assert_eq!(named, table);
}

#[test]
fn it_names_every_field_of_every_model() {
    let page = page();
    let (_, fields) = page.split_once("## With which fields").unwrap();
    let (fields, _) = fields.split_once("## What is assumed").unwrap();
    let mut models = BTreeSet::new();
    let mut named = BTreeSet::new();
    for line in fields.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let words = |cell: &str| -> BTreeSet<String> {
            cell.split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect()
        };
        if !words(cells[1]).is_empty() {
            models = words(cells[1]);
        }
        for field in words(cells[2]) {
            named.extend(models.iter().map(|model| (model.clone(), field.clone())));
        }
    }
    let known = Model::ALL.iter().flat_map(|model| {
        let fields = model.fields().iter();
        fields.map(|field| (model.name().to_owned(), field.name().to_owned()))
    });
    assert_eq!(named, known.collect());
}
