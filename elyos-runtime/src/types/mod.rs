//! Rust types for those of PostgreSQL's that the standard library and the usual crates have none for.
//!
//! Each is read and written in PostgreSQL's binary form, and has the text that PostgreSQL prints and reads (`Display`, `FromStr`). What one
//! of the two sides has and the other has not, such as `infinity` among the times, is a [`ValueError`] and never another value.
//!
//! ```
//! use elyos_runtime::types::{Interval, Range};
//!
//! let month: Interval = "1 mon 2 days 03:00:00".parse()?;
//! assert_eq!(month, Interval { months: 1, days: 2, microseconds: 3 * 3_600_000_000 });
//! assert_eq!(Range::from(1..5).to_string(), "[1,5)");
//! # Ok::<(), elyos_runtime::types::ValueError>(())
//! ```

mod array;
pub(crate) mod as_text;
mod binary;
mod bits;
mod composite;
mod element;
mod exact;
mod geometry;
mod hstore;
mod inet;
mod interval;
mod json;
mod localized;
mod lsn;
mod mac;
mod multirange;
mod quoted;
mod range;
mod shapes;
mod text;
mod time_tz;
mod times;
mod value_error;
mod vector;

pub use array::{Array, Dimension};
pub use bits::Bits;
pub use composite::{CompositeReader, CompositeWriter};
pub use element::{Element, FromLiteral};
#[doc(hidden)]
pub use exact::Exactly;
pub use geometry::{Line, LineSegment, Point, Rect};
pub use hstore::Hstore;
pub use inet::{Cidr, Inet};
pub use interval::Interval;
pub use json::Json;
pub use localized::LocalizedText;
pub use lsn::PgLsn;
pub use mac::{MacAddr, MacAddr8};
pub use multirange::Multirange;
pub(crate) use quoted::write_quoted;
pub use range::Range;
pub use shapes::{Circle, Path, Polygon};
pub use time_tz::TimeTz;
pub use times::Clock;
pub use value_error::ValueError;
pub use vector::Vector;

/// As the traits of the driver have it.
#[doc(hidden)]
pub type BoxError = Box<dyn std::error::Error + Sync + Send>;
