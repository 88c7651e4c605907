//! Running the program in folders made for the purpose.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A folder that goes away with the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// Nothing in it, and nothing above it.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// The project of the repository's example, without its queries and its local portal.
    pub(crate) fn stockton() -> Self {
        let folder = Self::empty();
        for name in ["tule.toml", "tule.lock"] {
            folder.write(name, fs::read(stockton().join(name)).unwrap());
        }
        let manifest = folder.read("tule.toml");
        let blocks = manifest.split("\n\n").filter(|block| !block.contains("[portals.sample]"));
        folder.write("tule.toml", blocks.collect::<Vec<_>>().join("\n\n"));
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Names of everything in the folder, sorted.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(name))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tule"));
        command.current_dir(self.0.path()).args(arguments);
        for name in [
            "NO_COLOR",
            "CLICOLOR_FORCE",
            "XDG_CONFIG_HOME",
            "GITHUB_ACTIONS",
            "GITHUB_WORKSPACE",
            "CI_PROJECT_DIR",
            "XDG_CACHE_HOME",
            "TULE_CACHE",
            "TULE_CA",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
            "NO_PROXY",
            "no_proxy",
        ] {
            command.env_remove(name);
        }
        command.env("TZ", "UTC").env("TERM", "xterm-256color").env("HOME", self.0.path());
        command
    }

    /// Runs the program in this folder with variables of the environment.
    pub(crate) fn tule_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied()).stdin(Stdio::null());
        Run::of(command.output().unwrap())
    }

    /// Runs the program in this folder.
    pub(crate) fn tule(&self, arguments: &[&str]) -> Run {
        self.pipe(arguments, b"")
    }

    /// The same with something on standard input.
    pub(crate) fn pipe(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || {
            // A program that does not read its input closes the pipe.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Run::of(output)
    }
}

impl Run {
    /// What a process said.
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Insists on how the run ended.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// Insists on a part of standard error.
    #[track_caller]
    pub(crate) fn tells(self, part: &str) -> Self {
        assert!(self.err.contains(part), "{part:?} is not in {self:#?}");
        self
    }

    /// Insists on a part of standard output.
    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Self {
        assert!(self.out.contains(part), "{part:?} is not in {self:#?}");
        self
    }

    /// Insists that standard output is exactly this.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        assert_eq!(self.out, text, "{self:#?}");
        self
    }

    /// Standard output as a JSON document of the form that `docs/NAME.schema.json` describes.
    #[track_caller]
    pub(crate) fn json(&self, name: &str) -> Value {
        valid(&self.out, name)
    }
}

/// A text as a JSON document of the form that `docs/NAME.schema.json` describes.
#[track_caller]
pub(crate) fn valid(text: &str, name: &str) -> Value {
    let mut schema = read_json(&repository().join(format!("docs/{name}.schema.json")));
    // Readers have to put up with members that are not described; here they are a fault.
    close(&mut schema);
    validated(text, &schema)
}

/// A text as a JSON document that fits a schema.
#[track_caller]
pub(crate) fn validated(text: &str, schema: &Value) -> Value {
    let document: Value = serde_json::from_str(text).unwrap_or_else(|error| {
        panic!("{error}: {text}");
    });
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new(), "{text}");
    document
}

/// The schema of SARIF as it is published, less a pattern that is no regular expression: it has a
/// bracket too many.
pub(crate) fn sarif_schema() -> Value {
    let mut schema = read_json(&repository().join("crates/tule/tests/schemas/sarif-2.1.0.json"));
    for owner in ["run", "toolComponent"] {
        let language = format!("/definitions/{owner}/properties/language");
        let language = schema.pointer_mut(&language).and_then(Value::as_object_mut);
        assert!(language.unwrap().remove("pattern").is_some());
    }
    schema
}

pub(crate) fn read_json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            if members.contains_key("properties") {
                members.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// The folder of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The example project of the repository.
pub(crate) fn stockton() -> PathBuf {
    repository().join("examples/stockton")
}

/// Whether a text holds anything that a terminal obeys, line breaks left out.
pub(crate) fn is_inert(text: &str) -> bool {
    !text.chars().any(|c| c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)))
}
