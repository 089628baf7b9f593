//! Signing in with the accounts of an organization: `OpenID` Connect, the authorization code flow with PKCE.
//!
//! A browser is sent to the issuer (`begin`) and comes back with a code, for which the issuer tells the bridge who signed
//! in (`finish`). In between nothing is kept but a cookie (`login`). What is told counts only as far as it is signed, for
//! us, for this sign-in and for now (`identity`).

mod exchange;
mod identity;
mod login;
mod refusal;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use reqwest::Client;
use secrecy::SecretString;
use subtle::ConstantTimeEq;
use tokio::sync::{Mutex, Semaphore};

use super::Proof;
use super::issuer::{self, Endpoints, Issuer, TIMEOUT, Trouble};
use super::keys::Keys;
use super::rates::make_room;
use crate::domain::administrator::Role;

pub use login::{LASTS, Login};
pub use refusal::OidcRefusal;

/// How long the issuer's addresses are used without a look whether they are still those.
const LIFETIME: Duration = Duration::from_hours(1);
/// How long the issuer is left alone after it could not be asked.
const PAUSE: Duration = Duration::from_secs(5);
/// How many codes are redeemed at once, at most: anybody can come with a made-up one.
const MOST: usize = 16;
/// How many sign-ins that came back are remembered, at most.
const MOST_RETURNED: usize = 10_000;

/// What the configuration says of it.
#[derive(Clone, Debug)]
pub struct OidcSettings {
    /// What the claim `iss` says.
    pub issuer: String,
    /// What the issuer calls the bridge.
    pub client_id: String,
    /// What the bridge proves that with, if it has to.
    pub client_secret: Option<SecretString>,
    /// What the bridge asks for.
    pub scopes: Vec<String>,
    /// The claim that says what somebody may do.
    pub role_claim: String,
    /// What its values are good for.
    pub roles: Vec<(String, Role)>,
}

/// The issuer that administrators sign in at.
pub struct Oidc {
    settings: OidcSettings,
    issuer: Issuer,
    keys: Arc<Keys>,
    http: Client,
    asked: Mutex<Option<Asked>>,
    redeeming: Semaphore,
    /// Which sign-ins came back already, so that each of them asks the issuer once.
    returned: std::sync::Mutex<HashMap<String, i64>>,
}

/// What came of asking for the issuer's addresses, and when.
struct Asked {
    at: i64,
    outcome: Result<Arc<Endpoints>, Trouble>,
}

/// What a browser brings back from the issuer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Callback<'a> {
    /// What the bridge gave it to take along.
    pub state: Option<&'a str>,
    /// What the issuer tells for, who signed in.
    pub code: Option<&'a str>,
    /// Why the issuer lets nobody in.
    pub error: Option<&'a str>,
    /// Who the issuer says that it is (RFC 9207).
    pub issuer: Option<&'a str>,
}

impl Oidc {
    /// Asks nobody yet.
    ///
    /// # Errors
    /// When the HTTP client cannot start, for example without any CA certificates.
    pub fn new(settings: OidcSettings) -> reqwest::Result<Self> {
        let http = issuer::client()?;
        let issuer = Issuer {
            name: settings.issuer.clone(),
            keys: None,
            key_hosts: Vec::new(),
        };
        Ok(Self {
            keys: Arc::new(Keys::new(issuer.clone(), http.clone())),
            issuer,
            settings,
            http,
            asked: Mutex::default(),
            redeeming: Semaphore::new(MOST),
            returned: std::sync::Mutex::default(),
        })
    }

