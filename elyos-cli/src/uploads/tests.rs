//! The folder cleared: hostile links, names and trees, and others at work in it at the same time.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use nix::sys::stat::Mode;
use nix::unistd::{Uid, mkfifo, setfsuid};
use tempfile::TempDir;

use super::{Cleared, Kept, Record, Status, Uploads};
use crate::cluster::testing;

/// An uploads folder, and one beside it that nothing may reach.
struct Stand(TempDir);

impl Stand {
    fn new() -> Self {
        let stand = Self(tempfile::tempdir().expect("a folder"));
        fs::create_dir(stand.uploads()).expect("a folder");
        fs::create_dir(stand.outside()).expect("a folder");
        fs::write(stand.outside().join("precious"), "kept").expect("a file");
        stand
    }

    fn uploads(&self) -> PathBuf {
        self.0.path().join("uploads")
    }

    fn outside(&self) -> PathBuf {
        self.0.path().join("outside")
    }

    fn file(&self, path: &str) {
        let path = self.uploads().join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(path, "x").expect("a file");
    }

    fn open(&self) -> Uploads {
        Uploads::open(Some(self.uploads().into()), &[]).expect("it can be opened")
    }

    fn clear(&self, keep: &str) -> Cleared {
        let uploads = self.open();
        let kept = Kept::parse(keep.as_ref()).expect("paths in the folder");
        kept.check(&uploads).expect("no links");
        uploads.clear(&kept).expect("it can be cleared")
    }

    fn left(&self) -> Vec<PathBuf> {
        tree(&self.uploads()).into_keys().collect()
    }

    fn refused(&self, named: &str, apart: &[&Path]) -> String {
        let error = Uploads::open(Some(named.into()), apart).expect_err(named);
        assert_eq!(error.exit_code(), 2);
        error.to_string().replace(&self.0.path().display().to_string(), "DIR")
    }
}

/// Every path below a folder, and what is there: a file's text, a link's target.
fn tree(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("it is there") {
            let path = entry.expect("it can be read").path();
            let kind = fs::symlink_metadata(&path).expect("it is there").file_type();
            let what = if kind.is_symlink() {
                format!("a link to {}", fs::read_link(&path).expect("a link").display())
            } else if kind.is_dir() {
                folders.push(path.clone());
                "a folder".to_owned()
            } else {
                fs::read_to_string(&path).expect("a file")
            };
            found.insert(path.strip_prefix(folder).expect("it is below").to_owned(), what);
        }
    }
    found
}

const HELP: &str = "\n  = help: name the folder that holds uploaded files and nothing else, as in UPLOADS_DIR=/srv/app/uploads";

