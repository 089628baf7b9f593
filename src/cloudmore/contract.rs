//! The contract that Cloudmore publishes, held against what the bridge writes and reads. Pure: whoever has the document
//! compares it here.

mod document;
mod guess;

use std::fmt;

pub use document::{Contract, NotAContract};

use super::endpoints::ENDPOINTS;
use super::fields::{CONTRACT, Field, Model, Schema, Usage, Wire};
use document::{Kind, Object};
use guess::likeliest;

/// Something in which Cloudmore's contract is not as the bridge takes it to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The schema or the address that it is about.
    pub place: String,
    /// The difference, in words.
    pub says: String,
    /// The configuration that probably mends it.
    pub mend: Option<Mend>,
}

/// Another name for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// The model.
    pub model: Model,
    /// The field.
    pub field: Field,
    /// What Cloudmore probably calls it.
    pub name: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.says)
    }
}

/// As the configuration has it, below `[[broker]]`.
impl fmt::Display for Mend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "[[broker.field]]\nmodel = \"{}\"\nfield = \"{}\"\nname = \"{}\"",
            self.model.name(),
            self.field.name(),
            self.name
        )
    }
}

/// Every difference between a contract and a wire table, those of addresses first.
pub fn differences(contract: &Contract, wire: &Wire) -> Vec<Difference> {
    let mut found: Vec<_> = ENDPOINTS
        .iter()
        .filter(|endpoint| !contract.has(endpoint.method, endpoint.path))
        .map(|endpoint| Difference {
            place: format!("{} {}", endpoint.method, endpoint.path),
            says: format!(
                "there is no such address, which the bridge calls {}",
                endpoint.purpose
            ),
            mend: None,
        })
        .collect();
    for schema in CONTRACT {
        let Some(object) = contract.schema(schema.name) else {
            found.push(Difference {
                place: schema.name.to_owned(),
                says: "there is no such schema, so it was not compared".to_owned(),
                mend: None,
            });
            continue;
        };
        let mut comparison = Comparison {
            contract,
            wire,
            schema,
            found: &mut found,
        };
        comparison.properties(schema.name, schema.model, schema.fields, &object);
        comparison.demands(&object);
    }
    found
}

/// One schema under comparison.
struct Comparison<'c> {
    contract: &'c Contract,
    wire: &'c Wire,
    schema: &'c Schema,
    found: &'c mut Vec<Difference>,
}

impl Comparison<'_> {
    /// The names and types of the fields that the bridge uses.
    fn properties(&mut self, place: &str, model: Model, fields: &[Field], object: &Object) {
        for field in fields {
            let name = self.wire.name(model, *field);
            let Some(kind) = object.property(name) else {
                // A reply may have the whole role in place of its id.
                let whole_role = self.wire.name(model, Field::Role);
                let reads = self.schema.usage == Usage::Read;
                if !(reads && *field == Field::RoleId && object.property(whole_role).is_some()) {
                    self.lacks(place, model, *field, object);
                }
                continue;
            };
            let expected = expected(*field, self.schema.usage);
            if !expected.takes(kind) {
                self.note(
                    place,
                    format!(
                        "`{name}` is {kind}, and the bridge {} {}",
                        self.does(),
                        expected.words()
                    ),
                );
            }
            let inside = [
                (Field::Address, Model::Address),
                (Field::CustomProperties, Model::CustomProperty),
            ];
            let inside = inside.iter().find(|(of, _)| of == field);
            if let (Some((_, model)), Some(object)) = (inside, self.contract.inside(kind)) {
                let place = format!("{place}.{name}");
                self.properties(&place, *model, model.fields(), &object);
            }
        }
    }

    fn lacks(&mut self, place: &str, model: Model, field: Field, object: &Object) {
        let name = self.wire.name(model, field);
        let known = |theirs: &&str| {
            let mut ours = model.fields().iter();
            !ours.any(|ours| self.wire.name(model, *ours).eq_ignore_ascii_case(theirs))
        };
        let others: Vec<_> = object.names().filter(known).collect();
        let meant = likeliest(name, &others);
        let does = self.does();
        let says = match (meant, others.as_slice()) {
            (Some(meant), _) => format!(
                "there is no `{name}`, which the bridge {does}; perhaps it is called `{meant}`"
            ),
            (None, []) => format!("there is no `{name}`, which the bridge {does}"),
            (None, others) => format!(
                "there is no `{name}`, which the bridge {does}; what the bridge does not know there: {}",
                others.join(", ")
            ),
        };
        self.found.push(Difference {
            place: place.to_owned(),
            says,
            mend: meant.map(|meant| Mend {
                model,
                field,
                name: meant.to_owned(),
            }),
        });
    }

    /// What the schema demands and the bridge does not always send.
    fn demands(&mut self, object: &Object) {
        let Schema {
            name: place,
            model,
            usage,
            fields,
        } = *self.schema;
        if usage == Usage::Read {
            return;
        }
        for demanded in object.required() {
            let is_it = |field: &&Field| {
                self.wire
                    .name(model, **field)
                    .eq_ignore_ascii_case(demanded)
            };
            match fields.iter().find(is_it) {
                Some(field) if is_always_sent(*field) => {}
                Some(field) => {
                    let how = tenant_key(*field);
                    self.note(place, format!(
                        "`{demanded}` is required, and the bridge sends it only if the directory gives it; {how}"
                    ));
                }
                // What a change demands and a reply shows goes back as it came.
                None if usage == Usage::Update && self.is_shown(demanded) => {}
                // It is told as another name already.
                None if self.is_guessed(demanded) => {}
                None => self.note(
                    place,
                    format!("`{demanded}` is required, and the bridge does not know it"),
                ),
            }
        }
    }

    fn is_shown(&self, name: &str) -> bool {
        let of_model =
            |schema: &&Schema| schema.usage == Usage::Read && schema.model == self.schema.model;
        let mut replies = CONTRACT.iter().filter(of_model);
        replies.any(|reply| {
            let reply = self.contract.schema(reply.name);
            reply.is_some_and(|reply| reply.property(name).is_some())
        })
    }

    fn is_guessed(&self, name: &str) -> bool {
        let here = self
            .found
            .iter()
            .filter(|each| each.place == self.schema.name);
        let mut mends = here.filter_map(|each| each.mend.as_ref());
        mends.any(|mend| mend.name.eq_ignore_ascii_case(name))
    }

    fn note(&mut self, place: &str, says: String) {
        let place = place.to_owned();
        self.found.push(Difference {
            place,
            says,
            mend: None,
        });
    }

    fn does(&self) -> &'static str {
        match self.schema.usage {
            Usage::Create | Usage::Update => "writes",
            Usage::Read => "reads",
        }
    }
}

