//! The end of the test data's life (`reference/idp-behaviour.md`, section 2.8).

use super::check::{Check, Section, error_body, no_hit, nothing_else};
use super::known::Fact;
use super::people::ENTRA;
use super::request::{Habits, Request};

/// Okta's user is left to the clean-up.
pub(super) static SECTION: Section = Section {
    title: "Farewell",
    checks: &[
        Check {
            name: "the group is deleted",
            request: |known| {
                Ok(Request::delete(
                    Habits::Entra,
                    known.path("/Groups", Fact::Group)?,
                ))
            },
            status: &[204],
            judge: nothing_else,
            advice: "Answer DELETE with 204 and no body.",
        },
        Check {
            name: "the group is gone",
            request: |known| {
                Ok(Request::get(
                    Habits::Entra,
                    known.path("/Groups", Fact::Group)?,
                ))
            },
            status: &[404],
            judge: error_body,
            advice: "Answer 404 for what was deleted.",
        },
        Check {
            name: "the users of a deleted group are still there",
            request: |known| {
                Ok(Request::get(
                    Habits::Entra,
                    known.path("/Users", Fact::User)?,
                ))
            },
            status: &[200],
            judge: nothing_else,
            advice: "Deleting a group deletes nobody.",
        },
        Check {
            name: "the user is deleted",
            request: |known| {
                Ok(Request::delete(
                    Habits::Entra,
                    known.path("/Users", Fact::User)?,
                ))
            },
            status: &[204],
            judge: nothing_else,
            advice: "Answer DELETE with 204 and no body.",
        },
        Check {
            name: "the user is gone",
            request: |known| {
                Ok(Request::get(
                    Habits::Entra,
                    known.path("/Users", Fact::User)?,
                ))
            },
            status: &[404],
            judge: error_body,
            advice: "Answer 404 for who was deleted.",
        },
        Check {
            name: "the user is found no more",
            request: |known| {
                known.text(Fact::User)?;
                let filter = format!("userName eq \"{}\"", known.address(ENTRA));
                Ok(Request::find(Habits::Entra, "/Users", filter))
            },
            status: &[200],
            judge: no_hit,
            advice: "Leave deleted users out of searches.",
        },
        Check {
            name: "a second deletion finds nobody",
            request: |known| {
                Ok(Request::delete(
                    Habits::Entra,
                    known.path("/Users", Fact::User)?,
                ))
            },
            status: &[404],
            judge: error_body,
            advice: "Answer 404 to a repeated DELETE.",
        },
    ],
};
