//! A reader of EBNF as the W3C writes it, and a maker of sentences.
//!
//! For one file, `grammar/tule.ebnf`: what is asked of it is whether its rules hang together and
//! whether the compiler takes what they make. What is deliberately absent: parsing by these rules.

use std::collections::{BTreeMap, BTreeSet};

/// The rules of a grammar, by name, and their order in the text.
#[derive(Debug, Default)]
pub struct Grammar {
    /// What each rule stands for.
    pub rules: BTreeMap<String, Rule>,
    /// The names in order of text; the first is where sentences begin.
    pub order: Vec<String>,
}

/// The right side of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Text in quotes.
    Text(String),
    /// One character of these ranges, or of none of them.
    Class(Vec<(char, char)>, bool),
    /// Another rule.
    Name(String),
    /// All of these, one behind another.
    Sequence(Vec<Rule>),
    /// One of these.
    Choice(Vec<Rule>),
    /// The first, unless it is what the second is.
    Without(Box<Rule>, Box<Rule>),
    /// As often as from the first to the second number.
    Repeat(Box<Rule>, usize, usize),
}

/// How often `*` and `+` repeat at most in sentences.
const MOST: usize = 2;

/// Reads a grammar.
///
/// # Errors
///
/// What is wrong, and the line.
pub fn read(text: &str) -> Result<Grammar, String> {
    let mut reader = Reader { text, at: 0 };
    let mut grammar = Grammar::default();
    reader.skip();
    while reader.at < text.len() {
        let name = reader.name().ok_or_else(|| reader.fault("a rule's name"))?;
        reader.skip();
        if !reader.eat("::=") {
            return Err(reader.fault("`::=`"));
        }
        let rule = reader.choice()?;
        grammar.order.push(name.clone());
        if grammar.rules.insert(name.clone(), rule).is_some() {
            return Err(format!("`{name}` is defined twice"));
        }
    }
    Ok(grammar)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn fault(&self, wanted: &str) -> String {
        let line = self.text.get(..self.at).unwrap_or("").matches('\n').count() + 1;
        format!("line {line}: {wanted} has to stand there")
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Passes over blank space and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            } else if rest.starts_with(char::is_whitespace) {
                self.next();
            } else {
                return;
            }
        }
    }

    fn name(&mut self) -> Option<String> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let name = rest.get(..end).filter(|name| !name.is_empty())?.to_owned();
        self.at += end;
        Some(name)
    }

    fn choice(&mut self) -> Result<Rule, String> {
        let mut members = vec![self.sequence()?];
        while self.eat("|") {
            members.push(self.sequence()?);
        }
        Ok(if members.len() == 1 { members.remove(0) } else { Rule::Choice(members) })
    }

    fn sequence(&mut self) -> Result<Rule, String> {
        let mut members = Vec::new();
        while let Some(mut member) = self.member()? {
            self.skip();
            if self.eat("-") {
                let without = self.member()?.ok_or_else(|| self.fault("what is left out"))?;
                member = Rule::Without(Box::new(member), Box::new(without));
            }
            members.push(member);
        }
        match members.len() {
            0 => Err(self.fault("a rule, text in quotes or a class")),
            1 => Ok(members.remove(0)),
            _ => Ok(Rule::Sequence(members)),
        }
    }

    /// One member with what repeats it; `None` where the sequence ends.
    fn member(&mut self) -> Result<Option<Rule>, String> {
        self.skip();
        let start = self.at;
        let rule = match self.next() {
            Some('(') => {
                let inner = self.choice()?;
                self.skip();
                if !self.eat(")") {
                    return Err(self.fault("`)`"));
                }
                inner
            }
            Some(quote @ ('"' | '\'')) => {
                let end = self.rest().find(quote).ok_or_else(|| self.fault("a closing quote"))?;
                let text = self.rest().get(..end).unwrap_or("").to_owned();
                self.at += end + 1;
                Rule::Text(text)
            }
            Some('[') => self.class()?,
            Some(c) if c.is_ascii_alphabetic() => {
                self.at = start;
                let name = self.name().unwrap_or_default();
                self.skip();
                if self.rest().starts_with("::=") {
                    self.at = start;
                    return Ok(None);
                }
                Rule::Name(name)
            }
            _ => {
                self.at = start;
                return Ok(None);
            }
        };
        let repeated = |least, most| Rule::Repeat(Box::new(rule.clone()), least, most);
        Ok(Some(match self.rest().chars().next() {
            Some('?') => repeated(0, 1),
            Some('*') => repeated(0, MOST),
            Some('+') => repeated(1, MOST),
            _ => return Ok(Some(rule)),
        })
        .inspect(|_| self.at += 1))
    }

    /// A class of characters, behind its `[`.
    fn class(&mut self) -> Result<Rule, String> {
        let negated = self.eat("^");
        let mut ranges = Vec::new();
        loop {
            if self.eat("]") {
                return Ok(Rule::Class(ranges, negated));
            }
            let from = self.character()?;
            let ranged = self.rest().starts_with('-') && !self.rest().starts_with("-]");
            let to = if ranged {
                self.next();
                self.character()?
            } else {
                from
            };
            ranges.push((from, to));
        }
    }

    fn character(&mut self) -> Result<char, String> {
        if self.eat("#x") {
            let digits = self.rest().find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(0);
            let code = u32::from_str_radix(self.rest().get(..digits).unwrap_or(""), 16).ok();
            let fault = self.fault("the code of a character");
            self.at += digits;
            return code.and_then(char::from_u32).ok_or(fault);
        }
        self.next().ok_or_else(|| self.fault("`]`"))
    }
}

