//! An identity provider: an HTTP client of the demo's own address that tells what it does.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use reqwest::{Method, RequestBuilder, Url};
use serde_json::{Value, json};

use super::access::{Access, in_words};
use super::narrator::Narrator;
use super::stage::Stage;
use crate::domain::model::TenantId;

/// How long a request may take: as long as Okta waits (`reference/idp-behaviour.md`, section 3.1).
const TIMEOUT: Duration = Duration::from_secs(60);

/// Audit entries that one request can leave behind, generously.
const ENTRIES: u32 = 10_000;

const SCIM_JSON: &str = "application/scim+json; charset=utf-8";

/// Whose habits a client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `reference/idp-behaviour.md`, section 2.1.
    Entra,
    /// `reference/idp-behaviour.md`, section 3.1.
    Okta,
}

/// A client of one tenant.
pub(super) struct Idp<'a> {
    stage: &'a Stage,
    narrator: &'a mut Narrator,
    dialect: Dialect,
    tenant: TenantId,
    http: reqwest::Client,
    told_entry: i64,
    told_call: u64,
}

impl<'a> Idp<'a> {
    /// A client that speaks `dialect` to `tenant` and tells everything from here on.
    ///
    /// # Errors
    /// When HTTP cannot be set up or the store fails.
    pub(super) async fn new(
        stage: &'a Stage,
        narrator: &'a mut Narrator,
        dialect: Dialect,
        tenant: &str,
    ) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(TIMEOUT);
        let tenant = TenantId::new(tenant);
        let store = stage.bridge().store();
        let entries = store.audit_after(&tenant, 0, u32::MAX).await?;
        Ok(Self {
            http: http.build()?,
            dialect,
            tenant,
            told_entry: entries.last().map_or(0, |entry| entry.id),
            told_call: stage.sandbox().calls().last().map_or(0, |call| call.seq),
            stage,
            narrator,
        })
    }

    /// A step begins: what happens in the company.
    pub(super) fn step(&mut self, sentence: &str) {
        self.narrator.step(sentence);
    }

    /// Something to know.
    pub(super) fn note(&self, words: &str) {
        self.narrator.note(words);
    }

    /// GET of a resource or a list.
    ///
    /// # Errors
    /// Any other answer than 200.
    pub(super) async fn get(&mut self, path: &str) -> anyhow::Result<Value> {
        self.send(Method::GET, path, None, &[200]).await
    }

    /// GET of the resources that a query finds: the one there is, or `None`.
    ///
    /// # Errors
    /// Any other answer than 200 with at most one resource.
    pub(super) async fn find(&mut self, path: &str) -> anyhow::Result<Option<Value>> {
        let list = self.get(path).await?;
        let found = list.get("Resources").and_then(Value::as_array);
        match found.context("the answer is no list")?.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            many => bail!("expected: at most one resource\nfound: {}", many.len()),
        }
    }

    /// POST of a resource. Returns its id.
    ///
    /// # Errors
    /// Any other answer than 201 with an id.
    pub(super) async fn post(&mut self, path: &str, body: &Value) -> anyhow::Result<String> {
        let made = self.send(Method::POST, path, Some(body), &[201]).await?;
        id(&made)
    }

    /// PUT of a resource.
    ///
    /// # Errors
    /// Any other answer than 200.
    pub(super) async fn put(&mut self, path: &str, body: &Value) -> anyhow::Result<()> {
        self.send(Method::PUT, path, Some(body), &[200]).await?;
        Ok(())
    }

    /// PATCH with these operations.
    ///
    /// # Errors
    /// Any other answer than 200 or 204.
    pub(super) async fn patch(&mut self, path: &str, operations: Value) -> anyhow::Result<()> {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": operations,
        });
        self.send(Method::PATCH, path, Some(&body), &[200, 204])
            .await?;
        Ok(())
    }

    /// DELETE of a resource.
    ///
    /// # Errors
    /// Any other answer than 204.
    pub(super) async fn delete(&mut self, path: &str) -> anyhow::Result<()> {
        self.send(Method::DELETE, path, None, &[204]).await?;
        Ok(())
    }

    /// GET of a resource that must not be there.
    ///
    /// # Errors
    /// Any other answer than 404.
    pub(super) async fn miss(&mut self, path: &str) -> anyhow::Result<()> {
        self.send(Method::GET, path, None, &[404]).await?;
        Ok(())
    }

    /// Checks what the person of this login name has in Cloudmore at this moment, `None` being no
    /// account. The step must have brought it already: SCIM writes settle before they answer.
    ///
    /// # Errors
    /// When it is something else.
    pub(super) fn check(&mut self, name: &str, expected: Option<&Access>) -> anyhow::Result<()> {
        let world = self.stage.sandbox().snapshot();
        let found = Access::of(name, &world);
        ensure!(
            found.as_ref() == expected,
            "expected: {name} has {}\nfound: {}",
            in_words(expected, &world),
            in_words(found.as_ref(), &world)
        );
        let words = in_words(expected, &world);
        self.narrator.result(&format!("{name} has {words}"));
        Ok(())
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        accepted: &[u16],
    ) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.stage.scim(self.tenant.as_str()));
        let request = self.http.request(method.clone(), url);
        let request = self.dialect.dress(request, body.is_some());
        let request = request.bearer_auth(self.stage.token());
        let request = match body {
            Some(body) => request.body(body.to_string()),
            None => request,
        };
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;

        let operations = body.and_then(|body| body.get("Operations"));
        let line = format!("{method} {path}");
        self.narrator
            .request(self.dialect.name(), &line, operations, status);
        self.tell_what_followed(method != Method::GET).await?;
        ensure!(
            accepted.contains(&status),
            "expected: status {accepted:?}\nfound: {status} {text}"
        );
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).context("the answer is not JSON")
    }

    /// Tells the plan of a write, and the calls to Cloudmore since it was last asked.
    async fn tell_what_followed(&mut self, write: bool) -> anyhow::Result<()> {
        let store = self.stage.bridge().store();
        let entries = store
            .audit_after(&self.tenant, self.told_entry, ENTRIES)
            .await?;
        let calls = self.stage.sandbox().calls_since(self.told_call);
        let world = self.stage.sandbox().snapshot();
        if write {
            self.narrator.plan(&entries, &world);
        }
        self.narrator.calls(&calls);
        if let Some(entry) = entries.last() {
            self.told_entry = entry.id;
        }
        if let Some(call) = calls.last() {
            self.told_call = call.seq;
        }
        Ok(())
    }
}

