//! Each quirk alone: what needs it, that it is noted, and what the strict engine says without it.

use scim_bridge::scim::{
    Deviations, Dialect, Document, Filter, PatchRequest, Profile, Projection, Quirk, Reading,
    ResourceKind, ScimError,
};
use serde_json::{Value, json};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Something that a client sends.
enum Sent {
    User(Value),
    Group(Value),
    Patch(ResourceKind, Value),
    Operations(Value),
    Filter(&'static str),
    Attributes(&'static str),
}
use Sent::{Attributes, Group, Operations, Patch, User};

/// A request that needs the quirk, and what is answered where it is not taken. `None` for those that are about more than
/// reading.
fn sample(quirk: Quirk) -> Option<(Sent, &'static str)> {
    let body = |name: &str, value: Value| {
        let mut body = json!({"schemas": [USER], "userName": "a@example.com"});
        body[name] = value;
        User(body)
    };
    let operation = |op: &str, path: &str, value: Value| {
        Operations(json!([{"op": op, "path": path, "value": value}]))
    };
    let members =
        |value: Value| Group(json!({"schemas": [GROUP], "displayName": "G", "members": value}));
    Some(match quirk {
        Quirk::UnknownAttribute => (body("favouriteColour", json!("red")), "400 invalidValue"),
        Quirk::SchemasDiffer => (
            User(json!({"userName": "a@example.com"})),
            "400 invalidSyntax",
        ),
        Quirk::EmptyText => (body("title", json!("")), "400 invalidValue"),
        Quirk::NullMembers => (members(Value::Null), "standard"),
        Quirk::BooleanAsString => (body("active", json!("True")), "400 invalidValue"),
        Quirk::NumberAsString => (body("title", json!(7)), "400 invalidValue"),
        Quirk::LoneElement => (
            body("emails", json!({"value": "a@example.com"})),
            "400 invalidValue",
        ),
        Quirk::SingleValueInList => (body("title", json!(["Chief"])), "400 invalidValue"),
        Quirk::SimpleValueInObject => (
            operation("replace", "title", json!({"value": "Chief"})),
            "400 invalidValue",
        ),
        Quirk::PlainValueForComplex => (members(json!(["7d20c3"])), "400 invalidValue"),
        Quirk::SeveralPrimaries => (
            body(
                "emails",
                json!([{"value": "a", "primary": true}, {"value": "b", "primary": true}]),
            ),
            "400 invalidValue",
        ),
        Quirk::MisspeltEnterpriseUrn => (
            operation(
                "add",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0User:department",
                json!("X"),
            ),
            "ignored",
        ),
        Quirk::ShortExtensionName => (Sent::Filter("manager eq \"5f2c11\""), "400 invalidFilter"),
        Quirk::DotAfterUrn => (
            operation("add", &format!("{ENT}.department"), json!("X")),
            "ignored",
        ),
        Quirk::OperationInCapitals => (
            operation("Replace", "title", json!("X")),
            "400 invalidSyntax",
        ),
        Quirk::EmptyOperations => (Operations(json!([])), "400 invalidSyntax"),
        Quirk::EmptyPath => (
            operation("add", "", json!({"title": "X"})),
            "400 invalidPath",
        ),
        Quirk::RemoveWithValue => (
            Patch(
                ResourceKind::Group,
                message(json!([{"op": "remove", "path": "members", "value": [{"value": "a"}]}])),
            ),
            "400 invalidValue",
        ),
        Quirk::PathAsKey => (
            Operations(json!([{"op": "replace", "value": {"name.givenName": "A"}}])),
            "400 invalidValue",
        ),
        Quirk::MissingElement => (
            operation(
                "replace",
                "emails[type eq \"home\"].value",
                json!("a@example.com"),
            ),
            "400 noTarget",
        ),
        Quirk::ReadOnlyAttribute => (operation("replace", "id", json!("x")), "400 mutability"),
        Quirk::ValuePathComparison => (
            Sent::Filter("emails[type eq \"work\"].value eq \"a\""),
            "400 invalidFilter",
        ),
        Quirk::BareWord => (Sent::Filter("userName eq anna"), "400 invalidFilter"),
        Quirk::FilteredProjection => (Attributes("emails[type eq \"work\"]"), "400 invalidValue"),
        Quirk::NestedGroup => (
            Patch(
                ResourceKind::Group,
                message(
                    json!([{"op": "add", "path": "members", "value": [{"value": "g", "type": "Group"}]}]),
                ),
            ),
            "400 invalidValue",
        ),
        Quirk::UnknownMember | Quirk::CreateReactivates | Quirk::ExternalIdCase => return None,
    })
}

fn message(operations: Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

/// Reads what was sent; a PATCH is applied to what is there.
fn read(sent: &Sent, dialect: &Dialect) -> Result<Deviations, ScimError> {
    let mut reading = Reading::by(dialect);
    let patch = |kind, body: &Value, mut reading: Reading<'_>| {
        let request = PatchRequest::parse(body, kind, &mut reading)?;
        let mut met = reading.into_met();
        let body = json!({"userName": "a@example.com", "displayName": "G"});
        let current = Document::user_from_create(&body, &mut Reading::default())?;
        request.apply_to_group(&current, &mut met)?;
        Ok(met)
    };
    match sent {
        User(body) => drop(Document::user_from_create(body, &mut reading)?),
        Group(body) => drop(Document::group_from_replace(body, &mut reading)?),
        Patch(kind, body) => return patch(*kind, body, reading),
        Operations(operations) => {
            return patch(ResourceKind::User, &message(operations.clone()), reading);
        }
        Sent::Filter(filter) => {
            Filter::parse(filter, &mut reading)?.check(ResourceKind::User, &mut reading)?;
        }
        Attributes(names) => drop(Projection::parse(Some(names), None, &mut reading)?),
    }
    Ok(reading.into_met())
}

fn answer(error: &ScimError) -> String {
    let scim_type = error.scim_type.as_ref().map(|scim_type| scim_type.as_str());
    format!("{} {}", error.status, scim_type.unwrap_or_default())
}

#[test]
fn every_quirk_is_taken_and_named_and_nothing_else_with_it() {
    for quirk in Quirk::ALL {
        let Some((sent, _)) = sample(quirk) else {
            continue;
        };
        let met = read(&sent, &Dialect::default()).unwrap();
        assert_eq!(met.names(), [quirk.name()]);
    }
}

#[test]
fn a_quirk_that_is_off_is_answered_by_the_strict_engine() {
    for quirk in Quirk::ALL {
        let Some((sent, expected)) = sample(quirk) else {
            continue;
        };
        let without = Dialect::default().refusing(quirk);
        match (expected, read(&sent, &without)) {
            // The strict engine takes it for an attribute that it does not know.
            ("ignored", Ok(met)) => assert_eq!(met.names(), ["unknown_attribute"], "{quirk:?}"),
            // The standard takes it for something else: an empty list.
            ("standard", outcome) => {
                assert!(outcome.unwrap().is_empty(), "{quirk:?}");
                continue;
            }
            ("ignored", Err(error)) => panic!("{quirk:?}: {error}"),
            (expected, outcome) => {
                let error = outcome.expect_err(quirk.name());
                assert_eq!(answer(&error), expected, "{quirk:?}: {error}");
                assert!(error.detail.ends_with('.'), "{error}");
            }
        }
        assert!(read(&sent, &Dialect::strict()).is_err(), "{quirk:?}");
    }
}

#[test]
fn names_are_distinct_and_every_quirk_has_its_source() {
    let mut names: Vec<_> = Quirk::ALL.iter().map(|quirk| quirk.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Quirk::ALL.len());
    for quirk in Quirk::ALL {
        let source = quirk.source();
        let names_one = ["RFC 76", "section", "Q0", "Q1"]
            .iter()
            .any(|word| source.contains(word));
        assert!(names_one, "{quirk:?}: {source}");
    }
}

#[test]
fn profiles_are_sets_of_quirks_and_generic_is_all_of_them() {
    let all: Vec<_> = Profile::Generic.quirks().iter().collect();
    assert_eq!(all, Quirk::ALL);
    for (profile, quirk, takes) in [
        (Profile::Entra, Quirk::ShortExtensionName, true),
        (Profile::Entra, Quirk::EmptyPath, false),
        (Profile::Okta, Quirk::ShortExtensionName, false),
        (Profile::Okta, Quirk::UnknownMember, true),
    ] {
        assert_eq!(
            Dialect::new(profile).accepts(quirk),
            takes,
            "{profile:?} {quirk:?}"
        );
    }
}

#[test]
fn the_standard_needs_no_quirk() {
    for sent in [
        User(json!({
            "schemas": [USER, ENT], "userName": "a@example.com", "active": true, "title": null,
            "emails": [{"value": "a@example.com", "type": "work", "primary": true}], "roles": [],
            "id": "ignored", "meta": {"resourceType": "User"},
            ENT: {"department": "Finance", "manager": {"value": "5f2c11"}},
        })),
        Group(json!({"schemas": [GROUP], "displayName": "G", "members": [{"value": "7d20c3"}]})),
        Operations(json!([
            {"op": "add", "path": "emails", "value": [{"value": "b@example.com", "type": "home"}]},
            {"op": "replace", "path": format!("{ENT}:department"), "value": "Legal"},
            {"op": "replace", "value": {"title": "X", "name": {"givenName": "A"}}},
            {"op": "remove", "path": "emails[type eq \"home\"]"},
        ])),
        Sent::Filter("not (userName eq \"a\") and emails[type eq \"work\" and value co \"@\"]"),
        Sent::Filter("not(title pr)"),
        Attributes("userName,name.givenName"),
    ] {
        assert!(read(&sent, &Dialect::strict()).unwrap().is_empty());
    }
}

#[test]
fn unknown_attributes_are_refused_by_all_their_names() {
    let dialect = Dialect::default().refusing(Quirk::UnknownAttribute);
    let body = User(json!({
        "schemas": [USER], "userName": "a@example.com", "shoe": 42, "name": {"patronym": "B"},
        "urn:example:hat": {"size": 7}, ENT: {"parking": "P1"},
    }));
    let error = read(&body, &dialect).unwrap_err();
    for name in [
        "shoe",
        "name.patronym",
        "urn:example:hat",
        "enterprise:2.0:User:parking",
    ] {
        assert!(error.detail.contains(name), "{error}");
    }
    let patch = Operations(json!([{"op": "add", "path": "shoe", "value": 42}]));
    assert_eq!(
        answer(&read(&patch, &dialect).unwrap_err()),
        "400 invalidPath"
    );
}

#[test]
fn a_path_that_leads_nowhere_is_invalid_where_it_is_not_ignored() {
    for path in [
        "shoe",
        "name.patronym",
        "urn:example:hat:size",
        "emails[foo eq \"work\"].value",
    ] {
        let sent = Operations(json!([{"op": "add", "path": path, "value": "x@example.com"}]));
        assert_eq!(
            read(&sent, &Dialect::default()).unwrap().names(),
            ["unknown_attribute"]
        );
        let error = read(&sent, &Dialect::strict()).unwrap_err();
        assert_eq!(answer(&error), "400 invalidPath", "{path}");
    }
    let value = Operations(json!([{"op": "add", "value": {"shoe": 42}}]));
    assert_eq!(
        answer(&read(&value, &Dialect::strict()).unwrap_err()),
        "400 invalidValue"
    );
}

#[test]
fn every_profile_takes_what_cannot_hurt() {
    // Section 0.1; section 5, rule 1; section 8, decisions 2, 7 and 8
    for profile in [Profile::Entra, Profile::Okta] {
        for quirk in Quirk::ALL {
            let apart = [
                Quirk::ShortExtensionName,
                Quirk::DotAfterUrn,
                Quirk::EmptyPath,
            ];
            if let Some((sent, _)) = sample(quirk).filter(|_| !apart.contains(&quirk)) {
                let met = read(&sent, &Dialect::new(profile)).unwrap();
                assert_eq!(met.names(), [quirk.name()], "{profile:?}");
            }
        }
        assert!(Dialect::new(profile).accepts(Quirk::ExternalIdCase));
    }
}

#[test]
fn a_removal_that_says_whom_is_never_one_of_everybody() {
    // Design, invariant 6
    let Some((sent, _)) = sample(Quirk::RemoveWithValue) else {
        panic!()
    };
    assert!(read(&sent, &Dialect::strict()).is_err());
}
