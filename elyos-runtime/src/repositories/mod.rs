//! ElyOS's own repositories, made with the derive.
//!
//! ```no_run
//! use elyos_runtime::prelude::*;
//! use elyos_runtime::repositories::{UserRepository, users};
//!
//! # fn main() -> Result<(), Error> {
//! let db = Db::connect_from_env()?;
//! let page = UserRepository::paginate(&db, PageRequest::new(1, 20).search("admin").sort(users::CREATED_AT.desc()))?;
//! println!("{} of {}", page.rows.len(), page.total);
//! # Ok(())
//! # }
//! ```

mod auth;
mod platform;

pub use auth::*;
pub use platform::*;
