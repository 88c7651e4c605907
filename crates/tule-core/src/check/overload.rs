//! Choosing between overloads.
//!
//! The rule of the reference language: every argument has a set of types; a candidate fits when
//! its variables can be bound so that each argument has the parameter's type; of the ways that
//! give the same result type, the one with the fewest different types below it is kept. The
//! choice is made once per node, bottom-up, and at most one way per result type survives, so
//! the work is linear however deeply literals nest.

use std::cmp::Ordering;

use smallvec::SmallVec;
use tule_syntax::ast::ExprId;

use super::Checker;
use super::typed::{Alternative, Info, flag};
use crate::functions::{Function, Param};
use crate::types::{Type, TypeSet};

/// A candidate that fits, with what its variables can stand for.
#[derive(Clone, Copy)]
struct Fit {
    function: &'static Function,
    a: TypeSet,
    b: TypeSet,
    /// Types that occur below the arguments; complete if no argument has several types.
    seen: TypeSet,
    /// No argument has several types of its own, literals apart.
    exact: bool,
}

/// The types that occur below the arguments of a candidate that leaves several ways open.
#[derive(Default)]
struct Below {
    /// Whatever the variables stand for.
    fixed: TypeSet,
    /// A literal is read as what `a` stands for.
    a: bool,
    /// A literal is read as what `b` stands for.
    b: bool,
    /// Arguments that have several types of their own.
    open: SmallVec<[(ExprId, Param); 2]>,
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
        let mut only: Option<Fit> = None;
        let mut more: Vec<Fit> = Vec::new();
        let mut misfit = Misfit { argument: 0, expected: TypeSet::NONE };
        for function in candidates {
            if !function.accepts_arity(args.len()) {
                continue;
            }
            match self.fit(function, args) {
                Ok(fit) if only.is_none() => only = Some(fit),
                Ok(fit) => more.push(fit),
                Err(found) => misfit = misfit.further(found),
            }
        }
        let Some(first) = only else { return Err(misfit) };
        if !more.is_empty() {
            more.insert(0, first);
            return Ok(self.several(&more, args));
        }
        Ok(first.single().unwrap_or_else(|| self.several(&[first], args)))
    }

    /// What the variables of `function` can stand for with these arguments.
    #[inline]
    fn fit(&self, function: &'static Function, args: &[ExprId]) -> Result<Fit, Misfit> {
        if function.repeat.is_empty() {
            self.fit_each(function, args, function.params.iter().copied())
        } else {
            self.fit_each(function, args, function.parameters())
        }
    }

    /// The same with one of `params` for each argument. What is no literal decides first; literals
    /// are read as what is left.
    fn fit_each(
        &self,
        function: &'static Function,
        args: &[ExprId],
        params: impl Iterator<Item = Param>,
    ) -> Result<Fit, Misfit> {
        let mut fit =
            Fit { function, a: function.a, b: function.b, seen: TypeSet::NONE, exact: true };
        let mut undecided = false;
        for ((argument, arg), param) in args.iter().enumerate().zip(params) {
            let info = self.typed.get(*arg);
            let wanted = fit.wanted(param);
            if info.flags & flag::LITERAL != 0 {
                // Where one type is left already, no other argument will change it.
                if wanted.len() == 1 && !self.literal(*arg, wanted).is_empty() {
                    fit.seen = fit.seen.union(wanted);
                } else {
                    undecided = true;
                }
                continue;
            }
            let left = info.types.intersect(wanted);
            if left.is_empty() {
                return Err(Misfit { argument, expected: wanted });
            }
            fit.bind(param, left);
            fit.seen = fit.seen.union(info.seen);
            fit.exact &= info.types.len() == 1;
        }
        if undecided { self.fit_literals(fit, args) } else { Ok(fit) }
    }

    /// The same for the literals among the arguments, once the others have decided.
    fn fit_literals(&self, mut fit: Fit, args: &[ExprId]) -> Result<Fit, Misfit> {
        let function = fit.function;
        for ((argument, arg), param) in args.iter().enumerate().zip(function.parameters()) {
            if self.flags(*arg) & flag::LITERAL == 0 {
                continue;
            }
            let wanted = fit.wanted(param);
            let left = self.literal(*arg, plainest(function, param, wanted));
            if left.is_empty() {
                return Err(Misfit { argument, expected: wanted });
            }
            fit.bind(param, left);
            // A converted literal brings the type it is read as and no other.
            fit.seen = fit.seen.union(fit.wanted(param));
        }
        Ok(fit)
    }

    fn flags(&self, id: ExprId) -> u8 {
        self.typed.get(id).flags
    }

    /// What lies below the arguments, sorted by what decides it.
    fn below(&self, function: &Function, args: &[ExprId]) -> Below {
        let mut below = Below::default();
        for (arg, param) in args.iter().zip(function.parameters()) {
            let info = self.typed.get(*arg);
            if info.flags & flag::LITERAL != 0 {
                // A converted literal brings the type it is read as and no other.
                match param {
                    Param::Is(ty) => below.fixed = below.fixed.union(ty.into()),
                    Param::A => below.a = true,
                    Param::B => below.b = true,
                }
            } else if info.types.len() == 1 {
                below.fixed = below.fixed.union(info.seen);
            } else {
                below.open.push((*arg, param));
            }
        }
        below
    }

    /// The types that occur below the arguments where the variables stand for `a` and `b`.
    fn seen(&self, below: &Below, a: Option<Type>, b: Option<Type>) -> TypeSet {
        let literal = |is: bool, ty: Option<Type>| match ty {
            Some(ty) if is => TypeSet::one(ty),
            _ => TypeSet::NONE,
        };
        let seen = below.fixed.union(literal(below.a, a)).union(literal(below.b, b));
        below.open.iter().fold(seen, |seen, (arg, param)| match bind(*param, a, b) {
            Some(ty) => seen.union(self.typed.seen_as(*arg, ty)),
            None => seen,
        })
    }

    /// The cheapest way to each result type that the candidates which fit leave open.
    fn several(&mut self, fits: &[Fit], args: &[ExprId]) -> Info {
        let unknown = args.iter().any(|arg| self.flags(*arg) & flag::UNKNOWN != 0);
        let mut best: SmallVec<[Alternative; 4]> = SmallVec::new();
        for fit in fits {
            let below = self.below(fit.function, args);
            for a in bindings(fit.a) {
                for b in bindings(fit.b) {
                    let Some(ty) = bind(fit.function.returns, a, b) else { continue };
                    let seen = self.seen(&below, a, b).union(TypeSet::one(ty));
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

impl Misfit {
    /// The fault further right; at the same argument, what either candidate would have taken.
    fn further(self, found: Self) -> Self {
        match self.argument.cmp(&found.argument) {
            Ordering::Greater => self,
            Ordering::Equal => Self { expected: self.expected.union(found.expected), ..self },
            Ordering::Less => found,
        }
    }
}

impl Fit {
    /// The types that an argument for `param` can have.
    fn wanted(&self, param: Param) -> TypeSet {
        match param {
            Param::Is(ty) => TypeSet::one(ty),
            Param::A => self.a,
            Param::B => self.b,
        }
    }

    /// Narrows what the variable `param` stands for.
    fn bind(&mut self, param: Param, left: TypeSet) {
        match param {
            Param::Is(_) => {}
            Param::A => self.a = left,
            Param::B => self.b = left,
        }
    }

    /// The info of the node if each variable stands for one type, which is the common case.
    fn single(&self) -> Option<Info> {
        let (a, b) = (self.a.single(), self.b.single());
        let open = |set: TypeSet, bound: Option<Type>| bound.is_none() && !set.is_empty();
        if !self.exact || open(self.a, a) || open(self.b, b) {
            return None;
        }
        let types = bind(self.function.returns, a, b).map(TypeSet::one)?;
        let seen = self.seen.union(types);
        Some(Info { types, seen, overload: Some(self.function), a, b, ..Info::default() })
    }
}

/// What a literal is to be read as where its type decides nothing else: a text in quotes can
/// always be read as text, and need not be tried as 20 other types.
fn plainest(function: &Function, param: Param, wanted: TypeSet) -> TypeSet {
    if wanted.len() == 1 || !wanted.has(Type::Text) {
        return wanted;
    }
    let alone = matches!(param, Param::A | Param::B)
        && param != function.returns
        && function.repeat.is_empty()
        && function.params.iter().filter(|other| **other == param).count() == 1;
    if alone {
        let others = TypeSet::NUM_LIKE.union(TypeSet::one(Type::Boolean));
        TypeSet::one(Type::Text).union(others.intersect(wanted))
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
