//! The rows behind a place in the order, found by an index instead of counted off.

use std::borrow::Cow;
use std::fmt::Write as _;

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::Row;
use tokio_postgres::types::{IsNull, ToSql, Type};

use super::Keyed;
use super::lookup::write_where;
use crate::error::{Error, Kind, Result};
use crate::page::{Cursor, ListRequest, Listing};
use crate::query::{Cells as _, ColumnDef, FromRow, Param, Query, Statement, Travel};
use crate::types::BoxError;

/// A column of the order.
#[derive(Clone, Copy)]
struct Place {
    column: &'static ColumnDef,
    descending: bool,
}

/// What a row's value is beside that of the place where the last part ended.
#[derive(Clone, Copy)]
enum Beside {
    Same,
    Behind,
    /// Null, which is greater than all else.
    Null,
    /// Not null, where the place's is.
    NotNull,
}

impl Place {
    /// `"at" > $2`, with the number of the place's value, if it is not null.
    fn write(&self, beside: Beside, number: Option<usize>, sql: &mut String) {
        let name = self.column.quoted();
        // Writing to a String cannot fail.
        let _ = match (beside, number) {
            (Beside::Null, _) | (Beside::Same, None) => write!(sql, "{name} IS NULL"),
            (Beside::NotNull, _) | (Beside::Behind, None) => write!(sql, "{name} IS NOT NULL"),
            (Beside::Same | Beside::Behind, Some(number)) => {
                let operator = match (beside, self.descending) {
                    (Beside::Same, _) => "=",
                    (_, true) => "<",
                    (_, false) => ">",
                };
                let ((mark, ty), (relabel, base)) = (self.column.bound(), self.column.compared().relabel());
                write!(sql, "{name}{relabel}{base} {} ${number}{mark}{ty}", self.column.operator(operator))
            }
        };
    }
}

/// Rows behind a place that an index has in one piece: the same in some columns of the order, behind it in the next.
type Range = Vec<Beside>;

pub(super) struct ListAfter<R> {
    request: ListRequest<R>,
    order: Vec<Place>,
    pattern: Option<String>,
    /// One more than wanted, which tells whether there are more.
    limit: i64,
    /// Where to begin: the values of the order's columns.
    after: Option<Vec<Option<Sent>>>,
    /// Why it is not asked for.
    refused: Option<Refused>,
}

/// The values of the place where the last part ended, and the number of each that is not null.
#[derive(Clone, Copy)]
struct Begin<'b> {
    values: &'b [Option<Sent>],
    numbers: &'b [Option<usize>],
}

/// Why a part of an order is not asked for; told when the query runs.
enum Refused {
    BadCursor(Cursor),
    Secret(&'static str),
}

/// A value as the server has sent it, in binary: no setting of a session's has a say in that.
#[derive(Debug)]
struct Sent(Vec<u8>);

impl ToSql for Sent {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        out.put_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        self.to_sql(ty, out)
    }
}

impl<R: Keyed> ListAfter<R> {
    pub(super) fn new(request: ListRequest<R>) -> Self {
        let mut order: Vec<Place> = request.sorts().iter().map(|sort| Place { column: sort.def, descending: sort.descending }).collect();
        // The key decides last, in the direction of what is before it: so one comparison of rows can do.
        let descending = order.last().is_some_and(|last| last.descending);
        for column in R::KEY {
            if !order.iter().any(|place| place.column.name() == column.name()) {
                order.push(Place { column, descending });
            }
        }
        let limit = i64::from(request.size()) + 1;
        let pattern = request.pattern();
        let mut refused = order.iter().find(|place| place.column.is_secret()).map(|place| Refused::Secret(place.column.name()));
        let mut after = None;
        if let Some(cursor) = request.cursor() {
            match cursor.values(&signature::<R>(&order)).filter(|values| fits(&order, values)) {
                Some(values) => after = Some(values.into_iter().map(|value| value.map(Sent)).collect()),
                None => refused = Some(Refused::BadCursor(cursor.clone())),
            }
        }
        Self { request, order, pattern, limit, after, refused }
    }

