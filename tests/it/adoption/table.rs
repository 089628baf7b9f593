//! Every way to adopt, by name and by address, for every account that may be in the way.

use scim_bridge::sandbox::seed;

use super::{account, address, ask, bridge, by_hand, create, state};
use crate::harness::{Bridge, person};

/// What is in Cloudmore before ann comes.
const STATES: [&str; 6] = [
    "nobody",
    "the name",
    "the address",
    "both",
    "two with the address",
    "one with the name and another with the address",
];

/// What becomes of ann: the line of the table says it for refuse, link and hold by name, then by address.
fn expected(adopt: &str, by: &str, state: &str) -> &'static str {
    let found = match (by, state) {
        (_, "nobody") | ("name", "the address" | "two with the address") => return "created",
        ("email", "two with the address" | "one with the name and another with the address") => {
            return "conflict";
        }
        _ => adopt,
    };
    match found {
        "link" => "linked",
        "hold" => "held",
        _ => "conflict",
    }
}

fn prepare(bridge: &Bridge, state: &str) -> Vec<String> {
    let accounts: &[(&str, &str)] = match state {
        "the name" => &[("Ann", "else")],
        "the address" => &[("a.nn", "Ann")],
        "both" => &[("ann", "ann")],
        "two with the address" => &[("a.nn", "ann"), ("an.n", "ANN")],
        "one with the name and another with the address" => &[("ann", "else"), ("a.nn", "ann")],
        _ => &[],
    };
    accounts
        .iter()
        .map(|(name, email)| by_hand(bridge, name, email))
        .collect()
}

#[tokio::test]
async fn every_way_to_adopt_does_what_it_says_with_every_account_that_may_be_in_the_way() {
    for adopt in ["refuse", "link", "hold"] {
        for by in ["name", "email"] {
            for there in STATES {
                let case = format!("adopt {adopt} by {by}, there is {there}");
                let bridge = bridge(&format!("adopt = \"{adopt}\"\nadopt_by = \"{by}\"")).await;
                let ids = prepare(&bridge, there);
                let before = bridge.sandbox.snapshot();
                let expected = expected(adopt, by, there);
                match expected {
                    "conflict" => {
                        let error = bridge.post("/Users", person("ann"), 409).await;
                        let words = error["detail"].as_str().unwrap();
                        for id in &ids {
                            let world = bridge.sandbox.snapshot();
                            let named = world.people().find(|person| person.id == *id).unwrap();
                            let counts = expected == "conflict"
                                && (by == "email"
                                    || named.name().eq_ignore_ascii_case(&address("ann")));
                            assert!(!counts || words.contains(named.name()), "{case}: {words}");
                        }
                        assert_eq!(bridge.sandbox.snapshot(), before, "{case}");
                    }
                    "held" => {
                        let ann = create(&bridge, "ann").await;
                        let (state, words) = state(&bridge, &ann).await;
                        assert_eq!(state, "held", "{case}");
                        assert!(words.contains(&ids[0]), "{case}: {words}");
                        assert_eq!(bridge.sandbox.snapshot(), before, "{case}");
                        assert_eq!(
                            ask(&bridge, "held").await["users"][0]["account"]["id"],
                            ids[0]
                        );
                    }
                    "linked" => {
                        let ann = create(&bridge, "ann").await;
                        assert_eq!(account(&bridge, "ann"), ids[0], "{case}");
                        assert_eq!(bridge.access("ann"), "role 7; ", "{case}");
                        assert_eq!(state(&bridge, &ann).await.0, "synced", "{case}");
                    }
                    _ => {
                        create(&bridge, "ann").await;
                        assert!(!ids.contains(&account(&bridge, "ann")), "{case}");
                        assert_eq!(bridge.access("ann"), "role 7; ", "{case}");
                    }
                }
                if expected != "linked" {
                    let world = bridge.sandbox.snapshot();
                    for id in &ids {
                        let stranger = world.people().find(|person| person.id == *id).unwrap();
                        assert_eq!(stranger.role_id(), Some(seed::VIEW_ONLY), "{case}");
                    }
                }
            }
        }
    }
}
