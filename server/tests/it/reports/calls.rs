//! Calls typed in by staff: the caller sealed and masked, what the number told before and what may be the same beside it, one
//! key one report.

use super::*;
use crate::support::on_both;
use server::reports::store::{self, Report};

const NEW: &str = "/staff/reports/new";

/// The fields of a good call.
fn call(key: &str) -> Vec<(&str, &str)> {
    let mut fields = fields(key);
    fields.extend([
        ("from", "hotline"),
        ("foreign", "2611250317"),
        ("caller", "王建国"),
        ("contact", "0510-8888 1234"),
    ]);
    fields
}

fn with<'a>(mut fields: Vec<(&'a str, &'a str)>, name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.retain(|(other, _)| *other != name);
    fields.push((name, value));
    fields
}

async fn send(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    browser.post_files(NEW, fields, &[]).await
}

async fn report(test: &TestApp, code: &str) -> Report {
    store::by_code(&test.app.db, code).await.expect("reads").expect("a report")
}

fn staff_code(answer: &Answer) -> String {
    answer.location().strip_prefix("/staff/reports/").expect("a report's page").to_owned()
}

#[tokio::test]
async fn a_call_is_filed_once_its_caller_sealed_and_every_look_written_down() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff.get(NEW).await.status, StatusCode::OK);
        let key = key(1);
        let first = send(&mut staff, &call(&key)).await;
        assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text());
        let code = staff_code(&first);
        // Tapped again; tapped at once fifty times would be no other: the key is the same as a resident's.
        assert_eq!(staff_code(&send(&mut staff, &call(&key)).await), code);
        let other = send(&mut staff, &with(call(&key), "caller", "别人")).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(other.text().contains(&code), "{}", other.text());
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 1);

        let kept = report(&test, &code).await;
        assert_eq!(
            (kept.reporter_id.as_deref(), kept.channel.as_str(), kept.state.as_str()),
            (None, "hotline", "submitted")
        );
        assert_eq!((kept.caller_masked.as_str(), kept.contact_masked.as_str()), ("王*国", "051****1234"));
        let (name, number) = store::caller(&test.app.db, &kept.id).await.expect("reads").expect("there");
        for sealed in [name.expect("a name"), number.expect("a number")] {
            assert!(!sealed.contains("王") && !sealed.contains("8888"), "{sealed}");
        }
        // Staff see the masked ones; the whole number after a look that is written down; nobody else.
        let page = staff.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains("王*国") && page.contains("12345 热线 2611250317"), "{page}");
        assert!(!page.contains("王建国") && !page.contains("051088881234"));
        let looks = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'report.see_caller'";
        assert_eq!(count(&test, looks).await, 0);
        let path = format!("/staff/reports/{code}/caller");
        let shown = staff.post(&path, &[]).await;
        assert!(shown.text().contains("王建国") && shown.text().contains("tel:051088881234"), "{}", shown.text());
        assert_eq!(shown.headers["cache-control"], "private, no-store");
        assert_eq!(count(&test, looks).await, 1);
        for who in [RESIDENT, GRID_WORKER, STAFF_ELSEWHERE] {
            let refused = test.signed_in(who).await.post(&path, &[]).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{who}");
        }
        assert_eq!(count(&test, looks).await, 1);
        let public = test.visitor().get(&format!("/reports/{code}")).await.text();
        assert!(!public.contains("王") && !public.contains("051****"), "{public}");
        // Who holds the pen is in the timeline and is not its reporter: they may accept it.
        assert!(!staff.get("/me/reports").await.text().contains(&code));
        assert_eq!(staff_step(&mut staff, &code, "accept", &[]).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn mistakes_are_told_at_their_fields_and_a_caller_may_stay_unknown() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let key = key(1);
        let long = "长".repeat(31);
        for (field, bad) in [
            ("from", "resident"),
            ("contact", "12"),
            ("contact", "12345678901234"),
            ("caller", long.as_str()),
            ("category", ""),
            ("description", " "),
        ] {
            let refused = send(&mut staff, &with(call(&key), field, bad)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={bad}");
            assert!(refused.text().contains(&format!("id=\"{field}-error\"")), "{field}: {}", refused.text());
            assert!(refused.text().contains("2611250317"), "what was typed stays");
        }
        assert_eq!(send(&mut staff, &with(call(&key), "community", "xingwu")).await.status, StatusCode::FORBIDDEN);
        let unknown = with(with(call(&key), "caller", ""), "contact", "");
        let code = staff_code(&send(&mut staff, &with(unknown, "from", "police")).await);
        let kept = report(&test, &code).await;
        assert_eq!((kept.transferred_from.as_str(), kept.channel()), ("police", app::reports::Channel::Transfer));
        assert!(store::caller(&test.app.db, &kept.id).await.expect("reads").is_none());
        assert_eq!(staff.post(&format!("/staff/reports/{code}/caller"), &[]).await.status, StatusCode::NOT_FOUND);
        // The desk and the figures tell a transfer from a call.
        let codes = |page: Answer| page.text().contains(&code);
        assert!(codes(staff.get("/staff/reports?channel=transfer").await));
        assert!(!codes(staff.get("/staff/reports?channel=hotline").await));
        let figures = staff.get("/staff/reports/statistics?by=channel").await.text();
        assert!(figures.contains("其他部门转办") && !figures.contains("热线转办"), "{figures}");
    })
    .await;
}

