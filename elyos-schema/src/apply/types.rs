//! Which type a written type name means, and the types a schema makes.

use super::{Applier, drop::is_of, written};
use crate::{
    catalog::{
        Attribute, Composite, Enum, OWN_TYPES, RangeType, RelationName, Type, UserType, as_in_expression,
        names::{MOST_BYTES, cut, cut_to},
    },
    ddl::{Name, Qualified, TypeChange, TypeDefinition, TypeName, ValuePlace},
    diagnostic::Diagnostic,
    nearest::nearest,
    resolve::snapshot,
};

/// Extensions that bring no type a column could be of, so that an unknown type stays an error beside them.
const WITHOUT_TYPES: &[&str] =
    &["btree_gin", "btree_gist", "pg_stat_statements", "pg_trgm", "pgcrypto", "plpgsql", "postgres-json-schema", "unaccent", "uuid-ossp"];

/// Types of arguments and results that no column can be of.
pub(super) const PSEUDO_TYPES: &[&str] = &[
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "cstring",
    "event_trigger",
    "fdw_handler",
    "index_am_handler",
    "internal",
    "language_handler",
    "record",
    "table_am_handler",
    "trigger",
    "tsm_handler",
    "unknown",
    "void",
];

/// The types of extensions that schemas use most.
const EXTENSION_TYPES: &[(&str, &[&str])] = &[
    ("citext", &["citext"]),
    ("cube", &["cube"]),
    ("hstore", &["hstore"]),
    ("intarray", &["query_int"]),
    ("isn", &["ean13", "isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc"]),
    ("lo", &["lo"]),
    ("ltree", &["lquery", "ltree", "ltxtquery"]),
    ("postgis", &["box2d", "box3d", "geography", "geometry"]),
    ("seg", &["seg"]),
    ("vector", &["halfvec", "sparsevec", "vector"]),
];

/// The types that an extension brings, as far as they are known.
pub(super) fn types_of_extension(name: &str) -> &'static [&'static str] {
    EXTENSION_TYPES.iter().find(|(extension, _)| *extension == name).map_or(&[], |(_, types)| types)
}

