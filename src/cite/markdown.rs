//! A citation as Markdown, which is what a person reads on a terminal too.

use super::Citation;

/// The citation with its statement, its hashes, BibTeX entries and the command that derives it again.
pub fn text(citation: &Citation<'_>) -> String {
    let Citation {
        kind,
        id,
        title,
        statement,
        file,
        sha256,
        swhid,
        swhid_note,
        version,
        written_by,
        command,
        bibtex,
        ..
    } = citation;
    let kind = if *kind == "study" { "Study" } else { "Claim" };
    format!(
        "# {title}\n\n\
         {kind} `{id}` of logitlab {version}.\n\n\
         ```text\n{statement}```\n\n\
         - snapshot: `{file}`, first written by logitlab {written_by}\n\
         - SHA-256: `{sha256}`\n\
         - SWHID: `{swhid}`\n  ({swhid_note})\n\n\
         Derive it again and compare the bytes:\n\n\
         ```console\n$ {command}\n```\n\n\
         BibTeX:\n\n\
         ```bibtex\n{bibtex}```\n"
    )
}
