//! A client that writes what it likes and reads what comes.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::harness::TOKEN;

/// Longer than anything here may take.
const LONG: Duration = Duration::from_secs(20);

/// The head of a request to tenant `acme`, with further lines.
pub fn head(method: &str, target: &str, lines: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n{lines}\r\n")
}

/// One connection.
pub struct Wire(pub TcpStream);

/// An answer: status, head and body.
pub struct Answered {
    pub status: u16,
    pub head: String,
    pub body: Value,
}

impl Wire {
    pub async fn to(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    /// Writes; that the other side may have closed already is seen when reading.
    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.write_all(bytes.as_ref()).await;
    }

    /// Everything up to the end of the connection, which must come.
    pub async fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let read = timeout(LONG, self.0.read_to_end(&mut rest)).await;
        // A connection that is reset has ended as well.
        let _ = read.expect("the connection stays open");
        rest
    }

    /// Writes a byte every 20 ms until the other side closes.
    pub async fn drip(&mut self, byte: u8) {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        let dripping = async {
            let mut sink = [0; 1024];
            loop {
                look.tick().await;
                if self.0.write_all(&[byte]).await.is_err() {
                    return;
                }
                if let Ok(0) = self.0.try_read(&mut sink) {
                    return;
                }
            }
        };
        timeout(LONG, dripping)
            .await
            .expect("the connection stays open");
    }

    /// The answer that comes next.
    pub async fn answer(&mut self) -> Answered {
        let read = async {
            let mut read = Vec::new();
            loop {
                if let Some(answered) = Answered::of(&read) {
                    return answered;
                }
                let more = self.0.read_buf(&mut read).await.unwrap();
                assert_ne!(more, 0, "closed after {:?}", String::from_utf8_lossy(&read));
            }
        };
        timeout(LONG, read).await.expect("no answer")
    }
}

impl Answered {
    fn of(read: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(read);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let head = head.to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1);
        let length = length.map_or(0, |length| {
            length.split("\r\n").next().unwrap().parse().unwrap()
        });
        (body.len() >= length).then(|| Self {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            body: serde_json::from_str(body).unwrap_or_default(),
            head,
        })
    }

    /// Asserts that this is a SCIM error of a status.
    pub fn is_refused_with(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.head);
        assert_eq!(self.body["status"], status.to_string(), "{}", self.head);
        assert!(self.head.contains("application/scim+json"), "{}", self.head);
    }
}
