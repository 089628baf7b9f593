//! What each change costs: the calls that it needs (design, section 3), a look at a subscription before somebody who may be
//! assigned already is assigned, and a look at everything that access hangs on after it was changed.

use serde_json::json;

use super::cloudmore::calls;
use super::story::Deed::{
    Create, Deactivate, Delete, JoinFinance, JoinSales, LeaveFinance, LeaveSales, Marry, Reactivate,
};
use super::story::{Deed, Story};
use crate::harness::{Setup, person};

async fn costs(before: &[Deed], deed: Deed, expected: &[&str]) {
    let mut story = Story::begin(Setup::default(), before).await;
    story.does(deed).await;
    story.is_as_wanted();
    assert_eq!(calls(&story.bridge), expected, "{deed:?} after {before:?}");
    assert_eq!(
        story.bridge.work().await,
        0,
        "nothing is left to do after {deed:?}"
    );
    assert_eq!(
        calls(&story.bridge),
        [""; 0],
        "the worker has nothing to do after {deed:?}"
    );
}

#[tokio::test]
async fn a_joiner_costs_one_call_for_the_account_and_for_each_assignment_one_and_a_look() {
    costs(&[], Create, &["POST Users"]).await;
    // The last look is the first one since the start at what became of an external user id.
    let one_seat = ["GET Team plan", "POST Team plan", "GET Team plan"];
    costs(&[Create], JoinSales, &one_seat).await;
    let role_and_two_seats = [
        "GET Users/ID",
        "PUT Users/ID",
        "GET Users/ID",
        "GET Team plan",
        "GET Pro seats",
        "POST Team plan",
        "GET Team plan",
        "POST Pro seats",
    ];
    costs(&[Create], JoinFinance, &role_and_two_seats).await;
}

#[tokio::test]
async fn a_mover_costs_only_the_difference() {
    let role_and_second_seat = [
        "GET Users/ID",
        "PUT Users/ID",
        "GET Users/ID",
        "GET Pro seats",
        "POST Pro seats",
    ];
    costs(&[Create, JoinSales], JoinFinance, &role_and_second_seat).await;
    costs(&[Create, JoinFinance], JoinSales, &[]).await;
    let to_sales = [
        "DELETE Pro seats",
        "GET Pro seats",
        "GET Users/ID",
        "PUT Users/ID",
        "GET Users/ID",
    ];
    costs(&[Create, JoinFinance, JoinSales], LeaveFinance, &to_sales).await;
    let one_seat = ["DELETE Team plan", "GET Team plan"];
    costs(&[Create, JoinSales], LeaveSales, &one_seat).await;
    costs(&[Create], Marry, &["GET Users/ID", "PUT Users/ID"]).await;
}

#[tokio::test]
async fn a_leaver_costs_one_call_and_a_look_for_each_seat_and_for_the_account() {
    let seats = [
        "DELETE Team plan",
        "GET Team plan",
        "DELETE Pro seats",
        "GET Pro seats",
    ];
    let gone = ["DELETE Users/ID", "GET Users/ID"];
    // What a person entered is read before, for the day on which the user is active again.
    let kept = ["GET Users/ID", "DELETE Users/ID", "GET Users/ID"];
    let all = [&seats[..], &kept].concat();
    costs(&[Create, JoinFinance], Deactivate, &all).await;
    let all = [&seats[..], &gone].concat();
    costs(&[Create, JoinFinance], Delete, &all).await;
    costs(&[Create], Deactivate, &kept).await;
    costs(&[Create, JoinFinance, Deactivate], Delete, &[]).await;
    let all_again = ["POST Users", "POST Team plan", "POST Pro seats"];
    costs(&[Create, JoinFinance, Deactivate], Reactivate, &all_again).await;
}

#[tokio::test]
async fn a_change_that_cloudmore_need_not_know_costs_no_call() {
    let story = Story::begin(Setup::default(), &[Create, JoinFinance]).await;
    let bridge = &story.bridge;
    let user = format!("/Users/{}", story.id);
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let changes = [
        json!([{"op": "Add", "path": "nickName", "value": "Annie"}]),
        json!([{"op": "Add", "path": format!("{enterprise}:department"), "value": "Sales"}]),
        json!([{"op": "Replace", "path": "active", "value": "True"}]),
        json!([{"op": "Replace", "path": "displayName", "value": "ann Example"}]),
    ];
    for change in changes {
        bridge.patch(&user, change.clone(), 200).await;
        assert_eq!(calls(bridge), [""; 0], "{change}");
    }
    let own = bridge.get(&user, 200).await;
    bridge.put(&user, own, 200).await;
    assert_eq!(calls(bridge), [""; 0], "a PUT of one's own GET");
    let walkers = bridge.group("Walkers").await;
    bridge.join(&walkers, &story.id).await;
    bridge.leave(&walkers, &story.id).await;
    assert_eq!(
        calls(bridge),
        [""; 0],
        "membership in a group that is not mapped"
    );
    let rename = json!([{"op": "Replace", "path": "displayName", "value": "Money"}]);
    bridge
        .patch(&format!("/Groups/{}", story.finance), rename, 204)
        .await;
    assert_eq!(calls(bridge), [""; 0], "the rename of a group");
    bridge.join(&story.finance, &story.id).await;
    assert_eq!(calls(bridge), [""; 0], "a member who is one already");
    bridge.post("/Users", person("ann"), 409).await;
    assert_eq!(calls(bridge), [""; 0], "a user who is there already");
    story.is_as_wanted();
}
