//! Who makes JWTs, and how its public keys, and its addresses for signing in, are fetched: within limits, and from nowhere
//! that its metadata alone vouches for.

use std::error::Error;
use std::iter::successors;
use std::time::Duration;

use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use reqwest::header::ACCEPT;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Bounds a fetch, metadata and keys together: a request of the IdP waits for it.
pub(super) const TIMEOUT: Duration = Duration::from_secs(5);
/// Largest body that is read. Entra's keys take some 15 kB.
const MAX_BODY: usize = 256 * 1024;
/// Most keys of an issuer. Entra has about six at a time.
const MAX_KEYS: usize = 64;

/// An issuer of JWTs. Two that are equal share their keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Issuer {
    /// What the claim `iss` says, an https address (http on this machine).
    pub name: String,
    /// Where its keys are; found from its metadata if not given.
    pub keys: Option<String>,
    /// Hosts besides its own where its metadata may say that the keys are.
    pub key_hosts: Vec<String>,
}

/// A public key of an issuer.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) id: String,
    algorithm: Option<KeyAlgorithm>,
    public: DecodingKey,
}

/// Why there are no keys, or nobody can be signed in.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("it cannot be reached: {0}")]
    Transport(String),
    #[error("it did not answer within {TIMEOUT:?}")]
    Slow,
    #[error("it answered {0}; redirects are not followed")]
    Status(StatusCode),
    #[error("its answer is larger than {MAX_BODY} bytes")]
    TooLarge,
    #[error("it has more than {MAX_KEYS} keys")]
    TooManyKeys,
    #[error("its answer is not the JSON that it should be")]
    Unreadable,
    #[error("its metadata is that of another issuer")]
    OtherIssuer,
    #[error("its metadata has the keys neither at its own host nor at one of `key_hosts` by https")]
    KeysElsewhere,
    #[error("its metadata has no addresses for signing in at its own host by https")]
    EndpointsElsewhere,
    #[error("it answered {0} and the error {1}")]
    Refused(StatusCode, String),
}

/// What is read of the metadata (`OpenID` Connect Discovery 1.0, section 3).
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Where people sign in, and where the bridge asks who did.
#[derive(Debug)]
pub(super) struct Endpoints {
    pub(super) authorization: Url,
    pub(super) token: Url,
    /// Whether a client's secret goes in the form; otherwise in the header.
    pub(super) takes_secret_in_form: bool,
    /// Whether each answer names the issuer (RFC 9207).
    pub(super) names_itself: bool,
}

/// A JWK Set. Its keys are read one by one, so that one that is not understood does not hide the others.
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

/// The client that fetches keys.
///
/// # Errors
/// When it cannot start, for example without any CA certificates.
pub(super) fn client() -> reqwest::Result<Client> {
    Client::builder().redirect(Policy::none()).build()
}

impl Issuer {
    /// The issuer's keys as of now.
    pub(super) async fn fetch(&self, http: &Client) -> Result<Vec<Key>, Trouble> {
        let fetched = async {
            let set: KeySet = read(http, self.address(http).await?).await?;
            if set.keys.len() > MAX_KEYS {
                return Err(Trouble::TooManyKeys);
            }
            Ok(set.keys.into_iter().filter_map(Key::read).collect())
        };
        let fetched = tokio::time::timeout(TIMEOUT, fetched).await;
        fetched.unwrap_or(Err(Trouble::Slow))
    }

    /// Where people sign in, as of now.
    pub(super) async fn endpoints(&self, http: &Client) -> Result<Endpoints, Trouble> {
        let fetched = tokio::time::timeout(TIMEOUT, self.metadata(http)).await;
        let metadata = fetched.unwrap_or(Err(Trouble::Slow))?;
        let issuer = parsed(&self.name)?;
        let own = |address: Option<String>| {
            let address = parsed(&address.unwrap_or_default())?;
            let is_own = is_protected(&address, &issuer) && address.host_str() == issuer.host_str();
            is_own.then_some(address).ok_or(Trouble::EndpointsElsewhere)
        };
        let methods = &metadata.token_endpoint_auth_methods_supported;
        Ok(Endpoints {
            authorization: own(metadata.authorization_endpoint)?,
            token: own(metadata.token_endpoint)?,
            takes_secret_in_form: methods.iter().any(|method| method == "client_secret_post"),
            names_itself: metadata.authorization_response_iss_parameter_supported,
        })
    }

