//! Sessions: how they begin, how long they last, and everything that ends them.

use std::time::Duration;

use scim_bridge::domain::administrator::Role;
use sqlx::{AnyConnection, Connection};

use super::visitor::Visitor;
use super::{SESSION, bridge, setup};
use crate::harness::operator::token_of;
use crate::harness::stores;
use crate::harness::{Bridge, Setup};

const MINUTE: Duration = Duration::from_secs(60);

async fn is_in(visitor: &Visitor) -> bool {
    let answer = visitor.get("/admin").await;
    assert!([200, 303].contains(&answer.status), "{}", answer.status);
    answer.status == 200
}

/// Signs out by the page's own form.
async fn sign_out(visitor: &Visitor, more: &[(&str, &str)]) {
    let form_token = visitor.get("/admin").await.field("form_token");
    let mut fields = vec![("form_token", form_token.as_str())];
    fields.extend(more);
    assert_eq!(visitor.post("/admin/sign-out", &fields).await.status, 303);
}

#[tokio::test]
async fn a_wrong_token_begins_none() {
    let bridge = bridge("").await;
    let visitor = Visitor::of(&bridge);
    for wrong in ["", "scimb_wrong", crate::harness::TOKEN] {
        let answer = visitor.sign_in(wrong).await;
        assert_eq!((answer.status, answer.cookies()), (401, vec![]), "{wrong}");
        assert!(
            answer.body.contains("wrong, or has expired"),
            "{}",
            answer.body
        );
        assert!(wrong.is_empty() || !answer.body.contains(wrong));
    }
    assert!(!is_in(&visitor).await);
}

#[tokio::test]
async fn an_id_that_somebody_put_there_is_never_taken_over() {
    let bridge = bridge("").await;
    let visitor = Visitor::of(&bridge);
    let planted = "0".repeat(64);
    visitor.set_cookie(SESSION, &planted);
    let attacker = visitor.copy();
    visitor.sign_in(&token_of(Role::Admin)).await;
    assert_ne!(visitor.cookie(SESSION).unwrap(), planted);
    assert!(is_in(&visitor).await && !is_in(&attacker).await);

    // Whoever signs in again has another id, and the one before is nobody's any more.
    let before = visitor.copy();
    visitor.sign_in(&token_of(Role::Viewer)).await;
    assert!(is_in(&visitor).await && !is_in(&before).await);
}

#[tokio::test]
async fn a_session_ends_half_an_hour_after_its_last_request() {
    let bridge = bridge("").await;
    let visitor = Visitor::of(&bridge);
    visitor.sign_in(&token_of(Role::Viewer)).await;
    for _ in 0..5 {
        bridge.advance(29 * MINUTE);
        assert!(is_in(&visitor).await);
    }
    bridge.advance(30 * MINUTE);
    assert!(!is_in(&visitor).await);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_whatever_happens_in_it() {
    let bridge = bridge("").await;
    let visitor = Visitor::of(&bridge);
    visitor.sign_in(&token_of(Role::Viewer)).await;
    for _ in 0..(12 * 60 / 20 - 1) {
        bridge.advance(20 * MINUTE);
        assert!(is_in(&visitor).await);
    }
    bridge.advance(20 * MINUTE - Duration::from_secs(1));
    assert!(is_in(&visitor).await);
    bridge.advance(Duration::from_secs(1));
    assert!(!is_in(&visitor).await);
}

#[tokio::test]
async fn signing_out_ends_the_session_itself_and_everywhere_all_of_the_same_bearer() {
    let bridge = bridge("").await;
    let [one, two, three, other] = std::array::from_fn(|_| Visitor::of(&bridge));
    for visitor in [&one, &two, &three] {
        visitor.sign_in(&token_of(Role::Viewer)).await;
    }
    other.sign_in(&token_of(Role::Admin)).await;

    let kept = one.copy();
    sign_out(&one, &[]).await;
    assert!(!is_in(&one).await && !is_in(&kept).await);
    assert!(is_in(&two).await && is_in(&three).await);
    sign_out(&two, &[("everywhere", "1")]).await;
    assert!(!is_in(&two).await && !is_in(&three).await);
    assert!(is_in(&other).await);
}

#[tokio::test]
async fn a_token_that_is_taken_out_of_the_configuration_takes_its_sessions_along() {
    let bridge = bridge("").await;
    let (visitor, other) = (Visitor::of(&bridge), Visitor::of(&bridge));
    visitor.sign_in(&token_of(Role::Operator)).await;
    other.sign_in(&token_of(Role::Viewer)).await;
    assert!(visitor.get("/admin").await.body.contains("(operator)"));

    // The role is that of now.
    let mut config = bridge.config();
    for token in &mut config.admin.as_mut().unwrap().tokens {
        token.role = Role::Viewer;
    }
    bridge.app.configure(config).await.unwrap();
    assert!(visitor.get("/admin").await.body.contains("(viewer)"));

    let mut config = bridge.config();
    let tokens = &mut config.admin.as_mut().unwrap().tokens;
    tokens.retain(|token| token.role != Role::Operator);
    bridge.app.configure(config).await.unwrap();
    assert!(!is_in(&visitor).await && is_in(&other).await);
    // The session is over, not asleep.
    bridge.reload().await;
    assert!(!is_in(&visitor).await && is_in(&other).await);

    let mut config = bridge.config();
    for token in &mut config.admin.as_mut().unwrap().tokens {
        token.expires = Some(0);
    }
    bridge.app.configure(config).await.unwrap();
    assert!(!is_in(&other).await);
}

#[tokio::test]
async fn sessions_outlast_restarts_and_the_store_has_no_id_of_one() {
    let bridge = bridge("").await;
    let visitor = Visitor::of(&bridge);
    visitor.sign_in(&token_of(Role::Viewer)).await;
    let id = visitor.cookie(SESSION).unwrap();
    let bridge = bridge.restart().await;
    let again = Visitor::of(&bridge);
    again.set_cookie(SESSION, &id);
    assert!(is_in(&again).await);

    sqlx::any::install_default_drivers();
    let url = stores::url(bridge.folder());
    let mut store = AnyConnection::connect(&url).await.unwrap();
    let kept = "select id || ' ' || bearer || ' ' || proof from console_session";
    let kept: Vec<String> = sqlx::query_scalar(kept)
        .fetch_all(&mut store)
        .await
        .unwrap();
    assert_eq!(kept.len(), 1);
    let secret = token_of(Role::Viewer);
    assert!(
        !kept[0].contains(&id) && !kept[0].contains(&secret),
        "{kept:?}"
    );
}

#[tokio::test]
async fn every_replica_knows_who_is_signed_in_and_who_is_no_more() {
    let postgres = Setup {
        postgres: true,
        ..setup("")
    };
    let bridge = Bridge::with(postgres).await;
    let replica = bridge.replica().await;
    let visitor = Visitor::of(&bridge);
    visitor.sign_in(&token_of(Role::Viewer)).await;
    let there = Visitor::at(&format!("http://{}", replica.addr()));
    there.set_cookie(SESSION, &visitor.cookie(SESSION).unwrap());
    assert!(is_in(&there).await);
    sign_out(&there, &[]).await;
    assert!(!is_in(&visitor).await);
}