#[test]
fn a_folder_that_is_none_of_its_own_is_refused() {
    let stand = Stand::new();
    for unset in [None, Some(OsString::new())] {
        let error = Uploads::open(unset, &[]).expect_err("there is no folder");
        assert_eq!(error.to_string(), format!("UPLOADS_DIR is not set, which names the folder to clear{HELP}"));
    }
    for root in ["/", "//", "/./"] {
        assert_eq!(stand.refused(root, &[]), format!("UPLOADS_DIR is {root:?}, which is the root of the file system{HELP}"));
    }
    for nameless in [".", "./", "..", "/tmp/..", "a/../.."] {
        assert_eq!(stand.refused(nameless, &[]), format!("UPLOADS_DIR is {nameless:?}, which does not end in the name of a folder{HELP}"));
    }
    let in_it = |name: &str| stand.0.path().join(name).display().to_string();
    symlink("outside", in_it("link")).expect("a link");
    for through in ["link", "link/", "link/.", "link//"] {
        let expected = format!("UPLOADS_DIR is \"DIR/{through}\", which is a link, and a link is not followed{HELP}");
        assert_eq!(stand.refused(&in_it(through), &[]), expected);
    }
    assert_eq!(stand.refused(&in_it("nowhere"), &[]), format!("UPLOADS_DIR is \"DIR/nowhere\", which does not exist{HELP}"));
    let file = in_it("outside/precious");
    assert_eq!(stand.refused(&file, &[]), format!("UPLOADS_DIR is \"DIR/outside/precious\", which is no folder{HELP}"));
    let within = stand.uploads().join("a/b");
    fs::create_dir_all(&within).expect("a folder");
    let expected = format!("UPLOADS_DIR is \"DIR/uploads\", which holds \"DIR/uploads/a/b\"{HELP}");
    assert_eq!(stand.refused(&in_it("uploads"), &[&within]), expected);
    let expected = format!("UPLOADS_DIR is \"DIR/uploads\", which holds \"DIR/uploads\"{HELP}");
    assert_eq!(stand.refused(&in_it("uploads"), &[&stand.uploads()]), expected);
    // By another way to the same folder, too.
    assert_eq!(
        stand.refused(&in_it("outside/../uploads/"), &[&within]),
        format!("UPLOADS_DIR is \"DIR/outside/../uploads/\", which holds \"DIR/uploads/a/b\"{HELP}")
    );
    // Or a home that is a link into it.
    symlink("uploads/a/b", in_it("home")).expect("a link");
    let expected = format!("UPLOADS_DIR is \"DIR/uploads\", which holds \"DIR/home\"{HELP}");
    assert_eq!(stand.refused(&in_it("uploads"), &[Path::new(&in_it("home"))]), expected);
    assert!(Uploads::open(Some(in_it("uploads").into()), &[&stand.outside()]).is_ok());
}

#[test]
fn a_path_to_keep_that_leads_out_is_refused() {
    const HELP: &str = "\n  = help: a path to keep is one in the uploads folder, without `..` and links, as in DEMO_RESET_UPLOADS_KEEP=avatars/demo.png,docs";
    let refused = |written: &str| Kept::parse(written.as_ref()).expect_err(written).to_string();
    for (written, path) in [("..", ".."), ("a,../b", "../b"), ("a/../../b", "a/../../b"), (" /etc ,a", "/etc"), ("a/..", "a/..")] {
        let expected = format!("DEMO_RESET_UPLOADS_KEEP names {path:?}, which leads out of the folder{HELP}");
        assert_eq!(refused(written), expected);
    }
    assert_eq!(refused("a,./"), format!("DEMO_RESET_UPLOADS_KEEP names \"./\", which is the whole folder{HELP}"));

    let stand = Stand::new();
    stand.file("a/b/c");
    symlink(stand.outside(), stand.uploads().join("a/out")).expect("a link");
    symlink("b", stand.uploads().join("a/in")).expect("a link");
    for (written, path) in [("a/out/precious", "a/out"), ("a/in", "a/in"), ("a/b, ./a//in/c", "a/in")] {
        let kept = Kept::parse(written.as_ref()).expect("paths in the folder");
        let error = kept.check(&stand.open()).expect_err(written).to_string();
        assert_eq!(error, format!("DEMO_RESET_UPLOADS_KEEP names {path:?}, which is a link{HELP}"));
    }
    let fine = Kept::parse(",a/b/c/d, nowhere/at/all,,".as_ref()).expect("paths in the folder");
    fine.check(&stand.open()).expect("what is not there cannot be a link");
}

#[test]
fn links_are_removed_and_not_followed() {
    let stand = Stand::new();
    let before = tree(&stand.outside());
    stand.file("a/b");
    for (name, target) in [("abs", stand.outside()), ("a/rel", "../../outside".into()), ("file", stand.outside().join("precious"))] {
        symlink(target, stand.uploads().join(name)).expect("a link");
    }
    symlink("..", stand.uploads().join("up")).expect("a link");
    symlink("loop", stand.uploads().join("loop")).expect("a link");
    fs::hard_link(stand.outside().join("precious"), stand.uploads().join("hard")).expect("a link");
    mkfifo(&stand.uploads().join("pipe"), Mode::S_IRWXU).expect("a pipe");
    assert_eq!(stand.clear(""), Cleared { files: 8, folders: 1 });
    assert_eq!(stand.left(), Vec::<PathBuf>::new());
    assert_eq!(tree(&stand.outside()), before);
}

