//! Words of other dialects, and what they are called here: tables that messages and repairs read.

/// A function of another dialect.
#[derive(Debug)]
pub(super) struct Foreign {
    /// Its name there, in lower case.
    pub(super) name: &'static str,
    /// What it is called here, for a message.
    pub(super) here: &'static str,
    /// Translations by the number of arguments. `{0}` is the first argument, `{*}` all of them
    /// with `||` between; `[0]` is one that stands beside an operator and may need parentheses.
    pub(super) forms: &'static [(usize, &'static str)],
    /// Whether the translations mean the same in every case.
    pub(super) faithful: bool,
}

const fn same(
    name: &'static str,
    here: &'static str,
    forms: &'static [(usize, &'static str)],
) -> Foreign {
    Foreign { name, here, forms, faithful: true }
}

const fn near(
    name: &'static str,
    here: &'static str,
    forms: &'static [(usize, &'static str)],
) -> Foreign {
    Foreign { name, here, forms, faithful: false }
}

/// A number of arguments that any number matches.
pub(super) const ANY: usize = usize::MAX;

/// Functions of databases, of Salesforce and of spreadsheets.
pub(super) const FOREIGN_FUNCTIONS: &[Foreign] = &[
    // Parts of dates.
    same("year", "date_extract_y(d)", &[(1, "date_extract_y({0})")]),
    same("month", "date_extract_m(d)", &[(1, "date_extract_m({0})")]),
    same("day", "date_extract_d(d)", &[(1, "date_extract_d({0})")]),
    same("dayofmonth", "date_extract_d(d)", &[(1, "date_extract_d({0})")]),
    same("hour", "date_extract_hh(d)", &[(1, "date_extract_hh({0})")]),
    same("minute", "date_extract_mm(d)", &[(1, "date_extract_mm({0})")]),
    same("second", "date_extract_ss(d)", &[(1, "date_extract_ss({0})")]),
    // Sunday is 1, or Monday 0, in other dialects.
    near("dayofweek", "date_extract_dow(d), where Sunday is 0", &[(1, "date_extract_dow({0})")]),
    near("weekday", "date_extract_dow(d), where Sunday is 0", &[(1, "date_extract_dow({0})")]),
    near("dow", "date_extract_dow(d), where Sunday is 0", &[(1, "date_extract_dow({0})")]),
    near("dayname", "date_extract_dow(d), where Sunday is 0", &[(1, "date_extract_dow({0})")]),
    near("monthname", "date_extract_m(d)", &[(1, "date_extract_m({0})")]),
    near("week", "date_extract_woy(d)", &[(1, "date_extract_woy({0})")]),
    near("weekofyear", "date_extract_woy(d)", &[(1, "date_extract_woy({0})")]),
    same("date_extract_year", "date_extract_y(d)", &[(1, "date_extract_y({0})")]),
    same("date_extract_month", "date_extract_m(d)", &[(1, "date_extract_m({0})")]),
    same("date_extract_day", "date_extract_d(d)", &[(1, "date_extract_d({0})")]),
    same("date_extract_hour", "date_extract_hh(d)", &[(1, "date_extract_hh({0})")]),
    same("date_extract_h", "date_extract_hh(d)", &[(1, "date_extract_hh({0})")]),
    same("date_extract_minute", "date_extract_mm(d)", &[(1, "date_extract_mm({0})")]),
    same("date_extract_week", "date_extract_woy(d)", &[(1, "date_extract_woy({0})")]),
    same("date_extract_ymd", "date_trunc_ymd(d)", &[(1, "date_trunc_ymd({0})")]),
    same("date_extract_ym", "date_trunc_ym(d)", &[(1, "date_trunc_ym({0})")]),
    same("date_trunc_year", "date_trunc_y(d)", &[(1, "date_trunc_y({0})")]),
    same("date_trunc_month", "date_trunc_ym(d)", &[(1, "date_trunc_ym({0})")]),
    same("date_trunc_m", "date_trunc_ym(d)", &[(1, "date_trunc_ym({0})")]),
    same("date_trunc_day", "date_trunc_ymd(d)", &[(1, "date_trunc_ymd({0})")]),
    same("date_trunc_d", "date_trunc_ymd(d)", &[(1, "date_trunc_ymd({0})")]),
    same("calendar_year", "date_extract_y(d)", &[(1, "date_extract_y({0})")]),
    same("calendar_month", "date_extract_m(d)", &[(1, "date_extract_m({0})")]),
    same("day_in_month", "date_extract_d(d)", &[(1, "date_extract_d({0})")]),
    same("hour_in_day", "date_extract_hh(d)", &[(1, "date_extract_hh({0})")]),
    near("day_in_week", "date_extract_dow(d), where Sunday is 0", &[(1, "date_extract_dow({0})")]),
    near("week_in_year", "date_extract_woy(d)", &[(1, "date_extract_woy({0})")]),
    same("day_only", "date_trunc_ymd(d)", &[(1, "date_trunc_ymd({0})")]),
    same("date", "date_trunc_ymd(d)", &[(1, "date_trunc_ymd({0})")]),
    same("to_days", "date_diff_d(d, '0000-01-01')", &[]),
    same("last_day", "date_trunc_ym(d)", &[]),
    same("eomonth", "date_trunc_ym(d)", &[]),
    near("date_format", "date_extract_y(d), date_trunc_ym(d) and the like", &[]),
    near("strftime", "date_extract_y(d), date_trunc_ym(d) and the like", &[]),
    near("format_date", "date_extract_y(d), date_trunc_ym(d) and the like", &[]),
    same("extract", "date_extract_y(d) and the like", &[]),
    same("date_part", "date_extract_y(d) and the like", &[]),
    same("datepart", "date_extract_y(d) and the like", &[]),
    same("date_trunc", "date_trunc_ymd(d), date_trunc_ym(d) or date_trunc_y(d)", &[]),
    same("trunc_date", "date_trunc_ymd(d), date_trunc_ym(d) or date_trunc_y(d)", &[]),
    // Dates and the present.
    near(
        "to_date",
        "x::floating_timestamp",
        &[(1, "[0]::floating_timestamp"), (2, "[0]::floating_timestamp")],
    ),
    near(
        "to_timestamp",
        "x::floating_timestamp",
        &[(1, "[0]::floating_timestamp"), (2, "[0]::floating_timestamp")],
    ),
    near("str_to_date", "x::floating_timestamp", &[(2, "[0]::floating_timestamp")]),
    near("datetime", "x::floating_timestamp", &[(1, "[0]::floating_timestamp")]),
    near("timestamp", "x::floating_timestamp", &[(1, "[0]::floating_timestamp")]),
    same("getdate", "now()", &[(0, "now()")]),
    same("sysdatetime", "now()", &[(0, "now()")]),
    same("current_date", "today()", &[(0, "today()")]),
    same("curdate", "today()", &[(0, "today()")]),
    same("current_timestamp", "now()", &[(0, "now()")]),
    same("utcnow", "get_utc_date()", &[(0, "get_utc_date()")]),
    same("getutcdate", "get_utc_date()", &[(0, "get_utc_date()")]),
    same("utc_timestamp", "get_utc_date()", &[(0, "get_utc_date()")]),
    same("datediff", "date_diff_d(later, earlier)", &[(2, "date_diff_d({0}, {1})")]),
    same("date_diff", "date_diff_d(later, earlier)", &[(2, "date_diff_d({0}, {1})")]),
    same("days_between", "date_diff_d(later, earlier)", &[(2, "date_diff_d({0}, {1})")]),
    near("dateadd", "date_add(d, 'P30D')", &[]),
    same("date_sub", "date_add(d, 'P-30D')", &[]),
    same("adddate", "date_add(d, 'P30D')", &[]),
    same("add_months", "date_add(d, 'P1M')", &[]),
    // Text.
    same("len", "length(x)", &[(1, "length({0})")]),
    same("char_length", "length(x)", &[(1, "length({0})")]),
    same("character_length", "length(x)", &[(1, "length({0})")]),
    same(
        "substr",
        "substring(x, start, length)",
        &[(2, "substring({0}, {1})"), (3, "substring({0}, {1}, {2})")],
    ),
    same(
        "mid",
        "substring(x, start, length)",
        &[(2, "substring({0}, {1})"), (3, "substring({0}, {1}, {2})")],
    ),
    same("left", "substring(x, 1, n)", &[(2, "substring({0}, 1, {1})")]),
    same("right", "substring(x, start)", &[(2, "substring({0}, length({0}) - [1] + 1)")]),
    same("ucase", "upper(x)", &[(1, "upper({0})")]),
    same("lcase", "lower(x)", &[(1, "lower({0})")]),
    same("toupper", "upper(x)", &[(1, "upper({0})")]),
    same("tolower", "lower(x)", &[(1, "lower({0})")]),
    same("uppercase", "upper(x)", &[(1, "upper({0})")]),
    same("lowercase", "lower(x)", &[(1, "lower({0})")]),
    same("ltrim", "trim_leading(x)", &[(1, "trim_leading({0})")]),
    same("rtrim", "trim_trailing(x)", &[(1, "trim_trailing({0})")]),
    same("btrim", "trim(x)", &[(1, "trim({0})")]),
    same(
        "lpad",
        "left_pad(x, length, filler)",
        &[(2, "left_pad({0}, {1}, ' ')"), (3, "left_pad({0}, {1}, {2})")],
    ),
    same(
        "rpad",
        "right_pad(x, length, filler)",
        &[(2, "right_pad({0}, {1}, ' ')"), (3, "right_pad({0}, {1}, {2})")],
    ),
    near("concat", "a || b", &[(ANY, "{*}")]),
    same("startswith", "starts_with(x, beginning)", &[(2, "starts_with({0}, {1})")]),
    same("beginswith", "starts_with(x, beginning)", &[(2, "starts_with({0}, {1})")]),
    same("includes", "contains(x, part)", &[(2, "contains({0}, {1})")]),
    near("instr", "contains(x, part)", &[]),
    near("charindex", "contains(x, part)", &[]),
    near("locate", "contains(x, part)", &[]),
    near("position", "contains(x, part)", &[]),
    near("strpos", "contains(x, part)", &[]),
    near("regexp_like", "x like '%part%', starts_with(x, beginning) or contains(x, part)", &[]),
    near("regexp_matches", "x like '%part%', starts_with(x, beginning) or contains(x, part)", &[]),
    near("regexp_contains", "x like '%part%', starts_with(x, beginning) or contains(x, part)", &[]),
    near("regexp", "x like '%part%', starts_with(x, beginning) or contains(x, part)", &[]),
    near("regexp_replace", "replace(x, part, other)", &[]),
    near("regexp_substr", "split_part(x, separator, n)", &[]),
    near("regexp_extract", "split_part(x, separator, n)", &[]),
    near("ilike", "lower(x) like 'pattern'", &[(2, "lower({0}) like lower({1})")]),
    // Missing values and choices.
    same("ifnull", "coalesce(a, b)", &[(2, "coalesce({0}, {1})")]),
    same("nvl", "coalesce(a, b)", &[(2, "coalesce({0}, {1})")]),
    same(
        "isnull",
        "coalesce(a, b) or x is null",
        &[(1, "([0] is null)"), (2, "coalesce({0}, {1})")],
    ),
    same("isnotnull", "x is not null", &[(1, "([0] is not null)")]),
    same("nvl2", "case", &[(3, "case when [0] is not null then {1} else {2} end")]),
    same("if", "iif(condition, a, b)", &[(3, "iif({0}, {1}, {2})")]),
    same("iff", "iif(condition, a, b)", &[(3, "iif({0}, {1}, {2})")]),
    same(
        "decode",
        "case x when a then b else c end",
        &[(4, "case {0} when {1} then {2} else {3} end")],
    ),
    same("zeroifnull", "coalesce(x, 0)", &[(1, "coalesce({0}, 0)")]),
    // Conversions.
    near("to_number", "x::number", &[(1, "[0]::number"), (2, "[0]::number")]),
    same("number", "x::number", &[(1, "[0]::number")]),
    same("to_numeric", "x::number", &[(1, "[0]::number")]),
    same("val", "x::number", &[(1, "[0]::number")]),
    same("float", "x::number", &[(1, "[0]::number")]),
    near("int", "floor(x::number)", &[]),
    same("to_char", "x::text", &[(1, "[0]::text")]),
    same("to_text", "x::text", &[(1, "[0]::text")]),
    same("to_string", "x::text", &[(1, "[0]::text")]),
    same("string", "x::text", &[(1, "[0]::text")]),
    same("str", "x::text", &[(1, "[0]::text")]),
    same("text", "x::text", &[(1, "[0]::text")]),
    same("convert", "x::type", &[]),
    same("try_cast", "x::type", &[]),
    // Numbers.
    same("ceiling", "ceil(x)", &[(1, "ceil({0})")]),
    near("trunc", "floor(x)", &[(1, "floor({0})")]),
    near("truncate", "floor(x)", &[(1, "floor({0})")]),
    same("power", "x ^ y", &[(2, "[0] ^ [1]")]),
    same("pow", "x ^ y", &[(2, "[0] ^ [1]")]),
    same("sqrt", "x ^ 0.5", &[(1, "[0] ^ 0.5")]),
    same("square", "x ^ 2", &[(1, "[0] ^ 2")]),
    same("mod", "x % y", &[(2, "[0] % [1]")]),
    near("log", "ln(x)", &[(1, "ln({0})")]),
    same("log10", "ln(x) / ln(10)", &[(1, "ln({0}) / ln(10)")]),
    same("sign", "signed_magnitude_linear(x, 1)", &[]),
    // Aggregates.
    same("mean", "avg(x)", &[(1, "avg({0})")]),
    same("average", "avg(x)", &[(1, "avg({0})")]),
    near("stddev", "stddev_samp(x)", &[(1, "stddev_samp({0})")]),
    near("stdev", "stddev_samp(x)", &[(1, "stddev_samp({0})")]),
    same("stdevp", "stddev_pop(x)", &[(1, "stddev_pop({0})")]),
    same("var_samp", "stddev_samp(x) ^ 2", &[(1, "stddev_samp({0}) ^ 2")]),
    same("var_pop", "stddev_pop(x) ^ 2", &[(1, "stddev_pop({0}) ^ 2")]),
    near("variance", "stddev_samp(x) ^ 2", &[(1, "stddev_samp({0}) ^ 2")]),
    same("countif", "count(*) filter (where condition)", &[(1, "count(*) filter (where {0})")]),
    same("count_if", "count(*) filter (where condition)", &[(1, "count(*) filter (where {0})")]),
    near("approx_count_distinct", "count(distinct x)", &[(1, "count(distinct {0})")]),
    same("countdistinct", "count(distinct x)", &[(1, "count(distinct {0})")]),
    same("uniq", "count(distinct x)", &[(1, "count(distinct {0})")]),
    // Places.
    same("st_distance", "distance_in_meters(a, b)", &[(2, "distance_in_meters({0}, {1})")]),
    same("st_distance_sphere", "distance_in_meters(a, b)", &[(2, "distance_in_meters({0}, {1})")]),
    same("distance", "distance_in_meters(a, b)", &[(2, "distance_in_meters({0}, {1})")]),
    same(
        "st_dwithin",
        "distance_in_meters(a, b) <= metres",
        &[(3, "(distance_in_meters({0}, {1}) <= [2])")],
    ),
    same("geolocation", "make_point(latitude, longitude)", &[(2, "make_point({0}, {1})")]),
    same("st_within", "within_polygon(a, b)", &[(2, "within_polygon({0}, {1})")]),
    same("st_contains", "within_polygon(b, a)", &[(2, "within_polygon({1}, {0})")]),
    same("st_intersects", "intersects(a, b)", &[(2, "intersects({0}, {1})")]),
    same("st_area", "area(x)", &[(1, "area({0})")]),
    same("st_makepoint", "make_point(latitude, longitude)", &[(2, "make_point({1}, {0})")]),
    same("st_point", "make_point(latitude, longitude)", &[(2, "make_point({1}, {0})")]),
    near("point", "make_point(latitude, longitude)", &[(2, "make_point({1}, {0})")]),
    same("st_x", "p.longitude", &[(1, "[0].longitude")]),
    same("st_y", "p.latitude", &[(1, "[0].latitude")]),
];

