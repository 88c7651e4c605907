//! `tule login`: an app token for a host, kept where only the user can read it.
//!
//! The token is typed without being shown, or comes from standard input; never from the command
//! line, which other users and the shell's history can see.

use std::io::{self, IsTerminal as _, Read as _};

use clap::Args;
use tule_portal::{PortalAddress, Token};

use crate::args::Global;
use crate::exit::{Exit, Outcome, Stop};
use crate::output::Output;
use crate::portal::{credentials, kept};
use crate::source::shown;

/// Longest token that is read, in bytes.
const LONGEST: u64 = 4096;

/// Keep an app token for a portal
///
/// Portals answer without a token, but more often with one. It is asked for without being shown,
/// or read from standard input, and kept in a file that only the user can read. It is sent to this
/// host alone. An environment variable that `tule.toml` names comes first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule login data.stocktonca.gov
  pass show stockton-token | tule login data.stocktonca.gov
  tule login data.stocktonca.gov --forget")]
pub(crate) struct Arguments {
    /// The portal: a host, or a portal's name in `tule.toml`
    #[arg(value_name = "HOST")]
    host: String,
    /// Remove the token of this host
    #[arg(long)]
    forget: bool,
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let host = host(out, global, &arguments.host)?;
    let path = credentials().ok_or_else(|| Stop::usage("there is no folder for settings"))?;
    let mut tokens = kept()?;
    if arguments.forget {
        if !tokens.remove(&host) {
            return Err(Stop::usage(format!("no token is kept for `{host}`")));
        }
    } else {
        let text = ask(out, &host)?;
        let token = Token::new(&text).ok_or_else(|| {
            Stop::usage("that cannot be an app token").help(
                "an app token is one word of letters and digits, from the portal's profile page",
            )
        })?;
        tokens.insert(&host, token);
    }
    tokens.write(&path).map_err(|error| Stop::usage(error.to_string()))?;
    let what = if arguments.forget { "removed from" } else { "kept in" };
    out.tell(&format!("token for {host} {what} {}\n", shown(&path)))?;
    Ok(Exit::Clean)
}

/// The host that is meant, as requests to it name it.
fn host(out: &mut Output, global: &Global, name: &str) -> Outcome<String> {
    let project = super::project(out, global, &[])?;
    let manifest = project.manifest.as_ref();
    if let Some(portal) = manifest.and_then(|manifest| manifest.portal(name)) {
        return Ok(portal.host().to_owned());
    }
    let bare = name.strip_prefix("https://").unwrap_or(name).trim_end_matches('/');
    let portal = manifest
        .and_then(|manifest| manifest.portals.iter().find(|portal| portal.answers_to(bare)));
    if let Some(portal) = portal {
        return Ok(portal.host().to_owned());
    }
    let address = PortalAddress::of_host(bare).filter(|_| bare.contains(['.', ':']));
    let address = address.ok_or_else(|| {
        Stop::usage(format!("`{name}` is neither a host nor a portal of `tule.toml`"))
            .help("write the host alone, such as `data.example.gov`")
    })?;
    Ok(address.host())
}

fn ask(out: &mut Output, host: &str) -> Outcome<String> {
    let failed = |error: &io::Error| {
        Stop::usage(format!("cannot read the token: {}", crate::exit::reason(error)))
    };
    if io::stdin().is_terminal() {
        out.tell(&format!("app token for {host}: "))?;
        return rpassword::read_password().map_err(|error| failed(&error));
    }
    let mut text = String::new();
    io::stdin().lock().take(LONGEST).read_to_string(&mut text).map_err(|error| failed(&error))?;
    Ok(text)
}