    /// ` WHERE …` of the rows that are seen, and what must hold of them beside that.
    fn write_where(&self, sql: &mut String) {
        write_where::<R>(sql, self.pattern.is_some());
        sql.push_str(if R::VISIBLE.is_empty() && self.pattern.is_none() { " WHERE " } else { " AND " });
    }

    /// ` ORDER BY …` of the columns of what is called so: alone they would mean what is selected, which may be its text.
    fn write_order(&self, of: &str, sql: &mut String) {
        for (index, place) in self.order.iter().enumerate() {
            let direction = if place.descending { " DESC" } else { "" };
            let _ = write!(sql, "{}{of}.{}{direction}", if index == 0 { " ORDER BY " } else { ", " }, place.column.quoted());
        }
    }

    /// Whether an index over the columns begins at the place with one comparison of rows.
    fn is_one_range(&self) -> bool {
        self.order.windows(2).all(|pair| pair[0].descending == pair[1].descending)
            && self.order.iter().all(|place| !place.column.is_nullable() && place.column.operators().is_none())
    }

    /// `("a", "b") > ($1, $2)`
    fn write_behind(&self, numbers: &[Option<usize>], sql: &mut String) {
        for (index, place) in self.order.iter().enumerate() {
            let (relabel, base) = place.column.compared().relabel();
            // Writing to a String cannot fail.
            let _ = write!(sql, "{}{}{relabel}{base}", if index == 0 { "(" } else { ", " }, place.column.quoted());
        }
        sql.push_str(if self.order.first().is_some_and(|place| place.descending) { ") < (" } else { ") > (" });
        for (index, (place, number)) in self.order.iter().zip(numbers.iter().flatten()).enumerate() {
            let (mark, ty) = place.column.bound();
            let _ = write!(sql, "{}${number}{mark}{ty}", if index == 0 { "" } else { ", " });
        }
        sql.push(')');
    }

    /// The rows behind a place of other orders. Joined by `OR`, all rows before the place would be read and left out; so each range is
    /// a query of its own, of no more rows than are wanted.
    fn ranges(&self, values: &[Option<Sent>]) -> Vec<Range> {
        let mut ranges = Vec::with_capacity(self.order.len() + 1);
        for (index, (place, value)) in self.order.iter().zip(values).enumerate().rev() {
            let mut add = |beside| {
                let mut range = vec![Beside::Same; index];
                range.push(beside);
                ranges.push(range);
            };
            match (value, place.descending) {
                (Some(_), descending) => {
                    add(Beside::Behind);
                    if !descending && place.column.is_nullable() {
                        add(Beside::Null);
                    }
                }
                (None, true) => add(Beside::NotNull),
                (None, false) => {}
            }
        }
        ranges
    }

    fn write_range(&self, range: &Range, numbers: &[Option<usize>], sql: &mut String) {
        for (index, ((place, number), beside)) in self.order.iter().zip(numbers).zip(range).enumerate() {
            sql.push_str(if index == 0 { "" } else { " AND " });
            place.write(*beside, *number, sql);
        }
    }

