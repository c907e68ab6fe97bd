//! What the tests of clusters share: a project folder that cleans up after itself, and other processes.
#![allow(dead_code, reason = "each test file uses some of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use elyos_cli::cluster::{Cluster, Started};

/// A project folder; its cluster is stopped and removed with it.
pub(crate) struct Project(pub PathBuf);

impl Project {
    pub(crate) fn new(name: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let path = env::temp_dir().join(format!("elyos-test-{name}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    pub(crate) fn start(&self) -> Started {
        Cluster::start(&self.0).unwrap()
    }

    /// The cluster's folder, as the project's note has it.
    pub(crate) fn home(&self) -> PathBuf {
        let note = fs::read_to_string(self.0.join(".elyos/cluster.toml")).unwrap();
        let note: toml::Table = note.parse().unwrap();
        PathBuf::from(note["directory"].as_str().unwrap())
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let home = fs::read_to_string(self.0.join(".elyos/cluster.toml"))
            .ok()
            .and_then(|note| note.parse::<toml::Table>().ok())
            .and_then(|note| Some(PathBuf::from(note["directory"].as_str()?)));
        let _ = Cluster::stop(&self.0);
        if let Some(home) = home {
            let _ = fs::remove_dir_all(home);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Another process, in the part that it names: see `src/bin/cluster_user.rs`.
pub(crate) fn process(part: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cluster_user"));
    command.arg(part).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a process printed after `key=`.
pub(crate) fn printed(output: &str, key: &str) -> Option<String> {
    let (_, after) = output.split_once(&format!("{key}="))?;
    Some(after.lines().next()?.to_owned())
}

/// Waits until something holds, or fails.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(30), "not so: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The process id of the server of a data folder, as it noted it.
pub(crate) fn server_of(data: &Path) -> i32 {
    let note = fs::read_to_string(data.join("postmaster.pid")).unwrap();
    note.lines().next().unwrap().parse().unwrap()
}

/// Whether a process runs. One that has ended counts as gone even if nobody has asked for its exit status.
pub(crate) fn alive(process: i32) -> bool {
    match fs::read(format!("/proc/{process}/cmdline")) {
        Ok(line) => !line.is_empty(),
        Err(_) if Path::new("/proc/self/cmdline").exists() => false,
        Err(_) => nix::sys::signal::kill(nix::unistd::Pid::from_raw(process), None).is_ok(),
    }
}
