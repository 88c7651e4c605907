//! Choosing between overloads.
//!
//! The rule of the reference language: every argument has a set of types; a candidate fits when
//! its variables can be bound so that each argument has the parameter's type; of the ways that
//! give the same result type, the one with the fewest different types below it is kept. The
//! choice is made once per node, bottom-up, and at most one way per result type survives, so
//! the work is linear however deeply literals nest.

use tule_syntax::ast::{ExprId, ExprKind, Literal};

use super::Checker;
use super::typed::{Alternative, Info, flag};
use crate::functions::{Function, Param};
use crate::types::{Type, TypeSet};

/// A candidate that fits, with what its variables can stand for.
struct Fit {
    function: &'static Function,
    a: TypeSet,
    b: TypeSet,
    /// Types that occur below the arguments; complete if no argument has several types.
    seen: TypeSet,
    /// No argument has several types of its own, literals apart.
    exact: bool,
}

/// Why no candidate fits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Misfit {
    /// Position of the argument at fault.
    pub argument: usize,
    /// Types that would have fitted there.
    pub expected: TypeSet,
}

impl Checker<'_> {
    /// The info of a node that applies one of `candidates` to `args`.
    pub(super) fn resolve(
        &mut self,
        candidates: &'static [Function],
        args: &[ExprId],
    ) -> Result<Info, Misfit> {
        if let Some(info) = self.plain(candidates, args) {
            return Ok(info);
        }
        let mut fits: Vec<Fit> = Vec::new();
        let mut only: Option<Fit> = None;
        let mut misfit: Option<Misfit> = None;
        for function in candidates.iter().filter(|function| function.accepts_arity(args.len())) {
            match self.fit(function, args) {
                Ok(fit) => {
                    if only.is_none() && fits.is_empty() {
                        only = Some(fit);
                    } else {
                        fits.extend(only.take());
                        fits.push(fit);
                    }
                }
                Err(found) => misfit = Some(further(misfit, found)),
            }
        }
        if let Some(fit) = only {
            if let Some(info) = Self::single(&fit) {
                return Ok(info);
            }
            fits.push(fit);
        }
        if fits.is_empty() {
            return Err(misfit.unwrap_or(Misfit { argument: 0, expected: TypeSet::NONE }));
        }
        Ok(self.several(&fits, args))
    }

    /// The commonest case of all: arguments of one type each, or literals whose type the others
    /// decide, and only one candidate for them.
    fn plain(&self, candidates: &'static [Function], args: &[ExprId]) -> Option<Info> {
        let function = match candidates {
            [only] if only.accepts_arity(args.len()) => only,
            [_] => return None,
            several => self.only_one_for(several, args)?,
        };
        let (mut a, mut b) = (TypeSet::NONE, TypeSet::NONE);
        let mut seen = TypeSet::NONE;
        let mut literals = false;
        for (index, arg) in args.iter().enumerate() {
            let info = self.typed.get(*arg);
            if info.flags & flag::LITERAL != 0 {
                literals = true;
                continue;
            }
            if info.types.len() != 1 {
                return None;
            }
            let bound = match function.param(index)? {
                Param::Is(ty) if info.types == TypeSet::one(ty) => {
                    seen = seen.union(info.seen);
                    continue;
                }
                Param::Is(_) => return None,
                Param::A => &mut a,
                Param::B => &mut b,
            };
            if !bound.is_empty() && *bound != info.types {
                return None;
            }
            *bound = info.types;
            seen = seen.union(info.seen);
        }
        let open = |bound: TypeSet, class: TypeSet| {
            bound.is_empty() != class.is_empty() || bound.intersect(class) != bound
        };
        if open(a, function.a) || open(b, function.b) {
            return None;
        }
        if literals {
            for (index, arg) in args.iter().enumerate() {
                let wanted = match function.param(index)? {
                    Param::Is(ty) => TypeSet::one(ty),
                    Param::A => a,
                    Param::B => b,
                };
                if !self.reads_as(*arg, wanted) {
                    return None;
                }
                seen = seen.union(wanted);
            }
        }
        let (a, b) = (a.single(), b.single());
        let types = bind(function.returns, a, b).map(TypeSet::one)?;
        Some(Info {
            types,
            seen: seen.union(types),
            overload: Some(function),
            a,
            b,
            ..Info::default()
        })
    }

    /// The candidate that takes the first argument that is no literal, if just one does.
    fn only_one_for(
        &self,
        candidates: &'static [Function],
        args: &[ExprId],
    ) -> Option<&'static Function> {
        let (anchor, types) = args.iter().enumerate().find_map(|(index, arg)| {
            let info = self.typed.get(*arg);
            (info.flags & flag::LITERAL == 0).then_some((index, info.types))
        })?;
        let mut fitting = candidates.iter().filter(|function| {
            function.accepts_arity(args.len())
                && function
                    .param(anchor)
                    .is_some_and(|param| !function.types_of(param).intersect(types).is_empty())
        });
        let function = fitting.next()?;
        if fitting.next().is_some() { None } else { Some(function) }
    }

    /// Whether `arg` is no literal, or one that can be read as the one type in `wanted`.
    fn reads_as(&self, arg: ExprId, wanted: TypeSet) -> bool {
        if self.flags(arg) & flag::LITERAL == 0 {
            return true;
        }
        // Text and numbers in their plain form need no look at what they say.
        match self.arena.expr(arg).kind {
            ExprKind::Literal(Literal::String) if wanted == TypeSet::one(Type::Text) => true,
            ExprKind::Literal(Literal::Integer | Literal::Number) => {
                !wanted.intersect(TypeSet::NUM_LIKE).is_empty()
            }
            _ => !self.literal(arg, wanted).is_empty(),
        }
    }

    fn flags(&self, id: ExprId) -> u8 {
        self.typed.get(id).flags
    }

    fn fit(&self, function: &'static Function, args: &[ExprId]) -> Result<Fit, Misfit> {
        let mut fit =
            Fit { function, a: function.a, b: function.b, seen: TypeSet::NONE, exact: true };
        let mut literals = false;
        for (index, arg) in args.iter().enumerate() {
            let info = self.typed.get(*arg);
            if info.flags & flag::LITERAL != 0 {
                literals = true;
                continue;
            }
            narrow(&mut fit, function, index, |_| info.types)?;
            fit.seen = fit.seen.union(info.seen);
            fit.exact &= info.types.len() == 1;
        }
        if literals {
            for (index, arg) in args.iter().enumerate() {
                if self.flags(*arg) & flag::LITERAL != 0 {
                    narrow(&mut fit, function, index, |wanted| {
                        let wanted = plainest(function, index, wanted);
                        self.literal(*arg, wanted)
                    })?;
                    // A converted literal brings the type it is read as and no other.
                    match function.param(index) {
                        Some(Param::Is(ty)) => fit.seen = fit.seen.union(ty.into()),
                        Some(Param::A) => fit.seen = fit.seen.union(fit.a),
                        Some(Param::B) => fit.seen = fit.seen.union(fit.b),
                        None => {}
                    }
                }
            }
        }
        Ok(fit)
    }

    /// The common case: one candidate, every variable bound to one type.
    fn single(fit: &Fit) -> Option<Info> {
        let a = fit.a.single();
        let b = fit.b.single();
        let open = |set: TypeSet, bound: Option<Type>| bound.is_none() && !set.is_empty();
        if !fit.exact || open(fit.function.a, a) || open(fit.function.b, b) {
            return None;
        }
        let ty = bind(fit.function.returns, a, b)?;
        Some(Info {
            types: TypeSet::one(ty),
            seen: fit.seen.union(TypeSet::one(ty)),
            overload: Some(fit.function),
            a,
            b,
            ..Info::default()
        })
    }

    fn seen(
        &self,
        function: &Function,
        args: &[ExprId],
        a: Option<Type>,
        b: Option<Type>,
    ) -> TypeSet {
        let mut seen = TypeSet::NONE;
        for (index, arg) in args.iter().enumerate() {
            if let Some(ty) = function.param(index).and_then(|param| bind(param, a, b)) {
                seen = seen.union(self.typed.seen_as(*arg, ty));
            }
        }
        seen
    }

    fn several(&mut self, fits: &[Fit], args: &[ExprId]) -> Info {
        let unknown = args.iter().any(|arg| self.flags(*arg) & flag::UNKNOWN != 0);
        let mut best: Vec<Alternative> = Vec::new();
        for fit in fits {
            for a in bindings(fit.a) {
                for b in bindings(fit.b) {
                    let Some(ty) = bind(fit.function.returns, a, b) else { continue };
                    let seen = self.seen(fit.function, args, a, b).union(TypeSet::one(ty));
                    let found = Alternative { ty, seen, overload: fit.function, a, b };
                    match best.iter_mut().find(|known| known.ty == ty) {
                        Some(known) if known.seen.len() <= seen.len() => {}
                        Some(known) => *known = found,
                        None => best.push(found),
                    }
                }
            }
        }
        let types = best.iter().fold(TypeSet::NONE, |types, way| types.union(way.ty.into()));
        if let [only] = best.as_slice() {
            return Info {
                types,
                seen: only.seen,
                overload: Some(only.overload),
                a: only.a,
                b: only.b,
                ..Info::default()
            };
        }
        let alternatives = u32::try_from(self.typed.alternatives.len()).unwrap_or(u32::MAX);
        self.typed.alternatives.extend(best);
        let flags = if unknown { flag::UNKNOWN } else { 0 };
        Info { types, flags, alternatives, ..Info::default() }
    }
}

