//! What the programs share: each run is held to the memory that its input allows it.

use elyos_tests::fuzzed::allowed_memory;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Runs a target and panics when it took more memory than it may for such an input.
pub fn within_memory(target: fn(&str), text: &str) {
    // What is read once, a snapshot of PostgreSQL's own functions, is not the input's.
    static READ: std::sync::Once = std::sync::Once::new();
    READ.call_once(|| {
        elyos_tests::fuzzed::query("select 1");
        elyos_tests::fuzzed::catalog("create view one as select 1 as one;");
    });
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    target(text);
    let taken = MEMORY.peak_usage().saturating_sub(before);
    assert!(taken <= allowed_memory(text.len()), "{taken} bytes of memory for an input of {}", text.len());
}
