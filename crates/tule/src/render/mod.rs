//! Values to text: nothing here decides anything or touches a stream.

pub(crate) mod concise;
pub(crate) mod excerpt;
pub(crate) mod finding;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod request;
pub(crate) mod schema;
pub(crate) mod summary;
pub(crate) mod table;
