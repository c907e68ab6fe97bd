//! What the resolver asks of a [`Catalog`]: types and functions that the schema creates. The only file here that knows how it keeps them.

use super::types::{Field, Shape, Types};
use crate::catalog::{Catalog, UserType};

/// What a user's type is made of; a table's name is also that of its row type.
pub(super) fn shape(catalog: &Catalog, types: &mut Types, schema: &str, name: &str) -> Shape {
    match catalog.schemas.get(schema).and_then(|found| found.types.get(name)) {
        Some(UserType::Enum(_)) => Shape::Enum,
        Some(UserType::Domain(domain)) => {
            let base = types.number(catalog, &domain.base);
            Shape::Domain { base, modifiers: domain.base.modifiers.clone() }
        }
        Some(UserType::Other { .. }) => Shape::Base,
        None => match catalog.table(schema, name).filter(|table| table.columns_known) {
            Some(table) => Shape::Composite(
                table
                    .columns
                    .iter()
                    .map(|column| Field {
                        name: column.name.clone(),
                        ty: types.number(catalog, &column.ty),
                        modifiers: column.ty.modifiers.clone(),
                    })
                    .collect(),
            ),
            None => Shape::Base,
        },
    }
}

/// Whether a schema has a type of that name.
pub(super) fn has_type(catalog: &Catalog, schema: &str, name: &str) -> bool {
    catalog.schemas.get(schema).is_some_and(|found| found.types.contains_key(name) || found.tables.contains_key(name))
}
