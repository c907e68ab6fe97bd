//! `macaddr` and `macaddr8`.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};

use super::binary::{Bytes, travels_as};
use super::{BoxError, ValueError};

macro_rules! address {
    ($(#[$doc:meta])* $name:ident $size:literal $what:literal $pg:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $size]);

        impl $name {
            fn decode(raw: &[u8]) -> Result<Self, ValueError> {
                let mut bytes = Bytes::new(raw, $what);
                let address = bytes.take($size)?.try_into().map_err(|_| ValueError::bytes($what))?;
                bytes.end()?;
                Ok(Self(address))
            }

            #[allow(clippy::unnecessary_wraps, reason = "others of its kind can refuse a value")]
            fn encode(&self, out: &mut BytesMut) -> Result<(), BoxError> {
                out.put_slice(&self.0);
                Ok(())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                for (index, byte) in self.0.iter().enumerate() {
                    write!(f, "{}{byte:02x}", if index == 0 { "" } else { ":" })?;
                }
                Ok(())
            }
        }

        impl FromStr for $name {
            type Err = ValueError;

            /// Two hexadecimal digits for each byte, with a `:` or `-` between them.
            fn from_str(text: &str) -> Result<Self, ValueError> {
                let wrong = || ValueError::text($what);
                let mut address = [0; $size];
                let mut parts = text.split([':', '-']);
                for byte in &mut address {
                    let part = parts.next().filter(|part| part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_hexdigit()));
                    *byte = u8::from_str_radix(part.ok_or_else(wrong)?, 16).map_err(|_| wrong())?;
                }
                if parts.next().is_some() { Err(wrong()) } else { Ok(Self(address)) }
            }
        }

        travels_as!($name, $pg);
    };
}

address! {
    /// A hardware address of six bytes.
    ///
    /// ```
    /// use elyos_runtime::types::MacAddr;
    ///
    /// let address: MacAddr = "08-00-2B-01-02-03".parse()?;
    /// assert_eq!(address.to_string(), "08:00:2b:01:02:03");
    /// # Ok::<(), elyos_runtime::types::ValueError>(())
    /// ```
    MacAddr 6 "hardware address of six bytes" MACADDR
}

address! {
    /// A hardware address of eight bytes.
    ///
    /// ```
    /// use elyos_runtime::types::MacAddr8;
    ///
    /// let address: MacAddr8 = "08:00:2b:01:02:03:04:05".parse()?;
    /// assert_eq!(address.0[7], 5);
    /// # Ok::<(), elyos_runtime::types::ValueError>(())
    /// ```
    MacAddr8 8 "hardware address of eight bytes" MACADDR8
}
