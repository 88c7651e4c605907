//! What a client asks for beside the rows: the form by ending or `Accept`, and whether it has the
//! answer already.

use axum::http::{HeaderMap, StatusCode, header};
use serde_json::json;
use tule_core::names::alternatives;

use super::errors::Refusal;
use super::form::{FORMS, Form};

/// The identifier and the form of the last part of an address: `esc4-8x43.json`. Without an
/// ending, the form that the client accepts.
pub(super) fn split<'f>(file: &'f str, headers: &HeaderMap) -> Result<(&'f str, Form), Refusal> {
    if let Some((id, ending)) = file.rsplit_once('.') {
        return Form::of(ending).map(|form| (id, form)).ok_or_else(|| {
            let endings: Vec<&str> = FORMS.iter().map(|(_, ending)| *ending).collect();
            let message = format!("no format `{ending}`; there is {}", alternatives(&endings));
            Refusal::inner(StatusCode::NOT_FOUND, "not-found", &message, json!({ "path": file }))
        });
    }
    accepted(headers).map(|form| (file, form)).ok_or_else(|| {
        let message = "nothing that the client accepts can be given";
        let code = "schema-invalid-for-mime-type";
        Refusal::inner(StatusCode::NOT_ACCEPTABLE, code, message, json!({}))
    })
}

/// The first form that `Accept` names; without the header, JSON. Weights are read as on or off.
fn accepted(headers: &HeaderMap) -> Option<Form> {
    let Some(accept) = headers.get(header::ACCEPT) else { return Some(Form::Json) };
    let accept = accept.to_str().ok()?;
    accept.split(',').find_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let media_type = parts.next()?.to_ascii_lowercase();
        if parts.any(|part| part.replace(' ', "").trim_end_matches(['0', '.']) == "q=") {
            return None;
        }
        match &*media_type {
            "*/*" | "application/*" | "application/json" => Some(Form::Json),
            "text/csv" | "text/*" => Some(Form::Csv),
            "text/tab-separated-values" => Some(Form::Tsv),
            "application/vnd.geo+json" | "application/geo+json" => Some(Form::Geojson),
            _ => None,
        }
    })
}

/// Whether the client's copy is still good: by tag if it has one, else by time in seconds.
pub(super) fn is_fresh(headers: &HeaderMap, tag: &str, modified: i64) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(known) = text(header::IF_NONE_MATCH) {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        return known.split(',').any(|known| known.trim() == "*" || bare(known) == bare(tag));
    }
    let since =
        text(header::IF_MODIFIED_SINCE).and_then(|since| httpdate::parse_http_date(since).ok());
    let since = since.and_then(|since| since.duration_since(std::time::UNIX_EPOCH).ok());
    since.is_some_and(|since| i64::try_from(since.as_secs()).is_ok_and(|since| modified <= since))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn the_ending_decides_and_else_what_is_accepted() {
        let none = HeaderMap::new();
        assert_eq!(split("a-b.csv", &none).unwrap(), ("a-b", Form::Csv));
        assert_eq!(split("a-b.tsv", &none).unwrap(), ("a-b", Form::Tsv));
        assert_eq!(split("a-b", &none).unwrap(), ("a-b", Form::Json));
        assert_eq!(split("a-b.jso", &none).unwrap_err().status, StatusCode::NOT_FOUND);
        let accept = |value| split("a", &headers(header::ACCEPT, value)).map(|(_, form)| form);
        assert_eq!(accept("text/html, text/csv;q=0.9, */*;q=0.8").unwrap(), Form::Csv);
        assert_eq!(
            accept("application/json;q=0, application/vnd.geo+json").unwrap(),
            Form::Geojson
        );
        assert_eq!(accept("image/png").unwrap_err().status, StatusCode::NOT_ACCEPTABLE);
    }

    #[test]
    fn a_copy_is_good_by_tag_or_by_time() {
        let tagged = |value| is_fresh(&headers(header::IF_NONE_MATCH, value), "\"abc\"", 0);
        assert!(tagged("\"x\", W/\"abc\"") && tagged("*") && !tagged("\"abcd\""));
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let timed = |modified| is_fresh(&headers(header::IF_MODIFIED_SINCE, date), "", modified);
        assert!(timed(784_111_777) && !timed(784_111_778));
        assert!(!is_fresh(&HeaderMap::new(), "", 0));
    }
}
