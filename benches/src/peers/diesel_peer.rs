//! Diesel: typed queries, whose statements it prepares once where their text does not depend on the values.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use elyos_benches::Result;

use super::rows::{Author, Book, Chapter, Group, Item, Joined, Narrow, NewItem, Role, Tree, User, Wide};
use super::tables::{authors, books, chapters, groups, items, narrow, roles, user_groups, user_roles, users, wide};
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
    (left_join) => {
        users::table
            .left_join(user_groups::table.on(user_groups::user_id.eq(users::id)))
            .left_join(groups::table.on(groups::id.eq(user_groups::group_id)))
            .order((users::id, groups::id))
            .select((users::id, users::full_name, groups::name.nullable()))
    };
    (authors) => {
        authors::table.order(authors::id).select(Author::as_select())
    };
    (books of $authors:expr) => {
        Book::belonging_to($authors).order(books::id).select(Book::as_select())
    };
    (chapters of $books:expr) => {
        Chapter::belonging_to($books).order(chapters::id).select(Chapter::as_select())
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

/// The levels of a tree put together as Diesel does it: each grouped by that above it.
pub(crate) fn grouped(authors: Vec<Author>, books: Vec<Book>, chapters: Vec<Chapter>) -> Tree {
    let chapters = chapters.grouped_by(&books);
    let books: Vec<Vec<(Book, Vec<Chapter>)>> = books.into_iter().zip(chapters).grouped_by(&authors);
    authors.into_iter().zip(books).collect()
}

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

    fn left_join(&mut self, look: Look) -> Result<Run> {
        measured(look, || Ok(query!(left_join).load::<Joined>(&mut self.0)?))
    }

    fn tree(&mut self, look: Look) -> Result<Run> {
        measured(look, || {
            let authors: Vec<Author> = query!(authors).load(&mut self.0)?;
            let books: Vec<Book> = query!(books of & authors).load(&mut self.0)?;
            let chapters: Vec<Chapter> = query!(chapters of & books).load(&mut self.0)?;
            Ok(grouped(authors, books, chapters))
        })
    }

    fn user(&mut self, id: i32, look: Look) -> Result<Run> {
        measured(look, || {
            let user = query!(user id).first(&mut self.0).optional()?;
            Ok((user, query!(groups id).load(&mut self.0)?, query!(roles id).load(&mut self.0)?))
        })
    }
}
