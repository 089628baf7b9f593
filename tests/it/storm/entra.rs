//! What Entra ID sends: it matches by filter before it creates, changes by PATCH alone, with strings for booleans, and
//! adds members to groups one by one (`reference/idp-behaviour.md`, section 2).

use reqwest::Method;
use serde_json::{Value, json};

use super::connection::{Connection, Trouble};
use super::directory::{Deed, Person, Step};
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
        Deed::Hire => return hire(to, person, identity).await,
        Deed::Delete => {
            let gone = to.send(Method::DELETE, &identity.path(), None).await;
            match gone {
                Ok(_) => identity.forget(),
                Err(Trouble::Refused(404, _)) if again => identity.forget(),
                Err(trouble) => return Err(trouble),
            }
        }
        Deed::Marry | Deed::Rename | Deed::Deactivate | Deed::Reactivate => {
            if !again || !says(&to.get(&identity.path()).await?, person) {
                bring(to, &identity.path(), step.deed, person).await?;
            }
        }
        Deed::Join(group) => member(to, &groups[group], "Add", identity.id()).await?,
        Deed::Leave(group) => member(to, &groups[group], "Remove", identity.id()).await?,
    }
    Ok(())
}

async fn hire(to: &Connection, person: &Person, identity: Identity<'_>) -> Result<(), Trouble> {
    if let Some(found) = to.find("/Users?", "userName", &person.user_name).await? {
        identity.learn(&found);
        if !says(&found, person) {
            bring_all(to, &id_of(&found), person).await?;
        }
        return Ok(());
    }
    let name = format!("{} {}", person.mark, person.family);
    let body = json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "externalId": person.mark,
        "userName": person.user_name,
        "active": person.active,
        "displayName": name,
        "emails": [{"primary": true, "type": "work", "value": person.user_name}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": name, "familyName": person.family, "givenName": person.mark},
        "roles": [],
    });
    let made = to.send(Method::POST, "/Users", Some(body)).await;
    identity.learn(&found_later(made)?);
    Ok(())
}

/// Whoever is there already is found by the filter in the next cycle.
pub fn found_later(made: Result<Value, Trouble>) -> Result<Value, Trouble> {
    match made {
        Err(Trouble::Refused(409, _)) => Err(Trouble::Again),
        made => made,
    }
}

/// Brings everything of a user to be as the directory says.
pub async fn bring_all(to: &Connection, id: &str, person: &Person) -> Result<(), Trouble> {
    let active = if person.active {
        Deed::Reactivate
    } else {
        Deed::Deactivate
    };
    let path = format!("/Users/{id}");
    for deed in [Deed::Marry, Deed::Rename, active] {
        bring(to, &path, deed, person).await?;
    }
    let mark = json!([{"op": "Replace", "path": "name.givenName", "value": person.mark}]);
    let body = patch_body(mark);
    to.send(Method::PATCH, &path, Some(body)).await.map(drop)
}

async fn bring(to: &Connection, path: &str, deed: Deed, person: &Person) -> Result<(), Trouble> {
    let replace = |path: &str, value: &str| json!({"op": "Replace", "path": path, "value": value});
    let operations = match deed {
        Deed::Marry => vec![
            replace("name.familyName", &person.family),
            replace("displayName", &format!("{} {}", person.mark, person.family)),
        ],
        Deed::Rename => vec![
            replace("userName", &person.user_name),
            replace("emails[type eq \"work\"].value", &person.user_name),
        ],
        Deed::Deactivate => vec![replace("active", "False")],
        Deed::Reactivate => vec![replace("active", "True")],
        Deed::Hire | Deed::Delete | Deed::Join(_) | Deed::Leave(_) => Vec::new(),
    };
    let body = patch_body(Value::from(operations));
    to.send(Method::PATCH, path, Some(body)).await.map(drop)
}

/// Adds or removes a member. Doing it twice is doing it once, so it is not looked at before it is repeated.
pub async fn member(to: &Connection, group: &str, op: &str, user: &str) -> Result<(), Trouble> {
    let value = json!([{"$ref": null, "value": user}]);
    let body = patch_body(json!([{"op": op, "path": "members", "value": value}]));
    let path = format!("/Groups/{group}");
    to.send(Method::PATCH, &path, Some(body)).await.map(drop)
}

/// Creates a group or finds the one of this name, and answers its id.
pub async fn group(to: &Connection, name: &str) -> Result<String, Trouble> {
    if let Some(found) = to
        .find("/Groups?excludedAttributes=members&", "displayName", name)
        .await?
    {
        return Ok(id_of(&found));
    }
    let body = json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:Group",
            "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
        ],
        "externalId": format!("object of {name}"),
        "displayName": name,
        "meta": {"resourceType": "Group"},
    });
    let made = to.send(Method::POST, "/Groups", Some(body)).await;
    Ok(id_of(&found_later(made)?))
}

pub async fn rename_group(to: &Connection, id: &str, name: &str) -> Result<(), Trouble> {
    let body = patch_body(json!([{"op": "Replace", "path": "displayName", "value": name}]));
    let path = format!("/Groups/{id}");
    to.send(Method::PATCH, &path, Some(body)).await.map(drop)
}
