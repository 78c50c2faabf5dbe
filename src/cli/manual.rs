//! `logitlab completions` and `logitlab man`: for the shell and for `man`.

use clap::{Args, CommandFactory};

use super::options::{Listed, named};
use super::{Cli, Done, Failure};

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

pub fn completions(arguments: &Completions) -> Result<Done<'_>, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "logitlab", &mut out);
    Ok(Done::new(String::from_utf8_lossy(&out).into_owned()).code(true))
}

pub fn man(arguments: &Man) -> Result<Done<'_>, Failure> {
    let mut root = Cli::command();
    // Fills in the full names of the commands, as `logitlab-verify`.
    root.build();
    let page = match &arguments.command {
        None => root,
        Some(name) => {
            let table = root.get_subcommands().map(|command| (command.get_name(), command));
            named("command", name, table, Listed::By("`logitlab --help` lists them"))?.clone()
        }
    };
    let mut out = Vec::new();
    clap_mangen::Man::new(page).render(&mut out)?;
    Ok(Done::new(String::from_utf8_lossy(&out).into_owned()).code(true))
}
