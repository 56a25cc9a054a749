//! A meeting from the proposal to what came of it; who may see what; forms that make no sense.

use super::{
    COLLEAGUE, ELSEWHERE, MEMBERS, STAFF, add_member, ballot, body, count, for_members, sent, session, text, vote,
};
use crate::{
    reports::{filed, key},
    support::on_both,
};
use server::clock;

const NEIGHBOUR: &str = "19900000003";

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_becomes_a_resolution_that_is_carried_out() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let (owner, handler) = (MEMBERS[0], "19900000021");
        let here = body(&test, &mut staff, &[owner, MEMBERS[1], handler]).await;
        let id = here.rsplit('/').next().expect("an id").to_owned();

        // A resident proposes two things; one is taken up, the other is answered.
        let mut resident = test.signed_in(NEIGHBOUR).await;
        for title in ["装充电桩", "拆围墙"] {
            let once = clock::token();
            let fields = [
                ("proposal_body", id.as_str()),
                ("proposal_title", title),
                ("proposal_text", "请大家商量。"),
                ("key", once.as_str()),
            ];
            sent(&mut resident, "/meetings/proposals", &fields).await;
            sent(&mut resident, "/meetings/proposals", &fields).await;
        }
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_proposal").await, 2, "twice is once");
        let proposal = |title: &str| format!("SELECT id FROM meeting_proposal WHERE title = '{title}'");
        let (good, bad) = (text(&test, &proposal("装充电桩")).await, text(&test, &proposal("拆围墙")).await);
        let page = staff.get(&here).await.text();
        assert!(page.contains("何立群") && page.contains("居民") && page.contains("装充电桩"), "{page}");
        assert!(staff.get("/staff").await.text().contains("议题建议待答复"));
        let decline = format!("{here}/proposals/{bad}");
        assert_eq!(staff.post(&decline, &[("reason", " ")]).await.status, 422);
        sent(&mut staff, &decline, &[("reason", "围墙属于学校。")]).await;
        assert_eq!(staff.post(&decline, &[("reason", "又一次")]).await.status, 409);

        let at = session(&mut staff, &here).await;
        let once = clock::token();
        let fields = [("item_proposal", good.as_str()), ("item_title", ""), ("item_paper", ""), ("key", once.as_str())];
        sent(&mut staff, &format!("{at}/agenda"), &fields).await;
        sent(&mut staff, &format!("{at}/agenda"), &fields).await;
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_agenda").await, 2);
        let mine = resident.get("/meetings").await.text();
        assert!(mine.contains("已列入议程") && mine.contains("围墙属于学校"), "{mine}");
        let inbox = resident.get("/me/inbox").await.text();
        assert!(inbox.contains("已列入“第四季度会议”的议程") && inbox.contains("有了答复"), "{inbox}");

        // Members see it from the invitation on, others do not.
        let open = for_members(&at);
        let mut member = test.signed_in(owner).await;
        let page = member.get(&open).await.text();
        assert!(page.contains("充电桩选址") && page.contains("比较南门和北门"), "{page}");
        assert_eq!(resident.get(&open).await.status, 404);
        assert!(member.get("/me/inbox").await.text().contains("请您参加会议"));
        let vote_on = ballot(&test, &mut staff, &at, "open", "").await;
        for phone in [owner, MEMBERS[1], handler] {
            assert_eq!(vote(&mut test.signed_in(phone).await, &at, &vote_on, "0").await, 303);
        }
        sent(&mut staff, &format!("{at}/ballots/{vote_on}"), &[("step", "close")]).await;

        // A resolution with an owner and a day, linked with a report about the same.
        let code = filed(&mut resident, &key(1), 0).await;
        let who = test.person(handler);
        let owner_id = text(&test, &format!("SELECT id FROM meeting_member WHERE person_id = '{who}'")).await;
        let once = clock::token();
        let mut fields = vec![
            ("resolution_text", "在南门安装六个充电桩"),
            ("resolution_owner", owner_id.as_str()),
            ("resolution_due", "2026-11-24"),
            ("resolution_ballot", vote_on.as_str()),
            ("resolution_report", code.as_str()),
            ("key", once.as_str()),
        ];
        assert_eq!(staff.post(&format!("{at}/resolutions"), &fields).await.status, 422, "yesterday");
        fields[2].1 = "2026-11-30";
        sent(&mut staff, &format!("{at}/resolutions"), &fields).await;
        sent(&mut staff, &format!("{at}/resolutions"), &fields).await;
        let task = text(&test, "SELECT id FROM meeting_resolution").await;
        let task_page = format!("/meetings/resolutions/{task}");
        assert!(staff.get("/staff/reports").await.text().contains(&task_page), "on the desk");
        assert!(staff.get(&format!("/staff/reports/{code}")).await.text().contains(&task_page), "on the report");
        assert!(staff.get(&task_page).await.text().contains(&format!("/staff/reports/{code}")), "and back");
        let mut worker = test.signed_in(handler).await;
        assert!(worker.get("/volunteer").await.text().contains(&task_page), "among the handler's tasks");
        assert_eq!(resident.get(&task_page).await.status, 404);

        // Carried out by its owner, confirmed by somebody else.
        let step = async |browser: &mut crate::support::Browser, step: &str, version: &str, words: &str| {
            let once = clock::token();
            let fields = [("step", step), ("version", version), ("text", words), ("key", once.as_str())];
            browser.post(&task_page, &fields).await.status.as_u16()
        };
        assert_eq!(step(&mut worker, "report", "1", "").await, 422, "words are needed");
        assert_eq!(step(&mut worker, "note", "1", "已勘察。").await, 303);
        assert_eq!(step(&mut worker, "report", "1", "已通电。").await, 409, "another version");
        assert_eq!(step(&mut worker, "report", "2", "已通电。").await, 303);
        assert_eq!(step(&mut worker, "confirm", "3", "").await, 409, "not one's own");
        assert!(!worker.get("/volunteer").await.text().contains(&task_page), "it waits for others");
        assert_eq!(step(&mut member, "return", "3", "还缺一个。").await, 303);
        assert_eq!(step(&mut worker, "report", "4", "补上了。").await, 303);
        assert_eq!(step(&mut member, "confirm", "5", "").await, 303);
        assert_eq!(step(&mut staff, "drop", "6", "不做了。").await, 409, "it is over");
        assert!(!staff.get("/staff/reports").await.text().contains(&task_page));

        // Minutes from what happened, approved by a second person, fixed; then a summary.
        sent(&mut staff, &format!("{at}/notes"), &[("notes", "物业介绍了两处选址。"), ("version", "3")]).await;
        sent(&mut staff, &format!("{at}/step"), &[("step", "close")]).await;
        let minutes = format!("{open}/minutes");
        assert_eq!(staff.get(&minutes).await.status, 404, "not written yet");
        sent(&mut staff, &format!("{at}/minutes"), &[("step", "write")]).await;
        let page = staff.get(&minutes).await.text();
        for part in ["林晓禾", "是否同意选在南门", "通过", "在南门安装六个充电桩", "物业介绍了两处选址", "充电桩选址"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        let version = count(&test, "SELECT version FROM meeting_session").await.to_string();
        assert_eq!(staff.post(&minutes, &[("version", &version)]).await.status, 409, "not by who wrote them");
        let mut colleague = test.signed_in(COLLEAGUE).await;
        let second = if colleague.get(&minutes).await.status == 200 { &mut colleague } else { &mut member };
        assert_eq!(second.post(&minutes, &[("version", "1")]).await.status, 409, "another version");
        sent(second, &minutes, &[("version", &version)]).await;
        assert_eq!(staff.post(&format!("{at}/minutes"), &[("step", "write")]).await.status, 409, "they are fixed");
        assert_eq!(staff.post(&format!("{at}/notes"), &[("notes", "x"), ("version", "9")]).await.status, 409);
        assert!(staff.get(&at).await.text().contains("给居民的摘要"));
        sent(&mut staff, &format!("{at}/minutes"), &[("step", "publish"), ("summary", "## 结果\n\n充电桩装在南门。")])
            .await;
        let page = resident.get(&open).await.text();
        assert!(page.contains("充电桩装在南门") && !page.contains("林晓禾"), "{page}");
        assert_eq!(resident.get(&minutes).await.status, 404, "the minutes are for members");
        assert!(resident.get("/meetings").await.text().contains("第四季度会议"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_elsewhere_and_the_four_rights() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS[..3]).await;
        let id = here.rsplit('/').next().expect("an id").to_owned();
        let at = session(&mut staff, &here).await;
        let mut elsewhere = test.signed_in(ELSEWHERE).await;
        for path in [&here, &at] {
            assert!(matches!(elsewhere.get(path).await.status.as_u16(), 403 | 404), "{path}");
        }
        assert!(!elsewhere.get("/staff/meetings").await.text().contains(&at));
        let fields = [
            ("body_community", "wutong"),
            ("body_name", "别处"),
            ("body_quorum", "1/2"),
            ("body_majority", "simple"),
            ("key", "k"),
        ];
        assert_eq!(elsewhere.post("/staff/meetings", &fields).await.status, 422, "not their community");
        // A resident of another community proposes nothing here, and neither does a member without the right.
        let mut gu = test.signed_in("19900000004").await;
        let fields =
            [("proposal_body", id.as_str()), ("proposal_title", "议题"), ("proposal_text", "内容"), ("key", "k2")];
        assert_eq!(gu.post("/meetings/proposals", &fields).await.status, 422);
        add_member(&mut staff, &here, "19900000004", &["execute"]).await;
        assert_eq!(gu.post("/meetings/proposals", &fields).await.status, 422);
        assert_eq!(gu.get(&for_members(&at)).await.status, 200, "a member from elsewhere");
        // Three that wait are enough.
        let mut lin = test.signed_in(MEMBERS[0]).await;
        for n in 0..4 {
            let once = format!("proposal-{n}");
            let fields =
                [("proposal_body", id.as_str()), ("proposal_title", "议题"), ("proposal_text", "内容"), ("key", &once)];
            let answer = lin.post("/meetings/proposals", &fields).await;
            assert_eq!(answer.status, if n < 3 { 303 } else { 409 });
            let page = answer.text();
            assert!(
                n < 3 || page.contains("proposal_title-error") && page.contains("value=\"议题\""),
                "at the form: {page}"
            );
        }
        // Whoever has left sees it no longer, and what they were is kept.
        let person = test.person("19900000004");
        let seat = text(&test, &format!("SELECT id FROM meeting_member WHERE person_id = '{person}'")).await;
        sent(&mut staff, &format!("{here}/members/{seat}/end"), &[]).await;
        sent(&mut staff, &format!("{here}/members/{seat}/end"), &[]).await;
        assert_eq!(gu.get(&for_members(&at)).await.status, 404);
        assert!(staff.get(&here).await.text().contains("顾依然"), "history stays");
        // And may come again.
        add_member(&mut staff, &here, "19900000004", &["vote"]).await;
        assert_eq!(gu.get(&for_members(&at)).await.status, 200);
        let looked = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'meeting.look'";
        assert!(count(&test, looked).await > 0, "looks at people's data are written down");
    })
    .await;
}

