//! Grouping, sorting, windows, set operations and numbers of rows.

use super::Explanation;
use crate::diagnostics::Code;

pub(super) static ROWS: &[Explanation] = &[
    Explanation {
        code: Code::NotGrouped,
        why: "`group by`, or an aggregate such as `count`, makes one row out of many. A column \
              that is neither grouped by nor inside an aggregate has many values for that one \
              row, and the portal does not choose one: it answers with \
              `query.soql.column-not-in-group-bys`.\n\n\
              Group by the column too, which makes more and smaller groups, or say which of its \
              values is wanted, for example with `max`.",
        failing: "select beat, districtname, count(*) as calls from police_calls group by beat",
        repaired: "select beat, districtname, count(*) as calls\n\
                   from police_calls group by beat, districtname",
    },
    Explanation {
        code: Code::NotGroupable,
        why: "To form groups the portal has to see which values are equal, and it cannot do \
              that for lengths of time and for attached files.\n\n\
              Group by something that can be compared: the value as text, or a part of it such \
              as `.filename`.",
        failing: "select span, count(*) as cases from every_type group by span",
        repaired: "select span::text as length, count(*) as cases from every_type group by length",
    },
    Explanation {
        code: Code::NotOrderable,
        why: "Points, areas, JSON and attached files have no smaller and larger, so the portal \
              cannot sort by them and refuses the query.\n\n\
              Sort by a part of the value that has an order, or by a measure of it: \
              `place.latitude`, or the distance to some point.",
        failing: "select call_no from police_calls order by the_point",
        repaired: "select call_no from police_calls order by the_point.latitude",
    },
    Explanation {
        code: Code::AggregateInWhere,
        why: "`where` chooses rows before they are counted or added up, so no `count` or `sum` \
              exists yet when it is read, and the portal refuses the query with \
              `query.soql.aggregate-in-ungrouped-context`.\n\n\
              A condition on groups belongs into `having`. To find the row with the largest \
              value, sort by it in descending order and take the first with `limit 1`.",
        failing: "select beat, count(*) as calls from police_calls where count(*) > 100 group by beat",
        repaired: "select beat, count(*) as calls from police_calls\n\
                   group by beat having count(*) > 100",
    },
    Explanation {
        code: Code::MisplacedAggregate,
        why: "An aggregate makes one value out of the rows of a group. It cannot stand inside \
              another aggregate, in `group by`, in the condition of a join or in `filter`: \
              there, the groups that it needs do not exist yet. The portal refuses the \
              query.\n\n\
              Make two steps. The first one counts or adds up, the second one, behind `|>`, \
              works with its result as with any other column.",
        failing: "select max(count(*)) as most from police_calls group by beat",
        repaired: "select beat, count(*) as calls from police_calls group by beat\n\
                   |> select max(calls) as most",
    },
    Explanation {
        code: Code::MisplacedWindow,
        why: "A window function looks at the rows that are left after `where`, `group by` and \
              `having`. It cannot take part in choosing them, and neither stand inside an \
              aggregate or another window function. The portal refuses the query, also when the \
              function hides behind the name of a result column.\n\n\
              Compute it in one step and test it in the next one, behind `|>`.",
        failing: "select name, row_number() over (order by amount desc) as position\n\
                  from every_type where position <= 10",
        repaired: "select name, row_number() over (order by amount desc) as position from every_type\n\
                   |> select name where position <= 10",
    },
    Explanation {
        code: Code::MissingOver,
        why: "This function gives a row its value from the rows around it, and only `over` says \
              which rows those are and in which order. Without it the portal refuses the \
              query.\n\n\
              Add `over (order by ...)`, with `partition by` in front to begin anew for each \
              value of a column.",
        failing: "select name, rank() as position from every_type",
        repaired: "select name, rank() over (order by amount desc) as position from every_type",
    },
    Explanation {
        code: Code::OverOnScalar,
        why: "`over` lets a function look at other rows. This one works on the values of a \
              single row, so there is nothing for it to look at, and the portal refuses the \
              query.\n\n\
              Leave `over` out, or put an aggregate around the function and `over` behind \
              that.",
        failing: "select name, abs(amount) over (partition by active) as size from every_type",
        repaired: "select name, max(abs(amount)) over (partition by active) as size from every_type",
    },
    Explanation {
        code: Code::FilterOnScalar,
        why: "`filter` says which rows an aggregate takes into account. A function that works on \
              a single row has no rows to choose from, and the portal refuses the query.\n\n\
              Put the condition into `where` to leave rows out altogether, into `case` to give \
              other rows another value, or use an aggregate.",
        failing: "select length(name) filter (where active) as size from every_type",
        repaired: "select max(length(name)) filter (where active) as size from every_type",
    },
    Explanation {
        code: Code::DistinctWithOver,
        why: "Counting different values over a window is something the portal cannot do, so it \
              refuses `distinct` together with `over`. Either alone is fine.\n\n\
              Count with `group by`. Where every row is to show the number, join the grouped \
              query to the dataset.",
        failing: "select beat, count(distinct call_no) over (partition by beat) as calls\n\
                  from police_calls",
        repaired: "select beat, count(distinct call_no) as calls from police_calls group by beat",
    },
    Explanation {
        code: Code::FrameStart,
        why: "A frame is the part of a window that a function looks at, from one row to a later \
              one. `unbounded following` is the end of the window; a frame that began there \
              would be empty, and the portal refuses it.\n\n\
              Begin with `unbounded preceding`, with some rows `preceding`, or with \
              `current row`.",
        failing: "select opened, sum(amount) over (\n\
                  order by opened rows between unbounded following and current row) as so_far\n\
                  from every_type",
        repaired: "select opened, sum(amount) over (\n\
                   order by opened rows between unbounded preceding and current row) as so_far\n\
                   from every_type",
    },
    Explanation {
        code: Code::FrameEnd,
        why: "`unbounded preceding` is the beginning of the window. A frame that ended there \
              would hold no rows, and the portal refuses it.\n\n\
              End with `current row`, with some rows `following`, or with \
              `unbounded following`.",
        failing: "select opened, sum(amount) over (\n\
                  order by opened rows between current row and unbounded preceding) as to_come\n\
                  from every_type",
        repaired: "select opened, sum(amount) over (\n\
                   order by opened rows between current row and unbounded following) as to_come\n\
                   from every_type",
    },
    Explanation {
        code: Code::FrameOrder,
        why: "The two ends of a frame are in the wrong order, so that it ends before it begins. \
              The portal refuses such a frame. With one end only, the other is the current row: \
              `rows 3 following` would end before it begins, too.\n\n\
              Write the earlier end first: what is `preceding`, then `current row`, then what is \
              `following`.",
        failing: "select opened, avg(amount) over (\n\
                  order by opened rows between 3 following and 3 preceding) as smooth\n\
                  from every_type",
        repaired: "select opened, avg(amount) over (\n\
                   order by opened rows between 3 preceding and 3 following) as smooth\n\
                   from every_type",
    },
    Explanation {
        code: Code::GroupsRequiresOrder,
        why: "A `groups` frame counts sets of rows that are equal in the order of the window. \
              Without `order by` all rows are one set and the count means nothing; the portal \
              fails when it runs such a query.\n\n\
              Say what the rows are ordered by, or count single rows with `rows`.",
        failing: "select name, sum(amount) over (\n\
                  partition by name groups 1 preceding) as two_days\n\
                  from every_type",
        repaired: "select name, sum(amount) over (\n\
                   partition by name order by birthday groups 1 preceding) as two_days\n\
                   from every_type",
    },
    Explanation {
        code: Code::FrameIgnored,
        why: "This function always works on the whole partition, or on rows at a fixed \
              distance. The portal takes the frame and pays no attention to it, so the values \
              are other than the query seems to ask for.\n\n\
              Leave the frame out. If it matters, use an aggregate or `first_value` or \
              `last_value`, which keep to it.",
        failing: "select name, row_number() over (\n\
                  order by amount rows between 1 preceding and current row) as position\n\
                  from every_type",
        repaired: "select name, row_number() over (order by amount) as position from every_type",
    },
    Explanation {
        code: Code::LiteralInGroupBy,
        why: "Elsewhere `group by 1` means the first member of the select list. Here it means \
              the number one, which is the same for every row: all rows become one group. The \
              newer interface of the portal refuses it.\n\n\
              Name the column, or the result name of an expression.",
        failing: "select count(*) as calls from police_calls group by 1",
        repaired: "select beat, count(*) as calls from police_calls group by beat",
    },
    Explanation {
        code: Code::LiteralInOrderBy,
        why: "Elsewhere `order by 2` means the second member of the select list. Here it means \
              the number two, which is the same for every row, so that nothing is sorted: the \
              first ten rows are any ten. The newer interface of the portal refuses it.\n\n\
              Name the column, or the result name of an expression.",
        failing: "select beat, count(*) as calls from police_calls\n\
                  group by beat order by 2 desc limit 10",
        repaired: "select beat, count(*) as calls from police_calls\n\
                   group by beat order by calls desc limit 10",
    },
    Explanation {
        code: Code::LiteralInDistinctOn,
        why: "`distinct on` keeps one row for each value of what stands in its parentheses. A \
              constant has one value, so one row of all is kept, and the newer interface of the \
              portal refuses it. Positions in the select list are not understood.\n\n\
              Name the column, and say with `order by` which of its rows is to be kept.",
        failing: "select distinct on (1) beat, call_no from police_calls",
        repaired: "select distinct on (beat) beat, call_no from police_calls\n\
                   order by beat, call_entry_date desc",
    },
    Explanation {
        code: Code::OrderNotSelected,
        why: "`distinct` makes one row out of many that are equal in every selected column. In \
              another column they may differ, so there is no one value to sort the row by, and \
              the portal refuses the query.\n\n\
              Select the column too, or group instead and sort by an aggregate such as \
              `max(call_entry_date)`.",
        failing: "select distinct beat from police_calls order by districtname",
        repaired: "select distinct beat, districtname from police_calls order by districtname",
    },
    Explanation {
        code: Code::DistinctOnOrder,
        why: "`distinct on` keeps the first row for each value, in the order of `order by`. For \
              that, rows of the same value have to be together, so the order begins with the \
              columns of `distinct on`; the portal refuses any other.\n\n\
              Put them in front, and behind them what decides which row is the first. To sort \
              the rows that are left, add a step with `|>`.",
        failing: "select distinct on (beat) beat, call_no, call_entry_date from police_calls\n\
                  order by call_entry_date desc",
        repaired: "select distinct on (beat) beat, call_no, call_entry_date from police_calls\n\
                   order by beat, call_entry_date desc",
    },
    Explanation {
        code: Code::SetOperationMismatch,
        why: "`union`, `intersect` and `minus` put rows of two selects into one result, column \
              by column in the order written. Both sides need the same number of columns, and \
              columns in the same place the same type; names do not matter, the left side's are \
              used. The portal refuses anything else, and what fits by chance is put together \
              whatever it means.\n\n\
              Name the columns on both sides in the same order. A missing one is filled in with \
              a constant or a converted value.",
        failing: "select beat, districtname from police_calls union select poly_code from districts",
        repaired: "select beat, districtname from police_calls\n\
                   union select poly_code, name from districts",
    },
    Explanation {
        code: Code::BadCount,
        why: "`limit` and `offset` take a whole number that fits into 64 bits, or a parameter of \
              the type `number`. The portal refuses anything else.\n\n\
              For every row write `limit all`: the rows are then fetched page by page in a \
              fixed order, which a large number does not do.",
        failing: "select call_no from police_calls limit 99999999999999999999",
        repaired: "select call_no from police_calls limit all",
    },
];
