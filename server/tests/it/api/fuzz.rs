//! The API as schemathesis tries it from its own description: as a resident, as staff, and as nobody. No answer is a server
//! error, and every answer is one that the description names.
//!
//! `LINLI_API_EXAMPLES` says how many cases an operation gets (default 4, about a minute in all); `LINLI_API_SEED` which ones.

use super::{EVERYTHING, token};
use crate::{
    reports::{RESIDENT, STAFF, filed, key},
    support::TestApp,
    windows::{TOMORROW, book, halls, queue, slot},
};
use server::{db::Engine, http::openapi};

/// What stands for the parameters of an address: the beginning of the address, the parameter, and something that is there.
async fn samples(test: &TestApp) -> Vec<(&'static str, &'static str, String)> {
    let report = filed(&mut test.signed_in(RESIDENT).await, &key(1), 1).await;
    let (photo,): (String,) =
        sqlx::query_as("SELECT id FROM photo").fetch_one(test.app.db.read()).await.expect("a photo");
    halls(test).await;
    let ticket = book(&mut test.signed_in(RESIDENT).await, "birth-registration", &slot(TOMORROW, "0900"), "fuzz").await;
    let appointment = ticket.rsplit('/').next().expect("a code").to_owned();
    let number = queue::ticket_id(test).await;
    vec![
        ("/api/v1/communities", "code", "wutong".to_owned()),
        ("/api/v1/appointments", "code", appointment),
        ("/api/v1/reports", "code", report.clone()),
        ("/api/v1/reports", "id", photo.clone()),
        ("/api/v1/staff/reports", "code", report.clone()),
        ("/api/v1/staff/reports", "id", photo.clone()),
        ("/api/v1/tasks", "code", report),
        ("/api/v1/photos", "id", photo),
        ("/api/v1/services", "item", "birth-registration".to_owned()),
        ("/api/v1/halls", "hall", "hall-wutong".to_owned()),
        ("/api/v1/staff/halls", "hall", "hall-wutong".to_owned()),
        ("/api/v1/staff/settings/halls", "hall", "hall-wutong".to_owned()),
        ("/api/v1/staff/settings/items", "item", "birth-registration".to_owned()),
        ("/api/v1/staff/settings/calendar", "year", "2026".to_owned()),
        ("/api/v1/staff/counter", "window", "hall-wutong.1".to_owned()),
        ("/api/v1/tickets", "id", number.clone()),
        ("/api/v1/staff/tickets", "id", number),
        ("/api/v1/me/follows/places", "place", "wutong".to_owned()),
    ]
}

/// The description with things that are there in its addresses: what comes to nothing tries little.
async fn description(test: &TestApp) -> serde_json::Value {
    let mut document = openapi::document().clone();
    let samples = samples(test).await;
    let paths = document["paths"].as_object_mut().expect("paths");
    // A feed has no end.
    paths.remove("/api/v1/halls/{hall}/live");
    for (path, item) in paths {
        for operation in item.as_object_mut().expect("operations").values_mut() {
            let Some(parameters) = operation.get_mut("parameters").and_then(|all| all.as_array_mut()) else { continue };
            for parameter in parameters.iter_mut().filter(|parameter| parameter["in"] == "path") {
                let named =
                    |(begin, name, _): &&(&str, &str, String)| path.starts_with(begin) && parameter["name"] == *name;
                if let Some((.., sample)) = samples.iter().find(named) {
                    parameter["schema"] = serde_json::json!({ "type": "string", "enum": [sample] });
                }
            }
        }
    }
    document
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_a_server_error_or_a_surprise() {
    let number =
        |name: &str, default: u32| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (examples, seed) = (number("LINLI_API_EXAMPLES", 4), number("LINLI_API_SEED", 1));
    let test = TestApp::new(Engine::Sqlite).await;
    let document = description(&test).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("openapi.json");
    std::fs::write(&file, document.to_string()).expect("written");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let router = test.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let callers = [
        ("nobody", None),
        ("a resident", Some(token(&test, RESIDENT, EVERYTHING).await)),
        ("staff", Some(token(&test, STAFF, EVERYTHING).await)),
    ];
    for (who, token) in callers {
        let (fine, said) = crate::peers::schemathesis(&file, &address, token.as_deref(), (examples, seed)).await;
        assert!(fine, "as {who}:\n{said}");
        eprintln!("as {who}: {}", said.lines().filter(|line| line.contains("generated")).collect::<Vec<_>>().join(" "));
    }
}
