//! Where in a statement the cursor stands, from tokens alone.
//!
//! While a query is typed there is often no sound tree, so the place is worked out by reading the
//! tokens in front of the cursor once, with a frame for every parenthesis. The grammar in short:
//! what a clause begins with, what it continues with, and what may stand behind it. It never
//! judges a query; where it is lost it says that an operand may follow.

use tule_syntax::lexer::Lexed;
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

/// What may be typed at the cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Want {
    /// The first word of a statement or of a query in parentheses.
    #[default]
    Start,
    /// A value: a column, a function, a literal.
    Operand,
    /// What follows a value: an operator, a comma, the next clause.
    Operator,
    /// A new name, which nobody can know.
    NewName,
    /// A dataset or a WITH table.
    Table,
    /// What follows a table: an alias, a join, the next clause.
    AfterTable,
    /// A type.
    Type,
    /// A part of the value in front of the dot.
    Field,
    /// A column of the table in front of the dot.
    ColumnOf(Span),
    /// A number of rows.
    Count,
    /// A word that must follow: `by`, `null`, `first`.
    Word(&'static [&'static str]),
    /// A column to leave out of a star.
    Excluded,
    /// Nothing that can be listed.
    Nothing,
}

/// The clause that the cursor is in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) enum Clause {
    #[default]
    Start,
    Select,
    From,
    Join,
    On,
    Where,
    GroupBy,
    Having,
    OrderBy,
    Search,
    Limit,
    Offset,
    Header,
}

/// What a parenthesis belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Inside {
    /// No parenthesis: the statement itself.
    #[default]
    Statement,
    /// A query: in FROM, JOIN, WITH, or around a part of a set operation.
    Query,
    /// The arguments of a function.
    Call {
        /// The function's name.
        name: Span,
        /// Which argument the cursor is in, from 0.
        argument: usize,
    },
    /// OVER.
    Window,
    /// FILTER.
    Filter,
    /// The members of IN.
    List,
    /// EXCEPT behind a star.
    Except,
    /// The parameters of a query.
    Parameters,
    /// Any other parenthesis.
    Group,
    /// CASE up to its END.
    Case,
}

/// Where the cursor stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Frame {
    pub(crate) inside: Inside,
    pub(crate) clause: Clause,
    pub(crate) want: Want,
    /// Clauses that this select has in front of the cursor, a bit each.
    seen: u16,
    /// The operand that ended last, if it is one token.
    pub(crate) operand: Option<Span>,
    /// The operator behind it, if the cursor is in its right operand.
    pub(crate) operator: Option<TokenKind>,
}

impl Frame {
    /// Whether this select has the clause in front of the cursor.
    pub(crate) fn has(&self, clause: Clause) -> bool {
        self.seen & 1 << clause as u16 != 0
    }

    fn enter(&mut self, clause: Clause, want: Want) {
        self.clause = clause;
        self.seen |= 1 << clause as u16;
        self.want = want;
        self.operand = None;
        self.operator = None;
    }

    fn restart(&mut self) {
        *self = Self { inside: self.inside, ..Self::default() };
    }
}

/// The frames around the cursor, innermost last. `tokens` are those in front of the cursor,
/// without the word that is being typed.
pub(crate) fn frames(lexed: &Lexed, tokens: usize) -> Vec<Frame> {
    let mut reader = Reader { frames: vec![Frame::default()], last: None };
    for index in 0..tokens {
        let kind = lexed.kind(index);
        if !kind.is_trivia() {
            reader.token(kind, lexed.span(index));
        }
    }
    reader.frames
}

struct Reader {
    frames: Vec<Frame>,
    /// The token before.
    last: Option<(TokenKind, Span)>,
}

impl Reader {
    fn token(&mut self, kind: TokenKind, span: Span) {
        let before = self.last.replace((kind, span));
        match kind {
            TokenKind::LeftParen => self.open(before),
            TokenKind::RightParen => self.close(),
            _ => {
                if let Some(frame) = self.frames.last_mut() {
                    let case = step(frame, kind, span, before.map(|(kind, _)| kind));
                    self.case(case);
                }
            }
        }
    }

