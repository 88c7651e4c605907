//! App tokens: which host one is for, where it is kept, and what must not happen to it.
//!
//! A [`Token`] cannot be printed, compared or serialised by accident; it leaves this crate as the
//! header of a request and as a line of the credentials file, nowhere else. It belongs to one
//! host. Where the credentials file lies and how a user is asked for a token are the program's
//! business; the system's keyring is deliberately absent, because its libraries cost more to
//! build than this whole crate.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use reqwest::header::HeaderValue;
use tule_core::schema::manifest::{Portal, host_of};
use url::{Host, Url};

/// An app token.
#[derive(Clone)]
pub struct Token(HeaderValue);

/// The tokens of a user, each for one host.
#[derive(Clone, Default)]
pub struct Tokens {
    by_host: BTreeMap<String, Token>,
}

/// Why tokens cannot be read or kept. It never holds one.
#[derive(Debug)]
pub enum TokenError {
    /// The text cannot be a token: empty, or with characters that no header takes.
    Malformed {
        /// Where the text came from.
        place: String,
    },
    /// Others on this machine can read the credentials file.
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions, as `chmod` takes them.
        mode: u32,
    },
    /// The credentials file is not as it should be.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong, without the text around it.
        reason: String,
    },
    /// The credentials file cannot be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

impl Token {
    /// A token; blanks around it, which files and terminals leave there, are taken off.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let mut value = HeaderValue::from_str(text).ok().filter(|_| plain)?;
        value.set_sensitive(true);
        Some(Self(value))
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    fn text(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_host.keys()).finish()
    }
}

impl Tokens {
    /// The token that goes with a request: that of exactly this host and port, and only where
    /// nobody in between can read it.
    #[must_use]
    pub(crate) fn for_address(&self, url: &Url) -> Option<&Token> {
        self.by_host.get(&host_of(url)).filter(|_| is_private(url))
    }

    /// Adds a token for a host, in place of an earlier one.
    pub fn insert(&mut self, host: &str, token: Token) {
        self.by_host.insert(host.to_ascii_lowercase(), token);
    }

    /// Takes the token of a host away; whether there was one.
    pub fn remove(&mut self, host: &str) -> bool {
        self.by_host.remove(&host.to_ascii_lowercase()).is_some()
    }

    /// Whether there is a token for `host`.
    #[must_use]
    pub fn has(&self, host: &str) -> bool {
        self.by_host.contains_key(&host.to_ascii_lowercase())
    }

    /// Adds the tokens that the environment holds for these portals, in place of others:
    /// `variable` looks one up.
    ///
    /// # Errors
    ///
    /// A variable whose value cannot be a token.
    pub fn add_environment<'p>(
        &mut self,
        portals: impl IntoIterator<Item = &'p Portal>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<(), TokenError> {
        for portal in portals {
            let Some(name) = portal.token_env().filter(|_| portal.url().is_some()) else {
                continue;
            };
            let Some(text) = variable(name).filter(|text| !text.is_empty()) else { continue };
            let token = Token::new(&text)
                .ok_or_else(|| TokenError::Malformed { place: format!("`{name}`") })?;
            self.insert(portal.host(), token);
        }
        Ok(())
    }

    /// Adds the tokens of a list, in place of others: `HOST=TOKEN`, separated by blanks. That is
    /// how a program that keeps tokens itself, an editor say, hands them over.
    ///
    /// # Errors
    ///
    /// An entry that is no host with a token; `place` says where the list came from.
    pub fn add_list(&mut self, list: &str, place: &str) -> Result<(), TokenError> {
        for entry in list.split_ascii_whitespace() {
            let (host, token) = entry
                .split_once('=')
                .and_then(|(host, token)| Some((host, Token::new(token)?)))
                .filter(|(host, _)| !host.is_empty())
                .ok_or_else(|| TokenError::Malformed { place: place.to_owned() })?;
            self.insert(host, token);
        }
        Ok(())
    }

    /// The tokens of a credentials file; none where there is no such file.
    ///
    /// # Errors
    ///
    /// A file that others can read, or that is not as it should be.
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        let failed = |error| TokenError::File { path: path.to_owned(), error };
        match path.metadata() {
            Ok(facts) => check_mode(path, &facts)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failed(error)),
        }
        let text = std::fs::read_to_string(path).map_err(failed)?;
        let wrong = |reason: &str| TokenError::Unreadable {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        // The parser's own message quotes the line, and with it a token.
        let table: toml::Table = text.parse().map_err(|_| wrong("it is not TOML"))?;
        let mut tokens = Self::default();
        for (host, value) in &table {
            let text = value.get("token").and_then(toml::Value::as_str);
            let text = text.ok_or_else(|| wrong(&format!("`{host}` has no `token`")))?;
            let token = Token::new(text)
                .ok_or_else(|| wrong(&format!("the `token` of `{host}` cannot be one")))?;
            tokens.insert(host, token);
        }
        Ok(tokens)
    }

    /// Writes the credentials file, whole or not at all, for its owner alone.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write(&self, path: &Path) -> Result<(), TokenError> {
        let failed = |error| TokenError::File { path: path.to_owned(), error };
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut text = String::from("# App tokens by host. Written by `tule login`.\n");
        for (host, token) in &self.by_host {
            let (host, token) = (toml_text(host), toml_text(token.text()));
            text.extend(["\n[", &host, "]\ntoken = ", &token, "\n"]);
        }
        // Such a file is made for its owner alone.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(unix)]
