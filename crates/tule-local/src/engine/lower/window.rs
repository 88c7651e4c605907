//! OVER: partitions, order and frames.
//!
//! SQLite has all frames with the right meaning but one: with RANGE and a distance it computes
//! with the keys themselves, which are not numbers to it. There keys are brought to a fixed number
//! of decimal places, as whole numbers.

use tule_core::types::Type;
use tule_syntax::ast::{BoundKind, Frame, FrameExclude, FrameUnit, Window};
use tule_syntax::span::Span;

use super::order::{direction, list};
use super::source::Scope;
use super::{Writer, not_supported};
use crate::engine::register::{RANGE_PLACES, What};
use crate::error::{RunCode, RunError};

impl Writer<'_> {
    /// What stands between the parentheses of OVER.
    pub(super) fn window(
        &mut self,
        window: &Window,
        scope: &Scope<'_>,
    ) -> Result<String, RunError> {
        let mut parts = Vec::new();
        let partition = self.keys(self.arena.list(window.partition), scope)?;
        if !partition.is_empty() {
            parts.push(format!("PARTITION BY {}", partition.join(", ")));
        }
        let distance = window.frame.as_ref().and_then(distance);
        let mut scale = 1;
        match (distance, window.order.as_slice()) {
            (None, []) => {}
            (None, items) => {
                parts.push(format!("ORDER BY {}", list(&self.order(items, scope)?)));
            }
            (Some(span), [item]) => {
                let key = self.argument(item.expr.id, scope)?;
                let key = match key.ty {
                    Type::Double => key.sql,
                    Type::Number => {
                        scale = 10_i64.pow(RANGE_PLACES);
                        self.register(What::RangeKey, "range", &[key], item.span)?
                    }
                    ty => {
                        let message = format!(
                            "a `range` frame with a distance needs an order by number or double, not {ty}"
                        );
                        return Err(not_supported(message, span).at(self.arena.span(item.expr.id)));
                    }
                };
                parts.push(format!("ORDER BY {key} {}", direction(item)));
            }
            (Some(span), _) => {
                let message = "a `range` frame with a distance needs exactly one `order by`";
                return Err(not_supported(message, span));
            }
        }
        if let Some(frame) = &window.frame {
            parts.push(self.frame(frame, scale)?);
        }
        Ok(parts.join(" "))
    }

    fn frame(&self, frame: &Frame, scale: i64) -> Result<String, RunError> {
        let unit = match frame.unit {
            FrameUnit::Range => "RANGE",
            FrameUnit::Rows => "ROWS",
            FrameUnit::Groups => "GROUPS",
        };
        let start = self.bound(frame.start.kind, scale)?;
        let end = frame.end.map_or(BoundKind::CurrentRow, |end| end.kind);
        let end = self.bound(end, scale)?;
        let exclude = match frame.exclude {
            None | Some(FrameExclude::NoOthers) => "",
            Some(FrameExclude::CurrentRow) => " EXCLUDE CURRENT ROW",
            Some(FrameExclude::Group) => " EXCLUDE GROUP",
            Some(FrameExclude::Ties) => " EXCLUDE TIES",
        };
        Ok(format!("{unit} BETWEEN {start} AND {end}{exclude}"))
    }

    fn bound(&self, bound: BoundKind, scale: i64) -> Result<String, RunError> {
        let count = |span: Span| {
            let count = self.written(span).parse::<i64>().ok();
            count.and_then(|count| count.checked_mul(scale)).ok_or_else(|| {
                let message = "this distance is too large";
                RunError::new(RunCode::TooLarge, message).at(span)
            })
        };
        Ok(match bound {
            BoundKind::UnboundedPreceding => "UNBOUNDED PRECEDING".to_owned(),
            BoundKind::UnboundedFollowing => "UNBOUNDED FOLLOWING".to_owned(),
            BoundKind::CurrentRow => "CURRENT ROW".to_owned(),
            BoundKind::Preceding(span) => format!("{} PRECEDING", count(span)?),
            BoundKind::Following(span) => format!("{} FOLLOWING", count(span)?),
        })
    }
}

/// The distance of a RANGE frame, if it has one.
fn distance(frame: &Frame) -> Option<Span> {
    if frame.unit != FrameUnit::Range {
        return None;
    }
    [Some(frame.start), frame.end].into_iter().flatten().find_map(|bound| match bound.kind {
        BoundKind::Preceding(span) | BoundKind::Following(span) => Some(span),
        _ => None,
    })
}
