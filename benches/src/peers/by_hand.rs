//! The `postgres` crate, by hand: statements prepared once, rows read by their places.

use elyos_benches::Result;
use postgres::{Client, NoTls, Row, Statement};

use super::rows::{Author, Book, Chapter, Group, Item, Joined, Narrow, NewItem, Role, User, Wide, grown};
use super::{Look, Peer, Run, Wanted, measured};

/// The columns of many.
const WIDE: &str = "id, public_id, title, subtitle, summary, body, author, editor, locale, kind, place, views, rating, weight, is_published, \
                    is_pinned, settings, published_on, created_at, updated_at, deleted_at";

pub(crate) const BY_KEY: &str = "SELECT id, name, amount FROM bench.narrow WHERE id = $1";
pub(crate) const FIRST_NARROW: &str = "SELECT id, name, amount FROM bench.narrow ORDER BY id LIMIT $1";
pub(crate) const INSERT: &str = "INSERT INTO bench.items (sku, name, price, quantity, is_active, note, listed_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                          RETURNING id, sku, name, price, quantity, is_active, note, listed_at";
pub(crate) const INSERT_MANY: &str = "INSERT INTO bench.items (sku, name, price, quantity, is_active, note, listed_at) \
                               SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::boolean[], $6::text[], $7::timestamptz[]) \
                               RETURNING id, sku, name, price, quantity, is_active, note, listed_at";
pub(crate) const UPSERT_MANY: &str = "INSERT INTO bench.items (sku, name, price, quantity, is_active, note, listed_at) \
                               SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::boolean[], $6::text[], $7::timestamptz[]) \
                               ON CONFLICT (sku) DO UPDATE SET name = EXCLUDED.name, price = EXCLUDED.price, quantity = EXCLUDED.quantity, \
                               is_active = EXCLUDED.is_active, note = EXCLUDED.note, listed_at = EXCLUDED.listed_at \
                               RETURNING id, sku, name, price, quantity, is_active, note, listed_at";
pub(crate) const USER: &str = "SELECT id, full_name, email, email_verified, two_factor_enabled, username, image, oauth_image, user_settings, created_at, \
                        updated_at, deleted_at, is_active FROM auth.users WHERE id = $1 AND deleted_at IS NULL";
pub(crate) const GROUPS: &str = "SELECT g.id, g.name, g.description, g.created_at, g.updated_at FROM auth.groups AS g \
                          JOIN auth.user_groups AS u ON u.group_id = g.id WHERE u.user_id = $1 ORDER BY g.id";
pub(crate) const ROLES: &str = "SELECT r.id, r.name, r.description, r.created_at, r.updated_at FROM auth.roles AS r \
                         JOIN auth.user_roles AS u ON u.role_id = r.id WHERE u.user_id = $1 ORDER BY r.id";

pub(crate) const LEFT_JOIN: &str = "SELECT u.id, u.full_name, g.name FROM auth.users AS u LEFT JOIN auth.user_groups AS l ON u.id = l.user_id \
                             LEFT JOIN auth.groups AS g ON l.group_id = g.id ORDER BY u.id, g.id";
/// A level after the other, each by the keys of that above it.
pub(crate) const TREE: [&str; 3] = [
    "SELECT id, name FROM library.authors ORDER BY id",
    "SELECT id, author_id, title FROM library.books WHERE author_id = ANY($1) ORDER BY id",
    "SELECT id, book_id, title, pages FROM library.chapters WHERE book_id = ANY($1) ORDER BY id",
];

pub(crate) fn first_wide() -> String {
    format!("SELECT {WIDE} FROM bench.wide ORDER BY id LIMIT $1")
}

/// The total stands beside every row: one round trip, and one look at the rows.
pub(crate) fn page_of_wide() -> String {
    format!("SELECT {WIDE}, count(*) OVER () FROM bench.wide WHERE title ILIKE $1 ORDER BY id LIMIT $2 OFFSET $3")
}

pub(crate) fn joined(row: &Row) -> Joined {
    (row.get(0), row.get(1), row.get(2))
}

pub(crate) fn author(row: &Row) -> Author {
    Author { id: row.get(0), name: row.get(1) }
}

pub(crate) fn book(row: &Row) -> Book {
    Book { id: row.get(0), author_id: row.get(1), title: row.get(2) }
}

pub(crate) fn chapter(row: &Row) -> Chapter {
    Chapter { id: row.get(0), book_id: row.get(1), title: row.get(2), pages: row.get(3) }
}

pub(crate) fn narrow(row: &Row) -> Narrow {
    Narrow { id: row.get(0), name: row.get(1), amount: row.get(2) }
}

pub(crate) fn wide(row: &Row) -> Wide {
    Wide {
        id: row.get(0),
        public_id: row.get(1),
        title: row.get(2),
        subtitle: row.get(3),
        summary: row.get(4),
        body: row.get(5),
        author: row.get(6),
        editor: row.get(7),
        locale: row.get(8),
        kind: row.get(9),
        place: row.get(10),
        views: row.get(11),
        rating: row.get(12),
        weight: row.get(13),
        is_published: row.get(14),
        is_pinned: row.get(15),
        settings: row.get(16),
        published_on: row.get(17),
        created_at: row.get(18),
        updated_at: row.get(19),
        deleted_at: row.get(20),
    }
}

pub(crate) fn total(rows: &[Row]) -> i64 {
    rows.first().map_or(0, |row| row.get(21))
}

