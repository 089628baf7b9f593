//! Roles as a tenant names them: Cloudmore's number, with the name that the operator expects it to have.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::domain::model::RoleId;
use crate::domain::policy::PRIVILEGED;

use super::reader::At;
use super::tree::Value;
use super::values;

/// The roles of one tenant while it is read.
pub(super) struct Roles {
    /// Whether roles that can change everything at the broker may not be named.
    spares_privileged: bool,
    names: RefCell<BTreeMap<RoleId, String>>,
}

impl Roles {
    pub(super) fn new(spares_privileged: bool) -> Self {
        Self {
            spares_privileged,
            names: RefCell::default(),
        }
    }

    /// A role: its number, or `{ id = …, name = "…" }`.
    pub(super) fn read(&self, at: &At<'_>) -> Option<RoleId> {
        let id = self.named(at)?;
        self.permitted(at, id)
    }

    /// A role that is named without being given to anybody.
    pub(super) fn named(&self, at: &At<'_>) -> Option<RoleId> {
        let Value::Table(_) = at.node.value else {
            return values::role(at);
        };
        at.table(|role| {
            let id = role.required("id", "Cloudmore's number of it: `id = 6`", values::role);
            let name = role.optional("name", At::text);
            let (id, name) = (id?, name?);
            if let Some(name) = name {
                let mut names = self.names.borrow_mut();
                let before = names.entry(id).or_insert_with(|| name.to_owned());
                if before != name {
                    return at.wrong(format!(
                        "is called \"{before}\" elsewhere in this tenant: a role has one name"
                    ));
                }
            }
            Some(id)
        })
    }

    /// The names that were given.
    pub(super) fn into_names(self) -> BTreeMap<RoleId, String> {
        self.names.into_inner()
    }

    fn permitted(&self, at: &At<'_>, id: RoleId) -> Option<RoleId> {
        let privileged = PRIVILEGED.iter().find(|(role, _)| *role == id);
        match privileged.filter(|_| self.spares_privileged) {
            None => Some(id),
            Some((_, name)) => at.wrong(format!(
                "is {name}, who can change everything at the broker: whoever can change the group could \
                 make such administrators. Choose a lesser role, or add `privileged_roles = true`"
            )),
        }
    }
}
