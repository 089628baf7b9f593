//! The connection tests of Entra ID and Okta, and what a wrong token is told
//! (`reference/idp-behaviour.md`, sections 2.3, 3.2 and 3.3).

use super::answer::Answer;
use super::check::{Check, Fault, Section, no_hit};
use super::known::Known;
use super::request::{Bearer, Habits, Request};

/// If the first of these fails, nothing else is tried.
pub(super) static SECTION: Section = Section {
    title: "Connection",
    checks: &[
        Check {
            name: "Entra tests the connection with a user who does not exist",
            request: |known| Ok(users_of_nobody(known)),
            status: &[200],
            judge: no_hit,
            advice: "Check --url and --token first. Answer a search without a hit with 200, totalResults 0 and \"Resources\": [], also when the request has neither Content-Type nor Accept.",
        },
        Check {
            name: "Entra tests the connection with a group that does not exist",
            request: |known| {
                let filter = format!("displayName eq \"{}\"", known.stranger());
                Ok(Request::find(Habits::Entra, "/Groups", filter))
            },
            status: &[200],
            judge: no_hit,
            advice: "Answer the same for groups, even where no groups are synchronized: Entra stops the whole job on 404.",
        },
        Check {
            name: "Entra's tenant URL may end with ?aadOptscim062020",
            request: |known| Ok(users_of_nobody(known).with("aadOptscim062020", "")),
            status: &[200],
            judge: no_hit,
            advice: "Ignore query parameters that you do not know.",
        },
        Check {
            name: "Okta tests the connection with a page of one user",
            request: |_| {
                let page = Request::get(Habits::Okta, "/Users");
                Ok(page.with("count", "1").with("startIndex", "1"))
            },
            status: &[200],
            judge: |answer, _| answer.list().map(drop),
            advice: "Answer a list with whole numbers as totalResults, itemsPerPage and startIndex.",
        },
        Check {
            name: "a wrong token is refused",
            request: |known| Ok(users_of_nobody(known).bearing(Bearer::Wrong)),
            status: &[401],
            judge: refusal,
            advice: REFUSE,
        },
        Check {
            name: "no token is refused",
            request: |known| Ok(users_of_nobody(known).bearing(Bearer::Missing)),
            status: &[401],
            judge: refusal,
            advice: REFUSE,
        },
    ],
};

const REFUSE: &str = "Answer 401 with a SCIM error whose status is the text \"401\", and with WWW-Authenticate (RFC 7235 section 3.1).";

fn users_of_nobody(known: &Known) -> Request {
    let filter = format!("userName eq \"{}\"", known.stranger());
    Request::find(Habits::Entra, "/Users", filter)
}

fn refusal(answer: &Answer, _: &mut Known) -> Result<(), Fault> {
    answer.error()?;
    match &answer.challenge {
        Some(_) => Ok(()),
        None => Err(Fault::new("a WWW-Authenticate header", "none")),
    }
}
