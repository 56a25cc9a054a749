//! Kept times: given up, left and come back to, and how many one address has.

use super::{OTHER, RESIDENT, TOMORROW, book, halls, one_window_with, slot, visits::sound};
use crate::support::{Answer, Browser, TestApp, on_both};
use jiff::SignedDuration;

const ITEM: &str = "/services/flexible-employment";

async fn keep(browser: &mut Browser, day: &str, time: &str) -> Answer {
    browser.post(&format!("{ITEM}/hold"), &[("slot", &slot(day, time))]).await
}

/// A browser without an account that has looked around.
async fn stranger(test: &TestApp, ip: &str) -> Browser {
    let mut browser = test.visitor();
    browser.ip = ip.to_owned();
    browser.get("/services").await;
    browser
}

fn id_of(kept: &Answer) -> String {
    assert_eq!(kept.status, 303, "{}", kept.text());
    kept.location().split("hold=").nth(1).expect("a hold").split('&').next().expect("an id").to_owned()
}

/// Whether somebody else may keep the time now; what they kept is given up again.
async fn is_free(test: &TestApp, time: &str) -> bool {
    let mut other = test.signed_in(OTHER).await;
    let kept = keep(&mut other, TOMORROW, time).await;
    if kept.status == 303 {
        assert_eq!(other.post(&format!("/holds/{}/release", id_of(&kept)), &[]).await.status, 303);
    }
    kept.status == 303
}

#[tokio::test]
async fn a_time_is_given_up_by_who_keeps_it_and_free_at_once() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut keeper = stranger(&test, "192.0.2.1").await;
        let kept = keep(&mut keeper, TOMORROW, "0900").await;
        let release = format!("/holds/{}/release", id_of(&kept));
        for mut other in [stranger(&test, "192.0.2.2").await, test.signed_in(RESIDENT).await] {
            for path in [release.clone(), release.replace("/release", "/here")] {
                assert_eq!(other.post(&path, &[("page", "9")]).await.status, 404, "not theirs");
                assert!(!other.post(&path, &[("page", "")]).await.status.is_success());
            }
        }
        assert!(!is_free(&test, "0900").await);
        for _ in 0..2 {
            let answer = keeper.post(&release, &[("next", "/services")]).await;
            assert_eq!((answer.status.as_u16(), answer.location()), (303, "/services"), "twice is like once");
        }
        assert!(is_free(&test, "0900").await);
        assert!(keeper.get(kept.location()).await.text().contains("保留的时间到了"), "its page says so");
        sound(&test).await;
    })
    .await;
}

