//! One broker's connection to Cloudmore: credentials, connection pool, token and limits, shared by all its targets.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use reqwest::Url;
use reqwest::redirect::Policy;
use secrecy::SecretString;

use super::catalog::{Organization, Role};
use super::failure::Failure;
use super::fields::{Model, Wire};
use super::gate::Gate;
use super::limits::{Lane, Limits};
use super::listing::Listing;
use super::operation::{Caller, Operation};
use super::target::Target;
use super::token::{Account, Tokens};

/// The time in microseconds since 1970.
pub(super) type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What a client needs to know of its broker.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where Cloudmore answers, such as `https://api.cloudmore.com`; a path before `/api` is kept.
    pub base_url: String,
    /// The broker's id in Cloudmore.
    pub reseller_id: String,
    /// Login name of the API account, which the bridge never touches.
    pub username: String,
    /// Its password.
    pub password: SecretString,
    /// OAuth client id; `ro.customer.client` for every customer.
    pub client_id: String,
    /// The "API secret" that Cloudmore support issues.
    pub client_secret: SecretString,
    /// How the secret travels to the token endpoint.
    pub client_auth: ClientAuth,
    /// Requests begun in a second, at most.
    pub requests_per_second: u32,
    /// Requests under way at once, at most.
    pub concurrency: u32,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long an operation may take from its beginning to its end: every request it needs, a renewal of the token and
    /// the wait for a turn included. A lease that is longer than this by a margin covers every write.
    pub call_timeout: Duration,
    /// The names of fields.
    pub wire: Wire,
}

/// How the client secret travels to the token endpoint (`reference/cloudmore-api.md`, section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// As the form fields `client_id` and `client_secret`.
    Form,
    /// As an HTTP Basic header.
    Basic,
}

/// What a tenant is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The users of the organization with this id.
    Organization(String),
    /// The administrators of the broker itself.
    Broker,
}

