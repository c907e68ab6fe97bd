//! The rows behind a place in the order, found by an index instead of counted off.

use std::borrow::Cow;
use std::fmt::Write as _;

use tokio_postgres::Row;

use super::Keyed;
use super::lookup::write_where;
use crate::error::{Error, Kind, Result};
use crate::page::{Cursor, ListRequest, Listing};
use crate::query::{ColumnDef, FromRow, Param, Query, Statement, Travel, read};

/// A column of the order.
#[derive(Clone, Copy)]
struct Place {
    column: &'static ColumnDef,
    descending: bool,
}

impl Place {
    /// What stands behind this place's value; nulls are greater than all else.
    fn write_after(&self, value: Option<usize>, sql: &mut String) {
        let (name, ty) = (self.column.quoted(), self.column.ty());
        // Writing to a String cannot fail.
        let _ = match (value, self.descending) {
            (Some(number), false) if self.column.is_nullable() => write!(sql, "({name} > ${number}::{ty} OR {name} IS NULL)"),
            (Some(number), false) => write!(sql, "{name} > ${number}::{ty}"),
            (Some(number), true) => write!(sql, "{name} < ${number}::{ty}"),
            (None, false) => write!(sql, "false"),
            (None, true) => write!(sql, "{name} IS NOT NULL"),
        };
    }

    fn write_same(&self, value: Option<usize>, sql: &mut String) {
        let (name, ty) = (self.column.quoted(), self.column.ty());
        let _ = match value {
            Some(number) => write!(sql, "{name} = ${number}::{ty}"),
            None => write!(sql, "{name} IS NULL"),
        };
    }
}

pub(super) struct ListAfter<R> {
    request: ListRequest<R>,
    order: Vec<Place>,
    pattern: Option<String>,
    /// One more than wanted, which tells whether there are more.
    limit: i64,
    /// Where to begin: the values of the order's columns. An error is told when the query runs.
    after: Result<Option<Vec<Option<String>>>, Cursor>,
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
        let after = match request.cursor() {
            None => Ok(None),
            Some(cursor) => cursor.values(&signature::<R>(&order), order.len()).map(Some).ok_or_else(|| cursor.clone()),
        };
        Self { request, order, pattern, limit, after }
    }

    fn begin(&self) -> Option<&[Option<String>]> {
        self.after.as_ref().ok().and_then(Option::as_deref)
    }

    /// The rows behind the place, with `$first` as the first value's number.
    fn write_after(&self, values: &[Option<String>], first: usize, sql: &mut String) {
        let mut number = first;
        let numbers: Vec<Option<usize>> = values
            .iter()
            .map(|value| {
                let is = value.as_ref().map(|_| number);
                number += usize::from(value.is_some());
                is
            })
            .collect();
        let of_one_direction = self.order.windows(2).all(|pair| pair[0].descending == pair[1].descending);
        if of_one_direction && self.order.iter().all(|place| !place.column.is_nullable()) {
            // An index over these columns begins at the row's place.
            let names: Vec<&str> = self.order.iter().map(|place| place.column.quoted()).collect();
            let sign = if self.order.first().is_some_and(|place| place.descending) { '<' } else { '>' };
            let _ = write!(sql, "({}) {sign} (", names.join(", "));
            for (index, (place, number)) in self.order.iter().zip(numbers.iter().flatten()).enumerate() {
                let _ = write!(sql, "{}${number}::{}", if index == 0 { "" } else { ", " }, place.column.ty());
            }
            sql.push(')');
            return;
        }
        sql.push('(');
        for (index, place) in self.order.iter().enumerate() {
            sql.push_str(if index == 0 { "(" } else { " OR (" });
            for (same, number) in self.order[..index].iter().zip(&numbers) {
                same.write_same(*number, sql);
                sql.push_str(" AND ");
            }
            place.write_after(numbers.get(index).copied().flatten(), sql);
            sql.push(')');
        }
        sql.push(')');
    }
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
        self.after.is_err()
    }

    fn statement(&self) -> Statement<'_> {
        let mut sql = format!("SELECT {}", R::SELECT);
        for place in &self.order {
            let _ = write!(sql, ", {}::text", place.column.quoted());
        }
        let _ = write!(sql, " FROM {}", R::QUOTED);
        write_where::<R>(&mut sql, self.pattern.is_some());
        let mut params: Vec<Param<'_>> = self.pattern.iter().map(|pattern| Param::new(pattern, Travel::TEXT)).collect();
        if let Some(values) = self.begin() {
            sql.push_str(if R::VISIBLE.is_empty() && self.pattern.is_none() { " WHERE " } else { " AND " });
            self.write_after(values, params.len() + 1, &mut sql);
            params.extend(values.iter().flatten().map(|value| Param::new(value, Travel::TEXT)));
        }
        for (index, place) in self.order.iter().enumerate() {
            let direction = if place.descending { " DESC" } else { "" };
            // With its table: alone it would mean what is selected, which may be its text.
            let _ = write!(sql, "{}{}.{}{direction}", if index == 0 { " ORDER BY " } else { ", " }, R::QUOTED, place.column.quoted());
        }
        let _ = write!(sql, " LIMIT ${}", params.len() + 1);
        params.push(Param::new(&self.limit, Travel::INT8));
        Statement { sql: Cow::Owned(sql), params }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        if let Err(cursor) = &self.after {
            return Err(Error::new(Kind::BadCursor { cursor: cursor.to_string(), table: R::TABLE }));
        }
        let size = usize::try_from(self.request.size()).unwrap_or(usize::MAX);
        let last = size.checked_sub(1).filter(|_| rows.len() > size).and_then(|last| rows.get(last));
        let next = last.map(|row| {
            let first = R::Row::WIDTH;
            let values: Result<Vec<Option<String>>> = (0..self.order.len()).map(|index| read(row, first + index)).collect();
            values.map(|values| Cursor::new(&signature::<R>(&self.order), &values))
        });
        let found = rows.iter().take(size).map(|row| R::Row::from_row(row, 0)).collect::<Result<_>>()?;
        Ok(Listing { rows: found, next: next.transpose()? })
    }
}
