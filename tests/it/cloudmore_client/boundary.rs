//! Whom the client talks to, and how much it listens: nobody without a certificate that is vouched for, nobody that an
//! answer points to, no answer without end, nothing packed.

use std::sync::Arc;

use futures_util::FutureExt;
use rcgen::{CertificateParams, KeyPair};
use scim_bridge::cloudmore::{Client, FailureKind, Scope};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::script::{Cloudmore, Reply, settings};
use super::{ROLE, ada, unavailable};

/// A server whose certificate is right in all but who made it.
fn unvouched() -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_ends_the_connection_before_anything_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut said = Vec::new();
        if let Ok(mut stream) = unvouched().accept(stream).await {
            let _ = stream.read_to_end(&mut said).await;
        }
        said
    });
    let client = Client::new(settings(&address), || 0).unwrap();
    let target = client.target(Scope::Broker);
    let failure = target.create(&ada(), ROLE, None).await.unwrap_err();
    assert!(unavailable(&failure) && !failure.ambiguous, "{failure}");
    assert!(failure.words.contains("certificate"), "{failure}");
    assert_eq!(server.await.unwrap(), b"", "the secrets were sent");
}

#[tokio::test]
async fn what_an_answer_points_to_is_never_called() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/users/u-1", elsewhere.local_addr().unwrap());
    let pointing = |status| Reply::text(status, "").with("Location", &address);
    for status in [301, 302, 303, 307, 308] {
        let cloudmore = Cloudmore::new([pointing(status), pointing(status)]).await;
        let target = cloudmore.organization();
        assert!(target.people().await.is_err());
        assert!(target.create(&ada(), ROLE, None).await.is_err());
        assert_eq!(cloudmore.lines().len(), 2, "{status}");
    }
    let cloudmore = Cloudmore::new([pointing(201)]).await;
    let target = cloudmore.organization();
    target.create(&ada(), ROLE, None).await.unwrap();
    let token = Cloudmore::with([], [pointing(307), pointing(307)], |_| {}).await;
    assert!(token.organization().people().await.is_err());
    assert!(elsewhere.accept().now_or_never().is_none());
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_no_answer() {
    let large = || Reply::text(200, format!("[{}]", " ".repeat(16 * 1024 * 1024)));
    let cloudmore = Cloudmore::new([large()]).await;
    let failure = cloudmore.organization().people().await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Incomplete, "{failure}");
    assert!(failure.words.contains("16 MiB"), "{failure}");
    let token = Cloudmore::with([], [large(), large()], |_| {}).await;
    assert!(token.organization().people().await.is_err());
    assert_eq!(token.lines().len(), 0);
}

#[tokio::test]
async fn packed_answers_are_neither_asked_for_nor_unpacked() {
    // What would be an empty list, packed.
    let packed = "\u{1f}\u{8b}\u{8}\0\0\0\0\0\u{2}\u{3}\u{8b}\u{8e}\u{5}\0";
    let reply = Reply::text(200, packed).with("Content-Encoding", "gzip");
    let list = Reply::json(200, json!([])).with("Content-Encoding", "gzip");
    let cloudmore = Cloudmore::new([reply, list]).await;
    assert!(cloudmore.organization().people().await.is_err());
    // It says that it is packed and is not: read as it is.
    assert!(cloudmore.organization().people().await.is_ok());
    let seen = cloudmore.seen().into_iter().chain(cloudmore.tokens_seen());
    for request in seen {
        assert_eq!(request.header("accept-encoding"), None);
    }
}
