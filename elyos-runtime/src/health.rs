//! Is the database there? Asked when somebody wants to know, and at most once in 30 seconds.

use std::borrow::Cow;
use std::collections::HashMap;
#[cfg(feature = "tokio")]
use std::future::Future;
#[cfg(feature = "tokio")]
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio_postgres::Row;

use crate::db::Db;
use crate::error::{Error, Kind, Result};
use crate::executor::Executor;
use crate::query::{Query, Statement, read};

/// How long a database that was found healthy is taken to be so by [`ensure_database_health`].
const FRESH: Duration = Duration::from_secs(30);

/// How long an asynchronous connection's answer is waited for, and that of another caller who asks.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often who waits for another caller looks whether it has been answered.
const PAUSE: Duration = Duration::from_millis(5);

/// A database that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// From the question to the answer, in the check that this is of.
    #[serde(rename = "latency_us", serialize_with = "microseconds")]
    pub latency: Duration,
    /// The server's version as it names itself, such as `15.4`.
    pub server_version: String,
    /// Is the server a standby, which takes no writes?
    pub is_standby: bool,
}

fn microseconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
}

/// The question; it measures its own time.
struct Ask {
    asked: Instant,
}

impl Query for Ask {
    type Output = Health;

    fn statement(&self) -> Statement<'_> {
        let sql = "SELECT current_setting('server_version'), pg_catalog.pg_is_in_recovery()";
        Statement { sql: Cow::Borrowed(sql), params: Vec::new() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Health> {
        let row = rows.first().ok_or_else(|| Error::new(Kind::Unexpected { what: "the server's version" }))?;
        let version: String = read(row, 0)?;
        Ok(Health {
            latency: self.asked.elapsed(),
            server_version: version.split(' ').next().unwrap_or_default().to_owned(),
            is_standby: read(row, 1)?,
        })
    }
}

/// Asks the database, over this very connection, now: one round trip, once the statement is prepared.
///
/// ```no_run
/// # fn main() -> Result<(), elyos_runtime::Error> {
/// let db = elyos_runtime::Db::connect_from_env()?;
/// let health = elyos_runtime::check_database_health(&db)?;
/// println!("PostgreSQL {} answered in {:?}", health.server_version, health.latency);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// When the connection is gone or the server refuses.
pub fn check_database_health<'a, E: Executor + 'a>(executor: E) -> E::Output<'a, Health> {
    executor.run(Ask { asked: Instant::now() })
}

/// Makes sure that the database answers, at little cost however often it is asked: for a program's health endpoint.
///
/// A database that answered within the last 30 seconds is taken to be healthy. Otherwise it is asked, by one caller at a
/// time in the whole program; who comes meanwhile waits for that answer, good or bad, and does not ask again. A failure is
/// not kept for those who come later. Databases are told apart by user, host, port and name: it is the database's health,
/// not one connection's. Who waits for another caller's answer gives up after 5 seconds, and so does a future, as it is with
/// `&AsyncDb` (feature `tokio`), that waits for the server's; over `&Db` the one who asks waits for as long as the
/// connection lasts, which one to a server that has vanished does for a minute or so. [`check_database_health`] asks in any case.
///
/// ```no_run
/// # fn main() -> Result<(), elyos_runtime::Error> {
/// let db = elyos_runtime::Db::connect_from_env()?;
/// elyos_runtime::ensure_database_health(&db)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Error::is_connection`], with a sentence that says what was met.
pub fn ensure_database_health<'a, C: HealthChecked + 'a>(connection: C) -> C::Answer<'a> {
    connection.ensure_health()
}

mod sealed {
    pub trait Sealed {}
}

/// A connection whose database's health can be made sure of: `&Db`, and with the feature `tokio` `&AsyncDb`.
pub trait HealthChecked: sealed::Sealed {
    /// A result, or a future of one.
    type Answer<'a>
    where
        Self: 'a;

    /// See [`ensure_database_health`].
    fn ensure_health<'a>(self) -> Self::Answer<'a>
    where
        Self: 'a;
}

