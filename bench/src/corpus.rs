//! A corpus of realistic statements from a seed.
//!
//! Two sets. The *plain* one stays within what other SQL parsers read too, so that they can be
//! measured on the same bytes; the *extended* one adds casts, joins and `|>`. All statements are
//! free of diagnostics, which [`crate::assert_sound`] verifies before anything is measured.

use std::fmt::Write as _;

use tule_core::schema::catalog::Catalog;
use tule_core::schema::{Column, Dataset};
use tule_core::types::Type;

use crate::random::Random;

/// Shortest and longest statement in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 80..=600;

const CALLS: &[(&str, Type)] = &[
    ("incident_id", Type::Text),
    ("call_entry_date", Type::FloatingTimestamp),
    ("call_entry_time", Type::Text),
    ("dispatched_at", Type::FloatingTimestamp),
    ("on_scene_at", Type::FloatingTimestamp),
    ("closed_at", Type::FloatingTimestamp),
    ("beat", Type::Text),
    ("district", Type::Text),
    ("call_type", Type::Text),
    ("call_type_final", Type::Text),
    ("priority", Type::Text),
    ("disposition", Type::Text),
    ("first_cross_street", Type::Text),
    ("second_cross_street", Type::Text),
    ("zip_code", Type::Text),
    ("units_assigned", Type::Number),
    ("response_minutes", Type::Number),
    ("x", Type::Number),
    ("y", Type::Number),
    ("officer_initiated", Type::Boolean),
    ("location", Type::Point),
];

const BEATS: &[(&str, Type)] = &[
    ("beat_code", Type::Text),
    ("area_name", Type::Text),
    ("sergeant", Type::Text),
    ("population", Type::Number),
    ("square_miles", Type::Number),
    ("formed_on", Type::FloatingTimestamp),
    ("outline", Type::Multipolygon),
];

/// The datasets that the statements name.
pub fn catalog() -> Catalog {
    let dataset = |id, title, columns: &[(&str, Type)]| {
        let columns = columns.iter().map(|&(name, ty)| Column::new(name, ty)).collect();
        Dataset::new("data.example.org", id, title, columns)
    };
    Catalog::of(vec![
        ("police_calls", dataset("aaaa-0001", "Police calls", CALLS)),
        ("patrol_beats", dataset("aaaa-0002", "Patrol beats", BEATS)),
    ])
}

/// Statements that both Tule and `sqlparser` read.
pub fn plain(seed: u64, count: usize) -> Vec<String> {
    statements(seed, count, false)
}

/// Statements with casts, joins and `|>` as well.
pub fn extended(seed: u64, count: usize) -> Vec<String> {
    statements(seed, count, true)
}

/// Statements of some 80 bytes.
pub fn short(seed: u64, count: usize) -> Vec<String> {
    let mut found = statements(seed, count * 40, false);
    found.retain(|text| text.len() < 110);
    found.truncate(count);
    found
}

/// A file of statements with this many lines.
pub fn file(seed: u64, lines: usize) -> String {
    let mut text = String::new();
    let mut written = 0;
    let mut random = Random(seed);
    while written < lines {
        let next = statement(&mut random, false);
        let rows = next.matches('\n').count() + 2;
        if written + rows <= lines {
            text.push_str(&next);
            text.push_str(";\n\n");
        } else {
            text.push_str(&"\n".repeat(lines - written));
        }
        written += rows;
    }
    text
}

/// The same statements with one fault each: a token left out, followed by `)` or preceded by `=`.
pub fn broken(seed: u64, statements: &[String]) -> Vec<String> {
    let mut random = Random(seed);
    let damage = |text: &String| {
        let lexed = tule_syntax::lexer::lex(text);
        let tokens: Vec<_> = lexed.iter().filter(|(kind, _)| !kind.is_trivia()).collect();
        let (_, span) = tokens[random.below(tokens.len())];
        let (start, end) = (span.start as usize, span.end as usize);
        match random.below(3) {
            0 => format!("{}{}", &text[..start], &text[end..]),
            1 => format!("{}){}", &text[..end], &text[end..]),
            _ => format!("{}= {}", &text[..start], &text[start..]),
        }
    };
    statements.iter().map(damage).collect()
}

