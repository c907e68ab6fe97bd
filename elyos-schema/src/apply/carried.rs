//! What is carried whole: found by kind and name, never looked into.

use super::{Applier, statistics, written};
use crate::{
    catalog::{Argument, Carried, Grant, Meaning, names::quote},
    ddl::{CarriedName, Definition, Qualified},
    diagnostic::Diagnostic,
    parse::{Token, folded, tokens},
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
        if let Some(wrong) = table.as_ref().and_then(|table| self.wrong_statistics(what, table, text)) {
            return self.report(Diagnostic::new(wrong), &what.name.range);
        }
        if table.as_ref().is_some_and(|table| !self.has_columns(table, &what.columns)) {
            return;
        }
        if let (Some(Meaning::Aggregate { arguments, .. }), Some(schema)) = (&meaning, &schema)
            && self.is_function(schema, &what.name.name, arguments)
        {
            return self.exists_already("function", &written(&what.name), &what.name.range);
        }
        let columns = match table.as_ref().and_then(|table| self.table(table)).filter(|_| what.kind == "statistics") {
            Some(table) => statistics::columns_of(text, table),
            None => Vec::new(),
        };
        let carried = Carried {
            columns,
            kind: what.kind.to_owned(),
            name: match (&table, &schema) {
                (Some(table), Some(schema)) if what.name.name.is_empty() => self.statistics_name(table, schema, text),
                _ => full_name(what, schema.as_deref()),
            },
            schema,
            table,
            statements: vec![text.to_owned()],
            comment: None,
            source: self.source.clone(),
            range: self.statement.clone(),
            meaning,
        };
        let known = |one: &&mut Carried| {
            one.kind == carried.kind && is_same_name(&one.name, &carried.name) && (one.schema.is_some() || one.table == carried.table)
        };
        match self.catalog.carried.iter_mut().find(known) {
            Some(one) if or_replace => *one = carried,
            Some(_) if if_not_exists => {}
            Some(_) => self.exists_already(what.kind, &written(&what.name), &what.name.range),
            None => {
                self.make_family(&carried);
                self.catalog.carried.push(carried);
            }
        }
    }

    /// An operator class that names no family is in one of its own name, which is made for it.
    fn make_family(&mut self, class: &Carried) {
        let names_one = |text: &String| tokens(text).any(|token| token.text.eq_ignore_ascii_case("family"));
        if class.kind != "operator class" || class.statements.iter().any(names_one) {
            return;
        }
        let is_there = |one: &Carried| one.kind == "operator family" && is_same_name(&one.name, &class.name);
        if !self.catalog.carried.iter().any(is_there) {
            let family = Carried { kind: "operator family".to_owned(), statements: Vec::new(), meaning: None, ..class.clone() };
            self.catalog.carried.push(family);
        }
    }

    /// Whether a function of the schema has the name and the arguments.
    fn is_function(&self, schema: &str, name: &str, arguments: &[Argument]) -> bool {
        let types: Vec<String> = arguments.iter().filter(|it| it.is_input()).map(|it| it.ty.without_modifiers()).collect();
        let overloads = self.catalog.schemas.get(schema).and_then(|schema| schema.functions.get(name));
        overloads.is_some_and(|overloads| overloads.iter().any(|function| function.argument_types() == types))
    }

    /// The one that is meant; what another file or an extension has made is not here.
    pub(super) fn carried_mut(&mut self, what: &CarriedName) -> Option<&mut Carried> {
        let at = self.position(what)?;
        self.catalog.carried.get_mut(at)
    }

    fn position(&self, what: &CarriedName) -> Option<usize> {
        let table = what.table.as_ref().and_then(|table| self.lookup(table));
        let is = |schema: Option<&str>, one: &Carried| {
            one.kind == what.kind && is_same_name(&one.name, &full_name(what, schema)) && (what.table.is_none() || one.table == table)
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

    /// Whether what is meant is nowhere for certain: neither PostgreSQL's own nor an extension's.
    pub(super) fn is_missing(&self, what: &CarriedName) -> bool {
        let never_built_in = matches!(what.kind, "rule" | "statistics") && what.table.as_ref().is_none_or(|it| self.lookup(it).is_some());
        let in_own_schema = what.name.schema.as_ref().is_some_and(|schema| self.catalog.schemas.contains_key(schema));
        (never_built_in || in_own_schema) && !self.may_have_foreign_names() && self.position(what).is_none()
    }

    pub(super) fn change_carried(&mut self, what: &CarriedName, moves: bool, text: &str) {
        if let Some(found) = self.carried_mut(what) {
            found.statements.push(text.to_owned());
            if moves {
                // Its name and types are no longer those of its definition.
                found.meaning = None;
                take_elsewhere(found, text);
            }
        }
    }

    pub(super) fn drop_carried(&mut self, what: &[CarriedName], if_exists: bool, cascade: bool) {
        for one in what {
            match self.position(one) {
                Some(at) => {
                    if let Some(needing) = self.first_needing(one.kind, &one.name.name).filter(|_| !cascade) {
                        let diagnostic = Diagnostic::new(format!("cannot drop {} `{}`: {needing}", one.kind, written(&one.name)));
                        self.report(diagnostic.help("drop that first, or say `CASCADE`"), &one.name.range);
                        continue;
                    }
                    self.catalog.carried.remove(at);
                    self.remove_needing(one.kind, &one.name.name);
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

/// Whether two names with the types in them are the same, whichever of a type's names each is written with.
pub(super) fn is_same_name(left: &str, right: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let word = |token: &Token<'_>| folded(token).unwrap_or_else(|| token.text.to_owned());
        let mut words: Vec<String> = tokens(text).map(|token| word(&token)).collect();
        words.dedup_by(|next, word| match (word.as_str(), next.as_str()) {
            ("double", "precision") => true,
            ("character", "varying") => {
                "varchar".clone_into(word);
                true
            }
            _ => false,
        });
        for word in &mut words {
            let internal = match word.as_str() {
                "int" | "integer" => "int4",
                "bigint" => "int8",
                "smallint" => "int2",
                "boolean" => "bool",
                "real" => "float4",
                "double" | "float" => "float8",
                "decimal" | "dec" => "numeric",
                _ => continue,
            };
            internal.clone_into(word);
        }
        words
    };
    left == right || words(left) == words(right)
}

/// Gives it the name or the schema of `… RENAME TO name` and `… SET SCHEMA name`.
fn take_elsewhere(carried: &mut Carried, text: &str) {
    let words: Vec<Token<'_>> = tokens(text).filter(|token| token.text != ";").collect();
    let [.., first, second, last] = words.as_slice() else { return };
    let is = |one: &str, other: &str| first.text.eq_ignore_ascii_case(one) && second.text.eq_ignore_ascii_case(other);
    let Some(new) = folded(last) else { return };
    let own = carried.schema.as_deref().map_or(0, |schema| quote(schema).len() + 1);
    let Some((before, rest)) = carried.name.split_at_checked(own) else { return };
    if is("rename", "to") {
        // What tells it from others of its name stays: an aggregate's arguments.
        let arguments = rest.find('(').and_then(|at| rest.get(at..)).unwrap_or_default();
        carried.name = format!("{before}{}{arguments}", quote(&new));
    } else if is("set", "schema") && carried.schema.is_some() {
        carried.name = format!("{}.{rest}", quote(&new));
        carried.schema = Some(new);
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
