//! One operation on Cloudmore: its requests share a deadline, carry the token, respect the limits, and end as an answer
//! or a failure that says whether the request may have had its effect.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::answer::{self, Answer};
use super::client::Client;
use super::failure::Failure;
use super::fields::Model;
use super::limits::Lane;
use super::listing::{self, Listing, Row};
use super::token::Token;
use super::wire;

const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The requests of one operation, all of them before one deadline.
pub(super) struct Operation<'a> {
    client: &'a Client,
    caller: Caller<'a>,
    deadline: Instant,
}

/// For whom an operation is.
pub(super) struct Caller<'a> {
    /// Where its requests wait for their turn.
    pub(super) lane: &'a Lane,
    pub(super) correlation: Option<&'a HeaderValue>,
    /// The right to write ends here, in microseconds since 1970.
    pub(super) not_after: Option<i64>,
}

struct Request<'a> {
    method: Method,
    url: Url,
    body: Option<Vec<u8>>,
    /// A secret in the body, which an error message might repeat.
    secret: &'a str,
}

impl<'a> Operation<'a> {
    /// Begins an operation; its time runs from here.
    pub(super) fn begin(client: &'a Client, caller: Caller<'a>) -> Self {
        Self {
            client,
            caller,
            deadline: Instant::now() + client.call_timeout(),
        }
    }

    /// Reads a list of a model, whole.
    pub(super) async fn list<T: Row>(
        &self,
        path: &[&str],
        model: Model,
    ) -> Result<Listing<T>, Failure> {
        let answer = self.read(path).await?;
        if answer.status() == StatusCode::PARTIAL_CONTENT {
            return Err(Failure::incomplete(format!(
                "Cloudmore sent only a part of the {} list",
                T::WHAT
            )));
        }
        listing::read(
            answer.headers(),
            answer.body()?,
            self.client.wire().of(model),
        )
    }

    /// Reads one object. `None`: Cloudmore answers with `null` or nothing, which may mean that there is none.
    pub(super) async fn object(
        &self,
        path: &[&str],
    ) -> Result<Option<Map<String, Value>>, Failure> {
        let answer = self.read(path).await?;
        let body = answer.body()?;
        match wire::json(body) {
            Some(Value::Object(object)) => Ok(Some(object)),
            Some(Value::Null) => Ok(None),
            None if body.is_empty() => Ok(None),
            _ => Err(Failure::incomplete(
                "Cloudmore's answer is not the JSON object it should be",
            )),
        }
    }

    /// Writes. `secret` is a part of the body that no message may repeat.
    pub(super) async fn write(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
        secret: &str,
    ) -> Result<Answer, Failure> {
        let body = body.map(|body| body.to_string().into_bytes());
        let url = self.client.url(path)?;
        self.send(&Request {
            method,
            url,
            body,
            secret,
        })
        .await
    }

    async fn read(&self, path: &[&str]) -> Result<Answer, Failure> {
        let url = self.client.url(path)?;
        let request = Request {
            method: Method::GET,
            url,
            body: None,
            secret: "",
        };
        self.send(&request).await
    }

    /// Sends a request, once more with a fresh token after a first 401. Each time it waits for its turn, and then finds
    /// out whether it may still be sent.
    async fn send(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        let (client, mut rejected) = (self.client, None);
        loop {
            client.gate().check()?;
            let turn = client.limits().enter(self.caller.lane);
            let turn = tokio::time::timeout_at(self.deadline, turn).await;
            let _place = turn.ok().filter(|_| !self.is_over()).ok_or_else(|| {
                Failure::unsent("the request had no turn within the limits of the broker in time")
            })?;
            let passed = client.gate().pass()?;
            let begun = Instant::now();
            let outcome = self.with_token(request, &mut rejected).await;
            let outcome = match outcome {
                Ok(Some(answer)) => Ok(answer),
                Ok(None) => continue,
                Err(failure) => Err(failure),
            };
            let late = outcome.is_err() && self.is_over();
            let was_hurried = self.deadline.duration_since(begun) < client.call_timeout() / 2;
            // Who has spent the time in the queue has no reason to call Cloudmore slow.
            let says_something = !(late && was_hurried);
            if outcome.as_ref().err().is_none_or(Failure::was_tried) && says_something {
                passed.ended(&outcome);
            }
            return outcome;
        }
    }

    /// Sends a request with the current token. `None`: it is to be sent again with another one.
    async fn with_token(
        &self,
        request: &Request<'_>,
        rejected: &mut Option<u64>,
    ) -> Result<Option<Answer>, Failure> {
        let token = tokio::time::timeout_at(self.deadline, self.client.tokens().get(*rejected));
        let token = token
            .await
            .ok()
            .filter(|_| !self.is_over())
            .ok_or_else(|| {
                Failure::unavailable("the request got no access token in time, so it was not sent")
            })??;
        self.may_still(request)?;
        let answer = self.exchange(request, &token).await?;
        if answer.status().is_success() {
            return Ok(Some(answer));
        }
        if answer.status() == StatusCode::UNAUTHORIZED && rejected.is_none() {
            *rejected = Some(token.number());
            return Ok(None);
        }
        let secrets = [request.secret, token.secret()];
        Err(answer.failure(request.writes(), &secrets, self.client.now()))
    }

    /// The last look before a write is sent: waiting may have cost the right to it, and Cloudmore cannot see our leases.
    fn may_still(&self, request: &Request<'_>) -> Result<(), Failure> {
        let over = self
            .caller
            .not_after
            .is_some_and(|end| end <= self.client.now());
        if over && request.writes() {
            return Err(Failure::unsent(
                "the request had to wait for so long that somebody else may be at work on the user by now",
            ));
        }
        Ok(())
    }

    async fn exchange(&self, request: &Request<'_>, token: &Token) -> Result<Answer, Failure> {
        let http = self.client.http();
        let mut builder = http
            .request(request.method.clone(), request.url.clone())
            .header(ACCEPT, JSON)
            .header(CONTENT_TYPE, JSON)
            .header(AUTHORIZATION, token.header());
        if let Some(id) = self.caller.correlation {
            builder = builder.header(CORRELATION, id);
        }
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        let begun = Instant::now();
        let outcome = match tokio::time::timeout_at(self.deadline, builder.send()).await {
            Ok(Ok(response)) => Ok(Answer::read(response, self.deadline).await),
            Ok(Err(error)) => Err(Failure {
                ambiguous: request.writes() && !error.is_connect() && !error.is_builder(),
                ..Failure::unavailable(answer::transport_words(&error))
            }),
            Err(_) => Err(Failure {
                ambiguous: request.writes(),
                ..Failure::unavailable("Cloudmore did not answer in time")
            }),
        };
        tracing::debug!(
            method = %request.method,
            path = request.url.path(),
            status = outcome.as_ref().ok().map(|answer| answer.status().as_u16()),
            milliseconds = begun.elapsed().as_millis(),
            "cloudmore call"
        );
        outcome
    }

    /// No request begins after the deadline; what comes at the very end of the time is too late as well.
    fn is_over(&self) -> bool {
        self.deadline <= Instant::now()
    }
}

impl Request<'_> {
    fn writes(&self) -> bool {
        self.method != Method::GET
    }
}
