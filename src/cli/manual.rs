//! `logitlab completions` and `logitlab man`: for the shell and for `man`.

use clap::{Args, CommandFactory};

use super::{Cli, Ending, Failure, print};

/// Print shell completions
///
/// For example, in bash: source <(logitlab completions bash)
#[derive(Args)]
pub struct Completions {
    /// Which shell
    shell: clap_complete::Shell,
}

/// Print the manual page
///
/// For example: logitlab man | man -l -
#[derive(Args)]
pub struct Man {}

pub fn completions(arguments: &Completions) -> Result<Ending, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "logitlab", &mut out);
    print(&String::from_utf8_lossy(&out))?;
    Ok(Ending::Good)
}

pub fn man(_: &Man) -> Result<Ending, Failure> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut out)?;
    print(&String::from_utf8_lossy(&out))?;
    Ok(Ending::Good)
}
