//! `linli backup`, `restore`, `transfer` and `doctor`: what is kept comes back whole, into either engine.

mod doctor;

use crate::{
    reports,
    s3_server::{BUCKET, KEY, Mood, SECRET, serve},
    support::{TestApp, on_both},
};
use app::people::Phone;
use object_store::aws::AmazonS3Builder;
use server::{
    clock,
    config::{BlobsUrl, Config},
    db::{
        Db, Engine,
        dialect::{self, ColumnKind},
    },
    demo,
    operate::backup::{self, backup, backup_from, restore, transfer},
    photos::{Blobs, blobs::Variant},
};
use sqlx::{AssertSqlSafe, Row};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// A Linli with the whole demo in it, and the secret in its file.
async fn lived_in(engine: Engine) -> TestApp {
    let test = TestApp::new(engine).await;
    demo::windows::load(&test.app, &test.loaded).await.expect("windows");
    demo::notices::load(&test.app, &test.loaded).await.expect("notices");
    demo::reports::load(&test.app, &test.loaded).await.expect("reports");
    demo::handlers::load(&test.app, &test.loaded).await.expect("handlers");
    std::fs::write(&test.app.config.secret_file, [7; 32]).expect("written");
    test
}

/// An empty Linli with the same secret.
async fn empty(engine: Engine) -> (TestApp, Config) {
    let test = TestApp::empty(engine).await;
    std::fs::write(&test.app.config.secret_file, [7; 32]).expect("written");
    let config = test.app.config.clone();
    (test, config)
}

/// Every row of every table, each as one text.
async fn everything(db: &Db) -> BTreeMap<String, BTreeSet<String>> {
    let mut snapshot = db.snapshot().await.expect("begin");
    let mut all = BTreeMap::new();
    for table in dialect::tables(db.engine(), &mut snapshot).await.expect("tables") {
        let mut columns = table.columns.clone();
        columns.sort_by(|a, b| a.0.cmp(&b.0));
        let names = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT {names} FROM \"{}\"", table.name);
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *snapshot).await.expect("rows");
        let text = |row: &sqlx::any::AnyRow| {
            let value = |(at, (name, kind)): (usize, &(String, ColumnKind))| match kind {
                ColumnKind::Whole => format!("{name}={:?}", row.get::<Option<i64>, _>(at)),
                ColumnKind::Text => format!("{name}={:?}", row.get::<Option<String>, _>(at)),
                ColumnKind::Real => format!("{name}={:?}", row.get::<Option<f64>, _>(at)),
            };
            columns.iter().enumerate().map(value).collect::<Vec<_>>().join(" ")
        };
        // What the operator does is written down where it was done.
        let ours = |text: &String| table.name != "audit_log" || !text.contains("object_kind=Some(\"database\")");
        all.insert(table.name.clone(), rows.iter().map(text).filter(ours).collect());
    }
    all
}

async fn photos(config: &Config) -> BTreeMap<String, Vec<u8>> {
    let blobs = Blobs::open(&config.blobs_url).expect("opens");
    let mut all = BTreeMap::new();
    for (key, _) in blobs.list().await.expect("lists") {
        let bytes = blobs.read(&key).await.expect("reads").expect("is there");
        all.insert(key, bytes);
    }
    all
}

fn assert_same(before: &BTreeMap<String, BTreeSet<String>>, after: &BTreeMap<String, BTreeSet<String>>) {
    for (table, rows) in before {
        let gone: Vec<_> = rows.difference(&after[table]).take(3).collect();
        let new: Vec<_> = after[table].difference(rows).take(3).collect();
        assert!(gone.is_empty() && new.is_empty(), "{table}: gone {gone:?}, new {new:?}");
    }
    assert_eq!(before.len(), after.len());
}

