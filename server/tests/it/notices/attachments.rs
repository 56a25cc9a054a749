//! Pictures and files: private until the notice is out, the same in a correction, gone with a draft; and hostile ones.

use super::{CHENG, LIN, QIN, SHEN, id_in, typed, version, written};
use crate::support::{Answer, Browser, TestApp, on_both};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use server::{clock, photos::blobs::Variant};

/// A small PDF.
pub const PDF: &[u8] =
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n";

/// A picture of one colour, JPEG.
fn picture(shade: u8) -> Vec<u8> {
    let pixels = image::RgbImage::from_pixel(640, 480, image::Rgb([shade, 90, 120]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("encoded");
    bytes.into_inner()
}

async fn add_picture(staff: &mut Browser, id: &str, bytes: &[u8], alt: &str) -> Answer {
    let files = [("picture", "IMG_0001.jpg", "image/jpeg", bytes)];
    staff.post_files(&format!("/staff/notices/{id}/files/picture"), &[("alt", alt)], &files).await
}

async fn add_file(staff: &mut Browser, id: &str, bytes: &[u8], name: &str) -> Answer {
    let files = [("file", name, "application/pdf", bytes)];
    staff.post_files(&format!("/staff/notices/{id}/files/file"), &[], &files).await
}

/// Ids of the photos of a notice, by number.
async fn photos(test: &TestApp, id: &str) -> Vec<String> {
    let all = server::notices::attachments::store::pictures(&test.app.db, id).await.expect("read");
    all.into_iter().map(|picture| picture.photo_id).collect()
}

async fn stored_files(test: &TestApp) -> Vec<String> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM stored_file").fetch_all(test.app.db.read()).await.expect("read");
    rows.into_iter().map(|(id,)| id).collect()
}

#[tokio::test]
async fn pictures_and_files_go_out_with_the_notice_and_not_before() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        // The button in the editor saves first, and then leads to the page where they are added.
        let key = clock::token();
        let answer = staff.post("/staff/notices", &typed(&key, &[("action", "files")])).await;
        let id = id_in(&answer);
        assert_eq!(answer.location(), format!("/staff/notices/{id}/files"));

        let refused = add_picture(&mut staff, &id, &picture(10), " ").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("看不见图片的人"), "what it shows must be said");
        assert_eq!(add_picture(&mut staff, &id, &picture(10), "3 栋门口的取水点").await.status, StatusCode::SEE_OTHER);
        assert_eq!(add_picture(&mut staff, &id, &picture(200), "绕行路线").await.status, StatusCode::SEE_OTHER);
        assert_eq!(add_file(&mut staff, &id, PDF, "清洗方案: 2026.pdf").await.status, StatusCode::SEE_OTHER);
        let none = staff.post_files(&format!("/staff/notices/{id}/files/file"), &[], &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = staff.get(&format!("/staff/notices/{id}/files")).await.text();
        assert!(page.contains("3 栋门口的取水点") && page.contains("清洗方案- 2026.pdf"), "{page}");

        // The text says where the first stands; the other comes at its end.
        let at = version(&mut staff, &id).await;
        let body = [("version", at.as_str()), ("body", "取水点在这里：\n\n![](picture:1)\n\n请带桶。")];
        assert_eq!(
            staff.post(&format!("/staff/notices/{id}/edit"), &typed("", &body)).await.status,
            StatusCode::SEE_OTHER
        );

        // Private until it is out: staff of the place see them, others do not.
        let [first, second] = photos(&test, &id).await.try_into().expect("two");
        let file = format!("/notices/{id}/files/1");
        for path in [format!("/photos/{first}/full"), format!("/photos/{second}/thumb"), file.clone()] {
            assert_eq!(staff.get(&path).await.status, StatusCode::OK, "{path}");
            assert_eq!(test.signed_in(CHENG).await.get(&path).await.status, StatusCode::OK, "{path}");
            for other in [QIN, LIN] {
                assert_eq!(test.signed_in(other).await.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
            assert_eq!(test.visitor().get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let preview = serde_json::json!({ "markdown": "![](picture:1)", "notice": id }).to_string().into_bytes();
        let mut other = test.signed_in(QIN).await;
        let send = (Method::POST, "/api/v1/notices/preview", Some("application/json"));
        assert_eq!(other.send(send.0.clone(), send.1, send.2, preview.clone()).await.status, StatusCode::FORBIDDEN);
        let html = staff.send(send.0, send.1, send.2, preview).await.json()["html"].as_str().expect("HTML").to_owned();
        assert!(html.contains(&format!("/photos/{first}/thumb")), "{html}");

        let at = version(&mut staff, &id).await;
        let out = staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &at)]).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
        let mut reader = test.visitor();
        let page = reader.get(&format!("/notices/{id}")).await.text();
        let article = page.split("<article").nth(1).expect("the notice");
        let at = |words: &str| article.find(words).unwrap_or_else(|| panic!("{words} in {article}"));
        assert!(at(&first) < at("请带桶") && at("请带桶") < at(&second), "{article}");
        assert!(page.contains("alt=\"3 栋门口的取水点\"") && page.contains(&file), "{page}");
        assert_eq!(reader.get(&format!("/photos/{first}/full")).await.status, StatusCode::OK);

        // A file is a download and nothing else.
        let got = reader.get(&file).await;
        assert_eq!(got.body, PDF);
        let header = |name: &str| got.headers[name].to_str().expect("text").to_owned();
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-security-policy"), server::http::middleware::POLICY_OF_FILES);
        let disposition = header("content-disposition");
        assert!(disposition.starts_with("attachment; filename=\"notice-1.pdf\"; filename*=UTF-8''"), "{disposition}");
        assert!(disposition.is_ascii() && !disposition[40..].contains('"'), "{disposition}");
        assert_eq!(header("content-length"), PDF.len().to_string());
        let asked = reader.send(Method::HEAD, &file, None, Vec::new()).await;
        assert_eq!((asked.status, asked.body.len()), (StatusCode::OK, 0));
        assert_eq!(asked.headers["content-length"], got.headers["content-length"]);
        assert_eq!(asked.headers["etag"], got.headers["etag"]);
        let again = reader.get_with(&file, &[("if-none-match", got.headers["etag"].to_str().expect("text"))]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        for nothing in ["0", "2", "x", "99999999999999999999", "-1"] {
            assert_eq!(reader.get(&format!("/notices/{id}/files/{nothing}")).await.status, StatusCode::NOT_FOUND);
        }
        let feed = crate::peers::read_feed(&reader.get("/notices.atom?community=wutong").await.body);
        let entry = feed["entries"][0]["content"][0].as_str().or(feed["entries"][0]["content"][0]["value"].as_str());
        let entry = entry.expect("HTML");
        assert!(
            entry.contains(&format!("http://linli.test/photos/{first}/thumb")) && entry.contains("files/1"),
            "{entry}"
        );

        // What is out keeps what it has.
        for (path, fields) in [
            ("files", vec![("what", "picture"), ("action", "remove"), ("number", "1")]),
            ("files", vec![("what", "picture"), ("action", "describe"), ("number", "1"), ("alt", "别的")]),
        ] {
            let answer = staff.post(&format!("/staff/notices/{id}/{path}"), &fields).await;
            assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text());
        }
        assert_eq!(staff.get(&format!("/staff/notices/{id}/files")).await.status, StatusCode::CONFLICT);
        assert_eq!(add_picture(&mut staff, &id, &picture(1), "x").await.status, StatusCode::CONFLICT);
        assert_eq!(add_file(&mut staff, &id, PDF, "x.pdf").await.status, StatusCode::CONFLICT);

        // A correction begins with the same ones; taking one from it, or throwing it away, takes none from the old one.
        let key = clock::token();
        let correction = id_in(&staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await);
        assert_eq!(photos(&test, &correction).await, [first.clone(), second.clone()]);
        let files = format!("/staff/notices/{correction}/files");
        for what in ["picture", "file"] {
            let fields = [("what", what), ("action", "remove"), ("number", "1")];
            assert_eq!(staff.post(&files, &fields).await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(photos(&test, &correction).await, std::slice::from_ref(&second));
        staff.post(&format!("/staff/notices/{correction}/discard"), &[]).await;
        test.app.clock.advance(SignedDuration::from_hours(48));
        server::photos::service::sweep_unsent(&test.app).await.expect("swept");
        server::files::sweep(&test.app).await.expect("swept");
        for path in [format!("/photos/{first}/full"), format!("/photos/{second}/full"), file] {
            assert_eq!(reader.get(&path).await.status, StatusCode::OK, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_draft_had_goes_with_it_and_nothing_is_left_behind() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = written(&mut staff, &[]).await;
        add_picture(&mut staff, &id, &picture(1), "一").await;
        add_picture(&mut staff, &id, &picture(2), "二").await;
        add_file(&mut staff, &id, PDF, "a.pdf").await;
        add_file(&mut staff, &id, PDF, "b.pdf").await;
        let [first, second] = photos(&test, &id).await.try_into().expect("two");
        let kept = async |id: &str| test.app.blobs.get(id, Variant::Full).await.expect("read").is_some();
        let files = stored_files(&test).await;
        assert_eq!(files.len(), 2);

        // Said anew, and taken away.
        let page = format!("/staff/notices/{id}/files");
        let said = [("what", "picture"), ("action", "describe"), ("number", "1"), ("alt", "一，从近处看")];
        assert_eq!(staff.post(&page, &said).await.status, StatusCode::SEE_OTHER);
        assert!(staff.get(&page).await.text().contains("一，从近处看"));
        let said = [("what", "picture"), ("action", "describe"), ("number", "1"), ("alt", "")];
        assert_eq!(staff.post(&page, &said).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let remove = [("what", "picture"), ("action", "remove"), ("number", "1")];
        assert_eq!(staff.post(&page, &remove).await.status, StatusCode::SEE_OTHER);
        assert_eq!(staff.post(&page, &remove).await.status, StatusCode::SEE_OTHER, "twice is once");
        assert!(!kept(&first).await && kept(&second).await);
        // A number is not given twice: the text may still say it.
        add_picture(&mut staff, &id, &picture(3), "三").await;
        let all = server::notices::attachments::store::pictures(&test.app.db, &id).await.expect("read");
        assert_eq!(all.iter().map(|p| p.number).collect::<Vec<_>>(), [2, 3]);

        // Nobody publishes what they have not seen: a picture more is a change.
        let stale = staff.post(&format!("/staff/notices/{id}/publish"), &[("version", "1")]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);

        // At most so many.
        for n in 0..9_u8 {
            add_picture(&mut staff, &id, &picture(n), "多").await;
        }
        assert_eq!(photos(&test, &id).await.len(), 9);
        for _ in 0..4 {
            add_file(&mut staff, &id, PDF, "多.pdf").await;
        }
        let named = server::notices::attachments::store::files(&test.app.db, &id).await.expect("read").len();
        assert_eq!(named, 5);
        assert!(!staff.get(&page).await.text().contains("加一个文件"), "no room, no form");

        let gone = staff.post(&format!("/staff/notices/{id}/discard"), &[]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        assert!(!kept(&second).await, "pictures go at once");
        test.app.clock.advance(SignedDuration::from_hours(25));
        server::photos::service::sweep_unsent(&test.app).await.expect("swept");
        server::files::sweep(&test.app).await.expect("swept");
        let (left,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM photo")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(left, 0, "nor what was refused for want of room");
        assert!(stored_files(&test).await.is_empty());
        for file in files {
            assert!(test.app.blobs.file_bytes(&file).await.expect("read").is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn hostile_files_do_nothing() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = written(&mut staff, &[]).await;
        let script = b"%PDF-1.7\n1 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj\n%%EOF".to_vec();
        let hostile: Vec<(&str, Vec<u8>)> = vec![
            ("a PDF with a script", script),
            ("HTML called .pdf", b"<!doctype html><script>alert(1)</script>".to_vec()),
            ("SVG called .pdf", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec()),
            ("HTML, then a PDF", [b"<script>alert(1)</script>", PDF].concat()),
            ("a PDF, then HTML", [PDF, b"<script>alert(1)</script>"].concat()),
            ("a PDF and a ZIP", [PDF, b"PK\x05\x06\0\0\0\0"].concat()),
            ("a picture called .pdf", picture(9)),
            ("a program", b"MZ\x90\x00".to_vec()),
            ("nothing", Vec::new()),
        ];
        for (name, bytes) in &hostile {
            let refused = add_file(&mut staff, &id, bytes, "公示.pdf").await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        let large = [PDF[..20].to_vec(), vec![b' '; 10 * 1024 * 1024], PDF[20..].to_vec()].concat();
        let refused = add_file(&mut staff, &id, &large, "大.pdf").await;
        assert!(refused.text().contains("10 MB"), "{}", refused.text());
        for (name, bytes) in [
            ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec()),
            ("HTML", b"<html><script>alert(1)</script></html>".to_vec()),
            ("a PDF", PDF.to_vec()),
        ] {
            let refused = add_picture(&mut staff, &id, &bytes, "图").await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        assert!(photos(&test, &id).await.is_empty());

        // What is hidden behind a picture's end does not survive; a hostile name and description are words.
        let evil = "XSSWORD\"><script>a(1)</script><img src=x onerror=a(1)>";
        let polyglot = [picture(7), b"<script>alert(1)</script>".to_vec()].concat();
        assert_eq!(add_picture(&mut staff, &id, &polyglot, evil).await.status, StatusCode::SEE_OTHER);
        assert_eq!(
            add_file(&mut staff, &id, PDF, "XSSWORD<img src=x onerror=a(1)>.pdf").await.status,
            StatusCode::SEE_OTHER
        );
        let at = version(&mut staff, &id).await;
        staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &at)]).await;
        let photo = photos(&test, &id).await.remove(0);
        let full = test.visitor().get(&format!("/photos/{photo}/full")).await;
        assert_eq!(full.headers["content-type"], "image/jpeg");
        assert!(!full.text().contains("<script>"), "written anew");
        for path in [format!("/notices/{id}"), format!("/staff/notices/{id}"), format!("/staff/notices/{id}/preview")] {
            let page = staff.get(&path).await.text();
            assert!(page.contains("XSSWORD"), "{path}");
            super::safety::inert(&page, &path);
        }
        let feed = test.visitor().get("/notices.atom?community=wutong").await;
        let read = crate::peers::read_feed(&feed.body);
        super::safety::inert(&read["entries"][0]["content"].to_string().replace("\\\"", "\""), "the feed");
        let json = test.visitor().get(&format!("/api/v1/notices/{id}")).await.json();
        super::safety::inert(json["body_html"].as_str().expect("text"), "the API");
        let file = test.visitor().get(&format!("/notices/{id}/files/1")).await;
        assert!(file.headers["content-disposition"].to_str().expect("ASCII").starts_with("attachment; "));
    })
    .await;
}

/// What the page of versions says was added.
fn added(page: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(page);
    let select = scraper::Selector::parse("ins").expect("valid");
    html.select(&select).map(|piece| piece.text().collect()).collect()
}

/// A picture that is added, said anew or taken away is a version like any other: what differs is shown, and whoever did it is one
/// of those who wrote in it.
#[tokio::test]
async fn versions_tell_of_pictures_and_files_and_who_added_them() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut colleague = test.signed_in("19900000032").await;
        let id = written(&mut staff, &[]).await;
        add_picture(&mut staff, &id, &picture(1), "取水点").await;
        let page = staff.get(&format!("/staff/notices/{id}/versions")).await.text();
        assert_eq!(added(&page), ["加上：![取水点](picture:1)"]);
        test.app.clock.advance(SignedDuration::from_mins(20));
        add_file(&mut colleague, &id, PDF, "方案.pdf").await;
        let page = staff.get(&format!("/staff/notices/{id}/versions")).await.text();
        assert_eq!(added(&page), ["加上：\n方案.pdf"]);

        // The colleague who added the file cannot be the second person.
        staff.post("/staff/notices/settings", &[("organisation", "wutong"), ("review", "1")]).await;
        let at = version(&mut staff, &id).await;
        let asked = staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &at)]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
        let at = version(&mut staff, &id).await;
        let own = colleague.post(&format!("/staff/notices/{id}/approve"), &[("version", &at)]).await;
        assert_eq!(own.status, StatusCode::CONFLICT, "{}", own.text());
        // Somebody who saves words only changes nothing of it; a correction begins with the same ones.
        test.signed_in(CHENG)
            .await
            .post("/staff/notices/settings", &[("organisation", "wutong"), ("review", "0")])
            .await;
        staff.post(&format!("/staff/notices/{id}/call-back"), &[]).await;
        let at = version(&mut staff, &id).await;
        let out = staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &at)]).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
        let key = clock::token();
        let correction = id_in(&staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await);
        let words = typed("", &[("version", "1"), ("title", "更正：改到下午"), ("action", "save")]);
        let saved = staff.post(&format!("/staff/notices/{correction}/edit"), &words).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
        let page = staff.get(&format!("/staff/notices/{correction}/versions")).await.text();
        assert!(!added(&page).is_empty() && !page.contains("图片和文件"), "{page}");
    })
    .await;
}

