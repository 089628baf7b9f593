//! A request, in the habits of Entra ID or of Okta (`reference/idp-behaviour.md`, sections 2.1 and 3.1).

use reqwest::Method;
use serde_json::{Value, json};

/// The media type of SCIM as both clients write it.
const SCIM_JSON: &str = "application/scim+json; charset=utf-8";

/// Whose habits a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habits {
    /// Blanks in queries as `+`, no content type where there is no content.
    Entra,
    /// Blanks in queries as `%20`, a content type everywhere.
    Okta,
}

/// Which token a request bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bearer {
    /// The one that was given.
    Right,
    /// Another one.
    Wrong,
    /// None at all.
    Missing,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// Below the base address, without the query.
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<String>,
    pub(super) content_type: Option<&'static str>,
    pub(super) habits: Habits,
    pub(super) bearer: Bearer,
    /// The condition that the request is made under.
    pub(super) condition: Option<(&'static str, String)>,
    /// What is read after the change, and judged instead of the answer.
    pub(super) read_after: Option<String>,
}

impl Request {
    fn new(habits: Habits, method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            body: None,
            content_type: (habits == Habits::Okta).then_some(SCIM_JSON),
            habits,
            bearer: Bearer::Right,
            condition: None,
            read_after: None,
        }
    }

    /// A read.
    pub(super) fn get(habits: Habits, path: impl Into<String>) -> Self {
        Self::new(habits, Method::GET, path)
    }

    /// A deletion.
    pub(super) fn delete(habits: Habits, path: impl Into<String>) -> Self {
        Self::new(habits, Method::DELETE, path)
    }

    /// A search as each of the two makes it.
    pub(super) fn find(habits: Habits, path: &str, filter: impl Into<String>) -> Self {
        let found = Self::get(habits, path).with("filter", filter);
        match habits {
            Habits::Entra => found,
            Habits::Okta => found.with("startIndex", "1").with("count", "100"),
        }
    }

    /// A write of a JSON body.
    pub(super) fn write(
        habits: Habits,
        method: Method,
        path: impl Into<String>,
        body: &Value,
    ) -> Self {
        Self::write_text(habits, method, path, body.to_string())
    }

    /// A write of a body that need not be JSON.
    pub(super) fn write_text(
        habits: Habits,
        method: Method,
        path: impl Into<String>,
        body: impl Into<String>,
    ) -> Self {
        let mut request = Self::new(habits, method, path);
        request.body = Some(body.into());
        request.content_type = Some(SCIM_JSON);
        request
    }

    /// A PATCH with these operations, after which the resource is read.
    pub(super) fn patch(habits: Habits, path: impl Into<String>, operations: &Value) -> Self {
        let path = path.into();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": operations,
        });
        Self::write(habits, Method::PATCH, path.clone(), &body).then_read(path)
    }

    /// The same request with a query parameter.
    pub(super) fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.query.push((key, value.into()));
        self
    }

    /// The same request with another media type.
    pub(super) fn with_media_type(mut self, content_type: &'static str) -> Self {
        self.content_type = Some(content_type);
        self
    }

    /// The same request with another token.
    pub(super) fn bearing(mut self, bearer: Bearer) -> Self {
        self.bearer = bearer;
        self
    }

    /// The same request under a condition.
    pub(super) fn on_condition(mut self, header: &'static str, value: impl Into<String>) -> Self {
        self.condition = Some((header, value.into()));
        self
    }

    /// The same request, after which something is read.
    pub(super) fn then_read(mut self, path: impl Into<String>) -> Self {
        self.read_after = Some(path.into());
        self
    }

    /// The same request without the read that a PATCH has after it.
    pub(super) fn alone(mut self) -> Self {
        self.read_after = None;
        self
    }
}