#[test]
fn what_is_kept_is_kept_with_all_below_and_nothing_else() {
    let stand = Stand::new();
    for path in [".gitkeep", ".demo-reset.log", "sub/.gitkeep", "sub/.demo-reset.log", "a/b/c", "a/b/d", "a/e/f", "g/h", "i", "a/b2"] {
        stand.file(path);
    }
    let removed = stand.clear("a/b, i ,g/none/deeper,./a/./e");
    let left = [".demo-reset.log", ".gitkeep", "a", "a/b", "a/b/c", "a/b/d", "a/e", "a/e/f", "i"];
    assert_eq!(stand.left(), left.map(PathBuf::from));
    assert_eq!(removed, Cleared { files: 4, folders: 2 });
    assert_eq!(stand.clear("a/b,i,a/e"), Cleared::default(), "again, there is nothing to remove");
    // A shorter path keeps what a longer one does, whichever comes first.
    for written in ["a,a/b", "a/b,a"] {
        assert_eq!(stand.clear(&format!("{written},i")), Cleared::default(), "{written}");
    }
}

#[test]
fn names_may_be_any_bytes() {
    let stand = Stand::new();
    let name = OsString::from_vec(b"line\nend \xff\xfe".to_vec());
    fs::create_dir(stand.uploads().join(&name)).expect("a folder");
    fs::write(stand.uploads().join(&name).join("-rf *"), "x").expect("a file");
    fs::write(stand.uploads().join("keep me"), "x").expect("a file");
    let kept = Kept::parse(&name).expect("a path in the folder");
    let uploads = stand.open();
    assert_eq!(uploads.clear(&kept).expect("it can be cleared"), Cleared { files: 1, folders: 0 });
    assert_eq!(stand.left(), [PathBuf::from(&name), Path::new(&name).join("-rf *")]);
    assert_eq!(stand.clear(""), Cleared { files: 1, folders: 1 });
}

#[test]
fn no_depth_uses_up_the_handles() {
    let stand = Stand::new();
    let deep = 3_000;
    let mut at = fs::File::open(stand.uploads()).expect("a folder");
    for _ in 0..deep {
        nix::sys::stat::mkdirat(&at, "d", Mode::S_IRWXU).expect("a folder");
        let flags = nix::fcntl::OFlag::O_RDONLY | nix::fcntl::OFlag::O_DIRECTORY;
        at = nix::fcntl::openat(&at, "d", flags, Mode::empty()).expect("a folder").into();
    }
    assert_eq!(stand.clear("x/y"), Cleared { files: 0, folders: deep });
    assert_eq!(stand.left(), Vec::<PathBuf>::new());
}

#[test]
fn what_cannot_be_removed_is_named_and_does_not_keep_the_rest() {
    if !testing::acts_as_others() {
        return;
    }
    let stand = Stand::new();
    for path in ["closed/a\nb", "closed/c", "open/d"] {
        stand.file(path);
    }
    for folder in ["", "open"] {
        fs::set_permissions(stand.uploads().join(folder), fs::Permissions::from_mode(0o777)).expect("its owner may");
    }
    // Of this thread only: what the file system is asked, it is asked as another user.
    let own = setfsuid(Uid::from_raw(65_534));
    let uploads = stand.open();
    let failures = uploads.clear(&Kept::default()).expect_err("a folder of another user's");
    let _ = setfsuid(own);
    let told = failures.to_string();
    assert!(
        ["\"closed/a\\nb\"", "\"closed/c\""].map(|path| format!("{path}: Permission denied (os error 13), and 1 more")).contains(&told),
        "{told}"
    );
    assert_eq!(stand.left(), ["closed", "closed/a\nb", "closed/c"].map(PathBuf::from));
}