fn check_mode(path: &Path, facts: &std::fs::Metadata) -> Result<(), TokenError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = facts.permissions().mode() & 0o777;
    let others = mode % 0o100;
    if others == 0 {
        return Ok(());
    }
    Err(TokenError::Exposed { path: path.to_owned(), mode })
}

/// Elsewhere the folders of a user are closed to others as a whole.
#[cfg(not(unix))]
fn check_mode(_: &Path, _: &std::fs::Metadata) -> Result<(), TokenError> {
    Ok(())
}

/// Whether nobody on the way can read what is sent there.
pub(crate) fn is_private(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { place } => write!(f, "what {place} holds cannot be an app token"),
            Self::Exposed { path, mode } => write!(
                f,
                "others can read `{}`, which holds app tokens: its permissions are {mode:o}, not 600",
                path.display()
            ),
            Self::Unreadable { path, reason } => {
                write!(f, "`{}` is no credentials file: {reason}", path.display())
            }
            Self::File { path, error } => {
                write!(f, "cannot use `{}`: {error}", path.display())
            }
        }
    }
}

impl std::error::Error for TokenError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_token_is_for_one_host_and_a_closed_way() {
        let mut tokens = Tokens::default();
        tokens.insert("Data.Example.Org", Token::new(" secret\n").unwrap());
        tokens.insert("127.0.0.1:8080", Token::new("local").unwrap());
        assert_eq!(
            tokens.for_address(&url("https://data.example.org/x")).unwrap().text(),
            "secret"
        );
        assert!(tokens.for_address(&url("http://127.0.0.1:8080/")).is_some());
        for other in [
            "http://data.example.org/x",
            "https://data.example.org:8443/",
            "https://example.org/",
            "https://data.example.org.evil.example/",
            "http://127.0.0.1:8081/",
        ] {
            assert!(tokens.for_address(&url(other)).is_none(), "{other}");
        }
        let shown = format!("{tokens:?} {:?}", Token::new("secret"));
        assert!(!shown.contains("secret") && shown.contains("data.example.org"), "{shown}");
    }

    #[test]
    fn what_cannot_be_a_token_is_none() {
        for text in ["", " \n", "two words", "line\nbreak", "ünïcode"] {
            assert!(Token::new(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn the_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tule/credentials.toml");
        assert!(Tokens::read(&path).unwrap().by_host.is_empty());
        let mut tokens = Tokens::default();
        tokens.insert("data.example.org", Token::new("se\"cret").unwrap());
        tokens.write(&path).unwrap();
        let again = Tokens::read(&path).unwrap();
        assert_eq!(again.by_host["data.example.org"].text(), "se\"cret");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
            let error = Tokens::read(&path).unwrap_err();
            assert!(matches!(error, TokenError::Exposed { mode: 0o640, .. }), "{error}");
        }
    }

    #[test]
    fn a_faulty_file_is_told_without_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        let tokens = Tokens::default();
        for text in ["[x]\ntoken = s3cret", "[x]\nvalue = 's3cret'", "[x]\ntoken = 's3cret word'"] {
            tokens.write(&path).unwrap();
            std::fs::write(&path, text).unwrap();
            let error = Tokens::read(&path).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(matches!(error, TokenError::Unreadable { .. }) && !shown.contains("s3cret"));
        }
    }

    #[test]
    fn a_list_holds_tokens_by_host() {
        let mut tokens = Tokens::default();
        tokens.add_list(" a.example=abc==\n127.0.0.1:8080=d ", "`LIST`").unwrap();
        assert_eq!(tokens.by_host["a.example"].text(), "abc==");
        assert!(tokens.for_address(&url("http://127.0.0.1:8080/")).is_some());
        assert!(tokens.for_address(&url("https://b.example/")).is_none());
        for list in ["a.example", "=abc", "a.example="] {
            let error = tokens.add_list(list, "`LIST`").unwrap_err();
            assert_eq!(error.to_string(), "what `LIST` holds cannot be an app token", "{list}");
        }
    }

    #[test]
    fn the_environment_holds_tokens_by_portal() {
        let text = "[portals.a]\nurl = 'https://a.example'\nkind = 'socrata'\n\
                    token-env = 'A_TOKEN'\n[portals.b]\nurl = 'https://b.example'\nkind = 'ckan'\n";
        let manifest = tule_core::schema::manifest::parse(text).unwrap();
        let mut tokens = Tokens::default();
        let variable = |name: &str| (name == "A_TOKEN").then(|| "abc".to_owned());
        tokens.add_environment(&manifest.portals, variable).unwrap();
        assert!(tokens.has("a.example") && !tokens.has("b.example"));
        let error = tokens.add_environment(&manifest.portals, |_| Some("a b".to_owned()));
        assert_eq!(error.unwrap_err().to_string(), "what `A_TOKEN` holds cannot be an app token");
    }
}
