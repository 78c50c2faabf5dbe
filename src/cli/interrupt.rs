//! Ctrl-C ends a long run early and leaves what is finished.

use std::sync::atomic::{AtomicBool, Ordering};

use super::Ending;

static ASKED: AtomicBool = AtomicBool::new(false);

/// From here on the first Ctrl-C asks the run to end; the second one ends the process.
pub fn watch() {
    // Where no handler can be set, Ctrl-C ends the process at once, which is no worse than before.
    _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            std::process::exit(Ending::Interrupted.code().into());
        }
    });
}

/// Whether Ctrl-C was pressed.
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}
