//! Points, and what two of them make: `point`, `line`, `lseg`, `box`.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};

use super::binary::{Bytes, travels_as};
use super::{BoxError, ValueError};
use crate::query::Literal as _;

/// A place in the plane.
///
/// ```
/// use elyos_runtime::types::Point;
///
/// let point: Point = "(1.5,-2)".parse()?;
/// assert_eq!(point, Point { x: 1.5, y: -2.0 });
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Across.
    pub x: f64,
    /// Up.
    pub y: f64,
}

/// The points of `ax + by + c = 0`. PostgreSQL takes none where `a` and `b` are both zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// What x is multiplied by.
    pub a: f64,
    /// What y is multiplied by.
    pub b: f64,
    /// What is added.
    pub c: f64,
}

/// From one point to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineSegment {
    /// Where it starts.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
}

/// A box whose sides are upright.
///
/// ```
/// use elyos_runtime::types::{Point, Rect};
///
/// let rect = Rect::new(Point { x: 0.0, y: 3.0 }, Point { x: 2.0, y: 1.0 });
/// assert_eq!((rect.high(), rect.low()), (Point { x: 2.0, y: 3.0 }, Point { x: 0.0, y: 1.0 }));
/// assert_eq!(rect.to_string().parse(), Ok(rect));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    high: Point,
    low: Point,
}

impl Rect {
    /// The box between two opposite corners.
    #[must_use]
    pub fn new(one: Point, other: Point) -> Self {
        // As PostgreSQL has it, what is not a number is greater than all numbers.
        let order = |one: f64, other: f64| if other > one || (other.is_nan() && !one.is_nan()) { (other, one) } else { (one, other) };
        let ((right, left), (top, bottom)) = (order(one.x, other.x), order(one.y, other.y));
        Self { high: Point { x: right, y: top }, low: Point { x: left, y: bottom } }
    }

    /// The upper right corner.
    #[must_use]
    pub fn high(&self) -> Point {
        self.high
    }

    /// The lower left corner.
    #[must_use]
    pub fn low(&self) -> Point {
        self.low
    }
}

pub(super) fn read_point(bytes: &mut Bytes<'_>) -> Result<Point, ValueError> {
    Ok(Point { x: bytes.f64()?, y: bytes.f64()? })
}

pub(super) fn put_point(point: Point, out: &mut BytesMut) {
    out.put_f64(point.x);
    out.put_f64(point.y);
}

/// A number as PostgreSQL reads it.
pub(super) struct Number(pub(super) f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.0.write_literal(&mut text);
        f.write_str(&text)
    }
}

/// Numbers between commas.
pub(super) fn numbers<const COUNT: usize>(text: &str) -> Option<[f64; COUNT]> {
    let mut numbers = [0.0; COUNT];
    let mut parts = text.split(',');
    for number in &mut numbers {
        *number = parts.next()?.trim().parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

pub(super) fn within(text: &str, open: char, close: char) -> Option<&str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// `(1,2),(3,4)`: points in parentheses, with commas between them.
pub(super) fn points(text: &str) -> Option<Vec<Point>> {
    let mut points = Vec::new();
    let mut rest = text;
    loop {
        let (point, end) = rest.strip_prefix('(')?.split_once(')')?;
        let [x, y] = numbers(point)?;
        points.push(Point { x, y });
        if end.is_empty() {
            return Some(points);
        }
        rest = end.strip_prefix(',')?;
    }
}

impl Point {
    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let mut bytes = Bytes::new(raw, "point");
        let point = read_point(&mut bytes)?;
        bytes.end()?;
        Ok(point)
    }

    #[allow(clippy::unnecessary_wraps, reason = "others of its kind can refuse a value")]
    fn encode(self, out: &mut BytesMut) -> Result<(), BoxError> {
        put_point(self, out);
        Ok(())
    }
}

impl Line {
    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let mut bytes = Bytes::new(raw, "line");
        let line = Self { a: bytes.f64()?, b: bytes.f64()?, c: bytes.f64()? };
        bytes.end()?;
        Ok(line)
    }

    #[allow(clippy::unnecessary_wraps, reason = "others of its kind can refuse a value")]
    fn encode(self, out: &mut BytesMut) -> Result<(), BoxError> {
        for number in [self.a, self.b, self.c] {
            out.put_f64(number);
        }
        Ok(())
    }
}

impl LineSegment {
    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let mut bytes = Bytes::new(raw, "line segment");
        let segment = Self { start: read_point(&mut bytes)?, end: read_point(&mut bytes)? };
        bytes.end()?;
        Ok(segment)
    }

    #[allow(clippy::unnecessary_wraps, reason = "others of its kind can refuse a value")]
    fn encode(self, out: &mut BytesMut) -> Result<(), BoxError> {
        for point in [self.start, self.end] {
            put_point(point, out);
        }
        Ok(())
    }
}

impl Rect {
    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let mut bytes = Bytes::new(raw, "box");
        let rect = Self { high: read_point(&mut bytes)?, low: read_point(&mut bytes)? };
        bytes.end()?;
        Ok(rect)
    }

    #[allow(clippy::unnecessary_wraps, reason = "others of its kind can refuse a value")]
    fn encode(self, out: &mut BytesMut) -> Result<(), BoxError> {
        for point in [self.high, self.low] {
            put_point(point, out);
        }
        Ok(())
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{})", Number(self.x), Number(self.y))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{},{},{}}}", Number(self.a), Number(self.b), Number(self.c))
    }
}

impl fmt::Display for LineSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{},{}]", self.start, self.end)
    }
}

impl fmt::Display for Rect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.high, self.low)
    }
}

impl FromStr for Point {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let [x, y] = within(text, '(', ')').and_then(numbers).ok_or_else(|| ValueError::text("point"))?;
        Ok(Self { x, y })
    }
}

impl FromStr for Line {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let [a, b, c] = within(text, '{', '}').and_then(numbers).ok_or_else(|| ValueError::text("line"))?;
        Ok(Self { a, b, c })
    }
}

impl FromStr for LineSegment {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match within(text, '[', ']').and_then(points).as_deref() {
            Some([start, end]) => Ok(Self { start: *start, end: *end }),
            _ => Err(ValueError::text("line segment")),
        }
    }
}

impl FromStr for Rect {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match points(text).as_deref() {
            Some([one, other]) => Ok(Self::new(*one, *other)),
            _ => Err(ValueError::text("box")),
        }
    }
}

travels_as!(Point, POINT);
travels_as!(Line, LINE);
travels_as!(LineSegment, LSEG);
travels_as!(Rect, BOX; ';');
