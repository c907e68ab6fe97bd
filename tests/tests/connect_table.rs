//! Every way in which a connection is refused: is it tried again, and what is said of it in the end?

use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use elyos_runtime::prelude::*;
use elyos_runtime::{Bundle, Event};
use elyos_tests::proxy::{Answer, Proxy};
use elyos_tests::{Project, client, database};

fn nothing() -> Bundle {
    Project::new().load()
}

fn fail(url: &str, timeout: u64) -> Error {
    Init::new(&nothing()).database_url(url).connect_timeout(Duration::from_millis(timeout)).run().expect_err("it cannot start")
}

fn proxy() -> Proxy {
    Proxy::new(&elyos_tests::cluster().url("postgres"))
}

/// A port where nobody listens: bound and given back.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its own address").port()
}

const TRIED: &str = " (tried for less than a second)";

/// SQLSTATE, message, is it tried again, what is said where it is not the message, help.
type Row = (&'static str, &'static str, bool, Option<&'static str>, Option<&'static str>);

#[test]
fn each_answer_of_a_server_is_tried_again_or_said_at_once() {
    const READY: &str = "the server is there but not ready yet: try again when it is";
    const TAKEN: &str = "all of the server's connections are taken: raise max_connections or use a pooler";
    const POOLER: &str = "a pooler answered: is the server behind it running, and may the pooler log in there?";
    const LACKS: &str = "the server lacks memory or another resource: its log says which";
    const NOT_IN: &str = "the server's pg_hba.conf or the role's attributes do not let this user in from here";
    const CREATE: &str = "create it first: Elyos fills a database, it does not create one";
    let table: &[Row] = &[
        ("08000", "connection exception", true, None, Some(POOLER)),
        ("08001", "cannot establish a connection", true, None, Some(POOLER)),
        ("08003", "connection does not exist", true, None, Some(POOLER)),
        ("08004", "server rejected the connection", true, None, Some(POOLER)),
        ("08006", "connection to the server failed", true, None, Some(POOLER)),
        ("08P01", "server login has been failing, connect failed (server_login_retry)", true, None, Some(POOLER)),
        ("08P01", "pgbouncer cannot connect to server", true, None, Some(POOLER)),
        ("08P01", "query_wait_timeout", true, None, Some(POOLER)),
        ("08P01", "no more connections allowed (max_client_conn)", true, None, Some(TAKEN)),
        ("08P01", "unsupported startup parameter: options", false, None, None),
        ("0A000", "unsupported frontend protocol 3.0", false, None, None),
        ("22023", "invalid value for parameter \"DateStyle\": \"x\"", false, None, None),
        ("28000", "role \"ann\" is not permitted to log in", false, None, Some(NOT_IN)),
        (
            "28P01",
            "password authentication failed",
            false,
            Some("the server refused the password"),
            Some("check the user and the password in the URL"),
        ),
        ("3D000", "database \"shop\" does not exist", false, None, Some(CREATE)),
        ("42501", "permission denied for database \"shop\"", false, None, None),
        ("42704", "unrecognized configuration parameter \"x\"", false, None, None),
        ("53000", "insufficient resources", true, None, Some(LACKS)),
        ("53100", "could not write init file: No space left on device", false, None, None),
        ("53200", "out of memory", true, None, Some(LACKS)),
        ("53300", "remaining connection slots are reserved", true, None, Some(TAKEN)),
        ("53400", "configuration limit exceeded", false, None, None),
        ("55000", "database \"shop\" is not currently accepting connections", false, None, None),
        ("57P01", "terminating connection due to administrator command", true, None, Some(READY)),
        ("57P02", "terminating connection because of crash of another server process", true, None, Some(READY)),
        ("57P03", "the database system is in recovery mode", true, None, Some(READY)),
        ("57P04", "database \"shop\" was dropped", false, None, None),
        ("XX000", "cache lookup failed", false, None, None),
    ];
    for (code, message, passes, said, help) in table {
        let proxy = proxy();
        proxy.answer(vec![Answer::Refuse(code, (*message).to_owned()); 100]);
        let target = format!("postgresql://ann@127.0.0.1:{}/shop", proxy.port());
        let error = fail(&target, 150);
        let said = said.unwrap_or(message);
        let tried = if *passes { TRIED } else { "" };
        let help = help.map(|help| format!("\n  = help: {help}")).unwrap_or_default();
        assert_eq!(error.to_string(), format!("could not connect to {target}: {said}{tried}{help}"), "{code}");
        assert_eq!((error.code(), proxy.connections() > 1), (Some(*code), *passes), "{code}");
        assert!(error.is_connection(), "{code}");
    }
}

