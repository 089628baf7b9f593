//! What a user should have, from groups, mappings and the user's own fields.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use scim_bridge::domain::account_data::AccountData;
use scim_bridge::domain::entitlement::{DirectoryUser, NoAccount, Wanted, wanted};
use scim_bridge::domain::mapping::{Bindings, ExternalUserId, Mapping};
use scim_bridge::domain::model::{GroupId, Known, Lock, RoleId, UserId};
use scim_bridge::domain::policy::{AccountName, Policy};
use scim_bridge::scim::{Document, Reading};
use serde_json::{Value, json};

use super::arbitrary::{BEGINNING, GROUPS, bindings, document, policy, user};
use super::world::World;
use super::{bound, config, mapping, subscription};

fn ann(groups: &[&str], active: bool) -> DirectoryUser {
    let body = json!({"userName": "ann@acme.example", "externalId": "e-1", "active": active});
    DirectoryUser {
        id: UserId::new("u-1"),
        document: Document::user_from_create(&body, &mut Reading::default()).unwrap(),
        groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
    }
}

fn rules(default_role: Option<i64>, mappings: Vec<Mapping>) -> Policy {
    Policy {
        default_role: default_role.map(RoleId),
        mappings,
        ..Policy::default()
    }
}

/// What is wanted in short: `role 6 by 0; pro by 0, team by 0 1`, or why nothing is.
fn short(wanted: &Wanted) -> String {
    let account = match wanted {
        Wanted::Nothing(why) | Wanted::Locked { why, .. } => return format!("{why:?}"),
        Wanted::Account(account) => account,
    };
    let by = account
        .role_from
        .map_or("default".to_owned(), |at| at.to_string());
    let seats = account.seats.iter().map(|(at, seat)| {
        let from: Vec<_> = seat.from.iter().map(usize::to_string).collect();
        format!("{} by {}", at.subscription, from.join(" "))
    });
    let seats: Vec<_> = seats.collect();
    format!("role {} by {by}; {}", account.role, seats.join(", "))
}

/// Finance gives role 6, team and pro; Sales gives team; Board gives role 1.
fn check(groups: &[&str], expected: &str) {
    let policy = rules(
        Some(7),
        vec![
            mapping("finance", Some(6), &["team", "pro"]),
            mapping("sales", None, &["team"]),
            mapping("board", Some(1), &[]),
        ],
    );
    let bindings = bound(&["finance", "sales", "board"]);
    let wanted = wanted(Some(&ann(groups, true)), &policy, &bindings, BEGINNING);
    assert_eq!(short(&wanted), expected, "in {groups:?}");
}

#[test]
fn each_group_adds_its_subscriptions_and_the_first_mapping_gives_the_role() {
    check(&[], "role 7 by default; ");
    check(&["sales"], "role 7 by default; team by 1");
    check(&["finance"], "role 6 by 0; pro by 0, team by 0");
    check(&["board"], "role 1 by 2; ");
    check(&["board", "finance"], "role 6 by 0; pro by 0, team by 0");
    check(&["unmapped"], "role 7 by default; ");
}

#[test]
fn leaving_one_of_two_groups_that_grant_a_subscription_keeps_it() {
    check(&["finance", "sales"], "role 6 by 0; pro by 0, team by 0 1");
    check(&["sales"], "role 7 by default; team by 1");
}

#[test]
fn a_user_without_role_inactive_or_deleted_has_no_account() {
    let policy = rules(None, vec![mapping("finance", None, &["team"])]);
    let bindings = bound(&["finance"]);
    let check = |user: Option<&DirectoryUser>, why| {
        assert_eq!(
            wanted(user, &policy, &bindings, BEGINNING),
            Wanted::Nothing(why)
        );
    };
    check(Some(&ann(&["finance"], true)), NoAccount::NoRole);
    check(Some(&ann(&["finance"], false)), NoAccount::Inactive);
    check(None, NoAccount::Deleted);
}

