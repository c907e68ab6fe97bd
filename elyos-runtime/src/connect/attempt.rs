//! A round of attempts: each host of the URL, and each way to talk to it that its `sslmode` allows, in order.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio_postgres::config::{Host, LoadBalanceHosts};
use tokio_postgres::{Client, NoTls};

use super::failure::{self, ConnectFailure};
use super::parameters::SslMode;
use super::random;
use super::settings::Settings;
#[cfg(feature = "tls")]
use super::tls::Connector;
use crate::error::{Error, Kind};

/// What keeps a connection going; it ends with it.
pub(crate) type Driver = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What any attempt is given, though the deadline be nearer or past: long enough for a server that is there to refuse.
const LEAST: Duration = Duration::from_millis(250);

/// The longest that the TCP handshake with one address may take: a name may have another one that answers.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How the bytes travel.
#[derive(Clone)]
pub(crate) enum Transport {
    Plain,
    /// Encrypted, or plain where the server offers no TLS and the mode is `prefer`.
    #[cfg(feature = "tls")]
    Tls(Connector),
}

impl Transport {
    fn is_tls(&self) -> bool {
        match self {
            Self::Plain => false,
            #[cfg(feature = "tls")]
            Self::Tls(_) => true,
        }
    }

    /// Asks the server to cancel what the session runs, over a connection of its own.
    #[cfg(feature = "pool")]
    pub(crate) async fn cancel(self, token: tokio_postgres::CancelToken) -> Result<(), tokio_postgres::Error> {
        match self {
            Self::Plain => token.cancel_query(NoTls).await,
            #[cfg(feature = "tls")]
            Self::Tls(connector) => token.cancel_query(connector).await,
        }
    }

    /// Was the connection encrypted, or about to be?
    fn was_tls(&self) -> bool {
        match self {
            Self::Plain => false,
            #[cfg(feature = "tls")]
            Self::Tls(connector) => connector.began(),
        }
    }
}

/// One host, talked to in one way.
pub(crate) struct Attempt {
    config: tokio_postgres::Config,
    transport: Transport,
}

impl Attempt {
    /// How the bytes of its connection travel.
    #[cfg(feature = "pool")]
    pub(crate) fn transport(&self) -> Transport {
        self.transport.clone()
    }

    /// Connects; the driver has to be run, as a task of its own.
    pub(crate) async fn connect(self) -> Result<(Client, Driver), tokio_postgres::Error> {
        match self.transport {
            Transport::Plain => {
                let (client, connection) = self.config.connect(NoTls).await?;
                // What ends the connection reaches the caller through the client's next request.
                Ok((client, Box::pin(async move { drop(connection.await) })))
            }
            #[cfg(feature = "tls")]
            Transport::Tls(connector) => {
                let (client, connection) = self.config.connect(connector).await?;
                Ok((client, Box::pin(async move { drop(connection.await) })))
            }
        }
    }

    /// Connects with the blocking client.
    pub(super) fn connect_blocking(self) -> Result<postgres::Client, postgres::Error> {
        let config = postgres::Config::from(self.config);
        match self.transport {
            Transport::Plain => config.connect(NoTls),
            #[cfg(feature = "tls")]
            Transport::Tls(connector) => config.connect(connector),
        }
    }
}

/// What an attempt met.
struct Met {
    host: usize,
    why: ConnectFailure,
    error: Option<tokio_postgres::Error>,
}

/// Goes through the attempts of a URL once.
pub(crate) struct Round<'s> {
    settings: &'s Settings,
    started: Instant,
    deadline: Instant,
    /// The hosts that are still to be tried, the next one last.
    hosts: Vec<usize>,
    /// The ways that are left to talk to the host that is being tried, the next one last.
    transports: Vec<Transport>,
    /// The host and the transport that were tried last.
    current: Option<(usize, Transport)>,
    met: Vec<Met>,
}

impl<'s> Round<'s> {
    pub(crate) fn new(settings: &'s Settings, started: Instant, deadline: Instant) -> Self {
        let mut hosts: Vec<usize> = (0..settings.hosts()).rev().collect();
        if settings.config.get_load_balance_hosts() == LoadBalanceHosts::Random {
            hosts.sort_by_cached_key(|_| random());
        }
        Self { settings, started, deadline, hosts, transports: Vec::new(), current: None, met: Vec::new() }
    }

    /// The next attempt, and how long it may take.
    pub(crate) fn next(&mut self) -> Option<(Attempt, Duration)> {
        let (host, transport) = if let (Some(transport), Some((host, _))) = (self.transports.pop(), self.current.take()) {
            (host, transport)
        } else {
            let host = self.hosts.pop()?;
            self.transports = self.transports_to(host);
            (host, self.transports.pop()?)
        };
        let left = self.deadline.saturating_duration_since(Instant::now()).max(LEAST);
        // One that says nothing must not take the time of those after it.
        let patience = left / u32::try_from(self.hosts.len() + 1).unwrap_or(u32::MAX);
        let mut config = self.config_of(host);
        let own = config.get_connect_timeout().copied();
        config.connect_timeout(own.unwrap_or(HANDSHAKE).min(patience));
        config.ssl_mode(match self.settings.ssl_mode {
            _ if !transport.is_tls() => tokio_postgres::config::SslMode::Disable,
            SslMode::Prefer => tokio_postgres::config::SslMode::Prefer,
            _ => tokio_postgres::config::SslMode::Require,
        });
        self.current = Some((host, transport.clone()));
        Some((Attempt { config, transport }, patience))
    }

