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
use super::listing::{self, Listing, Row};
use super::token::Token;
use super::wire;

const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The requests of one operation, all of them before one deadline.
pub(super) struct Operation<'a> {
    client: &'a Client,
    correlation: Option<&'a HeaderValue>,
    deadline: Instant,
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
    pub(super) fn begin(client: &'a Client, correlation: Option<&'a HeaderValue>) -> Self {
        Self {
            client,
            correlation,
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

    /// Sends a request, once more with a fresh token after a first 401.
    async fn send(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        let mut rejected = None;
        loop {
            let token = self
                .in_time("got no access token", self.client.tokens().get(rejected))
                .await??;
            let place = self
                .in_time(
                    "had no turn within the request limits",
                    self.client.limits().enter(),
                )
                .await?;
            let answer = self.exchange(request, &token).await?;
            drop(place);
            if answer.status().is_success() {
                return Ok(answer);
            }
            if answer.status() == StatusCode::UNAUTHORIZED && rejected.is_none() {
                rejected = Some(token.number());
                continue;
            }
            let secrets = [request.secret, token.secret()];
            return Err(answer.failure(request.writes(), &secrets, self.client.now()));
        }
    }

    async fn exchange(&self, request: &Request<'_>, token: &Token) -> Result<Answer, Failure> {
        let http = self.client.http();
        let mut builder = http
            .request(request.method.clone(), request.url.clone())
            .header(ACCEPT, JSON)
            .header(CONTENT_TYPE, JSON)
            .header(AUTHORIZATION, token.header());
        if let Some(id) = self.correlation {
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

    /// Waits for what comes before a request is sent; running out of time there has no effect on Cloudmore. What comes at
    /// the very end of the time is too late as well: no request begins after the deadline.
    async fn in_time<T>(&self, what: &str, future: impl Future<Output = T>) -> Result<T, Failure> {
        let outcome = tokio::time::timeout_at(self.deadline, future).await.ok();
        outcome
            .filter(|_| Instant::now() < self.deadline)
            .ok_or_else(|| {
                Failure::unavailable(format!("the request {what} in time, so it was not sent"))
            })
    }
}

impl Request<'_> {
    fn writes(&self) -> bool {
        self.method != Method::GET
    }
}
