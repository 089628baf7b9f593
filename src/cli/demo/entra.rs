//! What Entra ID sends, in its usual form without `aadOptscim062020`
//! (`reference/idp-behaviour.md`, section 2).

use anyhow::ensure;
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::Access;
use super::idp::{Dialect, Idp, id};
use super::narrator::Narrator;
use super::stage::Stage;

/// Somebody as the directory knows them.
pub(super) struct Employee {
    pub(super) user_name: &'static str,
    pub(super) given_name: &'static str,
    pub(super) family_name: &'static str,
    pub(super) nickname: &'static str,
    pub(super) department: &'static str,
}

/// Entra ID's provisioning service, for one tenant.
pub(super) struct Entra<'a>(Idp<'a>);

impl<'a> Entra<'a> {
    /// A provisioning job.
    ///
    /// # Errors
    /// When HTTP cannot be set up or the store fails.
    pub(super) async fn new(
        stage: &'a Stage,
        narrator: &'a mut Narrator,
        tenant: &str,
    ) -> anyhow::Result<Self> {
        Ok(Self(
            Idp::new(stage, narrator, Dialect::Entra, tenant).await?,
        ))
    }

    /// See [`Idp::step`].
    pub(super) fn step(&mut self, sentence: &str) {
        self.0.step(sentence);
    }

    /// See [`Idp::check`].
    ///
    /// # Errors
    /// When the person has something else.
    pub(super) fn check(&mut self, name: &str, expected: Option<&Access>) -> anyhow::Result<()> {
        self.0.check(name, expected)
    }

    /// "Test Connection": looks for a user and a group that nobody can have.
    ///
    /// # Errors
    /// When it is not answered with an empty list.
    pub(super) async fn test_connection(&mut self) -> anyhow::Result<()> {
        for path in [
            users_named(&Uuid::now_v7().to_string())?,
            groups_named(&Uuid::now_v7().to_string())?,
        ] {
            let found = self.0.find(&path).await?;
            ensure!(found.is_none(), "expected: nobody\nfound: {found:?}");
        }
        Ok(())
    }

    /// Matches a group by its name, or creates it, without members in either case. Returns its id.
    ///
    /// # Errors
    /// When a request is refused.
    pub(super) async fn group(&mut self, name: &str) -> anyhow::Result<String> {
        if let Some(found) = self.0.find(&groups_named(name)?).await? {
            return id(&found);
        }
        let body = json!({
            "schemas": [
                "urn:ietf:params:scim:schemas:core:2.0:Group",
                "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
            ],
            "externalId": Uuid::now_v7().to_string(),
            "displayName": name,
            "meta": {"resourceType": "Group"},
        });
        self.0.post("/Groups", &body).await
    }

    /// Matches an employee by the login name, or creates one. Somebody who was left over from an
    /// earlier run leaves `groups` and is brought up to date. Returns the SCIM id.
    ///
    /// # Errors
    /// When a request is refused.
    pub(super) async fn user(
        &mut self,
        employee: &Employee,
        groups: &[&str],
    ) -> anyhow::Result<String> {
        let Some(found) = self.0.find(&users_named(employee.user_name)?).await? else {
            return self.0.post("/Users", &created(employee)).await;
        };
        let user = id(&found)?;
        self.0
            .note("found: left over from an earlier run, so it is brought up to date");
        for group in groups {
            self.remove_member(group, &user).await?;
        }
        let operations = json!([
            {"op": "Replace", "path": "active", "value": "True"},
            {"op": "Replace", "path": "name.familyName", "value": employee.family_name},
            {"op": "Replace", "path": "displayName", "value": shown(employee)},
        ]);
        self.update(&user, operations).await?;
        Ok(user)
    }

    /// Sends operations on a user.
    ///
    /// # Errors
    /// When they are refused.
    pub(super) async fn update(&mut self, user: &str, operations: Value) -> anyhow::Result<()> {
        self.0.patch(&format!("/Users/{user}"), operations).await
    }

    /// Deactivates or reactivates a user. The value is a text.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn set_active(&mut self, user: &str, active: bool) -> anyhow::Result<()> {
        let value = if active { "True" } else { "False" };
        let operations = json!([{"op": "Replace", "path": "active", "value": value}]);
        self.update(user, operations).await
    }

    /// Adds a member to a group.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn add_member(&mut self, group: &str, user: &str) -> anyhow::Result<()> {
        self.membership("Add", group, user).await
    }

    /// Removes a member from a group; the list names whom, it does not mean all.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn remove_member(&mut self, group: &str, user: &str) -> anyhow::Result<()> {
        self.membership("Remove", group, user).await
    }

    /// Deletes a user, who is then not there any more.
    ///
    /// # Errors
    /// When it is refused or the user is still there.
    pub(super) async fn delete(&mut self, user: &str) -> anyhow::Result<()> {
        let path = format!("/Users/{user}");
        self.0.delete(&path).await?;
        self.0.miss(&path).await
    }

    async fn membership(&mut self, op: &str, group: &str, user: &str) -> anyhow::Result<()> {
        let members = json!([{"$ref": null, "value": user}]);
        let operations = json!([{"op": op, "path": "members", "value": members}]);
        self.0.patch(&format!("/Groups/{group}"), operations).await
    }
}

fn users_named(name: &str) -> anyhow::Result<String> {
    let filter = format!("userName eq \"{name}\"");
    Dialect::Entra.query("/Users", &[("filter", &filter)])
}

fn groups_named(name: &str) -> anyhow::Result<String> {
    let filter = format!("displayName eq \"{name}\"");
    let pairs = [("excludedAttributes", "members"), ("filter", &filter)];
    Dialect::Entra.query("/Groups", &pairs)
}

fn shown(employee: &Employee) -> String {
    format!("{} {}", employee.given_name, employee.family_name)
}

fn created(employee: &Employee) -> Value {
    json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
        ],
        "externalId": employee.nickname,
        "userName": employee.user_name,
        "active": true,
        "addresses": null,
        "displayName": shown(employee),
        "emails": [{"primary": true, "type": "work", "value": employee.user_name}],
        "meta": {"resourceType": "User"},
        "name": {
            "formatted": shown(employee),
            "familyName": employee.family_name,
            "givenName": employee.given_name
        },
        "phoneNumbers": null,
        "roles": [],
        "title": null,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": employee.department,
            "manager": null
        }
    })
}
