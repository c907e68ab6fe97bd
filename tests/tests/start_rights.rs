//! Who may do the work: a URL for it beside the application's, a start that only verifies, and a newer release's data.

use std::time::Duration;

use elyos_runtime::prelude::*;
use elyos_runtime::{Bundle, OnAhead, Outcome, Step, StepKind};
use elyos_tests::proxy::Proxy;
use elyos_tests::snapshot::{assert_same, dump};
use elyos_tests::{Project, TestDatabase, as_version_1_left_it, client, database};

/// A role that may do nothing, dropped at the end; who has this URL acts as it.
struct Role<'d> {
    name: String,
    database: &'d TestDatabase,
}

impl<'d> Role<'d> {
    fn new(database: &'d TestDatabase) -> Self {
        // What makes the database's name unique is at its end; a role's name may be no longer.
        let end = database.name().len().saturating_sub(40);
        let name = format!("app {}", &database.name()[end..]);
        client(database.url()).batch_execute(&format!("CREATE ROLE \"{name}\"")).expect("it can be made");
        Self { name, database }
    }

    fn url(&self) -> String {
        format!("{}?options=-c%20role%3D{}", self.database.url(), self.name.replace(' ', "%5C%20"))
    }

    fn may(&self, sql: &str) {
        client(self.database.url()).batch_execute(&sql.replace("ROLE", &format!("\"{}\"", self.name))).expect("a grant");
    }
}

impl Drop for Role<'_> {
    fn drop(&mut self) {
        let sql = format!("DROP OWNED BY \"{0}\"; DROP ROLE \"{0}\"", self.name);
        // A test that failed may have lost the connection; the run's server does not outlive it.
        drop(client(self.database.url()).batch_execute(&sql));
    }
}

fn shop() -> Project {
    shop_and("")
}

/// The same, with more schemas, such as `, "later"`.
fn shop_and(schemas: &str) -> Project {
    Project::new()
        .head(&format!("schemas = [\"shop\"{schemas}]"))
        .migration("0001_users", "CREATE TABLE shop.users (id int PRIMARY KEY, email text UNIQUE);")
        .seed("users", &[], "INSERT INTO shop.users VALUES (1, 'admin@example.com'), (2, 'ann@example.com') ON CONFLICT DO NOTHING;")
        .seed("more", &["users"], "INSERT INTO shop.users VALUES (3, 'bob@example.com') ON CONFLICT DO NOTHING;")
        .procedure("total", "CREATE OR REPLACE FUNCTION shop.total() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM shop.users';")
        .table("[admin]", "table = \"shop.users\"\nkey = { id = 1 }\ncolumn = \"email\"\nenv = \"SHOP_ADMIN\"\n")
}

fn init<'b>(bundle: &'b Bundle, url: &str) -> Init<'b> {
    Init::new(bundle).database_url(url).admin_email("")
}

const RUN_INIT: &str = "\n  = help: run `elyos init`, or a program that embeds the bundle, as a role that may write";

#[test]
fn the_work_is_done_by_its_own_url_and_the_look_by_the_applications() {
    let database = database();
    let role = Role::new(&database);
    let (bundle, proxy) = (shop().load(), Proxy::new(database.url()));
    let run = || init(&bundle, &role.url()).migration_database_url(proxy.url()).run();
    let report = run().expect("the other role has the rights");
    assert_eq!((report.outcome, report.applied(StepKind::Seed)), (Outcome::Applied, 2));
    // The lock and the work.
    assert_eq!(proxy.connections(), 2);
    // As the application may not read the ledger, the other looks too.
    assert_eq!(run().expect("nothing to do").outcome, Outcome::NothingToDo);
    let before = proxy.connections();
    role.may("GRANT USAGE ON SCHEMA elyos TO ROLE; GRANT SELECT ON elyos.state TO ROLE");
    assert_eq!(run().expect("nothing to do").outcome, Outcome::NothingToDo);
    assert_eq!(proxy.connections(), before, "one look by the application's own URL is enough");
    assert!(init(&bundle, &role.url()).migration_database_url(" ").run().is_ok(), "an empty one is none");
}

#[test]
fn one_connection_is_enough_to_work_as_another_role() {
    let database = database();
    let role = Role::new(&database);
    role.may(&format!("GRANT CREATE ON DATABASE {} TO ROLE", database.name()));
    let (bundle, proxy) = (shop().load(), Proxy::new(database.url()));
    proxy.limit(1);
    let run = || init(&bundle, &proxy.url()).role(&role.name).connect_timeout(Duration::from_secs(5)).run();
    assert_eq!(run().expect("one after the other").outcome, Outcome::Applied);
    assert_eq!(database.psql("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('shop', 'elyos')"), role.name);
    assert_eq!(run().expect("nothing to do").outcome, Outcome::NothingToDo);
    // The same URL given twice is one.
    let again = init(&bundle, &proxy.url()).migration_database_url(proxy.url()).reset(false).admin_email("boss@example.com");
    assert_eq!(again.run().expect("one after the other").outcome, Outcome::Applied);
}