    /// Notes what the attempt met: the driver's error, or nothing at all in its time.
    pub(crate) fn failed(&mut self, error: Option<tokio_postgres::Error>) {
        let Some((host, transport)) = &self.current else { return };
        let host = *host;
        let why = match &error {
            Some(error) => failure::classify(error, self.settings.ssl_mode, &self.settings.shown(host)),
            None => ConnectFailure::Silent,
        };
        // Another way is for what the first was at fault of: a handshake that failed, or pg_hba.conf that lets nobody in so.
        let broke_off = transport.was_tls() && why == ConnectFailure::Unreachable;
        let at_fault = broke_off || why.is_of_tls() || matches!(why, ConnectFailure::NotAllowed { .. });
        if !at_fault || transport.is_tls() != transport.was_tls() {
            self.transports.clear();
        }
        // Of the ways to one host, what the first met counts.
        if self.met.iter().all(|met| met.host != host) {
            self.met.push(Met { host, why, error });
        }
    }

    /// Was there a host that said nothing in its time?
    pub(crate) fn met_silence(&self) -> bool {
        self.met.is_empty() || self.met.iter().any(|met| met.why == ConnectFailure::Silent)
    }

    /// What the round met: of several hosts first the one that is worth waiting for, and then the others.
    pub(crate) fn error(mut self) -> Error {
        let first = self.met.iter().position(|met| met.why.passes()).unwrap_or_default();
        let target = self.settings.to_string();
        let waited = self.started.elapsed();
        if self.met.is_empty() {
            return Error::new(Kind::Connect { target, why: ConnectFailure::Silent, waited, error: None, hosts: Vec::new() });
        }
        let hosts = if self.settings.hosts() == 1 {
            Vec::new()
        } else {
            let told = |met: &Met| format!("{}: {}", self.settings.shown(met.host), met.why.said(met.error.as_ref()));
            self.met.iter().map(told).collect()
        };
        let Met { why, error, .. } = self.met.swap_remove(first);
        Error::new(Kind::Connect { target, why, waited, error, hosts })
    }

    /// The ways to talk to a host, the first last.
    fn transports_to(&self, host: usize) -> Vec<Transport> {
        let is_socket = matches!(self.settings.config.get_hosts().get(host), Some(Host::Unix(_)));
        if is_socket {
            return vec![Transport::Plain];
        }
        #[cfg(feature = "tls")]
        if let Some(connector) = self.settings.tls.connector() {
            let tls = Transport::Tls(connector);
            return match self.settings.ssl_mode {
                SslMode::Disable => vec![Transport::Plain],
                SslMode::Allow => vec![tls, Transport::Plain],
                SslMode::Prefer => vec![Transport::Plain, tls],
                SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => vec![tls],
            };
        }
        vec![Transport::Plain]
    }

    /// The settings for one host. All that the URL can say is carried over.
    fn config_of(&self, index: usize) -> tokio_postgres::Config {
        let all = &self.settings.config;
        if self.settings.hosts() == 1 && !all.get_hosts().is_empty() {
            return all.clone();
        }
        let mut one = tokio_postgres::Config::new();
        match all.get_hosts().get(index) {
            Some(Host::Tcp(name)) => drop(one.host(name)),
            #[cfg(unix)]
            Some(Host::Unix(path)) => drop(one.host_path(path)),
            None => {}
        }
        if let Some(address) = all.get_hostaddrs().get(index) {
            one.hostaddr(*address);
            if all.get_hosts().is_empty() {
                // What the server's certificate has to be for.
                one.host(address.to_string());
            }
        }
        one.port(self.settings.port(index));
        all.get_user().map(|user| one.user(user));
        all.get_password().map(|password| one.password(password));
        all.get_dbname().map(|name| one.dbname(name));
        all.get_options().map(|options| one.options(options));
        all.get_application_name().map(|name| one.application_name(name));
        all.get_connect_timeout().map(|timeout| one.connect_timeout(*timeout));
        all.get_tcp_user_timeout().map(|timeout| one.tcp_user_timeout(*timeout));
        all.get_keepalives_interval().map(|interval| one.keepalives_interval(interval));
        all.get_keepalives_retries().map(|retries| one.keepalives_retries(retries));
        one.keepalives(all.get_keepalives())
            .keepalives_idle(all.get_keepalives_idle())
            .ssl_negotiation(all.get_ssl_negotiation())
            .target_session_attrs(all.get_target_session_attrs())
            .channel_binding(all.get_channel_binding())
            .load_balance_hosts(all.get_load_balance_hosts());
        one
    }
}
