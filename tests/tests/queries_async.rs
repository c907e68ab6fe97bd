//! The same queries from asynchronous connections, pools and transactions.

use elyos_runtime::prelude::*;
use elyos_runtime::query::count;
use elyos_runtime::repositories::*;
use elyos_runtime::{AsyncPool, DbOptions, PoolOptions};
use elyos_tests::seeded;

/// What a query gives, whatever runs it.
fn admins<'a, E: Executor + 'a>(ex: E) -> E::Output<'a, Vec<(i32, i64)>> {
    UserRepository::select().filter(users::EMAIL.starts_with("admin@")).columns((users::ID, users::GROUPS.count())).all(ex)
}

#[tokio::test]
async fn queries_are_futures_too() -> Result<(), Error> {
    let (database, blocking) = tokio::task::spawn_blocking(seeded).await.expect("it does not panic");
    let mut db = AsyncDb::connect(database.url()).await?;
    assert_eq!(admins(&db).await?, [(1, 1)]);
    let trees = UserRepository::select().with(users::GROUPS.with(groups::PERMISSIONS)).all(&db).await?;
    assert_eq!((trees.len(), trees[0].with.0[0].id), (1, 1));
    let rows = [trees[0].row.clone()];
    assert_eq!(users::GROUPS.load(&db, &rows).await?[0].len(), 1);

    let texts = TranslationRepository::select().order_by(translations::ID.asc()).all(&db).await?;
    for unprepared in [false, true] {
        let options = if unprepared { DbOptions::new().unprepared() } else { DbOptions::new() };
        let db = AsyncDb::connect_with(database.url(), options).await?;
        let mut found = Vec::new();
        TranslationRepository::select()
            .order_by(translations::ID.asc())
            .each(&db, |row| {
                found.push(row);
                Ok(())
            })
            .await?;
        assert_eq!(found, texts);
        let mut copied = 0;
        TranslationRepository::copy_out(&db, |_| {
            copied += 1;
            Ok(())
        })
        .await?;
        assert_eq!(copied, texts.len());
        let stopped = TranslationRepository::select().each(&db, |_| Db::connect("no URL").map(drop)).await;
        assert!(stopped.is_err());
        // What was left of the rows is in nobody's way.
        assert_eq!(admins(&db).await?, [(1, 1)]);
    }

    let copied = texts.clone();
    let number = db
        .transaction(async |tx| {
            TranslationRepository::deleting().every_row().run(tx).await?;
            TranslationRepository::copy_in(tx, copied.clone()).await
        })
        .await?;
    assert_eq!(number, texts.len() as u64);
    assert_eq!(TranslationRepository::select().order_by(translations::ID.asc()).all(&db).await?, texts);
    let undone = db
        .transaction(async |tx| {
            UserRepository::updating(UserPatch { is_active: Set(false), ..default() }).every_row().run(tx).await?;
            TranslationRepository::copy_in(tx, texts.clone()).await
        })
        .await;
    assert!(undone.expect_err("the keys are taken").is_unique_violation());
    assert_eq!(UserRepository::select().filter(users::IS_ACTIVE.is_true()).count(&db).await?, 1);

    let pool = AsyncPool::new(database.url(), PoolOptions::new().size(2))?;
    assert_eq!(admins(&pool).await?, [(1, 1)]);
    let sizes = UserGroupRepository::select().group_by(user_groups::GROUP_ID).columns((user_groups::GROUP_ID, count())).all(&pool).await?;
    assert_eq!(sizes, [(1, 1)]);
    let mut seen = 0;
    UserRepository::select()
        .each(&pool, |_| {
            seen += 1;
            Ok(())
        })
        .await?;
    assert_eq!(seen, 1);
    tokio::task::spawn_blocking(move || drop((blocking, database))).await.expect("it does not panic");
    Ok(())
}
