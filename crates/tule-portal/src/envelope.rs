//! Answers that are not rows: the forms in which portals and what stands before them refuse.
//!
//! A portal has layers, each with an envelope of its own, and codes count for more than texts,
//! which some portals shorten. A gateway's page for people is told from all of them. The place of
//! a fault is kept as the portal gives it; [`crate::position`] finds it in the query.

use serde_json::{Map, Value};

use crate::error::{Family, Fault, Refusal};

/// Longest text of a portal that is kept, in characters.
const LONGEST: usize = 600;

/// Where a portal sees the fault, in a text that it shows or that it was sent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Place {
    /// The text that the position counts in, where the portal repeats it.
    pub(crate) text: Option<String>,
    /// Row and column from 1, in characters.
    pub(crate) at: Option<(u32, u32)>,
    /// The name that the fault is about.
    pub(crate) name: Option<String>,
}

/// Reads the body of an answer with this status that is not a success.
pub(crate) fn read(status: u16, content_type: &str, body: &[u8]) -> (Fault, Place) {
    let text = String::from_utf8_lossy(body);
    let document: Option<Value> = serde_json::from_str(&text).ok();
    let Some(Value::Object(object)) = document else {
        return (bare(status, content_type, &text), Place::default());
    };
    let (refusal, place) = refusal(status, &object);
    if refusal.family == Family::Unknown && !(500..600).contains(&status) {
        return (bare(status, content_type, &text), place);
    }
    (sorted(status, refusal), place)
}

/// An answer without an envelope.
fn bare(status: u16, content_type: &str, text: &str) -> Fault {
    let refusal = Refusal { status, ..Refusal::default() };
    match status {
        408 | 500..=599 => sorted(status, refusal),
        404 if text.trim().is_empty() => sorted(status, refusal),
        _ => Fault::NotAPortal { status, found: describe(content_type, text) },
    }
}

/// What somebody would do about a refusal, by its status and code.
fn sorted(status: u16, refusal: Refusal) -> Fault {
    let code = refusal.code.as_deref().unwrap_or_default();
    let gone = matches!(
        code,
        "dataset.missing"
            | "not_found"
            | "soda.dataset.not-found"
            | "query.dataset.does-not-exist"
            | "soql.tablefinder.dataset-not-found"
    );
    match status {
        _ if gone => Fault::Gone(refusal),
        404 => Fault::Gone(refusal),
        401 | 403 => Fault::Forbidden(refusal),
        _ if code == "soql.tablefinder.permission-denied" => Fault::Forbidden(refusal),
        408 => Fault::QueryTimeout(refusal),
        500..=599 => Fault::Failing(refusal),
        _ => Fault::Refused(refusal),
    }
}

fn refusal(status: u16, object: &Map<String, Value>) -> (Refusal, Place) {
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(cut);
    let data = object.get("data").and_then(Value::as_object);
    let mut place = data.map_or_else(Place::default, place_in);
    let mut message = text("message").or_else(|| text("english")).unwrap_or_default();
    let (family, code) = if let Some(code) = text("errorCode") {
        message = without_frame(&message, &code);
        (Family::Coordinator, Some(code))
    } else if let Some(code) = text("code") {
        let analyzer = code.starts_with("soql.");
        (if analyzer { Family::Analyzer } else { Family::Core }, Some(code))
    } else if let (Some(code), true) = (text("type"), object.contains_key("english")) {
        (Family::Analyzer, Some(code))
    } else if object.get("error").is_some_and(Value::is_boolean) {
        (Family::Core, None)
    } else if let Some(error) = text("error") {
        message = error;
        (Family::Catalogue, None)
    } else {
        (Family::Unknown, None)
    };
    if let Some(source) = object.get("source").and_then(Value::as_object) {
        place.at = place.at.or_else(|| source.get("position").and_then(position));
    }
    if place.at.is_none() {
        place.at = told(&message);
    }
    let data = data.into_iter().flatten().filter_map(|(key, value)| {
        // The internal name of a dataset means nothing to anybody, and the query is the user's.
        let internal = matches!(&**key, "dataset" | "query" | "position");
        value.as_str().filter(|_| !internal).map(|value| (key.clone(), cut(value)))
    });
    (Refusal { family, status, code, message, data: data.collect() }, place)
}

