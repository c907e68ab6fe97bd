//! `COMMENT ON`.

use super::{Applier, constraint::has_constraint, written};
use crate::{
    catalog::{RelationName, UserType},
    ddl::{Commented, Name, Qualified},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn comment(&mut self, on: &Commented, text: Option<&str>) {
        // An empty comment is none, as in PostgreSQL.
        let text = text.filter(|text| !text.is_empty()).map(str::to_owned);
        match on {
            Commented::Relation(name) => {
                if let Some(found) = self.existing(name)
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
                if self.table(&found).is_some_and(|table| has_constraint(table, &name.text)) {
                    self.comment_part(&found, &name.text, text);
                } else {
                    self.unknown_constraint(&found, name);
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
                if let Some((schema, table)) = self.known_index(name) {
                    self.comment_part(&RelationName { schema, name: table }, &name.name, text);
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
                }
            }
        }
    }

    /// Whether it is an attribute of a composite type, whose comments are not kept.
    fn comments_on_attribute(&mut self, table: &Qualified, column: &Name) -> bool {
        let Some(found) = self.lookup_type(table) else { return false };
        match self.type_mut(&found) {
            Some(UserType::Composite(it)) => it.attributes.iter().any(|attribute| attribute.name == column.text),
            _ => false,
        }
    }

    /// The comment of a constraint or an index, which share their names only where one makes the other.
    fn comment_part(&mut self, table: &RelationName, name: &str, text: Option<String>) {
        let Some(found) = self.table_mut(table) else { return };
        match text {
            Some(text) => found.comments.insert(name.to_owned(), text),
            None => found.comments.remove(name),
        };
    }
}