    fn open(&mut self, before: Option<(TokenKind, Span)>) {
        let Some(frame) = self.frames.last() else { return };
        let clause = frame.clause;
        let inside = match before {
            None => Inside::Query,
            Some((kind, span)) => match kind {
                TokenKind::Over => Inside::Window,
                TokenKind::Filter => Inside::Filter,
                TokenKind::In => Inside::List,
                _ if clause == Clause::Header => Inside::Parameters,
                _ if frame.want == Want::Table => Inside::Query,
                _ if frame.want == Want::Start => Inside::Query,
                _ if kind.is_name() && frame.want == Want::Operator => {
                    Inside::Call { name: span, argument: 0 }
                }
                _ => Inside::Group,
            },
        };
        let (clause, want) = match inside {
            Inside::Query => (Clause::Start, Want::Start),
            Inside::Parameters => (Clause::Header, Want::NewName),
            Inside::Filter => (clause, Want::Word(&["where"])),
            Inside::Window => (clause, Want::Word(&["partition by", "order by", "rows", "range"])),
            _ => (clause, Want::Operand),
        };
        self.frames.push(Frame { inside, clause, want, ..Frame::default() });
    }

    fn close(&mut self) {
        while self.frames.len() > 1 {
            let closed = self.frames.pop().unwrap_or_default();
            let Some(frame) = self.frames.last_mut() else { return };
            match closed.inside {
                // A CASE without END does not end behind the parenthesis around it.
                Inside::Case => continue,
                Inside::Query if frame.want == Want::Table => frame.want = Want::AfterTable,
                Inside::Query => frame.want = Want::Operator,
                Inside::Parameters => frame.want = Want::Word(&["as"]),
                _ => {
                    frame.want = Want::Operator;
                    frame.operand = None;
                    frame.operator = None;
                }
            }
            return;
        }
    }

    fn case(&mut self, case: Option<bool>) {
        match case {
            Some(true) => {
                let clause = self.frames.last().map_or(Clause::Start, |frame| frame.clause);
                let want = Want::Operand;
                self.frames.push(Frame { inside: Inside::Case, clause, want, ..Frame::default() });
            }
            Some(false) if self.frames.last().is_some_and(|frame| frame.inside == Inside::Case) => {
                self.frames.pop();
                if let Some(frame) = self.frames.last_mut() {
                    frame.want = Want::Operator;
                }
            }
            _ => {}
        }
    }
}

/// Takes a token into the frame; says whether a CASE begins or ends with it.
fn step(frame: &mut Frame, kind: TokenKind, span: Span, before: Option<TokenKind>) -> Option<bool> {
    use TokenKind as T;
    match (frame.want, kind) {
        (Want::NewName, _) if frame.clause == Clause::Header => frame.want = after_header(frame),
        (Want::NewName, _) => {
            frame.want =
                if frame.clause <= Clause::Select { Want::Operator } else { Want::AfterTable };
            if matches!(frame.clause, Clause::Start) {
                frame.want = Want::Word(&["as"]);
            }
        }
        (Want::Table, T::Lateral) | (Want::Excluded, _) => {}
        (Want::Table, _) if kind.is_name() || kind == T::TableIdent || kind.is_string() => {
            frame.want = Want::AfterTable;
        }
        (Want::Field | Want::ColumnOf(_) | Want::Type, _)
            if kind.is_name() || kind.is_keyword() =>
        {
            frame.want = if frame.clause == Clause::Header {
                Want::Word(&["default"])
            } else {
                Want::Operator
            };
        }
        (Want::Count, _) => frame.want = Want::Operator,
        _ => return word(frame, kind, span, before),
    }
    None
}

fn after_header(frame: &Frame) -> Want {
    match frame.inside {
        Inside::Parameters => Want::Type,
        _ => Want::Nothing,
    }
}

