//! A tree of rows as one statement whose rows are those of all levels, each read where it lies.
//!
//! Elsewhere a relation is an array of records beside each row, which the server makes by a sub-select for every row and copies from level
//! to level. Here a level is one query, by the keys of all rows above it.

use std::sync::Arc;

use super::super::fragment::{Fragment, Piece};
use super::super::list::{List, Listed};
use super::super::select::{AS_READ, Body};
use super::super::travel::Travel;
use super::super::{ColumnDef, SqlType as _};
use super::branch::{Branch, LINK, Way, equal, key};

/// The statement, and where the columns of each level are in its rows.
pub(crate) struct Levels {
    pub(crate) sql: Fragment,
    pub(super) levels: Vec<Level>,
}

/// The rows of one level.
#[derive(Debug)]
pub(super) struct Level {
    /// Where each part of a row is, in the order in which it is read.
    pub(super) places: Vec<Place>,
    /// What each part is called; nothing, where that has no name.
    pub(super) names: Vec<&'static str>,
    /// Columns of the answer whose values in a row are those in the row above it.
    pub(super) own: Vec<usize>,
    /// Where they are in the row above.
    pub(super) above: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// That column of the answer.
    Column(usize),
    /// The rows of that level.
    Level(usize),
}

/// Of what type a column of the answer is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Of(&'static str),
    /// An array of records, whose type has no name.
    Records,
}

/// A column of a level.
struct Cell {
    sql: Fragment,
    kind: Kind,
    /// The column that it is, and what its table is called; nothing where it is cast, or anything else.
    column: Option<(&'static str, &'static ColumnDef)>,
    name: &'static str,
}

/// A level, before it is known where in the answer its columns go: columns are those of its cells.
struct Draft {
    body: Body,
    cells: Vec<Cell>,
    places: Vec<Place>,
    own: Vec<usize>,
    /// The level above, and its cells that hold the keys.
    above: Option<(usize, Vec<usize>)>,
    /// Whether it is above others itself.
    leads_on: bool,
}

/// The types of which two values are the same for the server if and only if their bytes are: text too, where no collation of the schema's
/// says otherwise.
const TOLD_BY_BYTES: [Travel; 13] = [
    Travel::BOOL,
    Travel::INT2,
    Travel::INT4,
    Travel::INT8,
    Travel::OID,
    Travel::UUID,
    Travel::TEXT,
    Travel::VARCHAR,
    Travel::NAME,
    Travel::BYTEA,
    Travel::DATE,
    Travel::TIMESTAMP,
    Travel::TIMESTAMPTZ,
];

fn is_told_by_its_bytes(column: &ColumnDef) -> bool {
    column.recorded_as().is_none() && !column.compared().is_collated && TOLD_BY_BYTES.contains(&column.travel())
}

/// Whether the types of all that is selected are known for sure: a function may give `json` where the program says `jsonb`.
fn is_sure_of_types(list: &List) -> bool {
    list.parts().iter().all(|part| match part {
        Listed::Value(value) => {
            let is_json = (value.travel == Travel::JSON || value.travel == Travel::JSONB) && value.read_as.is_none();
            value.column().is_some() || (!value.in_array && !is_json)
        }
        Listed::Row { .. } | Listed::Related(_) => true,
    })
}

impl Branch {
    /// Whether its rows can be a level: a limit, for one, is a limit of each row's.
    fn is_level(&self) -> bool {
        let same = |(one, other): (&&ColumnDef, &&ColumnDef)| {
            is_told_by_its_bytes(one) && is_told_by_its_bytes(other) && one.travel() == other.travel()
        };
        !matches!(self.path.way, Way::Parent { once: false, .. })
            && self.body.is_row_by_row()
            && !self.body.is_limited()
            && self.keys.len() == self.met.len()
            && self.keys.iter().zip(&self.met).all(same)
            && is_sure_of_types(&self.body.list)
    }

