//! `[[broker]]`: a Cloudmore reseller and its API account.

use secrecy::SecretString;

use super::reader::At;
use super::{secret, values, wire};
use crate::cloudmore::Wire;

/// A Cloudmore reseller and its API account; several tenants may share one.
#[derive(Clone, Debug)]
pub struct Broker {
    /// The name tenants refer to it by.
    pub id: String,
    /// Where Cloudmore's API is, without a slash at its end: https, or http on this machine.
    pub base_url: String,
    /// Cloudmore's id of the reseller.
    pub reseller_id: String,
    /// Login of the API account, which the bridge never touches.
    pub username: String,
    /// Password of the API account.
    pub password: SecretString,
    /// The "API secret" that Cloudmore issues along with API access.
    pub client_secret: SecretString,
    /// How the client secret travels to the token endpoint.
    pub client_auth: ClientAuth,
    /// How many calls may begin in a second.
    pub requests_per_second: u32,
    /// How many calls may be under way at once.
    pub concurrency: u32,
    /// What Cloudmore calls its fields.
    pub wire: Wire,
}

/// How the client secret travels to the token endpoint (`reference/cloudmore-api.md`, section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// As a field of the form.
    Form,
    /// In an `Authorization: Basic` header.
    Basic,
}

/// The kind of claim under which brokers' ids are found.
pub(super) const BROKER_ID: &str = "broker id";

pub(super) fn read(at: &At<'_>) -> Option<Broker> {
    at.table(|broker| {
        let id = broker.required("id", "a name of your choice: `id = \"northwind\"`", |at| {
            let id = at.text()?;
            at.claim(BROKER_ID, id.to_owned(), "give every broker its own");
            at.parsed(values::name)
        });
        let base_url = broker.required(
            "base_url",
            "`base_url = \"https://api.cloudmore.com\"`",
            |at| at.parsed(base_url),
        );
        let reseller_id = broker.required(
            "reseller_id",
            "the id that Cloudmore issued with API access: `reseller_id = \"…\"`",
            At::text,
        );
        if let (Some(base_url), Some(reseller_id)) = (&base_url, reseller_id) {
            let reseller = format!("{base_url} {}", reseller_id.to_lowercase());
            at.claim(
                "reseller",
                reseller,
                "tenants can share a broker, remove one of the two",
            );
        }
        let username = broker.required(
            "username",
            "the API account's login: `username = \"…\"`",
            At::text,
        );
        let password = broker.required("password", "`password = { env = \"NAME\" }`", secret::read);
        let client_secret = broker.required(
            "client_secret",
            "Cloudmore's API secret: `client_secret = { env = \"NAME\" }`",
            secret::read,
        );
        let client_auth = broker.or("client_auth", ClientAuth::Form, |at| {
            at.choice(&[("form", ClientAuth::Form), ("basic", ClientAuth::Basic)])
        });
        let requests_per_second = broker.or("requests_per_second", 10, |at| at.integer(1..=1000));
        let concurrency = broker.or("concurrency", 4, |at| at.integer(1..=256));
        let wire = broker.or("field", Wire::default(), |fields| {
            wire::read(fields, &at.key)
        });
        Some(Broker {
            id: id?,
            base_url: base_url?,
            reseller_id: reseller_id?.to_owned(),
            username: username?.to_owned(),
            password: password?,
            client_secret: client_secret?,
            client_auth: client_auth?,
            requests_per_second: requests_per_second?,
            concurrency: concurrency?,
            wire: wire?,
        })
    })
}

/// Secrets travel to this address, hence https, except to this machine itself.
fn base_url(text: &str) -> Result<String, String> {
    if !values::is_guarded(&values::web_address(text)?) {
        return Err("must begin with https://, for secrets are sent there".to_owned());
    }
    Ok(text.to_owned())
}
