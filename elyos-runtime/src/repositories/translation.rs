//! The texts of the interface.

use elyos_macros::Repository;

use crate::error::Result;
use crate::executor::Executor;
use crate::query::text::{All, First, Text};
use crate::query::{Cells, FromRow, Travel};

/// Texts of the interface, in every language.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "platform.translations", search(key, value))]
pub struct TranslationRepository;

/// A text, in the locale that was wanted or in the one to fall back on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranslatedText {
    /// Its key in the namespace.
    pub key: String,
    /// The text.
    pub value: String,
    /// The locale that it is in.
    pub locale: String,
}

impl FromRow for TranslatedText {
    const WIDTH: usize = 3;

    fn from_row<C: Cells>(cells: &C, first: usize) -> Result<Self> {
        Ok(Self { key: cells.cell(first)?, value: cells.cell(first + 1)?, locale: cells.cell(first + 2)? })
    }
}

/// One text a key: that of the locale `$2` before that of `$3`.
const TEXTS: &str = "SELECT DISTINCT ON (key) key, value, locale FROM platform.translations WHERE namespace = $1 AND locale IN ($2, $3)";

fn texts<A>(narrowed: &str, namespace: &str, locale: &str, fallback: &str) -> Text<A> {
    Text::new(format!("{TEXTS}{narrowed} ORDER BY key, locale = $2 DESC"))
        .bind(namespace.to_owned(), Travel::VARCHAR)
        .bind(locale.to_owned(), Travel::VARCHAR)
        .bind(fallback.to_owned(), Travel::VARCHAR)
}

impl TranslationRepository {
    /// The texts of a namespace, by key: in the locale where there is one, else in the one to fall back on.
    ///
    /// ```no_run
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::repositories::TranslationRepository;
    ///
    /// # fn main() -> Result<(), Error> {
    /// let db = Db::connect_from_env()?;
    /// for text in TranslationRepository::list_of_namespace(&db, "settings", "hu", "en")? {
    ///     println!("{} = {}", text.key, text.value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_of_namespace<'a, E: Executor + 'a>(
        ex: E,
        namespace: &str,
        locale: &str,
        fallback: &str,
    ) -> E::Output<'a, Vec<TranslatedText>> {
        ex.run(texts::<All<TranslatedText>>("", namespace, locale, fallback))
    }

    /// The texts of these keys, by key; for a key that has none in either locale there is none.
    pub fn list_of_keys<'a, E: Executor + 'a>(
        ex: E,
        namespace: &str,
        keys: &[&str],
        locale: &str,
        fallback: &str,
    ) -> E::Output<'a, Vec<TranslatedText>> {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        let query = texts::<All<TranslatedText>>(" AND key = ANY($4)", namespace, locale, fallback);
        ex.run(query.bind_all(keys, Travel::VARCHAR))
    }

    /// The text of a key.
    pub fn find_text<'a, E: Executor + 'a>(
        ex: E,
        namespace: &str,
        key: &str,
        locale: &str,
        fallback: &str,
    ) -> E::Output<'a, Option<TranslatedText>> {
        let query = texts::<First<TranslatedText>>(" AND key = $4", namespace, locale, fallback);
        ex.run(query.bind(key.to_owned(), Travel::VARCHAR))
    }

    /// Sets the text of a key in a locale, whether or not there is one.
    pub fn set_text<'a, E: Executor + 'a>(ex: E, namespace: &str, key: &str, locale: &str, value: &str) -> E::Output<'a, TranslationRow> {
        let new = NewTranslation {
            locale: locale.to_owned(),
            namespace: namespace.to_owned(),
            key: key.to_owned(),
            value: value.to_owned(),
            optional: NewTranslationOptional::default(),
        };
        <Self as crate::repository::Upsertable>::upsert(ex, new, TranslationTarget::LocaleAndNamespaceAndKey)
    }
}
