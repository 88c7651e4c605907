//! Builders that let a row of the table read as data.
//!
//! A row starts with how it is written and its types; everything else follows by name. What is
//! absent: any default that hides a fact. A row without `doc` or `example` fails the tests.

use crate::functions::{Documented, Function, Kind, Param, Syntax};
use crate::types::{Type, TypeSet};

pub(super) const A: Param = Param::A;
pub(super) const B: Param = Param::B;
pub(super) const TEXT: Param = Param::Is(Type::Text);
pub(super) const NUMBER: Param = Param::Is(Type::Number);
pub(super) const DOUBLE: Param = Param::Is(Type::Double);
pub(super) const BOOLEAN: Param = Param::Is(Type::Boolean);
pub(super) const FIXED: Param = Param::Is(Type::FixedTimestamp);
pub(super) const FLOATING: Param = Param::Is(Type::FloatingTimestamp);
pub(super) const DATE: Param = Param::Is(Type::Datestamp);
pub(super) const TIME: Param = Param::Is(Type::Time);
pub(super) const INTERVAL: Param = Param::Is(Type::Interval);
pub(super) const POINT: Param = Param::Is(Type::Point);
pub(super) const MULTIPOINT: Param = Param::Is(Type::Multipoint);
pub(super) const LINE: Param = Param::Is(Type::Line);
pub(super) const MULTILINE: Param = Param::Is(Type::Multiline);
pub(super) const POLYGON: Param = Param::Is(Type::Polygon);
pub(super) const MULTIPOLYGON: Param = Param::Is(Type::Multipolygon);
pub(super) const LOCATION: Param = Param::Is(Type::Location);
pub(super) const URL: Param = Param::Is(Type::Url);
pub(super) const ROW_IDENTIFIER: Param = Param::Is(Type::RowIdentifier);
pub(super) const ROW_VERSION: Param = Param::Is(Type::RowVersion);
pub(super) const JSON: Param = Param::Is(Type::Json);
pub(super) const DOCUMENT: Param = Param::Is(Type::Document);
pub(super) const PHOTO: Param = Param::Is(Type::Photo);
pub(super) const BLOB: Param = Param::Is(Type::Blob);

type Params = &'static [Param];
type Text = &'static str;

const fn row(internal_name: Text, kind: Kind, params: Params, returns: Param) -> Function {
    Function {
        identity: internal_name,
        internal_name,
        name: internal_name,
        kind,
        syntax: Syntax::Call,
        params,
        repeat: &[],
        returns,
        a: TypeSet::NONE,
        b: TypeSet::NONE,
        doc: "",
        example: "",
        documented: Documented::Unlisted,
        hidden: false,
        note: "",
    }
}

const fn operator(
    internal_name: Text,
    name: Text,
    syntax: Syntax,
    params: Params,
    returns: Param,
) -> Function {
    let row = row(internal_name, Kind::Operator, params, returns);
    Function { name, syntax, ..row }
}

/// `name(params)`, one value per row.
pub(super) const fn scalar(name: Text, params: Params, returns: Param) -> Function {
    row(name, Kind::Scalar, params, returns)
}

/// `name(params)`, one value per group.
pub(super) const fn aggregate(name: Text, params: Params, returns: Param) -> Function {
    row(name, Kind::Aggregate, params, returns)
}

/// `name(params) OVER (…)`.
pub(super) const fn window(name: Text, params: Params, returns: Param) -> Function {
    row(name, Kind::Window, params, returns)
}

/// `left op right`; `params` are the two sides.
pub(super) const fn infix(
    internal_name: Text,
    name: Text,
    params: Params,
    returns: Param,
) -> Function {
    let row = operator(internal_name, name, Syntax::Infix, params, returns);
    row.identity(name)
}

/// `op value`; `params` is the one operand.
pub(super) const fn prefix(
    internal_name: Text,
    name: Text,
    params: Params,
    returns: Param,
) -> Function {
    operator(internal_name, name, Syntax::Prefix, params, returns)
}

