//! Which functions are asked about, how SQL asks, and how results are compared.

use tule_core::types::Type;
use tule_local::functions::{Running, by_identity};
use tule_local::value::{Fault, Value};

use crate::generate::{Argument, Generator};

/// How two results are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// The same text.
    Text,
    /// The same number, zeros at its end not counted.
    Number,
    /// Numbers that agree in some 12 digits: binary floating point, computed in another order.
    About,
    /// A floating or fixed timestamp, to the millisecond.
    Moment,
    /// Geometries that cover the same points.
    Geometry,
    /// Metres that agree within a millionth.
    Metres,
}

/// An expression for both sides.
pub(crate) struct Call {
    /// The function, the outermost one of several.
    pub(crate) identity: &'static str,
    /// Our own answer.
    pub(crate) ours: Result<Value<'static>, Fault>,
    pub(crate) sql: String,
    pub(crate) mode: Mode,
}

impl Call {
    /// Whether it takes the geographic functions.
    pub(crate) fn spatial(&self) -> bool {
        self.sql.contains("::geometry") || self.sql.contains("st_")
    }
}

use Mode::{About, Geometry, Metres, Moment, Number, Text};

type Row = (&'static str, &'static [&'static str], &'static str, Mode);

/// Days from Monday to Friday, counted one by one.
const BUSINESS_DAYS: &str = "(select count(*) from generate_series(least({0}::date, {1}::date), \
    greatest({0}::date, {1}::date), interval '1 day') as day where extract(isodow from day) < 6)";
const BUSINESS_DAYS_IN_ZONE: &str = "(select count(*) from generate_series(\
    least(({0} at time zone {2})::date, ({1} at time zone {2})::date), \
    greatest(({0} at time zone {2})::date, ({1} at time zone {2})::date), interval '1 day') as day \
    where extract(isodow from day) < 6)";
const DAYS: &str = "trunc((extract(epoch from {0}) - extract(epoch from {1}))::numeric / 86400)";
const LINEAR: &str =
    "case when {1} = 1 then floor({0}) else sign({0}) * floor(abs({0}) / {1} + 1) end";

/// Identity, kinds of arguments, the same in SQL.
const SCALARS: &[Row] = &[
    ("=", &["number", "number"], "{0} = {1}", Text),
    ("<>", &["short", "short"], "{0} <> {1}", Text),
    ("<", &["text", "text"], "{0} < {1}", Text),
    ("<=", &["number", "number"], "{0} <= {1}", Text),
    (">", &["floating", "floating"], "{0} > {1}", Text),
    (">=", &["double", "double"], "{0} >= {1}", Text),
    ("between", &["small", "small", "small"], "{0} between {1} and {2}", Text),
    ("not between", &["text", "text", "text"], "{0} not between {1} and {2}", Text),
    ("in", &["short", "short", "short"], "{0} in ({1}, {2})", Text),
    ("least", &["number", "number", "number"], "least({0}, {1}, {2})", Text),
    ("greatest", &["text", "text", "text"], "greatest({0}, {1}, {2})", Text),
    ("nullif", &["small", "small"], "nullif({0}, {1})", Text),
    ("+", &["number", "number"], "{0} + {1}", Text),
    ("-", &["number", "number"], "{0} - {1}", Text),
    ("+", &["double", "double"], "{0} + {1}", About),
    ("*NN", &["number", "number"], "{0} * {1}", Text),
    ("*DD", &["double", "double"], "{0} * {1}", About),
    ("/NN", &["number", "number"], "{0} / {1}", Text),
    ("/NN", &["number", "small"], "{0} / {1}", Text),
    ("/DD", &["double", "double"], "{0} / {1}", About),
    ("%NN", &["number", "number"], "{0} % {1}", Text),
    ("%NN", &["number", "small"], "{0} % {1}", Text),
    ("^NN", &["number", "small"], "{0} ^ {1}", Text),
    ("^NN", &["positive", "size"], "{0} ^ {1}", Text),
    ("^DD", &["double", "double"], "{0} ^ {1}", About),
    ("unary -", &["number"], "- {0}", Text),
    ("ln", &["number"], "ln({0})", Text),
    ("ln", &["positive"], "ln({0})", Text),
    ("ln", &["double"], "ln({0})", About),
    ("abs", &["number"], "abs({0})", Text),
    ("ceil", &["number"], "ceil({0})", Text),
    ("floor", &["number"], "floor({0})", Text),
    ("floor", &["double"], "floor({0})", About),
    ("round", &["number", "small"], "round({0}, {1}::int)", Text),
    ("signed_magnitude_10", &["number"], "sign({0}) * length(floor(abs({0}))::text)", Text),
    ("signed_magnitude_linear", &["number", "size"], LINEAR, Text),
    (
        "width_bucket",
        &["number", "small", "small", "small"],
        "width_bucket({0}, {1}, {2}, {3}::int)",
        Text,
    ),
    ("number to double", &["number"], "{0}::float8", About),
    ("number to text", &["number"], "{0}::text", Text),
    ("text to number", &["numeral"], "{0}::numeric", Text),
    ("text to boolean", &["word"], "{0}::boolean", Text),
    ("||", &["text", "number"], "{0} || {1}", Text),
    ("like", &["text", "short"], "{0} like {1}", Text),
    ("like", &["text", "text"], "{0} like {1}", Text),
    ("not like", &["text", "short"], "{0} not like {1}", Text),
    ("contains", &["text", "short"], "position({1} in {0}) <> 0", Text),
    ("starts_with", &["text", "short"], "starts_with({0}, {1})", Text),
    ("caseless_eq", &["short", "short"], "upper({0}) = upper({1})", Text),
    ("caseless_ne", &["short", "short"], "upper({0}) <> upper({1})", Text),
    ("caseless_starts_with", &["text", "short"], "starts_with(upper({0}), upper({1}))", Text),
    ("caseless_contains", &["text", "short"], "position(upper({1}) in upper({0})) <> 0", Text),
    (
        "caseless_one_of",
        &["short", "short", "short"],
        "upper({0}) in (upper({1}), upper({2}))",
        Text,
    ),
    ("lower", &["text"], "lower({0})", Text),
    ("upper", &["text"], "upper({0})", Text),
    ("length", &["text"], "length({0})", Text),
    ("split_part", &["text", "short", "small"], "split_part({0}, {1}, {2}::int)", Text),
    ("substr2", &["text", "small"], "substring({0}, {1}::int)", Text),
    ("substr3", &["text", "small", "small"], "substring({0}, {1}::int, {2}::int)", Text),
    ("chr", &["small"], "chr({0}::int)", Text),
    ("replace", &["text", "short", "short"], "replace({0}, {1}, {2})", Text),
    ("trim", &["text"], "trim({0})", Text),
    ("trim_leading", &["text"], "ltrim({0})", Text),
    ("trim_trailing", &["text"], "rtrim({0})", Text),
    ("left_pad", &["text", "small", "short"], "lpad({0}, {1}::int, {2})", Text),
    ("right_pad", &["text", "small", "short"], "rpad({0}, {1}::int, {2})", Text),
    ("unaccent", &["accented"], "unaccent({0})", Text),
    ("unaccent", &["accented"], "unaccent({0})", Text),
    ("floating timestamp trunc day", &["floating"], "date_trunc('day', {0})", Moment),
    ("floating timestamp trunc month", &["floating"], "date_trunc('month', {0})", Moment),
    ("floating timestamp trunc year", &["floating"], "date_trunc('year', {0})", Moment),
    ("fixed timestamp z trunc month", &["fixed"], "date_trunc('month', {0})", Moment),
    (
        "fixed timestamp trunc day at time zone",
        &["fixed", "zone"],
        "date_trunc('day', {0} at time zone {1})",
        Moment,
    ),
    ("to floating timestamp", &["fixed", "zone"], "{0} at time zone {1}", Moment),
    ("to floating timestamp", &["fixed", "zone"], "{0} at time zone {1}", Moment),
    ("floating timestamp extract second", &["floating"], "extract(second from {0})", Number),
    ("floating timestamp extract day of week", &["floating"], "extract(dow from {0})", Number),
    ("floating timestamp extract week of year", &["floating"], "extract(week from {0})", Number),
    ("floating timestamp extract isoyear", &["floating"], "extract(isoyear from {0})", Number),
    ("datestamp_woy", &["date"], "extract(week from {0})", Number),
    ("time_second", &["time"], "extract(second from {0})", Number),
    ("timestamp diff in days", &["floating", "floating"], DAYS, Text),
    ("timestamp diff in days", &["fixed", "fixed"], DAYS, Text),
    ("date diff in days", &["date", "date"], "{0} - {1}", Text),
    ("floating_timestamp diff bd", &["floating", "floating"], BUSINESS_DAYS, Text),
    ("date diff bd", &["date", "date"], BUSINESS_DAYS, Text),
    ("fixed_timestamp diff bd", &["fixed", "fixed", "zone"], BUSINESS_DAYS_IN_ZONE, Text),
    ("epoch_seconds", &["fixed"], "round(extract(epoch from {0}), 3)", Text),
    ("timestamp +", &["floating", "interval"], "{0} + {1}", Moment),
    ("timestamp +", &["floating", "interval"], "{0} + {1}", Moment),
    ("timestamp +", &["fixed", "interval"], "{0} + {1}", Moment),
    ("timestamp -", &["floating", "interval"], "{0} - {1}", Moment),
    ("timestamp -", &["floating", "interval"], "{0} - {1}", Moment),
    ("date interval add", &["date", "interval"], "{0} + {1}", Moment),
    ("date interval sub", &["date", "interval"], "{0} - {1}", Moment),
    ("time interval add", &["time", "interval"], "to_char({0} + {1}, 'HH24:MI:SS.MS')", Text),
    ("time interval sub", &["time", "interval"], "to_char({0} - {1}, 'HH24:MI:SS.MS')", Text),
    ("time time sub", &["time", "time"], "{0} - {1}", Text),
    ("date time add", &["date", "time"], "{0} + {1}", Moment),
    ("interval to text", &["interval"], "{0}", Text),
    (
        "fixed timestamp to text",
        &["fixed"],
        "to_char({0}, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
        Text,
    ),
    ("within_polygon", &["shape", "polygon"], "st_within({0}, {1})", Text),
    ("within_polygon", &["point", "polygon"], "st_within({0}, {1})", Text),
    ("within_polygon", &["line", "polygon"], "st_within({0}, {1})", Text),
    ("intersects", &["shape", "shape"], "st_intersects({0}, {1})", Text),
    ("intersects", &["line", "polygon"], "st_intersects({0}, {1})", Text),
    ("crosses", &["line", "line"], "st_crosses({0}, {1})", Text),
    ("crosses", &["line", "polygon"], "st_crosses({0}, {1})", Text),
    ("overlaps", &["polygon", "polygon"], "st_overlaps({0}, {1})", Text),
    ("overlaps", &["line", "line"], "st_overlaps({0}, {1})", Text),
    (
        "polygon_intersection",
        &["polygon", "polygon"],
        "st_astext(st_multi(st_buffer(st_intersection({0}, {1}), 0.0)))",
        Geometry,
    ),
    ("union2poly", &["polygon", "polygon"], "st_astext(st_multi(st_union({0}, {1})))", Geometry),
    ("union2line", &["line", "line"], "st_astext(st_multi(st_union({0}, {1})))", Geometry),
    ("union2pt", &["points", "point"], "st_astext(st_multi(st_union({0}, {1})))", Geometry),
    (
        "convex_hull",
        &["shape"],
        "st_astext(st_multi(st_buffer(st_convexhull({0}), 0.0)))",
        Geometry,
    ),
    ("area", &["polygon"], "st_area({0}::geography)", Metres),
    (
        "distance_in_meters",
        &["point", "point"],
        "st_distance({0}::geography, {1}::geography)",
        Metres,
    ),
    (
        "distance_in_meters",
        &["shape", "shape"],
        "st_distance({0}::geography, {1}::geography)",
        Metres,
    ),
    (
        "distance_in_meters",
        &["polygon", "point"],
        "st_distance({0}::geography, {1}::geography)",
        Metres,
    ),
    ("num_points", &["shape"], "st_npoints({0})", Text),
    ("simplify", &["line", "size"], "st_astext(st_simplify({0}, {1}))", Geometry),
    ("simplify", &["polygon", "size"], "st_astext(st_simplify({0}, {1}))", Geometry),
    (
        "simplify_preserve_topology",
        &["line", "size"],
        "st_astext(st_simplifypreservetopology({0}, {1}))",
        Geometry,
    ),
    ("snap_to_grid", &["shape", "size"], "st_astext(st_snaptogrid({0}, {1}))", Geometry),
    ("reducePrecision", &["line", "size"], "st_astext(st_reduceprecision({0}, {1}))", Geometry),
    (
        "reducePolyPrecision",
        &["polygon", "size"],
        "st_astext(st_multi(st_reduceprecision({0}, {1})))",
        Geometry,
    ),
    (
        "visible_at",
        &["shape", "size"],
        "not st_isempty({0}) and (st_dimension({0}) = 0 or st_xmax({0}) - st_xmin({0}) >= {1} or st_ymax({0}) - st_ymin({0}) >= {1})",
        Text,
    ),
    (
        "within_box",
        &["shape", "small", "small", "small", "small"],
        "st_within({0}, st_makeenvelope({2}, {3}, {4}, {1}))",
        Text,
    ),
];

/// Identity, kinds of arguments, the aggregate over columns `a` and `b` in SQL.
const AGGREGATES: &[Row] = &[
    ("count", &["short"], "count(a)", Text),
    ("count_distinct", &["small"], "count(distinct a)", Text),
    ("sum", &["number"], "sum(a)", Text),
    ("sum", &["double"], "sum(a)", About),
    ("avg", &["number"], "avg(a)", Text),
    ("avg", &["double"], "avg(a)", About),
    ("median", &["small"], "percentile_cont(0.5) within group (order by a)", Number),
    ("median_disc", &["text"], "percentile_disc(0.5) within group (order by a)", Text),
    ("min", &["number"], "min(a)", Text),
    ("max", &["text"], "max(a)", Text),
    ("bool_and", &["boolean"], "bool_and(a)", Text),
    ("bool_or", &["boolean"], "bool_or(a)", Text),
    ("stddev_pop", &["number"], "stddev_pop(a)", Text),
    ("stddev_samp", &["number"], "stddev_samp(a)", Text),
    ("stddev_samp", &["double"], "stddev_samp(a)", About),
    ("regr_slope", &["number", "small"], "regr_slope(a, b)", About),
    ("regr_intercept", &["number", "small"], "regr_intercept(a, b)", About),
    ("regr_r2", &["number", "small"], "regr_r2(a, b)", About),
    ("unionAggPoly", &["polygon"], "st_astext(st_multi(st_union(a)))", Geometry),
    ("unionAggLine", &["line"], "st_astext(st_multi(st_union(a)))", Geometry),
    ("unionAggPt", &["point"], "st_astext(st_multi(st_union(a)))", Geometry),
];

/// What calls give that other calls take: a kind of argument and identities.
const NESTED: &[(&str, &[&str])] = &[
    (
        "number",
        &[
            "+",
            "-",
            "*NN",
            "/NN",
            "%NN",
            "unary -",
            "abs",
            "ceil",
            "floor",
            "round",
            "length",
            "signed_magnitude_10",
            "timestamp diff in days",
            "date diff in days",
        ],
    ),
    (
        "text",
        &[
            "||",
            "lower",
            "upper",
            "replace",
            "trim",
            "left_pad",
            "right_pad",
            "substr3",
            "split_part",
            "number to text",
        ],
    ),
    (
        "floating",
        &[
            "floating timestamp trunc day",
            "floating timestamp trunc month",
            "timestamp +",
            "timestamp -",
            "date interval add",
            "to floating timestamp",
        ],
    ),
];

/// Calls that show a difference, so that its explanation is needed.
const SHOWN: &[(&str, &[(Type, &str)])] = &[
    ("simplify", &[(Type::Line, "LINESTRING (5 5, 2 6, 4 8, 8 2, 0 6)"), (Type::Number, "3")]),
    (
        "simplify_preserve_topology",
        &[(Type::Line, "LINESTRING (1 7, 3 4, 3 1, 1 6, 3 5)"), (Type::Number, "3")],
    ),
];

/// Calls of each function.
const EACH: usize = 10;

/// Expressions of several calls, for each kind of result.
const EXPRESSIONS: usize = 150;

/// Every call of the test, the same ones each time.
pub(crate) fn all() -> Vec<Call> {
    let mut calls = Vec::new();
    // A generator of its own for each part, so that one can grow without changing another.
    let mut generator = Generator::new(20_240_501);
    for row in SCALARS {
        for _ in 0..EACH {
            let arguments: Vec<Argument> =
                row.1.iter().map(|kind| generator.argument(kind)).collect();
            calls.push(Call::new(row, called(row, &arguments)));
        }
    }
    for (identity, arguments) in SHOWN {
        let row = SCALARS.iter().find(|row| row.0 == *identity).unwrap();
        let arguments: Vec<Argument> =
            arguments.iter().map(|(ty, text)| Argument::new(*ty, text)).collect();
        calls.push(Call::new(row, called(row, &arguments)));
    }
    let mut generator = Generator::new(20_240_502);
    for (kind, _) in NESTED {
        for _ in 0..EXPRESSIONS {
            let (row, expression) = expression(&mut generator, kind, 3);
            calls.push(Call::new(row, expression));
        }
    }
    let mut generator = Generator::new(20_240_503);
    for row in AGGREGATES {
        calls.extend((1..=EACH).map(|count| aggregate(row, count, &mut generator)));
    }
    calls
}

impl Call {
    fn new(row: &Row, expression: Argument) -> Self {
        let sql = &expression.sql;
        let sql = match row.3 {
            Moment => format!("to_char(({sql})::timestamp, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS')"),
            _ => format!("({sql})::text"),
        };
        Self { identity: row.0, ours: expression.value, sql, mode: row.3 }
    }
}

/// A scalar function of the arguments, on both sides. A fault of an argument is one of the call.
fn called(row: &Row, arguments: &[Argument]) -> Argument {
    let &(identity, _, template, _) = row;
    let mut sql = format!("({template})");
    for (index, argument) in arguments.iter().enumerate() {
        sql = sql.replace(&format!("{{{index}}}"), &argument.sql);
    }
    let run = by_identity(identity).unwrap_or_else(|| panic!("`{identity}`"));
    let values: Result<Vec<Value<'static>>, Fault> =
        arguments.iter().map(|argument| argument.value.clone()).collect();
    Argument { value: values.and_then(|values| run.call(&values)), sql }
}

/// Calls in calls, with the row of the outermost one.
fn expression(generator: &mut Generator, kind: &str, depth: usize) -> (&'static Row, Argument) {
    let identities = NESTED.iter().find(|(nested, _)| *nested == kind).unwrap().1;
    let identity = generator.pick(identities);
    // Several rows may share an identity; those of doubles give no numbers.
    let row = SCALARS.iter().find(|row| row.0 == *identity).unwrap();
    let arguments: Vec<Argument> = row
        .1
        .iter()
        .map(|kind| {
            let nested = NESTED.iter().any(|(nested, _)| nested == kind);
            if nested && depth > 1 && generator.flip() {
                expression(generator, kind, depth - 1).1
            } else {
                generator.argument(kind)
            }
        })
        .collect();
    (row, called(row, &arguments))
}

/// An aggregate over so many rows.
fn aggregate(row: &Row, count: usize, generator: &mut Generator) -> Call {
    let &(identity, kinds, template, _) = row;
    let run = by_identity(identity).unwrap_or_else(|| panic!("`{identity}`"));
    let mut running = Running::over_group(run).unwrap();
    let mut written = Vec::new();
    let mut steps = Ok(());
    for _ in 0..count {
        let row: Vec<Argument> = kinds.iter().map(|kind| generator.argument(kind)).collect();
        let sql: Vec<&str> = row.iter().map(|argument| argument.sql.as_str()).collect();
        written.push(format!("({})", sql.join(", ")));
        let values: Vec<Value<'static>> =
            row.into_iter().map(|argument| argument.value.unwrap()).collect();
        steps = steps.and_then(|()| running.step(&values));
    }
    let columns = if kinds.len() == 1 { "a" } else { "a, b" };
    let rows = written.join(", ");
    let sql = format!("(select {template} from (values {rows}) as rows({columns}))");
    Call::new(row, Argument { value: steps.and_then(|()| running.finish()), sql })
}
