//! The home page, the choice of a community, preferences, the back office and the command line.

use crate::support::{NOW, TestApp, on_both};
use axum::http::StatusCode;
use server::{
    db::Engine,
    operate::{self, NewRole},
    places::OrganisationKind,
};

#[tokio::test]
async fn a_visitor_is_asked_for_the_community_once() {
    on_both(|test| async move {
        let mut browser = test.visitor();
        assert!(browser.get("/").await.text().contains("您住在哪个社区"));
        let list = browser.get("/communities").await.text();
        for name in ["桐荫街道", "梧桐社区", "云渡街道", "望橹社区"] {
            assert!(list.contains(name), "{name}");
        }
        let answer = browser.post("/communities", &[("code", "tinglan"), ("next", "/notices")]).await;
        assert_eq!(answer.location(), "/notices");
        let home = browser.get("/").await.text();
        assert!(home.contains("汀兰社区") && !home.contains("您住在哪个社区"), "{home}");
        for door in ["/services", "/report", "/notices"] {
            assert!(home.contains(&format!("href=\"{door}\"")), "{door}");
        }
        assert_eq!(browser.get("/c/wutong").await.location(), "/");
        assert!(browser.get("/").await.text().contains("梧桐社区"));
        for unknown in ["/c/nowhere", "/c/wutong-3", "/c/%27"] {
            let answer = browser.get(unknown).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            assert!(answer.text().contains("href=\"/communities\""));
        }
        let answer = browser.post("/communities", &[("code", "nowhere")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(browser.get("/").await.text().contains("梧桐社区"), "the choice stays");
    })
    .await;
}

#[tokio::test]
async fn a_poster_has_the_codes_address() {
    let test = TestApp::new(Engine::Sqlite).await;
    let answer = test.visitor().get("/c/wutong/qr.svg").await;
    assert_eq!(answer.headers["content-type"], "image/svg+xml");
    assert!(answer.text().contains("<svg"));
    assert_eq!(answer.text(), server::qr::svg("http://linli.test/c/wutong").expect("short"));
    assert_eq!(test.visitor().get("/c/nowhere/qr.svg").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn language_and_size_are_remembered() {
    let test = TestApp::new(Engine::Sqlite).await;
    let mut browser = test.visitor();
    let answer = browser.post("/preferences", &[("lang", "en"), ("next", "/?lang=zh&x=1")]).await;
    assert_eq!(answer.location(), "/?x=1");
    assert!(browser.get("/").await.text().contains("<html lang=\"en\""));
    browser.post("/preferences", &[("size", "large"), ("next", "/")]).await;
    let home = browser.get("/").await.text();
    assert!(home.contains("data-size=\"large\"") && home.contains("Which community"), "{home}");
    browser.post("/preferences", &[("size", "gigantic"), ("lang", "tlh"), ("next", "/")]).await;
    assert_eq!(browser.cookies["linli_size"], "large");
    assert_eq!(browser.cookies["linli_lang"], "en");
}

#[tokio::test]
async fn the_audit_log_tells_who_did_what() {
    on_both(|test| async move {
        let mut lin = test.signed_in("19900000001").await;
        lin.post("/me/name", &[("name", "林晓禾")]).await;
        let mut admin = test.signed_in("19900000099").await;
        let page = admin.get("/staff/audit").await.text();
        assert!(page.contains("person.edit") && page.contains("林晓禾"), "{page}");
        assert!(admin.get("/staff/audit").await.text().contains("audit.read"), "looking at it is in it");
        for phone in ["19900000001", "19900000031", "19900000052"] {
            let answer = test.signed_in(phone).await.get("/staff/audit").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{phone}");
        }
    })
    .await;
}

#[tokio::test]
async fn dead_jobs_are_on_the_operators_page() {
    on_both(|test| async move {
        let mut tx = test.app.db.begin().await.expect("begin");
        let now: jiff::Timestamp = NOW.parse().expect("an instant");
        server::jobs::queue(&mut tx, &server::jobs::Job::Sweep, now, Some("x"), now).await.expect("queued");
        sqlx::query("UPDATE job SET state = 'dead', last_error = 'the <b>net</b> is down', attempts = 12")
            .execute(&mut *tx)
            .await
            .expect("dead");
        tx.commit().await.expect("commit");
        let page = test.signed_in("19900000099").await.get("/staff/jobs").await.text();
        assert!(page.contains("已放弃") && page.contains("&lt;b&gt;net"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn an_operator_begins_with_an_empty_database() {
    on_both(|test| async move {
        let app = &test.app;
        let add = |kind, code, under| operate::add_organisation(app, kind, code, "新区", "", under);
        add(OrganisationKind::District, "xin", None).await.expect("a district");
        assert!(add(OrganisationKind::District, "xin", None).await.is_err(), "taken");
        assert!(add(OrganisationKind::Community, "he", Some("xin")).await.is_err(), "a community is below a street");
        assert!(add(OrganisationKind::Subdistrict, "Ö/..", Some("xin")).await.is_err(), "no code");
        add(OrganisationKind::Subdistrict, "jie", Some("xin")).await.expect("a subdistrict");
        add(OrganisationKind::Community, "he", Some("jie")).await.expect("a community");
        assert_eq!(test.visitor().get("/c/he").await.location(), "/");
        for (phone, name, role, at) in [
            ("12", "高远", "admin", "xin"),
            ("13800138000", "", "admin", "xin"),
            ("13800138000", "高远", "king", "xin"),
            ("13800138000", "高远", "resident", "xin"),
            ("13800138000", "高远", "admin", "nowhere"),
        ] {
            let new = NewRole { phone, name, role, at, ..NewRole::default() };
            assert!(operate::add_person(app, &new).await.is_err(), "{new:?}");
        }
        let new = NewRole { phone: "13800138000", name: "高远", role: "admin", at: "xin", ..NewRole::default() };
        operate::add_person(app, &new).await.expect("added");
        operate::add_person(app, &new).await.expect("again changes nothing");
        let long = "水".repeat(61);
        for wrong in [
            NewRole { lead: Some(true), ..new.clone() },
            NewRole { unit: ("城东水务", ""), ..new.clone() },
            NewRole { role: "unit", unit: ("", "East Water"), ..new.clone() },
            NewRole { role: "unit", unit: (&long, ""), ..new.clone() },
            NewRole { role: "unit", lead: Some(true), ..new.clone() },
        ] {
            assert!(operate::add_person(app, &wrong).await.is_err(), "{wrong:?}");
        }
        let mut admin = test.signed_in("19900000099").await;
        let log = admin.get("/staff/audit").await.text();
        assert!(log.contains("role.grant") && log.contains("organisation.add"), "{log}");
    })
    .await;
}