/// What follows its operand: `value IS NULL`, `value[key]`.
pub(super) const fn postfix(
    internal_name: Text,
    name: Text,
    params: Params,
    returns: Param,
) -> Function {
    operator(internal_name, name, Syntax::Postfix, params, returns)
}

/// Operators of several words and operands: `value BETWEEN low AND high`.
pub(super) const fn mixfix(internal_name: Text, name: Text, params: Params) -> Function {
    operator(internal_name, name, Syntax::Mixfix, params, BOOLEAN)
}

/// `value.name`; `name` has the dot.
pub(super) const fn field(flat_name: Text, name: Text, of: Params, returns: Param) -> Function {
    operator(flat_name, name, Syntax::Field, of, returns)
}

/// `value::to`.
pub(super) const fn cast(identity: Text, from: Params, to: Type) -> Function {
    let (internal_name, name) = cast_names(to);
    let row = operator(internal_name, name, Syntax::Cast, from, Param::Is(to));
    row.identity(identity)
}

const fn cast_names(to: Type) -> (Text, Text) {
    match to {
        Type::Text => ("cast$text", "::text"),
        Type::Number => ("cast$number", "::number"),
        Type::Double => ("cast$double", "::double"),
        Type::Boolean => ("cast$boolean", "::boolean"),
        Type::FixedTimestamp => ("cast$fixed_timestamp", "::fixed_timestamp"),
        Type::FloatingTimestamp => ("cast$floating_timestamp", "::floating_timestamp"),
        Type::Datestamp => ("cast$datestamp", "::datestamp"),
        Type::Time => ("cast$time", "::time"),
        Type::Interval => ("cast$interval", "::interval"),
        Type::Point => ("cast$point", "::point"),
        Type::Multipoint => ("cast$multipoint", "::multipoint"),
        Type::Line => ("cast$line", "::line"),
        Type::Multiline => ("cast$multiline", "::multiline"),
        Type::Polygon => ("cast$polygon", "::polygon"),
        Type::Multipolygon => ("cast$multipolygon", "::multipolygon"),
        Type::Location => ("cast$location", "::location"),
        Type::Url => ("cast$url", "::url"),
        Type::RowIdentifier => ("cast$row_identifier", "::row_identifier"),
        Type::RowVersion => ("cast$row_version", "::row_version"),
        Type::Json => ("cast$json", "::json"),
        Type::Document => ("cast$document", "::document"),
        Type::Photo => ("cast$photo", "::photo"),
        Type::Blob => ("cast$blob", "::blob"),
    }
}

impl Function {
    /// For overloads, whose identity is not the name.
    pub(super) const fn identity(self, identity: Text) -> Self {
        Self { identity, ..self }
    }

    /// For the one call that is not written as it resolves: `count(*)`.
    pub(super) const fn written(self, name: Text) -> Self {
        Self { name, ..self }
    }

    /// The parameters that may follow as a group.
    pub(super) const fn repeat(self, repeat: Params) -> Self {
        Self { repeat, ..self }
    }

    /// The types of variable `a`.
    pub(super) const fn a(self, a: TypeSet) -> Self {
        Self { a, ..self }
    }

    /// The types of variable `b`.
    pub(super) const fn b(self, b: TypeSet) -> Self {
        Self { b, ..self }
    }

    /// Documented for API versions 2.0, 2.1 and 3.
    pub(super) const fn since_20(self) -> Self {
        Self { documented: Documented::Since20, ..self }
    }

    /// Documented for API versions 2.1 and 3.
    pub(super) const fn since_21(self) -> Self {
        Self { documented: Documented::Since21, ..self }
    }

    /// Exists for the folding of literals only.
    pub(super) const fn hidden(self) -> Self {
        Self { hidden: true, ..self }
    }

    /// One sentence on the result.
    pub(super) const fn doc(self, doc: Text) -> Self {
        Self { doc, ..self }
    }

    /// A surprise.
    pub(super) const fn note(self, note: Text) -> Self {
        Self { note, ..self }
    }

    /// An expression over the documentation dataset.
    pub(super) const fn example(self, example: Text) -> Self {
        Self { example, ..self }
    }
}
