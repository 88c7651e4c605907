//! What `tule lock --check` finds: the portal against the lock.

use super::Explanation;
use crate::diagnostics::Code;

pub(super) static ROWS: &[Explanation] = &[
    Explanation {
        code: Code::DriftDatasetGone,
        why: "The portal answers that it has no dataset of this identifier. Datasets are retired \
              and replaced, most often under the same title with a new identifier.\n\n\
              `tule datasets WORDS` searches the portal for the title. Name the new dataset in \
              `tule.toml`, and run `tule lock`.",
        failing: "select poly_code from 'data.stocktonca.gov/gone-gone'",
        repaired: "select poly_code from districts",
    },
    Explanation {
        code: Code::DriftDatasetPrivate,
        why: "The portal has the dataset and does not show it: it was made private, or needs a \
              token. Queries are still checked against the locked columns, but none of them can \
              be run.\n\n\
              Ask the owner, whom `tule schema` names, or keep a token with `tule login`.",
        failing: "select call_no from 'data.stocktonca.gov/priv-priv'",
        repaired: "-- after `tule login data.stocktonca.gov`\nselect call_no, y from police_calls",
    },
    Explanation {
        code: Code::DriftPortalMoved,
        why: "The host answers, but not as the portal that it was: a page for people, or another \
              vendor's product. Cities change vendors, and old addresses then lead to a start \
              page.\n\n\
              Find the new address, write it into `tule.toml` with its `kind`, and lock again.",
        failing: "select name from 'data.cityofexample.gov/abcd-1234'",
        repaired: "-- after the new `url` in `tule.toml`\nselect name, poly_code from districts",
    },
    Explanation {
        code: Code::DriftAssetChanged,
        why: "The identifier now stands for something else: a map or a file, which has no rows of \
              its own, or a view, which shows a part of another dataset's rows.\n\n\
              Query the dataset behind it; the page of the map or view on the portal names it.",
        failing: "select the_geom from 'data.stocktonca.gov/mapp-mapp'",
        repaired: "select the_geom from districts",
    },
    Explanation {
        code: Code::DriftColumnRemoved,
        why: "A column that was there when the dataset was locked is gone. The portal refuses \
              queries that read it.\n\n\
              Take it out of the query, or ask the owner where its values went. `tule lock` \
              fetches the columns as they are.",
        failing: "select call_no, beat, districtname from police_calls",
        repaired: "select call_no, beat from police_calls limit all",
    },
    Explanation {
        code: Code::DriftColumnRenamed,
        why: "A column is gone, and a new one looks like it: the finding says what speaks for \
              that. No portal tells of a renaming, so it is a guess, and somebody has to look at \
              the values.\n\n\
              The repair writes the new name everywhere in the query and keeps the old one for \
              the result.",
        failing: "select beat from police_calls where call_entry_date > '2025-01-01'",
        repaired: "select districtname as beat from police_calls\n\
                   where call_entry_date > '2025-01-01'",
    },
    Explanation {
        code: Code::DriftTypeChanged,
        why: "A column has another type than when the dataset was locked, and a query compares \
              or computes with it in a way that the new type does not have. Numbers that became \
              text, and flags that became true and false, are the usual cases.\n\n\
              Write the comparison for the new type, or convert with `::`.",
        failing: "select name from every_type where name > '100'",
        repaired: "select name from every_type where name::number > 100",
    },
    Explanation {
        code: Code::DriftColumnAdded,
        why: "The portal has a column that the lock has not. That breaks nothing, except where \
              every column is selected and something downstream counts them.\n\n\
              `tule lock` adds it to the lock; naming the columns in the query keeps the result \
              as it is.",
        failing: "select * from districts",
        repaired: "select poly_code, name, the_geom from districts",
    },
    Explanation {
        code: Code::DriftRangeShrunk,
        why: "Rows are gone that the portal had when the dataset was locked: it starts later, \
              ends earlier or has become much smaller. Queries still run and give less, or \
              nothing. Older rows are often moved to a dataset of their own.\n\n\
              Look for that dataset, or accept the new range with `tule lock`.",
        failing: "select count(*) as calls from police_calls\n\
                  where call_entry_date < '2015-01-01'",
        repaired: "select count(*) as calls from police_calls\n\
                   where call_entry_date >= '2020-01-01'",
    },
    Explanation {
        code: Code::DriftUpdatesStopped,
        why: "The publisher names an interval, such as daily or monthly, and two of them and a \
              fortnight have passed without a change of any row. Queries run and give what was \
              true then; a script at the city broke, or the rows go to another dataset now.\n\n\
              The owner, whom `tule schema` names, can say. A dataset whose publisher names no \
              interval is never reported.",
        failing: "select count(*) as calls from police_calls\n\
                  where call_entry_date >= today() - 7",
        repaired: "-- an entry in `tule.approved.toml`, or the dataset that has the rows now\n\
                   select count(*) as calls from police_calls\n\
                   where call_entry_date >= '2026-01-01'",
    },
    Explanation {
        code: Code::DriftQueryBroken,
        why: "The query passes against the locked schemas and not against those that the portal \
              has now, and more than one change is behind it.\n\n\
              `tule lock` fetches the new schemas; `tule check` then shows the error in full.",
        failing: "select beat, count(*) as n from police_calls group by beat",
        repaired: "-- after `tule lock`\n\
                   select districtname, count(*) as n from police_calls group by districtname",
    },
    Explanation {
        code: Code::DriftWording,
        why: "What people read about the dataset changed: its title, a label, a description, the \
              order of its columns. No query can notice.\n\n\
              Only `tule lock --check --all` tells of it. A new title is sometimes the only sign \
              that rows were moved elsewhere.",
        failing: "select poly_code, name from districts",
        repaired: "-- nothing to do\nselect name, poly_code from districts where name is not null",
    },
    Explanation {
        code: Code::DriftApprovalExpired,
        why: "An entry of `tule.approved.toml` accepted a change until a day that has passed, and \
              the change is still there; it counts as it would without the entry.\n\n\
              Repair the queries, accept the change for good with `tule lock`, or give the entry \
              a later day and say why.",
        failing: "select call_no, districtname from police_calls where x is not null",
        repaired: "-- a later `until` in `tule.approved.toml`\n\
                   select districtname, call_no from police_calls where x <> 0",
    },
    Explanation {
        code: Code::DriftApprovalUnused,
        why: "An entry of `tule.approved.toml` accepts a change that is not there: it was taken \
              back, is in the lock by now, or turned into another one. Left in the file, it would \
              accept the change when it comes again.\n\n\
              Take the entry out.",
        failing: "select call_no, beat from police_calls where beat = 'K1'",
        repaired: "-- without the entry in `tule.approved.toml`\n\
                   select call_no, beat from police_calls where beat = 'K1' limit all",
    },
];
