//! Random expressions of a kind.

use super::{
    generator::{Generator, Visible},
    vocabulary::Kind,
};

impl Generator<'_> {
    pub(crate) fn constant(&mut self, kind: Kind) -> String {
        let list: &[&str] = match kind {
            Kind::Int => &["1", "2", "NULL", "3000000000", "'4'", "5::smallint"],
            Kind::Number => &["1.5", "2", "NULL::numeric", "0.25::real", "1e3"],
            Kind::Text => &["'x'", "''", "NULL", "'y'::varchar(3)", "'z'::char(2)", "'q'::text"],
            Kind::Bool => &["true", "false", "NULL", "'t'"],
            Kind::Time => &["now()", "date '2020-01-01'", "NULL::date", "timestamp '2021-05-05 10:00'", "current_timestamp(2)"],
            Kind::Array => &["ARRAY[1, 2]", "NULL::int[]", "'{3}'::int[]", "ARRAY[]::int[]"],
            Kind::Json => &["'{}'::jsonb", "NULL::jsonb", "jsonb_build_object('a', 1)"],
            Kind::Other(other) => return self.random.pick(&self.vocabulary.others[other].values).clone(),
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
                let of = *self.random.pick(&[Kind::Int, Kind::Number, Kind::Text, Kind::Time, Kind::Array, Kind::Json]);
                let of = if self.random.one_in(4) { self.kind() } else { of };
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
            (Kind::Other(other), _) => {
                let name = self.vocabulary.others[other].name.clone();
                if self.vocabulary.others[other].ordered {
                    format!("greatest({}, {})", part(self, kind), part(self, kind))
                } else {
                    format!("(({})::text)::{name}", part(self, kind))
                }
            }
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
                // It may have a limit of its own.
                format!("({} LIMIT 1)", inner.strip_suffix(" LIMIT 5").unwrap_or(&inner))
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
