//! The text of a query, in the order of SQL.

use super::super::Param;
use super::super::fragment::{Fragment, Numbers, Piece};
use super::super::list::{List, Outer, Shape};
use super::super::relation::Levels;
use super::Select;
use super::body::{Body, Distinct};
use crate::sql::quote_identifier;

/// A text, or a piece with values.
enum Part<'q> {
    Text(&'static str),
    Name(&'static str),
    Number(usize),
    Sql(&'q Fragment),
    List(&'q List, Shape),
}

/// What is selected.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    /// What the query selects.
    List(Shape),
    /// The number of rows.
    Count,
}

pub(crate) const AS_READ: Shown = Shown::List(Shape::AsRead);

/// What the rows are called whose columns are read as something else than they are.
const ROWS: &str = "\"elyos rows\"";

impl Body {
    /// Each part in its order.
    fn parts<'q>(&'q self, shown: Shown, visit: &mut impl FnMut(Part<'q>)) {
        use Part::{Name, Number, Text};
        match shown {
            Shown::Count if self.is_counted_as_it_is() => self.inner(shown, visit),
            Shown::Count => {
                visit(Text("SELECT count(*) FROM ("));
                self.inner(Shown::List(Shape::AsTheyAre), visit);
                visit(Text(") AS counted"));
            }
            // Which rows are the same, and how they are ordered, is asked of what the columns are.
            Shown::List(Shape::AsRead) if matches!(self.distinct, Distinct::Rows) && self.list.is_cast() => {
                for (index, Outer { read_as, in_array, name }) in self.list.columns().enumerate() {
                    visit(Text(if index == 0 { "SELECT \"elyos " } else { ", \"elyos " }));
                    visit(Number(index + 1));
                    visit(Text("\""));
                    if let Some(read_as) = read_as {
                        visit(Text("::"));
                        visit(Text(read_as));
                        visit(Text(if in_array { "[]" } else { "" }));
                    }
                    if !name.is_empty() {
                        visit(Text(" AS "));
                        visit(Name(name));
                    }
                }
                visit(Text(" FROM ("));
                self.inner(Shown::List(Shape::AsTheyAre), visit);
                visit(Text(") AS "));
                visit(Text(ROWS));
                for index in 0..self.list.width() {
                    visit(Text(if index == 0 { "(\"elyos " } else { ", \"elyos " }));
                    visit(Number(index + 1));
                    visit(Text("\""));
                }
                visit(Text(")"));
            }
            Shown::List(_) => self.inner(shown, visit),
        }
    }

    fn inner<'q>(&'q self, shown: Shown, visit: &mut impl FnMut(Part<'q>)) {
        use Part::{List, Sql, Text};
        visit(Text("SELECT "));
        match &self.distinct {
            Distinct::No => {}
            Distinct::Rows => visit(Text("DISTINCT ")),
            Distinct::On(expressions) => {
                visit(Text("DISTINCT ON ("));
                visit(Sql(expressions));
                visit(Text(") "));
            }
        }
        match shown {
            Shown::List(shape) => visit(List(&self.list, shape)),
            Shown::Count => visit(Text("count(*)")),
        }
        visit(Text(" FROM "));
        visit(Sql(&self.from));
        for (index, condition) in self.holding().enumerate() {
            visit(Text(if index == 0 { " WHERE " } else { " AND " }));
            visit(Sql(condition));
        }
        for (word, sql) in [(" GROUP BY ", &self.groups.0), (" HAVING ", &self.having), (" ORDER BY ", &self.order.0)] {
            // What is counted needs no order.
            let is_needless = matches!(shown, Shown::Count) && word == " ORDER BY ";
            if !sql.is_empty() && !is_needless {
                visit(Text(word));
                visit(Sql(sql));
            }
        }
        let limit = self.limit.as_ref().map(|(_, sql)| sql);
        for (word, sql) in [(" LIMIT ", limit), (" OFFSET ", self.offset.as_ref())] {
            if let Some(sql) = sql {
                visit(Text(word));
                visit(Sql(sql));
            }
        }
        if let Some(lock) = self.lock {
            visit(Text(lock.strength));
            visit(Text(bare(self.base)));
            visit(Text(lock.wait));
        }
    }

    /// What holds of its rows.
    pub(crate) fn holding(&self) -> impl Iterator<Item = &Fragment> {
        let visible = Some(&self.visible).filter(|sql| !self.with_hidden && !sql.is_empty());
        visible.into_iter().chain(Some(&self.conditions).filter(|sql| !sql.is_empty()))
    }

    /// Whether its rows can be counted without making them first. An aggregate makes one of all, and has none to lock.
    fn is_counted_as_it_is(&self) -> bool {
        self.is_row_by_row() && !self.is_limited() && self.list.is_of_columns()
    }

    pub(super) fn write(&self, shown: Shown, sql: &mut String) {
        let mut numbers = Numbers::default();
        self.parts(shown, &mut |part| match part {
            Part::Text(text) => sql.push_str(text),
            Part::Name(name) => sql.push_str(&quote_identifier(name)),
            Part::Number(number) => sql.push_str(&number.to_string()),
            Part::Sql(fragment) => fragment.write(sql, &mut numbers),
            Part::List(list, shape) => list.write(shape, sql, &mut numbers),
        });
    }

    /// The values, in the order of their numbers.
    pub(super) fn params(&self, shown: Shown) -> Vec<Param<'_>> {
        let (mut params, mut numbers) = (Vec::new(), Numbers::default());
        self.parts(shown, &mut |part| match part {
            Part::Sql(fragment) => fragment.params(&mut params, &mut numbers),
            Part::List(list, _) => list.params(&mut params, &mut numbers),
            Part::Text(_) | Part::Name(_) | Part::Number(_) => {}
        });
        params
    }

    /// As a part of something larger.
    pub(crate) fn fragment(&self, shown: Shown) -> Fragment {
        let mut sql = Fragment::default();
        self.parts(shown, &mut |part| match part {
            Part::Text(text) => sql.add(text),
            Part::Name(name) => sql.push(Piece::Name(name)),
            Part::Number(number) => sql.push(Piece::Number(number)),
            Part::Sql(fragment) => sql.append(fragment.clone()),
            Part::List(list, shape) => sql.append(list.fragment(shape)),
        });
        sql.of_its_own()
    }
}

impl<S, O> Select<S, O> {
    /// As a part of something larger.
    pub(crate) fn into_fragment(self, shape: Shape) -> Fragment {
        self.body.fragment(Shown::List(shape))
    }

    /// The statement as SQL, with a `$n` for every value: what [`all`](Self::all) sends. That of [`each`](Self::each) is another one where
    /// relations come with the rows.
    #[must_use]
    pub fn to_sql(&self) -> String {
        match Levels::of(&self.body) {
            Some(Levels { sql, .. }) => sql.to_sql(),
            None => self.row_by_row(),
        }
    }

    /// The statement of which each row is one of the query's.
    pub(crate) fn row_by_row(&self) -> String {
        let mut sql = String::with_capacity(512);
        self.body.write(AS_READ, &mut sql);
        sql
    }
}

/// A table's name without its schema, as it stands behind `OF`: the last of quoted names that dots join.
fn bare(quoted: &'static str) -> &'static str {
    let mut start = 0;
    let mut in_quotes = false;
    for (index, character) in quoted.char_indices() {
        match character {
            '"' => in_quotes = !in_quotes,
            '.' if !in_quotes => start = index + 1,
            _ => {}
        }
    }
    &quoted[start..]
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn a_lock_names_a_table_without_its_schema() {
        for (quoted, expected) in
            [(r#""auth"."users""#, r#""users""#), (r#""a"".b"."c.""d""#, r#""c.""d""#), (r#""manager""#, r#""manager""#)]
        {
            assert_eq!(bare(quoted), expected);
        }
    }
}