/// Settings that no client can be made of.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The address is not one.
    #[error(
        "base_url must be an http or https address without a query, such as https://api.cloudmore.com, not `{0}`"
    )]
    BaseUrl(String),
    /// Something that has to be given is empty.
    #[error("{0} must not be empty")]
    Empty(&'static str),
    /// A limit that would let nothing through.
    #[error("{0} must be at least 1")]
    Zero(&'static str),
    /// The HTTP client does not start; without any CA certificates on the machine this happens for plain http as well.
    #[error("the HTTP client cannot start, are CA certificates installed? {0}")]
    Http(#[source] reqwest::Error),
}

/// A broker's client. Clones share everything.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    base_url: Url,
    reseller_id: String,
    api_account: String,
    call_timeout: Duration,
    http: reqwest::Client,
    tokens: Arc<Tokens>,
    limits: Limits,
    /// The queue of the calls that are no target's.
    lane: Lane,
    gate: Gate,
    wire: Wire,
    now: Clock,
    /// Whether an external user id that came with an assignment was seen to be taken.
    takes_external_ids: AtomicBool,
}

impl Client {
    /// Makes a client without calling anything. `now` is the time in microseconds since 1970.
    ///
    /// # Errors
    /// [`SettingsError`] for settings that cannot work.
    pub fn new(
        settings: Settings,
        now: impl Fn() -> i64 + Send + Sync + 'static,
    ) -> Result<Self, SettingsError> {
        let base_url = base_url(&settings.base_url)?;
        let required = [
            ("reseller_id", &settings.reseller_id),
            ("username", &settings.username),
            ("client_id", &settings.client_id),
        ];
        if let Some((name, _)) = required.iter().find(|(_, value)| value.trim().is_empty()) {
            return Err(SettingsError::Empty(name));
        }
        let at_least_one = |name, value| NonZeroU32::new(value).ok_or(SettingsError::Zero(name));
        let limits = Limits::new(
            at_least_one("concurrency", settings.concurrency)?,
            at_least_one("requests_per_second", settings.requests_per_second)?,
        );
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("scim-bridge/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.connect_timeout)
            .redirect(Policy::none())
            .retry(reqwest::retry::never());
        if is_here(&base_url) {
            // A proxy could not reach it, and would be shown the credentials in clear.
            http = http.no_proxy();
        }
        let http = http.build().map_err(SettingsError::Http)?;
        let now: Clock = Arc::new(now);
        let account = Account {
            username: settings.username.clone(),
            password: settings.password,
            client_id: settings.client_id,
            client_secret: settings.client_secret,
            client_auth: settings.client_auth,
        };
        let endpoint = below(&base_url, &["connect", "token"])
            .ok_or_else(|| SettingsError::BaseUrl(settings.base_url.clone()))?;
        let tokens = Tokens::new(
            http.clone(),
            endpoint,
            account,
            settings.call_timeout,
            Arc::clone(&now),
        );
        Ok(Self(Arc::new(Inner {
            base_url,
            reseller_id: settings.reseller_id,
            api_account: settings.username,
            call_timeout: settings.call_timeout,
            http,
            tokens: Arc::new(tokens),
            limits,
            lane: Lane::default(),
            gate: Gate::new(Arc::clone(&now)),
            wire: settings.wire,
            now,
            takes_external_ids: AtomicBool::new(false),
        })))
    }

    /// Login name of the API account, which is itself one of the broker's administrators.
    pub fn api_account(&self) -> &str {
        &self.0.api_account
    }

    /// The part of Cloudmore that a tenant is bound to.
    pub fn target(&self, scope: Scope) -> Target {
        Target::new(self.clone(), scope)
    }

    /// The broker's customers.
    ///
    /// # Errors
    /// [`Failure`], also when the list is not whole.
    pub async fn organizations(&self) -> Result<Listing<Organization>, Failure> {
        self.begin()
            .list(&["Organizations"], Model::Organization)
            .await
    }

    /// Whether the API account gets a token and may read the broker's roles.
    ///
    /// # Errors
    /// [`Failure`] that says what is wrong with address, credentials or reseller id.
    pub async fn verify(&self) -> Result<(), Failure> {
        let roles: Listing<Role> = self.begin().list(&["ResellerRoles"], Model::Role).await?;
        tracing::debug!(roles = roles.len(), "cloudmore verified");
        Ok(())
    }

    fn begin(&self) -> Operation<'_> {
        let caller = Caller {
            lane: &self.0.lane,
            correlation: None,
            not_after: None,
        };
        Operation::begin(self, caller)
    }

    /// The address of a path below the broker, each segment escaped.
    pub(super) fn url(&self, path: &[&str]) -> Result<Url, Failure> {
        let prefix = ["api", "resellers", self.0.reseller_id.as_str()];
        below(&self.0.base_url, &[&prefix, path].concat()).ok_or_else(|| {
            Failure::refused("an id is empty or made of dots, so the request was not sent")
        })
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub(super) fn tokens(&self) -> &Arc<Tokens> {
        &self.0.tokens
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(super) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    pub(super) fn wire(&self) -> &Wire {
        &self.0.wire
    }

    pub(super) fn takes_external_ids(&self) -> &AtomicBool {
        &self.0.takes_external_ids
    }

    pub(super) fn call_timeout(&self) -> Duration {
        self.0.call_timeout
    }

    pub(super) fn now(&self) -> i64 {
        (self.0.now)()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url.as_str())
            .field("reseller_id", &self.0.reseller_id)
            .finish_non_exhaustive()
    }
}

fn base_url(text: &str) -> Result<Url, SettingsError> {
    let url = Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    // An address that carries a password is not repeated.
    let shown = if text.contains('@') {
        "an address with credentials"
    } else {
        text
    };
    url.ok_or_else(|| SettingsError::BaseUrl(shown.to_owned()))
}

/// Whether an address is on this machine.
fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// A path below an address. `None` for a segment that would climb or vanish: `DELETE Users/` is not `DELETE Users/{id}`.
fn below(base: &Url, path: &[&str]) -> Option<Url> {
    if path
        .iter()
        .any(|segment| matches!(segment.trim(), "" | "." | ".."))
    {
        return None;
    }
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    Some(url)
}
