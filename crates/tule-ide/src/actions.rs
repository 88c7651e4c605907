//! What can be done at a place: the repairs of findings, and rewritings that keep the meaning.

use tule_core::diagnostics::{Applicability, Diagnostic};
use tule_core::names::fold;
use tule_core::types::Type;
use tule_syntax::ast::{ExprId, ExprKind, Literal, Select, SelectItem, Source};
use tule_syntax::lexer::{is_ident_part, is_ident_start};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;

use crate::document::{Document, Part};
use crate::scope::Scope;
use crate::tree::selects;

/// Something that can be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// What it does, as an order.
    pub title: String,
    /// What sort of thing it is.
    pub sort: ActionSort,
    /// Replacements in the document; they do not overlap.
    pub edits: Vec<(Span, String)>,
    /// The finding that it repairs or allows.
    pub finding: Option<Diagnostic>,
}

/// A sort of action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActionSort {
    /// Repairs a finding; `true` where it may be applied unasked.
    Repair(bool),
    /// Allows a finding by a comment.
    Allow,
    /// Takes a part out under a name.
    Extract,
    /// Says the same in another way.
    Rewrite,
}

/// What can be done in `range` of a document, the likeliest first.
#[must_use]
pub fn actions(document: &Document, range: Span) -> Vec<Action> {
    let mut actions = Vec::new();
    for part in document.parts() {
        if part.range.start > range.end || part.range.end < range.start {
            continue;
        }
        let local = Span::new(
            range.start.saturating_sub(part.range.start),
            range.end.saturating_sub(part.range.start),
        );
        repairs(part, range, &mut actions);
        let place = Place { part, local };
        place.rewrites(&mut actions);
    }
    if document.text().contains("\r\n") {
        // New lines break as those of the text do.
        for (_, text) in actions.iter_mut().flat_map(|action| &mut action.edits) {
            *text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
    }
    actions
}

fn meets(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

fn repairs(part: &Part, range: Span, actions: &mut Vec<Action>) {
    let found: Vec<Diagnostic> =
        part.diagnostics().filter(|found| meets(found.span, range)).collect();
    for finding in &found {
        for fix in &finding.fixes {
            actions.push(Action {
                title: fix.title.clone(),
                sort: ActionSort::Repair(fix.applicability == Applicability::Safe),
                edits: fix.edits.iter().map(|edit| (edit.span, edit.text.clone())).collect(),
                finding: Some(finding.clone()),
            });
        }
    }
    for finding in found.into_iter().filter(|finding| finding.code.info().has_level()) {
        let text = format!("-- allow({}): reason\n", finding.code);
        let at = Span::empty(part.range.start + first_word(part));
        actions.push(Action {
            title: format!("allow `{}` in this query", finding.code),
            sort: ActionSort::Allow,
            edits: vec![(at, text)],
            finding: Some(finding),
        });
    }
}

/// Where the first word of a statement stands in it, past blanks and comments.
fn first_word(part: &Part) -> u32 {
    let lexed = tule_syntax::lexer::lex(&part.analysis.text);
    lexed.iter().find(|(kind, _)| !kind.is_trivia()).map_or(0, |(_, span)| span.start)
}

/// A place in a statement.
struct Place<'d> {
    part: &'d Part,
    local: Span,
}

impl Place<'_> {
    fn text(&self) -> &str {
        &self.part.analysis.text
    }

    fn written(&self, span: Span) -> &str {
        span.text(self.text())
    }

    fn push(
        &self,
        actions: &mut Vec<Action>,
        sort: ActionSort,
        title: &str,
        edits: Vec<(Span, String)>,
    ) {
        let base = self.part.range.start;
        let edits = edits.into_iter().map(|(span, text)| (span.shift(base), text)).collect();
        actions.push(Action { title: title.to_owned(), sort, edits, finding: None });
    }

    fn rewrites(&self, actions: &mut Vec<Action>) {
        let analysis = &self.part.analysis;
        if !analysis.parsed.errors.is_empty() {
            return;
        }
        let mut innermost: Option<&Select> = None;
        selects(&analysis.parsed.statement, &mut |select| {
            let nearer = innermost.is_none_or(|known| select.span.len() < known.span.len());
            if meets(select.span, self.local) && nearer {
                innermost = Some(select);
            }
        });
        if let Some(select) = innermost {
            self.stars(select, actions);
            self.names(select, actions);
            self.order_of_from(select, actions);
        }
        self.parameter(actions);
        self.with(actions);
    }

    /// `*` as the columns that it stands for.
    fn stars(&self, select: &Select, actions: &mut Vec<Action>) {
        for star in select.stars().filter(|star| meets(star.span, self.local)) {
            let scope = Scope::at(&self.part.analysis, select.span.start);
            let prefix =
                star.table.map_or(String::new(), |table| format!("{}.", self.written(table)));
            let names: Vec<String> = scope
                .of_star(self.text(), star)
                .iter()
                .map(|column| format!("{prefix}{}", crate::completion::written(column.name)))
                .collect();
            if !names.is_empty() {
                let edits = vec![(star.span, names.join(", "))];
                self.push(actions, ActionSort::Rewrite, "list the columns of the star", edits);
            }
        }
    }

    /// The generated name of a member of the select list, written out.
    fn names(&self, select: &Select, actions: &mut Vec<Action>) {
        let Some(facts) = self.part.analysis.checked.typed.select(select.span) else { return };
        let mut position = 0_u32;
        for item in &select.items {
            let SelectItem::Expr { alias, span, .. } = item else { continue };
            let generated = facts.generated.iter().find(|(at, _)| *at == position);
            position += 1;
            let Some((_, name)) = generated.filter(|_| alias.is_none()) else { continue };
            if meets(*span, self.local) {
                let name = crate::completion::written(name);
                let edits = vec![(Span::empty(span.end), format!(" as {name}"))];
                self.push(actions, ActionSort::Rewrite, &format!("name it `{name}`"), edits);
            }
        }
    }

    /// FROM in front of SELECT, or behind its list.
    fn order_of_from(&self, select: &Select, actions: &mut Vec<Action>) {
        let (Some(keyword), Some(from)) = (select.keyword, &select.from) else { return };
        let Some(last) = select.items.last() else { return };
        let list = Span::new(keyword.start, last.span().end);
        let end = select.joins.last().map_or(from.span.end, |join| join.span.end);
        let tables = Span::new(from.keyword.start, end);
        let (first, second, title) = if list.end <= tables.start {
            (list, tables, "put `from` first")
        } else if tables.end <= list.start {
            (tables, list, "put `select` first")
        } else {
            return;
        };
        let between = self.written(Span::new(first.end, second.start));
        if !between.trim().is_empty() {
            return;
        }
        let text = format!("{}{between}{}", self.written(second), self.written(first));
        let edits = vec![(first.cover(second), text)];
        self.push(actions, ActionSort::Rewrite, title, edits);
    }

    /// The constant at the place, as a parameter with that constant as its default.
    fn parameter(&self, actions: &mut Vec<Action>) {
        let analysis = &self.part.analysis;
        let statement = &analysis.parsed.statement;
        let arena = &statement.arena;
        let nodes = (0..u32::try_from(arena.len()).unwrap_or(u32::MAX)).map(ExprId);
        let literal = nodes.into_iter().find(|id| {
            let expr = arena.expr(*id);
            let constant = matches!(
                expr.kind,
                ExprKind::Literal(
                    Literal::String | Literal::DoubleString | Literal::Integer | Literal::Number
                )
            );
            constant && expr.span.touches(self.local.start) && expr.span.touches(self.local.end)
        });
        let Some(literal) = literal else { return };
        let inside_default = statement.header.iter().flat_map(|header| &header.params);
        let span = arena.span(literal);
        if inside_default.into_iter().any(|declared| declared.span.contains(span)) {
            return;
        }
        let ty = analysis.checked.typed.resolve(arena).node(literal).ty.unwrap_or(Type::Text);
        let value = self.written(span).to_owned();
        let name = self.free_parameter(literal);
        let declaration = format!("${name} {} default {value}", ty.name());
        let header = if let Some(header) = &statement.header {
            if let Some(last) = header.params.last() {
                (Span::empty(last.span.end), format!(", {declaration}"))
            } else {
                // `query name() as`
                let Some(open) = self.written(header.span).find('(') else { return };
                let at = header.span.start + u32::try_from(open + 1).unwrap_or(0);
                (Span::empty(at), declaration)
            }
        } else {
            let start = Span::empty(first_word(self.part));
            (start, format!("query {name}_of({declaration}) as\n"))
        };
        let edits = vec![header, (span, format!("${name}"))];
        self.push(actions, ActionSort::Extract, "make it a parameter", edits);
    }

    /// A name for a parameter: that of the column it is compared with.
    fn free_parameter(&self, literal: ExprId) -> String {
        let analysis = &self.part.analysis;
        let arena = &analysis.parsed.statement.arena;
        let mut column = None;
        for id in (0..u32::try_from(arena.len()).unwrap_or(u32::MAX)).map(ExprId) {
            let mut children = Vec::new();
            arena.children(id, |child| children.push(child));
            if children.contains(&literal) {
                column = children.iter().find_map(|child| match arena.expr(*child).kind {
                    ExprKind::Column(name) | ExprKind::Qualified { column: name, .. } => Some(name),
                    _ => None,
                });
            }
        }
        let base = column.map_or("value".to_owned(), |name| {
            let name = fold(name_text(self.written(name))).into_owned();
            let name: String =
                name.chars().map(|c| if is_ident_part(c) { c } else { '_' }).collect();
            let name = name.trim_start_matches('_').to_owned();
            if name.starts_with(is_ident_start) { name } else { "value".to_owned() }
        });
        let parameters = &analysis.checked.typed.parameters;
        let taken = |name: &str| parameters.iter().any(|known| fold(&known.name) == name);
        let mut name = base.clone();
        let mut number = 2;
        while taken(&name) {
            name = format!("{base}_{number}");
            number += 1;
        }
        name
    }

    /// The whole query as a WITH table, with a select over it.
    fn with(&self, actions: &mut Vec<Action>) {
        let statement = &self.part.analysis.parsed.statement;
        let Some(query) = &statement.query else { return };
        let reads = matches!(
            query.first.as_leaf().and_then(|select| select.from.as_ref()).map(|from| &from.source),
            Some(Source::Named(_) | Source::Query(_))
        );
        if !statement.ctes.is_empty() || !reads || !meets(query.span, self.local) {
            return;
        }
        let text =
            format!("with result as (\n{}\n)\nselect * from result", self.written(query.span));
        let edits = vec![(query.span, text)];
        self.push(actions, ActionSort::Extract, "make it a `with` table", edits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{marked, world};

    /// The text after the action of this title at `§`.
    fn done(text: &str, title: &str) -> String {
        let (text, offset) = marked(text);
        let document = Document::new(text.clone(), world());
        let all = actions(&document, Span::empty(offset));
        let Some(action) = all.iter().find(|action| action.title == title) else {
            panic!("{title} is not among {:?}", all.iter().map(|a| &a.title).collect::<Vec<_>>());
        };
        let mut edits = action.edits.clone();
        edits.sort_by_key(|(span, _)| *span);
        let text = edits.iter().rev().fold(text, |mut text, (span, new)| {
            text.replace_range(span.start as usize..span.end as usize, new);
            text
        });
        let after = Document::new(text.clone(), world());
        let wrong = |part: &Part| {
            !part.analysis.checked.is_valid() || !part.analysis.parsed.errors.is_empty()
        };
        assert!(
            !after.parts().iter().any(wrong),
            "{text}: {:?}",
            after.parts()[0].analysis.checked.diagnostics
        );
        text
    }

    fn titles(text: &str) -> Vec<String> {
        let (text, offset) = marked(text);
        let document = Document::new(text, world());
        actions(&document, Span::empty(offset)).into_iter().map(|action| action.title).collect()
    }

    #[test]
    fn findings_are_repaired_or_allowed() {
        let text = "select beat from calls where x = §null limit 5";
        assert_eq!(
            done(text, "write `x is null`"),
            "select beat from calls where x is null limit 5"
        );
        assert_eq!(
            done(
                "-- first\nselect beat from calls where x = §null limit 5",
                "allow `equals-null` in this query"
            ),
            "-- first\n-- allow(equals-null): reason\nselect beat from calls where x = null limit 5"
        );
    }

    #[test]
    fn stars_become_columns() {
        assert_eq!(
            done(
                "select *§ (except x, the_point) from calls limit 5",
                "list the columns of the star"
            ),
            "select beat, priority, opened, `group` from calls limit 5"
        );
        assert_eq!(
            done(
                "from calls as c join districts as d on @d.name = beat select @d.*§ limit 5",
                "list the columns of the star"
            ),
            "from calls as c join districts as d on @d.name = beat select @d.name, @d.the_geom limit 5"
        );
    }

    #[test]
    fn generated_names_are_written_out() {
        assert_eq!(
            done("select x +§ 1 from calls limit 5", "name it `x_1`"),
            "select x + 1 as x_1 from calls limit 5"
        );
    }

    #[test]
    fn from_moves_to_either_side() {
        let first = "from calls as c join districts as d on @d.name = beat select beat limit 5";
        let second = "select beat from calls as c join districts as d on @d.name = beat limit 5";
        assert_eq!(done(&format!("§{first}"), "put `select` first"), second);
        assert_eq!(done(&format!("§{second}"), "put `from` first"), first);
    }

    #[test]
    fn constants_become_parameters() {
        assert_eq!(
            done("select x from calls where priority = '§1' limit 5", "make it a parameter"),
            "query priority_of($priority text default '1') as\nselect x from calls where priority = $priority limit 5"
        );
        assert_eq!(
            done(
                "query q($x number) as select x from calls where x > $x and x < 1§0 limit 5",
                "make it a parameter"
            ),
            "query q($x number, $x_2 number default 10) as select x from calls where x > $x and x < $x_2 limit 5"
        );
        assert!(
            !titles("query q($x number default §1) as select x from calls where x > $x limit 5")
                .contains(&"make it a parameter".to_owned())
        );
    }

    #[test]
    fn parameters_have_names_that_can_be_written() {
        assert_eq!(
            done(
                "query q() as select x from calls where `group` = 'a§' limit 5",
                "make it a parameter"
            ),
            "query q($group text default 'a') as select x from calls where `group` = $group limit 5"
        );
        assert_eq!(
            done(
                "select x from calls where upper(beat) || 'é' = 'C§1' limit 5",
                "make it a parameter"
            ),
            "query value_of($value text default 'C1') as\nselect x from calls where upper(beat) || 'é' = $value limit 5"
        );
    }

    #[test]
    fn new_lines_break_as_the_text_does() {
        assert_eq!(
            done("select x\r\nfrom calls li§mit 5", "make it a `with` table"),
            "with result as (\r\nselect x\r\nfrom calls limit 5\r\n)\r\nselect * from result"
        );
    }

    #[test]
    fn a_query_becomes_a_with_table() {
        assert_eq!(
            done("select x from calls li§mit 5", "make it a `with` table"),
            "with result as (\nselect x from calls limit 5\n)\nselect * from result"
        );
    }
}
