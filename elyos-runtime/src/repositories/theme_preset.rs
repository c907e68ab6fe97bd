//! Themes to choose from, and languages to choose from.

use elyos_macros::Repository;

use crate::executor::Executor;
use crate::query::Travel;
use crate::query::text::{All, First, Text};
use crate::repository::Repository;

/// Themes to choose from.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "platform.theme_presets", search(name, description))]
pub struct ThemePresetsRepository;

/// Supported languages.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "platform.locales")]
pub struct LocaleRepository;

impl ThemePresetsRepository {
    /// The presets of a locale, in the order to show them in.
    pub fn list_of_locale<'a, E: Executor + 'a>(ex: E, locale: &str) -> E::Output<'a, Vec<ThemePresetsRow>> {
        let sql = format!("SELECT {} FROM platform.theme_presets WHERE locale = $1 ORDER BY sort_order, id", Self::SELECT);
        ex.run(Text::<All<ThemePresetsRow>>::new(sql).bind(locale.to_owned(), Travel::VARCHAR))
    }

    /// The preset of a locale that is taken unless another is chosen; the first where several say that they are.
    pub fn find_default<'a, E: Executor + 'a>(ex: E, locale: &str) -> E::Output<'a, Option<ThemePresetsRow>> {
        let sql =
            format!("SELECT {} FROM platform.theme_presets WHERE locale = $1 AND is_default ORDER BY sort_order, id LIMIT 1", Self::SELECT);
        ex.run(Text::<First<ThemePresetsRow>>::new(sql).bind(locale.to_owned(), Travel::VARCHAR))
    }
}
