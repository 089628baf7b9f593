//! The access token: asked for once for all waiting calls, renewed before it expires, and never asked for in a loop.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::answer::{self, Answer};
use super::client::{ClientAuth, Clock};
use super::failure::{Failure, FailureKind};
use super::wire::{self, Object};

/// How long the token server is left alone after it refused the account: repeating a wrong password could lock it
/// (`reference/cloudmore-api.md`, section 1).
const COOL_DOWN: Duration = Duration::from_mins(10);
/// A token is renewed this long before its end, or at nine tenths of a short life.
const MARGIN: Duration = Duration::from_mins(5);
/// Life of a token whose answer does not say.
const DEFAULT_LIFE: Duration = Duration::from_mins(10);

/// What the token server wants to see.
pub(super) struct Account {
    pub(super) username: String,
    pub(super) password: SecretString,
    pub(super) client_id: String,
    pub(super) client_secret: SecretString,
    pub(super) client_auth: ClientAuth,
}

/// The token of one client, shared by all its calls.
pub(super) struct Tokens {
    http: reqwest::Client,
    endpoint: Url,
    account: Account,
    timeout: Duration,
    now: Clock,
    state: Mutex<State>,
}

/// A token, ready to be sent.
#[derive(Clone)]
pub(super) struct Token {
    header: HeaderValue,
    number: u64,
    renew_at: i64,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    asked: u64,
    refused: Option<(i64, Failure)>,
}

impl Token {
    /// The value of the `Authorization` header; marked as sensitive, so it does not print.
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// The token itself, to blot it out of error messages.
    pub(super) fn secret(&self) -> &str {
        let header = self.header.to_str().unwrap_or_default();
        header.strip_prefix("Bearer ").unwrap_or(header)
    }

    /// Tells one token from the next.
    pub(super) fn number(&self) -> u64 {
        self.number
    }
}

impl Tokens {
    /// Asks at `endpoint` as `account`, for at most `timeout` a time.
    pub(super) fn new(
        http: reqwest::Client,
        endpoint: Url,
        account: Account,
        timeout: Duration,
        now: Clock,
    ) -> Self {
        Self {
            http,
            endpoint,
            account,
            timeout,
            now,
            state: Mutex::default(),
        }
    }

    /// A token that has not expired and is not the one numbered `rejected`.
    ///
    /// # Errors
    /// `Credentials` when the token server refuses the account or did so within the cool-down; otherwise as for any call.
    pub(super) async fn get(self: &Arc<Self>, rejected: Option<u64>) -> Result<Token, Failure> {
        if let Some(outcome) = self.state.lock().await.known((self.now)(), rejected) {
            return outcome;
        }
        // In a task of its own: the answer, above all a refusal, must be remembered even if this caller gives up.
        let tokens = Arc::clone(self);
        let renewal = tokio::spawn(async move { tokens.renew(rejected).await });
        renewal.await.unwrap_or_else(|_| {
            Err(Failure::unavailable(
                "the renewal of the access token was aborted",
            ))
        })
    }

    /// Asks for a token while holding the state, so that all others wait for the one answer.
    async fn renew(&self, rejected: Option<u64>) -> Result<Token, Failure> {
        let mut state = self.state.lock().await;
        if let Some(outcome) = state.known((self.now)(), rejected) {
            return outcome;
        }
        let deadline = Instant::now() + self.timeout;
        let outcome =
            match tokio::time::timeout_at(deadline, self.ask(state.asked + 1, deadline)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(Failure::unavailable(
                    "the token server did not answer in time",
                )),
            };
        match &outcome {
            Ok(token) => {
                state.asked = token.number;
                state.token = Some(token.clone());
                state.refused = None;
            }
            Err(failure) if failure.kind == FailureKind::Credentials => {
                state.refused = Some((after((self.now)(), COOL_DOWN), failure.clone()));
            }
            Err(_) => {}
        }
        outcome
    }

    async fn ask(&self, number: u64, deadline: Instant) -> Result<Token, Failure> {
        let account = &self.account;
        let (password, secret) = (
            account.password.expose_secret(),
            account.client_secret.expose_secret(),
        );
        let mut form = vec![
            ("grant_type", "password"),
            ("username", account.username.as_str()),
            ("password", password),
            ("scope", "api"),
        ];
        let mut request = self
            .http
            .post(self.endpoint.clone())
            .header(ACCEPT, "application/json");
        match account.client_auth {
            ClientAuth::Form => form.extend([
                ("client_id", account.client_id.as_str()),
                ("client_secret", secret),
            ]),
            ClientAuth::Basic => request = request.basic_auth(&account.client_id, Some(secret)),
        }
        let asked_at = (self.now)();
        let response = request.form(&form).send().await;
        let response =
            response.map_err(|error| Failure::unavailable(answer::transport_words(&error)))?;
        let answer = Answer::read(response, deadline).await;
        tracing::debug!(
            method = "POST",
            path = self.endpoint.path(),
            status = answer.status().as_u16(),
            "cloudmore token"
        );
        if !answer.status().is_success() {
            return Err(self.refusal(&answer, &[password, secret]));
        }
        read_token(&answer, number, asked_at).ok_or_else(|| {
            Failure::unavailable("the token server's answer holds no usable access token")
        })
    }

    /// A refusal to give a token. It has no status: that is for answers to the request itself, which was not sent.
    fn refusal(&self, answer: &Answer, secrets: &[&str]) -> Failure {
        let mut failure = answer.failure(false, secrets, (self.now)());
        let status = answer.status();
        failure.words = format!("the token server answered {status}: {}", failure.words);
        failure.status = None;
        let passing = [
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::TOO_EARLY,
            StatusCode::TOO_MANY_REQUESTS,
        ];
        if status.is_client_error() && !passing.contains(&status) {
            failure.kind = FailureKind::Credentials;
            failure.words = format!(
                "{}; check the broker's username, password, client_secret and base_url (asked again after {} minutes)",
                failure.words,
                COOL_DOWN.as_secs() / 60
            );
        }
        failure
    }
}

impl State {
    /// The outcome that is known without asking, if any.
    fn known(&self, now: i64, rejected: Option<u64>) -> Option<Result<Token, Failure>> {
        if let Some((_, failure)) = self.refused.as_ref().filter(|(until, _)| now < *until) {
            return Some(Err(failure.clone()));
        }
        let token = self.token.as_ref();
        let token = token.filter(|token| now < token.renew_at && Some(token.number) != rejected)?;
        Some(Ok(token.clone()))
    }
}

fn read_token(answer: &Answer, number: u64, asked_at: i64) -> Option<Token> {
    let body = wire::json(answer.body().ok()?)?;
    let body = Object::new(body.as_object()?);
    let mut header =
        HeaderValue::try_from(format!("Bearer {}", body.text("access_token")?)).ok()?;
    header.set_sensitive(true);
    let life = body
        .integer("expires_in")
        .and_then(|seconds| u64::try_from(seconds).ok())
        .filter(|seconds| *seconds > 0)
        .map_or(DEFAULT_LIFE, Duration::from_secs);
    let margin = MARGIN.min(life / 10);
    Some(Token {
        header,
        number,
        renew_at: after(asked_at, life.saturating_sub(margin)),
    })
}

/// A moment in microseconds, some time later.
fn after(moment: i64, wait: Duration) -> i64 {
    moment.saturating_add(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX))
}
