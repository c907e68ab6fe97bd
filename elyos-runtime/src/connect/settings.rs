//! What a URL says: where to connect, as whom, and how safely.

use std::env;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::config::{Host, SslNegotiation};

use super::parameters::{self, SslMode};
#[cfg(feature = "tls")]
use super::tls::Tls;
use crate::error::{Error, Kind, Result, Url};

/// The variable that names the database.
pub(crate) const URL_VARIABLE: &str = "DATABASE_URL";

/// The variable that names the same database, for the work that needs rights.
pub(crate) const MIGRATION_URL_VARIABLE: &str = "MIGRATION_DATABASE_URL";

/// Where to connect and as whom. Its `Debug` form and its text leave the password out.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(super) config: tokio_postgres::Config,
    pub(super) ssl_mode: SslMode,
    #[cfg(feature = "tls")]
    pub(super) tls: Tls,
}

impl Settings {
    /// Reads a URL or a `key=value` string as libpq understands them.
    ///
    /// Source: PostgreSQL, "Connection Strings" (libpq), as far as `tokio_postgres::Config` follows it, and `sslmode` and
    /// `sslrootcert` in full.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let bad = |why: &str| Error::new(Kind::BadUrl { url: Url::Application, why: why.to_owned() });
        if url.trim().is_empty() {
            return Err(bad("it is empty"));
        }
        if is_ambiguous(url.trim()) {
            return Err(bad(NOT_ENCODED));
        }
        let parameters = parameters::take(url.trim()).map_err(|why| bad(&why))?;
        // The parser's own message may repeat a part of the URL, and so of the password.
        let mut config = tokio_postgres::Config::from_str(&parameters.rest)
            .map_err(|_| bad("it does not have the form of a PostgreSQL URL or uses a parameter that is not known"))?;
        if config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(name) if name.contains(['@', '&', '=', '?', '/']))) {
            return Err(bad(NOT_ENCODED));
        }
        let (hosts, addresses, ports) = (config.get_hosts().len(), config.get_hostaddrs().len(), config.get_ports().len());
        let count = hosts.max(addresses);
        if count == 0 {
            return Err(bad("it names no host"));
        }
        if hosts > 0 && addresses > 0 && hosts != addresses || ports > 1 && ports != count {
            return Err(bad("it does not name as many addresses or ports as hosts"));
        }
        if config.get_application_name().is_none() {
            config.application_name("elyos");
        }
        notice_who_vanishes(&mut config, url.trim());
        let ssl_mode = parameters.ssl_mode;
        // A Unix socket does not leave the machine, and PostgreSQL has no TLS there.
        let over_network = addresses > 0 || config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(_)));
        if over_network && ssl_mode < SslMode::Require && config.get_ssl_negotiation() == SslNegotiation::Direct {
            return Err(bad("sslnegotiation=direct is of use with sslmode=require or a stronger one only"));
        }
        if over_network && ssl_mode >= SslMode::Require && !cfg!(feature = "tls") {
            return Err(Error::new(Kind::NoTls { url: Url::Application, asked: ssl_mode.name() }));
        }
        Ok(Self {
            #[cfg(feature = "tls")]
            tls: Tls::new(ssl_mode, parameters.roots, config.get_ssl_negotiation(), over_network)?,
            config,
            ssl_mode,
        })
    }

    /// The settings in `DATABASE_URL`.
    pub(crate) fn from_env() -> Result<Self> {
        Self::from_variable(URL_VARIABLE)?.ok_or_else(|| Error::new(Kind::NoUrl { variable: URL_VARIABLE }))
    }

    /// The settings in a variable; none where it is unset or empty.
    pub(crate) fn from_variable(variable: &str) -> Result<Option<Self>> {
        match env::var(variable) {
            Ok(url) if !url.trim().is_empty() => Self::parse(&url).map(Some),
            Ok(_) | Err(env::VarError::NotPresent) => Ok(None),
            Err(env::VarError::NotUnicode(_)) => {
                Err(Error::new(Kind::BadUrl { url: Url::Application, why: "it is not valid Unicode".to_owned() }))
            }
        }
    }

    /// The same, as a role that the user is a member of.
    ///
    /// As a start-up option it is what `RESET ROLE` and `RESET ALL` go back to, so every transaction of a run has it.
    ///
    /// Source: PostgreSQL, "SET ROLE"; "Frontend/Backend Protocol", start-up parameter `options`: a backslash escapes.
    #[must_use]
    pub(crate) fn with_role(mut self, role: &str) -> Self {
        let mut options = self.config.get_options().map(|options| format!("{options} ")).unwrap_or_default();
        options.push_str("-c role=");
        for character in role.chars() {
            if character.is_whitespace() || character == '\\' {
                options.push('\\');
            }
            options.push(character);
        }
        self.config.options(options);
        self
    }

    /// Do both lead to the same place as the same user, whatever the session is then set to?
    pub(crate) fn leads_to_the_same_as(&self, other: &Self) -> bool {
        let place = |settings: &Self| {
            let mut config = settings.config.clone();
            config.options("");
            config
        };
        place(self) == place(other) && self.ssl_mode == other.ssl_mode
    }

    /// How many servers it names.
    pub(super) fn hosts(&self) -> usize {
        self.config.get_hosts().len().max(self.config.get_hostaddrs().len())
    }

    /// The port of one of them.
    pub(super) fn port(&self, index: usize) -> u16 {
        let ports = self.config.get_ports();
        ports.get(index).or(ports.first()).copied().unwrap_or(5432)
    }

    /// How people are told of one of them.
    pub(super) fn shown(&self, index: usize) -> String {
        let port = self.port(index);
        match (self.config.get_hosts().get(index), self.config.get_hostaddrs().get(index)) {
            (Some(Host::Tcp(name)), _) if name.contains(':') => format!("[{name}]:{port}"),
            (Some(Host::Tcp(name)), _) => format!("{name}:{port}"),
            #[cfg(unix)]
            (Some(Host::Unix(path)), _) => path.display().to_string(),
            (None, Some(address)) => std::net::SocketAddr::new(*address, port).to_string(),
            (None, None) => String::new(),
        }
    }
}

