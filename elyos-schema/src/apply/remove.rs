//! What goes with what goes: a list that is gone through, as things may rest on one another to any depth.

use std::collections::{HashMap, HashSet};

use super::{Applier, drop::is_of};
use crate::{
    catalog::{RelationName, Type, UserType},
    ddl::Name,
};

/// What is still to be removed.
#[derive(Debug, Default)]
pub(super) struct Doomed {
    left: Vec<Thing>,
    /// Whether the list is being gone through: who adds to it then need not begin.
    going: bool,
}

#[derive(Debug)]
enum Thing {
    Table(RelationName),
    Column(RelationName, String),
    Type(RelationName),
}

impl Applier<'_> {
    /// Removes a table with all that is part of it or cannot be without it.
    pub(super) fn remove_table(&mut self, name: &RelationName) {
        self.remove(Thing::Table(name.clone()));
    }

    /// Removes a column whose type goes.
    pub(super) fn remove_column_of_type(&mut self, table: &RelationName, column: &str) {
        self.remove(Thing::Column(table.clone(), column.to_owned()));
    }

    /// Removes a type with all that is of it or uses it.
    pub(super) fn remove_type_and_users(&mut self, ty: &RelationName) {
        self.remove(Thing::Type(ty.clone()));
    }

    fn remove(&mut self, thing: Thing) {
        self.doomed.left.push(thing);
        if std::mem::replace(&mut self.doomed.going, true) {
            return;
        }
        while let Some(next) = self.doomed.left.pop() {
            match next {
                Thing::Table(table) => self.remove_one_table(&table),
                Thing::Column(table, column) => self.drop_column_of_type(&table, &Name { text: column, range: 0..0 }),
                Thing::Type(ty) if !self.is_type(&ty.schema, &ty.name) => {}
                Thing::Type(ty) => self.remove_types(&ty),
            }
        }
        self.doomed.going = false;
    }

    /// Removes a type with the domains and ranges that are over it, at any depth, all that is of them, and all that uses them.
    fn remove_types(&mut self, ty: &RelationName) {
        let over = self.types_over();
        let mut all: Vec<RelationName> = vec![ty.clone()];
        all.extend(self.multirange_of(ty));
        let mut known: HashSet<RelationName> = all.iter().cloned().collect();
        let mut next = 0;
        while let Some(ty) = all.get(next) {
            let more = over.get(ty).into_iter().flatten().filter(|it| it.kind != Over::Composite).map(|it| it.name.clone());
            let more: Vec<RelationName> = more.filter(|name| known.insert(name.clone())).collect();
            all.extend(more);
            next += 1;
        }
        let goes = |ty: &Type| name_of(ty).is_some_and(|name| known.contains(&name));
        for schema in self.catalog.schemas.values_mut() {
            for overloads in schema.functions.values_mut() {
                overloads.retain(|it| !it.returns.iter().chain(it.arguments.iter().map(|argument| &argument.ty)).any(goes));
            }
            schema.functions.retain(|_, overloads| !overloads.is_empty());
            for user in schema.types.values_mut() {
                if let UserType::Composite(it) = user {
                    it.attributes.retain(|attribute| !goes(&attribute.ty));
                }
            }
        }
        let of_any_form: Vec<(RelationName, bool)> = all.iter().map(|ty| (ty.clone(), false)).collect();
        self.remove_expressions_with(&self.uses_of_types(&of_any_form));
        for ty in &all {
            for table in self.tables_of_type(ty) {
                self.remove_table(&table);
            }
            self.remove_columns_of_type(ty);
        }
        for ty in &all {
            self.remove_type(ty);
        }
    }

    /// Removes the columns of a type, of whatever table.
    fn remove_columns_of_type(&mut self, ty: &RelationName) {
        for name in self.referring(ty) {
            let columns = self.table(&name).into_iter().flat_map(|table| &table.columns).filter(|column| is_of(&column.ty, ty));
            for column in columns.map(|column| column.name.clone()).collect::<Vec<_>>() {
                self.remove_column_of_type(&name, &column);
            }
        }
    }

    /// By type, those that are made of it directly.
    pub(super) fn types_over(&self) -> HashMap<RelationName, Vec<MadeOf>> {
        let mut over: HashMap<RelationName, Vec<MadeOf>> = HashMap::new();
        for user in self.catalog.schemas().flat_map(|schema| schema.types.values()) {
            let mut add = |of: &Type, schema: &String, name: &String, kind: Over| {
                if let Some(of_name) = name_of(of) {
                    let name = RelationName { schema: schema.clone(), name: name.clone() };
                    over.entry(of_name).or_default().push(MadeOf { name, of_array: of.array_dimensions > 0, kind });
                }
            };
            match user {
                UserType::Composite(it) => {
                    it.attributes.iter().for_each(|attribute| add(&attribute.ty, &it.schema, &it.name, Over::Composite));
                }
                UserType::Domain(it) => add(&it.base, &it.schema, &it.name, Over::Domain),
                UserType::Range(it) => {
                    add(&it.subtype, &it.schema, &it.name, Over::Range);
                    add(&it.subtype, &it.schema, &it.multirange, Over::Range);
                }
                UserType::Enum(_) | UserType::Multirange { .. } | UserType::Base { .. } => {}
            }
        }
        over
    }
}

/// A type that is made of another one.
#[derive(Debug)]
pub(super) struct MadeOf {
    pub(super) name: RelationName,
    /// Whether of arrays of it.
    pub(super) of_array: bool,
    pub(super) kind: Over,
}

/// How a type is made of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Composite,
    Domain,
    /// A range, or its multirange.
    Range,
}

fn name_of(ty: &Type) -> Option<RelationName> {
    Some(RelationName { schema: ty.schema.clone()?, name: ty.name.clone() })
}
