//! The identity provider of an organization: people sign in there, and it tells the bridge who did.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream;
use reqwest::Url;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

use crate::jwt::issuer::{Key, SPRING, base64url};

/// What it calls the bridge.
pub const CLIENT: &str = "scim-bridge of example.com";
/// 2026-01-01T00:00:00Z in seconds: when the tests' time begins.
pub const BEGINNING: i64 = 1_767_225_600;

/// How it answers when a code is to be redeemed.
#[derive(Clone)]
pub enum Answer {
    /// As it should.
    Right,
    Status(u16, Value),
    /// An id token that goes on for ever.
    Endless,
    /// None at all.
    Silence,
}

/// A running identity provider.
pub struct Provider {
    base: String,
    shared: Arc<Shared>,
}

struct Shared {
    metadata: Mutex<Value>,
    keys: Mutex<Vec<Value>>,
    answer: Mutex<Answer>,
    codes: Mutex<HashMap<String, Code>>,
    /// What redeemed codes were redeemed with: the form and the header.
    seen: Mutex<Vec<(Fields, Option<String>)>>,
}

type Fields = HashMap<String, String>;

/// A code, what has to come with it, and what it is good for.
struct Code {
    challenge: String,
    redirect: String,
    token: String,
}

/// Somebody's browser at the provider, as the bridge has sent it.
pub struct Visit {
    pub asked: Fields,
}

impl Visit {
    /// Where an answer sends a browser.
    pub fn to(location: &str) -> Self {
        let url = Url::parse(location).unwrap_or_else(|_| panic!("{location:?} is no address"));
        let asked = url.query_pairs();
        Self {
            asked: asked
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }

    /// The way back to the bridge with these values, and with the state.
    pub fn back(&self, values: &[(&str, &str)]) -> String {
        let mut url = Url::parse(&self.asked["redirect_uri"]).unwrap();
        url.query_pairs_mut()
            .extend_pairs(values)
            .append_pair("state", &self.asked["state"]);
        format!("{}?{}", url.path(), url.query().unwrap())
    }
}

impl Provider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // Another site than the bridge's, for a browser.
        let base = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let metadata = json!({
            "issuer": format!("{base}/tenant/v2.0"),
            "jwks_uri": format!("{base}/keys"),
            "authorization_endpoint": format!("{base}/authorize?tenant=1"),
            "token_endpoint": format!("{base}/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        });
        let shared = Arc::new(Shared {
            metadata: Mutex::new(metadata),
            keys: Mutex::new(vec![SPRING.jwk()]),
            answer: Mutex::new(Answer::Right),
            codes: Mutex::default(),
            seen: Mutex::default(),
        });
        let metadata = async |State(shared): State<Arc<Shared>>| {
            axum::Json(shared.metadata.lock().unwrap().clone())
        };
        let keys = async |State(shared): State<Arc<Shared>>| {
            axum::Json(json!({ "keys": *shared.keys.lock().unwrap() }))
        };
        let router = Router::new()
            .route(
                "/tenant/v2.0/.well-known/openid-configuration",
                get(metadata),
            )
            .route("/keys", get(keys))
            .route(
                "/authorize",
                get(async || Html("<title>Who are you?</title><link rel=icon href=\"data:,\">")),
            )
            .route("/token", post(redeem))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { base, shared }
    }

    pub fn name(&self) -> String {
        format!("{}/tenant/v2.0", self.base)
    }

    /// The section of the configuration that names it, and further lines of it.
    pub fn section(&self, more: &str) -> String {
        format!(
            "[admin.oidc]\nissuer = \"{}\"\nclient_id = \"{CLIENT}\"\n{more}",
            self.name()
        )
    }

    /// Lets its metadata say something else from now on.
    pub fn claim(&self, changes: Value) {
        let mut metadata = self.shared.metadata.lock().unwrap();
        for (key, value) in changes.as_object().unwrap() {
            metadata[key] = value.clone();
        }
    }

    pub fn answer(&self, answer: Answer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    /// What it says of somebody who visits, changed by these claims or without those that are null.
    pub fn claims(&self, visit: &Visit, changes: &Value) -> Value {
        let mut claims = json!({
            "iss": self.name(), "aud": CLIENT, "sub": "5e0f1a2b", "nonce": visit.asked["nonce"],
            "iat": BEGINNING - 300, "nbf": BEGINNING - 300, "exp": BEGINNING + 3600,
            "preferred_username": "ann@acme.example", "name": "Ann Example",
        });
        let all = claims.as_object_mut().unwrap();
        for (claim, value) in changes.as_object().unwrap() {
            all.insert(claim.clone(), value.clone());
            if value.is_null() {
                all.remove(claim);
            }
        }
        claims
    }

    /// Lets somebody in of whom these claims are true, and answers the way back.
    pub fn lets_in(&self, visit: &Visit, changes: &Value) -> String {
        let token = SPRING.jwt(&self.claims(visit, changes));
        self.lets_in_by(visit, token)
    }

    /// The same, with another id token.
    pub fn lets_in_by(&self, visit: &Visit, token: String) -> String {
        let mut codes = self.shared.codes.lock().unwrap();
        let code = format!("code {} & more", codes.len());
        let kept = Code {
            challenge: visit.asked["code_challenge"].clone(),
            redirect: visit.asked["redirect_uri"].clone(),
            token,
        };
        codes.insert(code.clone(), kept);
        visit.back(&[("code", &code)])
    }

    /// Has these keys from now on.
    pub fn has<const N: usize>(&self, keys: [&Key; N]) {
        *self.shared.keys.lock().unwrap() = keys.map(Key::jwk).into();
    }

    /// What codes were redeemed with since the last look.
    pub fn seen(&self) -> Vec<(Fields, Option<String>)> {
        std::mem::take(&mut self.shared.seen.lock().unwrap())
    }
}

async fn redeem(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let header = headers.get("authorization");
    let header = header.map(|value| value.to_str().unwrap().to_owned());
    shared.seen.lock().unwrap().push((fields.clone(), header));
    let answer = shared.answer.lock().unwrap().clone();
    match answer {
        Answer::Right => {}
        Answer::Status(status, body) => {
            let status = StatusCode::from_u16(status).unwrap();
            return (status, axum::Json(body)).into_response();
        }
        Answer::Endless => {
            let letters = stream::repeat_with(|| Ok::<_, Infallible>("x".repeat(10_000)));
            return Body::from_stream(letters).into_response();
        }
        Answer::Silence => return std::future::pending().await,
    }
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let code = match shared.codes.lock().unwrap().remove(text("code")) {
        Some(code)
            if text("grant_type") == "authorization_code"
                && text("redirect_uri") == code.redirect
                && base64url(&Sha256::digest(text("code_verifier"))) == code.challenge =>
        {
            code
        }
        _ => {
            let refused = json!({"error": "invalid_grant", "error_description": "<b>no</b>"});
            return (StatusCode::BAD_REQUEST, axum::Json(refused)).into_response();
        }
    };
    let granted = json!({
        "token_type": "Bearer", "access_token": "opaque", "expires_in": 3600, "id_token": code.token,
    });
    axum::Json(granted).into_response()
}
