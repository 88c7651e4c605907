//! One statement, from its text to its rows.
//!
//! Schemas that are not known are fetched, parameters without a value are asked for, and what a
//! portal says against the query is shown at the user's own text.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use tule_core::check::{Valid, text_reads_as};
use tule_core::diagnostics::Diagnostic;
use tule_core::plan::Plan;
use tule_core::rows::Row;
use tule_core::schema::Dataset;
use tule_core::types::Type;
use tule_portal::PortalAddress;

use super::footer::Footer;
use super::page::Paged;
use super::session::Session;
use super::settings::{Destination, KEPT, Kept};
use crate::analysis::{Unit, analyse};
use crate::asked::clock;
use crate::atomic::Replacement;
use crate::commands::run::{by_ending, is_about_limit, refused, show};
use crate::execute::{Started, datasets, reachable, uses_network};
use crate::exit::{Exit, Outcome, Stop};
use crate::interrupt::Interrupt;
use crate::output::{Output, Paint};
use crate::portal;
use crate::progress::Progress;
use crate::rows::source::{Fault, Source};
use crate::rows::{Format, Look, Printed, copy};
use crate::source::SourceFile;

impl Session<'_> {
    /// Runs a statement; `text` is what the user wrote of it, without what was put in front so
    /// that its lines are those of its file.
    pub(crate) fn statement(&mut self, file: &SourceFile, text: &str) -> Outcome {
        self.last = Some(text.to_owned());
        self.learn(file)?;
        for unit in analyse(file, self.place.world()) {
            if !unit.is_query() && unit.diagnostics.is_empty() {
                continue;
            }
            let exit = self.unit(file, &unit, text)?;
            if exit != Exit::Clean {
                return Ok(exit);
            }
        }
        Ok(Exit::Clean)
    }

    fn unit(&mut self, file: &SourceFile, unit: &Unit<'_>, text: &str) -> Outcome {
        let mut found: Vec<Diagnostic> =
            unit.diagnostics.iter().filter(|found| !is_about_limit(found)).cloned().collect();
        let is_wrong = found.iter().any(Diagnostic::is_error);
        let Some(valid) = unit.valid().filter(|_| !is_wrong) else {
            show(self.out, file, &found)?;
            return Ok(Exit::Findings);
        };
        let Some(parameters) = self.parameters(valid)? else { return Ok(Exit::Cancelled) };
        let plan = reachable(valid, self.place.wishes.local)
            .and_then(|()| Plan::new(valid, &parameters, clock()));
        let plan = match plan {
            Ok(plan) => Some(plan),
            Err(faults) => {
                found.extend(faults.into_iter().map(|fault| fault.shift(unit.base())));
                None
            }
        };
        show(self.out, file, &found)?;
        match plan {
            Some(plan) => self.rows(file, unit, &plan, text),
            None => Ok(Exit::Findings),
        }
    }

    /// Fetches schemas that the statement needs and nobody has.
    pub(crate) fn learn(&mut self, file: &SourceFile) -> Outcome<()> {
        let mut wanted: BTreeSet<(Option<String>, String)> = BTreeSet::new();
        for unit in analyse(file, self.place.world()) {
            let missing = &unit.checked().missing;
            wanted.extend(missing.iter().map(|found| (found.host.clone(), found.id.clone())));
        }
        let mut asked: Vec<(PortalAddress, String)> = Vec::new();
        for (host, id) in wanted {
            let address = match &host {
                Some(host) => portal::address(&self.place.catalog, host),
                None => match self.place.addresses().as_slice() {
                    [only] => Some(only.clone()),
                    _ => None,
                },
            };
            asked.extend(address.map(|address| (address, id)));
        }
        if asked.is_empty() {
            return Ok(());
        }
        let found = self.fetch(&asked)?;
        self.place.add(found);
        self.renew();
        Ok(())
    }

    /// The schemas of these datasets. One that cannot be had is told, and is missing to the query.
    pub(crate) fn fetch(&mut self, asked: &[(PortalAddress, String)]) -> Outcome<Vec<Dataset>> {
        let portals = self.place.remote()?;
        let cancel = Arc::new(tokio::sync::Notify::new());
        let stop = Arc::clone(&cancel);
        self.interrupt.set(move || stop.notify_one());
        let answers = portals.runtime.wait(async {
            tokio::select! {
                biased;
                () = cancel.notified() => None,
                answers = portals.client.schemas(asked) => Some(answers),
            }
        });
        self.interrupt.clear();
        let mut found = Vec::new();
        for answer in answers.into_iter().flatten() {
            match answer {
                Ok(metadata) => found.push(metadata.dataset.clone()),
                Err(error) => portal::tell(self.out, &error)?,
            }
        }
        Ok(found)
    }

    /// Values for the parameters of a query. Those that are set and not declared are for others.
    fn parameters(&mut self, valid: Valid<'_>) -> Outcome<Option<Vec<(String, String)>>> {
        let mut values = Vec::new();
        for parameter in &valid.typed().parameters {
            let name = parameter.name.to_string();
            if let Some(value) = self.settings.parameters.get(&*name) {
                values.push((name, value.clone()));
            } else if parameter.default.is_none() && self.is_interactive() {
                let Some(value) = self.ask_for(&name, parameter.ty)? else { return Ok(None) };
                values.push((name.clone(), value.clone()));
                self.settings.parameters.insert(name, value);
            }
        }
        Ok(Some(values))
    }

    /// Asks until the value reads as one of the type, or nothing is given.
    fn ask_for(&mut self, name: &str, ty: Option<Type>) -> Outcome<Option<String>> {
        let type_name = ty.map_or("text", Type::name);
        loop {
            let Some(text) = self.ask(&format!("${name} ({type_name})"))? else {
                return Ok(None);
            };
            let text = text.trim().to_owned();
            if ty.is_none_or(|ty| text_reads_as(&text, ty)) {
                return Ok(Some(text));
            }
            let stop = Stop::usage(format!("`{text}` does not read as {type_name}"));
            self.tell(stop)?;
        }
    }

    /// Asks for a line. Nothing where it is left with Ctrl-C or Ctrl-D.
    pub(crate) fn ask(&mut self, question: &str) -> Outcome<Option<String>> {
        self.out.finish()?;
        super::editor::ask(question)
    }

    fn rows(&mut self, file: &SourceFile, unit: &Unit<'_>, plan: &Plan<'_>, text: &str) -> Outcome {
        let begun = Instant::now();
        let destination = self.settings.once.take().or_else(|| self.settings.output.clone());
        let look = self.look(destination.as_ref())?;
        let is_remote = uses_network(plan.valid);
        let engines = self.place.engines(is_remote)?;
        let named: Vec<Arc<Dataset>> = datasets(plan.valid)
            .into_iter()
            .map(|(_, dataset)| Arc::new(dataset.clone()))
            .collect();
        let started = match engines.start(plan) {
            Ok(started) => started,
            Err(fault) => return refused(self.out, file, unit, fault),
        };
        let Started { mut source, cancel } = started;
        self.interrupt.set(move || cancel.cancel());
        let progress = Progress::new();
        let pages = self.live.is_some();
        let mut kept = Vec::new();
        let printed = {
            let sink = Sink { out: self.out, progress: &progress, pages };
            let run = Run { interrupt: &self.interrupt, look, sink };
            run.print(&mut *source, destination.as_ref(), &mut kept)
        };
        progress.clear();
        self.interrupt.clear();
        let (printed, is_left) = match printed? {
            Ok(done) => done,
            Err(fault) => return refused(self.out, file, unit, fault),
        };
        let footer = Footer {
            rows: printed.rows,
            traffic: source.traffic(),
            bytes: printed.bytes,
            took: self.settings.timing.then(|| begun.elapsed()),
            completeness: source.completeness(),
            as_of: source.as_of(),
            datasets: &named,
            destination: destination.as_ref(),
            is_left,
        };
        footer.tell(self.out, &source.notes())?;
        self.kept = Some(Kept {
            text: text.to_owned(),
            columns: source.columns().to_vec(),
            rows: kept,
            total: printed.rows,
            completeness: source.completeness(),
            as_of: source.as_of(),
            datasets: named,
        });
        Ok(Exit::Clean)
    }

    /// How rows look where they go.
    pub(crate) fn look(&self, destination: Option<&Destination>) -> Outcome<Look<'static>> {
        let width = self.out.width().filter(|_| destination.is_none());
        let format = match (self.settings.mode, destination) {
            (_, Some(Destination::File(path))) if path.extension().is_some() => {
                Some(by_ending(path).or_else(|stop| self.settings.mode.ok_or(stop))?)
            }
            (Some(format), _) => Some(format),
            (None, None) if width.is_some() => None,
            (None, _) => Some(Format::Csv),
        };
        let paint = if destination.is_some() { Paint(false) } else { self.out.paint };
        Ok(Look { format, width, is_terminal: width.is_some(), paint, geometry: None })
    }

    /// Prints the rows that are kept once more.
    pub(crate) fn print_kept(&mut self) -> Outcome {
        let destination = self.settings.once.take().or_else(|| self.settings.output.clone());
        let look = self.look(destination.as_ref())?;
        let Some(kept) = &self.kept else { return Ok(Exit::Usage) };
        let mut source = Again { kept, at: 0 };
        let progress = Progress::new();
        let sink = Sink { out: self.out, progress: &progress, pages: self.live.is_some() };
        let run = Run { interrupt: &self.interrupt, look, sink };
        let printed = run.print(&mut source, destination.as_ref(), &mut Vec::new());
        progress.clear();
        let Ok((printed, is_left)) = printed? else { return Ok(Exit::Cancelled) };
        let footer = Footer {
            rows: printed.rows,
            traffic: None,
            bytes: printed.bytes,
            took: None,
            completeness: kept.completeness,
            as_of: kept.as_of.clone(),
            datasets: &kept.datasets,
            destination: destination.as_ref(),
            is_left,
        };
        let mut notes = vec!["kept from the last query, not asked for again".to_owned()];
        if kept.total > printed.rows {
            notes.push(format!("the first {} rows of {}", kept.rows.len(), kept.total));
        }
        footer.tell(self.out, &notes)?;
        Ok(Exit::Clean)
    }
}

