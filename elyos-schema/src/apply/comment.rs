//! `COMMENT ON`.

use std::collections::BTreeMap;

use super::{Applier, constraint::has_constraint, written};
use crate::{
    catalog::{RelationName, TableKind, UserType},
    ddl::{Commented, Name, Qualified, RelationKind},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn comment(&mut self, on: &Commented, text: Option<&str>) {
        // An empty comment is none, as in PostgreSQL.
        let text = text.filter(|text| !text.is_empty()).map(str::to_owned);
        match on {
            Commented::Relation(name, kind) => {
                if let Some(found) = self.existing(name)
                    && self.is_called_so(&found, *kind, name)
                    && let Some(table) = self.table_mut(&found)
                {
                    table.comment = text;
                }
            }
            Commented::Column { table, column } => {
                if self.lookup(table).is_none() && self.comments_on_attribute(table, column) {
                    return;
                }
                let Some(found) = self.existing(table) else {
                    return;
                };
                if self.has_columns(&found, std::slice::from_ref(column))
                    && let Some(column) = self.table_mut(&found).and_then(|table| table.column_mut(&column.text))
                {
                    column.comment = text;
                }
            }
            Commented::Schema(name) => match self.catalog.schemas.get_mut(&name.text) {
                Some(schema) => schema.comment = text,
                None => self.unknown_schema(name),
            },
            Commented::Type(name) => {
                if let Some(found) = self.existing_type(name)
                    && let Some(user) = self.type_mut(&found)
                {
                    user.set_comment(text);
                }
            }
            Commented::Constraint { table, name } => {
                let Some(found) = self.existing(table) else { return };
                match self.table_mut(&found).filter(|table| has_constraint(table, &name.text)) {
                    Some(table) => set(&mut table.comments, &name.text, text),
                    None => self.unknown_constraint(&found, name),
                }
            }
            Commented::DomainConstraint { domain, name } => {
                let Some(found) = self.existing_type(domain) else { return };
                let has = |user: &UserType| matches!(user, UserType::Domain(it) if it.checks.iter().any(|check| check.name == name.text));
                if !self.type_mut(&found).is_some_and(|user| has(user)) {
                    let diagnostic = Diagnostic::new(format!("constraint `{}` of domain `{found}` does not exist", name.text));
                    self.report(diagnostic, &name.range);
                }
            }
            Commented::Index(name) => {
                if let Some((schema, table)) = self.known_index(name)
                    && let Some(found) = self.table_mut(&RelationName { schema, name: table })
                {
                    set(&mut found.index_comments, &name.name, text);
                }
            }
            Commented::Sequence(name) => match self.lookup_sequence(name) {
                Some(found) => {
                    if let Some(sequence) = self.sequence_mut(&found) {
                        sequence.comment = text;
                    }
                }
                None => self.report(Diagnostic::new(format!("sequence `{}` does not exist", written(name))), &name.range),
            },
            Commented::Function(signature) => {
                if let Some(found) = self.existing_function(signature, false)
                    && let Some(function) = self.function_mut(&found)
                {
                    function.comment = text;
                }
            }
            Commented::Trigger { table, name } => {
                let Some(found) = self.existing(table) else { return };
                match self.table_mut(&found).and_then(|table| table.triggers.iter_mut().find(|trigger| trigger.name == name.text)) {
                    Some(trigger) => trigger.comment = text,
                    None => self.unknown_part("trigger", &found, name),
                }
            }
            Commented::Policy { table, name } => {
                let Some(found) = self.existing(table) else { return };
                match self.table_mut(&found).and_then(|table| table.policies.iter_mut().find(|policy| policy.name == name.text)) {
                    Some(policy) => policy.comment = text,
                    None => self.unknown_part("policy", &found, name),
                }
            }
            Commented::Extension(name) => match self.catalog.extensions.get_mut(&name.text) {
                Some(extension) => extension.comment = text,
                None => self.report(Diagnostic::new(format!("extension `{}` does not exist", name.text)), &name.range),
            },
            Commented::Carried(what) => {
                if let Some(found) = self.carried_mut(what) {
                    found.comment = text;
                } else if self.is_missing(what) {
                    let diagnostic = Diagnostic::new(format!("{} `{}` does not exist", what.kind, written(&what.name)));
                    self.report(diagnostic, &what.name.range);
                }
            }
        }
    }

    /// Whether a relation is what a statement calls it, with a diagnostic if not.
    fn is_called_so(&mut self, found: &RelationName, kind: RelationKind, written: &Qualified) -> bool {
        let actual = self.table(found).map(|table| table.kind);
        let fits = match kind {
            RelationKind::Table => matches!(actual, Some(TableKind::Table | TableKind::Partitioned)),
            RelationKind::ForeignTable => actual == Some(TableKind::Foreign),
            RelationKind::View => actual == Some(TableKind::View),
            RelationKind::MaterializedView => actual == Some(TableKind::MaterializedView),
        };
        if !fits {
            let noun = super::drop::noun(actual);
            let diagnostic = Diagnostic::new(format!("`{found}` is a {noun}"));
            self.report(diagnostic.help(format!("`COMMENT ON {}` comments it", noun.to_uppercase())), &written.range);
        }
        fits
    }

    /// Whether it is an attribute of a composite type, whose comments are not kept.
    fn comments_on_attribute(&mut self, table: &Qualified, column: &Name) -> bool {
        let Some(found) = self.lookup_type(table) else { return false };
        match self.type_mut(&found) {
            Some(UserType::Composite(it)) => it.attributes.iter().any(|attribute| attribute.name == column.text),
            _ => false,
        }
    }
}

fn set(comments: &mut BTreeMap<String, String>, name: &str, text: Option<String>) {
    match text {
        Some(text) => comments.insert(name.to_owned(), text),
        None => comments.remove(name),
    };
}
