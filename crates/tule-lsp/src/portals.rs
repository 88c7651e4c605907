//! What the server asks of the world beyond the editor: rows, schemas, catalogues, the lock.
//!
//! The program implements [`Portals`] and hands it in, so that this crate knows no HTTP client, no
//! engine and no folder of the user. Calls block, and the server makes each on a thread of its
//! own; a [`Control`] tells the call that nobody waits for it any more, and the server how far it
//! is. Deliberately absent: when something may be asked. The session decides.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tule_core::check::OutputColumn;
use tule_core::rows::Row;
use tule_core::schema::Dataset;
use tule_core::schema::lock::Lock;
use tule_core::schema::manifest::Manifest;
use tule_core::target::Target;
use tule_ide::document::World;
use tule_syntax::span::Span;

/// The way to portals, local ones included.
///
/// Calls may come at the same time from several threads.
pub trait Portals: Send + Sync + 'static {
    /// The request that a portal would be sent. Nothing is asked of it.
    ///
    /// # Errors
    ///
    /// What is wrong with the statement, or what the interface has no words for.
    fn compile(&self, query: &Query, target: Option<Target>) -> Result<Compiled, Fault>;

    /// Runs a statement and gives its rows.
    ///
    /// # Errors
    ///
    /// Why there are no rows, or not all of them.
    fn run(&self, query: &Query, extent: Extent, control: &Control) -> Result<Table, Fault>;

    /// Runs a statement to its end and writes the file, whole or not at all.
    ///
    /// # Errors
    ///
    /// As [`Portals::run`]; the file cannot be written, or its form is not known.
    fn export(
        &self,
        query: &Query,
        format: &str,
        path: &Path,
        control: &Control,
    ) -> Result<Exported, Fault>;

    /// The schemas of datasets, in the order given.
    fn schemas(
        &self,
        project: &Project,
        wanted: &[Place],
        control: &Control,
    ) -> Vec<Result<Dataset, Fault>>;

    /// Searches the catalogues of the project's portals, or of one.
    ///
    /// # Errors
    ///
    /// Why no catalogue answered.
    fn search(
        &self,
        project: &Project,
        search: &Search,
        control: &Control,
    ) -> Result<Vec<Dataset>, Fault>;

    /// Fetches schemas into the project's `tule.lock`: all that it needs, or some more. Gives the
    /// places of those that are not as they were.
    ///
    /// # Errors
    ///
    /// What could not be fetched or written; then the lock is as it was.
    fn lock(
        &self,
        project: &Project,
        only: Option<&[Place]>,
        control: &Control,
    ) -> Result<Vec<Place>, Fault>;

    /// A folder for documents that editors show and that may vanish.
    fn cache(&self) -> Option<PathBuf>;
}

/// A project as the session knows it.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The folder of its `tule.toml`; none outside of any project.
    pub root: Option<PathBuf>,
    /// What `tule.toml` says.
    pub manifest: Option<Arc<Manifest>>,
    /// The locked schemas, and those that were fetched for this session.
    pub lock: Arc<Lock>,
    /// What statements are checked against.
    pub world: World,
    /// Which hosts that the workspace names may be sent a token.
    pub trust: Trust,
}

/// Which hosts that a workspace names may be sent a token from the environment. What the user
/// keeps for a host outside of any workspace goes there in any case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trust {
    /// All of them.
    All,
    /// These, in lower case.
    Hosts(Vec<String>),
}

impl Default for Trust {
    fn default() -> Self {
        Self::Hosts(Vec::new())
    }
}

impl Trust {
    /// Whether a token may go to a host, with its port where that is not the usual one.
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        match self {
            Self::All => true,
            Self::Hosts(hosts) => hosts.iter().any(|known| known.eq_ignore_ascii_case(host)),
        }
    }
}

/// A statement to compile or to run.
#[derive(Clone, Debug)]
pub struct Query {
    /// The project of its document.
    pub project: Project,
    /// Its own text; spans of faults count from its beginning.
    pub text: Arc<str>,
    /// Values of its parameters: name without `$`, and text.
    pub parameters: Vec<(String, String)>,
}

/// How much of a result is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Most rows.
    pub rows: u64,
    /// Most bytes of them, so that an answer stays one that an editor can take.
    pub bytes: u64,
    /// Whether the rows are wanted as a text for people too.
    pub text: bool,
}

/// The request that a portal would be sent.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// A document as `tule compile --format json` prints it.
    pub document: serde_json::Value,
    /// The address.
    pub url: String,
    /// The same as a command for a shell.
    pub curl: String,
    /// What is to be said of it, a line each.
    pub warnings: Vec<String>,
}

/// Rows of a result.
#[derive(Clone, Debug)]
pub struct Table {
    /// The columns of every row.
    pub columns: Vec<OutputColumn>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Whether they are all.
    pub end: End,
    /// What else is to be said of them, a line each.
    pub notes: Vec<String>,
    /// About how many bytes they are.
    pub bytes: u64,
    /// The rows for people, if they were wanted so.
    pub text: Option<String>,
    /// The datasets that were read, the main one first.
    pub datasets: Vec<Arc<Dataset>>,
}

