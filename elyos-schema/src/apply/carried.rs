//! What is carried whole: found by kind and name, never looked into.

use super::{Applier, written};
use crate::{
    catalog::{Carried, Grant, Meaning, names::quote},
    ddl::{CarriedName, Definition, Qualified},
    diagnostic::Diagnostic,
};

/// The kinds that belong to the whole database.
const WITHOUT_SCHEMA: &[&str] = &[
    "access method",
    "cast",
    "event trigger",
    "foreign data wrapper",
    "language",
    "publication",
    "rule",
    "server",
    "subscription",
    "transform",
    "user mapping",
];

impl Applier<'_> {
    /// What expressions need of it, its types looked up.
    pub(super) fn meaning(&mut self, what: &CarriedName, definition: &Definition) -> Meaning {
        let function = |name: &Qualified| (name.schema.clone(), name.name.clone());
        let name = what.name.name.clone();
        match definition {
            Definition::Operator { left, right, function: called } => Meaning::Operator {
                name,
                left: left.as_ref().map(|left| self.resolve_type(left)),
                right: self.resolve_type(right),
                function: function(called),
            },
            Definition::Aggregate { arguments, state, last } => Meaning::Aggregate {
                name,
                arguments: self.arguments(arguments),
                state: self.resolve_type(state),
                last: last.as_ref().map(function),
            },
            Definition::Cast { source, target, context, binary } => {
                Meaning::Cast { source: self.resolve_type(source), target: self.resolve_type(target), context: *context, binary: *binary }
            }
        }
    }

    pub(super) fn carry(&mut self, what: &CarriedName, (or_replace, if_not_exists): (bool, bool), text: &str, meaning: Option<Meaning>) {
        let schema = if WITHOUT_SCHEMA.contains(&what.kind) {
            None
        } else {
            match self.target_schema(&what.name, false) {
                Some(schema) => Some(schema),
                None => return,
            }
        };
        let table = match &what.table {
            Some(table) => match self.existing(table) {
                Some(table) => Some(table),
                None => return,
            },
            None => None,
        };
        let carried = Carried {
            kind: what.kind.to_owned(),
            name: full_name(what, schema.as_deref()),
            schema,
            table,
            statements: vec![text.to_owned()],
            comment: None,
            source: self.source.clone(),
            range: self.statement.clone(),
            meaning,
        };
        let known = |one: &&mut Carried| {
            one.kind == carried.kind && one.name == carried.name && (one.schema.is_some() || one.table == carried.table)
        };
        match self.catalog.carried.iter_mut().find(known) {
            Some(one) if or_replace => *one = carried,
            Some(_) if if_not_exists => {}
            Some(_) => self.exists_already(what.kind, &written(&what.name), &what.name.range),
            None => self.catalog.carried.push(carried),
        }
    }

    /// The one that is meant; what another file or an extension has made is not here.
    pub(super) fn carried_mut(&mut self, what: &CarriedName) -> Option<&mut Carried> {
        let at = self.position(what)?;
        self.catalog.carried.get_mut(at)
    }

    fn position(&self, what: &CarriedName) -> Option<usize> {
        let table = what.table.as_ref().and_then(|table| self.lookup(table));
        let is = |schema: Option<&str>, one: &Carried| {
            one.kind == what.kind && one.name == full_name(what, schema) && (what.table.is_none() || one.table == table)
        };
        let find = |schema: Option<&str>| self.catalog.carried.iter().position(|one| is(schema, one));
        if WITHOUT_SCHEMA.contains(&what.kind) {
            return find(None);
        }
        match &what.name.schema {
            Some(schema) => find(Some(schema)),
            None => self.path().find_map(|schema| find(Some(schema.name()))),
        }
    }

    pub(super) fn change_carried(&mut self, what: &CarriedName, moves: bool, text: &str) {
        if let Some(found) = self.carried_mut(what) {
            found.statements.push(text.to_owned());
            // Its name and types are no longer those of its definition.
            found.meaning.take_if(|_| moves);
        }
    }

    pub(super) fn drop_carried(&mut self, what: &[CarriedName], if_exists: bool) {
        for one in what {
            match self.position(one) {
                Some(at) => {
                    self.catalog.carried.remove(at);
                }
                None if if_exists || self.may_have_foreign_names() => {}
                None => {
                    let diagnostic = Diagnostic::new(format!("{} `{}` does not exist", one.kind, written(&one.name)));
                    self.report(diagnostic, &one.name.range);
                }
            }
        }
    }

    pub(super) fn grant(&mut self, text: &str) {
        self.catalog.grants.push(Grant { text: text.to_owned(), source: self.source.clone(), range: self.statement.clone() });
    }
}

fn full_name(what: &CarriedName, schema: Option<&str>) -> String {
    let name = if matches!(what.kind, "operator" | "cast" | "transform" | "user mapping") {
        what.name.name.clone()
    } else {
        quote(&what.name.name)
    };
    let arguments = what.arguments.as_ref().map(|arguments| format!("({arguments})")).unwrap_or_default();
    match schema {
        Some(schema) => format!("{}.{name}{arguments}", quote(schema)),
        None => format!("{name}{arguments}"),
    }
}
