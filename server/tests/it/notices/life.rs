//! From the first word to the withdrawal: writing, publishing, scheduling, correcting, taking back, and who may.

use super::{CHENG, GU, LIN, QIN, SHEN, ZHOU, hidden, id_in, messages, published, typed, version, written};
use crate::support::on_both;
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::clock;

#[tokio::test]
async fn written_previewed_saved_published_corrected_and_withdrawn() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let key = clock::token();

        // Without JavaScript: the same form comes back with the preview and everything that was typed.
        let answer = staff.post("/staff/notices", &typed(&key, &[("action", "preview")])).await;
        assert_eq!(answer.status, StatusCode::OK);
        let text = answer.text();
        assert!(text.contains("<strong>8:00 至 12:00</strong>") && text.contains("value=\"5 栋停水\""), "{text}");
        assert!(text.contains("明天上午 **8:00 至 12:00** 停水。"), "the text is still in the form");

        let answer = staff.post("/staff/notices", &typed(&key, &[("action", "save"), ("body", "")])).await;
        let id = id_in(&answer);
        let page = format!("/staff/notices/{id}");
        assert_eq!(id_in(&staff.post("/staff/notices", &typed(&key, &[])).await), id, "one form, one notice");
        assert!(staff.get(&page).await.text().contains("还没有写正文"), "what is missing is said");
        let refused = staff.post(&format!("{page}/publish"), &[("version", "1")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = typed("", &[("version", "1")]);
        assert_eq!(staff.post(&format!("{page}/edit"), &fields).await.status, StatusCode::SEE_OTHER);

        // A draft is nobody's business.
        let mut lin = test.signed_in(LIN).await;
        assert_eq!(lin.get(&format!("/notices/{id}")).await.status, StatusCode::NOT_FOUND);
        assert!(!lin.get("/notices").await.text().contains("5 栋停水"));

        let confirm = staff.get(&page).await.text();
        assert!(confirm.contains("人会收到消息"), "the reach is shown before publishing");
        let publish = [("version", "2")];
        let (first, second) =
            tokio::join!(async { staff.clone().post(&format!("{page}/publish"), &publish).await }, async {
                staff.clone().post(&format!("{page}/publish"), &publish).await
            },);
        assert_eq!([first.status, second.status], [StatusCode::SEE_OTHER; 2], "{} {}", first.text(), second.text());
        let (count,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE object_id = $1 AND action = 'notice.publish'",
        )
        .bind(&id)
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        assert_eq!(count, 1, "published once");
        test.run_jobs().await;

        // The one concerned has it in the inbox, and reading it is reading the message.
        assert_eq!(messages(&test, LIN, &id).await, 1);
        assert_eq!(messages(&test, ZHOU, &id).await, 0, "another building");
        let unread = || server::people::inbox::unread(&test.app.db, test.person(LIN));
        assert_eq!(unread().await.expect("counted"), 1);
        assert!(lin.get("/notices").await.text().contains("data-unread"));
        let read = lin.get(&format!("/notices/{id}")).await;
        assert_eq!(read.status, StatusCode::OK);
        assert!(read.text().contains("停水时间") && read.text().contains("<strong>8:00 至 12:00</strong>"));
        assert_eq!(unread().await.expect("counted"), 0);

        // What is out is not edited.
        assert_eq!(staff.get(&format!("{page}/edit")).await.status, StatusCode::SEE_OTHER);
        let edit = staff.post(&format!("{page}/edit"), &typed("", &[("version", "3")])).await;
        assert_eq!(edit.status, StatusCode::CONFLICT);

        // A correction is a new notice; both know of each other.
        let key = clock::token();
        let begun = staff.post(&format!("{page}/correct"), &[("form_key", &key)]).await;
        let correction = id_in(&begun);
        assert_eq!(id_in(&staff.post(&format!("{page}/correct"), &[("form_key", &key)]).await), correction);
        let editor = staff.get(&format!("/staff/notices/{correction}/edit")).await.text();
        assert!(editor.contains("value=\"更正：5 栋停水\""), "{editor}");
        // The person moves away; the correction reaches them all the same.
        let mut tx = test.app.db.begin().await.expect("begin");
        let tinglan = &test.loaded.organisations["tinglan"].0;
        sqlx::query("UPDATE person SET building_id = NULL, community_id = $1 WHERE id = $2")
            .bind(tinglan)
            .bind(test.person(LIN))
            .execute(&mut *tx)
            .await
            .expect("moved");
        tx.commit().await.expect("commit");
        let v = version(&mut staff, &correction).await;
        staff.post(&format!("/staff/notices/{correction}/publish"), &[("version", &v)]).await;
        test.run_jobs().await;
        assert_eq!(messages(&test, LIN, &correction).await, 1);
        let old = lin.get(&format!("/notices/{id}")).await.text();
        assert!(old.contains(&format!("/notices/{correction}")) && old.contains("已更正"), "{old}");
        assert!(lin.get(&format!("/notices/{correction}")).await.text().contains(&format!("/notices/{id}")));

        // Taking back needs a reason, happens once, and reaches everybody too.
        let withdraw = format!("/staff/notices/{correction}/withdraw");
        let refused = staff.post(&withdraw, &[("reason", " ")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("请写明为什么撤回"));
        for _ in 0..2 {
            let answer = staff.post(&withdraw, &[("reason", "水箱不用清洗了。")]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        }
        test.run_jobs().await;
        let rows: Vec<(String,)> = sqlx::query_as("SELECT id FROM notice WHERE corrects_id = $1")
            .bind(&correction)
            .fetch_all(test.app.db.read())
            .await
            .expect("found");
        assert_eq!(rows.len(), 1, "taken back once");
        assert_eq!(messages(&test, LIN, &rows[0].0).await, 1);
        let gone = lin.get(&format!("/notices/{correction}")).await.text();
        assert!(gone.contains("已撤回") && gone.contains(&format!("/notices/{}", rows[0].0)));
        let why = lin.get(&format!("/notices/{}", rows[0].0)).await.text();
        assert!(why.contains("水箱不用清洗了。") && why.contains(&format!("/notices/{correction}")));
    })
    .await;
}

#[tokio::test]
async fn a_scheduled_notice_goes_out_at_its_time_and_can_be_called_back() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        // The clock says 2026-11-25 10:00.
        let at = [("publish_at", "2026-11-25T12:00"), ("expires_at", "2026-11-26T12:00")];
        let id = published(&test, &mut staff, &at).await;
        let called_back = published(&test, &mut staff, &at).await;
        let answer = staff.post(&format!("/staff/notices/{called_back}/unschedule"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let public = format!("/notices/{id}");
        let mut visitor = test.visitor();
        assert_eq!(visitor.get(&public).await.status, StatusCode::NOT_FOUND, "not yet");
        assert_eq!(messages(&test, LIN, &id).await, 0);

        test.app.clock.advance(SignedDuration::from_hours(2));
        test.run_jobs().await;
        assert_eq!(visitor.get(&public).await.status, StatusCode::OK);
        assert_eq!(messages(&test, LIN, &id).await, 1);
        assert_eq!(visitor.get(&format!("/notices/{called_back}")).await.status, StatusCode::NOT_FOUND);

        // It leaves the lists at its end; the link still works and says so.
        assert!(visitor.get("/notices").await.text().contains(&public));
        test.app.clock.advance(SignedDuration::from_hours(24));
        assert!(!visitor.get("/notices").await.text().contains(&public));
        let expired = visitor.get(&public).await;
        assert_eq!(expired.status, StatusCode::OK);
        assert!(expired.text().contains("过期"), "{}", expired.text());
    })
    .await;
}

