//! What checking finds out about each expression, in arrays beside the tree.

use std::sync::{Arc, LazyLock};

use smallvec::SmallVec;
use smol_str::SmolStr;
use tule_syntax::ast::{Arena, ExprId, ExprKind, Ident, Root};
use tule_syntax::span::Span;

use super::relation::{Output, Relation};
use crate::functions::{Function, Param};
use crate::schema::Dataset;
use crate::types::{Type, TypeSet};

/// What is known of one node.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Info {
    /// Types the node can have.
    pub types: TypeSet,
    /// Types that occur in the tree below, for a node of one type.
    pub seen: TypeSet,
    /// See [`flag`].
    pub flags: u8,
    /// The overload, for a node of one type.
    pub overload: Option<&'static Function>,
    /// What the overload's variables stand for.
    pub a: Option<Type>,
    pub b: Option<Type>,
    /// First alternative in [`Typed::alternatives`], for a node of several types.
    pub alternatives: u32,
    /// What a name stands for.
    pub target: Target,
}

static NO_INFO: Info = Info {
    types: TypeSet::NONE,
    seen: TypeSet::NONE,
    flags: 0,
    overload: None,
    a: None,
    b: None,
    alternatives: u32::MAX,
    target: Target::None,
};

/// Facts that go up the tree.
pub(super) mod flag {
    /// Nothing certain is known: an unknown name or schema lies below.
    pub(in crate::check) const UNKNOWN: u8 = 1;
    /// An aggregate call without OVER lies below.
    pub(in crate::check) const AGGREGATE: u8 = 2;
    /// A call with OVER lies below.
    pub(in crate::check) const WINDOW: u8 = 4;
    /// A literal, whose types are worked out when somebody asks for certain ones.
    pub(in crate::check) const LITERAL: u8 = 8;
    /// `today()` or `now()`, perhaps with days added.
    pub(in crate::check) const RELATIVE: u8 = 16;
}

/// What a name in an expression stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Target {
    /// Nothing, or not a name.
    #[default]
    None,
    /// A column of a table of the select around it.
    Column {
        /// Position among the tables of the select, FROM first.
        table: u16,
        /// Tells it from other columns of the table.
        column: u32,
        /// How many selects further out the table stands (LATERAL).
        outer: u8,
    },
    /// The member of the select list with this position.
    Alias(u32),
    /// The parameter with this position.
    Parameter(u32),
}

/// One way to type a node that has several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alternative {
    pub ty: Type,
    pub seen: TypeSet,
    pub overload: &'static Function,
    pub a: Option<Type>,
    pub b: Option<Type>,
}

/// Everything found out about a statement.
#[derive(Clone, Debug)]
pub struct Typed {
    pub(super) info: Vec<Info>,
    pub(super) alternatives: SmallVec<[Alternative; 4]>,
    /// Whole expressions with the type chosen for each.
    pub(super) roots: SmallVec<[(Root, Option<Type>); 12]>,
    /// Every select, in order of place.
    pub selects: SmallVec<[SelectFacts; 1]>,
    /// Every dataset named, with the place that names it; without columns where the schema is not
    /// known but the portal is.
    pub datasets: SmallVec<[(Span, Arc<Dataset>); 2]>,
    /// The parameters, in order of declaration.
    pub parameters: Vec<Parameter>,
    /// Result of the whole statement.
    pub output: Arc<Output>,
}

/// What is known of one select.
#[derive(Clone, Debug)]
pub struct SelectFacts {
    /// Where it stands.
    pub span: Span,
    /// Its tables, FROM (or the input) first.
    pub tables: SmallVec<[TableFacts; 2]>,
    /// Whether it gives one row per group.
    pub aggregated: bool,
    /// Whether it says DISTINCT.
    pub distinct: bool,
    /// Its result columns.
    pub output: Arc<Output>,
    /// Generated names: position in the select list and name.
    pub generated: Vec<(u32, SmolStr)>,
}

/// One table of a select.
#[derive(Clone, Debug)]
pub struct TableFacts {
    /// Alias or name, folded, without `@`; empty for an implicit input.
    pub name: SmolStr,
    /// Its columns.
    pub relation: Relation,
}

/// A declared parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name without `$`.
    pub name: Box<str>,
    /// Its type; `None` where the declaration is faulty.
    pub ty: Option<Type>,
    /// Where it is declared.
    pub declared: Ident,
    /// The default value.
    pub default: Option<Root>,
}

impl Default for Typed {
    fn default() -> Self {
        Self::of(0)
    }
}

impl Typed {
    /// Nothing known yet of a statement of so many nodes.
    pub(super) fn of(nodes: usize) -> Self {
        // Nearly every statement gets a result of its own soon.
        static NOTHING: LazyLock<Arc<Output>> = LazyLock::new(Arc::default);
        Self {
            info: vec![Info::default(); nodes],
            alternatives: SmallVec::new(),
            roots: SmallVec::new(),
            selects: SmallVec::new(),
            datasets: SmallVec::new(),
            parameters: Vec::new(),
            output: Arc::clone(&NOTHING),
        }
    }

