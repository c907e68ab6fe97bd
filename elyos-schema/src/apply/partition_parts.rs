//! The keys, indexes and foreign keys that a partition has from its table.

use super::{Applier, inherit::Copied};
use crate::catalog::{ForeignKey, Index, IndexPart, Key, RelationName, Table, TableKind};

impl Applier<'_> {
    /// Gives a partition and those of its own the keys, indexes and foreign keys of its parent that they do not have yet.
    pub(super) fn complete_partition(&mut self, parent: &RelationName, partition: &RelationName) {
        let mut left = vec![(parent.clone(), partition.clone())];
        while let Some((parent, partition)) = left.pop() {
            self.complete_from(&parent, &partition);
            if self.table(&partition).is_some_and(|table| table.kind == TableKind::Partitioned) {
                left.extend(self.children(&partition).into_iter().rev().map(|next| (partition.clone(), next)));
            }
        }
    }

    fn complete_from(&mut self, parent: &RelationName, partition: &RelationName) {
        let (Some(above), Some(below)) = (self.table(parent), self.table(partition)) else { return };
        if above.kind != TableKind::Partitioned {
            return;
        }
        let copied = Copied {
            // An index that a unique constraint has made already serves the primary key too.
            primary_key: above
                .primary_key
                .clone()
                .filter(|key| !below.unique.iter().any(|known| known.columns == key.columns))
                .map(|key| Key { inherited: true, ..key }),
            unique: above
                .unique
                .iter()
                .filter(|key| !below.unique.iter().any(|known| known.columns == key.columns))
                .map(|key| Key { inherited: true, ..key.clone() })
                .collect(),
            indexes: above
                .indexes
                .iter()
                .filter(|index| !below.indexes.iter().any(|known| same_index(known, index)) && !has_index_of_key(below, index))
                .map(|index| Index { parent: Some(index.name.clone()), ..index.clone() })
                .collect(),
            foreign_keys: above
                .foreign_keys
                .iter()
                .filter(|key| !below.foreign_keys.iter().any(|known| same_reference(known, key)))
                .map(|key| ForeignKey { inherited: true, ..key.clone() })
                .collect(),
            ..Copied::default()
        };
        let attached: Vec<(String, String)> = above
            .indexes
            .iter()
            .filter_map(|index| {
                below.indexes.iter().find(|known| same_index(known, index)).map(|known| (known.name.clone(), index.name.clone()))
            })
            .collect();
        let inherited_keys: Vec<Vec<String>> = above.unique.iter().chain(&above.primary_key).map(|key| key.columns.clone()).collect();
        let references = above.foreign_keys.clone();
        let not_null = above.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
        for column in not_null {
            self.set_not_null(partition, &column, true);
        }
        if let Some(found) = self.table_mut(partition) {
            for (index, parent) in attached {
                if let Some(index) = found.indexes.iter_mut().find(|known| known.name == index) {
                    index.parent = Some(parent);
                }
            }
            for key in found.unique.iter_mut().chain(&mut found.primary_key).filter(|key| inherited_keys.contains(&key.columns)) {
                key.inherited = true;
            }
            for key in found.foreign_keys.iter_mut().filter(|key| references.iter().any(|above| same_reference(above, key))) {
                key.inherited = true;
            }
        }
        self.add_copied_keys(partition, &copied);
    }

    /// [`complete_partition`](Self::complete_partition) for all of a table's partitions.
    pub(super) fn complete_partitions(&mut self, parent: &RelationName) {
        if self.table(parent).is_some_and(|table| table.kind == TableKind::Partitioned) {
            for partition in self.children(parent) {
                self.complete_partition(parent, &partition);
            }
        }
    }
}

/// Whether an index of a partition can be the part of its parent's.
fn same_index(left: &Index, right: &Index) -> bool {
    let part = |part: &IndexPart| {
        let text = part.expression.as_ref().map(|text| crate::parse::tokens(text).map(|token| token.text.to_owned()).collect::<Vec<_>>());
        (part.column.clone(), text, part.collation.clone(), part.operator_class.clone())
    };
    let parts = |index: &Index| index.parts.iter().map(part).collect::<Vec<_>>();
    parts(left) == parts(right)
        && left.unique == right.unique
        && left.method == right.method
        && left.predicate == right.predicate
        && left.include == right.include
        && left.nulls_not_distinct == right.nulls_not_distinct
}

/// Whether the index that a key has made can be the part of its parent's index.
fn has_index_of_key(partition: &Table, index: &Index) -> bool {
    let plain = |part: &IndexPart| part.expression.is_none() && part.operator_class.is_none() && part.collation.is_none();
    let mut keys = partition.primary_key.iter().chain(&partition.unique);
    index.unique
        && index.method == "btree"
        && index.predicate.is_none()
        && index.parts.iter().all(plain)
        && keys.any(|key| {
            index.columns.as_ref() == Some(&key.columns)
                && index.include == key.include
                && index.nulls_not_distinct == key.nulls_not_distinct
        })
}

pub(super) fn same_reference(left: &ForeignKey, right: &ForeignKey) -> bool {
    left.columns == right.columns
        && left.references_schema == right.references_schema
        && left.references_table == right.references_table
        && left.references_columns == right.references_columns
        && (left.on_delete, left.on_update, left.match_full) == (right.on_delete, right.on_update, right.match_full)
}
