//! What keywords mean, one line each, for hovers and completion.

use tule_syntax::token::TokenKind;

/// What a keyword means, in Markdown; nothing for words that only continue another.
#[must_use]
pub fn doc(kind: TokenKind) -> Option<&'static str> {
    use TokenKind as T;
    Some(match kind {
        T::Select => "`select` lists the result columns. Without it every column is given.",
        T::Distinct => "`distinct` leaves out rows that are the same as another.",
        T::From => "`from` names the dataset that is read. It may stand in front of `select`.",
        T::Join => {
            "`join` adds the columns of another table, for each pair of rows that passes `on`."
        }
        T::Left => "`left join` keeps rows of the left table that have no partner.",
        T::Right => "`right join` keeps rows of the right table that have no partner.",
        T::Full => "`full join` keeps rows of both tables that have no partner.",
        T::Inner => "`inner join` is plain `join`, which is what the portal receives.",
        T::Lateral => "`lateral` lets the joined query use columns of the tables to its left.",
        T::Where => "`where` keeps the rows for which the condition is true; null is not true.",
        T::Group => "`group by` makes one row of all rows with the same values.",
        T::Having => "`having` keeps the groups for which the condition is true.",
        T::Order => {
            "`order by` sorts. Rows without a value come last, with `desc` first, unless `nulls first` or `nulls last` says otherwise."
        }
        T::Limit => {
            "`limit` is the most rows that are given; a portal stops at 1,000 without it. `limit all` pages through every row."
        }
        T::Offset => "`offset` passes over so many rows; without a unique order pages may overlap.",
        T::Search => "`search` keeps rows that have the words in some text column.",
        T::Union => "`union` joins the rows of two selects, each once; `union all` keeps doubles.",
        T::Intersect => "`intersect` keeps the rows that both selects have.",
        T::Minus => "`minus` keeps the rows that the second select does not have.",
        T::Like => {
            "`like` compares with a pattern: `%` stands for any characters, `_` for one. Upper and lower case differ."
        }
        T::Ilike => {
            "`ilike` is `like` without regard to case; it is sent as `upper(…) like upper(…)`."
        }
        T::Between => "`between a and b` is at least a and at most b.",
        T::In => "`in` is equal to one of the members. Null is equal to nothing.",
        T::Is => "`is null` is true of missing values, which nothing equals.",
        T::Case => {
            "`case when … then … else … end` is the value behind the first condition that is true."
        }
        T::Over => "`over` works out the function for each row, over a window of rows.",
        T::Filter => "`filter (where …)` lets an aggregate see only some rows.",
        T::With => "`with name as (…)` names a query, to be used as a table.",
        T::Query => "`query name($x type) as` names this query and declares its parameters.",
        T::Null => "`null` is a missing value.",
        _ => return None,
    })
}
