//! Characters, quotes, names and numbers: what is wrong before the order of words matters.

use super::Explanation;
use crate::diagnostics::Code;

pub(super) static ROWS: &[Explanation] = &[
    Explanation {
        code: Code::UnexpectedCharacter,
        why: "A query consists of words, numbers, text in quotes and a few signs. Anything else \
              makes the portal refuse the whole query with `query.soql.unexpected-character`. \
              Most such characters come from copying: a web page has no-break spaces, a text \
              processor turns quotes and dashes into typographic ones, an address has `&` \
              between its parts.\n\n\
              Remove what does not belong to the query, and write the plain character for the \
              rest: `'` for quotes, `-` for a dash, `>=` and `<=` for the mathematical signs, an \
              ordinary blank. Inside text in quotes every character may stand.",
        failing: "select call_no from police_calls where beat = 'K2' limit 100&",
        repaired: "select call_no from police_calls where beat = 'K2' limit 100",
    },
    Explanation {
        code: Code::UnterminatedString,
        why: "Text begins with a quote and ends with the same quote. Without the second one \
              everything behind it, clauses included, counts as text, and the portal reports \
              that the query ends too early.\n\n\
              Close the quote. An apostrophe inside the text is written twice, as in \
              `'O''Brien'`; a backslash in front of it does not help.",
        failing: "select call_no from police_calls where beat = 'K2",
        repaired: "select call_no from police_calls where beat = 'K2'",
    },
    Explanation {
        code: Code::UnterminatedName,
        why: "A back-quote begins a name and another one on the same line ends it. A line break \
              inside a name usually means that a long address was wrapped when it was copied; \
              no portal has a column with a line break in its name.",
        failing: "select `districtname\nfrom police_calls",
        repaired: "select `districtname`\nfrom police_calls",
    },
    Explanation {
        code: Code::UnterminatedComment,
        why: "A comment that begins with `/*` goes on up to `*/`, over as many lines as that \
              takes. Without an end it swallows the rest of the file, so that the portal would \
              see only half of the query, or refuse it.\n\n\
              Close the comment, or begin it with `--` when it is one line long.",
        failing: "select call_no from police_calls /* where beat = 'K2'",
        repaired: "select call_no from police_calls /* where beat = 'K2' */",
    },
    Explanation {
        code: Code::BadName,
        why: "Back-quotes allow a reserved word or a name with a dash as a name, but not every \
              character: the portal takes letters, digits, `_`, `$` and `-`, and no digit at the \
              beginning. Blanks, points and slashes are refused.\n\n\
              A column with blanks in its name is usually meant by its label. Queries use the \
              field name, which has underscores; `tule schema` shows both.",
        failing: "select call_entry_date as `Date of call` from police_calls",
        repaired: "select call_entry_date as date_of_call from police_calls",
    },
    Explanation {
        code: Code::BadEscape,
        why: "In double quotes a backslash begins an escape, and only a few exist: `\\n`, `\\t`, \
              `\\r`, `\\b`, `\\f`, `\\\"`, `\\/`, `\\\\`, `\\u` and `\\U`. The portal answers any \
              other with `query.soql.unexpected-escape`.\n\n\
              Write the text in single quotes, where a backslash is an ordinary character, or \
              double the backslash.",
        failing: r#"select name from every_type where name = "C:\data""#,
        repaired: r"select name from every_type where name = 'C:\data'",
    },
    Explanation {
        code: Code::BadUnicodeEscape,
        why: "In double quotes `\\u` stands for a character by its number, as exactly four \
              hexadecimal digits, and `\\U` as exactly six. With fewer digits the portal cannot \
              tell where the number ends and refuses the query.\n\n\
              Fill the number up with zeros, or write the character itself.",
        failing: r#"select name from every_type where name = "caf\ue9""#,
        repaired: r#"select name from every_type where name = "caf\u00e9""#,
    },
    Explanation {
        code: Code::UnicodeOutOfRange,
        why: "Characters have numbers up to `10FFFF`, and those from `D800` to `DFFF` are set \
              aside for pairs: `\\u` with one half of a pair and no other half is no character.\n\n\
              Write the character itself, or its own number as six digits behind `\\U`.",
        failing: r#"select name from every_type where name = "\ud83d""#,
        repaired: r#"select name from every_type where name = "\U01f692""#,
    },
    Explanation {
        code: Code::BadNumber,
        why: "A number begins with a digit. The portal reads the point in `.5` as the one that \
              takes a part out of a value, as in `place.latitude`, and refuses the query.\n\n\
              Write a zero in front.",
        failing: "select name from every_type where amount > .5",
        repaired: "select name from every_type where amount > 0.5",
    },
];
