//! Where the columns of a row are read from: an answer's row, or a record inside of one.

use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type, WrongType};

use crate::error::{Error, Kind, Result};
use crate::types::BoxError;

/// Values side by side, each of them read by its place.
pub trait Cells {
    /// The value at that place; an error names its column.
    ///
    /// # Errors
    ///
    /// When there is no such place, or its value is none of the type.
    fn cell<'r, T: FromSql<'r>>(&'r self, index: usize) -> Result<T>;

    /// The rows that this one leads to by what stands at that place, each as that one reads it.
    #[doc(hidden)]
    fn related<O: super::Reading>(&self, index: usize, each: &O) -> Result<Vec<O::Output>> {
        let records: Records<'_> = self.cell(index)?;
        records.read(each)
    }

    /// The value at that place as it came.
    #[doc(hidden)]
    fn raw(&self, index: usize) -> Result<Raw<'_>>;

    /// The error of a value at that place that is none of the type; it names the column.
    #[doc(hidden)]
    fn wrong(&self, index: usize, error: BoxError) -> Error;
}

/// A value's type and bytes; none for null.
#[doc(hidden)]
#[derive(Debug)]
pub struct Raw<'r>(pub(crate) &'r Type, pub(crate) Option<&'r [u8]>);

/// The bytes of a value of any type.
pub(super) struct Bytes<'r>(pub(super) Option<&'r [u8]>);

impl<'r> FromSql<'r> for Bytes<'r> {
    fn from_sql(_: &Type, raw: &'r [u8]) -> Result<Self, BoxError> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, BoxError> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl Cells for Row {
    fn cell<'r, T: FromSql<'r>>(&'r self, index: usize) -> Result<T> {
        self.try_get(index).map_err(|error| {
            let column = self.columns().get(index).map_or_else(|| numbered(index), |column| column.name().to_owned());
            Error::decode(column, error)
        })
    }

    fn raw(&self, index: usize) -> Result<Raw<'_>> {
        let Bytes(raw) = self.cell(index)?;
        let column = self.columns().get(index).ok_or_else(|| self.wrong(index, "there is no such column".into()))?;
        Ok(Raw(column.type_(), raw))
    }

    fn wrong(&self, index: usize, error: BoxError) -> Error {
        let column = self.columns().get(index).map_or_else(|| numbered(index), |column| column.name().to_owned());
        Error::new(Kind::Decode { column, error })
    }
}

pub(super) fn numbered(index: usize) -> String {
    format!("number {}", index + 1)
}

/// A record as the server sends it in one column: `ROW(…)`, each field with its type.
///
/// Source: `record_send` in PostgreSQL's source.
#[derive(Debug)]
struct Record<'r> {
    fields: Vec<Cell<'r>>,
}

/// A value's type and bytes; none for null.
type Cell<'r> = (Type, Option<&'r [u8]>);

impl Cells for Record<'_> {
    fn cell<'r, T: FromSql<'r>>(&'r self, index: usize) -> Result<T> {
        let Raw(ty, value) = self.raw(index)?;
        if !T::accepts(ty) {
            return Err(self.wrong(index, WrongType::new::<T>(ty.clone()).into()));
        }
        T::from_sql_nullable(ty, value).map_err(|error| self.wrong(index, error))
    }

    fn raw(&self, index: usize) -> Result<Raw<'_>> {
        let (ty, value) = self.fields.get(index).ok_or_else(|| self.wrong(index, "there is no such field".into()))?;
        Ok(Raw(ty, *value))
    }

    fn wrong(&self, index: usize, error: BoxError) -> Error {
        Error::new(Kind::Decode { column: numbered(index), error })
    }
}

/// The next four bytes.
fn number(raw: &mut &[u8]) -> Option<i32> {
    let (bytes, rest) = raw.split_first_chunk()?;
    *raw = rest;
    Some(i32::from_be_bytes(*bytes))
}

