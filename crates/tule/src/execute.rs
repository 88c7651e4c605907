//! One place that starts a query's rows, wherever its datasets are.
//!
//! The command line, the prompt and the language server hand a plan in and get rows out; whether
//! the embedded engine computes them or a portal sends them is decided here and nowhere else.
//! Deliberately absent: what is done with rows, and what is said of them.

use std::sync::Arc;

use tule_core::check::{Relation, Valid};
use tule_core::diagnostics::{Code, Diagnostic};
use tule_core::lower::{Request, lower};
use tule_core::plan::Plan;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::PortalKind;
use tule_core::target::Target;
use tule_syntax::span::Span;

use crate::local::LocalPortals;
use crate::portal::Portals;
use crate::remote::RemoteRows;
use crate::rows::source::{Fault, Source};

/// The portals of a project, for queries that were checked against its catalog.
#[derive(Clone, Copy)]
pub(crate) struct Engines<'e> {
    pub(crate) local: &'e LocalPortals,
    /// The way to portals of the network; absent where no query needs it.
    pub(crate) remote: Option<&'e Portals>,
    pub(crate) catalog: &'e Catalog,
}

/// The rows of a query that has begun.
pub(crate) struct Started<'e> {
    pub(crate) source: Box<dyn Source + 'e>,
    /// What breaks it off.
    pub(crate) cancel: Canceller,
}

/// Breaks a query off, from any thread and more than once; waiting for a portal included.
#[derive(Clone)]
pub(crate) struct Canceller(Arc<dyn Fn() + Send + Sync>);

impl Canceller {
    fn new(action: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(action))
    }

    /// The rows end with [`Fault::Cancelled`] as soon as can be.
    pub(crate) fn cancel(&self) {
        (self.0)();
    }
}

impl<'e> Engines<'e> {
    /// Begins to run a query that [`reachable`] lets pass. Nothing is asked of a portal of the
    /// network before the first row is wanted.
    ///
    /// # Errors
    ///
    /// Why it cannot begin: the portal's interface has no words for it, or a file is not there.
    pub(crate) fn start(self, plan: &Plan<'_>) -> Result<Started<'e>, Fault> {
        let named = datasets(plan.valid);
        let remote = self.remote.filter(|_| is_remote(&named));
        if let Some(remote) = remote {
            let request = self.request(plan, customary(&named, self.catalog))?;
            let source = RemoteRows::new(remote, request);
            let cancel = source.cancel();
            let cancel = Canceller::new(move || cancel.notify_one());
            return Ok(Started { source: Box::new(source), cancel });
        }
        let none = Dataset::default();
        let main = named.first().map_or(&none, |(_, dataset)| *dataset);
        let source = self.local.run(plan, main)?;
        let cancel = source.cancel();
        let cancel = Canceller::new(move || cancel.cancel());
        Ok(Started { source: Box::new(source), cancel })
    }

    /// What is sent for a plan.
    fn request(self, plan: &Plan<'_>, target: Target) -> Result<Request, Fault> {
        let refused = |found: Option<Diagnostic>| Fault::Query {
            code: Code::NotOnThisPortal.name(),
            message: found.as_ref().map_or_else(String::new, |found| found.message.clone()),
            span: found.map(|found| found.span),
        };
        let lowered = lower(plan, target, self.catalog)
            .map_err(|refusals| refused(refusals.into_iter().next()))?;
        lowered.requests.into_iter().next().ok_or_else(|| refused(None))
    }
}

/// Refuses what cannot be reached: portals of other kinds, and several kinds in one query. With
/// `instead`, everything is to come from local portals.
pub(crate) fn reachable(valid: Valid<'_>, instead: bool) -> Result<(), Vec<Diagnostic>> {
    let named = datasets(valid);
    let first = named.first().map_or(PortalKind::Local, |(_, dataset)| dataset.kind);
    let fits = |kind| match kind {
        PortalKind::Local => kind == first,
        PortalKind::Socrata => kind == first && !instead,
        _ => false,
    };
    let Some((span, dataset)) = named.into_iter().find(|(_, dataset)| !fits(dataset.kind)) else {
        return Ok(());
    };
    let place = format!("`{}/{}`", dataset.host, dataset.id);
    let message = format!("{place} is on a portal of the kind `{}`", dataset.kind);
    let found = Diagnostic::new(Code::NotOnThisPortal, span, message);
    let found = if instead {
        found.help(format!("no local portal of the project has `{}`", dataset.id))
    } else if fits(first) {
        found
            .note(format!("the query begins on a portal of the kind `{first}`"))
            .help("`--local` reads everything from local portals that have it")
    } else {
        found.note("queries run on portals of the kinds `local` and `socrata`")
    };
    Err(vec![found])
}

/// Whether running a query uses the network.
pub(crate) fn uses_network(valid: Valid<'_>) -> bool {
    is_remote(&datasets(valid))
}

fn is_remote(named: &[(Span, &Dataset)]) -> bool {
    named.first().is_some_and(|(_, dataset)| dataset.kind != PortalKind::Local)
}

/// The interface that the portal's table in `tule.toml` names, else the usual one.
pub(crate) fn customary(datasets: &[(Span, &Dataset)], catalog: &Catalog) -> Target {
    let portal = datasets.first().and_then(|(_, dataset)| catalog.portal_for(dataset));
    portal.and_then(|portal| portal.api).unwrap_or_default()
}

/// The datasets of a statement and where they are named; one that is not named stands for the
/// whole statement.
pub(crate) fn datasets(valid: Valid<'_>) -> Vec<(Span, &Dataset)> {
    let typed = valid.typed();
    let mut named: Vec<_> =
        typed.datasets.iter().map(|(span, dataset)| (*span, &**dataset)).collect();
    named.sort_by_key(|(span, _)| *span);
    let whole = valid.statement().query.as_ref().map_or(Span::default(), |query| query.span);
    let tables = typed.selects.iter().flat_map(|select| &select.tables);
    let unnamed = tables.filter_map(|table| match &table.relation {
        Relation::Dataset(dataset) => Some((whole, &**dataset)),
        _ => None,
    });
    named.extend(unnamed);
    named
}
