//! What staff set: ready answers and working hours, inherited from above, never overwritten unseen.

use super::*;
use crate::support::on_both;
use server::reports::store;

const ADMIN: &str = "19900000099";
const ANSWERS: &str = "/staff/reports/answers";
const HOURS: &str = "/staff/reports/hours";

/// The value of a field in the page's form.
fn field(page: &Answer, name: &str) -> String {
    let html = scraper::Html::parse_document(&page.text());
    let selector = scraper::Selector::parse(&format!("form.form input[name={name}]")).expect("a selector");
    html.select(&selector).next().and_then(|input| input.value().attr("value")).unwrap_or_default().to_owned()
}

fn texts(page: &Answer, selector: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text());
    let selector = scraper::Selector::parse(selector).expect("a selector");
    html.select(&selector).map(|node| node.text().collect::<String>().trim().to_owned()).collect()
}

async fn answer_id(test: &TestApp, title: &str) -> String {
    let (id,): (String,) = sqlx::query_as("SELECT id FROM canned_answer WHERE title = $1")
        .bind(title)
        .fetch_one(test.app.db.read())
        .await
        .expect("an answer");
    id
}

#[tokio::test]
async fn a_ready_answer_is_inherited_filled_and_sent_exactly_as_it_was_shown() {
    on_both(|test| async move {
        let mut admin = test.signed_in(ADMIN).await;
        let mut staff = test.signed_in(STAFF).await;
        let write = |at: &'static str, title: &'static str, text: &'static str| {
            vec![("at", at), ("act", "save"), ("step", "accept"), ("title", title), ("text", text)]
        };
        // From the district, and the community's own before it.
        let above = admin.post(ANSWERS, &write("lanxi", "区里的", "您好，{类别}（{编号}）已收到。")).await;
        assert_eq!(above.status, 303, "{}", above.text());
        assert_eq!(staff.post(ANSWERS, &write("wutong", "晚上看", "{地点}今晚去看，{due} 前办好。")).await.status, 303);
        assert_eq!(staff.post(ANSWERS, &write("wutong", "马上去", "马上去看。")).await.status, 303);
        for (field, bad) in [("text", "给 {姓名} 打电话"), ("text", " "), ("title", ""), ("step", "take")] {
            let mut fields = write("wutong", "坏的", "好");
            fields.retain(|(name, _)| *name != field);
            fields.push((field, bad));
            let refused = staff.post(ANSWERS, &fields).await;
            assert_eq!(refused.status, 422, "{field}={bad}");
            assert!(field == "step" || refused.text().contains(bad.trim()), "what was typed stays");
        }
        assert_eq!(staff.post(ANSWERS, &write("lanxi", "越权", "好")).await.status, 403);
        assert_eq!(staff.post(ANSWERS, &write("xingwu", "越权", "好")).await.status, 403);

        // In order, those from above last; moved up.
        let titles = |page: &Answer| texts(page, "tbody th");
        assert_eq!(titles(&staff.get(ANSWERS).await), ["晚上看", "马上去", "区里的"]);
        let id = answer_id(&test, "马上去").await;
        assert_eq!(staff.post(ANSWERS, &[("at", "wutong"), ("act", "up"), ("id", &id)]).await.status, 303);
        assert_eq!(titles(&staff.get(ANSWERS).await), ["马上去", "晚上看", "区里的"]);

        // On the step's form, filled; without JavaScript the button fills in and nothing is done yet.
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let page = format!("/staff/reports/{code}");
        let form = staff.get(&format!("{page}?step=accept")).await;
        assert_eq!(texts(&form, "#answer option"), ["选一条", "马上去", "晚上看", "区里的"]);
        let chosen = answer_id(&test, "区里的").await;
        let mut fields = vec![("step", "accept"), ("preview", "answer"), ("answer", chosen.as_str())];
        let seen = version(&form);
        fields.push(("version", &seen));
        let filled = staff.post(&page, &fields).await;
        assert_eq!(filled.status, 200);
        let expected = format!("您好，路灯不亮（{code}）已收到。");
        assert_eq!(texts(&filled, "textarea[name=text]").concat(), expected, "{}", filled.text());
        let message = texts(&filled, ".message-preview p:last-child").remove(0);
        assert!(message.contains(&expected), "{message}");
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action = 'accept'").await, 0);
        // Taken: the inbox says what the preview said, to the letter.
        let sent = staff_step(&mut staff, &code, "accept", &[("text", &expected)]).await;
        assert_eq!(sent.status, 303);
        let inbox = test.signed_in(RESIDENT).await.get("/me/inbox").await;
        assert!(inbox.text().contains(&message), "{message} is not in {}", inbox.text());

        // Another community has its own, and the district's.
        assert_eq!(titles(&test.signed_in(STAFF_ELSEWHERE).await.get(ANSWERS).await), ["区里的"]);
    })
    .await;
}

