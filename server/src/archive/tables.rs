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
const LETTERS: &str = "SELECT l.id FROM supervision_letter l WHERE l.issued_at IS NOT NULL AND substr(l.addressee_path, 1, length($1)) = $1";
const PHOTOS: &str = "SELECT f.id FROM photo f WHERE (f.owner_kind = 'report' AND f.owner_id IN ({reports})) \
     OR (f.owner_kind = 'report_event' AND f.owner_id IN ({events})) OR (f.owner_kind = 'notice' AND f.owner_id IN ({notices})) \
     OR f.id IN (SELECT np.photo_id FROM notice_picture np WHERE np.notice_id IN ({notices})) \
     OR (f.owner_kind = 'partner_task' AND f.owner_id IN (SELECT pt.id FROM partner_task pt WHERE pt.agreement_id IN ({agreements}))) \
     OR (f.owner_kind = 'intake' AND f.owner_id IN (SELECT i.id FROM intake i WHERE substr(i.path, 1, length($1)) = $1)) \
     OR (f.owner_kind = 'property_entry' AND f.owner_id IN (SELECT x.id FROM property_entry x WHERE substr(x.path, 1, length($1)) = $1)) \
     OR (f.owner_kind = 'property_inspection' AND f.owner_id IN (SELECT n.id FROM property_inspection n WHERE n.estate_id IN \
     (SELECT e.id FROM property_estate e WHERE e.community_id IN ({organisations})))) \
     OR (f.owner_kind = 'supervision_finding' AND f.owner_id IN (SELECT sf.id FROM supervision_finding sf WHERE sf.letter_id IN ({letters}))) \
     OR (f.owner_kind = 'supervision_answer' AND f.owner_id IN (SELECT sa.id FROM supervision_answer sa WHERE sa.letter_id IN ({letters})))";
const PARTNERS: &str = "SELECT q.id FROM partner q WHERE q.community_id IN ({organisations})";
const AGREEMENTS: &str = "SELECT g.id FROM partner_agreement g WHERE g.partner_id IN ({partners})";
const TEAMS: &str = "SELECT y.id FROM volunteer_team y WHERE y.community_id IN ({organisations})";
/// Who lives there, works there, or has something there.
const PEOPLE: &str = "SELECT p.id FROM person p WHERE p.community_id IN ({organisations}) \
     OR p.id IN (SELECT g.person_id FROM role_grant g WHERE g.organisation_id IN ({organisations})) \
     OR p.id IN (SELECT r.reporter_id FROM report r WHERE substr(r.path, 1, length($1)) = $1) \
     OR p.id IN (SELECT r.owner_id FROM report r WHERE substr(r.path, 1, length($1)) = $1) \
     OR p.id IN (SELECT e.actor_id FROM report_event e WHERE e.report_id IN ({reports})) \
     OR p.id IN (SELECT se.actor_id FROM supervision_event se WHERE se.letter_id IN ({letters})) \
     OR p.id IN (SELECT a.person_id FROM appointment a WHERE a.hall_id IN ({halls})) \
     OR p.id IN (SELECT t.person_id FROM ticket t WHERE t.hall_id IN ({halls})) \
     OR p.id IN (SELECT mm.person_id FROM meeting_member mm JOIN joint_meeting jm ON jm.id = mm.meeting_id \
         WHERE substr(jm.path, 1, length($1)) = $1) \
     OR p.id IN (SELECT mp.person_id FROM meeting_proposal mp JOIN joint_meeting jm ON jm.id = mp.meeting_id \
         WHERE substr(jm.path, 1, length($1)) = $1) \
     OR p.id IN (SELECT c.author_id FROM consultation c WHERE c.organisation_id IN ({organisations})) \
     OR p.id IN (SELECT cv.person_id FROM consultation_voice cv JOIN consultation c ON c.id = cv.consultation_id \
     WHERE c.organisation_id IN ({organisations})) \
     OR p.id IN (SELECT cv.entered_by FROM consultation_voice cv JOIN consultation c ON c.id = cv.consultation_id \
     WHERE c.organisation_id IN ({organisations})) \
     OR p.id IN (SELECT cs.person_id FROM consultation_speaker cs JOIN consultation c ON c.id = cs.consultation_id \
     WHERE c.organisation_id IN ({organisations})) \
     OR p.id IN (SELECT cp.decided_by FROM consultation_pair cp JOIN consultation c ON c.id = cp.consultation_id \
     WHERE c.organisation_id IN ({organisations})) \
     OR p.id IN (SELECT v.by_id FROM property_entry_event v JOIN property_entry x ON x.id = v.entry_id \
     WHERE substr(x.path, 1, length($1)) = $1) \
     OR p.id IN (SELECT he.author_id FROM handbook_entry he WHERE he.organisation_id IN ({organisations})) \
     OR p.id IN (SELECT hv.saved_by FROM handbook_version hv JOIN handbook_entry he ON he.id = hv.entry_id \
     WHERE he.organisation_id IN ({organisations})) \
     OR p.id IN (SELECT pp.created_by FROM patrol_plan pp WHERE substr(pp.path, 1, length($1)) = $1) \
     OR p.id IN (SELECT pw.walker_id FROM patrol_walk pw JOIN patrol_plan pp ON pp.id = pw.plan_id \
         WHERE substr(pp.path, 1, length($1)) = $1) \
     OR p.id IN (SELECT i.decided_by FROM intake i WHERE substr(i.path, 1, length($1)) = $1) \
     OR p.id IN (SELECT s.person_id FROM sign_up s WHERE s.activity_id IN ({activities})) \
     OR p.id IN (SELECT tm.person_id FROM team_member tm WHERE tm.team_id IN ({teams})) \
     OR p.id IN (SELECT sh.person_id FROM service_hour sh WHERE sh.community_id IN ({organisations})) \
     OR p.id IN (SELECT n.author_id FROM notice n WHERE n.organisation_id IN ({organisations}))";

