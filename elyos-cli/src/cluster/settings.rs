//! The settings a server is started with.
//!
//! `initdb` writes a `postgresql.conf` that suits the machine; a line added to it includes `elyos.conf`, which is
//! written anew at each start. `ALTER SYSTEM` still overrides both, for who wants to try a setting.

use super::{
    account::Accounts,
    error::Error,
    folder::{self, Readers},
    place::{Place, Purpose},
};

/// The role that everybody who may connect is.
pub(super) const ROLE: &str = "postgres";

/// The name of the ident map.
const MAP: &str = "elyos";

/// What every server gets. Nothing listens but the socket, so there is no password, and none to lose: who connects is
/// who the kernel says they are.
const COMMON: &str = "\
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700
log_line_prefix = '%m [%p] %d '
log_timezone = 'UTC'
timezone = 'UTC'
lc_messages = 'C'
shared_buffers = 128MB
";

/// A developer's database survives a power failure; it need not serve a crowd.
const PROJECT: &str = "\
cluster_name = 'elyos'
max_connections = 100
";

/// A test's database need not survive anything, but there are many tests.
const TESTS: &str = "\
cluster_name = 'elyos-tests'
max_connections = 300
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
";

/// The line for `postgresql.conf` that brings in the settings of this place.
pub(super) fn include_line(place: &Place) -> String {
    format!("include '{}'", place.home.join("elyos.conf").display())
}

/// Writes the settings for the server of this place, where it can read but not change them.
pub(super) fn write(place: &Place) -> Result<(), Error> {
    let own = match place.purpose {
        Purpose::Project => PROJECT,
        Purpose::Tests => TESTS,
    };
    let hba = place.home.join("pg_hba.conf");
    let ident = place.home.join("pg_ident.conf");
    let settings = format!(
        "# Written by elyos at each start of the server; use ALTER SYSTEM for settings of your own.\n\
         {COMMON}{own}hba_file = '{}'\nident_file = '{}'\n",
        hba.display(),
        ident.display()
    );
    let readers = Readers::Group(place.accounts.server.gid);
    folder::write(&place.home.join("elyos.conf"), &settings, readers)?;
    folder::write(&hba, &format!("local all all peer map={MAP}\n"), readers)?;
    folder::write(&ident, &ident_map(&place.accounts)?, readers)
}

/// Lets the user who starts the cluster and the one it runs as be the role [`ROLE`].
fn ident_map(accounts: &Accounts) -> Result<String, Error> {
    let mut users = vec![&accounts.me.name];
    if accounts.differ() {
        users.push(&accounts.server.name);
    }
    let mut map = String::new();
    for user in users {
        // A leading slash would make it a regular expression; and within quotes there is no way to write one.
        if user.starts_with('/') || user.contains(['"', '\n', '\r']) {
            return Err(Error::invalid(
                format!("the user name {user:?}"),
                "PostgreSQL's map of users cannot hold it. Set DATABASE_URL to use a server that runs elsewhere",
            ));
        }
        map.extend([MAP, " \"", user, "\" ", ROLE, "\n"]);
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::cluster::account::Account;

    fn account(name: &str, uid: u32) -> Account {
        Account { name: name.to_owned(), uid, gid: uid, home: PathBuf::from("/") }
    }

    #[test]
    fn the_starter_and_the_servers_user_may_connect_and_nobody_else() {
        let map = |me, server| ident_map(&Accounts { me, server });
        assert_eq!(map(account("root", 0), account("postgres", 101)).unwrap(), "elyos \"root\" postgres\nelyos \"postgres\" postgres\n");
        assert_eq!(map(account("alice b", 1000), account("alice b", 1000)).unwrap(), "elyos \"alice b\" postgres\n");
        assert!(map(account("/.*", 1000), account("/.*", 1000)).is_err());
        assert!(map(account("a\" x", 1000), account("a\" x", 1000)).is_err());
    }

    #[test]
    fn a_project_is_durable_and_nothing_listens_on_tcp() {
        assert!(!PROJECT.contains("fsync") && TESTS.contains("fsync = off"));
        assert!(COMMON.contains("listen_addresses = ''"));
    }
}
