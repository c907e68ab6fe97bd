//! Arrays of any number of dimensions.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use super::binary::{Bytes, put_sized};
use super::quoted::piece;
use super::{BoxError, Element, FromLiteral, ValueError};
use crate::query::{ArrayLiteral, Literal, write_element};

/// How long an array is in one direction, and the number of its first place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dimension {
    /// How many places there are.
    pub len: usize,
    /// The first place's number: 1 unless something else was said.
    pub lower: i32,
}

/// An array of any number of dimensions, any of whose elements may be null.
///
/// ```
/// use elyos_runtime::types::Array;
///
/// let grid: Array<i32> = Array::from_rows(vec![vec![Some(1), Some(2)], vec![Some(3), None]])?;
/// assert_eq!(grid.to_string(), r#"{{"1","2"},{"3",NULL}}"#);
/// assert_eq!((grid.get(&[2, 1]), grid.get(&[2, 2]), grid.get(&[3, 1])), (Some(Some(&3)), Some(None), None));
/// assert_eq!("[0:1]={1,2}".parse::<Array<i32>>()?.get(&[0]), Some(Some(&1)));
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Array<T> {
    dimensions: Vec<Dimension>,
    elements: Vec<Option<T>>,
}

/// As many as PostgreSQL's arrays have at most.
const MOST_DIMENSIONS: usize = 6;

impl<T> Array<T> {
    /// An array of these dimensions, with the elements in the order of PostgreSQL: the last dimension's first.
    ///
    /// # Errors
    ///
    /// When there are not as many elements as the dimensions have places, more than six dimensions, or one with no places.
    pub fn new(dimensions: Vec<Dimension>, elements: Vec<Option<T>>) -> Result<Self, ValueError> {
        if dimensions.len() > MOST_DIMENSIONS {
            return Err(ValueError::new("an array has at most six dimensions"));
        }
        let places = dimensions.iter().try_fold(1_usize, |places, dimension| places.checked_mul(dimension.len));
        let places = if dimensions.is_empty() { Some(0) } else { places.filter(|places| *places > 0) };
        if places != Some(elements.len()) {
            return Err(ValueError::new("an array has as many elements as its dimensions have places, and none without places"));
        }
        Ok(Self { dimensions, elements })
    }

    /// An array of two dimensions.
    ///
    /// # Errors
    ///
    /// When the rows are not all of one length.
    pub fn from_rows(rows: Vec<Vec<Option<T>>>) -> Result<Self, ValueError> {
        let width = rows.first().map_or(0, Vec::len);
        if rows.iter().any(|row| row.len() != width) {
            return Err(ValueError::new("the rows of an array are of one length"));
        }
        if width == 0 {
            return Ok(Self::default());
        }
        let dimensions = [rows.len(), width].map(|len| Dimension { len, lower: 1 });
        Self::new(dimensions.to_vec(), rows.into_iter().flatten().collect())
    }

    /// The dimensions; none of an array without elements.
    #[must_use]
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// The elements, those of the last dimension beside each other.
    #[must_use]
    pub fn elements(&self) -> &[Option<T>] {
        &self.elements
    }

    /// The elements by themselves.
    #[must_use]
    pub fn into_elements(self) -> Vec<Option<T>> {
        self.elements
    }

    /// What is at a place, by its number in each dimension.
    #[must_use]
    pub fn get(&self, place: &[i32]) -> Option<Option<&T>> {
        if place.len() != self.dimensions.len() {
            return None;
        }
        let mut at = 0;
        for (number, dimension) in place.iter().zip(&self.dimensions) {
            let within = usize::try_from(i64::from(*number) - i64::from(dimension.lower)).ok().filter(|within| *within < dimension.len)?;
            at = at * dimension.len + within;
        }
        self.elements.get(at).map(Option::as_ref)
    }
}

impl<T> Default for Array<T> {
    fn default() -> Self {
        Self { dimensions: Vec::new(), elements: Vec::new() }
    }
}

impl<T> From<Vec<Option<T>>> for Array<T> {
    fn from(elements: Vec<Option<T>>) -> Self {
        let dimensions = if elements.is_empty() { Vec::new() } else { vec![Dimension { len: elements.len(), lower: 1 }] };
        Self { dimensions, elements }
    }
}

