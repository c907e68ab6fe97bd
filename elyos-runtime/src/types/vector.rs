//! `vector`.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use super::ValueError;
use super::binary::travels_as_text;
use crate::query::Literal as _;

/// Numbers in a row: the type of the extension `vector` (pgvector).
///
/// ```
/// use elyos_runtime::types::Vector;
///
/// let vector: Vector = "[1,2.5,-3]".parse()?;
/// assert_eq!(vector.0, [1.0, 2.5, -3.0]);
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Vector(pub Vec<f32>);

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for (index, number) in self.0.iter().enumerate() {
            text.push(if index == 0 { '[' } else { ',' });
            number.write_literal(&mut text);
        }
        if self.0.is_empty() {
            text.push('[');
        }
        f.write_str(&text)?;
        f.write_char(']')
    }
}

impl FromStr for Vector {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::text("vector");
        let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).ok_or_else(wrong)?;
        if inner.is_empty() {
            return Ok(Self::default());
        }
        let numbers = inner.split(',').map(|number| number.trim().parse::<f32>().map_err(|_| wrong()));
        numbers.collect::<Result<_, _>>().map(Self)
    }
}

travels_as_text!(Vector);
