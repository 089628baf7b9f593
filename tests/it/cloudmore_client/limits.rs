//! Limits: so many requests at once, so many a second, and settings that make sense.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, join_all, poll_immediate, select};
use futures_util::stream::FuturesUnordered;
use scim_bridge::cloudmore::{Client, FailureKind, Settings, SettingsError};
use tokio::sync::Barrier;

use super::script::{Cloudmore, Reply, settings};
use super::{rows, user};

#[tokio::test]
async fn as_many_requests_as_allowed_are_under_way_at_once_and_no_more() {
    let barrier = Arc::new(Barrier::new(3));
    let meet = (0..12).map(|_| Reply::Meet(Arc::clone(&barrier)));
    let cloudmore = Cloudmore::with(meet, [], |settings| settings.concurrency = 3).await;
    let target = cloudmore.organization();
    for outcome in join_all((0..12).map(|_| target.people())).await {
        outcome.unwrap();
    }
    assert_eq!(cloudmore.peak(), 3);
}

#[tokio::test]
async fn a_request_beyond_the_rate_fails_unsent_when_its_turn_comes_too_late() {
    let slow = |settings: &mut Settings| {
        settings.requests_per_second = 1;
        settings.call_timeout = Duration::from_millis(400);
    };
    let cloudmore = Cloudmore::with([rows(&[]), Reply::text(204, "")], [], slow).await;
    let target = cloudmore.organization();
    target.people().await.unwrap();
    let failure = target.delete(&user("u-1")).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unsent);
    assert!(!failure.ambiguous && !failure.was_tried(), "{failure}");
    assert_eq!(cloudmore.lines().len(), 1);
}

/// The order in which Cloudmore is asked: `o` is the organization with many calls, `b` the other target.
fn order(cloudmore: &Cloudmore) -> String {
    let letter = |line: String| {
        if line.contains("/ResellerAdministrators") {
            'b'
        } else {
            'o'
        }
    };
    cloudmore.lines().into_iter().map(letter).collect()
}

#[tokio::test]
async fn targets_take_turns_however_many_calls_one_of_them_has_waiting() {
    let narrow = |settings: &mut Settings| settings.concurrency = 2;
    let cloudmore = Cloudmore::with((0..10_003).map(|_| rows(&[])), [], narrow).await;
    let (many, other) = (cloudmore.organization(), cloudmore.broker());
    let mut crowd = (0..10_000)
        .map(|_| many.people())
        .collect::<FuturesUnordered<_>>();
    assert!(
        poll_immediate(crowd.next()).await.is_none(),
        "all of them wait by now"
    );
    let single = async {
        for _ in 0..3 {
            other.people().await.unwrap();
        }
    };
    tokio::pin!(single);
    while let Either::Left((outcome, _)) = select(crowd.next(), &mut single).await {
        outcome.unwrap().unwrap();
    }
    let seen = order(&cloudmore);
    let before = seen.chars().filter(|target| *target == 'o').count();
    assert!(
        before <= 12,
        "{before} calls of the other came first: {seen}"
    );
}

#[tokio::test]
async fn who_goes_away_gives_up_the_place_in_the_queue() {
    let narrow = |settings: &mut Settings| settings.concurrency = 1;
    let barrier = Arc::new(Barrier::new(2));
    let replies = [Reply::Meet(Arc::clone(&barrier)), rows(&[])];
    let cloudmore = Cloudmore::with(replies, [], narrow).await;
    let (one, other) = (cloudmore.organization(), cloudmore.broker());
    let held = one.people();
    tokio::pin!(held);
    while cloudmore.lines().is_empty() {
        assert!(poll_immediate(&mut held).await.is_none());
        tokio::task::yield_now().await;
    }
    // One who waits for a place, one who waits in the lane behind, and one of the other target; the first two go away.
    {
        let (first, second) = (one.people(), one.people());
        tokio::pin!(first, second);
        assert!(poll_immediate(&mut first).await.is_none());
        assert!(poll_immediate(&mut second).await.is_none());
    }
    let (held, last, _) = futures_util::join!(held, other.people(), barrier.wait());
    held.unwrap();
    last.unwrap();
    assert_eq!(order(&cloudmore), "ob");
}

#[test]
fn settings_that_cannot_work_are_refused() {
    for address in [
        "",
        "api.cloudmore.com",
        "ftp://api.cloudmore.com",
        "http://a/?b",
        "http://a/#b",
        "http://me:pw@a/",
    ] {
        let error = Client::new(settings(address), || 0).unwrap_err();
        assert!(matches!(error, SettingsError::BaseUrl(_)), "{address}");
        assert!(!error.to_string().contains("pw"));
    }
    let mut nobody = settings("http://127.0.0.1/");
    nobody.username = " ".to_owned();
    assert!(matches!(
        Client::new(nobody, || 0),
        Err(SettingsError::Empty("username"))
    ));
    let mut still = settings("http://127.0.0.1/");
    still.concurrency = 0;
    assert!(matches!(
        Client::new(still, || 0),
        Err(SettingsError::Zero("concurrency"))
    ));
}

#[tokio::test]
async fn a_path_in_the_base_address_is_kept() {
    let below = |settings: &mut Settings| settings.base_url += "/gateway/";
    let token = Reply::json(200, serde_json::json!({ "access_token": "t" }));
    let cloudmore = Cloudmore::with([token, rows(&[])], [], below).await;
    cloudmore.broker().people().await.unwrap();
    assert_eq!(
        cloudmore.lines(),
        [
            "POST /gateway/connect/token",
            "GET /gateway/api/resellers/res/ResellerAdministrators"
        ]
    );
}
