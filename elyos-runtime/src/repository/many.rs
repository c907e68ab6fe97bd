//! Many rows in one statement, whatever each of them says.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use tokio_postgres::Row;

use super::Insertable;
use super::lookup::every_row;
use crate::error::{Error, Kind, Result};
use crate::query::{Assignments, ColumnDef, FromRow, Many, Param, Query, Record, Said, Statement, Travel, read};

/// A column of the rows of a kind.
struct Column<'v> {
    def: &'static ColumnDef,
    values: Many<'v>,
    /// Which rows say it, where that makes a difference.
    said: Option<Many<'v>>,
}

impl<'v> Column<'v> {
    /// Of a row that says it, or leaves it to its default.
    fn push(&mut self, said: Option<&Said<'v>>) {
        match said {
            Some(Said { literal: Some(array), .. }) => self.values.push_array(*array),
            Some(said) => self.values.push(said.value),
            None => self.values.push_null(),
        }
        if let Some(flags) = &mut self.said {
            flags.push(if said.is_some() { &true } else { &false });
        }
    }

    /// The value, or what stands for it where nothing is said.
    fn write_value(&self, number: usize, sql: &mut String) {
        let (mark, ty) = self.def.bound_in_bulk();
        // Writing to a String cannot fail.
        let _ = match (&self.said, self.def.default_expression()) {
            (Some(_), Some(default)) => {
                let base = self.def.base();
                write!(sql, "CASE WHEN said_{number} THEN value_{number}{mark}{ty} ELSE ({default})::{base} END")
            }
            _ => write!(sql, "value_{number}{mark}{ty}"),
        };
    }
}

/// Rows that are inserted together.
struct Kindred<'v> {
    columns: Vec<Column<'v>>,
    rows: usize,
}

impl Kindred<'_> {
    fn defs(&self) -> Vec<&'static ColumnDef> {
        self.columns.iter().map(|column| column.def).collect()
    }

    /// `INSERT INTO … SELECT … FROM unnest($1, $2) …`: an array for each column, whatever the number of rows.
    fn write_insert(&self, into: &str, first: usize, sql: &mut String) {
        let separator = |index, begin| if index == 0 { begin } else { ", " };
        let _ = write!(sql, "INSERT INTO {into}");
        for (index, column) in self.columns.iter().enumerate() {
            let _ = write!(sql, "{}{}", separator(index, " ("), column.def.quoted());
        }
        for (index, column) in self.columns.iter().enumerate() {
            sql.push_str(separator(index, ") SELECT "));
            column.write_value(index + 1, sql);
        }
        let mut names = String::new();
        let mut number = first;
        for (index, column) in self.columns.iter().enumerate() {
            let _ = write!(sql, "{}${number}", separator(index, " FROM unnest("));
            let _ = write!(names, "value_{}, ", index + 1);
            number += 1;
            if column.said.is_some() {
                let _ = write!(sql, ", ${number}");
                let _ = write!(names, "said_{}, ", index + 1);
                number += 1;
            }
        }
        let _ = write!(sql, ") WITH ORDINALITY AS given({names}place) ORDER BY place");
    }

    /// Of rows of which nothing is said there is only their number: each of them is one column's default, and all others'. The text is the
    /// same for any number, as an array of so many values says it, where a column's default can stand in a query: an expression does, and
    /// any value for an identity that takes the server's. Gives the array.
    fn write_defaults<'v, R: Insertable>(&self, number: usize, sql: &mut String) -> Option<Many<'v>> {
        let mut taken = R::COLUMNS.iter().filter(|column| column.is_assignable());
        let by_default = taken.find_map(|column| Some((column, column.default_expression()?)));
        let identity = || R::COLUMNS.iter().find(|column| !column.is_assignable() && !column.is_generated());
        if let Some((column, default)) = by_default {
            let _ = write!(sql, "INSERT INTO {} ({}) SELECT ({default})::{}", R::QUOTED, column.quoted(), column.base());
        } else if let Some(column) = identity() {
            let _ = write!(sql, "INSERT INTO {} ({}) OVERRIDING USER VALUE SELECT 0", R::QUOTED, column.quoted());
        } else {
            let first = R::COLUMNS.first().map_or("", ColumnDef::quoted);
            let _ = write!(sql, "INSERT INTO {} ({first}) VALUES (DEFAULT)", R::QUOTED);
            sql.push_str(&", (DEFAULT)".repeat(self.rows.saturating_sub(1)));
            return None;
        }
        let _ = write!(sql, " FROM unnest(${number})");
        let mut rows = Many::with_capacity(self.rows);
        (0..self.rows).for_each(|_| rows.push(&true));
        Some(rows)
    }
}

