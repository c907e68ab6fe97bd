//! `inet` and `cidr`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::Type;

use super::binary::{Bytes, travels_as};
use super::{BoxError, Element, ValueError};

/// An address with the number of bits that its network has: `inet`.
///
/// A column of `inet` is a [`std::net::IpAddr`], of which only addresses by themselves are; one that holds networks too is given this type
/// with `types(column: Inet)`.
///
/// ```
/// use elyos_runtime::types::Inet;
///
/// let address: Inet = "192.168.0.7/24".parse()?;
/// assert_eq!((address.address().to_string().as_str(), address.prefix()), ("192.168.0.7", 24));
/// assert_eq!("::1".parse::<Inet>()?.to_string(), "::1");
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inet {
    address: IpAddr,
    prefix: u8,
}

/// A network: an address none of whose bits is set behind the network's: `cidr`.
///
/// ```
/// use elyos_runtime::types::Cidr;
///
/// let network: Cidr = "10.1.0.0/16".parse()?;
/// assert_eq!(network.prefix(), 16);
/// assert!("10.1.0.1/16".parse::<Cidr>().is_err());
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cidr(Inet);

/// How many bits such an address has.
fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl Inet {
    /// An address in a network of so many bits.
    ///
    /// # Errors
    ///
    /// When the address has fewer bits.
    pub fn new(address: IpAddr, prefix: u8) -> Result<Self, ValueError> {
        if prefix > width(address) {
            Err(ValueError::new("an address has no more bits than its length"))
        } else {
            Ok(Self { address, prefix })
        }
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// How many bits its network has.
    #[must_use]
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether it is the address alone, with no network.
    #[must_use]
    pub fn is_host(&self) -> bool {
        self.prefix == width(self.address)
    }

    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let wrong = || ValueError::bytes("address");
        let mut bytes = Bytes::new(raw, "address");
        let (_family, prefix, _is_cidr, size) = (bytes.u8()?, bytes.u8()?, bytes.u8()?, bytes.u8()?);
        let address = match size {
            4 => IpAddr::from(Ipv4Addr::from(bytes.u32()?)),
            16 => IpAddr::from(<[u8; 16]>::try_from(bytes.take(16)?).map(Ipv6Addr::from).map_err(|_| wrong())?),
            _ => return Err(wrong()),
        };
        bytes.end()?;
        Self::new(address, prefix).map_err(|_| wrong())
    }

    #[allow(clippy::unnecessary_wraps, reason = "others of its kind can refuse a value")]
    fn encode(self, out: &mut BytesMut) -> Result<(), BoxError> {
        self.put(false, out);
        Ok(())
    }

    /// As `network_recv` of PostgreSQL's source reads it: its own numbers for the families, not the system's.
    fn put(self, is_cidr: bool, out: &mut BytesMut) {
        out.put_u8(if self.address.is_ipv4() { 2 } else { 3 });
        out.put_u8(self.prefix);
        out.put_u8(is_cidr.into());
        match self.address {
            IpAddr::V4(address) => {
                out.put_u8(4);
                out.put_slice(&address.octets());
            }
            IpAddr::V6(address) => {
                out.put_u8(16);
                out.put_slice(&address.octets());
            }
        }
    }
}

impl Cidr {
    /// The network of that address and so many bits.
    ///
    /// # Errors
    ///
    /// When the address has fewer bits, or a bit that is set behind them.
    pub fn new(address: IpAddr, prefix: u8) -> Result<Self, ValueError> {
        let inet = Inet::new(address, prefix)?;
        let behind = match address {
            IpAddr::V4(address) => u128::from(address.to_bits()) & ((1_u128 << (32 - u32::from(prefix))) - 1),
            IpAddr::V6(address) => address.to_bits() & u128::MAX.checked_shr(u32::from(prefix)).unwrap_or(0),
        };
        if behind == 0 { Ok(Self(inet)) } else { Err(ValueError::new("a network has no bit set behind its own")) }
    }

    /// Its first address.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.0.address
    }

    /// How many bits it has.
    #[must_use]
    pub fn prefix(&self) -> u8 {
        self.0.prefix
    }

    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let Inet { address, prefix } = Inet::decode(raw)?;
        Self::new(address, prefix)
    }

    #[allow(clippy::unnecessary_wraps, reason = "others of its kind can refuse a value")]
    fn encode(self, out: &mut BytesMut) -> Result<(), BoxError> {
        self.0.put(true, out);
        Ok(())
    }
}

impl fmt::Display for Inet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)?;
        if self.is_host() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0.address, self.0.prefix)
    }
}

impl From<IpAddr> for Inet {
    fn from(address: IpAddr) -> Self {
        Self { address, prefix: width(address) }
    }
}

/// The address, and the number behind the slash.
fn parts(text: &str) -> Option<(IpAddr, Option<u8>)> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) if prefix.bytes().all(|digit| digit.is_ascii_digit()) => (address, Some(prefix.parse().ok()?)),
        Some(_) => return None,
        None => (text, None),
    };
    Some((address.parse().ok()?, prefix))
}

impl FromStr for Inet {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let (address, prefix) = parts(text).ok_or_else(|| ValueError::text("address"))?;
        Self::new(address, prefix.unwrap_or(width(address)))
    }
}

impl FromStr for Cidr {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let (address, prefix) = parts(text).ok_or_else(|| ValueError::text("network"))?;
        Self::new(address, prefix.unwrap_or(width(address)))
    }
}

travels_as!(Inet, INET);
travels_as!(Cidr, CIDR);

/// An address that stands for a network as well is no [`IpAddr`].
pub(super) fn alone(inet: Inet) -> Result<IpAddr, ValueError> {
    if inet.is_host() {
        Ok(inet.address)
    } else {
        Err(ValueError::new(
            "the address has a netmask, which `IpAddr` has no place for: `types(column: elyos_runtime::types::Inet)` keeps it",
        ))
    }
}

impl Element for IpAddr {
    fn from_binary(_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        Ok(alone(Inet::decode(raw)?)?)
    }
}
