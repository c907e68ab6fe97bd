//! What the items of `FROM` give (<https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-FROM>).

use std::{
    collections::{BTreeSet, HashSet},
    ops::Range,
};

use super::{
    Resolver, Step,
    call::Meaning,
    naming::column_name,
    proven,
    rows::{RowColumn, Rows},
    scope::{Item, Relation, Scope, ScopeColumn},
    snapshot::{self, Oid},
    types::{BOOL, INT8, RECORD, VOID},
    value::Value,
};
use crate::{
    catalog::{RelationName, Table, TableKind},
    ddl::{Name, Qualified, TypeName},
    diagnostic::Diagnostic,
    nearest::nearest,
    query::{Alias, Expr, ExprKind, FromItem, FromKind, Query, Variadic},
};

impl Resolver<'_> {
    /// The items of a `FROM`, each seeing those before it as far as it may.
    pub(super) fn from(&mut self, items: &[FromItem], before: &[Item]) -> Step<Vec<Item>> {
        let mut found: Vec<Item> = before.to_vec();
        for item in items {
            let next = self.deeper(&item.range, |resolver| resolver.table_item(item, &found))?;
            let names: BTreeSet<(Option<&String>, &String)> =
                found.iter().flat_map(|item| &item.relations).map(|relation| (relation.schema.as_ref(), &relation.name)).collect();
            if let Some(twice) = next.relations.iter().find(|relation| names.contains(&(relation.schema.as_ref(), &relation.name))) {
                let message = format!("table name `{}` is used twice", twice.name);
                return Err(self.fail(&item.range, Diagnostic::new(message).help("give one of them an alias")));
            }
            found.push(next);
        }
        Ok(found.split_off(before.len()))
    }

    /// One item; `before` is what stands to its left.
    pub(super) fn table_item(&mut self, item: &FromItem, before: &[Item]) -> Step<Item> {
        match &item.kind {
            FromKind::Relation { name, only } => self.relation(name, *only, item.alias.as_ref()),
            FromKind::Query { query, lateral } => {
                let rows = if *lateral { self.seeing(before, |resolver| resolver.sub_query(query))? } else { self.sub_query(query)? };
                self.rows_item(rows, item.alias.as_ref(), &item.range)
            }
            FromKind::Functions { calls, ordinality, rows_from } => {
                self.seeing(before, |resolver| resolver.functions(calls, *ordinality, *rows_from, item.alias.as_ref(), &item.range))
            }
            FromKind::Table { name, inputs, columns } => {
                self.seeing(before, |resolver| {
                    for input in inputs {
                        resolver.expression(input)?;
                    }
                    Ok(())
                })?;
                let mut rows = Rows::default();
                for (column, ty, not_null) in columns {
                    let (ty, modifiers) = self.type_of(ty)?;
                    rows.columns.push(RowColumn { name: column.text.clone(), ty, modifiers, not_null: *not_null });
                }
                let mut found = self.rows_item(rows, item.alias.as_ref(), &item.range)?;
                if found.relations.is_empty() {
                    found.relations = vec![relation_of(None, name, &found.star)];
                }
                Ok(found)
            }
            FromKind::Join(join) => {
                let joined = self.join(join, before)?;
                match &item.alias {
                    Some(alias) => self.aliased(joined.star, alias, &item.range),
                    None => Ok(joined),
                }
            }
            FromKind::Unsupported => {
                Err(self.give_up(&item.range, Diagnostic::new("this form of table is not understood").help("write it another way")))
            }
        }
    }

    /// With these items in sight too.
    fn seeing<T>(&mut self, before: &[Item], step: impl FnOnce(&mut Self) -> Step<T>) -> Step<T> {
        self.scopes.push(Scope::of(before.to_vec()));
        let result = step(self);
        self.scopes.pop();
        result
    }

    fn rows_item(&mut self, rows: Rows, alias: Option<&Alias>, range: &Range<usize>) -> Step<Item> {
        let star = self.new_columns(rows.columns);
        match alias {
            Some(alias) => self.aliased(star, alias, range),
            None => Ok(Item { star, relations: Vec::new() }),
        }
    }

    pub(super) fn new_columns(&mut self, columns: Vec<RowColumn>) -> Vec<ScopeColumn> {
        columns
            .into_iter()
            .map(|column| ScopeColumn {
                id: self.facts.add(column.not_null),
                name: column.name,
                ty: column.ty,
                modifiers: column.modifiers,
            })
            .collect()
    }

    /// The columns under an alias, which may give the first of them other names.
    fn aliased(&mut self, mut star: Vec<ScopeColumn>, alias: &Alias, range: &Range<usize>) -> Step<Item> {
        self.rename(&mut star, &alias.columns, range)?;
        let relations = alias.name.iter().map(|name| relation_of(None, &name.text, &star)).collect();
        Ok(Item { star, relations })
    }

    fn rename(&mut self, star: &mut [ScopeColumn], names: &[Name], range: &Range<usize>) -> Step<()> {
        if names.len() > star.len() {
            let message = format!("{} names for {} columns", names.len(), star.len());
            return Err(self.fail(names.get(star.len()).map_or(range, |name| &name.range), Diagnostic::new(message)));
        }
        for (column, name) in star.iter_mut().zip(names) {
            column.name.clone_from(&name.text);
        }
        Ok(())
    }

    fn relation(&mut self, name: &Qualified, only: bool, alias: Option<&Alias>) -> Step<Item> {
        if name.schema.is_none()
            && let Some(columns) = self.common_table(name)?
        {
            let star = self.new_columns(columns);
            return self.named_item(star, None, &name.name, alias, &name.range, |_| {});
        }
        let (schema, columns, table, row) = self.table_columns(name, only)?;
        let key = self.primary_key(&schema, &name.name);
        let star = self.new_columns(columns);
        let read = RelationName { schema: schema.clone(), name: name.name.clone() };
        self.origins.extend(star.iter().map(|column| (column.id, (read.clone(), column.name.clone()))));
        let key = key.into_iter().filter_map(|index| star.get(index)).map(|column| column.id).collect();
        self.named_item(star, Some(schema), &name.name, alias, &name.range, |relation| {
            relation.table = table;
            relation.row = row;
            relation.key = key;
        })
    }

    fn named_item(
        &mut self,
        mut star: Vec<ScopeColumn>,
        schema: Option<String>,
        name: &str,
        alias: Option<&Alias>,
        range: &Range<usize>,
        adjust: impl FnOnce(&mut Relation),
    ) -> Step<Item> {
        if let Some(alias) = alias {
            self.rename(&mut star, &alias.columns, range)?;
        }
        let alias = alias.and_then(|alias| alias.name.as_ref());
        let schema = schema.filter(|_| alias.is_none());
        let mut relation = relation_of(schema, alias.map_or(name, |alias| &alias.text), &star);
        adjust(&mut relation);
        Ok(Item { star, relations: vec![relation] })
    }

    /// The schema of the sequence of that name, which can be read as a table.
    fn sequence(&self, name: &Qualified) -> Option<String> {
        let has = |schema: &&str| self.catalog.sequence(schema, &name.name).is_some();
        match &name.schema {
            Some(schema) => Some(schema.clone()).filter(|schema| has(&schema.as_str())),
            None => self.path().iter().map(String::as_str).find(has).map(str::to_owned),
        }
    }

    /// The columns of a table or view: its schema, the columns, whether it has system columns, the type of its rows.
    pub(super) fn table_columns(&mut self, name: &Qualified, only: bool) -> Step<(String, Vec<RowColumn>, bool, Option<Oid>)> {
        let catalog = self.catalog;
        let system = match name.schema.as_deref() {
            Some(schema @ ("pg_catalog" | "information_schema")) => snapshot::relation(schema, &name.name).map(|found| (schema, found)),
            None => snapshot::relation("pg_catalog", &name.name).map(|found| ("pg_catalog", found)),
            Some(_) => None,
        };
        if let Some((schema, (table, columns))) = system {
            let column = |(name, ty, not_null): snapshot::OwnColumn| RowColumn {
                name: name.to_owned(),
                ty,
                modifiers: Vec::new(),
                not_null: not_null && table,
            };
            return Ok((schema.to_owned(), columns.into_iter().map(column).collect(), table, None));
        }
        let found = match &name.schema {
            Some(schema) => catalog.table(schema, &name.name),
            None => self.path().iter().find_map(|schema| catalog.table(schema, &name.name)),
        };
        let Some(table) = found else {
            if let Some(schema) = self.sequence(name) {
                return Ok((schema, sequence_columns(), true, None));
            }
            let written = name.schema.as_ref().map_or_else(|| name.name.clone(), |schema| format!("{schema}.{}", name.name));
            let known: Vec<String> = catalog.tables().map(|table| format!("{}.{}", table.schema, table.name)).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let near = nearest(&written, known.iter().copied());
            let diagnostic = Diagnostic::new(format!("relation `{written}` does not exist")).help_nearest(&near);
            return Err(self.fail_if_known(self.knows_relations(name), &name.range, diagnostic));
        };
        if !table.columns_known {
            let mut diagnostic = Diagnostic::new(format!("the columns of `{}` are not known", table.full_name()));
            if let Some(reason) = table.unresolved().and_then(|errors| errors.iter().next()) {
                diagnostic = diagnostic.help(format!("its own query has an error: {}", reason.message()));
            }
            return Err(self.give_up(&name.range, diagnostic));
        }
        let enforced = self.not_null_columns(table, only);
        let view = matches!(table.kind, TableKind::View | TableKind::MaterializedView);
        let proven = &table.derived.proven_not_null;
        let columns = table
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| RowColumn {
                name: column.name.clone(),
                ty: self.types.number(catalog, &column.ty),
                modifiers: column.ty.modifiers.clone(),
                not_null: if view { proven.get(index).copied().unwrap_or(false) } else { enforced.contains(column.name.as_str()) },
            })
            .collect();
        let row = crate::catalog::Type {
            schema: Some(table.schema.clone()),
            name: table.name.clone(),
            modifiers: Vec::new(),
            array_dimensions: 0,
        };
        let row = self.types.number(catalog, &row);
        Ok((table.schema.clone(), columns, !view, Some(row)))
    }

    /// The places of the columns of a table's primary key, unless it may be deferred.
    fn primary_key(&self, schema: &str, name: &str) -> Vec<usize> {
        let Some(table) = self.catalog.table(schema, name) else { return Vec::new() };
        let key = table.primary_key.iter().filter(|key| !key.deferrable).flat_map(|key| &key.columns);
        key.filter_map(|name| table.columns.iter().position(|column| column.name == *name)).collect()
    }

    /// The columns in which no row of the table can have a null: a foreign table's own promise is not enforced, and a child may have been
    /// let off its parent's (<https://www.postgresql.org/docs/current/sql-createforeigntable.html>, `ddl-inherit.html`).
    fn not_null_columns<'t>(&self, table: &'t Table, only: bool) -> BTreeSet<&'t str> {
        if table.kind == TableKind::Foreign {
            return BTreeSet::new();
        }
        let mut columns: BTreeSet<&str> =
            table.columns.iter().filter(|column| column.not_null).map(|column| column.name.as_str()).collect();
        if only {
            return columns;
        }
        let mut left: Vec<RelationName> = vec![table.full_name()];
        let mut family: HashSet<RelationName> = left.iter().cloned().collect();
        while let Some(parent) = left.pop() {
            for child in self.catalog.children(&parent) {
                let name = child.full_name();
                if !family.insert(name.clone()) {
                    continue;
                }
                left.push(name);
                let kept = |name: &&str| child.kind != TableKind::Foreign && child.column(name).is_some_and(|column| column.not_null);
                columns.retain(|name| kept(name));
            }
        }
        columns
    }

    /// Functions in `FROM` (<https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-TABLEFUNCTIONS>).
    fn functions(
        &mut self,
        calls: &[(Expr, Vec<(Name, TypeName)>)],
        ordinality: bool,
        rows_from: bool,
        alias: Option<&Alias>,
        range: &Range<usize>,
    ) -> Step<Item> {
        let mut columns = Vec::new();
        let mut row = None;
        let mut scalar = calls.len() == 1 && !ordinality;
        let expanded: Vec<(Expr, Vec<(Name, TypeName)>)> = calls.iter().flat_map(several).collect();
        let alone = expanded.len() == 1;
        for (call, definitions) in &expanded {
            let written = alias.map_or(&[][..], |alias| alias.definitions.as_slice());
            let definitions = if definitions.is_empty() { written } else { definitions };
            let only_name = alias.and_then(|alias| alias.name.as_ref()).filter(|_| alone && !rows_from).map(|name| name.text.as_str());
            let (mut found, single, whole) = self.function_columns(call, definitions, only_name)?;
            row = whole;
            scalar &= single && alone;
            if !alone {
                // A function that gives fewer rows than another is filled up with nulls.
                for column in &mut found {
                    column.not_null = false;
                }
            }
            columns.extend(found);
        }
        if ordinality {
            columns.push(RowColumn { name: "ordinality".to_owned(), ty: INT8, modifiers: Vec::new(), not_null: true });
        }
        let mut star = self.new_columns(columns);
        let name = match (alias.and_then(|alias| alias.name.as_ref()), expanded.first()) {
            (Some(name), _) => name.text.clone(),
            (None, Some((call, _))) => column_name(call, &self.sub_query_names),
            (None, None) => String::new(),
        };
        if let Some(alias) = alias {
            self.rename(&mut star, &alias.columns, range)?;
        }
        let mut relation = relation_of(None, &name, &star);
        relation.scalar = scalar;
        relation.row = row.filter(|_| alone && !ordinality);
        Ok(Item { star, relations: vec![relation] })
    }

    /// The columns of one function, whether it gives one value that has no name of its own, and the type of its rows if that has one.
    fn function_columns(
        &mut self,
        call: &Expr,
        definitions: &[(Name, TypeName)],
        alias: Option<&str>,
    ) -> Step<(Vec<RowColumn>, bool, Option<Oid>)> {
        let own_name = column_name(call, &self.sub_query_names);
        let (value, outputs) = match &call.kind {
            ExprKind::Call(inner) if inner.over.is_none() && inner.within_group.is_empty() && inner.filter.is_none() => {
                match self.meaning(inner, &call.range)? {
                    Meaning::Value(value) => (*value, Vec::new()),
                    Meaning::Function(called) => {
                        self.refuse_sets(&called.arguments, "FROM f(…)")?;
                        let known = called.arguments.iter().all(|argument| argument.not_null);
                        let name = &called.function.name;
                        let proven = called.function.schema.is_none()
                            && if called.function.returns_set {
                                proven::never_gives_null(name)
                            } else {
                                known && proven::never_null(name, &called.declared)
                            };
                        (Value::new(called.result, proven, call.range.clone()), called.outputs)
                    }
                }
            }
            _ => (self.expression(call)?, Vec::new()),
        };
        let column =
            |name: &str, ty: Oid, modifiers: Vec<i64>, not_null: bool| RowColumn { name: name.to_owned(), ty, modifiers, not_null };
        if !definitions.is_empty() {
            // What has a record's columns already takes no others.
            if value.ty != RECORD {
                let message = "only a function that returns records takes a list of column definitions";
                return Err(self.fail(&call.range, Diagnostic::new(message)));
            }
            let mut columns = Vec::new();
            for (name, ty) in definitions {
                let (ty, modifiers) = self.type_of(ty)?;
                columns.push(column(&name.text, ty, modifiers, false));
            }
            return Ok((columns, false, None));
        }
        if let [(name, ty)] = outputs.as_slice()
            && *ty == value.ty
            && !self.types.is_row(*ty)
        {
            return Ok((vec![column(name, *ty, Vec::new(), value.not_null)], true, None));
        }
        if let Some(fields) = self.types.fields(value.ty) {
            let columns =
                fields.iter().map(|field| column(&field.name, field.ty, field.modifiers.clone(), value.not_null && !outputs.is_empty()));
            let named = Some(value.ty).filter(|ty| !self.types.is_anonymous(*ty));
            return Ok((columns.collect(), false, named));
        }
        if value.ty == RECORD {
            let diagnostic = Diagnostic::new("a function that returns records needs a list of column definitions");
            return Err(self.fail(&call.range, diagnostic.help("write it behind the call: `AS t(a integer, b text)`")));
        }
        let not_null = value.not_null && value.ty != VOID;
        Ok((vec![column(alias.unwrap_or(&own_name), value.ty, value.modifiers, not_null)], true, None))
    }

    /// A sub-query in an expression.
    pub(super) fn query_in_expression(&mut self, query: &Query) -> Step<Rows> {
        self.refuse_sub_query(&query.range)?;
        self.within.sub_queries += 1;
        let rows = self.sub_query(query);
        self.within.sub_queries -= 1;
        rows
    }

    /// A sub-query: nothing of the query around it but its names.
    pub(super) fn sub_query(&mut self, query: &Query) -> Step<Rows> {
        let grouping = std::mem::take(&mut self.grouping);
        let rows = self.query(query);
        self.grouping = grouping;
        rows
    }
}

