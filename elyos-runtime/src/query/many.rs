//! The values of one column of many rows, bound as one array.

use std::error::Error as StdError;
use std::sync::Arc;

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::{IsNull, Kind, ToSql, Type, to_sql_checked};

use super::{ArrayLiteral, Said, Value};

/// Values as the elements of an array, encoded without copying them first.
pub(crate) struct Many<'v> {
    elements: Elements<'v>,
}

enum Elements<'v> {
    Own(Vec<Element<'v>>),
    /// A column of a table of so many columns, row after row.
    Column {
        table: Arc<Vec<Said<'v>>>,
        first: usize,
        width: usize,
    },
}

#[derive(Clone, Copy)]
enum Element<'v> {
    Value(Value<'v>),
    Null,
    /// An array among others is text.
    Array(&'v (dyn ArrayLiteral + Sync)),
}

/// How many they are, and none of them.
impl std::fmt::Debug for Many<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Many({})", self.len())
    }
}

impl<'v> Many<'v> {
    pub(crate) fn with_capacity(elements: usize) -> Self {
        Self { elements: Elements::Own(Vec::with_capacity(elements)) }
    }

    /// The values of a column of rows that all say the same columns, which stand one row after the other.
    pub(crate) fn column(table: Arc<Vec<Said<'v>>>, first: usize, width: usize) -> Self {
        Self { elements: Elements::Column { table, first, width } }
    }

    pub(crate) fn push(&mut self, value: Value<'v>) {
        self.push_element(Element::Value(value));
    }

    pub(crate) fn push_null(&mut self) {
        self.push_element(Element::Null);
    }

    pub(crate) fn push_array(&mut self, array: &'v (dyn ArrayLiteral + Sync)) {
        self.push_element(Element::Array(array));
    }

    fn push_element(&mut self, element: Element<'v>) {
        if let Elements::Column { .. } = self.elements {
            self.elements = Elements::Own(self.iter().collect());
        }
        if let Elements::Own(own) = &mut self.elements {
            own.push(element);
        }
    }

    fn len(&self) -> usize {
        match &self.elements {
            Elements::Own(own) => own.len(),
            Elements::Column { table, width, .. } => table.len() / width.max(&1),
        }
    }

    fn iter(&self) -> impl Iterator<Item = Element<'v>> {
        let (own, column) = match &self.elements {
            Elements::Own(own) => (own.as_slice(), None),
            Elements::Column { table, first, width } => ([].as_slice(), Some(table.iter().skip(*first).step_by((*width).max(1)))),
        };
        let said = |said: &Said<'v>| said.literal.map_or(Element::Value(said.value), Element::Array);
        own.iter().copied().chain(column.into_iter().flatten().map(said))
    }
}

impl ToSql for Many<'_> {
    /// An array of one dimension, as `array_recv` of PostgreSQL's source reads it.
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let Kind::Array(element_type) = ty.kind() else { return Err(format!("{ty} is no type of an array").into()) };
        let length = i32::try_from(self.len()).map_err(|_| "an array has less than two billion elements")?;
        out.put_i32(i32::from(length > 0));
        // Whether there are nulls is not known yet.
        let nulls_at = out.len();
        out.put_i32(0);
        out.put_u32(element_type.oid());
        if length > 0 {
            out.put_i32(length);
            out.put_i32(1);
        }
        let mut nulls = false;
        for element in self.iter() {
            let size_at = out.len();
            out.put_i32(-1);
            let is_null = match element {
                Element::Value(value) => value.to_sql_checked(element_type, out)?,
                Element::Null => IsNull::Yes,
                Element::Array(array) => match array.literal() {
                    Some(text) => {
                        out.put_slice(text.as_bytes());
                        IsNull::No
                    }
                    None => IsNull::Yes,
                },
            };
            match is_null {
                IsNull::Yes => nulls = true,
                IsNull::No => {
                    let size = i32::try_from(out.len() - size_at - 4).map_err(|_| "a value of an array is less than 2 GB")?;
                    out[size_at..size_at + 4].copy_from_slice(&size.to_be_bytes());
                }
            }
        }
        out[nulls_at..nulls_at + 4].copy_from_slice(&i32::from(nulls).to_be_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Array(_))
    }

    to_sql_checked!();
}