#[tokio::test]
async fn staff_stay_in_their_own_community() {
    on_both(|test| async move {
        let mut own = test.signed_in(SHEN).await;
        let mut other = test.signed_in(QIN).await;
        let mut street = test.signed_in(CHENG).await;
        let mut resident = test.signed_in(LIN).await;
        let id = written(&mut own, &[]).await;
        let key = clock::token();
        for path in ["", "/edit"] {
            let page = format!("/staff/notices/{id}{path}");
            assert_eq!(other.get(&page).await.status, StatusCode::FORBIDDEN, "{page}");
            assert_eq!(resident.get(&page).await.status, StatusCode::FORBIDDEN, "{page}");
            assert_eq!(street.get(&page).await.status, StatusCode::OK, "{page}");
            assert!(test.visitor().get(&page).await.location().starts_with("/login"), "{page}");
        }
        for path in ["edit", "publish", "unschedule", "discard", "correct", "withdraw"] {
            let target = format!("/staff/notices/{id}/{path}");
            let fields = typed(&key, &[("version", "1"), ("reason", "x")]);
            assert_eq!(other.post(&target, &fields).await.status, StatusCode::FORBIDDEN, "{target}");
            assert_eq!(resident.post(&target, &fields).await.status, StatusCode::FORBIDDEN, "{target}");
        }
        assert!(!other.get("/staff/notices").await.text().contains(&id));
        // Not in another's name, and not for another's buildings.
        let answer = other.post("/staff/notices", &typed(&key, &[])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let answer = own.post("/staff/notices", &typed(&key, &[("aims", "xingwu-1")])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let answer = street.post("/staff/notices", &typed(&key, &[("aims", "xingwu-1")])).await;
        let expected = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::FORBIDDEN];
        assert!(expected.contains(&answer.status), "not in the name of a community that is not theirs");
        assert_eq!(own.get("/staff/notices/not-an-id").await.status, StatusCode::NOT_FOUND);
        assert_eq!(own.get("/notices/%00").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn whoever_saves_second_sees_that_and_loses_nothing() {
    on_both(|test| async move {
        let mut first = test.signed_in(SHEN).await;
        let mut second = test.signed_in("19900000032").await;
        let id = written(&mut first, &[]).await;
        let edit = format!("/staff/notices/{id}/edit");
        let theirs = typed("", &[("version", "1"), ("action", "save"), ("title", "先存的标题")]);
        assert_eq!(first.post(&edit, &theirs).await.status, StatusCode::SEE_OTHER);
        let mine = typed("", &[("version", "1"), ("action", "save"), ("title", "后存的标题"), ("body", "后写的正文")]);
        let answer = second.post(&edit, &mine).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        let text = answer.text();
        assert!(text.contains("value=\"后存的标题\"") && text.contains("后写的正文"), "nothing typed is lost");
        assert!(text.contains("删去：") && text.contains("先"), "and what the other saved is shown, word by word");
        // Saving again is a decision, made with the other version in sight.
        let version = hidden(&text, "version");
        let again = typed("", &[("version", &version), ("action", "save"), ("title", "后存的标题")]);
        assert_eq!(second.post(&edit, &again).await.status, StatusCode::SEE_OTHER);
        // And nobody publishes what they have not seen.
        let answer = first.post(&format!("/staff/notices/{id}/publish"), &[("version", "2")]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn messages_are_sent_once_however_often_the_job_runs() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, &[("aims", "wutong")]).await;
        let count = || async {
            let (count,): (i64,) =
                sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE dedupe_key = $1")
                    .bind(format!("notice:{id}"))
                    .fetch_one(test.app.db.read())
                    .await
                    .expect("counted");
            count
        };
        let reached = server::notices::store::reach(&test.app.db, &id).await.expect("counted");
        assert_eq!(count().await, reached.people, "everybody who was counted before publishing");
        assert!(reached.people > 3 && reached.households > 400, "{reached:?}");
        let (one, two) = tokio::join!(
            server::notices::service::fan_out(&test.app, &id),
            server::notices::service::fan_out(&test.app, &id)
        );
        one.expect("runs again");
        two.expect("runs again");
        assert_eq!(count().await, reached.people);
        assert_eq!(messages(&test, GU, &id).await, 0, "another community");
    })
    .await;
}
