//! Policies, and the tables and columns that they read.

use super::{
    Applier,
    named::{self, Place},
};
use crate::{
    catalog::{Policy, RelationName, Table},
    ddl::{CreatePolicy, Expression, Name, PolicyChange, Qualified},
    diagnostic::Diagnostic,
    parse::tokens,
};

/// The relations that conditions name, and the columns of those and of their own table.
type Read = (Vec<RelationName>, Vec<(RelationName, String)>);

impl Applier<'_> {
    pub(super) fn create_policy(&mut self, create: &CreatePolicy) {
        let Some(table) = self.existing(&create.table) else {
            return;
        };
        for expression in create.using.iter().chain(&create.with_check) {
            if !self.expression_has_columns(&table, expression) {
                return;
            }
        }
        let conditions: Vec<&Expression> = create.using.iter().chain(&create.with_check).collect();
        let Some((reads, columns_read)) = self.read_by(&table, &conditions) else { return };
        let policy = Policy {
            name: create.name.text.clone(),
            permissive: create.permissive,
            command: create.command.clone(),
            roles: with_everybody(&create.roles),
            using: create.using.as_ref().map(|expression| expression.text.clone()),
            with_check: create.with_check.as_ref().map(|expression| expression.text.clone()),
            comment: None,
            reads,
            columns_read,
        };
        if let Some(wrong) = not_for(&policy.command, policy.using.is_some(), policy.with_check.is_some()) {
            return self.report(Diagnostic::new(format!("policy `{}` of `{table}`: {wrong}", policy.name)), &create.name.range);
        }
        let Some(found) = self.table_mut(&table) else { return };
        if found.policies.iter().any(|known| known.name == policy.name) {
            return self.report(Diagnostic::new(format!("policy `{}` of `{table}` already exists", create.name.text)), &create.name.range);
        }
        found.policies.push(policy);
    }

    pub(super) fn alter_policy(&mut self, table: &Qualified, name: &Name, change: &PolicyChange) {
        let Some(found) = self.existing(table) else { return };
        let conditions: Vec<&Expression> = match change {
            PolicyChange::Set { using, with_check, .. } => using.iter().chain(with_check).collect(),
            PolicyChange::RenameTo(_) => Vec::new(),
        };
        let Some((mut reads, mut columns_read)) = self.read_by(&found, &conditions) else { return };
        if let (PolicyChange::Set { using, with_check, .. }, Some(table)) = (change, self.table(&found))
            && let Some(policy) = table.policies.iter().find(|policy| policy.name == name.text)
        {
            let stays = policy.using.iter().filter(|_| using.is_none()).chain(policy.with_check.iter().filter(|_| with_check.is_none()));
            for text in stays {
                let places = named::names(self.catalog, text, table, &|name| read_as(name, table)).places;
                add_read(&found, places, (&mut reads, &mut columns_read));
            }
        }
        let Some(table) = self.table_mut(&found) else { return };
        if let PolicyChange::RenameTo(to) = change
            && table.policies.iter().any(|policy| policy.name == to.text)
        {
            return self.report(Diagnostic::new(format!("policy `{}` of `{found}` already exists", to.text)), &to.range);
        }
        let Some(policy) = table.policies.iter_mut().find(|policy| policy.name == name.text) else {
            return self.unknown_part("policy", &found, name);
        };
        if let PolicyChange::Set { using, with_check, .. } = change
            && let Some(wrong) = not_for(&policy.command, using.is_some(), with_check.is_some())
        {
            return self.report(Diagnostic::new(format!("policy `{}` of `{found}`: {wrong}", name.text)), &name.range);
        }
        match change {
            PolicyChange::RenameTo(to) => policy.name.clone_from(&to.text),
            PolicyChange::Set { roles, using, with_check } => {
                if let Some(roles) = roles {
                    policy.roles = with_everybody(roles);
                }
                policy.using = using.as_ref().map(|it| it.text.clone()).or(policy.using.take());
                policy.with_check = with_check.as_ref().map(|it| it.text.clone()).or(policy.with_check.take());
                (policy.reads, policy.columns_read) = (reads, columns_read);
            }
        }
    }

    pub(super) fn drop_policy(&mut self, table: &Qualified, name: &Name, if_exists: bool) {
        if if_exists && self.has_no_parts(table) {
            return;
        }
        let Some(found) = self.existing(table) else { return };
        let Some(table) = self.table_mut(&found) else { return };
        let before = table.policies.len();
        table.policies.retain(|policy| policy.name != name.text);
        if table.policies.len() == before && !if_exists {
            self.unknown_part("policy", &found, name);
        }
    }

    /// What a table's conditions read, or a diagnostic for a relation that is not there.
    fn read_by(&mut self, table: &RelationName, conditions: &[&Expression]) -> Option<Read> {
        let (mut reads, mut columns) = (Vec::new(), Vec::new());
        for condition in conditions {
            let Some(found) = self.table(table) else { return Some((reads, columns)) };
            if !has_query(&condition.text) {
                let own = condition.names.iter().filter(|name| found.column(name).is_some());
                columns.extend(own.map(|name| (table.clone(), name.clone())));
                continue;
            }
            let named = named::names(self.catalog, &condition.text, found, &|name| self.lookup(name));
            add_read(table, named.places, (&mut reads, &mut columns));
            for mut unknown in named.unknown {
                unknown.range = condition.start + unknown.range.start..condition.start + unknown.range.end;
                if self.other_relation(&unknown) != Some("a sequence") && !self.may_be_an_extensions_relation(&unknown) {
                    self.existing(&unknown);
                    if !super::is_beyond_the_catalog(&unknown) {
                        return None;
                    }
                }
            }
        }
        Some((reads, columns))
    }

    /// The policies that read a table, or one of its columns, each with its own table.
    pub(super) fn policies_reading(&mut self, table: &RelationName, column: Option<&str>) -> Vec<(RelationName, String)> {
        let mut owners = self.referring(table);
        owners.push(table.clone());
        owners.sort();
        owners.dedup();
        let reads = |policy: &&Policy| match column {
            Some(column) => policy.columns_read.iter().any(|(from, read)| from == table && read == column),
            None => policy.reads.contains(table),
        };
        let mut found = Vec::new();
        for owner in owners {
            let policies = self.table(&owner).into_iter().flat_map(|table| &table.policies).filter(reads);
            found.extend(policies.map(|policy| (owner.clone(), policy.name.clone())));
        }
        found
    }

    /// Removes the policies that read a table, or one of its columns.
    pub(super) fn remove_policies_reading(&mut self, table: &RelationName, column: Option<&str>) {
        for (owner, policy) in self.policies_reading(table, column) {
            if let Some(owner) = self.table_mut(&owner) {
                owner.policies.retain(|known| known.name != policy);
            }
        }
    }
}

