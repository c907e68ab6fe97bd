//! Apps, texts and notifications.

use elyos_macros::Repository;

/// Registered applications.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "platform.apps", search(app_id, name, description))]
pub struct AppRepository;

/// Notifications of users.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "platform.notifications")]
pub struct NotificationRepository;

/// Texts of the interface, in every language.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "platform.translations", search(key, value))]
pub struct TranslationRepository;

/// Themes to choose from.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "platform.theme_presets", search(name, description))]
pub struct ThemePresetsRepository;

/// Supported languages.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "platform.locales")]
pub struct LocaleRepository;