/// A server that has vanished without a word is missed within a minute or so, and not after hours, unless the URL says
/// otherwise.
///
/// Source: PostgreSQL, "Parameter Key Words" (libpq), `keepalives` and the four behind it.
fn notice_who_vanishes(config: &mut tokio_postgres::Config, url: &str) {
    if !config.get_keepalives() {
        return;
    }
    let is_unsaid = |key: &str| !parameters::says(url, key);
    if is_unsaid("keepalives_idle") {
        config.keepalives_idle(Duration::from_secs(30));
    }
    if is_unsaid("keepalives_interval") {
        config.keepalives_interval(Duration::from_secs(10));
    }
    if is_unsaid("keepalives_retries") {
        config.keepalives_retries(3);
    }
    if is_unsaid("tcp_user_timeout") {
        config.tcp_user_timeout(Duration::from_mins(1));
    }
}

const NOT_ENCODED: &str = "a special character in it is not percent-encoded";

/// Is there an at sign that does not end a user and a password? The driver cuts at the first one, and would show a part of
/// a password as the user's or a host's name, and overlook parameters.
///
/// Source: PostgreSQL, "Connection Strings" (libpq), "Connection URIs".
fn is_ambiguous(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("postgresql://").or_else(|| url.strip_prefix("postgres://")) else { return false };
    let Some((before, after)) = rest.split_once('@') else { return false };
    if after.split('?').next().is_some_and(|place| place.contains('@')) {
        return true;
    }
    let Some(end) = before.find(['/', '?']) else { return false };
    // What ends there is a host, with its port or without; or a user, and a password that holds the sign begins.
    let is_port = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    before.starts_with('[') || before[..end].split_once(':').is_none_or(|(_, behind)| is_port(behind))
}

impl fmt::Display for Settings {
    /// `user@host:port/database`, without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgresql://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let hosts: Vec<String> = (0..self.hosts()).map(|index| self.shown(index)).collect();
        write!(f, "{}/{}", hosts.join(","), self.config.get_dbname().or(self.config.get_user()).unwrap_or_default())
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_text_nor_debug_shows_the_password() {
        for url in [
            "postgresql://ann:s3cret@db.example:6432/shop",
            "host=db.example port=6432 user=ann password=s3cret dbname=shop",
            "postgresql://ann:s3cret@db.example:6432/shop?connect_timeout=3&sslmode=prefer",
        ] {
            let settings = Settings::parse(url).expect("a valid URL");
            assert_eq!(settings.to_string(), "postgresql://ann@db.example:6432/shop");
            assert_eq!(format!("{settings:?}"), "Settings(postgresql://ann@db.example:6432/shop)");
        }
    }