pub(crate) fn item(row: &Row) -> Item {
    Item {
        id: row.get(0),
        sku: row.get(1),
        name: row.get(2),
        price: row.get(3),
        quantity: row.get(4),
        is_active: row.get(5),
        note: row.get(6),
        listed_at: row.get(7),
    }
}

pub(crate) fn user(row: &Row) -> User {
    User {
        id: row.get(0),
        full_name: row.get(1),
        email: row.get(2),
        email_verified: row.get(3),
        two_factor_enabled: row.get(4),
        username: row.get(5),
        image: row.get(6),
        oauth_image: row.get(7),
        user_settings: row.get(8),
        created_at: row.get(9),
        updated_at: row.get(10),
        deleted_at: row.get(11),
        is_active: row.get(12),
    }
}

pub(crate) fn group(row: &Row) -> Group {
    Group { id: row.get(0), name: row.get(1), description: row.get(2), created_at: row.get(3), updated_at: row.get(4) }
}

pub(crate) fn role(row: &Row) -> Role {
    Role { id: row.get(0), name: row.get(1), description: row.get(2), created_at: row.get(3), updated_at: row.get(4) }
}

/// Many rows as an array for each column.
pub(crate) struct Columns<'n> {
    pub(crate) sku: Vec<&'n str>,
    pub(crate) name: Vec<&'n str>,
    pub(crate) price: Vec<i64>,
    pub(crate) quantity: Vec<i32>,
    pub(crate) is_active: Vec<bool>,
    pub(crate) note: Vec<Option<&'n str>>,
    pub(crate) listed_at: Vec<chrono::DateTime<chrono::Utc>>,
}

impl<'n> Columns<'n> {
    pub(crate) fn of(new: &'n [NewItem]) -> Self {
        Self {
            sku: new.iter().map(|new| new.sku.as_str()).collect(),
            name: new.iter().map(|new| new.name.as_str()).collect(),
            price: new.iter().map(|new| new.price).collect(),
            quantity: new.iter().map(|new| new.quantity).collect(),
            is_active: new.iter().map(|new| new.is_active).collect(),
            note: new.iter().map(|new| new.note.as_deref()).collect(),
            listed_at: new.iter().map(|new| new.listed_at).collect(),
        }
    }

    pub(crate) fn params(&self) -> [&(dyn postgres::types::ToSql + Sync); 7] {
        [&self.sku, &self.name, &self.price, &self.quantity, &self.is_active, &self.note, &self.listed_at]
    }
}

pub(crate) struct ByHand {
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

impl ByHand {
    pub(crate) fn connect(url: &str) -> Result<Self> {
        let mut client = Client::connect(url, NoTls)?;
        let mut prepare = |sql: &str| client.prepare(sql);
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
            client,
        })
    }
}

impl Peer for ByHand {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn by_key(&mut self, id: i64, look: Look) -> Result<Run> {
        measured(look, || Ok(self.client.query_opt(&self.by_key, &[&id])?.as_ref().map(narrow)))
    }

    fn narrow(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || Ok(self.client.query(&self.narrow, &[&i64::from(count)])?.iter().map(narrow).collect::<Vec<_>>()))
    }

    fn wide(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || Ok(self.client.query(&self.wide, &[&i64::from(count)])?.iter().map(wide).collect::<Vec<_>>()))
    }

    fn page(&mut self, wanted: Wanted, look: Look) -> Result<Run> {
        measured(look, || {
            let rows = self.client.query(&self.page, &[&wanted.pattern(), &i64::from(wanted.size), &wanted.offset()])?;
            Ok((rows.iter().map(wide).collect::<Vec<_>>(), total(&rows)))
        })
    }

    fn insert(&mut self, new: NewItem, look: Look) -> Result<Run> {
        measured(look, || {
            let NewItem { sku, name, price, quantity, is_active, note, listed_at } = &new;
            Ok(Some(item(&self.client.query_one(&self.insert, &[sku, name, price, quantity, is_active, note, listed_at])?)))
        })
    }

    fn insert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        measured(look, || Ok(self.client.query(&self.insert_many, &Columns::of(&new).params())?.iter().map(item).collect::<Vec<_>>()))
    }

    fn upsert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        measured(look, || Ok(self.client.query(&self.upsert_many, &Columns::of(&new).params())?.iter().map(item).collect::<Vec<_>>()))
    }

    fn left_join(&mut self, look: Look) -> Result<Run> {
        measured(look, || Ok(self.client.query(&self.left_join, &[])?.iter().map(joined).collect::<Vec<_>>()))
    }

    fn tree(&mut self, look: Look) -> Result<Run> {
        measured(look, || {
            let authors: Vec<_> = self.client.query(&self.tree[0], &[])?.iter().map(author).collect();
            let ids: Vec<i32> = authors.iter().map(|author| author.id).collect();
            let books: Vec<_> = self.client.query(&self.tree[1], &[&ids])?.iter().map(book).collect();
            let ids: Vec<i32> = books.iter().map(|book| book.id).collect();
            let chapters = self.client.query(&self.tree[2], &[&ids])?.iter().map(chapter).collect();
            Ok(grown(authors, books, chapters))
        })
    }

    fn user(&mut self, id: i32, look: Look) -> Result<Run> {
        measured(look, || {
            let user = self.client.query_opt(&self.user, &[&id])?.as_ref().map(user);
            let groups = self.client.query(&self.groups, &[&id])?.iter().map(group).collect::<Vec<_>>();
            let roles = self.client.query(&self.roles, &[&id])?.iter().map(role).collect::<Vec<_>>();
            Ok((user, groups, roles))
        })
    }
}