/// `beat in ('…', …)` with so many members.
pub fn in_list(items: usize) -> String {
    let mut text = String::from("select incident_id from police_calls where incident_id in (");
    for item in 0..items {
        let _ = write!(text, "{}'P-{item:07}'", if item == 0 { "" } else { ", " });
    }
    text.push_str(") limit 10");
    text
}

/// A condition of so many parts joined by AND.
pub fn and_terms(terms: usize) -> String {
    let mut text = String::from("select incident_id from police_calls where ");
    for term in 0..terms {
        let and = if term == 0 { "" } else { " and " };
        let _ = match term % 3 {
            0 => write!(text, "{and}response_minutes != {term}"),
            1 => write!(text, "{and}incident_id != 'P-{term:07}'"),
            _ => write!(text, "{and}call_entry_date > '2024-01-{:02}'", term % 28 + 1),
        };
    }
    text.push_str(" limit 10");
    text
}

/// So many parentheses around a column.
pub fn nested_parentheses(depth: usize) -> String {
    let (open, close) = ("(".repeat(depth), ")".repeat(depth));
    format!("select incident_id from police_calls where {open}x{close} > 1 limit 10")
}

/// So many calls around a column.
pub fn nested_calls(depth: usize) -> String {
    let (open, close) = ("abs(".repeat(depth), ")".repeat(depth));
    format!("select incident_id from police_calls where {open}x{close} > 1 limit 10")
}

fn statements(seed: u64, count: usize, extended: bool) -> Vec<String> {
    let mut random = Random(seed);
    (0..count).map(|_| statement(&mut random, extended)).collect()
}

fn statement(random: &mut Random, extended: bool) -> String {
    loop {
        let mut writer = Writer {
            lines: random.percent(50),
            upper: random.percent(25),
            random,
            out: String::new(),
            casts: extended,
            joined: false,
            depth: 0,
        };
        writer.statement(extended);
        let text = writer.out;
        if LENGTHS.contains(&text.len()) {
            return text;
        }
    }
}

const TEXTS: &[&str] = &[
    "incident_id",
    "call_entry_time",
    "beat",
    "district",
    "call_type",
    "call_type_final",
    "priority",
    "disposition",
    "first_cross_street",
    "second_cross_street",
    "zip_code",
];
const NUMBERS: &[&str] = &["units_assigned", "response_minutes", "x", "y"];
const DATES: &[&str] = &["call_entry_date", "dispatched_at", "on_scene_at", "closed_at"];
const WORDS: &[&str] = &[
    "C4",
    "B2",
    "Civic Center",
    "TRAFFIC STOP",
    "911 HANG UP",
    "Bianchi",
    "PARK",
    "Seaport",
    "Valley Oak",
    "Lakeview",
    "EL DORADO ST",
    "PACIFIC AV",
    "MARCH LN",
    "HAMMER LN",
    "95202",
    "95207",
    "1",
    "2",
    "REPORT TAKEN",
    "GONE ON ARRIVAL",
    "O''BRIEN WY",
    "Welfare check",
    "ALARM - RESIDENTIAL",
    "DISTURBANCE",
];
const COMPARISONS: &[&str] = &["=", "!=", "<>", "<", ">", "<=", ">="];
const ALIASES: &[&str] = &[
    "area",
    "kind",
    "label",
    "grade",
    "street",
    "month_start",
    "hour_of_day",
    "share",
    "score",
    "weight",
    "note",
    "code",
];

#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
struct Writer<'r> {
    random: &'r mut Random,
    out: String,
    lines: bool,
    upper: bool,
    casts: bool,
    joined: bool,
    depth: usize,
}

/// A member of the select list: what it is called behind it, and whether it is a number.
struct Item {
    name: String,
    number: bool,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A keyword or several, in this statement's case.
    fn word(&mut self, word: &str) {
        if self.upper {
            self.out.push_str(&word.to_ascii_uppercase());
        } else {
            self.out.push_str(word);
        }
    }

    /// Begins a clause.
    fn clause(&mut self, words: &str) {
        if !self.out.is_empty() {
            self.put(if self.lines { "\n" } else { " " });
        }
        self.word(words);
        self.put(" ");
    }

