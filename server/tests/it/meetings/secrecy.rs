//! Secret ballots, as somebody sees them who reads the whole database: see docs/security.md, "Secret ballots".

use super::{MEMBERS, STAFF, ballot, body, count, for_members, sent, session, vote};
use crate::support::{TestApp, on_both};
use axum::http::Method;
use server::db::{Engine, dialect};
use std::collections::{BTreeMap, BTreeSet};

/// All tables, row by row in the order in which they lie there, with the engine's own columns.
async fn dump(test: &TestApp) -> BTreeMap<String, Vec<Vec<String>>> {
    let engine = test.app.db.engine();
    let mut tx = test.app.db.begin().await.expect("begin");
    let tables = dialect::tables(engine, &mut tx).await.expect("read");
    let mut all = BTreeMap::new();
    for table in tables {
        let (own, order) = match engine {
            Engine::Sqlite => (vec!["CAST(rowid AS TEXT)"], "rowid"),
            Engine::Postgres => (vec!["CAST(ctid AS TEXT)", "CAST(xmin AS TEXT)"], "ctid"),
        };
        let mut columns: Vec<String> = own.iter().map(|column| (*column).to_owned()).collect();
        columns.extend(table.columns.iter().map(|(name, _)| format!("COALESCE(CAST(\"{name}\" AS TEXT), '')")));
        // One text: `Any` reads rows of a fixed width only.
        let sql = format!("SELECT {} FROM {} ORDER BY {order}", columns.join(" || '\u{1f}' || "), table.name);
        let rows: Vec<(String,)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *tx).await.expect("every table is read");
        let mut names: Vec<&str> = own;
        names.extend(table.columns.iter().map(|(name, _)| name.as_str()));
        let mut rows: Vec<Vec<String>> =
            rows.into_iter().map(|(row,)| row.split('\u{1f}').map(str::to_owned).collect()).collect();
        rows.insert(0, names.into_iter().map(str::to_owned).collect());
        all.insert(table.name, rows);
    }
    all
}

/// Tells long words (ids, tokens, sealed texts) from one another by when they are first seen, and by nothing else.
#[derive(Default)]
struct Words(BTreeMap<String, usize>);

impl Words {
    fn told(&mut self, cell: &str) -> String {
        let (mut out, mut word) = (String::new(), String::new());
        let long = |word: &str| word.len() >= 16 && !word.bytes().all(|byte| byte.is_ascii_digit());
        for c in cell.chars().chain(['\u{0}']) {
            if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                word.push(c);
                continue;
            }
            if long(&word) {
                out.push_str(&self.number(&word));
            } else {
                out.push_str(&word);
            }
            word.clear();
            if c != '\u{0}' {
                out.push(c);
            }
        }
        out
    }

    /// The number of a word that is random as a whole, whatever its length.
    fn number(&mut self, word: &str) -> String {
        let next = self.0.len();
        format!("<{}>", *self.0.entry(word.to_owned()).or_insert(next))
    }
}

/// A dump without what is random in any case: ids are numbered, transactions are numbered in their order, and the masked
/// counts are left out. Everything else stays: which rows there are, in which order, written by which transaction.
fn normal(dump: &BTreeMap<String, Vec<Vec<String>>>) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut transactions: BTreeSet<u64> = BTreeSet::new();
    for rows in dump.values() {
        let Some(at) = rows[0].iter().position(|name| name.contains("xmin")) else { continue };
        transactions.extend(rows.iter().skip(1).filter_map(|row| row[at].parse::<u64>().ok()));
    }
    let order: BTreeMap<u64, usize> = transactions.into_iter().zip(0..).collect();
    let mut words = Words::default();
    let mut all = BTreeMap::new();
    for (table, rows) in dump {
        let names = rows[0].clone();
        let rows = rows
            .iter()
            .skip(1)
            .map(|row| {
                row.iter()
                    .zip(&names)
                    .map(|(cell, name)| {
                        // Only of this room's tables does it matter, and only there nothing cleans up behind the test.
                        if name.contains("ctid") && !table.starts_with("meeting") {
                            return String::new();
                        }
                        if name.contains("xmin") {
                            let number = cell.parse::<u64>().ok().and_then(|xmin| order.get(&xmin));
                            return number.map_or_else(String::new, usize::to_string);
                        }
                        if table == "meeting_tally" && name == "masked" {
                            return "<masked>".to_owned();
                        }
                        // The same request has the same one in every table.
                        if name == "request_id" && !cell.is_empty() {
                            return words.number(cell);
                        }
                        words.told(cell)
                    })
                    .collect()
            })
            .collect();
        all.insert(table.clone(), rows);
    }
    all
}

