//! What all pages have in common, and the pages that only say something.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tracing::error;

use super::Console;
use super::session::SignedIn;

/// What stands around every page.
pub(super) struct Frame {
    /// Where the pages are.
    pub(super) base: String,
    /// Who is signed in.
    pub(super) who: Option<Who>,
}

/// Who is signed in, as pages show it.
pub(super) struct Who {
    pub(super) label: String,
    pub(super) role: &'static str,
    pub(super) form_token: String,
}

impl Frame {
    /// Around a page for everybody.
    pub(super) fn open(console: &Console) -> Self {
        Self {
            base: console.place.base.clone(),
            who: None,
        }
    }

    /// Around a page for somebody who is signed in.
    pub(super) fn of(console: &Console, signed_in: &SignedIn) -> Self {
        Self {
            base: console.place.base.clone(),
            who: Some(Who {
                label: signed_in.administrator.label.clone(),
                role: signed_in.administrator.role.name(),
                form_token: signed_in.form_token(),
            }),
        }
    }
}

/// A heading and a sentence.
#[derive(Template)]
#[template(path = "message.html", config = "src/console/askama.toml")]
struct Message {
    frame: Frame,
    said: Said,
}

/// What a page says that has nothing else.
pub(super) struct Said {
    heading: &'static str,
    words: String,
}

impl Said {
    /// That something did not work out.
    pub(super) fn error(words: impl Into<String>) -> Self {
        Self {
            heading: "That did not work",
            words: words.into(),
        }
    }
}

/// A page that says why nothing was done.
pub(super) fn refuse(console: &Console, status: StatusCode, said: Said) -> Response {
    let frame = Frame::open(console);
    (status, render(&Message { frame, said })).into_response()
}

/// The page that says that the store failed, which is in the log.
pub(super) fn store_failed(console: &Console, error: &dyn std::fmt::Display) -> Response {
    error!(error = %error, "The store failed");
    let words = "The bridge could not use its store. Its log says why.";
    refuse(
        console,
        StatusCode::INTERNAL_SERVER_ERROR,
        Said::error(words),
    )
}

/// A page as an answer.
pub(super) fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            error!(error = %error, "A page could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Answers only if there is anybody who may administer the bridge.
pub(super) async fn if_there(
    State(console): State<Console>,
    request: Request,
    next: Next,
) -> Response {
    if console.admin.is_there() {
        return next.run(request).await;
    }
    let said = Said {
        heading: "There is no console",
        words: "This bridge has no console. Add [admin] with a token to its configuration."
            .to_owned(),
    };
    refuse(&console, StatusCode::NOT_FOUND, said)
}

/// An address of no page.
pub(super) async fn no_such_page(signed_in: SignedIn, State(console): State<Console>) -> Response {
    let frame = Frame::of(&console, &signed_in);
    let said = Said {
        heading: "There is no such page",
        words: "There is nothing at this address of the console.".to_owned(),
    };
    (StatusCode::NOT_FOUND, render(&Message { frame, said })).into_response()
}

/// A page that does not take this.
pub(super) async fn method_not_allowed(State(console): State<Console>) -> Response {
    let words = "This page does not take this method.";
    refuse(&console, StatusCode::METHOD_NOT_ALLOWED, Said::error(words))
}