    fn comma(&mut self) {
        self.put(if self.lines { ",\n  " } else { ", " });
    }

    fn statement(&mut self, extended: bool) {
        let shape = if extended { self.random.below(4) } else { 3 };
        self.joined = shape == 0 || shape == 1;
        if self.random.percent(45) {
            let items = self.grouped();
            if shape >= 1 && extended {
                self.step(&items);
            }
        } else {
            let items = self.rows();
            if shape == 2 {
                self.step(&items);
            }
        }
    }

    fn from(&mut self) {
        self.clause("from");
        self.put("police_calls");
        if self.joined {
            let join = self.random.pick(&["join", "left outer join"]);
            self.clause(join);
            self.put("patrol_beats ");
            self.word("as");
            self.put(" b ");
            self.word("on");
            self.put(" beat = @b.beat_code");
        }
    }

    fn rows(&mut self) -> Vec<Item> {
        self.clause("select");
        let count = 1 + self.random.below(5);
        let items = self.items(count, 30);
        self.from();
        self.filter(92);
        if self.random.percent(60) {
            self.clause("order by");
            self.order(&items);
        }
        self.limit();
        items
    }

    fn grouped(&mut self) -> Vec<Item> {
        self.clause("select");
        let count = 1 + self.random.below(2);
        let mut items = self.items(count, 60);
        let keys = items.len();
        for (name, call) in self.aggregates() {
            self.comma();
            self.put(&call);
            self.put(" ");
            self.word("as");
            self.put(" ");
            self.put(name);
            items.push(Item { name: name.to_owned(), number: true });
        }
        self.from();
        self.filter(85);
        self.clause("group by");
        for (index, key) in items[..keys].iter().enumerate() {
            if index > 0 {
                self.put(", ");
            }
            self.put(&key.name);
        }
        if self.random.percent(35) {
            self.clause("having");
            self.put("count(*) > ");
            let least = self.random.below(200).to_string();
            self.put(&least);
            if self.random.percent(30) {
                self.put(" ");
                self.word("and");
                self.put(" avg(response_minutes) >= 4.5");
            }
        }
        if self.random.percent(70) {
            self.clause("order by");
            self.order(&items);
        }
        self.limit();
        items
    }

    /// `|> select … where … order by … limit …`
    fn step(&mut self, items: &[Item]) {
        self.put(if self.lines { "\n" } else { " " });
        self.put("|> ");
        self.word("select");
        self.put(" ");
        self.put(&items[0].name);
        let number = items.iter().skip(1).find(|item| item.number);
        if let Some(item) = number {
            self.put(", ");
            self.put(&item.name);
            let share = format!(", 100 * {0} / (1 + {0}) ", item.name);
            self.put(&share);
            self.word("as");
            self.put(" percent");
            self.clause("where");
            let test = format!("{} >= {}", item.name, self.random.below(50));
            self.put(&test);
            self.clause("order by");
            self.put("percent ");
            self.word("desc");
        } else {
            self.put(", count(*) ");
            self.word("as");
            self.put(" times");
            self.clause("group by");
            self.put(&items[0].name);
        }
        self.limit();
    }

