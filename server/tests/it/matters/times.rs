//! The clocks, as they are kept.

use super::{STREET, WUTONG, XINGWU, done, matter, sent, state, step};
use crate::support::on_both;
use jiff::SignedDuration;

#[tokio::test]
async fn waiting_moves_the_deadline_and_more_time_is_asked_for_before_it() {
    on_both(|test| async move {
        let (mut wutong, mut street) = (test.signed_in(WUTONG).await, test.signed_in(STREET).await);
        // Wednesday, 10:00.
        let id = sent(&mut wutong, "wutong", "org:tongyin", &[("hours", "4"), ("days", "2")]).await;
        let one = matter(&mut street, &id).await;
        assert_eq!(
            (one["accept_due"].as_str(), one["due"].as_str()),
            (Some("2026-11-25T06:00:00Z"), Some("2026-11-27T09:30:00Z"))
        );
        done(&mut street, &id, "accept", &[]).await;
        done(&mut street, &id, "ask_extend", &[("text", "等配件"), ("days", "3")]).await;
        assert!(matter(&mut street, &id).await["stopped_at"].is_string());
        // A working day later it is refused: the deadline has moved by that day.
        test.app.clock.advance(SignedDuration::from_hours(24));
        done(&mut wutong, &id, "refuse_extend", &[("text", "先用备件")]).await;
        let one = matter(&mut street, &id).await;
        assert!(one["stopped_at"].is_null());
        // Nine hours of working time after Friday 17:30: Monday 17:30.
        assert_eq!(one["due"], "2026-11-30T09:30:00Z");
        done(&mut street, &id, "ask_extend", &[("text", "备件也没有"), ("days", "2")]).await;
        done(&mut wutong, &id, "grant_extend", &[]).await;
        assert_eq!(matter(&mut street, &id).await["due"], "2026-12-02T09:30:00Z", "two working days more");
        // Over its time: it is told, and no more is granted.
        test.app.clock.advance(SignedDuration::from_hours(24 * 8));
        let late = street.get("/staff/matters?tab=late").await.text();
        assert!(late.contains(&id) && late.contains("超时未办"), "{late}");
        assert_eq!(matter(&mut street, &id).await["late"], "handle");
        let refused = step(&mut street, &id, "ask_extend", &[("text", "再等等"), ("days", "2")]).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text().contains("到期前提出"), "{}", refused.text());
        done(&mut street, &id, "answer", &[("text", "装好了")]).await;
        assert!(!street.get("/staff/matters?tab=late").await.text().contains(&id));
        assert!(street.get(&format!("/staff/matters/{id}")).await.text().contains("超过了时限"));
        // How it was answered does not change with the time that the sender takes.
        test.app.clock.advance(SignedDuration::from_hours(24 * 3));
        done(&mut wutong, &id, "close", &[]).await;
        assert_eq!(matter(&mut street, &id).await["due"], "2026-12-02T09:30:00Z");
    })
    .await;
}

#[tokio::test]
async fn what_was_handed_on_is_never_due_after_what_is_above() {
    on_both(|test| async move {
        let (mut wutong, mut street) = (test.signed_in(WUTONG).await, test.signed_in(STREET).await);
        let mut xingwu = test.signed_in(XINGWU).await;
        let top = sent(&mut wutong, "wutong", "org:tongyin", &[("days", "3")]).await;
        done(&mut street, &top, "accept", &[]).await;
        let child = sent(&mut street, "tongyin", "org:xingwu", &[("parent", &top), ("days", "30")]).await;
        let due = |one: serde_json::Value| one["due"].as_str().expect("a deadline").to_owned();
        let first = due(matter(&mut street, &top).await);
        assert_eq!(due(matter(&mut xingwu, &child).await), first);
        // More time below is more time up to what is above, and no further.
        done(&mut xingwu, &child, "accept", &[]).await;
        done(&mut xingwu, &child, "ask_extend", &[("text", "等配件"), ("days", "5")]).await;
        done(&mut street, &child, "grant_extend", &[]).await;
        assert_eq!(due(matter(&mut xingwu, &child).await), first);
        // More time above reaches what is below.
        done(&mut street, &top, "ask_extend", &[("text", "等配件"), ("days", "2")]).await;
        done(&mut wutong, &top, "grant_extend", &[]).await;
        let second = due(matter(&mut street, &top).await);
        assert!(second > first);
        assert_eq!(due(matter(&mut xingwu, &child).await), second);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_takes_is_late_first() {
    on_both(|test| async move {
        let (mut wutong, mut street) = (test.signed_in(WUTONG).await, test.signed_in(STREET).await);
        let id = sent(&mut wutong, "wutong", "org:tongyin", &[("hours", "1"), ("days", "20")]).await;
        test.app.clock.advance(SignedDuration::from_hours(2));
        assert_eq!(matter(&mut street, &id).await["late"], "accept");
        assert!(wutong.get("/staff/matters?tab=late").await.text().contains("超时未签收"));
        done(&mut street, &id, "accept", &[]).await;
        assert_eq!(matter(&mut street, &id).await["late"], serde_json::json!(null));
        // Days of a year whose holidays are not published are not guessed.
        test.app.clock.advance(SignedDuration::from_hours(24 * 365 * 2));
        let (mut wutong, mut street) = (test.signed_in(WUTONG).await, test.signed_in(STREET).await);
        let far = sent(&mut wutong, "wutong", "org:tongyin", &[]).await;
        assert_eq!(matter(&mut street, &far).await["due"], serde_json::json!(null));
        assert_eq!(state(&mut street, &far).await, "sent");
        assert!(street.get(&format!("/staff/matters/{far}")).await.text().contains("放假安排"));
    })
    .await;
}
