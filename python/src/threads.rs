//! Work without the interpreter, on some threads, that Ctrl-C stops.

use std::mem;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use logitlab::source::Watch;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::logits::{Failure, refused};

/// The process in which rayon's own pool was first used. A process that is forked from it has that pool without its
/// threads: to wait for them would be for ever.
static FIRST: OnceLock<u32> = OnceLock::new();

/// The pool of a process that was forked.
static FORKED: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);

/// The pool to work in; none where it is rayon's own: to make one costs more than a small measurement.
fn pool(threads: Option<usize>) -> Result<Option<Arc<ThreadPool>>, ThreadPoolBuildError> {
    let make = |count| ThreadPoolBuilder::new().num_threads(count).build().map(Arc::new);
    let here = process::id();
    match threads {
        Some(count) => make(count).map(Some),
        None if *FIRST.get_or_init(|| here) == here => Ok(None),
        None => {
            let mut kept = FORKED.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((process, pool)) = &*kept
                && *process == here
            {
                return Ok(Some(pool.clone()));
            }
            let pool = make(0)?;
            // One of a process before this one has no threads to end, either.
            mem::forget(kept.replace((here, pool.clone())));
            Ok(Some(pool))
        }
    }
}

/// How long a caller that waits for other threads does not look for Ctrl-C.
const SIGNALS: Duration = Duration::from_millis(5);

/// Runs something on so many threads, without the interpreter; whether Ctrl-C stopped it.
pub fn on_threads<T: Send>(
    py: Python<'_>,
    threads: Option<usize>,
    run: impl FnOnce(Watch<'_>) -> Result<T, Failure> + Send,
) -> PyResult<T> {
    let pool = pool(threads).map_err(|error| refused(format!("threads: {error}")))?;
    let interrupted = AtomicBool::new(false);
    let result = py.detach(|| {
        // Signals come to the thread that called.
        let signals = || {
            if Python::attach(|py| py.check_signals().is_err()) {
                interrupted.store(true, Ordering::Relaxed);
            }
        };
        let stop = || interrupted.load(Ordering::Relaxed);
        let Some(pool) = pool else { return run(Watch { stop: &stop, done: &|_| signals() }) };
        thread::scope(|scope| {
            let (sender, result) = sync_channel(1);
            let worker = scope.spawn(move || sender.send(pool.install(|| run(Watch { stop: &stop, done: &|_| {} }))));
            loop {
                match result.recv_timeout(SIGNALS) {
                    Ok(result) => return result,
                    Err(RecvTimeoutError::Timeout) => signals(),
                    // The worker panicked; joined, it does not end the scope so.
                    Err(RecvTimeoutError::Disconnected) => {
                        _ = worker.join();
                        return Err("a thread panicked".into());
                    }
                }
            }
        })
    });
    if interrupted.into_inner() {
        return Err(PyKeyboardInterrupt::new_err("stopped before all rows were measured"));
    }
    result.map_err(refused)
}
