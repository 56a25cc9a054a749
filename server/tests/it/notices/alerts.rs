//! Emergencies: on every page of those they concern, and as CAP alerts.

use super::{EMERGENCY, GU, LIN, SHEN, ZHOU, id_in, published, version};
use crate::support::on_both;
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::clock;

#[tokio::test]
async fn an_emergency_stands_on_every_page_until_it_ends() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut lin = test.signed_in(LIN).await;
        let mut gu = test.signed_in(GU).await;
        let emergency = [&EMERGENCY[..], &[("title", "暴雨红色预警")]].concat();
        let id = published(&test, &mut staff, &emergency).await;
        let band = "class=\"emergency\"";
        let page = lin.get("/notices?kind=policy").await.text();
        assert!(page.contains(band) && page.contains(&format!("/notices/{id}")), "{page}");
        assert!(!gu.get("/notices").await.text().contains(band), "it does not concern 汀兰");
        let own = lin.get(&format!("/notices/{id}")).await.text();
        assert!(own.contains("请勿外出") && own.contains("重大") && own.contains("15:00"));
        test.app.clock.advance(SignedDuration::from_hours(5));
        assert!(!lin.get("/notices").await.text().contains(band), "over at 15:00");
    })
    .await;
}

#[tokio::test]
async fn a_warning_stands_before_it_begins_and_follows_the_reader() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let of_one_grid = EMERGENCY.iter().filter(|(name, _)| !["aims", "starts_at"].contains(name));
        let later = [("aims", "wutong-5"), ("starts_at", "2026-11-25T14:00"), ("title", "下午 5 栋停气")];
        let id = published(&test, &mut staff, &of_one_grid.chain(&later).copied().collect::<Vec<_>>()).await;
        let band = |page: String| page.contains("class=\"emergency\"") && page.contains(&format!("/notices/{id}"));
        let mut lin = test.signed_in(LIN).await;
        assert!(band(lin.get("/services").await.text()), "four hours before");
        // 林 lives there, whatever community they look at; 周 of building 2 and 顾 of another community do not.
        lin.cookies.insert("linli_community".into(), "tinglan".into());
        assert!(band(lin.get("/notices").await.text()));
        assert!(!band(test.signed_in(ZHOU).await.get("/notices").await.text()));
        let mut gu = test.signed_in(GU).await;
        assert!(!band(gu.get("/notices").await.text()));
        // Of a community that one only looks at, nobody knows the building: all of it is shown.
        gu.cookies.insert("linli_community".into(), "wutong".into());
        assert!(band(gu.get("/notices").await.text()));
        let mut visitor = test.visitor();
        visitor.cookies.insert("linli_community".into(), "wutong".into());
        assert!(band(visitor.get("/").await.text()));
    })
    .await;
}

#[tokio::test]
async fn an_emergency_its_update_and_its_cancel_are_valid_alerts() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let change = [
            ("title", "暴雨 <红色> & 预警"),
            ("title_en", "Red rainstorm warning"),
            ("body_en", "Heavy rain."),
            ("aims", "wutong-g1"),
        ];
        let of_one_grid = EMERGENCY.iter().filter(|(name, _)| *name != "aims");
        let emergency: Vec<(&str, &str)> = of_one_grid.chain(&change).copied().collect();
        let id = published(&test, &mut staff, &emergency).await;
        let mut reader = test.visitor();
        let mut alert = async |id: &str| {
            let answer = reader.get(&format!("/notices/{id}/cap.xml")).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            let read = crate::peers::read_alert(&answer.body);
            assert_eq!(read["valid"], true, "{read}\n{}", answer.text());
            read["alert"].clone()
        };
        let first = alert(&id).await;
        assert_eq!((first["msgType"][0].as_str(), first["status"][0].as_str()), (Some("Alert"), Some("Exercise")));
        let info = &first["info"][0];
        assert_eq!(info["event"][0], "暴雨 <红色> & 预警");
        assert_eq!((info["severity"][0].as_str(), info["certainty"][0].as_str()), (Some("Severe"), Some("Observed")));
        assert_eq!(info["urgency"][0], "Immediate");
        assert_eq!(info["expires"][0], "2026-11-25T15:00:00+08:00");
        assert_eq!(info["instruction"][0], "请勿外出");
        assert_eq!(info["area"][0]["geocode"][0]["value"][0], "wutong-g1");
        assert!(info["area"][0]["polygon"][0].as_str().expect("an outline").split(' ').count() >= 4);
        assert_eq!(first["info"][1]["language"][0], "en");
        let name = |alert: &serde_json::Value| {
            ["sender", "identifier", "sent"].map(|part| alert[part][0].as_str().expect("text").to_owned()).join(",")
        };

        test.app.clock.advance(SignedDuration::from_secs(600));
        let key = clock::token();
        let update = id_in(&staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await);
        let at = version(&mut staff, &update).await;
        let out = staff.post(&format!("/staff/notices/{update}/publish"), &[("version", &at)]).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
        let second = alert(&update).await;
        assert_eq!((second["msgType"][0].as_str(), &second["references"][0]), (Some("Update"), &name(&first).into()));

        test.app.clock.advance(SignedDuration::from_secs(600));
        let at = version(&mut staff, &update).await;
        let fields = [("version", at.as_str()), ("reason", "雨停了，预警解除。")];
        let gone = staff.post(&format!("/staff/notices/{update}/withdraw"), &fields).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        let (cancel,): (String,) = sqlx::query_as("SELECT id FROM notice WHERE corrects_id = $1")
            .bind(&update)
            .fetch_one(test.app.db.read())
            .await
            .expect("the withdrawal");
        let third = alert(&cancel).await;
        assert_eq!(third["msgType"][0], "Cancel");
        assert_eq!(third["references"][0], format!("{} {}", name(&second), name(&first)));
        assert_eq!(third["info"][0]["urgency"][0], "Past");
        assert_eq!(third["info"][0]["severity"][0], "Severe", "it speaks of the emergency that it ends");
        assert_eq!(third["info"][0]["expires"][0], "2026-11-25T15:00:00+08:00");

        // Other notices are no alerts.
        let other = published(&test, &mut staff, &[]).await;
        assert_eq!(reader.get(&format!("/notices/{other}/cap.xml")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
