//! The rows as structs, with the derives of those libraries that read into any struct; what goes into a table; and lines to compare by.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{Associations, Identifiable, Insertable, Queryable, Selectable};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use super::tables;

/// A row of few columns.
#[derive(Debug, Queryable, Selectable, FromRow)]
#[diesel(table_name = tables::narrow)]
pub(crate) struct Narrow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) amount: i32,
}

/// A row of many columns.
#[derive(Debug, Queryable, Selectable, FromRow)]
#[diesel(table_name = tables::wide)]
pub(crate) struct Wide {
    pub(crate) id: i64,
    pub(crate) public_id: Uuid,
    pub(crate) title: String,
    pub(crate) subtitle: Option<String>,
    pub(crate) summary: String,
    pub(crate) body: String,
    pub(crate) author: String,
    pub(crate) editor: Option<String>,
    pub(crate) locale: String,
    pub(crate) kind: i16,
    pub(crate) place: i32,
    pub(crate) views: i64,
    pub(crate) rating: f64,
    pub(crate) weight: Option<f32>,
    pub(crate) is_published: bool,
    pub(crate) is_pinned: bool,
    pub(crate) settings: Value,
    pub(crate) published_on: Option<NaiveDate>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) deleted_at: Option<DateTime<Utc>>,
}

/// A row that was inserted.
#[derive(Debug, Queryable, Selectable, FromRow)]
#[diesel(table_name = tables::items)]
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) price: i64,
    pub(crate) quantity: i32,
    pub(crate) is_active: bool,
    pub(crate) note: Option<String>,
    pub(crate) listed_at: DateTime<Utc>,
}

/// What is inserted.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = tables::items)]
pub(crate) struct NewItem {
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) price: i64,
    pub(crate) quantity: i32,
    pub(crate) is_active: bool,
    pub(crate) note: Option<String>,
    pub(crate) listed_at: DateTime<Utc>,
}

/// A user of `ElyOS`.
#[allow(clippy::struct_field_names, reason = "the columns are called so")]
#[derive(Debug, Queryable, Selectable, FromRow)]
#[diesel(table_name = tables::users)]
pub(crate) struct User {
    pub(crate) id: i32,
    pub(crate) full_name: String,
    pub(crate) email: String,
    pub(crate) email_verified: bool,
    pub(crate) two_factor_enabled: bool,
    pub(crate) username: Option<String>,
    pub(crate) image: Option<String>,
    pub(crate) oauth_image: Option<String>,
    pub(crate) user_settings: Option<Value>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) deleted_at: Option<DateTime<Utc>>,
    pub(crate) is_active: bool,
}

/// A group.
#[derive(Debug, Queryable, Selectable, FromRow)]
#[diesel(table_name = tables::groups)]
pub(crate) struct Group {
    pub(crate) id: i32,
    pub(crate) name: Value,
    pub(crate) description: Option<Value>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// A role.
#[derive(Debug, Queryable, Selectable, FromRow)]
#[diesel(table_name = tables::roles)]
pub(crate) struct Role {
    pub(crate) id: i32,
    pub(crate) name: Value,
    pub(crate) description: Option<Value>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// Who writes books.
#[derive(Debug, Queryable, Selectable, Identifiable, FromRow)]
#[diesel(table_name = tables::authors)]
pub(crate) struct Author {
    pub(crate) id: i32,
    pub(crate) name: String,
}

/// What an author wrote.
#[derive(Debug, Queryable, Selectable, Identifiable, Associations, FromRow)]
#[diesel(table_name = tables::books, belongs_to(Author))]
pub(crate) struct Book {
    pub(crate) id: i32,
    pub(crate) author_id: i32,
    pub(crate) title: String,
}

/// A part of a book.
#[derive(Debug, Queryable, Selectable, Identifiable, Associations, FromRow)]
#[diesel(table_name = tables::chapters, belongs_to(Book))]
pub(crate) struct Chapter {
    pub(crate) id: i32,
    pub(crate) book_id: i32,
    pub(crate) title: String,
    pub(crate) pages: i32,
}

/// Authors with books with chapters.
pub(crate) type Tree = Vec<(Author, Vec<(Book, Vec<Chapter>)>)>;

/// Rows of each level put where they belong, by hand.
pub(crate) fn grown(authors: Vec<Author>, books: Vec<Book>, chapters: Vec<Chapter>) -> Tree {
    let mut of_book: HashMap<i32, Vec<Chapter>> = HashMap::with_capacity(books.len());
    for chapter in chapters {
        of_book.entry(chapter.book_id).or_default().push(chapter);
    }
    let mut of_author: HashMap<i32, Vec<(Book, Vec<Chapter>)>> = HashMap::with_capacity(authors.len());
    for book in books {
        let chapters = of_book.remove(&book.id).unwrap_or_default();
        of_author.entry(book.author_id).or_default().push((book, chapters));
    }
    let with_books = |author: Author| {
        let books = of_author.remove(&author.id).unwrap_or_default();
        (author, books)
    };
    authors.into_iter().map(with_books).collect()
}

/// A user's number and name, and a group's name.
pub(crate) type Joined = (i32, String, Option<Value>);

impl Lines for Joined {
    fn lines(&self) -> Vec<String> {
        vec![format!("{self:?}")]
    }
}

/// What a library gave back, as lines that are the same for every library.
pub(crate) trait Lines {
    fn lines(&self) -> Vec<String>;
}

impl<T: Lines> Lines for Vec<T> {
    fn lines(&self) -> Vec<String> {
        self.iter().flat_map(Lines::lines).collect()
    }
}

impl<T: Lines> Lines for Option<T> {
    fn lines(&self) -> Vec<String> {
        self.iter().flat_map(Lines::lines).collect()
    }
}

impl<A: Lines, B: Lines> Lines for (A, B) {
    fn lines(&self) -> Vec<String> {
        [self.0.lines(), self.1.lines()].concat()
    }
}

impl<A: Lines, B: Lines, C: Lines> Lines for (A, B, C) {
    fn lines(&self) -> Vec<String> {
        [self.0.lines(), self.1.lines(), self.2.lines()].concat()
    }
}

/// A number of rows.
impl Lines for i64 {
    fn lines(&self) -> Vec<String> {
        vec![format!("{self} in all")]
    }
}

/// Says of structs, by their fields, what their lines are.
macro_rules! lines {
    ($($row:ty { $($field:ident)* })*) => {
        $(impl $crate::peers::rows::Lines for $row {
            fn lines(&self) -> Vec<String> {
                let fields = [$(format!("{}: {:?}", stringify!($field), self.$field)),*];
                vec![fields.join(", ")]
            }
        })*
    };
}

/// [`lines!`] for all rows of a library, by the names that it gives them.
macro_rules! all_lines {
    ($narrow:ty, $wide:ty, $item:ty, $user:ty, $group:ty, $role:ty, $author:ty, $book:ty, $chapter:ty) => {
        $crate::peers::rows::lines! {
            $narrow { id name amount }
            $wide {
                id public_id title subtitle summary body author editor locale kind place views rating weight is_published is_pinned settings
                published_on created_at updated_at deleted_at
            }
            $item { id sku name price quantity is_active note listed_at }
            $user {
                id full_name email email_verified two_factor_enabled username image oauth_image user_settings created_at updated_at
                deleted_at is_active
            }
            $group { id name description created_at updated_at }
            $role { id name description created_at updated_at }
            $author { id name }
            $book { id author_id title }
            $chapter { id book_id title pages }
        }
    };
}

pub(crate) use {all_lines, lines};

all_lines!(Narrow, Wide, Item, User, Group, Role, Author, Book, Chapter);
