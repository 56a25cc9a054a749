//! Imports: looked at first, taken over as they were shown, everything refused in words.

mod hostile;
mod killed;
mod kinds;
mod story;

use crate::support::{Answer, Browser, TestApp};
use server::{db::Db, imports::store};

/// 高远, admin of the whole district.
pub const ADMIN: &str = "19900000099";
/// 程静, who becomes admin of one street where a test needs one.
pub const OF_THE_STREET: &str = "19900000051";

/// Sends a file.
pub async fn send(browser: &mut Browser, kind: &str, bytes: &[u8]) -> Answer {
    browser.post_files("/staff/imports", &[("kind", kind)], &[("file", "表.csv", "text/csv", bytes)]).await
}

/// Sends a file that is a table, and gives the address of its import.
pub async fn looked_at(browser: &mut Browser, kind: &str, text: &str) -> String {
    let sent = send(browser, kind, text.as_bytes()).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    sent.location().to_owned()
}

/// The import at an address.
pub async fn run_at(test: &TestApp, address: &str) -> store::Run {
    let id = address.rsplit('/').next().expect("an id");
    let mut connection = test.app.db.read().acquire().await.expect("a connection");
    store::by_id(&mut connection, id).await.expect("read").expect("there")
}

/// Added, changed, same and refused lines of the import at an address.
pub async fn counts(test: &TestApp, address: &str) -> [i64; 4] {
    let id = address.rsplit('/').next().expect("an id");
    let mut connection = test.app.db.read().acquire().await.expect("a connection");
    let counts = store::counts(&mut connection, id).await.expect("read");
    [counts.added, counts.changed, counts.same, counts.refused]
}

/// Takes an import over as it is shown.
pub async fn take(test: &TestApp, browser: &mut Browser, address: &str, mode: &str) -> Answer {
    let mark = run_at(test, address).await.mark;
    browser.post(&format!("{address}/take"), &[("mode", mode), ("mark", &mark)]).await
}

/// Looks at a table and takes it over; gives its address.
pub async fn imported(test: &TestApp, browser: &mut Browser, kind: &str, text: &str) -> String {
    let address = looked_at(browser, kind, text).await;
    let taken = take(test, browser, &address, "all").await;
    assert_eq!(taken.status, 303, "{}", browser.get(&address).await.text());
    assert_eq!(run_at(test, &address).await.state, "done");
    address
}

/// A number that a statement gives.
pub async fn number(db: &Db, sql: &'static str) -> i64 {
    let (number,): (i64,) = sqlx::query_as(sql).fetch_one(db.read()).await.expect("a number");
    number
}

/// An import of the admin's, for the test that tries every route: its id.
pub async fn sample(test: &TestApp) -> String {
    let table =
        server::imports::file::read(app::imports::Kind::Buildings, "编号,网格,名称\nnew-1,wutong-g1,新楼".as_bytes());
    let sender = server::imports::service::Sender {
        person: Some(test.person(ADMIN)),
        scopes: vec!["lanxi/".to_owned()],
        request_id: "",
    };
    let table = table.expect("a table");
    let sent = server::imports::service::send(
        &test.app,
        sender,
        server::clock::new_id(test.app.clock.now()),
        app::imports::Kind::Buildings,
        ("表.csv", b""),
        table,
    );
    sent.await.expect("written").id
}