    #[test]
    fn every_host_is_told_with_its_port() {
        for (url, text) in [
            ("postgresql://a@x:1,y:2/d", "postgresql://a@x:1,y:2/d"),
            ("postgresql://a@x,y/d", "postgresql://a@x:5432,y:5432/d"),
            ("postgresql://a@[::1]:7/d", "postgresql://a@[::1]:7/d"),
            ("hostaddr=10.0.0.1,::1 user=a", "postgresql://a@10.0.0.1:5432,[::1]:5432/a"),
            ("postgresql:///d?host=/run/pg", "postgresql:///run/pg/d"),
        ] {
            assert_eq!(Settings::parse(url).expect(url).to_string(), text);
        }
    }

    #[test]
    fn a_bad_url_is_not_repeated() {
        for url in [
            "",
            "  ",
            "mysql://ann:s3cret@h/d",
            "postgresql://ann:s3cret@h:port/d",
            "postgresql://h/d?s3cret=1",
            "postgresql:///d",
            "host=a,b port=1,2,3 password=s3cret",
            "host=a,b hostaddr=10.0.0.1 password=s3cret",
            "postgresql://h/d?user=ann@corp&password=s3cret",
            "postgresql://h:5432/d?password=s3cret&user=ann@corp",
            "postgresql://[::1]:5432/d?password=s3cret&user=ann@corp",
            "postgresql:///d?host=/run/pg&password=s3cret&user=ann@corp",
            "postgresql://ann:an@s3cret@h/d",
            "postgresql://ann:an@s3cret/and@h/d",
            "postgresql://ann:ann@h&password=s3cret",
            "postgresql://ann:s3cret@h/d?sslmode=s3cret",
            "postgresql://ann:s3cret@h/d?sslkey=s3cret",
            "postgresql://ann:s3cret@h/d?sslnegotiation=direct",
        ] {
            let text = Settings::parse(url).expect_err(url).to_string();
            assert!(text.starts_with("the database URL cannot be used: "), "{text}");
            assert!(!text.contains("s3cret"), "{text}");
        }
    }

    #[test]
    fn special_characters_stand_where_they_mean_themselves() {
        for url in [
            "postgresql://ann:s3%40cret@h/d?application_name=a@b",
            "postgresql://ann:s3?cr/et@h/d",
            "postgresql://h/d?user=ann%40corp&password=s3cret",
        ] {
            let text = Settings::parse(url).expect(url).to_string();
            assert!(text.ends_with("@h:5432/d") && !text.contains("s3"), "{text}");
        }
    }

    #[test]
    fn a_server_that_vanishes_is_missed_unless_the_url_says_otherwise() {
        let of = |url: &str| {
            let config = Settings::parse(url).expect(url).config;
            let (idle, interval) = (config.get_keepalives_idle(), config.get_keepalives_interval());
            let seconds = |duration: Option<Duration>| duration.map(|duration| duration.as_secs());
            (idle.as_secs(), seconds(interval), config.get_keepalives_retries(), seconds(config.get_tcp_user_timeout().copied()))
        };
        assert_eq!(of("postgresql://h/d"), (30, Some(10), Some(3), Some(60)));
        assert_eq!(of("host=h keepalives_idle=7200 tcp_user_timeout=0"), (7200, Some(10), Some(3), None));
        assert_eq!(of("postgresql://h/d?keepalives_interval=5&keepalives_retries=9"), (30, Some(5), Some(9), Some(60)));
        assert_eq!(of("postgresql://h/d?keepalives=0"), (7200, None, None, None));
    }

    #[test]
    fn a_role_is_an_option_of_the_start_beside_those_that_are_there() {
        let settings = Settings::parse("host=h options='-c geqo=off'").expect("a valid URL");
        assert_eq!(settings.with_role("the owner\\").config.get_options(), Some("-c geqo=off -c role=the\\ owner\\\\"));
    }

    #[test]
    #[cfg(not(feature = "tls"))]
    fn tls_that_was_not_built_in_is_said_before_anything_is_tried() {
        for (url, mode) in [
            ("postgresql://h/d?sslmode=require", "require"),
            ("host=h sslmode=verify-ca sslrootcert=/a", "verify-ca"),
            ("postgresql://h/d?sslrootcert=system", "verify-full"),
        ] {
            let error = Settings::parse(url).expect_err(url);
            assert_eq!(
                error.to_string(),
                format!(
                    "the database URL asks for TLS (sslmode={mode}), and this program was built without it\n  \
                     = help: turn on the feature `tls` of elyos-runtime; or use sslmode=prefer or disable where the connection needs no TLS"
                )
            );
            assert!(error.is_usage());
        }
        assert!(Settings::parse("postgresql:///d?host=/run/pg&sslmode=require").is_ok(), "a Unix socket needs none");
    }
}
