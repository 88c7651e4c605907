//! Calls that take their time: each on a thread of its own, with progress and a way to end it.
//!
//! The server's one thread only waits for them. A request that the editor cancels is dropped by
//! the framework; what it started is told to stop when that happens, as it is when the editor's
//! own button says so and when the server ends. A call that panics answers with an internal error.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::notification::Progress as ProgressNotification;
use tower_lsp::ls_types::{
    ProgressParams, ProgressParamsValue, ProgressToken, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressEnd, WorkDoneProgressReport,
};

use crate::portals::{Control, Progress, Stop};

/// Shortest time between two reports of progress: an editor draws each.
const PACE: Duration = Duration::from_millis(100);

/// Longest that the end of the server waits for threads that were told to stop.
pub(crate) const GRACE: Duration = Duration::from_millis(500);

/// What is under way, by a number of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Works(Arc<Mutex<Running>>);

#[derive(Debug, Default)]
struct Running {
    next: u64,
    /// Whether the conversation is over: what begins now is not waited for.
    over: bool,
    /// Threads that have not ended.
    threads: usize,
    works: HashMap<u64, (Stop, Option<ProgressToken>)>,
}

impl Works {
    fn lock(&self) -> std::sync::MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, stop: &Stop, token: Option<ProgressToken>) -> u64 {
        let mut running = self.lock();
        running.next += 1;
        let number = running.next;
        running.works.insert(number, (stop.clone(), token));
        let over = running.over;
        drop(running);
        if over {
            stop.set();
        }
        number
    }

    fn end(&self, number: u64) {
        self.lock().works.remove(&number);
    }

    /// Ends what reports progress under this token.
    pub(crate) fn cancel(&self, token: &ProgressToken) {
        let stops: Vec<Stop> = {
            let running = self.lock();
            let with = running.works.values().filter(|(_, known)| known.as_ref() == Some(token));
            with.map(|(stop, _)| stop.clone()).collect()
        };
        stops.iter().for_each(Stop::set);
    }

    /// Ends everything, and what will begin.
    pub(crate) fn stop_all(&self) {
        let stops: Vec<Stop> = {
            let mut running = self.lock();
            running.over = true;
            running.works.values().map(|(stop, _)| stop.clone()).collect()
        };
        stops.iter().for_each(Stop::set);
    }

    /// Waits until every thread has put its things in order, but no longer than that takes.
    pub(crate) async fn settled(&self) {
        let deadline = Instant::now() + GRACE;
        while self.lock().threads > 0 && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// A token for progress that the server begins of itself.
    pub(crate) fn token(&self) -> ProgressToken {
        let mut running = self.lock();
        running.next += 1;
        ProgressToken::String(format!("tule-{}", running.next))
    }
}

/// Something under way: dropped before it ended, it is told to stop.
struct Guard {
    works: Works,
    number: u64,
    stop: Stop,
    shown: Option<Shown>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.stop.set();
        self.works.end(self.number);
        if let Some(shown) = self.shown.take() {
            shown.end();
        }
    }
}

/// A thread that counts, until it has ended or was never had.
struct Counted(Works);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.lock().threads -= 1;
    }
}

/// Progress that an editor shows.
struct Shown {
    client: Client,
    token: ProgressToken,
}

impl Shown {
    async fn send(&self, value: WorkDoneProgress) {
        let value = ProgressParamsValue::WorkDone(value);
        let params = ProgressParams { token: self.token.clone(), value };
        self.client.send_notification::<ProgressNotification>(params).await;
    }

    /// From wherever, a drop included: nobody waits for it.
    fn end(self) {
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                self.send(WorkDoneProgress::End(WorkDoneProgressEnd { message: None })).await;
            });
        }
    }
}

/// What a call is called, and where its progress is shown.
pub(crate) struct Title {
    pub(crate) text: String,
    pub(crate) token: Option<ProgressToken>,
}

/// Makes a call on a thread of its own and waits for it.
///
/// # Errors
///
/// An internal error if it panicked or no thread could be had.
pub(crate) async fn call<T, F>(client: &Client, works: &Works, title: Title, job: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Control) -> T + Send + 'static,
{
    let Title { text, token } = title;
    let stop = Stop::default();
    let number = works.begin(&stop, token.clone());
    let shown = token.map(|token| Shown { client: client.clone(), token });
    let guard = Guard { works: works.clone(), number, stop: stop.clone(), shown };
    if let Some(shown) = &guard.shown {
        let begin = WorkDoneProgressBegin {
            title: text,
            cancellable: Some(true),
            ..WorkDoneProgressBegin::default()
        };
        shown.send(WorkDoneProgress::Begin(begin)).await;
    }
    let (said, mut hears) = mpsc::unbounded_channel();
    let (answers, mut answer) = oneshot::channel();
    works.lock().threads += 1;
    let counted = Counted(works.clone());
    let work = move || {
        let _counted = counted;
        let last = Mutex::new(None::<Instant>);
        let tell = move |progress: Progress| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.is_none_or(|last| last.elapsed() >= PACE) {
                *last = Some(Instant::now());
                // Nobody hears it any more when nobody waits any more.
                let _ = said.send(progress);
            }
        };
        let control = Control::new(stop, Some(Box::new(tell)));
        let done = catch_unwind(AssertUnwindSafe(|| job(&control)));
        let _ = answers.send(done.ok());
    };
    let thread = std::thread::Builder::new().name("tule-work".to_owned()).spawn(work);
    thread.map_err(|error| internal(format!("no thread could be had: {error}")))?;
    loop {
        tokio::select! {
            biased;
            done = &mut answer => {
                let mut guard = guard;
                // In front of the answer: behind it the editor's token means nothing.
                if let Some(shown) = guard.shown.take() {
                    let end = WorkDoneProgressEnd { message: None };
                    shown.send(WorkDoneProgress::End(end)).await;
                }
                return done.ok().flatten().ok_or_else(|| internal("the call failed within"));
            }
            Some(progress) = hears.recv() => {
                if let Some(shown) = &guard.shown {
                    let Progress { message, percent } = progress;
                    shown.send(WorkDoneProgress::Report(WorkDoneProgressReport {
                        message: Some(message),
                        percentage: percent,
                        ..WorkDoneProgressReport::default()
                    })).await;
                }
            }
        }
    }
}

fn internal(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error { message: message.into(), ..Error::internal_error() }
}