#[tokio::test]
async fn a_backup_comes_back_whole_into_either_engine() {
    for from in [Engine::Sqlite, Engine::Postgres] {
        let test = lived_in(from).await;
        let before = everything(&test.app.db).await;
        assert!(before["report"].len() > 20 && before["audit_log"].len() > 20, "the demo is in");
        let pictures = photos(&test.app.config).await;
        assert!(pictures.len() > 20, "with its photos");
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path().join("backup");
        let made = backup(&test.app.config, &test.app.clock, &folder).await.expect("a backup");
        assert_eq!(made.blobs.len(), pictures.len());
        // A second one does not overwrite it.
        let again = backup(&test.app.config, &test.app.clock, &folder).await.expect_err("refused");
        assert!(again.to_string().contains("there already"), "{again:#}");
        for to in [Engine::Sqlite, Engine::Postgres] {
            let (target, config) = empty(to).await;
            let back = restore(&config, &target.app.clock, &folder).await.expect("restored");
            assert_eq!(back, made);
            assert_same(&before, &everything(&target.app.db).await);
            assert_eq!(pictures, photos(&config).await);
            // It lives: somebody of before is known by their number, and what they filed is read.
            let phone = Phone::parse("19900000001").expect("a number");
            let id =
                server::people::store::id_by_phone(&target.app.db, &target.app.secrets, &phone).await.expect("reads");
            assert_eq!(id.as_deref(), Some(test.person("19900000001")));
            let list = target.visitor().get("/reports?community=wutong").await;
            assert_eq!(list.status, 200);
            // Not twice.
            let twice = restore(&config, &target.app.clock, &folder).await.expect_err("refused");
            assert!(twice.to_string().contains("not empty"), "{twice:#}");
        }
    }
}

#[tokio::test]
async fn a_backup_is_of_one_moment_while_people_go_on_writing() {
    on_both(|test| async move {
        // All of it: its folder stays as long as it does.
        let test = test;
        std::fs::write(&test.app.config.secret_file, [7; 32]).expect("written");
        let stop = Arc::new(AtomicBool::new(false));
        let (app, over) = (test.app.clone(), stop.clone());
        // Each transaction writes two rows that belong together.
        let writer = tokio::spawn(async move {
            let mut written = 0_u32;
            while !over.load(Ordering::Relaxed) {
                let now = app.clock.now();
                let mut tx = app.db.begin().await.expect("begin");
                for action in ["first", "second"] {
                    sqlx::query(
                        "INSERT INTO audit_log (id, at, actor_kind, action, object_kind, object_id) \
                         VALUES ($1, $2, 'system', $3, 'pair', $4)",
                    )
                    .bind(clock::new_id(now))
                    .bind(now.as_microsecond())
                    .bind(action)
                    .bind(i64::from(written).to_string())
                    .execute(&mut *tx)
                    .await
                    .expect("written");
                }
                tx.commit().await.expect("commit");
                written += 1;
            }
            written
        });
        let place = tempfile::tempdir().expect("a folder");
        let pairs = "SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(DISTINCT object_id) AS BIGINT) FROM audit_log WHERE object_kind = 'pair'";
        let mut seen = Vec::new();
        for n in 0..3 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let folder = place.path().join(n.to_string());
            backup(&test.app.config, &test.app.clock, &folder).await.expect("a backup");
            let db = Db::connect(&format!("sqlite://{}", folder.join("linli.db").display())).await.expect("opens");
            let (rows, transactions): (i64, i64) = sqlx::query_as(pairs).fetch_one(db.read()).await.expect("reads");
            assert_eq!(rows, 2 * transactions, "half a transaction is in the backup");
            seen.push(transactions);
        }
        stop.store(true, Ordering::Relaxed);
        let written = writer.await.expect("wrote");
        assert!(seen.is_sorted() && seen[0] < seen[2] && seen[2] <= i64::from(written), "{seen:?} of {written}");
    })
    .await;
}

/// Key of something larger than what is copied at once.
const LARGE: &str = "archives/0190.zip";

