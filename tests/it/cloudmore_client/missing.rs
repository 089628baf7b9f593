//! Somebody who is not there: Cloudmore may say so in several ways, and the list has to bear it out.

use scim_bridge::cloudmore::FailureKind;
use serde_json::json;

use super::script::{Cloudmore, Reply};
use super::{ROLE, ada, ada_detail, rows, user};

/// The ways in which a read may say that there is nobody.
fn nobody() -> [Reply; 4] {
    [
        Reply::text(404, ""),
        Reply::json(
            400,
            json!([{"errorCode": 5, "errorMessage": "The user does not exist."}]),
        ),
        Reply::text(200, "null"),
        Reply::text(200, ""),
    ]
}

#[tokio::test]
async fn who_is_neither_shown_nor_listed_is_not_there() {
    for reply in nobody() {
        let cloudmore = Cloudmore::new([reply, rows(&["u-2"])]).await;
        let person = cloudmore.organization().person(&user("u-1")).await;
        assert_eq!(person, Ok(None));
    }
}

#[tokio::test]
async fn who_is_listed_or_may_be_is_never_taken_for_missing() {
    for list in [
        || rows(&["U-1"]),
        || Reply::text(500, ""),
        || Reply::text(404, ""),
        || Reply::json(200, json!({"items": [], "totalCount": 3})),
        || Reply::json(206, json!([])),
    ] {
        for reply in nobody() {
            let cloudmore = Cloudmore::new([reply, list()]).await;
            let target = cloudmore.organization();
            assert!(target.person(&user("u-1")).await.is_err());
        }
        for reply in nobody() {
            let cloudmore = Cloudmore::new([reply, list()]).await;
            let target = cloudmore.organization();
            let updated = target.update(&user("u-1"), &ada(), ROLE, None).await;
            assert!(updated.is_err());
        }
    }
}

#[tokio::test]
async fn other_refusals_say_nothing_about_who_is_there() {
    for status in [401, 403, 405, 409, 422, 429, 500, 503] {
        let replies = [Reply::text(status, ""), Reply::text(status, "")];
        let cloudmore = Cloudmore::new(replies).await;
        let person = cloudmore.organization().person(&user("u-1")).await;
        assert_eq!(person.unwrap_err().status, Some(status));
    }
}

#[tokio::test]
async fn a_deletion_that_is_refused_because_nobody_is_there_is_done() {
    for reply in nobody() {
        let refused = Reply::text(400, "");
        let cloudmore = Cloudmore::new([refused, reply, rows(&["u-2"])]).await;
        let deleted = cloudmore.organization().delete(&user("u-1")).await;
        assert_eq!(deleted, Ok(()));
    }
}

#[tokio::test]
async fn a_deletion_that_is_refused_is_no_deletion_while_the_account_may_be_there() {
    let shown = || Reply::json(200, ada_detail());
    for look in [shown(), Reply::text(500, ""), Reply::text(400, "")] {
        let refused = Reply::json(400, json!({"message": "Not now."}));
        let none = Reply::json(200, json!([]));
        let cloudmore = Cloudmore::new([refused, look, none]).await;
        let deleted = cloudmore.broker().delete(&user("u-1")).await;
        let Err(failure) = deleted else {
            // Neither shown nor listed.
            assert_eq!(cloudmore.lines().len(), 3);
            continue;
        };
        assert_eq!(failure.kind, FailureKind::Refused);
        assert_eq!(failure.words, "Not now.");
    }
}
