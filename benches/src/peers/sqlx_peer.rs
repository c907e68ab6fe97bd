//! `SQLx`: SQL as text, whose statements it prepares once; many rows as arrays, as its documentation advises.

use elyos_benches::Result;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, FromRow, Row as _};
use tokio::runtime::Runtime;

use super::by_hand::{BY_KEY, Columns, FIRST_NARROW, GROUPS, INSERT, INSERT_MANY, LEFT_JOIN, ROLES, TREE, UPSERT_MANY, USER};
use super::rows::{Author, Book, Chapter, Group, Item, Joined, Narrow, NewItem, Role, User, Wide, grown};
use super::{Look, Peer, Run, Wanted, measured, runtime};

const FIRST_WIDE: &str = "SELECT id, public_id, title, subtitle, summary, body, author, editor, locale, kind, place, views, rating, weight, \
                          is_published, is_pinned, settings, published_on, created_at, updated_at, deleted_at FROM bench.wide ORDER BY id LIMIT $1";
const PAGE: &str = "SELECT id, public_id, title, subtitle, summary, body, author, editor, locale, kind, place, views, rating, weight, is_published, \
                    is_pinned, settings, published_on, created_at, updated_at, deleted_at, count(*) OVER () AS total \
                    FROM bench.wide WHERE title ILIKE $1 ORDER BY id LIMIT $2 OFFSET $3";

pub(crate) struct SqlxPeer {
    runtime: Runtime,
    connection: PgConnection,
}

impl SqlxPeer {
    pub(crate) fn connect(url: &str) -> Result<Self> {
        let runtime = runtime()?;
        let options = url.parse::<PgConnectOptions>()?.disable_statement_logging();
        let connection = runtime.block_on(options.connect())?;
        Ok(Self { runtime, connection })
    }

    fn many(&mut self, sql: &'static str, new: &[NewItem], look: Look) -> Result<Run> {
        measured(look, || {
            let Columns { sku, name, price, quantity, is_active, note, listed_at } = Columns::of(new);
            let query = sqlx::query_as::<_, Item>(sql).bind(sku).bind(name).bind(price).bind(quantity).bind(is_active).bind(note);
            Ok(self.runtime.block_on(query.bind(listed_at).fetch_all(&mut self.connection))?)
        })
    }
}

impl Peer for SqlxPeer {
    fn name(&self) -> &'static str {
        "SQLx"
    }

    fn by_key(&mut self, id: i64, look: Look) -> Result<Run> {
        measured(look, || {
            let query = sqlx::query_as::<_, Narrow>(BY_KEY).bind(id);
            Ok(self.runtime.block_on(query.fetch_optional(&mut self.connection))?)
        })
    }

    fn narrow(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || {
            let query = sqlx::query_as::<_, Narrow>(FIRST_NARROW).bind(i64::from(count));
            Ok(self.runtime.block_on(query.fetch_all(&mut self.connection))?)
        })
    }

    fn wide(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || {
            let query = sqlx::query_as::<_, Wide>(FIRST_WIDE).bind(i64::from(count));
            Ok(self.runtime.block_on(query.fetch_all(&mut self.connection))?)
        })
    }

    fn page(&mut self, wanted: Wanted, look: Look) -> Result<Run> {
        measured(look, || {
            let query = sqlx::query(PAGE).bind(wanted.pattern()).bind(i64::from(wanted.size)).bind(wanted.offset());
            let rows = self.runtime.block_on(query.fetch_all(&mut self.connection))?;
            let total: i64 = rows.first().map_or(Ok(0), |row| row.try_get("total"))?;
            Ok((rows.iter().map(Wide::from_row).collect::<std::result::Result<Vec<_>, _>>()?, total))
        })
    }

    fn insert(&mut self, new: NewItem, look: Look) -> Result<Run> {
        measured(look, || {
            let query = sqlx::query_as::<_, Item>(INSERT).bind(&new.sku).bind(&new.name).bind(new.price).bind(new.quantity);
            let query = query.bind(new.is_active).bind(&new.note).bind(new.listed_at);
            Ok(Some(self.runtime.block_on(query.fetch_one(&mut self.connection))?))
        })
    }

    fn insert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        self.many(INSERT_MANY, &new, look)
    }

    fn upsert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        self.many(UPSERT_MANY, &new, look)
    }

    fn left_join(&mut self, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(sqlx::query_as::<_, Joined>(LEFT_JOIN).fetch_all(&mut self.connection))?))
    }

    fn tree(&mut self, look: Look) -> Result<Run> {
        measured(look, || {
            self.runtime.block_on(async {
                let authors = sqlx::query_as::<_, Author>(TREE[0]).fetch_all(&mut self.connection).await?;
                let ids: Vec<i32> = authors.iter().map(|author| author.id).collect();
                let books = sqlx::query_as::<_, Book>(TREE[1]).bind(ids).fetch_all(&mut self.connection).await?;
                let ids: Vec<i32> = books.iter().map(|book| book.id).collect();
                let chapters = sqlx::query_as::<_, Chapter>(TREE[2]).bind(ids).fetch_all(&mut self.connection).await?;
                Ok(grown(authors, books, chapters))
            })
        })
    }

    fn user(&mut self, id: i32, look: Look) -> Result<Run> {
        measured(look, || {
            self.runtime.block_on(async {
                let user = sqlx::query_as::<_, User>(USER).bind(id).fetch_optional(&mut self.connection).await?;
                let groups = sqlx::query_as::<_, Group>(GROUPS).bind(id).fetch_all(&mut self.connection).await?;
                Ok((user, groups, sqlx::query_as::<_, Role>(ROLES).bind(id).fetch_all(&mut self.connection).await?))
            })
        })
    }
}
