//! Elyos, asynchronous.

use elyos_benches::Result;
use elyos_runtime::prelude::*;
use elyos_runtime::repositories::{GroupRepository, UserGroupRepository, UserRepository, groups, user_groups, users};
use tokio::runtime::Runtime;

use super::elyos::{
    AuthorRepository, ItemRepository, ItemTarget, NarrowRepository, WideRepository, authors, books, first, left_join, new_item, page, tree,
};
use super::rows::NewItem;
use super::{Look, Peer, Run, Wanted, measured, runtime};

pub(crate) struct ElyosAsync {
    runtime: Runtime,
    db: AsyncDb,
}

impl ElyosAsync {
    pub(crate) fn connect(url: &str) -> Result<Self> {
        let runtime = runtime()?;
        let db = runtime.block_on(AsyncDb::connect(url))?;
        Ok(Self { runtime, db })
    }
}

impl Peer for ElyosAsync {
    fn name(&self) -> &'static str {
        "Elyos, async"
    }

    fn by_key(&mut self, id: i64, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(NarrowRepository::find_by_id(&self.db, id))?))
    }

    fn narrow(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(NarrowRepository::find_many_paginated(&self.db, first(count)))?))
    }

    fn wide(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(WideRepository::find_many_paginated(&self.db, first(count)))?))
    }

    fn page(&mut self, wanted: Wanted, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(WideRepository::paginate(&self.db, page(wanted)))?))
    }

    fn insert(&mut self, new: NewItem, look: Look) -> Result<Run> {
        let new = new_item(new);
        measured(look, || Ok(Some(self.runtime.block_on(ItemRepository::insert(&self.db, new))?)))
    }

    fn insert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        let new = new.into_iter().map(new_item).collect();
        measured(look, || Ok(self.runtime.block_on(ItemRepository::insert_many(&self.db, new))?))
    }

    fn upsert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        let new = new.into_iter().map(new_item).collect();
        measured(look, || Ok(self.runtime.block_on(ItemRepository::upsert_many(&self.db, new, ItemTarget::Sku))?))
    }

    fn left_join(&mut self, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(left_join!(&self.db))?))
    }

    fn tree(&mut self, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(tree!(&self.db))?))
    }

    fn user(&mut self, id: i32, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(UserRepository::find_with_groups_and_roles(&self.db, id))?))
    }
}
