//! Talking to the admin API of a running bridge, for the commands that do.

use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// Reading the list of a large organization takes a while.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Where the bridge is, and who asks.
#[derive(Debug, Args)]
pub(super) struct Admin {
    /// The address of the bridge.
    #[arg(
        long,
        value_name = "URL",
        env = "SCIM_BRIDGE_ADMIN_URL",
        default_value = "http://127.0.0.1:8080"
    )]
    url: Url,
    /// The token of the admin API. The environment is the better place for it: others can see arguments.
    #[arg(
        long = "admin-token",
        value_name = "TOKEN",
        env = "SCIM_BRIDGE_ADMIN_TOKEN",
        hide_env_values = true
    )]
    token: SecretString,
}

impl Admin {
    pub(super) fn new(url: Url, token: SecretString) -> Self {
        Self { url, token }
    }

    /// Reads what is at a path below the admin API, given by its segments.
    ///
    /// # Errors
    /// When the bridge cannot be reached or refuses, with its words.
    pub(super) async fn get(&self, path: &[&str]) -> anyhow::Result<Value> {
        self.ask(Method::GET, path, &[], None).await
    }

    /// Reads what is at a path below the admin API, with a query.
    ///
    /// # Errors
    /// When the bridge cannot be reached or refuses, with its words.
    pub(super) async fn get_with(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> anyhow::Result<Value> {
        self.ask(Method::GET, path, query, None).await
    }

    /// Sends something to a path below the admin API.
    ///
    /// # Errors
    /// When the bridge cannot be reached or refuses, with its words.
    pub(super) async fn post(&self, path: &[&str], body: &Value) -> anyhow::Result<Value> {
        self.ask(Method::POST, path, &[], Some(body)).await
    }

    async fn ask(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        let mut url = self.url.clone();
        url.path_segments_mut()
            .map_err(|()| anyhow!("--url must begin with http:// or https://"))?
            .pop_if_empty()
            .extend(["admin", "api"])
            .extend(path);
        // The token goes nowhere else.
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .build()?;
        let mut request = client
            .request(method, url)
            .query(query)
            .bearer_auth(self.token.expose_secret());
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await;
        let answer = answer.with_context(|| {
            format!(
                "the bridge cannot be reached at {}: check --url and whether it runs",
                self.url
            )
        })?;
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or_default();
        match body.get("error").and_then(Value::as_str) {
            Some(words) => bail!("{words}"),
            None if status == StatusCode::OK && !body.is_null() => Ok(body),
            None => bail!(
                "{} is no admin API of scim-bridge (status {status}): check --url",
                self.url
            ),
        }
    }
}

/// A text of an answer; empty if there is none.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The entries of a list in an answer.
pub(super) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
