//! Step 7: the administrator's e-mail address.

use std::env;

use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

use crate::bundle::{Admin, Bundle};
use crate::error::{Error, Kind, Result};
use crate::session::Session;
use crate::sql::quote_identifier;

/// The address that is wanted: the one given, else the environment's; trimmed, and none where that leaves nothing.
pub(super) fn wanted(bundle: &Bundle, given: Option<&str>) -> Result<Option<String>> {
    let Some(admin) = &bundle.admin else { return Ok(None) };
    let invalid = || Error::new(Kind::AdminEmailInvalid { variable: admin.variable.to_string() });
    let address = match given {
        Some(given) => given.to_owned(),
        None => match env::var(&*admin.variable) {
            Ok(value) => value,
            Err(env::VarError::NotPresent) => return Ok(None),
            Err(env::VarError::NotUnicode(_)) => return Err(invalid()),
        },
    };
    let address = address.trim();
    if address.is_empty() {
        return Ok(None);
    }
    if is_address(address) { Ok(Some(address.to_owned())) } else { Err(invalid()) }
}

/// Has the text the form of one address: something, an at sign, a domain?
///
/// RFC 5321 allows more forms than any system accepts; what is refused here would not arrive.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '@' | '<' | '>' | ',' | ';' | '"' | '(' | ')' | '\\');
    let dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
    text.len() <= 254
        && local.len() <= 64
        && local.chars().all(plain)
        && dotted(local)
        && dotted(domain)
        && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-')
        && domain.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-'))
}

/// The row's condition, its values numbered after those that are taken, and the values.
fn key(admin: &Admin, taken: usize) -> (String, Vec<String>) {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    for (column, key) in admin.key.iter() {
        values.push(key.shown());
        // Compared as text, since the manifest does not say the column's type.
        conditions.push(format!("{}::text = ${}::text", quote_identifier(column), taken + values.len()));
    }
    (conditions.join(" AND "), values)
}

fn query(session: &Session, sql: &str, values: &[String]) -> Result<Vec<tokio_postgres::Row>> {
    let params: Vec<_> = values.iter().map(|value| (value as &(dyn tokio_postgres::types::ToSql + Sync), Type::TEXT)).collect();
    session.query(sql, &params)
}

/// The address that the row has, if there is a row that has one.
pub(super) fn current(session: &Session, admin: &Admin) -> Result<Option<String>> {
    let (condition, values) = key(admin, 0);
    let sql = format!("SELECT {}::text FROM {} WHERE {condition}", quote_identifier(&admin.column), admin.table.quoted());
    let rows = query(session, &sql, &values)?;
    rows.first().map_or(Ok(None), |row| row.try_get(0).map_err(|error| Error::statement(error, &sql)))
}

/// Sets the address; false where the row is not there and need not be.
pub(super) fn set(session: &Session, admin: &Admin, address: &str, may_be_missing: bool) -> Result<bool> {
    let (condition, key_values) = key(admin, 1);
    let sql = format!("UPDATE {} SET {} = $1 WHERE {condition} RETURNING true", admin.table.quoted(), quote_identifier(&admin.column));
    let table = admin.table.shown();
    let variable = admin.variable.to_string();
    let values: Vec<String> = std::iter::once(address.to_owned()).chain(key_values.iter().cloned()).collect();
    let changed = query(session, &sql, &values).map_err(|error| error.into_admin_email(&variable, &table))?;
    if changed.is_empty() && !may_be_missing {
        let key: Vec<String> = admin.key.iter().zip(&key_values).map(|((column, _), value)| format!("{column} = {value}")).collect();
        return Err(Error::new(Kind::AdminRowMissing { variable, table, key: key.join(" and ") }));
    }
    Ok(!changed.is_empty())
}

impl Error {
    /// A statement's error in the course of setting the address.
    fn into_admin_email(self, variable: &str, table: &str) -> Self {
        let taken = self.code() == Some(SqlState::UNIQUE_VIOLATION.code());
        self.map_driver(|error| {
            if taken {
                Kind::AdminEmailTaken { variable: variable.to_owned(), table: table.to_owned(), error }
            } else {
                Kind::Server { during: format!("setting the address in {variable}"), error }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn one_plain_address_is_accepted() {
        for good in ["admin@example.com", "a.b+c@x-y.co.uk", "root@localhost", "ő@példa.hu"] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for bad in [
            "admin",
            "@example.com",
            "admin@",
            "a b@example.com",
            "a@b@example.com",
            "a@example..com",
            ".a@example.com",
            "a@-x.com",
            "a@example.com, b@example.com",
            "<a@example.com>",
            "a@exa\nmple.com",
            "a@example.com\0",
            &long,
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
