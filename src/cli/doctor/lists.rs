//! Lists: pages, projections and searches that find nothing (RFC 7644 sections 3.4.2 and 3.9).

use super::check::{Check, Fault, Section, Skip};
use super::known::{Fact, Known};
use super::request::{Habits, Request};

/// Both test users exist by then, so there are at least two pages of one.
pub(super) static SECTION: Section = Section {
    title: "Lists",
    checks: &[
        Check {
            name: "the first page of one user",
            request: |known| page(known, "1"),
            status: &[200],
            judge: |answer, known| {
                answer.list()?;
                answer.is("/itemsPerPage", 1)?;
                answer.is("/startIndex", 1)?;
                let id = answer.json.pointer("/Resources/0/id").cloned();
                known.keep(Fact::FirstOnPage, id.unwrap_or_default());
                Ok(())
            },
            advice: "Return as many resources as count says, and say so in itemsPerPage.",
        },
        Check {
            name: "the second page has another user",
            request: |known| page(known, "2"),
            status: &[200],
            judge: |answer, known| {
                answer.list()?;
                answer.is("/itemsPerPage", 1)?;
                answer.is("/startIndex", 2)?;
                let first = known.get(Fact::FirstOnPage).ok();
                if answer.json.pointer("/Resources/0/id") == first {
                    return Err(Fault::new(
                        "another user than on the first page",
                        "the same",
                    ));
                }
                Ok(())
            },
            advice: "Keep one order over all pages; startIndex counts resources from 1, not pages.",
        },
        Check {
            name: "a page behind the end is empty",
            request: |known| page(known, "1000000"),
            status: &[200],
            judge: |answer, _| {
                answer.list()?;
                answer.is("/itemsPerPage", 0)
            },
            advice: "Answer 200 with itemsPerPage 0 and the true totalResults.",
        },
        Check {
            name: "a count of 0 gives the number alone",
            request: |_| Ok(Request::get(Habits::Entra, "/Users").with("count", "0")),
            status: &[200],
            judge: |answer, _| {
                answer.list()?;
                answer.is("/itemsPerPage", 0)
            },
            advice: "count 0 asks for totalResults without resources (RFC 7644 section 3.4.2.4).",
        },
        Check {
            name: "only the attributes that are asked for are returned",
            request: |known| {
                let path = known.path("/Users", Fact::User)?;
                Ok(Request::get(Habits::Entra, path).with("attributes", "userName"))
            },
            status: &[200],
            judge: |answer, known| {
                answer.id()?;
                answer.is("/userName", known.address("entra"))?;
                answer.lacks("/emails")
            },
            advice: "Apply attributes, and return id and schemas always.",
        },
        Check {
            name: "a condition on the manager is evaluated",
            request: |known| {
                let id = known.text(Fact::User)?;
                let filter = format!("id eq \"{id}\" and manager eq \"{}\"", known.stranger());
                let search = Request::find(Habits::Entra, "/Users", filter);
                Ok(search.with("attributes", "id"))
            },
            status: &[200],
            judge: |answer, _| answer.total(0),
            advice: "Evaluate both sides of and; manager alone means the manager's value in the enterprise extension.",
        },
    ],
};

fn page(known: &Known, start: &'static str) -> Result<Request, Skip> {
    known.text(Fact::User)?;
    known.text(Fact::Colleague)?;
    let page = Request::get(Habits::Okta, "/Users");
    Ok(page.with("startIndex", start).with("count", "1"))
}
