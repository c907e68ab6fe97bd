//! Types within stored expressions, on which PostgreSQL lets these depend: a drop takes them along, and a domain whose values are within
//! others there cannot be checked (<https://www.postgresql.org/docs/current/ddl-depend.html>).

use super::{
    Applier,
    call::{Caller, callers_in},
    drop::is_of,
};
use crate::{
    catalog::{Domain, Function, RelationName, Table, TableKind, Type, UserType, as_in_expression, names::quote},
    ddl::Qualified,
    parse::{Token, TokenKind, folded, tokens},
};

/// What is the use of a type.
#[derive(Clone, Debug)]
pub(super) struct TypeUse {
    ty: RelationName,
    /// Whether only arrays of it count.
    only_arrays: bool,
    /// Whether its name alone, without a schema, means it.
    bare: bool,
}

impl TypeUse {
    /// Whether a type is the one, or an array of it.
    pub(super) fn is(&self, ty: &Type) -> bool {
        is_of(ty, &self.ty) && (!self.only_arrays || ty.array_dimensions > 0)
    }

    fn is_in(&self, text: &str) -> bool {
        let all: Vec<Token<'_>> = tokens(text).collect();
        (0..all.len()).any(|index| self.is_at(&all, index))
    }

    /// Whether the type stands at a token, where one may stand: in a cast of either form, or before a literal of it.
    fn is_at(&self, all: &[Token<'_>], index: usize) -> bool {
        let is = |at: usize, name: &str| all.get(at).and_then(folded).is_some_and(|found| found == name);
        let sign = |at: usize, sign: &str| all.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(sign));
        let behind = |before: &str| index.checked_sub(1).is_some_and(|at| sign(at, before));
        let length = if is(index, &self.ty.schema) && sign(index + 1, ".") && is(index + 2, &self.ty.name) {
            3
        } else if self.bare && !behind(".") && is(index, &self.ty.name) {
            1
        } else {
            return false;
        };
        let end = index + length;
        let is_array = sign(end, "[") || sign(end, "array");
        let closed = |from: usize| all.get(from..).and_then(|rest| rest.iter().find(|token| !is_of_array(token))).map(|token| token.text);
        let is_type = behind("::") || (behind("as") && closed(end) == Some(")"));
        let of_literal = !is_array && all.get(end).is_some_and(|token| token.kind == TokenKind::Text);
        (is_type || of_literal) && (is_array || !self.only_arrays)
    }

    fn users(&self, table: &Table) -> Vec<Caller> {
        let query = table.query.as_ref().filter(|_| table.kind != TableKind::Table);
        let by_query = query.is_some_and(|query| {
            let text = || query.source.text().get(query.range.clone()).is_some_and(|text| self.is_in(text));
            if table.columns_known { query.types_used.iter().any(|ty| self.is(ty)) } else { text() }
        });
        by_query.then_some(Caller::Whole).into_iter().chain(callers_in(table, |text| self.is_in(text))).collect()
    }

    fn is_used_by_domain(&self, domain: &Domain) -> bool {
        domain.checks.iter().map(|check| &check.expression).chain(&domain.default).any(|text| self.is_in(text))
    }

    /// The defaults of arguments; one of the type has a value of it, however it is written.
    fn is_used_by_function(&self, function: &Function) -> bool {
        let mut arguments = function.arguments.iter();
        arguments.any(|argument| argument.default.as_ref().is_some_and(|text| self.is(&argument.ty) || self.is_in(text)))
    }
}

fn is_of_array(token: &Token<'_>) -> bool {
    matches!(token.text, "[" | "]") || token.kind == TokenKind::Number || token.text.eq_ignore_ascii_case("array")
}

