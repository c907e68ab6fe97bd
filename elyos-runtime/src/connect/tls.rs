//! TLS with rustls: whom to trust, as libpq does.

use std::env;
use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::SslNegotiation;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::parameters::{Roots, SslMode};
use crate::error::{Certificate, ConnectFailure, Error, Kind, Result, Url};

/// What a URL's settings need for TLS, if they may use it.
#[derive(Clone)]
pub(super) struct Tls(Option<Connector>);

impl Tls {
    /// Reads the certificates that the server's is judged by.
    ///
    /// Source: PostgreSQL, "SSL Support" (libpq): `verify-ca` and `verify-full` check the certificate, and so do the other
    /// modes where there is a file of roots.
    pub(super) fn new(mode: SslMode, roots: Option<Roots>, negotiation: SslNegotiation, over_network: bool) -> Result<Self> {
        if mode == SslMode::Disable || !over_network {
            return Ok(Self(None));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let trusted = match roots.or_else(default_roots) {
            Some(Roots::File(path)) => Some(Trusted::of_file(&path)?),
            Some(Roots::System) => Some(Trusted::of_system()?),
            None if mode == SslMode::VerifyFull => Some(Trusted::of_system()?),
            None if mode == SslMode::VerifyCa => {
                // Anybody can have a certificate of an authority that the system trusts: only with the name does it mean much.
                return Err(bad("sslmode=verify-ca needs sslrootcert, the file with the authority's certificate".to_owned()));
            }
            None => None,
        };
        let verifier = Verifier { provider: Arc::clone(&provider), trusted, checks_name: mode == SslMode::VerifyFull };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| bad(format!("TLS cannot be set up: {error}")))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        if negotiation == SslNegotiation::Direct {
            // Source: PostgreSQL, "Frontend/Backend Protocol", "SSL Session Encryption".
            config.alpn_protocols.push(b"postgresql".to_vec());
        }
        Ok(Self(Some(Connector { inner: MakeRustlsConnect::new(config), began: Arc::default() })))
    }

    /// A connector for one attempt.
    pub(super) fn connector(&self) -> Option<Connector> {
        let Connector { inner, .. } = self.0.as_ref()?;
        Some(Connector { inner: inner.clone(), began: Arc::default() })
    }
}

fn bad(why: String) -> Error {
    Error::new(Kind::BadUrl { url: Url::Application, why })
}

/// The file that libpq reads where the URL names none, if it is there.
fn default_roots() -> Option<Roots> {
    let path = PathBuf::from(env::var_os("HOME")?).join(".postgresql/root.crt");
    path.is_file().then(|| Roots::File(path.to_string_lossy().into_owned()))
}

/// Makes TLS connections, and knows whether a server has taken one up.
#[derive(Clone)]
pub(crate) struct Connector {
    inner: MakeRustlsConnect,
    began: Arc<AtomicBool>,
}

impl Connector {
    /// Did the server offer TLS?
    pub(super) fn began(&self) -> bool {
        self.began.load(Ordering::Relaxed)
    }
}

impl<S> MakeTlsConnect<S> for Connector
where
    MakeRustlsConnect: MakeTlsConnect<S>,
{
    type Stream = <MakeRustlsConnect as MakeTlsConnect<S>>::Stream;
    type TlsConnect = Watched<<MakeRustlsConnect as MakeTlsConnect<S>>::TlsConnect>;
    type Error = <MakeRustlsConnect as MakeTlsConnect<S>>::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Self::TlsConnect, Self::Error> {
        Ok(Watched { inner: self.inner.make_tls_connect(domain)?, began: Arc::clone(&self.began) })
    }
}

/// Notes that a handshake begins.
pub(crate) struct Watched<C> {
    inner: C,
    began: Arc<AtomicBool>,
}

impl<S, C: TlsConnect<S>> TlsConnect<S> for Watched<C> {
    type Stream = C::Stream;
    type Error = C::Error;
    type Future = C::Future;

