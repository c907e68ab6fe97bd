//! The Rust types that stand for one of PostgreSQL's by themselves.

use super::{Form, Travel};
use crate::types;

/// A Rust type that stands for one of PostgreSQL's by itself: what a value, a cast or a function's answer is of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` stands for no type of PostgreSQL's by itself",
    note = "a `Form` says which one is meant: `Form::cast(\"schema.type\")`"
)]
pub trait SqlType: Sized + 'static {
    /// How its values travel.
    const FORM: Form<Self>;
}

/// The form of a type, for casts: `users::ID.cast(sql_type::<i64>())`.
#[must_use]
pub const fn sql_type<T: SqlType>() -> Form<T> {
    T::FORM
}

/// A type whose arrays stand for those of PostgreSQL's: the schema's types and PostgreSQL's own, but no arrays themselves.
#[diagnostic::on_unimplemented(
    message = "arrays of `{Self}` stand for no type of PostgreSQL's by themselves",
    note = "a `Form` says which one is meant: `Form::cast_array(\"schema.type[]\")`"
)]
pub trait SqlElement: SqlType {
    /// How arrays of its values travel.
    const ARRAY: Form<Vec<Option<Self>>>;
}

impl<T: SqlElement> SqlType for Vec<Option<T>> {
    const FORM: Form<Self> = T::ARRAY;
}

macro_rules! sql_types {
    ($($make:ident { $($rust:ty, $travel:ident $ty:literal;)* })*) => {
        $($(impl SqlType for $rust {
            const FORM: Form<Self> = Form::$make(Travel::$travel, $ty);
        }

        impl SqlElement for $rust {
            const ARRAY: Form<Vec<Option<Self>>> = Form::$make(Travel::$travel.in_arrays(), concat!($ty, "[]"));
        })*)*
    };
}

/// The ranges of the types by which days and times are told.
macro_rules! ranges_of_times {
    ($day:ty, $clock:ty, $local:ty, $instant:ty) => {
        sql_types! {
            new {
                types::TimeTz<$clock>, TIMETZ "timetz";
                types::Range<$day>, DATERANGE "daterange";
                types::Range<$local>, TSRANGE "tsrange";
                types::Range<$instant>, TSTZRANGE "tstzrange";
                types::Multirange<$day>, DATEMULTIRANGE "datemultirange";
                types::Multirange<$local>, TSMULTIRANGE "tsmultirange";
                types::Multirange<$instant>, TSTZMULTIRANGE "tstzmultirange";
            }
        }
    };
}

sql_types! {
    new {
        bool, BOOL "boolean";
        i8, CHAR "\"char\"";
        i16, INT2 "smallint";
        i32, INT4 "integer";
        i64, INT8 "bigint";
        u32, OID "oid";
        f32, FLOAT4 "real";
        f64, FLOAT8 "double precision";
        String, TEXT "text";
        Vec<u8>, BYTEA "bytea";
        uuid::Uuid, UUID "uuid";
        serde_json::Value, JSONB "jsonb";
        types::Interval, INTERVAL "interval";
        types::Inet, INET "inet";
        types::Cidr, CIDR "cidr";
        types::MacAddr, MACADDR "macaddr";
        types::MacAddr8, MACADDR8 "macaddr8";
        types::Bits, VARBIT "varbit";
        types::PgLsn, PG_LSN "pg_lsn";
        types::Point, POINT "point";
        types::Line, LINE "line";
        types::LineSegment, LSEG "lseg";
        types::Rect, BOX "box";
        types::Path, PATH "path";
        types::Polygon, POLYGON "polygon";
        types::Circle, CIRCLE "circle";
        types::Range<i32>, INT4RANGE "int4range";
        types::Range<i64>, INT8RANGE "int8range";
        types::Range<rust_decimal::Decimal>, NUMRANGE "numrange";
        types::Multirange<i32>, INT4MULTIRANGE "int4multirange";
        types::Multirange<i64>, INT8MULTIRANGE "int8multirange";
        types::Multirange<rust_decimal::Decimal>, NUMMULTIRANGE "nummultirange";
    }
    exact {
        rust_decimal::Decimal, NUMERIC "numeric";
        std::net::IpAddr, INET "inet";
        chrono::NaiveDate, DATE "date";
        chrono::NaiveTime, TIME "time";
        chrono::NaiveDateTime, TIMESTAMP "timestamp";
        chrono::DateTime<chrono::Utc>, TIMESTAMPTZ "timestamptz";
    }
}

ranges_of_times!(chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>);

#[cfg(feature = "time")]
sql_types! {
    exact {
        ::time::Date, DATE "date";
        ::time::Time, TIME "time";
        ::time::PrimitiveDateTime, TIMESTAMP "timestamp";
        ::time::OffsetDateTime, TIMESTAMPTZ "timestamptz";
    }
}

#[cfg(feature = "time")]
ranges_of_times!(::time::Date, ::time::Time, ::time::PrimitiveDateTime, ::time::OffsetDateTime);

#[cfg(feature = "jiff")]
sql_types! {
    exact {
        jiff::civil::Date, DATE "date";
        jiff::civil::Time, TIME "time";
        jiff::civil::DateTime, TIMESTAMP "timestamp";
        jiff::Timestamp, TIMESTAMPTZ "timestamptz";
    }
}

#[cfg(feature = "jiff")]
ranges_of_times!(jiff::civil::Date, jiff::civil::Time, jiff::civil::DateTime, jiff::Timestamp);