/// The script of the editor gets answers that it can read.
#[tokio::test]
async fn the_editors_script_is_answered_in_json() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = written(&mut staff, &[]).await;
        let boundary = "----b";
        let part =
            |name: &str, rest: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{rest}");
        let mut body = part("alt", "\r\n\r\n取水点\r\n").into_bytes();
        body.extend(part("picture", "; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n").bytes());
        body.extend(picture(5));
        body.extend(format!("\r\n--{boundary}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let path = format!("/staff/notices/{id}/files/picture");
        let headers = [("content-type", kind.as_str()), ("accept", "application/json")];
        let added = staff.request(Method::POST, &path, &headers, body).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
        let told = added.json();
        assert_eq!((&told["number"], &told["version"], &told["alt"]), (&1.into(), &2.into(), &"取水点".into()));
        let nothing = format!("--{boundary}--\r\n").into_bytes();
        let refused = staff.request(Method::POST, &path, &headers, nothing).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["detail"], "请先选一张图片");
    })
    .await;
}

#[tokio::test]
async fn a_file_is_read_as_it_is_sent_and_not_at_all_for_whoever_only_asks_about_it() {
    use tower::ServiceExt;
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = written(&mut staff, &[]).await;
        assert_eq!(add_file(&mut staff, &id, PDF, "方案.pdf").await.status, StatusCode::SEE_OTHER);
        let at = version(&mut staff, &id).await;
        staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &at)]).await;
        // In its place 64 GB, which no memory holds.
        let stored = stored_files(&test).await.pop().expect("one");
        let server::config::BlobsUrl::Folder(folder) = &test.app.config.blobs_url else { panic!("a folder") };
        let path = folder.join(format!("files/{}/{stored}.pdf", &stored[..8]));
        let huge = std::fs::OpenOptions::new().write(true).open(path).expect("the file");
        let size = 64 * 1024 * 1024 * 1024_u64;
        huge.set_len(size).expect("a sparse file");
        let address = format!("/notices/{id}/files/1");
        let head = test.visitor().send(Method::HEAD, &address, None, Vec::new()).await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
        assert_eq!(head.headers["content-length"], size.to_string());
        let request = axum::http::Request::builder().uri(&address).header("host", "linli.test");
        let request = request.body(axum::body::Body::empty()).expect("a request");
        let answer = test.router.clone().oneshot(request).await.expect("infallible");
        assert_eq!(answer.headers()["content-length"], size.to_string());
        let mut pieces = answer.into_body().into_data_stream();
        let first = futures::StreamExt::next(&mut pieces).await.expect("a piece").expect("read");
        assert!(first.starts_with(b"%PDF-1.7") && first.len() < 1024 * 1024, "{} bytes at once", first.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_transaction_waits_for_a_second_connection() {
    use std::time::Duration;
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut drafts = Vec::new();
        for _ in 0..24 {
            let id = written(&mut staff, &[]).await;
            assert_eq!(add_picture(&mut staff, &id, &picture(10), "取水点").await.status, StatusCode::SEE_OTHER);
            assert_eq!(add_file(&mut staff, &id, PDF, "方案.pdf").await.status, StatusCode::SEE_OTHER);
            drafts.push(id);
        }
        // More at once than there are connections: if each held one and asked for another, none would ever get it.
        let all = |fields: &'static [(&'static str, &'static str)], path: &'static str| {
            futures::future::join_all(drafts.iter().map(|id| {
                let mut staff = staff.clone();
                async move { staff.post(&format!("/staff/notices/{id}/{path}"), fields).await.status }
            }))
        };
        for (fields, path) in [
            (&[("what", "picture"), ("action", "describe"), ("number", "1"), ("alt", "北门的取水点")][..], "files"),
            (&[("what", "file"), ("action", "remove"), ("number", "1")][..], "files"),
            (&[("what", "picture"), ("action", "remove"), ("number", "1")][..], "files"),
            (&[][..], "discard"),
        ] {
            let done = tokio::time::timeout(Duration::from_secs(15), all(fields, path)).await;
            let done = done.unwrap_or_else(|_| panic!("{path} {fields:?}: everybody waits for everybody"));
            assert_eq!(done, [StatusCode::SEE_OTHER; 24], "{path} {fields:?}");
        }
    })
    .await;
}
