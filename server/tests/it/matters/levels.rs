//! Up and down between levels, and who sees what of it.

use super::{DISTRICT, OTHER_STREET, STREET, WUTONG, XINGWU, done, fields, json, matter, number, sent, state, step};
use crate::{
    reports::{RESIDENT, filed, key},
    support::on_both,
};
use serde_json::json;

/// The answers of those below, in an order that does not depend on who was handed it first.
fn sorted(answer: &serde_json::Value) -> Vec<&str> {
    let mut parts: Vec<&str> = answer.as_str().expect("an answer").split("\n\n").collect();
    parts.sort_unstable();
    parts
}

#[tokio::test]
async fn a_report_goes_up_and_its_answer_comes_back() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let mut community = test.signed_in(WUTONG).await;
        let page = community.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains(&format!("/staff/matters/new?report={code}")), "{page}");
        let form = community.get(&format!("/staff/matters/new?report={code}")).await.text();
        assert!(form.contains("路灯三天没亮了") && form.contains("上报：桐荫街道"), "{form}");
        assert!(!form.contains("杏坞") && !form.contains("澜溪区</option>"), "one level up and nobody beside: {form}");
        let id = sent(&mut community, "wutong", "org:tongyin", &[("report", &code)]).await;
        let page = community.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains("上报 桐荫街道") && page.contains("待签收"), "{page}");

        let mut street = test.signed_in(STREET).await;
        assert!(street.get("/me/inbox").await.text().contains("北门门禁改造"));
        assert!(street.get("/staff/matters").await.text().contains("北门门禁改造"));
        let page = street.get(&format!("/staff/matters/{id}")).await.text();
        assert!(page.contains(&format!("/staff/reports/{code}")) && page.contains("签收"), "{page}");
        done(&mut street, &id, "accept", &[]).await;
        done(&mut street, &id, "start", &[]).await;
        // Words are needed, and come back when they are missing.
        let empty = step(&mut street, &id, "answer", &[]).await;
        assert_eq!(empty.status, 422);
        assert!(empty.text().contains("text-answer-error"), "{}", empty.text());
        done(&mut street, &id, "answer", &[("text", "经费下周到位 <b>")]).await;
        // The sender is not content, then it is.
        done(&mut community, &id, "rework", &[("text", "请写明金额")]).await;
        done(&mut street, &id, "answer", &[("text", "三万元下周到位 <b>")]).await;
        done(&mut community, &id, "close", &[]).await;
        let page = community.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains("三万元下周到位 &lt;b&gt;") && page.contains("已办结"), "{page}");
        let inbox = community.get("/me/inbox").await.text();
        assert!(inbox.contains("已办结") && inbox.contains(&code), "{inbox}");
        let events = matter(&mut street, &id).await["events"].clone();
        let steps: Vec<&str> = events.as_array().expect("events").iter().filter_map(|e| e["step"].as_str()).collect();
        assert_eq!(steps, ["", "accept", "start", "answer", "rework", "answer", "close"], "all of it is kept");
        assert_eq!(events[4]["text"], "请写明金额");
        assert_eq!(
            number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE object_kind = 'matter'").await,
            7
        );
        assert_eq!(step(&mut street, &id, "note", &[("text", "x")]).await.status, 409, "what is over is over");
    })
    .await;
}

