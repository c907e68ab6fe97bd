//! Why a connection could not be made, each with its sentence and what to do.

use std::fmt;
use std::time::Duration;

use super::kind::{help, seconds, server_says};

/// Why a connection could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ConnectFailure {
    /// Nobody listens, or the connection broke before it was one.
    Unreachable,
    /// The host's name leads to no address.
    Unresolved,
    /// The connection was taken, and nothing said.
    Silent,
    StartingUp,
    TooManyConnections,
    /// The server lacks something else for the moment, such as memory.
    Exhausted,
    /// What stands before the server says that it cannot reach it.
    Pooler,
    /// The server takes no writes where `target_session_attrs` asks for one that does, or the other way round.
    WrongSession,
    Password,
    NoPassword,
    /// `may_want_tls`: TLS was not tried.
    NotAllowed {
        may_want_tls: bool,
    },
    NoDatabase,
    /// The socket is there, and this process may not use it.
    SocketForbidden,
    /// TLS was asked for, and the server has none.
    NoTlsOffered {
        asked: &'static str,
    },
    /// The server's certificate is not to be trusted, for the reason given.
    #[cfg(feature = "tls")]
    Certificate(Certificate),
    /// TLS could not be agreed on.
    Handshake(String),
    Other,
}

/// What is wrong with a server's certificate.
#[cfg(feature = "tls")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Certificate {
    UnknownIssuer,
    OtherName { host: String, names: Vec<String> },
    Expired,
    NotYetValid,
    Other(String),
}

impl ConnectFailure {
    /// Does waiting help?
    pub(crate) fn passes(&self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::Unresolved
                | Self::Silent
                | Self::StartingUp
                | Self::TooManyConnections
                | Self::Exhausted
                | Self::Pooler
                | Self::WrongSession
        )
    }

    /// Is TLS at fault?
    pub(crate) fn is_of_tls(&self) -> bool {
        match self {
            Self::NoTlsOffered { .. } | Self::Handshake(_) => true,
            #[cfg(feature = "tls")]
            Self::Certificate(_) => true,
            _ => false,
        }
    }

    /// What was met, as the end of a sentence.
    pub(crate) fn said(&self, error: Option<&tokio_postgres::Error>) -> String {
        match self {
            Self::Password => "the server refused the password".to_owned(),
            Self::NoPassword => "the server asks for a password, and the URL holds none".to_owned(),
            Self::Silent => "nothing answered".to_owned(),
            Self::NoTlsOffered { asked } => format!("the server offers no TLS, and the URL asks for it (sslmode={asked})"),
            #[cfg(feature = "tls")]
            Self::Certificate(certificate) => certificate.to_string(),
            Self::Handshake(why) => format!("TLS could not be agreed on with the server: {why}"),
            _ => error.map(server_says).unwrap_or_default(),
        }
    }

    fn helps(&self) -> Vec<String> {
        let helps: &[&str] = match self {
            Self::Unreachable => &["is the server running, and do the host and the port of the URL lead to it?"],
            Self::Unresolved => &["is the host's name spelt right? In Docker Compose it is the service's, known once that runs"],
            Self::Silent => &["is it a PostgreSQL server that the host and the port of the URL lead to?"],
            Self::StartingUp => &["the server is there but not ready yet: try again when it is"],
            Self::TooManyConnections => &["all of the server's connections are taken: raise max_connections or use a pooler"],
            Self::Exhausted => &["the server lacks memory or another resource: its log says which"],
            Self::Pooler => &["a pooler answered: is the server behind it running, and may the pooler log in there?"],
            Self::WrongSession => &["target_session_attrs in the URL asks for another server: name the primary and its standbys as hosts"],
            Self::Password => &["check the user and the password in the URL"],
            Self::NoPassword => &["put it into the URL, as in postgresql://user:password@host:5432/database"],
            Self::NotAllowed { may_want_tls: false } => &[NOT_ALLOWED],
            Self::NotAllowed { may_want_tls: true } if cfg!(feature = "tls") => {
                &[NOT_ALLOWED, "if it lets in over TLS only, use sslmode=require or a stronger one"]
            }
            Self::NotAllowed { may_want_tls: true } => {
                &[NOT_ALLOWED, "if it lets in over TLS only, turn on the feature `tls` of elyos-runtime"]
            }
            Self::NoDatabase => &["create it first: Elyos fills a database, it does not create one"],
            Self::SocketForbidden => &["the user that this program runs as may not use the server's socket"],
            Self::NoTlsOffered { .. } => {
                &["turn `ssl` on in the server's postgresql.conf; or use sslmode=prefer where the connection may go without"]
            }
            #[cfg(feature = "tls")]
            Self::Certificate(certificate) => return vec![certificate.help().to_owned()],
            Self::Handshake(_) | Self::Other => &[],
        };
        helps.iter().map(|&line| line.to_owned()).collect()
    }
}

const NOT_ALLOWED: &str = "the server's pg_hba.conf or the role's attributes do not let this user in from here";

#[cfg(feature = "tls")]
impl Certificate {
    fn help(&self) -> &'static str {
        match self {
            Self::UnknownIssuer => "sslrootcert=FILE names the certificate, in PEM form, of the authority that signed the server's",
            Self::OtherName { .. } => {
                "connect by a name that the certificate is for; or use sslmode=verify-ca where any server of that authority will do"
            }
            Self::Expired | Self::NotYetValid => "give the server a valid certificate; if it has one, is this machine's clock right?",
            Self::Other(_) => "give the server another certificate; or use sslmode=require where it need not be checked",
        }
    }
}

#[cfg(feature = "tls")]
impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server's certificate ")?;
        match self {
            Self::UnknownIssuer => f.write_str("is signed by none of the authorities that are trusted"),
            Self::OtherName { host, names } if names.is_empty() => {
                write!(f, "is not for {host}: it names no host as subjectAltName, and its common name does not count")
            }
            Self::OtherName { host, names } => write!(f, "is not for {host}, but for {}", names.join(", ")),
            Self::Expired => f.write_str("has expired"),
            Self::NotYetValid => f.write_str("is not valid yet"),
            Self::Other(why) => write!(f, "cannot be checked: {why}"),
        }
    }
}

pub(super) fn fmt_connect(
    f: &mut fmt::Formatter<'_>,
    target: &str,
    why: &ConnectFailure,
    waited: Duration,
    error: Option<&tokio_postgres::Error>,
    hosts: &[String],
) -> fmt::Result {
    write!(f, "could not connect to {target}: {}", why.said(error))?;
    if *why == ConnectFailure::Silent {
        write!(f, " for {}", seconds(waited))?;
    } else if why.passes() {
        write!(f, " (tried for {})", seconds(waited))?;
    }
    for host in hosts {
        write!(f, "\n  = note: {host}")?;
    }
    why.helps().iter().try_for_each(|line| help(f, line))
}