fn add_read(table: &RelationName, places: Vec<Place>, (reads, columns): (&mut Vec<RelationName>, &mut Vec<(RelationName, String)>)) {
    for Place { table: read, column, .. } in places {
        match column {
            Some(column) => columns.push((read, column)),
            None if read != *table => reads.push(read),
            None => {}
        }
    }
    reads.sort();
    reads.dedup();
    columns.sort();
    columns.dedup();
}

/// Whether a condition has a query in it.
fn has_query(text: &str) -> bool {
    tokens(text).any(|token| ["select", "table"].iter().any(|word| token.text.eq_ignore_ascii_case(word)))
}

/// The relation that a name in a policy's text means, among those that the policy was found to read.
pub(super) fn read_as(name: &Qualified, table: &Table) -> Option<RelationName> {
    let itself = table.full_name();
    let all = table.policies.iter().flat_map(|policy| &policy.reads).chain(std::iter::once(&itself));
    let mut fits = all.filter(|read| read.name == name.name && name.schema.as_ref().is_none_or(|schema| *schema == read.schema));
    fits.next().cloned()
}

/// What a policy for a command cannot have, if it has it.
fn not_for(command: &str, using: bool, with_check: bool) -> Option<&'static str> {
    match command {
        "INSERT" if using => Some("one for INSERT has only WITH CHECK"),
        "SELECT" | "DELETE" if with_check => Some("one for SELECT or DELETE has no WITH CHECK"),
        _ => None,
    }
}

/// The roles of a policy: beside everybody no other counts.
fn with_everybody(roles: &[String]) -> Vec<String> {
    if roles.iter().any(|role| role == "public") { vec!["public".to_owned()] } else { roles.to_vec() }
}
