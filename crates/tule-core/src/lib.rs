//! What queries mean: types, functions, schemas, checking, planning and lowering to portals.
//!
//! Everything here is pure: no clock, no file, no network, no environment. Stages give values and
//! diagnostics, never a `Result` that hides the rest.

#![forbid(unsafe_code)]

pub mod check;
pub mod diagnostics;
pub mod docs;
pub mod drift;
pub mod fix;
pub mod functions;
pub mod import;
pub mod lint;
pub mod lower;
pub mod names;
pub mod plan;
pub mod print;
pub mod reading;
pub mod rows;
pub mod schema;
pub mod target;
pub mod types;
