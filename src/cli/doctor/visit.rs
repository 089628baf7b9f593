//! One visit: sends the requests of the checks, judges the answers, and removes what it made.

use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder, Url, header, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::answer::Answer;
use super::check::{Check, Fault, Section, Skip};
use super::known::Known;
use super::okta::OKTA;
use super::people::ENTRA;
use super::report::{Outcome, Report};
use super::request::{Bearer, Habits, Request};

/// How long a request may take: as long as Okta waits (`reference/idp-behaviour.md`, section 3.1).
const TIMEOUT: Duration = Duration::from_secs(60);

const WRONG_TOKEN: &str = "scim-bridge-doctor-wrong-token";

/// A visit to one server.
pub(super) struct Visit {
    http: Client,
    base: Url,
    token: SecretString,
    known: Known,
    /// The addresses of what the server made for us.
    made: Vec<String>,
    /// Whether anything was asked to be made: an answer can get lost, what it was about does not.
    wrote: bool,
    slowest: Duration,
}

impl Visit {
    /// A visit to the server at `base`.
    ///
    /// # Errors
    /// When HTTP cannot be set up.
    pub(super) fn new(base: Url, token: SecretString, domain: String) -> anyhow::Result<Self> {
        // A redirect is a finding: clients do not take their token along.
        let http = Client::builder()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none());
        Ok(Self {
            http: http.build()?,
            base,
            token,
            known: Known::new(domain),
            made: Vec::new(),
            wrote: false,
            slowest: Duration::ZERO,
        })
    }

    /// What was learned.
    pub(super) fn known(&self) -> &Known {
        &self.known
    }

    /// The longest that an answer took.
    pub(super) fn slowest(&self) -> Duration {
        self.slowest
    }

    /// Goes through all checks. Without a connection the rest is not tried.
    pub(super) async fn check(&mut self, sections: &[&Section], report: &mut Report) {
        let mut connected = None;
        for section in sections {
            report.section(section.title);
            for check in section.checks {
                let outcome = if connected == Some(false) {
                    Outcome::NotTried("the first connection test failed")
                } else {
                    self.try_out(check).await
                };
                connected = connected.or(Some(matches!(outcome, Outcome::Well)));
                report.check(check, outcome);
            }
        }
    }

    async fn try_out(&mut self, check: &Check) -> Outcome {
        let request = match (check.request)(&self.known) {
            Ok(request) => request,
            Err(Skip(why)) => return Outcome::NotTried(why),
        };
        match self.judge(check, &request).await {
            Ok(()) => Outcome::Well,
            Err(fault) => Outcome::Problem {
                request: self.shown(&request),
                fault,
            },
        }
    }

    async fn judge(&mut self, check: &Check, request: &Request) -> Result<(), Fault> {
        let answer = self.send(request).await?;
        let status = answer.status(check.status);
        let judged = match &request.read_after {
            Some(path) if status.is_ok() => {
                let read = self.send(&Request::get(request.habits, path)).await?;
                read.status(&[200])?;
                read
            }
            _ => answer.clone(),
        };
        // Judged even if the status is wrong: what was made in spite of it is worth to know.
        let content = (check.judge)(&judged, &mut self.known);
        status?;
        content?;
        answer.well_formed()?;
        judged.well_formed()
    }

    /// Removes all test data. Returns what could not be removed.
    pub(super) async fn clean_up(&mut self) -> Vec<String> {
        if !self.wrote {
            return Vec::new();
        }
        let mut paths = std::mem::take(&mut self.made);
        let group = self.known.group_name();
        for (endpoint, attribute, name) in [
            ("/Groups", "displayName", format!("{group}-renamed")),
            ("/Groups", "displayName", group),
            ("/Users", "userName", self.known.address(ENTRA)),
            ("/Users", "userName", self.known.address(OKTA)),
        ] {
            paths.extend(self.named(endpoint, attribute, &name).await);
        }
        paths.sort();
        paths.dedup();
        let mut left = Vec::new();
        for path in paths {
            if !self.remove(&path).await {
                left.push(path);
            }
        }
        left
    }

    /// The resources of exactly this name; whatever else a bad filter finds is not ours.
    async fn named(&mut self, endpoint: &str, attribute: &str, name: &str) -> Vec<String> {
        let search = Request::find(
            Habits::Entra,
            endpoint,
            format!("{attribute} eq \"{name}\""),
        );
        let Ok(answer) = self.send(&search).await else {
            return Vec::new();
        };
        let found = answer.json.get("Resources").and_then(Value::as_array);
        let ours = found.into_iter().flatten().filter_map(|resource| {
            let is_ours = resource
                .get(attribute)?
                .as_str()?
                .eq_ignore_ascii_case(name);
            let id = resource.get("id")?.as_str()?;
            is_ours.then(|| format!("{endpoint}/{id}"))
        });
        ours.collect()
    }

    /// Deletes a resource and looks whether it is gone.
    async fn remove(&mut self, path: &str) -> bool {
        // A DELETE that fails is seen by the look after it.
        drop(self.send(&Request::delete(Habits::Entra, path)).await);
        let look = self.send(&Request::get(Habits::Entra, path)).await;
        look.is_ok_and(|answer| answer.status == 404)
    }

    async fn send(&mut self, request: &Request) -> Result<Answer, Fault> {
        let built = self.build(request)?;
        let makes = request.method == Method::POST;
        self.wrote |= makes;
        let begun = Instant::now();
        let response = built.send().await.map_err(|error| no_answer(&error))?;
        let header = |name| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        let status = response.status();
        let (content_type, challenge, entity_tag) = (
            header(header::CONTENT_TYPE).unwrap_or_default(),
            header(header::WWW_AUTHENTICATE),
            header(header::ETAG),
        );
        let text = response.text().await.map_err(|error| no_answer(&error))?;
        self.slowest = self.slowest.max(begun.elapsed());
        let json: Value = serde_json::from_str(&text).unwrap_or_default();
        if let (true, true, Some(id)) = (
            makes,
            status.is_success(),
            json.get("id").and_then(Value::as_str),
        ) {
            self.made.push(format!("{}/{id}", request.path));
        }
        Ok(Answer {
            status: status.as_u16(),
            content_type,
            challenge,
            entity_tag,
            text,
            json,
        })
    }

    fn build(&self, request: &Request) -> Result<RequestBuilder, Fault> {
        let mut built = self
            .http
            .request(request.method.clone(), self.url(request)?);
        built = match request.bearer {
            Bearer::Right => built.bearer_auth(self.token.expose_secret()),
            Bearer::Wrong => built.bearer_auth(WRONG_TOKEN),
            Bearer::Missing => built,
        };
        if let Some(media_type) = request.content_type {
            built = built.header(header::CONTENT_TYPE, media_type);
        }
        if let Some((name, value)) = &request.condition {
            built = built.header(*name, value);
        }
        Ok(match &request.body {
            Some(body) => built.body(body.clone()),
            None => built,
        })
    }

    fn url(&self, request: &Request) -> Result<Url, Fault> {
        let base = self.base.as_str().trim_end_matches('/');
        let mut url = Url::parse(&format!("{base}{}", request.path))
            .map_err(|error| Fault::new("an address", format!("{} ({error})", request.path)))?;
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        if request.habits == Habits::Okta {
            let query = url.query().map(|query| query.replace('+', "%20"));
            url.set_query(query.as_deref());
        }
        Ok(url)
    }

    /// A request as the report shows it: without the base address, which may be long.
    fn shown(&self, request: &Request) -> String {
        let query = self.url(request).ok();
        let query = query.as_ref().and_then(Url::query);
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let body = request.body.as_deref().unwrap_or_default();
        format!("{} {}{query} {body}", request.method, request.path)
            .trim_end()
            .to_owned()
    }
}

fn no_answer(error: &reqwest::Error) -> Fault {
    let found = if error.is_timeout() {
        format!("none within {} seconds", TIMEOUT.as_secs())
    } else {
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        cause.to_string()
    };
    Fault::new("an answer", found)
}