/// What a field has to be.
#[derive(Clone, Copy)]
enum Expected {
    Text,
    Number,
    TextOrNumber,
    Object,
    List,
}

impl Expected {
    fn takes(self, kind: &Kind) -> bool {
        match self {
            Self::Text => matches!(kind, Kind::Text | Kind::Unknown),
            Self::Number => matches!(kind, Kind::Number | Kind::Unknown),
            Self::TextOrNumber => matches!(kind, Kind::Text | Kind::Number | Kind::Unknown),
            Self::Object => matches!(kind, Kind::Object(_) | Kind::Unknown),
            Self::List => matches!(kind, Kind::List(_) | Kind::Unknown),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::TextOrNumber => "text or a number",
            Self::Object => "an object",
            Self::List => "a list",
        }
    }
}

fn expected(field: Field, usage: Usage) -> Expected {
    match (field, usage) {
        (Field::Address, _) => Expected::Object,
        (Field::CustomProperties, _) => Expected::List,
        (_, Usage::Read) => Expected::TextOrNumber,
        (Field::RoleId, _) => Expected::Number,
        // Ids go back as they came.
        (Field::UserId, _) => Expected::TextOrNumber,
        _ => Expected::Text,
    }
}

/// Whether the bridge sends a field with every create and every change.
fn is_always_sent(field: Field) -> bool {
    matches!(
        field,
        Field::Name
            | Field::FirstName
            | Field::LastName
            | Field::DisplayName
            | Field::Email
            | Field::RoleId
            | Field::Password
            | Field::UserId
    )
}

/// How a tenant gives a field to everybody.
const KEYS: [(Field, &str); 6] = [
    (
        Field::Title,
        r#"give everybody one: `title = ["title", { text = "…" }]` in [tenant.account]"#,
    ),
    (
        Field::CellPhone,
        r#"give everybody one: `cell_phone` in [tenant.account], with `{ text = "+…" }` as the last source"#,
    ),
    (
        Field::CellPhonePrefix,
        "it is the first part of `cell_phone` in [tenant.account]",
    ),
    (
        Field::Address,
        "give everybody a `country` in [tenant.account]",
    ),
    (
        Field::CustomProperties,
        "give everybody one: [[tenant.account.custom_property]]",
    ),
    (
        Field::ExternalUserId,
        "set `external_user_id` for each subscription of the mappings",
    ),
];

fn tenant_key(field: Field) -> &'static str {
    let mut keys = KEYS.iter();
    let key = keys.find(|(of, _)| *of == field);
    key.map_or("there is no way yet to give it to everybody", |(_, key)| {
        key
    })
}
