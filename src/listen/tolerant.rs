//! Requests with bare quotation marks in their address, as Microsoft's validator sends them in filters
//! (`reference/idp-behaviour.md`, Q005).
//!
//! HTTP forbids them (RFC 3986, section 2), and the HTTP library refuses such a request before
//! anybody sees it. So each one becomes a backtick on its way in, which is just as forbidden and
//! therefore means nothing else, and an encoded quotation mark once the request is read. A byte for
//! a byte: no length changes, so the library and a proxy in front always agree on where a request
//! ends.

use std::io::IoSlice;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{self, AsyncRead, AsyncWrite, ReadBuf};

use super::activity::Activity;

/// A connection that knows whether an address is being read.
#[derive(Debug)]
pub(super) struct Tolerant<S> {
    stream: S,
    at: Place,
    activity: Arc<Activity>,
}

impl<S> Tolerant<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self {
            stream,
            at: Place::Method,
            activity,
        }
    }

    /// What comes after an answer is the next request. `100 Continue` is none: the body comes after it.
    fn answers(&mut self) {
        if self.activity.awaits_request() {
            self.at = Place::Method;
        }
    }
}

/// What the next byte read belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// The method, or the line ends that may stand before it.
    Method,
    /// The address before its query.
    Path,
    /// The query of the address.
    Query,
    /// Everything up to the next request.
    Rest,
}

impl Place {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Method, b'A'..=b'Z' | b'\r' | b'\n') => Self::Method,
            (Self::Method, b' ') => Self::Path,
            (Self::Path, b'?') => Self::Query,
            (Self::Path | Self::Query, b' ' | b'\r' | b'\n') | (Self::Method | Self::Rest, _) => {
                Self::Rest
            }
            (Self::Path | Self::Query, _) => self,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tolerant<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if buf.filled().len() > before {
            self.activity.head_begins();
        }
        for byte in buf.filled_mut().iter_mut().skip(before) {
            if self.at == Place::Rest {
                break;
            }
            if self.at == Place::Query && *byte == b'"' {
                *byte = b'`';
            }
            self.at = self.at.after(*byte);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tolerant<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.answers();
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.answers();
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
