//! Composite values as text: for what `types!()` emits.

use super::quoted::{piece, write_quoted};
use super::{FromLiteral, ValueError};
use crate::query::Literal;

/// Writes the attributes of a composite value, one after the other.
///
/// Source: PostgreSQL, "Composite Type Input and Output Syntax".
#[derive(Debug)]
pub struct CompositeWriter<'t> {
    to: &'t mut String,
    first: bool,
}

impl<'t> CompositeWriter<'t> {
    /// A value that is appended to the text.
    pub fn new(to: &'t mut String) -> Self {
        to.push('(');
        Self { to, first: true }
    }

    /// The next attribute.
    pub fn attribute<T: Literal>(&mut self, value: Option<&T>) {
        if !std::mem::take(&mut self.first) {
            self.to.push(',');
        }
        if let Some(value) = value {
            let mut text = String::new();
            value.write_literal(&mut text);
            write_quoted(&text, self.to);
        }
    }

    /// No attribute follows.
    pub fn end(self) {
        self.to.push(')');
    }
}

/// Reads the attributes of a composite value, one after the other.
///
/// ```
/// use elyos_runtime::types::CompositeReader;
///
/// let mut reader = CompositeReader::new(r#"(7,"a ""b""",)"#, "app.thing")?;
/// assert_eq!(reader.attribute::<i32>("number")?, Some(7));
/// assert_eq!(reader.attribute::<String>("name")?.as_deref(), Some(r#"a "b""#));
/// assert_eq!(reader.attribute::<bool>("is_new")?, None);
/// reader.end()?;
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug)]
pub struct CompositeReader<'t> {
    /// From the next attribute on; none when all have been read.
    rest: Option<&'t str>,
    /// The type's name, for errors.
    of: &'static str,
}

impl<'t> CompositeReader<'t> {
    /// The text of a value of the composite type `of`.
    ///
    /// # Errors
    ///
    /// When it does not begin as one.
    pub fn new(text: &'t str, of: &'static str) -> Result<Self, ValueError> {
        match text.strip_prefix('(') {
            Some(rest) => Ok(Self { rest: Some(rest), of }),
            None => Err(ValueError::text(of)),
        }
    }

    /// The next attribute.
    ///
    /// # Errors
    ///
    /// When there is none, or its type cannot hold it; the error names the attribute.
    pub fn attribute<T: FromLiteral>(&mut self, name: &str) -> Result<Option<T>, ValueError> {
        let fewer = || ValueError::new(format!("the value of {} has no attribute {name}: the type has changed", self.of));
        let rest = self.rest.ok_or_else(fewer)?;
        let (value, end) = piece(rest, &[',', ')']).ok_or_else(|| ValueError::text(self.of))?;
        self.rest = match end {
            ")" => None,
            more => Some(more.strip_prefix(',').ok_or_else(|| ValueError::text(self.of))?),
        };
        if value.text.is_empty() && !value.quoted {
            return Ok(None);
        }
        T::from_literal(&value.text).map(Some).map_err(|error| ValueError::new(format!("the attribute {name} of {}: {error}", self.of)))
    }

    /// No attribute follows.
    ///
    /// # Errors
    ///
    /// When one does.
    pub fn end(self) -> Result<(), ValueError> {
        match self.rest {
            // Of no attributes nothing has been read.
            None | Some(")") => Ok(()),
            Some(_) => Err(ValueError::new(format!("the value of {} has more attributes than are known: the type has changed", self.of))),
        }
    }
}
