//! Connections over the network, to a server of the test's own: TLS, passwords, and roles that may do little.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cluster_support;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use cluster_support::Project;
use elyos_cli::cluster::{Cluster, PROJECT_DATABASE};
use elyos_runtime::prelude::*;
use elyos_runtime::{Bundle, Outcome, check_database_health, connect_client};
use elyos_tests::client;
use rcgen::{BasicConstraints, CertificateParams, CertifiedKey, IsCa, Issuer, KeyPair, date_time_ymd};

const PASSWORD: &str = "hunter2-s3cret";

/// A certificate authority.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A server's certificate and key.
    fn sign(&self, names: &[&str], until: i32) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()).unwrap();
        params.not_after = date_time_ymd(until, 1, 1);
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

/// A private PostgreSQL that listens on an address of its own, as the port is the same for all.
struct Server {
    address: String,
    socket: String,
    project: Project,
}

/// Who may come in from the network, and how.
const HBA: &str = "\
local all all peer map=elyos
hostssl all ann 127.0.0.0/8 scram-sha-256
hostssl all tls_only 127.0.0.0/8 trust
hostnossl all plain_only 127.0.0.0/8 trust
";

/// How many servers this process has started.
static COUNT: AtomicU32 = AtomicU32::new(0);

impl Server {
    fn start(certificate: &(String, String)) -> Self {
        let project = Project::new("network");
        let cluster = project.start().cluster;
        cluster.create_database(PROJECT_DATABASE).unwrap();
        let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let address = format!("127.{}.{}.{}", 64 + count, (process >> 8) % 256, 1 + process % 254);
        let server = Self { address, socket: cluster.url(PROJECT_DATABASE), project };
        server.write("hba.conf", HBA);
        server.write("server.crt", &certificate.0);
        server.write("server.key", &certificate.1);
        let mut client = client(&server.socket);
        for setting in [
            format!("listen_addresses = '{}'", server.address),
            "ssl = on".to_owned(),
            "password_encryption = 'scram-sha-256'".to_owned(),
            format!("hba_file = '{}'", cluster.data_directory().join("hba.conf").display()),
        ] {
            client.batch_execute(&format!("ALTER SYSTEM SET {setting}")).unwrap();
        }
        client
            .batch_execute(&format!(
                "SET password_encryption = 'scram-sha-256'; CREATE ROLE ann LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE tls_only LOGIN; \
                 CREATE ROLE plain_only LOGIN; CREATE ROLE owner; GRANT CREATE ON DATABASE {PROJECT_DATABASE} TO owner;"
            ))
            .unwrap();
        drop(client);
        Cluster::stop(&server.project.0).unwrap();
        server.project.start().cluster.create_database(PROJECT_DATABASE).unwrap();
        server
    }

    /// Writes a file as the server's user, in its data folder, for its user only.
    fn write(&self, name: &str, text: &str) {
        let sql = format!(
            "COPY (SELECT unnest(string_to_array($text${text}$text$, E'\\n'))) TO PROGRAM 'rm -f {name} && umask 077 && cat > {name}'"
        );
        client(&self.socket).batch_execute(&sql).unwrap();
    }

    /// Has the server show another certificate to those who come from now on.
    fn show(&self, certificate: &(String, String)) {
        self.write("server.crt", &certificate.0);
        self.write("server.key", &certificate.1);
        client(&self.socket).batch_execute("SELECT pg_reload_conf()").unwrap();
    }

    fn url(&self, user: &str, parameters: &str) -> String {
        format!("postgresql://{user}@{}/{PROJECT_DATABASE}?{parameters}", self.address)
    }

    /// By a name that leads nowhere and an address that does.
    fn named(&self, user: &str, host: &str, parameters: &str) -> String {
        format!("postgresql://{user}@{host}/{PROJECT_DATABASE}?hostaddr={}&{parameters}", self.address)
    }
}

fn nothing() -> Bundle {
    elyos_tests::Project::new().load()
}

fn connect(url: &str) -> Result<postgres::Client, Error> {
    connect_client(url, Duration::from_secs(10), |_| {})
}

/// Is this connection encrypted?
fn is_encrypted(url: &str) -> bool {
    let mut client = connect(url).unwrap_or_else(|error| panic!("{url}: {error}"));
    client.query_one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[]).unwrap().get(0)
}

fn refused(url: &str) -> String {
    let error = connect(url).map(drop).expect_err(url).to_string();
    assert!(!error.contains(PASSWORD), "{error}");
    error
}

