//! Elyos, blocking.

use elyos_benches::Result;
use elyos_runtime::prelude::*;
use elyos_runtime::query::With;
use elyos_runtime::repositories::{
    GroupRepository, GroupRow, RoleRow, UserGroupRepository, UserRepository, UserRow, UserWithGroupsAndRoles, groups, user_groups, users,
};

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

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "library.authors", schema = "src/library.sql", relation(BOOKS: BookRepository))]
pub(crate) struct AuthorRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "library.books", schema = "src/library.sql", relation(CHAPTERS: ChapterRepository))]
pub(crate) struct BookRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "library.chapters", schema = "src/library.sql")]
pub(crate) struct ChapterRepository;

all_lines!(NarrowRow, WideRow, ItemRow, UserRow, GroupRow, RoleRow, AuthorRow, BookRow, ChapterRow);

impl<T: Lines, L: Lines> Lines for With<T, (L,)> {
    fn lines(&self) -> Vec<String> {
        [self.row.lines(), self.with.0.lines()].concat()
    }
}

/// Reads all users, with the names of their groups.
macro_rules! left_join {
    ($db:expr) => {
        UserRepository::select()
            .with_hidden()
            .left_join::<UserGroupRepository>(users::ID.eq(user_groups::USER_ID))
            .left_join::<GroupRepository>(user_groups::GROUP_ID.eq(groups::ID))
            .order_by((users::ID.asc(), groups::ID.asc()))
            .columns((users::ID, users::FULL_NAME, groups::NAME.nullable()))
            .all($db)
    };
}

/// Reads all authors, with their books, with their chapters.
macro_rules! tree {
    ($db:expr) => {
        AuthorRepository::select().with(authors::BOOKS.with(books::CHAPTERS)).order_by(authors::ID.asc()).all($db)
    };
}

pub(super) use {left_join, tree};

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

    fn left_join(&mut self, look: Look) -> Result<Run> {
        measured(look, || Ok(left_join!(&self.0)?))
    }

    fn tree(&mut self, look: Look) -> Result<Run> {
        measured(look, || Ok(tree!(&self.0)?))
    }

    fn user(&mut self, id: i32, look: Look) -> Result<Run> {
        measured(look, || Ok(UserRepository::find_with_groups_and_roles(&self.0, id)?))
    }
}
