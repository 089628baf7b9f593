//! The last check before a write is sent: whoever had to wait until their right to write was over does not write.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::poll_immediate;
use scim_bridge::cloudmore::{Failure, FailureKind, Settings};
use scim_bridge::domain::model::Lock;
use tokio::sync::Barrier;

use super::script::{Cloudmore, Reply};
use super::{ROLE, ada, ada_detail, rows, user};

const END: i64 = 30_000_000;
const HALF_A_MINUTE: Duration = Duration::from_secs(30);

fn not_sent(failure: &Failure) {
    assert_eq!(failure.kind, FailureKind::Unsent, "{failure}");
    assert!(failure.retryable() && !failure.ambiguous && !failure.was_tried());
    assert!(failure.words.contains("wait"), "{failure}");
}

#[tokio::test]
async fn a_write_that_waited_too_long_for_its_turn_is_not_sent() {
    let narrow = |settings: &mut Settings| settings.concurrency = 1;
    let barrier = Arc::new(Barrier::new(2));
    let cloudmore = Cloudmore::with([Reply::Meet(Arc::clone(&barrier))], [], narrow).await;
    let (before, target) = (cloudmore.broker(), cloudmore.organization().until(END));
    let held = before.people();
    tokio::pin!(held);
    while cloudmore.lines().is_empty() {
        assert!(poll_immediate(&mut held).await.is_none());
        tokio::task::yield_now().await;
    }
    let id = user("u-1");
    let leaver = target.delete(&id);
    tokio::pin!(leaver);
    assert!(poll_immediate(&mut leaver).await.is_none());
    cloudmore.pass(HALF_A_MINUTE);
    let (_, held, outcome) = futures_util::join!(barrier.wait(), held, leaver);
    held.unwrap();
    not_sent(&outcome.unwrap_err());
    assert_eq!(cloudmore.lines().len(), 1);
}

#[tokio::test]
async fn a_write_that_waited_too_long_for_its_token_is_not_sent() {
    let barrier = Arc::new(Barrier::new(2));
    let token = Reply::MeetThen(Arc::clone(&barrier), Box::new(token()));
    let cloudmore = Cloudmore::with([], [token], |_| {}).await;
    let target = cloudmore.organization().until(END);
    let profile = ada();
    let joiner = target.create(&profile, ROLE, None);
    tokio::pin!(joiner);
    while cloudmore.tokens_seen().is_empty() {
        assert!(poll_immediate(&mut joiner).await.is_none());
        tokio::task::yield_now().await;
    }
    cloudmore.pass(HALF_A_MINUTE);
    let (_, outcome) = futures_util::join!(barrier.wait(), joiner);
    not_sent(&outcome.unwrap_err());
    assert!(cloudmore.lines().is_empty());
}

#[tokio::test]
async fn the_later_writes_of_an_operation_are_checked_as_well() {
    let barrier = Arc::new(Barrier::new(2));
    let refused = Reply::json(400, serde_json::json!({ "title": ["is not valid"] }));
    let replies = [
        Reply::json(200, ada_detail()),
        Reply::MeetThen(Arc::clone(&barrier), Box::new(refused)),
    ];
    let cloudmore = Cloudmore::new(replies).await;
    let target = cloudmore.organization().until(END);
    let (id, lock) = (user("u-1"), Lock::Flag("isActive".to_owned()));
    let locked = target.lock(&id, &lock);
    tokio::pin!(locked);
    while cloudmore.lines().len() < 2 {
        assert!(poll_immediate(&mut locked).await.is_none());
        tokio::task::yield_now().await;
    }
    cloudmore.pass(HALF_A_MINUTE);
    let (_, outcome) = futures_util::join!(barrier.wait(), locked);
    not_sent(&outcome.unwrap_err());
    assert_eq!(cloudmore.lines().len(), 2, "the second PUT is not sent");
}

#[tokio::test]
async fn reads_and_writes_in_time_go_on() {
    let cloudmore = Cloudmore::new([rows(&[]), Reply::text(204, ""), rows(&[])]).await;
    let target = cloudmore.organization().until(END);
    cloudmore.pass(HALF_A_MINUTE);
    target.people().await.unwrap();
    let target = target.until(END + 1);
    target
        .assign(&super::mail(), &user("u-1"), None)
        .await
        .unwrap();
    assert_eq!(cloudmore.lines().len(), 2);
}

fn token() -> Reply {
    Reply::json(
        200,
        serde_json::json!({ "access_token": "token", "expires_in": 86_400 }),
    )
}
