//! Invariant 1: random histories with random faults, kills and restarts end, once the faults stop, as the directory says.
//! A history that fails prints its seed; `HISTORY=seed` runs that one alone, `HISTORIES=count` as many.

use std::time::Duration;

use scim_bridge::sandbox::FaultAction::{
    DropAfterEffect, DropBeforeEffect, ExpireToken, Hold, HoldAfterEffect,
};
use scim_bridge::sandbox::switches::{
    CreatedId, DeleteAssigned, Lists, Names, Put, UnassignMissing,
};
use scim_bridge::sandbox::{FaultRule, Faults, Switches};

use super::cloudmore::{api_calls, fault, status, until};
use super::story::Deed::{
    Create, Deactivate, Delete, Divorce, JoinFinance, JoinSales, LeaveFinance, LeaveSales, Marry,
    Reactivate,
};
use super::story::{Deed, HOUR, Story, Wish};
use crate::harness::Setup;

const HISTORIES: u64 = 40;
const DEEDS: u64 = 25;
const PEOPLE: usize = 4;

/// One of the people whom a story is about in turn.
struct Actor {
    name: String,
    id: String,
    wish: Wish,
}

/// The splitmix64 generator.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        let at = self.below(choices.len() as u64);
        choices[usize::try_from(at).unwrap()].clone()
    }

    fn setup(&mut self) -> Setup {
        let switches = Switches {
            created_id: self.one_of(&[
                CreatedId::Location,
                CreatedId::BodyObject,
                CreatedId::Neither,
            ]),
            lists: self.one_of(&[Lists::Bare, Lists::Items]),
            put: self.one_of(&[Put::Clears, Put::Keeps]),
            names: self.one_of(&[Names::UniqueEverywhere, Names::UniqueInList]),
            delete_assigned: self.one_of(&[DeleteAssigned::Cascades, DeleteAssigned::Refuses]),
            unassign_missing: self.one_of(&[UnassignMissing::NotFound, UnassignMissing::NoContent]),
            ..Switches::default()
        };
        let tenant = self.one_of(&["on_outage = \"queue\"", "on_outage = \"fail\""]);
        Setup {
            tenant,
            switches,
            ..Setup::default()
        }
    }

    /// Something that the directory can do to somebody of whom it says this.
    fn deed(&mut self, wish: &Wish) -> Deed {
        if !wish.there {
            return Create;
        }
        let toggle = |on: bool, off_deed, on_deed| if on { off_deed } else { on_deed };
        let deeds = [
            toggle(wish.finance, LeaveFinance, JoinFinance),
            toggle(wish.finance, LeaveFinance, JoinFinance),
            toggle(wish.sales, LeaveSales, JoinSales),
            toggle(wish.married, Divorce, Marry),
            toggle(wish.active, Deactivate, Reactivate),
            toggle(wish.active, Deactivate, Reactivate),
            Delete,
        ];
        self.one_of(&deeds)
    }

    fn faults(&mut self) -> Faults {
        let actions = [
            DropAfterEffect,
            DropBeforeEffect,
            ExpireToken,
            status(500),
            status(503),
            status(429),
        ];
        let rules = (0..self.below(3)).map(|_| {
            let rule = fault(self.one_of(&actions)).percent(self.one_of(&[20, 50, 100]));
            rule.skip(u32::try_from(self.below(3)).unwrap())
        });
        Faults {
            rules: rules.collect(),
            seed: self.below(1000),
        }
    }
}

fn takes_away(deed: Deed) -> bool {
    matches!(deed, LeaveFinance | LeaveSales | Deactivate | Delete)
}

/// Does a deed whatever Cloudmore makes of it, and holds the answer against what the directory says after it.
async fn tries(story: &mut Story, deed: Deed) {
    let (answer, _) = story.tries(deed).await;
    assert!(
        answer < 300 || answer == 503,
        "{deed:?} was answered with {answer}"
    );
    if answer < 300 || takes_away(deed) {
        story.wish = story.wish.after(deed);
    }
    remembers(story).await;
}

