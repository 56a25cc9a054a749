//! Each kind of change on a hall's settings page: what it hits, the two weeks it shows, and what is saved; and times that
//! are proposed instead.

use super::{
    OTHER, RESIDENT, STAFF, TOMORROW, book,
    forms::{code, form, places_add_up, row, send, set},
    halls, one_window_with, slot, taken,
};
use crate::support::{Answer, Browser, on_both};
use app::windows::Limits;
use jiff::SignedDuration;

const HALL: &str = "/staff/halls/hall-wutong";

/// Sends an edit of the settings page; gives the preview.
async fn preview(staff: &mut Browser, edit: impl Fn(&mut Vec<(String, String)>)) -> Answer {
    let mut fields = form(&staff.get(HALL).await, 0);
    edit(&mut fields);
    let preview = send(staff, HALL, &fields).await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    preview
}

/// The bookings that a preview shows, with why each is hit.
fn hits(preview: &Answer) -> Vec<(String, String)> {
    let page = scraper::Html::parse_document(&preview.text());
    let select = |text: &str| scraper::Selector::parse(text).expect("a selector");
    let (card, reason) = (select("li.hit"), select(".tag, .badge"));
    let hits = page.select(&card).map(|card| {
        let id = card.value().attr("id").expect("an id").trim_start_matches("hit-").to_owned();
        let why: Vec<String> = card.select(&reason).map(|word| word.text().collect()).collect();
        (id, why.join(" "))
    });
    hits.collect()
}

/// The rows of the two weeks: day, hours, places.
fn weeks(preview: &Answer) -> Vec<[String; 3]> {
    let page = scraper::Html::parse_document(&preview.text());
    let select = |text: &str| scraper::Selector::parse(text).expect("a selector");
    let (rows, cells) = (select("table tbody tr"), select("th, td"));
    let text = |cell: scraper::ElementRef<'_>| cell.text().collect::<Vec<_>>().join("").trim().to_owned();
    let row = |row: scraper::ElementRef<'_>| {
        let cells: Vec<String> = row.select(&cells).map(text).collect();
        cells.try_into().expect("three cells")
    };
    page.select(&rows).map(row).collect()
}

fn day<'a>(weeks: &'a [[String; 3]], name: &str) -> &'a [String; 3] {
    weeks.iter().find(|row| row[0].contains(name)).unwrap_or_else(|| panic!("{name} in {weeks:?}"))
}