fn relation_of(schema: Option<String>, name: &str, columns: &[ScopeColumn]) -> Relation {
    Relation { schema, name: name.to_owned(), columns: columns.to_vec(), table: false, row: None, scalar: false, key: Vec::new() }
}

/// `unnest(a, b)` is `ROWS FROM (unnest(a), unnest(b))`.
fn several((call, definitions): &(Expr, Vec<(Name, TypeName)>)) -> Vec<(Expr, Vec<(Name, TypeName)>)> {
    if let ExprKind::Call(inner) = &call.kind
        && inner.arguments.len() > 1
        && inner.variadic == Variadic::No
        && let [name] = inner.name.as_slice()
        && name.text == "unnest"
    {
        let one = |argument: &(Option<Name>, Expr)| {
            let mut part = inner.clone();
            part.arguments = vec![argument.clone()];
            (Expr::new(ExprKind::Call(part), call.range.clone()), Vec::new())
        };
        return inner.arguments.iter().map(one).collect();
    }
    vec![(call.clone(), definitions.clone())]
}

/// The columns that every sequence has (<https://www.postgresql.org/docs/current/sql-createsequence.html>).
fn sequence_columns() -> Vec<RowColumn> {
    [("last_value", INT8), ("log_cnt", INT8), ("is_called", BOOL)]
        .map(|(name, ty)| RowColumn { name: name.to_owned(), ty, modifiers: Vec::new(), not_null: true })
        .into()
}
