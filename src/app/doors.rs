//! The doors of the tenants, made of the configuration.

use std::sync::Arc;

use anyhow::Context as _;
use tracing::info;

use crate::auth::{Credentials, Doors, Issuer, Minting, Trust};
use crate::config::{self, Config};
use crate::domain::credential::Credential;
use crate::domain::gate::Gate;
use crate::domain::model::TenantId;
use crate::provision::Clock;
use crate::store::Store;

/// Doors to which the credentials have yet to be given. They make access tokens if there is a key to seal keys with.
pub(super) fn closed(
    config: &Config,
    store: Arc<Store>,
    clock: &Clock,
    public_url: &str,
) -> anyhow::Result<Doors> {
    let time = clock.clone();
    let doors = Doors::new(store, move || time.now());
    let doors = doors.context("the client for the keys of issuers cannot start")?;
    let Some(encryption_key) = config.store.encryption_key.clone() else {
        info!("There is no token endpoint: [store] has no encryption_key");
        return Ok(doors);
    };
    let minting = doors.minting(Minting {
        encryption_key,
        base: public_url.to_owned(),
        lifetime: config.oauth.token_lifetime,
        rotation: config.oauth.key_rotation,
    });
    minting.context("the encryption key of the store cannot be used")
}

/// What opens a tenant by the configuration.
pub(super) fn credentials(
    tenant: &TenantId,
    (kept, jwts, gate): (Vec<Credential>, Vec<config::Jwt>, Gate),
) -> Credentials {
    let trust = |(at, jwt): (usize, config::Jwt)| Trust {
        issuer: Issuer {
            name: jwt.issuer,
            keys: jwt.keys,
            key_hosts: jwt.key_hosts,
        },
        audience: jwt.audience,
        algorithms: jwt.algorithms,
        required_claims: jwt.required_claims,
        label: jwt
            .label
            .unwrap_or_else(|| format!("jwt {} of {tenant}", at + 1)),
        authority: jwt.authority,
    };
    Credentials {
        kept,
        trusts: jwts.into_iter().enumerate().map(trust).collect(),
        gate,
    }
}