#[test]
fn two_urls_have_to_lead_to_one_database() {
    let (one, other) = (database(), database());
    let bundle = shop().load();
    let (url, migration) = (format!("{}?connect_timeout=9", one.url()), format!("{}?connect_timeout=8", other.url()));
    let error = init(&bundle, &url).migration_database_url(&migration).run().expect_err("they are two");
    let shown = |database: &TestDatabase| {
        let config: postgres::Config = database.url().parse().expect("a URL");
        let Some(postgres::config::Host::Unix(socket)) = config.get_hosts().first() else { panic!("it names no socket") };
        format!("postgresql://postgres@{}/{}", socket.display(), database.name())
    };
    assert_eq!(
        error.to_string(),
        format!(
            "the database URL and the migration database URL lead to different databases: {} and {}\n  \
             = help: both have to name one database on one server, not a standby of it: they differ in the role and in what stands between",
            shown(&one),
            shown(&other)
        )
    );
    assert!(error.is_usage());
    assert!(dump(&mut client(one.url())).is_empty() && dump(&mut client(other.url())).is_empty());
    // One of them through something in between.
    let proxy = Proxy::new(one.url());
    assert_eq!(init(&bundle, &proxy.url()).migration_database_url(one.url()).run().expect("they are one").outcome, Outcome::Applied);
    let error = init(&bundle, one.url()).migration_database_url("postgresql://ann:s3cret@h:x/d").run().expect_err("it is no URL");
    assert_eq!(
        error.to_string(),
        "the migration database URL cannot be used: it does not have the form of a PostgreSQL URL or uses a parameter that is not known\n  \
         = help: the form is postgresql://user:password@host:5432/database, with special characters percent-encoded"
    );
}

#[test]
fn a_start_that_only_verifies_lists_what_is_missing_and_writes_nothing() {
    let database = database();
    let role = Role::new(&database);
    let verify = |bundle: &Bundle| init(bundle, &role.url()).verify_only(true).run();
    let first = shop();
    // Nothing is there, not even the ledger.
    let error = verify(&first.load()).expect_err("nothing is there");
    assert_eq!(
        error.to_string(),
        format!(
            "the database is not up to date with the bundle: 1 schema, 1 migration, 2 seeds, 1 procedure still to be applied\n  \
             = note: schema shop is not applied\n  = note: migration 0001_users is not applied\n  = note: seed users is not applied\n  = note: seed more is not applied\n  \
             = note: procedure total is not applied{RUN_INIT}"
        )
    );
    assert!(error.is_not_up_to_date() && !error.is_drift() && !error.is_usage() && !error.is_connection());
    assert!(dump(&mut client(database.url())).is_empty());

    init(&first.load(), database.url()).run().expect("it applies");
    let before = dump(&mut client(database.url()));
    let grant = format!("GRANT USAGE ON SCHEMA elyos TO \"{0}\"; GRANT SELECT ON ALL TABLES IN SCHEMA elyos TO \"{0}\";", role.name);
    let unreadable =
        |what: &str| format!("the role \"{}\" may not read the ledger: permission denied for {what}\n  = help: {grant}", role.name);
    let error = verify(&first.load()).expect_err("it may not look");
    assert_eq!(error.to_string(), unreadable("schema elyos"));
    assert!(error.is_insufficient_privilege() && !error.is_not_up_to_date());
    // One table is enough where all is as it should be, and all are needed to say what is not.
    role.may("GRANT USAGE ON SCHEMA elyos TO ROLE; GRANT SELECT ON elyos.state TO ROLE");
    assert_eq!(verify(&first.load()).expect("all is there").outcome, Outcome::NothingToDo);
    let next = first
        .clone()
        .migration("0002_groups", "CREATE TABLE shop.groups (id int);")
        .seed("users", &[], "SELECT 'another text';")
        .seed("groups", &[], "SELECT 1;");
    let error = verify(&next.load()).expect_err("it may not look");
    assert!(error.to_string().starts_with(&format!("the role \"{}\" may not read the ledger: permission denied for table ", role.name)));
    client(database.url()).batch_execute(&grant).expect("the advice can be followed as it is");
    let error = verify(&next.load()).expect_err("a new release");
    assert_eq!(
        error.to_string(),
        format!(
            "the database is not up to date with the bundle: 1 migration, 2 seeds still to be applied\n  \
             = note: migration 0002_groups is not applied\n  = note: seed users has changed since it was applied\n  \
             = note: seed groups is not applied{RUN_INIT}"
        )
    );
    let missing: Vec<_> = error.missing().iter().map(|step| (step.kind, step.name.as_str(), step.changed)).collect();
    assert_eq!(missing, [(StepKind::Migration, "0002_groups", false), (StepKind::Seed, "users", true), (StepKind::Seed, "groups", false)]);
    assert_same(&before, &dump(&mut client(database.url())));
}

