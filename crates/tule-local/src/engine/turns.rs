//! Turns: how many queries compute at the same time.
//!
//! More than the machine has cores for are not answered sooner, and each holds pages and rows to
//! sort. A query that waits for its reader gives its turn to others meanwhile, so that nobody who
//! reads slowly or not at all holds them up.

use std::num::NonZero;
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

/// Turns for each core: some wait for the disk.
const EACH: usize = 2;

static TURNS: LazyLock<Turns> = LazyLock::new(|| {
    let cores = available_parallelism().map_or(1, NonZero::get);
    Turns { free: Mutex::new(cores * EACH), freed: Condvar::new() }
});

struct Turns {
    free: Mutex<usize>,
    freed: Condvar,
}

impl Turns {
    fn free(&self) -> MutexGuard<'_, usize> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) {
        let waits = |free: &mut usize| *free == 0;
        let free = self.freed.wait_while(self.free(), waits);
        *free.unwrap_or_else(PoisonError::into_inner) -= 1;
    }

    fn give(&self) {
        *self.free() += 1;
        self.freed.notify_one();
    }
}

/// A turn; it is given back when it goes away.
pub(super) struct Turn(&'static Turns);

impl Turn {
    /// Waits for one.
    pub(super) fn take() -> Self {
        TURNS.take();
        Self(&TURNS)
    }

    /// Waits for something else, while another may have the turn.
    pub(super) fn lend<T>(&self, wait: impl FnOnce() -> T) -> T {
        self.0.give();
        let got = wait();
        self.0.take();
        got
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.give();
    }
}
