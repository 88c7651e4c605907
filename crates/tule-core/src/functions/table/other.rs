//! JSON, links and the request itself.

use super::row::{JSON, NUMBER, TEXT, URL, postfix, scalar};
use crate::functions::Function;

pub(super) const ROWS: &[Function] = &[
    postfix("op$[]", "[]", &[JSON, TEXT], JSON)
        .identity(".J")
        .doc("The member of a JSON object with a name, null when there is none.")
        .note("`extra.key` is the same as `extra['key']`; cast to text to compare it with text")
        .example("extra['key']"),
    postfix("op$[]", "[]", &[JSON, NUMBER], JSON)
        .identity("[]J")
        .doc("The element of a JSON array at a position, the first at 0.")
        .example("extra[0]"),
    scalar("url", &[TEXT, TEXT], URL)
        .doc("A link made of an address and a label.")
        .example("url('https://www.stocktonca.gov', name)"),
    scalar("get_context", &[TEXT], TEXT)
        .doc("What the request set for a key of its context, null when it set nothing.")
        .note("the key is normally a literal")
        .example("get_context('user_id')"),
];
