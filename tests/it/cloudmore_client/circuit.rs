//! The circuit breaker at work: calls of one broker that fail at once while its Cloudmore is out, and come back.

use std::time::Duration;

use futures_util::future::join_all;
use scim_bridge::cloudmore::{Failure, Settings, Standing};
use serde_json::json;

use super::script::{Cloudmore, Reply};
use super::{rows, user};

fn times(count: usize, status: u16) -> Vec<Reply> {
    (0..count).map(|_| Reply::text(status, "")).collect()
}

fn open_for(failure: &Failure) -> Option<Duration> {
    failure.retry_after().filter(|_| !failure.was_tried())
}

#[tokio::test]
async fn after_three_outages_calls_fail_at_once_until_a_single_probe_succeeds() {
    let mut replies = times(3, 502);
    replies.extend([rows(&[]), rows(&[]), rows(&[])]);
    let cloudmore = Cloudmore::new(replies).await;
    let (organization, broker) = (cloudmore.organization(), cloudmore.broker());
    for _ in 0..3 {
        assert_eq!(organization.people().await.unwrap_err().status, Some(502));
    }
    // The other target of the same broker is spared as well, and a write may be repeated without a look.
    let failure = broker.delete(&user("u-1")).await.unwrap_err();
    assert!(open_for(&failure).is_some(), "{failure}");
    assert!(
        failure.is_outage() && failure.retryable() && !failure.ambiguous && !failure.was_tried()
    );
    assert!(
        failure.words.contains("1970-01-01T00:00:01Z") && failure.words.contains("502"),
        "{failure}"
    );
    assert_eq!(cloudmore.lines().len(), 3);

    cloudmore.pass(Duration::from_secs(1));
    assert_eq!(broker.standing(), Standing::HalfOpen);
    let outcomes = join_all((0..10).map(|_| organization.people())).await;
    let well = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(
        outcomes
            .iter()
            .filter_map(|outcome| outcome.as_ref().err())
            .all(|failure| open_for(failure).is_some())
    );
    assert_eq!(
        (well, cloudmore.lines().len()),
        (1, 4),
        "one probe and no more"
    );
    organization.people().await.unwrap();
    broker.people().await.unwrap();
}

#[tokio::test]
async fn retry_after_shuts_out_all_of_the_broker_for_exactly_that_long() {
    for (status, asked, counts) in [(429, "300", 300), (503, "120", 120), (429, "86400", 3600)] {
        let busy = Reply::text(status, "").with("Retry-After", asked);
        let cloudmore = Cloudmore::new([busy, rows(&[])]).await;
        let wait = Duration::from_secs(counts);
        cloudmore.organization().people().await.unwrap_err();
        let failure = cloudmore.broker().people().await.unwrap_err();
        assert_eq!(open_for(&failure), Some(wait), "{failure}");
        cloudmore.pass(wait - Duration::from_micros(1));
        let failure = cloudmore.broker().people().await.unwrap_err();
        assert_eq!(open_for(&failure), Some(Duration::from_micros(1)));
        assert_eq!(cloudmore.lines().len(), 1);
        cloudmore.pass(Duration::from_micros(1));
        cloudmore.broker().people().await.unwrap();
    }
}

#[tokio::test]
async fn another_broker_is_not_concerned() {
    let (out, well) = (
        Cloudmore::new(times(3, 503)).await,
        Cloudmore::new([rows(&[])]).await,
    );
    for _ in 0..3 {
        out.organization().people().await.unwrap_err();
    }
    assert!(matches!(out.broker().standing(), Standing::Open(_)));
    assert_eq!(well.broker().standing(), Standing::Closed);
    well.broker().people().await.unwrap();
}

#[tokio::test]
async fn what_opens_the_circuit_and_what_does_not() {
    let throttled = || Reply::text(429, "");
    for (name, replies, tokens, opens) in [
        ("one call to slow down", vec![throttled()], vec![], true),
        (
            "a refused account",
            vec![],
            vec![Reply::json(400, json!({ "error": "invalid_grant" }))],
            true,
        ),
        ("a token that is no use", times(2, 401), vec![], true),
        ("a token server that is down", vec![], times(3, 500), true),
        ("a gateway that is down", times(3, 504), vec![], true),
        (
            "dropped connections",
            vec![Reply::Drop, Reply::Drop, Reply::Drop],
            vec![],
            true,
        ),
        (
            "answers that break off",
            (0..3).map(|_| Reply::Cut(200, "[".into())).collect(),
            vec![],
            true,
        ),
        (
            "outages that a success parts",
            [times(2, 502), vec![rows(&[])], times(2, 502)]
                .into_iter()
                .flatten()
                .collect(),
            vec![],
            false,
        ),
        ("bad values", times(9, 400), vec![], false),
        ("forbidden things", times(9, 403), vec![], false),
        ("missing things", times(9, 404), vec![], false),
        ("names that are taken", times(9, 409), vec![], false),
        ("values that do not fit", times(9, 422), vec![], false),
        ("plain errors", times(9, 500), vec![], false),
        (
            "no JSON",
            (0..9).map(|_| Reply::text(200, "<p>")).collect(),
            vec![],
            false,
        ),
    ] {
        let cloudmore = Cloudmore::with(replies, tokens, |_| {}).await;
        let target = cloudmore.organization();
        let calls = if opens { 3 } else { 5 };
        for _ in 0..calls {
            let _ = target.people().await;
        }
        let is_open = target.standing() != Standing::Closed;
        assert_eq!(is_open, opens, "{name}");
    }
}

#[tokio::test]
async fn calls_that_wait_for_their_turn_are_not_made_once_the_circuit_is_open() {
    let narrow = |settings: &mut Settings| settings.concurrency = 1;
    let cloudmore = Cloudmore::with(times(3, 503), [], narrow).await;
    let target = cloudmore.organization();
    for outcome in join_all((0..50).map(|_| target.people())).await {
        outcome.unwrap_err();
    }
    assert_eq!(cloudmore.lines().len(), 3);
}

#[tokio::test]
async fn a_probe_whose_caller_goes_away_leaves_its_place_to_another() {
    let mut replies = times(3, 503);
    replies.extend([Reply::Silence, rows(&[])]);
    let cloudmore = Cloudmore::new(replies).await;
    let target = cloudmore.organization();
    for _ in 0..3 {
        target.people().await.unwrap_err();
    }
    cloudmore.pass(Duration::from_secs(1));
    {
        let probe = target.people();
        tokio::pin!(probe);
        while cloudmore.lines().len() < 4 {
            assert!(
                futures_util::future::poll_immediate(&mut probe)
                    .await
                    .is_none()
            );
            tokio::task::yield_now().await;
        }
        assert!(open_for(&target.people().await.unwrap_err()).is_some());
    }
    target.people().await.unwrap();
}