impl Rule {
    /// Calls `see` with this rule and every rule inside it.
    pub fn walk(&self, see: &mut impl FnMut(&Self)) {
        see(self);
        match self {
            Self::Sequence(members) | Self::Choice(members) => {
                for member in members {
                    member.walk(see);
                }
            }
            Self::Without(whole, part) => {
                whole.walk(see);
                part.walk(see);
            }
            Self::Repeat(inner, ..) => inner.walk(see),
            Self::Text(_) | Self::Class(..) | Self::Name(_) => {}
        }
    }

    /// The rules that this one names.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.walk(&mut |rule| {
            if let Self::Name(name) = rule {
                names.insert(name.clone());
            }
        });
        names
    }

    /// The texts in quotes.
    #[must_use]
    pub fn texts(&self) -> BTreeSet<String> {
        let mut texts = BTreeSet::new();
        self.walk(&mut |rule| {
            if let Self::Text(text) = rule {
                texts.insert(text.clone());
            }
        });
        texts
    }
}

impl Grammar {
    /// The names that can be reached from these rules.
    #[must_use]
    pub fn reached(&self, from: &[&str]) -> BTreeSet<String> {
        let mut open: Vec<String> = from.iter().map(|name| (*name).to_owned()).collect();
        let mut reached = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(rule) = self.rules.get(&name)
                && reached.insert(name)
            {
                open.extend(rule.names());
            }
        }
        reached
    }

    /// How deep the shallowest sentence of each rule is.
    fn depths(&self) -> BTreeMap<&str, usize> {
        let mut depths = BTreeMap::new();
        loop {
            let before = depths.len();
            for (name, rule) in &self.rules {
                if !depths.contains_key(name.as_str())
                    && let Some(depth) = depth(rule, &depths)
                {
                    depths.insert(name.as_str(), depth + 1);
                }
            }
            if depths.len() == before {
                return depths;
            }
        }
    }
}

/// The depth of the shallowest sentence of a rule, once the rules it needs have theirs.
fn depth(rule: &Rule, depths: &BTreeMap<&str, usize>) -> Option<usize> {
    match rule {
        Rule::Text(_) | Rule::Class(..) | Rule::Repeat(_, 0, _) => Some(0),
        Rule::Name(name) => depths.get(name.as_str()).copied(),
        Rule::Sequence(members) => {
            let all: Option<Vec<usize>> =
                members.iter().map(|member| depth(member, depths)).collect();
            all?.into_iter().max()
        }
        Rule::Choice(members) => members.iter().filter_map(|member| depth(member, depths)).min(),
        Rule::Without(inner, _) | Rule::Repeat(inner, ..) => depth(inner, depths),
    }
}

/// Makes sentences. Rules in capitals are words; between words stands blank space.
#[derive(Debug)]
pub struct Maker<'g> {
    grammar: &'g Grammar,
    depths: BTreeMap<&'g str, usize>,
    instead: &'g [(&'g str, &'g str)],
    random: fastrand::Rng,
}

/// Sentences longer than this come to their end.
const MOST_BYTES: usize = 600;

/// Characters for classes that say what they are not.
const SAMPLE: &str = "aZ09 _$-+*/'\"`;,.()[]{}<>=!?@#%^&|~:\\\té数😀";

