//! What a read of Cloudmore has shown of an account, and what it leaves open.

use std::collections::BTreeMap;
use std::fmt;

use super::entitlement::Wanted;
use super::model::{Detail, Known, Lock, Profile, RoleId};

/// What is known of something after a look. A look that failed or stopped early shows neither that it is there nor that
/// it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight<T> {
    /// Nothing may be concluded.
    Unknown,
    /// It is certainly not there.
    Absent,
    /// It is there.
    Present(T),
}

/// A field of an account that the directory fills.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProfileField {
    /// Login name.
    Name,
    /// Given name.
    FirstName,
    /// Family name.
    LastName,
    /// Name as shown.
    DisplayName,
    /// Address.
    Email,
    /// What the directory may give or not.
    Detail(Detail),
}

impl fmt::Display for ProfileField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("name"),
            Self::FirstName => f.write_str("first_name"),
            Self::LastName => f.write_str("last_name"),
            Self::DisplayName => f.write_str("display_name"),
            Self::Email => f.write_str("email"),
            Self::Detail(detail) => f.write_str(&String::from(detail.clone())),
        }
    }
}

/// The fields of a profile, each with its value.
pub fn fields(profile: &Profile) -> impl Iterator<Item = (ProfileField, &str)> {
    let always = [
        (ProfileField::Name, profile.name.as_str()),
        (ProfileField::FirstName, profile.first_name.as_str()),
        (ProfileField::LastName, profile.last_name.as_str()),
        (ProfileField::DisplayName, profile.display_name.as_str()),
        (ProfileField::Email, profile.email.as_str()),
    ];
    let details = profile.details.iter();
    let details = details.map(|(key, value)| (ProfileField::Detail(key.clone()), value.as_str()));
    always.into_iter().chain(details)
}

/// An account as a list or a detail shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// The fields that have a value.
    pub fields: BTreeMap<ProfileField, String>,
    /// The role, if it is shown.
    pub role: Option<RoleId>,
    /// Everything that is yes or no, by its name in small letters.
    pub flags: BTreeMap<String, bool>,
    /// Whether this is all there is: what a detail does not show has no value, what a list does not show may have one.
    pub whole: bool,
}

impl Sighting {
    /// The value of a field.
    pub fn field(&self, field: &ProfileField) -> Sight<&str> {
        match self.fields.get(field) {
            Some(value) => Sight::Present(value),
            // Cloudmore may show a property by its id alone.
            None if self.whole && !matches!(field, ProfileField::Detail(Detail::Custom(_))) => {
                Sight::Absent
            }
            None => Sight::Unknown,
        }
    }

    /// Whether a lock holds.
    pub fn locked(&self, lock: &Lock) -> Sight<()> {
        let holds = match lock {
            Lock::Role(role) => self.role.map(|is| is == *role),
            Lock::Flag(field) => {
                let flag = self.flags.get(&field.to_ascii_lowercase());
                flag.map(|flag| !flag).or(self.whole.then_some(false))
            }
        };
        match holds {
            Some(true) => Sight::Present(()),
            Some(false) => Sight::Absent,
            None => Sight::Unknown,
        }
    }

    /// Whether nothing is left open that comparing needs. Otherwise the account has to be read on its own.
    pub fn suffices(&self, wanted: &Wanted, known: &Known) -> bool {
        self.whole
            || match (wanted, known) {
                (Wanted::Account(wanted), _) => {
                    self.role.is_some()
                        && fields(&wanted.profile)
                            .all(|(field, _)| self.fields.contains_key(&field))
                }
                (Wanted::Locked { .. }, Known::Account(account)) => {
                    let lock = account.locked.as_ref();
                    lock.is_none_or(|locked| self.locked(&locked.lock) != Sight::Unknown)
                }
                (Wanted::Locked { .. } | Wanted::Nothing(_), _) => true,
            }
    }

    /// The profile that this is, empty where nothing is shown.
    pub fn profile(&self) -> Profile {
        let text = |field| self.fields.get(&field).cloned().unwrap_or_default();
        let details = self.fields.iter().filter_map(|(field, value)| match field {
            ProfileField::Detail(detail) => Some((detail.clone(), value.clone())),
            ProfileField::Name
            | ProfileField::FirstName
            | ProfileField::LastName
            | ProfileField::DisplayName
            | ProfileField::Email => None,
        });
        Profile {
            name: text(ProfileField::Name),
            first_name: text(ProfileField::FirstName),
            last_name: text(ProfileField::LastName),
            display_name: text(ProfileField::DisplayName),
            email: text(ProfileField::Email),
            details: details.collect(),
        }
    }
}
