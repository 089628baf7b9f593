//! A tenant's address as its client reaches it: one bridge, or several in turn, any of which may be away.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::Value;

/// What a client makes of an answer that is no success.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// 429, 503 and the like, or no answer at all: whether it happened is not known, and it is to be tried again.
    Again,
    /// The request was wrong.
    Refused(u16, String),
}

/// Who sends requests, and where.
pub struct Connection {
    pub tenant: &'static str,
    /// The tenant's credential.
    token: &'static str,
    http: Client,
    replicas: Vec<Replica>,
    turn: AtomicUsize,
}

struct Replica {
    port: u16,
    /// It did not answer, and is left out until it says that it is alive.
    is_out: AtomicBool,
}

impl Connection {
    pub fn new(tenant: &'static str, token: &'static str, ports: &[u16]) -> Self {
        // Within this time every bridge that runs answers. One of several that does not may have been stopped.
        let patience = if ports.len() == 1 { 60 } else { 5 };
        let http = Client::builder().timeout(Duration::from_secs(patience));
        let replicas = ports.iter().map(|port| Replica {
            port: *port,
            is_out: AtomicBool::new(false),
        });
        Self {
            tenant,
            token,
            http: http.build().unwrap(),
            replicas: replicas.collect(),
            turn: AtomicUsize::new(0),
        }
    }

    /// Sends a request to whose turn it is.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Trouble> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let replica = &self.replicas[turn % self.replicas.len()];
        if replica.is_out.load(Ordering::Relaxed) {
            self.alive(replica).await?;
        }
        let url = format!(
            "http://127.0.0.1:{}/scim/{}/v2{path}",
            replica.port, self.tenant
        );
        let request = self.http.request(method, url).bearer_auth(self.token);
        let request = match body {
            Some(body) => request
                .header("content-type", "application/scim+json")
                .body(body.to_string()),
            None => request,
        };
        let answer = async {
            let answer = request.send().await?;
            Ok::<_, reqwest::Error>((answer.status().as_u16(), answer.text().await?))
        };
        let Ok((status, text)) = answer.await else {
            replica.is_out.store(true, Ordering::Relaxed);
            return Err(Trouble::Again);
        };
        match status {
            200..300 => Ok(serde_json::from_str(&text).unwrap_or_default()),
            429 | 500.. => Err(Trouble::Again),
            _ => Err(Trouble::Refused(status, text)),
        }
    }

    async fn alive(&self, replica: &Replica) -> Result<(), Trouble> {
        let url = format!("http://127.0.0.1:{}/livez", replica.port);
        let asked = self
            .http
            .get(url)
            .timeout(Duration::from_millis(200))
            .send();
        asked.await.map_err(|_| Trouble::Again)?;
        replica.is_out.store(false, Ordering::Relaxed);
        Ok(())
    }

    pub async fn get(&self, path: &str) -> Result<Value, Trouble> {
        self.send(Method::GET, path, None).await
    }

    /// All resources of a type, page by page, as Okta imports them. The path ends with `?` or `&`.
    pub async fn all(&self, path: &str) -> Result<Vec<Value>, Trouble> {
        let mut found: Vec<Value> = Vec::new();
        loop {
            let page = format!("{path}startIndex={}&count=20", found.len() + 1);
            let page = self.get(&page).await?;
            found.extend(page["Resources"].as_array().unwrap().iter().cloned());
            if found.len() >= usize::try_from(page["totalResults"].as_u64().unwrap()).unwrap() {
                return Ok(found);
            }
        }
    }

    /// The one resource of a type that has this value. The path ends with `?` or `&`.
    pub async fn find(
        &self,
        path: &str,
        attribute: &str,
        value: &str,
    ) -> Result<Option<Value>, Trouble> {
        let filter = format!(
            "{path}filter={attribute}+eq+%22{}%22",
            value.replace(' ', "+")
        );
        let found = self.get(&filter).await?;
        let found = found["Resources"].as_array().unwrap();
        assert!(found.len() <= 1, "{value} is there {} times", found.len());
        Ok(found.first().cloned())
    }
}
