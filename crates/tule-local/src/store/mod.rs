//! Values and rows as SQLite keeps them, and the files that hold them.

mod cache;
pub(crate) mod codec;
mod import;
mod index;
pub(crate) mod marks;
pub(crate) mod number;
pub(crate) mod shape;
mod table;

pub(crate) use cache::{Loaded, Store};
pub(crate) use table::{Place, Table};
