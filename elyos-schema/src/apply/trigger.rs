//! Triggers, and what is alike for them and policies.

use super::{Applier, texts};
use crate::{
    catalog::{RelationName, Trigger},
    ddl::{CreateTrigger, Name, Qualified},
    diagnostic::Diagnostic,
    nearest::nearest,
};

impl Applier<'_> {
    pub(super) fn create_trigger(&mut self, create: &CreateTrigger) {
        let Some(table) = self.existing(&create.table) else {
            return;
        };
        if !self.has_columns(&table, &create.columns) || !self.has_columns(&table, &create.when) {
            return;
        }
        // It is called without arguments, even where all of them have defaults.
        let called = |schema: &crate::catalog::Schema| {
            let overloads = schema.functions.get(&create.function.name)?;
            overloads.iter().find(|function| function.argument_types().is_empty()).map(crate::catalog::Function::result)
        };
        let known = |schema: &crate::catalog::Schema| called(schema).is_some();
        let schema = match &create.function.schema {
            Some(schema) => self.catalog.schemas.get(schema).filter(|schema| known(schema)),
            None => self.path().find(|schema| known(schema)),
        };
        let trigger = Trigger {
            name: create.name.text.clone(),
            function: (schema.map(|schema| schema.name().to_owned()), create.function.name.clone()),
            before_insert: create.before_insert,
            before_update: create.before_update,
            columns: texts(&create.columns),
            when: texts(&create.when),
            text: self.source.text().get(self.statement.clone()).unwrap_or_default().to_owned(),
            comment: None,
        };
        if trigger.function.0.is_none() && !self.may_have_foreign_names() && !is_own_trigger_function(&create.function.name) {
            let names: Vec<String> = self.catalog.functions().map(|function| function.name.clone()).collect();
            let near = nearest(&create.function.name, names.iter().map(String::as_str));
            let diagnostic = Diagnostic::new(format!("function `{}()` does not exist", super::written(&create.function)));
            return self.report(diagnostic.help_nearest(&near), &create.function.range);
        }
        if schema.and_then(called).is_some_and(|result| result.as_deref() != Some("trigger")) {
            let diagnostic = Diagnostic::new(format!("function `{}()` does not return `trigger`", super::written(&create.function)));
            return self.report(diagnostic, &create.function.range);
        }
        let Some(found) = self.table_mut(&table) else { return };
        match found.triggers.iter_mut().find(|known| known.name == trigger.name) {
            Some(known) if create.or_replace => *known = trigger,
            Some(_) => {
                self.report(Diagnostic::new(format!("trigger `{}` of `{table}` already exists", create.name.text)), &create.name.range);
            }
            None => found.triggers.push(trigger),
        }
    }

    pub(super) fn rename_trigger(&mut self, table: &Qualified, name: &Name, to: &Name) {
        let Some(found) = self.existing(table) else { return };
        let Some(table) = self.table_mut(&found) else { return };
        if table.triggers.iter().any(|trigger| trigger.name == to.text) {
            return self.report(Diagnostic::new(format!("trigger `{}` of `{found}` already exists", to.text)), &to.range);
        }
        match table.triggers.iter_mut().find(|trigger| trigger.name == name.text) {
            Some(trigger) => trigger.name.clone_from(&to.text),
            None => self.unknown_part("trigger", &found, name),
        }
    }

    pub(super) fn drop_trigger(&mut self, table: &Qualified, name: &Name, if_exists: bool) {
        if if_exists && self.has_no_parts(table) {
            return;
        }
        let Some(found) = self.existing(table) else { return };
        let Some(table) = self.table_mut(&found) else { return };
        let before = table.triggers.len();
        table.triggers.retain(|trigger| trigger.name != name.text);
        if table.triggers.len() == before && !if_exists {
            self.unknown_part("trigger", &found, name);
        }
    }

    /// Whether `DROP … IF EXISTS` passes over a name: nothing has it, or a sequence, which has neither triggers nor policies. An index and
    /// a composite type are refused.
    pub(super) fn has_no_parts(&self, table: &Qualified) -> bool {
        self.lookup(table).is_none() && matches!(self.other_relation(table), None | Some("a sequence"))
    }

    /// A trigger or a policy that a table does not have.
    pub(super) fn unknown_part(&mut self, what: &str, table: &RelationName, name: &Name) {
        let known: Vec<String> = match self.table(table) {
            Some(table) if what == "trigger" => table.triggers.iter().map(|trigger| trigger.name.clone()).collect(),
            Some(table) => table.policies.iter().map(|policy| policy.name.clone()).collect(),
            None => Vec::new(),
        };
        let near = nearest(&name.text, known.iter().map(String::as_str));
        self.report(Diagnostic::new(format!("{what} `{}` of `{table}` does not exist", name.text)).help_nearest(&near), &name.range);
    }
}

/// The trigger functions that PostgreSQL has itself.
fn is_own_trigger_function(name: &str) -> bool {
    ["suppress_redundant_updates_trigger", "tsvector_update_trigger", "tsvector_update_trigger_column", "unique_key_recheck"]
        .contains(&name)
}
