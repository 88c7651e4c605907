//! Arguments made up from a seed: a value and how SQL writes it.

use tule_core::types::Type;
use tule_local::value::{Fault, Value};

/// A value for both sides: a literal, or the result of a call.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) value: Result<Value<'static>, Fault>,
    pub(crate) sql: String,
}

impl Argument {
    pub(crate) fn new(ty: Type, text: &str) -> Self {
        let value = Value::read(text, ty).unwrap_or_else(|fault| panic!("{ty} {text}: {fault}"));
        let quoted = format!("'{}'", text.replace('\'', "''"));
        let cast = match ty {
            Type::Text => "text",
            Type::Number => "numeric",
            Type::Double => "float8",
            Type::Boolean => "boolean",
            Type::FixedTimestamp => "timestamptz",
            Type::FloatingTimestamp => "timestamp",
            Type::Datestamp => "date",
            Type::Time => "time",
            Type::Interval => "interval",
            _ => "geometry",
        };
        Self { value: Ok(value.into_owned()), sql: format!("({quoted}::{cast})") }
    }
}

/// Makes up values, the same ones for the same seed.
pub(crate) struct Generator(fastrand::Rng);

/// Letters that texts are made of: few, so that some are found in others.
const LETTERS: &[char] = &['a', 'A', 'b', 'B', ' ', ',', '%', '_', '\\', 'ñ', 'Ñ', 'é', '7'];

