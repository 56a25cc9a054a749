//! A newer Linli migrates while an older one serves: the rule of expand and contract (docs/operations.md), checked by reading
//! every migration since there is one, and by this Linli as the older one on a database that is ahead of it.

use super::{failover::answers, lives, load::Load, server, starts::migrations, truth};
use crate::support::on_both;
use server::db::dialect;
use std::collections::BTreeSet;

/// From here on migrations follow the rule.
const SINCE: u32 = 53;

/// What is wrong with a migration, a statement each.
fn wrong(sql: &str) -> Vec<String> {
    // Without comments, which may hold anything; a contraction says since which version nobody uses what it takes away.
    let read = sql.lines().map(|line| match line.trim_start().starts_with("-- contract: ") {
        true => "CONTRACT",
        false => line.split("--").next().unwrap_or_default(),
    });
    let read = read.collect::<Vec<_>>().join("\n");
    let mut wrong = Vec::new();
    let (mut tables, mut columns) = (BTreeSet::new(), BTreeSet::new());
    for statement in read.split(';') {
        let words: Vec<String> = statement.split_whitespace().map(str::to_uppercase).collect();
        let contracts = words.first().is_some_and(|word| word == "CONTRACT");
        let text = words.join(" ");
        let name = |at: usize| words.get(at).map(|word| word.split('(').next().unwrap_or_default().to_owned());
        let adds_column = text.starts_with("ALTER TABLE ") && words.get(3).is_some_and(|word| word == "ADD");
        let fine = if text.is_empty() || contracts {
            true
        } else if text.starts_with("CREATE TABLE ") {
            tables.extend(name(2));
            true
        } else if text.starts_with("CREATE INDEX ")
            || text.starts_with("DROP INDEX ")
            || text.starts_with("INSERT INTO ")
        {
            true
        } else if text.starts_with("CREATE UNIQUE INDEX ") {
            // On an old table it refuses what the older server may write.
            let on = words.iter().position(|word| word == "ON").and_then(|at| name(at + 1));
            on.is_some_and(|on| tables.contains(&on))
        } else if adds_column && words.get(4).is_some_and(|word| word == "COLUMN") {
            columns.extend(name(5));
            // The older server does not name it.
            (!text.contains(" NOT NULL") || text.contains(" DEFAULT ")) && !text.contains(" UNIQUE")
        } else if text.starts_with("UPDATE ") {
            // Only what is new here, or is filled anew.
            let set = words.iter().position(|word| word == "SET").and_then(|at| name(at + 1));
            set.is_some_and(|set| columns.contains(&set)) || name(1).is_some_and(|table| tables.contains(&table))
        } else {
            false
        };
        if !fine {
            wrong.push(text);
        }
    }
    wrong
}

#[test]
fn migrations_take_nothing_from_an_older_server() {
    for (sql, right) in [
        ("CREATE TABLE a (b TEXT NOT NULL); CREATE UNIQUE INDEX a_b ON a (b)", true),
        ("ALTER TABLE report ADD COLUMN c TEXT; UPDATE report SET c = code", true),
        ("ALTER TABLE report ADD COLUMN c BIGINT NOT NULL DEFAULT 0", true),
        ("ALTER TABLE report ADD COLUMN c BIGINT NOT NULL", false),
        ("ALTER TABLE report DROP COLUMN code", false),
        ("-- contract: nobody reads it since 0.3\nALTER TABLE report DROP COLUMN code", true),
        ("ALTER TABLE report RENAME COLUMN code TO number", false),
        ("ALTER TABLE report ALTER COLUMN code SET NOT NULL", false),
        ("DROP TABLE report", false),
        ("-- DROP TABLE report; gone\nCREATE INDEX report_x ON report (code)", true),
        ("CREATE UNIQUE INDEX report_x ON report (code)", false),
        ("UPDATE report SET code = ''", false),
        ("DELETE FROM report", false),
    ] {
        assert_eq!(wrong(sql).is_empty(), right, "{sql}");
    }
    let mut read = 0;
    for file in migrations() {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let number: u32 = name.split('_').next().and_then(|number| number.parse().ok()).expect("a number");
        if number >= SINCE {
            read += 1;
            let wrong = wrong(&std::fs::read_to_string(&file).expect("reads"));
            assert!(wrong.is_empty(), "{name} would break a server of before: {wrong:?}");
        }
    }
    eprintln!("{read} migrations since {SINCE:04} follow the rule");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_older_server_goes_on_while_and_after_a_newer_one_migrates_and_starts_again() {
    on_both(|test| async move {
        let test = test;
        let today = lives(&test).await;
        // Every table gets a column that must have something in it and one that need not, and there is a new table.
        let folder = tempfile::tempdir().expect("a folder");
        for file in migrations() {
            std::fs::copy(&file, folder.path().join(file.file_name().expect("a name"))).expect("copied");
        }
        let mut snapshot = test.app.db.snapshot().await.expect("begin");
        let tables = dialect::tables(test.app.db.engine(), &mut snapshot).await.expect("tables");
        drop(snapshot);
        for (n, table) in tables.iter().enumerate() {
            let name = &table.name;
            let sql = format!(
                "ALTER TABLE {name} ADD COLUMN newer BIGINT NOT NULL DEFAULT 7;\nALTER TABLE {name} ADD COLUMN newer_too TEXT;\n"
            );
            assert!(wrong(&sql).is_empty());
            std::fs::write(folder.path().join(format!("{}_newer.sql", 9000 + n)), sql).expect("written");
        }
        let sql = "CREATE TABLE newer (id TEXT PRIMARY KEY, report_id TEXT REFERENCES report (id));";
        std::fs::write(folder.path().join("9999_newer.sql"), sql).expect("written");

        let mut server = server(&test, &[]).await;
        let load = Load::new(&test, vec![server.url("")], today);
        tokio::join!(load.run(), async {
            answers(&load, 40).await;
            let pool = sqlx::AnyPool::connect(&test.database_url).await.expect("opens");
            let newer = sqlx::migrate::Migrator::new(folder.path()).await.expect("reads");
            // Of two that wait for one another PostgreSQL ends one: then once more.
            for attempt in 0.. {
                match newer.run(&pool).await {
                    Ok(()) => break,
                    Err(error) => assert!(attempt < 20, "{error}"),
                }
            }
            pool.close().await;
            answers(&load, 60).await;
            server.kill();
            server.start_again().await;
            answers(&load, 60).await;
            load.stop();
        });
        truth::holds(&test, &load).await;
    })
    .await;
}
