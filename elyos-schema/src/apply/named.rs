//! Which tables and columns an expression names, sub-queries in it included, by nothing but its names: also where a function in it is
//! not known. Types are the matter of [`resolve`](crate::resolve).

use std::ops::Range;

use crate::{
    catalog::{Catalog, RelationName, Table},
    ddl::{Name, Qualified},
    parse::{nesting::Nesting, parse_query},
    query::{Alias, Body, Call, Expr, ExprKind, FromItem, FromKind, JoinCondition, Quantifier, Query, Select, Subscript, Target, Window},
    source::Source,
};

/// A name in an expression that means a table or a column of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) table: RelationName,
    /// None where the table itself is named: in a `FROM`, or before a column.
    pub(super) column: Option<String>,
    /// Where the name stands in the text; none where it is not written, as for `*`.
    pub(super) range: Option<Range<usize>>,
    /// Whether a table's name stands before a column, where its schema is not needed.
    pub(super) qualifies: bool,
    /// Whether it is all that a query selects there, and so what that column of the query is called.
    pub(super) selected: bool,
}

/// What an expression names.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) places: Vec<Place>,
    /// The names in a `FROM` that mean no table of the catalog.
    pub(super) unknown: Vec<Qualified>,
}

/// What stands before an expression's text to make a query of it.
const BEFORE: &str = "select where (";

/// Which table a name means.
pub(super) type Find<'a> = dyn Fn(&Qualified) -> Option<RelationName> + Sync + 'a;

/// The names in an expression about a table; `find` tells which tables names mean. Of a text that is no expression there are none.
pub(super) fn names(catalog: &Catalog, text: &str, about: &Table, find: &Find<'_>) -> Named {
    let source = Source::new("expression", format!("{BEFORE}{text}\n)"));
    let Ok(query) = parse_query(&source) else { return Named::default() };
    let Body::Select(select) = &query.body else { return Named::default() };
    let Some(condition) = &select.filter else { return Named::default() };
    let mut finder = Finder { catalog, find, scopes: vec![vec![Visible::of(about, None)]], found: Named::default() };
    let found = Nesting::of(source.text()).with_room(&source, 0, || {
        finder.expression(condition);
        finder.found
    });
    let mut found = found.unwrap_or_default();
    let places = found.places.iter_mut().filter_map(|place| place.range.as_mut());
    for range in places.chain(found.unknown.iter_mut().map(|name| &mut name.range)) {
        *range = range.start.saturating_sub(BEFORE.len())..range.end.saturating_sub(BEFORE.len());
    }
    found
}

/// What a name before a dot may mean, and the columns that need none.
#[derive(Clone, Debug)]
struct Visible {
    name: Option<String>,
    /// The table, and whether it goes by its own name.
    table: Option<(RelationName, bool)>,
    /// As they are called here, and as their table calls them.
    columns: Vec<(String, Option<String>)>,
    /// Whether its name is that of a `WITH`: only a `FROM` means it.
    common: bool,
}

impl Visible {
    fn of(table: &Table, alias: Option<&Alias>) -> Self {
        let own = |column: &crate::catalog::Column| (column.name.clone(), Some(column.name.clone()));
        let known = Self {
            name: Some(table.name.clone()),
            table: Some((table.full_name(), true)),
            columns: table.columns.iter().map(own).collect(),
            common: false,
        };
        known.under(alias)
    }

    fn derived(columns: Vec<String>) -> Self {
        Self { name: None, table: None, columns: columns.into_iter().map(|name| (name, None)).collect(), common: false }
    }

    fn under(mut self, alias: Option<&Alias>) -> Self {
        let Some(alias) = alias else { return self };
        if let Some(name) = &alias.name {
            self.name = Some(name.text.clone());
            self.table = self.table.map(|(table, _)| (table, false));
        }
        for (column, name) in self.columns.iter_mut().zip(&alias.columns) {
            column.0.clone_from(&name.text);
        }
        let defined = alias.definitions.iter().map(|(name, _)| (name.text.clone(), None));
        self.columns.extend(defined);
        self
    }
}