    pub(super) fn get(&self, id: ExprId) -> &Info {
        self.info.get(id.0 as usize).unwrap_or(&NO_INFO)
    }

    /// What the name at `id` stands for.
    #[must_use]
    pub fn target(&self, id: ExprId) -> Target {
        self.get(id).target
    }

    /// The facts of the select at `span`.
    #[must_use]
    pub fn select(&self, span: Span) -> Option<&SelectFacts> {
        let at = self.selects.binary_search_by_key(&span, |facts| facts.span).ok()?;
        self.selects.get(at)
    }

    /// Types that occur below `id` when it is taken as `ty`.
    pub(super) fn seen_as(&self, id: ExprId, ty: Type) -> TypeSet {
        let info = self.get(id);
        if info.flags & flag::LITERAL != 0 || info.types.len() != 1 {
            return self
                .alternative(info, ty)
                .map_or(TypeSet::one(ty), |alternative| alternative.seen);
        }
        info.seen
    }

    fn alternative(&self, info: &Info, ty: Type) -> Option<&Alternative> {
        if info.alternatives == u32::MAX {
            return None;
        }
        let start = info.alternatives as usize;
        let run = self.alternatives.get(start..start + info.types.len() as usize)?;
        run.iter().find(|alternative| alternative.ty == ty)
    }

    /// The overload behind `id` when it is taken as `ty`, and its variables.
    fn chosen(
        &self,
        id: ExprId,
        ty: Type,
    ) -> Option<(&'static Function, Option<Type>, Option<Type>)> {
        let info = self.get(id);
        match info.overload {
            Some(overload) => Some((overload, info.a, info.b)),
            None => self
                .alternative(info, ty)
                .map(|alternative| (alternative.overload, alternative.a, alternative.b)),
        }
    }

    /// The type and overload of every node. Worked out on demand: checking itself needs only the
    /// types of whole expressions.
    #[must_use]
    pub fn resolve(&self, arena: &Arena) -> Resolved {
        let mut resolved = Resolved { nodes: vec![Node::default(); arena.len()] };
        for (root, ty) in &self.roots {
            resolved.set(root.id, *ty);
            for id in root.nodes().rev() {
                self.resolve_node(arena, id, &mut resolved);
            }
        }
        resolved
    }

    fn resolve_node(&self, arena: &Arena, id: ExprId, resolved: &mut Resolved) {
        let ty = resolved.node(id).ty.or(self.get(id).types.single());
        resolved.set(id, ty);
        if let ExprKind::Paren(inner) = arena.expr(id).kind {
            resolved.set(inner, ty);
            return;
        }
        let Some((overload, a, b)) = ty.and_then(|ty| self.chosen(id, ty)) else { return };
        if let Some(node) = resolved.nodes.get_mut(id.0 as usize) {
            node.overload = Some(overload);
        }
        let mut index = 0;
        let mut assign = |child: ExprId| {
            let ty = match overload.param(index) {
                Some(Param::Is(ty)) => Some(ty),
                Some(Param::A) => a,
                Some(Param::B) => b,
                None => None,
            };
            // An operand of AND stands for the two parameters of the operator in turn.
            index += usize::from(!matches!(arena.expr(id).kind, ExprKind::Chain { .. }));
            if ty.is_some() {
                resolved.set(child, ty);
            }
        };
        match arena.expr(id).kind {
            ExprKind::Call { args, .. } => {
                arena.list(args).iter().copied().for_each(&mut assign);
            }
            ExprKind::Case { subject, arms, otherwise } => {
                for arm in arena.list(arms).chunks(2) {
                    let [condition, value] = arm else { continue };
                    if subject.is_none() {
                        resolved.set(*condition, Some(Type::Boolean));
                    }
                    resolved.set(*value, a);
                }
                if let Some(otherwise) = otherwise {
                    resolved.set(otherwise, a);
                }
            }
            ExprKind::Field { operand, .. } => assign(operand),
            _ => arena.children(id, assign),
        }
    }
}

/// The type and overload of every node of a statement.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    nodes: Vec<Node>,
}

/// What was chosen for one node.
#[derive(Clone, Copy, Debug, Default)]
pub struct Node {
    /// Its type; `None` if it could not be typed.
    pub ty: Option<Type>,
    /// The function behind it.
    pub overload: Option<&'static Function>,
}

impl Resolved {
    /// What was chosen for `id`.
    #[must_use]
    pub fn node(&self, id: ExprId) -> Node {
        self.nodes.get(id.0 as usize).copied().unwrap_or_default()
    }

    fn set(&mut self, id: ExprId, ty: Option<Type>) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.ty = ty;
        }
    }
}
