//! The eight tables in Diesel: rows, what is inserted, what is changed, and the methods that a derive of Elyos gives them.

#![allow(dead_code, reason = "not every method is called")]

use chrono::{DateTime, Utc};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::Value;

diesel::table! {
    auth.users (id) {
        id -> Integer,
        full_name -> Varchar,
        email -> Varchar,
        email_verified -> Bool,
        two_factor_enabled -> Bool,
        username -> Nullable<Varchar>,
        image -> Nullable<Varchar>,
        oauth_image -> Nullable<Varchar>,
        user_settings -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        is_active -> Bool,
    }
}

diesel::table! {
    auth.groups (id) {
        id -> Integer,
        name -> Jsonb,
        description -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    auth.roles (id) {
        id -> Integer,
        name -> Jsonb,
        description -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    auth.permissions (id) {
        id -> Integer,
        name -> Varchar,
        description -> Nullable<Text>,
        resource_id -> Nullable<Integer>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    platform.apps (id) {
        id -> Integer,
        app_id -> Varchar,
        name -> Jsonb,
        description -> Nullable<Jsonb>,
        version -> Varchar,
        icon -> Varchar,
        icon_style -> Nullable<Varchar>,
        category -> Varchar,
        permissions -> Nullable<Jsonb>,
        multi_instance -> Bool,
        default_size -> Jsonb,
        min_size -> Jsonb,
        max_size -> Nullable<Jsonb>,
        author -> Nullable<Varchar>,
        keywords -> Nullable<Jsonb>,
        help_id -> Nullable<Integer>,
        is_active -> Bool,
        is_public -> Bool,
        sort_order -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        app_type -> Nullable<Varchar>,
        plugin_version -> Nullable<Varchar>,
        plugin_author -> Nullable<Varchar>,
        plugin_description -> Nullable<Text>,
        plugin_permissions -> Nullable<Jsonb>,
        plugin_dependencies -> Nullable<Jsonb>,
        plugin_min_webos_version -> Nullable<Varchar>,
        plugin_status -> Nullable<Varchar>,
        plugin_installed_at -> Nullable<Timestamptz>,
        plugin_updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    platform.notifications (id) {
        id -> Integer,
        user_id -> Integer,
        app_name -> Nullable<Text>,
        title -> Jsonb,
        message -> Jsonb,
        details -> Nullable<Jsonb>,
        #[sql_name = "type"]
        type_ -> Text,
        is_read -> Bool,
        data -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        read_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    platform.translations (id) {
        id -> Integer,
        locale -> Varchar,
        namespace -> Varchar,
        key -> Varchar,
        value -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    platform.theme_presets (id) {
        id -> Integer,
        locale -> Varchar,
        name -> Text,
        description -> Nullable<Text>,
        settings -> Jsonb,
        is_default -> Bool,
        sort_order -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = users, primary_key(id))]
pub struct User {
    pub id: i32,
    pub full_name: String,
    pub email: String,
    pub email_verified: bool,
    pub two_factor_enabled: bool,
    pub username: Option<String>,
    pub image: Option<String>,
    pub oauth_image: Option<String>,
    pub user_settings: Option<Value>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub is_active: bool,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = users)]
pub struct NewUser {
    pub id: Option<i32>,
    pub full_name: String,
    pub email: String,
    pub email_verified: Option<bool>,
    pub two_factor_enabled: Option<bool>,
    pub username: Option<String>,
    pub image: Option<String>,
    pub oauth_image: Option<String>,
    pub user_settings: Option<Value>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub is_active: Option<bool>,
}

#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = users)]
pub struct UserChanges {
    pub full_name: Option<String>,
    pub email: Option<String>,
    pub email_verified: Option<bool>,
    pub two_factor_enabled: Option<bool>,
    pub username: Option<Option<String>>,
    pub image: Option<Option<String>>,
    pub oauth_image: Option<Option<String>>,
    pub user_settings: Option<Option<Value>>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<Option<DateTime<Utc>>>,
    pub is_active: Option<bool>,
}

impl User {
    pub fn find(connection: &mut PgConnection, key: i32) -> QueryResult<Option<Self>> {
        users::table.find(key).select(Self::as_select()).first(connection).optional()
    }

    pub fn page(connection: &mut PgConnection, limit: i64, offset: i64) -> QueryResult<(Vec<Self>, i64)> {
        let rows = users::table.order(users::id).limit(limit).offset(offset).select(Self::as_select()).load(connection)?;
        Ok((rows, users::table.count().get_result(connection)?))
    }

    pub fn insert(connection: &mut PgConnection, new: &NewUser) -> QueryResult<Self> {
        diesel::insert_into(users::table).values(new).returning(Self::as_returning()).get_result(connection)
    }

    pub fn insert_many(connection: &mut PgConnection, new: &[NewUser]) -> QueryResult<Vec<Self>> {
        diesel::insert_into(users::table).values(new).returning(Self::as_returning()).get_results(connection)
    }

    pub fn update(connection: &mut PgConnection, key: i32, changes: &UserChanges) -> QueryResult<Self> {
        diesel::update(users::table.find(key)).set(changes).returning(Self::as_returning()).get_result(connection)
    }

    pub fn delete(connection: &mut PgConnection, key: i32) -> QueryResult<bool> {
        diesel::delete(users::table.find(key)).execute(connection).map(|count| count > 0)
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = groups, primary_key(id))]
pub struct Group {
    pub id: i32,
    pub name: Value,
    pub description: Option<Value>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = groups)]
pub struct NewGroup {
    pub id: Option<i32>,
    pub name: Value,
    pub description: Option<Value>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = groups)]
pub struct GroupChanges {
    pub name: Option<Value>,
    pub description: Option<Option<Value>>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

impl Group {
    pub fn find(connection: &mut PgConnection, key: i32) -> QueryResult<Option<Self>> {
        groups::table.find(key).select(Self::as_select()).first(connection).optional()
    }

    pub fn page(connection: &mut PgConnection, limit: i64, offset: i64) -> QueryResult<(Vec<Self>, i64)> {
        let rows = groups::table.order(groups::id).limit(limit).offset(offset).select(Self::as_select()).load(connection)?;
        Ok((rows, groups::table.count().get_result(connection)?))
    }

    pub fn insert(connection: &mut PgConnection, new: &NewGroup) -> QueryResult<Self> {
        diesel::insert_into(groups::table).values(new).returning(Self::as_returning()).get_result(connection)
    }

    pub fn insert_many(connection: &mut PgConnection, new: &[NewGroup]) -> QueryResult<Vec<Self>> {
        diesel::insert_into(groups::table).values(new).returning(Self::as_returning()).get_results(connection)
    }

    pub fn update(connection: &mut PgConnection, key: i32, changes: &GroupChanges) -> QueryResult<Self> {
        diesel::update(groups::table.find(key)).set(changes).returning(Self::as_returning()).get_result(connection)
    }

    pub fn delete(connection: &mut PgConnection, key: i32) -> QueryResult<bool> {
        diesel::delete(groups::table.find(key)).execute(connection).map(|count| count > 0)
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = roles, primary_key(id))]
pub struct Role {
    pub id: i32,
    pub name: Value,
    pub description: Option<Value>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = roles)]
pub struct NewRole {
    pub id: Option<i32>,
    pub name: Value,
    pub description: Option<Value>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = roles)]
pub struct RoleChanges {
    pub name: Option<Value>,
    pub description: Option<Option<Value>>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

impl Role {
    pub fn find(connection: &mut PgConnection, key: i32) -> QueryResult<Option<Self>> {
        roles::table.find(key).select(Self::as_select()).first(connection).optional()
    }

    pub fn page(connection: &mut PgConnection, limit: i64, offset: i64) -> QueryResult<(Vec<Self>, i64)> {
        let rows = roles::table.order(roles::id).limit(limit).offset(offset).select(Self::as_select()).load(connection)?;
        Ok((rows, roles::table.count().get_result(connection)?))
    }

    pub fn insert(connection: &mut PgConnection, new: &NewRole) -> QueryResult<Self> {
        diesel::insert_into(roles::table).values(new).returning(Self::as_returning()).get_result(connection)
    }

    pub fn insert_many(connection: &mut PgConnection, new: &[NewRole]) -> QueryResult<Vec<Self>> {
        diesel::insert_into(roles::table).values(new).returning(Self::as_returning()).get_results(connection)
    }

    pub fn update(connection: &mut PgConnection, key: i32, changes: &RoleChanges) -> QueryResult<Self> {
        diesel::update(roles::table.find(key)).set(changes).returning(Self::as_returning()).get_result(connection)
    }

    pub fn delete(connection: &mut PgConnection, key: i32) -> QueryResult<bool> {
        diesel::delete(roles::table.find(key)).execute(connection).map(|count| count > 0)
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = permissions, primary_key(id))]
pub struct Permission {
    pub id: i32,
    pub name: String,
    pub description: Option<String>,
    pub resource_id: Option<i32>,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = permissions)]
pub struct NewPermission {
    pub id: Option<i32>,
    pub name: String,
    pub description: Option<String>,
    pub resource_id: Option<i32>,
    pub created_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = permissions)]
pub struct PermissionChanges {
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    pub resource_id: Option<Option<i32>>,
    pub created_at: Option<DateTime<Utc>>,
}

impl Permission {
    pub fn find(connection: &mut PgConnection, key: i32) -> QueryResult<Option<Self>> {
        permissions::table.find(key).select(Self::as_select()).first(connection).optional()
    }

    pub fn page(connection: &mut PgConnection, limit: i64, offset: i64) -> QueryResult<(Vec<Self>, i64)> {
        let rows = permissions::table.order(permissions::id).limit(limit).offset(offset).select(Self::as_select()).load(connection)?;
        Ok((rows, permissions::table.count().get_result(connection)?))
    }

    pub fn insert(connection: &mut PgConnection, new: &NewPermission) -> QueryResult<Self> {
        diesel::insert_into(permissions::table).values(new).returning(Self::as_returning()).get_result(connection)
    }

    pub fn insert_many(connection: &mut PgConnection, new: &[NewPermission]) -> QueryResult<Vec<Self>> {
        diesel::insert_into(permissions::table).values(new).returning(Self::as_returning()).get_results(connection)
    }

    pub fn update(connection: &mut PgConnection, key: i32, changes: &PermissionChanges) -> QueryResult<Self> {
        diesel::update(permissions::table.find(key)).set(changes).returning(Self::as_returning()).get_result(connection)
    }

    pub fn delete(connection: &mut PgConnection, key: i32) -> QueryResult<bool> {
        diesel::delete(permissions::table.find(key)).execute(connection).map(|count| count > 0)
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = apps, primary_key(id))]
pub struct App {
    pub id: i32,
    pub app_id: String,
    pub name: Value,
    pub description: Option<Value>,
    pub version: String,
    pub icon: String,
    pub icon_style: Option<String>,
    pub category: String,
    pub permissions: Option<Value>,
    pub multi_instance: bool,
    pub default_size: Value,
    pub min_size: Value,
    pub max_size: Option<Value>,
    pub author: Option<String>,
    pub keywords: Option<Value>,
    pub help_id: Option<i32>,
    pub is_active: bool,
    pub is_public: bool,
    pub sort_order: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub app_type: Option<String>,
    pub plugin_version: Option<String>,
    pub plugin_author: Option<String>,
    pub plugin_description: Option<String>,
    pub plugin_permissions: Option<Value>,
    pub plugin_dependencies: Option<Value>,
    pub plugin_min_webos_version: Option<String>,
    pub plugin_status: Option<String>,
    pub plugin_installed_at: Option<DateTime<Utc>>,
    pub plugin_updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = apps)]
