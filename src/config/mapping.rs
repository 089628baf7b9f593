//! `[[tenant.mapping]]`: what the members of a group, or the bearers of a SCIM role, get.

use crate::domain::mapping::{ExternalUserId, GroupSelector, MappedSubscription, Mapping, Whom};
use crate::domain::model::SubscriptionRef;

use super::reader::At;
use super::role::Roles;
use super::tree::Value;

/// Reads a mapping of the tenant at the path `tenant`, whose target has subscriptions or not.
pub(super) fn read(
    at: &At<'_>,
    tenant: &str,
    has_subscriptions: bool,
    roles: &Roles,
) -> Option<Mapping> {
    at.table(|mapping| {
        let whom = mapping
            .one_of(
                ["group", "scim_role"],
                "whom it is about: `group = \"Cloudmore Finance\"`, or `scim_role = \"…\"`",
            )
            .and_then(|(key, at)| match key {
                "group" => group(&at).map(Whom::Group),
                _ => at.text().map(|role| Whom::Role(role.to_owned())),
            });
        let role = mapping.optional("role", |at| roles.read(at));
        let subscriptions = mapping.or("subscriptions", Vec::new(), |at| {
            if !has_subscriptions {
                return at
                    .wrong("administrators of a broker have no subscriptions: remove this key");
            }
            at.items(|at| subscription(at, tenant, whom.as_ref()))
        });
        let (role, subscriptions) = (role?, subscriptions?);
        if role.is_none() && subscriptions.is_empty() {
            return at
                .wrong("grants nothing: add `role` or `subscriptions`, or remove the mapping");
        }
        Some(Mapping {
            whom: whom?,
            role,
            subscriptions,
        })
    })
}

/// A group as a mapping names it.
pub(super) fn group(at: &At<'_>) -> Option<GroupSelector> {
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

fn subscription(at: &At<'_>, tenant: &str, whom: Option<&Whom>) -> Option<MappedSubscription> {
    at.table(|entry| {
        let service = entry.required("service", "the service's id: `service = \"…\"`", At::text);
        let subscription = entry.required(
            "subscription",
            "the subscription's id: `subscription = \"…\"`",
            At::text,
        );
        let external_user_id = entry.or("external_user_id", ExternalUserId::None, |at| {
            at.choice(&[
                ("none", ExternalUserId::None),
                ("userName", ExternalUserId::UserName),
                ("email", ExternalUserId::Email),
                ("externalId", ExternalUserId::ExternalId),
                ("id", ExternalUserId::Id),
            ])
        });
        let reference = SubscriptionRef {
            service: service?.to_owned(),
            subscription: subscription?.to_owned(),
        };
        if let Some(whom) = whom {
            let pair = format!("{tenant} {whom:?} {reference:?}").to_lowercase();
            at.claim(
                "grant",
                pair,
                "the same people need to be given a subscription once, remove one of the two",
            );
        }
        Some(MappedSubscription {
            at: reference,
            external_user_id: external_user_id?,
        })
    })
}
