//! Sequences, whose they are, and the defaults that take their numbers.

use super::{Applier, written};
use crate::{
    catalog::{RelationName, Sequence, SequenceOptions, Type, UserType, as_in_default, names},
    ddl::{Name, Owner, Persistence, Qualified, TypeName},
    diagnostic::Diagnostic,
    parse::{TokenKind, folded, parse_query, tokens},
    query::{Body, ExprKind, Literal},
    source::Source,
};

impl Applier<'_> {
    pub(super) fn create_sequence(
        &mut self,
        name: &Qualified,
        if_not_exists: bool,
        persistence: Persistence,
        options: &SequenceOptions,
        owned_by: Option<&Owner>,
    ) {
        let Some(schema) = self.target_schema(name, persistence == Persistence::Temporary) else {
            return;
        };
        let Some(found) = self.catalog.schemas.get(&schema) else {
            return;
        };
        if found.has_relation(&name.name) || found.types.contains_key(&name.name) {
            if !(if_not_exists && found.has_relation(&name.name)) {
                self.exists_already("relation", &written(name), &name.range);
            }
            return;
        }
        let mut sequence = Sequence::new(&schema, &name.name, options);
        sequence.unlogged |= persistence == Persistence::Unlogged;
        if let Some(wrong) = sequence.wrong() {
            return self.report(Diagnostic::new(format!("sequence `{}`: {wrong}", written(name))), &name.range);
        }
        if let Some(owned_by) = owned_by {
            let Some(owner) = self.owner(owned_by, &schema) else { return };
            sequence.owner = owner;
        }
        if let Some(found) = self.catalog.schemas.get_mut(&schema) {
            found.sequences.insert(name.name.clone(), sequence);
        }
    }

    /// The column of an `OWNED BY`, None for `NONE`; nothing with a diagnostic where there is no such column.
    #[allow(clippy::option_option, reason = "no owner and no answer are different things")]
    fn owner(&mut self, owner: &Owner, schema: &str) -> Option<Option<(RelationName, String)>> {
        let Owner::Column(written_table, column) = owner else { return Some(None) };
        let table = self.existing(written_table)?;
        if table.schema != schema {
            let diagnostic = Diagnostic::new(format!("`{table}` is not in the schema `{schema}` of the sequence it is to own"));
            self.report(diagnostic, &written_table.range);
            return None;
        }
        self.has_columns(&table, std::slice::from_ref(column)).then(|| Some((table, column.text.clone())))
    }

    pub(super) fn lookup_sequence(&self, name: &Qualified) -> Option<RelationName> {
        let schema = match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema).filter(|schema| schema.sequences.contains_key(&name.name)),
            None => self.nearest_with(&name.name).filter(|schema| schema.sequences.contains_key(&name.name)),
        };
        schema.map(|schema| RelationName { schema: schema.name().to_owned(), name: name.name.clone() })
    }

    fn unknown_sequence(&mut self, name: &Qualified) {
        self.report(Diagnostic::new(format!("sequence `{}` does not exist", written(name))), &name.range);
    }

    pub(super) fn sequence_mut(&mut self, name: &RelationName) -> Option<&mut Sequence> {
        self.catalog.schemas.get_mut(&name.schema)?.sequences.get_mut(&name.name)
    }

    pub(super) fn alter_sequence(
        &mut self,
        name: &Qualified,
        if_exists: bool,
        (rename, schema): (Option<&Name>, Option<&Name>),
        options: &SequenceOptions,
        owned_by: Option<&Owner>,
    ) {
        let Some(found) = self.lookup_sequence(name) else {
            if !if_exists {
                self.unknown_sequence(name);
            }
            return;
        };
        if let Some(owned_by) = owned_by {
            if self.sequence_mut(&found).is_some_and(|sequence| sequence.identity) {
                return self.report(Diagnostic::new(format!("sequence `{found}` belongs to an identity column")), &name.range);
            }
            let Some(owner) = self.owner(owned_by, &found.schema) else { return };
            if let Some(sequence) = self.sequence_mut(&found) {
                sequence.owner = owner;
            }
        }
        self.change_sequence(&found, options, &name.range);
        let to = RelationName {
            schema: schema.map_or_else(|| found.schema.clone(), |to| to.text.clone()),
            name: rename.map_or_else(|| found.name.clone(), |to| to.text.clone()),
        };
        if rename.is_some() || schema.is_some() {
            self.move_sequence(&found, &to, name, schema);
        }
    }

    /// Changes a sequence's numbers, or says why not.
    pub(super) fn change_sequence(&mut self, found: &RelationName, options: &SequenceOptions, range: &std::ops::Range<usize>) {
        let wrong = self.sequence_mut(found).and_then(|sequence| {
            sequence.change(options);
            sequence.wrong()
        });
        if let Some(wrong) = wrong {
            self.report(Diagnostic::new(format!("sequence `{found}`: {wrong}")), range);
        }
    }

    fn move_sequence(&mut self, found: &RelationName, to: &RelationName, name: &Qualified, schema: Option<&Name>) {
        let owned = self.sequence_mut(found).is_some_and(|sequence| sequence.owner.is_some());
        if owned && schema.is_some() {
            let diagnostic = Diagnostic::new(format!("sequence `{found}` moves with the table that owns it"));
            return self.report(diagnostic, &name.range);
        }
        match self.catalog.schemas.get(&to.schema) {
            None => {
                return schema.into_iter().for_each(|schema| self.unknown_schema(schema));
            }
            Some(_) if to == found && schema.is_some() => return,
            Some(target) if target.has_relation(&to.name) => {
                return self.exists_already("relation", &to.name.clone(), &name.range);
            }
            Some(_) => {}
        }
        self.relocate_sequence(found, to);
    }

    /// Puts a sequence where nothing is in its way.
    pub(super) fn relocate_sequence(&mut self, found: &RelationName, to: &RelationName) {
        let sequence = self.catalog.schemas.get_mut(&found.schema).and_then(|schema| schema.sequences.remove(&found.name));
        if let (Some(mut sequence), Some(target)) = (sequence, self.catalog.schemas.get_mut(&to.schema)) {
            sequence.schema.clone_from(&to.schema);
            sequence.name.clone_from(&to.name);
            target.sequences.insert(to.name.clone(), sequence);
            self.sequence_moved(found, to);
        }
    }

    /// A sequence has another name: in the columns it belongs to, and the defaults that take its numbers.
    pub(super) fn sequence_moved(&mut self, from: &RelationName, to: &RelationName) {
        let (old, new) = (super::column::next_value(from), super::column::next_value(to));
        for table in self.referring(from).into_iter().chain(self.referring(&as_in_default(from))) {
            for column in self.table_mut(&table).into_iter().flat_map(|table| &mut table.columns) {
                if column.sequence.as_ref() == Some(from) {
                    column.sequence = Some(to.clone());
                }
                if let Some(default) = column.default.as_mut().filter(|default| default.contains(&old)) {
                    *default = default.replace(&old, &new);
                }
            }
        }
    }

    /// The columns whose defaults take a sequence's numbers.
    pub(super) fn users_of_sequence(&mut self, sequence: &RelationName) -> Vec<(RelationName, String)> {
        let call = super::column::next_value(sequence);
        let tables = self.referring(&as_in_default(sequence));
        let tables = tables.iter().filter_map(|table| self.table(table));
        let columns = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        columns
            .filter(|(_, column)| column.default.as_ref().is_some_and(|default| default.contains(&call)))
            .map(|(table, column)| (table.full_name(), column.name.clone()))
            .collect()
    }

    pub(super) fn drop_sequences(&mut self, names: &[Qualified], if_exists: bool, cascade: bool) {
        for name in names {
            match self.lookup_sequence(name) {
                Some(found) => self.drop_sequence(&found, cascade, &name.range),
                None if if_exists => {}
                None => self.unknown_sequence(name),
            }
        }
    }

    fn drop_sequence(&mut self, found: &RelationName, cascade: bool, range: &std::ops::Range<usize>) {
        if let Some((table, column)) = self.sequence_mut(found).filter(|sequence| sequence.identity).and_then(|it| it.owner.clone()) {
            let diagnostic = Diagnostic::new(format!("cannot drop sequence `{found}`: identity column `{column}` of `{table}` needs it"));
            return self.report(diagnostic.help("`ALTER TABLE … ALTER COLUMN … DROP IDENTITY` drops it"), range);
        }
        let users = self.users_of_sequence(found);
        if let Some((table, column)) = users.first().filter(|_| !cascade) {
            let diagnostic =
                Diagnostic::new(format!("cannot drop sequence `{found}`: the default of column `{column}` of `{table}` needs it"));
            return self.report(diagnostic.help("drop that default first, or say `CASCADE`"), range);
        }
        self.remove_sequence(found);
    }

    /// Removes a sequence and the defaults that take its numbers.
    pub(super) fn remove_sequence(&mut self, found: &RelationName) {
        for (table, column) in self.users_of_sequence(found) {
            if let Some(column) = self.table_mut(&table).and_then(|table| table.column_mut(&column)) {
                column.default = None;
            }
        }
        for table in self.referring(found) {
            for column in self.table_mut(&table).into_iter().flat_map(|table| &mut table.columns) {
                column.sequence.take_if(|sequence| sequence == found);
            }
        }
        if let Some(schema) = self.catalog.schemas.get_mut(&found.schema) {
            schema.sequences.remove(&found.name);
        }
    }

    /// The sequences that belong to a table, or to one of its columns.
    pub(super) fn sequences_of(&mut self, table: &RelationName, column: Option<&str>) -> Vec<RelationName> {
        let is_of = |sequence: &Sequence| {
            sequence.owner.as_ref().is_some_and(|(owner, owned)| owner == table && column.is_none_or(|column| column == owned))
        };
        let mut owned = Vec::new();
        for schema in self.catalog.schemas.values_mut() {
            let names = schema.sequences.referring_to(table).into_iter();
            let names = names.filter(|name| schema.sequences.get(name).is_some_and(is_of));
            owned.extend(names.map(|name| RelationName { schema: schema.name().to_owned(), name }));
        }
        owned
    }

    fn is_domain(&self, ty: &Type) -> bool {
        let schema = ty.schema.as_ref().and_then(|schema| self.catalog.schemas.get(schema));
        ty.array_dimensions == 0 && schema.is_some_and(|schema| matches!(schema.types.get(&ty.name), Some(UserType::Domain(_))))
    }

    /// Whether an expression is a `NULL` that no cast makes another type's first.
    fn is_null_of(&mut self, text: &str, ty: &Type) -> bool {
        match begins_with_null(text) {
            (begins, false) => {
                begins && {
                    let before = self.found.len();
                    let cast = type_of_null(text).map(|cast| self.resolve_type(&cast));
                    self.found.truncate(before);
                    cast.is_some_and(|cast| cast.is_same(ty))
                }
            }
            (_, alone) => alone,
        }
    }

    /// A default with the names in its `nextval('…')` made whole, as PostgreSQL keeps them; None for a plain `NULL`, which is
    /// none. One that is cut to a length first (`varchar(5)`) or goes through a domain is no plain one.
    pub(super) fn default_text(&mut self, text: &str, ty: &Type) -> Option<String> {
        if ty.modifiers.is_empty() && !self.is_domain(ty) && self.is_null_of(text, ty) {
            return None;
        }
        let all: Vec<_> = tokens(text).collect();
        let mut whole = String::new();
        let mut copied = 0;
        for (index, token) in all.iter().enumerate() {
            let (Some(open), Some(argument), Some(next)) = (all.get(index + 1), all.get(index + 2), all.get(index + 3)) else { break };
            let is_call = token.kind == TokenKind::Word && token.text.eq_ignore_ascii_case("nextval") && open.text == "(";
            let cast = next.text == "::" && all.get(index + 4).is_some_and(|ty| ty.text.eq_ignore_ascii_case("regclass"));
            if !is_call || argument.kind != TokenKind::Text || !(next.text == ")" || cast) {
                continue;
            }
            let Some(close) = all.get(index + if cast { 5 } else { 3 }).filter(|close| close.text == ")") else { continue };
            let Some(name) = sequence_name(argument.text) else { continue };
            let Some(found) = self.lookup_sequence(&name) else {
                if self.lookup(&name).is_none() && self.other_relation(&name).is_none() && !self.may_have_foreign_names() {
                    let statement = self.statement.clone();
                    self.unknown_sequence(&Qualified { range: statement, ..name });
                }
                continue;
            };
            let start = match index.checked_sub(2).and_then(|before| all.get(before)) {
                Some(schema) if schema.text.eq_ignore_ascii_case("pg_catalog") => schema.start,
                _ => token.start,
            };
            whole.push_str(text.get(copied..start)?);
            whole.push_str(&super::column::next_value(&found));
            copied = close.start + 1;
        }
        whole.push_str(text.get(copied..)?);
        Some(whole)
    }
}

/// Whether an expression begins with `NULL`, and whether that is all.
fn begins_with_null(text: &str) -> (bool, bool) {
    let mut all = tokens(text).filter(|token| token.text != "(" && token.text != ")");
    let begins = all.next().is_some_and(|first| first.text.eq_ignore_ascii_case("null"));
    (begins, begins && all.next().is_none())
}

/// The type of an expression that is a `NULL` cast to it.
fn type_of_null(text: &str) -> Option<TypeName> {
    let query = parse_query(&Source::new("default", format!("select {text}"))).ok()?;
    let Body::Select(select) = query.body else { return None };
    match select.targets.into_iter().next()?.expr.kind {
        ExprKind::Cast(value, ty) => matches!(value.kind, ExprKind::Literal(Literal::Null)).then_some(ty),
        _ => None,
    }
}

/// The name in a string, as `regclass` reads it.
fn sequence_name(literal: &str) -> Option<Qualified> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
    let mut parts: Vec<String> = tokens(&inner).filter_map(|token| folded(&token)).collect();
    let name = parts.pop()?;
    Some(Qualified { schema: parts.pop(), name: names::cut(&name), range: 0..0 })
}
