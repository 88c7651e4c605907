//! Datasets, steps and joined tables.

use super::Explanation;
use crate::diagnostics::Code;

pub(super) static ROWS: &[Explanation] = &[
    Explanation {
        code: Code::UnknownDataset,
        why: "A dataset is named as `tule.toml` names it, by its identifier behind `@`, or by \
              portal and identifier in quotes. This is none of those that the project knows, \
              so there is no portal to send the query to and no schema to check it against.\n\n\
              Look for a slip in the spelling, or add the dataset under `[datasets]`. \
              `tule datasets` searches the catalogues of the project's portals.",
        failing: "select call_no from police_cals",
        repaired: "select call_no from police_calls",
    },
    Explanation {
        code: Code::AmbiguousDataset,
        why: "Identifiers are unique on one portal only, and several portals of the project \
              have this one. Which rows come back would be a matter of chance.\n\n\
              Say which portal is meant: its name, a slash and the identifier, in quotes.",
        failing: "select call_no from @esc4-8x43",
        repaired: "select call_no from 'stockton/esc4-8x43'",
    },
    Explanation {
        code: Code::MissingSchema,
        why: "The columns of this dataset are not in `tule.lock`, so nothing about the query \
              can be checked: not the spelling of a column, not a type, not a function. It may \
              be right, and it may be refused.\n\n\
              `tule lock` asks the portal for the columns and writes them down. Commit the \
              file, so that everybody checks against the same columns.",
        failing: "select poly_code, name from 'data.stocktonca.gov/gdix-arru'",
        repaired: "-- after `tule lock`, where `tule.toml` calls the dataset `districts`\n\
                   select poly_code, name from districts",
    },
    Explanation {
        code: Code::FromRequired,
        why: "The portal's web page knows which dataset is open, a file of queries does not. \
              Without `from` there is nothing to select from. Only a step behind `|>` goes \
              without, since it reads the rows of the step before.",
        failing: "select call_no, beat where priority = '1'",
        repaired: "select call_no, beat from police_calls where priority = '1'",
    },
    Explanation {
        code: Code::FromForbidden,
        why: "Behind `|>` a select reads the rows that the step before gives. `from` with \
              another dataset would throw those rows away, and the portal refuses it.\n\n\
              Leave `from` out. Rows of a second dataset are added with `join` or `union`.",
        failing: "select beat, priority from police_calls\n\
                  |> select beat from police_calls where priority = '1'",
        repaired: "select beat, priority from police_calls\n\
                   |> select beat where priority = '1'",
    },
    Explanation {
        code: Code::ThisWithoutContext,
        why: "`@this` stands for the rows of the step before. At the beginning of a query there \
              is no such step, and the portal refuses the query.\n\n\
              Name the dataset. `@this` is of use behind `|>`, where it gives the rows a name \
              that a join can use.",
        failing: "select @t.call_no from @this as t",
        repaired: "select @t.call_no from police_calls as t",
    },
    Explanation {
        code: Code::ThisNeedsAlias,
        why: "`@this` is a word for the rows of the step before, not a name that columns could \
              be qualified with. The portal wants a name for it.\n\n\
              Add `as` and a name, or leave `from` out altogether: a step reads the rows before \
              it anyway.",
        failing: "select beat, count(*) as calls from police_calls group by beat\n\
                  |> select beat from @this where calls > 100",
        repaired: "select beat, count(*) as calls from police_calls group by beat\n\
                   |> select beat from @this as b where calls > 100",
    },
    Explanation {
        code: Code::DuplicateTableAlias,
        why: "Two tables of one select have the same name, so `@name.column` could mean either, \
              and the portal refuses the query. Upper and lower case, `-` and `_`, and a \
              leading `@` or `_` make no difference. A dataset that is joined with itself has \
              the same name twice unless one of the two gets another.\n\n\
              Give one of them a name of its own with `as`.",
        failing: "select name from every_type\n\
                  join every_type on name = @every_type.name",
        repaired: "select name from every_type\n\
                   join every_type as @other on name = @other.name",
    },
    Explanation {
        code: Code::ReservedTableAlias,
        why: "`this` and `single_row` are the portal's own tables: the rows of the step before, \
              and a table of one row without columns. The portal refuses them as names for \
              anything else, with or without `@`.\n\n\
              Choose another name.",
        failing: "select @this.name from districts as this",
        repaired: "select @d.name from districts as d",
    },
    Explanation {
        code: Code::UnknownTable,
        why: "`@name.column` needs a table of that name in the same select, from its `from` or \
              one of its joins. A table with a name of its own behind `as` is known by that \
              name only, no longer by the dataset's.\n\n\
              Use the name behind `as`, or join the table.",
        failing: "select @police_calls.call_no from police_calls as c",
        repaired: "select @c.call_no from police_calls as c",
    },
    Explanation {
        code: Code::ArgumentsForTable,
        why: "Arguments in parentheses are for functions that somebody has saved on the portal \
              and that give rows. This is a plain dataset, which takes none, and the portal \
              refuses the query.\n\n\
              Write what is to be compared into the condition of the join.",
        failing: "select @c.call_no from districts\n\
                  join @police_calls(name) as c on true",
        repaired: "select @c.call_no from districts\n\
                   join police_calls as c on @c.districtname = name",
    },
    Explanation {
        code: Code::RecursiveQuery,
        why: "A table that is defined by `with` cannot read from itself: its rows would be \
              needed before there are any. Other databases have `with recursive` for this; \
              portals have nothing like it.\n\n\
              Read from a dataset, or from a table defined in front of this one.",
        failing: "with busy as (select beat from busy where priority = '1')\n\
                  select distinct beat from busy",
        repaired: "with busy as (select beat from police_calls where priority = '1')\n\
                   select distinct beat from busy",
    },
];