impl<'a, T: Element> FromSql<'a> for Array<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        let Kind::Array(of) = ty.kind() else { return Err(ValueError::bytes("array").into()) };
        let mut bytes = Bytes::new(raw, "array");
        let (count, _nulls, _oid) = (bytes.count()?, bytes.i32()?, bytes.u32()?);
        let mut dimensions = Vec::with_capacity(count.min(MOST_DIMENSIONS));
        for _ in 0..count {
            dimensions.push(Dimension { len: bytes.count()?, lower: bytes.i32()? });
        }
        let places = dimensions.iter().try_fold(1_usize, |places, dimension| places.checked_mul(dimension.len));
        let places = if count == 0 { 0 } else { places.ok_or_else(|| ValueError::bytes("array"))? };
        let mut elements = Vec::with_capacity(places.min(bytes.room(4)));
        for _ in 0..places {
            elements.push(bytes.sized()?.map(|raw| T::from_binary(of, raw)).transpose()?);
        }
        bytes.end()?;
        Ok(Self::new(dimensions, elements)?)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Array(of) if <T as FromSql<'a>>::accepts(of))
    }
}

impl<T: Element + fmt::Debug> ToSql for Array<T> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        let Kind::Array(of) = ty.kind() else { return Err(ValueError::new("an array is bound as one").into()) };
        let number = |count: usize| i32::try_from(count).map_err(|_| ValueError::new("an array has less than two billion places"));
        out.put_i32(number(self.dimensions.len())?);
        out.put_i32(self.elements.iter().any(Option::is_none).into());
        out.put_u32(of.oid());
        for dimension in &self.dimensions {
            out.put_i32(number(dimension.len)?);
            out.put_i32(dimension.lower);
        }
        for element in &self.elements {
            put_sized(out, |out| match element {
                Some(element) => Ok(matches!(element.to_sql(of, out)?, IsNull::No)),
                None => Ok(false),
            })?;
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Array(of) if <T as ToSql>::accepts(of))
    }

    to_sql_checked!();
}

impl<T: Literal> Array<T> {
    /// The braces of the dimensions from this one on, around elements that are taken one after the other.
    fn write_from(&self, depth: usize, elements: &mut std::slice::Iter<'_, Option<T>>, to: &mut String) {
        let Some(dimension) = self.dimensions.get(depth) else { return };
        to.push('{');
        for index in 0..dimension.len {
            if index > 0 {
                to.push(T::DELIMITER);
            }
            if depth + 1 < self.dimensions.len() {
                self.write_from(depth + 1, elements, to);
            } else {
                write_element(elements.next().and_then(Option::as_ref), to);
            }
        }
        to.push('}');
    }
}

impl<T: Literal> Literal for Array<T> {
    fn write_literal(&self, to: &mut String) {
        use fmt::Write as _;
        if self.dimensions.is_empty() {
            to.push_str("{}");
            return;
        }
        if self.dimensions.iter().any(|dimension| dimension.lower != 1) {
            for Dimension { len, lower } in &self.dimensions {
                let len = i64::try_from(*len).unwrap_or(i64::MAX);
                // Writing to a String cannot fail.
                let _ = write!(to, "[{lower}:{}]", i64::from(*lower).saturating_add(len).saturating_sub(1));
            }
            to.push('=');
        }
        self.write_from(0, &mut self.elements.iter(), to);
    }
}

impl<T: Literal> ArrayLiteral for Array<T> {
    fn literal(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl<T: Literal> fmt::Display for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write_literal(&mut text);
        f.write_str(&text)
    }
}

/// What has been read of the braces.
struct Reader<T> {
    /// How many places each dimension turned out to have.
    lens: Vec<Option<usize>>,
    elements: Vec<Option<T>>,
}

