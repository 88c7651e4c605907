//! The overloads of operators, looked up once.

use std::sync::LazyLock;

use tule_syntax::ast::BinaryOp;

use crate::functions::{Function, by_internal_name};
use crate::types::Type;

type Overloads = &'static [Function];

/// Overloads by what is written.
pub(super) struct Operators {
    pub plus: Overloads,
    pub minus: Overloads,
    pub not: Overloads,
    pub and: Overloads,
    pub or: Overloads,
    pub subscript: Overloads,
    pub is_null: Overloads,
    pub is_not_null: Overloads,
    pub like: Overloads,
    pub not_like: Overloads,
    pub between: Overloads,
    pub not_between: Overloads,
    pub r#in: Overloads,
    pub not_in: Overloads,
    pub equal: Overloads,
    pub case: Overloads,
    pub coalesce: Overloads,
    binary: [Overloads; 15],
    casts: [Overloads; 23],
}

pub(super) static OPERATORS: LazyLock<Operators> = LazyLock::new(|| Operators {
    plus: by_internal_name("op$+"),
    minus: by_internal_name("op$-"),
    not: by_internal_name("op$NOT"),
    and: by_internal_name("op$AND"),
    or: by_internal_name("op$OR"),
    subscript: by_internal_name("op$[]"),
    is_null: by_internal_name("#IS_NULL"),
    is_not_null: by_internal_name("#IS_NOT_NULL"),
    like: by_internal_name("#LIKE"),
    not_like: by_internal_name("#NOT_LIKE"),
    between: by_internal_name("#BETWEEN"),
    not_between: by_internal_name("#NOT_BETWEEN"),
    r#in: by_internal_name("#IN"),
    not_in: by_internal_name("#NOT_IN"),
    equal: by_internal_name("op$="),
    case: by_internal_name("case"),
    coalesce: by_internal_name("coalesce"),
    binary: BINARY.map(|op| by_internal_name(&format!("op${}", op.text()))),
    casts: std::array::from_fn(|index| {
        let ty = Type::all().nth(index).map_or("", Type::name);
        by_internal_name(&format!("cast${ty}"))
    }),
});

/// In the order of the enum, as a test says.
const BINARY: [BinaryOp; 15] = [
    BinaryOp::Equal,
    BinaryOp::EqualEqual,
    BinaryOp::LessGreater,
    BinaryOp::BangEqual,
    BinaryOp::Less,
    BinaryOp::LessEqual,
    BinaryOp::Greater,
    BinaryOp::GreaterEqual,
    BinaryOp::Add,
    BinaryOp::Subtract,
    BinaryOp::Concat,
    BinaryOp::Multiply,
    BinaryOp::Divide,
    BinaryOp::Remainder,
    BinaryOp::Power,
];

impl Operators {
    /// The overloads of an infix operator.
    pub(super) fn binary(&self, op: BinaryOp) -> Overloads {
        self.binary.get(op as usize).copied().unwrap_or_default()
    }

    /// The conversions to `ty`.
    pub(super) fn cast(&self, ty: Type) -> Overloads {
        self.casts.get(ty as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_has_overloads_and_its_own_place() {
        for (index, op) in BINARY.into_iter().enumerate() {
            assert_eq!(op as usize, index);
            assert!(!OPERATORS.binary(op).is_empty(), "{op:?}");
        }
        for ty in Type::all() {
            assert!(!OPERATORS.cast(ty).is_empty(), "{ty}");
        }
        assert!(!OPERATORS.case.is_empty() && !OPERATORS.not_between.is_empty());
    }
}
