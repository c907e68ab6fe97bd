//! What a composite type may have in it: not itself, however far within (`CheckAttributeType` in PostgreSQL's source).

use std::{collections::HashSet, ops::Range};

use super::Applier;
use crate::{
    catalog::{Catalog, RelationName, Type, UserType},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    /// Whether columns or attributes of a type would put one of these composite types into itself, with a diagnostic; a table's name is
    /// also that of its row type.
    pub(super) fn puts_into_itself(&mut self, of: &[RelationName], ty: &Type, range: &Range<usize>) -> bool {
        let Some(found) = inside(self.catalog, ty, of) else { return false };
        let diagnostic = Diagnostic::new(format!("composite type `{found}` cannot be made a member of itself"));
        self.report(diagnostic.help("refer to a row of it by its key"), range);
        true
    }
}

/// The first of some composite types that values of a type have in them.
fn inside(catalog: &Catalog, ty: &Type, of: &[RelationName]) -> Option<RelationName> {
    let named = |ty: &Type| Some(RelationName { schema: ty.schema.clone()?, name: ty.name.clone() });
    let mut left: Vec<RelationName> = named(ty).into_iter().collect();
    let mut known: HashSet<RelationName> = left.iter().cloned().collect();
    while let Some(next) = left.pop() {
        if of.contains(&next) {
            return Some(next);
        }
        let mut within: Vec<&Type> = Vec::new();
        match catalog.schemas.get(&next.schema).and_then(|schema| schema.types.get(&next.name)) {
            Some(UserType::Domain(domain)) => within.push(&domain.base),
            Some(UserType::Composite(it)) => within.extend(it.attributes.iter().map(|attribute| &attribute.ty)),
            Some(UserType::Range(range)) => within.push(&range.subtype),
            Some(UserType::Multirange { range }) => {
                let range = RelationName { schema: next.schema.clone(), name: range.clone() };
                left.extend(Some(range).filter(|range| known.insert(range.clone())));
            }
            Some(UserType::Enum(_) | UserType::Base { .. }) => {}
            None => within.extend(catalog.table(&next.schema, &next.name).into_iter().flat_map(|table| &table.columns).map(|it| &it.ty)),
        }
        left.extend(within.into_iter().filter_map(named).filter(|name| known.insert(name.clone())));
    }
    None
}
