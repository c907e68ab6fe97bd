//! A catalog in the form that is printed.

use elyos_schema::catalog::{self, Catalog, Identity, Mode, TableKind, Volatility};

use super::document::{
    Argument, Attribute, Check, Column, Composite, Document, Domain, Enum, Exclusion, Extension, ForeignKey, Function, Index, IndexColumn,
    Key, Owner, Policy, Range, References, Sequence, Table, Trigger, View,
};

/// The document of a catalog. Expressions are as they are written.
///
/// ```
/// use elyos_schema::{Catalog, Source};
///
/// let catalog = Catalog::load(&[Source::new("a.sql", "create table users (id serial primary key);")])?;
/// let document = elyos_cli::inspect::from_catalog(&catalog);
/// assert_eq!(document.sequences[0].name, "users_id_seq");
/// # Ok::<(), elyos_schema::Diagnostics>(())
/// ```
#[must_use]
pub fn from_catalog(catalog: &Catalog) -> Document {
    let is_view = |table: &&catalog::Table| matches!(table.kind, TableKind::View | TableKind::MaterializedView);
    let mut functions: Vec<Function> = catalog.functions().map(function).collect();
    functions
        .sort_by_cached_key(|it| (it.schema.clone(), it.name.clone(), it.arguments.iter().map(|one| one.ty.clone()).collect::<Vec<_>>()));
    Document {
        schemas: catalog.schemas().map(|schema| schema.name().to_owned()).collect(),
        // Every database has this one.
        extensions: catalog
            .extensions()
            .filter(|extension| extension.name != "plpgsql")
            .map(|extension| Extension { name: extension.name.clone() })
            .collect(),
        tables: catalog.tables().filter(|one| !is_view(one)).map(table).collect(),
        enums: catalog.enums().map(|one| Enum { schema: one.schema.clone(), name: one.name.clone(), values: one.values.clone() }).collect(),
        domains: catalog.domains().map(|one| domain(one, catalog)).collect(),
        composites: catalog
            .composites()
            .map(|one| Composite {
                schema: one.schema.clone(),
                name: one.name.clone(),
                attributes: one.attributes.iter().map(|it| Attribute { name: it.name.clone(), ty: it.ty.to_string() }).collect(),
            })
            .collect(),
        ranges: catalog
            .ranges()
            .map(|one| Range {
                schema: one.schema.clone(),
                name: one.name.clone(),
                subtype: one.subtype.without_modifiers(),
                multirange: one.multirange.clone(),
            })
            .collect(),
        views: catalog
            .tables()
            .filter(is_view)
            .map(|one| View {
                schema: one.schema.clone(),
                name: one.name.clone(),
                materialized: one.kind == TableKind::MaterializedView,
                columns: columns(one),
                indexes: indexes(one),
                comment: one.comment.clone(),
            })
            .collect(),
        sequences: catalog.sequences().map(sequence).collect(),
        functions,
    }
}

fn table(one: &catalog::Table) -> Table {
    Table {
        schema: one.schema.clone(),
        name: one.name.clone(),
        kind: match one.kind {
            TableKind::Partitioned => "partitioned",
            TableKind::Foreign => "foreign",
            _ => "table",
        },
        unlogged: one.unlogged,
        columns: columns(one),
        primary_key: one.primary_key.as_ref().map(key),
        unique: sorted(one.unique.iter().map(key).collect(), |it| &it.name),
        foreign_keys: sorted(one.foreign_keys.iter().map(foreign_key).collect(), |it| &it.name),
        checks: sorted(one.checks.iter().map(check).collect(), |it| &it.name),
        exclusions: sorted(one.exclusions.iter().map(|it| exclusion(one, it)).collect(), |it| &it.name),
        indexes: indexes(one),
        inherits: one.parents.iter().map(ToString::to_string).collect(),
        partition: one.is_partition,
        row_security: one.row_security,
        force_row_security: one.force_row_security,
        policies: sorted(one.policies.iter().map(policy).collect(), |it| &it.name),
        triggers: sorted(
            one.triggers.iter().map(|it| Trigger { name: it.name.clone(), function: it.function.1.clone() }).collect(),
            |it| &it.name,
        ),
        comment: one.comment.clone(),
    }
}

fn columns(one: &catalog::Table) -> Option<Vec<Column>> {
    let column = |it: &catalog::Column| Column {
        name: it.name.clone(),
        ty: it.ty.to_string(),
        not_null: it.not_null,
        default: it.default.clone(),
        identity: it.identity.map(|identity| match identity {
            Identity::Always => "always",
            Identity::ByDefault => "by default",
        }),
        generated: it.generated.clone(),
        collation: it.collation.clone(),
        comment: it.comment.clone(),
    };
    one.columns_known.then(|| one.columns.iter().map(column).collect())
}

fn key(one: &catalog::Key) -> Key {
    Key {
        name: one.name.clone(),
        columns: one.columns.clone(),
        include: one.include.clone(),
        nulls_not_distinct: one.nulls_not_distinct,
        deferrable: one.deferrable,
        initially_deferred: one.initially_deferred,
    }
}

