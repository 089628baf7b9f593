//! Credentials and several bridges on one PostgreSQL.

use reqwest::Method;
use serde_json::json;

use super::{Made, admin, tell};
use crate::harness::operator::admin_section;
use crate::harness::{Bridge, Process, Setup, expect};

async fn status_at(bridge: &Bridge, replica: &Process, secret: &str) -> u16 {
    let url = format!("http://{}/scim/acme/v2/Users?count=0", replica.addr());
    let response = bridge.http.get(url).bearer_auth(secret).send().await;
    response.unwrap().status().as_u16()
}

#[tokio::test]
async fn what_one_replica_makes_and_revokes_the_other_knows_at_once() {
    let setup = Setup {
        server: admin_section().leak(),
        postgres: true,
        ..Setup::default()
    };
    let one = Bridge::with(setup).await;
    let other = one.replica().await;
    for _ in 0..20 {
        let made = Made::bearer(&one).await;
        assert_eq!(status_at(&one, &other, &made.secret).await, 200);
        tell(&one, "acme", &made.id, "revoke").await;
        assert_eq!(status_at(&one, &other, &made.secret).await, 401);
    }
    let made = Made::bearer(&one).await;
    let rotate = format!("tenants/acme/credentials/{}/rotate", made.id);
    let rotate = admin(&one, Method::POST, &rotate).json(&json!({"overlap": 0}));
    let next = Made::read(&expect(rotate, 200).await);
    assert_eq!(status_at(&one, &other, &made.secret).await, 401);
    assert_eq!(status_at(&one, &other, &next.secret).await, 200);
}
