//! `bit` and `bit varying`.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};

use super::binary::{Bytes, travels_as};
use super::{BoxError, ValueError};

/// A string of bits.
///
/// ```
/// use elyos_runtime::types::Bits;
///
/// let bits: Bits = "10110".parse()?;
/// assert_eq!((bits.len(), bits.get(0), bits.get(1), bits.get(9)), (5, Some(true), Some(false), None));
/// assert_eq!(bits, bits.iter().collect());
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Bits {
    /// Eight in each, the first one highest; what is left of the last is zero.
    bytes: Vec<u8>,
    len: usize,
}

impl Bits {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bit at that place, the first being at 0.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<bool> {
        let byte = self.bytes.get(place / 8).filter(|_| place < self.len)?;
        Some(byte & (0x80 >> (place % 8)) != 0)
    }

    /// Adds one at the end.
    pub fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut().filter(|_| bit) {
            *last |= 0x80 >> (self.len % 8);
        }
        self.len += 1;
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = bool> + '_ {
        (0..self.len).filter_map(|place| self.get(place))
    }

    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let mut bytes = Bytes::new(raw, "bit string");
        let len = bytes.count()?;
        let mut packed = bytes.take(len.div_ceil(8))?.to_vec();
        bytes.end()?;
        if let Some(last) = packed.last_mut().filter(|_| len % 8 > 0) {
            *last &= !(0xff >> (len % 8));
        }
        Ok(Self { bytes: packed, len })
    }

    fn encode(&self, out: &mut BytesMut) -> Result<(), BoxError> {
        out.put_i32(i32::try_from(self.len).map_err(|_| ValueError::new("a bit string has less than two billion bits"))?);
        out.put_slice(&self.bytes);
        Ok(())
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let mut all = Self::default();
        bits.into_iter().for_each(|bit| all.push(bit));
        all
    }
}

impl fmt::Display for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|bit| f.write_char(if bit { '1' } else { '0' }))
    }
}

impl FromStr for Bits {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let bit = |digit: u8| match digit {
            b'0' => Ok(false),
            b'1' => Ok(true),
            _ => Err(ValueError::text("bit string")),
        };
        text.bytes().map(bit).collect()
    }
}

travels_as!(Bits, BIT, VARBIT);
