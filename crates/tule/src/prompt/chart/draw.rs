//! Pictures in a terminal: braille and blocks.
//!
//! Lines and maps are drawn by ratatui's widgets into a buffer in memory, which becomes text; no
//! screen is taken over.

use ratatui_core::buffer::Buffer;
use ratatui_core::layout::Rect;
use ratatui_core::style::{Color, Style};
use ratatui_core::symbols::Marker;
use ratatui_core::text::Line as Label;
use ratatui_core::widgets::Widget;
use ratatui_widgets::canvas::{Canvas, Line, Points};
use ratatui_widgets::chart::{Axis, Chart as LineChart, Dataset, GraphType};
use unicode_width::UnicodeWidthStr as _;

use super::value::{Shape, figure, moment};
use super::{Chart, Picture};
use crate::escape::one_line;
use crate::output::{ADDED, FAINT, Paint, STRONG};

/// Parts of a block, from an eighth to seven.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// The same upwards, in a whole.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The picture as text that fits a terminal of this size.
pub(crate) fn draw(chart: &Chart, width: u16, height: u16, paint: Paint) -> String {
    let width = width.clamp(20, 160);
    let height = height.saturating_sub(6).clamp(6, 24);
    let mut out = paint.on(STRONG, &one_line(&chart.title));
    out.push('\n');
    match &chart.picture {
        Picture::Bars(bars) => out.push_str(&bars_of(bars, width.into(), paint)),
        Picture::Histogram(bins, is_time) => {
            let rows: Vec<(String, f64)> = ranges(bins, *is_time);
            out.push_str(&bars_of(&rows, width.into(), paint));
        }
        Picture::Sparkline(values) => out.push_str(&sparkline(values, width.into(), paint)),
        Picture::Line(points, is_time) => {
            out.push_str(&line(points, *is_time, Rect::new(0, 0, width, height), paint));
        }
        Picture::Map(shapes) => out.push_str(&map(shapes, width, height, paint)),
    }
    if let Some(note) = &chart.note {
        out.push_str(&paint.on(FAINT, note));
        out.push('\n');
    }
    out
}

/// Ranges with their names.
pub(super) fn ranges(bins: &[(f64, f64, u64)], is_time: bool) -> Vec<(String, f64)> {
    let span = bins.last().map_or(0.0, |last| last.1) - bins.first().map_or(0.0, |first| first.0);
    let end = |value: f64| if is_time { moment(value, span) } else { figure(value) };
    let name = |low: f64, high: f64| format!("{} to {}", end(low), end(high));
    #[expect(clippy::cast_precision_loss, reason = "a picture needs no more")]
    let bar = |(low, high, count): &(f64, f64, u64)| (name(*low, *high), *count as f64);
    bins.iter().map(bar).collect()
}

fn bars_of(bars: &[(String, f64)], width: usize, paint: Paint) -> String {
    let names = bars.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let figures: Vec<String> = bars.iter().map(|(_, value)| figure(*value)).collect();
    let digits = figures.iter().map(String::len).max().unwrap_or(0);
    let room = width.saturating_sub(names + digits + 4).max(4);
    let most = bars.iter().map(|(_, value)| value.abs()).fold(0.0, f64::max);
    let mut out = String::new();
    for ((name, value), figure) in bars.iter().zip(figures) {
        let gap = " ".repeat(names - name.width());
        let bar = bar(value.abs(), most, room);
        // What is less than nothing has a bar of another kind, so that it is not taken for more.
        let bar = if *value < 0.0 { bar.replace(|c: char| c != ' ', "░") } else { bar };
        let line = format!("{name}{gap}  {figure:>digits$}  {}", paint.on(ADDED, &bar));
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A bar in eighths of a cell.
fn bar(value: f64, most: f64, room: usize) -> String {
    if most <= 0.0 || value <= 0.0 {
        return String::new();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "from 0 to eight times the room"
    )]
    let eighths = ((value / most) * (room * 8) as f64).round().max(1.0) as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS.get(eighths % 8).unwrap_or(&""))
}

fn sparkline(values: &[f64], width: usize, paint: Paint) -> String {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Where there are more values than cells, a cell is the mean of its values.
    let each = values.len().div_ceil(width.max(1)).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a picture needs no more")]
    let cells = values.chunks(each).map(|part| part.iter().sum::<f64>() / part.len() as f64);
    let level = |value: f64| {
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 7")]
        let at = (share * 7.0).round() as usize;
        *LEVELS.get(at).unwrap_or(&LEVELS[7])
    };
    let line: String = cells.map(level).collect();
    let ends = format!("from {} to {}", figure(low), figure(high));
    format!("{}\n{}\n", paint.on(ADDED, &line), paint.on(FAINT, &ends))
}

/// The least and the greatest of numbers, apart from each other.
pub(super) fn bounds(values: impl Iterator<Item = f64>) -> [f64; 2] {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if !low.is_finite() {
        return [0.0, 1.0];
    }
    if high - low > f64::EPSILON * high.abs().max(1.0) {
        return [low, high];
    }
    let half = low.abs().max(1.0) / 2.0;
    [low - half, low + half]
}

