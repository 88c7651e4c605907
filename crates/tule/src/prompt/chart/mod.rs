//! Pictures of a result: what is to be drawn is chosen here, from the types of its columns.
//!
//! The same choice is drawn in the terminal ([`draw()`]) and in reports ([`svg()`]). Deliberately
//! absent: adding up rows, which is the query's business.

mod draw;
mod svg;
mod value;

pub(crate) use draw::draw;
pub(crate) use svg::{escaped, svg};

use tule_core::check::OutputColumn;
use tule_core::names::{alternatives, fold, similar};
use tule_core::rows::{Row, Value};
use tule_core::types::{Type, TypeSet};

use super::settings::Kept;
use value::{Shape, number, shapes, time};

/// A sort of picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A bar for each row.
    Bar,
    /// A line through the rows, in the order of their first value.
    Line,
    /// How often values of a column fall into ranges.
    Histogram,
    /// A line of blocks.
    Sparkline,
    /// Where geometries are.
    Map,
}

impl Kind {
    /// All of them, with their names and what they are.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Bar, "bar", "a bar for each row: a name and a number"),
        (Self::Line, "line", "a line over a date or a number"),
        (Self::Histogram, "histogram", "how often a number falls into ranges"),
        (Self::Sparkline, "sparkline", "the numbers of a column in one line"),
        (Self::Map, "map", "the points, lines and areas of a geometry column"),
    ];

    /// The sort of a name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known, _)| known.eq_ignore_ascii_case(name))
            .map(|(kind, ..)| *kind)
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, name, _)| name)
    }
}

/// Most bars of one picture.
const BARS: usize = 40;
/// Ranges of a histogram at most.
const BINS: usize = 16;

/// A picture, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chart {
    /// What it shows.
    pub(crate) title: String,
    pub(crate) picture: Picture,
    /// Rows that are not in it, and why.
    pub(crate) note: Option<String>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Picture {
    /// Names and numbers.
    Bars(Vec<(String, f64)>),
    /// Points in order; whether the first value is a time, in seconds.
    Line(Vec<(f64, f64)>, bool),
    /// Ranges and how many values are in each; whether they are times.
    Histogram(Vec<(f64, f64, u64)>, bool),
    /// Numbers in order.
    Sparkline(Vec<f64>),
    /// Geometries, as longitude and latitude.
    Map(Vec<Shape>),
}

/// Why there is no picture, and what to do.
type Refusal = (String, String);

/// Chooses a picture of a result; what is not said follows from the types.
///
/// # Errors
///
/// No column fits, or one that was named does not exist.
pub(crate) fn choose(kept: &Kept, kind: Option<Kind>, named: &[&str]) -> Result<Chart, Refusal> {
    let all = Columns { columns: &kept.columns, rows: &kept.rows };
    let chosen = named.iter().map(|name| all.find(name)).collect::<Result<Vec<usize>, _>>()?;
    if kept.rows.is_empty() {
        return Err((
            "the last result has no rows".to_owned(),
            "run a query that finds some".to_owned(),
        ));
    }
    if chosen.len() > 2 {
        return Err((
            "a picture has two columns at most".to_owned(),
            "name the one to the right and the one upwards".to_owned(),
        ));
    }
    let kind = match kind {
        Some(kind) => kind,
        None => all.fitting(&chosen).ok_or_else(|| {
            let message = "no picture fits the columns of the last result".to_owned();
            (message, "`.chart KIND X Y` names the sort and the columns".to_owned())
        })?,
    };
    all.draw(kind, &chosen).ok_or_else(|| {
        let message = format!("no column of the last result fits the sort `{}`", kind.name());
        let types = all
            .columns
            .iter()
            .map(|column| format!("`{}` ({})", column.name, column.ty.map_or("?", Type::name)));
        (message, format!("there is {}", types.collect::<Vec<_>>().join(", ")))
    })
}

/// A map where there are places, and what else the types ask for.
pub(crate) fn pictures(kept: &Kept) -> Vec<Chart> {
    let all = Columns { columns: &kept.columns, rows: &kept.rows };
    let beside = all.beside_map(&[]);
    let kinds = [Some(Kind::Map), beside];
    kinds.into_iter().flatten().filter_map(|kind| all.draw(kind, &[])).collect()
}

