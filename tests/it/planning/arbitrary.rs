//! Policies, users, bindings and states of knowledge, small enough that everything collides often.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use scim_bridge::domain::account_data::AccountData;
use scim_bridge::domain::entitlement::{DirectoryUser, Moment, Wanted, wanted};
use scim_bridge::domain::mapping::{Bindings, ExternalUserId, MappedSubscription, Mapping, Whom};
use scim_bridge::domain::model::{
    Account, AccountId, GroupId, Known, KnownSeat, Lock, Locked, Origin, Profile, RoleId,
    SeatOrigin, SubscriptionRef, UserId,
};
use scim_bridge::domain::policy::{AccountName, Adopt, AdoptBy, Deprovision, Leaving, Policy};
use scim_bridge::scim::{Document, Reading};
use serde_json::{Map, Value};

use super::{bound, selector, subscription};

pub(super) const GROUPS: [&str; 4] = ["finance", "sales", "support", "board"];
const SUBSCRIPTIONS: [&str; 3] = ["team", "pro", "vault"];

pub(crate) fn subscription_ref() -> impl Strategy<Value = SubscriptionRef> {
    select(&SUBSCRIPTIONS[..]).prop_map(subscription)
}

pub(crate) fn role() -> impl Strategy<Value = RoleId> {
    (1..4i64).prop_map(RoleId)
}

fn external_user_id() -> impl Strategy<Value = ExternalUserId> {
    select(vec![
        ExternalUserId::None,
        ExternalUserId::UserName,
        ExternalUserId::Email,
        ExternalUserId::ExternalId,
        ExternalUserId::Id,
    ])
}

fn mapping() -> impl Strategy<Value = Mapping> {
    let granted = btree_map(subscription_ref(), external_user_id(), 0..4);
    (select(&GROUPS[..]), option::of(role()), granted).prop_map(|(group, role, granted)| Mapping {
        whom: Whom::Group(selector(group)),
        role,
        subscriptions: granted
            .into_iter()
            .map(|(at, external_user_id)| MappedSubscription {
                at,
                external_user_id,
            })
            .collect(),
    })
}

fn account_name() -> impl Strategy<Value = AccountName> {
    select(vec![AccountName::UserName, AccountName::Email])
}

/// Mappings of which several may name one group, shared subscriptions, a default role or none.
pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    let parts = (
        account_name(),
        option::of(role()),
        vec(mapping(), 0..6),
        deprovision(),
    );
    parts.prop_map(
        |(account_name, default_role, mappings, deprovision)| Policy {
            account_name,
            deprovision,
            default_role,
            adopt: Adopt::Link,
            adopt_by: AdoptBy::Name,
            observe: false,
            mappings,
            ..Policy::default()
        },
    )
}

/// Some selectors are bound to their group, others are free.
pub(super) fn bindings() -> impl Strategy<Value = Bindings> {
    subsequence(&GROUPS[..], 0..=GROUPS.len()).prop_map(|groups| bound(&groups))
}

fn word() -> impl Strategy<Value = Option<&'static str>> {
    option::of(select(vec![
        "Ann",
        "Example",
        "Ann Example",
        " ",
        "Ann ",
        "\u{3000}",
    ]))
}

/// A user's document, complete or as bare as SCIM allows, with blanks where names should be.
pub(super) fn document() -> impl Strategy<Value = Document> {
    let names = select(vec![
        "ann@acme.example",
        "ann",
        "@acme.example",
        "Ann@Acme.example",
        " a ",
    ]);
    let email = option::of(select(vec!["ann.example@acme.example", " "]));
    let parts = (
        names,
        any::<bool>(),
        [word(), word(), word(), word(), word()],
        email,
    );
    parts.prop_map(
        |(user_name, active, [display, given, family, formatted, title], email)| {
            let mut name = Map::new();
            let mut body = Map::new();
            body.insert("userName".into(), user_name.into());
            body.insert("externalId".into(), "e-1".into());
            body.insert("active".into(), active.into());
            name.insert("givenName".into(), given.into());
            name.insert("familyName".into(), family.into());
            name.insert("formatted".into(), formatted.into());
            body.insert("name".into(), name.into());
            body.insert("displayName".into(), display.into());
            body.insert("title".into(), title.into());
            body.insert(
                "emails".into(),
                email.map(|value| Value::from(vec![value])).into(),
            );
            Document::user_from_create(&body.into(), &mut Reading::default()).unwrap()
        },
    )
}

