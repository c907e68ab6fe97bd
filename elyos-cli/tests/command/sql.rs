//! `elyos sql`: the file written, and run by psql.

use std::process::{Command, Output};

use elyos_cli::cluster::testing::cluster;

use crate::stand::{Stand, stderr, stdout};

fn psql(stand: &Stand, file: &str) -> Output {
    let mut command = Command::new(cluster().program("psql"));
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file, stand.database.url()]).current_dir(stand.path());
    command.output().expect("psql runs")
}

#[test]
fn a_file_for_psql_does_what_init_does() {
    let stand = Stand::with_forty_seeds();
    // It connects to nothing.
    let output = stand.command(&["sql", "-o", "init.sql"]).env_remove("DATABASE_URL").output().expect("the command runs");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).ends_with("wrote init.sql\n"), "{}", stderr(&output));
    let text = std::fs::read_to_string(stand.path().join("init.sql")).expect("a file");
    assert_eq!(stdout(&stand.run(&["sql"])), text);
    let (code, json) = stand.json(&["sql"]);
    assert_eq!((code, json["sql"].as_str()), (Some(0), Some(&*text)));

    let output = psql(&stand, "init.sql");
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
    assert!(stdout(&output).ends_with("applied: the database is up to date\n"), "{}", stdout(&output));
    assert_eq!(stand.database.psql("SELECT shop.count_items()"), "40");
    let output = psql(&stand, "init.sql");
    assert_eq!(stdout(&output), "nothing to do: the database is up to date\n");
    assert!(stdout(&stand.run(&["init"])).starts_with("= nothing to do"));
}

#[test]
fn what_is_wrong_with_the_request_is_said() {
    let stand = Stand::with_forty_seeds();
    let output = stand.run(&["sql", "-o", "nowhere/init.sql"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).ends_with(
            "error: nowhere/init.sql cannot be written: No such file or directory (os error 2)\n  \
             = help: its folder has to be there, and this user has to have the right to write in it\n"
        ),
        "{}",
        stderr(&output)
    );
    let elsewhere = Stand::new();
    let output = elsewhere.run(&["sql", "--admin-email", "nobody"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error: ADMIN_USER_EMAIL is not an e-mail address\n"), "{}", stderr(&output));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let stand = Stand::with_forty_seeds();
    assert_eq!(stand.run(&["init"]).status.code(), Some(0));
    for arguments in [&["sql"][..], &["sql", "--json"], &["status"], &["init"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device that is full");
        let output = stand.command(arguments).stdout(full).output().expect("the command runs");
        assert_eq!(output.status.code(), Some(5), "{arguments:?}");
        let told = "error: the result cannot be written: No space left on device (os error 28)\n";
        assert!(stderr(&output).ends_with(told), "{arguments:?}: {}", stderr(&output));
    }
}