    fn items(&mut self, count: usize, computed: usize) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::with_capacity(count);
        while items.len() < count {
            let computed = self.random.percent(computed);
            let names = match self.random.below(10) {
                _ if computed => ALIASES,
                0..6 => TEXTS,
                6 | 7 => DATES,
                _ => NUMBERS,
            };
            let name = self.random.pick(names);
            if items.iter().any(|item| item.name == name) {
                continue;
            }
            if !items.is_empty() {
                self.comma();
            }
            let mut number = names == NUMBERS;
            if computed {
                match self.random.below(3) {
                    0 => self.text(2),
                    1 => {
                        self.number(2);
                        number = true;
                    }
                    _ => self.date(1),
                }
                self.put(" ");
                self.word("as");
                self.put(" ");
            }
            self.put(name);
            items.push(Item { name: name.to_owned(), number });
        }
        items
    }

    /// Aggregates of a grouped select, by alias.
    fn aggregates(&mut self) -> Vec<(&'static str, String)> {
        let mut found = vec![("calls", "count(*)".to_owned())];
        if self.random.percent(40) {
            let (name, function) =
                self.random.pick(&[("mean", "avg"), ("total", "sum"), ("longest", "max")]);
            found.push((name, format!("{function}({})", self.random.pick(NUMBERS))));
        }
        if self.random.percent(20) {
            let word = self.random.pick(WORDS);
            let column = self.random.pick(TEXTS);
            let call = format!("sum(case when {column} = '{word}' then 1 else 0 end)");
            found.push(("urgent", call));
        }
        found
    }

    fn order(&mut self, items: &[Item]) {
        let count = 1 + self.random.below(2.min(items.len()));
        for index in 0..count {
            if index > 0 {
                self.put(", ");
            }
            let from_end = items.len() - 1 - index;
            self.put(&items[from_end].name);
            if self.random.percent(50) {
                self.put(" ");
                let way = self.random.pick(&["desc", "asc"]);
                self.word(way);
            }
        }
    }

    fn limit(&mut self) {
        if self.random.percent(70) {
            self.clause("limit");
            let count = self.random.pick(&["10", "25", "100", "1000", "50000"]);
            self.put(count);
            if self.random.percent(25) {
                self.clause("offset");
                let skip = (self.random.below(20) * 50).to_string();
                self.put(&skip);
            }
        }
    }

    fn filter(&mut self, chance: usize) {
        if !self.random.percent(chance) {
            return;
        }
        self.clause("where");
        let count = 1 + self.random.below(4);
        let word = if self.random.percent(85) { "and" } else { "or" };
        for index in 0..count {
            if index > 0 {
                self.put(if self.lines { "\n  " } else { " " });
                self.word(word);
                self.put(" ");
            }
            self.condition(2);
        }
    }

    fn condition(&mut self, depth: usize) {
        match self.random.below(if depth == 0 { 9 } else { 11 }) {
            0 => {
                self.text(1);
                let op = self.random.pick(COMPARISONS);
                self.infix(op);
                self.string();
            }
            1 | 2 => {
                self.number(2);
                let op = self.random.pick(COMPARISONS);
                self.infix(op);
                self.number(0);
            }
            3 => {
                self.date(1);
                let op = self.random.pick(&["<", ">", "<=", ">="]);
                self.infix(op);
                self.day();
            }
            4 => {
                if self.random.percent(60) {
                    self.date(0);
                    self.keyword("between");
                    self.day();
                    self.keyword("and");
                    self.day();
                } else {
                    self.number(1);
                    self.keyword("between");
                    self.put("1.5");
                    self.keyword("and");
                    self.put("30");
                }
            }
            5 => {
                self.text(0);
                let word = if self.random.percent(20) { "not in" } else { "in" };
                self.keyword(word);
                self.put("(");
                let count = 2 + self.random.below(5);
                for index in 0..count {
                    if index > 0 {
                        self.put(", ");
                    }
                    self.string();
                }
                self.put(")");
            }
            6 => {
                self.text(1);
                let word = if self.random.percent(25) { "not like" } else { "like" };
                self.keyword(word);
                let pattern = format!("'%{}%'", self.random.pick(WORDS));
                self.put(&pattern);
            }
            7 => {
                let names = self.random.pick(&[TEXTS, NUMBERS, DATES]);
                let name = self.random.pick(names);
                self.put(name);
                let word = self.random.pick(&["is null", "is not null"]);
                self.put(" ");
                self.word(word);
            }
            8 => {
                let function = self.random.pick(&["starts_with", "contains"]);
                self.put(function);
                self.put("(");
                self.text(1);
                self.put(", ");
                self.string();
                self.put(")");
            }
            9 => {
                self.put("(");
                self.condition(depth - 1);
                self.keyword("or");
                self.condition(depth - 1);
                self.put(")");
            }
            _ => {
                self.word("not");
                self.put(" (");
                self.condition(depth - 1);
                self.put(")");
            }
        }
    }

    fn infix(&mut self, op: &str) {
        self.put(" ");
        self.put(op);
        self.put(" ");
    }

    fn keyword(&mut self, word: &str) {
        self.put(" ");
        self.word(word);
        self.put(" ");
    }

    fn string(&mut self) {
        let text = format!("'{}'", self.random.pick(WORDS));
        self.put(&text);
    }

    fn day(&mut self) {
        let (year, month, day) =
            (2019 + self.random.below(8), 1 + self.random.below(12), 1 + self.random.below(28));
        let time = if self.random.percent(30) { "T08:30:00" } else { "" };
        let text = format!("'{year}-{month:02}-{day:02}{time}'");
        self.put(&text);
    }

    fn date(&mut self, depth: usize) {
        let column = self.random.pick(DATES);
        if self.casts && self.random.percent(10) {
            self.day();
            self.put("::floating_timestamp");
        } else if depth > 0 && self.random.percent(50) {
            let function =
                self.random.pick(&["date_trunc_y(", "date_trunc_ym(", "date_trunc_ymd("]);
            self.put(function);
            self.put(column);
            self.put(")");
        } else {
            self.put(column);
        }
    }

    fn text(&mut self, depth: usize) {
        if depth == 0 || self.random.percent(35) {
            if self.joined && self.random.percent(30) {
                let name = self.random.pick(&["@b.area_name", "@b.sergeant", "@b.beat_code"]);
                return self.put(name);
            }
            if self.casts && self.random.percent(8) {
                let name = self.random.pick(NUMBERS);
                self.put(name);
                return self.put("::text");
            }
            let name = self.random.pick(TEXTS);
            return self.put(name);
        }
        match self.random.below(7) {
            0 | 1 => {
                let function = self.random.pick(&["upper(", "lower(", "trim("]);
                self.put(function);
                self.text(depth - 1);
                self.put(")");
            }
            2 => {
                self.put("substring(");
                self.text(depth - 1);
                self.put(", 1, 3)");
            }
            3 => {
                self.put("replace(");
                self.text(depth - 1);
                self.put(", ' AV', ' AVENUE')");
            }
            4 => {
                self.put("coalesce(");
                self.text(depth - 1);
                self.put(", ");
                self.string();
                self.put(")");
            }
            5 => {
                self.text(depth - 1);
                self.put(" || ' / ' || ");
                self.text(0);
            }
            _ if self.depth < 2 => {
                self.depth += 1;
                self.word("case");
                for _ in 0..=self.random.below(2) {
                    self.keyword("when");
                    self.condition(0);
                    self.keyword("then");
                    self.string();
                }
                self.keyword("else");
                self.string();
                self.put(" ");
                self.word("end");
                self.depth -= 1;
            }
            _ => self.put("priority"),
        }
    }

    fn number(&mut self, depth: usize) {
        if depth == 0 || self.random.percent(30) {
            if self.random.percent(30) {
                let literal = self.random.pick(&["0", "1", "12", "2.5", "100", "37.95", "-121.29"]);
                return self.put(literal);
            }
            if self.casts && self.random.percent(12) {
                return self.put("zip_code::number");
            }
            let name = self.random.pick(NUMBERS);
            return self.put(name);
        }
        match self.random.below(6) {
            0 => {
                let function = self.random.pick(&["abs(", "ceil(", "floor("]);
                self.put(function);
                self.number(depth - 1);
                self.put(")");
            }
            1 => {
                self.put("coalesce(");
                self.number(depth - 1);
                self.put(", 0)");
            }
            2 => {
                self.put("length(");
                self.text(depth - 1);
                self.put(")");
            }
            3 => {
                let function =
                    self.random.pick(&["date_extract_y(", "date_extract_hh(", "date_extract_dow("]);
                self.put(function);
                let column = self.random.pick(DATES);
                self.put(column);
                self.put(")");
            }
            4 => {
                self.put("(");
                self.number(depth - 1);
                let op = self.random.pick(&["+", "-"]);
                self.infix(op);
                self.number(depth - 1);
                self.put(")");
            }
            _ => {
                self.number(depth - 1);
                let op = self.random.pick(&["*", "/"]);
                self.infix(op);
                self.number(0);
            }
        }
    }
}
