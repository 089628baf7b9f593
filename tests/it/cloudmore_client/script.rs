//! A server on a free port of this machine that answers each request with the next reply of a script and remembers what
//! it was asked. It speaks HTTP by hand, because dropped and unfinished answers are among the replies.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use scim_bridge::cloudmore::{Client, ClientAuth, Scope, Settings, Target, Wire};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;

use crate::harness::evidence;

pub(super) const PASSWORD: &str = "p&ss+w%rd =secret";
pub(super) const CLIENT_SECRET: &str = "cl13nt&secret";
pub(super) const API_ACCOUNT: &str = "scim@northwind.example";

/// What the server does with a request.
pub(super) enum Reply {
    /// Answers.
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// Answers with the request's own body or `Authorization` header as the error's words.
    Echo(u16),
    /// Answers 200 with an empty list to this token, 401 to any other.
    OnlyTo(&'static str),
    /// Closes the connection instead of answering.
    Drop,
    /// Announces a longer body than it sends, then closes.
    Cut(u16, String),
    /// Never answers.
    Silence,
    /// Answers 200 with an empty list once so many requests are under way.
    Meet(Arc<Barrier>),
    /// Replies once somebody else has come to the barrier as well.
    MeetThen(Arc<Barrier>, Box<Reply>),
}

impl Reply {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self::text(status, body.to_string())
    }

    pub(super) fn text(status: u16, body: impl Into<String>) -> Self {
        let (headers, body) = (Vec::new(), body.into());
        Self::Answer {
            status,
            headers,
            body,
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }
}

/// A request that the server got.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) line: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

#[derive(Default)]
struct State {
    api: Mutex<VecDeque<Reply>>,
    tokens: Mutex<VecDeque<Reply>>,
    seen: Mutex<Vec<Seen>>,
    tokens_seen: Mutex<Vec<Seen>>,
    now: AtomicI64,
    under_way: AtomicUsize,
    peak: AtomicUsize,
}

/// A scripted Cloudmore and a client for it.
pub(super) struct Cloudmore {
    state: Arc<State>,
    pub(super) client: Client,
}

impl Cloudmore {
    /// Answers API calls with `replies` and every token request with a token of its own.
    pub(super) async fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::with(replies, [], |_| {}).await
    }

    /// The same with a script for the token server (a token after its end) and other settings.
    pub(super) async fn with(
        replies: impl IntoIterator<Item = Reply>,
        tokens: impl IntoIterator<Item = Reply>,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        [PASSWORD, CLIENT_SECRET]
            .into_iter()
            .for_each(evidence::used);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut settings = settings(&format!("http://{}", listener.local_addr().unwrap()));
        change(&mut settings);
        let state = Arc::new(State::default());
        state.api.lock().unwrap().extend(replies);
        state.tokens.lock().unwrap().extend(tokens);
        tokio::spawn(accept(listener, Arc::clone(&state)));
        let clock = Arc::clone(&state);
        let client = Client::new(settings, move || clock.now.load(Ordering::SeqCst)).unwrap();
        Self { state, client }
    }

    /// Gives a token, closes that connection, and from then on refuses every other.
    pub(super) async fn closing_after_the_token() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let settings = settings(&format!("http://{}", listener.local_addr().unwrap()));
        let state = Arc::new(State::default());
        let token = json!({ "access_token": "token", "expires_in": 60 });
        let token = Reply::json(200, token).with("Connection", "close");
        state.tokens.lock().unwrap().push_back(token);
        let server = Arc::clone(&state);
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            drop(listener);
            serve(stream, server).await;
        });
        let client = Client::new(settings, || 0).unwrap();
        Self { state, client }
    }

    pub(super) fn organization(&self) -> Target {
        self.client.target(Scope::Organization("org".to_owned()))
    }

    pub(super) fn broker(&self) -> Target {
        self.client.target(Scope::Broker)
    }

    /// Lets time pass on the client's clock.
    pub(super) fn pass(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).unwrap();
        self.state.now.fetch_add(micros, Ordering::SeqCst);
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }

    /// Method and path of each API request.
    pub(super) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// The most meeting requests that were under way at once.
    pub(super) fn peak(&self) -> usize {
        self.state.peak.load(Ordering::SeqCst)
    }

    pub(super) fn tokens_seen(&self) -> Vec<Seen> {
        self.state.tokens_seen.lock().unwrap().clone()
    }
}

