//! `SeaORM`: entities and their relations, on a pool of one connection that is not tested before each query.

use elyos_benches::Result;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectOptions, Database, DatabaseConnection, EntityTrait as _, JoinType, LoaderTrait as _, ModelTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _,
};
use tokio::runtime::Runtime;

use super::rows::{Joined, NewItem, all_lines};
use super::{Look, Peer, Run, Wanted, measured, runtime};

/// An entity; what stands behind its columns is in its module too.
macro_rules! entity {
    ($module:ident, $schema:literal, $table:literal { $($(#[$meta:meta])* $field:ident: $ty:ty),* $(,)? } $($more:tt)*) => {
        #[allow(unreachable_pub, reason = "the derives of an entity make it public")]
        pub(crate) mod $module {
            #[allow(unused_imports, reason = "what any of the entities has")]
            use chrono::{DateTime, NaiveDate, Utc};
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(schema_name = $schema, table_name = $table)]
            pub struct Model {
                $($(#[$meta])* pub $field: $ty,)*
            }

            impl ActiveModelBehavior for ActiveModel {}

            $($more)*
        }
    };
}

entity!(narrow, "bench", "narrow" {
    #[sea_orm(primary_key, auto_increment = false)] id: i64,
    name: String,
    amount: i32,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
);

entity!(wide, "bench", "wide" {
    #[sea_orm(primary_key, auto_increment = false)] id: i64,
    public_id: Uuid,
    title: String,
    subtitle: Option<String>,
    summary: String,
    body: String,
    author: String,
    editor: Option<String>,
    locale: String,
    kind: i16,
    place: i32,
    views: i64,
    rating: f64,
    weight: Option<f32>,
    is_published: bool,
    is_pinned: bool,
    #[sea_orm(column_type = "JsonBinary")] settings: Json,
    published_on: Option<NaiveDate>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
);

entity!(item, "bench", "items" {
    #[sea_orm(primary_key)] id: i64,
    sku: String,
    name: String,
    price: i64,
    quantity: i32,
    is_active: bool,
    note: Option<String>,
    listed_at: DateTime<Utc>,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
);

entity!(user, "auth", "users" {
    #[sea_orm(primary_key)] id: i32,
    full_name: String,
    email: String,
    email_verified: bool,
    two_factor_enabled: bool,
    username: Option<String>,
    image: Option<String>,
    oauth_image: Option<String>,
    #[sea_orm(column_type = "JsonBinary")] user_settings: Option<Json>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
    is_active: bool,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl Related<super::group::Entity> for Entity {
        fn to() -> RelationDef {
            super::user_group::Relation::Group.def()
        }

        fn via() -> Option<RelationDef> {
            Some(super::user_group::Relation::User.def().rev())
        }
    }

    impl Related<super::role::Entity> for Entity {
        fn to() -> RelationDef {
            super::user_role::Relation::Role.def()
        }

        fn via() -> Option<RelationDef> {
            Some(super::user_role::Relation::User.def().rev())
        }
    }
);

entity!(group, "auth", "groups" {
    #[sea_orm(primary_key)] id: i32,
    #[sea_orm(column_type = "JsonBinary")] name: Json,
    #[sea_orm(column_type = "JsonBinary")] description: Option<Json>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
);

entity!(role, "auth", "roles" {
    #[sea_orm(primary_key)] id: i32,
    #[sea_orm(column_type = "JsonBinary")] name: Json,
    #[sea_orm(column_type = "JsonBinary")] description: Option<Json>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
);

entity!(user_group, "auth", "user_groups" {
    #[sea_orm(primary_key, auto_increment = false)] user_id: i32,
    #[sea_orm(primary_key, auto_increment = false)] group_id: i32,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
        User,
        #[sea_orm(belongs_to = "super::group::Entity", from = "Column::GroupId", to = "super::group::Column::Id")]
        Group,
    }
);

entity!(user_role, "auth", "user_roles" {
    #[sea_orm(primary_key, auto_increment = false)] user_id: i32,
    #[sea_orm(primary_key, auto_increment = false)] role_id: i32,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
        User,
        #[sea_orm(belongs_to = "super::role::Entity", from = "Column::RoleId", to = "super::role::Column::Id")]
        Role,
    }
);

entity!(author, "library", "authors" {
    #[sea_orm(primary_key)] id: i32,
    name: String,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::book::Entity")]
        Books,
    }

    impl Related<super::book::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Books.def()
        }
    }
);

entity!(book, "library", "books" {
    #[sea_orm(primary_key)] id: i32,
    author_id: i32,
    title: String,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::author::Entity", from = "Column::AuthorId", to = "super::author::Column::Id")]
        Author,
        #[sea_orm(has_many = "super::chapter::Entity")]
        Chapters,
    }

    impl Related<super::author::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Author.def()
        }
    }

    impl Related<super::chapter::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Chapters.def()
        }
    }
);

entity!(chapter, "library", "chapters" {
    #[sea_orm(primary_key)] id: i32,
    book_id: i32,
    title: String,
    pages: i32,
}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::book::Entity", from = "Column::BookId", to = "super::book::Column::Id")]
        Book,
    }

    impl Related<super::book::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Book.def()
        }
    }
);

all_lines!(narrow::Model, wide::Model, item::Model, user::Model, group::Model, role::Model, author::Model, book::Model, chapter::Model);

fn active(new: NewItem) -> item::ActiveModel {
    let NewItem { sku, name, price, quantity, is_active, note, listed_at } = new;
    item::ActiveModel {
        id: NotSet,
        sku: Set(sku),
        name: Set(name),
        price: Set(price),
        quantity: Set(quantity),
        is_active: Set(is_active),
        note: Set(note),
        listed_at: Set(listed_at),
    }
}

pub(crate) struct SeaOrmPeer {
    runtime: Runtime,
    db: DatabaseConnection,
}

impl SeaOrmPeer {
    pub(crate) fn connect(url: &str) -> Result<Self> {
        let runtime = runtime()?;
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).min_connections(1).sqlx_logging(false).test_before_acquire(false);
        let db = runtime.block_on(Database::connect(options))?;
        Ok(Self { runtime, db })
    }
}