fn fields(mut raw: &[u8]) -> Option<Vec<Cell<'_>>> {
    let count = usize::try_from(number(&mut raw)?).ok()?;
    // What is said of the number is not believed before it is there.
    let mut fields = Vec::with_capacity(count.min(1_664));
    for _ in 0..count {
        let ty = Type::from_oid(number(&mut raw)?.cast_unsigned())?;
        let value = match usize::try_from(number(&mut raw)?) {
            Err(_null) => None,
            Ok(length) => {
                let (value, rest) = raw.split_at_checked(length)?;
                raw = rest;
                Some(value)
            }
        };
        fields.push((ty, value));
    }
    raw.is_empty().then_some(fields)
}

impl<'r> FromSql<'r> for Record<'r> {
    fn from_sql(_: &Type, raw: &'r [u8]) -> Result<Self, BoxError> {
        fields(raw).map(|fields| Self { fields }).ok_or_else(|| "it is no record of values of PostgreSQL's own types".into())
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::RECORD
    }
}

/// Records as the server sends them in one column: an array of them.
///
/// Source: `array_send` in PostgreSQL's source.
#[derive(Debug)]
pub struct Records<'r>(Vec<Record<'r>>);

impl Records<'_> {
    /// Each record as a row.
    ///
    /// # Errors
    ///
    /// When one of them does not hold the columns of the row.
    pub fn rows<T: super::FromRow>(&self) -> Result<Vec<T>> {
        self.0.iter().map(|record| T::from_row(record, 0)).collect()
    }

    /// The one value of each record, which may be null.
    pub(crate) fn singles<T>(&self, one: super::form::Reader<T>) -> Result<Vec<Option<T>>, BoxError> {
        let single = |record: &Record<'_>| {
            let (ty, raw) = record.fields.first().ok_or("it is a record without values")?;
            raw.map(|raw| one(ty, raw)).transpose()
        };
        self.0.iter().map(single).collect()
    }

    pub(crate) fn read<O: super::Reading>(&self, reading: &O) -> Result<Vec<O::Output>> {
        self.0.iter().map(|record| reading.read(record, 0)).collect()
    }
}

/// The records of an array of one dimension, none of them null.
fn records(mut raw: &[u8]) -> Option<Vec<Record<'_>>> {
    let dimensions = number(&mut raw)?;
    let (_nulls, _type) = (number(&mut raw)?, number(&mut raw)?);
    if dimensions == 0 {
        return raw.is_empty().then(Vec::new);
    }
    let length = usize::try_from(number(&mut raw)?).ok().filter(|_| dimensions == 1)?;
    let _lower_bound = number(&mut raw)?;
    // A record takes eight bytes at least.
    let mut records = Vec::with_capacity(length.min(raw.len() / 8));
    for _ in 0..length {
        let size = usize::try_from(number(&mut raw)?).ok()?;
        let (record, rest) = raw.split_at_checked(size)?;
        raw = rest;
        records.push(Record { fields: fields(record)? });
    }
    raw.is_empty().then_some(records)
}

impl<'r> FromSql<'r> for Records<'r> {
    fn from_sql(_: &Type, raw: &'r [u8]) -> Result<Self, BoxError> {
        records(raw).map(Self).ok_or_else(|| "it is no array of records of values of PostgreSQL's own types".into())
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::RECORD_ARRAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_record_is_refused_without_a_panic() {
        let record = [0, 0, 0, 2, 0, 0, 0, 23, 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 25, 255, 255, 255, 255];
        let read = Record::from_sql(&Type::RECORD, &record).expect("a record");
        assert_eq!(read.cell::<i32>(0).ok(), Some(7));
        assert_eq!(read.cell::<Option<String>>(1).ok(), Some(None));
        assert!(read.cell::<String>(0).is_err() && read.cell::<String>(1).is_err() && read.cell::<i32>(2).is_err());
        for length in 0..record.len() {
            assert!(Record::from_sql(&Type::RECORD, &record[..length]).is_err());
        }
        assert!(Record::from_sql(&Type::RECORD, &[127, 255, 255, 255]).is_err());

        let mut array = vec![0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 8, 201, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 24];
        array.extend(record);
        assert_eq!(Records::from_sql(&Type::RECORD_ARRAY, &array).expect("an array").0.len(), 1);
        for length in 0..array.len() {
            assert!(Records::from_sql(&Type::RECORD_ARRAY, &array[..length]).is_err());
        }
    }
}