#[tokio::test]
async fn each_kind_of_change_names_its_hits_shows_the_two_weeks_and_is_saved() {
    on_both(async |test| {
        halls(&test).await;
        let mut people = super::races::residents(&test, 8).await.into_iter();
        let mut booked = async |item: &'static str, date: &'static str, time: &'static str| {
            test.app.clock.advance(SignedDuration::from_secs(1));
            code(&book(&mut people.next().expect("somebody"), item, &slot(date, time), "k").await)
        };
        let monday = "2026-11-30";
        let afternoon = booked("birth-registration", TOMORROW, "1400").await;
        let friday = booked("birth-registration", "2026-11-27", "1400").await;
        let first = booked("flexible-employment", TOMORROW, "0900").await;
        // Two places at window 1 and two at window 4.
        let mut at_nine = Vec::new();
        for _ in 0..4 {
            at_nine.push(booked("worker-aid", monday, "0900").await);
        }
        let (mut at_one, mut at_four) = (Vec::new(), Vec::new());
        for code in &at_nine {
            let number = row_window(&test, code).await;
            if number == 1 { at_one.push(code) } else { at_four.push(code) }
        }
        assert_eq!((at_one.len(), at_four.len()), (2, 2));
        let mut staff = test.signed_in(STAFF).await;
        let save = async |staff: &mut Browser, preview: &Answer, decide: &[(&str, &str)]| {
            let mut fields = form(preview, 0);
            set(&mut fields, "default", "keep");
            for (name, value) in decide {
                set(&mut fields, name, value);
            }
            let saved = send(staff, HALL, &fields).await;
            assert_eq!(saved.status, 303, "{}", saved.text());
        };
        let one = |code: &str, why: &str| vec![(code.to_owned(), why.to_owned())];

        // Closed for an hour and a half.
        let shown = preview(&mut staff, |fields| {
            set(fields, "cl-0-from", "2026-11-26T13:30");
            set(fields, "cl-0-to", "2026-11-26T15:00");
            set(fields, "cl-0-reason", "检修");
        })
        .await;
        assert_eq!(hits(&shown), one(&afternoon, "不在开放时间里"));
        let all = weeks(&shown);
        assert_eq!(all.len(), 15, "today and two weeks");
        let thursday = day(&all, "11月26日");
        assert!(thursday[1].contains("08:30–11:30, 13:30–17:30") && thursday[1].contains("08:30–11:30, 15:00–17:30"));
        // 14 slots of 18 places; three slots are gone.
        assert!(thursday[2].starts_with("252") && thursday[2].ends_with("198"), "{thursday:?}");
        assert!(!day(&all, "11月27日")[1].contains("15:00"), "no other day");
        save(&mut staff, &shown, &[]).await;
        assert_eq!(row(&test, &afternoon).await.0, "booked", "kept");
        let saved = form(&staff.get(HALL).await, 0);
        assert!(saved.contains(&("cl-0-to".to_owned(), "2026-11-26T15:00".to_owned())), "{saved:?}");

        // No Friday afternoons any more.
        let shown = preview(&mut staff, |fields| set(fields, "week-5", "08:30-11:30")).await;
        assert_eq!(hits(&shown), one(&friday, "不在开放时间里"));
        let all = weeks(&shown);
        for date in ["11月27日", "12月4日"] {
            let [_, hours, places] = day(&all, date);
            assert!(hours.ends_with("08:30–11:30") && places.starts_with("252") && places.ends_with("108"), "{date}");
        }
        let before = row(&test, &friday).await;
        let decide = format!("decide.{friday}");
        save(&mut staff, &shown, &[(decide.as_str(), "move")]).await;
        let after = row(&test, &friday).await;
        assert!(after.0 == "booked" && after.1 != before.1, "moved: {after:?}");
        places_add_up(&test).await;

        // One place less at window 4: the one who booked last does not fit.
        let shown = preview(&mut staff, |fields| set(fields, "win-3-public", "1")).await;
        assert_eq!(hits(&shown), one(at_four[1], "超出名额"));
        let places = day(&weeks(&shown), "11月30日")[2].clone();
        assert!(places.starts_with("252") && places.ends_with("238"), "{places}");
        let decide = format!("decide.{}", at_four[1]);
        save(&mut staff, &shown, &[(decide.as_str(), "cancel")]).await;
        assert_eq!(row(&test, at_four[1]).await.0, "cancelled");

        // Window 4 does not help workers any more.
        let shown = preview(&mut staff, |fields| {
            fields.retain(|field| *field != ("win-3-item".to_owned(), "worker-aid".to_owned()));
        })
        .await;
        assert_eq!(hits(&shown), one(at_four[0], "窗口不再办这件事"));
        assert_eq!(day(&weeks(&shown), "11月30日")[2], "238", "as many places as before");
        save(&mut staff, &shown, &[]).await;

        // Window 1 is closed.
        let shown = preview(&mut staff, |fields| set(fields, "win-0-closed", "1")).await;
        let mut found = hits(&shown);
        found.sort();
        let mut expected = Vec::new();
        for code in [&first, &friday, at_one[0], at_one[1]] {
            if row_window(&test, code).await == 1 {
                expected.push((code.clone(), "窗口已关闭".to_owned()));
            }
        }
        expected.sort();
        assert_eq!(found, expected);
        save(&mut staff, &shown, &[]).await;
        let saved = form(&staff.get(HALL).await, 0);
        assert!(saved.contains(&("win-0-closed".to_owned(), "1".to_owned())), "{saved:?}");
        places_add_up(&test).await;
        let history = staff.get(&format!("{HALL}/history")).await.text();
        for change in ["检修", "周五", "4 号窗口", "1 号窗口"] {
            assert!(history.contains(change), "{change}: {history}");
        }
    })
    .await;
}