pub struct NewApp {
    pub id: Option<i32>,
    pub app_id: String,
    pub name: Value,
    pub description: Option<Value>,
    pub version: String,
    pub icon: String,
    pub icon_style: Option<String>,
    pub category: String,
    pub permissions: Option<Value>,
    pub multi_instance: Option<bool>,
    pub default_size: Value,
    pub min_size: Value,
    pub max_size: Option<Value>,
    pub author: Option<String>,
    pub keywords: Option<Value>,
    pub help_id: Option<i32>,
    pub is_active: Option<bool>,
    pub is_public: Option<bool>,
    pub sort_order: Option<i32>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
    pub app_type: Option<String>,
    pub plugin_version: Option<String>,
    pub plugin_author: Option<String>,
    pub plugin_description: Option<String>,
    pub plugin_permissions: Option<Value>,
    pub plugin_dependencies: Option<Value>,
    pub plugin_min_webos_version: Option<String>,
    pub plugin_status: Option<String>,
    pub plugin_installed_at: Option<DateTime<Utc>>,
    pub plugin_updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = apps)]
pub struct AppChanges {
    pub app_id: Option<String>,
    pub name: Option<Value>,
    pub description: Option<Option<Value>>,
    pub version: Option<String>,
    pub icon: Option<String>,
    pub icon_style: Option<Option<String>>,
    pub category: Option<String>,
    pub permissions: Option<Option<Value>>,
    pub multi_instance: Option<bool>,
    pub default_size: Option<Value>,
    pub min_size: Option<Value>,
    pub max_size: Option<Option<Value>>,
    pub author: Option<Option<String>>,
    pub keywords: Option<Option<Value>>,
    pub help_id: Option<Option<i32>>,
    pub is_active: Option<bool>,
    pub is_public: Option<bool>,
    pub sort_order: Option<i32>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
    pub app_type: Option<Option<String>>,
    pub plugin_version: Option<Option<String>>,
    pub plugin_author: Option<Option<String>>,
    pub plugin_description: Option<Option<String>>,
    pub plugin_permissions: Option<Option<Value>>,
    pub plugin_dependencies: Option<Option<Value>>,
    pub plugin_min_webos_version: Option<Option<String>>,
    pub plugin_status: Option<Option<String>>,
    pub plugin_installed_at: Option<Option<DateTime<Utc>>>,
    pub plugin_updated_at: Option<Option<DateTime<Utc>>>,
}

