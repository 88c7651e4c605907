//! The function table: every function, operator, cast and field of the language as data.
//!
//! The checker, the documentation, hovers, completion and signature help all read [`FUNCTIONS`];
//! no other module knows a function by name. What is deliberately absent: how a function is
//! computed (the embedded engine owns that) and how calls are resolved (`check::overload`).

mod lookup;
mod table;

pub use lookup::{by_internal_name, by_name, fields_named, names};
pub use table::FUNCTIONS;

use crate::types::{Type, TypeSet};

/// One declared function, operator, cast or field: a single overload.
#[derive(Debug)]
pub struct Function {
    /// Unique name of this overload, for tests and cross-references.
    pub identity: &'static str,
    /// The name that calls resolve by: `upper`, `op$+`, `cast$text`, `#LIKE`, `count/*`.
    pub internal_name: &'static str,
    /// The name as people write it: `upper`, `+`, `::text`, `LIKE`, `.year`, `count(*)`.
    pub name: &'static str,
    /// What it does to rows.
    pub kind: Kind,
    /// How it is written.
    pub syntax: Syntax,
    /// Parameters that must be given.
    pub params: &'static [Param],
    /// Parameters that may follow as a group, any number of times; empty for fixed arity.
    pub repeat: &'static [Param],
    /// Type of the result.
    pub returns: Param,
    /// Types that variable `a` may stand for.
    pub a: TypeSet,
    /// Types that variable `b` may stand for.
    pub b: TypeSet,
    /// One sentence on what it gives.
    pub doc: &'static str,
    /// An expression over the documentation dataset (see `docs::EVERY_TYPE`) that uses this overload.
    pub example: &'static str,
    /// Where the portal's public documentation stands on it.
    pub documented: Documented,
    /// Exists for the folding of literals only; completion does not offer it.
    pub hidden: bool,
    /// A surprise worth knowing, or empty.
    pub note: &'static str,
}

/// What a function does to rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// An operator, cast or field: one value per row.
    Operator,
    /// A plain function: one value per row.
    Scalar,
    /// One value per group of rows.
    Aggregate,
    /// One value per row, computed over a window; must be followed by `OVER`.
    Window,
}

/// How a function is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Syntax {
    /// `name(arguments)`
    Call,
    /// `value::type`
    Cast,
    /// `left op right`
    Infix,
    /// `value.name`
    Field,
    /// `value IS NULL`, `value[key]`
    Postfix,
    /// `value BETWEEN low AND high`, `value IN (...)`
    Mixfix,
    /// `op value`
    Prefix,
}

/// The type of a parameter or result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Param {
    /// Exactly this type.
    Is(Type),
    /// Whatever variable `a` stands for in this call.
    A,
    /// Whatever variable `b` stands for in this call.
    B,
}

/// Where the portal's public documentation stands on a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Documented {
    /// Listed for API versions 2.0, 2.1 and 3.
    Since20,
    /// Listed for API versions 2.1 and 3.
    Since21,
    /// Not listed, though portals accept it.
    Unlisted,
}

impl Function {
    /// The types that `param` may stand for.
    #[must_use]
    pub fn types_of(&self, param: Param) -> TypeSet {
        match param {
            Param::Is(ty) => TypeSet::one(ty),
            Param::A => self.a,
            Param::B => self.b,
        }
    }

    /// Whether a call with `count` arguments fits.
    #[inline]
    #[must_use]
    pub fn accepts_arity(&self, count: usize) -> bool {
        match count.checked_sub(self.params.len()) {
            None => false,
            Some(0) => true,
            Some(extra) => !self.repeat.is_empty() && extra % self.repeat.len() == 0,
        }
    }

    /// The parameters for arguments in order: those that must be given, then those that repeat.
    pub fn parameters(&self) -> impl Iterator<Item = Param> + '_ {
        self.params.iter().chain(self.repeat.iter().cycle()).copied()
    }

    /// The parameter for argument `index`, from 0; `None` past the end of a fixed list.
    #[inline]
    #[must_use]
    pub fn param(&self, index: usize) -> Option<Param> {
        if let Some(&param) = self.params.get(index) {
            return Some(param);
        }
        let extra = index.checked_sub(self.params.len())?;
        let group = self.repeat.len();
        if group == 0 { None } else { self.repeat.get(extra % group).copied() }
    }

    /// The types that fit as argument `index`, from 0; `None` past the end of a fixed list.
    #[must_use]
    pub fn param_at(&self, index: usize) -> Option<TypeSet> {
        self.param(index).map(|param| self.types_of(param))
    }
}
