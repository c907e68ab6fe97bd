//! ElyOS's own repositories, made with the derive, and what ElyOS asks of its tables beyond rows by their keys.
//!
//! Every method is one statement.
//!
//! ```no_run
//! use elyos_runtime::prelude::*;
//! use elyos_runtime::repositories::{PermissionRepository, UserRepository, users};
//!
//! # fn main() -> Result<(), Error> {
//! let db = Db::connect_from_env()?;
//! let page = UserRepository::paginate(&db, PageRequest::new(1, 20).search("admin").sort(users::CREATED_AT.desc()))?;
//! for user in page.rows {
//!     println!("{}: {}", user.full_name, PermissionRepository::has(&db, user.id, "users.users.view")?);
//! }
//! # Ok(())
//! # }
//! ```

mod app;
mod group;
mod links;
mod notification;
mod permission;
mod role;
mod theme_preset;
mod translation;
mod user;

pub use app::*;
pub use group::*;
pub use links::*;
pub use notification::*;
pub use permission::*;
pub use role::*;
pub use theme_preset::*;
pub use translation::*;
pub use user::*;
