//! A project in a folder of its own, for tests.

use serde_json::{Value, json};

use super::client::Client;

/// A folder with a `tule.toml` that names a portal and a dataset of it.
pub(super) struct Folder(tempfile::TempDir);

pub(super) const HOST: &str = "data.example.org";
pub(super) const ID: &str = "aaaa-0001";

impl Folder {
    pub(super) fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write(
            "tule.toml",
            "[portals.p]\nurl = \"https://data.example.org\"\nkind = \"socrata\"\n\
             [datasets]\ncalls = \"p/aaaa-0001\"\n",
        );
        folder
    }

    /// The same with the schema of the dataset locked.
    pub(super) fn locked() -> Self {
        let folder = Self::new();
        folder.lock("beat");
        folder
    }

    pub(super) fn lock(&self, column: &str) {
        let text = format!(
            "version = 1\n\n[dataset.\"{HOST}/{ID}\"]\ntitle = \"Calls\"\nlicence = \"CC0\"\n\
             columns = [\n  {{ name = \"{column}\", type = \"text\", label = \"The beat\" }},\n]\n"
        );
        self.write("tule.lock", &text);
    }

    pub(super) fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub(super) fn uri(&self, name: &str) -> String {
        format!("file://{}", self.path().join(name).display())
    }

    /// A place in a document.
    pub(super) fn at(&self, name: &str, line: u32, character: u32) -> Value {
        json!({ "textDocument": { "uri": self.uri(name) },
                "position": { "line": line, "character": character } })
    }

    /// What commands take.
    pub(super) fn argument(&self, name: &str, line: u32, character: u32) -> Value {
        json!({ "uri": self.uri(name), "position": { "line": line, "character": character } })
    }

    pub(super) async fn open(&self, client: &mut Client, name: &str, text: &str) {
        let item =
            json!({ "uri": self.uri(name), "languageId": "tule", "version": 1, "text": text });
        client.tell("textDocument/didOpen", json!({ "textDocument": item })).await;
    }
}
