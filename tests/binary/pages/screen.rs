//! The page in a browser: what it does, and what is seen.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use logitlab::document::{document, html};

use crate::pages::browser::Browser;
use crate::pages::document::DOCUMENT;
use crate::pages::hostile;
use crate::support;

/// Where pictures go if `LOGITLAB_PICTURES` names a folder, for a look at them.
fn picture(browser: &mut Browser, name: &str) {
    let Some(folder) = std::env::var_os("LOGITLAB_PICTURES") else { return };
    let suffix = if name == "print" { "pdf" } else { "png" };
    let bytes = STANDARD.decode(browser.picture(name == "print")).unwrap();
    fs::write(PathBuf::from(folder).join(format!("{name}.{suffix}")), bytes).unwrap();
}

fn write(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join("report.html");
    fs::write(&file, text).unwrap();
    file
}

/// Nothing on the console, and nothing asked for but the page itself.
fn assert_quiet(browser: &mut Browser) {
    let seen = browser.seen();
    assert!(seen.complaints.is_empty(), "{:#?}", seen.complaints);
    assert!(
        seen.requests.iter().all(|url| url.starts_with("file:///") || url.starts_with("data:")),
        "{:?}",
        seen.requests
    );
    assert_eq!(seen.requests.iter().filter(|url| url.starts_with("file:///")).count(), 1, "{:?}", seen.requests);
}

#[test]
fn the_page_is_quiet_and_everything_on_it_is_seen() {
    let Some(chromium) = support::tool("chromium", "the_page_is_quiet_and_everything_on_it_is_seen") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut browser = Browser::start(&chromium);
    let file = write(folder.path(), &html::page(&DOCUMENT));
    browser.open(&file, 1200);
    assert_quiet(&mut browser);

    // Formulas are laid out: each takes room, a fraction more than a line.
    assert!(browser.value("document.querySelectorAll('math').length").as_u64().unwrap() > 500);
    let hidden = "[...document.querySelectorAll('math, figure > svg')].filter((one) => { \
                  const box = one.getBoundingClientRect(); return box.width < 3 || box.height < 3; }).length";
    assert_eq!(browser.value(hidden), 0);
    let height = |selector: &str| format!("document.querySelector('{selector}').getBoundingClientRect().height");
    let ratio = format!("{} / {}", height("mfrac"), height("math mi"));
    assert!(browser.value(&ratio).as_f64().unwrap() > 1.4, "a fraction is higher than a letter");
    assert_eq!(browser.value("document.querySelectorAll('figure > svg').length"), 2);

    // Nothing is wider than the window, at any width; what is too wide scrolls by itself.
    for (width, scheme) in [(1200, "light"), (1200, "dark"), (390, "light")] {
        browser.resize(width);
        browser.media("screen", scheme);
        let wide = "document.documentElement.scrollWidth <= window.innerWidth ? [] : \
                    [...document.querySelectorAll('body *')].filter((one) => !one.closest('.wide *, pre *, figure *, .display *') && \
                    one.getBoundingClientRect().right > window.innerWidth).map((one) => one.outerHTML.slice(0, 200))";
        assert_eq!(browser.value(wide), serde_json::json!([]), "wider than {width}");
        for anchor in ["main", "claim-two-sided", "claim-false-unit-bound", "precision", "digits-left", "provenance"] {
            browser.value(&format!("document.getElementById('{anchor}').scrollIntoView(), 0"));
            picture(&mut browser, &format!("{anchor}-{scheme}-{width}"));
        }
    }
    let colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color].join()";
    browser.media("screen", "light");
    let light = browser.value(colours);
    browser.media("screen", "dark");
    assert_ne!(browser.value(colours), light);
    browser.media("print", "dark");
    assert_eq!(browser.value("getComputedStyle(document.querySelector('nav')).display"), "none");
    browser.media("", "light");
    picture(&mut browser, "print");
}