/// Deletes rows by their id.
async fn forget(test: &TestApp, sql: &'static str, id: &str) {
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(sql).bind(id).execute(&mut *tx).await.expect("deleted");
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn what_is_removed_while_a_backup_is_made_is_told_and_so_is_what_was_lost_before() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let test = TestApp::new(engine).await;
        std::fs::write(&test.app.config.secret_file, [7; 32]).expect("written");
        // A store that can be made to take its time.
        let files = tempfile::tempdir().expect("a folder");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let mood = Mood::default();
        let (told, path) = (mood.clone(), files.path().to_owned());
        tokio::spawn(async move { serve(listener, &path, told).await });
        let builder = AmazonS3Builder::new().with_endpoint(endpoint).with_region("us-east-1").with_allow_http(true);
        let builder = builder.with_access_key_id(KEY).with_secret_access_key(SECRET);
        let store = Blobs::s3(builder, BUCKET, "linli").expect("a store");
        let now = test.app.clock.now();
        let [kept, removed, lost] = [0; 3].map(|_| clock::new_id(now));
        let keys = |id: &str| [Variant::Full, Variant::Thumb].map(|variant| Blobs::photo_key(id, variant)).to_vec();
        for id in [&kept, &removed, &lost] {
            if *id != lost {
                store.put(id, Variant::Full, id.clone().into_bytes()).await.expect("stored");
                store.put(id, Variant::Thumb, b"small".to_vec()).await.expect("stored");
            }
            let mut tx = test.app.db.begin().await.expect("begin");
            sqlx::query(
                "INSERT INTO photo (id, width, height, bytes, sha256, created_at) VALUES ($1, 1, 1, 1, '', $2)",
            )
            .bind(id)
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await
            .expect("written");
            tx.commit().await.expect("commit");
        }
        // Of several parts.
        let large: Vec<u8> = (0..6_u32 << 18).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        store.write(LARGE, large.clone()).await.expect("stored");
        // It lists its files three seconds after it was asked; by then somebody has removed a photo, row and files.
        mood.slow(Duration::from_secs(3));
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path().join("backup");
        let somebody = async {
            let begun = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE object_kind = 'database'";
            while reports::count(&test, begun).await == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            forget(&test, "DELETE FROM photo WHERE id = $1", &removed).await;
            let file = files.path().join(BUCKET).join("linli").join(&keys(&removed)[0]);
            std::fs::remove_dir_all(file.parent().expect("a folder")).expect("removed");
            mood.well();
        };
        let (made, ()) = tokio::join!(backup_from(&test.app.config, &test.app.clock, &folder, &store), somebody);
        let made = made.expect("a backup");
        let there = [vec![LARGE.to_owned()], keys(&kept)].concat();
        assert_eq!(made.blobs.keys().cloned().collect::<Vec<_>>(), there);
        assert_eq!((&made.removed, &made.lost), (&keys(&removed), &keys(&lost)));
        assert_eq!(made.rows["photo"], 3, "as the rows were at first");
        let remarks = made.remarks();
        assert!(remarks[0].starts_with("2 photos") && remarks[0].contains(&removed), "{remarks:?}");
        assert!(remarks[1].starts_with("2 photos") && remarks[1].contains(&lost), "{remarks:?}");
        // It is whole, and whoever brings it back is told the same.
        let (target, config) = empty(engine).await;
        let back = restore(&config, &target.app.clock, &folder).await.expect("restored");
        assert_eq!((back.remarks(), &back), (remarks, &made));
        let found = photos(&config).await;
        assert_eq!(found.keys().cloned().collect::<Vec<_>>(), there);
        assert!(found[LARGE] == large, "every part in its place");
        // A manifest of before names nothing.
        let file = folder.join("manifest.json");
        let mut old: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).expect("read")).expect("JSON");
        let all = old.as_object_mut().expect("an object");
        assert!(all.remove("removed").is_some() && all.remove("lost").is_some());
        std::fs::write(&file, old.to_string()).expect("written");
        assert!(backup::check(&folder).await.expect("whole").remarks().is_empty());
    }
}

#[tokio::test]
async fn something_large_is_copied_part_by_part() {
    let places = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let [from, to] =
        places.each_ref().map(|place| Blobs::open(&BlobsUrl::Folder(place.path().to_owned())).expect("opens"));
    let large: Vec<u8> = (0..12_u32 << 18).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let key = LARGE;
    from.write(key, large.clone()).await.expect("written");
    let (mut parts, mut sum) = (Vec::new(), 0);
    let seen = |part: &[u8]| {
        parts.push(part.len());
        sum += part.len();
    };
    assert!(from.copy(key, &to, seen).await.expect("copied"));
    assert_eq!(sum, large.len());
    assert!(parts.iter().all(|part| *part <= 5 << 20), "never the whole of it: {parts:?}");
    assert!(to.read(key).await.expect("reads") == Some(large), "and all of it");
    from.write("files/empty.pdf", Vec::new()).await.expect("written");
    assert!(from.copy("files/empty.pdf", &to, |_| ()).await.expect("copied"));
    assert_eq!(to.read("files/empty.pdf").await.expect("reads"), Some(Vec::new()));
    assert!(!from.copy("files/none.pdf", &to, |_| ()).await.expect("looked for"));
}

