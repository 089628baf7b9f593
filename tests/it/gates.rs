//! What stands before the doors: certificates, proxies, networks, rates, and the patience with wrong credentials.

mod attempts;
mod certificates;
mod networks;
mod passwords;
mod rates;

use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder};
use scim_bridge::auth;

use crate::harness::{Bridge, Setup, mappings};

/// A bridge with further lines of its server's section, and with further lines about the tenant `acme`.
async fn bridge(server: impl Into<String>, tenant: &'static str) -> Bridge {
    Bridge::with(Setup {
        server: server.into().leak(),
        tenant,
        ..Setup::default()
    })
    .await
}

/// A bridge whose tenant `acme` has one more credential.
async fn bridge_that_takes(server: String, credential: String) -> Bridge {
    Bridge::with(Setup {
        server: server.leak(),
        mappings: Some(credential + &mappings()),
        ..Setup::default()
    })
    .await
}

/// A section for one more token.
fn token_section(token: &str) -> String {
    let sha256 = auth::hex(&auth::digest(token));
    format!("[[tenant.token]]\nsha256 = \"{sha256}\"\n")
}

/// A client that calls from another address of this machine.
fn from(number: u8) -> Client {
    let address = [127, 0, 0, number].into();
    Client::builder()
        .local_address(Some(address))
        .build()
        .unwrap()
}

/// What a caller can tell one answer from another by.
async fn seen(request: RequestBuilder) -> (u16, HeaderMap, String) {
    let response = request.send().await.unwrap();
    let mut headers = response.headers().clone();
    assert!(headers.remove("x-correlation-id").is_some());
    headers.remove("date");
    let status = response.status().as_u16();
    (status, headers, response.text().await.unwrap())
}

async fn status(request: RequestBuilder) -> u16 {
    seen(request).await.0
}