#[test]
fn tables_are_sorted_and_filtered() {
    let Some(chromium) = support::tool("chromium", "tables_are_sorted_and_filtered") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut browser = Browser::start(&chromium);
    browser.open(&write(folder.path(), &html::page(&DOCUMENT)), 1200);
    let column = |k: usize| {
        format!(
            "[...document.querySelectorAll('#digits-left tbody tr')].filter((row) => !row.hidden).map((row) => row.cells[{k}].textContent)"
        )
    };
    let numbers = |browser: &mut Browser, k: usize| -> Vec<f64> {
        let cells = browser.value(&column(k));
        cells.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap().parse().unwrap_or(0.0)).collect()
    };
    let click = |k: usize| format!("document.querySelectorAll('#digits-left thead button')[{k}].click()");

    let before = numbers(&mut browser, 7);
    assert!(!before.is_sorted());
    browser.value(&click(7));
    let mut expected = before.clone();
    expected.sort_by(f64::total_cmp);
    assert_eq!(numbers(&mut browser, 7), expected);
    assert_eq!(
        browser.value("document.querySelectorAll('#digits-left thead th')[7].getAttribute('aria-sort')"),
        "ascending"
    );
    browser.value(&click(7));
    expected.reverse();
    assert_eq!(numbers(&mut browser, 7), expected);
    // By numbers, not by letters: 5e-1 is more than 1e-4, and `never` is less than anything.
    browser.value(&click(8));
    let lost = numbers(&mut browser, 8);
    assert!(lost.is_sorted() && lost[0] == 0.0, "{lost:?}");

    let filter = "const input = document.querySelector('#precision input'); input.value = 'BF16 tail'; \
                  input.dispatchEvent(new Event('input')); document.querySelector('#precision output').textContent";
    let said = browser.value(filter);
    let modes = browser.value(&column(0));
    let modes: Vec<&str> = modes.as_array().unwrap().iter().map(|mode| mode.as_str().unwrap()).collect();
    assert!(!modes.is_empty() && modes.iter().all(|mode| mode.contains("bf16")), "{modes:?}");
    assert_eq!(said, format!("{} of {} rows", modes.len(), before.len()));
    assert_quiet(&mut browser);
}

#[test]
fn hostile_text_does_nothing() {
    let Some(chromium) = support::tool("chromium", "hostile_text_does_nothing") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut browser = Browser::start(&chromium);
    let claim = hostile::claim();
    browser.open(&write(folder.path(), &html::page(&document(&hostile::results(&claim)))), 1200);
    assert_quiet(&mut browser);
    assert_eq!(browser.value("typeof window.owned"), "undefined");
    assert!(browser.value("document.querySelector('h1').textContent").as_str().unwrap().starts_with("<script>"));
}

/// The eyes of these tests, on pages that do what a report must not.
#[test]
fn what_a_page_must_not_do_is_seen() {
    let Some(chromium) = support::tool("chromium", "what_a_page_must_not_do_is_seen") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut browser = Browser::start(&chromium);
    for (text, complains, asks) in [
        ("<p>quiet", false, false),
        ("<script>console.error('x')</script>", true, false),
        ("<script>nothing()</script>", true, false),
        ("<img src='http://127.0.0.1:1/x.png'>", true, true),
    ] {
        browser.open(&write(folder.path(), &format!("<!DOCTYPE html><link rel=icon href=data:,>{text}")), 1200);
        let seen = browser.seen();
        assert_eq!(!seen.complaints.is_empty(), complains, "{text}: {seen:?}");
        assert_eq!(seen.requests.iter().any(|url| url.starts_with("http")), asks, "{text}: {seen:?}");
    }
    // A script that is not the page's own is not run, even if it got there.
    let page = html::page(&DOCUMENT).replace("</main>", "<script>window.owned = 1</script></main>");
    browser.open(&write(folder.path(), &page), 1200);
    assert_eq!(browser.value("typeof window.owned"), "undefined");
    assert!(!browser.seen().complaints.is_empty(), "and the browser says so");
}
