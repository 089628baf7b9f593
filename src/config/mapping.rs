//! `[[tenant.mapping]]`: what the members of a group get.

use crate::domain::mapping::{ExternalUserId, GroupSelector, MappedSubscription, Mapping};
use crate::domain::model::SubscriptionRef;

use super::reader::At;
use super::tree::Value;
use super::values;

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
