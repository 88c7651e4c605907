//! What a user can set, as initialization options or as the section `tule` of the settings.
//!
//! A value of another form than it should have leaves the default: an editor's settings are no
//! place for the server to fail at.

use serde_json::Value;

/// Rows at most in an answer, unless a user wants another number.
const MAX_ROWS: u64 = 100_000;

/// The settings; see `docs/lsp.md`.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Settings {
    pub(crate) code_lens: bool,
    pub(crate) inlay_hints: bool,
    pub(crate) fetch_schemas: bool,
    pub(crate) trusted: bool,
    pub(crate) results: Results,
    pub(crate) max_rows: u64,
    /// Whether the editor shows a status of ours; an initialization option only.
    pub(crate) status: bool,
}

/// Who shows what comes of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Results {
    /// The server, as documents and messages.
    #[default]
    Server,
    /// The editor.
    Client,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            code_lens: true,
            inlay_hints: true,
            fetch_schemas: true,
            trusted: false,
            results: Results::Server,
            max_rows: MAX_ROWS,
            status: false,
        }
    }
}

impl Settings {
    /// These, with what `value` says on top. `null` and what is no object says nothing.
    pub(crate) fn with(mut self, value: &Value) -> Self {
        let switch = |name: &str, now: bool| value[name].as_bool().unwrap_or(now);
        self.code_lens = switch("codeLens", self.code_lens);
        self.inlay_hints = switch("inlayHints", self.inlay_hints);
        self.fetch_schemas = switch("fetchSchemas", self.fetch_schemas);
        self.trusted = switch("trusted", self.trusted);
        self.status = switch("status", self.status);
        self.max_rows = value["maxRows"].as_u64().unwrap_or(self.max_rows);
        self.results = match value["results"].as_str() {
            Some("client") => Results::Client,
            Some("server") => Results::Server,
            _ => self.results,
        };
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_said_counts_and_what_is_odd_does_not() {
        let said = json!({ "codeLens": false, "results": "client", "maxRows": 5, "trusted": 1 });
        let settings = Settings::default().with(&said);
        assert!(!settings.code_lens && settings.inlay_hints && !settings.trusted);
        assert_eq!((settings.results, settings.max_rows), (Results::Client, 5));
        for nothing in [Value::Null, json!([]), json!("x"), json!({ "maxRows": -1 })] {
            assert_eq!(Settings::default().with(&nothing), Settings::default());
        }
    }
}
