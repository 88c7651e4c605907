//! Addresses that were put together by hand.
//!
//! An `&` that was encoded with the clause in front of it, a condition written as if it were a
//! filter. The first has one meaning and is read; the second is answered with the clause to
//! write. Deliberately absent: guesses that could give other rows than were meant.

use tule_syntax::lexer::lex;
use tule_syntax::literal::{is_quotable_name, quote_string};
use tule_syntax::token::TokenKind;

use super::ImportError;
use super::params::{Param, ROLES, Role, column_name, folded, shown};

/// `created_date<2011-01-02` as a parameter.
pub(super) fn operator(param: &Param, name: &str, at: usize) -> ImportError {
    let message = format!("`{}` is a condition, not the name of a column", shown(name));
    let (left, right) = name.split_at(at);
    let length = right.len() - right.trim_start_matches(['<', '>', '!', '=']).len();
    let (operator, rest) = right.split_at(length);
    let value = param.value.as_str();
    let open = !operator.is_empty() && rest.is_empty() && !value.is_empty();
    let (operator, operand) = match operator {
        // The `=` of `<=` was taken for the end of the name.
        "<" | ">" | "!" if open => (format!("{operator}="), value),
        _ => (operator.to_owned(), rest),
    };
    let clause = if is_quotable_name(left.trim()) && !operator.is_empty() {
        let operand = operand.trim();
        let literal = match operand.parse::<f64>() {
            Ok(_) if operand.starts_with(|c: char| c.is_ascii_digit()) => operand.to_owned(),
            _ if operand.starts_with('\'') => operand.to_owned(),
            _ => quote_string(operand),
        };
        format!("write `$where={} {operator} {}`", column_name(left.trim()), shown(&literal))
    } else {
        "write the condition into `$where`".to_owned()
    };
    ImportError::new("operator-in-parameter", message).help(clause).at(param.span())
}

/// Takes off what stands behind an `&` in a clause: the address was encoded as a whole, or put
/// together from parts, and what reads as `name = value` is a parameter of its own.
pub(super) fn detached(mut param: Param, notes: &mut Vec<String>) -> Vec<Param> {
    let name = folded(&param.name);
    let splits = ROLES.iter().any(|(known, role)| {
        *known == name && matches!(role, Role::Clause(_) | Role::Limit | Role::Offset)
    });
    let Some(at) = splits.then(|| top_ampersand(param.value.as_str())).flatten() else {
        return vec![param];
    };
    let value = param.value.clone();
    let mut more = Vec::new();
    for piece in value.part(at + 1..value.as_str().len()).split('&') {
        let piece = piece.trim();
        if piece.is_empty() {
            continue;
        }
        let text = piece.as_str();
        let Some(equals) = text.find('=').filter(|at| reads_as_name(text.get(..*at).unwrap_or("")))
        else {
            return vec![param];
        };
        let name = piece.part(0..equals).trim();
        more.push(Param {
            name: name.as_str().to_owned(),
            name_span: param.name_span.as_ref().map(|_| name.whole()),
            value: piece.part(equals + 1..text.len()).trim(),
        });
    }
    for piece in &more {
        let (piece, param) = (shown(&piece.name), shown(&param.name));
        notes.push(format!("`{piece}` behind `&` in `{param}` was read as a parameter of its own"));
    }
    param.value = value.part(0..at);
    more.insert(0, param);
    more
}

/// The first `&` outside quotes and parentheses.
fn top_ampersand(clause: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (kind, span) in lex(clause).iter() {
        match kind {
            TokenKind::LeftParen | TokenKind::LeftBracket => depth += 1,
            TokenKind::RightParen | TokenKind::RightBracket => depth = depth.saturating_sub(1),
            TokenKind::Unknown if depth == 0 && span.text(clause) == "&" => {
                let rest = clause.get(span.end as usize..).unwrap_or("");
                // `&&` is another language's `and`, and the parser's to report.
                let and = rest.starts_with('&') && !rest.trim_matches(['&', ' ']).is_empty();
                return (!and).then_some(span.start as usize);
            }
            _ => {}
        }
    }
    None
}

fn reads_as_name(text: &str) -> bool {
    let name = text.trim();
    is_quotable_name(name.trim_start_matches('$'))
}