#[test]
fn a_mapping_without_a_bound_group_grants_nothing() {
    let policy = rules(Some(7), vec![mapping("finance", Some(6), &["team"])]);
    let user = ann(&["finance"], true);
    let wanted = wanted(Some(&user), &policy, &Bindings::default(), BEGINNING);
    assert_eq!(short(&wanted), "role 7 by default; ");
}

#[test]
fn the_first_mapping_of_a_subscription_gives_the_external_user_id() {
    let mut first = mapping("finance", None, &["team"]);
    first.subscriptions[0].external_user_id = ExternalUserId::ExternalId;
    let mut second = mapping("sales", None, &["team"]);
    second.subscriptions[0].external_user_id = ExternalUserId::UserName;
    let policy = rules(Some(7), vec![first, second]);
    let check = |groups: &[&str], id: &str| {
        let wanted = wanted(
            Some(&ann(groups, true)),
            &policy,
            &bound(&["finance", "sales"]),
            BEGINNING,
        );
        let Wanted::Account(account) = wanted else {
            panic!("no account")
        };
        let seat = &account.seats[&subscription("team")];
        assert_eq!(seat.external_user_id.as_deref(), Some(id));
    };
    check(&["finance", "sales"], "e-1");
    check(&["sales"], "ann@acme.example");
}

#[test]
fn bare_names_become_addresses_at_the_account_domain() {
    let check = |body: Value, name: &str, email: &str| {
        let document = Document::user_from_create(&body, &mut Reading::default()).unwrap();
        let user = DirectoryUser {
            document,
            ..ann(&[], true)
        };
        let mut policy = rules(Some(7), vec![]);
        policy.account_domain = Some("acme.example".to_owned());
        let Wanted::Account(account) =
            wanted(Some(&user), &policy, &Bindings::default(), BEGINNING)
        else {
            panic!("no account")
        };
        assert_eq!(
            (
                account.profile.name.as_str(),
                account.profile.email.as_str()
            ),
            (name, email)
        );
    };
    let (bare, whole) = ("ann", "ann@acme.example");
    check(json!({"userName": bare}), whole, whole);
    check(
        json!({"userName": "ann@example.com"}),
        "ann@example.com",
        "ann@example.com",
    );
    check(
        json!({"userName": bare, "emails": [{"value": "ann@example.com"}]}),
        whole,
        "ann@example.com",
    );
}

