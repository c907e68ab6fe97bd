//! Domains: a type, and what its values have to satisfy (<https://www.postgresql.org/docs/current/sql-createdomain.html>).

use std::collections::HashSet;

use super::{Applier, drop::is_of, remove::Over, written};
use crate::{
    catalog::{Check, Domain, RelationName, TableKind, Type, UserType, names::free_name},
    ddl::{Constraint, DomainChange, Expression, Name, Qualified, Rule, TypeName},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn create_domain(&mut self, name: &Qualified, base: &TypeName, collation: Option<&Qualified>, constraints: &[Constraint]) {
        let base = self.resolve_type(base);
        let collation = collation.and_then(|written| self.collation_text(written));
        let collation = collation.or_else(|| self.catalog.collation_of(&base).map(str::to_owned));
        let Some(schema) = self.target_schema(name, false) else {
            return;
        };
        let mut domain = Domain {
            schema: schema.clone(),
            name: name.name.clone(),
            base,
            not_null: false,
            collation,
            default: None,
            checks: Vec::new(),
            comment: None,
        };
        // What the domain below gives it keeps, whatever becomes of that.
        let below = domain.base.schema.clone().filter(|_| domain.base.array_dimensions == 0);
        if let Some(schema) = below
            && let Some(UserType::Domain(base)) = self.type_mut(&RelationName { schema, name: domain.base.name.clone() })
        {
            domain.default.clone_from(&base.default);
        }
        for constraint in constraints {
            match &constraint.rule {
                Rule::NotNull { .. } => domain.not_null = true,
                Rule::Null if constraints.iter().any(|other| matches!(other.rule, Rule::NotNull { .. })) => {
                    let diagnostic = Diagnostic::new(format!("domain `{}` is said to be both null and not null", written(name)));
                    self.report(diagnostic, &constraint.range);
                }
                Rule::Default(expression) => domain.default = self.default_text(&expression.text, &domain.base),
                Rule::NoDefault { what, place } => self.refuse_default(what, place),
                Rule::Check(check) => {
                    let name = self.domain_check_name(&domain, constraint.name.as_ref());
                    domain.checks.push(domain_check(name, check, constraint.not_valid));
                }
                _ => {}
            }
        }
        let names: Vec<String> = domain.checks.iter().map(|check| check.name.clone()).collect();
        if self.add_type(&schema, name, UserType::Domain(domain))
            && let Some(schema) = self.catalog.schemas.get_mut(&schema)
        {
            for name in &names {
                schema.add_constraint(name);
            }
        }
    }

    pub(super) fn alter_domain(&mut self, name: &Qualified, change: &DomainChange) {
        let Some(found) = self.existing_type(name) else {
            return;
        };
        if !matches!(self.type_mut(&found), Some(UserType::Domain(_))) {
            return self.report(Diagnostic::new(format!("`{}` is no domain", written(name))), &name.range);
        }
        match change {
            DomainChange::RenameTo(to) => {
                return self.move_type(&found, &found.schema.clone(), &to.text, to);
            }
            DomainChange::SetSchema(to) => {
                return self.move_type(&found, &to.text, &found.name.clone(), to);
            }
            _ => {}
        }
        let default = match change {
            DomainChange::SetDefault(expression) => match self.type_mut(&found) {
                Some(UserType::Domain(domain)) => {
                    let base = domain.base.clone();
                    self.default_text(&expression.text, &base)
                }
                _ => None,
            },
            _ => None,
        };
        let checks_values = match (change, self.type_mut(&found)) {
            (DomainChange::SetNotNull | DomainChange::AddNotNull, Some(UserType::Domain(domain))) => !domain.not_null,
            (DomainChange::AddCheck { not_valid, .. }, _) => !not_valid,
            (DomainChange::Validate(name), Some(UserType::Domain(domain))) => domain.checks.iter().any(|check| check.name == name.text),
            _ => false,
        };
        if let Some(user) = checks_values.then(|| self.values_around(&found)).flatten() {
            let diagnostic = Diagnostic::new(format!("cannot check the values of domain `{found}`: {user} them within others"));
            return self.report(diagnostic.help("PostgreSQL looks only at columns that are of the domain itself"), &name.range);
        }
        let mut missing = None;
        let (mut added, mut removed): (Option<String>, Option<String>) = (None, None);
        let check_name = match (change, self.type_mut(&found)) {
            (DomainChange::AddCheck { name, .. }, Some(UserType::Domain(domain))) => {
                let domain = domain.clone();
                if let Some(name) = name.as_ref().filter(|name| domain.checks.iter().any(|check| check.name == name.text)) {
                    return self.exists_already("constraint", &name.text, &name.range);
                }
                self.domain_check_name(&domain, name.as_ref())
            }
            _ => String::new(),
        };
        let Some(UserType::Domain(domain)) = self.type_mut(&found) else {
            return self.report(Diagnostic::new(format!("`{}` is no domain", written(name))), &name.range);
        };
        match change {
            DomainChange::SetNotNull | DomainChange::AddNotNull => domain.not_null = true,
            DomainChange::DropNotNull => domain.not_null = false,
            DomainChange::SetDefault(_) => domain.default = default,
            DomainChange::DropDefault => domain.default = None,
            DomainChange::AddCheck { check, not_valid, .. } => {
                added = Some(check_name.clone());
                domain.checks.push(domain_check(check_name, check, *not_valid));
            }
            DomainChange::Validate(name) => match domain.checks.iter_mut().find(|check| check.name == name.text) {
                Some(check) => check.not_valid = false,
                None => missing = Some(name),
            },
            DomainChange::DropConstraint { name, if_exists } => {
                let before = domain.checks.len();
                domain.checks.retain(|check| check.name != name.text);
                if domain.checks.len() < before {
                    removed = Some(name.text.clone());
                } else if !if_exists {
                    missing = Some(name);
                }
            }
            DomainChange::RenameConstraint { name, to } => match domain.checks.iter_mut().find(|check| check.name == name.text) {
                Some(check) => {
                    check.name.clone_from(&to.text);
                    (removed, added) = (Some(name.text.clone()), Some(to.text.clone()));
                }
                None => missing = Some(name),
            },
            DomainChange::RenameTo(_) | DomainChange::SetSchema(_) | DomainChange::Nothing => {}
        }
        if let Some(schema) = self.catalog.schemas.get_mut(&found.schema) {
            if let Some(name) = &removed {
                schema.remove_constraint(name);
            }
            if let Some(name) = &added {
                schema.add_constraint(name);
            }
        }
        if let Some(name) = missing {
            self.report(Diagnostic::new(format!("constraint `{}` of domain `{found}` does not exist", name.text)), &name.range);
        }
    }

    /// What has values of a domain in its own: a table's column of arrays, rows or ranges of it, or an expression with such a value, in words.
    fn values_around(&mut self, domain: &RelationName) -> Option<String> {
        let over = self.types_over();
        // Each type with whether only its arrays count: a column of a domain itself is looked into.
        let mut types = vec![(domain.clone(), true)];
        let mut known: HashSet<(RelationName, bool)> = types.iter().cloned().collect();
        let mut next = 0;
        while let Some((ty, only_arrays)) = types.get(next).cloned() {
            next += 1;
            let counts = |found: &Type| is_of(found, &ty) && (!only_arrays || found.array_dimensions > 0);
            let mut around: Vec<(RelationName, bool)> = Vec::new();
            for name in self.referring(&ty) {
                let Some(table) = self.table(&name) else { continue };
                let has_rows = !matches!(table.kind, TableKind::View | TableKind::Foreign);
                if let Some(column) = table.columns.iter().find(|column| has_rows && counts(&column.ty)) {
                    return Some(format!("column `{}` of `{name}` has", column.name));
                }
                if table.columns.iter().any(|column| is_of(&column.ty, &ty)) {
                    around.push((name, false));
                }
            }
            for it in over.get(&ty).into_iter().flatten() {
                around.push((it.name.clone(), it.kind == Over::Domain && only_arrays && !it.of_array));
            }
            types.extend(around.into_iter().filter(|it| known.insert(it.clone())));
        }
        let used = self.uses_of_types(&types);
        self.expression_with(&used).map(|user| format!("{user} uses"))
    }

    /// Whether none of the names is a type that is no domain, with a diagnostic for each that is.
    pub(super) fn are_domains(&mut self, names: &[Qualified]) -> bool {
        let before = self.found.len();
        for name in names {
            let found = self.lookup_type(name);
            let other = found.filter(|found| !matches!(self.type_mut(found), Some(UserType::Domain(_))));
            if other.is_some() {
                self.report(Diagnostic::new(format!("`{}` is no domain", written(name))).help("`DROP TYPE` drops it"), &name.range);
            }
        }
        self.found.len() == before
    }

    fn domain_check_name(&self, domain: &Domain, given: Option<&Name>) -> String {
        let in_schema = |name: &str| self.catalog.schemas.get(&domain.schema).is_some_and(|schema| schema.has_constraint(name));
        match given {
            Some(name) => name.text.clone(),
            None => free_name(&domain.name, None, "check", |name| in_schema(name) || domain.checks.iter().any(|check| check.name == name)),
        }
    }
}

fn domain_check(name: String, check: &Expression, not_valid: bool) -> Check {
    Check { name, columns: Vec::new(), expression: check.text.clone(), no_inherit: false, not_valid, inherited: false, local: true }
}