/// Tables with the condition for their rows.
static OF_A_COMMUNITY: &[(&str, &str)] = &[
    ("activity", "id IN ({notices})"),
    ("appointment", "hall_id IN ({halls})"),
    ("appointment_item", "appointment_id IN ({bookings})"),
    ("appointment_slot", "appointment_id IN ({bookings})"),
    ("booking_block", "hall_id IN ({halls})"),
    ("booking_hold", "hall_id IN ({halls})"),
    ("bulletin", "organisation_id IN ({organisations})"),
    ("call_number", "report_id IN ({reports})"),
    ("canned_answer", "organisation_id IN ({organisations})"),
    ("consultation", "organisation_id IN ({organisations})"),
    (
        "consultation_pair",
        "consultation_id IN (SELECT c.id FROM consultation c WHERE c.organisation_id IN ({organisations}))",
    ),
    (
        "consultation_speaker",
        "consultation_id IN (SELECT c.id FROM consultation c WHERE c.organisation_id IN ({organisations}))",
    ),
    (
        "consultation_voice",
        "consultation_id IN (SELECT c.id FROM consultation c WHERE c.organisation_id IN ({organisations}))",
    ),
    ("follow", "organisation_id IN ({organisations})"),
    ("grid_away", "person_id IN (SELECT d.person_id FROM grid_duty d WHERE d.grid_id IN ({organisations}))"),
    ("grid_building", "grid_id IN ({organisations})"),
    ("grid_change", "community_id IN ({organisations})"),
    ("grid_change_building", "change_id IN (SELECT c.id FROM grid_change c WHERE c.community_id IN ({organisations}))"),
    ("grid_change_part", "change_id IN (SELECT c.id FROM grid_change c WHERE c.community_id IN ({organisations}))"),
    ("grid_contact", "building_id IN ({organisations})"),
    ("grid_duty", "grid_id IN ({organisations})"),
    ("grid_turn", "grid_id IN ({organisations})"),
    ("hall", "organisation_id IN ({organisations})"),
    ("handbook_entry", "organisation_id IN ({organisations})"),
    (
        "handbook_version",
        "entry_id IN (SELECT e.id FROM handbook_entry e WHERE e.organisation_id IN ({organisations}))",
    ),
    ("hall_closure", "hall_id IN ({halls})"),
    ("hall_day", "hall_id IN ({halls})"),
    ("hall_exception", "hall_id IN ({halls})"),
    ("hall_hours", "hall_id IN ({halls})"),
    ("intake", "substr(path, 1, length($1)) = $1"),
    ("item_measure", "hall_id IN ({halls})"),
    ("joint_meeting", "substr(path, 1, length($1)) = $1"),
    ("landmark", "community_id IN ({organisations})"),
    ("matter", "from_id IN ({organisations}) OR to_id IN ({organisations})"),
    (
        "matter_event",
        "matter_id IN (SELECT m.id FROM matter m WHERE m.from_id IN ({organisations}) OR m.to_id IN ({organisations}))",
    ),
    (
        "meeting_agenda",
        "session_id IN (SELECT ms.id FROM meeting_session ms WHERE substr(ms.path, 1, length($1)) = $1)",
    ),
    (
        "meeting_attendance",
        "session_id IN (SELECT ms.id FROM meeting_session ms WHERE substr(ms.path, 1, length($1)) = $1)",
    ),
    (
        "meeting_ballot",
        "session_id IN (SELECT ms.id FROM meeting_session ms WHERE substr(ms.path, 1, length($1)) = $1)",
    ),
    ("meeting_member", "meeting_id IN (SELECT jm.id FROM joint_meeting jm WHERE substr(jm.path, 1, length($1)) = $1)"),
    (
        "meeting_open_vote",
        "ballot_id IN (SELECT mb.id FROM meeting_ballot mb JOIN meeting_session ms ON ms.id = mb.session_id WHERE substr(ms.path, 1, length($1)) = $1)",
    ),
    (
        "meeting_option",
        "ballot_id IN (SELECT mb.id FROM meeting_ballot mb JOIN meeting_session ms ON ms.id = mb.session_id WHERE substr(ms.path, 1, length($1)) = $1)",
    ),
    (
        "meeting_paper",
        "item_id IN (SELECT mg.id FROM meeting_agenda mg JOIN meeting_session ms ON ms.id = mg.session_id WHERE substr(ms.path, 1, length($1)) = $1)",
    ),
    (
        "meeting_proposal",
        "meeting_id IN (SELECT jm.id FROM joint_meeting jm WHERE substr(jm.path, 1, length($1)) = $1)",
    ),
    ("meeting_resolution", "substr(path, 1, length($1)) = $1"),
    (
        "meeting_resolution_note",
        "resolution_id IN (SELECT mr.id FROM meeting_resolution mr WHERE substr(mr.path, 1, length($1)) = $1)",
    ),
    (
        "meeting_result",
        "ballot_id IN (SELECT mb.id FROM meeting_ballot mb JOIN meeting_session ms ON ms.id = mb.session_id WHERE substr(ms.path, 1, length($1)) = $1)",
    ),
    (
        "meeting_roll",
        "ballot_id IN (SELECT mb.id FROM meeting_ballot mb JOIN meeting_session ms ON ms.id = mb.session_id WHERE substr(ms.path, 1, length($1)) = $1)",
    ),
    ("meeting_session", "substr(path, 1, length($1)) = $1"),
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
    ("partner", "community_id IN ({organisations})"),
    ("partner_agreement", "partner_id IN ({partners})"),
    ("partner_task", "agreement_id IN ({agreements})"),
    (
        "patrol_found",
        "walk_id IN (SELECT pw.id FROM patrol_walk pw JOIN patrol_plan pp ON pp.id = pw.plan_id WHERE substr(pp.path, 1, length($1)) = $1) \
         AND report_id IN ({reports})",
    ),
    (
        "patrol_look",
        "walk_id IN (SELECT pw.id FROM patrol_walk pw JOIN patrol_plan pp ON pp.id = pw.plan_id WHERE substr(pp.path, 1, length($1)) = $1)",
    ),
    ("patrol_plan", "substr(path, 1, length($1)) = $1"),
    ("patrol_point", "plan_id IN (SELECT pp.id FROM patrol_plan pp WHERE substr(pp.path, 1, length($1)) = $1)"),
    ("patrol_walk", "plan_id IN (SELECT pp.id FROM patrol_plan pp WHERE substr(pp.path, 1, length($1)) = $1)"),
    ("person", "id IN ({people})"),
    ("photo", "id IN ({photos})"),
    ("photo_redaction", "photo_id IN ({photos})"),
    (
        "property_building",
        "estate_id IN (SELECT e.id FROM property_estate e WHERE e.community_id IN ({organisations}))",
    ),
    (
        "property_company",
        "id IN (SELECT k.company_id FROM property_contract k WHERE k.estate_id IN \
         (SELECT e.id FROM property_estate e WHERE e.community_id IN ({organisations})))",
    ),
    (
        "property_contract",
        "estate_id IN (SELECT e.id FROM property_estate e WHERE e.community_id IN ({organisations}))",
    ),
    ("property_entry", "substr(path, 1, length($1)) = $1"),
    (
        "property_entry_event",
        "entry_id IN (SELECT x.id FROM property_entry x WHERE substr(x.path, 1, length($1)) = $1)",
    ),
    ("property_estate", "community_id IN ({organisations})"),
    (
        "property_inspection",
        "estate_id IN (SELECT e.id FROM property_estate e WHERE e.community_id IN ({organisations}))",
    ),
    ("proposed_move", "appointment_id IN ({bookings})"),
    ("report", "substr(path, 1, length($1)) = $1"),
    ("report_event", "report_id IN ({reports})"),
    ("report_extension", "report_id IN ({reports})"),
    ("report_follower", "report_id IN ({reports})"),
    ("report_supervision", "report_id IN ({reports})"),
    ("reserved_place", "slot_id IN (SELECT s.id FROM slot s WHERE s.window_id IN ({windows}))"),
    ("role_grant", "organisation_id IN ({organisations})"),
    ("routing_rule", "organisation_id IN ({organisations})"),
    ("service_hour", "community_id IN ({organisations})"),
    ("service_rating", "hall_id IN ({halls})"),
    ("service_window", "hall_id IN ({halls})"),
    ("setting_version", "object_kind = 'hall' AND object_id IN ({halls})"),
    ("sign_up", "activity_id IN ({activities})"),
    ("slot", "window_id IN ({windows})"),
    (
        "stored_file",
        "id IN (SELECT nf.file_id FROM notice_file nf WHERE nf.notice_id IN ({notices})) OR id IN (SELECT mp.file_id FROM meeting_paper mp \
         JOIN meeting_agenda mg ON mg.id = mp.item_id JOIN meeting_session ms ON ms.id = mg.session_id WHERE substr(ms.path, 1, length($1)) = $1)",
    ),
    ("supervision_answer", "letter_id IN ({letters})"),
    ("supervision_event", "letter_id IN ({letters})"),
    ("supervision_finding", "letter_id IN ({letters})"),
    ("supervision_letter", "id IN ({letters})"),
    ("supervision_report", "letter_id IN ({letters})"),
    ("team_activity", "team_id IN ({teams})"),
    ("team_member", "team_id IN ({teams})"),
    ("team_member_grid", "member_id IN (SELECT tm.id FROM team_member tm WHERE tm.team_id IN ({teams}))"),
    ("team_training", "team_id IN ({teams})"),
    ("ticket", "hall_id IN ({halls})"),
    ("ticket_interval", "hall_id IN ({halls})"),
    ("ticket_item", "ticket_id IN ({tickets})"),
    ("ticket_number", "hall_id IN ({halls})"),
    ("ticket_step", "ticket_id IN ({tickets})"),
    ("training_attendance", "training_id IN (SELECT tt.id FROM team_training tt WHERE tt.team_id IN ({teams}))"),
    ("volunteer_team", "community_id IN ({organisations})"),
    ("wait_entry", "hall_id IN ({halls})"),
    ("window_item", "window_id IN ({windows})"),
    ("window_session", "window_id IN ({windows})"),
    ("working_hours", "organisation_id IN ({organisations})"),
    // What everybody shares, without which the rest could not be read.
    ("calendar_year", "length($1) >= 0"),
    ("category", "length($1) >= 0"),
    ("dispatch_limit", "length($1) >= 0"),
    ("property_rules", "length($1) >= 0"),
    ("service_item", "length($1) >= 0"),
    ("skill_category", "length($1) >= 0"),
    ("volunteer_skill", "length($1) >= 0"),
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
    "matter_number",
    // Masked with a secret that no archive has.
    "meeting_tally",
    "notice_choice",
    "notice_confirmation",
    "personal_token",
    "platform",
    "platform_message",
    "platform_seen",
    // Of companies that look after estates elsewhere as well; who acts for them; and what is one resident's voice.
    "property_assessment",
    "property_member",
    "property_rating",
    "push_subscription",
    "rate_limit",
    "report_day",
    "second_factor",
    "service_certificate",
    "service_certificate_hour",
    "session",
    "supervision_counter",
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
            ("{letters}", LETTERS),
            ("{agreements}", AGREEMENTS),
            ("{partners}", PARTNERS),
            ("{teams}", TEAMS),
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
