//! The holiday calendar: a year is imported as text or file, looked at first, and taken over everywhere.

use super::{
    ADMIN, OTHER, RESIDENT, STAFF, TOMORROW, book,
    forms::{code, confirm_form, form, places_add_up, row, send, set},
    halls, slot,
};
use crate::support::on_both;
use app::time::{DayKind, HolidayYear};

const PAGE: &str = "/staff/calendar";

/// The shipped year with tomorrow off and the following Saturday worked instead.
pub fn changed() -> String {
    let mut year: HolidayYear =
        serde_json::from_str(include_str!("../../../data/holidays/2026.json")).expect("the shipped year");
    let day = |date: &str| app::time::NamedDay {
        date: date.parse().expect("a date"),
        name: "停工日".into(),
        name_en: "Rest".into(),
    };
    year.off.push(day("2026-11-26"));
    year.work.push(day("2026-11-28"));
    serde_json::to_string_pretty(&year).expect("writes")
}

#[tokio::test]
async fn an_import_shows_what_it_hits_and_moves_bookings_and_deadlines() {
    on_both(async |test| {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut other = test.signed_in(OTHER).await;
        let mut admin = test.signed_in(ADMIN).await;
        let moved = code(&book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "a").await);
        let kept = code(&book(&mut other, "birth-registration", &slot(TOMORROW, "0930"), "b").await);
        let report = crate::reports::filed(&mut resident, &crate::reports::key(1), 0).await;
        let due = async || -> Option<i64> {
            let (due,): (Option<i64>,) = sqlx::query_as("SELECT due_at FROM report WHERE code = $1")
                .bind(&report)
                .fetch_one(test.app.db.read())
                .await
                .expect("a report");
            due
        };
        let before = due().await;
        let text = changed();
        let preview = admin.post(PAGE, &[("text", &text), ("source", "")]).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        let shown = preview.text();
        for words in ["停工日", "2026 年 11 月", &report, "不开放"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let mut fields = confirm_form(&preview);
        assert!(
            fields.contains(&("seen".to_owned(), moved.clone())) && fields.contains(&("seen".to_owned(), kept.clone()))
        );
        assert_eq!(due().await, before, "a preview changes nothing");
        let elsewhere = test.another_server().await;
        set(&mut fields, "default", "keep");
        set(&mut fields, &format!("decide.{moved}"), "move");
        let saved = send(&mut admin, PAGE, &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(test.app.calendar.kind("2026-11-26".parse().expect("a date")), DayKind::Rest, "at once here");
        let (state, starts, _) = row(&test, &moved).await;
        assert!(state == "booked" && starts > 1_795_708_800_000_000, "moved to another day: {starts}");
        assert_eq!(row(&test, &kept).await.0, "booked");
        places_add_up(&test).await;
        assert!(other.get("/me/inbox").await.text().contains("照常办理"));
        test.run_jobs().await;
        assert!(due().await > before, "the deadline is told again");
        // Nothing is offered on that day any more, and something on the Saturday.
        let late =
            other.post("/services/senior-allowance/book", &[("slot", &slot(TOMORROW, "1400")), ("key", "c")]).await;
        assert_ne!(late.status, 303);
        book(&mut other, "senior-allowance", &slot("2026-11-28", "0900"), "d").await;
        drop(elsewhere);

        // Who looks sees where the year is from; its first version can be imported again.
        let page = test.signed_in(STAFF).await.get(PAGE).await.text();
        assert!(page.contains("高远") && !page.contains("name=\"text\""), "staff read it");
        let history = admin.get(&format!("{PAGE}/2026/history")).await.text();
        assert!(history.contains("停工日") && history.contains("restore=2026.1"), "{history}");
        let restored = form(&admin.get(&format!("{PAGE}?restore=2026.1")).await, 0);
        let preview = send(&mut admin, PAGE, &restored).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        let stale = confirm_form(&preview);
        assert_eq!(send(&mut admin, PAGE, &stale).await.status, 303);
        assert_eq!(test.app.calendar.kind("2026-11-26".parse().expect("a date")), DayKind::Working);
        // A second tap of the same confirmation: another version is there now, and nothing is lost.
        let again = send(&mut admin, PAGE, &stale).await;
        assert_eq!(again.status, 409, "{}", again.text());
        test.run_jobs().await;
        assert_eq!(due().await, before, "and back again");
    })
    .await;
}

#[tokio::test]
async fn a_new_year_comes_as_a_file_and_opens_its_days() {
    on_both(async |test| {
        halls(&test).await;
        let mut admin = test.signed_in(ADMIN).await;
        assert_eq!(test.app.calendar.kind("2027-03-03".parse().expect("a date")), DayKind::Unknown);
        let lines = "date,kind,name\n2027-01-01,放假,元旦\n2027-01-02,放假,元旦\n2027-01-10,上班,元旦\n";
        // As a spreadsheet writes it here: not in UTF-8.
        let (bytes, ..) = encoding_rs::GB18030.encode(lines);
        let file = ("file", "2027.csv", "text/csv", &*bytes);
        let preview =
            admin.post_files(PAGE, &[("text", ""), ("source", "关于2027年部分节假日安排的通知")], &[file]).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        let saved = send(&mut admin, PAGE, &confirm_form(&preview)).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let kind = |date: &str| test.app.calendar.kind(date.parse().expect("a date"));
        assert_eq!(
            (kind("2027-01-01"), kind("2027-01-10"), kind("2027-03-03")),
            (DayKind::Rest, DayKind::Working, DayKind::Working)
        );
        let same = admin.post(PAGE, &[("text", lines), ("source", "关于2027年部分节假日安排的通知")]).await;
        assert_eq!(same.status, 303, "nothing differs");
        let (versions,): (i64,) =
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM setting_version WHERE object_kind = 'calendar'")
                .fetch_one(test.app.db.read())
                .await
                .expect("counted");
        assert_eq!(versions, 2, "the unknown year, and the imported one");
    })
    .await;
}

#[tokio::test]
async fn mistakes_are_named_by_line_and_what_was_pasted_stays() {
    on_both(async |test| {
        halls(&test).await;
        let mut admin = test.signed_in(ADMIN).await;
        let text = "2027-01-01,放假,元旦\n2027-02-30,放假,春节\n2027-01-04,上班,元旦";
        let answer = admin.post(PAGE, &[("text", text), ("source", "通知")]).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        let page = answer.text();
        assert!(
            page.contains("第 2 行") && page.contains("第 3 行") && page.contains("2027-02-30,放假,春节"),
            "{page}"
        );
        for odd in ["", "{", "[]", "{\"year\":99999}", "\u{0}", &"2027-01-01,off,x\n".repeat(10_000)] {
            let answer = admin.post(PAGE, &[("text", odd), ("source", "通知")]).await;
            assert_eq!(answer.status, 422, "{odd:.40}: {}", answer.text());
        }
        let binary = ("file", "x.json", "application/json", &[0xff, 0xfe, 0, 1, 2][..]);
        assert_eq!(admin.post_files(PAGE, &[("source", "通知")], &[binary]).await.status, 422);
        assert_eq!(admin.get(&format!("{PAGE}?restore=2026.99")).await.status, 404);
        assert_eq!(admin.get(&format!("{PAGE}?restore=x.y")).await.status, 404);
        assert_eq!(admin.get(&format!("{PAGE}/1999/history")).await.status, 404);
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff.post(PAGE, &[("text", text), ("source", "通知")]).await.status, 403);
        let (written,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM calendar_year")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(written, 0);
    })
    .await;
}