/// A user whom the directory knows.
pub(super) fn user() -> impl Strategy<Value = DirectoryUser> {
    let groups = btree_set(select(&GROUPS[..]).prop_map(GroupId::new), 0..=GROUPS.len());
    (document(), groups).prop_map(|(document, groups)| DirectoryUser {
        id: UserId::new("u-1"),
        document,
        groups,
    })
}

/// A moment before anybody left.
pub(super) const BEGINNING: Moment = Moment {
    now: 1,
    locked_since: None,
};

/// What some user should have: deleted, inactive, without a role, or with an account.
pub(crate) fn wish() -> impl Strategy<Value = Wanted> {
    (option::weighted(0.8, user()), policy(), bindings())
        .prop_map(|(user, policy, bindings)| wanted(user.as_ref(), &policy, &bindings, BEGINNING))
}

fn account_profile() -> impl Strategy<Value = Profile> {
    (document(), account_name())
        .prop_map(|(document, name)| AccountData::default().profile(&document, name))
}

fn known_seat() -> impl Strategy<Value = KnownSeat> {
    let external_user_id = || option::of(select(vec!["ann", "u-1"]).prop_map(str::to_owned));
    prop_oneof![
        external_user_id().prop_map(|external_user_id| KnownSeat::Uncertain { external_user_id }),
        external_user_id().prop_map(|external_user_id| KnownSeat::Held {
            origin: SeatOrigin::Made,
            external_user_id,
        }),
        Just(KnownSeat::Held {
            origin: SeatOrigin::Foreign,
            external_user_id: None,
        }),
        Just(KnownSeat::Refused {
            reason: "no seats".to_owned(),
        }),
        Just(KnownSeat::Absent),
    ]
}

fn known_seats() -> impl Strategy<Value = BTreeMap<SubscriptionRef, KnownSeat>> {
    btree_map(subscription_ref(), known_seat(), 0..4)
}

fn lock() -> impl Strategy<Value = Lock> {
    prop_oneof![
        role().prop_map(Lock::Role),
        Just(Lock::Flag("isActive".to_owned()))
    ]
}

fn locked() -> impl Strategy<Value = Locked> {
    let earlier = option::of(Just("isActive".to_owned()));
    (lock(), any::<bool>(), earlier).prop_map(|(lock, seen, earlier)| Locked {
        lock,
        since: 1,
        seen,
        earlier,
    })
}

/// What becomes of leavers, for ever.
fn deprovision() -> impl Strategy<Value = Deprovision> {
    let leaving = || prop_oneof![Just(Leaving::Delete), lock().prop_map(Leaving::Lock)];
    (leaving(), leaving()).prop_map(|(deactivated, deleted)| Deprovision {
        deactivated,
        deleted,
        grace: None,
    })
}

/// An account of ours in any state.
pub(crate) fn account() -> impl Strategy<Value = Account> {
    let origin = select(vec![Origin::Made, Origin::Adopted]);
    let locked = option::weighted(0.3, locked());
    (
        origin,
        account_profile(),
        option::of(role()),
        known_seats(),
        locked,
    )
        .prop_map(|(origin, profile, role, seats, locked)| Account {
            id: AccountId::new("a-1"),
            origin,
            profile,
            role,
            seats,
            locked,
        })
}

/// Any state of knowledge.
pub(crate) fn known() -> impl Strategy<Value = Known> {
    prop_oneof![
        1 => Just(Known::Nothing),
        1 => (account_profile(), role(), any::<bool>()).prop_map(|(profile, role, made)| Known::Uncertain { profile, role, made }),
        6 => account().prop_map(Known::Account),
    ]
}
