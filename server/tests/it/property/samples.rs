//! What the tests of permissions try this room's routes with; see `access.rs`.

use crate::{
    access::{Form, OWNER},
    support::TestApp,
};
use app::property::{assess::assess, period::Period};
use jiff::civil::date;
use server::property::store::{
    self, NewCompany,
    assess::{gather, keep},
    credit::{self, NewEntry},
    estates::{self, Written},
    inspections::{self, NewInspection},
};

/// Samples for the parameters of this room's routes, as in `access::samples`: a company of the district with one estate, in
/// 梧桐, for which the owner acts; an entry that waits for its answer; an assessment.
pub async fn samples(test: &TestApp) -> Vec<(&'static str, String)> {
    let now = test.app.clock.now();
    let (community, path) = &test.loaded.organisations["wutong"];
    let mut tx = test.app.db.begin().await.expect("begin");
    let new = NewCompany {
        path: &test.loaded.organisations["lanxi"].1,
        name: "禾宁物业",
        name_en: "",
        registration: "91320200MA2SAMPLE1",
        phone: "",
        form_key: "access-property",
    };
    let company = store::insert(&mut tx, &new, now).await.expect("written").expect("new");
    store::add_member(&mut tx, &company, test.person(OWNER), now).await.expect("written");
    let estate = estates::insert(&mut tx, (community, path), ("梧桐苑", ""), "access-property", now).await;
    let estate = estate.expect("written").expect("new");
    let contract = estates::insert_contract(&mut tx, (&estate, &company), ("2024-01-01", "2027-12-31"), now)
        .await
        .expect("written");
    let Written::New(contract) = contract else { panic!("a new contract") };
    let entry = NewEntry {
        company_id: &company,
        estate_id: Some(&estate),
        path,
        title: "迟修",
        source: "reports",
        basis: "合同",
        evidence: "记录",
        reports: "",
        points: -5,
        severe: false,
        days: (date(2026, 11, 25), date(2027, 11, 24)),
        answer_due: date(2026, 12, 2),
        by: test.person("19900000032"),
        form_key: "access-property",
    };
    let entry = credit::insert(&mut tx, &entry, now).await.expect("written").expect("new");
    let inspection = NewInspection {
        estate_id: &estate,
        company_id: &company,
        day: date(2026, 11, 20),
        points: 100,
        findings: &[],
        note: "都好",
        by: test.person("19900000032"),
        form_key: "access-property",
    };
    let inspection = inspections::insert(&mut tx, &inspection, now).await.expect("written").expect("new");
    tx.commit().await.expect("commit");
    let inputs = gather(&test.app.db, &company, Period::Quarter(2026, 3)).await.expect("read");
    let points = assess(&inputs).points;
    let mut tx = test.app.db.begin().await.expect("begin");
    let by = test.person("19900000052");
    let (assessment, _) = keep(&test.app.db, &mut tx, &company, (&inputs, points), by, now).await.expect("kept");
    tx.commit().await.expect("commit");
    let mut samples = Vec::new();
    for path in [
        "/staff/property/companies/{company}",
        "/api/v1/staff/property/companies/{company}",
        "/companies/{company}",
        "/api/v1/companies/{company}",
        "/property/{company}",
        "/api/v1/property/{company}",
    ] {
        samples.push((path, company.clone()));
    }
    for path in ["/staff/property/estates/{estate}", "/api/v1/staff/property/estates/{estate}"] {
        samples.push((path, estate.clone()));
    }
    for path in ["/staff/property/contracts/{contract}", "/api/v1/staff/property/contracts/{contract}"] {
        samples.push((path, contract.clone()));
    }
    for path in [
        "/staff/property/entries/{entry}",
        "/api/v1/staff/property/entries/{entry}",
        "/companies/entries/{entry}",
        "/api/v1/companies/entries/{entry}",
    ] {
        samples.push((path, entry.clone()));
    }
    for path in [
        "/staff/property/assessments/{assessment}",
        "/api/v1/staff/property/assessments/{assessment}",
        "/companies/assessments/{assessment}",
        "/api/v1/companies/assessments/{assessment}",
    ] {
        samples.push((path, assessment.clone()));
    }
    for path in ["/staff/property/inspections/{inspection}", "/api/v1/staff/property/inspections/{inspection}"] {
        samples.push((path, inspection.clone()));
    }
    for path in ["/staff/property/photos/{photo}", "/api/v1/staff/property/photos/{photo}"] {
        samples.push((path, "00000000-0000-7000-8000-000000000083".to_owned()));
    }
    samples.push(("/api/v1/staff/property/companies/{company}/members/{person}", test.person(OWNER).to_owned()));
    samples
}

/// What this room's forms send, as in `access::form`.
pub fn form(path: &str) -> Option<Form> {
    match path {
        "/staff/property/entries/{entry}/photos" | "/staff/property/inspections/{inspection}/photos" => {
            Some(Form::Multipart(&[("x", "x")]))
        }
        "/api/v1/staff/property/entries/{entry}/photos" | "/api/v1/staff/property/inspections/{inspection}/photos" => {
            Some(Form::Json(r#"{"photos":[]}"#))
        }
        _ => None,
    }
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &[];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];
