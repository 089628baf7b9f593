//! The rule itself, for whoever may be in the way: strangers, users of ours, the account of the bridge.

use scim_bridge::domain::adoption::{By, Course, Listed, Owner, course};
use scim_bridge::domain::model::AccountId;
use scim_bridge::domain::policy::{Adopt, AdoptBy, Policy};

use By::{Email, Name};
use Owner::{AnotherTenants, ApiAccount, Ours, Stranger};

/// What is done, in a word, with the ids of the accounts that are named.
fn told(like: &[(By, Owner)], adopt: Adopt, is_shared: bool) -> String {
    let listed: Vec<_> = (0..like.len())
        .map(|at| Listed {
            id: AccountId::new(format!("{at}")),
            name: format!("account{at}"),
            email: String::new(),
        })
        .collect();
    let like: Vec<_> = listed
        .iter()
        .zip(like)
        .map(|(listed, (by, owner))| (listed, *by, *owner))
        .collect();
    let policy = Policy {
        adopt,
        adopt_by: AdoptBy::Email,
        ..Policy::default()
    };
    match course(&like, &policy, is_shared, |_| None) {
        Course::Create => "create".to_owned(),
        Course::NameIsOurs(_) => "ours".to_owned(),
        Course::Link(listed, _) => format!("link {}", listed.id),
        Course::Hold(listed, ..) => format!("hold {}", listed.id),
        Course::Conflict(words) => {
            let named = listed.iter().filter(|listed| words.contains(&listed.name));
            let named: Vec<_> = named.map(|listed| listed.id.as_str()).collect();
            format!("conflict {}", named.join(" "))
        }
    }
}

#[test]
fn only_a_stranger_who_is_the_only_one_is_linked() {
    for (like, expected) in [
        (&[][..], "create"),
        (&[(Name, Stranger)], "link 0"),
        (&[(Email, Stranger)], "link 0"),
        (&[(Name, Ours)], "ours"),
        (&[(Name, ApiAccount)], "conflict 0"),
        (&[(Name, AnotherTenants)], "conflict 0"),
        (&[(Email, AnotherTenants)], "create"),
        (
            &[(Email, Stranger), (Email, AnotherTenants)],
            "conflict 0 1",
        ),
        // An address alone says nothing about accounts that have their bearer.
        (&[(Email, Ours)], "create"),
        (&[(Email, ApiAccount)], "create"),
        (&[(Email, Ours), (Email, ApiAccount)], "create"),
        // But whoever shares it is not the only one with it.
        (&[(Email, Stranger), (Email, Stranger)], "conflict 0 1"),
        (&[(Email, Stranger), (Email, Ours)], "conflict 0 1"),
        (&[(Email, Stranger), (Email, ApiAccount)], "conflict 0 1"),
        // A name says more than an address, unless a stranger may be meant as well.
        (&[(Name, Stranger), (Email, Ours)], "link 0"),
        (&[(Name, Stranger), (Email, ApiAccount)], "link 0"),
        (&[(Name, Stranger), (Email, Stranger)], "conflict 0 1"),
        (&[(Name, Ours), (Email, Stranger)], "ours"),
        (&[(Name, ApiAccount), (Email, Stranger)], "conflict 0"),
        // Cloudmore may take names for different that differ in case.
        (&[(Name, Stranger), (Name, Stranger)], "conflict 0 1"),
        (&[(Name, Stranger), (Name, Ours)], "ours"),
        (&[(Name, Stranger), (Name, ApiAccount)], "conflict 1"),
    ] {
        assert_eq!(told(like, Adopt::Link, false), expected, "{like:?}");
        let held = expected.replace("link", "hold");
        assert_eq!(told(like, Adopt::Hold, false), held, "{like:?}");
        let refused = expected.replace("link", "conflict");
        assert_eq!(told(like, Adopt::Refuse, false), refused, "{like:?}");
    }
}

#[test]
fn an_address_that_several_users_share_says_nothing_about_whose_an_account_is() {
    for adopt in [Adopt::Refuse, Adopt::Link, Adopt::Hold] {
        assert_eq!(told(&[(Email, Stranger)], adopt, true), "conflict 0");
        assert_eq!(told(&[], adopt, true), "create");
    }
    assert_eq!(told(&[(Name, Stranger)], Adopt::Link, true), "link 0");
}