#[tokio::test]
async fn what_is_damaged_foreign_or_in_the_way_is_refused_before_anything_changes() {
    let test = lived_in(Engine::Sqlite).await;
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("backup");
    let made = backup(&test.app.config, &test.app.clock, &folder).await.expect("a backup");
    let (target, config) = empty(Engine::Sqlite).await;
    let untouched = everything(&target.app.db).await;
    let refused = async |config: &Config, why: &str| {
        let error = restore(config, &target.app.clock, &folder).await.expect_err(why);
        assert!(format!("{error:#}").contains(why), "{error:#}");
    };
    // Another Linli's secret.
    let other = Config { secret_file: place.path().join("other"), ..config.clone() };
    refused(&other, "put the secret").await;
    std::fs::write(&other.secret_file, [8; 32]).expect("written");
    refused(&other, "another than the backup's").await;
    // Photos of somebody else in the way.
    let strange = Blobs::open(&config.blobs_url).expect("opens");
    strange.write("photos/00000000/x/full.jpg", b"somebody else's".to_vec()).await.expect("written");
    refused(&config, "not empty").await;
    strange.remove("photos/00000000/x/full.jpg").await.expect("removed");
    // One byte of one photo.
    let (key, _) = made.blobs.iter().next().expect("a photo");
    let photo = folder.join("blobs").join(key);
    let good = std::fs::read(&photo).expect("reads");
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 1;
    std::fs::write(&photo, bad).expect("written");
    refused(&config, key).await;
    std::fs::remove_file(&photo).expect("removed");
    refused(&config, key).await;
    std::fs::write(&photo, good).expect("written");
    // One byte of the rows.
    let file = folder.join("linli.db");
    let good = std::fs::read(&file).expect("reads");
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 1;
    std::fs::write(&file, bad).expect("written");
    refused(&config, "linli.db").await;
    std::fs::write(&file, good).expect("written");
    // A backup that was not finished.
    let manifest = folder.join("manifest.json");
    std::fs::rename(&manifest, place.path().join("aside")).expect("renamed");
    refused(&config, "no whole backup").await;
    std::fs::rename(place.path().join("aside"), &manifest).expect("renamed");
    assert_same(&untouched, &everything(&target.app.db).await);
    assert!(photos(&config).await.is_empty());
    // What broke off while photos were brought is taken up again.
    let blobs = Blobs::open(&config.blobs_url).expect("opens");
    blobs.write(key, std::fs::read(&photo).expect("reads")).await.expect("written");
    assert_eq!(backup::check(&folder).await.expect("whole"), made);
    restore(&config, &target.app.clock, &folder).await.expect("restored");
    assert_same(&everything(&test.app.db).await, &everything(&target.app.db).await);
}

#[tokio::test]
async fn a_linli_on_sqlite_moves_to_postgresql_and_back() {
    for (from, to) in [(Engine::Sqlite, Engine::Postgres), (Engine::Postgres, Engine::Sqlite)] {
        let test = lived_in(from).await;
        let before = everything(&test.app.db).await;
        let (target, _) = empty(to).await;
        let counts = transfer(&test.app.config, &test.app.clock, &target.database_url).await.expect("moved");
        assert_same(&before, &everything(&target.app.db).await);
        for (table, rows) in &before {
            assert_eq!(counts[table], i64::try_from(rows.len()).expect("small"), "{table}");
        }
        // References hold again: nobody can be written who is not there.
        let mut tx = target.app.db.begin().await.expect("begin");
        let wrong = sqlx::query(
            "INSERT INTO audit_log (id, at, actor_id, actor_kind, action, object_kind, object_id) \
             VALUES ('x', 1, 'nobody', 'person', 'a', 'b', 'c')",
        )
        .execute(&mut *tx)
        .await;
        assert!(wrong.is_err(), "{to:?} takes what refers to nobody");
        drop(tx);
        let again = transfer(&test.app.config, &test.app.clock, &target.database_url).await.expect_err("refused");
        assert!(again.to_string().contains("not empty"), "{again:#}");
    }
}