fn foreign_key(one: &catalog::ForeignKey) -> ForeignKey {
    ForeignKey {
        name: one.name.clone(),
        columns: one.columns.clone(),
        references: References {
            schema: one.references_schema.clone(),
            table: one.references_table.clone(),
            columns: one.references_columns.clone(),
        },
        on_delete: action(one.on_delete),
        on_update: action(one.on_update),
        on_delete_columns: one.on_delete_columns.clone(),
        matching: if one.match_full { "full" } else { "simple" },
        deferrable: one.deferrable,
        initially_deferred: one.initially_deferred,
        validated: !one.not_valid,
    }
}

fn action(one: catalog::Action) -> &'static str {
    match one {
        catalog::Action::NoAction => "no action",
        catalog::Action::Restrict => "restrict",
        catalog::Action::Cascade => "cascade",
        catalog::Action::SetNull => "set null",
        catalog::Action::SetDefault => "set default",
    }
}

fn check(one: &catalog::Check) -> Check {
    Check { name: one.name.clone(), expression: one.expression.clone(), no_inherit: one.no_inherit, validated: !one.not_valid }
}

fn exclusion(table: &catalog::Table, one: &catalog::Exclusion) -> Exclusion {
    Exclusion {
        name: one.name.clone(),
        method: one.method.clone(),
        columns: one.elements.iter().map(|(part, _)| index_column(table, part)).collect(),
        operators: one.elements.iter().map(|(_, operator)| operator.clone()).collect(),
        predicate: one.predicate.clone(),
        deferrable: one.deferrable,
        initially_deferred: one.initially_deferred,
    }
}

fn indexes(one: &catalog::Table) -> Vec<Index> {
    let index = |it: &catalog::Index| Index {
        name: it.name.clone(),
        unique: it.unique,
        method: it.method.clone(),
        columns: it.parts.iter().map(|part| index_column(one, part)).collect(),
        include: it.include.clone(),
        predicate: it.predicate.clone(),
        nulls_not_distinct: it.nulls_not_distinct,
    };
    sorted(one.indexes.iter().map(index).collect(), |it| &it.name)
}

fn index_column(table: &catalog::Table, one: &catalog::IndexPart) -> IndexColumn {
    let of_column = one.column.as_ref().and_then(|name| table.column(name)).and_then(|column| column.collation.as_ref());
    IndexColumn {
        column: one.column.clone(),
        expression: one.expression.clone(),
        collation: one.collation.clone().filter(|collation| Some(collation) != of_column),
        operator_class: one.operator_class.clone(),
        descending: one.descending,
        nulls_first: one.nulls_first,
    }
}

fn policy(one: &catalog::Policy) -> Policy {
    Policy {
        name: one.name.clone(),
        permissive: one.permissive,
        command: one.command.clone(),
        roles: sorted(one.roles.clone(), |it| it),
        using: one.using.clone(),
        with_check: one.with_check.clone(),
    }
}

fn domain(one: &catalog::Domain, catalog: &Catalog) -> Domain {
    Domain {
        schema: one.schema.clone(),
        name: one.name.clone(),
        ty: one.base.to_string(),
        not_null: one.not_null,
        collation: one.collation.clone().filter(|own| catalog.collation_of(&one.base) != Some(own)),
        default: one.default.clone(),
        checks: sorted(one.checks.iter().map(check).collect(), |it| &it.name),
    }
}

fn sequence(one: &catalog::Sequence) -> Sequence {
    Sequence {
        schema: one.schema.clone(),
        name: one.name.clone(),
        ty: match one.ty.as_str() {
            "int2" => "smallint",
            "int4" => "integer",
            _ => "bigint",
        },
        start: one.start,
        increment: one.increment,
        min: one.min,
        max: one.max,
        cache: one.cache,
        cycle: one.cycle,
        owned_by: one.owner.as_ref().map(|(table, column)| Owner {
            schema: table.schema.clone(),
            table: table.name.clone(),
            column: column.clone(),
        }),
        identity: one.identity,
    }
}

fn function(one: &catalog::Function) -> Function {
    Function {
        schema: one.schema.clone(),
        name: one.name.clone(),
        kind: match (one.procedure, one.window) {
            (true, _) => "procedure",
            (false, true) => "window",
            (false, false) => "function",
        },
        arguments: one
            .arguments
            .iter()
            .map(|it| Argument {
                name: it.name.clone(),
                mode: match it.mode {
                    Mode::In => "in",
                    Mode::Out => "out",
                    Mode::InOut => "inout",
                    Mode::Variadic => "variadic",
                    Mode::Table => "table",
                },
                ty: it.ty.without_modifiers(),
            })
            .collect(),
        returns: one.result(),
        language: one.language.clone(),
        volatility: match one.volatility {
            Volatility::Immutable => "immutable",
            Volatility::Stable => "stable",
            Volatility::Volatile => "volatile",
        },
        strict: one.strict,
        security_definer: one.security_definer,
    }
}

fn sorted<T>(mut list: Vec<T>, name: impl Fn(&T) -> &String) -> Vec<T> {
    list.sort_by(|left, right| name(left).cmp(name(right)));
    list
}
