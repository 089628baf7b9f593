//! Contracts that differ from what the bridge expects in one thing each.

use scim_bridge::cloudmore::{Contract, Field, Model, NotAContract, Wire};
use scim_bridge::sandbox::{FieldNames, Switches};
use serde_json::{Value, json};

use super::{compared, published};

/// What is changed, and each difference that is told for it.
type Case = (fn(&mut Value), &'static [&'static str]);

const USERS: &str = "/api/resellers/{resellerId}/organizations/{organizationId}/Users";

/// The properties of a schema.
fn of<'d>(document: &'d mut Value, schema: &str) -> &'d mut Value {
    &mut document["components"]["schemas"][schema]["properties"]
}

fn rename(properties: &mut Value, from: &str, to: &str) {
    let properties = properties.as_object_mut().unwrap();
    let property = properties.remove(from).unwrap();
    properties.insert(to.to_owned(), property);
}

fn remove(object: &mut Value, key: &str) {
    object.as_object_mut().unwrap().remove(key).unwrap();
}

const CASES: &[Case] = &[
    (
        |document| {
            rename(
                of(document, "UserCreateViewModel"),
                "lastName",
                "familyName",
            )
        },
        &[
            "UserCreateViewModel: there is no `lastName`, which the bridge writes; perhaps it is called `familyName`",
        ],
    ),
    (
        |document| remove(of(document, "AdministratorDetailViewModel"), "title"),
        &[
            "AdministratorDetailViewModel: there is no `title`, which the bridge reads; what the bridge does not know \
           there: isActive, allowRestApiAccess",
        ],
    ),
    (
        |document| of(document, "UserUpdateViewModel")["roleId"] = json!({"type": "string"}),
        &["UserUpdateViewModel: `roleId` is text, and the bridge writes a number"],
    ),
    (
        |document| of(document, "UserDetailViewModel")["address"] = json!({"type": "string"}),
        &["UserDetailViewModel: `address` is text, and the bridge reads an object"],
    ),
    (
        |document| {
            let schema = &mut document["components"]["schemas"]["UserCreateViewModel"];
            schema["properties"]["language"] = json!({"type": "string"});
            schema["required"]
                .as_array_mut()
                .unwrap()
                .extend([json!("language"), json!("title")]);
        },
        &[
            "UserCreateViewModel: `language` is required, and the bridge does not know it",
            "UserCreateViewModel: `title` is required, and the bridge sends it only if the directory gives it; give \
             everybody one: `title = [\"title\", { text = \"…\" }]` in [tenant.account]",
        ],
    ),
    (
        |document| {
            let schema = &mut document["components"]["schemas"]["UserUpdateViewModel"];
            // What a change demands and the detail shows goes back as it came.
            schema["required"]
                .as_array_mut()
                .unwrap()
                .extend([json!("isActive"), json!("language")]);
        },
        &["UserUpdateViewModel: `language` is required, and the bridge does not know it"],
    ),
    (
        |document| remove(&mut document["components"]["schemas"], "RoleViewModel"),
        &["RoleViewModel: there is no such schema, so it was not compared"],
    ),
    (
        |document| remove(&mut document["paths"], USERS),
        &[
            "GET /api/resellers/{resellerId}/organizations/{organizationId}/Users: there is no such address, which the \
             bridge calls to look who is there",
            "POST /api/resellers/{resellerId}/organizations/{organizationId}/Users: there is no such address, which \
             the bridge calls to make a user",
        ],
    ),
    (
        |document| remove(&mut document["paths"][&format!("{USERS}/{{id}}")], "delete"),
        &[
            "DELETE /api/resellers/{resellerId}/organizations/{organizationId}/Users/{id}: there is no such address, \
           which the bridge calls to delete one",
        ],
    ),
    (
        |document| {
            rename(
                of(document, "UserAddressUpdateViewModel"),
                "postalCode",
                "postCode",
            )
        },
        &[
            "UserUpdateViewModel.address: there is no `postalCode`, which the bridge writes; perhaps it is called \
           `postCode`",
        ],
    ),
    (
        |document| {
            rename(
                of(document, "UserCreateCustomProperty"),
                "value",
                "propertyValue",
            )
        },
        &[
            "UserCreateViewModel.customProperties: there is no `value`, which the bridge writes; perhaps it is called \
           `propertyValue`",
        ],
    ),
    (
        |document| {
            let seat = of(document, "OrganizationServiceSubscriptionUserViewModel");
            rename(seat, "userId", "organizationUserId");
        },
        &[
            "OrganizationServiceSubscriptionUserViewModel: there is no `userId`, which the bridge reads; perhaps it is \
           called `organizationUserId`",
        ],
    ),
];