/// Waits until the error is the expected one: a server takes a new certificate up a moment after it is told to.
fn in_the_end(url: &str, expected: &str) {
    let started = Instant::now();
    loop {
        let error = connect(url).err().map(|error| error.to_string()).unwrap_or_default();
        if error == expected {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{url}\n{error}\n{expected}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn tls_is_as_the_url_asks() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, pem: &str| {
        let path = folder.path().join(name);
        fs::write(&path, pem).unwrap();
        path.display().to_string()
    };
    let (authority, stranger) = (Authority::new(), Authority::new());
    let (root, other) = (file("root.crt", &authority.pem), file("other.crt", &stranger.pem));
    let both = file("both.crt", &format!("{}{}", stranger.pem, authority.pem));
    let server = Server::start(&authority.sign(&["db.test", "localhost"], 2100));
    let ann = format!("ann:{PASSWORD}");

    // Each mode where it works, with a password that is checked by SCRAM, and bound to the channel.
    for parameters in ["", "sslmode=prefer", "sslmode=allow", "sslmode=require", "sslmode=require&channel_binding=require"] {
        assert!(is_encrypted(&server.url(&ann, parameters)), "{parameters}");
    }
    for roots in [&root, &both] {
        for mode in ["require", "verify-ca", "verify-full"] {
            let parameters = format!("sslmode={mode}&sslrootcert={roots}&channel_binding=require");
            assert!(is_encrypted(&server.named(&ann, "db.test", &parameters)), "{parameters}");
        }
    }
    every_way_in_is_encrypted(&server.named(&ann, "db.test", &format!("sslmode=verify-full&sslrootcert={root}")));
    what_plain_meets(&server);

    // A certificate for another name, of another authority, of none.
    let target = |host: &str| format!("could not connect to postgresql://tls_only@{host}:5432/{PROJECT_DATABASE}: ");
    let full = format!("sslmode=verify-full&sslrootcert={root}");
    let name = "connect by a name that the certificate is for; or use sslmode=verify-ca where any server of that authority will do";
    assert_eq!(
        refused(&server.named("tls_only", "db.example", &full)),
        format!("{}the server's certificate is not for db.example, but for db.test, localhost\n  = help: {name}", target("db.example"))
    );
    assert_eq!(
        refused(&server.url("tls_only", &full)),
        format!(
            "{0}the server's certificate is not for {1}, but for db.test, localhost\n  = help: {name}",
            target(&server.address),
            server.address
        )
    );
    assert!(is_encrypted(&server.url("tls_only", &format!("sslmode=verify-ca&sslrootcert={root}"))));
    let unknown = format!(
        "{}the server's certificate is signed by none of the authorities that are trusted\n  \
         = help: sslrootcert=FILE names the certificate, in PEM form, of the authority that signed the server's",
        target("db.test")
    );
    for mode in ["require", "verify-ca", "verify-full"] {
        assert_eq!(refused(&server.named("tls_only", "db.test", &format!("sslmode={mode}&sslrootcert={other}"))), unknown);
    }
    assert_eq!(refused(&server.named("tls_only", "db.test", "sslmode=verify-full&sslrootcert=system")), unknown);
    certificates_that_are_out_of_the_ordinary(&server, &authority, &root, folder.path());
}

/// The start, both kinds of connections of an application's, and the health check.
fn every_way_in_is_encrypted(url: &str) {
    let bundle = nothing();
    let init = || Init::new(&bundle).database_url(url).role("owner");
    assert!(init().verify_only(true).run().unwrap_err().is_not_up_to_date());
    let db = Db::connect(url).unwrap();
    assert!(!check_database_health(&db).unwrap().is_standby);
    drop(db);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = AsyncDb::connect(url).await.unwrap();
        assert!(!check_database_health(&db).await.unwrap().is_standby);
    });
}

fn what_plain_meets(server: &Server) {
    let address = &server.address;
    let hba = "\n  = help: the server's pg_hba.conf or the role's attributes do not let this user in from here";
    let over = "\n  = help: if it lets in over TLS only, use sslmode=require or a stronger one";
    assert_eq!(
        refused(&server.url("tls_only", "sslmode=disable")),
        format!(
            "could not connect to postgresql://tls_only@{address}:5432/{PROJECT_DATABASE}: no pg_hba.conf entry for host \"127.0.0.1\", \
             user \"tls_only\", database \"{PROJECT_DATABASE}\", no encryption{hba}{over}"
        )
    );
    assert!(is_encrypted(&server.url("tls_only", "sslmode=allow")));
    // The other way round, TLS is tried first, and then the way that is let in.
    for parameters in ["", "sslmode=prefer", "sslmode=allow", "sslmode=disable"] {
        assert!(!is_encrypted(&server.url("plain_only", parameters)), "{parameters}");
    }
    assert_eq!(
        refused(&server.url("plain_only", "sslmode=require")),
        format!(
            "could not connect to postgresql://plain_only@{address}:5432/{PROJECT_DATABASE}: no pg_hba.conf entry for host \"127.0.0.1\", \
             user \"plain_only\", database \"{PROJECT_DATABASE}\", SSL encryption{hba}"
        )
    );
}