struct Columns<'c> {
    columns: &'c [OutputColumn],
    rows: &'c [Row],
}

impl Columns<'_> {
    fn find(&self, name: &str) -> Result<usize, Refusal> {
        let name = name.trim_matches('`');
        let at = self.columns.iter().position(|column| fold(&column.name) == fold(name));
        at.ok_or_else(|| {
            let names: Vec<&str> = self.columns.iter().map(|column| &*column.name).collect();
            let near = similar(name, names.iter().copied());
            let near = if near.is_empty() { names } else { near };
            (
                format!("the result has no column `{name}`"),
                format!("there is {}", alternatives(&near)),
            )
        })
    }

    fn has(&self, at: usize, types: TypeSet) -> bool {
        self.columns.get(at).and_then(|column| column.ty).is_some_and(|ty| types.has(ty))
    }

    fn name(&self, at: usize) -> &str {
        self.columns.get(at).map_or("", |column| &*column.name)
    }

    /// The first column of these types among the chosen ones, or among all.
    fn first(&self, chosen: &[usize], types: TypeSet) -> Option<usize> {
        let all = 0..self.columns.len();
        let mut among: Box<dyn Iterator<Item = usize>> =
            if chosen.is_empty() { Box::new(all) } else { Box::new(chosen.iter().copied()) };
        among.find(|at| self.has(*at, types) && (!chosen.is_empty() || !self.is_degree(*at)))
    }

    /// The same besides one; a column that was named last needs no company.
    fn other(&self, chosen: &[usize], not: usize, types: TypeSet) -> Option<usize> {
        let fits = |at: &usize| *at != not && self.has(*at, types);
        let named = chosen.iter().copied().find(fits);
        let free = |at: &usize| fits(at) && !self.is_degree(*at);
        named.or_else(|| (chosen.len() < 2).then(|| (0..self.columns.len()).find(free)).flatten())
    }

    fn values(&self, at: usize) -> impl Iterator<Item = &Value> {
        self.rows.iter().map(move |row| row.get(at).unwrap_or(&Value::Null))
    }

    fn draw(&self, kind: Kind, chosen: &[usize]) -> Option<Chart> {
        match kind {
            Kind::Map => self.map(chosen),
            Kind::Bar => self.bars(chosen),
            Kind::Line => self.line(chosen),
            Kind::Histogram => self.histogram(chosen),
            Kind::Sparkline => self.sparkline(chosen),
        }
    }

    /// The sort that the columns ask for.
    fn fitting(&self, chosen: &[usize]) -> Option<Kind> {
        let has_places = self.first(chosen, GEOMETRIES).is_some()
            || chosen.is_empty() && self.degrees().is_some();
        if has_places { Some(Kind::Map) } else { self.beside_map(chosen) }
    }

    /// The same where places are left alone.
    fn beside_map(&self, chosen: &[usize]) -> Option<Kind> {
        if let Some(time) = self.first(chosen, TIMES) {
            let beside = self.other(chosen, time, NUMBERS).is_some();
            return Some(if beside { Kind::Line } else { Kind::Histogram });
        }
        if self.first(chosen, NAMES).is_some() {
            return Some(Kind::Bar);
        }
        let number = self.first(chosen, NUMBERS)?;
        let pair = self.other(chosen, number, NUMBERS).is_some();
        Some(if pair { Kind::Line } else { Kind::Histogram })
    }

    fn map(&self, chosen: &[usize]) -> Option<Chart> {
        let (shapes, title) = if let Some(at) = self.first(chosen, GEOMETRIES) {
            (self.values(at).flat_map(shapes).collect::<Vec<_>>(), self.name(at).to_owned())
        } else {
            let (x, y) = self.degrees()?;
            let pairs = self.values(x).zip(self.values(y));
            let points = pairs.filter_map(|(x, y)| Some(Shape::point(number(x)?, number(y)?)));
            (points.collect(), format!("{}, {}", self.name(x), self.name(y)))
        };
        let note = left_out(self.rows.len().saturating_sub(shapes.len()), "have no place");
        // One geometry may be many shapes; fewer shapes than rows means rows without one.
        (!shapes.is_empty()).then_some(Chart { title, picture: Picture::Map(shapes), note })
    }

    /// Two columns of numbers whose names say that they are degrees: longitude, latitude.
    fn degrees(&self) -> Option<(usize, usize)> {
        let called = |words: &[&str]| {
            (0..self.columns.len())
                .find(|at| self.has(*at, NUMBERS) && words.contains(&&*fold(self.name(*at))))
        };
        called(&["longitude", "lon", "lng", "long"]).zip(called(&["latitude", "lat"]))
    }

    /// Whether a column is half of a place, which alone says nothing.
    fn is_degree(&self, at: usize) -> bool {
        self.degrees().is_some_and(|(x, y)| at == x || at == y)
    }

    fn bars(&self, chosen: &[usize]) -> Option<Chart> {
        let x = match chosen {
            [x, _] => *x,
            _ => self
                .first(chosen, NAMES.union(TIMES))
                .or_else(|| self.first(&[], NAMES.union(TIMES)))?,
        };
        let y = self.other(chosen, x, NUMBERS);
        let (mut bars, title) = if let Some(y) = y {
            let pairs = self.values(x).zip(self.values(y));
            let bars = pairs.filter_map(|(x, y)| Some((value::label(x), number(y)?)));
            (bars.collect::<Vec<_>>(), format!("{} by {}", self.name(y), self.name(x)))
        } else {
            // Names that all differ are no picture.
            let counts = counted(self.values(x).map(value::label));
            let says = chosen.contains(&x) || counts.iter().any(|(_, count)| *count > 1.0);
            let title = format!("rows by {}", self.name(x));
            (counts.into_iter().filter(|_| says).collect(), title)
        };
        let note = left_out(bars.len().saturating_sub(BARS), "are left out, after the first 40");
        bars.truncate(BARS);
        (!bars.is_empty()).then_some(Chart { title, picture: Picture::Bars(bars), note })
    }

    fn line(&self, chosen: &[usize]) -> Option<Chart> {
        let x = self.first(chosen, TIMES).or_else(|| self.first(chosen, NUMBERS))?;
        let y = self.other(chosen, x, NUMBERS)?;
        let is_time = self.has(x, TIMES);
        let place = |value: &Value| if is_time { time(value) } else { number(value) };
        let pairs = self.values(x).zip(self.values(y));
        let mut points: Vec<(f64, f64)> =
            pairs.filter_map(|(x, y)| Some((place(x)?, number(y)?))).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let note = left_out(self.rows.len() - points.len(), "have no value");
        let title = format!("{} over {}", self.name(y), self.name(x));
        (!points.is_empty()).then_some(Chart {
            title,
            picture: Picture::Line(points, is_time),
            note,
        })
    }

    fn histogram(&self, chosen: &[usize]) -> Option<Chart> {
        let x = self.first(chosen, NUMBERS.union(TIMES))?;
        let is_time = self.has(x, TIMES);
        let place = |value: &Value| if is_time { time(value) } else { number(value) };
        let values: Vec<f64> = self.values(x).filter_map(place).collect();
        let note = left_out(self.rows.len() - values.len(), "have no value");
        let title = format!("how often {}", self.name(x));
        let bins = bins(&values);
        (!bins.is_empty()).then_some(Chart {
            title,
            picture: Picture::Histogram(bins, is_time),
            note,
        })
    }

    fn sparkline(&self, chosen: &[usize]) -> Option<Chart> {
        let x = self.first(chosen, NUMBERS)?;
        let values: Vec<f64> = self.values(x).filter_map(number).collect();
        let note = left_out(self.rows.len() - values.len(), "have no value");
        let title = self.name(x).to_owned();
        (!values.is_empty()).then_some(Chart { title, picture: Picture::Sparkline(values), note })
    }
}

