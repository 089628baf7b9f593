//! Bodies that come too slowly, or stop coming.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use super::answer::Refused;
use crate::listen::Bounds;
use crate::scim::ScimError;

/// What became of a body.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("the body did not come in time")]
    Stalled,
    #[error(transparent)]
    Connection(#[from] axum::Error),
}

/// Gives a body its time. If it does not keep to it, the request is answered with 408 whatever came of it otherwise, and the
/// connection is closed: nobody knows where the next request would begin.
pub(super) async fn keep(State(bounds): State<Bounds>, request: Request, next: Next) -> Response {
    let stalled = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stalled);
    let request = request.map(|body| Body::from_stream(timed(body, bounds, stalled)));
    let answer = next.run(request).await;
    if !seen.load(Ordering::SeqCst) {
        return answer;
    }
    let mut answer = Refused(ScimError::request_timeout(
        "The body did not come in time. Send the request again.",
    ))
    .into_response();
    let close = HeaderValue::from_static("close");
    answer.headers_mut().insert(CONNECTION, close);
    answer
}

/// The body with a deadline that moves away as the body comes.
fn timed(
    body: Body,
    bounds: Bounds,
    stalled: Arc<AtomicBool>,
) -> impl Stream<Item = Result<Bytes, Broken>> {
    let deadline = Instant::now() + bounds.body_timeout;
    let begun = (body.into_data_stream(), deadline, stalled);
    stream::try_unfold(begun, |(mut chunks, mut deadline, stalled)| async move {
        match timeout_at(deadline, chunks.next()).await {
            Err(_) => {
                stalled.store(true, Ordering::SeqCst);
                Err(Broken::Stalled)
            }
            Ok(None) => Ok(None),
            Ok(Some(chunk)) => {
                let chunk = chunk?;
                let bytes = u64::try_from(chunk.len()).unwrap_or(0);
                deadline += Duration::from_micros(bytes * 1_000_000 / Bounds::BODY_PACE);
                Ok(Some((chunk, (chunks, deadline, stalled))))
            }
        }
    })
}
