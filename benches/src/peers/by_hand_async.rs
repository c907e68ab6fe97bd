//! The `tokio-postgres` crate, by hand: as `postgres`, and what does not wait for each other is sent at once.

use elyos_benches::Result;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, Statement};

use super::by_hand::{
    BY_KEY, Columns, FIRST_NARROW, GROUPS, INSERT, INSERT_MANY, LEFT_JOIN, ROLES, TREE, UPSERT_MANY, USER, author, book, chapter,
    first_wide, group, item, joined, narrow, page_of_wide, role, total, user, wide,
};
use super::rows::{NewItem, grown};
use super::{Look, Peer, Run, Wanted, measured, runtime};

pub(crate) struct ByHandAsync {
    runtime: Runtime,
    client: Client,
    by_key: Statement,
    narrow: Statement,
    wide: Statement,
    page: Statement,
    insert: Statement,
    insert_many: Statement,
    upsert_many: Statement,
    user: Statement,
    groups: Statement,
    roles: Statement,
    left_join: Statement,
    tree: [Statement; 3],
}

impl ByHandAsync {
    pub(crate) fn connect(url: &str) -> Result<Self> {
        let runtime = runtime()?;
        let (client, connection) = runtime.block_on(tokio_postgres::connect(url, NoTls))?;
        runtime.spawn(connection);
        let prepare = |sql: &str| runtime.block_on(client.prepare(sql));
        Ok(Self {
            by_key: prepare(BY_KEY)?,
            narrow: prepare(FIRST_NARROW)?,
            wide: prepare(&first_wide())?,
            page: prepare(&page_of_wide())?,
            insert: prepare(INSERT)?,
            insert_many: prepare(INSERT_MANY)?,
            upsert_many: prepare(UPSERT_MANY)?,
            user: prepare(USER)?,
            groups: prepare(GROUPS)?,
            roles: prepare(ROLES)?,
            left_join: prepare(LEFT_JOIN)?,
            tree: [prepare(TREE[0])?, prepare(TREE[1])?, prepare(TREE[2])?],
            runtime,
            client,
        })
    }
}

impl Peer for ByHandAsync {
    fn name(&self) -> &'static str {
        "tokio-postgres"
    }

    fn by_key(&mut self, id: i64, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(self.client.query_opt(&self.by_key, &[&id]))?.as_ref().map(narrow)))
    }

    fn narrow(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || {
            let rows = self.runtime.block_on(self.client.query(&self.narrow, &[&i64::from(count)]))?;
            Ok(rows.iter().map(narrow).collect::<Vec<_>>())
        })
    }

    fn wide(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || {
            let rows = self.runtime.block_on(self.client.query(&self.wide, &[&i64::from(count)]))?;
            Ok(rows.iter().map(wide).collect::<Vec<_>>())
        })
    }

    fn page(&mut self, wanted: Wanted, look: Look) -> Result<Run> {
        measured(look, || {
            let (pattern, size, offset) = (wanted.pattern(), i64::from(wanted.size), wanted.offset());
            let rows = self.runtime.block_on(self.client.query(&self.page, &[&pattern, &size, &offset]))?;
            Ok((rows.iter().map(wide).collect::<Vec<_>>(), total(&rows)))
        })
    }

    fn insert(&mut self, new: NewItem, look: Look) -> Result<Run> {
        measured(look, || {
            let NewItem { sku, name, price, quantity, is_active, note, listed_at } = &new;
            let params: [&(dyn postgres::types::ToSql + Sync); 7] = [sku, name, price, quantity, is_active, note, listed_at];
            Ok(Some(item(&self.runtime.block_on(self.client.query_one(&self.insert, &params))?)))
        })
    }

    fn insert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        measured(look, || {
            let rows = self.runtime.block_on(self.client.query(&self.insert_many, &Columns::of(&new).params()))?;
            Ok(rows.iter().map(item).collect::<Vec<_>>())
        })
    }

    fn upsert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        measured(look, || {
            let rows = self.runtime.block_on(self.client.query(&self.upsert_many, &Columns::of(&new).params()))?;
            Ok(rows.iter().map(item).collect::<Vec<_>>())
        })
    }

    fn left_join(&mut self, look: Look) -> Result<Run> {
        measured(look, || {
            let rows = self.runtime.block_on(self.client.query(&self.left_join, &[]))?;
            Ok(rows.iter().map(joined).collect::<Vec<_>>())
        })
    }

    fn tree(&mut self, look: Look) -> Result<Run> {
        measured(look, || {
            self.runtime.block_on(async {
                let authors: Vec<_> = self.client.query(&self.tree[0], &[]).await?.iter().map(author).collect();
                let ids: Vec<i32> = authors.iter().map(|author| author.id).collect();
                let books: Vec<_> = self.client.query(&self.tree[1], &[&ids]).await?.iter().map(book).collect();
                let ids: Vec<i32> = books.iter().map(|book| book.id).collect();
                let chapters = self.client.query(&self.tree[2], &[&ids]).await?.iter().map(chapter).collect();
                Ok(grown(authors, books, chapters))
            })
        })
    }

    fn user(&mut self, id: i32, look: Look) -> Result<Run> {
        measured(look, || {
            let params: [&(dyn postgres::types::ToSql + Sync); 1] = [&id];
            let (found, groups, roles) = self.runtime.block_on(async {
                tokio::try_join!(
                    self.client.query_opt(&self.user, &params),
                    self.client.query(&self.groups, &params),
                    self.client.query(&self.roles, &params)
                )
            })?;
            let groups = groups.iter().map(group).collect::<Vec<_>>();
            Ok((found.as_ref().map(user), groups, roles.iter().map(role).collect::<Vec<_>>()))
        })
    }
}
