//! What libFuzzer found worth keeping (`fuzz/`): every text of its corpus is read without a panic, within the time and memory it is worth.

use std::fs;
use std::time::{Duration, Instant};

use elyos_tests::fuzzed::{TARGETS, allowed_memory};
use elyos_tests::workspace;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Not a measure of speed: the slowest take milliseconds, and what hangs takes for ever.
const HANGS: Duration = Duration::from_secs(30);

// One test: the memory counted is the process's.
#[test]
fn every_text_of_the_corpus_is_read_within_bounds() {
    for (name, target) in TARGETS {
        let folder = workspace().join("fuzz/corpus").join(name);
        let files: Vec<_> = fs::read_dir(&folder).expect("the corpus is there").map(|entry| entry.expect("a file").path()).collect();
        assert!(files.len() > 10, "{} holds {} files only", folder.display(), files.len());
        // What is read once, a snapshot of PostgreSQL's own functions, is no input's.
        target("select 1");
        target("create view one as select 1 as one;");
        for file in files {
            let bytes = fs::read(&file).expect("the file can be read");
            // The fuzzer's targets take text; it hands over nothing else.
            let Ok(text) = std::str::from_utf8(&bytes) else { continue };
            let (before, started) = (MEMORY.current_usage(), Instant::now());
            MEMORY.reset_peak_usage();
            target(text);
            let taken = MEMORY.peak_usage().saturating_sub(before);
            assert!(taken <= allowed_memory(bytes.len()), "{name}: {taken} bytes of memory for {} of {}", bytes.len(), file.display());
            assert!(started.elapsed() < HANGS, "{name}: {:?} for {}", started.elapsed(), file.display());
        }
    }
}
