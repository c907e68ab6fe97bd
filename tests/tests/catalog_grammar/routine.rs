//! Functions and procedures.

use elyos_schema::{Catalog, catalog::names::quote};

use super::{Grammar, pick::SCHEMAS};

impl Grammar {
    pub(super) fn functions(&mut self, catalog: &Catalog) -> String {
        let all: Vec<String> = catalog.functions().map(|one| format!("{}.{}", quote(&one.schema), one.signature())).collect();
        let name = self.new_name();
        let one = self.one_of(&all, &format!("{name}()"));
        let replace = self.maybe(20, "or replace ");
        let about = match self.below(15) {
            8..=11 | 13 | 14 if all.is_empty() && !self.chance(10) => 12,
            about => about,
        };
        match about {
            0 => {
                let (result, body) =
                    [("text", "null::text"), ("int", "1"), ("uuid", "null::uuid"), ("setof text", "''x''::text")][self.below(4)];
                let default = self.pick(&["default null", "default null::text", "= null"]);
                format!(
                    "create {replace}function {name}(a int, b {} {default}) returns {result} language sql {} as 'select {body}'",
                    if default.contains("text") { "text".to_owned() } else { self.ty(catalog) },
                    self.pick(&["immutable", "stable", "strict", ""])
                )
            }
            1 | 2 => format!("create {replace}function {name}() returns trigger language plpgsql as 'begin return new; end'"),
            3 => format!("create {replace}function {name}(x text, out y int, inout z bigint) language plpgsql as 'begin end'"),
            4 => format!(
                "create {replace}function {name}() returns table (id int, label varchar(10)) language plpgsql security definer as 'begin end'"
            ),
            5 => format!("create {replace}procedure {name}(inout a int, variadic b text[]) language plpgsql as 'begin end'"),
            6 => format!(
                "create {replace}function {name}(p {}) returns {} language plpgsql as 'begin end'",
                self.ty(catalog),
                self.ty(catalog)
            ),
            7 => format!(
                "create {replace}function {name}(anyelement, variadic anyarray) returns anyelement language plpgsql leakproof parallel safe as 'begin end'"
            ),
            8 => format!("alter function {one} {}", self.pick(&["stable", "strict", "security definer", "called on null input", "cost 5"])),
            9 => format!("alter routine {one} rename to {}", self.bare_name()),
            10 => format!("alter {} {one} set schema {}", self.pick(&["function", "routine", "procedure"]), quote(self.pick(SCHEMAS))),
            11 => {
                let bare = one.split('(').next().unwrap_or(&one).to_owned();
                format!("drop function {}{bare}{}", self.maybe(20, "if exists "), self.cascade())
            }
            12 => format!(
                "create {replace}function {name}(n int{}) returns int language sql immutable as 'select n'",
                self.pick(&["", "", "", ", out m int", " default 7", ", label text default 'x'"])
            ),
            _ => {
                format!("drop {} {}{one}{}", self.pick(&["function", "routine", "procedure"]), self.maybe(20, "if exists "), self.cascade())
            }
        }
    }
}