impl App {
    pub fn find(connection: &mut PgConnection, key: i32) -> QueryResult<Option<Self>> {
        apps::table.find(key).select(Self::as_select()).first(connection).optional()
    }

    pub fn page(connection: &mut PgConnection, limit: i64, offset: i64) -> QueryResult<(Vec<Self>, i64)> {
        let rows = apps::table.order(apps::id).limit(limit).offset(offset).select(Self::as_select()).load(connection)?;
        Ok((rows, apps::table.count().get_result(connection)?))
    }

    pub fn insert(connection: &mut PgConnection, new: &NewApp) -> QueryResult<Self> {
        diesel::insert_into(apps::table).values(new).returning(Self::as_returning()).get_result(connection)
    }

    pub fn insert_many(connection: &mut PgConnection, new: &[NewApp]) -> QueryResult<Vec<Self>> {
        diesel::insert_into(apps::table).values(new).returning(Self::as_returning()).get_results(connection)
    }

    pub fn update(connection: &mut PgConnection, key: i32, changes: &AppChanges) -> QueryResult<Self> {
        diesel::update(apps::table.find(key)).set(changes).returning(Self::as_returning()).get_result(connection)
    }

    pub fn delete(connection: &mut PgConnection, key: i32) -> QueryResult<bool> {
        diesel::delete(apps::table.find(key)).execute(connection).map(|count| count > 0)
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = notifications, primary_key(id))]
pub struct Notification {
    pub id: i32,
    pub user_id: i32,
    pub app_name: Option<String>,
    pub title: Value,
    pub message: Value,
    pub details: Option<Value>,
    pub type_: String,
    pub is_read: bool,
    pub data: Option<Value>,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = notifications)]
