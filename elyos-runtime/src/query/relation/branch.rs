//! How rows of a table lead to others, whatever their types, as SQL.

use super::super::ColumnDef;
use super::super::fragment::{Fragment, Piece};
use super::super::list::List;
use super::super::order::Ordered;
use super::super::select::{AS_READ, Body, Shown};
use super::ForeignKey;

#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    /// The other table's columns refer to this one.
    Children(&'static ForeignKey),
    /// This table's columns refer to the other; `once` where a foreign key makes sure that they refer to one row.
    Parent { key: &'static ForeignKey, once: bool },
    /// A table between refers to both; `once` where it cannot do so twice.
    Through { link: &'static str, visible: &'static str, near: &'static ForeignKey, far: &'static ForeignKey, once: bool },
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

/// `of."a" = other`, for each of the columns, with `AND`.
fn equal<'c>(of: &'static str, columns: impl Iterator<Item = &'c &'static str>, other: impl Fn(usize, &mut Fragment), sql: &mut Fragment) {
    for (number, column) in columns.enumerate() {
        sql.add(if number == 0 { "" } else { " AND " });
        for part in [of, ".", column, " = "] {
            sql.add(part);
        }
        other(number, sql);
    }
}

impl Path {
    /// The columns by which the rows lead on, quoted.
    pub(super) fn keys(&self) -> Vec<&'static str> {
        match self.way {
            Way::Children(key) | Way::Through { near: key, .. } => key.to().to_vec(),
            Way::Parent { key, .. } => quoted(key),
        }
    }

    /// The columns that are the same in the table that is met first.
    fn met(&self) -> Vec<&'static str> {
        match self.way {
            Way::Children(key) | Way::Through { near: key, .. } => quoted(key),
            Way::Parent { key, .. } => key.to().to_vec(),
        }
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
        let met = self.met();
        match self.way {
            Way::Children(_) | Way::Parent { .. } => {
                sql.add(self.to);
                sql.add(" ON ");
                equal(self.to, met.iter(), of_parent, &mut sql);
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
                equal(LINK, met.iter(), of_parent, &mut sql);
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
                equal(self.to, far.to().iter(), of_link, &mut sql);
                if !once {
                    sql.add(")");
                }
            }
        }
        sql
    }
}

fn quoted(key: &ForeignKey) -> Vec<&'static str> {
    key.columns().iter().map(|column| column.quoted()).collect()
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
    /// Of rows of a table that is called so in their query; of both tables, the columns.
    pub(super) fn new(path: Path, parent: &'static str, here: &'static [ColumnDef], there: &'static [ColumnDef], body: Body) -> Self {
        let find = |names: &[&str], columns: &'static [ColumnDef]| -> Vec<&'static ColumnDef> {
            names.iter().filter_map(|name| columns.iter().find(|column| column.quoted() == *name)).collect()
        };
        let keys = find(&path.keys(), here);
        let met = match path.way {
            Way::Children(key) | Way::Through { near: key, .. } => key.columns().to_vec(),
            Way::Parent { key, .. } => find(key.to(), there),
        };
        let records = records(body.clone(), path.source(parent, path.keys().into_iter().map(Fragment::text)));
        Self { path, parent, keys, met, body, records }
    }

    /// The rows as records in one column, beside the row that leads to them.
    pub(crate) fn records(&self) -> &Fragment {
        &self.records
    }
}