    /// Where the keys are. The metadata is asked each time, for they may move.
    async fn address(&self, http: &Client) -> Result<Url, Trouble> {
        if let Some(keys) = &self.keys {
            return parsed(keys);
        }
        let keys = parsed(&self.metadata(http).await?.jwks_uri)?;
        if self.may_have_keys_at(&keys, &parsed(&self.name)?) {
            Ok(keys)
        } else {
            Err(Trouble::KeysElsewhere)
        }
    }

    async fn metadata(&self, http: &Client) -> Result<Metadata, Trouble> {
        let base = self.name.strip_suffix('/').unwrap_or(&self.name);
        let metadata = parsed(&format!("{base}/.well-known/openid-configuration"))?;
        let metadata: Metadata = read(http, metadata).await?;
        if metadata.issuer == self.name {
            Ok(metadata)
        } else {
            Err(Trouble::OtherIssuer)
        }
    }

    fn may_have_keys_at(&self, keys: &Url, issuer: &Url) -> bool {
        let listed = self.key_hosts.iter().map(String::as_str);
        let mut hosts = issuer.host_str().into_iter().chain(listed);
        is_protected(keys, issuer) && hosts.any(|host| keys.host_str() == Some(host))
    }
}

impl Key {
    /// A key that can verify signatures. Secrets and keys for encryption are none of those.
    pub(super) fn read(value: Value) -> Option<Self> {
        let jwk = Jwk::deserialize(value).ok()?;
        let public = DecodingKey::from_jwk(&jwk).ok()?;
        let signs = !matches!(
            jwk.common.public_key_use,
            Some(PublicKeyUse::Encryption | PublicKeyUse::Other(_))
        );
        (signs && public.family() != AlgorithmFamily::Hmac).then_some(Self {
            id: jwk.common.key_id?,
            algorithm: jwk.common.key_algorithm,
            public,
        })
    }

    /// Whether `signature` is the one of `message`, made with this key and this algorithm.
    pub(super) fn verifies(&self, message: &str, signature: &str, algorithm: Algorithm) -> bool {
        let is_for = self.algorithm.is_none_or(|of| of == algorithm.into());
        let verify =
            || jsonwebtoken::crypto::verify(signature, message.as_bytes(), &self.public, algorithm);
        is_for && verify().unwrap_or(false)
    }
}

/// Never less protected on the way than the issuer itself, which is http on this machine alone.
fn is_protected(address: &Url, issuer: &Url) -> bool {
    address.scheme() == "https" || address.scheme() == issuer.scheme()
}

fn parsed(address: &str) -> Result<Url, Trouble> {
    Url::parse(address).map_err(|_| Trouble::Unreadable)
}

async fn read<T: DeserializeOwned>(http: &Client, address: Url) -> Result<T, Trouble> {
    let (status, body) = answer(http.get(address)).await?;
    if !status.is_success() {
        return Err(Trouble::Status(status));
    }
    serde_json::from_slice(&body).map_err(|_| Trouble::Unreadable)
}

/// What is answered, as far as it is not too large.
pub(super) async fn answer(request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), Trouble> {
    let request = request.header(ACCEPT, "application/json");
    let mut response = request.send().await.map_err(transport)?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BODY {
            return Err(Trouble::TooLarge);
        }
    }
    Ok((status, body))
}

/// The innermost cause says most.
fn transport(error: reqwest::Error) -> Trouble {
    let cause = successors(Some(&error as &dyn Error), |error| (*error).source()).last();
    Trouble::Transport(cause.map(ToString::to_string).unwrap_or_default())
}
