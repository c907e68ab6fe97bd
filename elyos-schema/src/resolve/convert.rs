//! A value becomes one of another type (<https://www.postgresql.org/docs/current/typeconv-query.html>, `sql-expressions.html#SQL-SYNTAX-TYPE-CASTS`).

use std::ops::Range;

use super::{
    Failed, Resolver, Step,
    coerce::{Pathway, by_own_function, can_coerce, common_type, is_composite, keeps_not_null, pathway},
    foreign::{Kind, may_be_brought},
    snapshot::{Context, Oid},
    types::{ANY, BOOL, FIRST_USER, RECORD, Shape, TEXT, Types, UNKNOWN},
    value::Value,
};
use crate::{catalog::Type, ddl::TypeName, diagnostic::Diagnostic, nearest::nearest};

impl Resolver<'_> {
    /// The value as one of that type and with these modifiers, where that happens by itself in the context.
    pub(super) fn convert(&mut self, mut value: Value, target: Oid, modifiers: &[i64], context: Context) -> Step<Value> {
        if let Some(parameter) = value.parameter
            && value.ty == UNKNOWN
        {
            self.parameter_is(parameter, target);
        }
        if value.ty == target && (modifiers.is_empty() || value.modifiers == modifiers) {
            return Ok(value);
        }
        // A row of a type that has a name is a record as it is.
        if target == RECORD && self.types.fields(value.ty).is_some() && !self.types.is_anonymous(value.ty) {
            return Ok(value);
        }
        if value.ty != UNKNOWN && !can_coerce(&self.types, value.ty, target, context) {
            let (from, to) = (self.types.named(value.ty), self.types.named(target));
            let diagnostic = Diagnostic::new(format!("type `{from}` does not become `{to}` here"));
            let diagnostic = if can_coerce(&self.types, value.ty, target, Context::Explicit) {
                diagnostic.help(format!("cast it: `::{to}`"))
            } else {
                diagnostic
            };
            return Err(self.fail_if_known(self.know_types(&[value.ty, target]), &value.range, diagnostic));
        }
        let parts = value.row.take();
        if let (Some(fields), Some(parts)) = (self.types.fields(target), &parts)
            && fields.len() != parts.len()
        {
            let message =
                format!("a row of {} values is no `{}`, which has {} columns", parts.len(), self.types.named(target), fields.len());
            return Err(self.fail(&value.range, Diagnostic::new(message)));
        }
        if let (Some(fields), Some(parts)) = (self.types.fields(target), parts) {
            for (part, field) in parts.into_iter().zip(fields.iter()) {
                self.convert(part, field.ty, &field.modifiers, context)?;
            }
        }
        if target == ANY {
            return Ok(value);
        }
        if value.ty == UNKNOWN
            && let Some(text) = self.literal_text(&value.range)
            && self.is_no_value(text, target)
        {
            let message = format!("`{text}` is no value of type `{}`", self.types.named(target));
            let diagnostic = Diagnostic::new(message);
            let known = match self.types.shape(self.types.base(target)) {
                Shape::Enum => self.values_of(target),
                _ => Vec::new(),
            };
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let diagnostic =
                diagnostic.help_nearest_or(&nearest(text, known), "write a literal of that type, or cast it to the one it has");
            return Err(self.fail(&value.range, diagnostic));
        }
        self.use_type(value.ty, target);
        self.note_cast(&value, target);
        if value.ty != UNKNOWN && by_own_function(&self.types, value.ty, target) {
            value.forget();
        }
        value.not_null &= value.ty == UNKNOWN || keeps_not_null(&self.types, value.ty, target);
        // A value that only gets another label loses its modifiers, as what the function of a cast returns has none.
        value.modifiers = modifiers.to_vec();
        value.ty = target;
        value.parameter = None;
        Ok(value)
    }

    /// Notes a type of the schema that a value becomes, as PostgreSQL notes it among what an expression depends on
    /// (`find_expr_references_walker` in its source). What the function of a cast gives it does not.
    fn use_type(&mut self, from: Oid, to: Oid) {
        if to < FIRST_USER || from == to {
            return;
        }
        let by_function = from != UNKNOWN && pathway(&self.types, from, to, Context::Explicit) == Some(Pathway::Function);
        if !by_function || matches!(self.types.shape(to), Shape::Domain { .. }) {
            self.types_used.insert(to);
        }
    }

    /// `CAST`.
    pub(super) fn cast(&mut self, value: Value, ty: &TypeName, whole: &Range<usize>) -> Step<Value> {
        let (target, modifiers) = self.type_of(ty)?;
        let mut value = self.convert_explicitly(value, target, &modifiers)?;
        value.range = whole.clone();
        Ok(value)
    }

    fn convert_explicitly(&mut self, value: Value, target: Oid, modifiers: &[i64]) -> Step<Value> {
        // A domain's own modifiers are the domain's affair.
        let modifiers = if matches!(self.types.shape(target), Shape::Domain { .. }) { &[] } else { modifiers };
        let mut value = self.convert(value, target, modifiers, Context::Explicit)?;
        // A cast without modifiers takes those away that were there.
        value.modifiers = modifiers.to_vec();
        Ok(value)
    }

    /// The type that a written one means, with its modifiers, or a diagnostic.
    pub(super) fn type_of(&mut self, written: &TypeName) -> Step<(Oid, Vec<i64>)> {
        let name = &written.name;
        let system = |schema: &str| super::snapshot::type_named(schema, &name.name);
        let own = match name.schema.as_deref() {
            _ if written.built_in => system(""),
            Some("pg_catalog") | None => system(""),
            Some("information_schema") => system("information_schema"),
            Some(_) => None,
        };
        if let Some(own) = own {
            let ty = if written.array_dimensions > 0 { Types::array_of(own).unwrap_or(own) } else { own };
            return Ok((ty, written.modifiers.clone()));
        }
        let schema = match &name.schema {
            Some(schema) => Some(schema.clone()).filter(|schema| super::objects::has_type(self.catalog, schema, &name.name)),
            None => self.path().into_iter().find(|schema| super::objects::has_type(self.catalog, schema, &name.name)),
        };
        if schema.is_none() {
            let known: Vec<String> = self
                .catalog
                .enums()
                .map(|it| format!("{}.{}", it.schema, it.name))
                .chain(self.catalog.domains().map(|it| format!("{}.{}", it.schema, it.name)))
                .collect();
            let near = nearest(&name.name, crate::catalog::OWN_TYPES.iter().copied().chain(known.iter().map(String::as_str)));
            let diagnostic = Diagnostic::new(format!("type `{}` does not exist", name.name)).help_nearest(&near);
            let known = !may_be_brought(self.catalog, Kind::Type, &name.name);
            return Err(self.fail_if_known(known, &name.range, diagnostic));
        }
        let ty = Type { schema, name: name.name.clone(), modifiers: written.modifiers.clone(), array_dimensions: written.array_dimensions };
        Ok((self.types.number(self.catalog, &ty), written.modifiers.clone()))
    }

    /// The type that values share in `UNION`, `CASE` and the like, and the values as of it. `place` names the form in a message.
    pub(super) fn unified(&mut self, values: Vec<Value>, place: &str) -> Step<(Oid, Vec<Value>)> {
        let types = Self::types_of(&values);
        let common = match common_type(&self.types, &types) {
            Ok(common) => common,
            Err((left, right)) => {
                let message = format!("{place} of `{}` and `{}` have no type in common", self.types.named(left), self.types.named(right));
                let at = values.iter().find(|value| self.types.base(value.ty) == self.types.base(right)).or(values.last());
                let range = at.map_or(0..0, |value| value.range.clone());
                let known = self.know_types(&types);
                return Err(self.fail_if_known(known, &range, Diagnostic::new(message).help("cast one of them to the type of the other")));
            }
        };
        let values = values.into_iter().map(|value| self.convert(value, common, &[], Context::Implicit)).collect::<Step<Vec<_>>>()?;
        Ok((common, values))
    }

    /// The modifiers that all values have, or none.
    pub(super) fn common_modifiers(values: &[Value]) -> Vec<i64> {
        match values.split_first() {
            Some((first, rest)) if rest.iter().all(|other| other.modifiers == first.modifiers) => first.modifiers.clone(),
            _ => Vec::new(),
        }
    }

    /// A condition: of `WHERE`, `ON`, `AND` …
    pub(super) fn checked_condition(&mut self, value: Value, place: &str) -> Step<Value> {
        if value.ty == UNKNOWN || can_coerce(&self.types, value.ty, BOOL, Context::Assignment) {
            return self.convert(value, BOOL, &[], Context::Assignment);
        }
        let message = format!("{place} is a condition, and this is of type `{}`", self.types.named(value.ty));
        Err(self.fail_if_known(self.know_types(&[value.ty]), &value.range, Diagnostic::new(message)))
    }

    /// What a literal of no type is once nothing more can say.
    pub(super) fn settled(&mut self, value: Value) -> Value {
        if value.ty != UNKNOWN {
            return value;
        }
        let fallback = value.clone();
        self.convert(value, TEXT, &[], Context::Implicit).unwrap_or(fallback)
    }

    pub(super) fn parameter_is(&mut self, parameter: usize, ty: Oid) {
        if let Some(slot @ None) = self.parameters.get_mut(parameter) {
            *slot = Some(ty);
        }
    }

    /// A function that is really a cast: `text(x)`, `float8(x)`.
    pub(super) fn is_cast_function(&self, source: Oid, target: Oid) -> bool {
        source == UNKNOWN
            || match pathway(&self.types, source, target, Context::Explicit) {
                Some(Pathway::Relabel) => true,
                Some(Pathway::Text) => !(is_composite(&self.types, source) && self.types.category(target) == b'S'),
                _ => false,
            }
    }

    /// The schemas that unqualified names are looked up in.
    pub(super) fn path(&self) -> Vec<String> {
        std::iter::once(crate::catalog::TEMPORARY.to_owned()).chain(self.catalog.search_path.iter().cloned()).collect()
    }

    /// The schemas that functions and operators are looked up in, PostgreSQL's own among them: first, unless the path has it elsewhere.
    pub(super) fn path_of_functions(&self) -> Vec<String> {
        let path = self.path();
        let own = Some("pg_catalog".to_owned()).filter(|own| !path.contains(own));
        own.into_iter().chain(path).collect()
    }

    /// A message that a name means nothing, with what was known.
    pub(super) fn unknown_name(&mut self, what: &str, name: &str, range: &Range<usize>, known: &[&str]) -> Failed {
        let near = nearest(name, known.iter().copied());
        self.fail(range, Diagnostic::new(format!("{what} `{name}` does not exist")).help_nearest(&near))
    }
}