fn further(known: Option<Misfit>, found: Misfit) -> Misfit {
    match known {
        Some(known) if known.argument > found.argument => known,
        Some(known) if known.argument == found.argument => {
            Misfit { expected: known.expected.union(found.expected), ..known }
        }
        _ => found,
    }
}

/// Narrows what the variables stand for by argument `index`, whose types among those wanted
/// `have` gives.
fn narrow(
    fit: &mut Fit,
    function: &Function,
    index: usize,
    have: impl Fn(TypeSet) -> TypeSet,
) -> Result<(), Misfit> {
    let Some(param) = function.param(index) else { return Ok(()) };
    let wanted = match param {
        Param::Is(ty) => TypeSet::one(ty),
        Param::A => fit.a,
        Param::B => fit.b,
    };
    let left = have(wanted).intersect(wanted);
    if left.is_empty() {
        return Err(Misfit { argument: index, expected: wanted });
    }
    match param {
        Param::Is(_) => {}
        Param::A => fit.a = left,
        Param::B => fit.b = left,
    }
    Ok(())
}

/// What a literal is to be read as where its type decides nothing else: a text in quotes can
/// always be read as text, and need not be tried as 20 other types.
fn plainest(function: &Function, index: usize, wanted: TypeSet) -> TypeSet {
    let param = function.param(index);
    let alone = matches!(param, Some(Param::A | Param::B))
        && param != Some(function.returns)
        && function.repeat.is_empty()
        && function.params.iter().filter(|other| Some(**other) == param).count() == 1;
    if alone && wanted.has(Type::Text) {
        TypeSet::one(Type::Text)
            .union(TypeSet::NUM_LIKE.intersect(wanted))
            .union(TypeSet::one(Type::Boolean).intersect(wanted))
    } else {
        wanted
    }
}

fn bind(param: Param, a: Option<Type>, b: Option<Type>) -> Option<Type> {
    match param {
        Param::Is(ty) => Some(ty),
        Param::A => a,
        Param::B => b,
    }
}

/// Each type of the set, or one empty binding where the function has no such variable.
fn bindings(set: TypeSet) -> impl Iterator<Item = Option<Type>> {
    let empty = set.is_empty().then_some(None);
    set.iter().map(Some).chain(empty)
}
