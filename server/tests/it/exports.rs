//! Exports: what was taken out comes in again unchanged, a million rows in little memory, who may have what, and names by
//! the rules.

mod rooms;

use crate::{
    imports::{ADMIN, counts, imported, number, send},
    process::Process,
    support::{Answer, Browser, TestApp, on_both},
};
use calamine::{Data, Reader};

/// The demo's days: bookings, tickets, notices, reports.
pub async fn lived_in(test: &TestApp) {
    use server::demo;
    demo::windows::load(&test.app, &test.loaded).await.expect("the halls' days load");
    demo::notices::load(&test.app, &test.loaded).await.expect("the notices load");
    demo::reports::load(&test.app, &test.loaded).await.expect("the reports load");
    demo::handlers::load(&test.app, &test.loaded).await.expect("the handlers' days load");
    test.run_jobs().await;
}

/// Asks for a table of a subtree as CSV.
async fn export(browser: &mut Browser, table: &str, place: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields =
        vec![("table", table), ("place", place), ("from", "2026-01-01"), ("to", "2026-12-31"), ("as", "csv")];
    fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    fields.extend(more);
    browser.post("/staff/exports", &fields).await
}

#[tokio::test]
async fn what_was_exported_is_imported_again_unchanged() {
    on_both(|test| async move {
        crate::windows::halls(&test).await;
        let mut admin = test.signed_in(ADMIN).await;
        // Names that a spreadsheet would take for a formula, or that are hard to write.
        let odd = "code,grid,name,address,longitude,latitude\nodd-1,wutong-g1,一号,,-120.25,-31.5\nodd-2,wutong-g1,\"二,\"\"号\"\"\",,,\n";
        imported(&test, &mut admin, "buildings", odd).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        for (code, name) in [("odd-1", "=1+1"), ("odd-2", "'@x")] {
            let sql = "UPDATE organisation SET name = $2 WHERE code = $1";
            sqlx::query(sql).bind(code).bind(name).execute(&mut *tx).await.expect("changed");
        }
        tx.commit().await.expect("commit");
        for lang in ["zh-CN", "en"] {
            admin.cookies.insert("linli_lang".to_owned(), lang.to_owned());
            for kind in ["organisations", "buildings", "people", "items", "categories"] {
                let file = export(&mut admin, kind, "lanxi", &[("contacts", "1")]).await;
                assert_eq!(file.status, 200, "{kind}: {}", file.text());
                let rows = csv::ReaderBuilder::new().from_reader(&file.body[3..]).records().count();
                assert!(rows > 5 && file.body.starts_with("\u{feff}".as_bytes()), "{kind}");
                for line in csv::ReaderBuilder::new().flexible(true).from_reader(&file.body[3..]).records() {
                    for cell in &line.expect("a line") {
                        assert!(!cell.starts_with(['=', '@', '+']), "{kind}: {cell} is a formula");
                    }
                }
                let back = send(&mut admin, kind, &file.body).await;
                assert_eq!(back.status, 303, "{kind}: {}", back.text());
                let rows = i64::try_from(rows).expect("few");
                let seen = counts(&test, back.location()).await;
                assert_eq!(seen, [0, 0, rows, 0], "{kind} in {lang}: {}", admin.get(back.location()).await.text());
                // And as a workbook.
                let book = export(&mut admin, kind, "lanxi", &[("contacts", "1"), ("as", "xlsx")]).await;
                assert_eq!(book.status, 200);
                let back = send(&mut admin, kind, &book.body).await;
                assert_eq!(counts(&test, back.location()).await, [0, 0, rows, 0], "{kind} as xlsx");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn numbers_come_only_where_they_are_asked_for_and_every_export_is_written_down() {
    on_both(|test| async move {
        let mut admin = test.signed_in(ADMIN).await;
        let masked = export(&mut admin, "people", "wutong", &[]).await.text();
        assert!(masked.contains("199****0011") && !masked.contains("19900000011"), "{masked}");
        // Compressed, as browsers ask for it: to its end.
        let form = "table=people&place=wutong&from=2026-11-01&to=2026-11-25&as=csv";
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept-encoding", "gzip")];
        let packed =
            admin.request(axum::http::Method::POST, "/staff/exports", &headers, form.as_bytes().to_vec()).await;
        let mut plain = String::new();
        let mut unpacked = flate2::read::GzDecoder::new(packed.body.as_slice());
        std::io::Read::read_to_string(&mut unpacked, &mut plain).expect("whole");
        assert_eq!(plain, masked);
        let full = export(&mut admin, "people", "wutong", &[("contacts", "1")]).await.text();
        assert!(full.contains("19900000011"));
        let details: Vec<(String,)> =
            sqlx::query_as("SELECT detail FROM audit_log WHERE action = 'export.take' AND actor_id = $1")
                .bind(test.person(ADMIN))
                .fetch_all(test.app.db.read())
                .await
                .expect("read");
        // Written within one instant of the test's clock: their order says nothing.
        let mut contacts: Vec<bool> = details.iter().map(|(detail,)| detail.contains("\"contacts\":true")).collect();
        contacts.sort_unstable();
        assert_eq!(contacts, [false, false, true]);
    })
    .await;
}

#[tokio::test]
async fn everybody_takes_what_they_may_see_and_nothing_else() {
    on_both(|test| async move {
        const STAFF: &str = "19900000031";
        const STREET: &str = "19900000051";
        // Who, table, place: what they get.
        for (phone, table, place, status) in [
            (STAFF, "bookings", "wutong", 200),
            (STAFF, "reports", "wutong-g1", 200),
            (STAFF, "reports", "xingwu", 403),
            (STAFF, "reports", "lanxi", 403),
            (STAFF, "people", "wutong", 403),
            (STAFF, "audit", "wutong", 403),
            (STAFF, "categories", "wutong", 403),
            (STREET, "report-events", "tongyin", 200),
            (STREET, "notices", "yundu", 403),
            (STREET, "organisations", "tongyin", 403),
            (ADMIN, "audit", "lanxi", 200),
            ("19900000021", "reports", "wutong-g1", 403),
            ("19900000001", "reports", "wutong", 403),
        ] {
            let answer = export(&mut test.signed_in(phone).await, table, place, &[]).await;
            assert_eq!(answer.status, status, "{phone} {table} {place}");
        }
        let mut staff = test.signed_in(STAFF).await;
        let page = staff.get("/staff/exports").await.text();
        assert!(page.contains("value=\"bookings\"") && !page.contains("value=\"audit\""), "{page}");
        for (more, field) in [
            (("table", "wishes"), "table"),
            (("from", "soon"), "from"),
            (("to", "2025-01-01"), "to"),
            (("as", "doc"), "as"),
            (("place", "nowhere"), "place"),
        ] {
            let answer = export(&mut staff, "bookings", "wutong", &[more]).await;
            assert!(answer.status == 422 && answer.text().contains(&format!("id=\"{field}-error\"")), "{field}");
        }
        assert_eq!(
            number(&test.app.db, "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'export.take'").await,
            4
        );
    })
    .await;
}

#[tokio::test]
async fn every_table_is_written_in_both_ways_and_names_are_kept() {
    on_both(|test| async move {
        lived_in(&test).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        let now = test.app.clock.now().as_microsecond();
        sqlx::query(
            "INSERT INTO activity (id, notice_id, seats, taken, until_at, starts_at, ends_at, changed_at) \
             SELECT MIN(n.id), MIN(n.id), 20, 3, $1, $1, $2, $1 FROM notice n WHERE n.state = 'published'",
        )
        .bind(now)
        .bind(now + 3_600_000_000)
        .execute(&mut *tx)
        .await
        .expect("an activity");
        tx.commit().await.expect("commit");
        let mut admin = test.signed_in(ADMIN).await;
        for table in ["bookings", "tickets", "reports", "report-events", "notices", "sign-ups", "audit"] {
            let file = export(&mut admin, table, "lanxi", &[("from", "2024-01-01"), ("to", "2027-12-31")]).await;
            assert_eq!(file.status, 200, "{table}");
            let mut reader = csv::ReaderBuilder::new().from_reader(&file.body[3..]);
            let heads = reader.headers().expect("heads").len();
            let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("as wide as the heads")).collect();
            assert!(!rows.is_empty(), "{table} has rows");
            let span = [("from", "2024-01-01"), ("to", "2027-12-31"), ("as", "xlsx")];
            let book = export(&mut admin, table, "lanxi", &span).await;
            let mut book: calamine::Xlsx<_> =
                calamine::open_workbook_from_rs(std::io::Cursor::new(book.body)).expect("a book");
            let sheet = book.worksheet_range_at(0).expect("a sheet").expect("read");
            // The export before is in the audit log.
            let more = usize::from(table == "audit");
            assert_eq!((sheet.height(), sheet.width()), (rows.len() + 1 + more, heads), "{table}");
            assert!(!matches!(sheet.get((0, 0)), Some(Data::Error(_))));
        }
        // Somebody who asked to be unknown to staff is unknown in files.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE report SET unknown_to_staff = 1 WHERE reporter_id = $1")
            .bind(test.person("19900000001"))
            .execute(&mut *tx)
            .await
            .expect("changed");
        tx.commit().await.expect("commit");
        for table in ["reports", "report-events"] {
            let file = export(&mut admin, table, "lanxi", &[("from", "2024-01-01"), ("to", "2027-12-31")]).await;
            assert!(!file.text().contains("林晓禾"), "{table}");
        }
    })
    .await;
}

/// Rows of the long export.
const ROWS: i64 = 1_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_million_rows_are_sent_in_little_memory() {
    let test = TestApp::new(server::db::Engine::Sqlite).await;
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
         INSERT INTO audit_log (id, at, actor_kind, action, object_kind, object_id, detail, request_id) \
         SELECT 'mass-' || i, $2, 'system', 'test.row', 'row', CAST(i AS TEXT), '{\"text\":\"so that a row has some length\"}', '' FROM n",
    )
    .bind(ROWS)
    .bind(test.app.clock.now().as_microsecond())
    .execute(&mut *tx)
    .await
    .expect("written");
    tx.commit().await.expect("commit");
    let now = test.app.clock.now().to_string();
    let admin = test.signed_in(ADMIN).await;
    let settings = [("LINLI_DATABASE_URL", test.database_url.as_str()), ("LINLI_DEMO", "1"), ("LINLI_DEMO_NOW", &now)];
    let server = Process::start(&settings).await;
    let before = server.resident_kb();
    let cookies = admin.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
    let form = [("table", "audit"), ("place", "lanxi"), ("from", "2026-11-01"), ("to", "2026-11-30"), ("as", "csv")];
    let client = reqwest::Client::new();
    let request = client.post(server.url("/staff/exports")).header("origin", server.url("")).header("cookie", cookies);
    let mut answer = request.form(&form).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let (mut lines, mut bytes) = (0_usize, 0);
    while let Some(chunk) = answer.chunk().await.expect("whole") {
        lines += chunk.iter().filter(|byte| **byte == b'\n').count();
        bytes += chunk.len();
    }
    assert!(lines > usize::try_from(ROWS).expect("fits"), "{lines} lines");
    let more = server.peak_kb() - before;
    eprintln!("{lines} lines, {} MB, {} MB more memory at the most", bytes / 1_000_000, more / 1000);
    assert!(more < 64_000, "{more} kB for a million rows");
}
