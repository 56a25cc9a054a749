//! Who may write to whom, answer, re-check and see.

use super::*;
use crate::support::on_both;

#[tokio::test]
async fn a_street_writes_to_its_own_communities_and_in_its_own_name() {
    on_both(|test| async move {
        let mut other = test.signed_in(OTHER_STREET).await;
        let to_ours = other.post("/staff/supervision", &fields("perm-1")).await;
        assert_eq!(to_ours.status, StatusCode::UNPROCESSABLE_ENTITY, "another street's community");
        let as_us = other.post("/staff/supervision", &with("perm-2", &[("issuer", "tongyin")])).await;
        assert_eq!(as_us.status, StatusCode::FORBIDDEN, "another street's name");
        let mut street = test.signed_in(STREET).await;
        for addressee in ["tongyin", "lanxi", "wutong-g1", "tinglan"] {
            let answer = street.post("/staff/supervision", &with("perm-3", &[("addressee", addressee)])).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{addressee}");
        }
        for phone in [STAFF, ADMIN, "19900000001", "19900000021"] {
            let mut browser = test.signed_in(phone).await;
            assert_eq!(browser.get("/staff/supervision/new").await.status, StatusCode::FORBIDDEN, "{phone}");
            let sent = browser.post("/staff/supervision", &fields("perm-4")).await;
            assert_eq!(sent.status, StatusCode::FORBIDDEN, "{phone}");
        }
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM supervision_letter").await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_addressee_answers_the_issuer_rechecks_and_nobody_their_own() {
    on_both(|test| async move {
        let id = issued(&test, "perm-5").await;
        let here = format!("/staff/supervision/{id}");
        for (phone, status) in
            [(STAFF, 200_u16), (STREET, 200), (DISTRICT, 200), (ADMIN, 200), (ELSEWHERE, 403), (OTHER_STREET, 403)]
        {
            assert_eq!(test.signed_in(phone).await.get(&here).await.status, status, "{phone}");
            assert_eq!(test.signed_in(phone).await.get(&format!("{here}/letter")).await.status, status, "{phone}");
            let listed = test.signed_in(phone).await.get("/staff/supervision?state=all").await.text().contains(&id);
            assert_eq!(listed, status == 200, "{phone}");
        }
        for phone in [STREET, DISTRICT, ADMIN, ELSEWHERE, OTHER_STREET] {
            let mut browser = test.signed_in(phone).await;
            let answer = browser.post(&format!("{here}/steps"), &[&[("step", "answer")][..], &ANSWERS].concat()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{phone}");
        }
        let mut staff = test.signed_in(STAFF).await;
        done(&mut staff, &id, "answer", &ANSWERS).await;
        for phone in [STAFF, ADMIN, OTHER_STREET] {
            let mut browser = test.signed_in(phone).await;
            let pass = browser.post(&format!("{here}/steps"), &[("step", "pass")]).await;
            assert_eq!(pass.status, StatusCode::FORBIDDEN, "{phone}");
        }
        // Somebody with both roles does not judge what they wrote.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE supervision_letter SET answered_by = $1")
            .bind(test.person(STREET))
            .execute(&mut *tx)
            .await
            .expect("set");
        tx.commit().await.expect("commit");
        let mut street = test.signed_in(STREET).await;
        assert!(street.get(&here).await.text().contains("回复是您写的"));
        let own = step(&mut street, &id, "pass", &[]).await;
        assert_eq!(own.status, StatusCode::CONFLICT, "{}", own.text());
        done(&mut test.signed_in(DISTRICT).await, &id, "pass", &[]).await;
    })
    .await;
}

#[tokio::test]
async fn a_street_answers_the_district_by_its_own_supervisor() {
    on_both(|test| async move {
        let mut district = test.signed_in(DISTRICT).await;
        let id = drafted(&mut district, &with("perm-6", &[("addressee", "tongyin"), ("kind", "order")])).await;
        done(&mut district, &id, "issue", &[]).await;
        assert!(inbox(&test, STREET).await.contains("澜溪区发来督办单"));
        let here = format!("/staff/supervision/{id}");
        assert_eq!(test.signed_in(STAFF).await.get(&here).await.status, StatusCode::FORBIDDEN, "not the community's");
        let own = district.post(&format!("{here}/steps"), &[&[("step", "answer")][..], &ANSWERS].concat()).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN, "the district does not answer itself");
        done(&mut test.signed_in(STREET).await, &id, "answer", &ANSWERS).await;
        let mut street = test.signed_in(STREET).await;
        assert_eq!(street.post(&format!("{here}/steps"), &[("step", "pass")]).await.status, StatusCode::FORBIDDEN);
        done(&mut district, &id, "pass", &[]).await;
    })
    .await;
}
