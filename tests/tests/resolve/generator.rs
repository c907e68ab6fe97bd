//! Random queries over the schema of the tests: from a seed, the same ones every time.

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

/// What an expression is meant to be; that the server sees it so too is not promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Number,
    Text,
    Bool,
    Time,
    Array,
    Json,
    Mood,
}

const KINDS: [Kind; 8] = [Kind::Int, Kind::Number, Kind::Text, Kind::Bool, Kind::Time, Kind::Array, Kind::Json, Kind::Mood];

/// The tables and their columns, by kind.
const TABLES: [(&str, &[(&str, Kind)]); 6] = [
    (
        "people",
        &[
            ("id", Kind::Int),
            ("name", Kind::Text),
            ("nick", Kind::Text),
            ("code", Kind::Text),
            ("email", Kind::Text),
            ("age", Kind::Int),
            ("size", Kind::Int),
            ("score", Kind::Number),
            ("ratio", Kind::Number),
            ("weight", Kind::Number),
            ("big", Kind::Int),
            ("mood", Kind::Mood),
            ("active", Kind::Bool),
            ("admin", Kind::Bool),
            ("born", Kind::Time),
            ("seen", Kind::Time),
            ("made", Kind::Time),
            ("tags", Kind::Array),
            ("counts", Kind::Array),
            ("codes", Kind::Array),
            ("data", Kind::Json),
            ("boss", Kind::Int),
        ],
    ),
    (
        "orders",
        &[
            ("id", Kind::Int),
            ("person", Kind::Int),
            ("helper", Kind::Int),
            ("total", Kind::Number),
            ("discount", Kind::Number),
            ("note", Kind::Text),
            ("state", Kind::Text),
            ("placed", Kind::Time),
            ("shipped", Kind::Time),
            ("mood", Kind::Mood),
        ],
    ),
    ("items", &[("\"order\"", Kind::Int), ("line", Kind::Int), ("name", Kind::Text), ("amount", Kind::Int), ("price", Kind::Number)]),
    ("nothing", &[("id", Kind::Int), ("text", Kind::Text), ("number", Kind::Number)]),
    ("adults", &[("id", Kind::Int), ("name", Kind::Text), ("nick", Kind::Text), ("age", Kind::Int)]),
    ("totals", &[("person", Kind::Int), ("orders", Kind::Int), ("sum", Kind::Number)]),
];

/// A column that an expression may name, as it is written.
type Visible = (String, Kind);

