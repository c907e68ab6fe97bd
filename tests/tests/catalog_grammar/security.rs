//! Triggers, policies and grants.

use elyos_schema::Catalog;

use super::{Grammar, pick::full};

impl Grammar {
    pub(super) fn security(&mut self, catalog: &Catalog) -> String {
        let (table, found) = self.table(catalog);
        let column = self.column(found.as_ref());
        let condition = self.condition(found.as_ref(), &column);
        let triggers: Vec<String> = found.iter().flat_map(|table| &table.triggers).map(|it| it.name.clone()).collect();
        let policies: Vec<String> = found.iter().flat_map(|table| &table.policies).map(|it| it.name.clone()).collect();
        let (trigger, policy) = (self.one_of(&triggers, "t1"), self.one_of(&policies, "p1"));
        let name = self.pick(&["t1", "t2", "p1"]);
        // Rights change nothing that is compared, so that their table is not looked up.
        let known = found.as_ref().map(|table| table.full_name().to_string()).unwrap_or_default();
        match self.below(13) {
            0..=3 => self.create_trigger(catalog, &table, &column, name),
            4 => format!("drop trigger {}{trigger} on {table}{}", self.maybe(30, "if exists "), self.cascade()),
            5 => format!("alter trigger {trigger} on {table} rename to {}", self.pick(&["t1", "t3"])),
            6 | 7 => {
                let options = ["", "as restrictive ", "for select to public ", "for update "];
                format!("create policy {name} on {table} {}using ({condition})", self.pick(&options))
            }
            8 => format!("create policy {name} on {table} for insert with check ({condition})"),
            9 => format!("drop policy {}{policy} on {table}", self.maybe(30, "if exists ")),
            10 => format!(
                "alter policy {policy} on {table} {}",
                if self.chance(50) { "rename to p2".to_owned() } else { format!("using ({condition})") }
            ),
            11 if found.is_some() => {
                format!("grant {} on {known} to public", self.pick(&["select", "insert, update", "all", "select, references"]))
            }
            12 if found.is_some() => format!("revoke {} on {known} from public{}", self.pick(&["select", "all"]), self.cascade()),
            _ => format!("drop policy if exists {name} on {table}"),
        }
    }

    fn create_trigger(&mut self, catalog: &Catalog, table: &str, column: &str, name: &str) -> String {
        let triggers: Vec<String> =
            catalog.functions().filter(|one| one.result().as_deref() == Some("trigger")).map(|one| full(&one.schema, &one.name)).collect();
        let missing = self.new_name();
        if triggers.is_empty() && !self.chance(5) {
            return format!("create function {missing}() returns trigger language plpgsql as 'begin return new; end'");
        }
        let function = self.one_of(&triggers, &missing);
        let replace = self.maybe(20, "or replace ");
        match self.below(6) {
            0 => format!("create {replace}trigger {name} after delete on {table} execute function {function}()"),
            1 => format!(
                "create constraint trigger {name} after insert on {table} deferrable initially deferred for each row execute function {function}()"
            ),
            2 => format!(
                "create {replace}trigger {name} after update on {table} referencing old table as o new table as n for each statement execute procedure {function}('x')"
            ),
            3 => format!(
                "create {replace}trigger {name} before update on {table} for each row when (old.* is distinct from new.*) execute function {function}()"
            ),
            _ => format!(
                "create {replace}trigger {name} before insert or update of {column} on {table} for each row execute function {function}()"
            ),
        }
    }
}
