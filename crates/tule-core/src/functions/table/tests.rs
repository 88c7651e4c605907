use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use super::FUNCTIONS;
use crate::functions::{Documented, Function, Kind, Param, Syntax};
use crate::types::{Type, TypeSet};

#[test]
fn every_function_is_there_once() {
    assert_eq!(FUNCTIONS.len(), 268);
    let identities: BTreeSet<_> = FUNCTIONS.iter().map(|function| function.identity).collect();
    assert_eq!(identities.len(), 268);
}

#[test]
fn rows_of_one_internal_name_are_adjacent() {
    let mut runs = FUNCTIONS.iter().map(|function| function.internal_name).collect::<Vec<_>>();
    runs.dedup();
    let names: BTreeSet<_> = runs.iter().collect();
    assert_eq!(runs.len(), names.len());
    assert_eq!(names.len(), 188);
}

#[test]
fn the_table_has_the_shape_of_the_language() {
    let kinds = |kind| FUNCTIONS.iter().filter(|function| function.kind == kind).count();
    assert_eq!(
        [Kind::Operator, Kind::Scalar, Kind::Aggregate, Kind::Window].map(kinds),
        [129, 107, 20, 12]
    );
    assert_eq!(FUNCTIONS.iter().filter(|function| function.hidden).count(), 6);
    assert_eq!(FUNCTIONS.iter().filter(|function| !function.repeat.is_empty()).count(), 8);
}

#[test]
fn every_type_casts_to_itself_and_has_no_other_identity() {
    for ty in Type::all() {
        let param = Param::Is(ty);
        let same = FUNCTIONS.iter().filter(|function| {
            function.syntax == Syntax::Cast
                && function.params == [param]
                && function.returns == param
        });
        assert_eq!(same.count(), 1, "{ty}");
    }
}

#[test]
fn arity_follows_the_parameters() {
    let find = |identity| FUNCTIONS.iter().find(|row| row.identity == identity).unwrap();

    let case = find("case");
    assert_eq!([0, 1, 2, 3, 4, 5, 6].map(|n| case.accepts_arity(n)), {
        [false, false, true, false, true, false, true]
    });
    assert_eq!(case.param(4), Some(Param::Is(Type::Boolean)));
    assert_eq!(case.param(5), Some(Param::A));

    let now = find("get now in UTC fixed_timestamp");
    assert!(now.accepts_arity(0) && !now.accepts_arity(1));
    assert_eq!(now.param(0), None);

    let tail = find("substr2");
    assert!(tail.accepts_arity(2) && !tail.accepts_arity(1) && !tail.accepts_arity(3));
    assert_eq!(tail.param(1), Some(Param::Is(Type::Number)));
    assert_eq!(tail.param(2), None);

    let one_of = find("caseless_one_of");
    assert!(!one_of.accepts_arity(1) && one_of.accepts_arity(2) && one_of.accepts_arity(9));
}

#[test]
fn variables_are_declared_where_they_are_used_and_nowhere_else() {
    for function in FUNCTIONS {
        let used = |param: &Param| {
            let all = function.params.iter().chain(function.repeat);
            all.chain([&function.returns]).any(|other| other == param)
        };
        assert_eq!(used(&Param::A), !function.a.is_empty(), "{}", function.identity);
        assert_eq!(used(&Param::B), !function.b.is_empty(), "{}", function.identity);
    }
}

#[test]
fn every_row_is_described_in_one_sentence_of_its_own() {
    let mut seen = BTreeMap::new();
    for Function { identity, doc, note, example, .. } in FUNCTIONS {
        assert!(doc.ends_with('.') && !doc.ends_with(".."), "{identity}: {doc}");
        assert!(!doc.trim_end_matches('.').contains(". "), "{identity} has two sentences: {doc}");
        assert!(doc.starts_with(char::is_uppercase), "{identity}: {doc}");
        assert!(!note.ends_with('.'), "{identity}: {note}");
        assert!(!example.is_empty(), "{identity}");
        assert_eq!(seen.insert(doc, identity), None, "{identity} repeats: {doc}");
    }
}

/// The reference table that this one restates, when it is at hand.
fn reference() -> Option<String> {
    let folder = std::env::var_os("TULE_REFERENCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference"),
        PathBuf::from,
    );
    let path = folder.join("soql-functions.tsv");
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) => {
            eprintln!("skipped: {}: {error}", path.display());
            None
        }
    }
}

