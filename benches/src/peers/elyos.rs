//! Elyos, blocking.

use elyos_benches::Result;
use elyos_runtime::prelude::*;
use elyos_runtime::repositories::{GroupRow, RoleRow, UserRepository, UserRow, UserWithGroupsAndRoles};

use super::rows::{self, Lines, all_lines};
use super::{Look, Peer, Run, Wanted, measured};

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "bench.narrow", schema = "src/peers/schema.sql", search(name))]
pub(crate) struct NarrowRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "bench.wide", schema = "src/peers/schema.sql", search(title))]
pub(crate) struct WideRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "bench.items", schema = "src/peers/schema.sql", updated_at = none)]
pub(crate) struct ItemRepository;

all_lines!(NarrowRow, WideRow, ItemRow, UserRow, GroupRow, RoleRow);

impl Lines for UserWithGroupsAndRoles {
    fn lines(&self) -> Vec<String> {
        [self.user.lines(), self.groups.lines(), self.roles.lines()].concat()
    }
}

impl<T: Lines> Lines for Page<T> {
    fn lines(&self) -> Vec<String> {
        [self.rows.lines(), self.total.lines()].concat()
    }
}

/// What is inserted, as Elyos has it.
pub(crate) fn new_item(new: rows::NewItem) -> NewItem {
    let rows::NewItem { sku, name, price, quantity, is_active, note, listed_at } = new;
    NewItem { sku, name, price, quantity, is_active, listed_at, optional: NewItemOptional { note: Set(note), ..default() } }
}

/// The first so many rows.
pub(crate) fn first<R>(count: u32) -> PageRequest<R> {
    PageRequest::new(1, count)
}

/// The page.
pub(crate) fn page(wanted: Wanted) -> PageRequest<WideRepository> {
    PageRequest::new(wanted.page, wanted.size).search(wanted.text)
}

pub(crate) struct Elyos(Db);

impl Elyos {
    pub(crate) fn connect(url: &str) -> Result<Self> {
        Ok(Self(Db::connect(url)?))
    }
}

impl Peer for Elyos {
    fn name(&self) -> &'static str {
        "Elyos"
    }

    fn by_key(&mut self, id: i64, look: Look) -> Result<Run> {
        measured(look, || Ok(NarrowRepository::find_by_id(&self.0, id)?))
    }

    fn narrow(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || Ok(NarrowRepository::find_many_paginated(&self.0, first(count))?))
    }

    fn wide(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || Ok(WideRepository::find_many_paginated(&self.0, first(count))?))
    }

    fn page(&mut self, wanted: Wanted, look: Look) -> Result<Run> {
        measured(look, || Ok(WideRepository::paginate(&self.0, page(wanted))?))
    }

    fn insert(&mut self, new: rows::NewItem, look: Look) -> Result<Run> {
        let new = new_item(new);
        measured(look, || Ok(Some(ItemRepository::insert(&self.0, new)?)))
    }

    fn insert_many(&mut self, new: Vec<rows::NewItem>, look: Look) -> Result<Run> {
        let new = new.into_iter().map(new_item).collect();
        measured(look, || Ok(ItemRepository::insert_many(&self.0, new)?))
    }

    fn upsert_many(&mut self, new: Vec<rows::NewItem>, look: Look) -> Result<Run> {
        let new = new.into_iter().map(new_item).collect();
        measured(look, || Ok(ItemRepository::upsert_many(&self.0, new, ItemTarget::Sku)?))
    }

    fn user(&mut self, id: i32, look: Look) -> Result<Run> {
        measured(look, || Ok(UserRepository::find_with_groups_and_roles(&self.0, id)?))
    }
}
