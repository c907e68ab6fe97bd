//! Which type becomes which, and the type that several values share (<https://www.postgresql.org/docs/current/typeconv.html>).

use super::{
    snapshot::{self, Context, Oid},
    types::{ANY, INT2VECTOR, OIDVECTOR, RECORD, Shape, TEXT, Types, UNKNOWN},
};
use crate::catalog::{Catalog, Type};

/// The way from one type to another (`find_coercion_pathway` in PostgreSQL's source).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pathway {
    /// The value stays as it is.
    Relabel,
    Function,
    /// Element by element.
    Array,
    /// By way of its text.
    Text,
}

pub(super) fn pathway(types: &Types, source: Oid, target: Oid, context: Context) -> Option<Pathway> {
    let (mut source, mut target) = (types.base(source), types.base(target));
    let mut within_arrays = false;
    // As often as arrays are of domains of arrays.
    let way = loop {
        if source == target {
            break Pathway::Relabel;
        }
        if let Some(cast) = types.casts.get(&(source, target)).copied().or_else(|| snapshot::cast(source, target)) {
            if context < cast.context {
                return None;
            }
            break if cast.binary { Pathway::Relabel } else { Pathway::Function };
        }
        if !matches!(target, INT2VECTOR | OIDVECTOR)
            && let (Some(from), Some(to)) = (Types::element_of(source), Types::element_of(target))
        {
            (source, target) = (types.base(from), types.base(to));
            within_arrays = true;
            continue;
        }
        let to_text = context >= Context::Assignment && types.category(target) == b'S';
        let from_text = context >= Context::Explicit && types.category(source) == b'S';
        if to_text || from_text {
            break Pathway::Text;
        }
        return None;
    };
    Some(if within_arrays { Pathway::Array } else { way })
}

/// Whether for certain a value of one type may become different ones of another: by a function that is not immutable, or by way of a text
/// that the session has a say in.
pub(super) fn is_mutable(types: &Types, source: Oid, target: Oid) -> bool {
    let (mut source, mut target) = (types.base(source), types.base(target));
    if source == UNKNOWN {
        return false;
    }
    while source != target {
        if let Some(cast) = types.casts.get(&(source, target)).copied().or_else(|| snapshot::cast(source, target)) {
            return match pathway(types, source, target, Context::Explicit) {
                Some(Pathway::Text) => by_text(types, source, target),
                _ => cast.mutable,
            };
        }
        match (Types::element_of(source), Types::element_of(target)) {
            (Some(from), Some(to)) => (source, target) = (types.base(from), types.base(to)),
            _ => return pathway(types, source, target, Context::Explicit) == Some(Pathway::Text) && by_text(types, source, target),
        }
    }
    false
}

fn by_text(types: &Types, source: Oid, target: Oid) -> bool {
    let of = |ty: Oid, own: fn(&snapshot::OwnType) -> bool| match types.shape(ty) {
        _ if Types::element_of(ty).is_some() => true,
        Shape::Enum | Shape::Composite(_) | Shape::Range { .. } | Shape::Multirange { .. } => true,
        _ => snapshot::own_type(ty).is_some_and(own),
    };
    of(source, |own| own.writes_mutably) || of(target, |own| own.reads_mutably)
}

/// Whether one type becomes the other (`can_coerce_type`), polymorphic types aside.
pub(super) fn can_coerce(types: &Types, source: Oid, target: Oid, context: Context) -> bool {
    source == target
        || target == ANY
        || source == UNKNOWN
        || pathway(types, source, target, context).is_some()
        || (types.is_anonymous(source) && types.is_row(target))
        || (types.is_row(source) && types.is_anonymous(target))
        || (target == RECORD && types.is_row(source))
}

/// Whether a value of one type can be stored as another as it is; true where an extension may have brought casts.
pub(crate) fn is_assignable(catalog: &Catalog, from: &Type, to: &Type) -> bool {
    if catalog.has_foreign_names() || from.is_same(to) {
        return true;
    }
    let mut types = Types::default();
    types.casts = super::defined::casts(catalog, &mut types).into_iter().collect();
    let (source, target) = (types.number(catalog, from), types.number(catalog, to));
    can_coerce(&types, source, target, Context::Assignment)
}

/// Whether a foreign key's column can be compared with the key's (`ATAddForeignKeyConstraint` in PostgreSQL's source): by an operator of
/// both types, or after an implicit cast. True where an extension may have brought either.
pub(crate) fn is_comparable_to_key(catalog: &Catalog, column: &Type, key: &Type) -> bool {
    const FAMILIES: &[&[&str]] =
        &[&["int2", "int4", "int8"], &["float4", "float8"], &["date", "timestamp", "timestamptz"], &["text", "varchar", "name"]];
    let plain = |ty: &Type| ty.schema.is_none() && ty.array_dimensions == 0;
    let in_one = |family: &&[&str]| family.contains(&column.name.as_str()) && family.contains(&key.name.as_str());
    if catalog.has_foreign_names() || column.is_same(key) || (plain(column) && plain(key) && FAMILIES.iter().any(in_one)) {
        return true;
    }
    let mut types = Types::default();
    types.casts = super::defined::casts(catalog, &mut types).into_iter().collect();
    let (source, target) = (types.number(catalog, column), types.number(catalog, key));
    can_coerce(&types, source, target, Context::Implicit)
}

/// The type that values of these types share (`select_common_type`): of `UNION`, `CASE`, `COALESCE`, `ARRAY` and the like
/// (<https://www.postgresql.org/docs/current/typeconv-union-case.html>). The error is the two types that do not go together.
pub(super) fn common_type(types: &Types, found: &[Oid]) -> Result<Oid, (Oid, Oid)> {
    let Some((first, rest)) = found.split_first() else { return Ok(TEXT) };
    if *first != UNKNOWN && rest.iter().all(|other| other == first) {
        return Ok(*first);
    }
    let mut common = types.base(*first);
    for next in rest {
        let next = types.base(*next);
        if next == UNKNOWN || next == common {
            continue;
        }
        if common == UNKNOWN {
            common = next;
        } else if types.category(next) != types.category(common) {
            return Err((common, next));
        } else if !Types::preferred(common)
            && can_coerce(types, common, next, Context::Implicit)
            && !can_coerce(types, next, common, Context::Implicit)
        {
            common = next;
        }
    }
    if common == UNKNOWN {
        return Ok(TEXT);
    }
    match found.iter().find(|other| !can_coerce(types, **other, common, Context::Implicit)) {
        Some(other) => Err((common, *other)),
        None => Ok(common),
    }
}

/// Whether a function of the schema's own makes the one of the other: what it gives, and for what, is not known.
pub(super) fn by_own_function(types: &Types, source: Oid, target: Oid) -> bool {
    types.casts.get(&(types.base(source), types.base(target))).is_some_and(|cast| !cast.binary)
}

/// Whether a cast of a value that is not null may give a null: PostgreSQL's own never do, but for those from JSON.
pub(super) fn keeps_not_null(types: &Types, source: Oid, target: Oid) -> bool {
    use super::types::{JSON, JSONB};
    if by_own_function(types, source, target) {
        return false;
    }
    let json = |ty: Oid| matches!(types.base(ty), JSON | JSONB);
    !json(source) || json(target) || types.category(target) == b'S'
}

/// Whether a type is one of a schema's composite types or a record.
pub(super) fn is_composite(types: &Types, ty: Oid) -> bool {
    matches!(types.shape(types.base(ty)), Shape::Composite(_)) || ty == RECORD
}