impl Applier<'_> {
    /// The uses of a type, or of arrays of it.
    pub(super) fn type_use(&self, ty: &RelationName, only_arrays: bool) -> TypeUse {
        let alone = self.lookup_type(&Qualified { schema: None, name: ty.name.clone(), range: 0..0 });
        TypeUse { ty: ty.clone(), only_arrays, bare: alone.is_none_or(|found| found == *ty) }
    }

    /// The tables and views that may have expressions with a type in them.
    fn tables_with(&mut self, used: &TypeUse) -> Vec<RelationName> {
        let mut tables = self.referring(&used.ty);
        tables.extend(self.referring(&as_in_expression(&used.ty)));
        tables.sort();
        tables.dedup();
        tables
    }

    /// What has an expression with a type in it, in words.
    pub(super) fn expression_with(&mut self, used: &TypeUse) -> Option<String> {
        for name in self.tables_with(used) {
            if let Some(user) = self.table(&name).and_then(|table| used.users(table).into_iter().next()) {
                return Some(user.of(&name));
            }
        }
        if let Some(domain) = self.catalog.domains().find(|domain| used.is_used_by_domain(domain)) {
            return Some(format!("domain `{}.{}`", quote(&domain.schema), quote(&domain.name)));
        }
        if let Some(function) = self.catalog.functions().find(|function| used.is_used_by_function(function)) {
            return Some(format!("function `{}.{}`", quote(&function.schema), function.signature()));
        }
        let of_table = self.catalog.carried.iter().find(|it| it.table.is_some() && it.statements.iter().any(|text| used.is_in(text)));
        of_table.map(|carried| format!("{} `{}`", carried.kind, carried.name))
    }

    /// Removes what has an expression with a type in it: with `CASCADE`.
    pub(super) fn remove_expressions_with(&mut self, used: &TypeUse) {
        for name in self.tables_with(used) {
            for user in self.table(&name).map(|table| used.users(table)).unwrap_or_default() {
                self.remove_caller(&name, &user);
            }
        }
        for schema in self.catalog.schemas.values_mut() {
            for overloads in schema.functions.values_mut() {
                overloads.retain(|function| !used.is_used_by_function(function));
            }
            schema.functions.retain(|_, overloads| !overloads.is_empty());
        }
        self.remove_from_domains(|text| used.is_in(text));
        self.catalog.carried.retain(|it| it.table.is_none() || !it.statements.iter().any(|text| used.is_in(text)));
    }
}

impl Applier<'_> {
    /// Removes the checks of domains that something is in, and the domains whose defaults it is in.
    pub(super) fn remove_from_domains(&mut self, is_in: impl Fn(&str) -> bool) {
        let mut gone = Vec::new();
        for (schema_name, schema) in &mut self.catalog.schemas {
            let mut freed = Vec::new();
            for (name, user) in &mut schema.types {
                let UserType::Domain(domain) = user else { continue };
                freed.extend(domain.checks.extract_if(.., |check| is_in(&check.expression)).map(|check| check.name));
                if domain.default.as_deref().is_some_and(&is_in) {
                    gone.push(Qualified { schema: Some(schema_name.clone()), name: name.clone(), range: 0..0 });
                }
            }
            for name in &freed {
                schema.remove_constraint(name);
            }
        }
        self.drop_types(&gone, true, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_used_where_one_may_stand() {
        let ty = RelationName { schema: "public".to_owned(), name: "mood".to_owned() };
        let used = |only_arrays| TypeUse { ty: ty.clone(), only_arrays, bare: true };
        for text in ["a::mood = b", "cast(a as Public.mood) is null", "mood 'good'", "public.\"mood\" 'good'", "'{}'::mood[]"] {
            assert!(used(false).is_in(text), "{text}");
        }
        for text in ["mood = 'good'", "mood('good')", "t.mood", "'mood'", "select a as mood from t", "a::s.mood"] {
            assert!(!used(false).is_in(text), "{text}");
        }
        for text in ["'{}'::mood[]", "cast(a as mood[3])", "a::public.mood array"] {
            assert!(used(true).is_in(text), "{text}");
        }
        assert!(!used(true).is_in("a::mood") && !used(true).is_in("mood 'good'"));
    }
}
