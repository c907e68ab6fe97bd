//! Functions and procedures.

use elyos_schema::{Catalog, catalog::names::quote};

use super::{Grammar, pick::SCHEMAS};

impl Grammar {
    pub(super) fn functions(&mut self, catalog: &Catalog) -> String {
        let all: Vec<String> = catalog.functions().map(|one| format!("{}.{}", quote(&one.schema), one.signature())).collect();
        let name = self.new_name();
        let one = self.one_of(&all, &format!("{name}()"));
        let replace = self.maybe(20, "or replace ");
        match self.below(15) {
            0 => format!(
                "create {replace}function {name}(a int, b {} default null) returns {} language sql {} as 'select null'",
                self.ty(catalog),
                self.pick(&["text", "int", "uuid", "setof text"]),
                self.pick(&["immutable", "stable", "strict", ""])
            ),
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
            12 => format!("create {replace}function {name}(n int) returns int language sql immutable as 'select n'"),
            _ => {
                format!("drop {} {}{one}{}", self.pick(&["function", "routine", "procedure"]), self.maybe(20, "if exists "), self.cascade())
            }
        }
    }
}
