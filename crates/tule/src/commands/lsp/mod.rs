//! `tule lsp`: the language server on standard input and output.

mod portals;
mod query;

use std::sync::Arc;

use clap::Args;

use crate::exit::{Exit, Outcome, Stop};
use portals::EditorPortals;

/// Serve an editor that speaks the language server protocol
///
/// Reads and writes the protocol on standard input and output until the editor ends it. Queries
/// are checked against the `tule.toml` and `tule.lock` of their folder. The network is used for
/// schemas that are not locked, unless the editor's settings say otherwise, and when a query is
/// run.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule lsp            what an editor starts; it speaks on standard input and output")]
pub(crate) struct Arguments {
    /// Speak on standard input and output, the only way there is; many editors pass it
    #[arg(long)]
    stdio: bool,
}

pub(crate) fn run(_: &Arguments) -> Outcome {
    // One thread: answers take less time than handing them around.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop::usage(format!("cannot start: {error}")))?;
    let portals = Arc::new(EditorPortals::default());
    // The client has a runtime of its own, which ends outside of this one.
    let kept = Arc::clone(&portals);
    runtime.block_on(async {
        tule_lsp::serve(tule_lsp::stdio::input(), tule_lsp::stdio::output(), portals).await;
    });
    // A blocked read of standard input must not hold the program.
    runtime.shutdown_background();
    drop(kept);
    Ok(Exit::Clean)
}
