//! The interfaces that portals have for queries.
//!
//! One list for all who name one: `tule.toml`, the command line, import, and lowering, which has
//! a module for each. What an interface can do is deliberately absent; the module that writes its
//! requests knows.

/// Which interface of a portal a request is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Target {
    /// SODA 2.1, and everything older: `/resource/ID.json`.
    #[default]
    Soda2,
    /// SODA 3: `/api/v3/views/ID/query.json`.
    Soda3,
}

impl Target {
    /// Every target.
    pub const ALL: [Self; 2] = [Self::Soda2, Self::Soda3];

    /// The name on the command line, in `tule.toml` and in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Soda2 => "soda2",
            Self::Soda3 => "soda3",
        }
    }

    /// What it is, in one line.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Soda2 => "Socrata's SODA 2.1: GET with `$` parameters",
            Self::Soda3 => "Socrata's SODA 3: POST with a JSON body",
        }
    }

    /// The target of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }
}