/// Whether rows are all that the query asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// They are.
    Whole,
    /// The query has no LIMIT, so that the portal stopped at this many although there are more.
    Cut(u64),
    /// There are more than were wanted.
    More,
}

/// A file that was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exported {
    /// Rows in it.
    pub rows: u64,
    /// Its length.
    pub bytes: u64,
    /// Whether they are all.
    pub end: End,
}

/// A dataset by its place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// The host, in lower case.
    pub host: String,
    /// The identifier on it.
    pub id: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.id)
    }
}

/// What to look for in catalogues.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Words; none lists everything.
    pub words: String,
    /// The only portal to ask: its name in the project, or a host.
    pub portal: Option<String>,
    /// Most hits of each portal.
    pub limit: usize,
}

/// Why something could not be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// A stable name in kebab-case.
    pub code: &'static str,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where in the statement, if it is about a place.
    pub span: Option<Span>,
}

impl Fault {
    /// The code of what nobody waited for any more.
    pub const CANCELLED: &'static str = "cancelled";
    /// The code of a portal or a network that does not answer as it should.
    pub const PORTAL: &'static str = "portal";
    /// The code of something outside the statement that has to be put right.
    pub const SETTINGS: &'static str = "settings";

    /// A fault without advice or a place.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, span: None }
    }

    /// Nobody waited any more.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(Self::CANCELLED, "broken off")
    }
}

/// How far a call is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// What is being done, in words.
    pub message: String,
    /// How much of it is done, in percent, where that is known.
    pub percent: Option<u32>,
}

type Action = Box<dyn Fn() + Send>;

/// Tells a call that nobody waits for it any more. Clones are the same.
#[derive(Clone, Default)]
pub struct Stop(Arc<Stopping>);

#[derive(Default)]
struct Stopping {
    is_set: AtomicBool,
    action: Mutex<Option<Action>>,
}

impl Stop {
    /// From now on.
    pub fn set(&self) {
        self.0.is_set.store(true, Ordering::SeqCst);
        if let Some(action) = &*self.0.action.lock().unwrap_or_else(PoisonError::into_inner) {
            action();
        }
    }

    /// Whether it was said.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.is_set.load(Ordering::SeqCst)
    }

    /// What is done when it is said, beside being noticed; at once if it was said before.
    pub fn on_set(&self, action: impl Fn() + Send + 'static) {
        *self.0.action.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(action));
        if self.is_set() {
            self.set();
        }
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stop({})", self.is_set())
    }
}

type Tell = Box<dyn Fn(Progress) + Send + Sync>;

/// The line between a call and whoever waits for it.
pub struct Control {
    stop: Stop,
    tell: Option<Tell>,
}

impl Control {
    /// A call that `stop` ends, and that `tell` hears of.
    pub(crate) fn new(stop: Stop, tell: Option<Tell>) -> Self {
        Self { stop, tell }
    }

    /// What ends the call.
    #[must_use]
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Says how far the call is. As often as the caller likes: who passes it on takes less.
    pub fn tell(&self, progress: Progress) {
        if let Some(tell) = &self.tell {
            tell(progress);
        }
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("stop", &self.stop).finish_non_exhaustive()
    }
}

/// No portal: whoever asks is refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPortals;

fn refused<T>() -> Result<T, Fault> {
    Err(Fault::new(Fault::PORTAL, "this server has no way to portals"))
}

impl Portals for NoPortals {
    fn compile(&self, _: &Query, _: Option<Target>) -> Result<Compiled, Fault> {
        refused()
    }

    fn run(&self, _: &Query, _: Extent, _: &Control) -> Result<Table, Fault> {
        refused()
    }

    fn export(&self, _: &Query, _: &str, _: &Path, _: &Control) -> Result<Exported, Fault> {
        refused()
    }

    fn schemas(&self, _: &Project, wanted: &[Place], _: &Control) -> Vec<Result<Dataset, Fault>> {
        wanted.iter().map(|_| refused()).collect()
    }

    fn search(&self, _: &Project, _: &Search, _: &Control) -> Result<Vec<Dataset>, Fault> {
        refused()
    }

    fn lock(&self, _: &Project, _: Option<&[Place]>, _: &Control) -> Result<Vec<Place>, Fault> {
        refused()
    }

    fn cache(&self) -> Option<PathBuf> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stopping_is_noticed_whenever_it_is_said() {
        let count = Arc::new(Mutex::new(0));
        let stop = Stop::default();
        let seen = Arc::clone(&count);
        stop.on_set(move || *seen.lock().unwrap() += 1);
        assert!(!stop.is_set());
        stop.clone().set();
        assert!(stop.is_set());
        let seen = Arc::clone(&count);
        stop.on_set(move || *seen.lock().unwrap() += 10);
        assert_eq!(*count.lock().unwrap(), 11);
    }

    #[test]
    fn trust_is_by_host_and_port() {
        let trust = Trust::Hosts(vec!["data.example.org".to_owned()]);
        assert!(trust.covers("Data.Example.org"));
        assert!(!trust.covers("data.example.org:8080") && !trust.covers("example.org"));
        assert!(Trust::All.covers("anything") && !Trust::default().covers("data.example.org"));
    }
}
