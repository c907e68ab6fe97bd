//! Functions and procedures, and which file made which of them.
//!
//! A run drops a function whose signature has changed, in rounds that psql has no way to go. So the file refuses to leave an
//! old one beside the new; one that `CREATE OR REPLACE` cannot replace the server refuses.

use super::text::{array, literal, with_values};
use super::{File, hash, quoted};
use crate::init::procedures::{READ, WRITE, question_of};
use crate::ledger;

/// What the files have made so far, as the transaction's setting.
const MADE: &str = "jsonb_to_recordset(pg_catalog.current_setting('elyos.made')::jsonb) \
                    AS made (procedure text, schema text, name text, identity text, is_new boolean)";

pub(super) fn write(file: &mut File<'_>) {
    let bundle = file.bundle;
    file.line("SELECT '[]' AS elyos_made, '[]' AS elyos_ran \\gset");
    for procedure in bundle.procedures.iter() {
        let (name, hash) = (literal(&procedure.name), hash(&procedure.script));
        let due = format!("NOT EXISTS (SELECT FROM elyos.procedures WHERE name = {name} AND sha256 = {hash})");
        file.when("elyos_due", &due, |file| {
            let question = question_of(procedure);
            let question = question.trim_end().trim_end_matches(';');
            file.say("procedure", &procedure.name);
            file.line(&format!("SELECT ({question}) AS elyos_before \\gset"));
            file.limit_waiting();
            file.run(&procedure.script);
            file.line(&format!("SELECT ({question}) AS elyos_after \\gset"));
            // What the file made are those whose rows are not where they were.
            file.line(&format!(
                "SELECT :'elyos_ran'::jsonb || to_jsonb({name}::text) AS elyos_ran, \
                 :'elyos_made'::jsonb || coalesce(jsonb_agg(n || jsonb_build_object('procedure', {name}::text, 'is_new', \
                 NOT EXISTS (SELECT FROM jsonb_array_elements(:'elyos_before'::jsonb) AS o WHERE o ->> 'identity' = n ->> 'identity'))), '[]') \
                 AS elyos_made FROM jsonb_array_elements(:'elyos_after'::jsonb) AS n \
                 WHERE n NOT IN (SELECT o FROM jsonb_array_elements(:'elyos_before'::jsonb) AS o) \\gset"
            ));
            file.record(ledger::RECORD_PROCEDURES, &[format!("ARRAY[{name}]::text[]"), format!("ARRAY[{hash}]::text[]")]);
            file.line("\\set elyos_changed true");
        });
    }
    let known = array(bundle.procedures.iter().map(|procedure| &*procedure.name));
    let due = format!(":'elyos_ran' <> '[]' OR EXISTS (SELECT FROM elyos.procedures WHERE name <> ALL ({known}))");
    file.when("elyos_due", &due, |file| note(file, &known));
}

/// Notes in the ledger which file made which function, unless an old one would be left beside the one that takes its place.
fn note(file: &mut File<'_>, known: &str) {
    file.line(
        "SELECT pg_catalog.set_config('elyos.made', :'elyos_made', true) AS made, \
         pg_catalog.set_config('elyos.ran', :'elyos_ran', true) AS ran \\gset elyos_set_",
    );
    let not_made = format!("({READ}) AS r (identity, name, procedure, oid) WHERE r.identity NOT IN (SELECT made.identity FROM {MADE})");
    let gone = format!("{not_made} AND r.oid IS NULL");
    let left = format!(
        "{not_made} AND r.oid IS NOT NULL AND (r.procedure IS NULL OR r.procedure <> ALL ({known}) \
         OR pg_catalog.current_setting('elyos.ran')::jsonb ? r.procedure)"
    );
    let body = format!(
        "DECLARE taken record; old record;\n\
         BEGIN\n\
         FOR old IN SELECT r.identity, r.procedure FROM {left} LOOP\n\
         \x20 SELECT made.procedure INTO taken FROM {MADE} JOIN elyos.routines AS s ON s.schema = made.schema AND s.name = made.name\n\
         \x20   WHERE s.identity = old.identity AND made.procedure = old.procedure AND made.is_new LIMIT 1;\n\
         \x20 IF FOUND THEN\n\
         \x20   RAISE EXCEPTION 'procedure % changes the signature of %, which psql cannot drop for it', taken.procedure, replace(old.identity, 'pg_catalog.', '')\n\
         \x20     USING HINT = format('run `elyos init`, which drops it in the same transaction; or DROP ROUTINE %s; and run this again', old.identity);\n\
         \x20 END IF;\n\
         \x20 RAISE WARNING '% is made by no file any more, and is left as it is', replace(old.identity, 'pg_catalog.', '');\n\
         END LOOP;\n\
         END"
    );
    file.line(&format!("DO {};", quoted(&body)));
    let column = |column: &str| format!("ARRAY(SELECT made.{column} FROM {MADE} ORDER BY made.identity, made.procedure)");
    let identities = |found: &str| format!("ARRAY(SELECT r.identity FROM {found})");
    let values = [column("identity"), column("schema"), column("name"), column("procedure"), identities(&gone), identities(&left)];
    file.line(&format!("{};", with_values(WRITE, &values)));
}
