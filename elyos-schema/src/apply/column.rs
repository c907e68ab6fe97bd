//! A column's definition: its type, `serial`, identity, default, NOT NULL.

use super::Applier;
use crate::{
    catalog::{Column, Identity, RelationName, Sequence, SequenceOptions, Type, names},
    ddl::{ColumnDefinition, Constraint, Name, Qualified, Rule, TypeName},
    diagnostic::Diagnostic,
};

/// A constraint and the column it was written behind.
pub(super) type Pending<'a> = (&'a Constraint, Option<Name>);

impl Applier<'_> {
    /// The column, and those of its constraints that are the table's business.
    pub(super) fn build_column<'a>(
        &mut self,
        table: &RelationName,
        definition: &'a ColumnDefinition,
        ty: &TypeName,
    ) -> (Column, Vec<Pending<'a>>) {
        let mut column = Column {
            name: definition.name.text.clone(),
            ty: Type::own("int4"),
            not_null: false,
            default: None,
            identity: None,
            generated: None,
            comment: None,
            sequence: None,
            collation: definition.collation.as_ref().and_then(|written| self.collation_text(written)),
            inherited: false,
            source: self.source.clone(),
            range: definition.range.clone(),
        };
        match serial(ty) {
            Some(internal) => {
                column.ty = Type::own(internal);
                column.not_null = true;
                let sequence = self.own_sequence(table, (&column.name, internal), None, &SequenceOptions::default(), false);
                column.default = Some(next_value(&sequence));
                column.sequence = Some(sequence);
            }
            None => column.ty = self.resolve_type(ty),
        }
        if column.collation.as_deref() == self.catalog.collation_of(&column.ty) {
            column.collation = None;
        }
        if !self.refuses_column_name(&column.name, &definition.name.range) {
            self.refuses_column_type(&column.name, &column.ty, &definition.name.range);
        }
        let pending = self.column_constraints(table, &mut column, &definition.constraints, &definition.name);
        (column, pending)
    }

    /// What is written behind a column: its own share is put into it, the table's is returned.
    pub(super) fn column_constraints<'a>(
        &mut self,
        table: &RelationName,
        column: &mut Column,
        constraints: &'a [Constraint],
        name: &Name,
    ) -> Vec<Pending<'a>> {
        let mut pending = Vec::new();
        // Whatever is said first.
        let implied = column.sequence.is_some();
        let not_null = |rule: &Rule| matches!(rule, Rule::NotNull { .. } | Rule::Identity { .. });
        let is_not_null = implied || constraints.iter().any(|constraint| not_null(&constraint.rule));
        for constraint in constraints {
            match &constraint.rule {
                Rule::NotNull { .. } => {
                    column.not_null = true;
                    if constraint.name.is_some() {
                        pending.push((constraint, Some(name.clone())));
                    }
                }
                Rule::Null => {
                    if is_not_null {
                        self.report(
                            Diagnostic::new(format!("column `{}` is said to be both null and not null", column.name)),
                            &constraint.range,
                        );
                    }
                }
                Rule::Default(expression) => {
                    let wrong = if column.default.is_some() {
                        Some("has two defaults")
                    } else if column.identity.is_some() {
                        Some("cannot have a default and be an identity")
                    } else {
                        column.generated.is_some().then_some("cannot have a default and be generated")
                    };
                    if let Some(wrong) = wrong {
                        self.report(Diagnostic::new(format!("column `{}` {wrong}", column.name)), &constraint.range);
                    }
                    column.default = self.default_text(&expression.text, &column.ty);
                }
                Rule::NoDefault { what, place } => self.refuse_default(what, place),
                Rule::Identity { always, sequence, options } => {
                    let wrong = if column.identity.is_some() {
                        Some("is an identity twice")
                    } else if column.default.is_some() {
                        Some("cannot have a default and be an identity")
                    } else {
                        no_identity_type(&column.ty)
                    };
                    if let Some(wrong) = wrong {
                        self.report(Diagnostic::new(format!("column `{}` {wrong}", column.name)), &constraint.range);
                        continue;
                    }
                    column.not_null = true;
                    column.identity = Some(if *always { Identity::Always } else { Identity::ByDefault });
                    column.sequence = Some(self.own_sequence(table, (&column.name, &column.ty.name), sequence.as_ref(), options, true));
                }
                Rule::Generated(expression) => {
                    if column.default.is_some() || column.identity.is_some() {
                        let diagnostic = Diagnostic::new(format!("column `{}` cannot have a default and be generated", column.name));
                        self.report(diagnostic, &constraint.range);
                    }
                    column.generated = Some(expression.text.clone());
                }
                Rule::Check(_) | Rule::PrimaryKey(_) | Rule::Unique(_) | Rule::Exclude(_) | Rule::References(_) => {
                    pending.push((constraint, Some(name.clone())));
                }
            }
        }
        pending
    }

    /// A default that is no expression which PostgreSQL's grammar takes there.
    pub(super) fn refuse_default(&mut self, what: &str, place: &std::ops::Range<usize>) {
        let diagnostic = Diagnostic::new(format!("`{what}` needs parentheses around it in a default"));
        self.report(diagnostic.help("write the whole in parentheses: `DEFAULT (…)`"), place);
    }

    /// The sequence that `serial` or an identity makes: `table_column_seq`, or the first number behind it that is free.
    pub(super) fn own_sequence(
        &mut self,
        table: &RelationName,
        (column, ty): (&str, &str),
        given: Option<&Qualified>,
        options: &SequenceOptions,
        identity: bool,
    ) -> RelationName {
        let schema_name = given.and_then(|given| given.schema.clone()).unwrap_or_else(|| table.schema.clone());
        let Some(schema) = self.catalog.schemas.get_mut(&schema_name) else {
            return RelationName { schema: schema_name, name: names::object_name(&table.name, Some(column), "seq") };
        };
        let name = match given {
            Some(given) => given.name.clone(),
            None => names::free_name(&table.name, Some(column), "seq", |name| schema.has_relation(name)),
        };
        let options = SequenceOptions { ty: options.ty.clone().or_else(|| Some(ty.to_owned())), ..options.clone() };
        let mut sequence = Sequence::new(&schema_name, &name, &options);
        sequence.owner = Some((table.clone(), column.to_owned()));
        sequence.identity = identity;
        sequence.unlogged |= self.unlogged;
        let wrong = sequence.wrong();
        schema.sequences.insert(name.clone(), sequence);
        if let Some(wrong) = wrong {
            let statement = self.statement.clone();
            self.report(Diagnostic::new(format!("the sequence of column `{column}`: {wrong}")), &statement);
        }
        RelationName { schema: schema_name, name }
    }

    /// `COLLATE` as SQL writes it, with the schema of one that the file has made; None for the default.
    pub(super) fn collation_text(&self, written: &Qualified) -> Option<String> {
        let name = names::quote(&written.name);
        let is_made = |schema: &str| {
            let full = format!("{}.{name}", names::quote(schema));
            self.catalog.carried.iter().any(|it| it.kind == "collation" && it.name == full).then_some(full)
        };
        match written.schema.as_deref() {
            None | Some("pg_catalog") if written.name == "default" => None,
            Some("pg_catalog") => Some(name),
            Some(schema) => Some(format!("{}.{name}", names::quote(schema))),
            None => self.path().find_map(|schema| is_made(schema.name())).or(Some(name)),
        }
    }
}

/// Why a column of this type cannot be an identity, if it cannot.
pub(super) fn no_identity_type(ty: &Type) -> Option<&'static str> {
    let fits = ty.schema.is_none() && ty.array_dimensions == 0 && ["int2", "int4", "int8"].contains(&ty.name.as_str());
    (!fits).then_some("must be smallint, integer or bigint to be an identity")
}

/// The default that `serial` stands for.
pub(super) fn next_value(sequence: &RelationName) -> String {
    format!("nextval('{}'::regclass)", sequence.to_string().replace('\'', "''"))
}

/// The integer behind one of the `serial` pseudo-types.
pub(super) fn serial(ty: &TypeName) -> Option<&'static str> {
    if ty.built_in || ty.name.schema.is_some() || ty.array_dimensions > 0 {
        return None;
    }
    match ty.name.name.as_str() {
        "serial" | "serial4" => Some("int4"),
        "bigserial" | "serial8" => Some("int8"),
        "smallserial" | "serial2" => Some("int2"),
        _ => None,
    }
}