    /// The whole statement, `limit` being the number of that value.
    fn write(&self, begin: Option<Begin<'_>>, limit: usize, sql: &mut String) {
        let Some(Begin { values, numbers }) = begin else {
            let _ = write!(sql, "SELECT {} FROM {}", R::SELECT, R::QUOTED);
            write_where::<R>(sql, self.pattern.is_some());
            self.write_order(R::QUOTED, sql);
            let _ = write!(sql, " LIMIT ${limit}");
            return;
        };
        if self.is_one_range() {
            let _ = write!(sql, "SELECT {} FROM {}", R::SELECT, R::QUOTED);
            self.write_where(sql);
            self.write_behind(numbers, sql);
            self.write_order(R::QUOTED, sql);
            let _ = write!(sql, " LIMIT ${limit}");
            return;
        }
        let columns: Vec<&str> = R::COLUMNS.iter().map(ColumnDef::quoted).collect();
        let _ = write!(sql, "SELECT {} FROM (", R::SELECT);
        for (index, range) in self.ranges(values).iter().enumerate() {
            let _ = write!(sql, "{}SELECT {} FROM {}", if index == 0 { "(" } else { ") UNION ALL (" }, columns.join(", "), R::QUOTED);
            self.write_where(sql);
            self.write_range(range, numbers, sql);
            self.write_order(R::QUOTED, sql);
            let _ = write!(sql, " LIMIT ${limit}");
        }
        let _ = write!(sql, ")) AS {PART}");
        self.write_order(PART, sql);
        let _ = write!(sql, " LIMIT ${limit}");
    }
}

/// What the rows of all ranges are called.
const PART: &str = "\"elyos part\"";

/// Whether they can be values of the order's columns: as many, null only where a column takes it, and text where text is wanted.
fn fits(order: &[Place], values: &[Option<Vec<u8>>]) -> bool {
    let text = [Travel::TEXT, Travel::VARCHAR, Travel::BPCHAR, Travel::NAME];
    let is_text = |value: &[u8]| !value.contains(&0) && std::str::from_utf8(value).is_ok();
    order.len() == values.len()
        && order.iter().zip(values).all(|(place, value)| match value {
            None => place.column.is_nullable(),
            Some(value) => !text.contains(&place.column.travel()) || is_text(value),
        })
}

/// What a place is one of: another order's would mean other rows.
fn signature<R: Keyed>(order: &[Place]) -> String {
    let mut signature = R::TABLE.to_owned();
    for place in order {
        let _ = write!(signature, " {}{}", if place.descending { '-' } else { '+' }, place.column.quoted());
    }
    signature
}

impl<R: Keyed> Query for ListAfter<R> {
    type Output = Listing<R::Row>;

    fn is_needless(&self) -> bool {
        self.refused.is_some()
    }

    fn statement(&self) -> Statement<'_> {
        let mut params: Vec<Param<'_>> = self.pattern.iter().map(|pattern| Param::new(pattern, Travel::TEXT)).collect();
        let mut numbers = Vec::new();
        for (place, value) in self.order.iter().zip(self.after.iter().flatten()) {
            if let Some(value) = value {
                params.push(Param::of(place.column, value));
            }
            numbers.push(value.as_ref().map(|_| params.len()));
        }
        params.push(Param::new(&self.limit, Travel::INT8));
        let mut sql = String::with_capacity(512);
        self.write(self.after.as_deref().map(|values| Begin { values, numbers: &numbers }), params.len(), &mut sql);
        Statement { sql: Cow::Owned(sql), params }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        match &self.refused {
            Some(Refused::BadCursor(cursor)) => return Err(Error::new(Kind::BadCursor { cursor: cursor.to_string(), table: R::TABLE })),
            Some(Refused::Secret(column)) => return Err(Error::new(Kind::SecretInOrder { column, table: R::TABLE })),
            None => {}
        }
        let size = usize::try_from(self.request.size()).unwrap_or(usize::MAX);
        let last = size.checked_sub(1).filter(|_| rows.len() > size).and_then(|last| rows.get(last));
        let next = last.map(|row| {
            let values = self.order.iter().map(|place| {
                let index = R::COLUMNS.iter().position(|column| column.name() == place.column.name()).unwrap_or(usize::MAX);
                Ok(row.raw(index)?.1)
            });
            values.collect::<Result<Vec<Option<&[u8]>>>>().map(|values| Cursor::new(&signature::<R>(&self.order), &values))
        });
        let found = rows.iter().take(size).map(|row| R::Row::from_row(row, 0)).collect::<Result<_>>()?;
        Ok(Listing { rows: found, next: next.transpose()? })
    }
}
