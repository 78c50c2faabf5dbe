#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| logitlab_fuzz::run("number", data));