fn place_in(data: &Map<String, Value>) -> Place {
    let position_value = data.get("position");
    let line = position_value.and_then(|value| value.get("line")).and_then(Value::as_str);
    // The line is followed by one with a `^` under the place.
    let line = line.map(|line| line.lines().next().unwrap_or_default().to_owned());
    let query = data.get("query").and_then(Value::as_str).map(str::to_owned);
    let name = ["column", "name", "table", "function"]
        .iter()
        .find_map(|key| data.get(*key).and_then(Value::as_str))
        .map(|name| name.trim_start_matches("op$").to_owned());
    let at = position_value.and_then(position);
    match line {
        Some(line) => Place { text: Some(line), at: at.map(|(_, column)| (1, column)), name },
        None => Place { text: query, at, name },
    }
}

fn position(value: &Value) -> Option<(u32, u32)> {
    let number = |key: &str| value.get(key)?.as_u64().and_then(|number| u32::try_from(number).ok());
    Some((number("row").or(number("line")).unwrap_or(1), number("column")?))
}

/// `... at line 1 character 27: ...`
fn told(message: &str) -> Option<(u32, u32)> {
    let (_, behind) = message.split_once("at line ")?;
    let (row, behind) = behind.split_once(" character ")?;
    let column: String = behind.chars().take_while(char::is_ascii_digit).collect();
    Some((row.parse().ok()?, column.parse().ok()?))
}

/// The part of a coordinator's message between its code and the position.
fn without_frame(message: &str, code: &str) -> String {
    let inner = message.strip_prefix("Query coordinator error:").unwrap_or(message).trim_start();
    let inner = inner.strip_prefix(code).unwrap_or(inner).trim_start_matches([';', ' ']);
    inner.split("; position: Map(").next().unwrap_or(inner).trim().to_owned()
}

/// What an answer without an envelope is: its type, and the title of a page.
pub(crate) fn describe(content_type: &str, text: &str) -> String {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let kind = if kind.is_empty() { "an answer without a type" } else { kind };
    match title(text) {
        Some(title) => format!("{}, «{}»", cut(kind), cut(&title)),
        None => cut(kind),
    }
}

fn title(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let open = start + lower.get(start..)?.find('>')? + 1;
    let end = open + lower.get(open..)?.find("</title")?;
    let words: Vec<&str> = text.get(open..end)?.split_whitespace().collect();
    Some(words.join(" ")).filter(|title| !title.is_empty())
}

