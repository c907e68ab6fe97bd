//! `pg_lsn`.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};

use super::binary::{Bytes, travels_as};
use super::{BoxError, ValueError};

/// A place in the server's log.
///
/// ```
/// use elyos_runtime::types::PgLsn;
///
/// let place: PgLsn = "16/B374D848".parse()?;
/// assert_eq!((place.0, place.to_string().as_str()), (0x16_B374_D848, "16/B374D848"));
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PgLsn(pub u64);

impl PgLsn {
    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let mut bytes = Bytes::new(raw, "log place");
        let place = bytes.u64()?;
        bytes.end()?;
        Ok(Self(place))
    }

    #[allow(clippy::unnecessary_wraps, reason = "others of its kind can refuse a value")]
    fn encode(self, out: &mut BytesMut) -> Result<(), BoxError> {
        out.put_u64(self.0);
        Ok(())
    }
}

impl fmt::Display for PgLsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & 0xffff_ffff)
    }
}

impl FromStr for PgLsn {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let half = |text: &str| {
            let fits = (1..=8).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_hexdigit());
            u64::from_str_radix(text, 16).ok().filter(|_| fits)
        };
        let halves = text.split_once('/').and_then(|(high, low)| Some(half(high)? << 32 | half(low)?));
        halves.map(Self).ok_or_else(|| ValueError::text("log place"))
    }
}

travels_as!(PgLsn, PG_LSN);
