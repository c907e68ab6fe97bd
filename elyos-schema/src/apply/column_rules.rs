//! What no column may be: called as another one or as those that every table has, or of a type that is only for arguments and results
//! (`CheckAttributeNamesTypes` in PostgreSQL's source).

use std::ops::Range;

use super::{Applier, types::PSEUDO_TYPES};
use crate::{
    catalog::{SYSTEM_COLUMNS, Table, TableKind, Type},
    ddl::{Constraint, Name, Rule, TypeDefinition, TypeName},
    diagnostic::Diagnostic,
    resolve::OutputColumn,
};

impl Applier<'_> {
    /// Whether a table's column cannot have a name, with a diagnostic.
    pub(super) fn refuses_column_name(&mut self, name: &str, range: &Range<usize>) -> bool {
        let refused = is_system_column(name);
        if refused {
            let diagnostic = Diagnostic::new(format!("column name `{name}` is that of a column that every table has"));
            self.report(diagnostic.help("give it another name"), range);
        }
        refused
    }

    /// Whether a column cannot be of a type, with a diagnostic.
    pub(super) fn refuses_column_type(&mut self, column: &str, ty: &Type, range: &Range<usize>) -> bool {
        let refused = is_pseudo(ty);
        if refused {
            let text = format!("column `{column}` cannot be of type `{ty}`, which only arguments and results of functions can be of");
            self.report(Diagnostic::new(text), range);
        }
        refused
    }

    /// Whether what a column is generated from names a column that is not there, or its default names any, with a diagnostic.
    pub(super) fn refuses_names(&mut self, table: &Table, constraints: &[Constraint]) -> bool {
        for constraint in constraints {
            let wrong = match &constraint.rule {
                Rule::Generated(expression) if table.columns_known => {
                    let unknown =
                        |name: &&Name| table.column(&name.text).is_none() && name.text != table.name && !is_system_column(&name.text);
                    let unknown = expression.columns.iter().find(unknown);
                    unknown.map(|name| (format!("column `{}` of relation `{}` does not exist", name.text, table.full_name()), name))
                }
                Rule::Default(expression) => {
                    expression.columns.first().map(|name| (format!("a default cannot read a column: `{}`", name.text), name))
                }
                _ => None,
            };
            if let Some((wrong, name)) = wrong {
                let range = name.range.clone();
                self.report(Diagnostic::new(wrong), &range);
                return true;
            }
        }
        false
    }

    /// Whether a relation made from a query cannot have its columns, with a diagnostic.
    pub(super) fn refuses_columns(&mut self, columns: &[OutputColumn], kind: TableKind) -> bool {
        let statement = self.statement.clone();
        let mut names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        names.sort_unstable();
        if let Some(twice) = names.iter().zip(names.iter().skip(1)).find_map(|(one, next)| (one == next).then_some(one)) {
            let diagnostic = Diagnostic::new(format!("column `{twice}` is there twice"));
            self.report(diagnostic.help("give one of them another name, with `AS`"), &statement);
            return true;
        }
        columns.iter().any(|column| {
            kind != TableKind::View && self.refuses_column_name(&column.name, &statement)
                || self.refuses_column_type(&column.name, &column.ty, &statement)
        })
    }

    /// Whether a composite type cannot have its attributes, with a diagnostic.
    pub(super) fn refuses_attributes(&mut self, definition: &TypeDefinition) -> bool {
        let TypeDefinition::Composite(attributes) = definition else { return false };
        let twice = |(at, (name, _)): (usize, &(Name, TypeName))| {
            attributes[..at].iter().any(|(other, _)| other.text == name.text).then(|| name.clone())
        };
        if let Some(twice) = attributes.iter().enumerate().find_map(twice) {
            self.report(Diagnostic::new(format!("attribute `{}` is there twice", twice.text)), &twice.range);
            return true;
        }
        attributes.iter().any(|(name, ty)| {
            let own = ty.of_column.is_none() && matches!(ty.name.schema.as_deref(), None | Some("pg_catalog"));
            own && self.refuses_column_type(&name.text, &Type::own(&ty.name.name), &name.range)
        })
    }
}

fn is_system_column(name: &str) -> bool {
    SYSTEM_COLUMNS.contains(&name)
}

/// Whether only arguments and results can be of a type.
pub(super) fn is_pseudo(ty: &Type) -> bool {
    // An array's own name begins so.
    let name = ty.name.strip_prefix('_').unwrap_or(&ty.name);
    ty.schema.is_none() && PSEUDO_TYPES.binary_search(&name).is_ok()
}
