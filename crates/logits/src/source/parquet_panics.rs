//! Panics of the Parquet library at damage that it takes for impossible: they are caught and, being expected, not told.

use std::cell::Cell;
use std::panic::{PanicHookInfo, UnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::Path;
use std::sync::Once;

thread_local! {
    /// Whether this thread is where such a panic is caught.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// What comes of it, or nothing where it panics. Panics of this crate and of other threads are told as ever.
pub(super) fn caught<T>(read: impl FnOnce() -> T + UnwindSafe) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let tell = take_hook();
        set_hook(Box::new(move |panic| {
            if !EXPECTED.get() || is_own(panic) {
                tell(panic);
            }
        }));
    });
    EXPECTED.set(true);
    let outcome = catch_unwind(read).ok();
    EXPECTED.set(false);
    outcome
}

/// Whether a panic arose in the files of this crate.
fn is_own(panic: &PanicHookInfo<'_>) -> bool {
    // This file is in `src/source`.
    let this = Path::new(file!()).ancestors().nth(3).expect("it is below a folder");
    panic.location().is_some_and(|place| Path::new(place.file()).starts_with(this))
}
