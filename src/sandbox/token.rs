//! The token endpoint and the tokens it gave (`reference/cloudmore-api.md`, section 1).

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::reply::{Answer, Payload};
use super::switches::{ClientAuth, Switches, TokenErrors, TokenForm};
use super::world::{ApiAccount, World};
use super::{base64, form};

/// The client id, the same for every customer.
const CLIENT_ID: &str = "ro.customer.client";

/// Tokens that are good.
#[derive(Default)]
pub(super) struct Tokens {
    given: HashMap<String, Token>,
    count: u64,
}

struct Token {
    reseller: String,
    account: String,
    /// `None` is never.
    expires: Option<Instant>,
    /// `None` is without limit.
    calls_left: Option<u32>,
}

impl Tokens {
    /// The reseller whose data the token opens, and one call less on the token's account.
    pub(super) fn admit(&mut self, world: &World, authorization: Option<&str>) -> Option<String> {
        let (scheme, token) = authorization?.split_once(' ')?;
        let token = self.given.get_mut(token)?;
        let expired = token.expires.is_some_and(|end| Instant::now() >= end);
        if !scheme.eq_ignore_ascii_case("Bearer")
            || expired
            || !may_use_api(world, &token.reseller, &token.account)
        {
            return None;
        }
        if let Some(left) = &mut token.calls_left {
            *left = left.checked_sub(1)?;
        }
        Some(token.reseller.clone())
    }

    pub(super) fn forget(&mut self) {
        self.given.clear();
    }

    /// Answers `POST /connect/token`.
    pub(super) fn grant(
        &mut self,
        world: &World,
        switches: &Switches,
        form: &[(String, String)],
        authorization: Option<&str>,
    ) -> Answer {
        match self.check(world, switches, form, authorization) {
            Ok((reseller, account)) => self.issue(switches, reseller, &account.username),
            Err(error) => {
                let status = match switches.token_errors {
                    TokenErrors::BadRequest => StatusCode::BAD_REQUEST,
                    TokenErrors::Unauthorized => StatusCode::UNAUTHORIZED,
                };
                Answer::new(
                    status,
                    Payload::Verbatim(json!({ "error": error })),
                    format!("refuses a token: {error}"),
                )
            }
        }
    }

    fn check<'w>(
        &self,
        world: &'w World,
        switches: &Switches,
        form: &[(String, String)],
        authorization: Option<&str>,
    ) -> Result<(&'w str, &'w ApiAccount), &'static str> {
        let field = |name: &str| {
            form.iter()
                .find(|(key, _)| key == name)
                .map_or("", |(_, value)| value.as_str())
        };
        if field("grant_type") != "password" {
            return Err("unsupported_grant_type");
        }
        let in_form =
            (field("client_id") == CLIENT_ID).then(|| vec![field("client_secret").to_owned()]);
        let in_header = authorization.and_then(basic_secrets);
        let secrets = match switches.client_auth {
            ClientAuth::Both => in_header.or(in_form),
            ClientAuth::Basic => in_header,
            ClientAuth::Form => in_form,
        }
        .unwrap_or_default();
        let known: Vec<(&str, &ApiAccount)> = world
            .resellers
            .iter()
            .flat_map(|reseller| {
                let accounts = reseller.api_accounts.iter();
                accounts.map(|account| (reseller.id.as_str(), account))
            })
            .filter(|(_, account)| secrets.contains(&account.client_secret))
            .collect();
        if known.is_empty() {
            return Err("invalid_client");
        }
        if field("scope") != "api" {
            return Err("invalid_scope");
        }
        known
            .into_iter()
            .find(|(reseller, account)| {
                account.username.eq_ignore_ascii_case(field("username"))
                    && account.password == field("password")
                    && may_use_api(world, reseller, &account.username)
            })
            .ok_or("invalid_grant")
    }

    /// A token, in the form of a JWT with the claims that were seen unless the switch says otherwise. Nobody signs it.
    fn issue(&mut self, switches: &Switches, reseller: &str, account: &str) -> Answer {
        self.count += 1;
        let lifetime = Duration::from_secs(switches.token_lifetime_seconds);
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let mut claims = json!({
            "nbf": now,
            "exp": now.saturating_add(switches.token_lifetime_seconds),
            "client_id": CLIENT_ID,
            "name": account,
            "ParentId": reseller,
            "scope": ["api"],
            "amr": ["password"],
            "jti": self.count,
        });
        let without_parent = switches.token_form == TokenForm::WithoutParent;
        if let Some(claims) = claims.as_object_mut().filter(|_| without_parent) {
            claims.remove("ParentId");
        }
        let header = json!({ "alg": "none", "typ": "JWT" });
        let token = match switches.token_form {
            TokenForm::Opaque => format!("opaque{now}n{}", self.count),
            TokenForm::WithParent | TokenForm::WithoutParent => {
                [header, claims]
                    .map(|part| base64::encode_for_token(part.to_string().as_bytes()))
                    .join(".")
                    + "."
            }
        };
        let answer = json!({
            "access_token": token,
            "expires_in": switches.token_lifetime_seconds,
            "token_type": "Bearer",
            "scope": "api",
        });
        self.given.insert(
            token,
            Token {
                reseller: reseller.to_owned(),
                account: account.to_owned(),
                expires: Instant::now().checked_add(lifetime),
                calls_left: switches.token_calls,
            },
        );
        Answer::new(
            StatusCode::OK,
            Payload::Verbatim(answer),
            format!("issues a token to {account}"),
        )
    }
}

/// An API account works while it is an administrator with REST access.
fn may_use_api(world: &World, reseller: &str, account: &str) -> bool {
    world
        .reseller(reseller)
        .into_iter()
        .flat_map(|reseller| &reseller.administrators)
        .any(|person| {
            person.name().eq_ignore_ascii_case(account)
                && person.fields.get("allowRestApiAccess") == Some(&Value::Bool(true))
        })
}

/// The secret of a Basic header, as it stands and percent-decoded: which of the two Cloudmore wants is not known.
fn basic_secrets(authorization: &str) -> Option<Vec<String>> {
    let (scheme, encoded) = authorization.split_once(' ')?;
    let text = String::from_utf8(base64::decode(encoded)?).ok()?;
    let (id, secret) = text.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("Basic") || id != CLIENT_ID {
        return None;
    }
    let decoded = form::pairs(&format!("secret={secret}"));
    let decoded = decoded.into_iter().map(|(_, value)| value);
    Some(std::iter::once(secret.to_owned()).chain(decoded).collect())
}
