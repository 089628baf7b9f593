//! Finding things in the world.

use serde_json::Value;

use super::world::{Organization, Person, Reseller, Service, Subscription, World};

impl Person {
    /// A person with the fields that Cloudmore insists on, made from the name.
    pub fn new(name: &str, role_id: i64) -> Self {
        let local = name.split('@').next().unwrap_or(name);
        let (first, last) = local.split_once('.').unwrap_or((local, "Example"));
        Self::default()
            .with("name", name)
            .with("firstName", first)
            .with("lastName", last)
            .with("displayName", format!("{first} {last}"))
            .with("email", name)
            .with("roleId", role_id)
    }

    /// Sets a field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// A text field, empty when there is none.
    pub fn text(&self, field: &str) -> &str {
        self.fields
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The login name.
    pub fn name(&self) -> &str {
        self.text("name")
    }

    /// The role; `None` if there is no sound one.
    pub fn role_id(&self) -> Option<i64> {
        self.fields.get("roleId").and_then(Value::as_i64)
    }
}

impl World {
    /// A reseller by its id.
    pub fn reseller(&self, id: &str) -> Option<&Reseller> {
        self.resellers
            .iter()
            .find(|each| each.id.eq_ignore_ascii_case(id))
    }

    /// A reseller by its id, to change.
    pub fn reseller_mut(&mut self, id: &str) -> Option<&mut Reseller> {
        self.resellers
            .iter_mut()
            .find(|each| each.id.eq_ignore_ascii_case(id))
    }

    /// An organization of any reseller by its id.
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        self.resellers
            .iter()
            .find_map(|reseller| reseller.organization(id))
    }

    /// An organization of any reseller by its id, to change.
    pub fn organization_mut(&mut self, id: &str) -> Option<&mut Organization> {
        self.resellers
            .iter_mut()
            .flat_map(|reseller| &mut reseller.organizations)
            .find(|each| each.id.eq_ignore_ascii_case(id))
    }

    /// A subscription of any organization by its id.
    pub fn subscription(&self, id: &str) -> Option<&Subscription> {
        self.resellers
            .iter()
            .flat_map(|reseller| &reseller.organizations)
            .find_map(|organization| organization.subscription(id))
    }

    /// A subscription of any organization by its id, to change.
    pub fn subscription_mut(&mut self, id: &str) -> Option<&mut Subscription> {
        self.resellers
            .iter_mut()
            .flat_map(|reseller| &mut reseller.organizations)
            .flat_map(|organization| &mut organization.subscriptions)
            .find(|each| each.id.eq_ignore_ascii_case(id))
    }

    /// Everybody: administrators and users.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.resellers.iter().flat_map(|reseller| {
            let users = reseller.organizations.iter().flat_map(|each| &each.users);
            reseller.administrators.iter().chain(users)
        })
    }

    /// The person with this login name, without regard to case.
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people()
            .find(|person| person.name().to_lowercase() == name.to_lowercase())
    }

    /// Ids of the subscriptions that this user is assigned to.
    pub fn subscriptions_of(&self, user_id: &str) -> Vec<&str> {
        self.resellers
            .iter()
            .flat_map(|reseller| &reseller.organizations)
            .flat_map(|organization| &organization.subscriptions)
            .filter(|each| each.has(user_id))
            .map(|each| each.id.as_str())
            .collect()
    }
}

impl Reseller {
    /// An organization of this reseller by its id.
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        self.organizations
            .iter()
            .find(|each| each.id.eq_ignore_ascii_case(id))
    }

    /// A service by its id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services
            .iter()
            .find(|each| each.id.eq_ignore_ascii_case(id))
    }
}

impl Organization {
    /// A subscription by its id.
    pub fn subscription(&self, id: &str) -> Option<&Subscription> {
        self.subscriptions
            .iter()
            .find(|each| each.id.eq_ignore_ascii_case(id))
    }

    /// A user by its id.
    pub fn user(&self, id: &str) -> Option<&Person> {
        self.users
            .iter()
            .find(|each| each.id.eq_ignore_ascii_case(id))
    }
}

impl Subscription {
    /// Whether this user is assigned.
    pub fn has(&self, user_id: &str) -> bool {
        self.assignments
            .iter()
            .any(|each| each.user_id.eq_ignore_ascii_case(user_id))
    }
}
