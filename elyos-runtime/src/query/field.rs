//! A column's value in an insert or update that may also say nothing.

/// What an insert or an update says of a column: nothing, or a value.
///
/// Saying nothing lets an insert use the column's default and an update leave it alone. For a column that takes
/// null the value is an `Option`, so null is `Set(None)`: nothing, null and a value are told apart.
///
/// ```
/// use elyos_runtime::prelude::*;
///
/// let name: Field<Option<String>> = Set(Some("ann".to_owned()));
/// let cleared: Field<Option<String>> = Set(None);
/// let untouched: Field<Option<String>> = default();
/// assert_eq!(untouched, Unset);
/// assert_ne!(cleared, untouched);
/// # drop(name);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Field<T> {
    /// Nothing is said: the default on insert, no change on update.
    #[default]
    Unset,
    /// This value.
    Set(T),
}

impl<T> Field<T> {
    /// The value, where one is set.
    pub fn as_set(&self) -> Option<&T> {
        match self {
            Self::Unset => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}
