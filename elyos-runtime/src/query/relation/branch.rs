//! How rows of a table lead to others, whatever their types, as SQL.

use super::super::ColumnDef;
use super::super::fragment::{Fragment, Piece};
use super::super::list::List;
use super::super::order::Ordered;
use super::super::select::{AS_READ, Body, Shown};
use super::Reference;

#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    /// The other table's columns refer to this one.
    Children(Reference),
    /// This table's columns refer to the other; `once` where a foreign key makes sure that they refer to one row.
    Parent { key: Reference, once: bool },
    /// A table between refers to both; `once` where it cannot do so twice.
    Through { link: &'static str, visible: &'static str, near: Reference, far: Reference, once: bool },
}

/// How rows lead to those of `to`.
#[derive(Clone, Copy)]
pub(super) struct Path {
    pub(super) way: Way,
    /// The other table, quoted.
    pub(super) to: &'static str,
}

/// The rows that each row of a query leads to.
pub(crate) struct Branch {
    pub(super) path: Path,
    /// What the rows are of that lead on.
    pub(super) parent: &'static str,
    /// The columns by which they do, and those that are the same in the table that is met first.
    pub(super) keys: Vec<&'static ColumnDef>,
    pub(super) met: Vec<&'static ColumnDef>,
    /// Which rows they lead to, and what is selected of each.
    pub(super) body: Body,
    records: Fragment,
}

/// What the keys of the row that leads on are called where the other rows are looked for. A table may lead to itself, and then its name
/// means the row that is looked for.
pub(super) const PARENT: &str = "\"elyos parent\"";

/// What the table between is called, which may be one of the others as well.
pub(super) const LINK: &str = "\"elyos link\"";

/// `"elyos key 1"`
pub(super) fn key(number: usize, sql: &mut Fragment) {
    sql.add("\"elyos key ");
    sql.push(Piece::Number(number + 1));
    sql.add("\"");
}

/// `of."a" = other`, for each of the columns and those that mean the same, with `AND`.
pub(super) fn equal(
    of: &'static str,
    columns: &[&'static ColumnDef],
    others: &[&'static ColumnDef],
    name_other: impl Fn(usize, &mut Fragment),
    sql: &mut Fragment,
) {
    for (number, (column, other)) in columns.iter().zip(others).enumerate() {
        sql.add(if number == 0 { "" } else { " AND " });
        for part in [of, ".", column.quoted()] {
            sql.add(part);
        }
        add_relabel(column, sql);
        match (column.operators(), other.operators()) {
            (Some(schema), Some(_)) => {
                for part in [" OPERATOR(", schema, ".=) "] {
                    sql.add(part);
                }
            }
            _ => sql.add(" = "),
        }
        name_other(number, sql);
        add_relabel(other, sql);
    }
}

fn add_relabel(column: &ColumnDef, sql: &mut Fragment) {
    let (mark, ty) = column.compared().relabel();
    if !ty.is_empty() {
        sql.add(mark);
        sql.add(ty);
    }
}

impl Path {
    /// The columns by which the rows lead on.
    pub(super) fn keys(&self) -> Vec<&'static ColumnDef> {
        match self.way {
            Way::Children(key) | Way::Through { near: key, .. } => key.to(),
            Way::Parent { key, .. } => key.columns().to_vec(),
        }
    }

    /// The columns that are the same in the table that is met first.
    fn met(&self) -> Vec<&'static ColumnDef> {
        match self.way {
            Way::Children(key) | Way::Through { near: key, .. } => key.columns().to_vec(),
            Way::Parent { key, .. } => key.to(),
        }
    }

    /// The other rows behind a row of a table that is called so.
    pub(super) fn source_of(&self, table: &'static str) -> Fragment {
        self.source(table, self.keys().into_iter().map(|column| Fragment::text(column.quoted())))
    }

    /// The other rows behind a row whose keys are columns of `parent`.
    pub(super) fn source(&self, parent: &'static str, keys: impl Iterator<Item = Fragment>) -> Fragment {
        let mut sql = Fragment::text("(SELECT ");
        for (number, column) in keys.enumerate() {
            if number > 0 {
                sql.add(", ");
            }
            sql.add(parent);
            sql.add(".");
            sql.append(column);
            sql.add(" AS ");
            key(number, &mut sql);
        }
        for part in [") AS ", PARENT, " JOIN "] {
            sql.add(part);
        }
        let of_parent = |number: usize, sql: &mut Fragment| {
            sql.add(PARENT);
            sql.add(".");
            key(number, sql);
        };
        let (keys, met) = (self.keys(), self.met());
        match self.way {
            Way::Children(_) | Way::Parent { .. } => {
                sql.add(self.to);
                sql.add(" ON ");
                equal(self.to, &met, &keys, of_parent, &mut sql);
            }
            Way::Through { link, visible, far, once, .. } => {
                // Whether there is a link, where there may be two of them: each row is wanted once.
                for part in if once { [link, " AS ", LINK, " ON "] } else { [self.to, " ON EXISTS (SELECT FROM ", link, " AS "] } {
                    sql.add(part);
                }
                if !once {
                    sql.add(LINK);
                    sql.add(" WHERE ");
                }
                equal(LINK, &met, &keys, of_parent, &mut sql);
                if !visible.is_empty() {
                    for part in [" AND ", LINK, ".", visible] {
                        sql.add(part);
                    }
                }
                if once {
                    for part in [" JOIN ", self.to, " ON "] {
                        sql.add(part);
                    }
                } else {
                    sql.add(" AND ");
                }
                let of_link = |number: usize, sql: &mut Fragment| {
                    for part in [LINK, ".", far.columns()[number].quoted()] {
                        sql.add(part);
                    }
                };
                equal(self.to, &far.to(), far.columns(), of_link, &mut sql);
                if !once {
                    sql.add(")");
                }
            }
        }
        sql
    }
}

/// The rows of a query from that source, as records in one column.
pub(super) fn records(mut body: Body, source: Fragment) -> Fragment {
    body.list.enclose();
    body.from = source;
    body.fragment(AS_READ).between("ARRAY(", ")")
}

/// Whether there is a row from that source.
pub(super) fn any(mut body: Body, source: Fragment) -> Fragment {
    body.list.say_nothing();
    body.order = Ordered::default();
    body.from = source;
    body.fragment(AS_READ).between("EXISTS (", ")")
}

/// How many rows there are from that source.
pub(super) fn count(mut body: Body, source: Fragment) -> Fragment {
    body.list = List::default();
    if !body.is_limited() {
        body.order = Ordered::default();
    }
    body.from = source;
    body.fragment(Shown::Count).between("(", ")")
}

impl Branch {
    /// Of rows of a table that is called so in their query.
    pub(super) fn new(path: Path, parent: &'static str, body: Body) -> Self {
        let (keys, met) = (path.keys(), path.met());
        let records = records(body.clone(), path.source_of(parent));
        Self { path, parent, keys, met, body, records }
    }

    /// The rows as records in one column, beside the row that leads to them.
    pub(crate) fn records(&self) -> &Fragment {
        &self.records
    }
}