/// Tables in which two dumps differ.
fn differ(a: &BTreeMap<String, Vec<Vec<String>>>, b: &BTreeMap<String, Vec<Vec<String>>>) -> Vec<String> {
    a.iter().filter(|(table, rows)| b.get(*table) != Some(*rows)).map(|(table, _)| table.clone()).collect()
}

/// What a reader of the database saw while a ballot was open and after it.
struct Seen {
    open: BTreeMap<String, Vec<Vec<String>>>,
    closed: BTreeMap<String, Vec<Vec<String>>>,
    page: String,
}

/// The same people vote in the same order, with these choices; the last of them does not vote.
async fn held(engine: Engine, choices: [&str; 4]) -> Seen {
    let test = TestApp::new(engine).await;
    let mut staff = test.signed_in(STAFF).await;
    let here = body(&test, &mut staff, &MEMBERS).await;
    let at = session(&mut staff, &here).await;
    let id = ballot(&test, &mut staff, &at, "secret", "").await;
    for (phone, choice) in MEMBERS.iter().zip(choices) {
        let mut member = test.signed_in(phone).await;
        assert_eq!(vote(&mut member, &at, &id, choice).await, 303);
    }
    let open = dump(&test).await;
    sent(&mut staff, &format!("{at}/ballots/{id}"), &[("step", "close")]).await;
    let closed = dump(&test).await;
    let page = staff.get(&at).await.text();
    Seen { open, closed, page }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_voted_what_is_nowhere_in_the_database() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        eprintln!("-- on {engine:?}");
        // Two say yes, one no, one abstains: three ways to hand these choices round.
        let first = held(engine, ["0", "0", "1", "2"]).await;
        for choices in [["1", "2", "0", "0"], ["0", "1", "2", "0"]] {
            let other = held(engine, choices).await;
            for (name, a, b) in [("open", &first.open, &other.open), ("closed", &first.closed, &other.closed)] {
                let (a, b) = (normal(a), normal(b));
                if let Some(table) = differ(&a, &b).into_iter().next() {
                    panic!("{name}: {table} tells them apart\n{:?}\n{:?}", a[&table], b[&table]);
                }
            }
        }
        // What is left out above is there and is masked: none of the counts is what it stands for.
        let tally = &first.open["meeting_tally"];
        let masked = tally[0].iter().position(|name| name == "masked").expect("a column");
        assert_eq!(tally.len(), 4, "three options");
        assert!(tally.iter().skip(1).any(|row| row[masked].parse::<i64>().expect("a number") > 1_000), "{tally:?}");
        assert!(first.closed["meeting_tally"].len() == 1, "thrown away once it is counted");
        let totals: Vec<&str> =
            first.closed["meeting_result"].iter().skip(1).map(|row| row[row.len() - 1].as_str()).collect();
        assert_eq!(totals, ["2", "1", "1"]);
        assert!(first.page.contains("通过"), "{}", first.page);
        assert!(first.open["meeting_result"].len() == 1 && first.open["meeting_open_vote"].len() == 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_vote_writes_the_roll_and_the_tally_and_nothing_else() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS).await;
        let at = session(&mut staff, &here).await;
        let id = ballot(&test, &mut staff, &at, "secret", "南门\n北门\n东门").await;
        let mut members = Vec::new();
        for phone in MEMBERS {
            members.push(test.signed_in(phone).await);
        }
        let before = dump(&test).await;
        assert_eq!(vote(&mut members[0], &at, &id, "1").await, 303);
        let after = dump(&test).await;
        assert_eq!(differ(&before, &after), ["meeting_roll", "meeting_tally"]);
        let column = |dump: &BTreeMap<String, Vec<Vec<String>>>, name: &str| -> Vec<String> {
            let rows = &dump["meeting_tally"];
            let at = rows[0].iter().position(|column| column == name).expect("a column");
            rows.iter().skip(1).map(|row| row[at].clone()).collect()
        };
        let (old, new) = (column(&before, "masked"), column(&after, "masked"));
        assert_eq!(old.len(), 4);
        assert!(old.iter().zip(&new).all(|(old, new)| old != new), "every count is masked anew: {old:?} {new:?}");
        if test.app.db.engine() == Engine::Postgres {
            for table in ["meeting_roll", "meeting_tally"] {
                let sql = format!("SELECT COUNT(DISTINCT CAST(xmin AS TEXT)) FROM {table}");
                assert_eq!(count(&test, &sql).await, 1, "{table}: the last transaction wrote every row");
            }
        }
        // Through the API, with a key: no hash of so small a body is kept.
        let path = format!("/api/v1{}/ballots/{id}/vote", for_members(&at));
        let headers = [("content-type", "application/json"), ("idempotency-key", "one-of-a-kind")];
        let body = br#"{"choice":2}"#.to_vec();
        let answer = members[1].request(Method::POST, &path, &headers, body.clone()).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM api_request").await, 0);
        let again = members[1].request(Method::POST, &path, &headers, body).await;
        assert_eq!(again.status, 409, "once is once");
        let said = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'meeting.vote'";
        assert_eq!(count(&test, said).await, 0);
        // While it is open nobody sees a total; two votes are never counted.
        for page in [staff.get(&at).await.text(), members[2].get(&for_members(&at)).await.text()] {
            assert!(page.contains("已投 2 / 5") && !page.contains("票数："), "{page}");
        }
        sent(&mut staff, &format!("{at}/ballots/{id}"), &[("step", "close")]).await;
        assert!(staff.get(&at).await.text().contains("不足三票"));
        for table in ["meeting_result", "meeting_tally", "meeting_open_vote"] {
            assert_eq!(count(&test, &format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}")).await, 0, "{table}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_votes_at_once_each_counts_once() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS).await;
        let at = session(&mut staff, &here).await;
        let id = ballot(&test, &mut staff, &at, "secret", "").await;
        let other = test.another_server().await;
        let mut tasks = tokio::task::JoinSet::new();
        for (number, phone) in MEMBERS.iter().enumerate() {
            let signed_in = test.signed_in(phone).await;
            for turn in 0..4 {
                let mut browser = signed_in.clone();
                if turn % 2 == 1 {
                    let cookies = browser.cookies.clone();
                    browser = test.visitor_of(&other);
                    browser.cookies = cookies;
                }
                let (at, id) = (at.clone(), id.clone());
                let choice = (number % 2).to_string();
                tasks.spawn(async move { vote(&mut browser, &at, &id, &choice).await });
            }
        }
        let answers = tasks.join_all().await;
        assert_eq!(answers.iter().filter(|status| **status == 303).count(), 5, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 409).count(), 15, "{answers:?}");
        sent(&mut staff, &format!("{at}/ballots/{id}"), &[("step", "close")]).await;
        let votes = |number: i64| format!("SELECT votes FROM meeting_result WHERE number = {number}");
        for (number, expected) in [(0, 3), (1, 2), (2, 0)] {
            assert_eq!(count(&test, &votes(number)).await, expected);
        }
        // The roll call is something else: it changes no ballot, and a ballot is no roll call.
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_attendance").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_that_do_not_add_up_are_nobodys() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS).await;
        let at = session(&mut staff, &here).await;
        let id = ballot(&test, &mut staff, &at, "secret", "").await;
        for phone in &MEMBERS[..4] {
            assert_eq!(vote(&mut test.signed_in(phone).await, &at, &id, "1").await, 303);
        }
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE meeting_tally SET masked = 5 WHERE number = 0").execute(&mut *tx).await.expect("written");
        tx.commit().await.expect("commit");
        sent(&mut staff, &format!("{at}/ballots/{id}"), &[("step", "close")]).await;
        assert!(staff.get(&at).await.text().contains("作废"));
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_result").await, 0);
    })
    .await;
}
