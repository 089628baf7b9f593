//! Credentials of tenants: making them, and taking them back. A secret is shown in the answer that makes it, and never again.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Operator, Problem, Told};
use crate::auth::{digest, new_name, new_token};
use crate::domain::credential::{Authority, Kind};
use crate::http::Http;
use crate::provision::{CredentialState, NewCredential};

/// How long a credential and the one that follows it count together, if nothing else is said: a week, in seconds.
const OVERLAP: u64 = 7 * 24 * 60 * 60;

/// Longest that a credential may be made for, in seconds; a hundred years.
const LONGEST: u64 = 100 * 366 * 24 * 60 * 60;

/// Longest label, in characters.
const LABEL: usize = 200;

/// All of a tenant.
#[derive(Serialize)]
pub(super) struct All {
    credentials: Vec<CredentialState>,
}

/// A credential to be made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Create {
    label: String,
    #[serde(default = "bearer")]
    kind: Kind,
    #[serde(default = "full")]
    authority: Authority,
    /// In seconds; for ever if not given.
    lifetime: Option<u64>,
}

/// A credential to be followed by another.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotate {
    /// In seconds.
    overlap: Option<u64>,
}

/// A credential that was made, with its secret.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Made {
    secret: String,
    credential: CredentialState,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<CredentialState>,
    /// What the identity provider is given besides.
    address: String,
    /// Where an OAuth client gets its access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_address: Option<String>,
}

/// `GET …/credentials`.
pub(super) async fn list(
    operator: Operator,
    State(http): State<Http>,
) -> Result<Told<All>, Problem> {
    let credentials = http.bridge.credentials(&operator.context.tenant.id);
    Ok(Told(All {
        credentials: credentials.await?,
    }))
}

/// `POST …/credentials`.
pub(super) async fn create(
    operator: Operator,
    State(http): State<Http>,
    body: Bytes,
) -> Result<Told<Made>, Problem> {
    let create: Create = read(
        &body,
        "{\"label\": \"…\"}, if you like with \"kind\", \"authority\" and \"lifetime\" in seconds",
    )?;
    let label = create.label.trim();
    if label.is_empty() || label.chars().count() > LABEL || label.chars().any(char::is_control) {
        let words = format!("\"label\" must have 1 to {LABEL} characters on one line.");
        return Err(Problem::new(StatusCode::BAD_REQUEST, words));
    }
    if create.kind == Kind::Client && !http.doors.grants_tokens() {
        let words = "This bridge makes no access tokens. Add encryption_key to [store] of its configuration.";
        return Err(Problem::new(StatusCode::CONFLICT, words));
    }
    let tenant = &operator.context.tenant.id;
    let secret = new_token().map_err(no_randomness)?;
    let name = match create.kind {
        Kind::Bearer => None,
        Kind::Basic | Kind::Client => Some(new_name(tenant).map_err(no_randomness)?),
    };
    let new = NewCredential {
        kind: create.kind,
        name,
        sha256: digest(&secret),
        label: label.to_owned(),
        authority: create.authority,
        lifetime: create
            .lifetime
            .map(|seconds| within("lifetime", seconds))
            .transpose()?,
    };
    let credential = http.bridge.add_credential(&operator.context, new).await?;
    Ok(Told(made(&http, &operator, secret, credential, None)))
}

/// `POST …/credentials/{id}/rotate`.
pub(super) async fn rotate(
    operator: Operator,
    State(http): State<Http>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Told<Made>, Problem> {
    let rotate: Rotate = match &*body {
        [] => Rotate::default(),
        body => read(body, "nothing, or {\"overlap\": …} in seconds")?,
    };
    let overlap = within("overlap", rotate.overlap.unwrap_or(OVERLAP))?;
    let secret = new_token().map_err(no_randomness)?;
    let rotated = http
        .bridge
        .rotate_credential(&operator.context, &id, digest(&secret), overlap)
        .await?
        .ok_or_else(|| {
            let words = format!(
                "The tenant has no credential \"{id}\" that counts. scim-bridge token list says which there are."
            );
            Problem::new(StatusCode::NOT_FOUND, words)
        })?;
    let (credential, before) = (rotated.credential, Some(rotated.before));
    Ok(Told(made(&http, &operator, secret, credential, before)))
}

/// `POST …/credentials/{id}/revoke`. To revoke what is revoked already changes nothing.
pub(super) async fn revoke(
    operator: Operator,
    State(http): State<Http>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Told<CredentialState>, Problem> {
    let revoked = http.bridge.revoke_credential(&operator.context, &id);
    revoked.await?.map(Told).ok_or_else(|| {
        let words = format!(
            "The tenant has no credential \"{id}\". scim-bridge token list says which there are. Those of the \
             configuration are taken out there."
        );
        Problem::new(StatusCode::NOT_FOUND, words)
    })
}

fn made(
    http: &Http,
    operator: &Operator,
    secret: String,
    credential: CredentialState,
    before: Option<CredentialState>,
) -> Made {
    let (base, tenant) = (&http.public_url, &operator.context.tenant.id);
    let is_client = credential.kind == Kind::Client;
    Made {
        secret,
        address: format!("{base}/scim/{tenant}/v2"),
        token_address: is_client.then(|| format!("{base}/oauth/{tenant}/token")),
        credential,
        before,
    }
}

fn read<T: DeserializeOwned>(body: &[u8], form: &str) -> Result<T, Problem> {
    serde_json::from_slice(body)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, format!("Send {form}: {error}")))
}

fn within(what: &str, seconds: u64) -> Result<Duration, Problem> {
    if seconds <= LONGEST {
        return Ok(Duration::from_secs(seconds));
    }
    let words = format!("\"{what}\" must be {LONGEST} seconds at most.");
    Err(Problem::new(StatusCode::BAD_REQUEST, words))
}

fn no_randomness(error: impl std::fmt::Display) -> Problem {
    tracing::error!(error = %error, "No secret can be made");
    let words = "The machine has no randomness to give. Try again.";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, words)
}

fn bearer() -> Kind {
    Kind::Bearer
}

fn full() -> Authority {
    Authority::Full
}
