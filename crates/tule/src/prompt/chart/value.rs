//! Values as numbers, moments and shapes.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use tule_core::rows::Value;

use crate::escape::one_line;

/// Longest name of a bar, in characters.
const NAME: usize = 32;

/// A part of a geometry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    /// Longitude and latitude.
    pub(crate) points: Vec<(f64, f64)>,
    /// Whether it is an area rather than a line; a single point is neither.
    pub(crate) is_area: bool,
}

impl Shape {
    /// A point.
    pub(crate) fn point(x: f64, y: f64) -> Self {
        Self { points: vec![(x, y)], is_area: false }
    }
}

/// A value as a number.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(text) => text.parse().ok()?,
        Value::Double(value) => *value,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A moment or a day in seconds.
pub(crate) fn time(value: &Value) -> Option<f64> {
    let Value::Text(text) = value else { return None };
    let text = text.strip_suffix('Z').unwrap_or(text);
    let moment: DateTime = match text.parse::<DateTime>() {
        Ok(moment) => moment,
        Err(_) => text.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight()),
    };
    let stamp = TimeZone::UTC.to_timestamp(moment).ok()?;
    #[expect(clippy::cast_precision_loss, reason = "a picture needs no more")]
    let seconds = stamp.as_millisecond() as f64 / 1000.0;
    Some(seconds)
}

/// The day of such seconds, with the time where days are too coarse.
pub(crate) fn moment(seconds: f64, span: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "made from whole milliseconds")]
    let stamp = jiff::Timestamp::from_millisecond((seconds * 1000.0) as i64);
    let Ok(stamp) = stamp else { return String::new() };
    let date = TimeZone::UTC.to_datetime(stamp);
    let form = if span < 3.0 * 86_400.0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" };
    date.strftime(form).to_string()
}

/// A number for people: as many digits as it needs, and thousands told apart.
pub(crate) fn figure(value: f64) -> String {
    let digits = if value.fract() == 0.0 || value.abs() >= 1_000.0 { 0 } else { 2 };
    let text = format!("{value:.digits$}");
    let (sign, rest) = text.strip_prefix('-').map_or(("", &*text), |rest| ("-", rest));
    let (whole, part) = rest.split_once('.').map_or((rest, None), |(a, b)| (a, Some(b)));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    part.map_or_else(|| format!("{sign}{grouped}"), |part| format!("{sign}{grouped}.{part}"))
}

/// A value as the name of a bar: harmless, on one line, and not long.
pub(crate) fn label(value: &Value) -> String {
    let text = match value {
        Value::Null => "(none)".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Number(text) | Value::Text(text) => one_line(&text.replacen("T00:00:00.000", "", 1)),
        Value::Double(value) => figure(*value),
        Value::Json(value) => one_line(&value.to_string()),
    };
    if text.chars().count() <= NAME {
        return text;
    }
    text.chars().take(NAME - 1).chain(['…']).collect()
}

/// The parts of a geometry.
pub(crate) fn shapes(value: &Value) -> Vec<Shape> {
    let Value::Json(geometry) = value else { return Vec::new() };
    let kind = geometry.get("type").and_then(Json::as_str).unwrap_or_default();
    let Some(coordinates) = geometry.get("coordinates") else { return Vec::new() };
    let is_area = matches!(kind, "Polygon" | "MultiPolygon");
    let is_point = matches!(kind, "Point" | "MultiPoint");
    let mut found = Vec::new();
    collect(coordinates, is_area, is_point, 4, &mut found);
    found
}

fn position(value: &Json) -> Option<(f64, f64)> {
    let (x, y) = (value.get(0)?.as_f64()?, value.get(1)?.as_f64()?);
    (x.is_finite() && y.is_finite()).then_some((x, y))
}

/// Lists of positions, however deep; a geometry has four levels at most.
fn collect(value: &Json, is_area: bool, is_point: bool, depth: usize, found: &mut Vec<Shape>) {
    if let Some((x, y)) = position(value) {
        return found.push(Shape::point(x, y));
    }
    let (Some(list), Some(depth)) = (value.as_array(), depth.checked_sub(1)) else { return };
    let points: Vec<(f64, f64)> = list.iter().filter_map(position).collect();
    if !is_point && !points.is_empty() && points.len() == list.len() {
        return found.push(Shape { points, is_area });
    }
    for part in list {
        collect(part, is_area, is_point, depth, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_grouped() {
        let shown: Vec<String> =
            [0.0, 5.0, -1234.5, 1_234_567.0, 0.126, 12.5].into_iter().map(figure).collect();
        assert_eq!(shown, ["0", "5", "-1,234", "1,234,567", "0.13", "12.50"]);
    }

    #[test]
    fn moments_go_there_and_back() {
        let value = |text: &str| Value::Text(text.into());
        let seconds = time(&value("2025-03-01T12:30:00.000")).unwrap();
        assert_eq!(moment(seconds, 10.0), "2025-03-01 12:30");
        assert_eq!(time(&value("2025-03-01T12:30:00.000Z")), Some(seconds));
        assert_eq!(moment(time(&value("1969-12-31")).unwrap(), 1e9), "1969-12-31");
        assert_eq!(time(&value("noon")), None);
    }

    #[test]
    fn geometries_become_shapes() {
        let of = |text: &str| shapes(&Value::Json(serde_json::from_str(text).unwrap()));
        assert_eq!(of(r#"{"type":"Point","coordinates":[1,2]}"#), [Shape::point(1.0, 2.0)]);
        assert_eq!(of(r#"{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}"#).len(), 2);
        let area = of(r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}"#);
        assert!(area.len() == 1 && area[0].is_area && area[0].points.len() == 4);
        assert_eq!(of(r#"{"type":"Point","coordinates":"x"}"#), []);
        assert_eq!(label(&Value::Text("a\x1b[31m\nb".into())), "a␛[31m b");
    }
}
