//! Polymorphic functions: what `anyelement`, `anyarray`, `anycompatible` … stand for in a call
//! (<https://www.postgresql.org/docs/current/extend-type-system.html#EXTEND-TYPES-POLYMORPHIC>; `check_generic_type_consistency` and
//! `enforce_generic_type_consistency` in PostgreSQL's source).

use super::{
    coerce::common_type,
    snapshot::Oid,
    types::{
        ANYARRAY, ANYCOMPATIBLE, ANYCOMPATIBLEARRAY, ANYCOMPATIBLEMULTIRANGE, ANYCOMPATIBLENONARRAY, ANYCOMPATIBLERANGE, ANYELEMENT,
        ANYENUM, ANYMULTIRANGE, ANYNONARRAY, ANYRANGE, Shape, TEXT, Types, UNKNOWN,
    },
};

/// Whether a type is polymorphic.
pub(super) fn is_polymorphic(ty: Oid) -> bool {
    matches!(
        ty,
        ANYELEMENT
            | ANYARRAY
            | ANYNONARRAY
            | ANYENUM
            | ANYRANGE
            | ANYMULTIRANGE
            | ANYCOMPATIBLE
            | ANYCOMPATIBLEARRAY
            | ANYCOMPATIBLENONARRAY
            | ANYCOMPATIBLERANGE
            | ANYCOMPATIBLEMULTIRANGE
    )
}

/// What the polymorphic types of a call stand for; None what no argument says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Solution {
    element: Option<Oid>,
    array: Option<Oid>,
    range: Option<Oid>,
    multirange: Option<Oid>,
    common: Option<Oid>,
    common_range: Option<Oid>,
    common_multirange: Option<Oid>,
}

fn agree(slot: &mut Option<Oid>, ty: Oid) -> Option<()> {
    match slot {
        Some(known) if *known != ty => None,
        _ => {
            *slot = Some(ty);
            Some(())
        }
    }
}

/// What the declared types stand for with arguments of the actual ones; None where they do not go together.
pub(super) fn solve(types: &Types, declared: &[Oid], actual: &[Oid]) -> Option<Solution> {
    let mut found = Solution::default();
    let mut common: Vec<Oid> = Vec::new();
    let (mut no_array, mut only_enum, mut common_no_array, mut has_common) = (false, false, false, false);
    for (declared, actual) in declared.iter().zip(actual) {
        no_array |= *declared == ANYNONARRAY;
        only_enum |= *declared == ANYENUM;
        common_no_array |= *declared == ANYCOMPATIBLENONARRAY;
        has_common |=
            matches!(*declared, ANYCOMPATIBLE | ANYCOMPATIBLEARRAY | ANYCOMPATIBLENONARRAY | ANYCOMPATIBLERANGE | ANYCOMPATIBLEMULTIRANGE);
        if *actual == UNKNOWN {
            continue;
        }
        let base = types.base(*actual);
        match *declared {
            ANYELEMENT | ANYNONARRAY | ANYENUM => agree(&mut found.element, *actual)?,
            ANYARRAY => agree(&mut found.array, base)?,
            ANYRANGE => agree(&mut found.range, base)?,
            ANYMULTIRANGE => agree(&mut found.multirange, base)?,
            ANYCOMPATIBLE | ANYCOMPATIBLENONARRAY => common.push(*actual),
            ANYCOMPATIBLEARRAY => common.push(Types::element_of(base)?),
            ANYCOMPATIBLERANGE => agree(&mut found.common_range, base)?,
            ANYCOMPATIBLEMULTIRANGE => agree(&mut found.common_multirange, base)?,
            _ => {}
        }
    }
    if let Some(array) = found.array {
        agree(&mut found.element, Types::element_of(array)?)?;
    }
    ranges(types, &mut found.range, &mut found.multirange)?;
    if let Some(range) = found.range {
        agree(&mut found.element, subtype(types, range)?)?;
    }
    ranges(types, &mut found.common_range, &mut found.common_multirange)?;
    if let Some(range) = found.common_range {
        common.push(subtype(types, range)?);
    }
    if has_common {
        found.common = Some(if common.is_empty() { TEXT } else { common_type(types, &common).ok()? });
        if let Some(range) = found.common_range
            && found.common != subtype(types, range)
        {
            return None;
        }
        if common_no_array && found.common.is_some_and(|ty| Types::element_of(ty).is_some()) {
            return None;
        }
    }
    if let Some(element) = found.element
        && ((no_array && Types::element_of(types.base(element)).is_some()) || (only_enum && !types.is_enum(types.base(element))))
    {
        return None;
    }
    Some(found)
}

fn subtype(types: &Types, range: Oid) -> Option<Oid> {
    match types.shape(range) {
        Shape::Range { subtype, .. } => Some(subtype),
        _ => None,
    }
}

/// A range and a multirange of the same call belong together.
fn ranges(types: &Types, range: &mut Option<Oid>, multirange: &mut Option<Oid>) -> Option<()> {
    if let Some(many) = *multirange {
        let Shape::Multirange { range: one } = types.shape(many) else { return None };
        agree(range, one)?;
    }
    if let Some(one) = *range {
        let Shape::Range { multirange: many, .. } = types.shape(one) else { return None };
        if multirange.is_none() {
            *multirange = Some(many);
        }
    }
    Some(())
}

impl Solution {
    /// The type that a declared one stands for; None where the call does not say.
    pub(super) fn actual(&self, declared: Oid) -> Option<Oid> {
        match declared {
            ANYELEMENT | ANYNONARRAY | ANYENUM => self.element,
            ANYARRAY => self.array.or_else(|| Types::array_of(self.element?)),
            ANYRANGE => self.range,
            ANYMULTIRANGE => self.multirange,
            ANYCOMPATIBLE | ANYCOMPATIBLENONARRAY => self.common,
            ANYCOMPATIBLEARRAY => Types::array_of(self.common?),
            ANYCOMPATIBLERANGE => self.common_range,
            ANYCOMPATIBLEMULTIRANGE => self.common_multirange,
            other => Some(other),
        }
    }
}
