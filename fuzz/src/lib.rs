//! The entries that the targets call, and a limit on the memory that they may take.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[path = "../../tests/support/fuzz/mod.rs"]
mod entries;

pub use entries::{TARGETS, run};

/// The most bytes that may be allocated at once. libFuzzer looks at what is resident, and only once a second: a large
/// allocation that is not yet written to, or soon given back, escapes it.
const MOST_BYTES: usize = 500 << 20;

static LIVE: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Limited = Limited;

struct Limited;

fn take(bytes: usize) {
    if LIVE.fetch_add(bytes, Relaxed).saturating_add(bytes) > MOST_BYTES {
        LIVE.store(0, Relaxed);
        eprintln!("more than {} MB are allocated at once: {bytes} bytes more", MOST_BYTES >> 20);
        std::process::abort();
    }
}

fn give(bytes: usize) {
    LIVE.fetch_sub(bytes, Relaxed);
}

// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Limited {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        give(layout.size());
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(size);
        give(layout.size());
        unsafe { System.realloc(pointer, layout, size) }
    }
}
