//! Indexes, and the names PostgreSQL gives them (`ChooseIndexName` in its source).

use super::{
    Applier,
    partition_parts::{has_same_index, is_index_of_key, same_index},
    texts, written,
};
use crate::{
    catalog::{Index, IndexPart, Key, RelationName, Table, names},
    ddl::{CreateIndex, IndexColumn, IndexItem, Name, Qualified},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn create_index(&mut self, create: &CreateIndex) {
        let Some(table) = self.existing(&create.table) else {
            return;
        };
        let named: Vec<Name> = plain_columns(&create.items).chain(create.include.iter().cloned()).collect();
        if !self.has_columns(&table, &named) {
            return;
        }
        let items = self.without_idle_casts(&table, &create.items);
        for expression in items.iter().filter_map(|item| expression_of(&item.column)).chain(&create.predicate) {
            if !self.expression_has_columns(&table, expression) {
                return;
            }
        }
        if self
            .table(&table)
            .is_some_and(|found| matches!(found.kind, crate::catalog::TableKind::View | crate::catalog::TableKind::Foreign))
        {
            return self.report(Diagnostic::new(format!("cannot create an index on `{table}`")), &create.table.range);
        }
        let method = create.method.clone().unwrap_or_else(|| "btree".to_owned());
        if let Some(wrong) = super::access_method::wrong_for_method(&method, create.unique, &create.items, !create.include.is_empty()) {
            return self.report(Diagnostic::new(wrong), &create.table.range);
        }
        for item in &items {
            if let IndexColumn::Column(name) = &item.column
                && item.operator_class.is_none()
                && self.refuses_indexed_type(&table, &name.text, &method, &name.range)
            {
                return;
            }
        }
        // What is sorted by another collation than the partition key is no part of it.
        let own = |name: &Name| self.table(&table).and_then(|table| table.column(&name.text)).and_then(|it| it.collation.clone());
        let sorted_so = |item: &IndexItem, name: &Name| item.collation.is_none() || item.collation == own(name);
        let key = items.iter().filter_map(|item| match &item.column {
            IndexColumn::Column(name) if sorted_so(item, name) => Some(name.clone()),
            _ => None,
        });
        let key: Vec<Name> = key.collect();
        if create.unique && !self.key_has_partition_columns(&table, &key, &create.table.range) {
            return;
        }
        let expressions = items.iter().filter_map(|item| expression_of(&item.column)).chain(&create.predicate);
        let mentions: Vec<String> = expressions.flat_map(|expression| expression.names.iter().cloned()).collect();
        let Some(schema) = self.catalog.schemas.get(&table.schema) else {
            return;
        };
        let labels = labels(&items, &create.include);
        let name = if let Some(name) = &create.name {
            if schema.has_relation(&name.text) {
                if !create.if_not_exists {
                    self.exists_already("relation", &name.text, &name.range);
                }
                return;
            }
            name.text.clone()
        } else {
            let part = names::columns_part(labels.iter().map(String::as_str));
            names::free_name(&table.name, Some(&part), "idx", |name| schema.has_relation(name))
        };
        let Some(parts) = self.table(&table).map(|found| parts(&items, labels.clone(), &method, found)) else { return };
        let plain: Vec<String> = plain_columns(&items).map(|name| name.text).collect();
        let index = Index {
            name,
            unique: create.unique,
            method,
            parts,
            labels,
            columns: (plain.len() == items.len()).then_some(plain),
            include: texts(&create.include),
            predicate: create.predicate.as_ref().map(|predicate| predicate.text.clone()),
            mentions: texts(&named).into_iter().chain(mentions).collect(),
            partial: create.predicate.is_some(),
            nulls_not_distinct: create.nulls_not_distinct,
            parent: None,
        };
        let before = self.parts_of(&table);
        self.add_index(&table, index);
        if !create.only {
            self.complete_partitions(&table, &before);
        }
    }

    /// A column cast to the type it has is the column itself, though under the name of the cast.
    pub(super) fn without_idle_casts(&mut self, table: &RelationName, items: &[IndexItem]) -> Vec<IndexItem> {
        items
            .iter()
            .map(|item| {
                let IndexColumn::Expression { cast: Some((column, ty)), .. } = &item.column else { return item.clone() };
                let ty = self.resolve_type(ty);
                let has = self.table(table).and_then(|table| table.column(&column.text)).map(|column| column.ty.clone());
                let same = has.is_some_and(|has| {
                    has.modifiers.is_empty()
                        && has.schema == ty.schema
                        && has.name == ty.name
                        && (has.array_dimensions > 0) == (ty.array_dimensions > 0)
                });
                if same && ty.modifiers.is_empty() {
                    IndexItem { column: IndexColumn::Column(column.clone()), ..item.clone() }
                } else {
                    item.clone()
                }
            })
            .collect()
    }

    pub(super) fn add_index(&mut self, table: &RelationName, index: Index) {
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            schema.indexes.insert(index.name.clone(), table.name.clone());
        }
        if let Some(table) = self.table_mut(table) {
            table.indexes.push(index);
        }
    }

    /// `ALTER INDEX … ATTACH PARTITION`.
    pub(super) fn attach_index(&mut self, parent: &Qualified, index: &Qualified) {
        let (Some(above), Some((schema, table))) = (self.known_index(parent), self.known_index(index)) else { return };
        let above = RelationName { schema: above.0, name: above.1 };
        if !self.table(&RelationName { schema: schema.clone(), name: table.clone() }).is_some_and(|table| table.parents.contains(&above)) {
            let text = format!("index `{}` is of no partition of `{above}`", written(index));
            return self.report(Diagnostic::new(text), &index.range);
        }
        let other = |known: &&Index| known.parent.as_ref() == Some(&parent.name) && known.name != index.name;
        let found = self.table(&RelationName { schema: schema.clone(), name: table.clone() });
        if let Some(other) = found.and_then(|found| found.indexes.iter().find(other)).map(|other| other.name.clone()) {
            let text = format!("index `{other}` is the part of `{}` in `{table}` already", written(parent));
            return self.report(Diagnostic::new(text), &index.range);
        }
        let (Some(above), Some(below)) = (self.table(&above), found) else { return };
        let keys = |table: &'_ Table| -> Vec<Key> { table.unique.iter().chain(&table.primary_key).cloned().collect() };
        let (of_parent, of_partition) = (keys(above), keys(below));
        let key_above = of_parent.iter().find(|key| key.name == parent.name);
        let key_below = of_partition.iter().find(|key| key.name == index.name);
        let index_above = above.indexes.iter().find(|known| known.name == parent.name);
        let index_below = below.indexes.iter().find(|known| known.name == index.name);
        let wrong = match (key_above, index_above, key_below, index_below) {
            (Some(above), _, Some(below), _) if has_same_index(below, above) => None,
            (_, Some(above), Some(below), _) if is_index_of_key(below, above) => None,
            (_, Some(above), _, Some(below)) if same_index(below, above) => None,
            (Some(above), _, _, Some(below)) if is_index_of_key(above, below) => Some("it is of no constraint, and the other one is"),
            // One of them is an exclusion's.
            (None, None, ..) | (.., None, None) => None,
            _ => Some("they are not over the same"),
        };
        if let Some(wrong) = wrong {
            let text = format!("index `{}` cannot be the part of `{}` in `{table}`: {wrong}", written(index), written(parent));
            return self.report(Diagnostic::new(text), &index.range);
        }
        let is_key = key_above.is_some();
        let Some(found) = self.table_mut(&RelationName { schema, name: table }) else { return };
        if let Some(found) = found.indexes.iter_mut().find(|known| known.name == index.name) {
            found.parent = Some(parent.name.clone());
        } else if let Some(key) = found.unique.iter_mut().chain(&mut found.primary_key).find(|key| key.name == index.name) {
            key.inherited |= is_key;
            key.attached = true;
        }
    }

    /// The schema and table of an index, or a diagnostic.
    pub(super) fn known_index(&mut self, name: &Qualified) -> Option<(String, String)> {
        let found = self.lookup_index(name);
        if found.is_none() {
            self.report(Diagnostic::new(format!("index `{}` does not exist", written(name))), &name.range);
        }
        found
    }
}

