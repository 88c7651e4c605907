//! A result as one page that opens anywhere: table, chart and map, without a network.
//!
//! Nothing is fetched and nothing runs: the page's own policy forbids scripts and every address.
//! What comes from elsewhere is text in it.

use std::fmt::Write as _;

use jiff::civil::DateTime;
use tule_core::types::TypeSet;

use super::chart::{escaped, pictures, svg};
use super::settings::Kept;
use crate::rows::shown;
use crate::rows::source::Completeness;

/// Most rows of the table.
const ROWS: usize = 2_000;

/// Colours by the reader's wish, and paper for printing.
const STYLE: &str = "\
:root { color-scheme: light dark; --ink: #1b2430; --paper: #fff; --faint: #5b6775; --rule: #d8dee6;
  --accent: #17805a; --less: #b4552d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --paper: #14181d; --faint: #98a4b3;
  --rule: #333c47; --accent: #49c493; --less: #e08a62; } }
body { color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 64rem;
  padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p, footer { color: var(--faint); } .warning { color: var(--less); font-weight: 600; }
pre { border: 1px solid var(--rule); border-radius: 6px; padding: .75rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0;
  border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; max-width: 28rem; }
th { position: sticky; top: 0; background: var(--paper); } .number { text-align: right; }
svg { width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 12px; }
.bar, .dot { fill: var(--accent); } .bar.less { fill: var(--less); } .dot { fill-opacity: .7; }
.line { fill: none; stroke: var(--accent); stroke-width: 2; } .grid { stroke: var(--rule); }
.area { fill: var(--accent); fill-opacity: .18; stroke: var(--accent); }
@media print { body { margin: 0; max-width: none; } th { position: static; }
  tr, svg { break-inside: avoid; } }
";

/// The page of a result; `now` is when it is made.
pub(crate) fn page(kept: &Kept, now: DateTime) -> String {
    let main = kept.datasets.first();
    let title = main.map_or("Result", |dataset| match dataset.title.as_str() {
        "" => dataset.id.as_str(),
        title => title,
    });
    let title = escaped(title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    let made = now.strftime("%Y-%m-%d %H:%M");
    let _ = writeln!(out, "<p>{} rows, {made}</p>", kept.total);
    for warning in warnings(kept) {
        let _ = writeln!(out, "<p class=\"warning\">{}</p>", escaped(&warning));
    }
    for chart in pictures(kept) {
        let _ = write!(out, "<h2>{}</h2>\n{}", escaped(&chart.title), svg(&chart));
        if let Some(note) = &chart.note {
            let _ = writeln!(out, "<p>{}</p>", escaped(note));
        }
    }
    out.push_str("<h2>Rows</h2>\n");
    table(&mut out, kept);
    out.push_str("<h2>Query</h2>\n<pre>");
    for line in kept.text.trim().lines() {
        // Blank space in front of a line is the user's.
        let blank = line.len() - line.trim_start().len();
        out.push_str(&" ".repeat(blank));
        out.push_str(&escaped(line));
        out.push('\n');
    }
    out.push_str("</pre>\n");
    sources(&mut out, kept);
    out.push_str("</body>\n</html>\n");
    out
}

/// What keeps the rows from being all.
fn warnings(kept: &Kept) -> Vec<String> {
    let mut found = Vec::new();
    if let Completeness::CutAt(limit) = kept.completeness {
        found.push(format!("Cut at {limit} rows, and more exist: the query has no LIMIT."));
    }
    if kept.total > kept.rows.len() as u64 {
        found.push(format!("Chart and map show the first {} rows.", kept.rows.len()));
    }
    if kept.rows.len() > ROWS {
        found.push(format!("The table shows the first {ROWS} rows."));
    }
    found
}

fn table(out: &mut String, kept: &Kept) {
    let class = |at: usize| {
        let is_number = kept.columns.get(at).and_then(|column| column.ty);
        let is_number = is_number.is_some_and(|ty| TypeSet::NUM_LIKE.has(ty));
        if is_number { " class=\"number\"" } else { "" }
    };
    out.push_str("<div class=\"scroll\"><table>\n<thead><tr>");
    for (at, column) in kept.columns.iter().enumerate() {
        let _ = write!(out, "<th{}>{}</th>", class(at), escaped(&column.name));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in kept.rows.iter().take(ROWS) {
        out.push_str("<tr>");
        for (at, (value, column)) in row.iter().zip(&kept.columns).enumerate() {
            let _ = write!(out, "<td{}>{}</td>", class(at), escaped(&shown(value, column)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

/// Whose data it is.
fn sources(out: &mut String, kept: &Kept) {
    out.push_str("<footer>\n");
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for dataset in &kept.datasets {
        let place = (dataset.host.as_str(), dataset.id.as_str());
        if seen.contains(&place) {
            continue;
        }
        seen.push(place);
        let card = &dataset.card;
        let date = kept.as_of.clone().unwrap_or_else(|| card.updated.clone());
        let facts = [
            ("", format!("{}/{}", dataset.host, dataset.id)),
            ("as of ", date),
            ("licence ", card.licence.clone()),
            ("source ", card.attribution.clone()),
        ];
        let known = facts.iter().filter(|(_, fact)| !fact.is_empty());
        let line: Vec<String> =
            known.map(|(name, fact)| format!("{name}{}", escaped(fact))).collect();
        let _ = writeln!(out, "<p>{}</p>", line.join(" · "));
    }
    out.push_str("</footer>\n");
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tule_core::check::OutputColumn;
    use tule_core::rows::Value as V;
    use tule_core::schema::Dataset;
    use tule_core::types::Type;

    use super::*;

    #[test]
    fn a_page_holds_everything_and_runs_nothing() {
        let hostile = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\x1b";
        let column = |name: &str, ty| OutputColumn { name: name.into(), ty: Some(ty) };
        let point = serde_json::json!({ "type": "Point", "coordinates": [-121.3, 37.9] });
        let mut dataset = Dataset::new("a.gov", "abcd-1234", hostile, Vec::new());
        dataset.card.licence = hostile.to_owned();
        let kept = Kept {
            text: format!("select\n  '{hostile}'"),
            columns: vec![
                column(hostile, Type::Text),
                column("n", Type::Number),
                column("p", Type::Point),
            ],
            rows: vec![vec![V::Text(hostile.into()), V::Number("5".into()), V::Json(point)]],
            total: 1_000,
            completeness: Completeness::CutAt(1_000),
            datasets: vec![Arc::new(dataset)],
            as_of: None,
        };
        let now: DateTime = "2026-01-02T03:04".parse().unwrap();
        let text = page(&kept, now);
        assert!(!text.contains("<script") && !text.contains("<img") && !text.contains('\x1b'));
        assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("url("));
        assert!(text.contains("default-src 'none'") && text.matches("<svg").count() == 2, "{text}");
        assert!(text.contains("and more exist") && text.contains("&lt;script&gt;alert(1)"));
    }
}
