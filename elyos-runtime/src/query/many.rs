//! The values of one column of many rows, bound as one array.

use std::error::Error as StdError;

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::{IsNull, Kind, ToSql, Type, to_sql_checked};

use super::{ArrayLiteral, Value};

/// Values as the elements of an array, encoded without copying them first.
#[derive(Default)]
pub(crate) struct Many<'v> {
    elements: Vec<Element<'v>>,
}

enum Element<'v> {
    Value(Value<'v>),
    Null,
    /// An array among others is text.
    Array(&'v (dyn ArrayLiteral + Sync)),
}

/// How many they are, and none of them.
impl std::fmt::Debug for Many<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Many({})", self.elements.len())
    }
}

impl<'v> Many<'v> {
    pub(crate) fn with_capacity(elements: usize) -> Self {
        Self { elements: Vec::with_capacity(elements) }
    }

    pub(crate) fn push(&mut self, value: Value<'v>) {
        self.elements.push(Element::Value(value));
    }

    pub(crate) fn push_null(&mut self) {
        self.elements.push(Element::Null);
    }

    pub(crate) fn push_array(&mut self, array: &'v (dyn ArrayLiteral + Sync)) {
        self.elements.push(Element::Array(array));
    }
}

impl ToSql for Many<'_> {
    /// An array of one dimension, as `array_recv` of PostgreSQL's source reads it.
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let Kind::Array(element_type) = ty.kind() else { return Err(format!("{ty} is no type of an array").into()) };
        let length = i32::try_from(self.elements.len()).map_err(|_| "an array has less than two billion elements")?;
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
        for element in &self.elements {
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
