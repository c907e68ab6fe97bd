//! diesel-async: Diesel's queries over `tokio-postgres`; what does not wait for each other is sent at once.

use diesel::prelude::*;
use diesel::upsert::excluded;
// By its name, so that it hides the blocking one of the prelude.
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use elyos_benches::Result;
use tokio::runtime::Runtime;

use super::diesel_peer::{grouped, page, query};
use super::rows::{Author, Book, Chapter, Group, Item, Joined, Narrow, NewItem, Role, User, Wide};
use super::tables::{authors, books, chapters, groups, items, narrow, roles, user_groups, user_roles, users, wide};
use super::{Look, Peer, Run, Wanted, measured, runtime};

pub(crate) struct DieselAsyncPeer {
    runtime: Runtime,
    connection: AsyncPgConnection,
}

impl DieselAsyncPeer {
    pub(crate) fn connect(url: &str) -> Result<Self> {
        let runtime = runtime()?;
        let connection = runtime.block_on(AsyncPgConnection::establish(url))?;
        Ok(Self { runtime, connection })
    }
}

impl Peer for DieselAsyncPeer {
    fn name(&self) -> &'static str {
        "diesel-async"
    }

    fn by_key(&mut self, id: i64, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(query!(by_key id).first(&mut self.connection)).optional()?))
    }

    fn narrow(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(query!(narrow count).load(&mut self.connection))?))
    }

    fn wide(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(query!(wide count).load(&mut self.connection))?))
    }

    fn page(&mut self, wanted: Wanted, look: Look) -> Result<Run> {
        measured(look, || Ok(page(self.runtime.block_on(query!(page wanted).load(&mut self.connection))?)))
    }

    fn insert(&mut self, new: NewItem, look: Look) -> Result<Run> {
        measured(look, || Ok(Some(self.runtime.block_on(query!(insert & new).get_result(&mut self.connection))?)))
    }

    fn insert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(query!(insert & new).get_results(&mut self.connection))?))
    }

    fn upsert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(query!(upsert & new).get_results(&mut self.connection))?))
    }

    fn left_join(&mut self, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(query!(left_join).load::<Joined>(&mut self.connection))?))
    }

    fn tree(&mut self, look: Look) -> Result<Run> {
        measured(look, || {
            self.runtime.block_on(async {
                let authors: Vec<Author> = query!(authors).load(&mut self.connection).await?;
                let books: Vec<Book> = query!(books of & authors).load(&mut self.connection).await?;
                let chapters: Vec<Chapter> = query!(chapters of & books).load(&mut self.connection).await?;
                Ok(grouped(authors, books, chapters))
            })
        })
    }

    fn user(&mut self, id: i32, look: Look) -> Result<Run> {
        measured(look, || {
            let (mut first, mut second, mut third) = (&self.connection, &self.connection, &self.connection);
            let (user, groups, roles) = self.runtime.block_on(async {
                tokio::try_join!(query!(user id).load(&mut first), query!(groups id).load(&mut second), query!(roles id).load(&mut third))
            })?;
            Ok((user.into_iter().next(), groups, roles))
        })
    }
}