/// What a row says, by the columns that make its kind.
fn kind(said: &[Said<'_>], apart: impl Fn(&ColumnDef) -> bool) -> impl Iterator<Item = &'static str> {
    said.iter().map(|said| said.column).filter(move |column| apart(column)).map(ColumnDef::name)
}

/// Whether the two are one column; of one table, most often by where it is.
fn same(one: &'static ColumnDef, other: &'static ColumnDef) -> bool {
    std::ptr::eq(one, other) || one.name() == other.name()
}

/// Which rows are inserted together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grouping {
    /// Whether what a row does not say is filled in where an expression can, so that most often there is one kind: else rows are of a
    /// kind that say the same columns.
    pub(super) merged: bool,
    /// Whether only neighbours are: where a row may be left out, nobody could tell of what comes back which of a kind it is.
    pub(super) in_runs: bool,
}

/// So many kinds of rows beside each other at most are kept in their order, where some of them may be left out: each is an insert of its own,
/// and what planning all of them takes grows with the square of their number (some 20 ms for 100, 9 s for 1,000).
const MOST_RUNS: usize = 100;

impl Grouping {
    /// Of rows that all come back, or of which nobody asks for the order. Where rows that are there are changed, none is filled in: what
    /// a new row does not say stays as it is.
    pub(super) const fn of_all(is_update: bool) -> Self {
        Self { merged: !is_update, in_runs: false }
    }

    /// Of rows of which some may be left out: by what the statement says, or by a trigger.
    pub(super) fn of<R: Insertable>(new: &[R::New], is_update: bool, leaves_out: bool) -> Self {
        let all = Self::of_all(is_update);
        let in_runs = Self { in_runs: true, ..all };
        let leaves_out = leaves_out || R::LEAVES_OUT.inserts || (is_update && R::LEAVES_OUT.updates);
        if leaves_out && count(new, in_runs) <= MOST_RUNS { in_runs } else { all }
    }
}

/// What rows say, one after the other.
struct Rows<'v> {
    said: Vec<Said<'v>>,
    ends: Vec<usize>,
}

impl<'v> Rows<'v> {
    fn of<N: Record>(new: &'v [N]) -> Self {
        let (said, ends) = Assignments::of_all(new);
        Self { said, ends }
    }

    fn row(&self, place: usize) -> &[Said<'v>] {
        let begin = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(place).and_then(|end| self.said.get(begin..*end)).unwrap_or_default()
    }

    /// Of how many columns the rows are, where all of them say the same, in the same order; they are a table then.
    fn width_of_all(&self) -> Option<usize> {
        let first = self.row(0);
        let width = first.len();
        let ends_fit = self.ends.iter().enumerate().all(|(place, end)| *end == (place + 1) * width);
        let are_same = |row: &[Said<'_>]| row.iter().zip(first).all(|(said, of_first)| std::ptr::eq(said.column, of_first.column));
        (ends_fit && (width == 0 || self.said.chunks_exact(width).all(are_same))).then_some(width)
    }
}

/// The places of the rows by kinds, in the order in which they first come.
fn grouped(rows: &Rows<'_>, Grouping { merged, in_runs }: Grouping) -> Vec<Vec<usize>> {
    let apart = |column: &ColumnDef| !merged || column.default_expression().is_none();
    let mut kinds: Vec<(Vec<&str>, Vec<usize>)> = Vec::new();
    let mut last = 0;
    for place in 0..rows.ends.len() {
        let row = rows.row(place);
        let is_known = |(known, _): &(Vec<&str>, Vec<usize>)| kind(row, apart).eq(known.iter().copied());
        if !kinds.get(last).is_some_and(is_known) {
            last = kinds.iter().position(|kind| !in_runs && is_known(kind)).unwrap_or_else(|| {
                kinds.push((kind(row, apart).collect(), Vec::new()));
                kinds.len() - 1
            });
        }
        if let Some((_, places)) = kinds.get_mut(last) {
            places.push(place);
        }
    }
    kinds.into_iter().map(|(_, places)| places).collect()
}

/// The rows by kinds, with their values.
fn kinds<N: Record>(new: &[N], grouping: Grouping) -> Vec<Kindred<'_>> {
    let rows = Rows::of(new);
    if let Some(width) = rows.width_of_all().filter(|_| !new.is_empty()) {
        return vec![table(rows, width)];
    }
    grouped(&rows, grouping).into_iter().map(|places| kindred(&rows, &places)).collect()
}

