//! TLS: which versions are spoken, and certificates that change while the bridge runs.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use reqwest::{Client, ClientBuilder, Version, tls};
use tempfile::TempDir;

use super::bridge;
use super::wire::{Wire, head};
use crate::harness::{Bridge, TOKEN};

/// Somebody who makes certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key, both as PEM.
pub struct Pair {
    pub certificate: String,
    pub key: String,
    /// The certificate as it is hashed.
    pub der: Vec<u8>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a name.
    pub fn pair(&self, name: &str) -> Pair {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let made = params.signed_by(&key, &self.0).unwrap();
        Pair {
            certificate: made.pem(),
            key: key.serialize_pem(),
            der: made.der().to_vec(),
        }
    }
}

/// The files of a bridge that is called `bridge.example`.
pub struct Files {
    dir: TempDir,
    pub authority: Authority,
}

impl Files {
    pub fn new() -> Self {
        let files = Self {
            dir: TempDir::new().unwrap(),
            authority: Authority::new(),
        };
        files.write(&files.authority.pair("bridge.example"));
        files
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, pair: &Pair) {
        put(&self.path("certificate.pem"), &pair.certificate);
        put(&self.path("key.pem"), &pair.key);
    }

    /// The section of the configuration that names them.
    pub fn section(&self) -> String {
        format!(
            "[server.tls]\ncertificate = \"{}\"\nkey = \"{}\"",
            self.path("certificate.pem").display(),
            self.path("key.pem").display()
        )
    }

    /// A client that trusts nobody but an authority.
    pub fn client(&self, bridge: &Bridge, authority: &Authority) -> ClientBuilder {
        let root = reqwest::Certificate::from_pem(authority.pem().as_bytes()).unwrap();
        Client::builder()
            .tls_certs_only([root])
            .resolve("bridge.example", bridge.app.addr())
            .pool_max_idle_per_host(0)
    }
}

pub fn put(path: &Path, content: &str) {
    std::fs::write(path, content).unwrap();
}

/// Asks for something with the token: the version that was spoken, if an answer came.
pub async fn spoken(bridge: &Bridge, client: ClientBuilder) -> Option<Version> {
    let client = client.build().unwrap();
    let port = bridge.app.addr().port();
    let url = format!("https://bridge.example:{port}/scim/acme/v2/Users?count=0");
    let answer = client.get(url).bearer_auth(TOKEN).send().await.ok()?;
    assert_eq!(answer.status(), 200);
    Some(answer.version())
}

#[tokio::test]
async fn the_client_chooses_http2_or_http1_and_both_versions_of_tls_are_spoken() {
    let files = Files::new();
    let bridge = bridge(files.section()).await;
    let client = || files.client(&bridge, &files.authority);
    assert_eq!(spoken(&bridge, client()).await, Some(Version::HTTP_2));
    let one = client().http1_only();
    assert_eq!(spoken(&bridge, one).await, Some(Version::HTTP_11));
    for version in [tls::Version::TLS_1_2, tls::Version::TLS_1_3] {
        let only = client().tls_version_min(version).tls_version_max(version);
        assert_eq!(spoken(&bridge, only).await, Some(Version::HTTP_2));
    }
    let somebody_else = files.client(&bridge, &Authority::new());
    assert_eq!(spoken(&bridge, somebody_else).await, None);
}

#[tokio::test]
async fn many_requests_share_a_connection_of_http2() {
    let files = Files::new();
    let bridge = bridge(files.section()).await;
    let client = files.client(&bridge, &files.authority);
    let client = client.pool_max_idle_per_host(1).build().unwrap();
    let port = bridge.app.addr().port();
    let ask = |number: usize| {
        let url = format!("https://bridge.example:{port}/scim/acme/v2/Users?count={number}");
        let request = client.get(url).bearer_auth(TOKEN);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    let all = futures_util::future::join_all((0..200).map(ask)).await;
    assert_eq!(all, [200; 200]);
}

#[tokio::test]
async fn clear_text_and_handshakes_that_do_not_end_get_nowhere() {
    let files = Files::new();
    let section = "[server.connections]\nheader_timeout = \"300ms\"\n".to_owned();
    let bridge = bridge(section + &files.section()).await;
    let address = bridge.app.addr();
    for begin in ["", "\x16\x03\x01", &head("GET", "/scim/acme/v2/Users", "")] {
        let mut wire = Wire::to(address).await;
        wire.write(begin).await;
        let rest = wire.rest().await;
        assert!(!rest.starts_with(b"HTTP"), "{rest:?}");
    }
    let client = files.client(&bridge, &files.authority);
    assert_eq!(spoken(&bridge, client).await, Some(Version::HTTP_2));
}

#[tokio::test]
async fn a_certificate_that_changes_is_taken_up_and_a_bad_one_leaves_what_is() {
    let files = Files::new();
    let bridge = bridge(files.section()).await;
    let works = |authority| {
        let client = files.client(&bridge, authority);
        async { spoken(&bridge, client).await.is_some() }
    };
    assert!(works(&files.authority).await);

    let next = Authority::new();
    let (pair, other) = (next.pair("bridge.example"), next.pair("bridge.example"));
    for (certificate, key) in [
        ("nothing", pair.key.as_str()),
        (pair.certificate.as_str(), "nothing"),
        (pair.certificate.as_str(), other.key.as_str()),
        ("", ""),
        (&pair.certificate[..200], &pair.key),
    ] {
        put(&files.path("certificate.pem"), certificate);
        put(&files.path("key.pem"), key);
        bridge.app.look_at_certificate();
        assert!(works(&files.authority).await, "{certificate} {key}");
    }
    std::fs::remove_file(files.path("key.pem")).unwrap();
    bridge.app.look_at_certificate();
    assert!(works(&files.authority).await);

    files.write(&pair);
    assert!(works(&files.authority).await, "nobody looked yet");
    bridge.app.look_at_certificate();
    assert!(works(&next).await);
    assert!(!works(&files.authority).await);

    // A reload looks as well.
    files.write(&files.authority.pair("bridge.example"));
    bridge.reload().await;
    assert!(works(&files.authority).await);
}

#[tokio::test]
async fn a_start_without_a_certificate_that_can_be_used_fails_and_names_the_file() {
    let files = Files::new();
    put(&files.path("certificate.pem"), "nothing");
    let bridge = Bridge::start().await;
    let mut config = bridge.config();
    config.server.tls = Some(scim_bridge::listen::TlsFiles {
        certificate: files.path("certificate.pem"),
        key: files.path("key.pem"),
        client_ca: None,
    });
    config.store.url = format!("sqlite://{}", files.path("other.db").display());
    let started = scim_bridge::app::App::start(config, scim_bridge::provision::Clock::System).await;
    let words = format!("{:#}", started.unwrap_err());
    assert!(words.contains("certificate.pem"), "{words}");
}