#[tokio::test]
async fn two_who_edit_one_answer_are_told_and_several_reports_fill_in_their_own() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let mut other = test.signed_in(OTHER_STAFF).await;
        let fields =
            [("at", "wutong"), ("act", "save"), ("step", "reject"), ("title", "归别处"), ("text", "归交警管。")];
        assert_eq!(staff.post(ANSWERS, &fields).await.status, 303);
        let id = answer_id(&test, "归别处").await;
        let edit = format!("{ANSWERS}?at=wutong&edit={id}");
        let (mine, theirs) = (field(&staff.get(&edit).await, "seen"), field(&other.get(&edit).await, "seen"));
        assert!(!mine.is_empty() && mine == theirs);
        let save = |seen: String, text: &'static str| {
            let mut all: Vec<(&'static str, String)> =
                fields.iter().filter(|(name, _)| *name != "text").map(|(n, v)| (*n, (*v).to_owned())).collect();
            all.extend([("id", id.clone()), ("seen", seen), ("text", text.to_owned())]);
            all
        };
        async fn post(browser: &mut Browser, fields: &[(&'static str, String)]) -> Answer {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post(ANSWERS, &fields).await
        }
        assert_eq!(post(&mut staff, &save(mine, "{编号}归交警管。")).await.status, 303);
        let late = post(&mut other, &save(theirs, "归城管。")).await;
        assert_eq!(late.status, 409);
        assert!(late.text().contains("归城管。") && late.text().contains("有人先改了"), "{}", late.text());
        // Once more, knowing it.
        let seen = field(&late, "seen");
        assert_eq!(post(&mut other, &save(seen, "{code} 归城管。")).await.status, 303);

        // Several at once: each gets its own code.
        let mut resident = test.signed_in(RESIDENT).await;
        let codes = [filed(&mut resident, &key(1), 0).await, filed(&mut resident, &key(2), 0).await];
        let picks: Vec<String> = codes.iter().map(|code| format!("{code}:1")).collect();
        let bulk = |more: &[(&'static str, String)]| {
            let mut all: Vec<(&str, String)> = picks.iter().map(|pick| ("pick", pick.clone())).collect();
            all.push(("step", "reject".to_owned()));
            all.extend(more.iter().cloned());
            all
        };
        let send = async |browser: &mut Browser, fields: Vec<(&str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post("/staff/reports/bulk", &fields).await
        };
        let asked = send(&mut staff, bulk(&[("sure", "answer".into()), ("answer", id.clone())])).await;
        assert_eq!(asked.status, 200);
        assert_eq!(texts(&asked, "textarea[name=text]"), ["{code} 归城管。"]);
        assert!(texts(&asked, ".message-preview p:last-child")[0].contains(&format!("{} 归城管。", codes[0])));
        let done = send(&mut staff, bulk(&[("sure", "1".into()), ("text", "{code} 归城管。".into())])).await;
        assert!(done.text().contains("2 件办好了"), "{}", done.text());
        for code in &codes {
            let said = "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action = 'reject' AND public_text = $1";
            let (found,): (i64,) = sqlx::query_as(said)
                .bind(format!("{code} 归城管。"))
                .fetch_one(test.app.db.read())
                .await
                .expect("a count");
            assert_eq!(found, 1);
        }
        // Removed, twice: it is gone.
        for _ in 0..2 {
            let removed = staff.post(ANSWERS, &[("at", "wutong"), ("act", "remove"), ("id", &id)]).await;
            assert_eq!(removed.status, 303);
        }
        assert_eq!(staff.get(&edit).await.status, 404);
    })
    .await;
}

fn hours<'a>(at: &'a str, act: &'a str, seen: &'a str, parts: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("at", at), ("act", act), ("seen", seen), ("own", if parts.is_empty() { "0" } else { "1" })];
    for (opens, closes) in parts {
        fields.extend([("opens", *opens), ("closes", *closes)]);
    }
    fields
}

async fn due(test: &TestApp, code: &str) -> String {
    let report = store::by_code(&test.app.db, code).await.expect("reads").expect("a report");
    app::time::date_time(app::i18n::Lang::Zh, report.due().expect("a limit"), test.app.clock.now())
}

