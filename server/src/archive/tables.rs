//! Which rows belong to a community, table by table.

/// The organisations of the community: itself, its grids and buildings. `$1` is its path.
const ORGANISATIONS: &str = "SELECT o.id FROM organisation o WHERE substr(o.path, 1, length($1)) = $1";
const HALLS: &str = "SELECT h.id FROM hall h WHERE h.organisation_id IN ({organisations})";
const WINDOWS: &str = "SELECT w.id FROM service_window w WHERE w.hall_id IN ({halls})";
const REPORTS: &str = "SELECT r.id FROM report r WHERE substr(r.path, 1, length($1)) = $1";
const EVENTS: &str = "SELECT e.id FROM report_event e WHERE e.report_id IN ({reports})";
const NOTICES: &str = "SELECT n.id FROM notice n WHERE n.organisation_id IN ({organisations})";
const BOOKINGS: &str = "SELECT a.id FROM appointment a WHERE a.hall_id IN ({halls})";
const TICKETS: &str = "SELECT t.id FROM ticket t WHERE t.hall_id IN ({halls})";
const ACTIVITIES: &str = "SELECT v.id FROM activity v WHERE v.id IN ({notices})";
const PHOTOS: &str = "SELECT f.id FROM photo f WHERE (f.owner_kind = 'report' AND f.owner_id IN ({reports})) \
     OR (f.owner_kind = 'report_event' AND f.owner_id IN ({events})) OR (f.owner_kind = 'notice' AND f.owner_id IN ({notices})) \
     OR f.id IN (SELECT np.photo_id FROM notice_picture np WHERE np.notice_id IN ({notices}))";
/// Who lives there, works there, or has something there.
const PEOPLE: &str = "SELECT p.id FROM person p WHERE p.community_id IN ({organisations}) \
     OR p.id IN (SELECT g.person_id FROM role_grant g WHERE g.organisation_id IN ({organisations})) \
     OR p.id IN (SELECT r.reporter_id FROM report r WHERE substr(r.path, 1, length($1)) = $1) \
     OR p.id IN (SELECT r.owner_id FROM report r WHERE substr(r.path, 1, length($1)) = $1) \
     OR p.id IN (SELECT e.actor_id FROM report_event e WHERE e.report_id IN ({reports})) \
     OR p.id IN (SELECT a.person_id FROM appointment a WHERE a.hall_id IN ({halls})) \
     OR p.id IN (SELECT t.person_id FROM ticket t WHERE t.hall_id IN ({halls})) \
     OR p.id IN (SELECT s.person_id FROM sign_up s WHERE s.activity_id IN ({activities})) \
     OR p.id IN (SELECT n.author_id FROM notice n WHERE n.organisation_id IN ({organisations}))";