#[tokio::test]
async fn what_comes_from_above_is_handed_down_and_answered_when_all_below_have_answered() {
    on_both(|test| async move {
        let mut district = test.signed_in(DISTRICT).await;
        let mut street = test.signed_in(STREET).await;
        let (mut wutong, mut xingwu) = (test.signed_in(WUTONG).await, test.signed_in(XINGWU).await);
        let top = sent(&mut district, "lanxi", "org:tongyin", &[("days", "5")]).await;
        // Nothing is handed on before it is taken.
        let early = street.get(&format!("/staff/matters/new?parent={top}")).await;
        assert_eq!(early.status, 409);
        done(&mut street, &top, "accept", &[]).await;
        let form = street.get(&format!("/staff/matters/new?parent={top}")).await.text();
        assert!(
            form.contains("交办：梧桐社区") && !form.contains("上报：澜溪区"),
            "not back to where it came from: {form}"
        );
        let one = sent(&mut street, "tongyin", "org:wutong", &[("parent", &top), ("days", "40")]).await;
        let two = sent(&mut street, "tongyin", "org:xingwu", &[("parent", &top), ("days", "2")]).await;
        let above = matter(&mut street, &top).await;
        assert_eq!(above["state"], "in_progress");
        assert_eq!(above["children"].as_array().map(Vec::len), Some(2));
        // Never after the matter above, and sooner where it says so.
        assert_eq!(matter(&mut wutong, &one).await["due"], above["due"]);
        assert!(matter(&mut xingwu, &two).await["due"].as_str() < above["due"].as_str());
        // It cannot be answered over their heads, nor given back.
        for name in ["answer", "ask_return"] {
            let answer = step(&mut street, &top, name, &[("text", "好了")]).await;
            assert_eq!(answer.status, 409);
            assert!(answer.text().contains("还没有办完"), "{}", answer.text());
        }
        // Each sees its own: neither the other, nor what the street was told.
        assert_eq!(wutong.get(&format!("/staff/matters/{two}")).await.status, 403);
        assert_eq!(wutong.get(&format!("/staff/matters/{top}")).await.status, 403);
        assert_eq!(matter(&mut wutong, &one).await["parent"], json!(null));
        done(&mut wutong, &one, "accept", &[]).await;
        done(&mut wutong, &one, "answer", &[("text", "梧桐已装好")]).await;
        assert_eq!(state(&mut street, &top).await, "in_progress");
        done(&mut xingwu, &two, "accept", &[]).await;
        done(&mut xingwu, &two, "answer", &[("text", "杏坞已装好")]).await;
        let above = matter(&mut district, &top).await;
        assert_eq!(above["state"], "answered");
        assert_eq!(sorted(&above["answer"]), ["杏坞已装好", "梧桐已装好"]);
        // What is above is answered: what is below cannot be reopened under it.
        assert_eq!(step(&mut street, &two, "rework", &[("text", "再看看")]).await.status, 409);
        done(&mut district, &top, "rework", &[("text", "杏坞的照片呢")]).await;
        done(&mut street, &two, "rework", &[("text", "补照片")]).await;
        done(&mut xingwu, &two, "answer", &[("text", "照片已补")]).await;
        assert_eq!(sorted(&matter(&mut district, &top).await["answer"]), ["梧桐已装好", "照片已补"]);
        done(&mut district, &top, "close", &[]).await;
        for child in [&one, &two] {
            assert_eq!(state(&mut street, child).await, "closed", "closed with what is above");
        }
    })
    .await;
}

