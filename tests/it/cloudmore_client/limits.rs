//! Limits: so many requests at once, so many a second, and settings that make sense.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use scim_bridge::cloudmore::{Client, Settings, SettingsError};
use tokio::sync::Barrier;

use super::script::{Cloudmore, Reply, settings};
use super::{rows, unavailable, user};

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
    assert!(unavailable(&failure) && !failure.ambiguous, "{failure}");
    assert_eq!(cloudmore.lines().len(), 1);
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