/// Tables with the condition for their rows.
static OF_A_COMMUNITY: &[(&str, &str)] = &[
    ("activity", "id IN ({notices})"),
    ("appointment", "hall_id IN ({halls})"),
    ("appointment_item", "appointment_id IN ({bookings})"),
    ("appointment_slot", "appointment_id IN ({bookings})"),
    ("booking_block", "hall_id IN ({halls})"),
    ("booking_hold", "hall_id IN ({halls})"),
    ("canned_answer", "organisation_id IN ({organisations})"),
    ("follow", "organisation_id IN ({organisations})"),
    ("hall", "organisation_id IN ({organisations})"),
    ("hall_closure", "hall_id IN ({halls})"),
    ("hall_day", "hall_id IN ({halls})"),
    ("hall_exception", "hall_id IN ({halls})"),
    ("hall_hours", "hall_id IN ({halls})"),
    ("item_measure", "hall_id IN ({halls})"),
    ("landmark", "community_id IN ({organisations})"),
    ("notice", "organisation_id IN ({organisations})"),
    ("notice_activity", "notice_id IN ({notices})"),
    ("notice_aim", "notice_id IN ({notices})"),
    ("notice_confirmed", "notice_id IN ({notices})"),
    ("notice_delivery", "notice_id IN ({notices})"),
    ("notice_fan_out", "notice_id IN ({notices})"),
    ("notice_file", "notice_id IN ({notices})"),
    ("notice_picture", "notice_id IN ({notices})"),
    ("notice_question", "notice_id IN ({notices})"),
    ("notice_review", "notice_id IN ({notices})"),
    ("notice_settings", "organisation_id IN ({organisations})"),
    ("notice_version", "notice_id IN ({notices})"),
    ("organisation", "substr(path, 1, length($1)) = $1"),
    ("person", "id IN ({people})"),
    ("photo", "id IN ({photos})"),
    ("photo_redaction", "photo_id IN ({photos})"),
    ("proposed_move", "appointment_id IN ({bookings})"),
    ("report", "substr(path, 1, length($1)) = $1"),
    ("report_event", "report_id IN ({reports})"),
    ("report_extension", "report_id IN ({reports})"),
    ("report_follower", "report_id IN ({reports})"),
    ("report_supervision", "report_id IN ({reports})"),
    ("reserved_place", "slot_id IN (SELECT s.id FROM slot s WHERE s.window_id IN ({windows}))"),
    ("role_grant", "organisation_id IN ({organisations})"),
    ("routing_rule", "organisation_id IN ({organisations})"),
    ("service_rating", "hall_id IN ({halls})"),
    ("service_window", "hall_id IN ({halls})"),
    ("setting_version", "object_kind = 'hall' AND object_id IN ({halls})"),
    ("sign_up", "activity_id IN ({activities})"),
    ("slot", "window_id IN ({windows})"),
    ("stored_file", "id IN (SELECT nf.file_id FROM notice_file nf WHERE nf.notice_id IN ({notices}))"),
    ("ticket", "hall_id IN ({halls})"),
    ("ticket_interval", "hall_id IN ({halls})"),
    ("ticket_item", "ticket_id IN ({tickets})"),
    ("ticket_number", "hall_id IN ({halls})"),
    ("ticket_step", "ticket_id IN ({tickets})"),
    ("wait_entry", "hall_id IN ({halls})"),
    ("window_item", "window_id IN ({windows})"),
    ("window_session", "window_id IN ({windows})"),
    ("working_hours", "organisation_id IN ({organisations})"),
    // What everybody shares, without which the rest could not be read.
    ("calendar_year", "length($1) >= 0"),
    ("category", "length($1) >= 0"),
    ("dispatch_limit", "length($1) >= 0"),
    ("service_item", "length($1) >= 0"),
];

/// Tables that stay out: keys and sessions, what only the server needs, what is a person's own and no community's, and what
/// can be counted again.
pub static LEFT_OUT: &[&str] = &[
    "api_request",
    "archive_run",
    "audit_log",
    "category_model",
    "delivery",
    "import_piece",
    "import_run",
    "inbox_message",
    "integration_key",
    "job",
    "kept_key",
    "login_code",
    "notice_choice",
    "notice_confirmation",
    "personal_token",
    "push_subscription",
    "rate_limit",
    "report_day",
    "second_factor",
    "session",
    "webhook",
    "webhook_delivery",
];

/// The condition for the rows of a table that belong to the community whose path is `$1`; `None` for one that stays out.
pub fn condition(table: &str) -> Option<String> {
    let (_, condition) = OF_A_COMMUNITY.iter().find(|(name, _)| *name == table)?;
    let mut condition = (*condition).to_owned();
    // What is put in names others in turn.
    for _ in 0..4 {
        for (name, sql) in [
            ("{people}", PEOPLE),
            ("{photos}", PHOTOS),
            ("{activities}", ACTIVITIES),
            ("{events}", EVENTS),
            ("{reports}", REPORTS),
            ("{notices}", NOTICES),
            ("{bookings}", BOOKINGS),
            ("{tickets}", TICKETS),
            ("{windows}", WINDOWS),
            ("{halls}", HALLS),
            ("{organisations}", ORGANISATIONS),
        ] {
            condition = condition.replace(name, sql);
        }
    }
    Some(condition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_is_whole_and_no_table_is_in_both_lists() {
        for (name, _) in OF_A_COMMUNITY {
            let condition = condition(name).expect("there");
            assert!(!condition.contains('{') && condition.contains("$1"), "{name}: {condition}");
            assert!(!LEFT_OUT.contains(name), "{name}");
        }
        assert_eq!(condition("session"), None);
    }
}