    /// Where a browser signs in, from where it comes back to `redirect`. `now` is in microseconds since 1970.
    ///
    /// # Errors
    /// [`OidcRefusal::Trouble`] if the issuer cannot be asked.
    pub async fn begin(
        &self,
        login: &Login,
        redirect: &str,
        now: i64,
    ) -> Result<String, OidcRefusal> {
        let endpoints = self.endpoints(now).await?;
        let (secrets, scopes) = (
            login.secrets(&self.context()),
            self.settings.scopes.join(" "),
        );
        let mut address = endpoints.authorization.clone();
        address.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", redirect),
            ("scope", &scopes),
            ("state", &secrets.state),
            ("nonce", &secrets.nonce),
            ("code_challenge", &secrets.challenge()),
            ("code_challenge_method", "S256"),
        ]);
        Ok(address.into())
    }

    /// What somebody has proved who comes back to `redirect` with what the browser was given.
    ///
    /// # Errors
    /// Why nobody is signed in.
    pub async fn finish(
        &self,
        login: &Login,
        callback: &Callback<'_>,
        redirect: &str,
        now: i64,
    ) -> Result<Proof, OidcRefusal> {
        let secrets = login.secrets(&self.context());
        let state = callback.state.unwrap_or_default();
        if !bool::from(state.as_bytes().ct_eq(secrets.state.as_bytes())) {
            return Err(OidcRefusal::Stray);
        }
        let endpoints = self.endpoints(now).await?;
        let names_itself = endpoints.names_itself || callback.issuer.is_some();
        if names_itself && callback.issuer != Some(&self.settings.issuer) {
            return Err(OidcRefusal::OtherIssuer);
        }
        let code = match (callback.code, callback.error) {
            (Some(code), None) => code,
            (_, Some(error)) => return Err(OidcRefusal::of_error(error)),
            (None, None) => return Err(OidcRefusal::Stray),
        };
        if self.came_back_before(secrets.state.clone(), now) {
            return Err(OidcRefusal::Stray);
        }
        let redeemed = tokio::time::timeout(TIMEOUT, async {
            let _turn = self.redeeming.acquire().await;
            let redemption = exchange::Redemption {
                code,
                verifier: &secrets.verifier,
                redirect,
            };
            exchange::redeem(&self.http, &endpoints, &self.settings, &redemption).await
        });
        let token = redeemed.await.unwrap_or(Err(Trouble::Slow.into()))?;
        let expected = identity::Expected {
            settings: &self.settings,
            keys: &self.keys,
            nonce: &secrets.nonce,
        };
        let identity = expected.check(&token, now).await?;
        if self.role(&identity.roles).is_none() {
            return Err(OidcRefusal::NoRole {
                subject: identity.subject,
                claim: self.settings.role_claim.clone(),
                wanted: self
                    .settings
                    .roles
                    .iter()
                    .map(|(value, _)| value.clone())
                    .collect(),
            });
        }
        Ok(Proof::Oidc {
            issuer: self.settings.issuer.clone(),
            subject: identity.subject,
            name: identity.name,
            roles: identity.roles,
        })
    }

    /// The highest role that one of these values of the claim gives.
    pub(super) fn role(&self, values: &[String]) -> Option<Role> {
        let roles = self.settings.roles.iter();
        let roles = roles.filter(|(value, _)| values.contains(value));
        roles.map(|(_, role)| *role).max()
    }

    /// Whether it is the one of this name.
    pub(super) fn is(&self, issuer: &str) -> bool {
        self.settings.issuer == issuer
    }

    fn came_back_before(&self, state: String, now: i64) -> bool {
        let returned = self.returned.lock();
        let mut returned = returned.unwrap_or_else(PoisonError::into_inner);
        make_room(&mut returned, MOST_RETURNED, now, |until| *until);
        let lasts = i64::try_from(LASTS.as_micros()).unwrap_or(i64::MAX);
        returned.insert(state, now.saturating_add(lasts)).is_some()
    }

    /// What a sign-in is tied to: one that was begun with another issuer does not end with this one.
    fn context(&self) -> String {
        format!("{}\0{}", self.settings.issuer, self.settings.client_id)
    }

    /// Those who come at once wait for one answer.
    async fn endpoints(&self, now: i64) -> Result<Arc<Endpoints>, Trouble> {
        let mut asked = self.asked.lock().await;
        if let Some(asked) = asked.as_ref() {
            let age = u64::try_from(now.saturating_sub(asked.at)).unwrap_or(0);
            let counts = match asked.outcome {
                Ok(_) => LIFETIME,
                Err(_) => PAUSE,
            };
            if Duration::from_micros(age) < counts {
                return asked.outcome.clone();
            }
        }
        let outcome = self.issuer.endpoints(&self.http).await.map(Arc::new);
        *asked = Some(Asked {
            at: now,
            outcome: outcome.clone(),
        });
        outcome
    }
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc")
            .field("issuer", &self.settings.issuer)
            .finish_non_exhaustive()
    }
}
