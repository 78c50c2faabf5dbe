//! `logitlab --help`: the commands by what people come for.

use clap::{Command, CommandFactory};

use super::terminal::Terminal;
use super::{Cli, GROUPS};
use crate::report::table;
use crate::report::text::Style as _;

/// Columns of a help text on a wider terminal.
pub const MOST: usize = 100;

/// The command line, whose help lists the commands by group: clap has headings for options alone.
pub fn grouped() -> Command {
    let mut command = Cli::command();
    if let Some(width) = Terminal::output().width() {
        command = command.term_width(width.min(MOST));
    }
    // Without it the help of the command `help` is not known yet.
    let mut built = command.clone();
    built.build();
    let list = list(&built);
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}Options:\n{{options}}{{after-help}}"
    ))
}

/// A heading for each group, below it its commands with what they do.
fn list(command: &Command) -> String {
    let width = GROUPS.iter().flat_map(|(_, names)| names.iter()).map(|name| name.len()).max().unwrap_or(0);
    let row = |name: &&str| {
        let about = command.find_subcommand(name).and_then(Command::get_about).map(ToString::to_string);
        vec![format!("{name:width$}"), about.unwrap_or_default()]
    };
    let group = |(heading, names): &(&str, &[&str])| {
        let rows: Vec<_> = names.iter().map(row).collect();
        format!("{heading}:\n{}\n", table::list(&rows, 2, &Terminal::output()))
    };
    GROUPS.iter().map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::AFTER_HELP;

    /// Columns that the help takes at most.
    const COLUMNS: usize = 80;

    #[test]
    fn every_command_is_in_one_group() {
        let mut command = Cli::command();
        command.build();
        let mut there: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        there.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(grouped, there);
    }

    #[test]
    fn the_help_fits_a_small_terminal() {
        let help = grouped().term_width(COLUMNS).render_long_help().to_string();
        let wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > COLUMNS).collect();
        assert!(wide.is_empty(), "{wide:#?}");
        // No example and no summary goes on in a second line.
        let missing: Vec<&str> = AFTER_HELP.lines().filter(|line| !help.lines().any(|there| there == *line)).collect();
        assert!(missing.is_empty(), "{missing:#?}");
        for (heading, names) in GROUPS {
            let lines: Vec<&str> = help.split_once(&format!("{heading}:\n")).unwrap().1.lines().collect();
            let listed: Vec<&str> =
                lines[..names.len()].iter().filter_map(|line| line.split_whitespace().next()).collect();
            assert_eq!(listed, names.to_vec());
        }
    }
}
