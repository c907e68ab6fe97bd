//! What an index of an access method can be, and which types it takes (<https://www.postgresql.org/docs/current/indexes-types.html>). Of
//! methods and types that no statement here has made nothing is known.

use super::Applier;
use crate::{
    catalog::{RelationName, Type, UserType},
    ddl::IndexItem,
    diagnostic::Diagnostic,
};

/// PostgreSQL's own types that have no order.
const WITHOUT_ORDER: &[&str] = &[
    "aclitem",
    "box",
    "cid",
    "circle",
    "json",
    "jsonpath",
    "line",
    "lseg",
    "path",
    "pg_snapshot",
    "point",
    "polygon",
    "txid_snapshot",
    "xid",
    "xml",
];

impl Applier<'_> {
    /// Whether a column is of a type that an index of a method cannot have without an operator class, with a diagnostic.
    pub(super) fn refuses_indexed_type(
        &mut self,
        table: &RelationName,
        column: &str,
        method: &str,
        range: &std::ops::Range<usize>,
    ) -> bool {
        let Some(ty) = self.table(table).and_then(|table| table.column(column)).map(|column| self.base_of(&column.ty)) else {
            return false;
        };
        let known = ty.schema.is_none() && ty.array_dimensions == 0;
        let takes = match method {
            "btree" => !known || !WITHOUT_ORDER.contains(&ty.name.as_str()),
            // An extension may bring classes for PostgreSQL's own types.
            "gin" if known && !self.may_have_foreign_names() => ["jsonb", "tsvector"].contains(&ty.name.as_str()),
            _ => true,
        };
        if !takes {
            let diagnostic =
                Diagnostic::new(format!("column `{column}` is `{ty}`, of which access method `{method}` has no operator class"));
            self.report(diagnostic, range);
        }
        !takes
    }

    /// What a type is a domain over, at any depth.
    fn base_of(&self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        let mut domains = 0;
        while let Some(schema) = ty.schema.as_ref().filter(|_| ty.array_dimensions == 0 && domains < 64) {
            domains += 1;
            let Some(UserType::Domain(domain)) = self.catalog.schemas.get(schema).and_then(|schema| schema.types.get(&ty.name)) else {
                break;
            };
            ty = domain.base.clone();
        }
        ty
    }
}

/// What is wrong with an index as its access method has it.
pub(super) fn wrong_for_method(method: &str, unique: bool, items: &[IndexItem], include: bool) -> Option<String> {
    let own = ["brin", "gin", "gist", "hash", "spgist"].contains(&method);
    let sorted = |item: &IndexItem| item.descending || item.nulls_first.is_some();
    let what = if !own {
        return None;
    } else if unique {
        "none that is unique"
    } else if include && !["gist", "spgist"].contains(&method) {
        "none with `INCLUDE`"
    } else if items.len() > 1 && ["hash", "spgist"].contains(&method) {
        "none over several columns"
    } else if items.iter().any(sorted) {
        "none that is sorted: no `DESC`, no `NULLS FIRST`"
    } else {
        return None;
    };
    Some(format!("of indexes of access method `{method}` there is {what}"))
}