#[test]
fn others_may_write_meanwhile() {
    let stand = Stand::new();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..2_000 {
                let folder = stand.uploads().join(format!("{}", number % 7));
                // Either may fail, where the folder has just been removed.
                drop(fs::create_dir_all(&folder));
                drop(fs::write(folder.join(number.to_string()), "x"));
            }
            done.store(true, Ordering::SeqCst);
        });
        while !done.load(Ordering::SeqCst) {
            // It ends, in one way or the other, and a refusal says which.
            if let Err(failures) = stand.open().clear(&Kept::default()) {
                assert!(failures.to_string().contains("others keep adding files to it"), "{failures}");
            }
        }
    });
    let _ = stand.clear("");
    assert_eq!(stand.left(), Vec::<PathBuf>::new());
}

#[test]
fn a_folder_swapped_for_a_link_leads_nowhere() {
    let stand = Stand::new();
    for number in 0..50 {
        fs::write(stand.outside().join(number.to_string()), "x").expect("a file");
    }
    let before = tree(&stand.outside());
    let (place, aside) = (stand.uploads().join("a"), stand.0.path().join("aside"));
    symlink(stand.outside(), &aside).expect("a link");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                drop(fs::create_dir(&place));
                drop(fs::write(place.join("b"), "x"));
                // The folder out of the way, the link in its place.
                drop(fs::rename(&place, stand.uploads().join("moved")));
                drop(symlink(stand.outside(), &place));
                drop(fs::remove_file(&place));
            }
        });
        for _ in 0..300 {
            drop(stand.open().clear(&Kept::default()));
        }
        done.store(true, Ordering::SeqCst);
    });
    assert_eq!(tree(&stand.outside()), before);
}

#[test]
fn the_log_is_a_file_of_the_folders_own() {
    const HELP: &str =
        "\n  = help: the log is a file of the uploads folder: remove what is there in its place, or give this user the right to write it";
    let stand = Stand::new();
    let log = stand.uploads().join(".demo-reset.log");
    let refused = || {
        let text = Record::open(&stand.open()).expect_err("it is no file of its own").to_string();
        text.replace(&stand.0.path().display().to_string(), "DIR")
    };
    symlink(stand.outside().join("precious"), &log).expect("a link");
    assert_eq!(refused(), format!("the log DIR/uploads/.demo-reset.log is a link, and a link is not followed{HELP}"));
    fs::remove_file(&log).expect("a link");
    fs::hard_link(stand.outside().join("precious"), &log).expect("a link");
    assert_eq!(refused(), format!("the log DIR/uploads/.demo-reset.log has another name elsewhere, and would be written there too{HELP}"));
    fs::remove_file(&log).expect("a link");
    mkfifo(&log, Mode::S_IRWXU).expect("a pipe");
    // Without a reader it cannot be opened for writing, and is not waited for.
    assert!(refused().starts_with("the log DIR/uploads/.demo-reset.log cannot be written: "), "{}", refused());
    let reader = OpenOptions::new().read(true).write(true).open(&log).expect("a pipe");
    assert_eq!(refused(), format!("the log DIR/uploads/.demo-reset.log is no file{HELP}"));
    drop(reader);
    fs::remove_file(&log).expect("a pipe");
    fs::create_dir(&log).expect("a folder");
    assert_eq!(refused(), format!("the log DIR/uploads/.demo-reset.log cannot be written: Is a directory (os error 21){HELP}"));
    fs::remove_dir(&log).expect("a folder");

    Record::open(&stand.open()).expect("it is made").append(Status::Success, None).expect("it is written");
    let error = "two\nlines \"quoted\"";
    Record::open(&stand.open()).expect("it is there").append(Status::FilesFailed, Some(error)).expect("it is written");
    let text = fs::read_to_string(&log).expect("it is there");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0]["status"].as_str(), &lines[0]["error"]), (Some("success"), &serde_json::Value::Null));
    assert_eq!((lines[1]["status"].as_str(), lines[1]["error"].as_str()), (Some("files_failed"), Some(error)));
    let timestamp = lines[0]["timestamp"].as_str().expect("a text");
    assert!(elyos_runtime::chrono::DateTime::parse_from_rfc3339(timestamp).is_ok(), "{timestamp}");
    assert_eq!(fs::read_to_string(stand.outside().join("precious")).expect("it is there"), "kept");
}