fn param(param: Param) -> &'static str {
    match param {
        Param::Is(ty) => ty.name(),
        Param::A => "a",
        Param::B => "b",
    }
}

fn params(params: &[Param]) -> String {
    params.iter().copied().map(param).collect::<Vec<_>>().join(", ")
}

/// One row as the reference writes it: all but its prose.
fn line(function: &Function) -> String {
    let kind = match function.kind {
        Kind::Operator => "operator",
        Kind::Scalar => "scalar",
        Kind::Aggregate => "aggregate",
        Kind::Window => "window",
    };
    let syntax = match function.syntax {
        Syntax::Call => "call",
        Syntax::Cast => "cast",
        Syntax::Infix => "infix",
        Syntax::Field => "field",
        Syntax::Postfix => "postfix",
        Syntax::Mixfix => "mixfix",
        Syntax::Prefix => "prefix",
    };
    let documented = match function.documented {
        Documented::Since20 => "2.0",
        Documented::Since21 => "2.1",
        Documented::Unlisted => "unlisted",
    };
    let mut line =
        [function.identity, function.name, kind, syntax, function.internal_name].join("|");
    let (needed, more) = (params(function.params), params(function.repeat));
    let returns = param(function.returns);
    let hidden = function.hidden;
    write!(line, "|{needed}|{more}|{returns}|{documented}|{hidden}|").unwrap();
    write!(line, "{:?}|{:?}", function.a, function.b).unwrap();
    line
}

fn class(name: &str) -> TypeSet {
    if let Some((from, without)) = name.split_once(" minus ") {
        return class(from).minus(class(without));
    }
    match name {
        "any" | "AllTypes" => TypeSet::ALL,
        "Ordered" => TypeSet::ORDERED,
        "Equatable" => TypeSet::EQUATABLE,
        "Stringable" => TypeSet::STRINGABLE,
        "NumLike" | "RealNumLike" => TypeSet::NUM_LIKE,
        "TimestampLike" => TypeSet::TIMESTAMP_LIKE,
        "GeospatialLike" => TypeSet::GEOSPATIAL,
        "PointLike" => TypeSet::POINT_LIKE,
        "LineLike" => TypeSet::LINE_LIKE,
        "PolygonLike" => TypeSet::POLYGON_LIKE,
        name => name
            .trim_matches(['{', '}'])
            .split(',')
            .map(|name| Type::from_name(name).unwrap_or_else(|| panic!("unknown class {name}")))
            .fold(TypeSet::NONE, |set, ty| set.union(TypeSet::one(ty))),
    }
}

/// One line of the reference in the form of [`line`].
fn reference_line(text: &str) -> String {
    let cells: Vec<_> = text.split('\t').collect();
    let variable = |name: &str| {
        let mut all = cells[8].split("; ").filter_map(|part| part.split_once(": "));
        all.find(|(variable, _)| *variable == name).map_or(TypeSet::NONE, |(_, name)| class(name))
    };
    let documented = match cells[11].get(..3) {
        Some("2.0") => "2.0",
        Some("2.1") => "2.1",
        _ => "unlisted",
    };
    let mut line = cells[..6].join("|");
    let more = cells[6].trim_start_matches("repeat: ");
    write!(line, "|{more}|{}|{documented}|{}|", cells[7], cells[12] == "hidden").unwrap();
    write!(line, "{:?}|{:?}", variable("a"), variable("b")).unwrap();
    line
}

#[test]
fn the_table_equals_the_reference() {
    let Some(text) = reference() else { return };
    let ours: BTreeSet<_> = FUNCTIONS.iter().map(line).collect();
    let theirs: BTreeSet<_> = text.lines().skip(1).map(reference_line).collect();
    let missing: Vec<_> = theirs.difference(&ours).collect();
    let extra: Vec<_> = ours.difference(&theirs).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing {missing:#?}\nextra {extra:#?}");
}

#[test]
fn overloads_are_preferred_in_the_order_of_the_reference() {
    let Some(text) = reference() else { return };
    let mut theirs = BTreeMap::<_, Vec<_>>::new();
    for row in text.lines().skip(1) {
        let cells: Vec<_> = row.split('\t').collect();
        theirs.entry(cells[4]).or_default().push(cells[0]);
    }
    let mut ours = BTreeMap::<_, Vec<_>>::new();
    for function in FUNCTIONS {
        ours.entry(function.internal_name).or_default().push(function.identity);
    }
    assert_eq!(ours, theirs);
}
