//! The forms of the net's rooms: grids, matters, letters, bulletins, estates, meetings, consultations, partners, the
//! handbook, patrols.

use super::{Case, NEIGHBOUR, QIN, fields, json};
use std::collections::BTreeMap;

/// The supervisor of another street.
const STREET: &str = "19900020045";

/// What they are tried with; `key` is a key of a form.
pub fn cases(samples: &BTreeMap<&'static str, String>, key: &str) -> Vec<Case> {
    let of = |path: &str| samples[path].as_str();
    let report = of("/reports/{code}");
    let mut cases = vec![
        // A partner and a team of another community; hours for another's report and for a team of others.
        fields(
            QIN,
            "/staff/partners/organisations",
            &[("community", "wutong"), ("name", "x"), ("kind", "school"), ("key", "mixed-partners-1")],
        ),
        json(
            QIN,
            "/api/v1/staff/partners/organisations",
            serde_json::json!({
                "community": "wutong", "name": "x", "kind": "school",
            }),
        ),
        fields(
            QIN,
            "/staff/partners/teams",
            &[("community", "wutong"), ("name", "x"), ("purpose", "x"), ("key", "mixed-partners-2")],
        ),
        json(
            QIN,
            "/api/v1/staff/partners/teams",
            serde_json::json!({
                "community": "wutong", "name": "x", "purpose": "x",
            }),
        ),
        fields(
            NEIGHBOUR,
            "/me/service/hours",
            &[("report", report), ("day", "2026-11-24"), ("hours", "1"), ("key", "mixed-partners-3")],
        ),
        json(
            NEIGHBOUR,
            "/api/v1/me/service/hours",
            serde_json::json!({
                "team": of("/teams/{id}"), "day": "2026-11-24", "hours": "1", "words": "x",
            }),
        ),
        // An estate in a community of another street.
        fields(
            STREET,
            "/staff/property/estates",
            &[("community", "wutong"), ("name", "x"), ("key", "mixed-property-1")],
        ),
        json(STREET, "/api/v1/staff/property/estates", serde_json::json!({ "community": "wutong", "name": "x" })),
        json(
            STREET,
            "/api/v1/staff/supervision",
            serde_json::json!({
                "kind": "order", "addressee": "wutong", "subject": "x", "findings": [{ "text": "x" }], "asked": "x", "days": 5,
            }),
        ),
        fields(
            STREET,
            "/staff/supervision",
            &[
                ("issuer", "tongyin"),
                ("kind", "order"),
                ("addressee", "wutong"),
                ("subject", "x"),
                ("finding", "x"),
                ("asked", "x"),
                ("days", "5"),
                ("key", "mixed-supervision-1"),
            ],
        ),
        // Matters in another community's name, from another's report, and a platform of another's.
        json(
            QIN,
            "/api/v1/staff/matters",
            serde_json::json!({
                "from": "wutong", "to": "org:tongyin", "kind": "hard", "title": "x", "text": "x",
            }),
        ),
        json(
            QIN,
            "/api/v1/staff/matters",
            serde_json::json!({
                "from": "xingwu", "to": "org:tongyin", "kind": "hard", "title": "x", "text": "x", "report": report,
            }),
        ),
        fields(
            QIN,
            "/staff/matters",
            &[
                ("from", "wutong"),
                ("to", "org:tongyin"),
                ("kind", "hard"),
                ("title", "x"),
                ("text", "x"),
                ("hours", "8"),
                ("days", "5"),
                ("key", key),
            ],
        ),
        json(
            STREET,
            "/api/v1/staff/matters/platforms",
            serde_json::json!({
                "organisation": "lanxi", "name": "x", "way": "webhook", "url": "https://hooks.example/",
            }),
        ),
        fields(
            STREET,
            "/staff/matters/platforms",
            &[
                ("organisation", "lanxi"),
                ("name", "x"),
                ("way", "webhook"),
                ("url", "https://hooks.example/"),
                ("key", key),
            ],
        ),
        // A joint meeting for another community, a proposal to one of another community.
        json(
            QIN,
            "/api/v1/staff/meetings",
            serde_json::json!({
                "community": "wutong", "name": "x", "quorum": "1/2", "majority": "simple",
            }),
        ),
        fields(
            QIN,
            "/staff/meetings",
            &[
                ("body_community", "wutong"),
                ("body_name", "x"),
                ("body_quorum", "1/2"),
                ("body_majority", "simple"),
                ("key", key),
            ],
        ),
        json(
            "19900000004",
            "/api/v1/meetings/proposals",
            serde_json::json!({
                "body": of("/staff/meetings/bodies/{body}"), "title": "x", "text": "x",
            }),
        ),
        fields(
            "19900000004",
            "/meetings/proposals",
            &[
                ("proposal_body", of("/staff/meetings/bodies/{body}")),
                ("proposal_title", "x"),
                ("proposal_text", "x"),
                ("key", key),
            ],
        ),
    ];
    cases.extend(written(key));
    cases
}

/// What is written in the name of a place: bulletins, consultations, the handbook, patrols, findings.
fn written(key: &str) -> Vec<Case> {
    vec![
        json(QIN, "/api/v1/staff/bulletins", serde_json::json!({ "organisation": "wutong", "period": "2026-10" })),
        fields(STREET, "/staff/bulletins", &[("organisation", "wutong"), ("period", "2026-10"), ("key", key)]),
        json(
            QIN,
            "/api/v1/staff/consultations",
            serde_json::json!({
                "place": "wutong", "question": "x", "kind": "single", "voice": "household",
                "options": [{ "zh": "a" }, { "zh": "b" }], "closes_at": "2026-12-20T10:00:00Z",
            }),
        ),
        fields(
            QIN,
            "/staff/consultations",
            &[
                ("place", "wutong"),
                ("question", "x"),
                ("kind", "text"),
                ("voice", "person"),
                ("closes_at", "2026-12-20T18:00"),
                ("form_key", key),
            ],
        ),
        json(
            QIN,
            "/api/v1/staff/handbook",
            serde_json::json!({
                "organisation": "wutong", "title": "x", "words": ["x"], "steps": "x",
            }),
        ),
        fields(
            QIN,
            "/staff/handbook",
            &[("organisation", "wutong"), ("title", "x"), ("words", "x"), ("steps", "x"), ("form_key", key)],
        ),
        json(
            QIN,
            "/api/v1/staff/patrols",
            serde_json::json!({
                "grid": "wutong-g1", "name": "x", "weekdays": [3], "from": "2026-11-25",
                "points": [{ "place": "x", "look_at": "x" }],
            }),
        ),
        fields(
            QIN,
            "/staff/patrols/new",
            &[
                ("grid", "wutong-g1"),
                ("name", "x"),
                ("weekdays", "3"),
                ("from", "2026-11-25"),
                ("points", "x：x"),
                ("key", key),
            ],
        ),
        // Only a key sends findings: patrol::findings tries one of another place.
        json(
            NEIGHBOUR,
            "/api/v1/intake",
            serde_json::json!({
                "source": "camera", "foreign_number": "X-1", "community": "wutong", "category": "garbage-pile",
                "description": "x", "confidence": 87,
            }),
        ),
    ]
}
