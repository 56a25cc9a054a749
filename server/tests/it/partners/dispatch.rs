//! Skills and areas feed dispatch, in words; hours never do.

use super::{LIN, STAFF, ZHOU, taken, team, written};
use crate::{
    reports::{filed, key, staff_step},
    support::on_both,
};

#[tokio::test]
async fn who_can_do_it_serves_there_and_has_time_stands_first() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let team = team(&mut staff).await;
        taken(&test, &mut staff, LIN, &team).await;
        let busy = taken(&test, &mut staff, ZHOU, &team).await;
        // 周桂珍 has many hours and no time: she is not put first.
        written(&mut staff, &busy, "2026-11-20", "12").await;
        let told = [("skills", "electric"), ("grids", "wutong-g1")];
        test.signed_in(ZHOU).await.post(&format!("/teams/{team}/change"), &told).await;

        // A street light in grid 1.
        let code = filed(&mut test.signed_in("19900000003").await, &key(1), 0).await;
        staff_step(&mut staff, &code, "accept", &[]).await;
        let all = staff.get(&format!("/api/v1/staff/reports/{code}/handlers")).await.json();
        let all = all.as_array().expect("a list");
        assert_eq!(all[0]["name"], "林晓禾", "{all:?}");
        let reason = all[0]["reason"].as_str().expect("in words");
        assert!(reason.contains("水电维修") && !reason.chars().any(|c| c.is_ascii_digit()), "{reason}");
        assert!(all[1..].iter().all(|one| one["reason"].is_null()), "{all:?}");
        assert!(all.iter().any(|one| one["name"] == "周桂珍"), "she can still be sent");
        let page = staff.get(&format!("/staff/reports/{code}?step=dispatch")).await.text();
        assert!(page.contains("会水电维修"), "{page}");
        // Something for which her skill is not good: nobody stands first.
        let fields = [
            ("key", "dispatch-other-000001"),
            ("community", "wutong"),
            ("category", "parking"),
            ("building", "wutong-1"),
            ("description", "车堵了门"),
            ("different", "1"),
        ];
        let answer = test.signed_in("19900000003").await.post_files("/report", &fields, &[]).await;
        let other = crate::reports::code_of(&answer);
        staff_step(&mut staff, &other, "accept", &[]).await;
        let all = staff.get(&format!("/api/v1/staff/reports/{other}/handlers")).await.json();
        assert!(all.as_array().expect("a list").iter().all(|one| one["reason"].is_null()), "{all}");
    })
    .await;
}
