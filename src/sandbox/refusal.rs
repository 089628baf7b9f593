//! Why a call is refused, and in which shape the client is told.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::reply::{Answer, Payload};
use super::switches::{AssignTwice, Duplicate, MissingIs, Refusals, SeatsExhausted, Switches};

/// Why a call is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// 404: nothing at this path.
    NotFound,
    /// There is no such person.
    Nobody,
    /// 405: the path is known, the method is not.
    Method,
    /// 401: no token, or none that is good.
    Unauthorized,
    /// 403: another reseller's data.
    Forbidden,
    /// 403: more than the API account may do.
    NotAllowed(String),
    /// 400 with messages by field: the body does not fit the model.
    Fields(Vec<(String, String)>),
    /// 400 with a list of errors: a business rule.
    Rule(String),
    /// The value of this field is somebody's.
    Taken { field: String, why: String },
    /// The user is assigned already.
    AlreadyAssigned,
    /// The subscription takes nobody more.
    NoSeats(String),
}

/// What the body of a refusal says.
enum Complaint {
    Nothing,
    Rule(String),
    Fields(Vec<(String, String)>),
}

impl Refusal {
    /// The answer; `intent` says what the call tried, for the journal.
    pub(super) fn into_answer(self, switches: &Switches, intent: &str) -> Answer {
        let (status, complaint, why) = match self {
            Self::NotFound => bare(StatusCode::NOT_FOUND, "not found"),
            Self::Nobody => match switches.missing_is {
                MissingIs::NotFound | MissingIs::Null => bare(StatusCode::NOT_FOUND, "not found"),
                MissingIs::BadRequest => rule(
                    StatusCode::BAD_REQUEST,
                    "The user does not exist.".to_owned(),
                ),
            },
            Self::Method => bare(StatusCode::METHOD_NOT_ALLOWED, "no such method"),
            Self::Unauthorized => bare(StatusCode::UNAUTHORIZED, "no valid token"),
            Self::Forbidden => bare(StatusCode::FORBIDDEN, "another reseller's data"),
            Self::NotAllowed(why) => rule(StatusCode::FORBIDDEN, why),
            Self::Fields(fields) => {
                let why = joined(&fields);
                (StatusCode::BAD_REQUEST, Complaint::Fields(fields), why)
            }
            Self::Rule(why) => rule(StatusCode::BAD_REQUEST, why),
            Self::Taken { field, why } => match switches.duplicate {
                Duplicate::ErrorList => rule(StatusCode::BAD_REQUEST, why),
                Duplicate::FieldMap => {
                    let fields = vec![(field, why.clone())];
                    (StatusCode::BAD_REQUEST, Complaint::Fields(fields), why)
                }
                Duplicate::Conflict => rule(StatusCode::CONFLICT, why),
                Duplicate::Empty => bare(StatusCode::BAD_REQUEST, &why),
            },
            Self::AlreadyAssigned => {
                let why = "The user is assigned to this subscription already.".to_owned();
                match switches.assign_twice {
                    AssignTwice::BadRequest => rule(StatusCode::BAD_REQUEST, why),
                    AssignTwice::Conflict => rule(StatusCode::CONFLICT, why),
                    AssignTwice::Succeeds => bare(StatusCode::OK, &why),
                }
            }
            Self::NoSeats(why) => {
                let status = match switches.seats_exhausted {
                    SeatsExhausted::BadRequest | SeatsExhausted::Overbooks => {
                        StatusCode::BAD_REQUEST
                    }
                    SeatsExhausted::Conflict => StatusCode::CONFLICT,
                };
                rule(status, why)
            }
        };
        let payload = complaint.payload(status, switches.refusals);
        Answer::new(status, payload, format!("refuses to {intent}: {why}"))
    }
}

fn bare(status: StatusCode, why: &str) -> (StatusCode, Complaint, String) {
    (status, Complaint::Nothing, why.to_owned())
}

fn rule(status: StatusCode, why: String) -> (StatusCode, Complaint, String) {
    (status, Complaint::Rule(why.clone()), why)
}

impl Complaint {
    fn payload(self, status: StatusCode, shape: Refusals) -> Payload {
        let message = match &self {
            Self::Nothing => return Payload::Empty,
            Self::Rule(message) => message.clone(),
            Self::Fields(fields) => joined(fields),
        };
        match shape {
            Refusals::AsDocumented => Payload::One(match self {
                Self::Fields(fields) => by_field(fields),
                Self::Rule(_) | Self::Nothing => json!([api_error(&message)]),
            }),
            Refusals::SingleError => Payload::One(api_error(&message)),
            Refusals::Problem => Payload::One(json!({
                "type": "about:blank",
                "title": message,
                "status": status.as_u16(),
                "errors": match self {
                    Self::Fields(fields) => by_field(fields),
                    Self::Rule(_) | Self::Nothing => json!({}),
                },
            })),
            Refusals::Message => Payload::One(json!({ "message": message })),
            Refusals::Text => Payload::Verbatim(Value::from(message)),
            Refusals::Empty => Payload::Empty,
        }
    }
}

/// 5 is the only code that is known, so no other is used.
fn api_error(message: &str) -> Value {
    json!({ "errorCode": 5, "errorName": "InvalidValue", "errorMessage": message })
}

fn by_field(fields: Vec<(String, String)>) -> Value {
    let mut map = Map::new();
    for (field, message) in fields {
        map.insert(field, json!([message]));
    }
    Value::Object(map)
}

fn joined(fields: &[(String, String)]) -> String {
    let messages: Vec<&str> = fields.iter().map(|(_, message)| message.as_str()).collect();
    messages.join(" ")
}
