//! Somebody in front of the console with a browser that keeps cookies and follows nothing by itself.

use std::sync::Mutex;

use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};

use crate::harness::{Bridge, evidence};

/// A browser.
pub struct Visitor {
    http: Client,
    base: String,
    /// What of a cookie goes back.
    cookies: Mutex<Vec<(String, String)>>,
}

/// What was answered.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// Where it sends the browser; empty for nowhere.
    pub fn location(&self) -> &str {
        let location = self.headers.get(LOCATION);
        location.map_or("", |value| value.to_str().unwrap())
    }

    /// The cookies that it sets, as they are written.
    pub fn cookies(&self) -> Vec<&str> {
        let cookies = self.headers.get_all(SET_COOKIE).iter();
        cookies.map(|value| value.to_str().unwrap()).collect()
    }

    /// The value of a hidden field of its forms.
    pub fn field(&self, name: &str) -> String {
        let after = self.body.split_once(&format!("name=\"{name}\" value=\""));
        let (_, after) = after.unwrap_or_else(|| panic!("{name} is not in {}", self.body));
        after.split_once('"').unwrap().0.to_owned()
    }
}

impl Visitor {
    pub fn of(bridge: &Bridge) -> Self {
        Self::at(&format!("http://{}", bridge.app.addr()))
    }

    /// In front of the console of a bridge at this address.
    pub fn at(base: &str) -> Self {
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        Self {
            http,
            base: base.to_owned(),
            cookies: Mutex::default(),
        }
    }

    /// In front of a bridge, at another address of this machine.
    pub fn from(bridge: &Bridge, number: u8) -> Self {
        let client = Client::builder().redirect(Policy::none());
        let client = client.local_address(Some([127, 0, 0, number].into()));
        Self {
            http: client.build().unwrap(),
            ..Self::of(bridge)
        }
    }

    /// Somebody else with the same cookies.
    pub fn copy(&self) -> Self {
        let copy = Self::at(&self.base);
        *copy.cookies.lock().unwrap() = self.cookies.lock().unwrap().clone();
        copy
    }

    /// The value of a cookie, whatever stands before its name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.cookies.lock().unwrap();
        let mut cookies = cookies.iter();
        let cookie = cookies.find(|(each, _)| each.trim_start_matches("__Host-") == name);
        cookie.map(|(_, value)| value.clone())
    }

    /// Puts a cookie where the browser has it.
    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap();
        cookies.retain(|(each, _)| each != name);
        cookies.push((name.to_owned(), value.to_owned()));
    }

    /// A request with the browser's cookies that the test goes on to shape.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        };
        let cookies = self.cookies.lock().unwrap();
        let sent: Vec<_> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = self.http.request(method, url);
        if sent.is_empty() {
            request
        } else {
            request.header(COOKIE, sent.join("; "))
        }
    }

    /// Sends it and keeps the cookies that come back.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.text().await.unwrap();
        let answer = Answer {
            status,
            headers,
            body,
        };
        for cookie in answer.cookies() {
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            evidence::used(value);
            self.set_cookie(name, value);
            if attributes.contains("Max-Age=0") {
                self.cookies
                    .lock()
                    .unwrap()
                    .retain(|(each, _)| each != name);
            }
        }
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Sends a form as a page of the console does.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.request(Method::POST, path).form(fields);
        let request = request.header("sec-fetch-site", "same-origin");
        self.send(request).await
    }

    /// Signs in with a token.
    pub async fn sign_in(&self, token: &str) -> Answer {
        self.post("/admin/sign-in", &[("token", token)]).await
    }
}