struct Finder<'a> {
    catalog: &'a Catalog,
    find: &'a Find<'a>,
    /// What is in sight, outermost first.
    scopes: Vec<Vec<Visible>>,
    found: Named,
}

impl Finder<'_> {
    /// Reads a query; what its columns are called.
    fn query(&mut self, query: &Query) -> Vec<String> {
        let depth = self.scopes.len();
        for table in query.with.iter().flat_map(|with| &with.tables) {
            let recursive = query.with.as_ref().is_some_and(|with| with.recursive);
            let named = |columns: Vec<String>| {
                let alias = Alias { name: Some(table.name.clone()), columns: table.columns.clone(), definitions: Vec::new() };
                Visible { common: true, ..Visible::derived(columns).under(Some(&alias)) }
            };
            if recursive {
                self.scopes.push(vec![named(table.columns.iter().map(|column| column.text.clone()).collect())]);
            }
            let columns = self.query(&table.query);
            if recursive {
                self.scopes.pop();
            }
            self.scopes.push(vec![named(columns)]);
        }
        let columns = match &query.body {
            Body::Select(select) => self.select(select, &query.order_by),
            Body::Values(rows) => {
                self.all(rows.iter().flatten());
                (1..=rows.first().map_or(0, Vec::len)).map(|number| format!("column{number}")).collect()
            }
            Body::Nested(inner) => self.query(inner),
            Body::Set { left, right, .. } => {
                let columns = self.query(left);
                self.query(right);
                columns
            }
            // No expression that is kept writes.
            Body::Write(_) => Vec::new(),
        };
        self.all(query.limits.iter());
        self.scopes.truncate(depth);
        columns
    }

    fn select(&mut self, select: &Select, order_by: &[Expr]) -> Vec<String> {
        self.scopes.push(Vec::new());
        for item in &select.from {
            let found = self.item(item);
            if let Some(scope) = self.scopes.last_mut() {
                scope.extend(found);
            }
        }
        let mut columns = Vec::new();
        for target in &select.targets {
            self.expression(&target.expr);
            if let (None, ExprKind::Column(_), Some(last)) = (&target.alias, &target.expr.kind, self.found.places.last_mut()) {
                last.selected = last.range.as_ref().is_some_and(|range| range.end == target.expr.range.end);
            }
            columns.extend(self.names_of(target));
        }
        let groups = select.group_by.iter();
        let mut groups: Vec<_> = groups.collect();
        while let Some(group) = groups.pop() {
            match group {
                crate::query::Grouping::Expr(expr) => self.expression(expr),
                crate::query::Grouping::Sets(sets) => groups.extend(sets),
            }
        }
        let others = select.distinct_on.iter().chain(&select.filter).chain(&select.having).chain(order_by);
        self.all(others);
        select.windows.iter().for_each(|(_, window)| self.window(window));
        self.scopes.pop();
        columns
    }

    fn names_of(&self, target: &Target) -> Vec<String> {
        if let Some(alias) = &target.alias {
            return vec![alias.text.clone()];
        }
        match &target.expr.kind {
            ExprKind::Star(parts) => self.starred(parts).flat_map(|it| &it.columns).map(|(name, _)| name.clone()).collect(),
            ExprKind::Column(parts) => parts.last().map(|last| last.text.clone()).into_iter().collect(),
            ExprKind::Call(call) => call.name.last().map(|last| last.text.clone()).into_iter().collect(),
            _ => vec!["?column?".to_owned()],
        }
    }

    /// What a `*` stands for.
    fn starred(&self, parts: &[Name]) -> impl Iterator<Item = &Visible> {
        let name = parts.last().map(|last| last.text.clone());
        let scope = self.scopes.last().into_iter().flatten();
        scope.filter(move |it| !it.common && (name.is_none() || it.name == name))
    }

    fn item(&mut self, item: &FromItem) -> Vec<Visible> {
        let alias = item.alias.as_ref();
        match &item.kind {
            FromKind::Relation { name, .. } => {
                let common = self.scopes.iter().rev().flatten().find(|it| it.common && it.name.as_ref() == Some(&name.name));
                if let Some(common) = common.filter(|_| name.schema.is_none()) {
                    return vec![Visible { common: false, ..common.clone() }.under(alias)];
                }
                let Some(table) = (self.find)(name).and_then(|found| self.catalog.table(&found.schema, &found.name)) else {
                    self.found.unknown.push(name.clone());
                    return Vec::new();
                };
                self.found.places.push(Place {
                    table: table.full_name(),
                    column: None,
                    range: Some(name.range.clone()),
                    qualifies: false,
                    selected: false,
                });
                vec![Visible::of(table, alias)]
            }
            FromKind::Query { query, lateral } => {
                let hidden = if *lateral { Vec::new() } else { self.scopes.last_mut().map(std::mem::take).unwrap_or_default() };
                let columns = self.query(query);
                if let Some(scope) = self.scopes.last_mut().filter(|_| !*lateral) {
                    *scope = hidden;
                }
                vec![Visible::derived(columns).under(alias)]
            }
            FromKind::Functions { calls, .. } => {
                self.all(calls.iter().map(|(call, _)| call));
                let own = calls.iter().filter_map(|(call, _)| if let ExprKind::Call(call) = &call.kind { call.name.last() } else { None });
                let named = |name: &Name| alias.and_then(|it| it.name.as_ref()).unwrap_or(name).text.clone();
                let columns = own.map(named).chain(calls.iter().flat_map(|(_, defined)| defined).map(|(name, _)| name.text.clone()));
                vec![Visible::derived(columns.collect()).under(alias)]
            }
            FromKind::Table { inputs, columns, .. } => {
                self.all(inputs.iter());
                vec![Visible::derived(columns.iter().map(|(name, ..)| name.text.clone()).collect()).under(alias)]
            }
            FromKind::Join(join) => {
                let mut both = self.item(&join.left);
                // The right side may look at the left one.
                let before = self.scopes.last().map_or(0, Vec::len);
                if let Some(scope) = self.scopes.last_mut() {
                    scope.extend(both.iter().cloned());
                }
                let right = self.item(&join.right);
                if let Some(scope) = self.scopes.last_mut() {
                    scope.extend(right.iter().cloned());
                }
                both.extend(right);
                match &join.condition {
                    JoinCondition::On(condition) => self.expression(condition),
                    JoinCondition::Using { columns, .. } => {
                        for column in columns {
                            for side in &both {
                                self.unwritten(side, Some(&column.text));
                            }
                        }
                    }
                    JoinCondition::None | JoinCondition::Natural => {}
                }
                if let Some(scope) = self.scopes.last_mut() {
                    scope.truncate(before);
                }
                if alias.is_none() {
                    return both;
                }
                let columns = both.into_iter().flat_map(|side| side.columns).map(|(name, _)| name).collect();
                vec![Visible::derived(columns).under(alias)]
            }
            FromKind::Unsupported => Vec::new(),
        }
    }

    /// A column that is meant and not written under its name, or all of them.
    fn unwritten(&mut self, visible: &Visible, column: Option<&String>) {
        let Some((table, _)) = &visible.table else { return };
        let meant = visible.columns.iter().filter(|(name, _)| column.is_none_or(|column| column == name));
        let place =
            |own: &String| Place { table: table.clone(), column: Some(own.clone()), range: None, qualifies: false, selected: false };
        self.found.places.extend(meant.filter_map(|(_, own)| own.as_ref()).map(place));
    }

    fn window(&mut self, window: &Window) {
        window.partition_by.iter().chain(&window.order_by).for_each(|expr| self.expression(expr));
    }

    fn call(&mut self, call: &Call) {
        let arguments = call.arguments.iter().map(|(_, argument)| argument);
        let all = arguments.chain(&call.order_by).chain(&call.within_group).chain(&call.filter);
        self.all(all);
        call.over.iter().for_each(|window| self.window(window));
    }

    fn all<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    fn expression(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Column(parts) => self.column(parts),
            ExprKind::Star(parts) => {
                let meant: Vec<Visible> = self.starred(parts).cloned().collect();
                for visible in &meant {
                    self.unwritten(visible, None);
                }
                self.qualifier(parts);
            }
            // `(t).a` is `t.a`.
            ExprKind::Field(base, field) => match &base.kind {
                ExprKind::Column(parts) if !self.is_column(parts) => self.column(&[parts.as_slice(), std::slice::from_ref(field)].concat()),
                _ => self.expression(base),
            },
            ExprKind::FieldStar(inner)
            | ExprKind::Cast(inner, _)
            | ExprKind::Collate(inner)
            | ExprKind::Parenthesised(inner)
            | ExprKind::Not(inner)
            | ExprKind::Is { value: inner, .. } => self.expression(inner),
            ExprKind::Call(call) => self.call(call),
            ExprKind::Operator { left, right, .. } => {
                self.all(left.as_deref());
                self.expression(right);
            }
            ExprKind::And(all)
            | ExprKind::Or(all)
            | ExprKind::Coalesce(all)
            | ExprKind::Array(all)
            | ExprKind::Row(all)
            | ExprKind::Grouping(all)
            | ExprKind::Extreme { values: all, .. }
            | ExprKind::Special { inputs: all, .. } => {
                self.all(all.iter());
            }
            ExprKind::Distinct { left, right, .. } | ExprKind::NullIf(left, right) => {
                self.expression(left);
                self.expression(right);
            }
            ExprKind::In { value, list } => {
                self.expression(value);
                self.all(list.iter());
            }
            ExprKind::InQuery { value, query, .. } => {
                self.expression(value);
                self.query(query);
            }
            ExprKind::Quantified { left, right, .. } => {
                self.expression(left);
                match right {
                    Quantifier::Array(array) => self.expression(array),
                    Quantifier::Query(query) => {
                        self.query(query);
                    }
                }
            }
            ExprKind::Between { value, low, high, .. } => [value, low, high].into_iter().for_each(|expr| self.expression(expr)),
            ExprKind::Case { value, branches, otherwise } => {
                value.iter().chain(otherwise).for_each(|expr| self.expression(expr));
                for (when, then) in branches {
                    self.expression(when);
                    self.expression(then);
                }
            }
            ExprKind::ArrayQuery(query) | ExprKind::SubQuery(query) | ExprKind::Exists(query) => {
                self.query(query);
            }
            ExprKind::Subscripts(value, subscripts) => {
                self.expression(value);
                for subscript in subscripts {
                    match subscript {
                        Subscript::Index(index) => self.expression(index),
                        Subscript::Slice(from, to) => from.iter().chain(to).for_each(|bound| self.expression(bound)),
                    }
                }
            }
            ExprKind::Parameter(_) | ExprKind::Literal(_) | ExprKind::SqlValue { .. } | ExprKind::Unsupported => {}
        }
    }

    /// Whether a name alone is a column.
    fn is_column(&self, parts: &[Name]) -> bool {
        let [only] = parts else { return true };
        self.scopes.iter().flatten().any(|it| !it.common && it.columns.iter().any(|(name, _)| *name == only.text))
    }

    /// `a`, `t.a`, `s.t.a`, or a row by its table's name.
    fn column(&mut self, parts: &[Name]) {
        if let [only] = parts {
            let named = |it: &&Visible| !it.common && it.columns.iter().any(|(name, _)| *name == only.text);
            match self.scopes.iter().rev().find_map(|scope| scope.iter().find(named)).cloned() {
                Some(visible) => self.written(&visible, only),
                None => self.qualifier(parts),
            }
            return;
        }
        let visible = |qualifier: usize| {
            let table = parts.get(qualifier)?;
            let schema = qualifier.checked_sub(1).map(|at| &parts[at].text);
            let fits = |it: &&Visible| {
                let of_schema =
                    || schema.is_none_or(|schema| it.table.as_ref().is_some_and(|(table, own)| *own && table.schema == *schema));
                !it.common && it.name.as_ref() == Some(&table.text) && of_schema()
            };
            self.scopes.iter().rev().find_map(|scope| scope.iter().find(fits)).cloned()
        };
        let found = visible(1).filter(|_| parts.len() > 2).map(|it| (it, 2)).or_else(|| visible(0).map(|it| (it, 1)));
        if let Some((visible, at)) = found {
            self.qualifier(&parts[..at]);
            self.written(&visible, &parts[at]);
        }
    }

    fn written(&mut self, visible: &Visible, column: &Name) {
        let Some((table, _)) = &visible.table else { return };
        let Some(own) = visible.columns.iter().find(|(name, _)| *name == column.text).and_then(|(_, own)| own.as_ref()) else { return };
        let range = (*own == column.text).then(|| column.range.clone());
        self.found.places.push(Place { table: table.clone(), column: Some(own.clone()), range, qualifies: false, selected: false });
    }

    /// A table's own name, in the place of its row or before a column.
    fn qualifier(&mut self, parts: &[Name]) {
        let Some(last) = parts.last() else { return };
        let named = |it: &&Visible| !it.common && it.name.as_ref() == Some(&last.text);
        let found = self.scopes.iter().rev().find_map(|scope| scope.iter().find(named)).and_then(|it| it.table.as_ref());
        if let Some((table, true)) = found {
            let start = parts.first().map_or(last.range.start, |first| first.range.start);
            let place = Place {
                table: table.clone(),
                column: None,
                range: Some(start..last.range.end),
                qualifies: parts.len() == 1,
                selected: false,
            };
            self.found.places.push(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns that an expression about `docs` names, each with its place in the text.
    fn told(text: &str) -> Vec<String> {
        let schema = "create table docs (id int, user_id int, body text); create table m (user_id int, doc int, docs int);";
        let catalog = Catalog::load(&[Source::new("a.sql", schema)]).expect("it is right");
        let about = catalog.table("public", "docs").expect("it was made");
        let find = |name: &Qualified| Some(RelationName { schema: "public".to_owned(), name: name.name.clone() });
        let places = names(&catalog, text, about, &find).places.into_iter();
        let told = places.map(|place| {
            let column = place.column.map(|column| format!(".{column}")).unwrap_or_default();
            format!("{}{column} {}", place.table.name, place.range.map(|range| text[range].to_owned()).unwrap_or_default())
        });
        told.collect()
    }

    #[test]
    fn a_name_means_the_nearest() {
        assert_eq!(told("exists (select 1 from m where user_id = id)"), ["m m", "m.user_id user_id", "docs.id id"]);
        assert_eq!(
            told("id in (select x.doc from m x where x.user_id = docs.user_id)"),
            ["docs.id id", "m m", "m.doc doc", "m.user_id user_id", "docs docs", "docs.user_id user_id"]
        );
        assert_eq!(told("exists (with m as (select id as doc) select doc from m)"), ["docs.id id"]);
        assert_eq!(told("(select max(u) from (select user_id as u from public.m) s) > 0"), ["m public.m", "m.user_id user_id"]);
    }

    #[test]
    fn functions_types_and_fields_are_none() {
        assert_eq!(told("body(body, id => 1)::user_id is not null"), ["docs.body body"]);
        assert_eq!(told("(docs).id > 0 and docs.body = ''"), ["docs docs", "docs.id id", "docs docs", "docs.body body"]);
        assert_eq!(told("exists (select * from m)"), ["m m", "m.user_id ", "m.doc ", "m.docs "]);
        assert_eq!(told("not an expression at all ("), [""; 0]);
    }
}
