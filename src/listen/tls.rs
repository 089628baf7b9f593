//! TLS: certificate and key from files that may change while the bridge runs, and certificates of clients.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::{ExposeSecret, SecretSlice};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::{self, RootCertStore, ServerConfig, ServerConnection};
use tracing::{error, info};

use super::peer::Certificate;

/// How ALPN calls HTTP/2.
pub(super) const HTTP2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// Where certificate and key are, all of them as PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, followed by those that lead to its authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// The authorities whose certificates clients may show; without them no client is asked for one.
    pub client_ca: Option<PathBuf>,
}

/// Why files cannot be used. None of them quotes what is in a file.
#[derive(Debug, thiserror::Error)]
pub enum TlsTrouble {
    /// A file cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file has nothing of what it should have.
    #[error("{} has no {what} in PEM that can be read", path.display())]
    Pem {
        /// Which file.
        path: PathBuf,
        /// What it should have.
        what: &'static str,
    },
    /// The certificates do not make a server, for example because the key is another one's.
    #[error("certificate and key do not work together: {0}")]
    Refused(#[from] rustls::Error),
    /// The authorities cannot be used.
    #[error("the authorities of clients cannot be used: {0}")]
    Authority(String),
}

/// TLS as it is at the moment. Connections that are there keep what they began with.
#[derive(Debug)]
pub struct Tls(Mutex<Current>);

#[derive(Debug)]
struct Current {
    config: Arc<ServerConfig>,
    /// What was looked at last, whether it could be used or not.
    looked_at: [u8; 32],
    files: TlsFiles,
}

/// What the files hold.
struct Read {
    certificate: Vec<u8>,
    key: SecretSlice<u8>,
    client_ca: Option<Vec<u8>>,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn open(files: TlsFiles) -> Result<Self, TlsTrouble> {
        let read = Read::from(&files)?;
        Ok(Self(Mutex::new(Current {
            config: read.config(&files)?,
            looked_at: read.digest(),
            files,
        })))
    }

    /// Reads the files again, if others are named or they changed. What cannot be used leaves all as it is; the log says so.
    pub fn renew(&self, files: Option<TlsFiles>) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let files = files.unwrap_or_else(|| current.files.clone());
        let renewed = Read::from(&files).and_then(|read| {
            let digest = read.digest();
            if digest == current.looked_at && files == current.files {
                return Ok(None);
            }
            current.looked_at = digest;
            read.config(&files).map(Some)
        });
        match renewed {
            Ok(None) => {}
            Ok(Some(config)) => {
                current.config = config;
                current.files = files;
                info!("The certificate was taken up anew");
            }
            Err(trouble) => {
                error!(error = %trouble, "The certificate cannot be taken up; the one before stays in use");
            }
        }
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&current.config))
    }
}

impl Read {
    fn from(files: &TlsFiles) -> Result<Self, TlsTrouble> {
        let read = |path: &Path| {
            fs::read(path).map_err(|error| TlsTrouble::File {
                path: path.to_owned(),
                error,
            })
        };
        Ok(Self {
            certificate: read(&files.certificate)?,
            key: read(&files.key)?.into(),
            client_ca: files.client_ca.as_deref().map(read).transpose()?,
        })
    }

    fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let ca = self.client_ca.as_deref().unwrap_or_default();
        for content in [&self.certificate, self.key.expose_secret(), ca] {
            digest.update(Sha256::digest(content));
        }
        digest.finalize().into()
    }

    fn config(&self, files: &TlsFiles) -> Result<Arc<ServerConfig>, TlsTrouble> {
        let missing = |path: &Path, what| TlsTrouble::Pem {
            path: path.to_owned(),
            what,
        };
        let chain = certificates(&self.certificate)
            .ok_or_else(|| missing(&files.certificate, "certificate"))?;
        let key = PrivateKeyDer::from_pem_slice(self.key.expose_secret())
            .map_err(|_| missing(&files.key, "private key"))?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let builder = match (&self.client_ca, &files.client_ca) {
            (Some(content), Some(path)) => {
                let authorities =
                    certificates(content).ok_or_else(|| missing(path, "certificate"))?;
                builder.with_client_cert_verifier(verifier(authorities, provider)?)
            }
            (None, _) | (_, None) => builder.with_no_client_auth(),
        };
        let mut config = builder.with_single_cert(chain, key)?;
        config.alpn_protocols = vec![HTTP2.to_vec(), HTTP1.to_vec()];
        Ok(Arc::new(config))
    }
}

/// The certificates of a file, unless there are none or one of them is broken.
fn certificates(content: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let read: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(content).collect();
    read.ok().filter(|read| !read.is_empty())
}

/// A client may show no certificate, but not a wrong one.
fn verifier(
    authorities: Vec<CertificateDer<'static>>,
    provider: Arc<rustls::crypto::CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, TlsTrouble> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority)?;
    }
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .allow_unauthenticated()
        .build()
        .map_err(|error| TlsTrouble::Authority(error.to_string()))
}

/// The certificate that a client showed. One that is here was checked in the handshake.
pub(super) fn shown(session: &ServerConnection) -> Option<Arc<Certificate>> {
    let shown = session.peer_certificates()?.first()?;
    let parsed = webpki::EndEntityCert::try_from(shown);
    let names = parsed.map_or_else(
        |_| Vec::new(),
        |parsed| parsed.valid_dns_names().map(str::to_owned).collect(),
    );
    Some(Arc::new(Certificate {
        sha256: Sha256::digest(shown).into(),
        names,
    }))
}
