//! A SCIM server as they are written in a hurry: it works by hand, and makes the mistakes that the
//! doctor is there for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use reqwest::Url;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// Resources by their path, such as `/Users/1`.
type Directory = BTreeMap<String, Value>;

/// A running server.
pub struct PoorServer {
    pub base: String,
    desk: Arc<Desk>,
}

struct Desk {
    directory: Mutex<Directory>,
    /// A group is never made, but its making is told here, if anybody listens.
    stuck: Option<Notify>,
}

impl PoorServer {
    /// A server with one user who is not the doctor's.
    pub async fn start() -> Self {
        Self::with(None).await
    }

    /// The same, but the making of a group never ends.
    pub async fn that_gets_stuck() -> Self {
        Self::with(Some(Notify::new())).await
    }

    async fn with(stuck: Option<Notify>) -> Self {
        let stranger = json!({"id": "0", "userName": "olga@example.com", "active": true});
        let directory = Directory::from([("/Users/0".to_owned(), stranger)]);
        let desk = Arc::new(Desk {
            directory: Mutex::new(directory),
            stuck,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/scim", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&desk));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, desk }
    }

    /// Waits until the making of a group gets stuck.
    pub async fn stuck(&self) {
        self.desk.stuck.as_ref().unwrap().notified().await;
    }

    /// What there is.
    pub fn paths(&self) -> Vec<String> {
        self.desk
            .directory
            .lock()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    }
}

/// Mistake: the token is never looked at.
async fn answer(State(desk): State<Arc<Desk>>, method: Method, uri: Uri, body: String) -> Response {
    let path = uri.path().trim_start_matches("/scim").to_owned();
    if let (Some(stuck), "/Groups", &Method::POST) = (&desk.stuck, path.as_str(), &method) {
        stuck.notify_one();
        std::future::pending::<()>().await;
    }
    let mut directory = desk.directory.lock().unwrap();
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    match (method.as_str(), path.as_str()) {
        ("GET", "/ServiceProviderConfig") => configuration(),
        ("GET", "/Users" | "/Groups") => search(&directory, &path, &uri),
        ("POST", "/Users" | "/Groups") => create(&mut directory, &path, body),
        ("GET", _) => match directory.get(&path) {
            Some(resource) => scim(StatusCode::OK, resource),
            None => not_found(),
        },
        ("PATCH", _) => match directory.get_mut(&path) {
            Some(resource) => patch(resource, &body),
            None => not_found(),
        },
        // Mistake: groups are never deleted, and nobody is told.
        ("DELETE", path) if path.starts_with("/Groups/") => StatusCode::NO_CONTENT.into_response(),
        ("DELETE", path) => match directory.remove(path) {
            Some(_) => StatusCode::NO_CONTENT.into_response(),
            None => not_found(),
        },
        // Mistake: without PUT, Okta's changes of profiles never arrive.
        _ => error(StatusCode::NOT_IMPLEMENTED, "This is not done."),
    }
}

/// Mistake: sorting and entity tags are advertised and not done.
fn configuration() -> Response {
    let config = json!({
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": 100},
        "changePassword": {"supported": false},
        "sort": {"supported": true},
        "etag": {"supported": true},
        "authenticationSchemes": [{"type": "oauthbearertoken"}],
    });
    scim(StatusCode::OK, &config)
}

/// Mistakes: names are compared with their case, and a filter of another form finds everybody.
fn search(directory: &Directory, endpoint: &str, uri: &Uri) -> Response {
    let url = Url::parse(&format!("http://poor.example{uri}")).unwrap();
    let filter = url.query_pairs().find(|(key, _)| key == "filter");
    let filter = filter
        .map(|(_, filter)| filter.into_owned())
        .unwrap_or_default();
    let wanted = filter.split_once(" eq ");
    let inside = format!("{endpoint}/");
    let of_type = directory
        .iter()
        .filter(|(path, _)| path.starts_with(&inside));
    let found: Vec<_> = of_type
        .map(|(_, resource)| resource)
        .filter(|resource| match wanted {
            Some((name, value)) if !name.contains('[') => {
                resource[name].as_str() == Some(value.trim_matches('"'))
            }
            _ => true,
        })
        .collect();
    let list = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": found.len(),
        "startIndex": 1,
        "itemsPerPage": found.len(),
        "Resources": found,
    });
    scim(StatusCode::OK, &list)
}

fn create(directory: &mut Directory, endpoint: &str, mut body: Value) -> Response {
    let unique =
        |resource: &Value| [&resource["userName"], &resource["displayName"]].map(Value::clone);
    let is_group = endpoint == "/Groups";
    let taken = |(path, other): (&String, &Value)| {
        path.starts_with(endpoint)
            && unique(other)[usize::from(is_group)] == unique(&body)[usize::from(is_group)]
    };
    if directory.iter().any(taken) {
        return error(StatusCode::CONFLICT, "The name is taken.");
    }
    let id = directory.len().to_string();
    body["id"] = json!(id);
    body["meta"] = json!({"resourceType": if is_group { "Group" } else { "User" }});
    directory.insert(format!("{endpoint}/{id}"), body.clone());
    scim(StatusCode::CREATED, &body)
}

/// Mistakes: values are kept as they come, members are listed twice, a removal of one empties the
/// group, and a path with a filter is passed over in silence.
fn patch(resource: &mut Value, body: &Value) -> Response {
    for operation in body["Operations"].as_array().into_iter().flatten() {
        let op = operation["op"].as_str().unwrap_or_default().to_lowercase();
        let value = operation["value"].clone();
        match (op.as_str(), operation["path"].as_str()) {
            ("add", Some("members")) => {
                let mut members = resource["members"].as_array().cloned().unwrap_or_default();
                members.extend(value.as_array().cloned().unwrap_or_default());
                resource["members"] = Value::from(members);
            }
            ("remove", Some(path)) if !path.contains('[') => resource[path] = Value::Null,
            ("remove", _) => {}
            (_, Some(path)) => resource[path] = value,
            (_, None) => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    resource[name.as_str()] = value.clone();
                }
            }
        }
    }
    scim(StatusCode::OK, resource)
}

fn scim(status: StatusCode, body: &Value) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/scim+json")];
    (status, content_type, body.to_string()).into_response()
}

fn error(status: StatusCode, detail: &str) -> Response {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.as_u16().to_string(),
        "detail": detail,
    });
    scim(status, &body)
}

/// Mistake: no SCIM error.
fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "not found").into_response()
}
