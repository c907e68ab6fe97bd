//! Types within stored expressions, on which PostgreSQL lets these depend: a drop takes them along, and a domain whose values are within
//! others there cannot be checked (<https://www.postgresql.org/docs/current/ddl-depend.html>).

use std::collections::HashMap;

use super::{
    Applier,
    call::{Caller, callers_in},
};
use crate::{
    catalog::{Domain, Function, RelationName, Table, TableKind, Type, UserType, as_in_expression, names::quote},
    ddl::Qualified,
    parse::{Token, TokenKind, folded, tokens},
};

/// What is the use of a type, or of one of several.
#[derive(Clone, Debug, Default)]
pub(super) struct TypeUse {
    /// By the type's name.
    types: HashMap<String, Vec<Wanted>>,
}

#[derive(Clone, Debug)]
struct Wanted {
    schema: String,
    /// Whether only arrays of it count.
    only_arrays: bool,
    /// Whether its name alone, without a schema, means it.
    bare: bool,
}

impl TypeUse {
    fn wanted(&self, name: &str) -> &[Wanted] {
        self.types.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a type is one of them, or an array of it.
    pub(super) fn is(&self, ty: &Type) -> bool {
        let fits = |wanted: &Wanted| ty.schema.as_ref() == Some(&wanted.schema) && (!wanted.only_arrays || ty.array_dimensions > 0);
        self.wanted(&ty.name).iter().any(fits)
    }

    fn is_in(&self, text: &str) -> bool {
        let all: Vec<Token<'_>> = tokens(text).collect();
        (0..all.len()).any(|index| self.is_at(&all, index))
    }

    /// Whether the type stands at a token, where one may stand: in a cast of either form, or before a literal of it.
    fn is_at(&self, all: &[Token<'_>], index: usize) -> bool {
        let Some(name) = all.get(index).and_then(folded) else { return false };
        let wanted = self.wanted(&name);
        if wanted.is_empty() {
            return false;
        }
        let sign = |at: usize, sign: &str| all.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(sign));
        let schema = index.checked_sub(2).filter(|before| sign(before + 1, "."));
        let schema_name = schema.and_then(|at| all.get(at)).and_then(folded);
        let behind = |before: &str| schema.unwrap_or(index).checked_sub(1).is_some_and(|at| sign(at, before));
        let end = index + 1;
        let is_array = sign(end, "[") || sign(end, "array");
        let closed = all.get(end..).and_then(|rest| rest.iter().find(|token| !is_of_array(token))).map(|token| token.text);
        let is_type = behind("::") || (behind("as") && closed == Some(")"));
        let of_literal = !is_array && all.get(end).is_some_and(|token| token.kind == TokenKind::Text);
        let means = |wanted: &Wanted| match &schema_name {
            Some(schema) => *schema == wanted.schema,
            None => wanted.bare,
        };
        (is_type || of_literal) && wanted.iter().any(|wanted| means(wanted) && (is_array || !wanted.only_arrays))
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
    /// The uses of a type.
    pub(super) fn type_use(&self, ty: &RelationName) -> TypeUse {
        self.uses_of_types(&[(ty.clone(), false)])
    }

    /// The uses of types, of some of them only arrays.
    pub(super) fn uses_of_types(&self, types: &[(RelationName, bool)]) -> TypeUse {
        let mut used = TypeUse::default();
        for (ty, only_arrays) in types {
            let alone = self.lookup_type(&Qualified { schema: None, name: ty.name.clone(), range: 0..0 });
            let bare = alone.is_none_or(|found| found == *ty);
            let wanted = Wanted { schema: ty.schema.clone(), only_arrays: *only_arrays, bare };
            used.types.entry(ty.name.clone()).or_default().push(wanted);
        }
        used
    }

    /// The tables and views that may have expressions with a type in them.
    fn tables_with(&mut self, used: &TypeUse) -> Vec<RelationName> {
        let mut tables = Vec::new();
        for (name, wanted) in &used.types {
            let any_schema = as_in_expression(&RelationName { schema: String::new(), name: name.clone() });
            tables.extend(self.referring(&any_schema));
            for wanted in wanted {
                tables.extend(self.referring(&RelationName { schema: wanted.schema.clone(), name: name.clone() }));
            }
        }
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
                    gone.push(RelationName { schema: schema_name.clone(), name: name.clone() });
                }
            }
            for name in &freed {
                schema.remove_constraint(name);
            }
        }
        for gone in &gone {
            self.remove_type_and_users(gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_used_where_one_may_stand() {
        let used = |only_arrays| {
            let wanted = Wanted { schema: "public".to_owned(), only_arrays, bare: true };
            TypeUse { types: HashMap::from([("mood".to_owned(), vec![wanted])]) }
        };
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
