//! NOT NULL, and the constraints that it is since PostgreSQL 18
//! (<https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-NOT-NULL>): they have names, by which they can be dropped.
//! Before, nothing goes by such a name. A file that names one was made for 18, so it is read as 18 reads it.

use super::{Applier, constraint::has_constraint};
use crate::{
    catalog::{NotNull, RelationName, names},
    ddl::{Constraint, Name},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn set_not_null(&mut self, table: &RelationName, column: &str, not_null: bool) {
        if let Some(column) = self.table_mut(table).and_then(|table| table.column_mut(column)) {
            column.not_null = not_null;
        }
    }

    /// `[CONSTRAINT name] NOT NULL column [NOT VALID]`.
    pub(super) fn add_not_null(&mut self, table: &RelationName, constraint: &Constraint, column: &Name) {
        if !self.has_columns(table, std::slice::from_ref(column)) {
            return;
        }
        let unnamed = || names::object_name(&table.name, Some(&column.text), "not_null");
        let name = constraint.name.as_ref().map_or_else(unnamed, |name| name.text.clone());
        if let Some(found) = self.table_mut(table) {
            found.not_nulls.retain(|known| known.column != column.text);
            found.not_nulls.push(NotNull { name, column: column.text.clone() });
        }
        // Rows from before it may hold nulls.
        if !constraint.not_valid {
            self.set_not_null(table, &column.text, true);
        }
    }

    /// The column whose NOT NULL goes by a name, if that is no other constraint's.
    pub(super) fn column_of_not_null(&self, table: &RelationName, name: &str) -> Option<String> {
        let found = self.table(table).filter(|found| !has_constraint(found, name))?;
        if let Some(known) = found.not_nulls.iter().find(|known| known.name == name) {
            return Some(known.column.clone());
        }
        if !name.ends_with("not_null") {
            return None;
        }
        let named = |column: &str| found.not_nulls.iter().any(|known| known.column == column);
        let mut columns = found.columns.iter().filter(|column| column.not_null && !named(&column.name));
        let column = columns.find(|column| names::object_name(&table.name, Some(&column.name), "not_null") == name)?;
        Some(column.name.clone())
    }

    pub(super) fn drop_not_null(&mut self, table: &RelationName, name: &Name, column: &str, below: &[RelationName]) {
        if self.table(table).and_then(|table| table.primary_key.as_ref()).is_some_and(|key| key.columns.iter().any(|it| it == column)) {
            return self.report(Diagnostic::new(format!("column `{column}` of relation `{table}` is in a primary key")), &name.range);
        }
        for table in below.iter().chain([table]) {
            if let Some(found) = self.table_mut(table) {
                found.not_nulls.retain(|known| known.column != column);
            }
            self.set_not_null(table, column, false);
        }
    }

    pub(super) fn rename_not_null(&mut self, table: &RelationName, column: &str, to: &str) {
        if let Some(found) = self.table_mut(table) {
            found.not_nulls.retain(|known| known.column != column);
            found.not_nulls.push(NotNull { name: to.to_owned(), column: column.to_owned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Catalog, Source};

    fn after(text: &str) -> Vec<bool> {
        let catalog = Catalog::load(&[Source::new("a.sql", text)]).expect("it is right");
        catalog.table("public", "t").expect("it was made").columns.iter().map(|column| column.not_null).collect()
    }

    #[test]
    fn one_is_dropped_by_its_name() {
        assert_eq!(after("create table t (a int not null, b int not null); alter table t drop constraint t_a_not_null;"), [false, true]);
        assert_eq!(
            after("create table t (a int constraint k not null); alter table t rename a to b; alter table t drop constraint k;"),
            [false]
        );
        assert_eq!(after("create table t (a int); alter table t add not null a; alter table t rename a to b;"), [true]);
        let renamed = "create table t (a int not null); alter table t rename constraint t_a_not_null to k;";
        assert_eq!(after(&format!("{renamed} alter table t drop constraint k;")), [false]);
        let wrong = Catalog::load(&[Source::new("a.sql", format!("{renamed} alter table t drop constraint t_a_not_null;"))]);
        assert!(wrong.unwrap_err().to_string().contains("constraint `t_a_not_null` of relation `public.t` does not exist"));
    }

    #[test]
    fn one_that_is_not_valid_promises_nothing() {
        let added = "create table t (a int); alter table t add constraint k not null a not valid;";
        assert_eq!(after(added), [false]);
        assert_eq!(after(&format!("{added} alter table t validate constraint k;")), [true]);
    }
}
