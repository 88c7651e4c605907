//! How much text is too much.
//!
//! Checked on bytes and tokens before parsing, so that no input can exhaust the stack or the
//! memory. Every pass that recurses over a tree is covered by the same two depth limits.

/// Longest text in bytes: 32 MiB.
pub const MAX_BYTES: usize = 32 << 20;

/// Most tokens of one statement, trivia left out.
pub const MAX_TOKENS: usize = 1 << 22;

/// Deepest nesting of parentheses, brackets and CASE.
pub const MAX_NESTING: usize = 256;

/// Deepest nesting of queries in parentheses, which cost more than parentheses in expressions.
pub const MAX_QUERIES: usize = 32;

/// Greatest height of an expression tree. Chains of AND and OR are flat and count as one level.
pub const MAX_HEIGHT: u32 = 512;
