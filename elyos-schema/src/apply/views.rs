//! The columns of relations that are made from queries, and how long what is proven of them holds.

use super::Applier;
use crate::{
    catalog::{Column, RelationName, TableKind},
    ddl::{ColumnChange, CreateRelation, Ddl, FunctionChange, Qualified, RelationDefinition, RelationKind, TableChange},
    diagnostic::{Diagnostic, Diagnostics},
    query::Body,
    resolve::{self, OutputColumn, Uses},
};

impl Applier<'_> {
    /// Fills the columns of the relation that the statement at hand created or replaced. Where its query does not resolve, the columns stay
    /// unknown, and why is told to whoever asks for them; what PostgreSQL would refuse for certain is refused at once.
    pub(super) fn derive_columns(&mut self, create: &CreateRelation, resolved: Result<(Vec<OutputColumn>, Uses), Diagnostics>) {
        let found = self.lookup(&create.name);
        // What was there before under `IF NOT EXISTS` stays as it is.
        let Some(found) =
            found.filter(|found| self.table(found).is_some_and(|table| table.range == self.statement && table.source == *self.source))
        else {
            return;
        };
        self.doubt_if_replaced_by_less(&found, resolved.as_ref().map_or(&[], |(columns, _)| columns.as_slice()));
        self.catalog.any_proven |= resolved.is_ok();
        let (source, range) = (self.source.clone(), self.statement.clone());
        let of_types = resolved.iter().flat_map(|(columns, _)| columns).map(|column| column.ty.clone()).filter(|ty| ty.schema.is_some());
        for ty in of_types.collect::<Vec<_>>() {
            if self.puts_into_itself(std::slice::from_ref(&found), &ty, &create.name.range) {
                return;
            }
        }
        let Some(table) = self.table_mut(&found) else { return };
        match resolved {
            Err(errors) => {
                table.columns.clear();
                table.columns_known = false;
                table.derived.proven_not_null.clear();
                table.derived.errors = Some(errors);
            }
            Ok((columns, uses)) => {
                if let Some(wrong) = table.columns_known.then(|| cannot_replace(&table.columns, &columns)).flatten() {
                    let diagnostic = Diagnostic::new(format!("view `{found}` cannot be replaced: {wrong}"));
                    return self.report(diagnostic.help("`DROP VIEW` first, or keep its columns and add others behind them"), &range);
                }
                let kind = table.kind;
                if self.refuses_columns(&columns, kind) {
                    return;
                }
                let Some(table) = self.table_mut(&found) else { return };
                if let Some(query) = &mut table.query {
                    query.columns_read = uses.columns.into_iter().collect();
                    query.types_used = uses.types;
                }
                table.columns_known = true;
                table.derived.errors = None;
                table.derived.proven_not_null =
                    if is_view(table.kind) { columns.iter().map(|column| column.proven_not_null).collect() } else { Vec::new() };
                table.columns = columns
                    .into_iter()
                    .map(|column| Column {
                        name: column.name,
                        ty: column.ty,
                        not_null: false,
                        default: None,
                        identity: None,
                        generated: None,
                        comment: None,
                        collation: None,
                        sequence: None,
                        inherited: false,
                        source: source.clone(),
                        range: range.clone(),
                    })
                    .collect();
            }
        }
    }

    /// What PostgreSQL refuses whatever is not known here, also where the relation is there already and `IF NOT EXISTS` passes over it.
    pub(super) fn refuse_for_certain(&mut self, resolved: &Result<(Vec<OutputColumn>, Uses), Diagnostics>) {
        self.found.extend(resolved.as_ref().err().into_iter().flat_map(Diagnostics::iter).filter(|error| error.is_certain()).cloned());
    }

    /// What other views took from the view that is replaced holds as long as the new one promises as much.
    fn doubt_if_replaced_by_less(&mut self, view: &RelationName, now: &[OutputColumn]) {
        let before = self.table(view).map(|view| view.derived.proven_not_null.as_slice()).unwrap_or_default();
        let lost = |(index, proven): (usize, &bool)| *proven && !now.get(index).is_some_and(|column| column.proven_not_null);
        if before.iter().enumerate().any(lost) {
            self.catalog.doubt_views();
        }
    }

    /// What the query of a relation that is about to be gives.
    pub(super) fn output_columns(
        &mut self,
        definition: &RelationDefinition,
        kind: RelationKind,
    ) -> Result<(Vec<OutputColumn>, Uses), Diagnostics> {
        self.catalog.read_parents();
        let at = |message: String| Diagnostics::from(Diagnostic::new(message).at(self.source, self.statement.clone()));
        let Some(query) = &definition.query else {
            return Err(at("nothing in the file says what the query returns".to_owned()));
        };
        let is_view = matches!(kind, RelationKind::View | RelationKind::MaterializedView);
        if let Some(write) =
            query.with.iter().flat_map(|with| &with.tables).find(|table| is_view && matches!(table.query.body, Body::Write(_)))
        {
            let diagnostic = Diagnostic::new("the query of a view cannot write").at(self.source, write.query.range.clone());
            return Err(diagnostic.certain().help("write in a function, or in a statement of its own").into());
        }
        let (mut columns, uses) = resolve::columns_and_uses(self.catalog, self.source, query)?;
        if uses.parameters {
            let diagnostic = Diagnostic::new("the query of a view or a table has no parameters").at(self.source, query.range.clone());
            return Err(diagnostic.certain().help("write a function with arguments instead").into());
        }
        if definition.columns.len() > columns.len() {
            let diagnostic = Diagnostic::new(format!("{} names for {} columns", definition.columns.len(), columns.len()));
            return Err(diagnostic.at(self.source, self.statement.clone()).certain().into());
        }
        for (column, name) in columns.iter_mut().zip(&definition.columns) {
            column.name.clone_from(&name.text);
        }
        Ok((columns, uses))
    }

    /// A statement that lets nulls in where there were none takes back what followed from there being none.
    pub(super) fn doubt_views_if_weakened(&mut self, ddl: &Ddl) {
        let weakens = match ddl {
            Ddl::AlterTable { changes, .. } => changes.iter().any(|change| {
                matches!(
                    change,
                    TableChange::AlterColumn { change: ColumnChange::DropNotNull | ColumnChange::DropIdentity { .. }, .. }
                        | TableChange::Inherit(_)
                        | TableChange::AttachPartition { .. }
                        | TableChange::DropConstraint { .. }
                )
            }),
            Ddl::CreateFunction(create) => create.or_replace && create.options.strict != Some(true) && self.is_strict(&create.name),
            Ddl::AlterFunction { change: FunctionChange::Options(options), .. } => options.strict == Some(false),
            Ddl::CreateTable(create) => create.foreign && (create.partition_of.is_some() || !create.inherits.is_empty()),
            _ => false,
        };
        if weakens {
            self.catalog.doubt_views();
        }
    }
}

impl Applier<'_> {
    /// Whether a function of that name is null wherever an argument is.
    fn is_strict(&self, name: &Qualified) -> bool {
        let schemas = self.catalog.schemas().filter(|schema| name.schema.as_deref().is_none_or(|named| named == schema.name()));
        schemas.filter_map(|schema| schema.functions.get(&name.name)).flatten().any(|function| function.strict)
    }
}

/// Why a view of these columns cannot get the others, if it cannot: those it has must stay (`checkViewColumns` in PostgreSQL's source).
fn cannot_replace(old: &[Column], new: &[OutputColumn]) -> Option<String> {
    if new.len() < old.len() {
        return Some("it would lose columns".to_owned());
    }
    old.iter().zip(new).find_map(|(old, new)| {
        if old.name != new.name {
            Some(format!("column `{}` would be named `{}`", old.name, new.name))
        } else if !old.ty.is_same(&new.ty) {
            Some(format!("column `{}` would be of type {} instead of {}", old.name, new.ty, old.ty))
        } else {
            None
        }
    })
}

fn is_view(kind: TableKind) -> bool {
    matches!(kind, TableKind::View | TableKind::MaterializedView)
}
