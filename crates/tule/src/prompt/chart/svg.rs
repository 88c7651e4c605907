//! Pictures as SVG, for pages: numbers and escaped text only, colours from the page.

use std::fmt::Write as _;

use super::draw::{bounds, fitted, ranges};
use super::value::{Shape, figure, moment};
use super::{Chart, Picture};
use crate::escape::one_line;

/// Width of every picture, in its own units.
const WIDTH: f64 = 720.0;
/// Height of lines and maps.
const HEIGHT: f64 = 360.0;
/// Height of a bar with the gap below it.
const BAR: f64 = 22.0;
/// Most shapes of a map: more are a blot that no browser likes.
const SHAPES: usize = 20_000;

/// The picture as an `svg` element.
pub(crate) fn svg(chart: &Chart) -> String {
    let (height, body) = match &chart.picture {
        Picture::Bars(bars) => bars_of(bars),
        Picture::Histogram(bins, is_time) => bars_of(&ranges(bins, *is_time)),
        Picture::Line(points, is_time) => line(points, *is_time),
        Picture::Sparkline(values) => {
            #[expect(clippy::cast_precision_loss, reason = "a picture needs no more")]
            let points: Vec<(f64, f64)> =
                values.iter().enumerate().map(|(at, value)| (at as f64, *value)).collect();
            line(&points, false)
        }
        Picture::Map(shapes) => map(shapes),
    };
    let title = escaped(&chart.title);
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{title}\">\
         <title>{title}</title>\n{body}</svg>\n"
    )
}

/// Text for HTML and XML, in elements and in quoted attributes, on one line.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn bars_of(bars: &[(String, f64)]) -> (f64, String) {
    let most = bars.iter().map(|(_, value)| value.abs()).fold(0.0, f64::max);
    let left = 220.0;
    let room = WIDTH - left - 90.0;
    let mut out = String::new();
    let mut y = 4.0;
    for (name, value) in bars {
        let length = if most > 0.0 { value.abs() / most * room } else { 0.0 };
        let class = if *value < 0.0 { "bar less" } else { "bar" };
        let _ = writeln!(
            out,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>\
             <rect class=\"{class}\" x=\"{left:.0}\" y=\"{y:.0}\" width=\"{length:.1}\" height=\"{:.0}\"/>\
             <text x=\"{:.1}\" y=\"{:.0}\">{}</text>",
            left - 8.0,
            y + 13.0,
            escaped(name),
            BAR - 5.0,
            left + length + 6.0,
            y + 13.0,
            figure(*value),
        );
        y += BAR;
    }
    (y + 4.0, out)
}

fn line(points: &[(f64, f64)], is_time: bool) -> (f64, String) {
    let x = bounds(points.iter().map(|point| point.0));
    let y = bounds(points.iter().map(|point| point.1));
    let y = if y[0] > 0.0 { [0.0, y[1]] } else { y };
    let (left, right, top, bottom) = (80.0, WIDTH - 20.0, 12.0, HEIGHT - 30.0);
    let place = |point: &(f64, f64)| {
        let across = left + (point.0 - x[0]) / (x[1] - x[0]) * (right - left);
        let up = bottom - (point.1 - y[0]) / (y[1] - y[0]) * (bottom - top);
        (across, up)
    };
    let mut out = String::new();
    for at in [y[0], f64::midpoint(y[0], y[1]), y[1]] {
        let (_, up) = place(&(x[0], at));
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{left}\" y1=\"{up:.1}\" x2=\"{right}\" y2=\"{up:.1}\"/>\
             <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            left - 8.0,
            up + 4.0,
            figure(at),
        );
    }
    let span = x[1] - x[0];
    let mark = |value: f64| if is_time { moment(value, span) } else { figure(value) };
    let ends = [(x[0], "start"), (f64::midpoint(x[0], x[1]), "middle"), (x[1], "end")];
    for (at, anchor) in ends {
        let (across, _) = place(&(at, y[0]));
        let _ = writeln!(
            out,
            "<text x=\"{across:.1}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{}</text>",
            HEIGHT - 10.0,
            mark(at),
        );
    }
    let places: Vec<(f64, f64)> = points.iter().map(place).collect();
    if let [(across, up)] = places.as_slice() {
        let _ = writeln!(out, "<circle class=\"dot\" cx=\"{across:.1}\" cy=\"{up:.1}\" r=\"4\"/>");
    } else {
        let path: Vec<String> =
            places.iter().map(|(across, up)| format!("{across:.1},{up:.1}")).collect();
        let _ = writeln!(out, "<polyline class=\"line\" points=\"{}\"/>", path.join(" "));
    }
    (HEIGHT, out)
}

fn map(shapes: &[Shape]) -> (f64, String) {
    let shown = shapes.get(..SHAPES).unwrap_or(shapes);
    let all = || shown.iter().flat_map(|shape| &shape.points);
    let x = bounds(all().map(|point| point.0));
    let y = bounds(all().map(|point| point.1));
    let height = HEIGHT + 80.0;
    let (x, y) = fitted(x, y, WIDTH, height - 24.0);
    let place = |(px, py): &(f64, f64)| {
        let across = (px - x[0]) / (x[1] - x[0]) * WIDTH;
        let up = (1.0 - (py - y[0]) / (y[1] - y[0])) * (height - 24.0);
        (across, up)
    };
    let mut out = String::new();
    for shape in shown {
        let places: Vec<(f64, f64)> = shape.points.iter().map(place).collect();
        if let [(across, up)] = places.as_slice() {
            let _ =
                writeln!(out, "<circle class=\"dot\" cx=\"{across:.1}\" cy=\"{up:.1}\" r=\"3\"/>");
            continue;
        }
        let (element, class) =
            if shape.is_area { ("polygon", "area") } else { ("polyline", "line") };
        let path: Vec<String> =
            places.iter().map(|(across, up)| format!("{across:.1},{up:.1}")).collect();
        let _ = writeln!(out, "<{element} class=\"{class}\" points=\"{}\"/>", path.join(" "));
    }
    let _ = writeln!(
        out,
        "<text x=\"4\" y=\"{:.0}\">longitude {:.3} to {:.3}, latitude {:.3} to {:.3}</text>",
        height - 6.0,
        x[0],
        x[1],
        y[0],
        y[1],
    );
    (height, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_is_sound_xml_and_text_in_it_is_text() {
        let hostile = "<script>alert('&\")</script>\x1b";
        let area = Shape { points: vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)], is_area: true };
        let pictures = [
            Picture::Bars(vec![(hostile.to_owned(), 5.0), (String::new(), -1.0)]),
            Picture::Histogram(vec![(0.0, 1.0, 5), (1.0, 2.0, 0)], true),
            Picture::Line(vec![(0.0, 1.0), (1.0, 5.0)], false),
            Picture::Line(vec![(0.0, 1.0)], false),
            Picture::Sparkline(vec![1.0, 1.0]),
            Picture::Map(vec![area, Shape::point(2.0, 3.0)]),
        ];
        for picture in pictures {
            let chart = Chart { title: hostile.to_owned(), picture, note: None };
            let text = svg(&chart);
            uppsala::parse(&text).unwrap();
            assert!(
                !text.contains("<script") && !text.contains("NaN") && !text.contains("inf"),
                "{text}"
            );
        }
    }
}