pub struct NewNotification {
    pub id: Option<i32>,
    pub user_id: i32,
    pub app_name: Option<String>,
    pub title: Value,
    pub message: Value,
    pub details: Option<Value>,
    pub type_: Option<String>,
    pub is_read: Option<bool>,
    pub data: Option<Value>,
    pub created_at: Option<DateTime<Utc>>,
    pub read_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = notifications)]
pub struct NotificationChanges {
    pub user_id: Option<i32>,
    pub app_name: Option<Option<String>>,
    pub title: Option<Value>,
    pub message: Option<Value>,
    pub details: Option<Option<Value>>,
    pub type_: Option<String>,
    pub is_read: Option<bool>,
    pub data: Option<Option<Value>>,
    pub created_at: Option<DateTime<Utc>>,
    pub read_at: Option<Option<DateTime<Utc>>>,
}

impl Notification {
    pub fn find(connection: &mut PgConnection, key: i32) -> QueryResult<Option<Self>> {
        notifications::table.find(key).select(Self::as_select()).first(connection).optional()
    }

    pub fn page(connection: &mut PgConnection, limit: i64, offset: i64) -> QueryResult<(Vec<Self>, i64)> {
        let rows = notifications::table.order(notifications::id).limit(limit).offset(offset).select(Self::as_select()).load(connection)?;
        Ok((rows, notifications::table.count().get_result(connection)?))
    }