pub(super) fn settings(base_url: &str) -> Settings {
    Settings {
        wire: Wire::default(),
        base_url: base_url.to_owned(),
        reseller_id: "res".to_owned(),
        username: API_ACCOUNT.to_owned(),
        password: PASSWORD.into(),
        client_id: "ro.customer.client".to_owned(),
        client_secret: CLIENT_SECRET.into(),
        client_auth: ClientAuth::Form,
        requests_per_second: 1000,
        concurrency: 4,
        connect_timeout: Duration::from_secs(5),
        call_timeout: Duration::from_secs(10),
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&state)));
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let mut stream = BufReader::new(stream);
    while let Some(seen) = read_request(&mut stream).await {
        let mut reply = next_reply(&state, &seen);
        if let Reply::MeetThen(barrier, then) = reply {
            barrier.wait().await;
            reply = *then;
        }
        let (status, headers, body, missing) = match reply {
            Reply::Answer {
                status,
                headers,
                body,
            } => (status, headers, body, 0),
            Reply::Echo(status) => {
                let words = format!(
                    "{} {}",
                    seen.body,
                    seen.header("authorization").unwrap_or_default()
                );
                (
                    status,
                    Vec::new(),
                    json!({ "message": words }).to_string(),
                    0,
                )
            }
            Reply::OnlyTo(token) => {
                let known = seen.header("authorization") == Some(&format!("Bearer {token}"));
                (
                    if known { 200 } else { 401 },
                    Vec::new(),
                    "[]".to_owned(),
                    0,
                )
            }
            Reply::Cut(status, body) => (status, Vec::new(), body, 100),
            Reply::Drop | Reply::MeetThen(..) => return,
            Reply::Silence => return std::future::pending().await,
            Reply::Meet(barrier) => {
                let under_way = state.under_way.fetch_add(1, Ordering::SeqCst) + 1;
                state.peak.fetch_max(under_way, Ordering::SeqCst);
                barrier.wait().await;
                state.under_way.fetch_sub(1, Ordering::SeqCst);
                (200, Vec::new(), "[]".to_owned(), 0)
            }
        };
        let mut answer = format!(
            "HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n",
            body.len() + missing
        );
        for (name, value) in headers {
            answer += &format!("{name}: {value}\r\n");
        }
        answer += "\r\n";
        answer += &body;
        if stream.write_all(answer.as_bytes()).await.is_err() || missing > 0 {
            return;
        }
    }
}

async fn read_request(stream: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let line = head.first()?.trim_end_matches(" HTTP/1.1").to_owned();
    let headers = head.iter().skip(1).filter_map(|line| line.split_once(": "));
    let headers: BTreeMap<String, String> = headers
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let body = String::from_utf8(body).unwrap();
    Some(Seen {
        line,
        headers,
        body,
    })
}

fn next_reply(state: &State, seen: &Seen) -> Reply {
    if seen.line == "POST /connect/token" {
        let mut tokens_seen = state.tokens_seen.lock().unwrap();
        tokens_seen.push(seen.clone());
        let token =
            json!({ "access_token": format!("token-{}", tokens_seen.len()), "expires_in": 86_400 });
        let scripted = state.tokens.lock().unwrap().pop_front();
        return scripted.unwrap_or_else(|| Reply::json(200, token));
    }
    evidence::handed_out(&serde_json::from_str(&seen.body).unwrap_or_default());
    state.seen.lock().unwrap().push(seen.clone());
    let scripted = state.api.lock().unwrap().pop_front();
    scripted.unwrap_or_else(|| Reply::text(599, "the script has ended"))
}
