//! The ElyOS bundle, embedded.

use crate::bundle::Bundle;
use crate::error::Result;
use crate::init::{Init, Report};

/// The ElyOS database: its schema, migrations, seeds and procedures.
pub static ELYOS: Bundle = elyos_runtime::bundle!(".");

/// Brings the database that `DATABASE_URL` names to the ElyOS of this program.
///
/// `ADMIN_USER_EMAIL`, where it is set, replaces the administrator's e-mail address. The report prints what was
/// applied. Options are on [`Init`].
///
/// # Errors
///
/// As [`Init::run`].
pub fn init() -> Result<Report> {
    Init::new(&ELYOS).run()
}