    fn connect(self, stream: S) -> Self::Future {
        self.began.store(true, Ordering::Relaxed);
        self.inner.connect(stream)
    }
}

/// The certificates that a server's may be signed by.
struct Trusted {
    roots: RootCertStore,
    /// The same, as they are in the file: a server's own certificate may be among them.
    certificates: Vec<CertificateDer<'static>>,
}

impl Trusted {
    fn of_file(path: &str) -> Result<Self> {
        let unreadable = |why: String| bad(format!("its sslrootcert {path} cannot be used: {why}"));
        let pem = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
        let certificates: Vec<_> =
            CertificateDer::pem_slice_iter(&pem).collect::<Result<_, _>>().map_err(|error| unreadable(error.to_string()))?;
        if certificates.is_empty() {
            return Err(unreadable("there is no certificate in PEM form in it".to_owned()));
        }
        let mut roots = RootCertStore::empty();
        for certificate in &certificates {
            roots.add(certificate.clone()).map_err(|error| unreadable(error.to_string()))?;
        }
        Ok(Self { roots, certificates })
    }

    fn of_system() -> Result<Self> {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        // A system's store may hold some that are of no use here; the others are as good without.
        roots.add_parsable_certificates(found.certs);
        if roots.is_empty() {
            return Err(bad("this system trusts no certificate authority: name a file of them with sslrootcert".to_owned()));
        }
        Ok(Self { roots, certificates: Vec::new() })
    }
}

/// Judges a server's certificate as the mode says.
struct Verifier {
    provider: Arc<CryptoProvider>,
    trusted: Option<Trusted>,
    checks_name: bool,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("checks", &self.trusted.is_some()).field("checks_name", &self.checks_name).finish_non_exhaustive()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(trusted) = &self.trusted else { return Ok(ServerCertVerified::assertion()) };
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        match verify_server_cert_signed_by_trust_anchor(&certificate, &trusted.roots, intermediates, now, algorithms) {
            // One that signed itself is told to be an authority's, once it is known to be valid now. It is the trusted one.
            Err(rustls::Error::InvalidCertificate(CertificateError::Other(_)))
                if trusted.certificates.iter().any(|root| root == end_entity) => {}
            // An authority of the same name, with another key: not the one that is trusted.
            Err(rustls::Error::InvalidCertificate(CertificateError::BadSignature)) => return Err(CertificateError::UnknownIssuer.into()),
            judged => judged?,
        }
        if self.checks_name {
            verify_server_name(&certificate, server_name)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    // The handshake's signature is checked in every mode: channel binding relies on the server having the certificate's key.

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// What rustls found wrong, if it was rustls.
pub(super) fn failure(error: &tokio_postgres::Error, host: &str) -> Option<ConnectFailure> {
    let mut cause = std::error::Error::source(error);
    let found = loop {
        let error = cause?;
        // An I/O error's source is not what it wraps, but the source of that.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|wrapped| wrapped.downcast_ref::<rustls::Error>()).or_else(|| error.downcast_ref()) {
            break found;
        }
        cause = error.source();
    };
    Some(match found {
        rustls::Error::InvalidCertificate(why) => ConnectFailure::Certificate(match why {
            CertificateError::UnknownIssuer => Certificate::UnknownIssuer,
            CertificateError::NotValidForName => Certificate::OtherName { host: host.to_owned(), names: Vec::new() },
            CertificateError::NotValidForNameContext { expected, presented } => {
                Certificate::OtherName { host: expected.to_str().into_owned(), names: presented.iter().map(|name| plain(name)).collect() }
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Certificate::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Certificate::NotYetValid,
            other => Certificate::Other(other.to_string()),
        }),
        other => ConnectFailure::Handshake(other.to_string()),
    })
}

/// A name of a certificate, without how rustls says its kind: `DnsName("x")` is `x`.
fn plain(name: &str) -> String {
    name.split_once("(\"").and_then(|(_, rest)| rest.strip_suffix("\")")).unwrap_or(name).to_owned()
}
