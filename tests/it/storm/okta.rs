//! What Okta sends: whole users by PUT of what it has read, the switch `active` by a PATCH without a path, groups by the
//! difference; and it deletes no user (`reference/idp-behaviour.md`, section 3).

use reqwest::Method;
use serde_json::{Value, json};

use super::connection::{Connection, Trouble};
use super::directory::{Deed, Person, Step};
use super::entra::found_later;
use super::identity::{Identity, id_of, says};
use crate::harness::patch_body;

/// Does a step, or finds that it was done before.
pub async fn perform(
    to: &Connection,
    step: &Step,
    identity: Identity<'_>,
    groups: &[String],
    again: bool,
) -> Result<(), Trouble> {
    let person = step.person();
    match step.deed {
        Deed::Hire => hire(to, person, identity).await,
        Deed::Marry | Deed::Rename => push(to, identity.id(), person).await,
        Deed::Deactivate | Deed::Reactivate => {
            if again && says(&to.get(&identity.path()).await?, person) {
                return Ok(());
            }
            let value = json!({"active": person.active});
            let body = patch_body(json!([{"op": "replace", "value": value}]));
            let path = identity.path();
            to.send(Method::PATCH, &path, Some(body)).await.map(drop)
        }
        Deed::Delete => panic!("Okta deletes nobody"),
        Deed::Join(group) => member(to, &groups[group], true, identity.id()).await,
        Deed::Leave(group) => member(to, &groups[group], false, identity.id()).await,
    }
}

async fn hire(to: &Connection, person: &Person, identity: Identity<'_>) -> Result<(), Trouble> {
    let path = "/Users?startIndex=1&count=100&";
    if let Some(found) = to.find(path, "userName", &person.user_name).await? {
        identity.learn(&found);
        if !says(&found, person) {
            push(to, &id_of(&found), person).await?;
        }
        return Ok(());
    }
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": person.user_name,
        "name": {"givenName": person.mark, "familyName": person.family},
        "emails": [{"primary": true, "value": person.user_name, "type": "work"}],
        "displayName": format!("{} {}", person.mark, person.family),
        "locale": "nb-NO",
        "externalId": person.mark,
        "groups": [],
        "password": "q8Zr02LkW",
        "active": person.active,
    });
    let made = to.send(Method::POST, "/Users", Some(body)).await;
    identity.learn(&found_later(made)?);
    Ok(())
}

/// Reads the user, and sends it back as the directory says that it is, if it differs.
pub async fn push(to: &Connection, id: &str, person: &Person) -> Result<(), Trouble> {
    let path = format!("/Users/{id}");
    let mut user = to.get(&path).await?;
    if says(&user, person) {
        return Ok(());
    }
    user["userName"] = Value::from(person.user_name.as_str());
    user["name"]["givenName"] = Value::from(person.mark.as_str());
    user["name"]["familyName"] = Value::from(person.family.as_str());
    user["displayName"] = Value::from(format!("{} {}", person.mark, person.family));
    user["emails"][0]["value"] = Value::from(person.user_name.as_str());
    user["active"] = Value::from(person.active);
    to.send(Method::PUT, &path, Some(user)).await.map(drop)
}

pub async fn member(to: &Connection, group: &str, joins: bool, user: &str) -> Result<(), Trouble> {
    let operation = if joins {
        json!({"op": "add", "path": "members", "value": [{"value": user, "display": null}]})
    } else {
        json!({"op": "remove", "path": format!("members[value eq \"{user}\"]")})
    };
    let path = format!("/Groups/{group}");
    let body = patch_body(json!([operation]));
    to.send(Method::PATCH, &path, Some(body)).await.map(drop)
}

/// Creates a group or finds the one of this name, and answers its id.
pub async fn group(to: &Connection, name: &str) -> Result<String, Trouble> {
    let path = "/Groups?startIndex=1&count=100&";
    if let Some(found) = to.find(path, "displayName", name).await? {
        return Ok(id_of(&found));
    }
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
        "members": [],
    });
    let made = to.send(Method::POST, "/Groups", Some(body)).await;
    Ok(id_of(&found_later(made)?))
}

pub async fn rename_group(to: &Connection, id: &str, name: &str) -> Result<(), Trouble> {
    let value = json!({"id": id, "displayName": name});
    let body = patch_body(json!([{"op": "replace", "value": value}]));
    let path = format!("/Groups/{id}");
    to.send(Method::PATCH, &path, Some(body)).await.map(drop)
}