impl<'g> Maker<'g> {
    /// A maker; `instead` names rules in whose place another one is used.
    #[must_use]
    pub fn new(grammar: &'g Grammar, instead: &'g [(&'g str, &'g str)], seed: u64) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        Self { grammar, depths: grammar.depths(), instead, random }
    }

    /// A sentence of a rule in which rules nest about so deep.
    pub fn sentence(&mut self, rule: &str, budget: usize) -> String {
        let mut out = String::new();
        self.named(rule, budget, &mut out);
        out
    }

    fn named(&mut self, name: &str, budget: usize, out: &mut String) {
        let name = self.instead.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| *to);
        let Some(rule) = self.grammar.rules.get(name) else { return };
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            self.space(out);
            self.word(rule, out);
        } else {
            self.phrase(rule, budget.saturating_sub(1), out);
        }
    }

    /// What stands between two words: mostly a blank, sometimes all that the grammar allows.
    fn space(&mut self, out: &mut String) {
        if out.is_empty() {
            return;
        }
        out.push(' ');
        if self.random.u8(..20) == 0
            && let Some(rule) = self.grammar.rules.get("Space")
        {
            self.word(rule, out);
            out.push('\n');
        }
    }

    fn phrase(&mut self, rule: &'g Rule, budget: usize, out: &mut String) {
        // Long enough: to the end by the shortest way.
        let budget = if out.len() > MOST_BYTES { 0 } else { budget };
        match rule {
            Rule::Text(text) => {
                self.space(out);
                *out += &self.spelled(text);
            }
            Rule::Name(name) => self.named(name, budget, out),
            Rule::Sequence(members) => {
                for member in members {
                    self.phrase(member, budget, out);
                }
            }
            Rule::Choice(members) => {
                if let Some(member) = self.choose(members, budget) {
                    self.phrase(member, budget, out);
                }
            }
            Rule::Repeat(inner, least, most) => {
                let deep = depth(inner, &self.depths).is_none_or(|depth| depth >= budget);
                let mut count = *least;
                let odds = if *most == 1 { 3 } else { 5 };
                while count < *most && !deep && self.random.u8(..odds) == 0 {
                    count += 1;
                }
                for _ in 0..count {
                    self.phrase(inner, budget, out);
                }
            }
            Rule::Without(..) | Rule::Class(..) => {
                self.space(out);
                self.word(rule, out);
            }
        }
    }

    /// A member that fits the budget, or the shallowest.
    fn choose(&mut self, members: &'g [Rule], budget: usize) -> Option<&'g Rule> {
        let depths: Vec<usize> = members
            .iter()
            .map(|member| depth(member, &self.depths).unwrap_or(usize::MAX))
            .collect();
        let limit = budget.max(depths.iter().copied().min()?);
        let fitting: Vec<&Rule> = members
            .iter()
            .zip(depths)
            .filter(|(_, depth)| *depth <= limit)
            .map(|(m, _)| m)
            .collect();
        self.random.choice(fitting)
    }

    /// Keywords are the same in every case, but for those in small letters.
    fn spelled(&mut self, text: &str) -> String {
        if self.random.bool() { text.to_lowercase() } else { text.to_owned() }
    }

    /// One word, with nothing inside it.
    fn word(&mut self, rule: &'g Rule, out: &mut String) {
        match rule {
            Rule::Text(text) => *out += text,
            Rule::Name(name) => {
                if let Some(rule) = self.grammar.rules.get(name) {
                    self.word(rule, out);
                }
            }
            Rule::Class(ranges, negated) => out.extend(self.character(ranges, *negated)),
            Rule::Sequence(members) => {
                for member in members {
                    self.word(member, out);
                }
            }
            Rule::Choice(members) => {
                if let Some(member) = self.random.choice(members) {
                    self.word(member, out);
                }
            }
            Rule::Repeat(inner, least, most) => {
                for _ in 0..self.random.usize(*least..=*most) {
                    self.word(inner, out);
                }
            }
            Rule::Without(whole, part) => loop {
                let mut word = String::new();
                self.word(whole, &mut word);
                if !self.is_one_of(part, &word) {
                    *out += &word;
                    return;
                }
            },
        }
    }

    fn character(&mut self, ranges: &[(char, char)], negated: bool) -> Option<char> {
        if negated {
            let allowed = |c: &char| !ranges.iter().any(|(from, to)| (from..=to).contains(&c));
            return self.random.choice(SAMPLE.chars().filter(allowed).collect::<Vec<_>>());
        }
        let (from, to) = *self.random.choice(ranges)?;
        Some(self.random.char(from..=to))
    }

    fn is_one_of(&self, rule: &Rule, word: &str) -> bool {
        match rule {
            Rule::Text(text) => text.eq_ignore_ascii_case(word),
            Rule::Choice(members) => members.iter().any(|member| self.is_one_of(member, word)),
            Rule::Name(name) => {
                self.grammar.rules.get(name).is_some_and(|rule| self.is_one_of(rule, word))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

    use super::*;

    #[test]
    fn rules_are_read_and_faults_named() {
        let grammar = read("/* x */ a ::= \"b\"? ( C | 'd' )+\nC ::= [^x#x41-Z] - \"y\"").unwrap();
        assert_eq!(grammar.order, ["a", "C"]);
        assert_eq!(grammar.rules["a"].names().len(), 1);
        assert!(matches!(&grammar.rules["C"], Rule::Without(class, _)
            if **class == Rule::Class(vec![('x', 'x'), ('A', 'Z')], true)));
        for bad in
            ["a", "a ::=", "a ::= (b", "a ::= \"b", "a ::= [b", "a ::= b\na ::= c", "a ::= b | | c"]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sentences_end_where_rules_nest_without_end() {
        let grammar = read("a ::= \"(\" a \")\" | \"x\" | a \",\" a").unwrap();
        let mut maker = Maker::new(&grammar, &[], 7);
        let sentences: BTreeSet<String> = (0..50).map(|_| maker.sentence("a", 6)).collect();
        assert!(sentences.len() > 5 && sentences.contains("x"), "{sentences:?}");
    }
}
