//! A code for an id token (RFC 6749, section 4.1.3): the bridge asks the issuer itself, so that nobody else can answer.

use reqwest::Client;
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::refusal::{OidcRefusal, code};
use super::{Endpoints, OidcSettings, Trouble};
use crate::auth::issuer::answer;

/// What a code is redeemed with.
pub(super) struct Redemption<'a> {
    pub(super) code: &'a str,
    pub(super) verifier: &'a str,
    pub(super) redirect: &'a str,
}

#[derive(Deserialize)]
struct Granted {
    id_token: String,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

/// The id token that the issuer gives for a code.
pub(super) async fn redeem(
    http: &Client,
    endpoints: &Endpoints,
    settings: &OidcSettings,
    redemption: &Redemption<'_>,
) -> Result<String, OidcRefusal> {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", redemption.code),
        ("redirect_uri", redemption.redirect),
        ("code_verifier", redemption.verifier),
    ];
    let secret = settings.client_secret.as_ref();
    let secret = secret.map(ExposeSecret::expose_secret);
    let mut request = http.post(endpoints.token.clone());
    match secret {
        // Where both ways are open, this one, because the other has its parts encoded twice and issuers differ in that.
        Some(secret) if endpoints.takes_secret_in_form => {
            form.extend([
                ("client_id", settings.client_id.as_str()),
                ("client_secret", secret),
            ]);
        }
        Some(secret) => {
            let encoded =
                |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            request = request.basic_auth(encoded(&settings.client_id), Some(encoded(secret)));
        }
        None => form.push(("client_id", &settings.client_id)),
    }
    let (status, body) = answer(request.form(&form)).await?;
    if status.is_success() {
        let granted: Result<Granted, _> = serde_json::from_slice(&body);
        return Ok(granted.map_err(|_| Trouble::Unreadable)?.id_token);
    }
    let refused: Option<Refused> = serde_json::from_slice(&body).ok();
    Err(match refused {
        Some(refused) => Trouble::Refused(status, code(&refused.error)).into(),
        None => Trouble::Status(status).into(),
    })
}