    pub fn insert(connection: &mut PgConnection, new: &NewNotification) -> QueryResult<Self> {
        diesel::insert_into(notifications::table).values(new).returning(Self::as_returning()).get_result(connection)
    }

    pub fn insert_many(connection: &mut PgConnection, new: &[NewNotification]) -> QueryResult<Vec<Self>> {
        diesel::insert_into(notifications::table).values(new).returning(Self::as_returning()).get_results(connection)
    }

    pub fn update(connection: &mut PgConnection, key: i32, changes: &NotificationChanges) -> QueryResult<Self> {
        diesel::update(notifications::table.find(key)).set(changes).returning(Self::as_returning()).get_result(connection)
    }

    pub fn delete(connection: &mut PgConnection, key: i32) -> QueryResult<bool> {
        diesel::delete(notifications::table.find(key)).execute(connection).map(|count| count > 0)
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = translations, primary_key(id))]
pub struct Translation {
    pub id: i32,
    pub locale: String,
    pub namespace: String,
    pub key: String,
    pub value: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = translations)]
pub struct NewTranslation {
    pub id: Option<i32>,
    pub locale: String,
    pub namespace: String,
    pub key: String,
    pub value: String,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = translations)]
pub struct TranslationChanges {
    pub locale: Option<String>,
    pub namespace: Option<String>,
    pub key: Option<String>,
    pub value: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

impl Translation {
    pub fn find(connection: &mut PgConnection, key: i32) -> QueryResult<Option<Self>> {
        translations::table.find(key).select(Self::as_select()).first(connection).optional()
    }

    pub fn page(connection: &mut PgConnection, limit: i64, offset: i64) -> QueryResult<(Vec<Self>, i64)> {
        let rows = translations::table.order(translations::id).limit(limit).offset(offset).select(Self::as_select()).load(connection)?;
        Ok((rows, translations::table.count().get_result(connection)?))
    }

    pub fn insert(connection: &mut PgConnection, new: &NewTranslation) -> QueryResult<Self> {
        diesel::insert_into(translations::table).values(new).returning(Self::as_returning()).get_result(connection)
    }

    pub fn insert_many(connection: &mut PgConnection, new: &[NewTranslation]) -> QueryResult<Vec<Self>> {
        diesel::insert_into(translations::table).values(new).returning(Self::as_returning()).get_results(connection)
    }

    pub fn update(connection: &mut PgConnection, key: i32, changes: &TranslationChanges) -> QueryResult<Self> {
        diesel::update(translations::table.find(key)).set(changes).returning(Self::as_returning()).get_result(connection)
    }

    pub fn delete(connection: &mut PgConnection, key: i32) -> QueryResult<bool> {
        diesel::delete(translations::table.find(key)).execute(connection).map(|count| count > 0)
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = theme_presets, primary_key(id))]
pub struct ThemePreset {
    pub id: i32,
    pub locale: String,
    pub name: String,
    pub description: Option<String>,
    pub settings: Value,
    pub is_default: bool,
    pub sort_order: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = theme_presets)]
