//! What an interrupt does.

use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::exit::{Outcome, Stop};

type Action = Arc<Mutex<Option<Box<dyn Fn() + Send>>>>;

/// What an interrupt from the keyboard, or a request to end, does: the first breaks the query off
/// in good order, the second ends the program.
pub(crate) struct Interrupt {
    is_set: Arc<AtomicBool>,
    action: Action,
}

impl Interrupt {
    /// From now on, of this process.
    pub(crate) fn listen() -> Outcome<Self> {
        Self::listen_until(true)
    }

    /// The same for a program that lives on when a query is broken off: none of them ends it, but
    /// the end of its terminal does.
    pub(crate) fn listen_on() -> Outcome<Self> {
        Self::listen_until(false)
    }

    fn listen_until(second: bool) -> Outcome<Self> {
        let this = Self { is_set: Arc::default(), action: Arc::default() };
        let (is_set, action) = (Arc::clone(&this.is_set), Arc::clone(&this.action));
        let had_terminal = io::stdin().is_terminal();
        ctrlc::set_handler(move || {
            if is_set.swap(true, Ordering::SeqCst) && second {
                std::process::exit(130);
            }
            // A window that was closed sends no keys any more, and who waits for one waits forever.
            if !second && had_terminal && !io::stdin().is_terminal() {
                std::process::exit(129);
            }
            if let Some(action) = &*action.lock().unwrap_or_else(PoisonError::into_inner) {
                action();
            }
        })
        .map_err(|error| Stop::usage(format!("cannot listen for interrupts: {error}")))?;
        Ok(this)
    }

    /// Forgets those that were.
    pub(crate) fn reset(&self) {
        self.is_set.store(false, Ordering::SeqCst);
    }

    /// Whether there was one.
    pub(crate) fn is_set(&self) -> bool {
        self.is_set.load(Ordering::SeqCst)
    }

    /// What the first one does beside being noticed.
    pub(crate) fn set(&self, action: impl Fn() + Send + 'static) {
        *self.action.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(action));
    }

    /// Nothing beside being noticed.
    pub(crate) fn clear(&self) {
        *self.action.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
