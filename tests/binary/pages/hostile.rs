//! Claims with hostile texts, in every form of a report.

use logitlab::claims::{Claim, parse};
use logitlab::document::latex::{Contents, files};
use logitlab::document::{Printed, Results, document, html, markdown};

use crate::pages::document::verified;

/// What each kind of reader would act on.
const TEXTS: &str = "<script>window.owned=1</script><img src=http://127.0.0.1:1/x onerror=window.owned=1> \
                     \\input{/etc/passwd} \\write18{x} & | % $x$ # _ { } ~ ^^41 `code` **bold** [link](javascript:alert(1)) \
                     ![image](http://127.0.0.1:1/y) @someone www.example.org https://example.org <!-- --> &lt; \u{202e}\u{1f600}";

/// A claim with these texts. No file has the mark of direction in them, but a program may have made the claim.
pub fn claim() -> Claim {
    let read = TEXTS.replace('\u{202e}', "");
    let claim = parse(&format!(
        "claim hostile\ntitle \"{read}\"\nsource \"}}\\end{{document}}{read}\"\n\
         given P : distribution, c : action, a_b' : real\nlet long_name = a_b'*a_b'\nshow |e[c] - P|^2 + long_name <= 1\n"
    ))
    .unwrap();
    Claim { title: TEXTS.to_string(), source: format!("}}\\end{{document}}{TEXTS}"), ..claim }
}

pub fn results(claim: &Claim) -> Results<'_> {
    Results {
        title: TEXTS.into(),
        command: format!("logitlab report '{TEXTS}'"),
        verified: Some(verified(vec![claim])),
        printed: vec![Printed {
            title: TEXTS.into(),
            text: format!("```\n</code></pre>{TEXTS}\n\\end{{flushleft}}\n[2pt]\n* x\n# y"),
        }],
        ..Results::default()
    }
}

#[test]
fn a_page_has_no_tag_and_no_attribute_of_a_stranger() {
    let claim = claim();
    let page = html::page(&document(&results(&claim)));
    // What the page has of its own; every other tag would be a stranger's.
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("<img").count() + page.matches("<!--").count(), 0);
    assert!(page.contains("&lt;script&gt;window.owned=1&lt;/script&gt;"));
    // An XML parser is stricter than a browser; the elements without an end are all in the head.
    let body = &page[page.find("<body>").unwrap()..page.find("<script>").unwrap()];
    let body = format!("{}</body>", body.replace("<wbr>", ""));
    let parsed = roxmltree::Document::parse(&body).unwrap_or_else(|error| panic!("{error}"));
    for node in parsed.descendants() {
        let has_handler = node.attributes().any(|attribute| attribute.name().starts_with("on"));
        assert!(!has_handler, "{node:?}");
        if let Some(target) = node.attribute("href") {
            assert!(target.starts_with('#') && !target.contains(' '), "{target}");
        }
    }
    let title = parsed.descendants().find(|node| node.has_tag_name("h1")).unwrap();
    assert!(title.text().unwrap().starts_with("<script>window.owned=1</script><img"), "it is text");
}

#[test]
fn markdown_shows_it_as_it_is() {
    let claim = claim();
    let text = markdown::text(&document(&results(&claim)));
    let mut fence: Option<&str> = None;
    let mut plain = String::new();
    for line in text.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            Some(open) if line == open => fence = None,
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => plain += &format!("{}\n", without_code(line)),
            Some(_) => {}
        }
    }
    assert_eq!(fence, None, "every fence is closed");
    for dangerous in ["<script", "<img", "<!--", "](javascript", "![", "**bold", "@someone", "www.", "https://"] {
        let escaped = |at: usize| plain[..at].ends_with('\\');
        let found = plain.match_indices(dangerous).find(|(at, _)| !escaped(*at) && !dangerous.starts_with("]("));
        assert_eq!(found, None, "{dangerous} in\n{plain}");
    }
    assert!(plain.contains("\\<script\\>") && plain.contains("\\[link\\](javascript"), "{plain}");
    // A table has as many bars in every line.
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    for pair in
        plain.lines().collect::<Vec<_>>().windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|')))
    {
        assert_eq!(bars(pair[0]), bars(pair[1]), "{pair:?}");
    }
}

/// The line without its code spans and formulas.
fn without_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        if rest[..at].ends_with('\\') {
            out += &rest[..=at];
            rest = &rest[at + 1..];
            continue;
        }
        out += &rest[..at];
        let ticks = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let open = &rest[at..at + ticks];
        let after = &rest[at + ticks..];
        let end = after.find(open).unwrap_or_else(|| panic!("code is not closed: {line}"));
        rest = &after[end + ticks..];
    }
    out + rest
}

#[test]
fn latex_has_no_command_of_a_stranger() {
    let claim = claim();
    for file in files(&document(&results(&claim)), &[]) {
        let Contents::Text(text) = &file.contents else { continue };
        if file.path == "main.tex" {
            continue;
        }
        let lines = text.lines().filter(|line| !line.starts_with('%'));
        for line in lines {
            for command in ["\\input", "\\write18", "\\end{document}"] {
                assert!(!line.contains(command), "{}: {line}", file.path);
            }
        }
    }
}
