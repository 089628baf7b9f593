//! Whose people: the users of an organization or the administrators of a reseller.

use super::models::Model;
use super::world::{CustomProperty, Person, Role, World};

/// Whose people.
#[derive(Clone, Copy)]
pub(super) enum Population<'a> {
    Administrators {
        reseller: &'a str,
    },
    Users {
        reseller: &'a str,
        organization: &'a str,
    },
}

impl Population<'_> {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Administrators { .. } => "administrator",
            Self::Users { .. } => "user",
        }
    }

    pub(super) fn model(self) -> Model {
        match self {
            Self::Administrators { .. } => Model::Administrator,
            Self::Users { .. } => Model::User,
        }
    }

    pub(super) fn people(self, world: &World) -> &[Person] {
        match self {
            Self::Administrators { reseller } => world
                .reseller(reseller)
                .map_or(&[], |each| each.administrators.as_slice()),
            Self::Users { organization, .. } => world
                .organization(organization)
                .map_or(&[], |each| each.users.as_slice()),
        }
    }

    pub(super) fn people_mut(self, world: &mut World) -> Option<&mut Vec<Person>> {
        match self {
            Self::Administrators { reseller } => world
                .reseller_mut(reseller)
                .map(|each| &mut each.administrators),
            Self::Users { organization, .. } => world
                .organization_mut(organization)
                .map(|each| &mut each.users),
        }
    }

    pub(super) fn roles(self, world: &World) -> &[Role] {
        match self {
            Self::Administrators { reseller } => world
                .reseller(reseller)
                .map_or(&[], |each| each.roles.as_slice()),
            Self::Users { organization, .. } => world
                .organization(organization)
                .map_or(&[], |each| each.roles.as_slice()),
        }
    }

    /// Domains that names may have; any when empty.
    pub(super) fn domains(self, world: &World) -> &[String] {
        match self {
            Self::Administrators { .. } => &[],
            Self::Users { organization, .. } => world
                .organization(organization)
                .map_or(&[], |each| each.domains.as_slice()),
        }
    }

    /// The custom properties that the broker defined.
    pub(super) fn custom_properties(self, world: &World) -> &[CustomProperty] {
        let (Self::Administrators { reseller } | Self::Users { reseller, .. }) = self;
        world
            .reseller(reseller)
            .map_or(&[], |each| each.custom_properties.as_slice())
    }
}
