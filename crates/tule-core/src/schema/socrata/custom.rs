//! What publishers say in fields of their own: how often rows change, and whom to ask.
//!
//! Every portal has its own names for these fields, so a field counts by the words in its name.
//! What a frequency means is [`crate::drift`]'s business; it is kept as it is written.

use serde_json::Value;

use super::json;

/// Fields with their values, group by group.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of a view: `metadata.custom_fields` holds groups of them.
    pub(super) fn of_view(view: &Value) -> Self {
        let groups = view.get("metadata").and_then(|metadata| metadata.get("custom_fields"));
        let groups = groups.and_then(Value::as_object).into_iter().flatten();
        let fields = groups.filter_map(|(_, group)| group.as_object()).flatten();
        Self::collected(fields.map(|(key, value)| (key.clone(), json::text(value))))
    }

    /// Those of a hit of the catalogue: a flat list of pairs.
    pub(super) fn of_hit(hit: &Value) -> Self {
        let list = hit.get("classification").and_then(|found| found.get("domain_metadata"));
        let list = list.and_then(Value::as_array).into_iter().flatten();
        let pair = |pair: &Value| (json::text_of(pair, "key"), json::text_of(pair, "value"));
        Self::collected(list.map(pair))
    }

    fn collected(fields: impl Iterator<Item = (String, String)>) -> Self {
        let plain = |key: String| key.to_lowercase().replace(['-', '_'], " ");
        let fields = fields.filter(|(_, value)| !value.is_empty());
        Self(fields.map(|(key, value)| (plain(key), value)).collect())
    }

    fn with<'f>(&'f self, words: &'f [&str]) -> impl Iterator<Item = &'f str> {
        let fits = |key: &str| words.iter().all(|word| key.contains(word));
        self.0.iter().filter(move |(key, _)| fits(key)).map(|(_, value)| value.as_str())
    }

    /// How often rows are brought up to date. Some portals say how often the city's own data
    /// changes as well, which is not the same.
    pub(super) fn frequency(&self) -> String {
        let kinds: [&[&str]; 5] = [
            &["update", "frequency"],
            &["publish", "frequency"],
            &["posting", "frequency"],
            &["refresh", "frequency"],
            &["refresh", "rate"],
        ];
        let named = kinds.iter().find_map(|words| self.with(words).next());
        let only = || {
            let mut plain = self.0.iter().filter(|(key, _)| key.ends_with("frequency"));
            let first = plain.next().filter(|(key, _)| !key.contains("change"))?;
            plain.next().is_none().then_some(first.1.as_str())
        };
        named.or_else(only).unwrap_or_default().to_owned()
    }

    /// Whom to ask: names, addresses and numbers of the fields for that, each once.
    pub(super) fn contact(&self) -> String {
        let mut said: Vec<&str> = Vec::new();
        for value in self.with(&["contact"]) {
            if !said.contains(&value) {
                said.push(value);
            }
        }
        said.join(", ")
    }
}
