//! A dataset as people read it, and as a JSON document in the form of `docs/schema.schema.json`.

use std::fmt::Write as _;

use serde::Serialize;
use tule_core::names::fold;
use tule_core::print::grouped;
use tule_core::schema::manifest::PortalKind;
use tule_core::schema::{Column, Dataset};
use tule_core::types::Type;
use unicode_width::UnicodeWidthStr as _;
use url::Url;

use super::table::{table, wrap};
use crate::escape::{inert, one_line};
use crate::output::{FAINT, Paint, STRONG};

/// How many known values are listed for people.
const VALUES: usize = 12;
/// Room for labels and descriptions beside names and types, below which they stand underneath.
const ROOM: usize = 20;
/// Widest text that is comfortable to read.
const READABLE: u16 = 100;

/// What `tule schema --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Document<'d> {
    version: u32,
    names: &'d [String],
    host: &'d str,
    id: &'d str,
    title: &'d str,
    description: Option<&'d str>,
    rows: Option<u64>,
    range: Option<Range<'d>>,
    licence: Option<&'d str>,
    attribution: Option<&'d str>,
    owner: Option<&'d str>,
    contact: Option<&'d str>,
    page: Option<String>,
    updated: Option<&'d str>,
    frequency: Option<&'d str>,
    asset_type: Option<&'d str>,
    view_of: Option<&'d str>,
    provenance: Option<&'d str>,
    columns: Vec<ColumnEntry<'d>>,
}

#[derive(Debug, Serialize)]
struct Range<'d> {
    column: &'d str,
    first: &'d str,
    last: &'d str,
}

#[derive(Debug, Serialize)]
struct ColumnEntry<'d> {
    name: &'d str,
    #[serde(rename = "type")]
    ty: Option<&'static str>,
    portal_type: &'d str,
    label: Option<&'d str>,
    description: Option<&'d str>,
    values: &'d [String],
}

/// `dataset`, which the project calls by `names`.
pub(crate) fn document<'d>(dataset: &'d Dataset, names: &'d [String]) -> Document<'d> {
    let card = &dataset.card;
    Document {
        version: 1,
        names,
        host: &dataset.host,
        id: &dataset.id,
        title: &dataset.title,
        description: known(&card.description),
        rows: dataset.rows,
        range: dataset.range.as_ref().map(|range| Range {
            column: &range.column,
            first: &range.first,
            last: &range.last,
        }),
        licence: known(&card.licence),
        attribution: known(&card.attribution),
        owner: known(&card.owner),
        contact: known(&card.contact),
        page: page(dataset),
        updated: known(&card.updated),
        frequency: known(&card.frequency),
        asset_type: known(&card.asset_type),
        view_of: known(&card.parent),
        provenance: known(&card.provenance),
        columns: dataset
            .columns
            .iter()
            .map(|column| ColumnEntry {
                name: &column.name,
                ty: column.ty.map(Type::name),
                portal_type: &column.portal_type,
                label: known(&column.label),
                description: known(&column.description),
                values: &column.values,
            })
            .collect(),
    }
}

/// The page where people read about the dataset, and from which its owner can be written to.
pub(crate) fn page(dataset: &Dataset) -> Option<String> {
    let mut page = Url::parse(&format!("https://{}", dataset.host)).ok()?;
    page.path_segments_mut().ok()?.extend(["d", &dataset.id]);
    (dataset.kind == PortalKind::Socrata).then(|| page.to_string())
}

/// Empty text means that the portal does not say.
fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The same for people; fitted to `width` on a terminal.
pub(crate) fn text(
    dataset: &Dataset,
    names: &[String],
    width: Option<u16>,
    paint: Paint,
) -> String {
    let mut out = String::new();
    let title = if dataset.title.is_empty() { &dataset.id } else { &dataset.title };
    let fitted = |text: &str| match width {
        Some(width) => wrap(text, width.min(READABLE).into()),
        None => format!("{text}\n"),
    };
    let styled = |style, text: &str| -> String {
        let lines = fitted(text);
        lines.lines().map(|line| paint.on(style, line) + "\n").collect()
    };
    out.push_str(&styled(STRONG, &one_line(title)));
    let place = inert(&format!("{}/{}", dataset.host, dataset.id)).into_owned();
    let names: Vec<_> = names.iter().map(|name| inert(name)).collect();
    let line = if names.is_empty() { place } else { format!("{}, {place}", names.join(", ")) };
    out.push_str(&styled(FAINT, &line));
    out.push('\n');
    if let Some(description) = known(&dataset.card.description) {
        out.push_str(&fitted(&one_line(description)));
        out.push('\n');
    }
    let mut header = vec!["column", "type", "label", "about"];
    let mut rows: Vec<_> = dataset.columns.iter().map(row).collect();
    for at in [3, 2] {
        if rows.iter().all(|row| row.get(at).is_none_or(String::is_empty)) {
            header.remove(at);
            for row in &mut rows {
                row.remove(at);
            }
        }
    }
    match width.filter(|width| !fits(&rows, (*width).into())) {
        Some(width) => out.push_str(&stacked(&rows, width.into(), paint)),
        None => out.push_str(&table(&header, rows, width, paint)),
    }
    let facts = facts(dataset);
    if !facts.is_empty() {
        out.push('\n');
        let rows = facts.into_iter().map(|(name, fact)| vec![name.to_owned(), fact]).collect();
        let all = table(&["", ""], rows, width, paint);
        // Without the line for the header, which is empty.
        out.push_str(all.split_once('\n').map_or("", |(_, below)| below));
    }
    out
}

