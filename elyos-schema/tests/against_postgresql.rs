//! The catalog of each file in `fixtures/` is what PostgreSQL 15 has after running it.
//!
//! `NAME.catalog` is what `psql -f fixtures/catalog.psql` printed, sorted by bytes, in a database that had run `NAME.sql` and nothing
//! else; [`lines`] prints a [`Catalog`] in the same form. The files beginning with `dump_` are what `pg_dump` made of the others.

use std::{fs, path::Path};

use elyos_schema::{
    Catalog, Source,
    catalog::{Action, Identity, Table, TableKind, names::quote},
};

#[test]
fn every_fixture_has_the_catalog_that_postgresql_has() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut seen = 0;
    for entry in fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("it is readable").path();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("it is UTF-8");
        let catalog = Catalog::load(&[Source::new(path.display().to_string(), text)]).unwrap_or_else(|errors| panic!("{errors}"));
        let expected = fs::read_to_string(path.with_extension("catalog")).expect("it was recorded");
        let actual = lines(&catalog);
        for (ours, theirs) in actual.iter().zip(expected.lines()) {
            assert_eq!(ours, theirs, "{}", path.display());
        }
        assert_eq!(actual.len(), expected.lines().count(), "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, 7, "fixtures are missing");
}

fn lines(catalog: &Catalog) -> Vec<String> {
    let mut lines: Vec<String> = catalog.tables().flat_map(table_lines).collect();
    for it in catalog.enums() {
        lines.push(format!("enum|{}.{}|{}", quote(&it.schema), quote(&it.name), it.values.join(",")));
    }
    for it in catalog.domains() {
        lines.push(format!("domain|{}.{}|{}|{}|{}", quote(&it.schema), quote(&it.name), it.base, it.not_null, it.default.is_some()));
    }
    for schema in catalog.schemas() {
        lines.push(format!("schema|{}|{}", quote(schema.name()), schema.comment().unwrap_or_default()));
    }
    lines.sort();
    lines
}

fn table_lines(table: &Table) -> Vec<String> {
    let name = table.full_name();
    let comment = |text: &Option<String>| text.as_deref().unwrap_or_default().replace('\n', "\\n");
    let mut lines = vec![format!("table|{name}|{}|{}", kind(table.kind), comment(&table.comment))];
    for (index, column) in table.columns.iter().enumerate().filter(|_| table.columns_known) {
        lines.push(format!(
            "column|{name}|{}|{}|{}|{}|default={}|identity={}|generated={}|{}",
            index + 1,
            quote(&column.name),
            column.ty,
            if column.not_null { "not null" } else { "null" },
            column.default.is_some(),
            match column.identity {
                None => "",
                Some(Identity::Always) => "a",
                Some(Identity::ByDefault) => "d",
            },
            column.generated.is_some(),
            comment(&column.comment)
        ));
    }
    if let Some(key) = &table.primary_key {
        lines.push(format!("p|{name}|{}|{}|{}", quote(&key.name), key.columns.join(","), key.deferrable));
    }
    for key in &table.unique {
        lines.push(format!("u|{name}|{}|{}|{}|{}", quote(&key.name), key.columns.join(","), key.deferrable, key.nulls_not_distinct));
    }
    lines.extend(table.checks.iter().map(|check| format!("c|{name}|{}", quote(&check.name))));
    lines.extend(table.exclusions.iter().map(|exclusion| format!("x|{name}|{}", quote(&exclusion.name))));
    for key in &table.foreign_keys {
        lines.push(format!(
            "f|{name}|{}|{}|{}.{}|{}|{}{}|{}",
            quote(&key.name),
            key.columns.join(","),
            quote(&key.references_schema),
            quote(&key.references_table),
            key.references_columns.join(","),
            action(key.on_delete),
            action(key.on_update),
            key.deferrable
        ));
    }
    for index in &table.indexes {
        lines.push(format!("i|{name}|{}|unique={}|partial={}", quote(&index.name), index.unique, index.partial));
    }
    lines
}

/// The letters of `pg_class.relkind`.
fn kind(kind: TableKind) -> char {
    match kind {
        TableKind::Table => 'r',
        TableKind::Partitioned => 'p',
        TableKind::Foreign => 'f',
        TableKind::View => 'v',
        TableKind::MaterializedView => 'm',
    }
}

/// The letters of `pg_constraint.confdeltype`.
fn action(action: Action) -> char {
    match action {
        Action::NoAction => 'a',
        Action::Restrict => 'r',
        Action::Cascade => 'c',
        Action::SetNull => 'n',
        Action::SetDefault => 'd',
    }
}
