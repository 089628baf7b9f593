//! The verdict on Cloudmore when the faults are over: as the directory says, in time, and without help if it is about
//! access that somebody is to lose.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use scim_bridge::sandbox::Sandbox;

use super::bridges::Bridges;
use super::cloudmore::{accounts, impossible};
use super::work::{Client, rest};

/// A claim lasts a minute after a kill, and whoever is to lose access is tried every two minutes at least.
const URGENT: Duration = Duration::from_secs(190);

/// For those who were looked at again.
const NUDGED: Duration = Duration::from_secs(100);

const STATE: &str = "urn:ietf:params:scim:schemas:extension:cloudmore:2.0:User";

/// What somebody should have and has.
type Difference = (String, Option<String>, Option<String>);

/// Waits until everybody has what the directory says. What is wrong with it, if it does not come to that.
pub async fn of_time(bridges: &Bridges, sandbox: &Sandbox, clients: [&Client; 2]) -> Vec<String> {
    let mut wrong = Vec::new();
    let left = wait(sandbox, clients, URGENT).await;
    if !left.is_empty() {
        for difference in &left {
            println!("late: {difference:?}");
            if !waits_for_more(difference, clients).await {
                wrong.push(format!("lost: {difference:?}"));
            }
        }
        // Grants that failed often wait for up to an hour, unless something new makes the bridge look.
        bridges.look_again();
        wrong.extend(
            wait(sandbox, clients, NUDGED)
                .await
                .iter()
                .map(|one| format!("{one:?}")),
        );
    }
    // What is not at its end may still change something.
    let begun = Instant::now();
    while !are_synced(clients).await {
        if begun.elapsed() > NUDGED {
            wrong.push("the bridge does not come to an end".to_owned());
            break;
        }
    }
    wrong.extend(
        differences(sandbox, clients)
            .iter()
            .map(|one| format!("in the end: {one:?}")),
    );
    wrong.extend(impossible(&sandbox.snapshot()));
    wrong
}

async fn wait(sandbox: &Sandbox, clients: [&Client; 2], limit: Duration) -> Vec<Difference> {
    let begun = Instant::now();
    loop {
        let left = differences(sandbox, clients);
        if left.is_empty() || begun.elapsed() > limit {
            return left;
        }
        rest().await;
    }
}

fn differences(sandbox: &Sandbox, clients: [&Client; 2]) -> Vec<Difference> {
    let people = clients.into_iter().flat_map(Client::people);
    let wanted = people.filter_map(|(person, _)| Some((person.mark.clone(), person.account()?)));
    let wanted: BTreeMap<String, String> = wanted.collect();
    let is = accounts(&sandbox.snapshot());
    let marks: BTreeSet<&String> = wanted.keys().chain(is.keys()).collect();
    let each = marks.into_iter().map(|mark| {
        let (wanted, is) = (wanted.get(mark).cloned(), is.get(mark).cloned());
        (mark.clone(), wanted, is)
    });
    each.filter(|(_, wanted, is)| wanted != is).collect()
}

/// Whether somebody is to have an account and the bridge knows that it is not as it should be.
async fn waits_for_more((mark, wanted, _): &Difference, clients: [&Client; 2]) -> bool {
    if wanted.is_none() {
        return false;
    }
    for client in clients {
        for (person, id) in client.people() {
            if person.mark == *mark {
                let path = format!(
                    "/Users/{}?attributes={STATE}:syncState",
                    id.unwrap_or_default()
                );
                let user = client.to.get(&path).await.unwrap_or_default();
                return user[STATE]["syncState"] == "pending";
            }
        }
    }
    false
}

async fn are_synced(clients: [&Client; 2]) -> bool {
    for client in clients {
        let path = format!("/Users?attributes={STATE}:syncState&");
        let users = client.to.all(&path).await.unwrap_or_default();
        if !users
            .iter()
            .all(|user| user[STATE]["syncState"] == "synced")
        {
            return false;
        }
    }
    true
}