#[tokio::test]
async fn places_for_staff_and_walk_ins_are_set_on_the_page_and_hit_what_they_hit() {
    on_both(async |test| {
        halls(&test).await;
        one_window_with(&test, 0).await;
        let mut staff = test.signed_in(STAFF).await;
        let save = async |staff: &mut Browser, preview: &Answer| {
            let mut fields = form(preview, 0);
            set(&mut fields, "default", "keep");
            let saved = send(staff, HALL, &fields).await;
            assert_eq!(saved.status, 303, "{}", saved.text());
        };
        // Window 2 alone serves it, and has places for staff only. Somebody stands at the desk.
        let at_the_desk = async |staff: &mut Browser, time: &str, n: usize| {
            let (slot, phone, key) = (slot(TOMORROW, time), format!("1860000000{n}"), format!("desk-{n}"));
            let fields = [("hall", "hall-wutong"), ("item", "flexible-employment"), ("slot", &slot)];
            let who = [("phone", phone.as_str()), ("name", "陈阿婆"), ("key", &key)];
            let fields: Vec<(&str, &str)> = fields.into_iter().chain(who).collect();
            staff.post("/staff/appointments/new", &fields).await.status.as_u16()
        };
        assert_eq!(at_the_desk(&mut staff, "0900", 1).await, 303);
        assert_eq!(at_the_desk(&mut staff, "0900", 2).await, 409, "one place");
        let (booked,): (String,) = sqlx::query_as("SELECT code FROM appointment WHERE quota = 'assisted'")
            .fetch_one(test.app.db.read())
            .await
            .expect("one");
        let numbers = |row: &[String; 3]| -> Vec<i64> {
            let digits = row[2].split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
            digits.map(|part| part.parse().expect("a number")).collect()
        };
        let shown = preview(&mut staff, |fields| set(fields, "win-1-assisted", "0")).await;
        assert_eq!(hits(&shown), [(booked.clone(), "超出名额".to_owned())]);
        let places = numbers(day(&weeks(&shown), "11月26日"));
        assert_eq!(places[0] - places[1], 14, "one in each of 14 slots: {places:?}");
        save(&mut staff, &shown).await;
        assert_eq!(row(&test, &booked).await.0, "booked", "kept");
        assert_eq!(at_the_desk(&mut staff, "0930", 3).await, 409, "no place for staff any more");
        let shown = preview(&mut staff, |fields| set(fields, "win-1-assisted", "2")).await;
        assert_eq!(hits(&shown), [], "more places hit nobody");
        save(&mut staff, &shown).await;
        for (n, status) in [(4, 303), (5, 409)] {
            assert_eq!(at_the_desk(&mut staff, "0900", n).await, status, "beside the one that was kept");
        }
        places_add_up(&test).await;

        // Walk-ins: none at all, then one a slot at window 4. Nobody's booking is hit, and no place for booking changes.
        let number = async |key: &str| {
            let fields = [("item", "worker-aid"), ("key", key)];
            test.visitor().post("/kiosk/hall-wutong/number", &fields).await.status.as_u16()
        };
        assert_eq!(number("a").await, 303);
        for (walk_ins, all, status) in [("0", 0, 409), ("1", 14, 303)] {
            let shown = preview(&mut staff, |fields| {
                let windows: Vec<String> =
                    fields.iter().map(|(name, _)| name.clone()).filter(|name| name.ends_with("-walk_in")).collect();
                for window in windows {
                    set(fields, &window, if window == "win-3-walk_in" { walk_ins } else { "0" });
                }
            })
            .await;
            assert_eq!(hits(&shown), []);
            assert_eq!(numbers(day(&weeks(&shown), "11月26日")).len(), 1, "as many places as before");
            save(&mut staff, &shown).await;
            let hall = super::queue::wutong(&test).await;
            let now = test.app.clock.now();
            assert_eq!(server::windows::service::walk_in_capacity(&test.app, &hall, now).await.expect("read"), all);
            assert_eq!(number(walk_ins).await, status, "{walk_ins} at window 4");
        }
    })
    .await;
}

