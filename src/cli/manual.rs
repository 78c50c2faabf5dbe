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
/// For example: logitlab man verify | man -l -
#[derive(Args)]
pub struct Man {
    /// A command; without one, the page of logitlab itself
    command: Option<String>,
}

pub fn completions(arguments: &Completions) -> Result<Ending, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "logitlab", &mut out);
    print(&String::from_utf8_lossy(&out))?;
    Ok(Ending::Good)
}

pub fn man(arguments: &Man) -> Result<Ending, Failure> {
    let mut root = Cli::command();
    // Fills in the full names of the commands, as `logitlab-verify`.
    root.build();
    let page = match &arguments.command {
        None => root,
        Some(name) => match root.find_subcommand(name) {
            Some(command) => command.clone(),
            None => return Err(Failure::Unusable(format!("unknown command `{name}`; `logitlab --help` lists them"))),
        },
    };
    let mut out = Vec::new();
    clap_mangen::Man::new(page).render(&mut out)?;
    print(&String::from_utf8_lossy(&out))?;
    Ok(Ending::Good)
}
