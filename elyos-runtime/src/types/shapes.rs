//! Shapes of many points, and round ones: `path`, `polygon`, `circle`.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};

use super::binary::{Bytes, travels_as};
use super::geometry::{Number, numbers, points, put_point, read_point, within};
use super::{BoxError, Point, ValueError};

/// Points one after the other; PostgreSQL takes none without points.
///
/// ```
/// use elyos_runtime::types::Path;
///
/// let path: Path = "[(0,0),(1,2)]".parse()?;
/// assert_eq!((path.closed, path.points.len()), (false, 2));
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Whether the last point leads back to the first.
    pub closed: bool,
    /// The points.
    pub points: Vec<Point>,
}

/// What the lines between points enclose; PostgreSQL takes none without points.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    /// The corners.
    pub points: Vec<Point>,
}

/// All points of one distance from one point. PostgreSQL takes no distance below zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circle {
    /// The point in the middle.
    pub center: Point,
    /// The distance.
    pub radius: f64,
}

fn read_points(bytes: &mut Bytes<'_>) -> Result<Vec<Point>, ValueError> {
    let count = bytes.count()?;
    let mut points = Vec::with_capacity(count.min(bytes.room(16)));
    for _ in 0..count {
        points.push(read_point(bytes)?);
    }
    bytes.end()?;
    Ok(points)
}

fn put_points(points: &[Point], out: &mut BytesMut) -> Result<(), BoxError> {
    if points.is_empty() {
        return Err(ValueError::new("a path or polygon has at least one point").into());
    }
    out.put_i32(i32::try_from(points.len()).map_err(|_| ValueError::new("a shape has less than two billion points"))?);
    for point in points {
        put_point(*point, out);
    }
    Ok(())
}

fn write_points(points: &[Point], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, point) in points.iter().enumerate() {
        write!(f, "{}{point}", if index == 0 { "" } else { "," })?;
    }
    Ok(())
}

impl Path {
    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let mut bytes = Bytes::new(raw, "path");
        Ok(Self { closed: bytes.u8()? != 0, points: read_points(&mut bytes)? })
    }

    fn encode(&self, out: &mut BytesMut) -> Result<(), BoxError> {
        out.put_u8(self.closed.into());
        put_points(&self.points, out)
    }
}

impl Polygon {
    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        Ok(Self { points: read_points(&mut Bytes::new(raw, "polygon"))? })
    }

    fn encode(&self, out: &mut BytesMut) -> Result<(), BoxError> {
        put_points(&self.points, out)
    }
}

impl Circle {
    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let mut bytes = Bytes::new(raw, "circle");
        let circle = Self { center: read_point(&mut bytes)?, radius: bytes.f64()? };
        bytes.end()?;
        Ok(circle)
    }

    #[allow(clippy::unnecessary_wraps, reason = "others of its kind can refuse a value")]
    fn encode(self, out: &mut BytesMut) -> Result<(), BoxError> {
        put_point(self.center, out);
        out.put_f64(self.radius);
        Ok(())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.closed { "(" } else { "[" })?;
        write_points(&self.points, f)?;
        f.write_str(if self.closed { ")" } else { "]" })
    }
}

impl fmt::Display for Polygon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        write_points(&self.points, f)?;
        f.write_str(")")
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{},{}>", self.center, Number(self.radius))
    }
}

impl FromStr for Path {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::text("path");
        let (closed, inner) = match within(text, '[', ']') {
            Some(inner) => (false, inner),
            None => (true, within(text, '(', ')').ok_or_else(wrong)?),
        };
        Ok(Self { closed, points: points(inner).ok_or_else(wrong)? })
    }
}

impl FromStr for Polygon {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let points = within(text, '(', ')').and_then(points);
        points.map(|points| Self { points }).ok_or_else(|| ValueError::text("polygon"))
    }
}

impl FromStr for Circle {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let parts = || {
            let (center, radius) = within(text, '<', '>')?.rsplit_once(',')?;
            let [x, y] = numbers(within(center, '(', ')')?)?;
            Some(Self { center: Point { x, y }, radius: radius.trim().parse().ok()? })
        };
        parts().ok_or_else(|| ValueError::text("circle"))
    }
}

travels_as!(Path, PATH);
travels_as!(Polygon, POLYGON);
travels_as!(Circle, CIRCLE);
