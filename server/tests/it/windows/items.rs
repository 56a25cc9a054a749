//! Service items: one form without JavaScript, what a change hits, versions, and no longer offering one.

use super::{
    ADMIN, OTHER, RESIDENT, STAFF, TOMORROW, book,
    forms::{code, confirm_form, form, places_add_up, row, send, set},
    halls, slot,
};
use crate::support::{Browser, TestApp, on_both};
use jiff::Timestamp;

const ITEM: &str = "/staff/items/birth-registration";

fn value(fields: &[(String, String)], name: &str) -> String {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Presses a button of the form: it comes back with what was typed.
async fn press(browser: &mut Browser, path: &str, fields: &[(String, String)], button: &str) -> Vec<(String, String)> {
    let mut sent = fields.to_vec();
    sent.push(("do".to_owned(), button.to_owned()));
    let answer = send(browser, path, &sent).await;
    assert_eq!(answer.status, 200, "{button}: {}", answer.text());
    form(&answer, 0)
}

/// Sends a form, and what its preview shows for confirmation.
async fn save(browser: &mut Browser, path: &str, fields: &[(String, String)]) -> String {
    let preview = send(browser, path, fields).await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    let nth = preview.text().matches("name=\"confirm\"").count();
    assert_eq!(nth, 1, "one form confirms");
    let confirm = confirm_form(&preview);
    let saved = send(browser, path, &confirm).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    saved.location().to_owned()
}

#[tokio::test]
async fn an_item_is_written_and_changed_without_javascript() {
    on_both(async |test| {
        halls(&test).await;
        let mut admin = test.signed_in(ADMIN).await;
        let mut fields = form(&admin.get("/staff/items/new").await, 0);
        for (name, text) in [
            ("title", "居住证"),
            ("title_en", "Residence permit"),
            ("official_name", "居住证申领"),
            ("letter", "e"),
            ("minutes", "20"),
            ("area", "civil"),
            ("keywords", "外地人 办证，居住证"),
            ("who", "来本地住满半年的人"),
            ("how_long", "15 个工作日"),
            ("fee", "不收费"),
            ("result", "居住证"),
            ("basis", "居住证暂行条例"),
            ("qu-0-text", "是租房吗？"),
            ("ma-0-name", "身份证"),
            ("ma-0-copies", "1"),
            ("ma-1-name", "租房合同"),
        ] {
            set(&mut fields, name, text);
        }
        let asked = value(&fields, "qu-0-code");
        set(&mut fields, "ma-1-if", &format!("{asked}:yes"));
        fields.push(("life".to_owned(), "moving".to_owned()));
        // Rows move and go; what was typed stays.
        let fields = press(&mut admin, "/staff/items/new", &fields, "ma-1-up").await;
        assert_eq!((value(&fields, "ma-0-name"), value(&fields, "ma-1-name")), ("租房合同".into(), "身份证".into()));
        let fields = press(&mut admin, "/staff/items/new", &fields, "ma-add").await;
        let fields = press(&mut admin, "/staff/items/new", &fields, "qu-1-remove").await;
        let fields = press(&mut admin, "/staff/items/new", &fields, "initials").await;
        assert!(value(&fields, "keywords").contains("jzz"), "{fields:?}");
        assert_eq!(value(&fields, "title"), "居住证");
        let path = save(&mut admin, "/staff/items/new", &fields).await;
        assert_eq!(path, "/staff/items/residence-permit");
        // The same once more (a second tap): the code is taken, nothing is lost.
        let again = send(&mut admin, "/staff/items/new", &fields).await;
        assert_eq!(again.status, 422, "{}", again.text());
        assert!(again.text().contains("id=\"code-error\"") && again.text().contains("来本地住满半年的人"));

        // No window does it yet; in the hall's settings one is chosen, and it is found by its initials.
        assert_eq!(admin.get("/services/residence-permit").await.status, 404);
        let mut hall = form(&admin.get("/staff/halls/hall-wutong").await, 0);
        hall.push(("win-0-item".to_owned(), "residence-permit".to_owned()));
        save(&mut admin, "/staff/halls/hall-wutong", &hall).await;
        let mut resident = test.signed_in(RESIDENT).await;
        assert!(resident.get("/services?q=jzz").await.text().contains("居住证申领"));
        let renting =
            resident.get(&format!("/services/residence-permit?q-{}=no", value(&fields, "qu-0-code"))).await.text();
        assert!(renting.contains("身份证") && !renting.contains("租房合同"), "{renting}");

        // Staff see it as residents do, and cannot change it.
        let mut staff = test.signed_in(STAFF).await;
        let seen = staff.get(&path).await;
        assert_eq!(seen.status, 200);
        assert!(seen.text().contains("居住证暂行条例") && !seen.text().contains("/retire"));
        assert_eq!(staff.get(&format!("{path}/edit")).await.status, 403);
        assert!(staff.get("/staff/items?q=居住证").await.text().contains(&path));

        // A change is a version with who and what; the first one is the state before.
        let mut fields = form(&admin.get(&format!("{ITEM}/edit")).await, 0);
        set(&mut fields, "fee", "收工本费 5 元");
        save(&mut admin, &format!("{ITEM}/edit"), &fields).await;
        let history = staff.get(&format!("{ITEM}/history")).await.text();
        assert!(history.contains("收工本费 5 元") && history.contains("高远"), "{history}");
        assert!(!history.contains("restore="), "staff do not restore");
        // An edit of an old version is refused with what changed; then the first one is restored.
        set(&mut fields, "who", "所有人");
        let refused = send(&mut admin, &format!("{ITEM}/edit"), &fields).await;
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert!(refused.text().contains("收工本费 5 元") && refused.text().contains("所有人"));
        let restored = form(&admin.get(&format!("{ITEM}/edit?restore=1")).await, 0);
        save(&mut admin, &format!("{ITEM}/edit"), &restored).await;
        assert!(!resident.get("/services/birth-registration").await.text().contains("5 元"));
    })
    .await;
}

#[tokio::test]
async fn mistakes_come_back_at_their_fields() {
    on_both(async |test| {
        halls(&test).await;
        let mut admin = test.signed_in(ADMIN).await;
        let path = format!("{ITEM}/edit");
        let fields = form(&admin.get(&path).await, 0);
        for (name, text) in [
            ("title", ""),
            ("letter", "甲"),
            ("minutes", "99999999999999999999"),
            ("area", "moon"),
            ("ma-0-if", "nothing:yes"),
            ("ma-0-copies", "-1"),
            ("ma-0-name", ""),
        ] {
            let mut fields = fields.clone();
            set(&mut fields, name, text);
            let answer = send(&mut admin, &path, &fields).await;
            assert_eq!(answer.status, 422, "{name}: {}", answer.text());
            assert!(answer.text().contains(&format!("id=\"{name}-error\"")), "{name}");
        }
        let mut hostile = fields.clone();
        for row in 0..200 {
            hostile.push((format!("ma-{row}-name"), "<script>alert(1)</script>".repeat(50)));
        }
        // The fields of several lines as well, and what would end them.
        set(&mut hostile, "keywords", "</textarea><script>alert(1)</script>");
        set(&mut hostile, "who", "</textarea><script>alert(1)</script>");
        let answer = send(&mut admin, &path, &hostile).await;
        assert_eq!(answer.status, 422);
        assert!(!answer.text().contains("<script>alert"));
        assert!(answer.text().contains("&lt;/textarea&gt;&lt;script&gt;"), "it is shown as it was typed");
        assert_eq!(send(&mut admin, &path, &[]).await.status, 409, "a form without a version");
        assert_eq!(admin.get(&format!("{path}?restore=99999999999")).await.status, 404);
        assert_eq!(admin.get("/staff/items/nothing").await.status, 404);
        assert_eq!(admin.post("/staff/items/nothing/retire", &[]).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_retired_item_is_nowhere_offered_and_its_bookings_are_decided() {
    on_both(async |test| {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut other = test.signed_in(OTHER).await;
        let mut admin = test.signed_in(ADMIN).await;
        let kept = code(&book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "a").await);
        let called_off = code(&book(&mut other, "birth-registration", &slot(TOMORROW, "0930"), "b").await);
        let untouched = code(&book(&mut other, "flexible-employment", &slot(TOMORROW, "1000"), "c").await);
        waits(&test, "birth-registration").await;

        let preview = admin.post(&format!("{ITEM}/retire"), &[("version", "0"), ("retired", "1")]).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        let mut fields = confirm_form(&preview);
        let shown = |code: &str| fields.iter().any(|(name, value)| name == "seen" && value == code);
        assert!(shown(&kept) && shown(&called_off) && !shown(&untouched), "{fields:?}");
        assert_eq!(resident.get("/services/birth-registration").await.status, 200, "a preview changes nothing");
        // A move is not to be had, whatever a form says.
        let mut moved = fields.clone();
        set(&mut moved, &format!("decide.{kept}"), "move");
        set(&mut moved, &format!("to.{kept}"), &format!("{}w1", slot_micros("2026-11-27T01:00:00Z")));
        assert_eq!(send(&mut admin, &format!("{ITEM}/retire"), &moved).await.status, 409);
        // Words that are too long are not cut.
        let mut long = fields.clone();
        set(&mut long, "message", &"改".repeat(301));
        let refused = send(&mut admin, &format!("{ITEM}/retire"), &long).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("id=\"message-error\"") && refused.text().contains(&"改".repeat(301)));
        set(&mut fields, &format!("decide.{called_off}"), "cancel");
        set(&mut fields, "message", "生育登记改在区大厅办");
        let saved = send(&mut admin, &format!("{ITEM}/retire"), &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(row(&test, &kept).await.0, "booked");
        let (state, _, reason) = row(&test, &called_off).await;
        assert_eq!((state.as_str(), reason.as_str()), ("cancelled", "生育登记改在区大厅办"));
        places_add_up(&test).await;
        assert!(resident.get("/me/inbox").await.text().contains("照常办理"));
        assert!(other.get("/me/inbox").await.text().contains("改在区大厅办"));

        // Who waited is told and waits no more.
        let (state,): (String,) =
            sqlx::query_as("SELECT state FROM wait_entry").fetch_one(test.app.db.read()).await.expect("an entry");
        assert_eq!(state, "expired");
        assert!(resident.get("/me/inbox").await.text().contains("候补到此为止"));

        // Not in the guide, not in the search, not bookable, not at the kiosk, not at the desk.
        assert_eq!(resident.get("/services/birth-registration").await.status, 410);
        for page in ["/services", "/services?q=生育登记", "/api/v1/services", "/kiosk/hall-wutong"] {
            let text = resident.get(page).await.text();
            assert!(!text.contains("birth-registration"), "{page}: {text}");
        }
        assert_eq!(resident.get("/services/birth-registration/times").await.status, 404);
        let late = resident
            .post("/services/birth-registration/book", &[("slot", &slot(TOMORROW, "1500")), ("key", "late")])
            .await;
        assert_eq!(late.status, 404, "{}", late.text());
        let number = resident.post("/kiosk/hall-wutong/number", &[("item", "birth-registration"), ("key", "k")]).await;
        assert_eq!(number.status, 422, "{}", number.text());
        let mut staff = test.signed_in(STAFF).await;
        let desk = staff.get("/staff/appointments/new?hall=hall-wutong&item=birth-registration").await.text();
        assert!(!desk.contains("value=\"birth-registration\""), "{desk}");
        // The kept booking stands: its page opens, and it still checks in.
        assert_eq!(resident.get(&format!("/appointments/{kept}")).await.status, 200);

        // It is offered again the same way.
        let version = value(&form(&admin.get(ITEM).await, 0), "version");
        let preview = admin.post(&format!("{ITEM}/retire"), &[("version", &version), ("retired", "0")]).await;
        let saved = send(&mut admin, &format!("{ITEM}/retire"), &confirm_form(&preview)).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(resident.get("/services/birth-registration").await.status, 200);
        let stale = admin.post(&format!("{ITEM}/retire"), &[("version", "0"), ("retired", "1")]).await;
        assert_eq!(stale.status, 409);
    })
    .await;
}

fn slot_micros(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("an instant").as_microsecond()
}

/// The resident waits for a place on a full day.
async fn waits(test: &TestApp, item: &str) {
    use server::windows::store::{halls, waiting};
    let hall = halls::by_code(&test.app.db, "hall-wutong").await.expect("read").expect("there");
    let mut tx = test.app.db.begin().await.expect("begin");
    let entry = waiting::NewEntry {
        id: "00000000-0000-7000-8000-000000000009",
        person_id: test.person(RESIDENT),
        hall_id: &hall.id,
        day: "2026-11-27".parse().expect("a date"),
        items: &[item.to_owned()],
        answers: "{}".to_owned(),
        materials: "{}".to_owned(),
    };
    waiting::insert(&mut tx, entry, test.app.clock.now()).await.expect("written");
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn a_longer_item_hits_bookings_that_are_too_short() {
    on_both(async |test| {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut other = test.signed_in(OTHER).await;
        let mut admin = test.signed_in(ADMIN).await;
        let moved = code(&book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "a").await);
        let kept = code(&book(&mut other, "birth-registration", &slot(TOMORROW, "1000"), "b").await);
        let path = format!("{ITEM}/edit");
        let mut fields = form(&admin.get(&path).await, 0);
        set(&mut fields, "minutes", "29");
        let within = send(&mut admin, &path, &fields).await;
        assert!(!within.text().contains("name=\"seen\""), "still one slot: {}", within.text());
        set(&mut fields, "minutes", "45");
        let preview = send(&mut admin, &path, &fields).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        let mut confirm = confirm_form(&preview);
        assert!(
            confirm.contains(&("seen".to_owned(), moved.clone()))
                && confirm.contains(&("seen".to_owned(), kept.clone()))
        );
        set(&mut confirm, "default", "keep");
        set(&mut confirm, &format!("decide.{moved}"), "move");
        let saved = send(&mut admin, &path, &confirm).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        places_add_up(&test).await;
        let length = async |code: &str| -> i64 {
            let (minutes,): (i64,) =
                sqlx::query_as("SELECT (ends_at - starts_at) / 60000000 FROM appointment WHERE code = $1")
                    .bind(code)
                    .fetch_one(test.app.db.read())
                    .await
                    .expect("an appointment");
            minutes
        };
        assert_eq!(length(&moved).await, 60, "two slots now");
        assert_eq!(length(&kept).await, 30, "kept as it is");
        // A new booking takes two slots.
        let mut third = test.signed_in("19900000004").await;
        let new = code(&book(&mut third, "birth-registration", &slot("2026-11-27", "0900"), "n").await);
        assert_eq!(length(&new).await, 60);
    })
    .await;
}

#[tokio::test]
async fn measured_minutes_are_shown_from_twenty_services_on() {
    on_both(async |test| {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut admin = test.signed_in(ADMIN).await;
        let page = "/services/senior-allowance";
        // 19 services of 10 to 28 minutes, and one that took an hour but was for two things.
        for n in 0..19 {
            served(&test, n, 10 + n, 1).await;
        }
        served(&test, 50, 60, 2).await;
        server::windows::service::managers::measure_items(&test.app).await.expect("measured");
        assert!(!resident.get(page).await.text().contains("实际约"), "too few");
        served(&test, 19, 29, 1).await;
        server::windows::service::managers::measure_items(&test.app).await.expect("measured");
        // Of 10, 11, … 29: the 5th and the 15th.
        let text = resident.get(page).await.text();
        assert!(text.contains("实际约 14–24 分钟"), "{text}");
        let item = admin.get("/staff/items/senior-allowance").await.text();
        assert!(item.contains("/staff/items/senior-allowance/edit?minutes=24"), "{item}");
        let fields = form(&admin.get("/staff/items/senior-allowance/edit?minutes=24").await, 0);
        assert_eq!(value(&fields, "minutes"), "24");
        // What is older than 90 days does not count.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE ticket SET day = '2026-08-01' WHERE number = 1").execute(&mut *tx).await.expect("aged");
        tx.commit().await.expect("commit");
        server::windows::service::managers::measure_items(&test.app).await.expect("measured");
        assert!(!resident.get(page).await.text().contains("实际约"));
    })
    .await;
}

/// A service of so many minutes, in two parts with a pause that does not count, for `items` things.
pub async fn served(test: &TestApp, number: i64, minutes: i64, items: usize) {
    let db = &test.app.db;
    let (hall, item): (String, String) = sqlx::query_as(
        "SELECT h.id, s.id FROM hall h, service_item s WHERE h.code = 'hall-wutong' AND s.code = 'senior-allowance'",
    )
    .fetch_one(db.read())
    .await
    .expect("there");
    let other: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM service_item WHERE code <> 'senior-allowance' ORDER BY code")
            .fetch_all(db.read())
            .await
            .expect("items");
    let id = server::clock::new_id(test.app.clock.now());
    let mut tx = db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO ticket (id, hall_id, day, letter, number, channel, item_id, state, rank, order_at, issued_at) \
         VALUES ($1, $2, '2026-11-20', 'B', $3, 'desk', $4, 'done', 0, 0, 0)",
    )
    .bind(&id)
    .bind(&hall)
    .bind(number + 1)
    .bind(&item)
    .execute(&mut *tx)
    .await
    .expect("a ticket");
    let minute = 60_000_000;
    for (position, state, from, to) in
        [(0i64, "serving", 0, 4), (1, "parked", 4, 100), (2, "serving", 100, 100 + minutes - 4)]
    {
        sqlx::query(
            "INSERT INTO ticket_interval (id, ticket_id, hall_id, day, position, state, item_id, starts_at, ends_at) \
             VALUES ($1, $2, $3, '2026-11-20', $4, $5, $6, $7, $8)",
        )
        .bind(server::clock::new_id(test.app.clock.now()))
        .bind(&id)
        .bind(&hall)
        .bind(position)
        .bind(state)
        .bind(&item)
        .bind(from * minute)
        .bind(to * minute)
        .execute(&mut *tx)
        .await
        .expect("an interval");
    }
    for (position, item) in (0i64..).zip(std::iter::once(&item).chain(other.iter().map(|(id,)| id)).take(items)) {
        sqlx::query("INSERT INTO ticket_item (ticket_id, position, item_id) VALUES ($1, $2, $3)")
            .bind(&id)
            .bind(position)
            .bind(item)
            .execute(&mut *tx)
            .await
            .expect("an item");
    }
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn a_booking_made_while_an_item_is_retired_is_seen_or_refused() {
    on_both(async |test| {
        halls(&test).await;
        let mut admin = test.signed_in(ADMIN).await;
        let preview = admin.post(&format!("{ITEM}/retire"), &[("version", "0"), ("retired", "1")]).await;
        let fields = confirm_form(&preview);
        let mut residents = Vec::new();
        for phone in [RESIDENT, OTHER, "19900000002", "19900000004"] {
            residents.push(test.signed_in(phone).await);
        }
        let times = ["0900", "0930", "1000", "1030"];
        let books = residents.iter().zip(times).map(|(resident, time)| {
            let mut resident = resident.clone();
            async move {
                let slot = slot(TOMORROW, time);
                let fields = [("slot", slot.as_str()), ("key", time)];
                resident.post("/services/birth-registration/book", &fields).await.status.as_u16()
            }
        });
        let path = format!("{ITEM}/retire");
        let retire = send(&mut admin, &path, &fields);
        let (booked, retired) = tokio::join!(futures::future::join_all(books), retire);
        assert!(booked.iter().all(|status| [303, 404, 409].contains(status)), "no deadlock, no failure: {booked:?}");
        let (standing, told): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM appointment WHERE state = 'booked'), \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'appointment.keep')",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        let made = booked.iter().filter(|status| **status == 303).count();
        assert_eq!(usize::try_from(standing).expect("small"), made);
        match retired.status.as_u16() {
            // Saved before any of them: whoever came after it was refused.
            303 => assert_eq!((standing, told), (0, 0), "the page had shown none: {booked:?}"),
            // One was made that the page had not shown: nothing is saved, and it is on the page now.
            409 => assert!(retired.text().contains("刚刚新增的预约") && standing > 0),
            other => panic!("{other}: {}", retired.text()),
        }
        places_add_up(&test).await;
    })
    .await;
}
