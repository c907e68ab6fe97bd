//! Diesel: typed queries, whose statements it prepares once where their text does not depend on the values.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use elyos_benches::Result;

use super::rows::{Group, Item, Narrow, NewItem, Role, User, Wide};
use super::tables::{groups, items, narrow, roles, user_groups, user_roles, users, wide};
use super::{Look, Peer, Run, Wanted, measured};

/// The queries, which Diesel and diesel-async have in common.
macro_rules! query {
    (by_key $id:expr) => {
        narrow::table.find($id).select(Narrow::as_select())
    };
    (narrow $count:expr) => {
        narrow::table.order(narrow::id).limit(i64::from($count)).select(Narrow::as_select())
    };
    (wide $count:expr) => {
        wide::table.order(wide::id).limit(i64::from($count)).select(Wide::as_select())
    };
    (page $wanted:expr) => {
        wide::table
            .filter(wide::title.ilike($wanted.pattern()))
            .order(wide::id)
            .limit($wanted.size.into())
            .offset($wanted.offset())
            .select((Wide::as_select(), diesel::dsl::count_star().over()))
    };
    (insert $new:expr) => {
        diesel::insert_into(items::table).values($new).returning(Item::as_returning())
    };
    (upsert $new:expr) => {
        diesel::insert_into(items::table)
            .values($new)
            .on_conflict(items::sku)
            .do_update()
            .set((
                items::name.eq(excluded(items::name)),
                items::price.eq(excluded(items::price)),
                items::quantity.eq(excluded(items::quantity)),
                items::is_active.eq(excluded(items::is_active)),
                items::note.eq(excluded(items::note)),
                items::listed_at.eq(excluded(items::listed_at)),
            ))
            .returning(Item::as_returning())
    };
    (user $id:expr) => {
        users::table.filter(users::id.eq($id)).filter(users::deleted_at.is_null()).select(User::as_select())
    };
    (groups $id:expr) => {
        user_groups::table.inner_join(groups::table).filter(user_groups::user_id.eq($id)).order(groups::id).select(Group::as_select())
    };
    (roles $id:expr) => {
        user_roles::table.inner_join(roles::table).filter(user_roles::user_id.eq($id)).order(roles::id).select(Role::as_select())
    };
}

pub(super) use query;

use diesel::upsert::excluded;

/// The rows of a page, and the total that stands beside each.
pub(crate) fn page(rows: Vec<(Wide, i64)>) -> (Vec<Wide>, i64) {
    let total = rows.first().map_or(0, |(_, total)| *total);
    (rows.into_iter().map(|(row, _)| row).collect(), total)
}

pub(crate) struct DieselPeer(PgConnection);

impl DieselPeer {
    pub(crate) fn connect(url: &str) -> Result<Self> {
        Ok(Self(PgConnection::establish(url)?))
    }
}

impl Peer for DieselPeer {
    fn name(&self) -> &'static str {
        "Diesel"
    }

    fn by_key(&mut self, id: i64, look: Look) -> Result<Run> {
        measured(look, || Ok(query!(by_key id).first(&mut self.0).optional()?))
    }

    fn narrow(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || Ok(query!(narrow count).load(&mut self.0)?))
    }

    fn wide(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || Ok(query!(wide count).load(&mut self.0)?))
    }

    fn page(&mut self, wanted: Wanted, look: Look) -> Result<Run> {
        measured(look, || Ok(page(query!(page wanted).load(&mut self.0)?)))
    }

    fn insert(&mut self, new: NewItem, look: Look) -> Result<Run> {
        measured(look, || Ok(Some(query!(insert & new).get_result(&mut self.0)?)))
    }

    fn insert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        measured(look, || Ok(query!(insert & new).get_results(&mut self.0)?))
    }

    fn upsert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        measured(look, || Ok(query!(upsert & new).get_results(&mut self.0)?))
    }

    fn user(&mut self, id: i32, look: Look) -> Result<Run> {
        measured(look, || {
            let user = query!(user id).first(&mut self.0).optional()?;
            Ok((user, query!(groups id).load(&mut self.0)?, query!(roles id).load(&mut self.0)?))
        })
    }
}
