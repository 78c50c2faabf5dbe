//! The `logitlab` binary; see the library for the architecture.

use std::process::ExitCode;

fn main() -> ExitCode {
    logitlab::cli::main()
}