async fn remembers(story: &mut Story) {
    assert_eq!(
        story.remembered().await,
        story.wish,
        "{} as the directory says",
        story.name
    );
    story.look_up().await;
}

/// Does a deed and kills the bridge at one of the calls that it makes, if it makes so many.
async fn dies(mut story: Story, deed: Deed, chance: &mut Chance) -> Story {
    let skip = u32::try_from(chance.below(4)).unwrap();
    let kill = chance.one_of(&[vec![Hold, DropBeforeEffect], vec![HoldAfterEffect]]);
    let rules: Vec<FaultRule> = kill
        .into_iter()
        .map(|action| fault(action).skip(skip))
        .collect();
    story.bridge.sandbox.set_faults(Faults { rules, seed: 0 });
    let answer = story.begins(deed);
    let called = || {
        api_calls(&story.bridge)
            .iter()
            .any(|call| call.note == "under way")
    };
    until(|| answer.is_finished() || called()).await;
    story = story
        .crash(|sandbox| sandbox.set_faults(Faults::default()))
        .await;
    let answer = answer.await.unwrap();
    let remembered = story.remembered().await;
    let after = story.wish.after(deed);
    let stands = answer.is_none_or(|status| status < 300) || takes_away(deed);
    let expected = if stands { after } else { story.wish.clone() };
    assert_eq!(remembered, expected);
    story.wish = remembered;
    remembers(&mut story).await;
    story
}

async fn history(seed: u64) {
    let chance = &mut Chance(seed);
    let mut story = Story::begin(chance.setup(), &[]).await;
    let mut actors = Vec::new();
    for number in 0..PEOPLE {
        let name = format!("p{number}");
        story.next(&name, &[]).await;
        let (id, wish) = Default::default();
        actors.push(Actor { name, id, wish });
    }
    for _ in 0..DEEDS {
        let actor = usize::try_from(chance.below(PEOPLE as u64)).unwrap();
        swap(&mut story, &mut actors[actor]);
        let deed = chance.deed(&story.wish);
        story.bridge.sandbox.set_faults(chance.faults());
        println!("{} {deed:?}", story.name);
        match chance.below(12) {
            0 => story = dies(story, deed, chance).await,
            1 => {
                tries(&mut story, deed).await;
                story = story.restart().await;
            }
            _ => tries(&mut story, deed).await,
        }
        if chance.below(3) == 0 {
            let minutes = chance.one_of(&[1, 10, 100]);
            story.bridge.pass(Duration::from_secs(60 * minutes)).await;
        }
        swap(&mut story, &mut actors[actor]);
    }
    story.bridge.sandbox.set_faults(Faults::default());
    for _ in 0..5 {
        story.bridge.pass(HOUR).await;
    }
    for actor in &mut actors {
        swap(&mut story, actor);
        remembers(&mut story).await;
        story.is_as_wanted();
        swap(&mut story, actor);
    }
    story.bridge.calls();
    assert_eq!(
        story.bridge.pass(24 * HOUR).await,
        0,
        "nothing is left to do"
    );
    assert_eq!(story.bridge.calls(), [""; 0]);
}

fn swap(story: &mut Story, actor: &mut Actor) {
    std::mem::swap(&mut story.name, &mut actor.name);
    std::mem::swap(&mut story.id, &mut actor.id);
    std::mem::swap(&mut story.wish, &mut actor.wish);
}

#[tokio::test]
async fn random_histories_end_as_the_directory_says() {
    let number = |name| {
        std::env::var(name)
            .ok()
            .map(|text: String| text.parse().unwrap())
    };
    let seeds = match number("HISTORY") {
        Some(seed) => seed..seed + 1,
        None => 0..number("HISTORIES").unwrap_or(HISTORIES),
    };
    for seed in seeds {
        println!("HISTORY={seed}");
        history(seed).await;
    }
}