impl Dialect {
    fn name(self) -> &'static str {
        match self {
            Self::Entra => "Entra",
            Self::Okta => "Okta",
        }
    }

    fn dress(self, request: RequestBuilder, has_body: bool) -> RequestBuilder {
        match self {
            Self::Entra if has_body => request.header("Content-Type", SCIM_JSON),
            Self::Entra => request,
            Self::Okta => request
                .header("User-Agent", "Okta SCIM Client 1.0.0")
                .header("Accept", "application/scim+json")
                .header("Accept-Charset", "utf-8")
                .header("Content-Type", SCIM_JSON),
        }
    }

    /// A path with a query, blanks written as this client writes them.
    ///
    /// # Errors
    /// When it makes no address.
    pub(super) fn query(self, path: &str, pairs: &[(&str, &str)]) -> anyhow::Result<String> {
        // Only the query of this address is of use.
        let url = Url::parse_with_params("http://localhost", pairs)?;
        let query = url.query().unwrap_or_default();
        let query = match self {
            Self::Entra => query.to_owned(),
            Self::Okta => query.replace('+', "%20"),
        };
        Ok(format!("{path}?{query}"))
    }
}

/// The id of a resource.
///
/// # Errors
/// When it has none.
pub(super) fn id(resource: &Value) -> anyhow::Result<String> {
    let id = resource.get("id").and_then(Value::as_str);
    Ok(id.context("the answer has no id")?.to_owned())
}
