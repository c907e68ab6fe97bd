//! `ALTER TYPE … ATTRIBUTE`, which reaches the tables that are of the type.

use super::{Applier, drop::is_of, written};
use crate::{
    catalog::{Attribute, Column, RelationName, Table, UserType},
    ddl::{AttributeChange, Name, Qualified},
    diagnostic::Diagnostic,
    resolve,
};

impl Applier<'_> {
    pub(super) fn alter_attribute(&mut self, written_name: &Qualified, found: &RelationName, change: &AttributeChange, cascade: bool) {
        let ty = match change {
            AttributeChange::Add { ty, .. } | AttributeChange::SetType { ty, .. } => Some(self.resolve_type(ty)),
            AttributeChange::Drop { .. } | AttributeChange::Rename { .. } => None,
        };
        let users = self.referring(found);
        let tables: Vec<&Table> = users.iter().filter_map(|table| self.table(table)).collect();
        let used = tables.iter().any(|table| table.columns.iter().any(|column| is_of(&column.ty, found)));
        let of_it: Vec<RelationName> =
            tables.iter().filter(|table| table.of_type.as_ref() == Some(found)).map(|table| table.full_name()).collect();
        let Some(UserType::Composite(it)) = self.type_mut(found) else {
            return self.report(Diagnostic::new(format!("`{}` is no composite type", written(written_name))), &written_name.range);
        };
        let at = |name: &Name| it.attributes.iter().position(|attribute| attribute.name == name.text);
        let (name, wrong) = match change {
            AttributeChange::Add { name, .. } => (name, at(name).map(|_| "exists already")),
            AttributeChange::Drop { name, if_exists } if at(name).is_none() => {
                if *if_exists {
                    return;
                }
                (name, Some("does not exist"))
            }
            AttributeChange::Rename { name, to } if at(name).is_some() && at(to).is_some() => (to, Some("exists already")),
            AttributeChange::SetType { name, .. } if used && at(name).is_some() => (name, Some("is in use by a table")),
            AttributeChange::Drop { name, .. } | AttributeChange::SetType { name, .. } | AttributeChange::Rename { name, .. } => {
                (name, at(name).is_none().then_some("does not exist"))
            }
        };
        if let Some(wrong) = wrong {
            return self.report(Diagnostic::new(format!("attribute `{}` of type `{found}` {wrong}", name.text)), &name.range);
        }
        if let Some(table) = of_it.first().filter(|_| !cascade) {
            let diagnostic = Diagnostic::new(format!("cannot change type `{found}`: table `{table}` is of it"));
            return self.report(diagnostic.help("say `CASCADE` to change the table too"), &name.range);
        }
        let place = at(name);
        if let Some(ty) = ty.as_ref().filter(|ty| ty.schema.is_some()) {
            let tables = self.descendants(of_it.clone());
            if self.puts_into_itself(&[std::slice::from_ref(found), tables.as_slice()].concat(), ty, &name.range) {
                return;
            }
        }
        let Some(UserType::Composite(it)) = self.type_mut(found) else { return };
        match (change, place) {
            (AttributeChange::Add { name, .. }, _) => it.attributes.extend(ty.clone().map(|ty| Attribute { name: name.text.clone(), ty })),
            (AttributeChange::Drop { .. }, Some(at)) => drop(it.attributes.remove(at)),
            (AttributeChange::SetType { .. }, Some(at)) => {
                it.attributes[at].ty = ty.clone().unwrap_or_else(|| it.attributes[at].ty.clone());
            }
            (AttributeChange::Rename { to, .. }, Some(at)) => it.attributes[at].name.clone_from(&to.text),
            (_, None) => {}
        }
        for table in of_it {
            self.alter_typed_table(&table, change, ty.as_ref());
        }
    }

    /// `OF type` and `NOT OF`: the columns must be the type's attributes, in their order.
    pub(super) fn set_of_type(&mut self, table: &RelationName, written_type: Option<&Qualified>) {
        let mut of_type = None;
        if let Some(ty) = written_type {
            let Some(found) = self.existing_type(ty) else { return };
            let Some(attributes) = self.attributes(ty) else {
                return self.report(Diagnostic::new(format!("type `{found}` is not a composite type")), &ty.range);
            };
            let Some(known) = self.table(table) else { return };
            let same = |(column, attribute): (&Column, &Attribute)| column.name == attribute.name && column.ty.is_same(&attribute.ty);
            let wrong = if !known.parents.is_empty() {
                "it inherits"
            } else if known.columns.len() != attributes.len() || !known.columns.iter().zip(&attributes).all(same) {
                "its columns are not the attributes of the type"
            } else {
                ""
            };
            if !wrong.is_empty() {
                return self.report(Diagnostic::new(format!("table `{table}` cannot be of type `{found}`: {wrong}")), &ty.range);
            }
            of_type = Some(found);
        } else if self.table(table).is_some_and(|table| table.of_type.is_none()) {
            let statement = self.statement.clone();
            return self.report(Diagnostic::new(format!("table `{table}` is of no type")), &statement);
        }
        if let Some(known) = self.table_mut(table) {
            known.of_type = of_type;
        }
    }

    fn alter_typed_table(&mut self, table: &RelationName, change: &AttributeChange, ty: Option<&crate::catalog::Type>) {
        match change {
            AttributeChange::Add { name, .. } => {
                let added: Vec<Attribute> = ty.map(|ty| Attribute { name: name.text.clone(), ty: ty.clone() }).into_iter().collect();
                if let Some(mut found) = self.table(table).cloned() {
                    self.add_attributes(&mut found, added);
                    if let Some(known) = self.table_mut(table) {
                        known.columns = found.columns;
                    }
                }
            }
            AttributeChange::Drop { name, .. } => self.drop_column(table, name, true, true),
            AttributeChange::SetType { name, .. } => {
                let from = self.table(table).and_then(|table| table.column(&name.text)).map(|column| column.ty.clone());
                if let (Some(from), Some(to)) = (from, ty)
                    && !resolve::is_assignable(self.catalog, &from, to)
                {
                    let text = format!("column `{}` of `{table}` does not become `{to}` by itself", name.text);
                    return self.report(Diagnostic::new(text).help("make the table of no type first, with `NOT OF`"), &name.range);
                }
                if let (Some(column), Some(ty)) = (self.table_mut(table).and_then(|table| table.column_mut(&name.text)), ty) {
                    column.ty = ty.clone();
                }
            }
            AttributeChange::Rename { name, to } => {
                self.rename_column(table, name, to);
            }
        }
    }
}