#[tokio::test]
async fn changed_hours_show_their_effect_first_and_move_deadlines_after() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        assert_eq!(due(&test, &code).await, "11月27日 周五 17:30");
        let mut staff = test.signed_in(STAFF).await;
        let mut admin = test.signed_in(ADMIN).await;
        assert!(staff.get(HOURS).await.text().contains("08:30–17:30"));
        // What it would do, and nothing done.
        let noon = [("08:00", "12:00")];
        let look = staff.post(HOURS, &hours("wutong", "look", "", &noon)).await;
        assert_eq!(look.status, 200);
        let text = look.text();
        assert!(text.contains("没办完的 1 件里，0 件时限推后，1 件提前，0 件会马上超期"), "{text}");
        assert!(text.contains("11月27日 周五 12:00"), "{text}");
        test.run_jobs().await;
        assert_eq!(due(&test, &code).await, "11月27日 周五 17:30");
        // Saved: the job does it, once.
        assert_eq!(staff.post(HOURS, &hours("wutong", "save", "", &noon)).await.status, 303);
        test.run_jobs().await;
        assert_eq!(due(&test, &code).await, "11月27日 周五 12:00");
        let told = test.visitor().get(&format!("/reports/{code}")).await.text();
        let line = "原来说 11月27日 周五 17:30 前，现在是 11月27日 周五 12:00 前。因为社区的工作时间改了。";
        assert!(told.contains(line), "{told}");
        // Another who began before it is told, and what they wrote stays.
        let late = admin.post(HOURS, &hours("wutong", "save", "", &[("09:00", "18:00")])).await;
        assert_eq!(late.status, 409);
        assert!(late.text().contains("18:00") && late.text().contains("有人先改了"), "{}", late.text());
        // The street's hours do not reach a community that has its own; without its own they do.
        assert_eq!(admin.post(HOURS, &hours("tongyin", "save", "", &[("10:00", "16:00")])).await.status, 303);
        test.run_jobs().await;
        assert_eq!(due(&test, &code).await, "11月27日 周五 12:00");
        assert_eq!(staff.post(HOURS, &hours("wutong", "save", "08:00–12:00", &[])).await.status, 303);
        test.run_jobs().await;
        assert_eq!(due(&test, &code).await, "11月27日 周五 16:00");
        // New reports follow them at once.
        let new = filed(&mut test.signed_in(RESIDENT).await, &key(2), 0).await;
        assert_eq!(due(&test, &new).await, "11月27日 周五 16:00");
        let wrong: [&[(&str, &str)]; 4] =
            [&[("", "")], &[("12:00", "08:00")], &[("08:00", "12:00"), ("11:00", "13:00")], &[("25:00", "26:00")]];
        for parts in wrong {
            let refused = staff.post(HOURS, &hours("wutong", "save", "", parts)).await;
            assert_eq!(refused.status, 422, "{parts:?}");
        }
        assert_eq!(
            staff.post(HOURS, &hours("tongyin", "save", "", &noon)).await.status,
            403,
            "the street's are not theirs"
        );
        assert_eq!(staff.post(HOURS, &hours("wutong-g1", "save", "", &noon)).await.status, 404, "grids have none");
    })
    .await;
}

#[tokio::test]
async fn urgent_hours_do_not_care_and_a_pause_is_kept_in_new_hours() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let mut urgent = fields("test-key-0000000-9");
        urgent.retain(|(name, _)| *name != "category");
        urgent.push(("category", "elevator"));
        let lift = code_of(&resident.post_files("/report", &urgent, &[]).await);
        let lamp = dispatched(&test, &key(1)).await;
        handler_step(&mut test.signed_in(VOLUNTEER).await, &lamp, "take", &[], &[]).await;
        let mut staff = test.signed_in(STAFF).await;
        staff_step(&mut staff, &lamp, "suspend", &[("text", "等天晴")]).await;
        test.app.clock.advance(jiff::SignedDuration::from_hours(24));
        let mut staff = test.signed_in(STAFF).await;
        staff_step(&mut staff, &lamp, "resume", &[]).await;
        let before = due(&test, &lift).await;
        assert_eq!(staff.post(HOURS, &hours("wutong", "save", "", &[("09:00", "15:00")])).await.status, 303);
        test.run_jobs().await;
        assert_eq!(due(&test, &lift).await, before, "round the clock");
        let lamp = store::by_code(&test.app.db, &lamp).await.expect("reads").expect("a report");
        // Wednesday 10:00 to Thursday 10:00 is six of the new hours.
        assert_eq!(lamp.stopped_total, 6 * 3_600_000_000);
    })
    .await;
}
