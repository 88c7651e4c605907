//! Commands: what lenses and menus run.
//!
//! Each gives its answer to whoever asked. With the setting `results` at `server`, what came of
//! it is shown as well: rows as a document, everything else as a message.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    ExecuteCommandParams, LSPAny, MessageType, Position, ProgressToken, ShowDocumentParams,
    TextDocumentIdentifier, Uri,
};
use tule_core::names::similar;
use tule_core::schema::manifest::PortalKind;
use tule_core::types::Type;
use tule_ide::cards::plain;

use super::Backend;
use super::own::{Ran, Wishes};
use crate::capabilities::COMMANDS;
use crate::faults::{failed, said};
use crate::portals::{self, Compiled, Fault};
use crate::settings::Results;
use crate::subject::{At, Subject, Values};
use crate::work::{Title, call};

/// What most commands take.
#[derive(Debug, Deserialize)]
struct Place {
    uri: Uri,
    position: Position,
}

/// What `tule.refresh` takes: the project of which document, and perhaps only one dataset.
#[derive(Debug, Deserialize)]
struct Wanted {
    uri: Option<Uri>,
    host: Option<String>,
    id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Host {
    host: String,
}

impl Backend {
    pub(super) async fn execute(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        let ExecuteCommandParams { command, arguments, work_done_progress_params } = params;
        let token = work_done_progress_params.work_done_token;
        let argument = arguments.into_iter().next();
        match command.as_str() {
            "tule.run" => self.run_command(place(argument)?, token).await,
            "tule.copyUrl" => self.copy(&place(argument)?, |compiled| compiled.url),
            "tule.copyCurl" => self.copy(&place(argument)?, |compiled| compiled.curl),
            "tule.plan" => self.plan(&place(argument)?),
            "tule.refresh" => self.refresh(read(argument, "{\"uri\": …}")?, token).await,
            "tule.reload" => {
                let roots = {
                    let mut session = self.session();
                    session.forget_schemas();
                    session.fetches.forget();
                    session.roots()
                };
                self.reload(&roots);
                Ok(None)
            }
            "tule.trust" => self.trust(&read(argument, "{\"host\": …}")?),
            other => {
                let near = similar(other, COMMANDS);
                let help = near.first().map_or(String::new(), |near| format!(": perhaps {near}"));
                Err(Error::invalid_params(format!("no command `{other}`{help}")))
            }
        }
    }

    /// Whether the server shows what came of a command.
    fn shows(&self) -> bool {
        self.session().settings.results == Results::Server
    }

    async fn run_command(&self, at: At, token: Option<ProgressToken>) -> Result<Option<LSPAny>> {
        let shows = self.shows();
        let token = match token {
            Some(token) => Some(token),
            None => self.progress_token().await,
        };
        let wishes = Wishes { text: shows, token, ..Wishes::default() };
        let ran = match self.run_at(&at, wishes).await {
            Ok(ran) => ran,
            Err(error) => {
                if shows {
                    self.say(MessageType::ERROR, vec![error.message.to_string()]);
                }
                return Err(error);
            }
        };
        if shows {
            self.show(&ran);
        }
        Ok(serde_json::to_value(ran).ok())
    }

    /// Shows rows as a document, or says how many there are.
    fn show(&self, ran: &Ran) {
        let rows = if ran.total == 1 { "row" } else { "rows" };
        let mut summary = format!("{} {rows}", ran.total);
        match (ran.end, ran.limit) {
            ("cut", Some(limit)) => {
                let _ = write!(
                    summary,
                    ", cut at {limit}: more exist, and `limit all` gives every row"
                );
            }
            ("more", _) => summary.push_str("; there are more than are shown"),
            _ => {}
        }
        let written = ran.text.as_ref().and_then(|text| self.results_file(text));
        let client = self.client.clone();
        let shows_documents = self.session().editor.shows_documents;
        tokio::spawn(async move {
            if let Some(uri) = written.filter(|_| shows_documents) {
                let params = ShowDocumentParams {
                    uri,
                    external: Some(false),
                    take_focus: Some(false),
                    selection: None,
                };
                let _ = client.show_document(params).await;
            }
            client.show_message(MessageType::INFO, summary).await;
        });
    }

    /// Writes rows for an editor to open; a few files in turn, so that none piles up.
    fn results_file(&self, text: &str) -> Option<Uri> {
        const KEPT: u64 = 8;
        let folder = self.portals.cache()?.join("results");
        let number = {
            let mut session = self.session();
            session.results += 1;
            session.results % KEPT
        };
        let path = folder.join(format!("rows-{}-{number}.txt", std::process::id()));
        std::fs::create_dir_all(&folder).ok()?;
        forget_old(&folder);
        std::fs::write(&path, text).ok()?;
        Uri::from_file_path(path)
    }

    fn copy(&self, at: &At, what: impl Fn(Compiled) -> String) -> Result<Option<LSPAny>> {
        let (_, compiled) = self.compile_at(at, Values::default(), None)?;
        let text = what(compiled);
        if self.shows() {
            self.say(MessageType::INFO, vec![text.clone()]);
        }
        Ok(Some(text.into()))
    }

    fn plan(&self, at: &At) -> Result<Option<LSPAny>> {
        let subject = Subject::find(&self.session(), at)?;
        let is_local = |kind| kind == PortalKind::Local;
        let text = if subject.datasets().iter().any(|dataset| is_local(dataset.kind)) {
            plan_of_folder(&subject)
        } else {
            let (subject, compiled) = self.compile_at(at, Values::default(), None)?;
            plan_of_request(&subject, &compiled)
        };
        if self.shows() {
            self.say(MessageType::INFO, vec![text.clone()]);
        }
        Ok(Some(text.into()))
    }