/// A token that means the same wherever it stands.
fn word(frame: &mut Frame, kind: TokenKind, span: Span, before: Option<TokenKind>) -> Option<bool> {
    use TokenKind as T;
    let starting = frame.want == Want::Start;
    match kind {
        T::Select => frame.enter(Clause::Select, Want::Operand),
        T::From if before == Some(T::Distinct) && frame.clause != Clause::Select => {
            frame.want = Want::Operand;
        }
        T::From => frame.enter(Clause::From, Want::Table),
        T::Join => frame.enter(Clause::Join, Want::Table),
        T::Left | T::Right | T::Full | T::Inner | T::Outer => {
            frame.want = Want::Word(&["join", "outer join"]);
        }
        T::On if matches!(frame.clause, Clause::Join) => frame.enter(Clause::On, Want::Operand),
        T::Where if frame.inside == Inside::Filter => frame.want = Want::Operand,
        T::Where => frame.enter(Clause::Where, Want::Operand),
        T::Having => frame.enter(Clause::Having, Want::Operand),
        T::Group | T::Order | T::Partition => {
            frame.want = Want::Word(&["by"]);
            if frame.inside != Inside::Window {
                let clause = if kind == T::Group { Clause::GroupBy } else { Clause::OrderBy };
                frame.enter(clause, Want::Word(&["by"]));
            }
        }
        T::By | T::Default | T::Distinct => frame.want = Want::Operand,
        T::Limit => frame.enter(Clause::Limit, Want::Count),
        T::Offset => frame.enter(Clause::Offset, Want::Count),
        T::Search => frame.enter(Clause::Search, Want::Nothing),
        T::PipeGreater | T::Union | T::Intersect | T::Minus => frame.restart(),
        T::All if starting => {}
        T::With if starting => frame.want = Want::NewName,
        T::Query if starting => frame.enter(Clause::Header, Want::NewName),
        T::As if frame.clause == Clause::Header => frame.restart(),
        T::As if frame.clause == Clause::Start => frame.want = Want::Table,
        T::As => frame.want = Want::NewName,
        T::Not if frame.want == Want::Operator => {
            frame.want = Want::Word(&["like", "in", "between", "ilike"]);
        }
        T::Is => {
            frame.want = Want::Word(&["null", "not null", "distinct from", "not distinct from"]);
        }
        T::Nulls => frame.want = Want::Word(&["first", "last"]),
        T::Case if frame.want == Want::Operand => return Some(true),
        T::EndWord => return Some(false),
        T::DoubleColon => frame.want = Want::Type,
        T::Dot => {
            frame.want = match (before, frame.operand) {
                (Some(T::TableIdent), Some(table)) => Want::ColumnOf(table),
                _ => Want::Field,
            };
        }
        T::Comma => comma(frame),
        T::Except if frame.inside == Inside::Group => {
            frame.inside = Inside::Except;
            frame.want = Want::Excluded;
        }
        T::Asc | T::Desc => frame.want = Want::Operator,
        // At the beginning of a member it is every column, elsewhere a product.
        T::Star | T::SystemStar if frame.want == Want::Operand => frame.want = Want::Operator,
        _ if is_operator(kind) => {
            frame.operator = Some(kind);
            frame.want = Want::Operand;
        }
        T::When | T::Then | T::Else => {
            frame.operator = None;
            frame.want = Want::Operand;
        }
        _ => {
            frame.operand = Some(span);
            frame.want = Want::Operator;
        }
    }
    None
}

fn comma(frame: &mut Frame) {
    frame.operand = None;
    // The members of a list share the operator in front of it.
    frame.operator = None;
    frame.want = match frame.inside {
        Inside::Parameters => Want::NewName,
        _ if frame.clause == Clause::Start => Want::NewName,
        _ => Want::Operand,
    };
    if let Inside::Call { argument, .. } = &mut frame.inside {
        *argument += 1;
    }
}

fn is_operator(kind: TokenKind) -> bool {
    use TokenKind as T;
    kind.is_comparison()
        || matches!(
            kind,
            T::And
                | T::Or
                | T::Not
                | T::Like
                | T::Ilike
                | T::In
                | T::Between
                | T::Plus
                | T::Dash
                | T::Star
                | T::Slash
                | T::Percent
                | T::Caret
                | T::PipePipe
                | T::LeftBracket
        )
}
