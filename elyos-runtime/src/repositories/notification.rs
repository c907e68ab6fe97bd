//! Notifications of users.

use elyos_macros::Repository;

use crate::executor::Executor;
use crate::page::PageRequest;
use crate::query::Travel;
use crate::query::text::{All, Any, Number, Text};
use crate::repository::Repository;

/// Notifications of users.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "platform.notifications", to_one(USER: super::UserRepository))]
pub struct NotificationRepository;

impl NotificationRepository {
    /// A page of the user's notifications: those not read first, of each the newest first. The request's own sorts decide before that.
    pub fn list_of_user<'a, E: Executor + 'a>(ex: E, user_id: i32, request: &PageRequest<Self>) -> E::Output<'a, Vec<NotificationRow>> {
        let mut sql = format!("SELECT {} FROM platform.notifications WHERE user_id = $1 ORDER BY ", Self::SELECT);
        for sort in request.sorts() {
            sql.push_str(sort.def.quoted());
            sql.push_str(if sort.descending { " DESC, " } else { ", " });
        }
        sql.push_str("is_read, created_at DESC, id DESC LIMIT $2 OFFSET $3");
        let query = Text::<All<NotificationRow>>::new(sql).bind(user_id, Travel::INT4);
        ex.run(query.bind(request.limit(), Travel::INT8).bind(request.offset(), Travel::INT8))
    }

    /// How many of the user's notifications are not read.
    pub fn count_unread<'a, E: Executor + 'a>(ex: E, user_id: i32) -> E::Output<'a, i64> {
        let sql = "SELECT count(*) FROM platform.notifications WHERE user_id = $1 AND NOT is_read";
        ex.run(Text::<Number>::new(sql).bind(user_id, Travel::INT4))
    }

    /// Marks one of the user's notifications as read; false where there is none that was not.
    pub fn mark_read<'a, E: Executor + 'a>(ex: E, user_id: i32, id: i32) -> E::Output<'a, bool> {
        let sql = "UPDATE platform.notifications SET is_read = true, read_at = now() \
                   WHERE id = $2 AND user_id = $1 AND NOT is_read RETURNING true";
        ex.run(Text::<Any>::new(sql).bind(user_id, Travel::INT4).bind(id, Travel::INT4))
    }

    /// Marks all of the user's notifications as read; gives how many were not.
    pub fn mark_all_read<'a, E: Executor + 'a>(ex: E, user_id: i32) -> E::Output<'a, i64> {
        let sql = "WITH read AS (UPDATE platform.notifications SET is_read = true, read_at = now() \
                   WHERE user_id = $1 AND NOT is_read RETURNING 1) SELECT count(*) FROM read";
        ex.run(Text::<Number>::new(sql).bind(user_id, Travel::INT4))
    }

    /// Deletes one of the user's notifications; false where there is none, or where it is another user's.
    pub fn delete_of_user<'a, E: Executor + 'a>(ex: E, user_id: i32, id: i32) -> E::Output<'a, bool> {
        let sql = "DELETE FROM platform.notifications WHERE id = $2 AND user_id = $1 RETURNING true";
        ex.run(Text::<Any>::new(sql).bind(user_id, Travel::INT4).bind(id, Travel::INT4))
    }

    /// Deletes all of the user's notifications; gives how many there were.
    pub fn delete_all_of_user<'a, E: Executor + 'a>(ex: E, user_id: i32) -> E::Output<'a, i64> {
        let sql = "WITH gone AS (DELETE FROM platform.notifications WHERE user_id = $1 RETURNING 1) SELECT count(*) FROM gone";
        ex.run(Text::<Number>::new(sql).bind(user_id, Travel::INT4))
    }
}