/// Writes queries.
pub(crate) struct Generator {
    pub(crate) random: Random,
    aliases: usize,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), aliases: 0 }
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
                let start = *self.random.pick(&["1", "1::bigint", "(SELECT min(id) FROM people)", "NULL::int"]);
                let step = *self.random.pick(&["n + 1", "n + p.id", "nullif(n + 1, 3)", "coalesce(p.age, n) + n"]);
                format!(
                    "WITH RECURSIVE r(n, depth) AS (SELECT {start}, 1 UNION ALL SELECT {step}, depth + 1 FROM r, people p WHERE depth < 3) \
                     SELECT n, depth, n + depth FROM r"
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
        (0..=self.random.below(4)).map(|_| *self.random.pick(&KINDS)).collect()
    }

    fn targets(&mut self, visible: &[Visible], depth: usize) -> String {
        let list: Vec<String> = (0..=self.random.below(4))
            .map(|_| {
                let kind = *self.random.pick(&KINDS);
                self.expression(kind, visible, depth)
            })
            .collect();
        list.join(", ")
    }

    /// A `SELECT` of these kinds; `outer` is what it sees from around it.
    fn select(&mut self, kinds: &[Kind], outer: &[Visible], depth: usize) -> String {
        let (from, own) = self.from(depth);
        let mut visible = own.clone();
        visible.extend(outer.iter().cloned());
        let filter = if self.random.one_in(2) { format!(" WHERE {}", self.condition(&visible, depth)) } else { String::new() };
        if self.random.one_in(3) {
            return self.grouped(kinds, &from, &filter, &own, depth);
        }
        let targets: Vec<String> = kinds
            .iter()
            .map(|kind| if self.random.one_in(8) { self.window(*kind, &own) } else { self.expression(*kind, &visible, depth) })
            .collect();
        let distinct = if self.random.one_in(10) { "DISTINCT " } else { "" };
        let limit = if self.random.one_in(10) { " LIMIT 5" } else { "" };
        format!("SELECT {distinct}{} FROM {from}{filter}{limit}", targets.join(", "))
    }

    fn grouped(&mut self, kinds: &[Kind], from: &str, filter: &str, own: &[Visible], depth: usize) -> String {
        let keys: Vec<Visible> =
            (0..self.random.below(3)).map(|_| self.random.pick(own).clone()).filter(|(_, kind)| *kind != Kind::Json).collect();
        let targets: Vec<String> = kinds
            .iter()
            .map(|kind| {
                let aggregate = self.aggregate(*kind, own, depth);
                match keys.iter().find(|(_, known)| known == kind) {
                    Some((key, _)) if self.random.one_in(2) => key.clone(),
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

    fn aggregate(&mut self, kind: Kind, own: &[Visible], depth: usize) -> String {
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
            Kind::Mood => format!("min({})", inner(self, Kind::Mood)),
        };
        if self.random.one_in(5) { format!("{plain} FILTER (WHERE {})", self.condition(own, 0)) } else { plain }
    }

    fn window(&mut self, kind: Kind, own: &[Visible]) -> String {
        let key = self.random.pick(own).clone();
        let key = if key.1 == Kind::Json { "1".to_owned() } else { key.0 };
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
            (Kind::Array, _) => format!("first_value({inner})"),
            _ => format!("max({inner})"),
        };
        format!("{call} OVER {over}")
    }

    /// What to select from, and the columns of it.
    fn from(&mut self, depth: usize) -> (String, Vec<Visible>) {
        let (mut text, mut visible) = self.item(depth);
        for _ in 0..self.random.below(3) {
            let (next, columns) = self.item(depth.saturating_sub(1));
            let kind = *self.random.pick(&["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "LEFT JOIN"]);
            let left_keys: Vec<Visible> = visible.iter().filter(|(_, kind)| *kind == Kind::Int).cloned().collect();
            let right_keys: Vec<Visible> = columns.iter().filter(|(_, kind)| *kind == Kind::Int).cloned().collect();
            let on = if kind == "CROSS JOIN" {
                String::new()
            } else if left_keys.is_empty() || right_keys.is_empty() {
                " ON true".to_owned()
            } else {
                let keys = format!("{} = {}", self.random.pick(&left_keys).0, self.random.pick(&right_keys).0);
                let both: Vec<Visible> = visible.iter().chain(&columns).cloned().collect();
                // A full join takes only conditions that it can merge by.
                if kind != "FULL JOIN" && self.random.one_in(3) {
                    format!(" ON {keys} AND {}", self.condition(&both, 0))
                } else {
                    format!(" ON {keys}")
                }
            };
            visible.extend(columns);
            text = if self.random.one_in(4) { format!("({text} {kind} {next}{on})") } else { format!("{text} {kind} {next}{on}") };
        }
        (text, visible)
    }

    fn item(&mut self, depth: usize) -> (String, Vec<Visible>) {
        let alias = self.alias();
        if depth > 0 && self.random.one_in(5) {
            let kinds = self.kinds();
            let inner = self.select(&kinds, &[], depth - 1);
            let names: Vec<String> = (0..kinds.len()).map(|index| format!("x{index}")).collect();
            let visible = names.iter().zip(&kinds).map(|(name, kind)| (format!("{alias}.{name}"), *kind)).collect();
            return (format!("({inner}) AS {alias}({})", names.join(", ")), visible);
        }
        match self.random.below(14) {
            0 => (format!("generate_series(1, 3) WITH ORDINALITY AS {alias}(g, o)"), {
                vec![(format!("{alias}.g"), Kind::Int), (format!("{alias}.o"), Kind::Int)]
            }),
            1 => (format!("unnest(ARRAY[1, NULL, 3], ARRAY['a']) AS {alias}(u, t)"), {
                vec![(format!("{alias}.u"), Kind::Int), (format!("{alias}.t"), Kind::Text)]
            }),
            2 => (format!("(VALUES (1, 'a'), (2, NULL)) AS {alias}(v, t)"), {
                vec![(format!("{alias}.v"), Kind::Int), (format!("{alias}.t"), Kind::Text)]
            }),
            _ => {
                let (table, columns) = *self.random.pick(&TABLES);
                let visible = columns.iter().map(|(name, kind)| (format!("{alias}.{name}"), *kind)).collect();
                (format!("{table} AS {alias}"), visible)
            }
        }
    }

    /// A condition, which often says of columns that they are there.
    fn condition(&mut self, visible: &[Visible], depth: usize) -> String {
        match self.random.below(7) {
            0 => format!("{} IS NOT NULL", self.random.pick(visible).0.clone()),
            1 => {
                let (left, right) = (self.condition(visible, 0), self.condition(visible, 0));
                let word = *self.random.pick(&["AND", "OR", "AND"]);
                format!("({left} {word} {right})")
            }
            2 => format!("NOT ({})", self.condition(visible, 0)),
            _ => self.expression(Kind::Bool, visible, depth.min(1)),
        }
    }

    fn constant(&mut self, kind: Kind) -> String {
        let list: &[&str] = match kind {
            Kind::Int => &["1", "2", "NULL", "3000000000", "'4'", "5::smallint"],
            Kind::Number => &["1.5", "2", "NULL::numeric", "0.25::real", "1e3"],
            Kind::Text => &["'x'", "''", "NULL", "'y'::varchar(3)", "'z'::char(2)", "'q'::text"],
            Kind::Bool => &["true", "false", "NULL", "'t'"],
            Kind::Time => &["now()", "date '2020-01-01'", "NULL::date", "timestamp '2021-05-05 10:00'", "current_timestamp(2)"],
            Kind::Array => &["ARRAY[1, 2]", "NULL::int[]", "'{3}'::int[]", "ARRAY[]::int[]"],
            Kind::Json => &["'{}'::jsonb", "NULL::jsonb", "jsonb_build_object('a', 1)"],
            Kind::Mood => &["'ok'::mood", "NULL::mood", "'sad'::mood"],
        };
        (*self.random.pick(list)).to_owned()
    }

    /// An expression of about that kind.
    pub(crate) fn expression(&mut self, kind: Kind, visible: &[Visible], depth: usize) -> String {
        let known: Vec<&Visible> = visible.iter().filter(|(_, known)| *known == kind).collect();
        if depth == 0 || self.random.one_in(3) {
            return if known.is_empty() || self.random.one_in(5) {
                self.constant(kind)
            } else {
                known[self.random.below(known.len())].0.clone()
            };
        }
        let depth = depth - 1;
        if let Some(common) = self.common(kind, visible, depth) {
            return common;
        }
        let part = |generator: &mut Self, kind: Kind| generator.expression(kind, visible, depth);
        match (kind, self.random.below(8)) {
            (Kind::Int, 0) => format!("length({})", part(self, Kind::Text)),
            (Kind::Int, 1) => format!("abs({})", part(self, Kind::Int)),
            (Kind::Int, 2) => format!("cardinality({})", part(self, Kind::Array)),
            (Kind::Int, 3) => format!("({})::bigint", part(self, Kind::Number)),
            (Kind::Int, 4) => format!("array_length({}, 1)", part(self, Kind::Array)),
            (Kind::Int, _) => {
                let operator = *self.random.pick(&["+", "-", "*"]);
                format!("({} {operator} {})", part(self, Kind::Int), part(self, Kind::Int))
            }
            (Kind::Number, 0) => format!("round({})", part(self, Kind::Number)),
            (Kind::Number, 1) => format!("({})::numeric(12,3)", part(self, Kind::Int)),
            (Kind::Number, 2) => format!("extract(epoch FROM {})", part(self, Kind::Time)),
            (Kind::Number, _) => {
                let operator = *self.random.pick(&["+", "-", "*"]);
                format!("({} {operator} {})", part(self, Kind::Number), part(self, Kind::Int))
            }
            (Kind::Text, 0) => format!("upper({})", part(self, Kind::Text)),
            (Kind::Text, 1) => format!("({})::text", part(self, Kind::Int)),
            (Kind::Text, 2) => format!("substring({} FROM 1 FOR 2)", part(self, Kind::Text)),
            (Kind::Text, 3) => format!("({} ->> 'a')", part(self, Kind::Json)),
            (Kind::Text, 4) => format!("concat({}, {})", part(self, Kind::Text), part(self, Kind::Int)),
            (Kind::Text, 5) => format!("trim({})", part(self, Kind::Text)),
            (Kind::Text, _) => format!("({} || {})", part(self, Kind::Text), part(self, Kind::Text)),
            (Kind::Bool, 0) => format!("({} IS NULL)", part(self, Kind::Text)),
            (Kind::Bool, 1) => format!("({} AND {})", part(self, Kind::Bool), part(self, Kind::Bool)),
            (Kind::Bool, 2) => format!("({} IN ({}, {}))", part(self, Kind::Int), part(self, Kind::Int), part(self, Kind::Int)),
            (Kind::Bool, 3) => format!("({} BETWEEN {} AND {})", part(self, Kind::Int), part(self, Kind::Int), part(self, Kind::Int)),
            (Kind::Bool, 4) => format!("({} IS DISTINCT FROM {})", part(self, Kind::Text), part(self, Kind::Text)),
            (Kind::Bool, 5) => format!("({} LIKE {})", part(self, Kind::Text), part(self, Kind::Text)),
            (Kind::Bool, 6) => format!("({} = ANY ({}))", part(self, Kind::Int), part(self, Kind::Array)),
            (Kind::Bool, _) => {
                let operator = *self.random.pick(&["=", "<>", "<", ">="]);
                let of = *self.random.pick(&[Kind::Int, Kind::Number, Kind::Text, Kind::Time, Kind::Mood]);
                format!("({} {operator} {})", part(self, of), part(self, of))
            }
            (Kind::Time, 0) => format!("({} + interval '1 day')", part(self, Kind::Time)),
            (Kind::Time, 1) => format!("date_trunc('month', {})", part(self, Kind::Time)),
            (Kind::Time, _) => format!("({})::timestamp(1)", part(self, Kind::Time)),
            (Kind::Array, 0) => format!("ARRAY[{}, {}]", part(self, Kind::Int), part(self, Kind::Int)),
            (Kind::Array, 1) => format!("({})[1:2]", part(self, Kind::Array)),
            (Kind::Array, 2) => format!("array_append({}, {})", part(self, Kind::Array), part(self, Kind::Int)),
            (Kind::Array, _) => format!("({} || {})", part(self, Kind::Array), part(self, Kind::Array)),
            (Kind::Json, 0) => format!("to_jsonb({})", part(self, Kind::Int)),
            (Kind::Json, 1) => format!("({} -> 'a')", part(self, Kind::Json)),
            (Kind::Json, _) => format!("({} || {})", part(self, Kind::Json), part(self, Kind::Json)),
            (Kind::Mood, _) => format!("greatest({}, {})", part(self, Kind::Mood), part(self, Kind::Mood)),
        }
    }

    /// The forms that there are of every kind.
    fn common(&mut self, kind: Kind, visible: &[Visible], depth: usize) -> Option<String> {
        let form = self.random.below(20);
        let part = |generator: &mut Self| generator.expression(kind, visible, depth);
        Some(match form {
            0 | 1 => format!("coalesce({}, {})", part(self), part(self)),
            2 => {
                let condition = self.condition(visible, depth);
                format!(
                    "CASE WHEN {condition} THEN {} ELSE {} END",
                    self.expression(kind, visible, depth),
                    self.expression(kind, visible, depth)
                )
            }
            3 => format!("CASE {} WHEN 1 THEN {} END", self.expression(Kind::Int, visible, 0), self.expression(kind, visible, depth)),
            4 => format!("nullif({}, {})", part(self), part(self)),
            5 => {
                let inner = self.select(&[kind], visible, depth.min(1));
                format!("({inner} LIMIT 1)")
            }
            6 => {
                let (from, own) = self.from(0);
                let aggregate = self.aggregate(kind, &own, 0);
                format!("(SELECT {aggregate} FROM {from})")
            }
            7 if kind != Kind::Json => format!("least({}, {})", part(self), part(self)),
            8 if kind == Kind::Bool => {
                let inner = self.select(&[Kind::Int], visible, depth.min(1));
                format!("EXISTS ({inner})")
            }
            9 if kind == Kind::Bool => {
                let inner = self.select(&[Kind::Int], visible, depth.min(1));
                let left = self.expression(Kind::Int, visible, 0);
                let word = *self.random.pick(&["IN", "NOT IN", "= ANY", "< ALL"]);
                format!("({left} {word} ({inner}))")
            }
            _ => return None,
        })
    }
}
