//! Statements, clause by clause.

use crate::random::Random;

pub(super) const TEXTS: &[&str] = &[
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
pub(super) const NUMBERS: &[&str] = &["units_assigned", "response_minutes", "x", "y"];
pub(super) const DATES: &[&str] = &["call_entry_date", "dispatched_at", "on_scene_at", "closed_at"];
pub(super) const WORDS: &[&str] = &[
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
pub(super) struct Writer<'r> {
    pub(super) random: &'r mut Random,
    pub(super) out: String,
    pub(super) lines: bool,
    pub(super) upper: bool,
    pub(super) casts: bool,
    pub(super) joined: bool,
    pub(super) depth: usize,
}

/// A member of the select list: what it is called behind it, and whether it is a number.
pub(super) struct Item {
    name: String,
    number: bool,
}

impl Writer<'_> {
    pub(super) fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A keyword or several, in this statement's case.
    pub(super) fn word(&mut self, word: &str) {
        if self.upper {
            self.out.push_str(&word.to_ascii_uppercase());
        } else {
            self.out.push_str(word);
        }
    }

    /// Begins a clause.
    pub(super) fn clause(&mut self, words: &str) {
        if !self.out.is_empty() {
            self.put(if self.lines { "\n" } else { " " });
        }
        self.word(words);
        self.put(" ");
    }

    fn comma(&mut self) {
        self.put(if self.lines { ",\n  " } else { ", " });
    }

    pub(super) fn statement(&mut self, extended: bool) {
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
}