/// The last answer of a database, and when it came. Locked while one asks, so that the others wait.
type Checked = tokio::sync::Mutex<Option<(Instant, Result<Health, String>)>>;

/// Each database that was ever asked; a program knows few.
static CHECKED: LazyLock<Mutex<HashMap<String, Arc<Checked>>>> = LazyLock::new(Mutex::default);

fn checked(target: &str) -> Arc<Checked> {
    // Nothing between its steps can leave the map half changed.
    let mut all = CHECKED.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(all.entry(target.to_owned()).or_default())
}

/// The last answer, where it answers who came at this time.
fn answer(last: Option<&(Instant, Result<Health, String>)>, came: Instant) -> Option<Result<Health>> {
    match last? {
        (at, Ok(health)) if at.elapsed() < FRESH => Some(Ok(health.clone())),
        (at, Err(why)) if *at >= came => Some(Err(unhealthy(why))),
        _ => None,
    }
}

fn unhealthy(why: &str) -> Error {
    Error::new(Kind::Unhealthy { why: why.to_owned() })
}

fn silence() -> String {
    format!("nothing answered for {} seconds", PATIENCE.as_secs())
}

impl sealed::Sealed for &Db {}

impl HealthChecked for &Db {
    type Answer<'a>
        = Result<Health>
    where
        Self: 'a;

    fn ensure_health<'a>(self) -> Result<Health>
    where
        Self: 'a,
    {
        let came = Instant::now();
        let checked = checked(self.target());
        let mut last = loop {
            match checked.try_lock() {
                Ok(last) => break last,
                Err(_) if came.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
                Err(_) => return Err(unhealthy(&silence())),
            }
        };
        if let Some(answer) = answer(last.as_ref(), came) {
            return answer;
        }
        let found = check_database_health(self).map_err(|error| error.to_string());
        *last = Some((Instant::now(), found.clone()));
        found.map_err(|why| unhealthy(&why))
    }
}

#[cfg(feature = "tokio")]
impl sealed::Sealed for &crate::db::AsyncDb {}

#[cfg(feature = "tokio")]
impl HealthChecked for &crate::db::AsyncDb {
    type Answer<'a>
        = Pin<Box<dyn Future<Output = Result<Health>> + Send + 'a>>
    where
        Self: 'a;

    fn ensure_health<'a>(self) -> Self::Answer<'a>
    where
        Self: 'a,
    {
        Box::pin(async move {
            let came = Instant::now();
            let checked = checked(self.target());
            let Ok(mut last) = tokio::time::timeout(PATIENCE, checked.lock()).await else { return Err(unhealthy(&silence())) };
            if let Some(answer) = answer(last.as_ref(), came) {
                return answer;
            }
            let found = match tokio::time::timeout(PATIENCE, check_database_health(self)).await {
                Ok(found) => found.map_err(|error| error.to_string()),
                Err(_silence) => Err(silence()),
            };
            *last = Some((Instant::now(), found.clone()));
            found.map_err(|why| unhealthy(&why))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_answer_is_kept_and_a_bad_one_only_for_who_was_waiting() {
        let health = Health { latency: Duration::from_millis(1), server_version: "15.4".to_owned(), is_standby: false };
        let now = Instant::now();
        let good = Some((now, Ok(health.clone())));
        let bad = Some((now, Err("it is gone".to_owned())));
        let (before, after) = (now.checked_sub(Duration::from_millis(1)).expect("a time"), now + Duration::from_millis(1));
        assert_eq!(answer(good.as_ref(), after).and_then(Result::ok), Some(health.clone()));
        let told = answer(bad.as_ref(), before).and_then(Result::err).expect("it waited for this answer");
        assert_eq!(told.to_string(), "the database is not healthy: it is gone");
        assert!(told.is_connection());
        assert!(answer(bad.as_ref(), after).is_none() && answer(None, before).is_none());
        let old = now.checked_sub(FRESH).map(|then| (then, Ok(health)));
        assert!(old.is_none() || answer(old.as_ref(), after).is_none());
    }
}
