//! The tables as Diesel has them.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    bench.narrow (id) {
        id -> BigInt,
        name -> Text,
        amount -> Integer,
    }
}

table! {
    bench.wide (id) {
        id -> BigInt,
        public_id -> Uuid,
        title -> Text,
        subtitle -> Nullable<Text>,
        summary -> Text,
        body -> Text,
        author -> Text,
        editor -> Nullable<Text>,
        locale -> Varchar,
        kind -> SmallInt,
        place -> Integer,
        views -> BigInt,
        rating -> Double,
        weight -> Nullable<Float>,
        is_published -> Bool,
        is_pinned -> Bool,
        settings -> Jsonb,
        published_on -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

table! {
    bench.items (id) {
        id -> BigInt,
        sku -> Text,
        name -> Text,
        price -> BigInt,
        quantity -> Integer,
        is_active -> Bool,
        note -> Nullable<Text>,
        listed_at -> Timestamptz,
    }
}

table! {
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

table! {
    auth.groups (id) {
        id -> Integer,
        name -> Jsonb,
        description -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

table! {
    auth.roles (id) {
        id -> Integer,
        name -> Jsonb,
        description -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

table! {
    auth.user_groups (user_id, group_id) {
        user_id -> Integer,
        group_id -> Integer,
    }
}

table! {
    auth.user_roles (user_id, role_id) {
        user_id -> Integer,
        role_id -> Integer,
    }
}

table! {
    library.authors (id) {
        id -> Integer,
        name -> Text,
    }
}

table! {
    library.books (id) {
        id -> Integer,
        author_id -> Integer,
        title -> Text,
    }
}

table! {
    library.chapters (id) {
        id -> Integer,
        book_id -> Integer,
        title -> Text,
        pages -> Integer,
    }
}

joinable!(user_groups -> groups (group_id));
joinable!(user_roles -> roles (role_id));
allow_tables_to_appear_in_same_query!(users, groups, user_groups);
allow_tables_to_appear_in_same_query!(roles, user_roles);
