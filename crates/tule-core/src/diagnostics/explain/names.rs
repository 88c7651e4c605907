//! Columns, result names, functions and types.

use super::Explanation;
use crate::diagnostics::Code;

pub(super) static ROWS: &[Explanation] = &[
    Explanation {
        code: Code::UnknownColumn,
        why: "The dataset has no column of this name, and the portal answers with \
              `query.soql.no-such-column`. Besides a slip of the keys there are three usual \
              reasons: the name is the label that people see and not the field name; the column \
              was renamed since the query was written; or it is a column of a joined table, \
              which needs `@table.` in front.\n\n\
              `tule schema` lists the columns with their labels. A word that was meant as text \
              stands in single quotes.",
        failing: "select call_no, district from police_calls",
        repaired: "select call_no, districtname from police_calls",
    },
    Explanation {
        code: Code::DuplicateAlias,
        why: "Rows come back as names with values, so a name can stand once only, and the \
              portal refuses a second column of the same name. A plain column has its own name, \
              and `*` brings in the names of all columns.\n\n\
              Name one of them otherwise with `as`.",
        failing: "select name, upper(name) as name from every_type",
        repaired: "select name, upper(name) as name_in_capitals from every_type",
    },
    Explanation {
        code: Code::CircularAlias,
        why: "Result names can be used in other parts of the same select, and they win over \
              columns of the same name. Here following them leads back to the beginning, so no \
              value can be worked out, and the portal refuses the query.\n\n\
              Rename one of them, or make two steps with `|>`. `@table.column` always means the \
              column.",
        failing: "select total / 100 as share, share * 100 as total from every_type",
        repaired: "select amount / 100 as share, share * 100 as total from every_type",
    },
    Explanation {
        code: Code::RepeatedExclusion,
        why: "A column in the list behind `except` is left out once; naming it a second time \
              does nothing, and the portal refuses the query. Often another column was meant.",
        failing: "select * (except x, x) from police_calls",
        repaired: "select * (except x, y) from police_calls",
    },
    Explanation {
        code: Code::SystemAlias,
        why: "Names that begin with `:` are the portal's own, and it does not let a query give \
              such a name to something else.\n\n\
              Leave the colon out.",
        failing: "select amount as :amount from every_type",
        repaired: "select amount as amount_paid from every_type",
    },
    Explanation {
        code: Code::UnknownFunction,
        why: "The portal has no function of this name and answers with \
              `query.soql.no-such-function`. `distinct` and `*` as arguments are known to \
              `count` only. Functions that other databases have under this name are reported as \
              `foreign-syntax`, with a translation.",
        failing: "select uper(beat) as area, count(*) as calls from police_calls group by area",
        repaired: "select upper(beat) as area, count(*) as calls from police_calls group by area",
    },
    Explanation {
        code: Code::WrongArity,
        why: "The function exists, but not with this many arguments; to the portal it is then \
              as unknown as a misspelt one. Arguments that other databases let out, such as the \
              number of digits to round to, have to be written here.",
        failing: "select name, round(amount) as whole from every_type",
        repaired: "select name, round(amount, 0) as whole from every_type",
    },
    Explanation {
        code: Code::UnknownType,
        why: "There is no type of this name to convert to. The types have the same names on \
              every portal here: `text`, `number`, `boolean`, `floating_timestamp` for a local \
              date and time, `fixed_timestamp` for an instant, `point`, and so on. Whole and \
              fractional numbers are both `number`.",
        failing: "select max(priority::integer) as lowest from police_calls",
        repaired: "select max(priority::number) as lowest from police_calls",
    },
    Explanation {
        code: Code::UnknownField,
        why: "A point behind a column takes out a part of its value: `.year` of a date, \
              `.latitude` of a point. Values of this type have no such part. If a column of a \
              table was meant, the table needs `@` in front: `@t.name`.",
        failing: "select call_entry_date.weekday as day, count(*) as calls\n\
                  from police_calls group by day",
        repaired: "select call_entry_date.dow as day, count(*) as calls\n\
                   from police_calls group by day",
    },
    Explanation {
        code: Code::UnknownHint,
        why: "Hints tell the portal how to run a query, not what to give. It knows \
              `materialized`, `no_rollup`, `no_chain_merge`, `compound_rollup` and \
              `rollup_at_join`, and refuses a query with any other.\n\n\
              Correct the spelling or leave the hint out: the rows are the same without. A \
              column that is called `hint` is written in back-quotes.",
        failing: "select hint(no_rolup) beat from police_calls",
        repaired: "select hint(no_rollup) beat from police_calls",
    },
    Explanation {
        code: Code::TypeMismatch,
        why: "A value of one type stands where another is needed, and the portal refuses the \
              query with `query.soql.type-mismatch`. Only values that are written out adapt: \
              `'2024-05-01'` is read as a date beside a date. A column never changes its type, \
              and codes that look like numbers are often text.\n\n\
              Put quotes around a value that is compared with text, or convert the column with \
              `::number`. That also decides the order: as text, `'9'` comes behind `'10'`.",
        failing: "select call_no from police_calls where priority = 1",
        repaired: "select call_no from police_calls where priority = '1'",
    },
    Explanation {
        code: Code::NotGeographic,
        why: "Functions about places take one column that holds a geometry. Latitude and \
              longitude in two columns of numbers are none, and neither is an address, so the \
              portal refuses the query.\n\n\
              Name the column with the point; most datasets have one beside the numbers. Where \
              there is none, `make_point(latitude, longitude)` makes one.",
        failing: "select call_no from police_calls where within_circle(y, 37.95, -121.29, 500)",
        repaired: "select call_no from police_calls\n\
                   where within_circle(the_point, 37.95, -121.29, 500)",
    },
    Explanation {
        code: Code::OpenRing,
        why: "The border of a polygon is a ring: its last position is its first one once more. \
              A portal refuses one that is left open, and does not say that this is why.\n\n\
              Repeat the first position at the end.",
        failing: "select call_no from police_calls where within_polygon(the_point,\n\
                  'POLYGON ((-121.3 37.9, -121.2 37.9, -121.2 38.0))')",
        repaired: "select call_no from police_calls where within_polygon(the_point,\n\
                   'POLYGON ((-121.3 37.9, -121.2 37.9, -121.2 38.0, -121.3 37.9))')",
    },
    Explanation {
        code: Code::NoSuchCast,
        why: "`value::type` converts a value, but only between types for which the portal has a \
              rule: from and to `text` for most types, and little else. There is none for these \
              two.\n\n\
              Often a part of the value or a function does what was meant: `.date` for the day \
              of a timestamp, `.latitude` for a point, `to_floating_timestamp` for the local \
              time of an instant.",
        failing: "select name, opened::datestamp as day from every_type",
        repaired: "select name, opened.date as day from every_type",
    },
    Explanation {
        code: Code::UnknownColumnType,
        why: "The portal gives a column of this dataset a type that is not known here. The \
              column can be used, but whatever is done with it goes unchecked: the portal may \
              refuse it, or compare values in another way than expected.\n\n\
              Look at some of its values before relying on it, leave it out where it is not \
              needed, and run `tule lock` again after an update.",
        failing: "select * from districts where name is not null",
        repaired: "select poly_code, name from districts where name is not null",
    },
];
