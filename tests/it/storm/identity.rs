//! What a client keeps of a user: the id that the bridge gave it.

use serde_json::Value;

use super::directory::Person;

/// The place for the id of a person's user.
pub struct Identity<'a>(pub &'a mut Option<String>);

impl Identity<'_> {
    pub fn id(&self) -> &str {
        self.0.as_deref().unwrap()
    }

    pub fn path(&self) -> String {
        format!("/Users/{}", self.id())
    }

    pub fn learn(self, user: &Value) {
        *self.0 = Some(id_of(user));
    }

    pub fn forget(self) {
        *self.0 = None;
    }
}

pub fn id_of(resource: &Value) -> String {
    resource["id"].as_str().unwrap().to_owned()
}

/// Whether a user is as the directory says. Memberships are no part of a user.
pub fn says(user: &Value, person: &Person) -> bool {
    let name = format!("{} {}", person.mark, person.family);
    let texts = [
        (&user["userName"], person.user_name.as_str()),
        (&user["emails"][0]["value"], person.user_name.as_str()),
        (&user["name"]["givenName"], person.mark.as_str()),
        (&user["name"]["familyName"], person.family.as_str()),
        (&user["displayName"], name.as_str()),
    ];
    texts.iter().all(|(is, wanted)| *is == wanted) && user["active"] == person.active
}
