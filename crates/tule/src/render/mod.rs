//! Values to text: nothing here decides anything or touches a stream.

pub(crate) mod concise;
pub(crate) mod excerpt;
pub(crate) mod finding;
pub(crate) mod fingerprint;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod rdjson;
pub(crate) mod request;
pub(crate) mod sarif;
pub(crate) mod schema;
pub(crate) mod summary;
pub(crate) mod table;
