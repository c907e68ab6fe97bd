//! Values of other crates' types, read so that none becomes another.
//!
//! The driver's own way of reading them makes midnight of `24:00`, drops an address's netmask, and rounds a number of many digits.

use tokio_postgres::types::{FromSql, Type};

use super::{BoxError, Element};

/// A value that is read as [`Element::from_binary`] reads it.
#[derive(Debug)]
pub struct Exact<T>(T);

impl<'a, T: Element> FromSql<'a> for Exact<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        T::from_binary(ty, raw).map(Self)
    }

    fn accepts(ty: &Type) -> bool {
        <T as FromSql<'a>>::accepts(ty)
    }
}

/// A field that is read exactly.
pub trait Exactly: Sized {
    /// As what it is read.
    type Read: for<'a> FromSql<'a>;

    /// The field's value.
    fn of(read: Self::Read) -> Self;
}

macro_rules! exactly {
    ($($ty:ty),*) => {
        $(impl Exactly for $ty {
            type Read = Exact<$ty>;

            fn of(read: Exact<$ty>) -> Self {
                read.0
            }
        })*
    };
}

exactly!(
    chrono::NaiveDate,
    chrono::NaiveTime,
    chrono::NaiveDateTime,
    chrono::DateTime<chrono::Utc>,
    rust_decimal::Decimal,
    std::net::IpAddr
);

#[cfg(feature = "time")]
exactly!(::time::Date, ::time::Time, ::time::PrimitiveDateTime, ::time::OffsetDateTime);

#[cfg(feature = "jiff")]
exactly!(jiff::civil::Date, jiff::civil::Time, jiff::civil::DateTime, jiff::Timestamp);

impl<T: Exactly> Exactly for Option<T> {
    type Read = Option<T::Read>;

    fn of(read: Self::Read) -> Self {
        read.map(T::of)
    }
}

impl<T: Exactly> Exactly for Vec<T> {
    type Read = Vec<T::Read>;

    fn of(read: Self::Read) -> Self {
        read.into_iter().map(T::of).collect()
    }
}
