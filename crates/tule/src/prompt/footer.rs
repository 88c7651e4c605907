//! What stands below a result: how much it is, whether there is more, and whose data it is.

use std::sync::Arc;
use std::time::Duration;

use indicatif::{HumanBytes, HumanCount};
use tule_core::schema::Dataset;
use tule_core::schema::manifest::PortalKind;

use super::settings::Destination;
use crate::escape::one_line;
use crate::exit::Outcome;
use crate::output::{FAINT, INFO, Output, WARNING};
use crate::rows::source::{Completeness, Traffic};

/// The facts of a result.
pub(crate) struct Footer<'f> {
    pub(crate) rows: u64,
    pub(crate) traffic: Option<Traffic>,
    /// Bytes that were printed.
    pub(crate) bytes: u64,
    /// `None` where nobody wants to know.
    pub(crate) took: Option<Duration>,
    pub(crate) completeness: Completeness,
    pub(crate) as_of: Option<String>,
    pub(crate) datasets: &'f [Arc<Dataset>],
    pub(crate) destination: Option<&'f Destination>,
    /// Whether the reader left before the last row.
    pub(crate) is_left: bool,
}

impl Footer<'_> {
    /// Says it, behind the rows.
    pub(crate) fn tell(&self, out: &mut Output, notes: &[String]) -> Outcome<()> {
        let line = out.paint_error.on(FAINT, &self.line());
        out.tell(&format!("{line}\n"))?;
        if let Completeness::CutAt(limit) = self.completeness {
            let text = format!(
                "cut at {} rows, and more exist: the query has no LIMIT; `.all` fetches every row",
                HumanCount(limit)
            );
            out.tell_line(WARNING, "warning", &text)?;
        }
        for note in notes {
            out.tell_line(INFO, "note", note)?;
        }
        Ok(())
    }

    /// The facts in one line, foreign ones made harmless.
    fn line(&self) -> String {
        let mut size = vec![format!("{} {}", HumanCount(self.rows), plural(self.rows, "row"))];
        if self.is_left {
            size.push("left before the end".to_owned());
        }
        if let Some(traffic) = self.traffic {
            size.push(format!("{} {}", HumanCount(traffic.pages), plural(traffic.pages, "page")));
        }
        let bytes = self.traffic.map_or(self.bytes, |traffic| traffic.bytes);
        if bytes > 0 {
            size.push(HumanBytes(bytes).to_string());
        }
        if let Some(took) = self.took {
            size.push(format!("{:.2} s", took.as_secs_f64()));
        }
        let mut parts = vec![size.join(", ")];
        match self.destination {
            Some(Destination::File(path)) => {
                parts.push(format!("in {}", one_line(&path.to_string_lossy())));
            }
            Some(Destination::Command(command)) => parts.push(format!("to {}", one_line(command))),
            None => {}
        }
        parts.extend(self.datasets.first().map(|dataset| origin(dataset)));
        parts.extend(self.date());
        let licence = self.datasets.first().map(|dataset| &dataset.card.licence);
        parts.extend(licence.filter(|text| !text.is_empty()).map(|text| one_line(text)));
        parts.join(" · ")
    }

    /// As of when the data is, from the answer or else from the schema.
    fn date(&self) -> Option<String> {
        let known = self.datasets.first().map(|dataset| dataset.card.updated.as_str());
        let date = self.as_of.as_deref().or(known).filter(|date| !date.is_empty())?;
        Some(format!("as of {}", one_line(date)))
    }
}

fn origin(dataset: &Dataset) -> String {
    let place = one_line(&dataset.host);
    match dataset.kind {
        PortalKind::Local => format!("files of {place}"),
        _ => format!("live from {place}"),
    }
}

fn plural(count: u64, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footer_says_what_is_known_and_foreign_text_is_harmless() {
        let mut dataset = Dataset::new("a.gov", "abcd-1234", "Calls", Vec::new());
        dataset.card.licence = "CC\x1b[31m BY".to_owned();
        dataset.card.updated = "2026-08-01".to_owned();
        let footer = Footer {
            rows: 2_001,
            traffic: Some(Traffic { pages: 3, bytes: 2048 }),
            bytes: 5,
            took: Some(Duration::from_millis(1_250)),
            completeness: Completeness::Whole,
            as_of: None,
            datasets: &[Arc::new(dataset)],
            destination: None,
            is_left: false,
        };
        assert_eq!(
            footer.line(),
            "2,001 rows, 3 pages, 2.00 KiB, 1.25 s · live from a.gov · as of 2026-08-01 · CC␛[31m BY"
        );
    }
}
