//! A real browser: Debian's Chromium, which `tests/run` installs, driven by the W3C `WebDriver` protocol.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// By what the protocol names an element in an answer.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// One browser window with nothing kept from another.
pub struct Browser {
    http: reqwest::Client,
    session: String,
    driver: Driver,
}

/// The program that drives the browser, and ends with it.
struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    /// On a port that it finds for itself and tells.
    fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: tests/run installs it");
        let told = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = told.map(Result::unwrap).find_map(|line| {
            let (_, port) = line.rsplit_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let url = format!("http://127.0.0.1:{}", port.unwrap());
        Self { process, url }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Browser {
    /// Opens one.
    pub async fn start() -> Self {
        let driver = tokio::task::spawn_blocking(Driver::start).await.unwrap();
        let http = reqwest::Client::new();
        // Root may not use the sandbox of Chromium, and a container has little shared memory.
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "timeouts": {"implicit": 5000, "pageLoad": 60000, "script": 20000},
        }}});
        let url = format!("{}/session", driver.url);
        let made = answer(http.post(url).json(&wanted)).await.unwrap();
        let session = format!(
            "{}/session/{}",
            driver.url,
            made["sessionId"].as_str().unwrap()
        );
        Self {
            http,
            session,
            driver,
        }
    }

    /// Opens a page, as if its address were typed in.
    pub async fn open(&self, url: &str) {
        self.post("url", json!({"url": url})).await;
    }

    /// The title of the page.
    pub async fn title(&self) -> String {
        self.get("title").await
    }

    /// The address of the page.
    pub async fn url(&self) -> String {
        self.get("url").await
    }

    /// What is seen of the first element that a CSS selector finds, as soon as there is one.
    pub async fn text(&self, selector: &str) -> String {
        let element = self.element(selector).await;
        self.get(&format!("element/{element}/text")).await
    }

    /// Types into a field.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let element = self.element(selector).await;
        self.post(&format!("element/{element}/value"), json!({"text": text}))
            .await;
    }

    /// Clicks.
    pub async fn click(&self, selector: &str) {
        let element = self.element(selector).await;
        self.post(&format!("element/{element}/click"), json!({}))
            .await;
    }

    /// What a script gives that the driver runs in the page.
    pub async fn run(&self, script: &str) -> Value {
        self.post("execute/sync", json!({"script": script, "args": []}))
            .await
    }

    /// What the page complained of since the last look; Chromium's advice on style is no complaint.
    pub async fn complaints(&self) -> Vec<Value> {
        let noted = self.log("browser").await.into_iter();
        noted.filter(|entry| entry["level"] != "DEBUG").collect()
    }

    /// The addresses that pages asked for by HTTP since the last look.
    pub async fn requests(&self) -> Vec<String> {
        let noted = self.log("performance").await.into_iter();
        let messages = noted.map(|entry| {
            let message = entry["message"].as_str().unwrap();
            serde_json::from_str::<Value>(message).unwrap()["message"].take()
        });
        let sent = messages.filter(|message| message["method"] == "Network.requestWillBeSent");
        let urls = sent.map(|message| {
            let url = message["params"]["request"]["url"].as_str();
            url.unwrap().to_owned()
        });
        urls.filter(|url| url.starts_with("http")).collect()
    }

    /// Closes it.
    pub async fn close(self) {
        answer(self.http.delete(&self.session)).await.unwrap();
        drop(self.driver);
    }

    async fn element(&self, selector: &str) -> String {
        let wanted = json!({"using": "css selector", "value": selector});
        let found = self.post("element", wanted).await;
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let noted = self.post("se/log", json!({"type": kind})).await;
        noted.as_array().unwrap().clone()
    }

    async fn get(&self, what: &str) -> String {
        let asked = self.http.get(format!("{}/{what}", self.session));
        let value = answer(asked).await.unwrap();
        value.as_str().unwrap().to_owned()
    }

    async fn post(&self, what: &str, body: Value) -> Value {
        let asked = self.http.post(format!("{}/{what}", self.session));
        answer(asked.json(&body)).await.unwrap()
    }
}

/// The value of an answer, or what the driver has against the command.
async fn answer(asked: reqwest::RequestBuilder) -> Result<Value, Value> {
    let answer = asked.send().await.unwrap();
    let went_well = answer.status().is_success();
    let value = answer.json::<Value>().await.unwrap()["value"].take();
    if went_well { Ok(value) } else { Err(value) }
}
