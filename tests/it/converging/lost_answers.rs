//! Calls whose answer is lost, before or after they had their effect: nothing appears twice, nothing of a leaver is
//! left, and nothing is missing, whatever the directory says meanwhile.

use scim_bridge::sandbox::FaultAction::{self, DropAfterEffect, DropBeforeEffect};
use scim_bridge::sandbox::switches::{
    AssignTwice, CreatedId, DeleteAssigned, Duplicate, KeyCase, ListRows, Lists, Names, Put,
    PutReply, RoleIds, UnassignMissing, UnknownFields,
};
use scim_bridge::sandbox::{FaultRule, Switches};

use super::cloudmore::{calls, fault};
use super::story::Deed::{
    Create, Deactivate, Delete, Divorce, JoinFinance, JoinSales, LeaveFinance, Marry, Reactivate,
};
use super::story::{Deed, Story};
use crate::harness::Setup;

/// Each call that a deed makes goes wrong in turn, once and several times in a row, and then the directory says each of
/// `then` (or nothing more) before or after the bridge came to try again.
async fn survives(before: &[Deed], deed: Deed, then: &[Deed]) {
    let mut story = Story::begin(Setup::default(), &[]).await;
    story.next("clean", before).await;
    story.does(deed).await;
    let calls = u32::try_from(calls(&story.bridge).len()).unwrap();
    let mut number = 0;
    let mut case = async |action: &FaultAction, skip, times, then: Option<Deed>| {
        println!("{deed:?}: {action:?} {times} times after {skip} calls, then {then:?}");
        number += 1;
        story.next(&format!("p{number}"), before).await;
        let rule = fault(action.clone()).skip(skip).times(times);
        story.bridge.faults([rule]);
        story.does(deed).await;
        if let Some(then) = then {
            story.bridge.faults([]);
            story.does(then).await;
        }
        story.converges().await;
        story.bridge.faults([]);
    };
    for action in [DropAfterEffect, DropBeforeEffect] {
        for skip in 0..calls {
            for times in [1, 3] {
                case(&action, skip, times, None).await;
            }
            for then in then {
                case(&action, skip, 1, Some(*then)).await;
            }
        }
    }
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_makes_one_account_or_none() {
    survives(&[], Create, &[Marry, Deactivate, Delete, JoinFinance]).await;
}

#[tokio::test]
async fn an_assign_or_a_role_whose_answer_is_lost_is_given_once_or_taken_back() {
    let then = [LeaveFinance, Marry, Deactivate, Delete];
    survives(&[Create], JoinFinance, &then).await;
}

#[tokio::test]
async fn an_unassign_or_a_role_whose_answer_is_lost_is_taken_away_or_given_again() {
    let before = [Create, JoinFinance];
    survives(&before, LeaveFinance, &[JoinFinance, Deactivate, Delete]).await;
}

#[tokio::test]
async fn a_delete_whose_answer_is_lost_leaves_nothing_or_all_is_made_again() {
    let before = [Create, JoinFinance];
    survives(&before, Deactivate, &[Reactivate, Delete]).await;
    survives(&before, Delete, &[Create]).await;
}

#[tokio::test]
async fn an_update_whose_answer_is_lost_is_written_or_written_back() {
    survives(&[Create], Marry, &[Divorce, JoinFinance, Deactivate]).await;
}

/// A whole life in which the first write of each deed loses its answer, with a restart in the middle.
#[tokio::test]
async fn a_whole_life_survives_lost_answers_however_cloudmore_answers_the_open_questions() {
    let usual = Switches::default;
    let answers = [
        Switches {
            created_id: CreatedId::BodyString,
            put: Put::Keeps,
            ..usual()
        },
        Switches {
            created_id: CreatedId::BodyObject,
            put_reply: PutReply::Body,
            ..usual()
        },
        Switches {
            created_id: CreatedId::Neither,
            lists: Lists::Items,
            ..usual()
        },
        Switches {
            lists: Lists::Results,
            list_rows: ListRows::Full,
            ..usual()
        },
        Switches {
            delete_assigned: DeleteAssigned::Refuses,
            assign_twice: AssignTwice::Conflict,
            ..usual()
        },
        Switches {
            unassign_missing: UnassignMissing::NoContent,
            assign_twice: AssignTwice::Succeeds,
            ..usual()
        },
        Switches {
            role_ids: RoleIds::String,
            key_case: KeyCase::Pascal,
            ..usual()
        },
        Switches {
            unknown_fields: UnknownFields::Dropped,
            duplicate: Duplicate::Empty,
            ..usual()
        },
        Switches {
            names: Names::UniqueInList,
            duplicate: Duplicate::Conflict,
            ..usual()
        },
    ];
    for switches in answers {
        println!("{switches:?}");
        let setup = Setup {
            switches,
            ..Setup::default()
        };
        let mut story = Story::begin(setup, &[]).await;
        let first = [Create, JoinFinance, JoinSales, Marry, LeaveFinance];
        let second = [JoinFinance, Deactivate, Reactivate, LeaveFinance, Delete];
        for deeds in [first, second] {
            for deed in deeds {
                let writes = ["POST", "PUT", "DELETE"];
                let lost = |method| FaultRule::new(DropAfterEffect).on(method, "/api/").times(1);
                story.bridge.faults(writes.map(lost));
                story.does(deed).await;
                story.converges().await;
            }
            story = story.restart().await;
        }
    }
}