#[tokio::test]
async fn what_may_be_the_same_is_shown_first_and_one_tap_merges() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let first = filed(&mut resident, &key(1), 0).await;
        let mut staff = test.signed_in(STAFF).await;
        // The piece of the page for the script.
        let about = |community| [("community", community), ("category", "street-light"), ("building", "wutong-1")];
        let piece = staff.post(&format!("{NEW}/alike"), &about("wutong")).await;
        assert!(piece.text().contains(&first) && !piece.text().contains("<html"), "{}", piece.text());
        let elsewhere = staff.post(&format!("{NEW}/alike"), &about("xingwu")).await;
        assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
        // Without it: asked once, nothing filed yet.
        let key = key(2);
        let asked = send(&mut staff, &call(&key)).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.text().contains(&first) && asked.text().contains("登记并并过去"), "{}", asked.text());
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 1);
        // One tap: filed, and merged into the resident's.
        let into = with(call(&key), "into", &first);
        let merged = send(&mut staff, &into).await;
        assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
        assert_eq!(merged.location(), format!("/staff/reports/{first}"));
        let states = "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE state = 'merged' AND merged_into IS NOT NULL";
        assert_eq!(count(&test, states).await, 1);
        assert_eq!(send(&mut staff, &into).await.status, StatusCode::SEE_OTHER, "a second tap");
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 2);
        // The same number from the other side is shown whatever it is about; looked at, it is filed.
        let again = with(with(call("test-key-0000000-3"), "category", "elevator"), "building", "wutong-4");
        let asked = send(&mut staff, &again).await;
        assert_eq!(asked.status, StatusCode::OK);
        let looked: String = {
            let html = scraper::Html::parse_document(&asked.text());
            let selector = scraper::Selector::parse("input[name=looked]").expect("a selector");
            html.select(&selector).next().and_then(|input| input.value().attr("value")).expect("codes").to_owned()
        };
        assert!(!looked.is_empty());
        assert_eq!(send(&mut staff, &with(again.clone(), "looked", &looked)).await.status, StatusCode::SEE_OTHER);
        let different = with(with(again, "key", "test-key-0000000-4"), "different", "1");
        assert_eq!(send(&mut staff, &different).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_report_names_what_may_be_the_same_and_one_tap_takes_its_followers_along() {
    on_both(|test| async move {
        let first = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        test.app.clock.advance(jiff::SignedDuration::from_mins(5));
        let second = filed(&mut test.signed_in(NEIGHBOUR).await, &key(2), 0).await;
        let mut staff = test.signed_in(STAFF).await;
        for (at, other, action) in [(&second, &first, &second), (&first, &second, &second)] {
            let page = staff.get(&format!("/staff/reports/{at}")).await.text();
            let html = scraper::Html::parse_document(&page);
            let card = scraper::Selector::parse(".alike-box form").expect("a selector");
            let form = html.select(&card).next().unwrap_or_else(|| panic!("no card on {at}: {page}"));
            assert_eq!(
                form.value().attr("action"),
                Some(format!("/staff/reports/{action}").as_str()),
                "the younger goes"
            );
            assert!(page.contains(other.as_str()));
        }
        // A grid worker reads them and merges nothing.
        let page = test.signed_in(GRID_WORKER).await.get(&format!("/staff/reports/{second}")).await.text();
        assert!(page.contains(&first) && !page.contains("name=\"into\""), "{page}");
        let merged = staff_step(&mut staff, &second, "merge", &[("into", &first)]).await;
        assert_eq!(merged.status, 303, "{}", merged.text());
        let (followers, _) =
            server::reports::open::followers(&test.app.db, &report(&test, &first).await.id, "").await.expect("counts");
        assert_eq!(followers, 1);
    })
    .await;
}

/// What the words of a call find while they are typed.
async fn sounds_like(staff: &mut Browser, said: &str, more: &[(&str, &str)]) -> String {
    let fields = [&[("community", "wutong"), ("description", said)][..], more].concat();
    let piece = staff.post(&format!("{NEW}/alike"), &fields).await;
    assert_eq!(piece.status, StatusCode::OK, "{}", piece.text());
    assert_eq!(piece.headers["cache-control"], "private, no-store");
    piece.text()
}

#[tokio::test]
async fn words_find_what_is_open_here_before_kind_and_place_are_chosen() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let open = filed(&mut resident, &key(1), 0).await;
        let over = filed(&mut resident, &key(2), 0).await;
        let there = with(with(fields("test-key-0000000-3"), "community", "xingwu"), "building", "xingwu-1");
        let there = resident.post_files("/report", &with(there, "different", "1"), &[]).await;
        assert_eq!(there.status, StatusCode::SEE_OTHER, "{}", there.text());
        let there = code_of(&there);
        let mut staff = test.signed_in(STAFF).await;
        let rejected = staff_step(&mut staff, &over, "reject", &[("text", "这盏灯归市政管，已经转过去了。")]).await;
        assert_eq!(rejected.status, StatusCode::SEE_OTHER, "{}", rejected.text());

        let said = "来电人说，北门那边的路灯好几天不亮";
        let found = sounds_like(&mut staff, said, &[]).await;
        assert!(found.contains(&open) && !found.contains("<html"), "{found}");
        assert!(!found.contains(&over) && !found.contains(&there), "open ones of this community: {found}");
        // Of the chosen kind, at the chosen place; the words of the place count as well.
        for (more, is_found) in [
            ([("category", "street-light"), ("building", "")], true),
            ([("category", "elevator"), ("building", "")], false),
            ([("category", ""), ("building", "wutong-1")], true),
            ([("category", ""), ("building", "wutong-4")], false),
        ] {
            assert_eq!(sounds_like(&mut staff, said, &more).await.contains(&open), is_found, "{more:?}");
        }
        assert!(sounds_like(&mut staff, "", &[("place", "北门路灯下面")]).await.contains(&open));
        for other in ["", " ", "单元门锁坏了", "<script>alert(1)</script>", "%_\\'"] {
            assert_eq!(sounds_like(&mut staff, other, &[]).await, "", "{other}");
        }
        // The API finds the same.
        let text: String = url::form_urlencoded::byte_serialize(said.as_bytes()).collect();
        let api = staff.get(&format!("/api/v1/staff/reports/alike?community=wutong&text={text}")).await.json();
        assert_eq!((api.as_array().map(Vec::len), api[0]["code"].as_str()), (Some(1), Some(open.as_str())), "{api}");

        // Without the script: asked once, by the words, where no place is chosen.
        let count_reports = "SELECT CAST(COUNT(*) AS BIGINT) FROM report";
        let in_words = with(with(call("test-key-0000000-4"), "building", ""), "place", "北门外面");
        let in_words = with(in_words, "description", said);
        let asked = send(&mut staff, &in_words).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.text().contains(&open) && asked.text().contains("可能有同一件"), "{}", asked.text());
        assert_eq!(count(&test, count_reports).await, 3);
        let into = send(&mut staff, &with(in_words, "into", &open)).await;
        assert_eq!(into.location(), format!("/staff/reports/{open}"));

        for who in [RESIDENT, GRID_WORKER, STAFF_ELSEWHERE] {
            let mut other = test.signed_in(who).await;
            let refused = other.post(&format!("{NEW}/alike"), &[("community", "wutong"), ("description", said)]).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{who}");
        }
    })
    .await;
}

