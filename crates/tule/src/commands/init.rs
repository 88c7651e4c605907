//! `tule init`: the first files of a project.
//!
//! Nothing that exists is ever overwritten. Deliberately absent: asking the portal what datasets
//! it has.

use std::path::{Path, PathBuf};

use clap::Args;
use url::Url;

use crate::atomic;
use crate::exit::{Exit, Outcome, Stop};
use crate::output::{Output, STRONG};
use crate::project::MANIFEST;
use crate::source::shown;

/// Begin a project: a `tule.toml` and an example query
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule init
  tule init open-data --portal https://data.cityofchicago.org

Files that exist are left alone.")]
pub(crate) struct Arguments {
    /// The folder; it is created if need be
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// The address of the portal
    #[arg(long, value_name = "URL", default_value = "https://data.stocktonca.gov")]
    portal: String,
}

/// What Stockton's portal has, for a project that names no other.
const STOCKTON: (&str, &str, &str) = ("data.stocktonca.gov", "police_calls", "esc4-8x43");

pub(crate) fn run(out: &mut Output, arguments: &Arguments) -> Outcome {
    let address = address(&arguments.portal)?;
    let folder = &arguments.folder;
    let manifest = folder.join(MANIFEST);
    let queries = folder.join("queries");
    let example = queries.join("example.tule");
    for path in [&manifest, &example] {
        // A link to nowhere exists too.
        if path.symlink_metadata().is_ok() {
            let message = format!("`{}` exists and is left as it is", shown(path));
            return Err(Stop::usage(message));
        }
    }
    std::fs::create_dir_all(&queries).map_err(|error| Stop::file("create", &queries, &error))?;
    let texts = texts(&address);
    atomic::create(&example, &texts.example)?;
    atomic::create(&manifest, &texts.manifest)?;
    next_steps(out, folder, &texts)?;
    Ok(Exit::Clean)
}

struct Texts {
    address: String,
    id: &'static str,
    manifest: String,
    example: String,
}

fn address(text: &str) -> Outcome<Url> {
    let with_scheme =
        if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let refuse = |why: &str| {
        Stop::usage(format!("`{text}` is no address of a portal: {why}"))
            .help("it looks like `https://data.stocktonca.gov`")
    };
    let mut url = Url::parse(&with_scheme).map_err(|error| refuse(&error.to_string()))?;
    if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
        return Err(refuse("it is not on the web"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("it holds a user name"));
    }
    url.set_query(None);
    url.set_fragment(None);
    url.set_path("");
    Ok(url)
}

/// A name for the portal, from the part of its host that tells most: `data.stocktonca.gov` is
/// `stocktonca`.
fn portal_name(host: &str) -> String {
    const USUAL: [&str; 6] = ["data", "opendata", "open", "www", "datahub", "internal"];
    let numeric = host.bytes().all(|byte| !byte.is_ascii_alphabetic());
    let labels: Vec<&str> = host.split('.').collect();
    let telling = labels
        .iter()
        .take(labels.len().saturating_sub(1).max(1))
        .find(|label| !USUAL.contains(label))
        .or(labels.first())
        .filter(|_| !numeric);
    let name: String = telling
        .map_or("portal", |label| label)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name
    } else {
        format!("portal_{name}")
    }
}

fn texts(url: &Url) -> Texts {
    let host = url.host_str().unwrap_or_default().to_owned();
    let address = url.as_str().trim_end_matches('/');
    let (known, dataset, id) = STOCKTON;
    let is_known = host == known;
    let portal = if is_known { "stockton".to_owned() } else { portal_name(&host) };
    let entry = if is_known {
        format!("{dataset} = \"{portal}/{id}\"")
    } else {
        // What the address of every dataset's page ends in.
        format!("# my_dataset = \"{portal}/abcd-1234\"")
    };
    let manifest = format!(
        "\
# The portals that queries read from.
[portals.{portal}]
url = \"{address}\"
kind = \"socrata\"

# Names for datasets: portal and identifier. The identifier is what the address of a dataset's
# page ends in.
[datasets]
{entry}

# How seriously lints are taken: allow, warn or error.
[lints]
"
    );
    let example = if is_known {
        format!(
            "\
-- Calls per beat since a date. A parameter is a typed value, never pasted text.
query calls_by_beat($since floating_timestamp default '2025-01-01') as
from {dataset}
select beat, count(*) as calls
where call_entry_date >= $since
group by beat
order by calls desc
limit 20;
"
        )
    } else {
        "\
-- Name a dataset under [datasets] in tule.toml, lock its schema, then write a query such as
--
--   from my_dataset
--   select *
--   limit 20;
"
        .to_owned()
    };
    let id = if is_known { id } else { "ID" };
    Texts { address: address.to_owned(), id, manifest, example }
}

fn next_steps(out: &mut Output, folder: &Path, texts: &Texts) -> Outcome<()> {
    let Texts { address, id, .. } = texts;
    let mut lines = vec![
        format!("curl -o {id}.json {address}/api/views/{id}.json"),
        format!("tule lock --from {id}.json"),
        "tule check".to_owned(),
    ];
    if folder != Path::new(".") {
        lines.insert(0, format!("cd {}", quoted(&shown(folder))));
    }
    out.print(&format!("created {MANIFEST} and queries/example.tule\n\n"))?;
    out.print(&format!("{}\n", out.paint.on(STRONG, "Next:")))?;
    for line in lines {
        out.foreign(&format!("  {line}\n"))?;
    }
    Ok(())
}

fn quoted(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use tule_core::schema::manifest;

    use super::*;

    #[test]
    fn what_is_written_is_understood() {
        for portal in [
            "https://data.stocktonca.gov",
            "data.cityofchicago.org",
            "http://127.0.0.1:8080",
            "https://data.3d.example",
            "https://localhost/",
            "https://data.gov",
        ] {
            let texts = texts(&address(portal).unwrap());
            manifest::parse(&texts.manifest)
                .unwrap_or_else(|errors| panic!("{portal}: {errors:?}"));
            for parsed in tule_syntax::parser::parse_file(&texts.example) {
                assert_eq!(parsed.errors, [], "{portal}");
            }
        }
        for refused in ["ftp://a.b", "https://user:secret@a.b", "https://", "::", "mailto:a@b"] {
            assert!(address(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_portal_is_named_after_what_tells_most() {
        assert_eq!(portal_name("data.cityofchicago.org"), "cityofchicago");
        assert_eq!(portal_name("opendata.my-town.gov"), "my_town");
        assert_eq!(portal_name("localhost"), "localhost");
        assert_eq!(portal_name("data.gov"), "data");
        assert_eq!(portal_name("127.0.0.1"), "portal");
    }
}
