//! The archive of a community: everything of it, nothing of others, readable without Linli, checked by its sums.

use crate::{
    command::{linli, said},
    exports::lived_in,
    imports::{ADMIN, number},
    support::{TestApp, on_both},
};
use server::archive::{self, tables};
use std::{collections::BTreeSet, path::Path};

/// An archive that was asked for, for the test that tries every route: its id.
pub async fn sample(test: &TestApp) -> String {
    let (community, _) = &test.loaded.organisations["wutong"];
    let id = "00000000-0000-7000-8000-000000000009";
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO archive_run (id, organisation_id, person_id, state, created_at) VALUES ($1, $2, $3, 'gone', 0)",
    )
    .bind(id)
    .bind(community)
    .bind(test.person(ADMIN))
    .execute(&mut *tx)
    .await
    .expect("written");
    tx.commit().await.expect("commit");
    id.to_owned()
}

async fn wutong(test: &TestApp) -> server::places::Organisation {
    server::places::store::community_by_code(&test.app.db, "wutong").await.expect("read").expect("there")
}

/// The rows of a table in an archive's folder.
fn rows(folder: &Path, table: &str) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(folder.join(format!("tables/{table}.jsonl"))).expect("a table");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[tokio::test]
async fn an_archive_holds_a_community_and_nothing_of_others() {
    on_both(|test| async move {
        lived_in(&test).await;
        let folder = tempfile::tempdir().expect("a folder");
        let plain = folder.path().join("plain");
        let made = archive::build(&test.app, &wutong(&test).await, &plain, false).await.expect("made");
        assert_eq!(archive::check(&plain).await.expect("whole"), made);
        for table in
            ["organisation", "person", "report", "report_event", "notice", "hall", "appointment", "ticket", "photo"]
        {
            let read = rows(&plain, table);
            assert_eq!(i64::try_from(read.len()).expect("few"), made.rows[table], "{table}");
            assert!(!read.is_empty(), "{table} has rows");
        }
        for row in rows(&plain, "report").iter().chain(&rows(&plain, "organisation")) {
            assert!(row["path"].as_str().expect("a path").starts_with("lanxi/tongyin/wutong/"), "{row}");
        }
        assert!(made.files.keys().any(|name| name.starts_with("files/photos/") && name.ends_with("full.jpg")));
        let all = |folder: &Path| {
            let mut text = String::new();
            for entry in std::fs::read_dir(folder.join("tables")).expect("tables") {
                text.push_str(&std::fs::read_to_string(entry.expect("an entry").path()).expect("text"));
            }
            text
        };
        let text = all(&plain);
        assert!(text.contains("199****0001") && !text.contains("19900000001"), "numbers are masked");
        assert!(!text.contains("_sealed\"") && !text.contains("token_hash"), "nothing that only the server can use");
        assert!(std::fs::read_to_string(plain.join("README.txt")).expect("there").contains("个人信息"));
        let full = folder.path().join("full.zip");
        let made = archive::build(&test.app, &wutong(&test).await, &full, true).await.expect("made");
        assert!(made.with_contacts && made.personal_data);
        assert_eq!(archive::check(&full).await.expect("whole"), made);
        let mut zip = zip::ZipArchive::new(std::fs::File::open(&full).expect("there")).expect("a zip");
        let mut person = String::new();
        std::io::Read::read_to_string(&mut zip.by_name("tables/person.jsonl").expect("there"), &mut person)
            .expect("read");
        assert!(person.contains("\"phone\":\"19900000001\""), "numbers in full where that was asked for");
        // What is changed, missing or strange is named.
        std::fs::write(plain.join("tables/hall.jsonl"), "{}\n").expect("changed");
        std::fs::remove_file(plain.join("README.txt")).expect("removed");
        std::fs::write(plain.join("tables/more.jsonl"), "{}\n").expect("added");
        let wrong = format!("{:#}", archive::check(&plain).await.expect_err("damaged"));
        for words in ["hall.jsonl is damaged", "README.txt is missing", "more.jsonl is strange"] {
            assert!(wrong.contains(words), "{wrong}");
        }
        assert!(archive::build(&test.app, &wutong(&test).await, &plain, false).await.is_err(), "it is there already");
    })
    .await;
}

#[tokio::test]
async fn every_table_is_in_the_archive_or_left_out_on_purpose() {
    on_both(|test| async move {
        let mut tx = test.app.db.snapshot().await.expect("a snapshot");
        let all = server::db::dialect::tables(test.app.db.engine(), &mut tx).await.expect("tables");
        let unknown: BTreeSet<&str> = all
            .iter()
            .map(|table| table.name.as_str())
            .filter(|name| tables::condition(name).is_none() && !tables::LEFT_OUT.contains(name))
            .collect();
        assert_eq!(
            unknown,
            BTreeSet::new(),
            "say in server/src/archive/tables.rs whether a community's archive has them"
        );
    })
    .await;
}

