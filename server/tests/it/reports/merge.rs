//! 并案: everybody who waits for the report that goes, waits for the one that stays, and counts once.

use super::*;
use crate::support::on_both;

#[tokio::test]
async fn whoever_waits_for_the_one_that_goes_follows_the_one_that_stays_once() {
    on_both(|test| async move {
        let stays = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        // Filed without an account.
        let mut visitor = test.visitor();
        visitor.get("/").await;
        let goes = filed(&mut visitor, &key(2), 0).await;
        let mut passer_by = test.visitor();
        passer_by.get("/").await;
        let (mut neighbour, mut resident) = (test.signed_in(NEIGHBOUR).await, test.signed_in(RESIDENT).await);
        let join = |code: &str| format!("/reports/{code}/join");
        // The neighbour follows both; whoever filed the one also met the other.
        for (browser, codes) in
            [(&mut passer_by, vec![&goes]), (&mut neighbour, vec![&goes, &stays]), (&mut resident, vec![&goes])]
        {
            for code in codes {
                assert_eq!(browser.post(&join(code), &[]).await.status, StatusCode::SEE_OTHER);
            }
        }
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff_step(&mut staff, &goes, "merge", &[("into", &stays)]).await.status, StatusCode::SEE_OTHER);

        let rows: Vec<(String, Option<String>)> = sqlx::query_as(
            "SELECT f.follower, f.person_id FROM report_follower f JOIN report r ON r.id = f.report_id \
             WHERE r.code = $1 ORDER BY f.person_id, f.follower",
        )
        .bind(&stays)
        .fetch_all(test.app.db.read())
        .await
        .expect("rows");
        let people: Vec<&str> = rows.iter().filter_map(|(_, person)| person.as_deref()).collect();
        assert_eq!(people, [test.person(NEIGHBOUR)], "once, and not whoever filed it");
        let devices = rows.iter().filter(|(who, person)| who.starts_with("device:") && person.is_none()).count();
        assert_eq!((devices, rows.len()), (2, 3), "the passer-by and whoever filed the other: {rows:?}");
        let page = format!("/reports/{stays}");
        assert!(test.visitor().get(&page).await.text().contains("3 人也遇到"));
        for browser in [&mut visitor, &mut passer_by, &mut neighbour] {
            let text = browser.get(&page).await.text();
            assert!(text.contains(&format!("{page}/leave")) && !text.contains(&format!("{page}/join")), "{text}");
        }
        // Their old address leads on, and what happens reaches who has an inbox.
        let old = visitor.get(&format!("/reports/{goes}")).await.text();
        assert!(old.contains(&format!("href=\"{page}\"")), "{old}");
        let told = "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE text_key = 'inbox-report-followed'";
        let before = count(&test, told).await;
        staff_step(&mut staff, &stays, "accept", &[("text", "明天去看")]).await;
        assert_eq!(count(&test, told).await - before, 1, "the neighbour, once");
    })
    .await;
}

#[tokio::test]
async fn two_of_ones_own_are_one_and_nobody_follows_themselves() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let (first, second) = (filed(&mut resident, &key(1), 0).await, filed(&mut resident, &key(2), 0).await);
        let mut visitor = test.visitor();
        visitor.get("/").await;
        let (third, fourth) = (filed(&mut visitor, &key(3), 0).await, filed(&mut visitor, &key(4), 0).await);
        let mut staff = test.signed_in(STAFF).await;
        for (goes, stays) in [(&second, &first), (&fourth, &third)] {
            assert_eq!(staff_step(&mut staff, goes, "merge", &[("into", stays)]).await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_follower").await, 0);
    })
    .await;
}