    /// Its rows, by the keys in those cells of the level above; and the columns that hold them.
    fn below(&self, number: usize, keys: &[usize]) -> (Body, Vec<Cell>) {
        let mut wanted = Fragment::text(" IN (SELECT ");
        for (index, key) in keys.iter().enumerate() {
            wanted.add(if index == 0 { "" } else { ", " });
            name_cell(*key, &mut wanted);
        }
        wanted.add(" FROM ");
        name_level(number, &mut wanted);
        wanted.add(")");
        let mut body = self.body.clone();
        let Way::Through { link, visible, far, once, .. } = self.path.way else {
            let of = self.path.to;
            let columns = self.met.iter().map(|column| Fragment::column(of, column));
            body.require(Fragment::list(columns, ", ").with(wanted));
            body.from = Fragment::text(of);
            return (body, self.met.iter().map(|column| Cell::column(of, column)).collect());
        };
        // The links first: there may be two of one pair, which leads to one row.
        let mut sql = Fragment::text(if once { "(SELECT " } else { "(SELECT DISTINCT " });
        for (index, column) in self.met.iter().enumerate() {
            sql.append(Fragment::column(LINK, column));
            sql.add(" AS ");
            key(index, &mut sql);
            sql.add(", ");
        }
        for (index, column) in far.columns().iter().enumerate() {
            sql.add(if index == 0 { "" } else { ", " });
            sql.append(Fragment::column(LINK, column));
            sql.add(" AS ");
            name_far(index, &mut sql);
        }
        for part in [" FROM ", link, " AS ", LINK, " WHERE "] {
            sql.add(part);
        }
        sql.append(Fragment::list(self.met.iter().map(|column| Fragment::column(LINK, column)), ", ").with(wanted));
        if !visible.is_empty() {
            for part in [" AND ", LINK, ".", visible] {
                sql.add(part);
            }
        }
        for part in [") AS ", LINK, " JOIN ", self.path.to, " ON "] {
            sql.add(part);
        }
        let of_link = |index: usize, sql: &mut Fragment| {
            sql.add(LINK);
            sql.add(".");
            name_far(index, sql);
        };
        equal(self.path.to, &far.to(), far.columns(), of_link, &mut sql);
        body.from = sql;
        let own = self.met.iter().enumerate().map(|(index, column)| {
            let mut sql = Fragment::text(LINK).then(".");
            key(index, &mut sql);
            Cell { sql, kind: Kind::Of(column.ty()), column: None, name: "" }
        });
        (body, own.collect())
    }
}

impl Cell {
    fn column(of: &'static str, def: &'static ColumnDef) -> Self {
        let sql = Fragment::column(of, def);
        match def.recorded_as() {
            Some(ty) => Self { sql: sql.then("::").then(ty), kind: Kind::Of(ty), column: None, name: def.name() },
            None => Self { sql, kind: Kind::Of(def.ty()), column: Some((of, def)), name: def.name() },
        }
    }
}

/// The place of a cell among the others, or of one that is the same.
fn add(cell: Cell, cells: &mut Vec<Cell>) -> usize {
    let is_same = |other: &Cell| match (other.column, cell.column) {
        (Some((of, def)), Some((cell_of, cell_def))) => of == cell_of && def.name() == cell_def.name(),
        _ => false,
    };
    cells.iter().position(is_same).unwrap_or_else(|| {
        cells.push(cell);
        cells.len() - 1
    })
}

/// A level and those below it; the number of the first.
fn draft(body: Body, own: Vec<Cell>, above: Option<(usize, Vec<usize>)>, drafts: &mut Vec<Draft>) -> usize {
    let number = drafts.len();
    let (mut cells, mut places) = (Vec::new(), Vec::new());
    let mut below: Vec<(usize, Arc<Branch>)> = Vec::new();
    for part in body.list.parts() {
        match part {
            Listed::Row { of, columns } => {
                for column in *columns {
                    places.push(Place::Column(cells.len()));
                    cells.push(Cell::column(of, column));
                }
            }
            Listed::Value(value) => {
                places.push(Place::Column(cells.len()));
                let kind = Kind::Of(value.read_as.unwrap_or(value.ty));
                let name = value.column().map_or("", ColumnDef::name);
                cells.push(Cell { sql: value.as_read(), kind, column: None, name });
            }
            Listed::Related(branch) if branch.is_level() => {
                below.push((places.len(), Arc::clone(branch)));
                places.push(Place::Level(0));
            }
            Listed::Related(branch) => {
                places.push(Place::Column(cells.len()));
                cells.push(Cell { sql: branch.records().clone(), kind: Kind::Records, column: None, name: "" });
            }
        }
    }
    let own = own.into_iter().map(|cell| add(cell, &mut cells)).collect();
    let keys: Vec<Vec<usize>> = below
        .iter()
        .map(|(_, branch)| branch.keys.iter().map(|column| add(Cell::column(branch.parent, column), &mut cells)).collect())
        .collect();
    drafts.push(Draft { body, cells, places, own, above, leads_on: !below.is_empty() });
    for ((place, branch), keys) in below.into_iter().zip(keys) {
        let (body, own) = branch.below(number, &keys);
        let level = draft(body, own, Some((number, keys)), drafts);
        if let Some(place) = drafts.get_mut(number).and_then(|draft| draft.places.get_mut(place)) {
            *place = Place::Level(level);
        }
    }
    number
}