/// Where the screen is.
struct Sink<'s> {
    out: &'s mut Output,
    progress: &'s Progress,
    pages: bool,
}

/// A result on its way to where it goes.
struct Run<'r> {
    interrupt: &'r Interrupt,
    look: Look<'r>,
    sink: Sink<'r>,
}

/// What was printed, and whether its reader left before the end.
type Done = Result<(Printed, bool), Fault>;

impl Run<'_> {
    fn print(
        self,
        source: &mut dyn Source,
        destination: Option<&Destination>,
        kept: &mut Vec<Row>,
    ) -> Outcome<Done> {
        let Self { interrupt, look, sink } = self;
        let before = || !interrupt.is_set();
        let progress = sink.progress;
        let mut seen = Printed::default();
        let each = |row: Row, so_far: Printed| {
            if kept.len() < KEPT {
                kept.push(row);
            }
            seen = so_far;
            progress.show(so_far);
        };
        match destination {
            None => {
                let mut paged = Paged::new(sink.out, progress, sink.pages);
                let result = copy(source, look, &mut paged, before, each);
                let is_left = paged.finish()?;
                match result {
                    // Whoever leaves the pager has seen enough.
                    Err(Stop::Output(_)) if is_left => Ok(Ok((seen, true))),
                    result => Ok(result?.map(|printed| (printed, false))),
                }
            }
            Some(Destination::File(path)) => {
                let failed = |error: &io::Error| Stop::file("write", path, error);
                let mut file = Replacement::begin(path).map_err(|error| failed(&error))?;
                let result =
                    copy(source, look, &mut file, before, each).map_err(|stop| match stop {
                        Stop::Output(error) => failed(&error),
                        other => other,
                    })?;
                if result.is_ok() {
                    file.keep().map_err(|error| failed(&error))?;
                }
                Ok(result.map(|printed| (printed, false)))
            }
            Some(Destination::Command(command)) => {
                sink.out.finish()?;
                let mut child = shell(command)?;
                let mut pipe = child.stdin.take().ok_or_else(|| Stop::usage("no pipe"))?;
                let result = copy(source, look, &mut pipe, before, each);
                let flushed = pipe.flush();
                drop(pipe);
                let status = child.wait()?;
                if !status.success() && result.is_ok() && flushed.is_ok() {
                    return Err(Stop::usage(format!("`{command}` failed: {status}")));
                }
                match result {
                    Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                        Ok(Ok((seen, true)))
                    }
                    result => Ok(result?.map(|printed| (printed, false))),
                }
            }
        }
    }
}

/// Starts a command of the user's shell that reads rows.
fn shell(command: &str) -> Outcome<Child> {
    let (program, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let child = Command::new(program).arg(flag).arg(command).stdin(Stdio::piped()).spawn();
    child.map_err(|error| Stop::file("start", Path::new(program), &error))
}

/// Rows that are kept, as a source of rows.
struct Again<'k> {
    kept: &'k Kept,
    at: usize,
}

impl Source for Again<'_> {
    fn columns(&self) -> &[tule_core::check::OutputColumn] {
        &self.kept.columns
    }

    fn next_row(&mut self) -> Result<Option<Row>, Fault> {
        self.at += 1;
        Ok(self.kept.rows.get(self.at - 1).cloned())
    }

    fn completeness(&self) -> crate::rows::source::Completeness {
        self.kept.completeness
    }
}