fn certificates_that_are_out_of_the_ordinary(server: &Server, authority: &Authority, root: &str, folder: &Path) {
    let target = format!("could not connect to postgresql://tls_only@db.test:5432/{PROJECT_DATABASE}: ");
    let full = server.named("tls_only", "db.test", &format!("sslmode=verify-full&sslrootcert={root}"));
    server.show(&authority.sign(&["db.test"], 2020));
    let clock = "\n  = help: give the server a valid certificate; if it has one, is this machine's clock right?";
    in_the_end(&full, &format!("{target}the server's certificate has expired{clock}"));
    // With a common name only, as the server's own documentation makes one.
    server.show(&authority.sign(&[], 2100));
    in_the_end(
        &full,
        &format!(
            "{target}the server's certificate is not for db.test: it names no host as subjectAltName, and its common name does not count\n  \
             = help: connect by a name that the certificate is for; or use sslmode=verify-ca where any server of that authority will do"
        ),
    );
    assert!(is_encrypted(&server.named("tls_only", "db.test", &format!("sslmode=verify-ca&sslrootcert={root}"))));
    // Signed by itself, and trusted as what it is.
    let CertifiedKey { cert, signing_key } = {
        let signing_key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["db.test".to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedKey { cert: params.self_signed(&signing_key).unwrap(), signing_key }
    };
    let own = folder.join("own.crt");
    fs::write(&own, cert.pem()).unwrap();
    server.show(&(cert.pem(), signing_key.serialize_pem()));
    let unknown = "the server's certificate is signed by none of the authorities that are trusted";
    let started = Instant::now();
    let full = |host: &str| server.named("tls_only", host, &format!("sslmode=verify-full&sslrootcert={}", own.display()));
    while let Err(error) = connect(&full("db.test")) {
        assert!(started.elapsed() < Duration::from_secs(20), "{error}");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(is_encrypted(&full("db.test")));
    assert!(refused(&full("db.example")).contains(": the server's certificate is not for db.example, but for db.test\n"));
    let system = refused(&server.named("tls_only", "db.test", "sslrootcert=system"));
    assert!(system.contains(unknown) || system.contains(": the server's certificate cannot be checked: "), "{system}");
}

#[test]
fn roots_that_cannot_be_used_are_said_before_anything_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let (missing, empty, broken) = (folder.path().join("none.crt"), folder.path().join("empty.crt"), folder.path().join("broken.crt"));
    fs::write(&empty, "nothing").unwrap();
    fs::write(&broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    let form = "\n  = help: the form is postgresql://user:password@host:5432/database, with special characters percent-encoded";
    for (parameters, why) in [
        (
            format!("sslmode=verify-full&sslrootcert={}", missing.display()),
            format!("its sslrootcert {} cannot be used: No such file or directory (os error 2)", missing.display()),
        ),
        (
            format!("sslmode=verify-ca&sslrootcert={}", empty.display()),
            format!("its sslrootcert {} cannot be used: there is no certificate in PEM form in it", empty.display()),
        ),
        ("sslmode=verify-ca".to_owned(), "sslmode=verify-ca needs sslrootcert, the file with the authority's certificate".to_owned()),
        ("sslmode=require&sslrootcert=system".to_owned(), "sslrootcert=system is of use with sslmode=verify-full only".to_owned()),
    ] {
        let error = Db::connect(&format!("postgresql://ann:{PASSWORD}@h/d?{parameters}")).unwrap_err();
        assert_eq!(error.to_string(), format!("the database URL cannot be used: {why}{form}"));
        assert!(error.is_usage());
    }
    let error = Db::connect(&format!("postgresql://ann:{PASSWORD}@h/d?sslmode=verify-ca&sslrootcert={}", broken.display())).unwrap_err();
    let start = format!("the database URL cannot be used: its sslrootcert {} cannot be used: ", broken.display());
    assert!(error.to_string().starts_with(&start) && !error.to_string().contains(PASSWORD), "{error}");
}

#[test]
fn a_start_works_as_the_role_that_owns_what_is_made() {
    let server = Server::start(&Authority::new().sign(&["db.test"], 2100));
    let mut look = client(&server.socket);
    let bundle = elyos_tests::Project::new()
        .head("schemas = [\"shop\"]")
        .schema("CREATE TABLE shop.t (who text DEFAULT current_user);")
        .seed("one", &[], "RESET ROLE;\nINSERT INTO shop.t DEFAULT VALUES;")
        .load();
    let url = server.url("tls_only", "");
    let target = format!("postgresql://tls_only@{}:5432/{PROJECT_DATABASE}", server.address);
    let init = || Init::new(&bundle).database_url(&url);
    // Without it, without the right to be it, and of a role that is not there.
    assert!(init().run().unwrap_err().is_insufficient_privilege());
    let text = |error: Error| error.to_string();
    assert_eq!(
        text(init().role("owner").run().unwrap_err()),
        format!("could not connect to {target}: permission denied to set role \"owner\"")
    );
    assert_eq!(text(init().role("no body").run().unwrap_err()), format!("could not connect to {target}: role \"no body\" does not exist"));
    look.batch_execute("GRANT owner TO tls_only; ALTER ROLE tls_only NOINHERIT").unwrap();
    assert_eq!(init().role("owner").run().unwrap().outcome, Outcome::Applied);
    let owners = look
        .query(
            "SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class WHERE relnamespace IN ('shop'::regnamespace, 'elyos'::regnamespace)",
            &[],
        )
        .unwrap();
    assert_eq!(owners.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), ["owner"]);
    assert_eq!(look.query_one("SELECT who FROM shop.t", &[]).unwrap().get::<_, String>(0), "owner");

    // The application's own role may read the ledger, or nothing at all.
    assert_eq!(init().role("owner").run().unwrap().outcome, Outcome::NothingToDo);
    let error = init().verify_only(true).run().unwrap_err();
    let grant = "GRANT USAGE ON SCHEMA elyos TO tls_only; GRANT SELECT ON ALL TABLES IN SCHEMA elyos TO tls_only;";
    assert_eq!(text(error), format!("the role tls_only may not read the ledger: permission denied for schema elyos\n  = help: {grant}"));
    look.batch_execute(grant).unwrap();
    assert_eq!(init().verify_only(true).run().unwrap().outcome, Outcome::NothingToDo);
    let changed = elyos_tests::Project::new()
        .head("schemas = [\"shop\"]")
        .schema("CREATE TABLE shop.t (who text DEFAULT current_user);")
        .seed("one", &[], "SELECT 2;")
        .load();
    let error = Init::new(&changed).database_url(&url).verify_only(true).run().unwrap_err();
    assert!(error.is_not_up_to_date() && error.missing()[0].name == "one" && error.missing()[0].changed, "{error}");
}

/// The connections of the server's address and port, by their ends: until when each waits for a keepalive, in seconds, as the system
/// has it; none where it waits for something else.
///
/// Source: Linux, `Documentation/networking/proc_net_tcp.rst`.
fn keepalives(address: &str) -> Vec<Option<u64>> {
    let bytes: Vec<u8> = address.split('.').map(|number| number.parse().unwrap()).collect();
    let end = format!("{:02X}{:02X}{:02X}{:02X}:{:04X}", bytes[3], bytes[2], bytes[1], bytes[0], 5432);
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    let lines = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    lines
        .filter(|fields| (fields[1] == end || fields[2] == end) && fields[3] == "01")
        .map(|fields| fields[5].strip_prefix("02:").map(|ticks| u64::from_str_radix(ticks, 16).unwrap() / 100))
        .collect()
}

#[test]
fn whoever_vanishes_is_missed_within_a_minute() {
    let authority = Authority::new();
    let server = Server::start(&authority.sign(&["db.example"], 2400));
    let bundle = elyos_tests::Project::new().seed("s", &[], "SELECT pg_sleep(1.5);").load();
    let mut client = client(&server.socket);
    client
        .batch_execute(&format!("GRANT CREATE ON DATABASE {PROJECT_DATABASE} TO plain_only; GRANT CREATE ON SCHEMA public TO plain_only"))
        .unwrap();
    let url = server.url("plain_only", "sslmode=disable");
    let start = std::thread::spawn(move || Init::new(&bundle).database_url(url).run().map(|report| report.outcome));
    // The lock and the work, each at both of its ends; while data are on their way, an end waits for that.
    let mut seen = Vec::new();
    cluster_support::eventually("four ends wait for less than a minute", || {
        seen = keepalives(&server.address);
        assert!(!start.is_finished(), "{seen:?}");
        seen.len() == 4 && seen.iter().all(|left| left.is_some_and(|left| left <= 30))
    });
    assert_eq!(start.join().unwrap().unwrap(), Outcome::Applied);
}
