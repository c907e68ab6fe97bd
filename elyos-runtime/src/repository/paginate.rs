//! A page of rows, alone or with the number of all.

use std::borrow::Cow;
use std::fmt::Write as _;

use tokio_postgres::Row;

use super::Repository;
use super::lookup::{every_row, gather_rows, write_where};
use crate::error::Result;
use crate::page::{Page, PageRequest};
use crate::query::{FromRow, Gather, Param, Query, Statement, Travel, read};

/// The values of a page: the search pattern if any, the limit, the offset.
struct Bound {
    pattern: Option<String>,
    limit: i64,
    offset: i64,
}

/// Keeps what `statement` borrows; `R` gives the text its columns.
struct Prepared<R> {
    request: PageRequest<R>,
    bound: Bound,
}

impl<R: Repository> Prepared<R> {
    fn new(request: PageRequest<R>) -> Self {
        let bound = Bound { pattern: request.pattern(), limit: request.limit(), offset: request.offset() };
        Self { request, bound }
    }

    fn params(&self) -> Vec<Param<'_>> {
        let mut params = Vec::with_capacity(3);
        params.extend(self.bound.pattern.as_ref().map(|pattern| Param::new(pattern, Travel::TEXT)));
        params.push(Param::new(&self.bound.limit, Travel::INT8));
        params.push(Param::new(&self.bound.offset, Travel::INT8));
        params
    }

    fn write_where(&self, sql: &mut String) {
        write_where::<R>(sql, self.bound.pattern.is_some());
    }

    /// The wanted order, and the key last, so that no row is on two pages. `of` stands before each column: alone it would mean what is
    /// selected, which may be its text.
    fn order(&self, of: &str) -> String {
        let mut order = String::new();
        let wanted = self.request.sorts().iter().map(|sort| (sort.def.quoted(), sort.descending));
        for (column, descending) in wanted.chain(R::KEY.iter().map(|column| (column.quoted(), false))) {
            let _ = write!(
                order,
                "{}{of}.{column}{}",
                if order.is_empty() { " ORDER BY " } else { ", " },
                if descending { " DESC" } else { "" }
            );
        }
        order
    }

    fn limit(&self) -> String {
        let first = usize::from(self.bound.pattern.is_some()) + 1;
        format!(" LIMIT ${first} OFFSET ${}", first + 1)
    }
}

pub(super) struct FindPage<R>(Prepared<R>);

impl<R: Repository> FindPage<R> {
    pub(super) fn new(request: PageRequest<R>) -> Self {
        Self(Prepared::new(request))
    }
}

impl<R: Repository> Query for FindPage<R> {
    type Output = Vec<R::Row>;

    fn statement(&self) -> Statement<'_> {
        let mut sql = format!("SELECT {} FROM {}", R::SELECT, R::QUOTED);
        self.0.write_where(&mut sql);
        sql.push_str(&self.0.order(R::QUOTED));
        sql.push_str(&self.0.limit());
        Statement { sql: Cow::Owned(sql), params: self.0.params() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        every_row::<R>(&rows)
    }

    fn gather(&self) -> Option<Box<dyn Gather<Output = Self::Output>>> {
        Some(gather_rows::<R>())
    }
}

pub(super) struct Paginate<R>(Prepared<R>);

impl<R: Repository> Paginate<R> {
    pub(super) fn new(request: PageRequest<R>) -> Self {
        Self(Prepared::new(request))
    }
}

impl<R: Repository> Query for Paginate<R> {
    type Output = Page<R::Row>;

    /// The total stands beside every row, and alone where the page has none: a window function would say nothing of
    /// the total on a page past the end. The outer order is what makes the join's order certain. A column of the table's
    /// may be called anything, so the place is meant by its number, and the table's columns by the table's alias.
    fn statement(&self) -> Statement<'_> {
        let order = self.0.order("wanted");
        let mut sql = format!("SELECT counted.total, page.* FROM (SELECT count(*) AS total FROM {}", R::QUOTED);
        self.0.write_where(&mut sql);
        let _ = write!(
            sql,
            ") AS counted LEFT JOIN (SELECT row_number() OVER ({}), {} FROM {} AS wanted",
            order.trim_start(),
            R::SELECT,
            R::QUOTED
        );
        self.0.write_where(&mut sql);
        let _ = write!(sql, "{order}{}) AS page ON true ORDER BY 2", self.0.limit());
        Statement { sql: Cow::Owned(sql), params: self.0.params() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        let total = rows.first().map_or(Ok(0), |row| read(row, 0))?;
        let (page, page_size) = self.0.request.numbers();
        let found = rows.iter().filter_map(|row| match read::<Option<i64>>(row, 1) {
            Ok(None) => None,
            Ok(Some(_)) => Some(R::Row::from_row(row, 2)),
            Err(error) => Some(Err(error)),
        });
        Ok(Page { rows: found.collect::<Result<_>>()?, total, page, page_size })
    }
}
