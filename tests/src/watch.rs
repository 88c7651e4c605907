//! Work that is watched, so that what never ends fails by name instead of hanging the suite.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

/// Longest time for one step of the work.
const LONGEST: Duration = Duration::from_secs(20);

/// What the work is at.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Mutex<(u64, String)>>);

impl Progress {
    /// Says that the work has come to `step`.
    pub fn at(&self, step: &str) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 += 1;
        step.clone_into(&mut state.1);
    }

    fn read(&self) -> (u64, String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Does `work` on a thread of its own.
///
/// # Errors
///
/// The step that took too long or panicked. A thread that never ends is left behind.
pub fn watched<T: Send + 'static>(
    work: impl FnOnce(&Progress) -> T + Send + 'static,
) -> Result<T, String> {
    let progress = Progress::default();
    let (done, result) = mpsc::channel();
    let inner = progress.clone();
    std::thread::spawn(move || done.send(work(&inner)));
    let mut last = 0;
    loop {
        match result.recv_timeout(LONGEST) {
            Ok(value) => return Ok(value),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                return Err(format!("panicked at {}", progress.read().1));
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let (count, step) = progress.read();
                if count == last {
                    return Err(format!("does not come to an end: {step}"));
                }
                last = count;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_panics_is_named() {
        assert_eq!(watched(|_| 1), Ok(1));
        let panicked: Result<(), String> = watched(|progress| {
            progress.at("the third step");
            panic!("on purpose");
        });
        assert_eq!(panicked, Err("panicked at the third step".to_owned()));
    }
}