#[tokio::test]
async fn a_page_that_is_left_frees_its_time_soon_and_one_that_is_loaded_again_keeps_it() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut keeper = test.signed_in(RESIDENT).await;
        let id = id_of(&keep(&mut keeper, TOMORROW, "0900").await);
        let at = |what: &str| format!("/holds/{id}/{what}");
        let page = format!("{ITEM}/book?slot={}&hold={id}", slot(TOMORROW, "0900"));
        let second = SignedDuration::from_secs(1);
        let said = |answer: Answer| {
            let cookies = answer.headers.get_all("set-cookie").iter();
            assert!(
                !cookies.into_iter().any(|cookie| format!("{cookie:?}").contains("flash")),
                "no message for the next page"
            );
            answer.status.as_u16()
        };
        assert_eq!(said(keeper.post(&at("here"), &[("page", "1")]).await), 204);

        // Loaded again: the new page says that it is there, whichever of the two is heard first.
        assert_eq!(said(keeper.post(&at("release"), &[("page", "1")]).await), 204);
        test.app.clock.advance(second * 15);
        assert!(keeper.get(&page).await.text().contains("data-seconds=\"585\""), "as long as was said at first");
        assert_eq!(said(keeper.post(&at("here"), &[("page", "2")]).await), 204);
        assert_eq!(said(keeper.post(&at("release"), &[("page", "1")]).await), 204);
        test.app.clock.advance(second * 60);
        assert!(!is_free(&test, "0900").await, "the page is there");
        for odd in ["", "x", "0", "-1", "99999999999999999999"] {
            for what in ["here", "release"] {
                assert_eq!(keeper.post(&at(what), &[("page", odd)]).await.status, 400, "{what} {odd}");
            }
        }

        // Left for good.
        assert_eq!(said(keeper.post(&at("release"), &[("page", "2")]).await), 204);
        test.app.clock.advance(second * 10);
        assert_eq!(said(keeper.post(&at("release"), &[("page", "2")]).await), 204, "twice is like once");
        test.app.clock.advance(second * 9);
        assert!(!is_free(&test, "0900").await, "a moment to come back");
        test.app.clock.advance(second);
        assert!(is_free(&test, "0900").await);
        assert_eq!(said(keeper.post(&at("here"), &[("page", "3")]).await), 409, "too late");
        assert!(keeper.get(&page).await.text().contains("保留的时间到了"));
        let mut other = test.signed_in(OTHER).await;
        book(&mut other, "flexible-employment", &slot(TOMORROW, "0900"), "o").await;

        // Left so soon that its being there is heard of only afterwards.
        let id = id_of(&keep(&mut keeper, TOMORROW, "0930").await);
        let at = |what: &str| format!("/holds/{id}/{what}");
        assert_eq!(said(keeper.post(&at("here"), &[("page", "1")]).await), 204);
        for page in ["1", "2"] {
            assert_eq!(said(keeper.post(&at("release"), &[("page", page)]).await), 204);
        }
        for page in ["1", "2"] {
            assert_eq!(said(keeper.post(&at("here"), &[("page", page)]).await), 409, "{page}");
        }
        test.app.clock.advance(second * 20);
        assert!(is_free(&test, "0930").await);

        // Choosing the same time again after leaving is going on with it; renewing it forgets that it was left.
        let id = id_of(&keep(&mut keeper, TOMORROW, "1000").await);
        let at = |what: &str| format!("/holds/{id}/{what}");
        assert_eq!(said(keeper.post(&at("release"), &[("page", "1")]).await), 204);
        assert_eq!(id_of(&keep(&mut keeper, TOMORROW, "1000").await), id);
        assert_eq!(keeper.post(&at("renew"), &[("next", "/")]).await.status, 303);
        test.app.clock.advance(second * 60 * 9);
        assert!(!is_free(&test, "1000").await);
        sound(&test).await;
    })
    .await;
}

#[tokio::test]
async fn one_address_keeps_so_many_times_without_work_or_an_account() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 5).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE hall SET limits = '{\"holds_per_address\":3}' WHERE code = 'hall-wutong'")
            .execute(&mut *tx)
            .await
            .expect("set");
        tx.commit().await.expect("commit");
        // Different days, so that no day is under pressure.
        let days = ["2026-11-26", "2026-11-27", "2026-11-30", "2026-12-02"];
        let mut last = None;
        for (n, day) in days.iter().enumerate() {
            let mut browser = stranger(&test, "192.0.2.7").await;
            let answer = keep(&mut browser, day, "0900").await;
            let expected = if n < 3 { 303 } else { 429 };
            assert_eq!(answer.status, expected, "{day}: {}", answer.text());
            last = Some((browser, answer.text()));
        }
        let (mut fourth, page) = last.expect("four came");
        let challenge = page.split("data-work=\"").nth(1).expect("work to do").split('"').next().expect("a challenge");
        let wanted = slot(days[3], "0900");
        let answer = super::flood::solve(challenge);
        let mut person = test.signed_in(RESIDENT).await;
        person.ip = "192.0.2.7".into();
        assert_eq!(keep(&mut person, days[3], "0930").await.status, 303, "who is signed in is not held up");
        let mut elsewhere = stranger(&test, "192.0.2.8").await;
        assert_eq!(keep(&mut elsewhere, days[3], "1000").await.status, 303, "another address");
        let worked = [("slot", wanted.as_str()), ("challenge", challenge), ("answer", &answer)];
        assert_eq!(fourth.post(&format!("{ITEM}/hold"), &worked).await.status, 303, "who works for it");
    })
    .await;
}