#[test]
fn a_start_that_only_verifies_sees_revisions_addresses_and_contradictions() {
    let database = database();
    let first = shop();
    init(&first.load(), database.url()).run().expect("it applies");
    let verify = |project: &Project, address: &str| {
        let bundle = project.load();
        Init::new(&bundle).database_url(database.url()).admin_email(address).verify_only(true).run()
    };
    assert_eq!(
        verify(&first.clone().revision(2), "").expect_err("the revision is another").to_string(),
        format!("the database is not up to date with the bundle: the ledger does not have its revision 2 as wholly applied{RUN_INIT}")
    );
    let error = verify(&first, "boss@example.com").expect_err("the address is another");
    assert_eq!(
        error.to_string(),
        format!(
            "the database is not up to date with the bundle: 1 administrator's e-mail still to be applied\n  \
             = note: admin e-mail shop.users is not applied{RUN_INIT}"
        )
    );
    let error = verify(&shop_and(", \"later\""), "").expect_err("the schema is not there");
    let missing: Vec<_> = error.missing().iter().map(|step| (step.kind, step.name.as_str(), step.changed)).collect();
    assert_eq!(missing, [(StepKind::Schema, "later", false)]);
    let changed = first.clone().migration("0001_users", "CREATE TABLE shop.users (id int PRIMARY KEY, email text UNIQUE, a int);");
    assert_eq!(verify(&changed, "").expect_err("a contradiction").to_string(), {
        let bundle = changed.load();
        init(&bundle, database.url()).run().expect_err("the same one").to_string()
    });
    let mut many = first;
    for number in 0..25 {
        many = many.seed(&format!("s{number:02}"), &[], "SELECT 1;");
    }
    let text = verify(&many, "").expect_err("they are not there").to_string();
    assert!(text.contains("25 seeds still to be applied\n") && text.contains("s19 is not applied\n  = note: and 5 more\n"), "{text}");
    assert!(!text.contains("s20"), "{text}");
    // To verify is not to write.
    let bundle = many.load();
    let only = |init: Init<'_>| init.verify_only(true).run().expect_err("one or the other").to_string();
    let text = "a run that only verifies can neither seed nor reset\n  = help: leave out one of the two";
    let reset = many.clone().table("[truncate]", "order = [\"shop.users\"]").load();
    assert_eq!(only(init(&reset, database.url()).reset(true)), text);
    let error = init(&bundle, database.url()).verify_only(true).seed(&Selection::all()).expect_err("one or the other");
    assert_eq!(error.to_string(), text);
    assert!(error.is_usage());
}

#[test]
fn a_newer_releases_database_is_left_alone_or_refused() {
    for newer in [shop().revision(7), shop().migration("0002_groups", "CREATE TABLE shop.groups (id int);")] {
        let database = database();
        let (old, new) = (shop().seed("late", &[], "SELECT 1;").load(), newer.load());
        init(&new, database.url()).run().expect("the newer release");
        let before = dump(&mut client(database.url()));
        let report = init(&old, database.url()).run().expect("it goes on");
        assert_eq!((report.outcome, report.steps.iter().any(Step::is_applied)), (Outcome::DatabaseAhead, false));
        assert!(report.to_string().starts_with("nothing was written: a newer release has written this database ("), "{report}");
        for verify in [false, true] {
            let go_on = init(&old, database.url()).verify_only(verify).on_ahead(OnAhead::GoOn).run();
            assert_eq!(go_on.expect("it goes on").outcome, Outcome::DatabaseAhead);
            let error = init(&old, database.url()).verify_only(verify).on_ahead(OnAhead::Refuse).run().expect_err("it is refused");
            let why = if new.revision() == 7 {
                "a newer release has written this database (revision 7), and this bundle is revision 1"
            } else {
                "a newer release has written this database: it has migrations that this bundle does not know"
            };
            assert_eq!(error.to_string(), format!("{why}\n  = help: run the newer release; an older one never writes over its data"));
            assert!(error.is_database_ahead() && error.is_drift() && !error.is_not_up_to_date());
        }
        let status = init(&old, database.url()).status().expect("it can be read");
        assert!(
            status.ahead && !status.up_to_date && status.to_string().ends_with("\na newer release has written this database"),
            "{status}"
        );
        assert_same(&before, &dump(&mut client(database.url())));
        assert_eq!(init(&new, database.url()).on_ahead(OnAhead::Refuse).run().expect("its own").outcome, Outcome::NothingToDo);
    }
}

