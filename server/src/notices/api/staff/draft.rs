//! A draft as the API reads and writes it.

use app::notices::NoticeForm;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A draft. Times are local to the deployment: `2026-11-25T10:00`.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"kind": "outage", "organisation": "wutong", "title": "7 号楼停水", "body": "明早 8 点到 10 点停水。",
    "aims": ["wutong-1"], "starts_at": "2026-11-27T08:00", "ends_at": "2026-11-27T10:00"}))]
#[serde(default)]
pub struct Draft {
    /// `outage`, `activity`, `policy`, `service`, `emergency` or `disclosure`.
    pub kind: String,
    /// Code of the organisation that says it.
    pub organisation: String,
    /// Title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Markdown.
    pub body: String,
    /// English Markdown.
    pub body_en: String,
    /// Codes of the places it is for.
    pub aims: Vec<String>,
    /// Facts.
    pub facts: Vec<DraftFact>,
    /// English facts.
    pub facts_en: Vec<DraftFact>,
    /// For emergencies: `extreme`, `severe`, `moderate` or `minor`.
    pub severity: String,
    /// For emergencies: `observed`, `likely` or `possible`.
    pub certainty: String,
    /// When an outage, an emergency or the time for objections begins.
    pub starts_at: String,
    /// When it ends.
    pub ends_at: String,
    /// Where objections go.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// For emergencies: what to do.
    pub instruction: String,
    /// The same in English.
    pub instruction_en: String,
    /// Stays on top.
    pub pinned: bool,
    /// When it goes out; empty: at once.
    pub publish_at: String,
    /// When it leaves the lists; empty: never.
    pub expires_at: String,
    /// Residents may ask questions under it.
    pub questions: bool,
    /// For activities.
    pub activity: Option<DraftActivity>,
    /// The version that was edited; `If-Match` says the same.
    pub version: Option<i64>,
}

/// A fact that stands before the text.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct DraftFact {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// An activity.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DraftActivity {
    /// When it begins.
    pub starts_at: String,
    /// When it ends.
    pub ends_at: String,
    /// Where.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// Seats; left out, nobody needs to sign up.
    pub seats: Option<i64>,
    /// People in one sign-up at most.
    pub most: Option<i64>,
    /// Sign-up ends then.
    pub sign_up_until: String,
}

impl Draft {
    /// As the editor's form would have sent it.
    pub(super) fn form(self, key: String, version: Option<i64>) -> NoticeForm {
        let tick = |yes: bool| if yes { "1".to_owned() } else { String::new() };
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        let (fact_label, fact_value) = self.facts.into_iter().map(|fact| (fact.label, fact.value)).unzip();
        let (fact_label_en, fact_value_en) = self.facts_en.into_iter().map(|fact| (fact.label, fact.value)).unzip();
        let activity = self.activity.unwrap_or_default();
        NoticeForm {
            form_key: key,
            version: number(version),
            kind: self.kind,
            title: self.title,
            title_en: self.title_en,
            body: self.body,
            body_en: self.body_en,
            aims: self.aims,
            organisation: self.organisation,
            fact_label,
            fact_value,
            fact_label_en,
            fact_value_en,
            severity: self.severity,
            certainty: self.certainty,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            place: self.place,
            place_en: self.place_en,
            instruction: self.instruction,
            instruction_en: self.instruction_en,
            pinned: tick(self.pinned),
            publish_at: self.publish_at,
            expires_at: self.expires_at,
            questions: tick(self.questions),
            activity_starts: activity.starts_at,
            activity_ends: activity.ends_at,
            activity_place: activity.place,
            activity_place_en: activity.place_en,
            activity_seats: number(activity.seats),
            activity_most: number(activity.most),
            activity_until: activity.sign_up_until,
            ..NoticeForm::default()
        }
    }

    pub(super) fn of(form: NoticeForm) -> Draft {
        let facts = |labels: Vec<String>, values: Vec<String>| {
            labels.into_iter().zip(values).map(|(label, value)| DraftFact { label, value }).collect()
        };
        let activity = (!form.activity_starts.is_empty()).then(|| DraftActivity {
            starts_at: form.activity_starts,
            ends_at: form.activity_ends,
            place: form.activity_place,
            place_en: form.activity_place_en,
            seats: form.activity_seats.parse().ok(),
            most: form.activity_most.parse().ok(),
            sign_up_until: form.activity_until,
        });
        Draft {
            kind: form.kind,
            organisation: form.organisation,
            title: form.title,
            title_en: form.title_en,
            body: form.body,
            body_en: form.body_en,
            aims: form.aims,
            facts: facts(form.fact_label, form.fact_value),
            facts_en: facts(form.fact_label_en, form.fact_value_en),
            severity: form.severity,
            certainty: form.certainty,
            starts_at: form.starts_at,
            ends_at: form.ends_at,
            place: form.place,
            place_en: form.place_en,
            instruction: form.instruction,
            instruction_en: form.instruction_en,
            pinned: form.pinned == "1",
            publish_at: form.publish_at,
            expires_at: form.expires_at,
            questions: form.questions == "1",
            activity,
            version: form.version.parse().ok(),
        }
    }
}