#[tokio::test]
async fn who_sent_it_up_does_not_learn_to_whom_else_it_went() {
    on_both(|test| async move {
        let (mut wutong, mut street) = (test.signed_in(WUTONG).await, test.signed_in(STREET).await);
        let top = sent(&mut wutong, "wutong", "org:tongyin", &[]).await;
        done(&mut street, &top, "accept", &[]).await;
        let child = sent(&mut street, "tongyin", "org:xingwu", &[("parent", &top), ("title", "帮邻居看看")]).await;
        let page = wutong.get(&format!("/staff/matters/{top}")).await.text();
        assert!(!page.contains("杏坞") && !page.contains("帮邻居看看"), "{page}");
        assert_eq!(matter(&mut wutong, &top).await["children"], json!([]));
        let mut xingwu = test.signed_in(XINGWU).await;
        assert_eq!(xingwu.get(&format!("/staff/matters/{top}")).await.status, 403);
        assert!(!xingwu.get("/staff/matters?tab=all").await.text().contains(&top));
        // The district reads its whole subtree, another street nothing; the resident has no such page.
        let mut district = test.signed_in(DISTRICT).await;
        let all = district.get("/staff/matters?tab=all").await.text();
        assert!(all.contains(&top) && all.contains(&child), "{all}");
        assert_eq!(step(&mut district, &child, "accept", &[]).await.status, 403, "it reads, and acts for itself alone");
        let mut other = test.signed_in(OTHER_STREET).await;
        for id in [&top, &child] {
            assert_eq!(other.get(&format!("/staff/matters/{id}")).await.status, 403);
        }
        assert!(!other.get("/staff/matters?tab=all").await.text().contains("门禁"));
        assert_eq!(test.signed_in(RESIDENT).await.get("/staff/matters").await.status, 403);
        // Neither side does the other's part.
        assert_eq!(step(&mut wutong, &top, "answer", &[("text", "x")]).await.status, 403);
        assert_eq!(step(&mut street, &top, "close", &[]).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn return_withdrawal_and_cancelling() {
    on_both(|test| async move {
        let (mut wutong, mut street) = (test.signed_in(WUTONG).await, test.signed_in(STREET).await);
        let returned = sent(&mut wutong, "wutong", "org:tongyin", &[]).await;
        done(&mut street, &returned, "ask_return", &[("text", "属于区城管")]).await;
        let deciding = wutong.get("/staff/matters?tab=decide").await.text();
        assert!(deciding.contains(&returned), "{deciding}");
        done(&mut wutong, &returned, "refuse_return", &[("text", "区里说归街道")]).await;
        assert_eq!(state(&mut street, &returned).await, "sent", "back to where it was");
        done(&mut street, &returned, "ask_return", &[("text", "材料不全")]).await;
        done(&mut wutong, &returned, "grant_return", &[]).await;
        assert_eq!(state(&mut street, &returned).await, "returned");

        let withdrawn = sent(&mut wutong, "wutong", "org:tongyin", &[]).await;
        assert_eq!(
            step(&mut wutong, &withdrawn, "ask_withdraw", &[("text", "x")]).await.status,
            409,
            "it is cancelled then"
        );
        done(&mut street, &withdrawn, "accept", &[]).await;
        assert_eq!(step(&mut wutong, &withdrawn, "cancel", &[("text", "x")]).await.status, 409);
        done(&mut wutong, &withdrawn, "ask_withdraw", &[("text", "居民自己解决了")]).await;
        assert_eq!(step(&mut wutong, &withdrawn, "grant_withdraw", &[]).await.status, 403, "the other side decides");
        done(&mut street, &withdrawn, "grant_withdraw", &[]).await;
        assert_eq!(state(&mut wutong, &withdrawn).await, "withdrawn");
        let done_tab = street.get("/staff/matters?tab=done").await.text();
        assert!(done_tab.contains(&withdrawn) && done_tab.contains(&returned));

        let cancelled = sent(&mut wutong, "wutong", "org:tongyin", &[]).await;
        done(&mut wutong, &cancelled, "cancel", &[("text", "发错了")]).await;
        assert_eq!(state(&mut wutong, &cancelled).await, "cancelled");
    })
    .await;
}

#[tokio::test]
async fn bad_input_comes_back_and_goes_nowhere() {
    on_both(|test| async move {
        let mut wutong = test.signed_in(WUTONG).await;
        let long = "字".repeat(4001);
        for (field, value) in [
            ("to", "org:xingwu"),
            ("to", "org:lanxi"),
            ("to", "org:wutong-g1"),
            ("to", "org:none"),
            ("to", "platform:none"),
            ("to", ""),
            ("from", "tongyin"),
            ("kind", "evil"),
            ("title", "  "),
            ("text", &long),
            ("hours", "0"),
            ("days", "61"),
            ("days", "99999999999999999999"),
            ("days", "-1"),
        ] {
            let mut form = fields("wutong", "org:tongyin", &[("key", "k")]);
            for one in form.iter_mut().filter(|(name, _)| *name == field) {
                one.1 = value;
            }
            let answer = wutong.post("/staff/matters", &form).await;
            assert_eq!(answer.status, 422, "{field}={value}");
            assert!(answer.text().contains("error-summary") && (field == "title" || answer.text().contains("北门")));
        }
        let form = fields("wutong", "org:tongyin", &[("key", "")]);
        assert_eq!(wutong.post("/staff/matters", &form).await.status, 400);
        let form = fields("wutong", "org:tongyin", &[("key", "k"), ("report", "NONE99")]);
        assert_eq!(wutong.post("/staff/matters", &form).await.status, 404);
        let form = fields("wutong", "org:tongyin", &[("key", "k"), ("parent", "nonsense")]);
        assert_eq!(wutong.post("/staff/matters", &form).await.status, 404);
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM matter").await, 0);
        for path in ["/staff/matters/nonsense", "/api/v1/staff/matters/%00", "/staff/matters/new?parent=x"] {
            assert!(wutong.get(path).await.status.is_client_error(), "{path}");
        }
        assert_eq!(wutong.get("/staff/matters?after=evil").await.status, 400);
        // Control characters are not kept; the second tap sends no second one.
        let form = fields("wutong", "org:tongyin", &[("key", "k"), ("title", "一\u{7}二"), ("text", "三\u{1b}四")]);
        let first = wutong.post("/staff/matters", &form).await;
        let second = wutong.post("/staff/matters", &form).await;
        assert_eq!((first.status.as_u16(), first.location()), (303, second.location()));
        let id = first.location().rsplit('/').next().expect("an id").to_owned();
        let one = matter(&mut wutong, &id).await;
        assert_eq!((one["title"].as_str(), one["text"].as_str()), (Some("一 二"), Some("三四")));
        for (name, status) in [("evil", 400), ("hand_on", 400), ("close", 409)] {
            assert_eq!(step(&mut wutong, &id, name, &[("text", "x")]).await.status, status, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_api_does_what_the_pages_do() {
    on_both(|test| async move {
        let (mut wutong, mut street) = (test.signed_in(WUTONG).await, test.signed_in(STREET).await);
        let body = json!({"from": "wutong", "to": "org:tongyin", "kind": "task", "title": "清单", "text": "请看"});
        let made = json(&mut wutong, "/api/v1/staff/matters", &body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let id = made.json()["id"].as_str().expect("an id").to_owned();
        for n in 0..4 {
            let title = format!("第 {n} 件");
            sent(&mut wutong, "wutong", "org:tongyin", &[("title", &title)]).await;
        }
        let first = street.get("/api/v1/staff/matters?tab=to&limit=3").await.json();
        assert_eq!(first["items"].as_array().map(Vec::len), Some(3));
        let next = first["next"].as_str().expect("more").to_owned();
        let second = street.get(&next).await.json();
        assert_eq!(second["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(street.get("/api/v1/staff/matters?tab=evil").await.status, 422);
        let found = street.get("/api/v1/staff/matters?q=%E6%B8%85%E5%8D%95").await.json();
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
        let steps = format!("/api/v1/staff/matters/{id}/steps");
        let taken = json(&mut street, &steps, &json!({"step": "accept", "version": 1})).await;
        assert_eq!(taken.json()["state"], "accepted");
        assert_eq!(json(&mut street, &steps, &json!({"step": "start", "version": 1})).await.status, 409);
        let wrong = json(&mut street, &steps, &json!({"step": "ask_extend", "text": "", "days": 99})).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.json()["errors"].as_array().map(Vec::len), Some(2), "{}", wrong.text());
        assert_eq!(json(&mut wutong, &steps, &json!({"step": "start"})).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn whoever_reads_matters_and_bulletins_takes_them_as_tables() {
    on_both(|test| async move {
        let mut wutong = test.signed_in(WUTONG).await;
        sent(&mut wutong, "wutong", "org:tongyin", &[("title", "=1+1 门禁改造")]).await;
        for table in ["matters", "bulletins"] {
            for form in ["csv", "xlsx"] {
                let fields =
                    [("table", table), ("place", "wutong"), ("from", "2026-11-01"), ("to", "2026-11-25"), ("as", form)];
                let file = wutong.post("/staff/exports", &fields).await;
                assert_eq!(file.status, 200, "{table}: {}", file.text());
                if form == "csv" {
                    let rows = csv::ReaderBuilder::new().from_reader(&file.body[3..]).records().count();
                    assert_eq!(rows, usize::from(table == "matters"), "{}", file.text());
                    assert!(table == "bulletins" || file.text().contains("'=1+1 门禁改造"), "{}", file.text());
                }
            }
        }
        let fields = [("table", "matters"), ("place", "wutong"), ("from", "2026-11-01"), ("to", "2026-11-25")];
        let elsewhere = test.signed_in(XINGWU).await.post("/staff/exports", &fields).await;
        assert_ne!(elsewhere.status, 200, "a neighbour's");
    })
    .await;
}
