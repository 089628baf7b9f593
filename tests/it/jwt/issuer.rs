//! An issuer of JWTs: its keys, the JWTs that it makes, and the server that has its keys.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::harness::evidence;

/// The Entra tenant that is trusted.
pub const TENANT: &str = "3f1c9a52-7d7e-4a7b-9d0e-5a2b8c4d6e10";
/// Somebody else's, with the same issuer, keys and audience otherwise.
pub const OTHER_TENANT: &str = "b0c1d2e3-f4a5-4b6c-8d7e-9f0a1b2c3d4e";
/// What all Entra tenants have as audience.
pub const AUDIENCE: &str = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621";

/// A key that the issuer signs with.
pub struct Key {
    pub id: &'static str,
    pub pair: KeyPair,
}

pub static SPRING: LazyLock<Key> = LazyLock::new(|| Key::new("spring"));
pub static AUTUMN: LazyLock<Key> = LazyLock::new(|| Key::new("autumn"));

impl Key {
    fn new(id: &'static str) -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        Self { id, pair }
    }

    pub fn jwk(&self) -> Value {
        let public = PublicKeyComponents::from(self.pair.public_key());
        json!({
            "kty": "RSA", "use": "sig", "kid": self.id, "x5t": self.id,
            "n": base64url(&public.n), "e": base64url(&public.e),
        })
    }

    /// A JWT with these claims, signed with this key under its own name.
    pub fn jwt(&self, claims: &Value) -> String {
        self.jwt_headed(
            &json!({"alg": "RS256", "typ": "JWT", "kid": self.id}),
            claims,
        )
    }

    /// The same, under a header that may say anything.
    pub fn jwt_headed(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &random,
                message.as_bytes(),
                &mut signature,
            )
            .unwrap();
        let jwt = format!("{message}.{}", base64url(&signature));
        evidence::used(&jwt);
        jwt
    }
}

/// What of a JWT is signed.
pub fn message(header: &Value, claims: &Value) -> String {
    let part = |part: &Value| base64url(part.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

pub fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What the issuer answers when it is asked for its keys.
#[derive(Clone)]
pub enum Answer {
    /// These keys.
    Keys(Vec<Value>),
    Body(String),
    Status(u16),
    /// To where the keys are.
    Redirect,
    /// Keys that go on for ever.
    Endless,
    /// None at all.
    Silence,
}

/// A running issuer.
pub struct Issuer {
    base: String,
    shared: Arc<Shared>,
}

struct Shared {
    answer: Mutex<Answer>,
    /// What the metadata says instead of what is true.
    metadata: Mutex<Value>,
    asked: AtomicUsize,
    was_asked: Notify,
    /// Whether its metadata says that it has moved.
    moved: AtomicBool,
}

impl Issuer {
    /// An issuer with one key, the one of spring.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            answer: Mutex::new(Answer::Keys(vec![SPRING.jwk()])),
            metadata: Mutex::new(json!({})),
            asked: AtomicUsize::new(0),
            was_asked: Notify::new(),
            moved: AtomicBool::new(false),
        });
        let true_base = base.clone();
        let metadata = move |Path(tenant): Path<String>, State(shared): State<Arc<Shared>>| async move {
            let mut metadata = json!({
                "issuer": format!("{true_base}/{tenant}/"),
                "jwks_uri": format!("{true_base}/keys"),
                "authorization_endpoint": format!("{true_base}/authorize"),
            });
            for (key, value) in shared.metadata.lock().unwrap().as_object().unwrap() {
                metadata[key] = value.clone();
            }
            if shared.moved.load(Ordering::SeqCst) {
                return Redirect::permanent(&format!("/moved/{tenant}/metadata")).into_response();
            }
            axum::Json(metadata).into_response()
        };
        let router = Router::new()
            .route("/{tenant}/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(keys))
            .route(
                "/moved",
                get(async || axum::Json(json!({"keys": [SPRING.jwk()]}))),
            )
            .with_state(Arc::clone(&shared));
        tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { base, shared }
    }

    /// The issuer as the JWTs of the trusted Entra tenant name it.
    pub fn name(&self) -> String {
        self.name_of(TENANT)
    }

    pub fn name_of(&self, tenant: &str) -> String {
        format!("{}/{tenant}/", self.base)
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Answers so from now on.
    pub fn answer(&self, answer: Answer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    /// Has these keys from now on.
    pub fn has<const N: usize>(&self, keys: [&Key; N]) {
        self.answer(Answer::Keys(keys.map(Key::jwk).into()));
    }

    /// Lets the metadata say this from now on.
    pub fn claim(&self, metadata: Value) {
        *self.shared.metadata.lock().unwrap() = metadata;
    }

    /// Lets the metadata be elsewhere from now on.
    pub fn moves(&self) {
        self.shared.moved.store(true, Ordering::SeqCst);
    }

    /// How often the keys were asked for.
    pub fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::SeqCst)
    }

    /// Waits until the keys are asked for.
    pub async fn until_asked(&self) {
        self.shared.was_asked.notified().await;
    }
}

async fn keys(State(shared): State<Arc<Shared>>) -> Response {
    shared.asked.fetch_add(1, Ordering::SeqCst);
    shared.was_asked.notify_one();
    let answer = shared.answer.lock().unwrap().clone();
    match answer {
        Answer::Keys(keys) => axum::Json(json!({ "keys": keys })).into_response(),
        Answer::Body(body) => body.into_response(),
        Answer::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Answer::Redirect => Redirect::temporary("/moved").into_response(),
        Answer::Endless => {
            let blanks = stream::repeat_with(|| Ok::<_, Infallible>(" ".repeat(10_000)));
            let begun = stream::iter([Ok("{\"keys\": [".to_owned())]);
            Body::from_stream(begun.chain(blanks)).into_response()
        }
        Answer::Silence => std::future::pending().await,
    }
}