#[test]
fn names_that_are_missing_or_blank_fall_back_on_what_is_there() {
    let check = |body: Value, expected: [&str; 4]| {
        let document = Document::user_from_create(&body, &mut Reading::default()).unwrap();
        let profile = AccountData::default().profile(&document, AccountName::UserName);
        let fields = [
            &profile.first_name,
            &profile.last_name,
            &profile.display_name,
            &profile.email,
        ];
        assert_eq!(fields, expected, "of {body}");
    };
    let name = "ann@acme.example";
    check(json!({"userName": name}), ["ann", "ann", "ann ann", name]);
    check(
        json!({"userName": name, "displayName": "Ann van Example"}),
        ["Ann van", "Example", "Ann van Example", name],
    );
    check(
        json!({"userName": name, "name": {"givenName": "Ann", "familyName": "Example"}}),
        ["Ann", "Example", "Ann Example", name],
    );
    check(
        json!({"userName": name, "displayName": " ", "name": {"givenName": "\u{3000}"}, "emails": [{"value": " "}]}),
        ["ann", "ann", "ann ann", name],
    );
    check(
        json!({"userName": "@acme.example"}),
        [
            "@acme.example",
            "@acme.example",
            "@acme.example @acme.example",
            "@acme.example",
        ],
    );
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_cloudmore_asks_for_is_never_blank(document in document()) {
        for account_name in [AccountName::UserName, AccountName::Email] {
            let profile = AccountData::default().profile(&document, account_name);
            let fields = [
                &profile.name,
                &profile.first_name,
                &profile.last_name,
                &profile.display_name,
                &profile.email,
            ];
            prop_assert!(fields.iter().all(|field| !field.trim().is_empty()), "{:?}", profile);
        }
    }

    #[test]
    fn leaving_a_group_takes_away_what_no_other_group_grants_and_nothing_else(
        user in user(),
        policy in policy(),
        bindings in bindings(),
        left in proptest::sample::select(&GROUPS[..]),
    ) {
        let group = GroupId::new(left);
        let mut after = user.clone();
        after.groups.remove(&group);
        let before = wanted(Some(&user), &policy, &bindings, BEGINNING);
        let after = wanted(Some(&after), &policy, &bindings, BEGINNING);
        let (Wanted::Account(before), Wanted::Account(after)) = (before, after) else {
            return Ok(());
        };
        for (at, seat) in &before.seats {
            let by_others = |position: &&usize| {
                bindings.group(policy.mappings[**position].group().unwrap()) != Some(&group)
            };
            let others: Vec<_> = seat.from.iter().filter(by_others).copied().collect();
            let kept = after.seats.get(at).map(|seat| seat.from.clone());
            prop_assert_eq!(kept, (!others.is_empty()).then_some(others), "{}", at);
        }
        prop_assert!(after.seats.keys().all(|at| before.seats.contains_key(at)));
    }

    #[test]
    fn the_role_is_that_of_the_first_mapping_that_applies_and_has_one(
        user in user(),
        policy in policy(),
        bindings in bindings(),
    ) {
        let Wanted::Account(account) = wanted(Some(&user), &policy, &bindings, BEGINNING) else {
            return Ok(());
        };
        let applies = |mapping: &Mapping| {
            mapping.group().and_then(|selector| bindings.group(selector)).is_some_and(|group| user.groups.contains(group))
        };
        let first = policy.mappings.iter().position(|each| applies(each) && each.role.is_some());
        prop_assert_eq!(account.role_from, first);
        let role = first.map_or(policy.default_role, |at| policy.mappings[at].role);
        prop_assert_eq!(Some(account.role), role);
    }

    #[test]
    fn the_order_in_which_joins_and_leaves_arrive_does_not_matter(
        document in document(),
        policy in policy(),
        bindings in bindings(),
        changes in vec(vec(any::<bool>(), 0..4), GROUPS.len()),
        one in vec(any::<Index>(), 16),
        other in vec(any::<Index>(), 16),
    ) {
        let arrive = |order: Vec<Index>| {
            let mut world = World::default();
            let mut known = Known::Nothing;
            let mut user = DirectoryUser {
                id: UserId::new("u-1"),
                document: document.clone(),
                groups: BTreeSet::new(),
            };
            let mut want = wanted(Some(&user), &policy, &bindings, BEGINNING);
            known = world.calm(&want, known);
            for (group, joins) in interleaved(&changes, order) {
                if joins {
                    user.groups.insert(GroupId::new(group));
                } else {
                    user.groups.remove(&GroupId::new(group));
                }
                want = wanted(Some(&user), &policy, &bindings, BEGINNING);
                known = world.calm(&want, known);
            }
            // An account that a flag locks keeps the last role it had, whichever that was.
            let flagged = matches!(want, Wanted::Locked { lock: Lock::Flag(_), .. });
            let role = |role| (!flagged).then_some(role);
            world.account.map(|account| (account.profile, role(account.role), account.seats, account.flagged))
        };
        prop_assert_eq!(arrive(one), arrive(other));
    }
}

/// The changes of all groups in one order; those of one group keep theirs.
fn interleaved(changes: &[Vec<bool>], order: Vec<Index>) -> Vec<(&'static str, bool)> {
    let mut left: Vec<_> = GROUPS
        .iter()
        .zip(changes)
        .map(|(group, changes)| (*group, changes.iter()))
        .collect();
    let mut all = Vec::new();
    for pick in order {
        left.retain(|(_, changes)| changes.len() > 0);
        if !left.is_empty() {
            let picked = pick.index(left.len());
            let (group, changes) = &mut left[picked];
            all.extend(changes.next().map(|joins| (*group, *joins)));
        }
    }
    all
}
