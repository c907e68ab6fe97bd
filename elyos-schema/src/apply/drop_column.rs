//! `DROP COLUMN`: what needs a column, and what goes with it.

use super::{
    Applier,
    constraint::has_constraint,
    expression::{is_partitioned_by, mentions},
};
use crate::{
    catalog::{Catalog, ForeignKey, RelationName, Table, TableKind, Trigger},
    ddl::Name,
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn drop_column(&mut self, table: &RelationName, column: &Name, if_exists: bool, cascade: bool) {
        let known = self.table(table).is_some_and(|table| table.column(&column.text).is_some());
        if !known {
            if !if_exists {
                self.has_columns(table, std::slice::from_ref(column));
            }
            return;
        }
        let points_here = |key: &ForeignKey| {
            key.references_schema == table.schema && key.references_table == table.name && key.references_columns.contains(&column.text)
        };
        // A key of the same table that has the column itself goes with it unasked.
        let itself = |other: &Table, key: &ForeignKey| other.full_name() == *table && key.columns.contains(&column.text);
        let referring = self.referring(table);
        let needed = referring
            .iter()
            .filter_map(|other| self.table(other))
            .flat_map(|other| other.foreign_keys.iter().map(move |key| (other, key)))
            .find(|(other, key)| points_here(key) && !itself(other, key))
            .map(|(other, key)| (other.full_name(), key.name.clone()));
        if let Some((other, key)) = needed.filter(|_| !cascade) {
            let diagnostic = Diagnostic::new(format!(
                "cannot drop column `{}` of `{table}`: foreign key `{key}` of `{other}` references it",
                column.text
            ));
            return self.report(diagnostic.help("drop that first, or say `CASCADE`"), &column.range);
        }
        if let Some(user) = self.user_of_column(table, &column.text).filter(|_| !cascade) {
            let diagnostic = Diagnostic::new(format!("cannot drop column `{}` of `{table}`: {user}", column.text));
            return self.report(diagnostic.help("drop that first, or say `CASCADE`"), &column.range);
        }
        self.remove_references(table, points_here);
        for view in self.views_of_column(table, &column.text) {
            self.remove_table(&view);
        }
        self.remove_policies_reading(table, Some(&column.text));
        let generated = self.table(table).map(|found| generated_from(self.catalog, found, &column.text)).unwrap_or_default();
        for generated in generated {
            self.drop_column(table, &Name { text: generated, range: column.range.clone() }, true, true);
        }
        for sequence in self.sequences_of(table, Some(&column.text)) {
            self.remove_sequence(&sequence);
        }
        self.catalog.carried.retain(|it| it.table.as_ref() != Some(table) || !it.columns.contains(&column.text));
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
            return;
        };
        let Some(mut found) = schema.tables.remove(&table.name) else {
            return;
        };
        schema.remove_names_of(&found);
        remove_column(&mut found, &column.text);
        schema.add_names_of(&found);
        schema.tables.insert(table.name.clone(), found);
    }

    /// A column whose type goes: a table cannot be without a column of its partition key.
    pub(super) fn drop_column_of_type(&mut self, table: &RelationName, column: &Name) {
        let in_key = |table: &Table| is_partitioned_by(table, &column.text);
        if self.table(table).is_some_and(in_key) {
            self.remove_table(table);
        } else {
            self.drop_column(table, column, true, true);
        }
    }

    /// The views whose queries use a column.
    pub(super) fn views_of_column(&mut self, table: &RelationName, column: &str) -> Vec<RelationName> {
        let referring = self.referring(table);
        let all = referring.iter().filter_map(|view| self.table(view)).filter(|view| view.kind != TableKind::Table);
        let uses = |view: &&Table| {
            view.query.as_ref().is_some_and(|query| query.columns_read.iter().any(|(from, read)| from == table && read == column))
        };
        all.filter(uses).map(Table::full_name).collect()
    }

    /// What of its own table, and which policy of any, reads a column and keeps it as it is.
    pub(super) fn part_that_reads(&mut self, table: &RelationName, column: &str) -> Option<String> {
        let policy = self.policies_reading(table, Some(column)).into_iter().next();
        let found = self.table(table)?;
        if let Some(generated) = generated_from(self.catalog, found, column).first() {
            return Some(format!("generated column `{generated}` needs it"));
        }
        let reads = |trigger: &&Trigger| trigger.columns.iter().chain(&trigger.when).any(|known| known == column);
        if let Some(trigger) = found.triggers.iter().find(reads) {
            return Some(format!("trigger `{}` needs it", trigger.name));
        }
        policy.map(
            |(owner, policy)| {
                if owner == *table { format!("policy `{policy}` needs it") } else { format!("policy `{policy}` of `{owner}` needs it") }
            },
        )
    }

    /// What needs a column and would not go with it unasked.
    fn user_of_column(&mut self, table: &RelationName, column: &str) -> Option<String> {
        if let Some(view) = self.views_of_column(table, column).first() {
            return Some(format!("view `{view}` uses it"));
        }
        if let Some(part) = self.part_that_reads(table, column) {
            return Some(part);
        }
        let sequences = self.sequences_of(table, Some(column));
        let user = sequences.iter().find_map(|sequence| {
            self.users_of_sequence(sequence).into_iter().find(|(user, used)| {
                // The tables below that only have the column from here lose it too.
                let inherited = || self.table(user).and_then(|user| user.column(used)).is_some_and(|column| column.inherited);
                used != column || (user != table && !inherited())
            })
        });
        user.map(|(user, used)| format!("the default of column `{used}` of `{user}` takes its sequence's numbers"))
    }
}

/// The columns that are generated from one.
fn generated_from(catalog: &Catalog, table: &Table, column: &str) -> Vec<String> {
    let generated =
        table.columns.iter().filter(|other| other.generated.as_ref().is_some_and(|text| mentions(catalog, table, text, column)));
    generated.map(|other| other.name.clone()).collect()
}

/// A column goes with every key, check and index it is in. NOT NULLs of a lost key's other columns stay.
fn remove_column(table: &mut Table, column: &str) {
    let has = |columns: &[String]| columns.iter().any(|known| known == column);
    table.columns.retain(|known| known.name != column);
    table.primary_key.take_if(|key| has(&key.columns) || has(&key.include));
    table.unique.retain(|key| !has(&key.columns) && !has(&key.include));
    table.foreign_keys.retain(|key| !has(&key.columns));
    table.checks.retain(|check| !has(&check.columns));
    table.not_nulls.retain(|it| it.column != column);
    table.indexes.retain(|index| !has(&index.mentions));
    table.exclusions.retain(|exclusion| !has(&exclusion.mentions));
    table.triggers.retain(|trigger| !has(&trigger.columns) && !has(&trigger.when));
    let indexes: Vec<String> = table.indexes.iter().map(|index| index.name.clone()).collect();
    let mut comments = std::mem::take(&mut table.comments);
    let mut index_comments = std::mem::take(&mut table.index_comments);
    comments.retain(|name, _| has_constraint(table, name));
    index_comments.retain(|name, _| indexes.contains(name) || has_constraint(table, name));
    (table.comments, table.index_comments) = (comments, index_comments);
}
