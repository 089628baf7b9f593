//! Finding things in the world, and changing it by hand.

use serde_json::Value;

use super::world::{Assignment, Organization, Person, Reseller, Service, Subscription, World};

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

    /// An id that nobody has, in the form of a GUID.
    pub fn new_id(&mut self) -> String {
        self.ids_given += 1;
        id(self.ids_given)
    }

    /// An id that nobody has, in digits.
    pub(super) fn new_number(&mut self) -> String {
        self.ids_given += 1;
        format!("{}", 10_000 + self.ids_given)
    }

    /// Gives another name to every role with this id; whether there is one. Cloudmore renames roles now and then.
    pub fn rename_role(&mut self, id: i64, name: &str) -> bool {
        let roles = self.resellers.iter_mut().flat_map(|reseller| {
            let of_organizations = reseller.organizations.iter_mut();
            let of_organizations = of_organizations.flat_map(|each| &mut each.roles);
            reseller.roles.iter_mut().chain(of_organizations)
        });
        let mut found = false;
        for role in roles.filter(|role| role.id == id) {
            name.clone_into(&mut role.name);
            found = true;
        }
        found
    }

    /// Sets when the person with this login name last signed in (`2025-03-14T09:26:53Z`); whether there is one.
    pub fn set_last_accessed(&mut self, name: &str, date: Option<&str>) -> bool {
        let Some(person) = self.person_mut(name) else {
            return false;
        };
        person.last_accessed_date = date.map(str::to_owned);
        true
    }

    /// The person with this login name, without regard to case, to change.
    pub fn person_mut(&mut self, name: &str) -> Option<&mut Person> {
        let people = self.resellers.iter_mut().flat_map(|reseller| {
            let users = reseller.organizations.iter_mut();
            let users = users.flat_map(|each| &mut each.users);
            reseller.administrators.iter_mut().chain(users)
        });
        let name = name.to_lowercase();
        people
            .into_iter()
            .find(|each| each.name().to_lowercase() == name)
    }

    /// Gives an id to everybody who has none, as in a seed written by hand.
    pub(super) fn fill_ids(&mut self) {
        let mut given = self.ids_given;
        let nameless = self
            .resellers
            .iter_mut()
            .flat_map(|reseller| {
                let users = reseller
                    .organizations
                    .iter_mut()
                    .map(|each| &mut each.users);
                std::iter::once(&mut reseller.administrators).chain(users)
            })
            .flatten()
            .filter(|person| person.id.is_empty());
        for person in nameless {
            given += 1;
            person.id = id(given);
        }
        self.ids_given = given;
    }

    /// Adds a user by hand and gives the id; `None` if there is no such organization.
    pub fn add_user(&mut self, organization: &str, mut person: Person) -> Option<String> {
        person.id = self.new_id();
        let id = person.id.clone();
        self.organization_mut(organization)?.users.push(person);
        Some(id)
    }

    /// Adds an administrator by hand and gives the id; `None` if there is no such reseller.
    pub fn add_administrator(&mut self, reseller: &str, mut person: Person) -> Option<String> {
        person.id = self.new_id();
        let id = person.id.clone();
        self.reseller_mut(reseller)?.administrators.push(person);
        Some(id)
    }

    /// Assigns a user by hand, without asking for seats; `None` if there is no such subscription.
    pub fn assign(&mut self, subscription: &str, user_id: &str) -> Option<()> {
        let assignment = Assignment {
            user_id: user_id.to_owned(),
            external_user_id: None,
        };
        self.subscription_mut(subscription)?
            .assignments
            .push(assignment);
        Some(())
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

impl Organization {
    /// Takes a user who is gone from all subscriptions and user groups.
    pub(super) fn forget(&mut self, user_id: &str) {
        for subscription in &mut self.subscriptions {
            subscription
                .assignments
                .retain(|each| each.user_id != user_id);
        }
        for group in &mut self.groups {
            group.members.retain(|member| member != user_id);
        }
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

/// The id with this number.
fn id(number: u64) -> String {
    format!("5a4db0c5-0000-4000-8000-{number:012x}")
}
