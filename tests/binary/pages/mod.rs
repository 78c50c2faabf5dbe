//! Reports: the page in a real browser, the folder in LaTeX, and text of strangers, which must mean nothing in any of
//! them.

#[cfg(unix)]
mod browser;
mod document;
mod hostile;
mod paper;
#[cfg(unix)]
mod screen;
