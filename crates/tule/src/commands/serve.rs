//! `tule serve`: a local portal for programs that speak to Socrata.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;
use tule_core::names::{alternatives, similar};
use tule_local::LocalPortal;
use tule_local::serve::{Fault, Rate, ServeOptions, serve};

use crate::args::Global;
use crate::exit::{Exit, Outcome, Stop};
use crate::local::{LocalPortals, open_folder};
use crate::output::{Output, WARNING};
use crate::project::{MANIFEST, Project};
use crate::render::summary::count;
use crate::source::shown;

/// Serve a local portal over HTTP, as Socrata would
///
/// Programs made for Socrata's API (2.1 and 3, metadata, catalogue) work against it, over http
/// instead of https. It ends with Ctrl-C, after the requests that it is answering.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule serve                          the project's local portal
  tule serve data --port 0            a folder, on any port that is free
  tule serve --token secret --token-required --rate-limit 1000/h
  tule serve --fault 429:every=3,retry-after=1 --fault slow:bytes=64,ms=100

Faults: a status (`500:first=2`), `slow`, `truncate:bytes=N`, `reset:bytes=N`, `endless`, `html`,
`redirect:to=URL`; with `first=N`, `every=N`, `after=N` (numbers of requests) and `path=/PREFIX`.")]
pub(crate) struct Arguments {
    /// A folder of files, or a local portal of `tule.toml` [default: its only local portal]
    #[arg(value_name = "FOLDER|PORTAL")]
    portal: Option<PathBuf>,
    /// The port; 0 takes one that is free
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// The address to listen on; at the default, this machine alone can connect
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// An app token that is known; requests with another are refused. May be repeated
    #[arg(long = "token", value_name = "TOKEN")]
    tokens: Vec<String>,
    /// Refuse requests without a token
    #[arg(long)]
    token_required: bool,
    /// Requests allowed to each token or address: `10/s`, `600/m`, `1000/h`
    #[arg(long, value_name = "RATE")]
    rate_limit: Option<Rate>,
    /// Something that goes wrong on purpose; may be repeated
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Fault>,
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let portal = portal(out, global, arguments.portal.as_deref())?;
    if !arguments.host.is_loopback() {
        let text = format!("`{}` is open to other machines", arguments.host);
        out.tell_line(WARNING, "warning", &text)?;
    }
    let options = ServeOptions {
        host: arguments.host,
        port: arguments.port,
        tokens: arguments.tokens.clone(),
        token_required: arguments.token_required,
        rate: arguments.rate_limit,
        faults: arguments.faults.clone(),
    };
    let name = portal.name().to_owned();
    let datasets = count(portal.datasets().len(), "dataset", "datasets");
    // Whoever started the program may wait for this line, and may not read on.
    let mut told = Ok(());
    let ready = |address: SocketAddr| {
        told = out
            .print(&format!("serving {datasets} of `{name}` at http://{address}/\n"))
            .and_then(|()| out.finish());
    };
    serve(portal, options, ready).map_err(|error| {
        let place = SocketAddr::new(arguments.host, arguments.port);
        let reason = crate::exit::reason(&error);
        Stop::usage(format!("cannot serve at `{place}`: {reason}"))
            .help("`--port 0` takes a port that is free")
    })?;
    told?;
    Ok(Exit::Clean)
}

fn portal(out: &mut Output, global: &Global, wanted: Option<&Path>) -> Outcome<LocalPortal> {
    if let Some(folder) = wanted.filter(|path| path.is_dir()) {
        let name = std::path::absolute(folder).ok();
        let name = name.as_ref().and_then(|path| path.file_name()).and_then(|name| name.to_str());
        return open_folder(out, folder, name.unwrap_or("local"));
    }
    let project = super::project(out, global, &[])?;
    let portals = LocalPortals::open(out, &project)?;
    let Some(wanted) = wanted else {
        let mut all = portals.iter();
        return match (all.next(), all.next()) {
            (Some(only), None) => Ok(only.clone()),
            (None, _) => Err(none(&project)),
            _ => Err(Stop::usage(format!("`{MANIFEST}` has several local portals"))
                .help(format!("name one: {}", alternatives(&names(&portals))))),
        };
    };
    let name = shown(wanted);
    let found = portals.iter().find(|portal| portal.name().eq_ignore_ascii_case(&name));
    found.cloned().ok_or_else(|| {
        let stop = Stop::usage(format!("`{name}` is neither a folder nor a local portal"));
        match similar(&name, names(&portals)).as_slice() {
            [] => stop,
            near => stop.help(format!("perhaps {} was meant", alternatives(near))),
        }
    })
}

fn names(portals: &LocalPortals) -> Vec<&str> {
    portals.iter().map(LocalPortal::name).collect()
}

fn none(project: &Project) -> Stop {
    let message = match project.root {
        Some(_) => format!("`{MANIFEST}` has no portal of the kind `local`"),
        None => format!("no `{MANIFEST}` here or in a folder above"),
    };
    Stop::usage(message).help("`tule serve FOLDER` serves a folder of files")
}
