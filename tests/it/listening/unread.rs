//! Answers that nobody reads.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Version;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::tls::{Files, spoken};
use super::wire::head;
use super::{bridge, serves_others};
use crate::harness::Bridge;

/// Longer than anything here may take.
const LONG: Duration = Duration::from_secs(20);
/// Types of frames (RFC 9113, section 6).
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const ACK: u8 = 1;

/// A client of HTTP/2 that lets nothing of a body through, and otherwise does all that it has to.
struct Deaf(TlsStream<TcpStream>);

impl Deaf {
    async fn to(bridge: &Bridge, files: &Files) -> Self {
        let mut roots = RootCertStore::empty();
        let pem = files.authority.pem();
        roots
            .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
            .unwrap();
        let mut config =
            ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let stream = TcpStream::connect(bridge.app.addr()).await.unwrap();
        let name = "bridge.example".try_into().unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let mut deaf = Self(stream.await.unwrap());
        deaf.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
        // SETTINGS_INITIAL_WINDOW_SIZE is 0.
        deaf.frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]).await;
        deaf
    }

    /// Asks for something that everybody may see, and waits for the head of the answer.
    async fn is_answered(&mut self) {
        // `:method GET`, `:scheme https`, `:path`, `:authority` (RFC 7541, appendix A).
        let asked = b"\x82\x87\x44\x06/livez\x41\x0ebridge.example";
        // END_STREAM, END_HEADERS
        self.frame(HEADERS, 5, 1, asked).await;
        let answered = async {
            while let Some(kind) = self.next().await {
                if kind == HEADERS {
                    return;
                }
            }
            panic!("closed before it was answered");
        };
        timeout(LONG, answered).await.expect("no answer");
    }

    /// Waits until the other side closes.
    async fn is_closed(&mut self) {
        let closed = async { while self.next().await.is_some() {} };
        timeout(LONG, closed)
            .await
            .expect("the connection stays open");
    }

    /// The type of the frame that comes next, which is confirmed if it has to be.
    async fn next(&mut self) -> Option<u8> {
        let mut header = [0; 9];
        self.0.read_exact(&mut header).await.ok()?;
        let [high, middle, low, kind, flags, ..] = header;
        let length = u32::from_be_bytes([0, high, middle, low]);
        let mut payload = vec![0; length as usize];
        self.0.read_exact(&mut payload).await.ok()?;
        match (kind, flags & ACK) {
            (SETTINGS, 0) => self.frame(SETTINGS, ACK, 0, &[]).await,
            (PING, 0) => self.frame(PING, ACK, 0, &payload).await,
            _ => {}
        }
        Some(kind)
    }

    async fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        self.write(&frame).await;
    }

    /// Writes; that the other side may have closed already is seen when reading.
    async fn write(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
        let _ = self.0.flush().await;
    }
}

#[tokio::test]
async fn a_client_of_http2_that_takes_no_answer_is_cut_off() {
    let files = Files::new();
    let section = "[server.connections]\nidle_timeout = \"400ms\"\n".to_owned();
    let bridge = bridge(section + &files.section()).await;
    let mut deaf = Deaf::to(&bridge, &files).await;
    deaf.is_answered().await;
    deaf.is_closed().await;
}

#[tokio::test]
async fn clients_of_http2_that_take_no_answers_make_room_for_others() {
    let files = Files::new();
    let section = "[server.connections]\nmax = 3\n".to_owned();
    let bridge = bridge(section + &files.section()).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut deaf = Deaf::to(&bridge, &files).await;
        deaf.is_answered().await;
        held.push(deaf);
    }
    let client = files.client(&bridge, &files.authority);
    assert_eq!(spoken(&bridge, client).await, Some(Version::HTTP_2));
    held[0].is_closed().await;
}

#[tokio::test]
async fn a_client_of_http1_that_asks_on_and_on_and_reads_nothing_is_cut_off() {
    let bridge = bridge("[server.connections]\nidle_timeout = \"400ms\"".to_owned()).await;
    let mut stream = TcpStream::connect(bridge.app.addr()).await.unwrap();
    let asked = head("GET", "/scim/acme/v2/Schemas", "");
    // At some time there is no space left for answers, then none for requests, and writing ends when the connection does.
    let asking = async { while stream.write_all(asked.as_bytes()).await.is_ok() {} };
    timeout(LONG, asking)
        .await
        .expect("the connection stays open");
    serves_others(&bridge).await;
}