#[test]
fn each_failure_on_the_way_is_tried_again_or_said_at_once() {
    let waits = |url: &str| {
        let mut waited = 0;
        let error = Init::new(&nothing())
            .database_url(url)
            .connect_timeout(Duration::from_millis(300))
            .observe(|event| waited += usize::from(matches!(event, Event::Waiting { .. })))
            .run()
            .expect_err("it cannot start");
        (error.to_string(), waited > 0)
    };
    let port = closed_port();
    let refused = "error connecting to server: Connection refused (os error 111)";
    let leads = "\n  = help: is the server running, and do the host and the port of the URL lead to it?";
    assert_eq!(
        waits(&format!("postgresql://ann@127.0.0.1:{port}/shop")),
        (format!("could not connect to postgresql://ann@127.0.0.1:{port}/shop: {refused}{TRIED}{leads}"), true)
    );
    // The name of a Compose service is not known before it runs. What the resolver says differs.
    let (text, again) = waits("postgresql://ann@no-such-host.invalid/shop");
    let name = "could not connect to postgresql://ann@no-such-host.invalid:5432/shop: error connecting to server: failed to lookup address information: ";
    let help = ")\n  = help: is the host's name spelt right? In Docker Compose it is the service's, known once that runs";
    assert!(text.starts_with(name) && text.ends_with(help) && again, "{text}");
    // A server that is not started yet has no socket.
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().display();
    assert_eq!(
        waits(&format!("postgresql://ann@/shop?host={socket}")),
        (
            format!(
                "could not connect to postgresql://ann@{socket}/shop: error connecting to server: No such file or directory (os error 2){TRIED}{leads}"
            ),
            true
        )
    );
    // A connection that is closed, and one that breaks off within a message.
    for greeting in [&b""[..], b"N", b"NE\0\0", b"HTTP/1.1 400 Bad Request\r\n\r\n"] {
        let (url, _listener) = greeter(greeting);
        let (text, again) = waits(&url);
        assert!(text.ends_with(&format!("{TRIED}{leads}")) && again, "{greeting:?}: {text}");
    }
}

/// A server that greets and hangs up.
fn greeter(greeting: &'static [u8]) -> (String, mpsc::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("postgresql://ann@{}/shop", listener.local_addr().expect("its own address"));
    let (alive, dead) = mpsc::channel::<()>();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            if matches!(dead.try_recv(), Err(mpsc::TryRecvError::Disconnected)) {
                return;
            }
            drop(greet(client, greeting));
        }
    });
    (url, alive)
}

fn greet(mut client: TcpStream, greeting: &[u8]) -> std::io::Result<()> {
    use std::io::{Read, Write};
    let read = client.read(&mut [0; 8])?;
    assert!(read > 0, "nothing was asked");
    client.write_all(greeting)
}

