//! Text to tokens to syntax tree, and back to well-laid text.
//!
//! This crate knows what a statement looks like and nothing of what it means: no datasets, types
//! or functions. It does no input or output. Lexing and parsing never fail; they return a value
//! and a list of errors.

#![forbid(unsafe_code)]

pub mod ast;
pub mod error;
pub mod format;
pub mod lexer;
pub mod limits;
pub mod literal;
pub mod parser;
pub mod span;
pub mod token;