#[tokio::test]
async fn every_limit_is_set_on_the_page_within_its_bounds() {
    on_both(async |test| {
        halls(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let limits = async || super::queue::wutong(&test).await.limits();
        for field in Limits::FIELDS {
            let (name, before) = (format!("limit-{}", field.name), limits().await.get(field.name));
            for wrong in [field.min - 1, field.max + 1] {
                let mut fields = form(&staff.get(HALL).await, 0);
                set(&mut fields, &name, &wrong.to_string());
                let refused = send(&mut staff, HALL, &fields).await;
                assert_eq!(refused.status, 422, "{name} {wrong}");
                assert!(refused.text().contains(&format!("id=\"{name}-error\"")), "{name} {wrong}");
            }
            let value = if before < field.max { before + 1 } else { before - 1 };
            let shown = preview(&mut staff, |fields| set(fields, &name, &value.to_string())).await;
            assert_eq!(limits().await.get(field.name), before, "{name}: only looked at");
            let saved = send(&mut staff, HALL, &form(&shown, 0)).await;
            assert_eq!(saved.status, 303, "{name}: {}", saved.text());
            assert_eq!(limits().await.get(field.name), value, "{name}");
        }
        let shown = preview(&mut staff, |fields| {
            fields.retain(|field| *field != ("class".to_owned(), "veteran".to_owned()));
        })
        .await;
        assert_eq!(send(&mut staff, HALL, &form(&shown, 0)).await.status, 303);
        assert_eq!(limits().await.priority_classes, ["senior", "disabled", "pregnant"]);
        // Each of them is a version, and so is what was before the first.
        let (versions,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM setting_version")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(versions, i64::try_from(Limits::FIELDS.len()).expect("few") + 2);
    })
    .await;
}

async fn row_window(test: &crate::support::TestApp, code: &str) -> i64 {
    let (number,): (i64,) = sqlx::query_as(
        "SELECT w.number FROM appointment a JOIN service_window w ON w.id = a.window_id WHERE a.code = $1",
    )
    .bind(code)
    .fetch_one(test.app.db.read())
    .await
    .expect("a window");
    number
}

#[tokio::test]
async fn a_proposed_place_that_was_taken_is_named_and_one_that_is_declined_is_free_again() {
    on_both(async |test| {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut other = test.signed_in(OTHER).await;
        let mut staff = test.signed_in(STAFF).await;
        let asked = code(&book(&mut resident, "flexible-employment", &slot(TOMORROW, "1400"), "a").await);
        let shown = preview(&mut staff, |fields| {
            set(fields, "ex-0-day", TOMORROW);
            set(fields, "ex-0-hours", "08:30-11:30");
            set(fields, "ex-0-reason", "培训");
        })
        .await;
        let mut fields = form(&shown, 0);
        set(&mut fields, "default", "propose");
        let to = format!("to.{asked}");
        let offered = fields.iter().find(|(name, _)| *name == to).expect("a time").1.clone();
        let begin: i64 = offered.split('w').next().expect("an instant").parse().expect("microseconds");
        let begin = jiff::Timestamp::from_microsecond(begin).expect("an instant");
        let begin = begin.to_zoned_datetime(app::time::zone()).datetime();
        let first = format!("hall-wutong.{}", begin.strftime("%Y%m%dT%H%M"));

        // Somebody books just that while the manager reads.
        let theirs = code(&book(&mut other, "flexible-employment", &first, "b").await);
        let refused = send(&mut staff, HALL, &fields).await;
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert!(refused.text().contains("这个时间刚被别人约走"), "{}", refused.text());
        assert_eq!(row(&test, &asked).await.0, "booked", "nothing was saved");
        let again = form(&refused, 0);
        let page = refused.text();
        let radio = format!("name=\"to.{asked}\" value=\"");
        let mut times = page.split(&radio).skip(1).map(|rest| rest.split('"').next().expect("a value"));
        let next = times.find(|value| *value != offered).expect("another time");
        let mut fields = again;
        set(&mut fields, "default", "propose");
        set(&mut fields, &to, next);
        let saved = send(&mut staff, HALL, &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert!(resident.get("/me/inbox").await.text().contains("建议改到"), "asked");

        // Declined: the booking is gone, its place and the proposed one are free, and twice is like once.
        let reserved = async || -> i64 {
            let (count,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place")
                .fetch_one(test.app.db.read())
                .await
                .expect("counted");
            count
        };
        assert_eq!(reserved().await, 1, "the proposed place is kept");
        // Also while they look for something else: what they choose themselves takes only its own place back.
        let mut kept = String::new();
        for time in ["0900", "0930"] {
            let chosen = slot("2026-11-30", time);
            let held = resident.post("/services/flexible-employment/hold", &[("slot", &chosen)]).await;
            assert_eq!(held.status, 303, "{}", held.text());
            kept = held.location().split("hold=").nth(1).expect("a hold").split('&').next().expect("an id").to_owned();
            assert_eq!(reserved().await, 2);
        }
        assert_eq!(resident.post(&format!("/holds/{kept}/release"), &[]).await.status, 303);
        assert_eq!(reserved().await, 1);
        let question = resident.get(&format!("/appointments/{asked}/proposal")).await.text();
        assert!(question.contains("位置已经留好"), "{question}");
        for expected in [303, 200] {
            let path = format!("/appointments/{asked}/proposal");
            let no = resident.post(&path, &[("answer", "decline")]).await;
            assert_eq!(no.status, expected, "{}", no.text());
        }
        assert_eq!(row(&test, &asked).await.0, "cancelled");
        assert_eq!(reserved().await, 0);
        assert_eq!(taken(&test).await, (1, 1), "theirs");
        assert_eq!(row(&test, &theirs).await.0, "booked");
        places_add_up(&test).await;
        let told = resident.get("/me/inbox").await.text();
        assert!(told.contains("已取消"), "{told}");
    })
    .await;
}