/// Rows that all say the same columns, whose values stay where they are.
fn table(rows: Rows<'_>, width: usize) -> Kindred<'_> {
    let count = rows.ends.len();
    let said = Arc::new(rows.said);
    let column = |(first, of_first): (usize, &Said<'_>)| (first, of_first.column);
    let defs: Vec<_> = said.iter().take(width).enumerate().map(column).collect();
    let columns = defs.into_iter().map(|(first, def)| Column { def, values: Many::column(Arc::clone(&said), first, width), said: None });
    Kindred { columns: columns.collect(), rows: count }
}

fn kindred<'v>(rows: &Rows<'v>, places: &[usize]) -> Kindred<'v> {
    let mut columns: Vec<(Column<'v>, usize)> = Vec::new();
    for row in places.iter().map(|place| rows.row(*place)) {
        for (index, said) in row.iter().enumerate() {
            // Rows that say the same say it in the same order.
            let known = match columns.get(index) {
                Some((column, _)) if same(column.def, said.column) => Some(index),
                _ => columns.iter().position(|(column, _)| same(column.def, said.column)),
            };
            match known.and_then(|known| columns.get_mut(known)) {
                Some((_, times)) => *times += 1,
                None => columns.push((Column { def: said.column, values: Many::with_capacity(places.len()), said: None }, 1)),
            }
        }
    }
    let columns = columns.into_iter().enumerate().map(|(index, (mut column, times))| {
        // A default of null is what is filled in anyway.
        let differs = times < places.len() && column.def.default_expression() != Some("NULL");
        column.said = differs.then(|| Many::with_capacity(places.len()));
        for row in places.iter().map(|place| rows.row(*place)) {
            let said = row.get(index).filter(|said| same(said.column, column.def));
            column.push(said.or_else(|| row.iter().find(|said| same(said.column, column.def))));
        }
        column
    });
    Kindred { columns: columns.collect(), rows: places.len() }
}

/// The statement for all rows; `conflict` writes what stands before `RETURNING`, by the columns that are said.
pub(super) fn statement<R: Insertable>(
    new: &[R::New],
    is_update: bool,
    conflict: impl Fn(&[&'static ColumnDef], &mut String),
) -> Statement<'_> {
    let (mut sql, mut params) = (String::new(), Vec::new());
    let grouping = Grouping::of::<R>(new, is_update, false);
    let kinds = write_kinds::<R>(new, grouping, conflict, R::SELECT, &mut sql, &mut params);
    write_rows(kinds, &mut sql);
    Statement { sql: Cow::Owned(sql), params }
}

/// The inserts, each with what comes back, their numbers following those of the values that are there; how many there are. A single one
/// is the statement. Several stand in `WITH`, where the rows of one cannot be told from another's.
pub(super) fn write_kinds<'n, R: Insertable>(
    new: &'n [R::New],
    grouping: Grouping,
    conflict: impl Fn(&[&'static ColumnDef], &mut String),
    returning: &str,
    sql: &mut String,
    params: &mut Vec<Param<'n>>,
) -> usize {
    let kinds = kinds(new, grouping);
    let (count, single) = (kinds.len(), kinds.len() == 1);
    for (index, kindred) in kinds.into_iter().enumerate() {
        if !single {
            let _ = write!(sql, "{}kind_{} AS (", if index == 0 { "WITH " } else { ", " }, index + 1);
        }
        if kindred.columns.is_empty() {
            let rows = kindred.write_defaults::<R>(params.len() + 1, sql);
            params.extend(rows.map(|rows| Param::many(rows, Travel::BOOL)));
        } else {
            kindred.write_insert(R::QUOTED, params.len() + 1, sql);
        }
        conflict(&kindred.defs(), sql);
        sql.push_str(" RETURNING ");
        sql.push_str(returning);
        if !single {
            sql.push(')');
        }
        for column in kindred.columns {
            params.push(Param::many(column.values, column.def.travel()).named(Some(column.def.name())));
            params.extend(column.said.map(|said| Param::many(said, Travel::BOOL)));
        }
    }
    count
}

/// Behind several inserts: their rows, each behind the number of its kind.
pub(super) fn write_rows(kinds: usize, sql: &mut String) {
    if kinds > 1 {
        for index in 0..kinds {
            let _ = write!(sql, "{}SELECT {index}, * FROM kind_{}", if index == 0 { " " } else { " UNION ALL " }, index + 1);
        }
    }
}

/// Behind several inserts: how many rows they have written.
pub(super) fn write_count(kinds: usize, sql: &mut String) {
    for index in 0..kinds {
        let _ = write!(sql, "{}(SELECT count(*) FROM kind_{})", if index == 0 { " SELECT " } else { " + " }, index + 1);
    }
}

/// How many kinds there are.
pub(super) fn count<N: Record>(new: &[N], grouping: Grouping) -> usize {
    let rows = Rows::of(new);
    if rows.width_of_all().is_some() { new.len().min(1) } else { grouped(&rows, grouping).len() }
}

/// By a row's number of its kind, where it stands among all that were to be inserted; nothing where rows are in their order, or where
/// some are left out of which nobody knows which: kind by kind then, as they came.
pub(super) fn places<N: Record>(new: &[N], grouping: Grouping, rows: &[Row]) -> Result<Option<Vec<usize>>> {
    if grouping.in_runs || rows.len() < new.len() {
        return Ok(None);
    }
    let kinds = grouped(&Rows::of(new), grouping);
    let mut places: Vec<_> = kinds.iter().map(|places| places.iter()).collect();
    let place = |row: &Row| {
        let kind: i32 = read(row, 0)?;
        let place = usize::try_from(kind).ok().and_then(|kind| places.get_mut(kind)?.next());
        place.copied().ok_or_else(|| Error::new(Kind::Unexpected { what: "a row that was not inserted" }))
    };
    rows.iter().map(place).collect::<Result<_>>().map(Some)
}

/// The rows in the order of what was said.
pub(super) fn in_order<R: Insertable>(new: &[R::New], is_update: bool, rows: &[Row]) -> Result<Vec<R::Row>> {
    let with_kind = rows.first().is_some_and(|row| row.len() > R::Row::WIDTH);
    if !with_kind {
        return every_row::<R>(rows);
    }
    let places = places(new, Grouping::of::<R>(new, is_update, false), rows)?;
    let read = rows.iter().map(|row| R::Row::from_row(row, 1));
    in_places(places, read)
}

/// In the order of their places, where they are not in it.
pub(super) fn in_places<T>(places: Option<Vec<usize>>, read: impl Iterator<Item = Result<T>>) -> Result<Vec<T>> {
    let Some(places) = places else { return read.collect() };
    let mut ordered: Vec<(usize, T)> =
        places.into_iter().zip(read).map(|(place, row)| row.map(|row| (place, row))).collect::<Result<_>>()?;
    ordered.sort_by_key(|(place, _)| *place);
    Ok(ordered.into_iter().map(|(_, row)| row).collect())
}

pub(super) struct InsertMany<R: Insertable>(pub(super) Vec<R::New>);

impl<R: Insertable> Query for InsertMany<R> {
    type Output = Vec<R::Row>;

    fn is_needless(&self) -> bool {
        self.0.is_empty()
    }

    fn statement(&self) -> Statement<'_> {
        statement::<R>(&self.0, false, |_, _| ())
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        in_order::<R>(&self.0, false, &rows)
    }
}
