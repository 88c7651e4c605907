//! Comments that speak to the checker.

use super::Explanation;
use crate::diagnostics::Code;

pub(super) static ROWS: &[Explanation] = &[
    Explanation {
        code: Code::AllowWithoutReason,
        why: "A comment that allows a finding is read by people who wonder whether it still \
              holds, so it has to say why; without a reason it has no effect.\n\n\
              Write the reason behind a colon.",
        failing: "-- allow(implicit-limit)\n\
                  select call_no from police_calls limit 10",
        repaired: "-- allow(implicit-limit): the dashboard shows the first page only\n\
                   select call_no from police_calls",
    },
    Explanation {
        code: Code::UnknownLint,
        why: "The comment allows a rule that does not exist, so it has no effect, or one that \
              reports what the portal refuses, which no comment can change.\n\n\
              `tule explain` lists the rules.",
        failing: "-- allow(implicit-limt): the first page is enough\n\
                  select call_no from police_calls limit 10",
        repaired: "-- allow(implicit-limit): the first page is enough\n\
                   select call_no from police_calls",
    },
    Explanation {
        code: Code::UnusedAllow,
        why: "The comment allows something that is not found where it stands. Either the query \
              was mended since, or the comment is at the wrong line: in front of a statement it \
              speaks for all of it, behind code for its line, alone for the next line.\n\n\
              Remove it, before it hides something else one day.",
        failing: "-- allow(implicit-limit): a thousand are enough\n\
                  select call_no from police_calls limit 10",
        repaired: "select call_no from police_calls limit 20",
    },
];
