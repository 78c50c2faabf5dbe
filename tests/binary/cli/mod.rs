//! The binary, driven as a user drives it: what it prints, and with which exit code.

mod bad_input;
mod cite;
mod claim_files;
mod compare;
mod compare_input;
mod completions;
mod diff;
mod doctor;
mod engines;
mod export;
mod good_input;
mod inputs;
mod interrupt;
mod measure;
mod partial;
mod prove;
mod report;
mod rules;
mod run;
mod simulate;
#[cfg(feature = "parquet")]
mod tables;
mod terminal;
mod training;
mod watch;
