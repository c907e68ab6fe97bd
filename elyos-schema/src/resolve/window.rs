//! The definitions of windows (<https://www.postgresql.org/docs/current/sql-expressions.html#SYNTAX-WINDOW-FUNCTIONS>;
//! `transformWindowDefinitions` and `transformFrameOffset` in PostgreSQL's source).

use std::ops::Range;

use super::{
    Resolver, Step,
    scope::{Clause, Scope},
    snapshot::{Context, Oid},
    types::{DATE, FLOAT4, FLOAT8, INT2, INT4, INT8, INTERVAL, NUMERIC, TIME, TIMESTAMP, TIMESTAMPTZ, TIMETZ, UNKNOWN},
    value::Value,
};
use crate::{
    diagnostic::Diagnostic,
    query::{Frame, FrameUnits, Window},
};

/// What a window has that others take over or must not have too.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named {
    /// Whether it has a frame, which may leave the row itself out.
    pub(super) framed: bool,
    ordered: bool,
    /// The type of what it is ordered by, where that is one thing.
    by: Option<Oid>,
}

impl Resolver<'_> {
    /// A window, named or written after `OVER`.
    pub(super) fn window(&mut self, window: &Window, range: &Range<usize>) -> Step<Named> {
        let mut found = Named::default();
        if let Some(name) = &window.base {
            let known = self.windows.last().and_then(|windows| windows.iter().find(|(known, _)| *known == name.text)).cloned();
            let Some((_, known)) = known else {
                let message = format!("window `{}` does not exist", name.text);
                return Err(self.fail(&name.range, Diagnostic::new(message).help("define it: `WINDOW name AS (…)`")));
            };
            let twice = if !window.partition_by.is_empty() {
                Some("`PARTITION BY` is said by the window itself, or not at all")
            } else if known.ordered && !window.order_by.is_empty() {
                Some("it has an `ORDER BY` already")
            } else if known.framed && window.copied {
                Some("it has a frame, which no other window can take over")
            } else {
                None
            };
            if let Some(twice) = twice {
                let diagnostic = Diagnostic::new(format!("window `{}` cannot be added to: {twice}", name.text));
                return Err(self.fail(&name.range, diagnostic.help("write the whole window in its place")));
            }
            found = known;
        }
        let before = self.scopes.last().map(|scope| scope.clause);
        self.enter(Clause::Window);
        for item in &window.partition_by {
            let value = self.deeper(range, |resolver| resolver.expression(item))?;
            self.check_ordered(&value)?;
        }
        for item in &window.order_by {
            let value = self.deeper(range, |resolver| resolver.expression(item))?;
            self.check_ordered(&value)?;
            found.by = if window.order_by.len() == 1 { Some(value.ty) } else { None };
        }
        found.ordered |= !window.order_by.is_empty();
        if let Some(clause) = before {
            self.enter(clause);
        }
        if let Some(frame) = &window.frame {
            self.frame(frame, found, range)?;
            found.framed = true;
        }
        Ok(found)
    }

    fn frame(&mut self, frame: &Frame, window: Named, range: &Range<usize>) -> Step<()> {
        if frame.units == FrameUnits::Groups && !window.ordered {
            let diagnostic = Diagnostic::new("`GROUPS` needs an `ORDER BY` of the window");
            return Err(self.fail(range, diagnostic.help("order the window by something")));
        }
        for offset in &frame.offsets {
            let mark = self.references.len();
            self.scopes.push(Scope::nameless(Clause::Frame));
            let value = self.expression(offset);
            self.scopes.pop();
            let value = value?;
            let innermost = self.scopes.last();
            let names = self.references.get(mark..).unwrap_or_default().iter();
            if names.clone().any(|reference| innermost.is_some_and(|scope| scope.has(reference.column))) {
                let diagnostic = Diagnostic::new("how far a frame goes is the same for all rows, and this names a column");
                return Err(self.fail(&offset.range, diagnostic.help("compare the rows in a join instead")));
            }
            if frame.units == FrameUnits::Range {
                self.range_offset(value, window.by)?;
            } else {
                self.convert(value, INT8, &[], Context::Assignment)?;
            }
        }
        Ok(())
    }

    /// Checks how far a frame goes by values, which needs one order of a type that has distances.
    fn range_offset(&mut self, value: Value, by: Option<Oid>) -> Step<()> {
        let Some(by) = by else {
            let diagnostic = Diagnostic::new("`RANGE` with a distance needs an `ORDER BY` of exactly one expression");
            return Err(self.fail(&value.range, diagnostic.help("order the window by one, or count with `ROWS`")));
        };
        let base = self.types.base(by);
        let distances: &[Oid] = match base {
            INT2 | INT4 | INT8 => &[INT4, INT8, INT2],
            FLOAT4 | FLOAT8 => &[FLOAT8],
            NUMERIC => &[NUMERIC],
            DATE | TIME | TIMETZ | TIMESTAMP | TIMESTAMPTZ | INTERVAL => &[INTERVAL],
            _ => &[],
        };
        let fits = |distance: &&Oid| value.ty == UNKNOWN || super::coerce::can_coerce(&self.types, value.ty, **distance, Context::Implicit);
        let Some(distance) = distances.iter().find(fits).copied() else {
            let (from, to) = (self.types.named(by), self.types.named(value.ty));
            let diagnostic = Diagnostic::new(format!("there is no distance of type `{to}` between values of type `{from}`"));
            let known = self.know_types(&[by, value.ty]);
            return Err(self.fail_if_known(known, &value.range, diagnostic.help("count rows instead: `ROWS`")));
        };
        self.convert(value, distance, &[], Context::Implicit).map(|_| ())
    }
}
