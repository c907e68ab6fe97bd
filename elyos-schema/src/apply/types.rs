//! Which type a written type name means, and enums and domains.

use super::{Applier, written};
use crate::{
    catalog::{Check, Domain, Enum, OWN_TYPES, RelationName, Type, UserType, names::free_name},
    ddl::{Constraint, DomainChange, Name, Qualified, Rule, TypeChange, TypeDefinition, TypeName, ValuePlace},
    diagnostic::Diagnostic,
    nearest::nearest,
};

/// Extensions that bring no type a column could be of, so that an unknown type stays an error beside them.
const WITHOUT_TYPES: &[&str] =
    &["btree_gin", "btree_gist", "pg_stat_statements", "pg_trgm", "pgcrypto", "plpgsql", "postgres-json-schema", "unaccent", "uuid-ossp"];

impl Applier<'_> {
    /// The type a name means, or a diagnostic and the name as it is, so that one unknown type does not hide the rest of a table.
    pub(super) fn resolve_type(&mut self, written_type: &TypeName) -> Type {
        let name = &written_type.name;
        let found = |schema: Option<String>| Type {
            schema,
            name: name.name.clone(),
            modifiers: written_type.modifiers.clone(),
            array_dimensions: written_type.array_dimensions,
        };
        let own = OWN_TYPES.binary_search(&name.name.as_str()).is_ok();
        // Of the system's types those the list does not have are for functions; what is written with `pg_catalog` is believed.
        if written_type.built_in || name.schema.as_deref() == Some("pg_catalog") || (name.schema.is_none() && own) {
            return found(None);
        }
        if let Some(user) = self.lookup_type(name) {
            return found(Some(user.schema));
        }
        if !self.may_be_an_extensions(name) {
            self.unknown_type(name);
        }
        found(name.schema.clone())
    }

    /// The user's type of that name; a table's name is also that of its row type.
    pub(super) fn lookup_type(&self, name: &Qualified) -> Option<RelationName> {
        let has = |schema: &&crate::catalog::Schema| schema.types.contains_key(&name.name) || schema.tables.contains_key(&name.name);
        let schema = match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema).filter(has),
            None => self.path().find(has),
        };
        schema.map(|schema| RelationName { schema: schema.name().to_owned(), name: name.name.clone() })
    }

    fn may_be_an_extensions(&self, name: &Qualified) -> bool {
        let known_schema = name.schema.as_ref().is_none_or(|schema| self.catalog.schemas.contains_key(schema));
        known_schema && self.catalog.extensions.keys().any(|extension| !WITHOUT_TYPES.contains(&extension.as_str()))
    }

    fn unknown_type(&mut self, name: &Qualified) {
        let users: Vec<String> = self
            .catalog
            .enums()
            .map(|it| format!("{}.{}", it.schema, it.name))
            .chain(self.catalog.domains().map(|it| format!("{}.{}", it.schema, it.name)))
            .collect();
        let near: Vec<&str> = nearest(
            &written(name),
            OWN_TYPES.iter().copied().chain(["integer", "bigint", "smallint", "boolean", "serial"]).chain(users.iter().map(String::as_str)),
        );
        let diagnostic = Diagnostic::new(format!("type `{}` does not exist", written(name))).help_nearest(&near);
        self.report(diagnostic, &name.range);
    }

    /// The user's type of that name, or a diagnostic.
    fn existing_type(&mut self, name: &Qualified) -> Option<RelationName> {
        let found = self.lookup_type(name);
        if found.is_none() && !self.may_be_an_extensions(name) {
            self.unknown_type(name);
        }
        found
    }

    fn type_mut(&mut self, name: &RelationName) -> Option<&mut UserType> {
        self.catalog.schemas.get_mut(&name.schema)?.types.get_mut(&name.name)
    }

    pub(super) fn create_type(&mut self, name: &Qualified, definition: &TypeDefinition) {
        let Some(schema) = self.target_schema(name, false) else {
            return;
        };
        let user = match definition {
            TypeDefinition::Enum(values) => {
                if let Some(value) = values.iter().enumerate().find_map(|(index, value)| values[..index].contains(value).then_some(value)) {
                    self.report(Diagnostic::new(format!("enum `{}` has the value `{value}` twice", written(name))), &name.range);
                }
                UserType::Enum(Enum { schema: schema.clone(), name: name.name.clone(), values: values.clone(), comment: None })
            }
            TypeDefinition::Composite => UserType::Other { schema: schema.clone(), name: name.name.clone(), composite: true },
            TypeDefinition::Other => UserType::Other { schema: schema.clone(), name: name.name.clone(), composite: false },
        };
        self.add_type(&schema, name, user);
    }

    fn add_type(&mut self, schema: &str, name: &Qualified, user: UserType) {
        let Some(found) = self.catalog.schemas.get_mut(schema) else {
            return;
        };
        // A shell type (`CREATE TYPE name;`) is completed by the statement that defines it.
        let is_shell = matches!(found.types.get(&name.name), Some(UserType::Other { composite: false, .. }))
            && matches!(user, UserType::Other { composite: false, .. });
        if (found.types.contains_key(&name.name) && !is_shell) || found.tables.contains_key(&name.name) {
            self.exists_already("type", &written(name), &name.range);
        } else {
            found.types.insert(name.name.clone(), user);
        }
    }

    pub(super) fn create_domain(&mut self, name: &Qualified, base: &TypeName, constraints: &[Constraint]) {
        let base = self.resolve_type(base);
        let Some(schema) = self.target_schema(name, false) else {
            return;
        };
        let mut domain = Domain {
            schema: schema.clone(),
            name: name.name.clone(),
            base,
            not_null: false,
            default: None,
            checks: Vec::new(),
            comment: None,
        };
        for constraint in constraints {
            match &constraint.rule {
                Rule::NotNull { .. } => domain.not_null = true,
                Rule::Default(expression) => domain.default = Some(expression.text.clone()),
                Rule::Check(check) => {
                    let name = domain_check_name(&domain, constraint.name.as_ref());
                    domain.checks.push(Check { name, columns: Vec::new(), expression: check.text.clone() });
                }
                _ => {}
            }
        }
        self.add_type(&schema, name, UserType::Domain(domain));
    }

    pub(super) fn alter_domain(&mut self, name: &Qualified, change: &DomainChange) {
        let Some(found) = self.existing_type(name) else {
            return;
        };
        match change {
            DomainChange::RenameTo(to) => {
                return self.move_type(&found, &found.schema.clone(), &to.text, to);
            }
            DomainChange::SetSchema(to) => {
                return self.move_type(&found, &to.text, &found.name.clone(), to);
            }
            _ => {}
        }
        let mut missing = None;
        let Some(UserType::Domain(domain)) = self.type_mut(&found) else {
            return self.report(Diagnostic::new(format!("`{}` is no domain", written(name))), &name.range);
        };
        match change {
            DomainChange::SetNotNull | DomainChange::AddNotNull => domain.not_null = true,
            DomainChange::DropNotNull => domain.not_null = false,
            DomainChange::SetDefault(expression) => domain.default = Some(expression.text.clone()),
            DomainChange::DropDefault => domain.default = None,
            DomainChange::AddCheck { name, check } => {
                let name = domain_check_name(domain, name.as_ref());
                domain.checks.push(Check { name, columns: Vec::new(), expression: check.text.clone() });
            }
            DomainChange::DropConstraint { name, if_exists } => {
                let before = domain.checks.len();
                domain.checks.retain(|check| check.name != name.text);
                if domain.checks.len() == before && !if_exists {
                    missing = Some(name);
                }
            }
            DomainChange::RenameConstraint { name, to } => match domain.checks.iter_mut().find(|check| check.name == name.text) {
                Some(check) => check.name.clone_from(&to.text),
                None => missing = Some(name),
            },
            DomainChange::RenameTo(_) | DomainChange::SetSchema(_) | DomainChange::Nothing => {}
        }
        if let Some(name) = missing {
            self.report(Diagnostic::new(format!("constraint `{}` of domain `{found}` does not exist", name.text)), &name.range);
        }
    }

    pub(super) fn alter_type(&mut self, name: &Qualified, change: &TypeChange) {
        let Some(found) = self.existing_type(name) else {
            return;
        };
        match change {
            TypeChange::RenameTo(to) => self.move_type(&found, &found.schema.clone(), &to.text, to),
            TypeChange::SetSchema(to) => self.move_type(&found, &to.text, &found.name.clone(), to),
            TypeChange::AddValue { value, place, if_not_exists } => self.add_value(name, &found, value, place, *if_not_exists),
            TypeChange::RenameValue { from, to } => {
                let Some(UserType::Enum(it)) = self.type_mut(&found) else {
                    return self.report(Diagnostic::new(format!("`{}` is no enum", written(name))), &name.range);
                };
                match it.values.iter_mut().find(|value| *value == from) {
                    Some(value) => value.clone_from(to),
                    None => self.unknown_value(name, &found, from),
                }
            }
            TypeChange::Nothing => {}
        }
    }

    fn add_value(&mut self, name: &Qualified, found: &RelationName, value: &str, place: &ValuePlace, if_not_exists: bool) {
        let Some(UserType::Enum(it)) = self.type_mut(found) else {
            return self.report(Diagnostic::new(format!("`{}` is no enum", written(name))), &name.range);
        };
        if it.values.iter().any(|known| known == value) {
            if !if_not_exists {
                self.report(Diagnostic::new(format!("enum `{found}` already has the value `{value}`")), &name.range);
            }
            return;
        }
        let position = |wanted: &str| it.values.iter().position(|known| known == wanted);
        let (at, missing) = match place {
            ValuePlace::End => (Some(it.values.len()), None),
            ValuePlace::Before(next) => (position(next), Some(next)),
            ValuePlace::After(previous) => (position(previous).map(|index| index + 1), Some(previous)),
        };
        match (at, missing) {
            (Some(at), _) => it.values.insert(at, value.to_owned()),
            (None, Some(missing)) => self.unknown_value(name, found, &missing.clone()),
            (None, None) => {}
        }
    }

    fn unknown_value(&mut self, name: &Qualified, found: &RelationName, value: &str) {
        let values: Vec<String> = self.catalog.enumeration(&found.schema, &found.name).map(|it| it.values.clone()).unwrap_or_default();
        let near = nearest(value, values.iter().map(String::as_str));
        self.report(Diagnostic::new(format!("enum `{found}` has no value `{value}`")).help_nearest(&near), &name.range);
    }

    /// Gives a type another name or schema, in the columns that have it too.
    fn move_type(&mut self, from: &RelationName, schema: &str, name: &str, place: &Name) {
        let Some(target) = self.catalog.schemas.get(schema) else {
            return self.unknown_schema(place);
        };
        if target.types.contains_key(name) || target.tables.contains_key(name) {
            return self.exists_already("type", name, &place.range);
        }
        let Some(user) = self.catalog.schemas.get_mut(&from.schema).and_then(|found| found.types.remove(&from.name)) else {
            return;
        };
        if let Some(target) = self.catalog.schemas.get_mut(schema) {
            target.types.insert(name.to_owned(), user.moved(schema, name));
        }
        self.rename_type_in_columns(from, schema, name);
    }

    pub(super) fn rename_type_in_columns(&mut self, from: &RelationName, schema: &str, name: &str) {
        let rename = |ty: &mut Type| {
            if ty.schema.as_deref() == Some(&from.schema) && ty.name == from.name {
                ty.schema = Some(schema.to_owned());
                name.clone_into(&mut ty.name);
            }
        };
        for found in self.catalog.schemas.values_mut() {
            found.tables.values_mut().flat_map(|table| &mut table.columns).for_each(|column| rename(&mut column.ty));
            for user in found.types.values_mut() {
                if let UserType::Domain(domain) = user {
                    rename(&mut domain.base);
                }
            }
        }
    }
}

fn domain_check_name(domain: &Domain, given: Option<&Name>) -> String {
    match given {
        Some(name) => name.text.clone(),
        None => free_name(&domain.name, None, "check", |name| domain.checks.iter().any(|check| check.name == name)),
    }
}
