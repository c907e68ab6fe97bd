//! A select list, part by part: values, rows of tables, and rows that those lead to.

use std::sync::Arc;

use super::fragment::{Fragment, Numbers, Piece};
use super::relation::Branch;
use super::{ColumnDef, Compared, Form, Param, SqlType as _, Travel};

/// What is selected, in its order.
#[derive(Clone, Default)]
pub(crate) struct List {
    parts: Vec<Listed>,
}

/// A part of a select list.
#[derive(Clone)]
pub(crate) enum Listed {
    Value(Listing),
    /// All columns of a table, which is called so.
    Row {
        of: &'static str,
        columns: &'static [ColumnDef],
    },
    /// The rows that a relation leads to, as records in one column.
    Related(Arc<Branch>),
}

/// One value, and what is known of it.
#[derive(Clone)]
pub(crate) struct Listing {
    pub(crate) sql: Fragment,
    /// Its type, as SQL has it.
    pub(crate) ty: &'static str,
    pub(crate) travel: Travel,
    /// As what it is selected, where that is not its own type.
    pub(crate) read_as: Option<&'static str>,
    /// Whether it is an array of that.
    pub(crate) in_array: bool,
    pub(crate) compared: Compared,
}

impl Listing {
    /// The column that it is, where it is nothing else.
    pub(crate) fn column(&self) -> Option<&'static ColumnDef> {
        self.sql.as_column()
    }

    /// With what makes it what it is read as.
    pub(crate) fn as_read(&self) -> Fragment {
        let mut sql = self.sql.clone();
        self.cast(|text| sql.add(text));
        sql
    }

    fn cast(&self, mut add: impl FnMut(&'static str)) {
        if let Some(read_as) = self.read_as {
            add("::");
            add(read_as);
            if self.in_array {
                add("[]");
            }
        }
    }
}

/// A column, as a query around this one sees it.
pub(crate) struct Outer {
    pub(crate) read_as: Option<&'static str>,
    pub(crate) in_array: bool,
    /// Nothing for what has no name.
    pub(crate) name: &'static str,
}

/// How values of types that only the schema has are selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As what they are read.
    AsRead,
    /// As they are, for SQL around it that goes on with them.
    AsTheyAre,
}

impl List {
    pub(crate) fn value<T>(sql: Fragment, form: &Form<T>) -> Self {
        let Form { ty, travel, read_as, in_array, compared, .. } = *form;
        Self { parts: vec![Listed::Value(Listing { sql, ty, travel, read_as, in_array, compared })] }
    }

    pub(crate) fn row(of: &'static str, columns: &'static [ColumnDef]) -> Self {
        Self { parts: vec![Listed::Row { of, columns }] }
    }

    pub(crate) fn related(branch: Branch) -> Self {
        Self { parts: vec![Listed::Related(Arc::new(branch))] }
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.parts.append(&mut other.parts);
    }

    /// Its values, as SQL.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Fragment> {
        self.parts.iter().filter_map(|part| if let Listed::Value(value) = part { Some(&value.sql) } else { None })
    }

    /// Its values, as SQL.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Fragment> {
        self.parts.iter_mut().filter_map(|part| if let Listed::Value(value) = part { Some(&mut value.sql) } else { None })
    }

    /// How the value is compared that it is of.
    pub(crate) fn compared(&self) -> Option<Compared> {
        match self.parts.first() {
            Some(Listed::Value(value)) => Some(value.compared),
            _ => None,
        }
    }

    /// Whether it makes one row of all.
    pub(crate) fn is_aggregate(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Listed::Value(value) if value.sql.is_aggregate()))
    }

    pub(crate) fn parts(&self) -> &[Listed] {
        &self.parts
    }

    /// How many columns it has.
    pub(crate) fn width(&self) -> usize {
        let of = |part: &Listed| if let Listed::Row { columns, .. } = part { columns.len() } else { 1 };
        self.parts.iter().map(of).sum()
    }

    /// Each of its columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = Outer> {
        self.parts.iter().flat_map(|part| {
            let (columns, value): (&[ColumnDef], _) = match part {
                Listed::Row { columns, .. } => (columns, None),
                Listed::Value(value) => {
                    let name = value.column().map_or("", ColumnDef::name);
                    (&[], Some(Outer { read_as: value.read_as, in_array: value.in_array, name }))
                }
                Listed::Related(_) => (&[], Some(Outer { read_as: None, in_array: false, name: "" })),
            };
            let of_row = |column: &ColumnDef| Outer { read_as: column.recorded_as(), in_array: false, name: column.name() };
            columns.iter().map(of_row).chain(value)
        })
    }

    /// Whether a column is read as something else than it is.
    pub(crate) fn is_cast(&self) -> bool {
        self.columns().any(|column| column.read_as.is_some())
    }

    /// Whether as many rows come of it as there are: it holds columns alone, and no aggregate.
    pub(crate) fn is_of_columns(&self) -> bool {
        self.parts.iter().all(|part| match part {
            Listed::Value(value) => value.column().is_some(),
            Listed::Row { .. } | Listed::Related(_) => true,
        })
    }

    pub(crate) fn write(&self, shape: Shape, sql: &mut String, numbers: &mut Numbers) {
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                sql.push_str(", ");
            }
            match part {
                Listed::Value(value) => {
                    value.sql.write(sql, numbers);
                    if shape == Shape::AsRead {
                        value.cast(|text| sql.push_str(text));
                    }
                }
                Listed::Row { of, columns } => Piece::Row { of, columns, shape }.write(sql, numbers),
                Listed::Related(branch) => branch.records().write(sql, numbers),
            }
        }
    }

    pub(crate) fn params<'l>(&'l self, params: &mut Vec<Param<'l>>, numbers: &mut Numbers) {
        for part in &self.parts {
            match part {
                Listed::Value(value) => value.sql.params(params, numbers),
                Listed::Related(branch) => branch.records().params(params, numbers),
                Listed::Row { .. } => {}
            }
        }
    }

    /// As one record.
    pub(crate) fn enclose(&mut self) {
        let sql = self.fragment(Shape::AsRead).between("ROW(", ")");
        self.become_one(sql);
    }

    /// A number that says nothing.
    pub(crate) fn say_nothing(&mut self) {
        self.become_one(Fragment::text("1"));
    }

    fn become_one(&mut self, sql: Fragment) {
        *self = Self::value(sql, &i32::FORM);
    }

    /// As a part of something larger.
    pub(crate) fn fragment(&self, shape: Shape) -> Fragment {
        let mut sql = Fragment::default();
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                sql.add(", ");
            }
            match part {
                Listed::Value(value) => sql.append(if shape == Shape::AsRead { value.as_read() } else { value.sql.clone() }),
                Listed::Row { of, columns } => sql.push(Piece::Row { of, columns, shape }),
                Listed::Related(branch) => sql.append(branch.records().clone()),
            }
        }
        sql
    }
}
