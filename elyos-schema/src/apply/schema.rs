//! Schemas and extensions.

use super::{Applier, drop::is_of};
use crate::{
    catalog::{Extension, RelationName, Schema, names},
    ddl::{Ddl, Name, Qualified},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn create_schema(&mut self, name: &Name, if_not_exists: bool, elements: &[Ddl]) {
        if self.catalog.schemas.contains_key(&name.text) {
            if !if_not_exists {
                self.exists_already("schema", &name.text, &name.range);
            }
        } else {
            self.catalog.schemas.insert(name.text.clone(), Schema::new(&name.text));
        }
        // The elements see the new schema before all others.
        let path = self.catalog.search_path.clone();
        self.catalog.search_path.insert(0, name.text.clone());
        let mut elements: Vec<&Ddl> = elements.iter().collect();
        elements.sort_by_key(|element| order_in_schema(element));
        for element in elements {
            self.run(element);
        }
        self.catalog.search_path = path;
    }

    pub(super) fn rename_schema(&mut self, name: &Name, to: &Name) {
        if self.catalog.schemas.contains_key(&to.text) {
            return self.exists_already("schema", &to.text, &to.range);
        }
        let tables: Vec<String> =
            self.catalog.schemas.get(&name.text).into_iter().flat_map(|schema| schema.tables.keys()).cloned().collect();
        for table in tables {
            let moved = RelationName { schema: to.text.clone(), name: table.clone() };
            self.move_in_expressions(&RelationName { schema: name.text.clone(), name: table }, &moved);
        }
        let Some(mut schema) = self.catalog.schemas.remove(&name.text) else {
            return self.unknown_schema(name);
        };
        schema.rename(&to.text);
        let types = std::mem::take(&mut schema.types);
        schema.types = types.into_iter().map(|(key, user)| (key.clone(), user.moved(&to.text, &key))).collect();
        let type_names: Vec<String> = schema.types.keys().chain(schema.tables.keys()).cloned().collect();
        schema.tables.values_mut_but_references().for_each(|table| table.schema.clone_from(&to.text));
        schema.sequences.values_mut_but_references().for_each(|sequence| sequence.schema.clone_from(&to.text));
        schema.functions.values_mut().flatten().for_each(|function| function.schema.clone_from(&to.text));
        let functions: Vec<String> = schema.functions.keys().cloned().collect();
        let table_names: Vec<String> = schema.tables.keys().cloned().collect();
        let sequence_names: Vec<String> = schema.sequences.keys().cloned().collect();
        self.catalog.schemas.insert(to.text.clone(), schema);
        for table in table_names {
            self.table_moved(
                &RelationName { schema: name.text.clone(), name: table.clone() },
                &RelationName { schema: to.text.clone(), name: table },
            );
        }
        for sequence in sequence_names {
            self.sequence_moved(
                &RelationName { schema: name.text.clone(), name: sequence.clone() },
                &RelationName { schema: to.text.clone(), name: sequence },
            );
        }
        for function in functions {
            self.function_moved((&name.text, &function), (&to.text, &function));
            let overloads = self.catalog.schemas.get(&to.text).and_then(|schema| schema.functions.get(&function)).cloned();
            for overload in overloads.iter().flatten() {
                let calls = self.calls_of(overload, &RelationName { schema: name.text.clone(), name: function.clone() });
                self.rename_calls(&calls, &overload.full_name());
            }
        }
        let inside = self.catalog.extensions.values().filter(|extension| extension.schema.as_ref() == Some(&name.text));
        let extensions: Vec<String> = inside.map(|extension| extension.name.clone()).collect();
        for extension in extensions {
            self.extension_moved(&extension, &to.text);
        }
        for carried in self.catalog.carried.iter_mut().filter(|carried| carried.schema.as_ref() == Some(&name.text)) {
            carried.schema = Some(to.text.clone());
            carried.name = carried.name.replacen(&format!("{}.", names::quote(&name.text)), &format!("{}.", names::quote(&to.text)), 1);
        }
        for ty in type_names {
            self.rename_type_in_columns(&RelationName { schema: name.text.clone(), name: ty.clone() }, &to.text, &ty);
        }
    }

    pub(super) fn create_extension(&mut self, name: &Name, if_not_exists: bool, schema: Option<&Name>) {
        if let Some(schema) = schema.filter(|schema| !self.catalog.schemas.contains_key(&schema.text) && !schema.text.starts_with("pg_")) {
            self.unknown_schema(&schema.clone());
        }
        if self.catalog.extensions.contains_key(&name.text) {
            if !if_not_exists {
                self.exists_already("extension", &name.text, &name.range);
            }
            return;
        }
        let schema = match schema {
            Some(schema) => Some(schema.text.clone()),
            None => match self.target_schema(&Qualified { schema: None, name: name.text.clone(), range: name.range.clone() }, false) {
                Some(schema) => Some(schema),
                None => return,
            },
        };
        self.catalog.extensions.insert(name.text.clone(), Extension { name: name.text.clone(), schema, comment: None });
    }

    pub(super) fn drop_extensions(&mut self, names: &[Name], if_exists: bool, cascade: bool) {
        for name in names {
            if !self.catalog.extensions.contains_key(&name.text) {
                if !if_exists {
                    self.report(Diagnostic::new(format!("extension `{}` does not exist", name.text)), &name.range);
                }
                continue;
            }
            if let Some((table, column)) = self.columns_of_extension(&name.text).first().filter(|_| !cascade) {
                let text = format!("cannot drop extension `{}`: column `{column}` of `{table}` is of its type", name.text);
                self.report(Diagnostic::new(text).help("drop that first, or say `CASCADE`"), &name.range);
                continue;
            }
            self.remove_extension(&name.text);
        }
    }

    /// Removes an extension with the columns that are of its types.
    pub(super) fn remove_extension(&mut self, name: &str) {
        for (table, column) in self.columns_of_extension(name) {
            self.drop_column_of_type(&table, &Name { text: column, range: 0..0 });
        }
        self.catalog.extensions.remove(name);
    }

    /// The columns that are of an extension's types, as far as those are known.
    fn columns_of_extension(&mut self, name: &str) -> Vec<(RelationName, String)> {
        let schema = self.catalog.extensions.get(name).and_then(|extension| extension.schema.clone());
        let mut columns = Vec::new();
        for ty in super::types::types_of_extension(name) {
            let Some(ty) = schema.as_ref().map(|schema| RelationName { schema: schema.clone(), name: (*ty).to_owned() }) else { continue };
            for table in self.referring(&ty) {
                let of_it = self.table(&table).into_iter().flat_map(|table| &table.columns).filter(|column| is_of(&column.ty, &ty));
                columns.extend(of_it.map(|column| (table.clone(), column.name.clone())));
            }
        }
        columns
    }

    /// `ALTER EXTENSION … SET SCHEMA`.
    pub(super) fn move_extension(&mut self, name: &Name, schema: &Name) {
        if !self.catalog.schemas.contains_key(&schema.text) {
            return self.unknown_schema(schema);
        }
        if !self.catalog.extensions.contains_key(&name.text) {
            return self.report(Diagnostic::new(format!("extension `{}` does not exist", name.text)), &name.range);
        }
        self.extension_moved(&name.text, &schema.text);
    }

    /// An extension has another schema: so have its types.
    fn extension_moved(&mut self, name: &str, schema: &str) {
        let Some(extension) = self.catalog.extensions.get_mut(name) else { return };
        let Some(from) = extension.schema.replace(schema.to_owned()) else { return };
        for ty in super::types::types_of_extension(name) {
            self.rename_type_in_columns(&RelationName { schema: from.clone(), name: (*ty).to_owned() }, schema, ty);
        }
    }
}

/// PostgreSQL makes what stands in a `CREATE SCHEMA` kind by kind (`transformCreateSchemaStmtElements` in its source).
fn order_in_schema(element: &Ddl) -> u8 {
    match element {
        Ddl::CreateSequence { .. } => 0,
        Ddl::CreateTable(_) => 1,
        Ddl::CreateRelation(_) => 2,
        Ddl::CreateIndex(_) => 3,
        Ddl::CreateTrigger(_) => 4,
        _ => 5,
    }
}
