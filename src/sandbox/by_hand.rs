//! Changing the world by hand, as somebody in Cloudmore's own pages would, and giving ids.

use super::world::{Assignment, Organization, Person, World};

impl World {
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

/// The id with this number.
fn id(number: u64) -> String {
    format!("5a4db0c5-0000-4000-8000-{number:012x}")
}
