//! Who answered for a grid on a day that has been: its page says what held then, whatever changed since.

use super::{JIANG, planned, send};
use crate::{
    reports::{GRID_WORKER, OTHER_VOLUNTEER, STAFF},
    support::{Browser, on_both},
};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::json;

const GRID: &str = "/staff/grids/wutong-g1";
const API: &str = "/api/v1/staff/grids/wutong-g1";
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The part of the grid's page about its people on a day; empty: it has none.
async fn people(staff: &mut Browser, day: &str) -> String {
    let answer = staff.get(&format!("{GRID}?day={day}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let page = answer.text();
    let Some((_, rest)) = page.split_once("谁负责") else { return String::new() };
    rest.split("</section>").next().unwrap_or_default().to_owned()
}

/// Who had the duty, and as what, in the table of that part.
async fn on_duty(staff: &mut Browser, day: &str) -> String {
    let part = people(staff, day).await;
    let body = part.split_once("<tbody").map(|(_, body)| body.to_owned()).unwrap_or_default();
    assert_eq!(body.matches("<tr").count(), 1, "one day: {part}");
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_past_day_has_the_people_of_then() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let (lu, jiang, tang) = (test.person(GRID_WORKER), test.person(JIANG), test.person(OTHER_VOLUNTEER));
        let names = async |staff: &mut Browser, responsible: &str, substitute: &str| {
            let fields = [("act", "name"), ("responsible", responsible), ("substitute", substitute)];
            assert_eq!(staff.post(&format!("{GRID}/duty"), &fields).await.status, StatusCode::SEE_OTHER);
        };
        // Wednesday the 25th: 陆海峰, who will be away from the 26th to the 28th; 唐卫东 on Saturdays.
        names(&mut staff, lu, jiang).await;
        let away = json!({ "person": lu, "from": "2026-11-26", "until": "2026-11-28" });
        assert_eq!(send(&mut staff, &format!("{API}/away"), &away).await.status, StatusCode::NO_CONTENT);
        let turn = json!({ "person": tang, "from": "2026-11-25", "until": "2026-12-31", "weekdays": [6] });
        assert_eq!(send(&mut staff, &format!("{API}/turns"), &turn).await.status, StatusCode::NO_CONTENT);
        // On the 27th he is back, so that the absence is taken back.
        test.app.clock.advance(DAY + DAY);
        let id = staff.get(API).await.json()["away"][0]["id"].as_str().expect("an absence").to_owned();
        let gone = staff.send(Method::DELETE, &format!("{API}/away/{id}"), None, Vec::new()).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        // On the 29th the turn ends, nobody answers any more, and 陆海峰 loses his role.
        test.app.clock.advance(DAY + DAY);
        let id = staff.get(API).await.json()["turns"][0]["id"].as_str().expect("a turn").to_owned();
        let gone = staff.send(Method::DELETE, &format!("{API}/turns/{id}"), None, Vec::new()).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        names(&mut staff, "", jiang).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        let sql = "DELETE FROM role_grant WHERE person_id = $1";
        sqlx::query(sql).bind(lu).execute(&mut *tx).await.expect("taken");
        tx.commit().await.expect("commit");

        for (day, who, kind) in [
            ("2026-11-25", "陆海峰", "负责人"),
            ("2026-11-26", "蒋雯", "替班"),
            ("2026-11-27", "陆海峰", "负责人"),
            ("2026-11-28", "唐卫东", "轮值"),
        ] {
            let part = people(&mut staff, day).await;
            assert!(part.contains("陆海峰"), "{day}: he answered for it: {part}");
            assert_eq!(part.contains("当天不在"), day == "2026-11-26", "{day}: {part}");
            let duty = on_duty(&mut staff, day).await;
            assert!(duty.contains(who) && duty.contains(kind), "{day}: {who}: {duty}");
            let told = staff.get(&format!("{API}?day={day}")).await.json();
            assert_eq!(told["responsible"]["name"], "陆海峰", "{day}: {told}");
            assert_eq!(told["week"].as_array().map(Vec::len), Some(1), "{day}: {told}");
            assert_eq!((&told["week"][0]["day"], &told["week"][0]["name"]), (&json!(day), &json!(who)), "{told}");
        }
        let before = on_duty(&mut staff, "2026-11-24").await;
        assert!(before.contains("没人当班"), "nobody was named yet: {before}");
        let now = people(&mut staff, "").await;
        assert!(!now.contains("陆海峰") && !now.contains("唐卫东") && now.contains("蒋雯"), "{now}");
        let told = staff.get(API).await.json();
        assert_eq!((told.get("responsible"), told["week"].as_array().map(Vec::len)), (None, Some(7)), "{told}");
        assert_eq!(staff.get(&format!("{API}?day=2026-12-24")).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        // A grid that has ended says who answered for it while it stood, and nothing of later days.
        let merge = json!({ "kind": "merge", "with": ["wutong-g3"], "into": "wutong-g3", "day": "2026-11-29" });
        planned(&mut staff, "wutong-g1", &merge).await;
        assert_eq!(people(&mut staff, "").await, "");
        assert!(on_duty(&mut staff, "2026-11-27").await.contains("陆海峰"));
    })
    .await;
}
