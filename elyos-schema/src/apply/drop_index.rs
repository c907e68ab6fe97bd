//! `DROP INDEX`, and what keeps an index from going on its own.

use super::{Applier, constraint::has_index_of_constraint, written};
use crate::{catalog::RelationName, ddl::Qualified, diagnostic::Diagnostic};

impl Applier<'_> {
    pub(super) fn lookup_index(&self, name: &Qualified) -> Option<(String, String)> {
        let schema = match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema),
            None => self.nearest_with(&name.name),
        }?;
        schema.indexes.get(&name.name).map(|table| (schema.name().to_owned(), table.clone()))
    }

    pub(super) fn drop_indexes(&mut self, names: &[Qualified], if_exists: bool, cascade: bool) {
        for name in names {
            match self.lookup_index(name) {
                Some((schema, table)) => {
                    let table = RelationName { schema, name: table };
                    if self.table(&table).is_some_and(|table| has_index_of_constraint(table, &name.name)) {
                        let diagnostic = Diagnostic::new(format!(
                            "cannot drop index `{}`: constraint `{}` of `{table}` needs it",
                            written(name),
                            name.name
                        ));
                        self.report(
                            diagnostic.help(format!("`ALTER TABLE {table} DROP CONSTRAINT {};`", crate::catalog::names::quote(&name.name))),
                            &name.range,
                        );
                        continue;
                    }
                    if let Some(wrong) = self.keeps_index(&table, &name.name, cascade) {
                        self.report(Diagnostic::new(format!("cannot drop index `{}`: {wrong}", written(name))), &name.range);
                        continue;
                    }
                    self.remove_index(&table, &name.name);
                }
                None if if_exists => {}
                None => self.report(Diagnostic::new(format!("index `{}` does not exist", written(name))), &name.range),
            }
        }
    }

    /// Why an index cannot be dropped on its own, if it cannot.
    fn keeps_index(&mut self, table: &RelationName, name: &str, cascade: bool) -> Option<String> {
        let referring = self.referring(table);
        let found = self.table(table)?;
        let index = found.indexes.iter().find(|index| index.name == name)?;
        if let Some(parent) = &index.parent {
            return Some(format!("index `{parent}` of the partitioned table needs it"));
        }
        let columns = index.columns.as_ref().filter(|_| index.unique && !index.partial && !cascade)?;
        let others = found.primary_key.iter().chain(&found.unique).map(|key| &key.columns);
        let others = others.chain(
            found.indexes.iter().filter(|other| other.unique && !other.partial && other.name != name).filter_map(|it| it.columns.as_ref()),
        );
        let same = |other: &Vec<String>| other.len() == columns.len() && other.iter().all(|column| columns.contains(column));
        if others.into_iter().any(same) {
            return None;
        }
        let all = referring.iter().filter_map(|other| self.table(other));
        let mut keys = all.flat_map(|other| other.foreign_keys.iter().map(move |key| (other, key)));
        let key = keys
            .find(|(_, key)| key.references_schema == table.schema && key.references_table == table.name && same(&key.references_columns));
        key.map(|(other, key)| format!("foreign key `{}` of `{}` needs it", key.name, other.full_name()))
    }

    /// Removes an index and its parts in the partitions.
    pub(super) fn remove_index(&mut self, table: &RelationName, name: &str) {
        let mut left = vec![(table.clone(), name.to_owned())];
        while let Some((table, name)) = left.pop() {
            if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
                schema.indexes.remove(&name);
            }
            if let Some(table) = self.table_mut(&table) {
                table.indexes.retain(|index| index.name != name);
                table.index_comments.remove(&name);
            }
            for child in self.children(&table) {
                let parts = self.table(&child).into_iter().flat_map(|child| &child.indexes);
                let parts = parts.filter(|index| index.parent.as_deref() == Some(&name));
                left.extend(parts.map(|index| (child.clone(), index.name.clone())));
            }
        }
    }
}