impl Applier<'_> {
    /// The type a name means, or a diagnostic and the name as it is, so that one unknown type does not hide the rest of a table.
    pub(super) fn resolve_type(&mut self, written_type: &TypeName) -> Type {
        let found = self.found_type(written_type);
        self.check_modifiers(written_type, &found);
        found
    }

    fn found_type(&mut self, written_type: &TypeName) -> Type {
        let name = &written_type.name;
        let found = |schema: Option<String>| Type {
            schema,
            name: name.name.clone(),
            modifiers: written_type.modifiers.clone(),
            array_dimensions: written_type.array_dimensions,
        };
        if let Some((table, column)) = &written_type.of_column {
            return self.type_of_column(table, column);
        }
        // `_int4` is the name of the array of `int4`.
        if let Some(element) = name.name.strip_prefix('_').filter(|element| OWN_TYPES.binary_search(element).is_ok()) {
            return Type { array_dimensions: 1, ..Type::own(element) };
        }
        let own = OWN_TYPES.binary_search(&name.name.as_str()).is_ok();
        // Of the system's types those the list does not have are for functions; what is written with `pg_catalog` is believed.
        if written_type.built_in
            || name.schema.as_deref() == Some("pg_catalog")
            || (name.schema.is_none() && (own || PSEUDO_TYPES.contains(&name.name.as_str())))
        {
            return found(None);
        }
        if let Some(user) = self.lookup_type(name) {
            return found(Some(user.schema));
        }
        if let Some(schema) = self.schema_of_extension_type(name) {
            return found(schema);
        }
        // PostgreSQL's own relations have row types, too.
        if name.schema.is_none() && snapshot::relation("pg_catalog", &name.name).is_some() {
            return found(None);
        }
        if name.schema.as_deref() != Some("information_schema") && !self.may_be_an_extensions(name) {
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

    /// `table.column%TYPE`.
    fn type_of_column(&mut self, table: &Qualified, column: &Name) -> Type {
        let found = self.existing(table);
        if let Some(found) = &found {
            self.has_columns(found, std::slice::from_ref(column));
        }
        let known = found.and_then(|found| self.table(&found).and_then(|table| table.column(&column.text)).map(|column| column.ty.clone()));
        known.unwrap_or_else(|| Type::own("text"))
    }

    /// The schema of a type that a known extension has brought; nothing for others.
    #[allow(clippy::option_option, reason = "a known type of an unknown schema is not an unknown type")]
    fn schema_of_extension_type(&self, name: &Qualified) -> Option<Option<String>> {
        let (extension, _) = EXTENSION_TYPES.iter().find(|(_, types)| types.contains(&name.name.as_str()))?;
        let schema = &self.catalog.extensions.get(*extension)?.schema;
        match (&name.schema, schema) {
            (Some(written), Some(schema)) if written != schema => None,
            (Some(written), _) => Some(Some(written.clone())),
            (None, schema) => Some(schema.clone()),
        }
    }

    /// Whether there may be functions and relations that no statement here has made.
    pub(super) fn may_have_foreign_names(&self) -> bool {
        self.catalog.has_foreign_names()
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
    pub(super) fn existing_type(&mut self, name: &Qualified) -> Option<RelationName> {
        let found = self.lookup_type(name);
        if found.is_none() && !self.may_be_an_extensions(name) {
            self.unknown_type(name);
        }
        found
    }

    pub(super) fn type_mut(&mut self, name: &RelationName) -> Option<&mut UserType> {
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
            TypeDefinition::Composite(written) => {
                let attributes =
                    written.iter().map(|(name, ty)| Attribute { name: name.text.clone(), ty: self.resolve_type(ty) }).collect();
                UserType::Composite(Composite { schema: schema.clone(), name: name.name.clone(), attributes, comment: None })
            }
            TypeDefinition::Range { subtype, multirange } => {
                let subtype = subtype.as_ref().map_or_else(|| Type::own("text"), |ty| self.resolve_type(ty));
                let multirange = multirange.as_ref().map_or_else(|| multirange_name(&name.name), |written| written.name.clone());
                let companion = Qualified { name: multirange.clone(), ..name.clone() };
                // The constructor without arguments.
                let functions = self.catalog.schemas.get(&schema).and_then(|schema| schema.functions.get(&multirange));
                if functions.is_some_and(|all| all.iter().any(|function| function.argument_types().is_empty())) {
                    return self.exists_already("function", &multirange, &name.range);
                }
                if self.add_type(&schema, &companion, UserType::Multirange { range: name.name.clone() }) {
                    let range = RangeType { schema: schema.clone(), name: name.name.clone(), subtype, multirange, comment: None };
                    self.add_type(&schema, name, UserType::Range(range));
                }
                return;
            }
            TypeDefinition::Base => UserType::Base { shell: false, comment: None },
            TypeDefinition::Shell => UserType::Base { shell: true, comment: None },
        };
        self.add_type(&schema, name, user);
    }

    pub(super) fn add_type(&mut self, schema: &str, name: &Qualified, user: UserType) -> bool {
        let Some(found) = self.catalog.schemas.get_mut(schema) else {
            return false;
        };
        // A shell type (`CREATE TYPE name;`) is completed by the statement that defines it.
        let known = found.types.get(&name.name);
        let completes = matches!(known, Some(UserType::Base { shell: true, .. }))
            && matches!(user, UserType::Base { shell: false, .. } | UserType::Range(_));
        let as_relation = matches!(user, UserType::Composite(_)) && found.has_relation(&name.name);
        if (known.is_some() && !completes) || found.tables.contains_key(&name.name) || as_relation {
            self.exists_already("type", &written(name), &name.range);
            return false;
        }
        found.types.insert(name.name.clone(), user);
        true
    }

    pub(super) fn alter_type(&mut self, name: &Qualified, change: &TypeChange) {
        let Some(found) = self.existing_type(name) else {
            return;
        };
        if self.table(&found).is_some() {
            return self.report(Diagnostic::new(format!("`{found}` is a table's row type")).help("use `ALTER TABLE`"), &name.range);
        }
        match change {
            TypeChange::RenameTo(to) => self.move_type(&found, &found.schema.clone(), &to.text, to),
            TypeChange::SetSchema(to) => self.move_type(&found, &to.text, &found.name.clone(), to),
            TypeChange::AddValue { value, place, if_not_exists } => self.add_value(name, &found, value, place, *if_not_exists),
            TypeChange::RenameValue { from, to } => {
                let Some(UserType::Enum(it)) = self.type_mut(&found) else {
                    return self.report(Diagnostic::new(format!("`{}` is no enum", written(name))), &name.range);
                };
                if it.values.contains(to) {
                    return self.report(Diagnostic::new(format!("enum `{found}` already has the value `{to}`")), &name.range);
                }
                match it.values.iter_mut().find(|value| *value == from) {
                    Some(value) => {
                        value.clone_from(to);
                        self.rename_value(&found, from, to);
                    }
                    None => self.unknown_value(name, &found, from),
                }
            }
            TypeChange::Attribute { change, cascade } => self.alter_attribute(name, &found, change, *cascade),
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

    /// What but columns needs a type.
    pub(super) fn user_of_type(&mut self, ty: &RelationName) -> Option<String> {
        let user = self.catalog.schemas().flat_map(|schema| &schema.types).find_map(|(name, user)| match user {
            UserType::Domain(it) if is_of(&it.base, ty) => Some(format!("domain `{name}` is over it")),
            UserType::Composite(it) if it.attributes.iter().any(|attribute| is_of(&attribute.ty, ty)) => {
                Some(format!("type `{name}` has an attribute of it"))
            }
            UserType::Range(it) if is_of(&it.subtype, ty) => Some(format!("range `{name}` is over it")),
            _ => None,
        });
        let function = || self.functions_of_type(ty).into_iter().next().map(|function| format!("function `{function}` uses it"));
        let user = user.or_else(function);
        let user = user.or_else(|| self.tables_of_type(ty).first().map(|table| format!("table `{table}` is of it")));
        user.or_else(|| self.expression_with(&self.type_use(ty)).map(|user| format!("{user} uses it"))).or_else(|| {
            let multirange = self.multirange_of(ty)?;
            let tables = self.referring(&multirange);
            let mut of_it =
                tables.iter().filter_map(|table| self.table(table)).flat_map(|table| table.columns.iter().map(move |it| (table, it)));
            let column = of_it.find(|(_, column)| is_of(&column.ty, &multirange));
            let column =
                column.map(|(table, column)| format!("column `{}` of `{}` is of its multirange type", column.name, table.full_name()));
            column.or_else(|| self.user_of_type(&multirange))
        })
    }

    /// The multirange type that comes with a range type, and goes with it.
    pub(super) fn multirange_of(&self, ty: &RelationName) -> Option<RelationName> {
        match self.catalog.schemas.get(&ty.schema)?.types.get(&ty.name)? {
            UserType::Range(range) => Some(RelationName { schema: ty.schema.clone(), name: range.multirange.clone() }),
            _ => None,
        }
    }

    /// The tables made by `CREATE TABLE … OF` it.
    pub(super) fn tables_of_type(&mut self, ty: &RelationName) -> Vec<RelationName> {
        let mut tables = self.referring(ty);
        tables.retain(|table| self.table(table).is_some_and(|table| table.of_type.as_ref() == Some(ty)));
        tables
    }

    /// Removes a type, the names of its checks, and its multirange.
    pub(super) fn remove_type(&mut self, ty: &RelationName) {
        let Some(schema) = self.catalog.schemas.get_mut(&ty.schema) else { return };
        match schema.types.remove(&ty.name) {
            Some(UserType::Domain(domain)) => domain.checks.iter().for_each(|check| schema.remove_constraint(&check.name)),
            Some(UserType::Range(range)) => drop(schema.types.remove(&range.multirange)),
            _ => {}
        }
    }

    /// Gives a type another name or schema, in the columns that have it too.
    pub(super) fn move_type(&mut self, from: &RelationName, schema: &str, name: &str, place: &Name) {
        let Some(target) = self.catalog.schemas.get(schema) else {
            return self.unknown_schema(place);
        };
        if schema == from.schema && name == from.name && place.text == schema {
            return;
        }
        let composite =
            matches!(self.catalog.schemas.get(&from.schema).and_then(|it| it.types.get(&from.name)), Some(UserType::Composite(_)));
        if target.types.contains_key(name) || target.tables.contains_key(name) || (composite && target.has_relation(name)) {
            return self.exists_already("type", name, &place.range);
        }
        let Some(user) = self.catalog.schemas.get_mut(&from.schema).and_then(|found| found.types.remove(&from.name)) else {
            return;
        };
        if schema != from.schema {
            self.move_companions(&user, from, schema);
        }
        if let Some(source) = self.catalog.schemas.get_mut(&from.schema) {
            rename_companion(source, &user, name);
        }
        if let Some(target) = self.catalog.schemas.get_mut(schema) {
            target.types.insert(name.to_owned(), user.moved(schema, name));
        }
        self.rename_type_in_columns(from, schema, name);
    }

    /// What goes to another schema with a type: the names of its checks. A range leaves its multirange where it is.
    fn move_companions(&mut self, user: &UserType, from: &RelationName, schema: &str) {
        let UserType::Domain(domain) = user else { return };
        for check in &domain.checks {
            if let Some(source) = self.catalog.schemas.get_mut(&from.schema) {
                source.remove_constraint(&check.name);
            }
            if let Some(target) = self.catalog.schemas.get_mut(schema) {
                target.add_constraint(&check.name);
            }
        }
    }

    pub(super) fn rename_type_in_columns(&mut self, from: &RelationName, schema: &str, name: &str) {
        let to = RelationName { schema: schema.to_owned(), name: name.to_owned() };
        let rename = |ty: &mut Type| {
            if is_of(ty, from) {
                ty.schema = Some(schema.to_owned());
                name.clone_into(&mut ty.name);
            }
        };
        let mut users = self.referring(from);
        users.extend(self.referring(&as_in_expression(from)));
        users.sort();
        users.dedup();
        for table in users {
            let Some(table) = self.table_mut(&table) else { continue };
            table.columns.iter_mut().for_each(|column| rename(&mut column.ty));
            table.of_type.iter_mut().filter(|ty| *ty == from).for_each(|ty| ty.clone_from(&to));
            table.query.iter_mut().flat_map(|query| &mut query.types_used).for_each(rename);
            for text in super::expression::texts_of(table) {
                *text = super::expression::rename_type(text, from, &to);
            }
        }
        for found in self.catalog.schemas.values_mut() {
            for function in found.functions.values_mut().flatten() {
                function.arguments.iter_mut().map(|argument| &mut argument.ty).chain(&mut function.returns).for_each(rename);
            }
            for user in found.types.values_mut() {
                match user {
                    UserType::Domain(domain) => rename(&mut domain.base),
                    UserType::Composite(it) => it.attributes.iter_mut().for_each(|attribute| rename(&mut attribute.ty)),
                    UserType::Range(it) => rename(&mut it.subtype),
                    _ => {}
                }
            }
        }
    }
}

/// A range and its multirange know each other by name.
fn rename_companion(schema: &mut crate::catalog::Schema, user: &UserType, name: &str) {
    match user {
        UserType::Range(it) => {
            if let Some(UserType::Multirange { range }) = schema.types.get_mut(&it.multirange) {
                name.clone_into(range);
            }
        }
        UserType::Multirange { range } => {
            if let Some(UserType::Range(it)) = schema.types.get_mut(range) {
                name.clone_into(&mut it.multirange);
            }
        }
        _ => {}
    }
}

/// The name of a range's multirange type (`makeMultirangeTypeName` in PostgreSQL's source).
fn multirange_name(range: &str) -> String {
    match range.find("range") {
        Some(at) => cut(&format!("{}multi{}", &range[..at], &range[at..])),
        None => format!("{}_multirange", cut_to(range, MOST_BYTES - "_multirange".len())),
    }
}
