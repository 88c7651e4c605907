//! Calls: which function, and the rules of FILTER, OVER and window frames.

use std::borrow::Cow;

use tule_syntax::ast::{
    BoundKind, CallStyle, ExprId, ExprKind, Filter, Frame, FrameUnit, Root, Suffix, Window,
};
use tule_syntax::literal::name_text;

use super::Checker;
use super::messages::Applied;
use super::typed::{Info, flag};
use crate::diagnostics::{Code, Diagnostic};
use crate::functions::{Function, Kind, by_internal_name, by_name};
use crate::names::fold;
use crate::types::{Type, TypeSet};

impl Checker<'_> {
    pub(super) fn call(&mut self, id: ExprId) -> Info {
        let arena = self.arena;
        let ExprKind::Call { name, style, args, suffix } = arena.expr(id).kind else {
            return Info::unknown();
        };
        let args = arena.list(args);
        let suffix = suffix.and_then(|suffix| arena.suffix(suffix));
        let spelled = name_text(self.written(name));
        // Functions are called by names in the compared form, nearly always.
        let direct = by_name(spelled);
        let folded = if direct.is_empty() { fold(spelled) } else { Cow::Borrowed(spelled) };
        let mut below = 0;
        if self.aggregates {
            arena.children(id, |child| below |= self.typed.get(child).flags);
            below &= flag::AGGREGATE | flag::WINDOW;
        }
        if let Some(info) = Self::relative_date(&folded, style, args.len()) {
            return info;
        }
        let (overloads, lookup) = match style {
            CallStyle::Plain if direct.is_empty() => (by_name(&folded), Cow::Borrowed(&*folded)),
            CallStyle::Plain => (direct, Cow::Borrowed(spelled)),
            CallStyle::Star => {
                // The only function that takes a star.
                if folded == "count" {
                    (by_internal_name("count/*"), Cow::Borrowed("count/*"))
                } else {
                    (&[][..], Cow::Owned(format!("{folded}/*")))
                }
            }
            CallStyle::Distinct => {
                let lookup = format!("{folded}_distinct");
                (by_name(&lookup), lookup.into())
            }
        };
        let Some(first) = overloads.first() else {
            if !self.report_foreign_function(id, name, &lookup) {
                self.report_unknown_function(name, &lookup);
            }
            return Info { flags: flag::UNKNOWN | below, ..Info::unknown() };
        };
        let mut info = match self.resolve(overloads, args) {
            Ok(info) => info,
            Err(_) if !overloads.iter().any(|function| function.accepts_arity(args.len())) => {
                self.report_arity(name, overloads, args);
                let own = Self::own_flags(Self::kind_of(overloads, first), suffix);
                self.aggregates |= own != 0;
                let flags = flag::UNKNOWN | below | own;
                return Info { flags, ..Info::unknown() };
            }
            Err(misfit) => {
                self.report_misfit(misfit, args, Applied::Call(name));
                Self::result_of(overloads)
            }
        };
        // `spatial_union` is a scalar with two arguments and an aggregate with one.
        let kind = match info.overload {
            Some(overload) => overload.kind,
            None => Self::kind_of(overloads, first),
        };
        self.nesting(kind, args, suffix);
        if suffix.is_some() || kind == Kind::Window {
            self.suffix_rules(id, kind, style, suffix);
        }
        let carried = match (kind, suffix.is_some_and(|suffix| suffix.over.is_some())) {
            // An aggregate's arguments are not aggregated themselves; inside a window they may be.
            (Kind::Aggregate, false) => 0,
            _ => below,
        };
        let own = Self::own_flags(kind, suffix);
        self.aggregates |= own != 0;
        info.flags |= carried | own;
        info
    }

    /// What overloads do to rows, as long as none is chosen.
    fn kind_of(overloads: &[Function], first: &Function) -> Kind {
        let windowed = overloads.iter().any(|function| function.kind == Kind::Window);
        if windowed { Kind::Window } else { first.kind }
    }

    fn own_flags(kind: Kind, suffix: Option<&Suffix>) -> u8 {
        let windowed = suffix.is_some_and(|suffix| suffix.over.is_some());
        match kind {
            _ if windowed => flag::WINDOW,
            Kind::Aggregate => flag::AGGREGATE,
            Kind::Window => flag::WINDOW,
            Kind::Operator | Kind::Scalar => 0,
        }
    }

    /// What a faulty application gives: its one result type if it has only one.
    pub(super) fn result_of(overloads: &[Function]) -> Info {
        let types = overloads.iter().fold(TypeSet::NONE, |types, function| {
            types.union(function.types_of(function.returns))
        });
        match types.single() {
            Some(ty) => Info::of(TypeSet::one(ty), 0),
            None => Info::unknown(),
        }
    }

    /// `today()` and `now()`: folded to a constant when the request is built.
    fn relative_date(name: &str, style: CallStyle, count: usize) -> Option<Info> {
        if style != CallStyle::Plain || count != 0 {
            return None;
        }
        let types = match name {
            "today" => {
                TypeSet::of(&[Type::FixedTimestamp, Type::FloatingTimestamp, Type::Datestamp])
            }
            "now" => TypeSet::TIMESTAMP_LIKE,
            _ => return None,
        };
        Some(Info::of(types, flag::RELATIVE))
    }

    /// No aggregate inside an aggregate, no window inside a window.
    fn nesting(&mut self, kind: Kind, args: &[ExprId], suffix: Option<&Suffix>) {
        let windowed = suffix.is_some_and(|suffix| suffix.over.is_some());
        if kind == Kind::Aggregate && !windowed {
            for arg in args {
                self.forbid(*arg, flag::AGGREGATE, "inside another aggregate");
                self.forbid(*arg, flag::WINDOW, "inside an aggregate");
            }
        }
        if windowed || kind == Kind::Window {
            for arg in args {
                self.forbid(*arg, flag::WINDOW, "inside another window function");
            }
        }
        let Some(suffix) = suffix else { return };
        if let Some(condition) = suffix.filter.and_then(|filter| filter.condition) {
            self.forbid(condition, flag::AGGREGATE, "in `filter`");
            self.forbid(condition, flag::WINDOW, "in `filter`");
        }
        if let Some(window) = &suffix.over {
            let order = window.order.iter().map(|item| item.expr.id);
            for expr in self.arena.list(window.partition).iter().copied().chain(order) {
                self.forbid(expr, flag::WINDOW, "inside `over`");
            }
        }
    }

    /// Reports an aggregate or window call below `id` that may not stand there.
    pub(super) fn forbid(&mut self, id: ExprId, which: u8, place: &str) {
        if self.typed.get(id).flags & which == 0 {
            return;
        }
        let Some(call) = self.find_call(id, which) else { return };
        let span = self.arena.span(call);
        let excerpt = self.excerpt(call);
        let (code, what) = if which == flag::WINDOW {
            (Code::MisplacedWindow, "window function")
        } else {
            (Code::MisplacedAggregate, "aggregate")
        };
        let message = format!("{what} `{excerpt}` cannot stand {place}");
        self.report(Diagnostic::new(code, span, message));
    }

    /// The outermost node that brings the flag `which` in: a call, or a name that stands for one.
    pub(super) fn find_call(&self, id: ExprId, which: u8) -> Option<ExprId> {
        let mut id = id;
        loop {
            let mut below = None;
            self.arena.children(id, |child| {
                if below.is_none() && self.typed.get(child).flags & which != 0 {
                    below = Some(child);
                }
            });
            let is_call = matches!(self.arena.expr(id).kind, ExprKind::Call { .. });
            match below {
                Some(child) if !is_call || !self.brings(id, which) => id = child,
                _ => return Some(id),
            }
        }
    }

    fn brings(&self, id: ExprId, which: u8) -> bool {
        let ExprKind::Call { suffix, .. } = self.arena.expr(id).kind else { return false };
        let over = suffix
            .and_then(|suffix| self.arena.suffix(suffix))
            .is_some_and(|suffix| suffix.over.is_some());
        let kind = self.typed.get(id).overload.map(|overload| overload.kind);
        match which {
            flag::WINDOW => over || kind == Some(Kind::Window),
            _ => !over && kind == Some(Kind::Aggregate),
        }
    }

    fn suffix_rules(&mut self, id: ExprId, kind: Kind, style: CallStyle, suffix: Option<&Suffix>) {
        let ExprKind::Call { name, .. } = self.arena.expr(id).kind else { return };
        let written = self.written(name);
        let over = suffix.and_then(|suffix| suffix.over.as_ref());
        match (kind, over) {
            (Kind::Window, None) => {
                let message = format!("`{written}` needs `over (...)`");
                let diagnostic = Diagnostic::new(Code::MissingOver, name, message)
                    .help("say which rows it looks at: `over (partition by ... order by ...)`");
                self.report(diagnostic);
            }
            (Kind::Scalar | Kind::Operator, Some(window)) => {
                let message = format!("`{written}` takes no `over`");
                let diagnostic = Diagnostic::new(Code::OverOnScalar, window.span, message)
                    .note("only aggregates and window functions look at other rows");
                self.report(diagnostic);
            }
            (_, Some(window)) if style == CallStyle::Distinct => {
                let message = "`distinct` cannot stand with `over`";
                self.report(Diagnostic::new(Code::DistinctWithOver, window.span, message));
            }
            _ => {}
        }
        if let Some(filter) = suffix.and_then(|suffix| suffix.filter) {
            self.filter_rules(&filter, kind, written);
        }
        if let Some(window) = over {
            self.window_rules(window, id);
        }
    }

    fn filter_rules(&mut self, filter: &Filter, kind: Kind, written: &str) {
        if matches!(kind, Kind::Scalar | Kind::Operator) {
            let message = format!("`{written}` takes no `filter`");
            let diagnostic = Diagnostic::new(Code::FilterOnScalar, filter.span, message)
                .note("`filter` chooses the rows that an aggregate sees");
            self.report(diagnostic);
        }
        if let Some(condition) = filter.condition
            && !self.types(condition).has(Type::Boolean)
        {
            self.report_not_boolean(condition, "`filter`");
        }
    }

    fn window_rules(&mut self, window: &Window, call: ExprId) {
        for item in &window.order {
            self.must_be_ordered(item.expr, "`order by`");
        }
        let Some(frame) = &window.frame else { return };
        let ignored = matches!(
            self.typed.get(call).overload.or_else(|| self.overload_of(call)).map(|f| f.name),
            Some("row_number" | "dense_rank" | "lag" | "ntile")
        );
        if ignored {
            let message = "this function ignores its frame";
            self.report(Diagnostic::new(Code::FrameIgnored, frame.span, message));
        }
        self.frame_rules(frame, window);
    }

    fn overload_of(&self, call: ExprId) -> Option<&'static Function> {
        let ExprKind::Call { name, .. } = self.arena.expr(call).kind else { return None };
        by_name(&fold(name_text(self.written(name)))).first()
    }

    fn frame_rules(&mut self, frame: &Frame, window: &Window) {
        if frame.unit == FrameUnit::Groups && window.order.is_empty() {
            let message = "a `groups` frame needs `order by` in the window";
            self.report(Diagnostic::new(Code::GroupsRequiresOrder, frame.span, message));
        }
        if frame.start.kind == BoundKind::UnboundedFollowing {
            let message = "a frame cannot begin at `unbounded following`";
            self.report(Diagnostic::new(Code::FrameStart, frame.start.span, message));
            return;
        }
        let Some(end) = frame.end else {
            if rank(frame.start.kind) > rank(BoundKind::CurrentRow) {
                let message = "the frame ends at the current row, before it begins";
                let diagnostic = Diagnostic::new(Code::FrameOrder, frame.start.span, message)
                    .help("write `between ... and ...` to say where it ends");
                self.report(diagnostic);
            }
            return;
        };
        if end.kind == BoundKind::UnboundedPreceding {
            let message = "a frame cannot end at `unbounded preceding`";
            self.report(Diagnostic::new(Code::FrameEnd, end.span, message));
        } else if rank(frame.start.kind) > rank(end.kind) {
            let message = "the frame ends before it begins";
            let diagnostic = Diagnostic::new(Code::FrameOrder, end.span, message)
                .label(frame.start.span, "begins here");
            self.report(diagnostic);
        }
    }

    /// The types of an ORDER BY expression are narrowed to those with an order.
    pub(super) fn must_be_ordered(&mut self, root: Root, place: &str) {
        let types = self.types(root.id);
        if !types.intersect(TypeSet::ORDERED).is_empty() {
            return;
        }
        let message = format!(
            "{place} needs a value with an order, `{}` is {}",
            self.excerpt(root.id),
            super::messages::type_list(types)
        );
        let span = self.arena.span(root.id);
        self.report(Diagnostic::new(Code::NotOrderable, span, message));
    }
}

/// Places in a frame in the order of the rows; counted offsets are all one place.
fn rank(bound: BoundKind) -> u8 {
    match bound {
        BoundKind::UnboundedPreceding => 0,
        BoundKind::Preceding(_) => 1,
        BoundKind::CurrentRow => 2,
        BoundKind::Following(_) => 3,
        BoundKind::UnboundedFollowing => 4,
    }
}