/// Where in the answer the cells of each level go. Columns of one type share one whatever their level: what a row has not is a null that
/// has to be sent.
fn placed(drafts: &[Draft]) -> (Vec<Kind>, Vec<Vec<usize>>) {
    let mut columns: Vec<Kind> = Vec::new();
    let mut all = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let mut taken: Vec<usize> = Vec::with_capacity(draft.cells.len());
        for cell in &draft.cells {
            let free = columns.iter().enumerate().position(|(index, kind)| *kind == cell.kind && !taken.contains(&index));
            taken.push(free.unwrap_or_else(|| {
                columns.push(cell.kind);
                columns.len() - 1
            }));
        }
        all.push(taken);
    }
    (columns, all)
}

impl Levels {
    /// Of a query, where it has relations that can be levels.
    pub(crate) fn of(body: &Body) -> Option<Self> {
        let is_level = |part: &Listed| matches!(part, Listed::Related(branch) if branch.is_level());
        if !body.list.parts().iter().any(is_level) || !body.is_row_by_row() || !is_sure_of_types(&body.list) {
            return None;
        }
        let mut drafts = Vec::new();
        draft(body.clone(), Vec::new(), None, &mut drafts);
        let (columns, placed) = placed(&drafts);
        let mut sql = Fragment::default();
        for (number, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.leads_on) {
            sql.add(if number == 0 { "WITH " } else { ", " });
            draft.write_level(number, &mut sql);
        }
        for (number, (draft, placed)) in drafts.iter().zip(&placed).enumerate() {
            sql.add(if number == 0 { " " } else { " UNION ALL " });
            draft.write_rows(number, placed, &columns, &mut sql);
        }
        // The level's number stands before the columns.
        let column = |level: usize, cell: usize| placed[level][cell] + 1;
        let levels = drafts.iter().enumerate().map(|(number, draft)| Level {
            places: draft
                .places
                .iter()
                .map(|place| match place {
                    Place::Column(cell) => Place::Column(column(number, *cell)),
                    Place::Level(level) => Place::Level(*level),
                })
                .collect(),
            names: draft.places.iter().map(|place| if let Place::Column(cell) = place { draft.cells[*cell].name } else { "" }).collect(),
            own: draft.own.iter().map(|cell| column(number, *cell)).collect(),
            above: draft.above.iter().flat_map(|(above, keys)| keys.iter().map(|cell| column(*above, *cell))).collect(),
        });
        Some(Self { sql, levels: levels.collect() })
    }
}

impl Draft {
    /// The level's query, with what is selected instead.
    fn selecting(&self, list: Fragment) -> Fragment {
        let mut body = self.body.clone();
        body.list = List::value(list, &i32::FORM);
        body.fragment(AS_READ)
    }

    /// `"elyos level 0"("elyos 1", …) AS MATERIALIZED (…)`: what is asked once, and used by the level below as well.
    fn write_level(&self, number: usize, sql: &mut Fragment) {
        name_level(number, sql);
        let mut list = Fragment::default();
        for (index, cell) in self.cells.iter().enumerate() {
            sql.add(if index == 0 { "(" } else { ", " });
            name_cell(index, sql);
            list.add(if index == 0 { "" } else { ", " });
            list.append(cell.sql.clone());
        }
        sql.add(") AS MATERIALIZED (");
        sql.append(self.selecting(list));
        sql.add(")");
    }

    /// Its rows in the columns of the answer, the level's number before them. Of the first level, the types are those of the answer.
    fn write_rows(&self, number: usize, placed: &[usize], columns: &[Kind], sql: &mut Fragment) {
        let mut list = Fragment::default();
        list.push(Piece::Number(number));
        for (column, kind) in columns.iter().enumerate() {
            list.add(", ");
            let Some(index) = placed.iter().position(|place| *place == column) else {
                match kind {
                    _ if number > 0 => list.add("NULL"),
                    Kind::Of(ty) => {
                        list.add("NULL::");
                        list.add(ty);
                    }
                    Kind::Records => list.add("ARRAY(SELECT ROW(1) LIMIT 0)"),
                }
                continue;
            };
            let cell = &self.cells[index];
            if self.leads_on {
                name_cell(index, &mut list);
            } else {
                list.append(cell.sql.clone());
            }
            if number == 0 && !cell.name.is_empty() {
                list.add(" AS ");
                list.push(Piece::Name(cell.name));
            }
        }
        if self.leads_on {
            sql.append(list.between("SELECT ", " FROM "));
            name_level(number, sql);
        } else {
            sql.append(self.selecting(list).between("(", ")"));
        }
    }
}

fn name_level(number: usize, sql: &mut Fragment) {
    sql.add("\"elyos level ");
    sql.push(Piece::Number(number));
    sql.add("\"");
}

fn name_cell(index: usize, sql: &mut Fragment) {
    sql.add("\"elyos ");
    sql.push(Piece::Number(index + 1));
    sql.add("\"");
}

fn name_far(index: usize, sql: &mut Fragment) {
    sql.add("\"elyos far ");
    sql.push(Piece::Number(index + 1));
    sql.add("\"");
}