/// The part of docs/operations.md about more than one PostgreSQL says of each table, once, how it knows its community.
#[tokio::test]
async fn every_table_has_its_line_in_the_part_about_more_than_one_postgresql() {
    let test = TestApp::new(server::db::Engine::Sqlite).await;
    let mut tx = test.app.db.snapshot().await.expect("a snapshot");
    let all = server::db::dialect::tables(test.app.db.engine(), &mut tx).await.expect("tables");
    let mut all: Vec<&str> = all.iter().map(|table| table.name.as_str()).collect();
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operations.md"));
    let docs = docs.expect("docs/operations.md");
    let (_, part) = docs.split_once("### Past one PostgreSQL").expect("the part");
    let part = part.split("\n## ").next().expect("its lines");
    // The names stand in the second column, between backticks.
    let cells = part.lines().filter(|line| line.starts_with('|')).filter_map(|line| line.split('|').nth(2));
    let mut named: Vec<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    all.sort_unstable();
    named.sort_unstable();
    assert_eq!(named, all, "left: named in docs/operations.md, right: there");
}

#[tokio::test]
async fn an_archive_is_asked_for_on_the_page_and_fetched_there() {
    on_both(|test| async move {
        let mut admin = test.signed_in(ADMIN).await;
        let asked = admin.post("/staff/archives", &[("community", "wutong"), ("contacts", "1")]).await;
        assert_eq!((asked.status.as_u16(), asked.location()), (303, "/staff/exports"));
        assert!(admin.get("/staff/exports").await.text().contains("正在打包"));
        test.run_jobs().await;
        let page = admin.get("/staff/exports").await.text();
        let href =
            page.split("href=\"/staff/archives/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
        let file = admin.get(&format!("/staff/archives/{href}")).await;
        assert_eq!(file.status, 200);
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.zip"), &file.body).expect("written");
        let made = archive::check(&folder.path().join("a.zip")).await.expect("whole");
        assert_eq!(made.community[0], "wutong");
        let actions: Vec<(String, String)> =
            sqlx::query_as("SELECT action, actor_kind FROM audit_log WHERE object_kind = 'archive' ORDER BY id")
                .fetch_all(test.app.db.read())
                .await
                .expect("read");
        let mut actions: Vec<String> = actions.into_iter().map(|(action, who)| format!("{action} {who}")).collect();
        actions.sort();
        assert_eq!(actions, ["archive.ask person", "archive.make system", "archive.take person"]);
        for phone in ["19900000031", "19900000052", "19900000001"] {
            let mut other = test.signed_in(phone).await;
            assert_eq!(other.get(&format!("/staff/archives/{href}")).await.status, 403, "{phone}");
            assert_eq!(other.post("/staff/archives", &[("community", "wutong")]).await.status, 403, "{phone}");
        }
        // It is gone after a week, from the store as well.
        test.app.clock.advance(jiff::SignedDuration::from_hours(24 * 8));
        archive::runs::sweep(&test.app).await.expect("swept");
        let id = href.split('/').next().expect("an id");
        assert!(test.app.blobs.read(&format!("archives/{id}.zip")).await.expect("read").is_none());
        assert_eq!(
            number(&test.app.db, "SELECT CAST(COUNT(*) AS BIGINT) FROM archive_run WHERE state = 'gone'").await,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn an_operator_writes_and_checks_an_archive() {
    on_both(|test| async move {
        let folder = tempfile::tempdir().expect("a folder");
        let to = folder.path().join("wutong").display().to_string();
        let made = linli(&test, &["archive", "wutong", &to]);
        assert!(made.status.success() && said(&made).contains("There is personal data in it"), "{}", said(&made));
        let good = linli(&test, &["archive", "--check", &to]);
        assert!(good.status.success() && said(&good).contains("is whole"), "{}", said(&good));
        std::fs::write(folder.path().join("wutong/tables/person.jsonl"), "").expect("changed");
        let bad = linli(&test, &["archive", "--check", &to]);
        assert!(!bad.status.success() && said(&bad).contains("person.jsonl is damaged"), "{}", said(&bad));
        let unknown = linli(&test, &["archive", "nowhere", &format!("{to}2")]);
        assert!(!unknown.status.success() && said(&unknown).contains("no community"), "{}", said(&unknown));
    })
    .await;
}
