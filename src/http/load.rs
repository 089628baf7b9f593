//! How many SCIM requests are under way at once, and for how long at most.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tracing::{error, warn};

use super::answer::Refused;
use crate::domain::deadlines::ANSWER;
use crate::scim::ScimError;

/// When a request that was not served is worth another try.
const AGAIN: Duration = Duration::from_secs(5);

/// Places for requests.
pub(super) type Places = Arc<Semaphore>;

/// Serves a request if there is a place for it, and answers in time whatever becomes of it. The place is free again when
/// the work is done, not when its client has gone away.
pub(super) async fn bound(State(places): State<Places>, request: Request, next: Next) -> Response {
    let Ok(place) = places.try_acquire_owned() else {
        // 429 and not 503, because Okta and Entra both come again by themselves after it
        // (`reference/idp-behaviour.md`, section 1).
        return refused(ScimError::too_many_requests(
            "The bridge has as many requests under way as it can take. Send this one again later.",
            AGAIN,
        ));
    };
    let served = tokio::spawn(async move {
        let answer = next.run(request).await;
        drop(place);
        answer
    });
    match timeout(ANSWER, served).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            error!(error = %error, "A request broke down");
            refused(ScimError::internal(
                "The bridge could not finish the request. Try again.",
            ))
        }
        Err(_) => {
            warn!("A request was not done in time");
            refused(ScimError::unavailable(
                "The bridge could not finish the request in time. Send it again if it does not show.",
                AGAIN,
            ))
        }
    }
}

fn refused(error: ScimError) -> Response {
    Refused(error).into_response()
}
