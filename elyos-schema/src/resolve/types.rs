//! Types as the resolver compares them: one number each, whether built in or the schema's
//! (<https://www.postgresql.org/docs/current/catalog-pg-type.html>).

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::snapshot::{self, Oid};
use crate::catalog::{Catalog, Type};

pub(crate) const BOOL: Oid = 16;
pub(crate) const NAME: Oid = 19;
pub(crate) const INT8: Oid = 20;
pub(crate) const INT2: Oid = 21;
pub(crate) const INT2VECTOR: Oid = 22;
pub(crate) const INT4: Oid = 23;
pub(crate) const TEXT: Oid = 25;
pub(crate) const OID: Oid = 26;
pub(crate) const TID: Oid = 27;
pub(crate) const XID: Oid = 28;
pub(crate) const CID: Oid = 29;
pub(crate) const OIDVECTOR: Oid = 30;
pub(crate) const JSON: Oid = 114;
pub(crate) const XML: Oid = 142;
pub(crate) const UNKNOWN: Oid = 705;
pub(crate) const FLOAT4: Oid = 700;
pub(crate) const FLOAT8: Oid = 701;
pub(crate) const VARCHAR: Oid = 1043;
pub(crate) const DATE: Oid = 1082;
pub(crate) const TIME: Oid = 1083;
pub(crate) const TIMESTAMP: Oid = 1114;
pub(crate) const TIMESTAMPTZ: Oid = 1184;
pub(crate) const INTERVAL: Oid = 1186;
pub(crate) const TIMETZ: Oid = 1266;
pub(crate) const BIT: Oid = 1560;
pub(crate) const NUMERIC: Oid = 1700;
pub(crate) const RECORD: Oid = 2249;
pub(crate) const ANY: Oid = 2276;
pub(crate) const ANYARRAY: Oid = 2277;
pub(crate) const VOID: Oid = 2278;
pub(crate) const RECORD_ARRAY: Oid = 2287;
pub(crate) const ANYELEMENT: Oid = 2283;
pub(crate) const ANYNONARRAY: Oid = 2776;
pub(crate) const ANYENUM: Oid = 3500;
pub(crate) const UUID: Oid = 2950;
pub(crate) const JSONB: Oid = 3802;
pub(crate) const ANYRANGE: Oid = 3831;
pub(crate) const ANYMULTIRANGE: Oid = 4537;
pub(crate) const ANYCOMPATIBLE: Oid = 5077;
pub(crate) const ANYCOMPATIBLEARRAY: Oid = 5078;
pub(crate) const ANYCOMPATIBLENONARRAY: Oid = 5079;
pub(crate) const ANYCOMPATIBLERANGE: Oid = 5080;
pub(crate) const ANYCOMPATIBLEMULTIRANGE: Oid = 4538;

/// Where the schema's types begin: each has one number and its array the next.
pub(crate) const FIRST_USER: Oid = 1_000_000;

/// More than PostgreSQL's own domains are over one another.
const OWN_DOMAINS_DEEP: usize = 8;

/// What a type is made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Base,
    Enum,
    Domain {
        base: Oid,
    },
    Composite(Arc<[Field]>),
    Range {
        subtype: Oid,
        multirange: Oid,
    },
    Multirange {
        range: Oid,
    },
    Pseudo,
    /// An extension's, or what no statement has said.
    Unknown,
}

/// A field of a composite type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: Oid,
    pub(crate) modifiers: Vec<i64>,
}

#[derive(Debug)]
struct UserType {
    schema: Option<String>,
    name: String,
    shape: Option<Shape>,
}

/// The types that a resolution has met.
#[derive(Debug, Default)]
pub(crate) struct Types {
    users: Vec<UserType>,
    /// Whether what the newest of them are made of is being looked up.
    looking_up: bool,
    numbers: HashMap<(Option<String>, String), Oid>,
    /// Casts that the schema creates.
    pub(super) casts: HashMap<(Oid, Oid), snapshot::Cast>,
}

impl Types {
    /// The number of a type of the catalog, without its modifiers.
    pub(crate) fn number(&mut self, catalog: &Catalog, ty: &Type) -> Oid {
        let own = match ty.schema.as_deref() {
            None => snapshot::type_named("", &ty.name),
            Some("information_schema") => snapshot::type_named("information_schema", &ty.name),
            Some(_) => None,
        };
        let element = own.unwrap_or_else(|| self.user(catalog, ty.schema.clone(), &ty.name));
        if ty.array_dimensions > 0 { Self::array_of(element).unwrap_or(element) } else { element }
    }

