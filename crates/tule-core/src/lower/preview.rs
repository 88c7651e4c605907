//! What a part of a statement becomes for a portal, for people who read the statement.
//!
//! Parameters and `today()` stay as they are written, since they have no value before a request is
//! built. Nothing of this is ever sent.

use jiff::civil::DateTime;
use tule_syntax::ast::ExprId;

use super::soda::main_dataset;
use super::soql::Writer;
use super::text::Text;
use crate::check::Valid;
use crate::plan::{Clock, Plan};

/// A part of a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// All of it.
    Whole,
    /// One expression.
    Expr(ExprId),
}

/// The text that a portal receives for a part of a statement; nothing where no portal is asked or
/// the text would be too long.
#[must_use]
pub fn preview(valid: Valid<'_>, part: Part) -> Option<String> {
    let clock = Clock { local: DateTime::MIN, utc: DateTime::MIN };
    let plan = Plan { valid, values: Vec::new(), clock };
    let main = main_dataset(&plan)?;
    let mut writer = Writer::new(&plan, main);
    writer.open = true;
    let mut out = Text::default();
    match part {
        Part::Whole => writer.compound(valid.statement().query.as_ref()?, &mut out),
        Part::Expr(id) => writer.expr(id, false, &mut out),
    }
    writer.faults.is_empty().then(|| out.as_str().to_owned())
}