/// Whom the form of a session offers as owners of a resolution: ids of members.
fn owners(page: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(page);
    let option = scraper::Selector::parse("select[name=resolution_owner] option").expect("a selector");
    let chosen = html.select(&option).filter_map(|option| option.attr("value")).filter(|id| !id.is_empty());
    chosen.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolution_is_carried_out_and_confirmed_by_those_who_have_the_right() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &[]).await;
        let [doer, voter, other, looker] = [MEMBERS[0], MEMBERS[1], MEMBERS[2], MEMBERS[3]];
        let mut seats = Vec::new();
        for (phone, rights) in [
            (doer, &["execute"][..]),
            (voter, &["suggest", "vote"][..]),
            (other, &["vote", "execute"][..]),
            (looker, &["vote", "supervise"][..]),
        ] {
            add_member(&mut staff, &here, phone, rights).await;
            let person = test.person(phone);
            seats.push(text(&test, &format!("SELECT id FROM meeting_member WHERE person_id = '{person}'")).await);
        }
        let at = session(&mut staff, &here).await;

        // Given to nobody without the right to carry it out, whatever a form or a program says.
        let mut offered = owners(&staff.get(&at).await.text());
        offered.sort();
        let mut doers = vec![seats[0].clone(), seats[2].clone()];
        doers.sort();
        assert_eq!(offered, doers);
        let give = |owner: &str, key: &str| {
            [
                ("resolution_text", "在南门安装六个充电桩"),
                ("resolution_owner", owner),
                ("resolution_due", "2026-11-30"),
                ("key", key),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let path = format!("{at}/resolutions");
        for seat in [&seats[1], &seats[3]] {
            let form = give(seat, seat);
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let refused = staff.post(&path, &form).await;
            assert_eq!(refused.status, 422, "{}", refused.text());
            assert!(refused.text().contains("resolution_owner-error"), "at the field: {}", refused.text());
            let wanted = serde_json::json!({ "text": "安装充电桩", "owner": seat, "due": "2026-11-30" });
            let api = format!("/api/v1{path}");
            let json = Some("application/json");
            let refused = staff.send(axum::http::Method::POST, &api, json, wanted.to_string().into_bytes()).await;
            assert_eq!(refused.status, 422, "{}", refused.text());
            assert!(refused.text().contains("#/owner"), "{}", refused.text());
        }
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_resolution").await, 0);
        let form = give(&seats[0], "given");
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        sent(&mut staff, &path, &form).await;
        let task = format!("/meetings/resolutions/{}", text(&test, "SELECT id FROM meeting_resolution").await);

        // Reported by its owner and by nobody else, staff included.
        let step = async |phone: &str, step: &str, version: &str| {
            let once = clock::token();
            let fields = [("step", step), ("version", version), ("text", "已通电。"), ("key", once.as_str())];
            test.signed_in(phone).await.post(&task, &fields).await.status.as_u16()
        };
        let state = async || text(&test, "SELECT state FROM meeting_resolution").await;
        for (phone, status) in [(voter, 404), (other, 404), (looker, 409), (STAFF, 409), (ELSEWHERE, 404)] {
            assert_eq!(step(phone, "report", "1").await, status, "{phone}");
            assert_eq!(state().await, "open", "{phone}");
        }
        assert_eq!(step(doer, "report", "1").await, 303);

        // Confirmed by a member with the right of supervision: not by who lacks it, and not by the owner.
        for (phone, status) in [(voter, 404), (other, 404), (doer, 409), (ELSEWHERE, 404)] {
            for name in ["confirm", "return", "comment"] {
                assert_eq!(step(phone, name, "2").await, status, "{name} by {phone}");
            }
            assert_eq!(state().await, "reported", "{phone}");
        }
        assert_eq!(step(looker, "confirm", "2").await, 303);
        assert_eq!(state().await, "done");
        let notes = "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_resolution_note";
        assert_eq!(count(&test, notes).await, 2, "what was refused left nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_said_at_its_field() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS[..3]).await;
        let long = "长".repeat(9000);
        let fields = [("body_community", "nowhere"), ("body_name", &*long), ("body_quorum", "7/3"), ("key", "k")];
        let page = staff.post("/staff/meetings", &fields).await;
        assert_eq!(page.status, 422);
        assert!(page.text().contains("最多 60 个字") && page.text().contains("请选一项"), "{}", page.text());
        for phone in ["", "abc", "19911111111"] {
            let fields = [("member_phone", phone), ("member_seat", "owner"), ("member_rights", "vote")];
            assert_eq!(staff.post(&format!("{here}/members"), &fields).await.status, 422, "{phone}");
        }
        let twice = [("member_phone", MEMBERS[0]), ("member_seat", "owner"), ("member_rights", "vote")];
        let page = staff.post(&format!("{here}/members"), &twice).await;
        assert!(page.status == 422 && page.text().contains("已经是成员"));
        let none = [("member_phone", MEMBERS[4]), ("member_seat", "owner"), ("member_from", "2026-13-40")];
        assert_eq!(staff.post(&format!("{here}/members"), &none).await.status, 422);
        for starts in ["", "soon", "0001-01-01T00:00", "2026-02-30T10:00"] {
            let fields = [
                ("session_title", "会议"),
                ("session_starts", starts),
                ("session_place", "这里"),
                ("session_mode", "hall"),
                ("key", "k3"),
            ];
            assert_eq!(staff.post(&format!("{here}/sessions"), &fields).await.status, 422, "{starts}");
        }
        let at = session(&mut staff, &here).await;
        for options in ["一项", "同\n同", "选项\n".repeat(12).as_str(), long.as_str()] {
            let item = text(&test, "SELECT id FROM meeting_agenda").await;
            let fields = [
                ("ballot_item", item.as_str()),
                ("ballot_question", "问"),
                ("ballot_way", "open"),
                ("ballot_options", options),
                ("key", "k4"),
            ];
            assert_eq!(staff.post(&format!("{at}/ballots"), &fields).await.status, 422);
        }
        assert_eq!(staff.post(&format!("{at}/step"), &[("step", "fly")]).await.status, 400);
        assert_eq!(staff.post(&format!("{at}/step"), &[("step", "open")]).await.status, 409, "it is open");
        for path in [
            "/staff/meetings/nothing",
            "/staff/meetings/bodies/nothing",
            "/meetings/nothing",
            "/meetings/resolutions/nothing",
        ] {
            assert_eq!(staff.get(path).await.status, 404, "{path}");
        }
        // Markup in a paper is words.
        let once = clock::token();
        let fields = [
            ("item_title", "<script>alert(1)</script>"),
            ("item_paper", "<script>alert(2)</script>"),
            ("key", once.as_str()),
        ];
        sent(&mut staff, &format!("{at}/agenda"), &fields).await;
        let page = test.signed_in(MEMBERS[0]).await.get(&for_members(&at)).await.text();
        assert!(!page.contains("<script>alert"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_does_what_the_pages_do() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS[..3]).await;
        let id = here.rsplit('/').next().expect("an id").to_owned();
        let at = session(&mut staff, &here).await;
        let vote_on = ballot(&test, &mut staff, &at, "open", "").await;
        let json = "application/json";
        let post = async |browser: &mut crate::support::Browser, path: &str, body: serde_json::Value| {
            browser.send(axum::http::Method::POST, path, Some(json), body.to_string().into_bytes()).await
        };
        let mut lin = test.signed_in(MEMBERS[0]).await;
        let mine = lin.get("/api/v1/meetings").await.json();
        assert_eq!(mine["seats"][0]["rights"].as_array().map(Vec::len), Some(4), "{mine}");
        let open = format!("/api/v1{}", for_members(&at));
        let seen = lin.get(&open).await.json();
        assert_eq!(seen["items"][0]["ballots"][0]["may_vote"], true, "{seen}");
        let answer = post(&mut lin, &format!("{open}/ballots/{vote_on}/vote"), serde_json::json!({"choice": 0})).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
        let wrong = post(&mut lin, &format!("{open}/ballots/{vote_on}/vote"), serde_json::json!({"choice": 9})).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.json()["errors"][0]["pointer"], "#/choice", "{}", wrong.text());
        let propose = serde_json::json!({"body": id, "title": "议题", "text": "内容"});
        assert_eq!(post(&mut lin, "/api/v1/meetings/proposals", propose).await.status, 204);
        let whole = staff.get(&format!("/api/v1/staff/meetings/bodies/{id}")).await.json();
        assert_eq!(whole["proposals"][0]["by"], "林晓禾", "{whole}");
        let path = format!("/api/v1{at}/ballots/{vote_on}");
        let closed = post(&mut staff, &path, serde_json::json!({"step": "close"})).await;
        assert_eq!(closed.status, 200, "{}", closed.text());
        assert_eq!(closed.json()["items"][0]["ballots"][0]["took_part"], 1);
        let made =
            serde_json::json!({"community": "wutong", "name": "物业联席会", "quorum": "2/3", "majority": "two_thirds"});
        let made = post(&mut staff, "/api/v1/staff/meetings", made).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(staff.get(made.location()).await.json()["body"]["quorum"], "2/3");
        let member = serde_json::json!({"phone": "1", "seat": "owner", "rights": []});
        let wrong = post(&mut staff, &format!("/api/v1/staff/meetings/bodies/{id}/members"), member).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("#/phone") && wrong.text().contains("#/rights"), "{}", wrong.text());
    })
    .await;
}