const NUMBERS: TypeSet = TypeSet::NUM_LIKE;
const TIMES: TypeSet =
    TypeSet::of(&[Type::FloatingTimestamp, Type::FixedTimestamp, Type::Datestamp]);
const NAMES: TypeSet = TypeSet::of(&[Type::Text, Type::Boolean, Type::Url]);
const GEOMETRIES: TypeSet = TypeSet::GEOSPATIAL;

fn left_out(rows: usize, why: &str) -> Option<String> {
    (rows > 0).then(|| format!("{rows} rows {why}"))
}

/// How often each name occurs, most often first.
fn counted(names: impl Iterator<Item = String>) -> Vec<(String, f64)> {
    let mut counts = std::collections::BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0.0) += 1.0;
    }
    let mut counts: Vec<(String, f64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.total_cmp(&a.1));
    counts
}

/// Ranges of one width that hold all values.
#[expect(clippy::cast_precision_loss, reason = "a picture needs no more")]
fn bins(values: &[f64]) -> Vec<(f64, f64, u64)> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !low.is_finite() || !high.is_finite() {
        return Vec::new();
    }
    if low >= high {
        return vec![(low, high, values.len() as u64)];
    }
    let width = (high - low) / BINS as f64;
    let mut bins: Vec<(f64, f64, u64)> =
        (0..BINS).map(|at| (low + width * at as f64, low + width * (at + 1) as f64, 0)).collect();
    for value in values {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to BINS"
        )]
        let at = ((value - low) / width) as usize;
        if let Some(bin) = bins.get_mut(at.min(BINS - 1)) {
            bin.2 += 1;
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use tule_core::rows::Value as V;

    use super::*;
    use crate::rows::source::Completeness;

    fn kept(columns: &[(&str, Type)], rows: Vec<Row>) -> Kept {
        let columns = columns
            .iter()
            .map(|(name, ty)| OutputColumn { name: (*name).into(), ty: Some(*ty) })
            .collect();
        let total = rows.len() as u64;
        let completeness = Completeness::Whole;
        let (text, datasets, as_of) = (String::new(), Vec::new(), None);
        Kept { text, columns, rows, total, completeness, datasets, as_of }
    }

    fn n(value: i32) -> V {
        V::Number(value.to_string().into())
    }

    fn t(value: &str) -> V {
        V::Text(value.into())
    }

    #[test]
    fn types_choose_the_picture() {
        let bars = kept(&[("beat", Type::Text), ("n", Type::Number)], vec![vec![t("C1"), n(5)]]);
        let chart = choose(&bars, None, &[]).unwrap();
        assert_eq!(chart.title, "n by beat");
        assert_eq!(chart.picture, Picture::Bars(vec![("C1".to_owned(), 5.0)]));

        let rows = vec![
            vec![n(2), t("2025-01-02T00:00:00.000")],
            vec![n(1), t("2025-01-01T00:00:00.000")],
        ];
        let line = kept(&[("n", Type::Number), ("day", Type::FloatingTimestamp)], rows);
        let Picture::Line(points, true) = choose(&line, None, &[]).unwrap().picture else {
            panic!()
        };
        assert_eq!(points.iter().map(|p| p.1).collect::<Vec<_>>(), [1.0, 2.0]);
        assert!((points[1].0 - points[0].0 - 86_400.0).abs() < 1e-6);

        let one = kept(&[("n", Type::Number)], (0..100).map(|i| vec![n(i)]).collect());
        let Picture::Histogram(bins, false) = choose(&one, None, &[]).unwrap().picture else {
            panic!()
        };
        assert_eq!(bins.iter().map(|bin| bin.2).sum::<u64>(), 100);

        let point = serde_json::json!({ "type": "Point", "coordinates": [-121.3, 37.9] });
        let map = kept(
            &[("n", Type::Number), ("p", Type::Point)],
            vec![vec![n(1), V::Json(point)], vec![n(2), V::Null]],
        );
        let chart = choose(&map, None, &[]).unwrap();
        assert!(matches!(chart.picture, Picture::Map(ref shapes) if shapes.len() == 1));
        assert_eq!(chart.note.as_deref(), Some("1 rows have no place"));
    }

    #[test]
    fn names_choose_columns_and_misspellings_are_told() {
        let all = kept(
            &[("a", Type::Text), ("b", Type::Number), ("c", Type::Number)],
            vec![vec![t("x"), n(1), n(2)]],
        );
        let chart = choose(&all, Some(Kind::Bar), &["a", "c"]).unwrap();
        assert_eq!(chart.picture, Picture::Bars(vec![("x".to_owned(), 2.0)]));
        assert_eq!(choose(&all, None, &["d"]).unwrap_err().0, "the result has no column `d`");
        assert!(choose(&all, Some(Kind::Map), &[]).unwrap_err().1.contains("`b` (number)"));
        assert!(choose(&kept(&[], vec![]), None, &[]).is_err());
    }
}
