//! Parameters, and what shows only when a request is built.

use super::Explanation;
use crate::diagnostics::Code;

pub(super) static ROWS: &[Explanation] = &[
    Explanation {
        code: Code::UnknownParameter,
        why: "`$name` is a parameter, and it has to be declared with its type in front of the \
              query. Otherwise nobody can give it a value and nothing can be checked about \
              it.\n\n\
              Declare it, or correct the spelling. A column whose name begins with `$` stands \
              in back-quotes.",
        failing: "select name from every_type where amount > $least",
        repaired: "query at_least($least number) as\n\
                   select name from every_type where amount > $least",
    },
    Explanation {
        code: Code::DuplicateParameter,
        why: "Two parameters of one query have the same name, so a value that is given for it \
              could go to either. Upper and lower case make no difference.\n\n\
              Remove one, or rename it here and where it is used.",
        failing: "query in_range($low number, $low number) as\n\
                  select name from every_type where amount > $low",
        repaired: "query in_range($low number, $high number) as\n\
                   select name from every_type where amount > $low and amount < $high",
    },
    Explanation {
        code: Code::UnusedParameter,
        why: "The query asks for a value and then ignores it. Whoever gives the value gets the \
              same rows whatever it is, and believes that they were chosen by it.\n\n\
              Use the parameter in a condition, or remove its declaration.",
        failing: "query calls_in($beat text, $since floating_timestamp) as\n\
                  select call_no from police_calls where beat = $beat",
        repaired: "query calls_in($beat text, $since floating_timestamp) as\n\
                   select call_no from police_calls\n\
                   where beat = $beat and call_entry_date >= $since",
    },
    Explanation {
        code: Code::HoleOutsideFunction,
        why: "`?name` stands for an argument inside a function that is saved on the portal. In \
              a query of its own there is no such argument, and the portal refuses it.\n\n\
              For a value that is given when the query runs, declare a parameter and write it \
              with `$`.",
        failing: "select call_no from police_calls where districtname = ?district",
        repaired: "query calls_of_district($district text) as\n\
                   select call_no from police_calls where districtname = $district",
    },
    Explanation {
        code: Code::NotOnThisPortal,
        why: "The query is right, but the interface that it is to be sent to has no way to say \
              it. Most often it joins datasets of two portals: each portal runs the whole \
              query, and can only join what it keeps itself.\n\n\
              Ask each portal for its part and join the results outside, choose another \
              interface with `--target`, or look for a copy of one dataset on the other \
              portal.",
        failing: "select call_no from 'stockton/esc4-8x43'\n\
                  join 'lodi/gdix-arru' as @d on districtname = @d.name",
        repaired: "select call_no from 'stockton/esc4-8x43'\n\
                   join 'stockton/gdix-arru' as @d on districtname = @d.name",
    },
    Explanation {
        code: Code::MissingParameter,
        why: "The query declares a parameter without a default, and no value was given for it. \
              The request cannot be built, since leaving the condition out would ask for \
              something else.\n\n\
              Give a value with `--param name=value`, or write a default behind the type.",
        failing: "query recent_calls($since floating_timestamp) as\n\
                  select call_no from police_calls where call_entry_date >= $since",
        repaired: "query recent_calls($since floating_timestamp default today() - 30) as\n\
                   select call_no from police_calls where call_entry_date >= $since",
    },
    Explanation {
        code: Code::UrlTooLong,
        why: "The older interface takes a query as part of an address, and servers cut off or \
              refuse addresses of more than some thousand characters. A long list behind `in` \
              is the usual reason. Whether such a request succeeds depends on every computer \
              that it passes.\n\n\
              Send it to the newer interface with `--target soda3`, which takes the query as \
              the body of the request. Or ask by a range or a beginning in place of the list, \
              or in several requests.",
        failing: "select beat from police_calls\n\
                  where call_no in ('240501001', '240501002', '240501003')",
        repaired: "select beat from police_calls\n\
                   where call_no between '240501001' and '240501003'",
    },
];
