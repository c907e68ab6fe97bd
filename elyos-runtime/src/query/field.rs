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

    /// Whether nothing is said.
    pub const fn is_unset(&self) -> bool {
        matches!(self, Self::Unset)
    }
}

/// The value; a struct leaves out what is unset.
#[cfg(feature = "serde")]
impl<T: serde::Serialize> serde::Serialize for Field<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unset => serializer.serialize_unit(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

/// A value that is there is set, null as well where the column takes it; one that is left out is what `#[serde(default)]` makes of it.
#[cfg(feature = "serde")]
impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Field<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::Set)
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}