/// Zones with and without summer time, on either side of Greenwich.
const ZONES: &[&str] =
    &["America/Los_Angeles", "UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    pub(crate) fn flip(&mut self) -> bool {
        self.0.bool()
    }

    pub(crate) fn pick<'t, T>(&mut self, choices: &'t [T]) -> &'t T {
        &choices[self.0.usize(..choices.len())]
    }

    /// One of several kinds, by what it is called.
    pub(crate) fn argument(&mut self, kind: &str) -> Argument {
        let (ty, text) = match kind {
            "number" => (Type::Number, self.number()),
            "small" => (Type::Number, self.0.i32(-4..=12).to_string()),
            "positive" => (Type::Number, self.number().trim_start_matches('-').to_owned()),
            "double" => (Type::Double, self.double()),
            "boolean" => (Type::Boolean, self.0.bool().to_string()),
            "text" => (Type::Text, self.text(8)),
            "short" => (Type::Text, self.text(2)),
            "numeral" => (Type::Text, self.numeral()),
            "word" => (Type::Text, self.word()),
            "accented" => (Type::Text, self.accented()),
            "zone" => (Type::Text, (*self.pick(ZONES)).to_owned()),
            "floating" => (Type::FloatingTimestamp, self.moment(1900..2100)),
            "fixed" => (Type::FixedTimestamp, self.moment(1972..2037) + "Z"),
            "date" => (Type::Datestamp, self.day(1900..2100)),
            "time" => (Type::Time, self.clock()),
            "interval" => (Type::Interval, self.interval()),
            "point" => (Type::Point, format!("POINT ({})", self.place())),
            "points" => {
                let places: Vec<String> = (0..self.0.usize(1..6)).map(|_| self.place()).collect();
                (Type::Multipoint, format!("MULTIPOINT ({})", places.join(", ")))
            }
            "line" => (Type::Line, format!("LINESTRING ({})", self.path())),
            "polygon" => (Type::Polygon, format!("POLYGON (({}))", self.ring())),
            "shape" => {
                let kind = *self.pick(&["point", "points", "line", "polygon"]);
                return self.argument(kind);
            }
            "size" => (Type::Number, (*self.pick(&["1", "2", "0.5", "3"])).to_owned()),
            other => panic!("no arguments of the kind {other}"),
        };
        Argument::new(ty, &text)
    }

    fn digits(&mut self, most: usize) -> String {
        (0..self.0.usize(1..=most)).map(|_| char::from(b'0' + self.0.u8(..10))).collect()
    }

    fn number(&mut self) -> String {
        let sign = if self.0.bool() { "-" } else { "" };
        let most = *self.pick(&[1, 2, 5, 25]);
        let whole = self.digits(most);
        match self.0.u8(..3) {
            0 => format!("{sign}{whole}"),
            1 => format!("{sign}0.{}", self.digits(8)),
            _ => format!("{sign}{whole}.{}", self.digits(4)),
        }
    }

    fn double(&mut self) -> String {
        match self.0.u8(..4) {
            0 => self.0.i32(-20..20).to_string(),
            1 => format!("{}.5", self.0.i32(-20..20)),
            2 => format!("{:e}", self.0.f64() * 1e200).replace('E', "e"),
            _ => (self.0.f64() * 200.0 - 100.0).to_string(),
        }
    }

    fn text(&mut self, most: usize) -> String {
        (0..self.0.usize(..=most)).map(|_| *self.pick(LETTERS)).collect()
    }

    fn numeral(&mut self) -> String {
        let texts = [
            "1.50", " 7 ", "-3", "+.5", "1e3", "2E-2", "1,000", "", "abc", "0x1F", "5.", "1 2",
            "--1", ".",
        ];
        (*self.pick(&texts)).to_owned()
    }

    fn word(&mut self) -> String {
        let texts = [
            "true", "T", " yes", "y", "on", "1", "0", "off", "of", "o", "no", "FALSE", "fal",
            "truely", "",
        ];
        (*self.pick(&texts)).to_owned()
    }

    /// Letters of the Latin, Greek and Cyrillic scripts, and signs between them.
    fn accented(&mut self) -> String {
        let ranges = [0xa1..0x180_u32, 0x391..0x3ca, 0x400..0x460, 0x1e00..0x1f00, 0x2010..0x2020];
        let letter = |random: &mut fastrand::Rng| {
            let range = ranges[random.usize(..ranges.len())].clone();
            char::from_u32(random.u32(range)).unwrap()
        };
        (0..4).map(|_| letter(&mut self.0)).collect()
    }

    fn day(&mut self, years: std::ops::Range<i32>) -> String {
        let (year, month) = (self.0.i32(years), self.0.u8(1..=12));
        let last =
            jiff::civil::date(year.try_into().unwrap(), month.cast_signed(), 1).days_in_month();
        // The ends of months are where arithmetic is difficult.
        let day = if self.0.bool() { last.cast_unsigned() } else { self.0.u8(1..=28) };
        format!("{year}-{month:02}-{day:02}")
    }

    fn clock(&mut self) -> String {
        let (hour, minute, second) = (self.0.u8(..24), self.0.u8(..60), self.0.u8(..60));
        format!("{hour:02}:{minute:02}:{second:02}.{:03}", self.0.u16(..1000))
    }

    fn moment(&mut self, years: std::ops::Range<i32>) -> String {
        format!("{}T{}", self.day(years), self.clock())
    }

    fn interval(&mut self) -> String {
        let mut part = |most: i32| self.0.i32(-most..=most);
        match part(3) {
            -3..=-1 => format!("P{}M{}D", part(30), part(40)),
            0 => format!(
                "P{}Y{}M{}DT{}H{}M{}S",
                part(3),
                part(12),
                part(60),
                part(40),
                part(90),
                part(90)
            ),
            1 => format!("PT{}.{:03}S", part(90_000), part(999).abs()),
            _ => format!("P{}DT{}H", part(40), part(40)),
        }
    }

    /// Whole coordinates, few enough for shapes to meet.
    fn place(&mut self) -> String {
        format!("{} {}", self.0.i32(0..9), self.0.i32(0..9))
    }

    /// A path on which no two vertices in a row are the same.
    fn path(&mut self) -> String {
        let mut places = vec![self.place()];
        let length = self.0.usize(2..6);
        while places.len() < length {
            let next = self.place();
            if places.last() != Some(&next) {
                places.push(next);
            }
        }
        places.join(", ")
    }

    /// A box or a triangle, in either direction.
    fn ring(&mut self) -> String {
        let (x, y) = (self.0.i32(0..6), self.0.i32(0..6));
        let (right, top) = (x + self.0.i32(1..5), y + self.0.i32(1..5));
        let mut corners = vec![(x, y), (right, y), (right, top), (x, top)];
        if self.0.bool() {
            corners.remove(self.0.usize(..4));
        }
        if self.0.bool() {
            corners.reverse();
        }
        corners.push(corners[0]);
        let written: Vec<String> = corners.iter().map(|(x, y)| format!("{x} {y}")).collect();
        written.join(", ")
    }
}
