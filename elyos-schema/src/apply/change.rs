//! `ALTER COLUMN`.

use super::{Applier, expression::is_partitioned_by};
use crate::{
    catalog::{ForeignKey, Identity, RelationName, SequenceOptions, Table, TableKind, Type},
    ddl::{ColumnChange, Expression, Name, Qualified},
    diagnostic::Diagnostic,
    resolve::{
        self,
        stored::{self, Kept},
    },
};

impl Applier<'_> {
    pub(super) fn change_column(&mut self, table: &RelationName, column: &Name, change: &ColumnChange) {
        if let ColumnChange::AddIdentity { always, sequence, options } = change {
            return self.add_identity(table, column, *always, sequence.as_ref(), options);
        }
        let ty = if let ColumnChange::SetType { ty, .. } = change { Some(self.resolve_type(ty)) } else { None };
        let collated = match change {
            ColumnChange::SetType { collation: Some(written), .. } => self.collation_text(written),
            _ => None,
        };
        let default = match change {
            ColumnChange::SetDefault(expression) => {
                if let Some(name) = expression.columns.first() {
                    let range = name.range.clone();
                    return self.report(Diagnostic::new(format!("a default cannot read a column: `{}`", name.text)), &range);
                }
                let ty = self.table(table).and_then(|table| table.column(&column.text)).map(|column| column.ty.clone());
                ty.and_then(|ty| self.default_text(&expression.text, &ty))
            }
            _ => None,
        };
        if let (ColumnChange::SetType { using, .. }, Some(to)) = (change, &ty)
            && self.refuses_type(table, column, to, using.as_ref())
        {
            return;
        }
        if let ColumnChange::DropIdentity { .. } = change
            && let Some(user) = self.user_of_identity(table, column)
        {
            let diagnostic = Diagnostic::new(format!("cannot drop the identity of column `{}` of `{table}`: {user}", column.text));
            return self.report(diagnostic.help("drop that default first"), &column.range);
        }
        let in_key = self.table(table).and_then(|table| table.primary_key.as_ref()).is_some_and(|key| key.columns.contains(&column.text));
        let Some(found) = self.table_mut(table).and_then(|table| table.column_mut(&column.text)) else {
            return;
        };
        let mut wrong = None;
        let mut dropped_sequence = None;
        let mut retyped_sequence = None;
        let mut changed_sequence = None;
        match change {
            ColumnChange::SetNotNull => found.not_null = true,
            ColumnChange::DropNotNull if in_key => wrong = Some("is in a primary key"),
            ColumnChange::DropNotNull | ColumnChange::SetDefault(_) | ColumnChange::DropDefault if found.identity.is_some() => {
                wrong = Some("is an identity column");
            }
            ColumnChange::SetDefault(_) | ColumnChange::DropDefault if found.generated.is_some() => wrong = Some("is a generated column"),
            ColumnChange::SetDefault(_) => found.default = default,
            ColumnChange::DropNotNull => found.not_null = false,
            ColumnChange::DropDefault => found.default = None,
            ColumnChange::SetType { .. } => {
                found.ty = ty.unwrap_or_else(|| found.ty.clone());
                found.collation = collated;
                if found.identity.is_some() {
                    retyped_sequence = found.sequence.clone().map(|sequence| (sequence, found.ty.name.clone()));
                }
            }
            ColumnChange::SetIdentity { .. } if found.identity.is_none() => wrong = Some("is no identity column"),
            ColumnChange::SetIdentity { always, options } => {
                if let Some(always) = always {
                    found.identity = Some(if *always { Identity::Always } else { Identity::ByDefault });
                }
                changed_sequence = found.sequence.clone().map(|sequence| (sequence, options.clone()));
            }
            ColumnChange::DropIdentity { if_exists } => match found.identity.take() {
                Some(_) => dropped_sequence = found.sequence.take(),
                None if *if_exists => {}
                None => wrong = Some("is no identity column"),
            },
            ColumnChange::SetExpression(expression) if found.generated.is_some() => found.generated = Some(expression.text.clone()),
            ColumnChange::SetExpression(_) => wrong = Some("is no generated column"),
            ColumnChange::DropExpression { if_exists } => {
                if found.generated.take().is_none() && !if_exists {
                    wrong = Some("is no generated column");
                }
            }
            ColumnChange::AddIdentity { .. } | ColumnChange::Nothing => {}
        }
        if let Some(wrong) = wrong {
            self.report(Diagnostic::new(format!("column `{}` of relation `{table}` {wrong}", column.text)), &column.range);
        }
        if let Some(sequence) = dropped_sequence {
            self.remove_sequence(&sequence);
        }
        if let Some((sequence, ty)) = retyped_sequence {
            self.change_sequence(&sequence, &SequenceOptions { ty: Some(ty), ..SequenceOptions::default() }, &column.range);
        }
        if let Some((sequence, options)) = changed_sequence {
            self.change_sequence(&sequence, &options, &column.range);
        }
    }

    fn add_identity(&mut self, table: &RelationName, column: &Name, always: bool, given: Option<&Qualified>, options: &SequenceOptions) {
        let Some(found) = self.table(table).and_then(|table| table.column(&column.text)) else {
            return;
        };
        let wrong = if !found.not_null {
            Some("must be NOT NULL before it becomes an identity")
        } else if found.identity.is_some() {
            Some("is an identity column already")
        } else if found.default.is_some() || found.generated.is_some() {
            Some("has a default already")
        } else {
            super::column::no_identity_type(&found.ty)
        };
        if let Some(wrong) = wrong {
            return self.report(Diagnostic::new(format!("column `{}` of relation `{table}` {wrong}", column.text)), &column.range);
        }
        let ty = found.ty.name.clone();
        let sequence = self.own_sequence(table, (&column.text, &ty), given, options, true);
        if let Some(found) = self.table_mut(table).and_then(|table| table.column_mut(&column.text)) {
            found.identity = Some(if always { Identity::Always } else { Identity::ByDefault });
            found.sequence = Some(sequence);
        }
    }

    /// What else takes numbers from an identity's sequence, if something does.
    fn user_of_identity(&mut self, table: &RelationName, column: &Name) -> Option<String> {
        let found = self.table(table)?.column(&column.text).filter(|column| column.identity.is_some())?;
        let sequence = found.sequence.clone()?;
        let (other, defaulted) = self.users_of_sequence(&sequence).into_iter().next()?;
        Some(format!("the default of column `{defaulted}` of `{other}` takes its sequence's numbers"))
    }

    /// Whether a column cannot be of another type, with a diagnostic.
    fn refuses_type(&mut self, table: &RelationName, column: &Name, to: &Type, using: Option<&Expression>) -> bool {
        let Some(found) = self.table(table).and_then(|table| table.column(&column.text)) else { return false };
        let (from, is_identity) = (found.ty.clone(), found.identity.is_some());
        let stays = |default: &String| !stored::default_becomes(self.catalog, default, &from, to);
        let bound_default = found.default.as_ref().is_some_and(stays);
        if self.refuses_column_type(&column.text, to, &column.range) {
            return true;
        }
        if to.schema.is_some() {
            let with_below = self.descendants(vec![table.clone()]);
            if self.puts_into_itself(&with_below, to, &column.range) {
                return true;
            }
        }
        let name = &column.text;
        let diagnostic = if let Some(wrong) = Some(to).filter(|_| is_identity).and_then(super::column::no_identity_type) {
            Diagnostic::new(format!("column `{name}` of relation `{table}` {wrong}"))
        } else if using.is_none() && !resolve::is_assignable(self.catalog, &from, to) {
            let text = format!("column `{name}` of `{table}` does not become `{to}` by itself");
            Diagnostic::new(text).help("say what it becomes, with `USING`")
        } else if bound_default {
            let text = format!("the default of column `{name}` of `{table}` does not become `{to}` by itself");
            Diagnostic::new(text).help("drop it in the same statement, and set one of the new type: `DROP DEFAULT`, `SET DEFAULT`")
        } else if let Some(wrong) = self.keeps_its_type(table, column) {
            Diagnostic::new(format!("cannot change the type of column `{name}` of `{table}`: {wrong}"))
        } else if let Some(key) = self.key_that_no_longer_compares(table, name, to) {
            let text = format!("column `{name}` of `{table}` cannot be `{to}`: foreign key `{key}` could not compare it");
            Diagnostic::new(text).help("drop the foreign key first")
        } else {
            return self.refuses_using(table, to, using);
        };
        self.report(diagnostic, &column.range);
        true
    }

    /// Whether what a column is to become of does not go together or does not become the new type, with a diagnostic.
    fn refuses_using(&mut self, table: &RelationName, to: &Type, using: Option<&Expression>) -> bool {
        let Some(using) = using else { return false };
        let found = stored::refused(self.catalog, self.source, self.table(table), [(Kept::Using(to), using)]);
        let refused = !found.is_empty();
        self.found.extend(found);
        refused
    }

    /// A foreign key from or to a column that could not be if the column were of another type.
    fn key_that_no_longer_compares(&mut self, table: &RelationName, column: &str, to: &Type) -> Option<String> {
        let referring = self.referring(table);
        let to_here = |key: &ForeignKey| key.references_schema == table.schema && key.references_table == table.name;
        for other in referring.iter().chain([table]).filter_map(|other| self.table(other)) {
            for key in &other.foreign_keys {
                let target = self.catalog.table(&key.references_schema, &key.references_table);
                for (from, referenced) in key.columns.iter().zip(&key.references_columns) {
                    let from_here = other.full_name() == *table && from == column;
                    if !(from_here || to_here(key) && referenced == column) {
                        continue;
                    }
                    let pick = |table: Option<&Table>, name: &str, here: bool| {
                        if here { Some(to.clone()) } else { table.and_then(|table| table.column(name)).map(|column| column.ty.clone()) }
                    };
                    let from_type = pick(Some(other), from, from_here);
                    let key_type = pick(target, referenced, to_here(key) && referenced == column);
                    if let (Some(from_type), Some(key_type)) = (from_type, key_type)
                        && !resolve::is_comparable_to_key(self.catalog, &from_type, &key_type)
                    {
                        return Some(key.name.clone());
                    }
                }
            }
        }
        None
    }

    /// Why a column cannot be of another type, if it cannot.
    fn keeps_its_type(&mut self, table: &RelationName, column: &Name) -> Option<String> {
        let view = self.views_of_column(table, &column.text).into_iter().next();
        let found = self.table(table)?;
        if found.of_type.is_some() {
            return Some("the table is of a type".to_owned());
        }
        if matches!(found.kind, TableKind::View | TableKind::MaterializedView) {
            return Some("it is a view's".to_owned());
        }
        if is_partitioned_by(found, &column.text) {
            return Some("it is in the partition key".to_owned());
        }
        if let Some(view) = view {
            return Some(format!("view `{view}` uses it"));
        }
        self.part_that_reads(table, &column.text)
    }
}
