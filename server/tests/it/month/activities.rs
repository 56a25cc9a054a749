//! Activities with few seats for which residents sign up, change their minds and come, by the product's own steps.
//! `screens/activities.rs` counts the sign-ups.

use super::walk::Dice;
use crate::{notices::published, support::TestApp};
use axum::http::StatusCode;

/// Staff of 梧桐.
const STAFF: &str = "19900000031";
/// Residents who sign up.
pub const PEOPLE: usize = 6;

/// So many activities.
pub async fn generate(test: &TestApp, count: usize) {
    let mut dice = Dice::new(0x1b87_3593_cc9e_2d51);
    let mut staff = test.signed_in(STAFF).await;
    let mut people = Vec::new();
    for phone in test.loaded.residents.iter().take(PEOPLE) {
        people.push(test.signed_in(phone).await);
    }
    for _ in 0..count {
        let seats = (3 + dice.below(6)).to_string();
        let fields = [
            ("kind", "activity"),
            ("title", "周六包饺子"),
            ("aims", "wutong"),
            ("activity_starts", "2026-11-28T09:00"),
            ("activity_ends", "2026-11-28T11:00"),
            ("activity_place", "社区活动室"),
            ("activity_until", "2026-11-27T18:00"),
            ("activity_seats", &seats),
            ("activity_most", "3"),
        ];
        let id = published(test, &mut staff, &fields).await;
        for _ in 0..PEOPLE * 3 {
            let who = usize::try_from(dice.below(i64::try_from(PEOPLE).expect("few"))).expect("small");
            let people_of = (1 + dice.below(3)).to_string();
            let browser = &mut people[who];
            let answer = match dice.below(3) {
                0 => browser.post(&format!("/notices/{id}/sign-up/cancel"), &[]).await,
                _ => browser.post(&format!("/notices/{id}/sign-up"), &[("people", people_of.as_str())]).await,
            };
            // Nobody cancels what they did not sign up for, and more than there are seats for is refused.
            let known = matches!(answer.status, StatusCode::SEE_OTHER | StatusCode::CONFLICT | StatusCode::NOT_FOUND);
            assert!(known, "{}", answer.text());
        }
    }
}
