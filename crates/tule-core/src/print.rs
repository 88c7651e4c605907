//! Names as source text, with back-quotes where they need them, and numbers for people.

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

/// A number with commas between thousands.
///
/// ```
/// use tule_core::print::grouped;
/// assert_eq!(grouped(98), "98");
/// assert_eq!(grouped(1_200_000), "1,200,000");
/// ```
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
