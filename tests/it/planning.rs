//! The pure rules: what a user should have, and the steps from what is known to there.

pub(crate) mod arbitrary;
mod delays;
mod entitlements;
mod plans;
mod properties;
mod world;

use proptest::prelude::ProptestConfig;
use scim_bridge::domain::mapping::{
    Bindings, ExternalUserId, GroupSelector, MappedSubscription, Mapping, Whom,
};
use scim_bridge::domain::model::{GroupId, RoleId, SubscriptionRef};

/// Names a group of the little directory; its id is the same word.
fn selector(group: &str) -> GroupSelector {
    GroupSelector::DisplayName(format!("Cloudmore {group}"))
}

/// The subscription of this name.
fn subscription(name: &str) -> SubscriptionRef {
    SubscriptionRef {
        service: "office".to_owned(),
        subscription: name.to_owned(),
    }
}

/// Members of `group` get the role and the subscriptions.
fn mapping(group: &str, role: Option<i64>, subscriptions: &[&str]) -> Mapping {
    let granted = |name: &&str| MappedSubscription {
        at: subscription(name),
        external_user_id: ExternalUserId::None,
    };
    Mapping {
        whom: Whom::Group(selector(group)),
        role: role.map(RoleId),
        subscriptions: subscriptions.iter().map(granted).collect(),
    }
}

/// Each selector bound to the group whose id is the word given.
fn bound(groups: &[&str]) -> Bindings {
    let pair = |group: &&str| (selector(group).key(), GroupId::new(*group));
    groups.iter().map(pair).collect()
}

/// What fails is a fact to write down as a test of its own, so nothing is kept in files.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