    async fn refresh(
        &self,
        argument: Wanted,
        token: Option<ProgressToken>,
    ) -> Result<Option<LSPAny>> {
        let only = match (argument.host, argument.id) {
            (Some(host), Some(id)) => Some(vec![portals::Place { host, id }]),
            (None, None) => None,
            _ => return Err(Error::invalid_params("`host` and `id` go together")),
        };
        let root = self.session().root_of(argument.uri.as_ref());
        let Some(folder) = root.clone() else {
            let message = "no `tule.toml` in the folder of the document or above it";
            return Err(failed(Fault::SETTINGS, message.to_owned(), None));
        };
        let token = match token {
            Some(token) => Some(token),
            None => self.progress_token().await,
        };
        let project = self.session().project(root.as_ref());
        let (works, portals) = (self.session().works.clone(), self.portals.clone());
        let title = Title { text: "fetching schemas".to_owned(), token };
        let answer = call(&self.client, &works, title, move |control| {
            portals.lock(&project, only.as_deref(), control)
        });
        let changed = answer.await?.map_err(|fault| {
            if fault.code == Fault::CANCELLED {
                return Error::request_cancelled();
            }
            failed(fault.code, said(&fault), None)
        })?;
        self.session().fetches.forget();
        self.reload(&[folder]);
        let changed: Vec<String> = changed.iter().map(ToString::to_string).collect();
        if self.shows() {
            let text = match changed.len() {
                0 => "the locked schemas are as they were".to_owned(),
                _ => format!("changed in `tule.lock`: {}", changed.join(", ")),
            };
            self.say(MessageType::INFO, vec![text]);
        }
        Ok(Some(json!({ "changed": changed })))
    }

    fn trust(&self, argument: &Host) -> Result<Option<LSPAny>> {
        let host = argument.host.trim().to_ascii_lowercase();
        if host.is_empty() || host.contains(['/', ' ', '@', '*']) {
            return Err(Error::invalid_params(format!("`{}` is no host", argument.host)));
        }
        {
            let mut session = self.session();
            if !session.trusted.contains(&host) {
                session.trusted.push(host);
            }
            session.fetches.forget();
        }
        self.fetch_all();
        Ok(None)
    }
}

/// Takes away what servers wrote that have long ended.
fn forget_old(folder: &Path) {
    const AGE: Duration = Duration::from_secs(24 * 3_600);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let written = entry.metadata().and_then(|facts| facts.modified());
        let age = written.ok().and_then(|written| written.elapsed().ok());
        if age.is_some_and(|age| age > AGE) {
            // That it stays does no harm.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn place(argument: Option<Value>) -> Result<At> {
    let Place { uri, position } = read(argument, "{\"uri\": …, \"position\": …}")?;
    Ok(At { text_document: TextDocumentIdentifier { uri }, position })
}

fn read<T: serde::de::DeserializeOwned>(argument: Option<Value>, form: &str) -> Result<T> {
    serde_json::from_value(argument.unwrap_or_else(|| json!({}))).map_err(|error| {
        Error::invalid_params(format!("the command takes one argument, {form}: {error}"))
    })
}

/// A text as Markdown code that cannot end early: its fence is longer than any in it.
fn code(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let gap = if longest > 0 { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

fn columns(subject: &Subject) -> String {
    let mut text = String::from("\nResult columns:\n\n");
    for column in subject.analysis.checked.typed.output.columns() {
        let ty = column.ty.map_or("of unknown type", Type::name);
        let _ = writeln!(text, "- {} {ty}", code(&column.name));
    }
    text
}

fn plan_of_folder(subject: &Subject) -> String {
    let mut text = String::from("Computed by the embedded engine; no network is used.\n\n");
    for dataset in subject.datasets() {
        let _ = writeln!(
            text,
            "- reads {} of the local portal {}",
            code(&dataset.id),
            code(&dataset.host)
        );
    }
    text + &columns(subject)
}

/// What will be asked, in words.
fn plan_of_request(subject: &Subject, compiled: &Compiled) -> String {
    let of = |place: &str| compiled.document.pointer(&format!("/requests/0/{place}"));
    let word = |place: &str| of(place).and_then(Value::as_str).unwrap_or_default();
    let mut text = format!("Asks by {} with {}.\n\n", code(word("target")), code(word("method")));
    for dataset in subject.datasets() {
        let title = plain(&dataset.title);
        let place = code(&format!("{}/{}", dataset.host, dataset.id));
        let _ = writeln!(text, "- reads {title} ({place})");
    }
    for pair in of("params").and_then(Value::as_array).into_iter().flatten() {
        let part = |at: usize| pair.get(at).and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(text, "- {} = {}", code(part(0)), code(part(1)));
    }
    if let Some(query) = of("body/query").and_then(Value::as_str) {
        let _ = writeln!(text, "- query: {}", code(query));
    }
    let size = of("paging/page_size").and_then(Value::as_u64);
    let paging = match (of("paging/strategy").and_then(Value::as_str), size) {
        (Some("default-limit"), Some(size)) => {
            format!("- one request; without a LIMIT the portal gives {size} rows at most")
        }
        (Some("single"), _) => "- one request".to_owned(),
        (Some(_), Some(size)) => format!("- pages of {size} rows until the end"),
        _ => "- until the end".to_owned(),
    };
    let _ = writeln!(text, "{paging}");
    for warning in &compiled.warnings {
        let _ = writeln!(text, "- note: {}", plain(warning));
    }
    text + &columns(subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_cannot_end_early() {
        assert_eq!(code("a b"), "`a b`");
        assert_eq!(code("`a` = ``"), "``` `a` = `` ```");
    }
}
