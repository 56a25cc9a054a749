//! Figures as files through the API: the very files of the pages, for those who may read the figures.

use super::{Program, failure};
use crate::{
    reports::{RESIDENT, STAFF, STAFF_ELSEWHERE, filed, key},
    support::on_both,
    windows::{TOMORROW, book, halls, slot},
};
use axum::http::Method;
use calamine::Reader;

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The rows of a workbook's first sheet, the heads included.
fn rows(bytes: Vec<u8>) -> usize {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a book");
    book.worksheet_range_at(0).expect("a sheet").expect("readable").rows().count()
}

/// The rows of a table as CSV, the heads included.
fn lines(bytes: &[u8]) -> usize {
    assert!(bytes.starts_with(&[0xef, 0xbb, 0xbf]), "spreadsheets know it for UTF-8");
    let lines: Result<Vec<_>, _> = csv::Reader::from_reader(&bytes[3..]).records().collect();
    lines.expect("lines").len() + 1
}

#[tokio::test]
async fn figures_are_the_files_of_their_pages() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        filed(&mut resident, &key(1), 0).await;
        book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "file").await;
        let mut page = test.signed_in(STAFF).await;
        let mut staff = Program::of(&test, STAFF).await;
        for (api, query, path) in [
            ("reports", "place=wutong&by=channel", "/staff/reports/statistics.csv?"),
            ("halls", "hall=hall-wutong&to=2026-11-26", "/staff/statistics/download?as=csv&"),
        ] {
            let file = staff.get(&format!("/api/v1/staff/statistics/{api}.csv?{query}")).await;
            assert_eq!(file.status, 200, "{}", file.text());
            assert_eq!(file.headers["content-type"], CSV);
            assert!(file.headers["content-disposition"].to_str().is_ok_and(|name| name.ends_with(".csv\"")), "{api}");
            assert_eq!(file.text(), page.get(&format!("{path}{query}")).await.text(), "the page's own");
            assert!(lines(&file.body) > 1, "{}", file.text());
            let book = staff.get(&format!("/api/v1/staff/statistics/{api}.xlsx?{query}")).await;
            assert_eq!(book.status, 200, "{api}");
            assert_eq!(book.headers["content-type"], XLSX);
            assert_eq!(rows(book.body), lines(&file.body), "{api}: the same table");
            let english = [("accept-language", "en")];
            let path = format!("/api/v1/staff/statistics/{api}.csv?{query}");
            let other = staff.send(Method::GET, &path, &english, None).await;
            assert_ne!(other.text(), file.text(), "heads in the language of the request");
        }
        let mut resident = Program::of(&test, RESIDENT).await;
        let mut elsewhere = Program::of(&test, STAFF_ELSEWHERE).await;
        for ending in ["csv", "xlsx"] {
            let (reports, all) = ("/api/v1/staff/statistics/reports", "/api/v1/staff/statistics/halls");
            for path in [format!("{reports}.{ending}?place=wutong"), format!("{all}.{ending}?hall=hall-wutong")] {
                assert_eq!(failure(&resident.get(&path).await).0, 403, "{path}");
                assert_eq!(failure(&elsewhere.get(&path).await).0, 403, "{path}");
            }
            assert_eq!(failure(&staff.get(&format!("{all}.{ending}?from=tomorrow")).await).0, 400);
            assert_eq!(failure(&staff.get(&format!("{all}.{ending}?hall=none")).await).0, 404);
            assert_eq!(failure(&staff.get(&format!("{reports}.{ending}?place=none")).await).0, 404);
        }
    })
    .await;
}
