//! From a URL to a connection: which failures pass and are tried again, and which do not.

use std::env;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::SqlState;

use crate::error::{Error, Kind, Result, kind::ConnectFailure};

/// The variable that names the database.
pub(crate) const URL_VARIABLE: &str = "DATABASE_URL";

/// Where to connect and as whom. Its `Debug` form and its text leave the password out.
#[derive(Clone)]
pub(crate) struct Settings(tokio_postgres::Config);

impl Settings {
    /// Reads a URL or a `key=value` string as libpq understands them.
    ///
    /// Source: PostgreSQL, "Connection Strings" (libpq), as far as `tokio_postgres::Config` follows it.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let bad = |why: &str| Error::new(Kind::BadUrl { why: why.to_owned() });
        if url.trim().is_empty() {
            return Err(bad("it is empty"));
        }
        // The parser's own message may repeat a part of the URL, and so of the password.
        let mut config = tokio_postgres::Config::from_str(url.trim())
            .map_err(|_| bad("it does not have the form of a PostgreSQL URL or uses a parameter that is not known"))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(bad("it names no host"));
        }
        if config.get_application_name().is_none() {
            config.application_name("elyos");
        }
        Ok(Self(config))
    }

    /// The settings in `DATABASE_URL`.
    pub(crate) fn from_env() -> Result<Self> {
        match env::var(URL_VARIABLE) {
            Ok(url) if !url.trim().is_empty() => Self::parse(&url),
            Ok(_) | Err(env::VarError::NotPresent) => Err(Error::new(Kind::NoUrl { variable: URL_VARIABLE })),
            Err(env::VarError::NotUnicode(_)) => Err(Error::new(Kind::BadUrl { why: "it is not valid Unicode".to_owned() })),
        }
    }

    pub(crate) fn config(&self) -> &tokio_postgres::Config {
        &self.0
    }

    /// Turns a failed attempt into the error that says what it was, after the time waited.
    pub(crate) fn failure(&self, error: tokio_postgres::Error, waited: Duration) -> Error {
        let why = self.classify(&error);
        Error::new(Kind::Connect { target: self.to_string(), why, waited, error: Some(error) })
    }

    /// A server that took the connection and then said nothing until the deadline.
    pub(crate) fn silent(&self, waited: Duration) -> Error {
        Error::new(Kind::Connect { target: self.to_string(), why: ConnectFailure::Silent, waited, error: None })
    }

    fn classify(&self, error: &tokio_postgres::Error) -> ConnectFailure {
        if let Some(code) = error.code() {
            return match code {
                c if *c == SqlState::INVALID_PASSWORD => ConnectFailure::Password,
                c if *c == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => ConnectFailure::NotAllowed,
                c if *c == SqlState::INVALID_CATALOG_NAME => ConnectFailure::NoDatabase,
                // A server that is shutting down is usually one that is being started again.
                c if *c == SqlState::CANNOT_CONNECT_NOW || *c == SqlState::ADMIN_SHUTDOWN || *c == SqlState::CRASH_SHUTDOWN => {
                    ConnectFailure::StartingUp
                }
                c if *c == SqlState::TOO_MANY_CONNECTIONS => ConnectFailure::TooManyConnections,
                _ => ConnectFailure::Other,
            };
        }
        if self.0.get_ssl_mode() == SslMode::Require {
            return ConnectFailure::Tls;
        }
        let cause = std::error::Error::source(error);
        if error.is_closed()
            || cause.is_some_and(<dyn std::error::Error + 'static>::is::<std::io::Error>)
            || error.to_string().contains("timed out")
        {
            ConnectFailure::Unreachable
        } else if cause.is_some_and(|cause| cause.to_string().contains("password")) {
            ConnectFailure::NoPassword
        } else {
            ConnectFailure::Other
        }
    }
}

impl fmt::Display for Settings {
    /// `user@host:port/database`, without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgresql://")?;
        if let Some(user) = self.0.get_user() {
            write!(f, "{user}@")?;
        }
        let ports = self.0.get_ports();
        for (index, host) in self.0.get_hosts().iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            match host {
                Host::Tcp(name) => {
                    let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
                    write!(f, "{name}:{port}")?;
                }
                #[cfg(unix)]
                Host::Unix(path) => write!(f, "{}", path.display())?,
            }
        }
        for address in self.0.get_hostaddrs().iter().filter(|_| self.0.get_hosts().is_empty()) {
            write!(f, "{address}")?;
        }
        write!(f, "/{}", self.0.get_dbname().or(self.0.get_user()).unwrap_or_default())
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({self})")
    }
}

/// The pauses between attempts: doubled from 50 ms to 1 s, each shortened at random by up to a half, so that twenty
/// replicas that were refused together do not come back together.
pub(crate) struct Backoff {
    next: Duration,
    state: u64,
}

impl Backoff {
    pub(crate) fn new() -> Self {
        // The seed only has to differ between processes; the hasher's keys do.
        let state = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), std::process::id());
        Self { next: Duration::from_millis(50), state }
    }

    /// The next pause, never beyond the deadline; none when it has passed.
    pub(crate) fn pause(&mut self, deadline: Instant) -> Option<Duration> {
        let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        // xorshift64: https://www.jstatsoft.org/article/view/v008i14
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let half = self.next / 2;
        let jitter = half.mul_f64(f64::from(u32::try_from(self.state >> 32).unwrap_or(0)) / f64::from(u32::MAX));
        let pause = half + jitter;
        self.next = (self.next * 2).min(Duration::from_secs(1));
        Some(pause.min(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_text_nor_debug_shows_the_password() {
        for url in ["postgresql://ann:s3cret@db.example:6432/shop", "host=db.example port=6432 user=ann password=s3cret dbname=shop"] {
            let settings = Settings::parse(url).expect("a valid URL");
            assert_eq!(settings.to_string(), "postgresql://ann@db.example:6432/shop");
            assert_eq!(format!("{settings:?}"), "Settings(postgresql://ann@db.example:6432/shop)");
        }
    }

    #[test]
    fn a_bad_url_is_not_repeated() {
        for url in ["", "  ", "mysql://ann:s3cret@h/d", "postgresql://ann:s3cret@h:port/d", "postgresql://h/d?s3cret=1", "postgresql:///d"]
        {
            let text = Settings::parse(url).expect_err(url).to_string();
            assert!(text.starts_with("the database URL cannot be used: it "), "{text}");
            assert!(!text.contains("s3cret"), "{text}");
        }
    }

    #[test]
    fn backoff_grows_and_stops_at_the_deadline() {
        let deadline = Instant::now() + Duration::from_mins(1);
        let mut backoff = Backoff::new();
        let pauses: Vec<_> = (0..8).map(|_| backoff.pause(deadline).expect("time is left")).collect();
        assert!(pauses[0] >= Duration::from_millis(25) && pauses[0] <= Duration::from_millis(50), "{pauses:?}");
        assert!(pauses[7] >= Duration::from_millis(500) && pauses[7] <= Duration::from_secs(1), "{pauses:?}");
        assert_eq!(backoff.pause(Instant::now()), None);
    }
}
