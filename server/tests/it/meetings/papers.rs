//! PDF papers of items: for whoever may read the session, added and removed while it takes items, gone when nothing names them.

use super::{ELSEWHERE, MEMBERS, STAFF, body, count, for_members, sent, session, text};
use crate::{
    notices::{attachments::PDF, safety::inert},
    support::{Answer, Browser, TestApp, on_both},
};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use server::clock;

const PAPERS: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_paper";
const STORED: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM stored_file";

async fn add(staff: &mut Browser, to: &str, name: &str, bytes: &[u8], key: &str) -> Answer {
    staff.post_files(to, &[("key", key)], &[("file", name, "application/pdf", bytes)]).await
}

/// A session with one item; gives its page and where its papers go.
async fn prepared(test: &TestApp, staff: &mut Browser) -> (String, String) {
    let here = body(test, staff, &MEMBERS[..2]).await;
    let at = session(staff, &here).await;
    let item = text(test, "SELECT id FROM meeting_agenda").await;
    let to = format!("{at}/papers/{item}");
    (at, to)
}

async fn sweep(test: &TestApp) {
    test.app.clock.advance(SignedDuration::from_hours(2));
    server::files::sweep(&test.app).await.expect("swept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_is_added_read_and_removed() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let (at, to) = prepared(&test, &mut staff).await;
        let (key, open) = (clock::token(), for_members(&at));
        let added = add(&mut staff, &to, "../造价<script>: 2026\u{202e}.PDF", PDF, &key).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
        let item = to.rsplit('/').next().expect("an id");
        assert_eq!(added.location(), format!("{at}#item-{item}"));
        // Sent again with its key it is the same; another file is another, as is the same one from another form.
        add(&mut staff, &to, "造价.pdf", PDF, &key).await;
        assert_eq!(count(&test, PAPERS).await, 1, "twice is once");
        let other = [PDF, b"\n"].concat();
        assert_eq!(add(&mut staff, &to, "选址图.pdf", &other, &key).await.status, StatusCode::SEE_OTHER);
        assert_eq!(count(&test, PAPERS).await, 2);

        // Its name is what it looks like and does nothing, on both pages.
        let file = format!("{}/1", for_members(&to));
        let mut member = test.signed_in(MEMBERS[0]).await;
        for (browser, path) in [(&mut staff, &at), (&mut member, &open)] {
            let page = browser.get(path).await.text();
            assert!(page.contains("造价-script-- 2026") && !page.contains("<script>:"), "{page}");
            assert!(page.contains(&file) && page.contains("PDF，1 kB") && page.contains("选址图.pdf"), "{page}");
            inert(&page, path);
        }
        assert!(!member.get(&open).await.text().contains("enctype"), "members add none");

        // A download and nothing else, for members and staff of the place.
        for browser in [&mut member, &mut staff] {
            let got = browser.get(&file).await;
            assert_eq!((got.status, &*got.body), (StatusCode::OK, PDF));
            let header = |name: &str| got.headers[name].to_str().expect("text").to_owned();
            assert_eq!(header("content-type"), "application/pdf");
            assert_eq!(header("content-security-policy"), server::http::middleware::POLICY_OF_FILES);
            assert_eq!(header("cache-control"), "private, no-cache");
            let disposition = header("content-disposition");
            assert!(
                disposition.starts_with("attachment; filename=\"paper-1.pdf\"; filename*=UTF-8''"),
                "{disposition}"
            );
            let asked = browser.send(Method::HEAD, &file, None, Vec::new()).await;
            assert_eq!((asked.status, asked.body.len()), (StatusCode::OK, 0));
            assert_eq!(asked.headers["content-length"], PDF.len().to_string());
            let again = browser.get_with(&file, &[("if-none-match", &header("etag"))]).await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        }
        // To everybody else there is none: a resident, staff elsewhere, a visitor; nor under another session or item.
        for phone in [MEMBERS[3], ELSEWHERE] {
            let mut stranger = test.signed_in(phone).await;
            for path in [&file, &format!("/api/v1{file}")] {
                assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{phone} {path}");
            }
            assert!(matches!(add(&mut stranger, &to, "a.pdf", PDF, "k").await.status.as_u16(), 403 | 404), "{phone}");
            let gone = stranger.post(&format!("{to}/1/remove"), &[]).await.status.as_u16();
            assert!(matches!(gone, 403 | 404), "{phone}");
        }
        assert!(test.visitor().get(&file).await.location().starts_with("/login"));
        for nothing in ["0", "3", "x", "-1", "99999999999999999999"] {
            let path = format!("{}/{nothing}", for_members(&to));
            assert_eq!(member.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let elsewhere = format!("{at}/papers/{}", test.person(STAFF));
        assert_eq!(add(&mut staff, &elsewhere, "a.pdf", PDF, &clock::token()).await.status, StatusCode::NOT_FOUND);

        // What is named stays, what is removed goes; twice is once.
        sweep(&test).await;
        assert_eq!(member.get(&file).await.status, StatusCode::OK);
        let removed = text(&test, "SELECT file_id FROM meeting_paper WHERE number = 1").await;
        sent(&mut staff, &format!("{to}/1/remove"), &[]).await;
        sent(&mut staff, &format!("{to}/1/remove"), &[]).await;
        assert_eq!(member.get(&file).await.status, StatusCode::NOT_FOUND);
        assert_eq!(count(&test, STORED).await, 2);
        sweep(&test).await;
        assert_eq!(count(&test, STORED).await, 1);
        assert!(test.app.blobs.file_bytes(&removed).await.expect("read").is_none());
        assert_eq!(member.get(&format!("{}/2", for_members(&to))).await.status, StatusCode::OK);
        for (action, times) in [("add", 2), ("remove", 1)] {
            let said = format!(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'meeting.{action}_paper' \
                 AND object_kind = 'meeting_session'"
            );
            assert_eq!(count(&test, &said).await, times, "{action}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_paper_and_what_comes_too_late_is_refused() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let (at, to) = prepared(&test, &mut staff).await;
        let script = b"%PDF-1.7\n1 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj\n%%EOF".to_vec();
        for (bytes, words) in [
            (b"<!doctype html><script>alert(1)</script>".to_vec(), "这不是 PDF 文件"),
            ([b"<script>alert(1)</script>", PDF].concat(), "这不是 PDF 文件"),
            (script, "带着脚本"),
            (Vec::new(), "空的"),
            ([PDF, &vec![b' '; 10 * 1024 * 1024][..]].concat(), "10 MB"),
        ] {
            let refused = add(&mut staff, &to, "材料.pdf", &bytes, &clock::token()).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
            let page = refused.text();
            let field = page.split("id=\"paper_file-error\"").nth(1).unwrap_or_default();
            assert!(field.split("</p>").next().is_some_and(|said| said.contains(words)), "{words}: {page}");
            assert!(page.contains("href=\"#paper_file\"") && page.contains("id=\"paper_file\""), "{page}");
        }
        let none = staff.post_files(&to, &[("key", "k")], &[]).await;
        assert!(none.status == 422 && none.text().contains("请先选一个 PDF 文件"), "{}", none.text());
        assert_eq!(add(&mut staff, &to, "a.pdf", PDF, "").await.status, StatusCode::BAD_REQUEST, "no key");
        assert_eq!(count(&test, STORED).await, 0);

        // Five, and no form for a sixth.
        for n in 1..=5 {
            let added = add(&mut staff, &to, &format!("第 {n} 份.pdf"), PDF, &clock::token()).await;
            assert_eq!(added.status, StatusCode::SEE_OTHER, "{n}");
        }
        assert!(!staff.get(&at).await.text().contains("enctype"), "no room, no form");
        let sixth = add(&mut staff, &to, "第六份.pdf", PDF, &clock::token()).await;
        assert!(sixth.status == 422 && sixth.text().contains("已经有 5 个文件"), "{}", sixth.text());
        assert_eq!(count(&test, PAPERS).await, 5);
        sweep(&test).await;
        assert_eq!(count(&test, STORED).await, 5, "the sixth is left behind nowhere");

        // Once the session is over its papers are as they were.
        sent(&mut staff, &format!("{at}/step"), &[("step", "close")]).await;
        let page = staff.get(&at).await.text();
        assert!(page.contains("第 5 份.pdf") && !page.contains("/remove\""), "{page}");
        assert_eq!(add(&mut staff, &to, "a.pdf", PDF, &clock::token()).await.status, StatusCode::CONFLICT);
        assert_eq!(staff.post(&format!("{to}/5/remove"), &[]).await.status, StatusCode::CONFLICT);
        assert_eq!(count(&test, PAPERS).await, 5);
        let mut member = test.signed_in(MEMBERS[1]).await;
        assert_eq!(member.get(&format!("{}/5", for_members(&to))).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_of_one_form_sent_at_once_are_one_and_of_six_forms_five() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let (_, to) = prepared(&test, &mut staff).await;
        let all = async |keys: Vec<String>| {
            let sent = keys.into_iter().map(|key| {
                let (mut staff, to) = (staff.clone(), to.clone());
                async move { add(&mut staff, &to, "材料.pdf", PDF, &key).await.status.as_u16() }
            });
            futures::future::join_all(sent).await
        };
        assert_eq!(all(vec![clock::token(); 6]).await, [303; 6]);
        assert_eq!(count(&test, PAPERS).await, 1);
        let mut answers = all((0..6).map(|_| clock::token()).collect()).await;
        answers.sort_unstable();
        assert_eq!(answers, [303, 303, 303, 303, 422, 422]);
        assert_eq!(count(&test, PAPERS).await, 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_adds_lists_hands_out_and_removes_papers() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let (at, to) = prepared(&test, &mut staff).await;
        let file = [("file", "造价.pdf", "application/pdf", PDF)];
        let once = [("idempotency-key", "once")];
        let path = format!("/api/v1{to}");
        let added = staff.post_files_with(&path, &once, &[], &file).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
        let again = staff.post_files_with(&path, &once, &[], &file).await;
        assert_eq!(again.json(), added.json());
        let href = added.json()["href"].as_str().expect("an address").to_owned();
        assert_eq!(added.location(), href);
        let refused = staff.post_files(&path, &[], &[("file", "a.pdf", "application/pdf", b"no PDF")]).await;
        assert!(refused.status == 422 && refused.text().contains("#/file"), "{}", refused.text());
        let listed = serde_json::json!([{"number": 1, "name": "造价.pdf", "bytes": PDF.len(), "href": href}]);
        assert_eq!(staff.get(&format!("/api/v1{at}")).await.json()["items"][0]["papers"], listed);
        let mut member = test.signed_in(MEMBERS[0]).await;
        let shown = member.get(&format!("/api/v1{}", for_members(&at))).await.json();
        assert_eq!(shown["items"][0]["papers"], listed);
        let got = member.get(&href).await;
        assert_eq!((got.status, &*got.body), (StatusCode::OK, PDF));
        let mine = format!("{path}/1");
        let denied = member.send(Method::DELETE, &mine, None, Vec::new()).await.status;
        assert!(matches!(denied.as_u16(), 403 | 404));
        for _ in 0..2 {
            assert_eq!(staff.send(Method::DELETE, &mine, None, Vec::new()).await.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(member.get(&href).await.status, StatusCode::NOT_FOUND);
        // The community's archive has what is there, with its bytes.
        let kept = staff.post_files(&path, &[], &file).await;
        assert_eq!(kept.status, StatusCode::CREATED);
        let id = text(&test, "SELECT file_id FROM meeting_paper").await;
        let community = server::places::store::community_by_code(&test.app.db, "wutong").await.expect("read");
        let folder = tempfile::tempdir().expect("a folder");
        let archive = folder.path().join("plain");
        let made = server::archive::build(&test.app, &community.expect("there"), &archive, false).await.expect("made");
        assert_eq!((made.rows["meeting_paper"], made.rows["stored_file"]), (1, 1));
        let key = server::photos::Blobs::file_key(&id);
        assert_eq!(std::fs::read(archive.join(format!("files/{key}"))).expect("its bytes"), PDF);
    })
    .await;
}