impl<T: FromLiteral + Literal> Reader<T> {
    /// Reads one pair of braces and what is in it; what follows is left.
    fn braces<'t>(&mut self, text: &'t str, depth: usize) -> Result<&'t str, ValueError> {
        let wrong = || ValueError::text("array");
        let mut rest = text.strip_prefix('{').filter(|_| depth < MOST_DIMENSIONS).ok_or_else(wrong)?;
        if self.lens.len() == depth {
            self.lens.push(None);
        }
        let mut len = 0;
        let of_braces = rest.starts_with('{');
        loop {
            if rest.starts_with('{') != of_braces {
                return Err(wrong());
            }
            if of_braces {
                rest = self.braces(rest, depth + 1)?;
            } else {
                // Elements stand in the innermost braces alone.
                if self.lens.len() > depth + 1 {
                    return Err(wrong());
                }
                let (element, end) = piece(rest, &[T::DELIMITER, '}']).ok_or_else(wrong)?;
                let is_null = !element.quoted && element.text.eq_ignore_ascii_case("null");
                self.elements.push(if is_null { None } else { Some(T::from_literal(&element.text)?) });
                rest = end;
            }
            len += 1;
            if let Some(end) = rest.strip_prefix('}') {
                let known = self.lens.get_mut(depth).ok_or_else(wrong)?;
                return if *known.get_or_insert(len) == len { Ok(end) } else { Err(wrong()) };
            }
            rest = rest.strip_prefix(T::DELIMITER).ok_or_else(wrong)?;
        }
    }
}

/// `[0:2][1:3]=` before the braces.
fn lower_bounds(text: &str) -> Option<(Vec<i32>, &str)> {
    let Some((bounds, braces)) = text.split_once('=').filter(|_| text.starts_with('[')) else { return Some((Vec::new(), text)) };
    let bounds = bounds.strip_prefix('[')?.strip_suffix(']')?.split("][");
    let lower = bounds.map(|bounds| bounds.split_once(':')?.0.parse().ok());
    Some((lower.collect::<Option<_>>()?, braces))
}

impl<T: FromLiteral + Literal> FromLiteral for Array<T> {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::text("array");
        if text == "{}" {
            return Ok(Self::default());
        }
        let (lower, braces) = lower_bounds(text).ok_or_else(wrong)?;
        let mut reader = Reader { lens: Vec::new(), elements: Vec::new() };
        if !reader.braces(braces, 0)?.is_empty() || !(lower.is_empty() || lower.len() == reader.lens.len()) {
            return Err(wrong());
        }
        let lower = lower.into_iter().chain(std::iter::repeat(1));
        let dimensions = reader.lens.into_iter().zip(lower).map(|(len, lower)| Dimension { len: len.unwrap_or(0), lower });
        Self::new(dimensions.collect(), reader.elements).map_err(|_| wrong())
    }
}

impl<T: FromLiteral + Literal> FromStr for Array<T> {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::from_literal(text)
    }
}

/// As its text.
#[cfg(feature = "serde")]
impl<T: Literal> serde::Serialize for Array<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: FromLiteral + Literal> serde::Deserialize<'de> for Array<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::as_text::deserialize_text(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read() -> Result<(), ValueError> {
        let words = |words: &[Option<&str>]| words.iter().map(|word| word.map(str::to_owned)).collect::<Vec<_>>();
        for array in [
            Array::default(),
            Array::from(words(&[Some("a,b"), None, Some("NULL"), Some(""), Some("{}\"\\")])),
            Array::from_rows(vec![words(&[Some("a"), None]), words(&[Some("b"), Some("c")])])?,
            Array::new(vec![Dimension { len: 2, lower: -1 }, Dimension { len: 1, lower: 0 }], words(&[Some("x"), Some("y")]))?,
        ] {
            assert_eq!(array.to_string().parse(), Ok(array));
        }
        Ok(())
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in ["", "{", "{1", "{1}{", "{{1},{2,3}}", "{{1},2}", "{1,{2}}", "[0:1]{1,2}", "[0:0][0:0]={1}", "{{{{{{{1}}}}}}}"] {
            assert_eq!(text.parse::<Array<i32>>(), Err(ValueError::text("array")), "{text}");
        }
        assert!(Array::new(vec![Dimension { len: 2, lower: 1 }], vec![Some(1)]).is_err());
        assert!(Array::<i32>::new(vec![Dimension { len: 0, lower: 1 }], vec![]).is_err());
    }
}
