//! Text is compared by letter case, which nobody thinks of when searching.

use tule_syntax::ast::{ExprId, ExprKind};
use tule_syntax::literal::quote_string;

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::ask::{Case, How, is_template};
use crate::lint::pass::Pass;
use crate::lint::pattern::matches;
use crate::lint::{Lint, Look};
use crate::types::Type;

/// Shorter words stand inside others in any letter case.
const WORD: usize = 3;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::CaseSensitiveLike,
        why: "Portals compare text letter by letter: `'%noise%'` finds neither `Noise` nor \
              `NOISE`. It is reported where the known values of the column show that some are \
              missed, and for a word in small letters that is looked for anywhere in a column, \
              since most portals write with capitals.\n\n\
              Bring both sides to one letter case with `upper`, or write `ilike`.",
        failing: "select call_no from police_calls\n\
                  where call_type_final_d like '%noise%' limit 10",
        repaired: "select call_no from police_calls\n\
                   where call_type_final_d ilike '%noise%' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let Some(test) = pass.text_test(id, kind).filter(|test| test.how != How::Equal) else {
        return;
    };
    let [member] = *test.members() else { return };
    let (Some(text), Some((_, column))) = (pass.string(member), pass.column(test.operand)) else {
        return;
    };
    if column.ty != Some(Type::Text) || is_template(&text) {
        return;
    }
    let diagnostic = if column.values.is_empty() {
        let anywhere = test.how == How::Contains || text.starts_with('%');
        if !anywhere || !is_small_word(&text) {
            return;
        }
        let message = format!("{} finds small letters only", pass.source(member));
        Diagnostic::new(Code::CaseSensitiveLike, pass.arena.span(member), message)
            .note("text is compared by letter case: words that begin with a capital are missed")
    } else {
        let upper = Case::Upper.apply(&text);
        let missed: Vec<&String> = column
            .values
            .iter()
            .filter(|value| {
                !matches(test.how, &text, value)
                    && matches(test.how, &upper, &Case::Upper.apply(value))
            })
            .collect();
        let Some(first) = missed.first() else { return };
        let more = match missed.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let message = format!("{} misses `{first}`{more}", pass.source(member));
        Diagnostic::new(Code::CaseSensitiveLike, pass.arena.span(member), message).note(format!(
            "`{first}` is among the {} known values of `{}`, and text is compared by letter case",
            column.values.len(),
            column.name
        ))
    };
    let value = pass.source(test.operand);
    let upper = quote_string(&Case::Upper.apply(&text));
    let repaired = match test.how {
        How::Starts => format!("starts_with(upper({value}), {upper})"),
        How::Contains => format!("contains(upper({value}), {upper})"),
        How::Like | How::Equal => {
            let not = if test.negated { "not " } else { "" };
            format!("upper({value}) {not}like {upper}")
        }
    };
    found.push(diagnostic.help(format!("write `{repaired}`")).fix(
        Applicability::Unsafe,
        format!("write `{repaired}`"),
        pass.arena.span(id),
        repaired.clone(),
    ));
}

/// Whether a pattern looks for words in small letters. Addresses and codes are left alone.
fn is_small_word(text: &str) -> bool {
    let mut letters = 0;
    for c in text.chars() {
        if c.is_lowercase() {
            letters += 1;
        } else if !matches!(c, '%' | ' ' | '-' | '\'') {
            return false;
        }
    }
    letters >= WORD
}
