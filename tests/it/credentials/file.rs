//! Credentials of the configuration, and tenants that have none there.

use std::time::Duration;

use super::{as_bearer, bridge, opens, refused};
use crate::harness::SPARE_SECRET;

#[tokio::test]
async fn a_token_of_the_file_ends_when_it_says() {
    let digest = scim_bridge::auth::hex(&scim_bridge::auth::digest(SPARE_SECRET));
    let lines = format!("[[tenant.token]]\nsha256 = \"{digest}\"\nexpires_at = \"2026-01-02\"\n");
    let bridge = bridge(&lines).await;
    bridge.advance(Duration::from_secs(24 * 60 * 60 - 1));
    opens(&bridge, as_bearer, ("", SPARE_SECRET)).await;
    bridge.advance(Duration::from_secs(1));
    refused(&bridge, "acme", as_bearer, ("", SPARE_SECRET)).await;
}