    fn user(&mut self, catalog: &Catalog, schema: Option<String>, name: &str) -> Oid {
        let key = (schema.clone(), name.to_owned());
        if let Some(found) = self.numbers.get(&key) {
            return *found;
        }
        let number = FIRST_USER + 2 * Oid::try_from(self.users.len()).unwrap_or(0);
        self.users.push(UserType { schema, name: name.to_owned(), shape: None });
        self.numbers.insert(key, number);
        // What it is made of may be made of more, to any depth: those get a number now, and are looked up in their turn.
        if !std::mem::replace(&mut self.looking_up, true) {
            let mut next = self.users.len() - 1;
            while let Some(UserType { schema, name, .. }) = self.users.get(next) {
                let (schema, name) = (schema.clone(), name.clone());
                let shape = schema.map_or(Shape::Unknown, |schema| super::objects::shape(catalog, self, &schema, &name));
                if let Some(user) = self.users.get_mut(next) {
                    user.shape = Some(shape);
                }
                next += 1;
            }
            self.looking_up = false;
        }
        number
    }

    /// A composite type with no name: what a function with several results returns.
    pub(crate) fn anonymous(&mut self, fields: Vec<Field>) -> Oid {
        let number = FIRST_USER + 2 * Oid::try_from(self.users.len()).unwrap_or(0);
        self.users.push(UserType { schema: None, name: "record".to_owned(), shape: Some(Shape::Composite(fields.into())) });
        number
    }

    /// Whether it is a composite type that has no name, which PostgreSQL calls `record`.
    pub(crate) fn is_anonymous(&self, ty: Oid) -> bool {
        ty == RECORD || self.get(ty).is_some_and(|user| user.schema.is_none() && matches!(user.shape, Some(Shape::Composite(_))))
    }

    fn get(&self, ty: Oid) -> Option<&UserType> {
        let index = ty.checked_sub(FIRST_USER)?;
        if index % 2 == 0 { self.users.get((index / 2) as usize) } else { None }
    }

    /// Whether it is a type that no statement has made: an extension's, of which is not known what operators it brings.
    pub(crate) fn is_of_extension(&self, catalog: &Catalog, ty: Oid) -> bool {
        let Some(user) = self.get(self.base(ty)).filter(|user| matches!(user.shape, None | Some(Shape::Unknown))) else { return false };
        let schema = user.schema.as_ref().and_then(|schema| catalog.schemas.get(schema));
        !schema.is_some_and(|schema| schema.types.contains_key(&user.name))
    }

    /// Whether it is `citext`, whose own operators all compare.
    pub(crate) fn is_citext(&self, ty: Oid) -> bool {
        self.get(self.base(ty)).is_some_and(|user| user.name == "citext")
    }

    fn is_user_array(ty: Oid) -> bool {
        ty >= FIRST_USER && (ty - FIRST_USER) % 2 == 1
    }

    /// What it is made of.
    pub(crate) fn shape(&self, ty: Oid) -> Shape {
        if let Some(user) = self.get(ty) {
            return user.shape.clone().unwrap_or(Shape::Base);
        }
        match snapshot::own_type(ty) {
            Some(own) => match own.kind {
                b'd' => Shape::Domain { base: own.base },
                b'r' => Shape::Range { subtype: own.subtype, multirange: own.multirange },
                b'm' => Shape::Multirange { range: own.range },
                b'p' => Shape::Pseudo,
                _ => Shape::Base,
            },
            None => Shape::Base,
        }
    }

    /// The type of an array of it.
    pub(crate) fn array_of(ty: Oid) -> Option<Oid> {
        if ty >= FIRST_USER {
            return (!Self::is_user_array(ty)).then_some(ty + 1);
        }
        snapshot::own_type(ty).map(|own| own.array).filter(|array| *array != 0)
    }

    /// The type of a true array's elements.
    pub(crate) fn element_of(ty: Oid) -> Option<Oid> {
        if Self::is_user_array(ty) {
            return Some(ty - 1);
        }
        snapshot::own_type(ty).filter(|own| own.category == b'A' && own.element != 0).map(|own| own.element)
    }

