//! Conditions and values of each type, down to a depth.

use super::writer::{DATES, NUMBERS, TEXTS, WORDS, Writer};

const COMPARISONS: &[&str] = &["=", "!=", "<>", "<", ">", "<=", ">="];

impl Writer<'_> {
    pub(super) fn condition(&mut self, depth: usize) {
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

    pub(super) fn infix(&mut self, op: &str) {
        self.put(" ");
        self.put(op);
        self.put(" ");
    }

    pub(super) fn keyword(&mut self, word: &str) {
        self.put(" ");
        self.word(word);
        self.put(" ");
    }

    pub(super) fn string(&mut self) {
        let text = format!("'{}'", self.random.pick(WORDS));
        self.put(&text);
    }

    pub(super) fn day(&mut self) {
        let (year, month, day) =
            (2019 + self.random.below(8), 1 + self.random.below(12), 1 + self.random.below(28));
        let time = if self.random.percent(30) { "T08:30:00" } else { "" };
        let text = format!("'{year}-{month:02}-{day:02}{time}'");
        self.put(&text);
    }

    pub(super) fn date(&mut self, depth: usize) {
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

    pub(super) fn text(&mut self, depth: usize) {
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

    pub(super) fn number(&mut self, depth: usize) {
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