/// Parts of dates by the words of other dialects, with the functions that extract them and that
/// cut a date to them.
const UNITS: &[(&[&str], &str, &str)] = &[
    (&["year", "years", "yyyy", "yy", "%Y"], "date_extract_y", "date_trunc_y"),
    (&["month", "months", "mm", "%m", "%M", "%b"], "date_extract_m", "date_trunc_ym"),
    (&["day", "days", "dd", "%d"], "date_extract_d", "date_trunc_ymd"),
    (&["hour", "hours", "hh", "hh24", "%H"], "date_extract_hh", ""),
    (&["minute", "minutes", "mi", "%i"], "date_extract_mm", ""),
    (&["second", "seconds", "ss", "%S"], "date_extract_ss", ""),
    (&["dow", "dayofweek", "weekday", "dw", "%w", "%W", "%a"], "date_extract_dow", ""),
    (&["week", "isoweek", "ww", "iw", "%U", "%V"], "date_extract_woy", ""),
    (&["%Y-%m", "yyyy-mm", "%Y/%m"], "", "date_trunc_ym"),
    (&["%Y-%m-%d", "yyyy-mm-dd", "%F", "%Y/%m/%d"], "", "date_trunc_ymd"),
];

/// Whether the first argument of a function is the bare word for a part of a date, which is no
/// column.
pub(super) fn takes_unit(name: &str, word: &str) -> bool {
    matches!(name, "dateadd" | "datediff" | "datepart" | "date_part" | "date_diff" | "date_trunc")
        && UNITS
            .iter()
            .any(|(words, ..)| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// The translation of a function that takes a word for the part of a date: `date_trunc('month',
/// d)`, `datepart(year, d)`, `date_format(d, '%Y-%m')`, `datediff(day, a, b)`.
pub(crate) fn with_unit(name: &str, args: &[&str]) -> Option<String> {
    let unit = |word: &str| {
        let word = word.trim_matches(['\'', '"', ' ']);
        UNITS.iter().find(|(words, ..)| {
            words.iter().any(|known| {
                if known.starts_with('%') {
                    *known == word
                } else {
                    known.eq_ignore_ascii_case(word)
                }
            })
        })
    };
    let (first, second) = (*args.first()?, *args.get(1)?);
    let (wanted, date, cut) = match name {
        "date_trunc" => (first, second, true),
        "trunc_date" | "trunc" => (second, first, true),
        "date_part" | "datepart" | "extract" | "strftime" => (first, second, false),
        "date_format" | "format_date" | "to_char" => (second, first, false),
        // SQL Server: the unit, how many of it, the date.
        "dateadd" if args.len() == 3 => {
            let count = second.trim().strip_prefix('-').unwrap_or(second.trim());
            if count.is_empty() || !count.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let sign = if second.trim().starts_with('-') { "-" } else { "" };
            let letter = match *unit(first)?.0.first()? {
                "year" => "Y",
                "month" => "M",
                "day" => "D",
                _ => return None,
            };
            let date = *args.get(2)?;
            let now = date.trim_end_matches("()").to_ascii_lowercase();
            let today = matches!(&*now, "getdate" | "curdate" | "current_date" | "today" | "now");
            return if today && letter == "D" {
                let sign = if sign.is_empty() { '+' } else { '-' };
                Some(format!("today() {sign} {count}"))
            } else {
                (!today).then(|| format!("date_add({date}, 'P{sign}{count}{letter}')"))
            };
        }
        "datediff" | "date_diff" if args.len() == 3 => {
            let third = *args.get(2)?;
            let day = |word: &str| unit(word).is_some_and(|(words, ..)| words.contains(&"day"));
            // SQL Server counts from the earlier one, BigQuery from the later one.
            return if day(first) {
                Some(format!("date_diff_d({third}, {second})"))
            } else {
                day(third).then(|| format!("date_diff_d({first}, {second})"))
            };
        }
        _ => return None,
    };
    let (_, extract, trunc) = unit(wanted)?;
    let function = if cut || extract.is_empty() { trunc } else { extract };
    (args.len() == 2 && !function.is_empty()).then(|| format!("{function}({date})"))
}

/// Types of other dialects.
pub(crate) fn foreign_type(written: &str) -> Option<&'static str> {
    Some(match written.to_ascii_lowercase().as_str() {
        "int" | "integer" | "bigint" | "smallint" | "decimal" | "numeric" | "real" | "signed" => {
            "number"
        }
        "float" => "double",
        "varchar" | "nvarchar" | "char" | "string" | "character" => "text",
        "timestamp" | "datetime" => "floating_timestamp",
        "timestamptz" => "fixed_timestamp",
        "bool" | "checkbox" => "boolean",
        "geometry" => "point",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::functions::by_name;

    #[test]
    fn foreign_names_are_listed_once_and_are_foreign() {
        let mut seen = BTreeSet::new();
        for foreign in FOREIGN_FUNCTIONS {
            assert!(seen.insert(foreign.name), "{} twice", foreign.name);
            assert!(by_name(foreign.name).is_empty(), "{} exists here", foreign.name);
        }
    }

    #[test]
    fn words_for_parts_of_dates_are_translated() {
        let is = |name, args: &[&str], expected| {
            assert_eq!(with_unit(name, args).as_deref(), expected, "{name} {args:?}");
        };
        is("date_trunc", &["'month'", "d"], Some("date_trunc_ym(d)"));
        is("date_trunc", &["'hour'", "d"], None);
        is("datepart", &["YEAR", "d"], Some("date_extract_y(d)"));
        is("date_format", &["d", "'%Y-%m'"], Some("date_trunc_ym(d)"));
        is("date_format", &["d", "\"%Y\""], Some("date_extract_y(d)"));
        is("date_format", &["d", "'%m'"], Some("date_extract_m(d)"));
        is("datediff", &["day", "a", "b"], Some("date_diff_d(b, a)"));
        is("datediff", &["month", "a", "b"], None);
        is("dateadd", &["day", "-30", "getdate()"], Some("today() - 30"));
        is("dateadd", &["month", "-1", "d"], Some("date_add(d, 'P-1M')"));
        is("dateadd", &["month", "-1", "getdate()"], None);
        is("date_part", &["'dow'"], None);
    }
}
