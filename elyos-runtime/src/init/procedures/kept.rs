//! What outlives a function that is dropped and made again: its owner, who may execute it, its comment. `CREATE OR REPLACE` keeps the same.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::routine::Routine;
use crate::error::{Error, Kind, Result};
use crate::session::Session;
use crate::sql::{quote_identifier, quote_literal};

/// Owner, comment and grants of a function.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Kept {
    oid: String,
    owner: String,
    comment: Option<String>,
    grants: Vec<Grant>,
}

/// The right to execute it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Grant {
    /// None is PUBLIC.
    role: Option<String>,
    /// May the role grant it further?
    grantable: bool,
}

/// Reads them of some functions, by their oids.
pub(super) fn read(session: &Session, oids: &[&str]) -> Result<BTreeMap<String, Kept>> {
    let unexpected = || Error::new(Kind::Unexpected { what: "the rights on functions" });
    // An oid is digits: the server told it.
    let sql = format!(
        "SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('oid', p.oid::text, 'owner', pg_catalog.pg_get_userbyid(p.proowner), \
         'comment', pg_catalog.obj_description(p.oid, 'pg_proc'), 'grants', (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(\
         'role', CASE WHEN a.grantee <> 0 THEN pg_catalog.pg_get_userbyid(a.grantee) END, 'grantable', a.is_grantable)), '[]') \
         FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a))), '[]') \
         FROM pg_catalog.pg_proc AS p WHERE p.oid::text IN ('{}')",
        oids.join("', '")
    );
    let row = session.run(&sql)?.into_iter().next().and_then(|answer| answer.row).ok_or_else(unexpected)?;
    let kept: Vec<Kept> = serde_json::from_str(row.get(0).unwrap_or_default()).map_err(|_| unexpected())?;
    Ok(kept.into_iter().map(|kept| (kept.oid.clone(), kept)).collect())
}

/// Gives them to the function that was made in place of theirs.
pub(super) fn restore(session: &Session, kept: &Kept, new: &Routine) -> Result<()> {
    let told = |error: Error| error.during(format!("giving {} the owner, the rights and the comment of the one before", new.identity));
    let current = |session: &Session| -> Result<Kept> {
        let found = read(session, &[&new.oid])?.remove(&new.oid);
        found.ok_or_else(|| Error::new(Kind::Unexpected { what: "the rights on a function" }))
    };
    let mut found = current(session)?;
    if found.owner != kept.owner {
        // The rights that the owner has are the owner's, so they follow.
        session.run(&format!("ALTER ROUTINE {} OWNER TO {}", new.identity, quote_identifier(&kept.owner))).map_err(told)?;
        found = current(session)?;
    }
    let statements = changes(&found, kept, &new.identity);
    if statements.is_empty() { Ok(()) } else { session.run(&statements.join(";\n")).map(drop).map_err(told) }
}

/// The statements that make the one's comment and rights the other's.
fn changes(found: &Kept, wanted: &Kept, identity: &str) -> Vec<String> {
    let role = |grant: &Grant| grant.role.as_deref().map_or_else(|| "PUBLIC".to_owned(), quote_identifier);
    let mut statements = Vec::new();
    for grant in found.grants.iter().filter(|grant| !wanted.grants.contains(grant)) {
        statements.push(format!("REVOKE ALL ON ROUTINE {identity} FROM {}", role(grant)));
    }
    for grant in wanted.grants.iter().filter(|grant| !found.grants.contains(grant)) {
        let option = if grant.grantable { " WITH GRANT OPTION" } else { "" };
        statements.push(format!("GRANT EXECUTE ON ROUTINE {identity} TO {}{option}", role(grant)));
    }
    if found.comment != wanted.comment {
        let comment = wanted.comment.as_deref().map_or_else(|| "NULL".to_owned(), quote_literal);
        statements.push(format!("COMMENT ON ROUTINE {identity} IS {comment}"));
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::{Grant, Kept, changes};

    #[test]
    fn only_what_differs_is_changed() {
        let grant = |role: Option<&str>, grantable| Grant { role: role.map(str::to_owned), grantable };
        let kept = |comment: Option<&str>, grants| Kept {
            oid: "1".to_owned(),
            owner: "o".to_owned(),
            comment: comment.map(str::to_owned),
            grants,
        };
        let found = kept(None, vec![grant(Some("o"), false), grant(None, false)]);
        let wanted = kept(Some("it's"), vec![grant(Some("o"), false), grant(Some("a\"b"), true)]);
        assert_eq!(
            changes(&found, &wanted, "s.f(integer)"),
            [
                "REVOKE ALL ON ROUTINE s.f(integer) FROM PUBLIC",
                "GRANT EXECUTE ON ROUTINE s.f(integer) TO \"a\"\"b\" WITH GRANT OPTION",
                "COMMENT ON ROUTINE s.f(integer) IS 'it''s'"
            ]
        );
        assert!(changes(&wanted, &wanted, "s.f(integer)").is_empty());
    }
}
