//! `logitlab partial`: what follows from top-k and sampled log-probabilities.

use crate::run::{folder, run, transcript};

const ROWS: &[u8] = br#"{"top_logprobs": [-0.105360515657826, -2.81341071676004], "logprob": -0.105360515657826}
{"top_logprobs": [-0.693147180559945, -1.6094379124341], "logprob": -4.60517018598809}
{"top_logprobs": [0, null], "logprob": 0}
"#;

#[test]
fn rows_are_enclosed_whatever_the_rest() {
    let folder = folder(&[("rows.jsonl", ROWS), ("alone.jsonl", b"{\"logprobs\": [-0.105]}\n{\"logprobs\": [-7]}\n")]);
    let commands: [&[&str]; 4] = [
        &["partial", "rows.jsonl", "--vocabulary", "50000"],
        &["partial", "rows.jsonl", "--vocabulary", "50000", "--json", "--slack", "0"],
        &["partial", "rows.jsonl", "--vocabulary", "50000", "--summary", "--json"],
        &["partial", "alone.jsonl", "--top", "logprobs", "--sampled", "--vocabulary", "50000"],
    ];
    insta::assert_snapshot!(commands.map(|command| transcript(folder.path(), command)).join("\n"));
}

#[test]
fn what_cannot_be_a_distribution_is_refused_with_its_row() {
    let more = b"{\"top_logprobs\": [-0.1], \"logprob\": -0.1}\n{\"top_logprobs\": [-0.1], \"logprob\": -0.2}\n";
    let folder = folder(&[
        ("rows.jsonl", ROWS),
        ("more.jsonl", more),
        ("logits.jsonl", b"{\"top_logprobs\": [3.5], \"logprob\": 3.5}\n"),
    ]);
    let commands: [&[&str]; 6] = [
        &["partial", "more.jsonl", "--vocabulary", "50000"],
        &["partial", "logits.jsonl", "--vocabulary", "50000"],
        &["partial", "rows.jsonl", "--vocabulary", "1"],
        &["partial", "rows.jsonl", "--vocabulary", "50000", "--slack", "-1"],
        &["partial", "rows.jsonl", "--vocabulary", "50000", "--sampled"],
        &["partial", "rows.jsonl", "--vocabulary", "50000", "--top", "top5"],
    ];
    insta::assert_snapshot!(commands.map(|command| transcript(folder.path(), command)).join("\n"));
    assert_eq!(run(folder.path(), &["partial", "rows.jsonl"], b"").0, 2);
}
