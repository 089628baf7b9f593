//! `[[tenant.mapping]]`: what the members of a group get.

use crate::domain::model::{RoleId, SubscriptionRef};

use super::reader::At;
use super::tree::Value;
use super::values;

/// Members of a group get a role, subscriptions, or both. The order of a tenant's mappings is their precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Whose members.
    pub group: GroupSelector,
    /// The role they get.
    pub role: Option<RoleId>,
    /// The subscriptions they are assigned to.
    pub subscriptions: Vec<MappedSubscription>,
}

/// How a mapping finds its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupSelector {
    /// By the name it bears when it is first seen.
    DisplayName(String),
    /// By the identity provider's id of it.
    ExternalId(String),
}

/// A subscription that a mapping assigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedSubscription {
    /// Which one.
    pub at: SubscriptionRef,
    /// What Cloudmore is told as the person's id in the service behind it.
    pub external_user_id: ExternalUserId,
}

/// Which value of a user becomes the external user id of an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExternalUserId {
    /// None is sent.
    None,
    /// The SCIM `userName`.
    UserName,
    /// The primary e-mail address.
    Email,
    /// The SCIM `externalId`.
    ExternalId,
    /// The SCIM `id`.
    Id,
}

/// Reads a mapping of the tenant at the path `tenant`, whose target has subscriptions or not.
pub(super) fn read(at: &At<'_>, tenant: &str, has_subscriptions: bool) -> Option<Mapping> {
    at.table(|mapping| {
        let group = mapping.required("group", "its name: `group = \"Cloudmore Finance\"`", group);
        let role = mapping.optional("role", values::role);
        let subscriptions = mapping.or("subscriptions", Vec::new(), |at| {
            if !has_subscriptions {
                return at
                    .wrong("administrators of a broker have no subscriptions: remove this key");
            }
            at.items(|at| subscription(at, tenant, group.as_ref()))
        });
        let (role, subscriptions) = (role?, subscriptions?);
        if role.is_none() && subscriptions.is_empty() {
            return at
                .wrong("grants nothing: add `role` or `subscriptions`, or remove the mapping");
        }
        Some(Mapping {
            group: group?,
            role,
            subscriptions,
        })
    })
}

fn group(at: &At<'_>) -> Option<GroupSelector> {
    if let Value::Table(_) = at.node.value {
        return at.table(|group| {
            let id = group.required(
                "external_id",
                "the identity provider's id of the group: `{ external_id = \"…\" }`",
                At::text,
            );
            Some(GroupSelector::ExternalId(id?.to_owned()))
        });
    }
    at.text()
        .map(|name| GroupSelector::DisplayName(name.to_owned()))
}

fn subscription(
    at: &At<'_>,
    tenant: &str,
    group: Option<&GroupSelector>,
) -> Option<MappedSubscription> {
    at.table(|entry| {
        let service = entry.required("service", "the service's id: `service = \"…\"`", At::text);
        let subscription = entry.required(
            "subscription",
            "the subscription's id: `subscription = \"…\"`",
            At::text,
        );
        let external_user_id = entry.or("external_user_id", ExternalUserId::None, |at| {
            at.choice(
                &[
                    ("none", ExternalUserId::None),
                    ("userName", ExternalUserId::UserName),
                    ("email", ExternalUserId::Email),
                    ("externalId", ExternalUserId::ExternalId),
                    ("id", ExternalUserId::Id),
                ],
                &[],
            )
        });
        let reference = SubscriptionRef {
            service: service?.to_owned(),
            subscription: subscription?.to_owned(),
        };
        if let Some(group) = group {
            let pair = format!("{tenant} {group:?} {reference:?}").to_lowercase();
            at.claim(
                "grant",
                pair,
                "a group needs to be given a subscription once, remove one of the two",
            );
        }
        Some(MappedSubscription {
            at: reference,
            external_user_id: external_user_id?,
        })
    })
}