    /// The type of what `VARIADIC` gathers into an array of that type.
    pub(crate) fn gathered(&self, array: Oid) -> Oid {
        match array {
            ANYARRAY => ANYELEMENT,
            ANYCOMPATIBLEARRAY => ANYCOMPATIBLE,
            other => Self::element_of(self.base(other)).unwrap_or(other),
        }
    }

    /// What a subscript gives: an array's element, or that of a type that is subscripted like one.
    pub(crate) fn subscripted(ty: Oid) -> Option<Oid> {
        if Self::is_user_array(ty) {
            return Some(ty - 1);
        }
        snapshot::own_type(ty).map(|own| own.element).filter(|element| *element != 0)
    }

    /// The category that choosing among functions goes by.
    pub(crate) fn category(&self, ty: Oid) -> u8 {
        let ty = self.base(ty);
        if Self::is_user_array(ty) {
            return b'A';
        }
        match self.get(ty) {
            Some(user) => match &user.shape {
                Some(Shape::Enum) => b'E',
                Some(Shape::Composite(_)) => b'C',
                Some(Shape::Range { .. } | Shape::Multirange { .. }) => b'R',
                _ => b'U',
            },
            None => snapshot::own_type(ty).map_or(b'U', |own| own.category),
        }
    }

    /// Whether it is the one its category prefers.
    pub(crate) fn preferred(ty: Oid) -> bool {
        snapshot::own_type(ty).is_some_and(|own| own.preferred)
    }

    /// The type below a domain, and below that.
    pub(crate) fn base(&self, ty: Oid) -> Oid {
        let mut ty = ty;
        // No further than there are types: after an error one may be over itself.
        for _ in 0..self.users.len() + OWN_DOMAINS_DEEP {
            ty = match self.get(ty).map(|user| &user.shape) {
                Some(Some(Shape::Domain { base })) => *base,
                Some(_) => break,
                None => match snapshot::own_type(ty) {
                    Some(own) if own.kind == b'd' => own.base,
                    _ => break,
                },
            };
        }
        ty
    }

    /// Whether it is an enum.
    pub(crate) fn is_enum(&self, ty: Oid) -> bool {
        matches!(self.shape(ty), Shape::Enum)
    }

    /// The fields of a composite type, through domains.
    pub(crate) fn fields(&self, ty: Oid) -> Option<Arc<[Field]>> {
        match self.shape(self.base(ty)) {
            Shape::Composite(fields) => Some(fields),
            _ => None,
        }
    }

    /// Whether its values are rows.
    pub(crate) fn is_row(&self, ty: Oid) -> bool {
        ty == RECORD || matches!(self.shape(self.base(ty)), Shape::Composite(_))
    }

    /// The types that values of a type have in them at any depth, itself first, each once: without domains, arrays' elements and fields.
    pub(crate) fn within(&self, ty: Oid) -> impl Iterator<Item = Oid> {
        let mut left = vec![self.base(ty)];
        let mut known: HashSet<Oid> = left.iter().copied().collect();
        std::iter::from_fn(move || {
            let next = left.pop()?;
            let mut more = |ty: Oid| {
                let base = self.base(ty);
                if known.insert(base) {
                    left.push(base);
                }
            };
            if let Some(element) = Self::element_of(next) {
                more(element);
            } else if let Some(Shape::Composite(fields)) = self.get(next).and_then(|user| user.shape.as_ref()) {
                fields.iter().for_each(|field| more(field.ty));
            }
            Some(next)
        })
    }

    /// The type as the catalog has it.
    pub(crate) fn written(&self, ty: Oid, modifiers: &[i64]) -> Type {
        let element = Self::element_of(ty).filter(|_| !matches!(ty, INT2VECTOR | OIDVECTOR));
        let (element, dimensions) = match element {
            Some(element) => (element, 1),
            None => (ty, 0),
        };
        let (schema, name) = match self.get(element) {
            Some(user) => (user.schema.clone(), user.name.clone()),
            None => match snapshot::own_type(element) {
                Some(own) => (Some(own.schema).filter(|schema| !schema.is_empty()).map(str::to_owned), own.name.to_owned()),
                None => (None, "unknown".to_owned()),
            },
        };
        Type { schema, name, modifiers: modifiers.to_vec(), array_dimensions: dimensions }
    }

    /// Its name for a message.
    pub(crate) fn named(&self, ty: Oid) -> String {
        self.written(ty, &[]).to_string()
    }
}
