//! What an attempt met: is it the server, the way to it, or the request, and does it pass?

use std::error::Error as StdError;
use std::io;

use tokio_postgres::error::{DbError, SqlState};

use super::parameters::SslMode;
#[cfg(feature = "tls")]
use super::tls;
pub(super) use crate::error::ConnectFailure;

/// What a failed attempt to talk to a host in that mode met.
pub(super) fn classify(error: &tokio_postgres::Error, mode: SslMode, host: &str) -> ConnectFailure {
    if let Some(error) = error.as_db_error() {
        return of_server(error, mode);
    }
    let text = error.to_string();
    let cause = error.source();
    let said = cause.map(ToString::to_string).unwrap_or_default();
    if said == "server does not support TLS" {
        return ConnectFailure::NoTlsOffered { asked: mode.name() };
    }
    #[cfg(feature = "tls")]
    if let Some(failure) = tls::failure(error, host) {
        return failure;
    }
    if text.starts_with("error performing TLS") && cause.is_none_or(|cause| !cause.is::<io::Error>()) {
        return ConnectFailure::Handshake(format!("{said} ({host})"));
    }
    match cause.and_then(<dyn StdError + 'static>::downcast_ref::<io::Error>) {
        // The driver's own words for what `target_session_attrs` asks.
        Some(error) if error.get_ref().is_some() && is_wrong_session(&said) => ConnectFailure::WrongSession,
        Some(error) if error.kind() == io::ErrorKind::PermissionDenied => ConnectFailure::SocketForbidden,
        Some(_) if said.contains("failed to lookup address") || said == "could not resolve any addresses" => ConnectFailure::Unresolved,
        Some(_) => ConnectFailure::Unreachable,
        None if error.is_closed() || text.contains("timed out") => ConnectFailure::Unreachable,
        None if said.contains("password") => ConnectFailure::NoPassword,
        None => ConnectFailure::Other,
    }
}

fn is_wrong_session(said: &str) -> bool {
    matches!(said, "database does not allow writes" | "database is not read only")
}

/// What the server, or a pooler before it, answered.
///
/// Source: PostgreSQL, appendix A, "PostgreSQL Error Codes".
fn of_server(error: &DbError, mode: SslMode) -> ConnectFailure {
    let code = error.code();
    match code.code() {
        "28P01" => ConnectFailure::Password,
        "28000" => ConnectFailure::NotAllowed { may_want_tls: mode == SslMode::Disable || !cfg!(feature = "tls") },
        "3D000" => ConnectFailure::NoDatabase,
        // A server that is shutting down is usually one that is being started again.
        "57P01" | "57P02" | "57P03" => ConnectFailure::StartingUp,
        "53300" => ConnectFailure::TooManyConnections,
        // A full disk does not empty itself, and a limit of the configuration's stays.
        "53000" | "53200" => ConnectFailure::Exhausted,
        _ if *code == SqlState::PROTOCOL_VIOLATION => of_pooler(error.message()),
        class if class.starts_with("08") => ConnectFailure::Pooler,
        _ => ConnectFailure::Other,
    }
}

/// `PgBouncer` says nearly everything with this one code: what passes and what does not are told apart by its words,
/// which no setting translates.
///
/// Source: `PgBouncer`'s documentation, `max_client_conn`, `query_wait_timeout`, `server_login_retry`, `server_connect_timeout`.
fn of_pooler(message: &str) -> ConnectFailure {
    const PASSES: [&str; 10] = [
        "server_login_retry",
        "connect failed",
        // So older versions say it.
        "cannot connect to server",
        "server login failed",
        "server conn crashed",
        "server down",
        "query_wait_timeout",
        "connect timeout",
        "paused",
        "shutting down",
    ];
    if message.contains("no more connections allowed") {
        ConnectFailure::TooManyConnections
    } else if PASSES.iter().any(|words| message.contains(words)) {
        ConnectFailure::Pooler
    } else {
        ConnectFailure::Other
    }
}
