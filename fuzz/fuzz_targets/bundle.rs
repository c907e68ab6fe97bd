#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| elyos_fuzz::within_memory(elyos_tests::fuzzed::bundle, text));
