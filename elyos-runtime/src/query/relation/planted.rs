//! Reading a tree from an answer that holds the rows of all its levels.

use std::collections::HashMap;

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::super::cells::{Bytes, Raw, Records, numbered};
use super::super::{Cells, Reading, read};
use super::levels::{Level, Levels, Place};
use crate::error::{Error, Kind, Result};
use crate::types::BoxError;

/// An answer, its rows put where they belong.
struct Planted<'r> {
    rows: &'r [Row],
    levels: Vec<Rows<'r>>,
}

/// The rows of a level.
struct Rows<'r> {
    level: &'r Level,
    /// The rows of each key.
    of: HashMap<Key<'r>, Chain>,
}

/// Rows of one key, each of which knows the next.
#[derive(Clone, Copy)]
struct Chain {
    first: usize,
    last: usize,
    length: usize,
}

/// The values of a key, as bytes.
#[derive(PartialEq, Eq, Hash)]
enum Key<'r> {
    One(&'r [u8]),
    Several(Vec<&'r [u8]>),
}

/// The values of these columns, if none of them is null.
fn key<'r>(row: &'r Row, columns: &[usize]) -> Result<Option<Key<'r>>> {
    let value = |column: &usize| row.cell(*column).map(|Bytes(value)| value);
    match columns {
        [column] => Ok(value(column)?.map(Key::One)),
        _ => Ok(columns.iter().map(value).collect::<Result<Option<Vec<_>>>>()?.map(Key::Several)),
    }
}

impl Levels {
    /// The rows of the first level, each with those that it leads to.
    pub(crate) fn read<O: Reading>(&self, rows: &[Row], reading: &O) -> Result<Vec<O::Output>> {
        let empty = |level| Rows { level, of: HashMap::new() };
        let mut planted = Planted { rows, levels: self.levels.iter().map(empty).collect() };
        // Rows of one key are a chain, in the order in which they came.
        let mut next = vec![usize::MAX; rows.len()];
        let mut first = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let number: i32 = read(row, 0)?;
            let number = usize::try_from(number).unwrap_or(usize::MAX);
            if number == 0 {
                first.push(index);
                continue;
            }
            let level = planted.levels.get_mut(number).ok_or_else(|| Error::new(Kind::Unexpected { what: "a row of no level" }))?;
            if let Some(key) = key(row, &level.level.own)? {
                let chain = level.of.entry(key).or_insert(Chain { first: index, last: index, length: 0 });
                if chain.length > 0 {
                    next[chain.last] = index;
                }
                (chain.last, chain.length) = (index, chain.length + 1);
            }
        }
        let planted = Chained { planted, next };
        first.into_iter().map(|index| reading.read(&planted.row(0, index), 0)).collect()
    }
}

struct Chained<'r> {
    planted: Planted<'r>,
    /// Behind each row the next one of its key.
    next: Vec<usize>,
}

impl<'r> Chained<'r> {
    fn row<'t>(&'t self, level: usize, index: usize) -> PlantedRow<'t, 'r> {
        PlantedRow { row: &self.planted.rows[index], level: self.planted.levels[level].level, tree: self }
    }
}

/// A row of a level.
struct PlantedRow<'t, 'r> {
    row: &'r Row,
    level: &'r Level,
    tree: &'t Chained<'r>,
}

impl PlantedRow<'_, '_> {
    fn column(&self, index: usize) -> Result<usize> {
        match self.level.places.get(index) {
            Some(Place::Column(column)) => Ok(*column),
            _ => Err(self.wrong(index, "there is no such column".into())),
        }
    }
}

impl Cells for PlantedRow<'_, '_> {
    fn cell<'c, T: FromSql<'c>>(&'c self, index: usize) -> Result<T> {
        let column = self.column(index)?;
        self.row.try_get(column).map_err(|error| Error::decode(self.name(index), error))
    }

    fn related<O: Reading>(&self, index: usize, each: &O) -> Result<Vec<O::Output>> {
        let Some(Place::Level(number)) = self.level.places.get(index) else {
            let records: Records<'_> = self.cell(index)?;
            return records.read(each);
        };
        let below = &self.tree.planted.levels[*number];
        let chain = key(self.row, &below.level.above)?.and_then(|key| below.of.get(&key).copied());
        let Some(Chain { first, length, .. }) = chain else { return Ok(Vec::new()) };
        let mut found = Vec::with_capacity(length);
        let mut at = first;
        for _ in 0..length {
            found.push(each.read(&self.tree.row(*number, at), 0)?);
            at = self.tree.next[at];
        }
        Ok(found)
    }

    fn raw(&self, index: usize) -> Result<Raw<'_>> {
        self.row.raw(self.column(index)?)
    }

    fn wrong(&self, index: usize, error: BoxError) -> Error {
        Error::new(Kind::Decode { column: self.name(index), error })
    }
}

impl PlantedRow<'_, '_> {
    fn name(&self, index: usize) -> String {
        self.level.names.get(index).filter(|name| !name.is_empty()).map_or_else(|| numbered(index), |name| (*name).to_owned())
    }
}
