//! Random queries over a schema: from a seed, the same ones every time.

use super::vocabulary::{KINDS, Kind, Vocabulary};

/// Numbers from a seed (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(bits).unwrap_or(0) % limit.max(1)
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// A column that an expression may name, as it is written.
pub(crate) type Visible = (String, Kind);

/// Writes queries.
pub(crate) struct Generator<'a> {
    pub(crate) random: Random,
    pub(crate) vocabulary: &'a Vocabulary,
    aliases: usize,
    /// The tables of the `FROM` at hand, under their aliases.
    joined: Vec<(usize, String)>,
}

impl<'a> Generator<'a> {
    pub(crate) fn new(vocabulary: &'a Vocabulary, seed: u64) -> Self {
        Self { random: Random::new(seed), vocabulary, aliases: 0, joined: Vec::new() }
    }

    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("a{}", self.aliases)
    }

    /// A whole query.
    pub(crate) fn query(&mut self) -> String {
        match self.random.below(12) {
            0 => {
                let kinds = self.kinds();
                let word = *self.random.pick(&["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "INTERSECT ALL"]);
                let (left, right) = (self.select(&kinds, &[], 2), self.select(&kinds, &[], 2));
                if self.random.one_in(3) {
                    let third = self.select(&kinds, &[], 1);
                    format!("{left} {word} {right} UNION ALL {third}")
                } else {
                    format!("{left} {word} {right}")
                }
            }
            1 => {
                let kinds = self.kinds();
                let inner = self.select(&kinds, &[], 2);
                let names: Vec<String> = (0..kinds.len()).map(|index| format!("w{index}")).collect();
                let visible: Vec<Visible> = names.iter().zip(&kinds).map(|(name, kind)| (format!("w.{name}"), *kind)).collect();
                let targets = self.targets(&visible, 2);
                format!("WITH w({}) AS ({inner}) SELECT {targets} FROM w", names.join(", "))
            }
            2 => {
                let (table, own) = self.table();
                let mut visible = own.clone();
                visible.extend([("r.n".to_owned(), Kind::Int), ("r.depth".to_owned(), Kind::Int)]);
                let start = *self.random.pick(&["1", "1::bigint", "2::smallint", "NULL::int"]);
                let step = self.expression(Kind::Int, &visible, 1);
                format!(
                    "WITH RECURSIVE r(n, depth) AS (SELECT {start}, 1 UNION ALL SELECT {step}, depth + 1 FROM r, {table} WHERE depth < 3) \
                     SELECT n, depth, n + depth FROM r LIMIT 50"
                )
            }
            3 => {
                let kinds = self.kinds();
                let rows: Vec<String> = (0..=self.random.below(3))
                    .map(|_| format!("({})", kinds.iter().map(|kind| self.constant(*kind)).collect::<Vec<_>>().join(", ")))
                    .collect();
                format!("VALUES {}", rows.join(", "))
            }
            _ => {
                let kinds = self.kinds();
                self.select(&kinds, &[], 3)
            }
        }
    }

    fn kinds(&mut self) -> Vec<Kind> {
        (0..=self.random.below(4)).map(|_| self.kind()).collect()
    }

    pub(crate) fn kind(&mut self) -> Kind {
        let others = self.vocabulary.others.len();
        if others > 0 && self.random.one_in(5) { Kind::Other(self.random.below(others)) } else { *self.random.pick(&KINDS) }
    }

    fn targets(&mut self, visible: &[Visible], depth: usize) -> String {
        let list: Vec<String> = (0..=self.random.below(4))
            .map(|_| {
                let kind = self.kind();
                self.expression(kind, visible, depth)
            })
            .collect();
        list.join(", ")
    }

    /// A `SELECT` of these kinds; `outer` is what it sees from around it.
    pub(crate) fn select(&mut self, kinds: &[Kind], outer: &[Visible], depth: usize) -> String {
        let (from, own) = self.from(depth);
        let mut visible = own.clone();
        visible.extend(outer.iter().cloned());
        let filter = if self.random.one_in(2) { format!(" WHERE {}", self.condition(&visible, depth)) } else { String::new() };
        // A table can have no columns.
        if self.random.one_in(3) && !own.is_empty() {
            return self.grouped(kinds, &from, &filter, &own, depth);
        }
        let targets: Vec<String> =
            kinds
                .iter()
                .map(|kind| {
                    if self.random.one_in(8) && !own.is_empty() {
                        self.window(*kind, &own)
                    } else {
                        self.expression(*kind, &visible, depth)
                    }
                })
                .collect();
        let distinct = if self.random.one_in(10) { "DISTINCT " } else { "" };
        let limit = if self.random.one_in(10) { " LIMIT 5" } else { "" };
        format!("SELECT {distinct}{} FROM {from}{filter}{limit}", targets.join(", "))
    }

    fn grouped(&mut self, kinds: &[Kind], from: &str, filter: &str, own: &[Visible], depth: usize) -> String {
        let keys: Vec<Visible> = (0..self.random.below(3)).map(|_| self.random.pick(own).clone()).collect();
        let targets: Vec<String> = kinds
            .iter()
            .map(|kind| {
                let aggregate = self.aggregate(*kind, own, depth);
                match keys.iter().find(|(_, known)| known == kind) {
                    Some((key, _)) if self.random.one_in(2) => key.clone(),
                    // What is not grouped by, which is allowed where the table's key is.
                    _ if self.random.one_in(12) => self.random.pick(own).0.clone(),
                    _ if self.random.one_in(12) => self.expression(*kind, &keys, 1),
                    _ if self.random.one_in(4) => format!("coalesce({aggregate}, {})", self.constant(*kind)),
                    _ => aggregate,
                }
            })
            .collect();
        let names: Vec<String> = keys.iter().map(|(key, _)| key.clone()).collect();
        let group = match (names.is_empty(), self.random.below(5)) {
            (true, _) => String::new(),
            (false, 0) => format!(" GROUP BY ROLLUP ({})", names.join(", ")),
            (false, 1) => format!(" GROUP BY CUBE ({})", names.join(", ")),
            (false, 2) => format!(" GROUP BY GROUPING SETS (({}), ())", names.join(", ")),
            (false, _) => format!(" GROUP BY {}", names.join(", ")),
        };
        let having = if self.random.one_in(6) { " HAVING count(*) > 0" } else { "" };
        format!("SELECT {} FROM {from}{filter}{group}{having}", targets.join(", "))
    }

    pub(crate) fn aggregate(&mut self, kind: Kind, own: &[Visible], depth: usize) -> String {
        let inner = |generator: &mut Self, kind: Kind| generator.expression(kind, own, depth.min(1));
        let plain = match kind {
            Kind::Int => match self.random.below(4) {
                0 => "count(*)".to_owned(),
                1 => format!("count({})", inner(self, Kind::Text)),
                2 => format!("max({})", inner(self, Kind::Int)),
                _ => format!("sum({})", inner(self, Kind::Int)),
            },
            Kind::Number => {
                let name = *self.random.pick(&["sum", "avg", "min", "max", "stddev", "var_pop"]);
                format!("{name}({})", inner(self, Kind::Number))
            }
            Kind::Text => match self.random.below(3) {
                0 => format!("string_agg({}, ',')", inner(self, Kind::Text)),
                _ => format!("min({})", inner(self, Kind::Text)),
            },
            Kind::Bool => {
                let name = *self.random.pick(&["bool_and", "bool_or", "every"]);
                format!("{name}({})", inner(self, Kind::Bool))
            }
            Kind::Time => format!("max({})", inner(self, Kind::Time)),
            Kind::Array => format!("array_agg({})", inner(self, Kind::Int)),
            Kind::Json => format!("jsonb_agg({})", inner(self, Kind::Text)),
            Kind::Other(other) => {
                let name = if self.vocabulary.others[other].ordered { "min" } else { "array_agg" };
                let aggregate = format!("{name}({})", inner(self, kind));
                if name == "min" { aggregate } else { format!("({aggregate})[1]") }
            }
        };
        if self.random.one_in(5) { format!("{plain} FILTER (WHERE {})", self.condition(own, 0)) } else { plain }
    }

    fn window(&mut self, kind: Kind, own: &[Visible]) -> String {
        let key = self.random.pick(own).clone();
        let key = key.0;
        let over = match self.random.below(5) {
            0 => "()".to_owned(),
            1 => format!("(PARTITION BY {key})"),
            2 => format!("(ORDER BY {key} ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)"),
            _ => format!("(ORDER BY {key})"),
        };
        let inner = self.expression(kind, own, 0);
        let call = match (kind, self.random.below(6)) {
            (Kind::Int, 0) => "row_number()".to_owned(),
            (Kind::Int, 1) => "rank()".to_owned(),
            (Kind::Int, 2) => format!("sum({inner})"),
            (_, 3) => format!("lag({inner})"),
            (_, 4) => format!("last_value({inner})"),
            (Kind::Bool, _) => format!("bool_and({inner})"),
            (Kind::Json, _) => format!("jsonb_agg({inner})"),
            (Kind::Array | Kind::Other(_), _) => format!("first_value({inner})"),
            _ => format!("max({inner})"),
        };
        format!("{call} OVER {over}")
    }

    /// What to select from, and the columns of it.
    pub(crate) fn from(&mut self, depth: usize) -> (String, Vec<Visible>) {
        let around = std::mem::take(&mut self.joined);
        let (mut text, mut visible) = self.item(depth);
        for _ in 0..self.random.below(3) {
            let kind = *self.random.pick(&["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "LEFT JOIN"]);
            let linked = if self.random.one_in(3) { None } else { self.linked() };
            let (next, columns, link) = if let Some((next, columns, link)) = linked {
                (next, columns, Some(link))
            } else {
                let (next, columns) = self.item(depth.saturating_sub(1));
                (next, columns, None)
            };
            let on = self.on(kind, link, &visible, &columns);
            visible.extend(columns);
            text = if self.random.one_in(4) { format!("({text} {kind} {next}{on})") } else { format!("{text} {kind} {next}{on}") };
        }
        self.joined = around;
        (text, visible)
    }

    fn on(&mut self, kind: &str, link: Option<String>, left: &[Visible], right: &[Visible]) -> String {
        let number = |visible: &[Visible]| -> Vec<String> {
            visible.iter().filter(|(_, kind)| *kind == Kind::Int).map(|(column, _)| column.clone()).collect()
        };
        let (left_keys, right_keys) = (number(left), number(right));
        if kind == "CROSS JOIN" {
            return String::new();
        }
        if link.is_none() && (left_keys.is_empty() || right_keys.is_empty()) {
            return " ON true".to_owned();
        }
        let keys = match link {
            Some(link) => link,
            None => format!("{} = {}", self.random.pick(&left_keys), self.random.pick(&right_keys)),
        };
        // A full join takes only conditions that it can merge by.
        if kind != "FULL JOIN" && self.random.one_in(3) {
            let both: Vec<Visible> = left.iter().chain(right).cloned().collect();
            format!(" ON {keys} AND {}", self.condition(&both, 0))
        } else {
            format!(" ON {keys}")
        }
    }

    /// A table that a foreign key joins to one of those before it, and the condition of that.
    fn linked(&mut self) -> Option<(String, Vec<Visible>, String)> {
        if self.joined.is_empty() {
            return None;
        }
        let (table, alias) = self.random.pick(&self.joined.clone()).clone();
        let links = &self.vocabulary.tables[table].links;
        if links.is_empty() {
            return None;
        }
        let (own, other, theirs) = self.random.pick(links);
        let next = self.alias();
        self.joined.push((*other, next.clone()));
        let words = &self.vocabulary.tables[*other];
        let pairs: Vec<String> = own.iter().zip(theirs).map(|(own, theirs)| format!("{alias}.{own} = {next}.{theirs}")).collect();
        Some((format!("{} AS {next}", words.name), words.visible(&next), pairs.join(" AND ")))
    }

    /// A table under an alias of its own.
    fn table(&mut self) -> (String, Vec<Visible>) {
        let alias = self.alias();
        let index = self.random.below(self.vocabulary.tables.len());
        self.joined.push((index, alias.clone()));
        let words = &self.vocabulary.tables[index];
        (format!("{} AS {alias}", words.name), words.visible(&alias))
    }

    fn item(&mut self, depth: usize) -> (String, Vec<Visible>) {
        let form = self.random.below(14);
        if form > 2 && (depth == 0 || !self.random.one_in(5)) {
            return self.table();
        }
        let alias = self.alias();
        if form > 2 {
            let kinds = self.kinds();
            let inner = self.select(&kinds, &[], depth - 1);
            let names: Vec<String> = (0..kinds.len()).map(|index| format!("x{index}")).collect();
            let visible = names.iter().zip(&kinds).map(|(name, kind)| (format!("{alias}.{name}"), *kind)).collect();
            return (format!("({inner}) AS {alias}({})", names.join(", ")), visible);
        }
        match form {
            0 => (format!("generate_series(1, 3) WITH ORDINALITY AS {alias}(g, o)"), {
                vec![(format!("{alias}.g"), Kind::Int), (format!("{alias}.o"), Kind::Int)]
            }),
            1 => (format!("unnest(ARRAY[1, NULL, 3], ARRAY['a']) AS {alias}(u, t)"), {
                vec![(format!("{alias}.u"), Kind::Int), (format!("{alias}.t"), Kind::Text)]
            }),
            _ => (format!("(VALUES (1, 'a'), (2, NULL)) AS {alias}(v, t)"), {
                vec![(format!("{alias}.v"), Kind::Int), (format!("{alias}.t"), Kind::Text)]
            }),
        }
    }

    /// A condition, which often says of columns that they are there.
    pub(crate) fn condition(&mut self, visible: &[Visible], depth: usize) -> String {
        match self.random.below(7) {
            0 if !visible.is_empty() => format!("{} IS NOT NULL", self.random.pick(visible).0.clone()),
            1 => {
                let (left, right) = (self.condition(visible, 0), self.condition(visible, 0));
                let word = *self.random.pick(&["AND", "OR", "AND"]);
                format!("({left} {word} {right})")
            }
            2 => format!("NOT ({})", self.condition(visible, 0)),
            _ => self.expression(Kind::Bool, visible, depth.min(1)),
        }
    }
}