fn line(points: &[(f64, f64)], is_time: bool, area: Rect, paint: Paint) -> String {
    let x = bounds(points.iter().map(|point| point.0));
    let y = bounds(points.iter().map(|point| point.1));
    // A line of numbers above nought is read from nought.
    let y = if y[0] > 0.0 { [0.0, y[1]] } else { y };
    let span = x[1] - x[0];
    let mark = |value: f64| if is_time { moment(value, span) } else { figure(value) };
    let middle = |[low, high]: [f64; 2]| f64::midpoint(low, high);
    let labels = |bounds: [f64; 2], text: &dyn Fn(f64) -> String| {
        [bounds[0], middle(bounds), bounds[1]].map(text).map(Label::from).to_vec()
    };
    let drawn = Dataset::default()
        .marker(Marker::Braille)
        .graph_type(if points.len() > 1 { GraphType::Line } else { GraphType::Scatter })
        .style(Style::new().fg(Color::Green))
        .data(points);
    let chart = LineChart::new(vec![drawn])
        .x_axis(Axis::default().bounds(x).labels(labels(x, &mark)))
        .y_axis(Axis::default().bounds(y).labels(labels(y, &figure)));
    let mut buffer = Buffer::empty(area);
    chart.render(area, &mut buffer);
    text(&buffer, paint)
}

fn map(shapes: &[Shape], width: u16, height: u16, paint: Paint) -> String {
    let all = || shapes.iter().flat_map(|shape| &shape.points);
    let x = bounds(all().map(|point| point.0));
    let y = bounds(all().map(|point| point.1));
    let area = Rect::new(0, 0, width, height);
    let (x, y) = fitted(x, y, f64::from(width), f64::from(height) * 2.0);
    let single: Vec<(f64, f64)> = shapes
        .iter()
        .filter_map(|shape| match shape.points.as_slice() {
            [point] => Some(*point),
            _ => None,
        })
        .collect();
    let canvas =
        Canvas::default().marker(Marker::Braille).x_bounds(x).y_bounds(y).paint(|context| {
            for shape in shapes {
                for (from, to) in shape.points.iter().zip(shape.points.iter().skip(1)) {
                    context.draw(&Line::new(from.0, from.1, to.0, to.1, Color::Cyan));
                }
            }
            context.draw(&Points { coords: &single, color: Color::Green });
        });
    let mut buffer = Buffer::empty(area);
    canvas.render(area, &mut buffer);
    let places =
        format!("longitude {:.3} to {:.3}, latitude {:.3} to {:.3}", x[0], x[1], y[0], y[1]);
    format!("{}{}\n", text(&buffer, paint), paint.on(FAINT, &places))
}

/// Bounds under which a degree to the north is as long as it is beside one to the east.
pub(super) fn fitted(x: [f64; 2], y: [f64; 2], width: f64, height: f64) -> ([f64; 2], [f64; 2]) {
    let middle = f64::midpoint(y[0], y[1]).clamp(-85.0, 85.0);
    let shrink = middle.to_radians().cos().max(0.05);
    let (wide, tall) = ((x[1] - x[0]) * shrink, y[1] - y[0]);
    let scale = (wide / width).max(tall / height) * 1.05;
    let around = |[low, high]: [f64; 2], length: f64| {
        let middle = f64::midpoint(low, high);
        [middle - length / 2.0, middle + length / 2.0]
    };
    (around(x, width * scale / shrink), around(y, height * scale))
}

/// What is in a buffer, without blank space at the ends of lines.
fn text(buffer: &Buffer, paint: Paint) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let mut out = String::new();
    for row in buffer.content.chunks(width) {
        let last = row.iter().rposition(|cell| cell.symbol() != " ").map_or(0, |at| at + 1);
        for cell in row.iter().take(last) {
            let is_drawn = matches!(cell.fg, Color::Green | Color::Cyan);
            if is_drawn {
                out.push_str(&paint.on(ADDED, cell.symbol()));
            } else {
                out.push_str(cell.symbol());
            }
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(picture: Picture, width: u16) -> String {
        let chart = Chart { title: "t\x1b[31m".to_owned(), picture, note: None };
        draw(&chart, width, 20, Paint(false))
    }

    #[test]
    fn bars_are_in_proportion_and_fit() {
        let bars = vec![("C1".to_owned(), 200.0), ("表".to_owned(), 50.0), ("x".to_owned(), -50.0)];
        let text = drawn(Picture::Bars(bars), 40);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "t␛[31m");
        let length = |line: &str| line.matches('█').count();
        assert_eq!((length(lines[1]), length(lines[2])), (31, 7), "{text}");
        assert!(lines[3].contains("░") && lines[2].starts_with("表   50"), "{text}");
        assert!(lines.iter().all(|line| line.width() <= 40), "{text}");
    }

    #[test]
    fn lines_and_maps_fit_and_name_their_ends() {
        let points: Vec<(f64, f64)> = (0..50).map(|i| (f64::from(i), f64::from(i * i))).collect();
        let text = drawn(Picture::Line(points, false), 60);
        assert!(text.contains("2,401") && text.contains("49"), "{text}");
        assert!(text.lines().all(|line| line.width() <= 60), "{text}");

        let area =
            Shape { points: vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)], is_area: true };
        let text = drawn(Picture::Map(vec![area, Shape::point(0.5, 0.5)]), 60);
        let braille = |c: char| ('\u{2801}'..='\u{28ff}').contains(&c);
        assert!(text.contains("longitude") && text.contains(braille), "{text}");
    }

    #[test]
    fn odd_numbers_are_drawn() {
        for values in [vec![5.0], vec![0.0, 0.0], vec![1e308, -1e308], vec![f64::MIN_POSITIVE]] {
            let points = values.iter().map(|v| (*v, *v)).collect();
            drawn(Picture::Line(points, true), 30);
            drawn(Picture::Map(values.iter().map(|v| Shape::point(*v, *v)).collect()), 30);
            drawn(Picture::Bars(values.iter().map(|v| (String::new(), *v)).collect()), 1);
            drawn(Picture::Sparkline(values), 30);
        }
    }
}
