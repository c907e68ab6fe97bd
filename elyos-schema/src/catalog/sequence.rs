//! Sequences and their numbers.

use super::model::RelationName;

/// A sequence, made by `CREATE SEQUENCE`, `serial` or an identity column.
///
/// ```
/// use elyos_schema::{Catalog, Source};
///
/// let catalog = Catalog::load(&[Source::new("a.sql", "create sequence s as smallint increment -1;")])?;
/// let sequence = catalog.sequence("public", "s").expect("it was just created");
/// assert_eq!((sequence.min, sequence.max, sequence.start), (-32768, -1, -1));
/// # Ok::<(), elyos_schema::Diagnostics>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The internal name of its type: `int2`, `int4` or `int8`.
    pub ty: String,
    /// The first number.
    pub start: i64,
    /// From one number to the next.
    pub increment: i64,
    /// The smallest number.
    pub min: i64,
    /// The largest number.
    pub max: i64,
    /// How many numbers a session takes at once.
    pub cache: i64,
    /// Whether it begins anew at its end.
    pub cycle: bool,
    /// The column it goes with.
    pub owner: Option<(RelationName, String)>,
    /// Whether that column is an identity.
    pub identity: bool,
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// `COMMENT ON SEQUENCE`.
    pub comment: Option<String>,
}

/// What a statement says of a sequence's numbers; None where it says nothing.
#[allow(clippy::option_option, reason = "`NO MINVALUE` and nothing are different things")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SequenceOptions {
    pub ty: Option<String>,
    pub start: Option<i64>,
    pub increment: Option<i64>,
    /// `Some(None)`: `NO MINVALUE`.
    pub min: Option<Option<i64>>,
    pub max: Option<Option<i64>>,
    pub cache: Option<i64>,
    pub cycle: Option<bool>,
    pub unlogged: Option<bool>,
}

/// The numbers a type holds.
fn bounds(ty: &str) -> (i64, i64) {
    match ty {
        "int2" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "int4" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    }
}

impl Sequence {
    pub(crate) fn new(schema: &str, name: &str, options: &SequenceOptions) -> Self {
        let mut sequence = Self {
            schema: schema.to_owned(),
            name: name.to_owned(),
            ty: "int8".to_owned(),
            start: 0,
            increment: 1,
            min: 0,
            max: 0,
            cache: 1,
            cycle: false,
            owner: None,
            identity: false,
            unlogged: false,
            comment: None,
        };
        sequence.set(options, true);
        sequence
    }

    /// Says what is wrong, or changes it (`init_params` in PostgreSQL's source).
    pub(crate) fn change(&mut self, options: &SequenceOptions) {
        self.set(options, false);
    }

    fn set(&mut self, options: &SequenceOptions, new: bool) {
        let (mut reset_max, mut reset_min) = (false, false);
        if let Some(ty) = &options.ty {
            if !new {
                // A bound that was the old type's becomes the new type's.
                let (least, most) = bounds(&self.ty);
                (reset_min, reset_max) = (self.min == least, self.max == most);
            }
            self.ty.clone_from(ty);
        }
        self.increment = options.increment.unwrap_or(self.increment);
        self.cache = options.cache.unwrap_or(self.cache);
        self.cycle = options.cycle.unwrap_or(self.cycle);
        self.unlogged = options.unlogged.unwrap_or(self.unlogged);
        let (least, most) = bounds(&self.ty);
        match options.max {
            Some(Some(max)) => self.max = max,
            None if !new && !reset_max => {}
            _ => self.max = if self.increment > 0 || reset_max { most } else { -1 },
        }
        match options.min {
            Some(Some(min)) => self.min = min,
            None if !new && !reset_min => {}
            _ => self.min = if self.increment < 0 || reset_min { least } else { 1 },
        }
        match options.start {
            Some(start) => self.start = start,
            None if new => self.start = if self.increment > 0 { self.min } else { self.max },
            None => {}
        }
    }

    /// What PostgreSQL would refuse of its numbers.
    pub(crate) fn wrong(&self) -> Option<String> {
        let (least, most) = bounds(&self.ty);
        if self.increment == 0 {
            return Some("increment must not be zero".to_owned());
        }
        if self.max > most || self.max < least {
            return Some(format!("maximum {} is out of range for its type", self.max));
        }
        if self.min > most || self.min < least {
            return Some(format!("minimum {} is out of range for its type", self.min));
        }
        if self.min >= self.max {
            return Some(format!("minimum {} must be less than maximum {}", self.min, self.max));
        }
        if self.start < self.min || self.start > self.max {
            return Some(format!("start {} must be from {} to {}", self.start, self.min, self.max));
        }
        (self.cache < 1).then(|| "cache must be greater than zero".to_owned())
    }
}