/// Whether a table leaves names and types in one piece and some room beside them.
fn fits(rows: &[Vec<String>], width: usize) -> bool {
    let widest =
        |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|text| text.width()).max();
    let room = if rows.iter().any(|row| row.len() > 2) { ROOM } else { 0 };
    widest(0).unwrap_or(0) + widest(1).unwrap_or(0) + 4 + room <= width
}

/// The columns below each other: name and type, and what is known of it underneath.
fn stacked(rows: &[Vec<String>], width: usize, paint: Paint) -> String {
    let mut out = String::new();
    let indented = |out: &mut String, text: &str| {
        for line in wrap(text, width.saturating_sub(2).max(1)).lines() {
            out.extend(["  ", line, "\n"]);
        }
    };
    for row in rows {
        let mut texts = row.iter().map(String::as_str);
        let (name, ty) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
        out.push_str(&paint.on(STRONG, name));
        if name.width() + 2 + ty.width() <= width {
            out.extend(["  ", ty, "\n"]);
        } else {
            out.push('\n');
            indented(&mut out, ty);
        }
        for text in texts.filter(|text| !text.is_empty()) {
            indented(&mut out, text);
        }
    }
    out
}

fn row(column: &Column) -> Vec<String> {
    let ty = match column.ty {
        Some(ty) if ty.name() == column.portal_type || column.portal_type.is_empty() => {
            ty.name().to_owned()
        }
        Some(ty) => format!("{} ({})", ty.name(), one_line(&column.portal_type)),
        None => format!("? ({})", one_line(&column.portal_type)),
    };
    let mut about = one_line(&column.description);
    if !column.values.is_empty() {
        if !about.is_empty() {
            about.push_str("; ");
        }
        let shown: Vec<String> =
            column.values.iter().take(VALUES).map(|value| one_line(value)).collect();
        about.push_str(&shown.join(", "));
        let more = column.values.len().saturating_sub(VALUES);
        if more > 0 {
            let _ = write!(about, " and {more} more");
        }
    }
    // `Call Entry Date` says no more than `call_entry_date`.
    let says_more = fold(&column.label.replace(' ', "_")) != fold(&column.name);
    let label = if says_more { one_line(&column.label) } else { String::new() };
    vec![one_line(&column.name), ty, label, about]
}

fn facts(dataset: &Dataset) -> Vec<(&'static str, String)> {
    let card = &dataset.card;
    let rows = dataset.rows.map(|rows| format!("about {}", grouped(rows)));
    let range = dataset
        .range
        .as_ref()
        .map(|range| one_line(&format!("{} from {} to {}", range.column, range.first, range.last)));
    let said = |text: &str| known(text).map(one_line);
    [
        ("rows", rows),
        ("range", range),
        ("licence", said(&card.licence)),
        ("attribution", said(&card.attribution)),
        ("owner", said(&card.owner)),
        ("contact", said(&card.contact)),
        ("page", page(dataset).as_deref().map(one_line)),
        ("updated", said(&card.updated)),
        ("frequency", said(&card.frequency)),
        ("view of", said(&card.parent)),
        ("provenance", said(&card.provenance)),
    ]
    .into_iter()
    .filter_map(|(name, fact)| Some((name, fact?)))
    .collect()
}

#[cfg(test)]
mod tests {
    use tule_core::schema::DateRange;

    use super::*;

    fn hostile() -> Dataset {
        let mut when = Column::new("when", Type::FloatingTimestamp);
        when.portal_type = "calendar_date".to_owned();
        when.label = "\x1b]0;title\x07 When\u{202e}".to_owned();
        let mut beat = Column::new("beat", Type::Text);
        beat.description = "the\nbeat".to_owned();
        beat.values = (0..20).map(|number| format!("B{number}")).collect();
        let unknown = Column { ty: None, portal_type: "blob2".to_owned(), ..beat.clone() };
        let unknown = Column { name: "odd".to_owned(), values: Vec::new(), ..unknown };
        let mut dataset = Dataset::new("a.gov", "abcd-1234", "Calls", vec![when, beat, unknown]);
        dataset.rows = Some(1_200_000);
        dataset.range = Some(DateRange {
            column: "when".to_owned(),
            first: "2019-01-01".to_owned(),
            last: "2026-01-01".to_owned(),
        });
        dataset.card.licence = "CC BY 4.0".to_owned();
        dataset
    }

    #[test]
    fn a_dataset_for_people() {
        assert_eq!(
            text(&hostile(), &["calls".to_owned()], None, Paint(false)),
            "\
Calls
calls, a.gov/abcd-1234

column  type                                label             about
when    floating_timestamp (calendar_date)  ␛]0;title␇ When\u{fffd}
beat    text                                                  the beat; B0, B1, B2, B3, B4, B5, \
B6, B7, B8, B9, B10, B11 and 8 more
odd     ? (blob2)                                             the beat

rows     about 1,200,000
range    when from 2019-01-01 to 2026-01-01
licence  CC BY 4.0
page     https://a.gov/d/abcd-1234
"
        );
    }

    #[test]
    fn on_a_narrow_terminal_names_and_types_stay_whole() {
        let mut dataset = hostile();
        dataset.title = "Calls for service of the police department".to_owned();
        let out = text(&dataset, &[], Some(36), Paint(false));
        assert_eq!(
            out,
            "\
Calls for service of the police
department
a.gov/abcd-1234

when
  floating_timestamp (calendar_date)
  ␛]0;title␇ When\u{fffd}
beat  text
  the beat; B0, B1, B2, B3, B4, B5,
  B6, B7, B8, B9, B10, B11 and 8
  more
odd  ? (blob2)
  the beat

rows     about 1,200,000
range    when from 2019-01-01 to
         2026-01-01
licence  CC BY 4.0
page     https://a.gov/d/abcd-1234
"
        );
    }
}