#[test]
fn what_fails_beside_a_statement_of_the_bundle_says_in_the_course_of_what() {
    // An address that the table's own check refuses.
    let picky =
        shop().migration("0001_users", "CREATE TABLE shop.users (id int PRIMARY KEY, email text CHECK (email LIKE '%@example.com'));");
    let first = database();
    let error = init(&picky.load(), first.url()).admin_email("boss@example.org").run().expect_err("the table refuses it");
    assert_eq!(
        error.to_string(),
        "setting the address in SHOP_ADMIN: new row for relation \"users\" violates check constraint \"users_email_check\""
    );
    assert!(error.is_check_violation());
    // An extension that the server offers, to a role that may create schemas and not this.
    let second = database();
    let role = Role::new(&second);
    role.may(&format!("GRANT CREATE ON DATABASE {} TO ROLE", second.name()));
    let bundle = Project::new().head("extensions = [\"dblink\"]").schema("CREATE TABLE public.t (a int);").load();
    let error = init(&bundle, &role.url()).run().expect_err("it may not");
    assert_eq!(
        error.to_string(),
        "creating the extension dblink: permission denied to create extension \"dblink\"\n  \
         = help: Must be superuser to create this extension.\n  = help: grant the role what it lacks, or connect as one that has it"
    );
    assert!(error.is_insufficient_privilege() && dump(&mut client(second.url())).is_empty());
    // What stands in for one, and fails.
    let third = database();
    let stands_in = Project::new()
        .head("extensions = [\"no_such_thing\"]")
        .schema("CREATE TABLE public.t (a int);")
        .file(
            "extensions/no_such_thing.sql",
            "CREATE FUNCTION extensions.no_such_thing() RETURNS int LANGUAGE sql\nAS 'SELECT nothing_there()';\n",
        )
        .load();
    let error = init(&stands_in, third.url()).run().expect_err("it does not run");
    assert_eq!(
        error.to_string(),
        "the stand-in for the extension no_such_thing failed: function nothing_there() does not exist\n \
         --> extensions/no_such_thing.sql:2:12\n  |\n2 | AS 'SELECT nothing_there()';\n  |            ^^^^^^^^^^^^^\n  |\n  \
         = help: No function matches the given name and argument types. You might need to add explicit type casts."
    );
    assert!(dump(&mut client(third.url())).is_empty());
}

#[test]
fn a_start_that_only_verifies_reads_the_ledger_of_version_1() {
    let database = database();
    let role = Role::new(&database);
    let first = shop();
    init(&first.load(), database.url()).run().expect("it applies");
    as_version_1_left_it(database.url());
    role.may("GRANT USAGE ON SCHEMA elyos TO ROLE; GRANT SELECT ON ALL TABLES IN SCHEMA elyos TO ROLE");
    let before = dump(&mut client(database.url()));
    let verify = |bundle: &Bundle| init(bundle, &role.url()).verify_only(true).run();
    assert_eq!(verify(&first.load()).expect("all is there").outcome, Outcome::NothingToDo);
    let next = first.clone().migration("0002_groups", "CREATE TABLE shop.groups (id int);");
    assert_eq!(
        verify(&next.load()).expect_err("a new release").to_string(),
        format!(
            "the database is not up to date with the bundle: 1 migration still to be applied\n  \
             = note: migration 0002_groups is not applied{RUN_INIT}"
        )
    );
    let status = init(&next.load(), &role.url()).status().expect("the status");
    assert!(status.to_string().contains("\nledger      version 1, which the next start that writes upgrades to 2\n"), "{status}");
    let changed = first.migration("0001_users", "CREATE TABLE shop.users (id int PRIMARY KEY, email text UNIQUE, a int);").load();
    let error = verify(&changed).expect_err("a contradiction").to_string();
    assert_eq!(error, init(&changed, database.url()).run().expect_err("the same one").to_string());
    assert!(error.starts_with("the migration 0001_users has changed since it was applied"), "{error}");
    assert_same(&before, &dump(&mut client(database.url())));
}
