//! Extended statistics: what they are of, how they are called, and those that `LIKE … INCLUDING STATISTICS` makes.

use super::Applier;
use crate::{
    catalog::{
        Carried, RelationName, Table, TableKind,
        names::{columns_part, free_name, quote},
    },
    ddl::CarriedName,
    parse::{Token, folded, tokens},
};

const KIND: &str = "statistics";

impl Applier<'_> {
    /// Why there can be no such extended statistics of a relation, where a statement makes some.
    pub(super) fn wrong_statistics(&self, what: &CarriedName, table: &RelationName, text: &str) -> Option<String> {
        if what.kind != KIND {
            return None;
        }
        if self.table(table).is_some_and(|it| it.kind == TableKind::View) {
            return Some(format!("there are no statistics of view `{table}`"));
        }
        (what.columns.len() == 1 && between_on_and_from(text).len() == 1).then(|| "statistics of columns are of two or more".to_owned())
    }

    /// The name that PostgreSQL gives to statistics without one, quoted and with its schema.
    pub(super) fn statistics_name(&self, table: &RelationName, schema: &str, text: &str) -> String {
        let Some(found) = self.table(table) else { return String::new() };
        let items = between_on_and_from(text);
        let items: Vec<&[Token<'_>]> = items_of(&items);
        let plain: Vec<String> = items.iter().filter(|item| item.len() == 1).filter_map(|item| folded(&item[0])).collect();
        let expressions = items.iter().filter(|item| item.len() > 1).map(|_| "expr");
        // The columns in the order of the table, behind them the expressions.
        let columns = found.columns.iter().map(|column| column.name.as_str()).filter(|name| plain.iter().any(|known| known == name));
        let part = columns_part(columns.chain(expressions));
        let full = |name: &str| format!("{}.{}", quote(schema), quote(name));
        let taken = |name: &str| self.catalog.carried.iter().any(|known| known.kind == KIND && known.name == full(name));
        full(&free_name(&table.name, Some(&part), "stat", taken))
    }

    /// The statistics of a table, for one that has been made like it.
    pub(super) fn copy_statistics(&mut self, table: &RelationName, copied: &[Carried]) {
        for statistics in copied {
            let text = statistics.statements.first().cloned().unwrap_or_default();
            let name = self.statistics_name(table, &table.schema, &text);
            self.catalog.carried.push(Carried {
                name,
                schema: Some(table.schema.clone()),
                table: Some(table.clone()),
                source: self.source.clone(),
                range: self.statement.clone(),
                statements: vec![text],
                ..statistics.clone()
            });
        }
    }

    /// The extended statistics of a table.
    pub(super) fn statistics_of(&self, table: &RelationName) -> impl Iterator<Item = &Carried> {
        self.catalog.carried.iter().filter(move |known| known.kind == KIND && known.table.as_ref() == Some(table))
    }
}

/// The columns of a table that a `CREATE STATISTICS` names, in expressions too.
pub(super) fn columns_of(text: &str, table: &Table) -> Vec<String> {
    between_on_and_from(text).iter().filter_map(folded).filter(|name| table.column(name).is_some()).collect()
}

fn between_on_and_from(text: &str) -> Vec<Token<'_>> {
    let all: Vec<Token<'_>> = tokens(text).collect();
    let on = all.iter().position(|token| token.text.eq_ignore_ascii_case("on")).map_or(all.len(), |on| on + 1);
    let from = all.iter().rposition(|token| token.text.eq_ignore_ascii_case("from")).unwrap_or(all.len());
    all.get(on..from.max(on)).unwrap_or_default().to_vec()
}

/// What stands between the commas, but for those in parentheses.
fn items_of<'a, 'b>(all: &'b [Token<'a>]) -> Vec<&'b [Token<'a>]> {
    let mut depth = 0_usize;
    let separates = |token: &Token<'_>| {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.text == ","
    };
    all.split(separates).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Catalog, Source};

    #[test]
    fn statistics_without_a_name_get_one() {
        let text = "create table t (a int, b text, c int); create statistics on c, (lower(b)), a from t; create statistics on c, a, (b || 'x') from t; create statistics (mcv) on a, c from t;";
        let catalog = Catalog::load(&[Source::new("a.sql", text)]).expect("PostgreSQL 16 takes all of them");
        let names: Vec<&str> = catalog.carried().map(|carried| carried.name.as_str()).collect();
        assert_eq!(names, ["public.t_a_c_expr_stat", "public.t_a_c_expr_stat1", "public.t_a_c_stat"]);
    }
}
