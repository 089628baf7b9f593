//! Bodies that come too slowly, or stop coming.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::Version;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::watch;
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

/// How far a body has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    /// Not to its end, whether or not somebody reads it.
    Begun,
    Whole,
    /// Not in time.
    Stalled,
}

/// Gives a body its time. If it does not keep to it, the request is answered with 408 whatever came of it otherwise. Unless
/// it came to its end the connection is closed, because nobody knows where the next request would begin; HTTP/1 has to say
/// so, or the client sends the next request into a closed connection.
pub(super) async fn keep(State(bounds): State<Bounds>, request: Request, next: Next) -> Response {
    let speaks_http1 = request.version() <= Version::HTTP_11;
    let begun = if request.body().is_end_stream() {
        Came::Whole
    } else {
        Came::Begun
    };
    let (seen, came) = watch::channel(begun);
    let request = request.map(|body| Body::from_stream(timed(body, bounds, seen)));
    let answer = next.run(request).await;
    let came = *came.borrow();
    let mut answer = match came {
        Came::Begun | Came::Whole => answer,
        Came::Stalled => Refused(ScimError::request_timeout(
            "The body did not come in time. Send the request again.",
        ))
        .into_response(),
    };
    if speaks_http1 && came != Came::Whole {
        let close = HeaderValue::from_static("close");
        answer.headers_mut().insert(CONNECTION, close);
    }
    answer
}

/// The body with a deadline that moves away as the body comes.
fn timed(
    body: Body,
    bounds: Bounds,
    came: watch::Sender<Came>,
) -> impl Stream<Item = Result<Bytes, Broken>> {
    let deadline = Instant::now() + bounds.body_timeout;
    let begun = (body.into_data_stream(), deadline, came);
    stream::try_unfold(begun, |(mut chunks, mut deadline, came)| async move {
        match timeout_at(deadline, chunks.next()).await {
            Err(_) => {
                came.send_replace(Came::Stalled);
                Err(Broken::Stalled)
            }
            Ok(None) => {
                came.send_replace(Came::Whole);
                Ok(None)
            }
            Ok(Some(chunk)) => {
                let chunk = chunk?;
                let bytes = u64::try_from(chunk.len()).unwrap_or(0);
                deadline += Bounds::time_for(bytes);
                Ok(Some((chunk, (chunks, deadline, came))))
            }
        }
    })
}
