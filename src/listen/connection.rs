//! One connection from its first byte to its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::activity::Activity;
use super::bounds::Bounds;
use super::peer::{Certificate, Peer};
use super::places::Place;
use super::tls;
use super::tolerant::Tolerant;

/// A connection that was taken up.
pub(super) struct Connection {
    pub(super) address: SocketAddr,
    pub(super) place: Place,
    pub(super) bounds: Bounds,
    pub(super) router: Router,
    pub(super) stop: CancellationToken,
}

impl Connection {
    /// Serves it to its end.
    pub(super) async fn serve(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        let Some(tls) = tls else {
            return self.http1(stream, None).await;
        };
        let shaken = tokio::select! {
            shaken = timeout(self.bounds.header_timeout, tls.accept(stream)) => shaken,
            () = self.place.needed() => return,
            () = self.stop.cancelled() => return,
        };
        let address = self.address;
        match shaken {
            Err(_) => debug!(%address, "A TLS handshake took too long"),
            Ok(Err(error)) => debug!(%address, error = %error, "A TLS handshake failed"),
            Ok(Ok(stream)) => {
                let (_, session) = stream.get_ref();
                let certificate = tls::shown(session);
                if session.alpn_protocol() == Some(tls::HTTP2) {
                    self.http2(stream, certificate).await;
                } else {
                    self.http1(stream, certificate).await;
                }
            }
        }
    }

    async fn http1<S>(self, stream: S, certificate: Option<Arc<Certificate>>)
    where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let activity = Activity::new(self.bounds, self.place);
        let stream = TokioIo::new(Tolerant::new(stream, Arc::clone(&activity)));
        let served = served(&self.router, self.address, certificate, &activity);
        let unread = self.bounds.unread_bytes();
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // `Activity` tells a client that is slow from one that asks nothing.
            .header_read_timeout(None)
            .max_header_size(unread)
            .max_buf_size(unread.max(512 * 1024))
            .serve_connection(stream, served);
        drive(connection, &activity, &self.stop).await;
    }

    async fn http2<S>(self, stream: S, certificate: Option<Arc<Certificate>>)
    where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let activity = Activity::new(self.bounds, self.place);
        let served = served(&self.router, self.address, certificate, &activity);
        let list_size = u32::try_from(self.bounds.unread_bytes()).unwrap_or(u32::MAX);
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(Bounds::STREAMS)
            .max_header_list_size(list_size)
            .keep_alive_interval(self.bounds.idle_timeout)
            .keep_alive_timeout(self.bounds.header_timeout)
            .serve_connection(TokioIo::new(stream), served);
        drive(connection, &activity, &self.stop).await;
    }
}

/// The router, to which each request brings the other end of the connection.
fn served(
    router: &Router,
    address: SocketAddr,
    certificate: Option<Arc<Certificate>>,
    activity: &Arc<Activity>,
) -> impl Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + use<>
{
    let router = TowerToHyperService::new(router.clone());
    let activity = Arc::clone(activity);
    let peer = Peer {
        address,
        certificate,
    };
    service_fn(move |mut request: Request<Incoming>| {
        let under_way = activity.begin();
        request.extensions_mut().insert(peer.clone());
        let answer = router.call(request);
        async move {
            let answer = answer.await?;
            // Answers are made whole, never while they are read.
            under_way.answered(answer.body().size_hint().lower());
            Ok(answer)
        }
    })
}

/// Lets a connection go on until it ends by itself, its client is too slow, its place is needed, or all is to stop.
async fn drive<C>(connection: C, activity: &Activity, stop: &CancellationToken)
where
    C: GracefulConnection<Error = hyper::Error>,
{
    let mut connection = pin!(connection);
    let mut over = pin!(activity.is_over());
    let mut needed = pin!(activity.place_is_needed());
    let (mut ending, mut stopping) = (false, false);
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    debug!(error = %error, "A connection broke");
                }
                return;
            }
            () = over.as_mut() => return,
            () = needed.as_mut(), if !ending => {
                if activity.is_idle() {
                    return;
                }
                // It was asked something in the same moment, which is answered.
                ending = true;
                connection.as_mut().graceful_shutdown();
            }
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}
