//! The keys, indexes and foreign keys that a partition has from its table.

use std::collections::HashSet;

use super::{Applier, inherit::Copied};
use crate::{
    catalog::{ForeignKey, Index, IndexPart, Key, RelationName, Table, TableKind},
    diagnostic::Diagnostic,
};

/// The keys, indexes and foreign keys of a table by their names. A foreign key may be called as an index.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    indexes: HashSet<String>,
    references: HashSet<String>,
}

impl Parts {
    fn of(table: &Table) -> Self {
        let keys = table.primary_key.iter().chain(&table.unique).map(|key| &key.name);
        Self {
            indexes: keys.chain(table.indexes.iter().map(|index| &index.name)).cloned().collect(),
            references: table.foreign_keys.iter().map(|key| key.name.clone()).collect(),
        }
    }

    fn without(mut self, others: &Self) -> Self {
        self.indexes.retain(|name| !others.indexes.contains(name));
        self.references.retain(|name| !others.references.contains(name));
        self
    }

    fn is_empty(&self) -> bool {
        self.indexes.is_empty() && self.references.is_empty()
    }
}

impl Applier<'_> {
    /// What a table has that its partitions may have from it.
    pub(super) fn parts_of(&self, table: &RelationName) -> Parts {
        self.table(table).map(Parts::of).unwrap_or_default()
    }

    /// Gives a partition, and those of its own, all keys, indexes and foreign keys of its parent: what it has already is attached, as it is
    /// (`AttachPartitionEnsureIndexes` in PostgreSQL's source), and what it lacks is made.
    pub(super) fn complete_partition(&mut self, parent: &RelationName, partition: &RelationName) {
        let all = self.parts_of(parent);
        self.hand_down(vec![(parent.clone(), partition.clone(), all)]);
    }

    /// Gives all partitions what their table did not have before.
    pub(super) fn complete_partitions(&mut self, parent: &RelationName, before: &Parts) {
        if !self.table(parent).is_some_and(|table| table.kind == TableKind::Partitioned) {
            return;
        }
        let new = self.parts_of(parent).without(before);
        if !new.is_empty() {
            let children = self.children(parent).into_iter().rev();
            self.hand_down(children.map(|child| (parent.clone(), child, new.clone())).collect());
        }
    }

    /// What is attached has its own parts, or lacks them; what is made goes further down.
    fn hand_down(&mut self, mut left: Vec<(RelationName, RelationName, Parts)>) {
        while let Some((parent, partition, parts)) = left.pop() {
            let made = self.complete_from(&parent, &partition, &parts);
            if !made.is_empty() && self.table(&partition).is_some_and(|table| table.kind == TableKind::Partitioned) {
                let below = self.children(&partition).into_iter().rev();
                left.extend(below.map(|next| (partition.clone(), next, made.clone())));
            }
        }
    }

    /// Attaches the parts that a partition has and makes the others; the latter.
    fn complete_from(&mut self, parent: &RelationName, partition: &RelationName, parts: &Parts) -> Parts {
        let (Some(above), Some(below)) = (self.table(parent), self.table(partition)) else { return Parts::default() };
        if above.kind != TableKind::Partitioned {
            return Parts::default();
        }
        let before = Parts::of(below);
        let mut below = below.clone();
        let mut copied = Copied::default();
        let keys = above.primary_key.iter().map(|key| (key, true)).chain(above.unique.iter().map(|key| (key, false)));
        for (key, primary) in keys.filter(|(key, _)| parts.indexes.contains(&key.name)) {
            // An index that a unique constraint has made serves the primary key too.
            let own = below.unique.iter_mut().chain(&mut below.primary_key).find(|own| !own.attached && has_same_index(own, key));
            if let Some(own) = own {
                (own.attached, own.inherited) = (true, true);
                continue;
            }
            let new = Key { inherited: true, attached: true, ..key.clone() };
            if primary {
                copied.primary_key = Some(new);
            } else {
                copied.unique.push(new);
            }
        }
        for index in above.indexes.iter().filter(|index| parts.indexes.contains(&index.name)) {
            if let Some(own) = below.indexes.iter_mut().find(|own| own.parent.is_none() && same_index(own, index)) {
                own.parent = Some(index.name.clone());
            } else if let Some(own) = key_of_index(&mut below, index) {
                own.attached = true;
            } else {
                copied.indexes.push(Index { parent: Some(index.name.clone()), ..index.clone() });
            }
        }
        for key in above.foreign_keys.iter().filter(|key| parts.references.contains(&key.name)) {
            let fits = |own: &&mut ForeignKey| {
                let deferred = (own.deferrable, own.initially_deferred) == (key.deferrable, key.initially_deferred);
                !own.inherited && !own.not_valid && deferred && same_reference(own, key)
            };
            match below.foreign_keys.iter_mut().find(fits) {
                Some(own) => own.inherited = true,
                None => copied.foreign_keys.push(ForeignKey { inherited: true, ..key.clone() }),
            }
        }
        let not_null = above.primary_key.as_ref().filter(|key| parts.indexes.contains(&key.name)).map(|key| key.columns.clone());
        if copied.primary_key.is_some() && below.primary_key.is_some() {
            let statement = self.statement.clone();
            self.report(Diagnostic::new(format!("relation `{partition}` has a primary key already")), &statement);
            return Parts::default();
        }
        if let Some(found) = self.table_mut(partition) {
            *found = below;
        }
        for column in not_null.into_iter().flatten() {
            self.set_not_null(partition, &column, true);
        }
        self.add_copied_keys(partition, &copied);
        self.parts_of(partition).without(&before)
    }
}