pub struct NewThemePreset {
    pub id: Option<i32>,
    pub locale: Option<String>,
    pub name: String,
    pub description: Option<String>,
    pub settings: Value,
    pub is_default: Option<bool>,
    pub sort_order: Option<i32>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = theme_presets)]
pub struct ThemePresetChanges {
    pub locale: Option<String>,
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    pub settings: Option<Value>,
    pub is_default: Option<bool>,
    pub sort_order: Option<i32>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

impl ThemePreset {
    pub fn find(connection: &mut PgConnection, key: i32) -> QueryResult<Option<Self>> {
        theme_presets::table.find(key).select(Self::as_select()).first(connection).optional()
    }

    pub fn page(connection: &mut PgConnection, limit: i64, offset: i64) -> QueryResult<(Vec<Self>, i64)> {
        let rows = theme_presets::table.order(theme_presets::id).limit(limit).offset(offset).select(Self::as_select()).load(connection)?;
        Ok((rows, theme_presets::table.count().get_result(connection)?))
    }

    pub fn insert(connection: &mut PgConnection, new: &NewThemePreset) -> QueryResult<Self> {
        diesel::insert_into(theme_presets::table).values(new).returning(Self::as_returning()).get_result(connection)
    }

    pub fn insert_many(connection: &mut PgConnection, new: &[NewThemePreset]) -> QueryResult<Vec<Self>> {
        diesel::insert_into(theme_presets::table).values(new).returning(Self::as_returning()).get_results(connection)
    }

    pub fn update(connection: &mut PgConnection, key: i32, changes: &ThemePresetChanges) -> QueryResult<Self> {
        diesel::update(theme_presets::table.find(key)).set(changes).returning(Self::as_returning()).get_result(connection)
    }

    pub fn delete(connection: &mut PgConnection, key: i32) -> QueryResult<bool> {
        diesel::delete(theme_presets::table.find(key)).execute(connection).map(|count| count > 0)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut connection = PgConnection::establish(&std::env::var("DATABASE_URL")?)?;
    println!("{:?}", User::find(&mut connection, 1)?);
    println!("{:?}", User::page(&mut connection, 20, 0)?);
    println!("{:?}", User::delete(&mut connection, 1)?);
    println!("{:?}", Group::find(&mut connection, 1)?);
    println!("{:?}", Group::page(&mut connection, 20, 0)?);
    println!("{:?}", Group::delete(&mut connection, 1)?);
    println!("{:?}", Role::find(&mut connection, 1)?);
    println!("{:?}", Role::page(&mut connection, 20, 0)?);
    println!("{:?}", Role::delete(&mut connection, 1)?);
    println!("{:?}", Permission::find(&mut connection, 1)?);
    println!("{:?}", Permission::page(&mut connection, 20, 0)?);
    println!("{:?}", Permission::delete(&mut connection, 1)?);
    println!("{:?}", App::find(&mut connection, 1)?);
    println!("{:?}", App::page(&mut connection, 20, 0)?);
    println!("{:?}", App::delete(&mut connection, 1)?);
    println!("{:?}", Notification::find(&mut connection, 1)?);
    println!("{:?}", Notification::page(&mut connection, 20, 0)?);
    println!("{:?}", Notification::delete(&mut connection, 1)?);
    println!("{:?}", Translation::find(&mut connection, 1)?);
    println!("{:?}", Translation::page(&mut connection, 20, 0)?);
    println!("{:?}", Translation::delete(&mut connection, 1)?);
    println!("{:?}", ThemePreset::find(&mut connection, 1)?);
    println!("{:?}", ThemePreset::page(&mut connection, 20, 0)?);
    println!("{:?}", ThemePreset::delete(&mut connection, 1)?);
    let many = [UserChanges::default(), UserChanges::default()];
    println!("{:?}", User::update(&mut connection, 1, &many[0])?);
    Ok(())
}
