//! What discovery says is tried, and what it denies is refused.

use reqwest::Method;
use serde_json::{Value, json};

use super::answer::Answer;
use super::check::{Check, Fault, Section, Skip, nothing_else};
use super::known::{Fact, Known};
use super::request::{Habits, Request};

const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// One check for each switch of the configuration.
pub(super) static SECTION: Section = Section {
    title: "What is advertised",
    checks: &[
        Check {
            name: "filter.maxResults is kept",
            request: |known| {
                known.advertises("/filter/supported", "filters are not advertised")?;
                let most = number(known, "/filter/maxResults")?;
                let count = most.saturating_add(1).to_string();
                Ok(Request::get(Habits::Entra, "/Users").with("count", count))
            },
            status: &[200],
            judge: |answer, known| {
                let most = number(known, "/filter/maxResults").unwrap_or(u64::MAX);
                let count = answer.list()?.len();
                if u64::try_from(count).is_ok_and(|count| count <= most) {
                    Ok(())
                } else {
                    Err(Fault::new(
                        format!("at most {most} resources"),
                        count.to_string(),
                    ))
                }
            },
            advice: "Never return more resources than filter.maxResults, or advertise more.",
        },
        Check {
            name: "sorting works",
            request: |known| {
                known.advertises("/sort/supported", "sorting is not advertised")?;
                let list = Request::get(Habits::Entra, "/Users").with("sortBy", "userName");
                Ok(list.with("sortOrder", "descending").with("count", "20"))
            },
            status: &[200],
            judge: descending,
            advice: "Sort by sortBy, without regard to case for userName (RFC 7644 section 3.4.2.3), or advertise no sort.",
        },
        Check {
            name: "a user has an entity tag",
            request: |known| {
                known.advertises("/etag/supported", "entity tags are not advertised")?;
                let path = known.path("/Users", Fact::User)?;
                Ok(Request::get(Habits::Entra, path))
            },
            status: &[200],
            judge: |answer, known| match &answer.entity_tag {
                Some(tag) => {
                    answer.is("/meta/version", tag.as_str())?;
                    known.keep(Fact::EntityTag, tag.as_str());
                    Ok(())
                }
                None => Err(Fault::new("an ETag header", "none")),
            },
            advice: "Send the version as ETag and as meta.version (RFC 7644 section 3.14), or advertise no etag.",
        },
        Check {
            name: "a user whom the client has is not sent again",
            request: |known| conditional(known, "if-none-match", None),
            status: &[304],
            judge: nothing_else,
            advice: "Answer 304 without a body when If-None-Match names the version.",
        },
        Check {
            name: "a change of another version is refused",
            request: |known| conditional(known, "if-match", Some("W/\"scim-bridge-doctor\"")),
            status: &[412],
            judge: |answer, _| answer.error(),
            advice: "Answer 412 when If-Match does not name the version.",
        },
        Check {
            name: "Bulk works",
            request: |known| {
                known.advertises("/bulk/supported", "Bulk is not advertised")?;
                Ok(bulk(known))
            },
            status: &[200],
            judge: |answer, _| {
                answer.has_schema("urn:ietf:params:scim:api:messages:2.0:BulkResponse")?;
                answer.is("/Operations/0/method", "DELETE")?;
                answer.is("/Operations/0/status", "404")
            },
            advice: "Carry out POST /Bulk and give each operation its status as a text (RFC 7644 section 3.7), or advertise no bulk.",
        },
        Check {
            name: "Bulk is refused where it is not advertised",
            request: |known| match known.advertises("/bulk/supported", "") {
                Ok(()) => Err(Skip("Bulk is advertised")),
                Err(_) => {
                    known.get(Fact::Config)?;
                    Ok(bulk(known))
                }
            },
            status: &[403, 404, 405, 501],
            judge: |answer, _| answer.error(),
            advice: "Answer 501 with a SCIM error.",
        },
        Check {
            name: "cursors work",
            request: |known| {
                known.advertises("/pagination/cursor", "cursors are not advertised")?;
                known.text(Fact::Colleague)?;
                let page = Request::get(Habits::Entra, "/Users").with("cursor", "");
                Ok(page.with("count", "1"))
            },
            status: &[200],
            judge: |answer, _| {
                answer.list()?;
                match answer.json.get("nextCursor") {
                    Some(Value::String(cursor)) if !cursor.is_empty() => Ok(()),
                    _ => Err(Fault::new("a text as nextCursor", "none")),
                }
            },
            advice: "Give a nextCursor while there are more resources (RFC 9865 section 2), or advertise no cursors.",
        },
        Check {
            name: "a search by POST is carried out or refused",
            request: |known| {
                let body = json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                    "filter": format!("userName eq \"{}\"", known.stranger()),
                });
                Ok(Request::write(
                    Habits::Entra,
                    Method::POST,
                    "/Users/.search",
                    &body,
                ))
            },
            status: &[200, 404, 405, 501],
            judge: |answer, _| {
                if answer.status == 200 {
                    answer.total(0)
                } else {
                    answer.error()
                }
            },
            advice: "Search as GET does (RFC 7644 section 3.4.3), or answer 501 with a SCIM error.",
        },
    ],
};

fn number(known: &Known, pointer: &str) -> Result<u64, Skip> {
    let number = known.get(Fact::Config)?.pointer(pointer);
    let number = number.and_then(Value::as_u64);
    number.ok_or(Skip("the configuration gives no number"))
}

fn descending(answer: &Answer, _: &mut Known) -> Result<(), Fault> {
    let names = answer.list()?.iter();
    let names = names.filter_map(|user| user.get("userName")?.as_str());
    let names: Vec<_> = names.map(str::to_lowercase).collect();
    if names.is_sorted_by(|one, next| one >= next) {
        Ok(())
    } else {
        Err(Fault::new(
            "userNames in descending order",
            names.join(", "),
        ))
    }
}

/// A read or a harmless change of Entra's user under a condition; on the version that it has if
/// none is given.
fn conditional(
    known: &Known,
    header: &'static str,
    version: Option<&str>,
) -> Result<Request, Skip> {
    known.advertises("/etag/supported", "entity tags are not advertised")?;
    let path = known.path("/Users", Fact::User)?;
    let tag = match version {
        Some(version) => version,
        None => known.text(Fact::EntityTag)?,
    };
    let request = if header == "if-match" {
        let operations = json!([{"op": "replace", "path": "title", "value": "Nobody"}]);
        Request::patch(Habits::Entra, path, &operations).alone()
    } else {
        Request::get(Habits::Entra, path)
    };
    Ok(request.on_condition(header, tag))
}

/// A bulk request that changes nothing: it deletes who is not there.
fn bulk(known: &Known) -> Request {
    let path = format!("/Users/{}", known.stranger());
    let body = json!({"schemas": [BULK], "Operations": [{"method": "DELETE", "path": path}]});
    Request::write(Habits::Entra, Method::POST, "/Bulk", &body)
}