#[test]
fn a_full_disk_fails_with_the_logs_name() {
    let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else { return };
    let error = Record(full).append(Status::Success, None).expect_err("the disk is full");
    assert_eq!(error.to_string(), "the log .demo-reset.log cannot be written: No space left on device (os error 28)");
    assert_eq!(error.exit_code(), 5);
}

/// Pseudo-random numbers (xorshift64), so that a failing case can be run again by its number.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn name(&mut self) -> &'static str {
        ["a", "b", "c d", "é", ".gitkeep", ".demo-reset.log", "-x", "new\nline"][usize::try_from(self.below(8)).expect("below 8")]
    }
}

/// For any tree with links in it and any paths to keep: afterwards exactly these are there, and nothing outside changed.
#[test]
fn any_tree_is_cleared_to_what_is_kept() {
    let cases = std::env::var("ELYOS_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(150);
    for case in 1..=cases {
        let mut random = Random(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(case));
        let stand = Stand::new();
        let mut folders = vec![PathBuf::new()];
        let mut paths = Vec::new();
        for _ in 0..random.below(40) {
            let parent = folders[usize::try_from(random.below(folders.len() as u64)).expect("an index")].clone();
            let path = parent.join(random.name());
            let full = stand.uploads().join(&path);
            if fs::symlink_metadata(&full).is_ok() {
                continue;
            }
            match random.below(6) {
                0 | 1 => {
                    fs::create_dir(&full).expect("a folder");
                    folders.push(path.clone());
                }
                2 => {
                    let target = [stand.outside(), "..".into(), "a".into(), "/nowhere".into()]
                        [usize::try_from(random.below(4)).expect("below 4")]
                    .clone();
                    symlink(target, &full).expect("a link");
                }
                _ => OpenOptions::new().write(true).create_new(true).open(&full).and_then(|mut file| file.write_all(b"x")).expect("a file"),
            }
            paths.push(path);
        }
        let mut kept: Vec<PathBuf> = Vec::new();
        for path in &paths {
            if random.below(5) == 0 {
                kept.push(path.clone());
            }
        }
        kept.push(Path::new("never").join("there"));
        let written = kept.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(",");

        let before = tree(&stand.uploads());
        let outside = tree(&stand.outside());
        let uploads = stand.open();
        let keep = Kept::parse(written.as_ref()).expect("paths in the folder");
        let always = [PathBuf::from(".gitkeep"), PathBuf::from(".demo-reset.log")];
        let is_link = |path: &Path| before.get(path).is_some_and(|what| what.starts_with("a link to "));
        // What a shorter path keeps anyway is kept as it is, links and all.
        let is_covered = |path: &PathBuf| kept.iter().chain(&always).any(|other| other != path && path.starts_with(other));
        let named = kept.iter().filter(|path| !is_covered(path) && !always.contains(path));
        let through_link = named.into_iter().any(|path| path.ancestors().any(is_link));
        assert_eq!(keep.check(&uploads).is_err(), through_link, "case {case}");
        if !through_link {
            let _ = uploads.clear(&keep).unwrap_or_else(|failures| panic!("case {case}: {failures}"));
            let whole = |path: &Path| kept.iter().chain(&always).any(|kept| path.starts_with(kept));
            let expected: BTreeMap<_, _> = before.into_iter().filter(|(path, _)| whole(path)).collect();
            let left = tree(&stand.uploads());
            for path in left.keys() {
                assert!(whole(path) || on_the_way_of(path, &expected), "case {case}: {path:?} is left");
            }
            let left: BTreeMap<_, _> = left.into_iter().filter(|(path, _)| whole(path)).collect();
            assert_eq!(left, expected, "case {case}");
        }
        assert_eq!(tree(&stand.outside()), outside, "case {case}");
    }
}

/// Is it a folder in which something that is kept lies?
fn on_the_way_of(path: &Path, kept: &BTreeMap<PathBuf, String>) -> bool {
    kept.keys().any(|kept| kept.starts_with(path))
}
