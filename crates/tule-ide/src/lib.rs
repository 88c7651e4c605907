//! What an editor or a prompt asks about a file of queries, in byte offsets and plain values.
//!
//! Functions over an analysed `Document`: no protocol types, no clock, no files, no network.
//! The language server and the prompt are two thin users of the same answers.

#![forbid(unsafe_code)]

pub mod actions;
pub mod cards;
pub mod completion;
pub mod document;
pub mod highlight;
pub mod hints;
pub mod hover;
pub mod names;
pub mod navigation;
pub mod outline;
mod place;
mod rewrite;
mod scope;
pub mod signature;
#[cfg(test)]
mod tests;
mod tree;
pub mod words;