impl Peer for SeaOrmPeer {
    fn name(&self) -> &'static str {
        "SeaORM"
    }

    fn by_key(&mut self, id: i64, look: Look) -> Result<Run> {
        measured(look, || Ok(self.runtime.block_on(narrow::Entity::find_by_id(id).one(&self.db))?))
    }

    fn narrow(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || {
            let query = narrow::Entity::find().order_by_asc(narrow::Column::Id).limit(u64::from(count));
            Ok(self.runtime.block_on(query.all(&self.db))?)
        })
    }

    fn wide(&mut self, count: u32, look: Look) -> Result<Run> {
        measured(look, || {
            let query = wide::Entity::find().order_by_asc(wide::Column::Id).limit(u64::from(count));
            Ok(self.runtime.block_on(query.all(&self.db))?)
        })
    }

    fn page(&mut self, wanted: Wanted, look: Look) -> Result<Run> {
        measured(look, || {
            let query = wide::Entity::find().filter(wide::Column::Title.ilike(wanted.pattern())).order_by_asc(wide::Column::Id);
            self.runtime.block_on(async {
                let pages = query.paginate(&self.db, u64::from(wanted.size));
                let total = i64::try_from(pages.num_items().await?)?;
                Ok((pages.fetch_page(u64::from(wanted.page - 1)).await?, total))
            })
        })
    }

    fn insert(&mut self, new: NewItem, look: Look) -> Result<Run> {
        let new = active(new);
        measured(look, || Ok(Some(self.runtime.block_on(item::Entity::insert(new).exec_with_returning(&self.db))?)))
    }

    fn insert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        let new: Vec<_> = new.into_iter().map(active).collect();
        measured(look, || Ok(self.runtime.block_on(item::Entity::insert_many(new).exec_with_returning(&self.db))?))
    }

    fn upsert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run> {
        use item::Column::{IsActive, ListedAt, Name, Note, Price, Quantity, Sku};
        let new: Vec<_> = new.into_iter().map(active).collect();
        measured(look, || {
            let conflict = OnConflict::column(Sku).update_columns([Name, Price, Quantity, IsActive, Note, ListedAt]).to_owned();
            Ok(self.runtime.block_on(item::Entity::insert_many(new).on_conflict(conflict).exec_with_returning(&self.db))?)
        })
    }

    fn left_join(&mut self, look: Look) -> Result<Run> {
        measured(look, || {
            let query = user::Entity::find()
                .select_only()
                .columns([user::Column::Id, user::Column::FullName])
                .column(group::Column::Name)
                .join(JoinType::LeftJoin, user_group::Relation::User.def().rev())
                .join(JoinType::LeftJoin, user_group::Relation::Group.def())
                .order_by_asc(user::Column::Id)
                .order_by_asc(group::Column::Id);
            Ok(self.runtime.block_on(query.into_tuple::<Joined>().all(&self.db))?)
        })
    }

    fn tree(&mut self, look: Look) -> Result<Run> {
        measured(look, || {
            self.runtime.block_on(async {
                let authors = author::Entity::find().order_by_asc(author::Column::Id).all(&self.db).await?;
                let books = authors.load_many(book::Entity::find().order_by_asc(book::Column::Id), &self.db).await?;
                // The loader takes rows side by side.
                let counts: Vec<usize> = books.iter().map(Vec::len).collect();
                let books: Vec<book::Model> = books.into_iter().flatten().collect();
                let chapters = books.load_many(chapter::Entity::find().order_by_asc(chapter::Column::Id), &self.db).await?;
                let mut books = books.into_iter().zip(chapters);
                let with_books = |(author, count)| (author, books.by_ref().take(count).collect::<Vec<_>>());
                Ok(authors.into_iter().zip(counts).map(with_books).collect::<Vec<_>>())
            })
        })
    }

    fn user(&mut self, id: i32, look: Look) -> Result<Run> {
        measured(look, || {
            self.runtime.block_on(async {
                let query = user::Entity::find_by_id(id).filter(user::Column::DeletedAt.is_null());
                let Some(user) = query.one(&self.db).await? else { return Ok((None, Vec::new(), Vec::new())) };
                let groups = user.find_related(group::Entity).order_by_asc(group::Column::Id).all(&self.db).await?;
                let roles = user.find_related(role::Entity).order_by_asc(role::Column::Id).all(&self.db).await?;
                Ok((Some(user), groups, roles))
            })
        })
    }
}
