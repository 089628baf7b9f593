//! Services, subscriptions, and who is assigned to them.

use scim_bridge::cloudmore::{FailureKind, Seat, Subscription};
use serde_json::json;

use super::script::{Cloudmore, Reply};
use super::{mail, user};

const SEATS: &str = "/api/resellers/res/organizations/org/services/svc/subscriptions/sub/users";

fn seats(users: &[&str]) -> Reply {
    Reply::json(
        200,
        users
            .iter()
            .map(|user| json!({ "id": "seat", "userId": user }))
            .collect(),
    )
}

#[tokio::test]
async fn seats_are_read_with_their_external_user_id() {
    let list = json!([{ "userId": "u-1", "externalUserId": "x-1" }, { "USERID": 2, "externalUserId": null }]);
    let cloudmore = Cloudmore::new([Reply::json(200, list)]).await;
    let listing = cloudmore.organization().seats(&mail()).await.unwrap();
    let seat = |id, external: Option<&str>| Seat {
        user: user(id),
        external_user_id: external.map(str::to_owned),
    };
    assert_eq!(
        listing.into_vec(),
        [seat("u-1", Some("x-1")), seat("2", None)]
    );
    assert_eq!(cloudmore.lines(), [format!("GET {SEATS}")]);
}

#[tokio::test]
async fn a_seat_that_does_not_name_its_user_makes_the_list_incomplete() {
    let cloudmore = Cloudmore::new([Reply::json(200, json!([{ "id": "seat" }]))]).await;
    let failure = cloudmore.organization().seats(&mail()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Incomplete);
    assert!(failure.words.contains("userId"), "{failure}");
}

#[tokio::test]
async fn an_assignment_is_exactly_one_post() {
    let cloudmore = Cloudmore::new([
        Reply::text(201, ""),
        Reply::Cut(200, "x".to_owned()),
        Reply::Drop,
    ])
    .await;
    let target = cloudmore.organization();
    target
        .assign(&mail(), &user("u-1"), Some("x-1"))
        .await
        .unwrap();
    target.assign(&mail(), &user("u-2"), None).await.unwrap();
    let failure = target
        .assign(&mail(), &user("u-3"), None)
        .await
        .unwrap_err();
    assert!(failure.ambiguous);
    let bodies: Vec<_> = cloudmore
        .seen()
        .iter()
        .map(super::script::Seen::json)
        .collect();
    assert_eq!(
        bodies,
        [
            json!({ "userId": "u-1", "externalUserId": "x-1" }),
            json!({ "userId": "u-2" }),
            json!({ "userId": "u-3" })
        ]
    );
    assert!(
        cloudmore
            .lines()
            .iter()
            .all(|line| *line == format!("POST {SEATS}"))
    );
}

#[tokio::test]
async fn an_external_user_id_is_set_and_cleared_by_put_on_the_list() {
    let cloudmore = Cloudmore::new([Reply::text(204, ""), Reply::text(204, "")]).await;
    let target = cloudmore.organization();
    target
        .set_external_user_id(&mail(), &user("u-1"), Some("x-2"))
        .await
        .unwrap();
    target
        .set_external_user_id(&mail(), &user("u-1"), None)
        .await
        .unwrap();
    assert_eq!(cloudmore.lines()[0], format!("PUT {SEATS}"));
    assert_eq!(
        cloudmore.seen()[0].json(),
        json!({ "userId": "u-1", "externalUserId": "x-2" })
    );
    assert_eq!(
        cloudmore.seen()[1].json(),
        json!({ "userId": "u-1", "externalUserId": null })
    );
}

#[tokio::test]
async fn unassigning_who_is_not_there_succeeds_only_when_the_seats_say_so() {
    let ended_as = |replies: Vec<Reply>| async {
        let cloudmore = Cloudmore::new(replies).await;
        let outcome = cloudmore
            .organization()
            .unassign(&mail(), &user("u-1"))
            .await;
        assert_eq!(cloudmore.lines()[0], format!("DELETE {SEATS}/u-1"));
        outcome.map_err(|failure| failure.kind)
    };
    let missing = || Reply::text(404, "");
    let done = || Reply::text(204, "");
    assert_eq!(ended_as(vec![done(), seats(&["u-2"])]).await, Ok(()));
    // Cloudmore says yes, and the assignment is still there.
    assert_eq!(
        ended_as(vec![done(), seats(&["u-1"])]).await,
        Err(FailureKind::Refused)
    );
    assert_eq!(ended_as(vec![missing(), seats(&["u-2"])]).await, Ok(()));
    assert_eq!(
        ended_as(vec![missing(), seats(&["U-1"])]).await,
        Err(FailureKind::Incomplete)
    );
    assert_eq!(
        ended_as(vec![missing(), Reply::json(200, json!([{ "id": "u-2" }]))]).await,
        Err(FailureKind::Incomplete)
    );
    assert_eq!(
        ended_as(vec![missing(), missing()]).await,
        Err(FailureKind::NotFound)
    );
}

#[tokio::test]
async fn subscriptions_say_what_they_are_called_and_whether_they_are_cancelled() {
    let list = json!([
        { "id": "a", "name": "Mail", "quantity": 5, "status": "Active" },
        { "subscriptionId": "b", "productName": "Calls", "quantity": "2", "status": "Cancelled" },
        { "id": 3, "status": "Canceled" },
        { "id": "d", "status": "Pending" },
        { "id": "e" }
    ]);
    let cloudmore = Cloudmore::new([Reply::json(200, list)]).await;
    let listing = cloudmore.organization().subscriptions("svc").await.unwrap();
    let subscription = |id: &str, name: &str, quantity, cancelled| Subscription {
        id: id.to_owned(),
        name: name.to_owned(),
        quantity,
        cancelled,
    };
    assert_eq!(
        listing.into_vec(),
        [
            subscription("a", "Mail", Some(5), Some(false)),
            subscription("b", "Calls", Some(2), Some(true)),
            subscription("3", "", None, Some(true)),
            subscription("d", "", None, None),
            subscription("e", "", None, None),
        ]
    );
    assert_eq!(
        cloudmore.lines(),
        ["GET /api/resellers/res/organizations/org/services/svc/subscriptions"]
    );
}

#[tokio::test]
async fn a_broker_has_no_subscriptions_and_nothing_is_sent() {
    let cloudmore = Cloudmore::new([]).await;
    let broker = cloudmore.broker();
    assert_eq!(
        broker.services().await.unwrap_err().kind,
        FailureKind::Refused
    );
    assert_eq!(
        broker.seats(&mail()).await.unwrap_err().kind,
        FailureKind::Refused
    );
    assert_eq!(
        broker
            .assign(&mail(), &user("u-1"), None)
            .await
            .unwrap_err()
            .kind,
        FailureKind::Refused
    );
    assert!(cloudmore.lines().is_empty());
}