#[tokio::test]
async fn each_difference_is_named() {
    let published = published(Switches::default()).await;
    for (change, expected) in CASES {
        let mut document = published.clone();
        change(&mut document);
        let told = compared(&document, &Wire::default());
        let told: Vec<_> = told.iter().map(ToString::to_string).collect();
        assert_eq!(told, *expected);
    }
}

#[tokio::test]
async fn what_makes_no_difference_is_not_told() {
    let published = published(Switches::default()).await;
    let changes: &[fn(&mut Value)] = &[
        // Ids and roles may be read as text or as numbers.
        |document| of(document, "UserDetailViewModel")["id"] = json!({"type": "integer"}),
        |document| of(document, "UserDetailViewModel")["roleId"] = json!({"type": "string"}),
        // The whole role in place of its id.
        |document| rename(of(document, "UserDetailViewModel"), "roleId", "role"),
        |document| {
            of(document, "UserCreateViewModel")["email"] = json!({"type": ["null", "string"]})
        },
        // A property that is described elsewhere, or not at all.
        |document| of(document, "UserCreateViewModel")["email"] = json!({}),
        |document| {
            document["components"]["schemas"]["Text"] = json!({"type": "string"});
            of(document, "UserCreateViewModel")["email"] =
                json!({"allOf": [{"$ref": "#/components/schemas/Text"}]});
        },
        // A schema that extends another, and one that extends itself.
        |document| {
            let schemas = document["components"]["schemas"].as_object_mut().unwrap();
            let user = schemas.remove("UserCreateViewModel").unwrap();
            schemas.insert("User".to_owned(), user);
            let extended =
                json!({"allOf": [{"$ref": "#/components/schemas/User"}, {"type": "object"}]});
            schemas.insert("Cloudmore.Models.UserCreateViewModel".to_owned(), extended);
        },
        |document| {
            let circle = json!([{"$ref": "#/components/schemas/RoleViewModel"}]);
            document["components"]["schemas"]["RoleViewModel"]["allOf"] = circle;
        },
        // Other casing, and other names for ids.
        |document| {
            let paths = document["paths"]
                .to_string()
                .replace("/Users/{id}", "/users/{userId}");
            document["paths"] = serde_json::from_str(&paths).unwrap();
        },
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut document = published.clone();
        change(&mut document);
        assert_eq!(compared(&document, &Wire::default()), [], "change {number}");
    }
}

#[tokio::test]
async fn a_name_in_the_configuration_makes_them_agree() {
    let names = FieldNames::default().rename("user", "lastName", "familyName");
    let document = published(Switches {
        field_names: names.unwrap(),
        ..Switches::default()
    })
    .await;
    let told = compared(&document, &Wire::default());
    assert_eq!(told.len(), 3, "{told:?}");
    let mend = told[0].mend.clone().unwrap();
    assert_eq!(
        mend.to_string(),
        "[[broker.field]]\nmodel = \"user\"\nfield = \"lastName\"\nname = \"familyName\""
    );
    let wire = Wire::default().with(Model::User, Field::LastName, "familyName");
    assert_eq!(compared(&document, &wire), []);
}

#[test]
fn what_is_no_contract_is_not_compared() {
    for (text, why) in [
        ("", NotAContract::Json),
        ("<html>", NotAContract::Json),
        ("[]", NotAContract::Schemas),
        (r#"{"paths": {}}"#, NotAContract::Schemas),
        (r#"{"definitions": {}}"#, NotAContract::Paths),
    ] {
        assert_eq!(Contract::read(text.as_bytes()).unwrap_err(), why, "{text}");
    }
}
