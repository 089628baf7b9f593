//! What Okta sends: as an app of its catalogue, which patches, and as an app of its wizard, which
//! puts (`reference/idp-behaviour.md`, section 3).

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::access::Access;
use super::idp::{Dialect, Idp, id};
use super::narrator::Narrator;
use super::stage::Stage;

const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// Okta's provisioning connector, for one tenant.
pub(super) struct Okta<'a>(Idp<'a>);

impl<'a> Okta<'a> {
    /// A connector.
    ///
    /// # Errors
    /// When HTTP cannot be set up or the store fails.
    pub(super) async fn new(
        stage: &'a Stage,
        narrator: &'a mut Narrator,
        tenant: &str,
    ) -> anyhow::Result<Self> {
        Ok(Self(
            Idp::new(stage, narrator, Dialect::Okta, tenant).await?,
        ))
    }

    /// See [`Idp::step`].
    pub(super) fn step(&mut self, sentence: &str) {
        self.0.step(sentence);
    }

    /// See [`Idp::note`].
    pub(super) fn note(&self, words: &str) {
        self.0.note(words);
    }

    /// See [`Idp::check`].
    ///
    /// # Errors
    /// When the person has something else.
    pub(super) fn check(&mut self, name: &str, expected: Option<&Access>) -> anyhow::Result<()> {
        self.0.check(name, expected)
    }

    /// "Test API Credentials": a short list.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn test_connection(&mut self) -> anyhow::Result<()> {
        self.0.get("/Users?startIndex=1&count=1").await?;
        Ok(())
    }

    /// The id of the user with this login name; `None` if there is none.
    ///
    /// # Errors
    /// When the request is refused.
    pub(super) async fn find_user(&mut self, name: &str) -> anyhow::Result<Option<String>> {
        let found = self.0.find(&named("/Users", "userName", name)?).await?;
        found.as_ref().map(id).transpose()
    }

    /// Creates a user. Returns the SCIM id.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn create_user(&mut self, profile: &Value) -> anyhow::Result<String> {
        self.0.post("/Users", profile).await
    }

    /// Deactivates or reactivates a user as a catalogue app: without a path.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn patch_active(&mut self, user: &str, active: bool) -> anyhow::Result<()> {
        let operations = json!([{"op": "replace", "value": {"active": active}}]);
        self.0.patch(&format!("/Users/{user}"), operations).await
    }

    /// Profile push: reads the user and puts back all that was read, with these attributes.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn push_profile<const N: usize>(
        &mut self,
        user: &str,
        attributes: [(&str, Value); N],
    ) -> anyhow::Result<()> {
        let path = format!("/Users/{user}");
        let mut profile = self.0.get(&path).await?;
        let fields = profile.as_object_mut().context("the answer is no user")?;
        for (name, value) in attributes {
            fields.insert(name.to_owned(), value);
        }
        self.0.put(&path, &profile).await
    }

    /// Links a group by its name, or creates it without members. Returns its id.
    ///
    /// # Errors
    /// When a request is refused.
    pub(super) async fn group(&mut self, name: &str) -> anyhow::Result<String> {
        let path = named("/Groups", "displayName", name)?;
        if let Some(found) = self.0.find(&path).await? {
            return id(&found);
        }
        let body = json!({"schemas": [GROUP], "displayName": name, "members": []});
        self.0.post("/Groups", &body).await
    }

    /// "Push now" as a catalogue app, of a group without members.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn patch_empty(&mut self, group: &str) -> anyhow::Result<()> {
        let operations = json!([{"op": "replace", "path": "members", "value": []}]);
        self.0.patch(&format!("/Groups/{group}"), operations).await
    }

    /// Group Push of one joiner as a catalogue app. The name comes along with every membership.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn patch_join(
        &mut self,
        (group, group_name): (&str, &str),
        (user, user_name): (&str, &str),
    ) -> anyhow::Result<()> {
        let path = format!("/Groups/{group}");
        let named = json!({"id": group, "displayName": group_name});
        let rename = json!([{"op": "replace", "value": named}]);
        self.0.patch(&path, rename).await?;
        let members = json!([{"value": user, "display": user_name}]);
        let operations = json!([{"op": "add", "path": "members", "value": members}]);
        self.0.patch(&path, operations).await
    }

    /// Group Push of one leaver as a catalogue app.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn patch_leave(&mut self, group: &str, user: &str) -> anyhow::Result<()> {
        let path = format!("members[value eq \"{user}\"]");
        let operations = json!([{"op": "remove", "path": path}]);
        self.0.patch(&format!("/Groups/{group}"), operations).await
    }

    /// Group Push as a wizard app: the whole group, with these members, each an id and a name.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn put_group(
        &mut self,
        (group, group_name): (&str, &str),
        members: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        let members: Vec<_> = (members.iter())
            .map(|(id, name)| json!({"value": id, "display": name}))
            .collect();
        let body = json!({
            "schemas": [GROUP],
            "id": group,
            "displayName": group_name,
            "members": members,
        });
        self.0.put(&format!("/Groups/{group}"), &body).await
    }

    /// Finds a user whom it deactivated and reactivates it, as a catalogue app.
    ///
    /// # Errors
    /// When it is not the one with this id, or a request is refused.
    pub(super) async fn reactivate(&mut self, name: &str, user: &str) -> anyhow::Result<()> {
        let found = self.find_user(name).await?;
        ensure!(
            found.as_deref() == Some(user),
            "expected: {name} has the id {user}\nfound: {found:?}"
        );
        self.patch_active(user, true).await
    }
}

fn named(path: &str, attribute: &str, value: &str) -> anyhow::Result<String> {
    let filter = format!("{attribute} eq \"{value}\"");
    let pairs = [
        ("filter", filter.as_str()),
        ("startIndex", "1"),
        ("count", "100"),
    ];
    Dialect::Okta.query(path, &pairs)
}
