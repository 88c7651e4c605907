//! Names as source text: with back-quotes where they need them.

use tule_syntax::lexer::lex;

/// `name` as a column is written: in back-quotes if it is a reserved word or has a `-`.
///
/// ```
/// use tule_core::print::column;
/// assert_eq!(column("beat"), "beat");
/// assert_eq!(column("group"), "`group`");
/// assert_eq!(column(":id"), ":id");
/// ```
#[must_use]
pub fn column(name: &str) -> String {
    use tule_syntax::token::TokenKind;
    let lexed = lex(name);
    let plain = lexed.len() == 1
        && (lexed.kind(0).is_name() || lexed.kind(0) == TokenKind::SystemIdent)
        && !name.starts_with('`');
    if plain { name.to_owned() } else { format!("`{name}`") }
}
