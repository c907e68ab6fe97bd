//! The text of a query, in the order of SQL.

use super::super::Param;
use super::super::fragment::{Fragment, Numbers};
use super::{Distinct, Select};

/// A text, or a piece with values.
enum Part<'q> {
    Text(&'static str),
    Sql(&'q Fragment),
}

/// What is selected instead of what the query selects.
#[derive(Clone, Copy)]
pub(super) enum List {
    /// Nothing else.
    Own,
    /// The number of rows.
    Count,
}

impl<S, O> Select<S, O> {
    /// Each part in its order.
    fn parts<'q>(&'q self, list: List, mut visit: impl FnMut(Part<'q>)) {
        use Part::{Sql, Text};
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
        match list {
            List::Own => visit(Sql(&self.list)),
            List::Count => visit(Text("count(*)")),
        }
        visit(Text(" FROM "));
        visit(Sql(&self.from));
        let visible = Some(&self.visible).filter(|sql| !self.with_hidden && !sql.is_empty());
        let conditions = visible.into_iter().chain(Some(&self.conditions).filter(|sql| !sql.is_empty()));
        for (index, condition) in conditions.enumerate() {
            visit(Text(if index == 0 { " WHERE " } else { " AND " }));
            visit(Sql(condition));
        }
        for (word, sql) in [(" GROUP BY ", &self.groups.0), (" HAVING ", &self.having), (" ORDER BY ", &self.order.0)] {
            // What is counted needs no order.
            let is_needless = matches!(list, List::Count) && word == " ORDER BY ";
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

    /// Whether its rows can be counted without making them first.
    fn is_plain(&self) -> bool {
        matches!(self.distinct, Distinct::No)
            && self.groups.0.is_empty()
            && self.having.is_empty()
            && self.limit.is_none()
            && self.offset.is_none()
            // An aggregate has no rows to lock.
            && self.lock.is_none()
    }

    fn write_as(&self, list: List, sql: &mut String) {
        let mut numbers = Numbers::default();
        self.parts(list, |part| match part {
            Part::Text(text) => sql.push_str(text),
            Part::Sql(fragment) => fragment.write(sql, &mut numbers),
        });
    }

    pub(super) fn write(&self, sql: &mut String) {
        self.write_as(List::Own, sql);
    }

    pub(super) fn write_count(&self, sql: &mut String) {
        if self.is_plain() {
            self.write_as(List::Count, sql);
            return;
        }
        sql.push_str("SELECT count(*) FROM (");
        self.write_as(List::Own, sql);
        sql.push_str(") AS counted");
    }

    /// The values, in the order of their numbers.
    pub(crate) fn params(&self) -> Vec<Param<'_>> {
        self.params_as(List::Own)
    }

    pub(super) fn count_params(&self) -> Vec<Param<'_>> {
        self.params_as(if self.is_plain() { List::Count } else { List::Own })
    }

    fn params_as(&self, list: List) -> Vec<Param<'_>> {
        let (mut params, mut numbers) = (Vec::new(), Numbers::default());
        self.parts(list, |part| {
            if let Part::Sql(fragment) = part {
                fragment.params(&mut params, &mut numbers);
            }
        });
        params
    }

    /// As a part of something larger.
    pub(crate) fn into_fragment(self) -> Fragment {
        self.fragment()
    }

    fn fragment(&self) -> Fragment {
        let mut sql = Fragment::default();
        self.parts(List::Own, |part| match part {
            Part::Text(text) => sql.add(text),
            Part::Sql(fragment) => sql.append(fragment.clone()),
        });
        sql
    }

    /// The statement as SQL, with a `$n` for every value.
    #[must_use]
    pub fn to_sql(&self) -> String {
        let mut sql = String::with_capacity(512);
        self.write(&mut sql);
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