/// Whether an index of a partition can be the part of its parent's (`CompareIndexInfo` in PostgreSQL's source).
pub(super) fn same_index(left: &Index, right: &Index) -> bool {
    let words = |text: &String| crate::parse::tokens(text).map(|token| token.text.to_owned()).collect::<Vec<_>>();
    let part =
        |part: &IndexPart| (part.column.clone(), part.expression.as_ref().map(words), part.collation.clone(), part.operator_class.clone());
    let parts = |index: &Index| index.parts.iter().map(part).collect::<Vec<_>>();
    parts(left) == parts(right)
        && left.unique == right.unique
        && left.method == right.method
        && left.predicate.as_ref().map(words) == right.predicate.as_ref().map(words)
        && left.include == right.include
        && left.nulls_not_distinct == right.nulls_not_distinct
}

/// Whether the index of a partition's key can be the part of its parent's.
pub(super) fn has_same_index(left: &Key, right: &Key) -> bool {
    left.columns == right.columns && left.include == right.include && left.nulls_not_distinct == right.nulls_not_distinct
}

/// The key whose index can be the part of a parent's index that no constraint has made.
fn key_of_index<'t>(partition: &'t mut Table, index: &Index) -> Option<&'t mut Key> {
    partition.primary_key.iter_mut().chain(&mut partition.unique).find(|key| !key.attached && is_index_of_key(key, index))
}

/// Whether an index is as the one that a key makes.
pub(super) fn is_index_of_key(key: &Key, index: &Index) -> bool {
    let plain = |part: &IndexPart| part.expression.is_none() && part.operator_class.is_none() && part.collation.is_none();
    index.unique
        && index.method == "btree"
        && index.predicate.is_none()
        && index.parts.iter().all(plain)
        && index.columns.as_ref() == Some(&key.columns)
        && index.include == key.include
        && index.nulls_not_distinct == key.nulls_not_distinct
}

pub(super) fn same_reference(left: &ForeignKey, right: &ForeignKey) -> bool {
    left.columns == right.columns
        && left.references_schema == right.references_schema
        && left.references_table == right.references_table
        && left.references_columns == right.references_columns
        && (left.on_delete, left.on_update, left.match_full) == (right.on_delete, right.on_update, right.match_full)
}
