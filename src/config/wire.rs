//! `[[broker.field]]`: another name for a field of Cloudmore's API, where the usual one turns out to be wrong.

use crate::cloudmore::{Field, Model, Wire};

use super::nearest::nearest;
use super::reader::At;

/// Reads the names of the broker at the path `broker`.
pub(super) fn read(at: &At<'_>, broker: &str) -> Option<Wire> {
    let renamed = at.items(|at| field(at, broker))?.into_iter();
    Some(renamed.fold(Wire::default(), |wire, (model, field, name)| {
        wire.with(model, field, name)
    }))
}

fn field(at: &At<'_>, broker: &str) -> Option<(Model, Field, String)> {
    at.table(|entry| {
        let model = entry.required("model", "what it is a field of: `model = \"user\"`", |at| {
            let named: Vec<_> = Model::ALL.iter().map(|each| (each.name(), *each)).collect();
            at.choice(&named)
        });
        let field = entry.required("field", "its usual name: `field = \"firstName\"`", |at| {
            let name = at.text()?;
            let known = model.map_or(Field::ALL, Model::fields);
            let field = known.iter().find(|field| field.name() == name);
            field.copied().or_else(|| {
                let names = known.iter().map(|field| field.name());
                at.wrong(match nearest(name, names.clone()) {
                    Some(meant) => format!("is no field of it: did you mean \"{meant}\"?"),
                    None => format!(
                        "is no field of it; these are: {}",
                        names.collect::<Vec<_>>().join(", ")
                    ),
                })
            })
        });
        if let (Some(model), Some(field)) = (model, field) {
            let which = format!("{broker} {model:?} {field:?}");
            at.claim("field", which, "it has one name, remove one of the two");
        }
        let name = entry.required("name", "what Cloudmore calls it: `name = \"…\"`", At::text);
        Some((model?, field?, name?.to_owned()))
    })
}
