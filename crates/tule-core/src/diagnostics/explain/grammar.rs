//! Words in the wrong place, and texts too long to be read.

use super::Explanation;
use crate::diagnostics::Code;

pub(super) static ROWS: &[Explanation] = &[
    Explanation {
        code: Code::UnexpectedToken,
        why: "The portal reads a query from left to right and stops at the first word that \
              cannot stand where it does: `query.soql.bad-parse`, without any rows. The fault \
              is often just in front of that place: a word that is missing, one that is spelt \
              wrong, a comma too few.\n\n\
              Compare the words around the place with what the message says was expected. In \
              the example, `is` goes with `null` only; truth values are compared with `=`.",
        failing: "select name from every_type where active is true",
        repaired: "select name from every_type where active = true",
    },
    Explanation {
        code: Code::ReservedWord,
        why: "Some words belong to the language itself, such as `desc`, `like` or `group`, and \
              the portal does not take them for names even where nothing else could be meant.\n\n\
              A column with such a name is written in back-quotes. For a result column another \
              name is better, since everybody who uses the result would need the back-quotes.",
        failing: "select name as desc from every_type",
        repaired: "select name as `desc` from every_type",
    },
    Explanation {
        code: Code::MissingAs,
        why: "Many databases take a word behind a column or table for its new name. The portal \
              does not: it wants `as` in between and refuses the query without it. Two words in \
              a row may also mean that a comma is missing, in which case the word is the next \
              column.",
        failing: "select call_no number from police_calls",
        repaired: "select call_no as number from police_calls",
    },
    Explanation {
        code: Code::QuotedAlias,
        why: "Quotes, single or double, make text and never a name, so what stands behind `as` \
              would be a value where the portal expects a name, and it refuses the query.\n\n\
              Write the name without quotes. Blanks and punctuation cannot be part of it; a \
              heading for people belongs into the report or chart that shows the result.",
        failing: "select beat, count(*) as 'number of calls' from police_calls group by beat",
        repaired: "select beat, count(*) as number_of_calls from police_calls group by beat",
    },
    Explanation {
        code: Code::TrailingComma,
        why: "A comma promises another member of the list. With none behind it the portal \
              refuses the query. This happens most when the last line of a list is deleted or \
              commented out.",
        failing: "select call_no, beat, from police_calls",
        repaired: "select call_no, beat from police_calls",
    },
    Explanation {
        code: Code::UnmatchedParenthesis,
        why: "Each `)` or `]` closes the bracket that was opened last. This one has no partner, \
              so the portal would stop here and refuse the query.\n\n\
              Remove it, or add the opening one. The place of that decides what the condition \
              means: `and` binds tighter than `or`.",
        failing: "select call_no from police_calls where beat = 'K2' or beat = 'K3')",
        repaired: "select call_no from police_calls where (beat = 'K2' or beat = 'K3')",
    },
    Explanation {
        code: Code::UnclosedParenthesis,
        why: "A bracket that is opened has to be closed before the clause ends; the portal \
              refuses the query otherwise.\n\n\
              Where the closing one belongs is worth a second look. `and` binds tighter than \
              `or`, so the wrong place changes which rows come back without any error.",
        failing: "select upper(name from every_type",
        repaired: "select upper(name) from every_type",
    },
    Explanation {
        code: Code::StarAfterExpression,
        why: "`*` stands first in the select list and other columns behind it. The portal \
              refuses any other order. In the result, too, the columns of the star come first.",
        failing: "select upper(districtname) as area, * from police_calls",
        repaired: "select *, upper(districtname) as area from police_calls",
    },
    Explanation {
        code: Code::SystemStarOrder,
        why: "`:*` gives the columns that the portal adds to every row, such as `:id` and \
              `:updated_at`; `*` leaves them out. With both, the portal wants `:*` first and \
              once only, and refuses any other order.",
        failing: "select *, :* from police_calls",
        repaired: "select :*, * from police_calls",
    },
    Explanation {
        code: Code::ClauseOrder,
        why: "The clauses of a select have one order: `select`, `from`, `join`, `where`, \
              `group by`, `having`, `order by`, `limit`, `offset`. The portal refuses a query \
              with any other, whatever it may mean. (`from` in front of `select` is allowed \
              here and put in its place before the query is sent.)\n\n\
              Move the clause. To test or sort what is left after `limit`, put the rest of the \
              query into a second step behind `|>`.",
        failing: "select call_no from police_calls limit 10 where beat = 'K2'",
        repaired: "select call_no from police_calls where beat = 'K2' limit 10",
    },
    Explanation {
        code: Code::RepeatedClause,
        why: "Each clause stands once in a select. The portal refuses a second one instead of \
              combining the two.\n\n\
              Join conditions with `and`, columns to group or sort by with commas. If two \
              queries were meant, `;` separates them; if one is to read the result of the \
              other, `|>`.",
        failing: "select call_no from police_calls where beat = 'K2' where priority = '1'",
        repaired: "select call_no from police_calls where beat = 'K2' and priority = '1'",
    },
    Explanation {
        code: Code::ExpectedLeafQuery,
        why: "Behind `|>` stands one plain select, which reads the rows of the step before. \
              Further steps or a `union` in parentheses are refused by the portal: steps run \
              one after the other, never inside each other.\n\n\
              Leave the parentheses out and write the steps in a row.",
        failing: "select beat, priority from police_calls\n\
                  |> (select beat where priority = '1' |> select distinct beat)",
        repaired: "select beat, priority from police_calls\n\
                   |> select beat where priority = '1'\n\
                   |> select distinct beat",
    },
    Explanation {
        code: Code::SubqueryAlias,
        why: "A select that is joined has no name of its own, so the rest of the query would \
              have no way to speak of its columns. The portal wants a name for it and refuses \
              the query without.\n\n\
              Put `as @name` behind the closing parenthesis and write `@name.column` for its \
              columns.",
        failing: "select call_no from police_calls\n\
                  join (select max(call_entry_date) as latest from police_calls) on true",
        repaired: "select call_no from police_calls\n\
                   join (select max(call_entry_date) as latest from police_calls) as @last\n\
                   on call_entry_date = @last.latest",
    },
    Explanation {
        code: Code::SubqueryInExpression,
        why: "Other databases let a query in parentheses stand for a value, or for the list \
              behind `in`. The portal does not: a query can be read from, joined or united, but \
              not compared with.\n\n\
              Join the query and compare with its column. For the row with the largest or \
              smallest value, `order by` and `limit 1` are often all that is needed.",
        failing: "select name from every_type\n\
                  where amount = (select max(amount) from every_type)",
        repaired: "select name from every_type\n\
                   join (select max(amount) as most from every_type) as @top\n\
                   on amount = @top.most",
    },
    Explanation {
        code: Code::ForeignSyntax,
        why: "These words are right in another database, but the portal does not know them and \
              refuses the query. `top 10` and `limit 20, 10` for a number of rows, `!` and `&&` \
              for `not` and `and`, `cast(x as number)`, `date '2024-05-01'`, tables listed with \
              commas and some two hundred functions such as `year(d)`, `nvl(a, b)` or \
              `concat(a, b)` are recognised.\n\n\
              The message says what is written here instead.",
        failing: "select top 10 call_no from police_calls",
        repaired: "select call_no from police_calls limit 10",
    },
    Explanation {
        code: Code::TemplatePlaceholder,
        why: "`{beat}` or `${beat}` is to be replaced by a program before the query is sent. \
              Whatever the value contains then becomes part of the query: an apostrophe in a \
              name breaks it, and text from a form can change what it asks.\n\n\
              Declare a parameter in front of the query and use it by its name. It has a type, \
              it is checked, and its value is quoted properly whatever it contains. It stands \
              without quotes.",
        failing: "select call_no from police_calls where beat = {beat}",
        repaired: "query calls_of_beat($beat text) as\n\
                   select call_no from police_calls where beat = $beat",
    },
    Explanation {
        code: Code::UnquotedDate,
        why: "Without quotes the parts of a date are numbers and its dashes are minus signs, \
              and the portal stops at the `T` or at a colon.\n\n\
              Put the date and time into quotes. What it is compared with decides that it is \
              read as a date.",
        failing: "select call_no from police_calls where call_entry_date > 2024-05-01T00:00:00",
        repaired: "select call_no from police_calls where call_entry_date > '2024-05-01T00:00:00'",
    },
    Explanation {
        code: Code::TooDeep,
        why: "Parentheses, calls and signs inside each other, queries inside queries and names \
              that stand for further names are followed to a fixed depth, which no query that \
              people write comes near. Text beyond it comes from a program that wraps its own \
              output again and again, and would exhaust the memory of whoever reads it.\n\n\
              Parentheses that do nothing can be left out, and a long row of conditions joined \
              with `and` or `or` needs none around each pair. Work that builds on other work \
              goes into steps with `|>`.",
        failing: "select call_no from police_calls\n\
                  where (((beat = 'K1' or beat = 'K2') or beat = 'K3') or beat = 'K4')",
        repaired: "select call_no from police_calls\n\
                   where beat = 'K1' or beat = 'K2' or beat = 'K3' or beat = 'K4'",
    },
    Explanation {
        code: Code::TooManyTokens,
        why: "The statement has more words and signs than a portal would ever read, millions of \
              them. As a rule a list of values was pasted behind `in`.\n\n\
              Ask by what the values have in common instead: a beginning, a range, a district. \
              Or fetch the rows in parts.",
        failing: "select call_no from police_calls\n\
                  where call_no in ('240501001', '240501002', '240501003')",
        repaired: "select call_no from police_calls where call_no like '240501%'",
    },
    Explanation {
        code: Code::FileTooLong,
        why: "Files of queries are read up to a size that no collection of queries reaches. \
              A larger one is most likely something else, a table of data for example, and is \
              not read at all.\n\n\
              Divide the file if it really holds queries.",
        failing: "select name, place from every_type; -- and millions of lines more",
        repaired: "select name, place from every_type;",
    },
];
