//! Comments that allow a finding: `-- allow(case-sensitive-like): stored in upper case`.
//!
//! In front of a statement such a comment speaks for the whole of it; behind something on the same
//! line, for that line; on a line of its own, for the next line with code. It says why, or it has
//! no effect. One that allows nothing is reported, so that none outlives its cause. What a portal
//! refuses cannot be allowed.

use tule_syntax::lexer::{Lexed, lex};
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use super::Levels;
use crate::diagnostics::{Applicability, CODES, Code, Diagnostic};
use crate::names::{alternatives, similar};

/// One rule that a comment allows.
struct Allow {
    code: Code,
    /// Where the rule is named.
    name: Span,
    /// The comment.
    comment: Span,
    /// The part of the statement it speaks for.
    scope: Span,
    used: bool,
}

const WORD: &str = "allow(";

/// Takes out what comments in the statement allow, and adds what is wrong with these comments.
pub(super) fn apply(text: &str, diagnostics: &mut Vec<Diagnostic>, levels: &Levels) {
    if !text.contains(WORD) {
        return;
    }
    // Where the form is at fault no lint has looked, and nothing can be said to be unused.
    let whole = !diagnostics.iter().any(|found| found.is_error() && !found.code.info().lint);
    let mut faults = Vec::new();
    let mut allowed = directives(text, &mut faults);
    diagnostics.retain(|found| {
        let mut matching = allowed
            .iter_mut()
            .filter(|allow| allow.code == found.code && allow.scope.touches(found.span.start));
        match matching.next() {
            Some(first) => {
                first.used = true;
                matching.for_each(|allow| allow.used = true);
                false
            }
            None => true,
        }
    });
    if whole {
        let unused = |allow: &&Allow| !allow.used && levels.is_on(allow.code);
        faults.extend(allowed.iter().filter(unused).map(|allow| unused_allow(allow, &allowed)));
    }
    faults.retain_mut(|fault| levels.apply(fault));
    diagnostics.append(&mut faults);
}

fn unused_allow(allow: &Allow, all: &[Allow]) -> Diagnostic {
    let message = format!("nothing here is reported as `{}`", allow.code);
    let found = Diagnostic::new(Code::UnusedAllow, allow.name, message);
    // A comment that allows something else as well stays.
    let alone = all.iter().filter(|other| other.comment == allow.comment).count() == 1;
    if alone {
        found.fix(Applicability::Safe, "remove the comment", allow.comment, "")
    } else {
        found.help("leave this rule out of the comment")
    }
}

/// The rules that the comments of a statement allow.
fn directives(text: &str, faults: &mut Vec<Diagnostic>) -> Vec<Allow> {
    let lexed = lex(text);
    let mut allowed = Vec::new();
    for (index, (kind, comment)) in lexed.iter().enumerate() {
        if !kind.is_comment() {
            continue;
        }
        let Some(directive) = Directive::read(text, comment) else { continue };
        let scope = scope(text, &lexed, index);
        if directive.reason.is_empty() {
            faults.push(
                Diagnostic::new(
                    Code::AllowWithoutReason,
                    comment,
                    "a suppression without a reason has no effect",
                )
                .help("write the reason behind it: `-- allow(rule): reason`"),
            );
            continue;
        }
        for name in directive.names {
            match Code::from_name(name.text(text)).filter(|code| code.info().has_level()) {
                Some(code) => allowed.push(Allow { code, name, comment, scope, used: false }),
                None => faults.push(unknown(name.text(text), name)),
            }
        }
    }
    allowed
}

/// Why the rule named at `span` cannot be allowed.
fn unknown(name: &str, span: Span) -> Diagnostic {
    let fault = |message| Diagnostic::new(Code::UnknownLint, span, message);
    if Code::from_name(name).is_some() {
        return fault(format!("`{name}` is always an error and cannot be allowed"));
    }
    let rules = CODES.iter().filter(|info| info.has_level()).map(|info| info.name);
    let found = fault(format!("no rule `{name}`"));
    match similar(name, rules).as_slice() {
        [] => found.help("`tule explain` lists the rules"),
        near => found.help(format!("perhaps {} was meant", alternatives(near))),
    }
}

/// A comment of the form `allow(names): reason`.
struct Directive<'t> {
    names: Vec<Span>,
    reason: &'t str,
}

impl<'t> Directive<'t> {
    fn read(text: &'t str, comment: Span) -> Option<Self> {
        let written = comment.text(text);
        let inside = written.trim_start_matches(['-', '/', '*']).trim_start();
        let rest = inside.strip_prefix(WORD)?;
        let (list, behind) = rest.split_once(')')?;
        let behind = behind.trim_end_matches("*/");
        let length = |part: &str| u32::try_from(part.len()).unwrap_or(u32::MAX);
        let mut start = comment.start + length(written) - length(rest);
        let mut names = Vec::new();
        for part in list.split(',') {
            let name = part.trim();
            let begin = start + length(part) - length(part.trim_start());
            names.push(Span::new(begin, begin + length(name)));
            start += length(part) + 1;
        }
        Some(Self { names, reason: behind.trim_start().strip_prefix(':').unwrap_or("").trim() })
    }
}

/// The part of a statement that the comment at `index` speaks for.
fn scope(text: &str, lexed: &Lexed, index: usize) -> Span {
    let significant = |at: &usize| !lexed.kind(*at).is_trivia();
    let comment = lexed.span(index);
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let Some(before) = (0..index).rev().find(significant) else {
        return Span::new(0, end);
    };
    let between = Span::new(lexed.span(before).end, comment.start).text(text);
    if !between.contains('\n') {
        let line = text.get(..comment.start as usize).and_then(|before| before.rfind('\n'));
        let start = line.map_or(0, |at| u32::try_from(at + 1).unwrap_or(0));
        return Span::new(start, comment.start);
    }
    let next = (index + 1..lexed.len())
        .find(|at| significant(at) && lexed.kind(*at) != TokenKind::Unknown);
    let Some(next) = next.map(|next| lexed.span(next).start) else {
        return Span::empty(comment.end);
    };
    let behind = text.get(next as usize..).and_then(|behind| behind.find('\n'));
    let stop = behind.map_or(end, |at| next + u32::try_from(at).unwrap_or(0));
    Span::new(comment.end, stop)
}
