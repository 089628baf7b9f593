//! Ten thousand PATCH requests against a naive evaluator that knows neither paths nor the attribute table.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use scim_bridge::scim::{Deviations, Document, PatchRequest, Reading, ResourceKind};
use serde_json::{Map, Value, json};

const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

/// Single values, by the path that reaches each.
const FIELDS: [&str; 5] = [
    "title",
    "displayName",
    "name.givenName",
    "name.familyName",
    DEPARTMENT,
];
const TYPES: [&str; 3] = ["work", "home", "other"];
const WORDS: [&str; 4] = ["a", "b", "c", "d"];

/// An address, as far as the evaluator knows one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Email {
    kind: &'static str,
    value: &'static str,
    primary: bool,
}

/// A user, as far as the evaluator knows one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Flat {
    fields: BTreeMap<&'static str, &'static str>,
    emails: Vec<Email>,
}

/// What an operation does.
#[derive(Clone, Debug)]
enum Effect {
    Set(&'static str, &'static str),
    Clear(&'static str),
    SetMany(BTreeMap<&'static str, &'static str>),
    SetEmails(Vec<Email>),
    AddEmail(Email),
    ClearEmails,
    DropType(&'static str),
    DropValue(&'static str),
    SetValueOfType(&'static str, &'static str),
    /// Cannot be done, and undoes all.
    Fail,
}

impl Flat {
    /// `None` when it cannot be done.
    fn after(mut self, effect: &Effect) -> Option<Self> {
        match effect {
            Effect::Set(field, word) => drop(self.fields.insert(field, word)),
            Effect::Clear(field) => drop(self.fields.remove(field)),
            Effect::SetMany(fields) => self.fields.extend(fields),
            Effect::SetEmails(emails) => self.emails.clone_from(emails),
            Effect::AddEmail(email) => self.add(email.clone()),
            Effect::ClearEmails => self.emails.clear(),
            Effect::DropType(kind) => self.emails.retain(|email| email.kind != *kind),
            Effect::DropValue(value) => self.emails.retain(|email| email.value != *value),
            Effect::SetValueOfType(kind, value) => {
                let mut found = false;
                for email in self.emails.iter_mut().filter(|email| email.kind == *kind) {
                    email.value = value;
                    found = true;
                }
                if !found {
                    let (kind, value, primary) = (kind, value, false);
                    self.add(Email {
                        kind,
                        value,
                        primary,
                    });
                }
            }
            Effect::Fail => return None,
        }
        Some(self)
    }

    fn add(&mut self, email: Email) {
        if email.primary {
            self.emails
                .iter_mut()
                .for_each(|other| other.primary = false);
        }
        let same = |other: &&mut Email| other.kind == email.kind && other.value == email.value;
        match self.emails.iter_mut().find(same) {
            Some(other) => other.primary |= email.primary,
            None => self.emails.push(email),
        }
    }

    /// What the evaluator knows of a document.
    fn of(document: &Document) -> Self {
        let document = serde_json::to_value(document).unwrap();
        let mut flat = Self::default();
        for field in FIELDS {
            let pointer = match field.rsplit_once(':') {
                Some((urn, name)) => format!("/{urn}/{name}"),
                None => format!("/{}", field.replace('.', "/")),
            };
            if let Some(word) = document.pointer(&pointer) {
                flat.fields.insert(field, among(&WORDS, word));
            }
        }
        for email in document["emails"].as_array().into_iter().flatten() {
            flat.emails.push(Email {
                kind: among(&TYPES, &email["type"]),
                value: among(&WORDS, &email["value"]),
                primary: email["primary"] == true,
            });
        }
        flat
    }
}

fn among(words: &[&'static str], found: &Value) -> &'static str {
    words.iter().find(|word| found == **word).unwrap()
}

impl Email {
    fn json(&self) -> Value {
        let mut element = json!({"type": self.kind, "value": self.value});
        if self.primary {
            element["primary"] = json!(true);
        }
        element
    }
}

/// The operation that has this effect, in one of the forms that the standard has for it.
fn operation(effect: &Effect, form: bool) -> Value {
    let op = if form { "add" } else { "replace" };
    match effect {
        Effect::Set(field, word) => json!({"op": op, "path": field, "value": word}),
        Effect::Clear(field) => json!({"op": "remove", "path": field}),
        Effect::SetMany(fields) => {
            let mut value = Map::new();
            for (field, word) in fields {
                let (holder, name) = match field.rsplit_once([':', '.']) {
                    Some((holder, name)) => (Some(holder), name),
                    None => (None, *field),
                };
                let parts = match holder {
                    Some(holder) => value.entry(holder).or_insert_with(|| json!({})),
                    None => {
                        value.insert(name.to_owned(), json!(word));
                        continue;
                    }
                };
                parts[name] = json!(word);
            }
            json!({"op": op, "value": value})
        }
        Effect::SetEmails(emails) => {
            let emails: Vec<_> = emails.iter().map(Email::json).collect();
            if form {
                json!({"op": "replace", "path": "emails", "value": emails})
            } else {
                json!({"op": "replace", "value": {"emails": emails}})
            }
        }
        Effect::AddEmail(email) if form => {
            json!({"op": "add", "path": "emails", "value": [email.json()]})
        }
        Effect::AddEmail(email) => json!({"op": "add", "value": {"emails": [email.json()]}}),
        Effect::ClearEmails => json!({"op": "remove", "path": "emails"}),
        Effect::DropType(kind) => {
            json!({"op": "remove", "path": format!("emails[type eq \"{kind}\"]")})
        }
        Effect::DropValue(value) => {
            json!({"op": "remove", "path": format!("emails[value eq \"{value}\"]")})
        }
        Effect::SetValueOfType(kind, value) => {
            json!({"op": op, "path": format!("emails[type eq \"{kind}\"].value"), "value": value})
        }
        Effect::Fail => json!({"op": op, "path": "emails[type eq", "value": "a"}),
    }
}

fn email() -> impl Strategy<Value = Email> {
    (select(&TYPES[..]), select(&WORDS[..]), any::<bool>()).prop_map(|(kind, value, primary)| {
        Email {
            kind,
            value,
            primary,
        }
    })
}

/// Addresses of which no two are alike and one at most is primary, as the standard wants them.
fn emails() -> impl Strategy<Value = Vec<Email>> {
    vec(email(), 1..4).prop_map(|emails| {
        let mut flat = Flat::default();
        emails.into_iter().for_each(|email| flat.add(email));
        flat.emails
    })
}

fn fields() -> impl Strategy<Value = BTreeMap<&'static str, &'static str>> {
    proptest::collection::btree_map(select(&FIELDS[..]), select(&WORDS[..]), 1..4)
}

fn effect() -> impl Strategy<Value = Effect> {
    let (field, word, kind) = (
        || select(&FIELDS[..]),
        || select(&WORDS[..]),
        || select(&TYPES[..]),
    );
    prop_oneof![
        4 => (field(), word()).prop_map(|(field, word)| Effect::Set(field, word)),
        2 => field().prop_map(Effect::Clear),
        2 => fields().prop_map(Effect::SetMany),
        2 => emails().prop_map(Effect::SetEmails),
        4 => email().prop_map(Effect::AddEmail),
        1 => Just(Effect::ClearEmails),
        2 => kind().prop_map(Effect::DropType),
        2 => word().prop_map(Effect::DropValue),
        4 => (kind(), word()).prop_map(|(kind, word)| Effect::SetValueOfType(kind, word)),
        1 => Just(Effect::Fail),
    ]
}

fn start() -> impl Strategy<Value = Document> {
    (option::of(fields()), option::of(emails())).prop_map(|(fields, emails)| {
        let mut body = json!({"userName": "ann@example.com"});
        let parts = operation(&Effect::SetMany(fields.unwrap_or_default()), true);
        let parts = parts["value"].as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(parts);
        body["emails"] = emails.iter().flatten().map(Email::json).collect();
        Document::user_from_create(&body, &mut Reading::default()).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_user_is_changed_as_a_naive_evaluator_changes_it(
        user in start(),
        effects in vec((effect(), any::<bool>()), 0..8),
    ) {
        let expected = effects
            .iter()
            .try_fold(Flat::of(&user), |flat, (effect, _)| flat.after(effect));
        let operations: Vec<_> = effects.iter().map(|(effect, form)| operation(effect, *form)).collect();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": operations,
        });
        let request = PatchRequest::parse(&body, ResourceKind::User, &mut Reading::default());
        let after = request.and_then(|request| request.apply_to_user(&user, &mut Deviations::default()));
        prop_assert_eq!(after.ok().map(|after| Flat::of(&after)), expected);
    }
}