/// Looks at what a number told before.
const LOOKS: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'call.history'";

#[tokio::test]
async fn what_the_number_told_before_stands_beside_the_form_and_each_look_is_written_down() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let earlier = staff_code(&send(&mut staff, &call(&key(1))).await);

        // From the hotline desk with the number, which stands in no address; the form itself looks at nothing.
        let number = "0510-8888 1234";
        let desk = staff.post("/staff/calls", &[("number", number)]).await.text();
        let html = scraper::Html::parse_document(&desk);
        let selector = scraper::Selector::parse(&format!("form[action='{NEW}'] input")).expect("a selector");
        let carried: Vec<(String, String)> = html
            .select(&selector)
            .map(|input| {
                let of = |name| input.value().attr(name).unwrap_or_default().to_owned();
                (of("name"), of("value"))
            })
            .collect();
        drop(html);
        assert_eq!(carried.last(), Some(&("contact".to_owned(), number.to_owned())), "{desk}");
        let carried: Vec<(&str, &str)> = carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let begun = staff.post(NEW, &carried).await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
        assert!(begun.text().contains(&format!("value=\"{number}\"")), "{}", begun.text());
        assert!(!begun.text().contains(&earlier));
        assert_eq!(count(&test, LOOKS).await, 1, "the desk's own");

        // The button, with half a form: what was typed stays, nothing is filed.
        let half = [("community", "wutong"), ("key", "test-key-0000000-2"), ("from", "hotline"), ("caller", "王建国")];
        let half = [&half[..], &[("contact", number), ("description", ""), ("look", "history")]].concat();
        let looked = send(&mut staff, &half).await;
        assert_eq!(looked.status, StatusCode::OK, "{}", looked.text());
        assert!(looked.headers["cache-control"].to_str().expect("text").contains("no-store"));
        let page = looked.text();
        for words in [earlier.as_str(), "以前反映过 1 件，1 件没办完。", "王建国", number, "待受理", "刚刚"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("看全部"), "{page}");
        assert_eq!(count(&test, LOOKS).await, 2, "one entry");
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 1);

        // The same as a piece of the page, for the script.
        let path = format!("{NEW}/history");
        let piece = staff.post(&path, &[("number", "051088881234")]).await;
        assert_eq!(piece.status, StatusCode::OK);
        assert_eq!(piece.headers["cache-control"], "private, no-store");
        assert!(piece.text().contains(&earlier) && !piece.text().contains("<html"), "{}", piece.text());
        assert_eq!(count(&test, LOOKS).await, 3, "one entry");

        // The form that comes back with a mistake shows nothing that nobody asked for, and what is no number is no look.
        let mistaken = send(&mut staff, &with(call("test-key-0000000-2"), "category", "")).await;
        assert_eq!(mistaken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!mistaken.text().contains(&earlier), "{}", mistaken.text());
        for wrong in ["", "12", "王"] {
            let told = send(&mut staff, &with(half.clone(), "contact", wrong)).await;
            assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(told.text().contains("id=\"contact-error\"") && told.text().contains("王建国"), "{}", told.text());
            let piece = staff.post(&path, &[("number", wrong)]).await;
            assert_eq!((piece.status, piece.text()), (StatusCode::UNPROCESSABLE_ENTITY, String::new()), "{wrong}");
        }
        assert_eq!(count(&test, LOOKS).await, 3);

        // Whoever may not look sees nothing and leaves nothing; staff elsewhere find nothing of it, and that is a look.
        for who in [RESIDENT, GRID_WORKER] {
            let mut other = test.signed_in(who).await;
            assert_eq!(other.post(&path, &[("number", number)]).await.status, StatusCode::FORBIDDEN, "{who}");
            assert_eq!(send(&mut other, &half).await.status, StatusCode::FORBIDDEN, "{who}");
        }
        let mut elsewhere = test.signed_in(STAFF_ELSEWHERE).await;
        assert_eq!(send(&mut elsewhere, &half).await.status, StatusCode::FORBIDDEN, "another community's form");
        assert_eq!(count(&test, LOOKS).await, 3);
        let none = send(&mut elsewhere, &with(half.clone(), "community", "xingwu")).await.text();
        assert!(none.contains("以前没有反映过问题") && !none.contains(&earlier), "{none}");
        assert_eq!(count(&test, LOOKS).await, 4);
        let told = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE detail LIKE '%88881234%' OR object_id LIKE '%88881234%'";
        assert_eq!(count(&test, told).await, 0, "the log has no numbers");

        // Five of six, and the way to all of them.
        for n in 2..7 {
            let filed = send(&mut staff, &with(call(&key(n)), "different", "1")).await;
            assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text());
        }
        let page = send(&mut staff, &half).await.text();
        assert!(page.contains("以前反映过 6 件，6 件没办完。") && page.contains("看全部 6 件"), "{page}");
        let html = scraper::Html::parse_document(&page);
        let rows = scraper::Selector::parse("#caller-history a.item").expect("a selector");
        assert_eq!(html.select(&rows).count(), 5);
    })
    .await;
}
