//! What a column's name means: along the queries around it, from the inside out.

use std::ops::Range;

use super::{
    Failed, Resolver, Step,
    grouped::Reference,
    scope::{Clause, Relation, ScopeColumn},
    snapshot::Oid,
    types::{CID, OID, RECORD, TID, XID},
    value::Value,
};
use crate::{ddl::Name, diagnostic::Diagnostic, nearest::nearest};

impl Resolver<'_> {
    /// A name of one part or more: a column, a field of one, or a whole row.
    pub(super) fn column(&mut self, parts: &[Name], range: &Range<usize>) -> Step<Value> {
        let Some((first, rest)) = parts.split_first() else {
            return Err(self.fail(range, Diagnostic::new("a name is missing")));
        };
        if self.scopes.last().is_some_and(|scope| scope.clause == Clause::Default) {
            let name = parts.last().unwrap_or(first);
            let diagnostic = Diagnostic::new(format!("a default cannot read a column: `{}`", name.text));
            return Err(self.fail(range, diagnostic.help("compute it in a trigger, or in a generated column")));
        }
        if rest.is_empty() {
            return self.unqualified(first);
        }
        // `t.c`, `s.t.c`, `database.s.t.c`: `c.f` and `t.c.f` are fields of column `c` only in parentheses.
        let (column, table) = (&parts[parts.len() - 1], &parts[parts.len() - 2]);
        let schema = parts.len().checked_sub(3).map(|index| parts[index].text.as_str());
        let Some(relation) = self.relation_in_scope(schema, table)? else { return Err(self.no_relation(table)) };
        let value = self.column_of(&relation, column)?;
        if let Some(reference) = self.references.last_mut().filter(|reference| reference.range == column.range) {
            reference.range.start = first.range.start;
        }
        Ok(value)
    }

    /// No table or alias of that name is in scope; those whose names are like it, the innermost first.
    pub(super) fn no_relation(&mut self, name: &Name) -> Failed {
        let known: Vec<String> = self
            .scopes
            .iter()
            .rev()
            .flat_map(|scope| &scope.items)
            .flat_map(|item| &item.relations)
            .map(|relation| relation.name.clone())
            .collect();
        let near = nearest(&name.text, known.iter().map(String::as_str));
        self.fail(&name.range, Diagnostic::new(format!("no table or alias `{}` here", name.text)).help_nearest(&near))
    }

    fn unqualified(&mut self, name: &Name) -> Step<Value> {
        for scope in self.scopes.iter().rev() {
            let found: Vec<ScopeColumn> = scope.columns(&name.text).cloned().collect();
            match found.as_slice() {
                [] => {}
                [only] => return Ok(self.named(only, &name.range)),
                _ => {
                    let diagnostic = Diagnostic::new(format!("column `{}` is ambiguous", name.text));
                    return Err(self.fail(&name.range, diagnostic.help("write the table or its alias before it")));
                }
            }
        }
        if let Some(relation) = self.relation_in_scope(None, name)? {
            return Ok(self.whole_row(&relation, &name.range));
        }
        if let Some(ty) = system_column(&name.text) {
            let tables = self
                .scopes
                .last()
                .map_or(0, |scope| scope.items.iter().flat_map(|item| &item.relations).filter(|relation| relation.table).count());
            if tables == 1 {
                self.refuse_system_column(name)?;
                return Ok(Value::new(ty, false, name.range.clone()));
            }
        }
        let known: Vec<String> = self.scopes.iter().rev().flat_map(super::scope::Scope::names).map(str::to_owned).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let near = nearest(&name.text, known);
        let message = format!("column `{}` does not exist", name.text);
        let own = self.scopes.iter().flat_map(|scope| &scope.items).any(|item| self.is_of_the_system(&item.star));
        Err(self.fail_if_known(!own, &name.range, Diagnostic::new(message).help_nearest(&near)))
    }

    /// The relation of that name, or a diagnostic where there are several.
    pub(super) fn relation_in_scope(&mut self, schema: Option<&str>, name: &Name) -> Step<Option<Relation>> {
        for scope in self.scopes.iter().rev() {
            let found: Vec<&Relation> = scope.relations(schema, &name.text).collect();
            match found.as_slice() {
                [] => {}
                [only] => return Ok(Some((*only).clone())),
                _ => {
                    let message = format!("table `{}` is ambiguous", name.text);
                    return Err(self.fail(&name.range, Diagnostic::new(message).help("give each an alias of its own")));
                }
            }
        }
        Ok(None)
    }

    fn column_of(&mut self, relation: &Relation, column: &Name) -> Step<Value> {
        let found: Vec<&ScopeColumn> = relation.columns.iter().filter(|known| known.name == column.text).collect();
        match found.as_slice() {
            [only] => {
                let only = (*only).clone();
                Ok(self.named(&only, &column.range))
            }
            [] => {
                if let Some(ty) = system_column(&column.text).filter(|_| relation.table) {
                    self.refuse_system_column(column)?;
                    self.refer_to_row(relation, &column.range);
                    return Ok(Value::new(ty, false, column.range.clone()));
                }
                let row = self.whole_row(relation, &column.range);
                if let Some(value) = self.call_of_row(&row, column)? {
                    return Ok(value);
                }
                let known: Vec<&str> = relation.columns.iter().map(|column| column.name.as_str()).collect();
                let near = nearest(&column.text, known);
                let message = format!("column `{}` of `{}` does not exist", column.text, relation.name);
                let diagnostic = Diagnostic::new(message).help_nearest(&near);
                // `t.f` is also a call of `f` with the row.
                let known = self.knows_functions(&column.text, &[row.ty]) && !self.is_of_the_system(&relation.columns);
                Err(self.fail_if_known(known, &column.range, diagnostic))
            }
            _ => Err(self.fail(&column.range, Diagnostic::new(format!("column `{}` is ambiguous", column.text)))),
        }
    }

    /// The value of a column that an expression names.
    pub(super) fn named(&mut self, column: &ScopeColumn, range: &Range<usize>) -> Value {
        self.references.push(Reference { column: column.id, whole: false, range: range.clone() });
        self.value_of(column, range)
    }

    fn refer_to_row(&mut self, relation: &Relation, range: &Range<usize>) {
        self.references.extend(relation.columns.first().map(|first| Reference { column: first.id, whole: true, range: range.clone() }));
    }

    pub(super) fn value_of(&mut self, column: &ScopeColumn, range: &Range<usize>) -> Value {
        self.reads.extend(self.origins.get(&column.id).cloned());
        Value::column(column.ty, column.modifiers.clone(), self.facts.not_null(column.id), column.id, range.clone())
    }

    /// `t` where `t` is a table: its row, or the value of a function that gives only one.
    pub(super) fn whole_row(&mut self, relation: &Relation, range: &Range<usize>) -> Value {
        if let (true, Some(column)) = (relation.scalar, relation.columns.first()) {
            return self.named(&column.clone(), range);
        }
        self.refer_to_row(relation, range);
        let ty: Oid = if let Some(row) = relation.row {
            row
        } else {
            let field = |column: &ScopeColumn| super::types::Field {
                name: column.name.clone(),
                ty: column.ty,
                modifiers: column.modifiers.clone(),
            };
            self.types.anonymous(relation.columns.iter().map(field).collect())
        };
        Value::new(if ty == 0 { RECORD } else { ty }, false, range.clone())
    }

    /// `(value).a.b`.
    pub(super) fn fields(&mut self, mut value: Value, fields: &[Name]) -> Step<Value> {
        for field in fields {
            // The fields of a row that is written out are `f1`, `f2` …
            let place = field.text.strip_prefix('f').and_then(|digits| digits.parse::<usize>().ok()).and_then(|place| place.checked_sub(1));
            if let (Some(parts), Some(place)) = (&value.row, place)
                && let Some(part) = parts.get(place)
            {
                let part = part.clone();
                value = self.settled(part);
                continue;
            }
            let Some(known) = self.types.fields(value.ty) else {
                let message = format!("a `{}` has no fields", self.types.named(value.ty));
                // PostgreSQL follows a record to where it was written out.
                let known = (value.ty != RECORD || value.row.is_some()) && self.know_types(&[value.ty]);
                return Err(self.fail_if_known(known, &field.range, Diagnostic::new(message)));
            };
            let Some(found) = known.iter().find(|known| known.name == field.text) else {
                // `(row).f` is also a call of `f` with the row.
                if let Some(called) = self.call_of_row(&value, field)? {
                    value = called;
                    continue;
                }
                let known_functions = self.knows_functions(&field.text, &[value.ty]);
                let names: Vec<&str> = known.iter().map(|field| field.name.as_str()).collect();
                let near = nearest(&field.text, names);
                let diagnostic = Diagnostic::new(format!("field `{}` does not exist", field.text)).help_nearest(&near);
                return Err(self.fail_if_known(known_functions, &field.range, diagnostic));
            };
            let mut next = Value::from_parts(found.ty, false, [&value], field.range.clone());
            next.modifiers.clone_from(&found.modifiers);
            next.needs.clone_from(&value.needs);
            value = next;
        }
        Ok(value)
    }
}

/// Columns that every table has (<https://www.postgresql.org/docs/current/ddl-system-columns.html>).
fn system_column(name: &str) -> Option<Oid> {
    Some(match name {
        "tableoid" => OID,
        "xmin" | "xmax" => XID,
        "cmin" | "cmax" => CID,
        "ctid" => TID,
        _ => return None,
    })
}