/// The text, cut where it grows too long to be shown.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Whether a refusal may be due to the token alone: an unknown one turns a call that works
/// without into 403.
pub(crate) fn blames_token(fault: &Fault) -> bool {
    match fault {
        Fault::Forbidden(refusal) => {
            let message = refusal.message.to_ascii_lowercase();
            refusal.code.as_deref().is_none_or(|code| code == "permission_denied")
                || message.contains("token")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str) -> (Refusal, Place, &'static str) {
        let (fault, place) = read(status, "application/json", body.as_bytes());
        match fault {
            Fault::Refused(refusal) => (refusal, place, "refused"),
            Fault::Gone(refusal) => (refusal, place, "gone"),
            Fault::Forbidden(refusal) => (refusal, place, "forbidden"),
            Fault::QueryTimeout(refusal) => (refusal, place, "timeout"),
            Fault::Failing(refusal) => (refusal, place, "failing"),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn the_core_says_code_and_message() {
        let body = r#"{"code":"dataset.missing","error":true,"message":"Not found",
            "data":{"id":"zzzz-zzzz"}}"#;
        let (refusal, _, kind) = refused(404, body);
        assert_eq!((kind, refusal.family), ("gone", Family::Core));
        assert_eq!(refusal.to_string(), "Not found (`dataset.missing`)");
        assert_eq!(refusal.data, [("id".to_owned(), "zzzz-zzzz".to_owned())]);

        let body = r#"{"error":true,"message":"Unrecognized arguments [limit]"}"#;
        let (refusal, _, kind) = refused(400, body);
        assert_eq!((kind, refusal.code), ("refused", None));

        let body = r#"{"code":"query.compiler.malformed","error":true,
            "message":"Could not parse SoQL query \"select a b\" at line 1 character 10: no",
            "data":{"query":"select a b","position":{"row":1,"column":10,"line":"select a b\n  ^"}}}"#;
        let (_, place, _) = refused(400, body);
        assert_eq!(place.at, Some((1, 10)));
        assert_eq!(place.text.as_deref(), Some("select a b"));
        let body = r#"{"code":"x","error":true,"message":"parse at line 2 character 7: no"}"#;
        assert_eq!(refused(400, body).1.at, Some((2, 7)));
    }

    #[test]
    fn the_coordinator_frames_its_message() {
        let body = r#"{"message":"Query coordinator error: query.soql.no-such-column; No such column: bat; position: Map(row -> 1, column -> 9, line -> \"select `bat`\\n        ^\")",
            "errorCode":"query.soql.no-such-column",
            "data":{"column":"bat","dataset":"foxtrot.15649",
                    "position":{"row":1,"column":9,"line":"select `bat`\n        ^"}}}"#;
        let (refusal, place, kind) = refused(400, body);
        assert_eq!((kind, refusal.family), ("refused", Family::Coordinator));
        assert_eq!(refusal.message, "No such column: bat");
        assert_eq!(refusal.data, [("column".to_owned(), "bat".to_owned())]);
        let expected = Place {
            text: Some("select `bat`".to_owned()),
            at: Some((1, 9)),
            name: Some("bat".to_owned()),
        };
        assert_eq!(place, expected);
        // Some portals keep the message to themselves.
        let body = r#"{"message":"Invalid SoQL query","errorCode":"query.soql.type-mismatch",
            "data":{"function":"op$=","type":"text"}}"#;
        let (refusal, place, _) = refused(400, body);
        assert_eq!(refusal.code.as_deref(), Some("query.soql.type-mismatch"));
        assert_eq!(place.name.as_deref(), Some("="));
    }

    #[test]
    fn the_analyzer_has_two_forms() {
        let body = r#"{"code":"soql.analyzer.typechecker.no-such-column",
            "message":"No such column `bat`","data":{"name":"bat"}}"#;
        let (refusal, place, _) = refused(400, body);
        assert_eq!((refusal.family, place.name.as_deref()), (Family::Analyzer, Some("bat")));
        let body = r#"{"type":"soql.parser.unexpected-end-of-input","english":"Unexpected end",
            "data":{},"source":{"type":"anonymous","position":{"row":1,"column":8}}}"#;
        let (refusal, place, _) = refused(400, body);
        assert_eq!(refusal.message, "Unexpected end");
        assert_eq!(place.at, Some((1, 8)));
        let body = r#"{"code":"soql.tablefinder.permission-denied","message":"no"}"#;
        assert_eq!(refused(400, body).2, "forbidden");
    }

    #[test]
    fn what_is_no_portal_is_told_by_its_title() {
        let page = b"<!DOCTYPE html><html><head>\n<TITLE>Attack\n ID: 2 </TITLE>";
        let (fault, _) = read(403, "text/html", page);
        assert!(matches!(&fault, Fault::NotAPortal { status: 403, found }
            if found == "text/html, «Attack ID: 2»"));
        // A firewall's JSON that is none.
        let (fault, _) = read(403, "text/html", br#"{"status": "blocked",}"#);
        assert!(matches!(fault, Fault::NotAPortal { .. }));
        let (fault, _) = read(200, "application/json", br#"{"hello": 1}"#);
        assert!(matches!(fault, Fault::NotAPortal { .. }));
        let (fault, _) = read(502, "text/html", page);
        assert!(matches!(fault, Fault::Failing(_)));
        let (fault, _) = read(400, "application/json", br#"{"error": "bad limit"}"#);
        assert!(matches!(fault, Fault::Refused(Refusal { family: Family::Catalogue, .. })));
    }

    #[test]
    fn only_what_may_be_the_tokens_fault_is_tried_without() {
        let fault = |body: &str| read(403, "application/json", body.as_bytes()).0;
        assert!(blames_token(&fault(
            r#"{"code":"permission_denied","error":true,"message":"Invalid app_token specified"}"#
        )));
        assert!(!blames_token(&fault(r#"{"code":"other","error":true,"message":"no"}"#)));
        assert!(!blames_token(&fault("<html>")));
    }

    #[test]
    fn texts_of_any_length_are_cut() {
        let body = format!(r#"{{"error":true,"message":"{}"}}"#, "ä".repeat(100_000));
        assert_eq!(refused(400, &body).0.message.chars().count(), LONGEST + 3);
    }
}
