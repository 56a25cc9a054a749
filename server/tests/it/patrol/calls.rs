//! The hotline desk: earlier calls of a number.

use super::*;
use crate::{
    reports::{STAFF_ELSEWHERE, count, fields},
    support::on_both,
};

async fn call(staff: &mut Browser, n: usize, number: &str) {
    let key = crate::reports::key(n);
    let mut form = fields(&key);
    form.extend([("from", "hotline"), ("caller", "王女士"), ("contact", number), ("different", "1")]);
    let answer = staff.post_files("/staff/reports/new", &form, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

#[tokio::test]
async fn earlier_calls_of_a_number_are_found_and_each_look_is_written_down() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        call(&mut staff, 1, "0571-8800 1234").await;
        call(&mut staff, 2, "057188001234").await;
        call(&mut staff, 3, "19900000777").await;
        let found = staff.post("/staff/calls", &[("number", "0571 88001234")]).await;
        assert_eq!(found.status, StatusCode::OK);
        assert!(found.text().contains("以前的来电：2 件"), "{}", found.text());
        assert_eq!(found.headers["cache-control"], "private, no-store");
        assert!(found.text().contains("用这个号码登记来电"), "{}", found.text());
        let api = post_json(&mut staff, "/api/v1/staff/calls/history", &json!({"number": "19900000777"})).await;
        assert_eq!(api.json().as_array().map(Vec::len), Some(1), "{}", api.text());
        let looks = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'call.history'";
        assert_eq!(count(&test, looks).await, 2);
        let told = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE detail LIKE '%88001234%' OR object_id LIKE '%88001234%'";
        assert_eq!(count(&test, told).await, 0, "the log has no numbers");
        // Staff of another community find nothing of it.
        let mut elsewhere = test.signed_in(STAFF_ELSEWHERE).await;
        let none = elsewhere.post("/staff/calls", &[("number", "057188001234")]).await.text();
        assert!(none.contains("以前没有反映过问题") && none.contains("用这个号码登记来电"), "{none}");
        for wrong in ["", "12", "abc", "1234567890123456"] {
            let answer = staff.post("/staff/calls", &[("number", wrong)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(answer.text().contains("7 到 12 位"), "{wrong}");
            assert!(!answer.text().contains("用这个号码登记来电"), "{wrong}");
        }
    })
    .await;
}