fn plain_columns(items: &[IndexItem]) -> impl Iterator<Item = Name> {
    items.iter().filter_map(|item| match &item.column {
        IndexColumn::Column(name) => Some(name.clone()),
        IndexColumn::Expression { .. } => None,
    })
}

/// The expression of an index's column, if it is one.
pub(super) fn expression_of(column: &IndexColumn) -> Option<&crate::ddl::Expression> {
    match column {
        IndexColumn::Column(_) => None,
        IndexColumn::Expression { expression, .. } => Some(expression),
    }
}

/// What an index is over, with the names of its own columns.
pub(super) fn parts(items: &[IndexItem], labels: Vec<String>, method: &str, table: &Table) -> Vec<IndexPart> {
    // The default is the column's own, where that has no other.
    let collation = |item: &IndexItem| {
        let own = match &item.column {
            IndexColumn::Column(name) => table.column(&name.text).and_then(|column| column.collation.as_ref()),
            IndexColumn::Expression { .. } => None,
        };
        item.collation.clone().filter(|collation| collation != "\"default\"" || own.is_some())
    };
    let part = |(item, label): (&IndexItem, String)| IndexPart {
        column: match &item.column {
            IndexColumn::Column(name) => Some(name.text.clone()),
            IndexColumn::Expression { .. } => None,
        },
        expression: expression_of(&item.column).map(|expression| expression.text.clone()),
        label,
        collation: collation(item),
        operator_class: item.operator_class.as_deref().and_then(|class| super::operator_class::shown(method, class)),
        descending: item.descending,
        nulls_first: item.nulls_first.unwrap_or(item.descending),
    };
    items.iter().zip(labels).map(part).collect()
}

/// The names that PostgreSQL gives an index's columns: twice the same gets a number (`ChooseIndexColumnNames` in its source).
pub(super) fn labels(items: &[IndexItem], include: &[Name]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    let written = items.iter().map(|item| match &item.column {
        IndexColumn::Column(name) => name.text.as_str(),
        IndexColumn::Expression { name, .. } => name.as_deref().unwrap_or("expr"),
    });
    for wanted in written.chain(include.iter().map(|name| name.text.as_str())) {
        let mut free = wanted.to_owned();
        let mut number = 1;
        while labels.contains(&free) {
            // The number is never cut, the name before it is.
            let digits = number.to_string();
            free = format!("{}{digits}", names::cut_to(wanted, names::MOST_BYTES - digits.len()));
            number += 1;
        }
        labels.push(free);
    }
    labels
}