#[test]
fn several_hosts_are_tried_in_turn() {
    let (good, bad, dead) = (proxy(), proxy(), closed_port());
    let database = database();
    let name = database.name();
    bad.answer(vec![Answer::Refuse("57P03", "the database system is starting up".to_owned()); 100]);
    let url = format!("postgresql://postgres@127.0.0.1:{dead},127.0.0.1:{},127.0.0.1:{}/{name}", bad.port(), good.port());
    Init::new(&nothing()).database_url(&url).run().expect("the third one is there");
    assert!(bad.connections() > 0);
    let db = Db::connect(&url).expect("the third one is there");
    assert_eq!(format!("{db:?}"), format!("Db({url})"));
    // One that says nothing does not take the others' time.
    let silent = proxy();
    silent.answer(vec![Answer::Silence; 100]);
    let url = format!("postgresql://postgres@127.0.0.1:{},127.0.0.1:{}/{name}", silent.port(), good.port());
    let started = Instant::now();
    Init::new(&nothing()).database_url(&url).connect_timeout(Duration::from_secs(2)).run().expect("the second one is there");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn of_several_hosts_the_error_says_what_each_met() {
    let (starting, refusing) = (proxy(), proxy());
    starting.answer(vec![Answer::Refuse("57P03", "the database system is starting up".to_owned()); 100]);
    refusing.answer(vec![Answer::Refuse("28P01", "password authentication failed for user \"ann\"".to_owned()); 100]);
    let (one, two) = (refusing.port(), starting.port());
    let target = format!("postgresql://ann@127.0.0.1:{one},127.0.0.1:{two}/shop");
    assert_eq!(
        fail(&target, 200).to_string(),
        format!(
            "could not connect to {target}: the database system is starting up (tried for less than a second)\n  \
             = note: 127.0.0.1:{one}: the server refused the password\n  \
             = note: 127.0.0.1:{two}: the database system is starting up\n  \
             = help: the server is there but not ready yet: try again when it is"
        )
    );
    assert!(starting.connections() > 1);
    // Where none may come, none is waited for.
    let (third, fourth) = (proxy(), proxy());
    third.answer([Answer::Refuse("3D000", "database \"shop\" does not exist".to_owned())]);
    fourth.answer([Answer::Refuse("28P01", "password authentication failed for user \"ann\"".to_owned())]);
    let (one, two) = (third.port(), fourth.port());
    let target = format!("postgresql://ann@127.0.0.1:{one},127.0.0.1:{two}/shop");
    assert_eq!(
        fail(&target, 5_000).to_string(),
        format!(
            "could not connect to {target}: database \"shop\" does not exist\n  \
             = note: 127.0.0.1:{one}: database \"shop\" does not exist\n  \
             = note: 127.0.0.1:{two}: the server refused the password\n  \
             = help: create it first: Elyos fills a database, it does not create one"
        )
    );
    assert_eq!((third.connections(), fourth.connections()), (1, 1));
}

#[test]
fn the_host_that_takes_writes_is_found_and_waited_for() {
    let (writing, reading) = (database(), database());
    let sql = format!("ALTER DATABASE {} SET default_transaction_read_only = on", reading.name());
    client(reading.url()).batch_execute(&sql).expect("it can be set");
    // Each proxy leads to the database that the URL names, and all to one server: so the read-only one is told by its options.
    let proxy = proxy();
    let port = proxy.port();
    let url = format!("postgresql://postgres@127.0.0.1:{port}/{}?target_session_attrs=read-write", reading.name());
    assert_eq!(
        fail(&url, 200).to_string(),
        format!(
            "could not connect to postgresql://postgres@127.0.0.1:{port}/{}: error connecting to server: database does not allow writes \
             (tried for less than a second)\n  = help: target_session_attrs in the URL asks for another server: name the primary and its \
             standbys as hosts",
            reading.name()
        )
    );
    // One that becomes the primary while it is waited for.
    let sql = format!("ALTER DATABASE {} RESET default_transaction_read_only", reading.name());
    let url = url.as_str();
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            client(writing.url()).batch_execute(&sql).expect("it can be reset");
        });
        Init::new(&nothing()).database_url(url).connect_timeout(Duration::from_secs(20)).run().expect("it takes writes in the end");
    });
}

#[test]
fn a_write_that_a_server_refuses_for_being_read_only_says_where_to_go() {
    let database = database();
    // As a server does that becomes a standby while it is at work.
    let seed = "SELECT set_config('transaction_read_only', 'on', true);\nINSERT INTO t VALUES (1);";
    let bundle = Project::new().head("search_path = [\"public\"]").schema("CREATE TABLE t (a int);").seed("one", &[], seed).load();
    let error = Init::new(&bundle).database_url(database.url()).run().expect_err("it takes no writes");
    assert_eq!(error.code(), Some("25006"));
    assert!(
        error.to_string().contains(
            "\n  = help: the server takes no writes, as a standby does: connect to the primary, for which target_session_attrs=read-write in a \
             URL of several hosts looks"
        ),
        "{error}"
    );
}

#[test]
fn a_url_that_is_not_unicode_is_told_from_one_that_is_missing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let run = |set: &[(&str, &OsStr)]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_starter"));
        command.env_remove("DATABASE_URL").env_remove("MIGRATION_DATABASE_URL").envs(set.iter().copied());
        let output = command.output().expect("it runs");
        assert!(!output.status.success());
        String::from_utf8(output.stderr).expect("text")
    };
    let not_unicode = OsStr::from_bytes(b"postgresql://ann:s3\xffcret@h/d");
    let form = "\n  = help: the form is postgresql://user:password@host:5432/database, with special characters percent-encoded\n";
    assert_eq!(run(&[("DATABASE_URL", not_unicode)]), format!("the database URL cannot be used: it is not valid Unicode{form}"));
    assert_eq!(
        run(&[("DATABASE_URL", OsStr::new("postgresql://h/d")), ("MIGRATION_DATABASE_URL", not_unicode)]),
        format!("the migration database URL cannot be used: it is not valid Unicode{form}")
    );
    assert_eq!(
        run(&[]),
        "the environment variable DATABASE_URL is not set\n  = help: set it to the database's URL, as in \
         DATABASE_URL=postgresql://user:password@host:5432/database\n"
    );
}
