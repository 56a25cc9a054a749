//! What is kept of a person, room by room.

use super::Section;

/// Everything, in the order of the page.
pub static SECTIONS: &[Section] = &[
    Section {
        name: "appointments",
        word: "data-appointments",
        page: "/me/appointments",
        sql: "SELECT a.code, h.name AS hall, (SELECT string_agg(i.title, '、') FROM appointment_item v \
              JOIN service_item i ON i.id = v.item_id WHERE v.appointment_id = a.id) AS items, a.starts_at, a.ends_at, \
              a.state, a.for_name, a.for_relation, a.consent_at, a.need, a.answers AS answers_json, \
              a.materials AS materials_json, a.created_at, a.changed_at, a.cancelled_at, a.cancel_reason, \
              a.checked_in_at, a.no_show_at FROM appointment a JOIN hall h ON h.id = a.hall_id \
              WHERE a.person_id = $1 ORDER BY a.created_at",
    },
    Section {
        name: "tickets",
        word: "data-tickets",
        page: "",
        sql: "SELECT t.letter || CAST(t.number AS TEXT) AS number, h.name AS hall, t.day, i.title AS item, t.channel, \
              t.class, t.name, t.need, t.state, t.result, t.note, t.issued_at, t.called_at, t.ended_at, s.stars, \
              s.reason AS stars_reason, s.rated_at, s.answer AS stars_answer FROM ticket t JOIN hall h ON h.id = t.hall_id \
              JOIN service_item i ON i.id = t.item_id LEFT JOIN service_rating s ON s.ticket_id = t.id \
              WHERE t.person_id = $1 ORDER BY t.issued_at",
    },
    Section {
        name: "waiting",
        word: "data-waiting",
        page: "/me/appointments",
        sql: "SELECT h.name AS hall, w.day, w.items AS items_json, w.answers AS answers_json, \
              w.materials AS materials_json, w.state, w.offered_until AS offered_until_at, w.created_at, w.ended_at \
              FROM wait_entry w JOIN hall h ON h.id = w.hall_id WHERE w.person_id = $1 ORDER BY w.created_at",
    },
    Section {
        name: "kept_times",
        word: "data-kept-times",
        page: "",
        sql: "SELECT h.name AS hall, k.items AS items_json, k.starts_at, k.created_at, k.expires_at, k.ended_at \
              FROM booking_hold k JOIN hall h ON h.id = k.hall_id WHERE k.person_id = $1 ORDER BY k.created_at",
    },
    Section {
        name: "blocks",
        word: "data-blocks",
        page: "/me/appointments",
        sql: "SELECT h.name AS hall, b.missed AS missed_json, b.starts_at, b.ends_at, b.appeal, b.appealed_at, b.decision, \
              b.decision_reason, b.decided_at FROM booking_block b JOIN hall h ON h.id = b.hall_id \
              WHERE b.person_id = $1 ORDER BY b.created_at",
    },
    Section {
        name: "reports",
        word: "data-reports",
        page: "/me/reports",
        sql: "SELECT r.code, c.name AS category, m.name AS community, b.name AS building, r.place_text, r.longitude, \
              r.latitude, r.description, r.channel, r.state, r.name_hidden AS is_name_hidden, \
              r.unknown_to_staff AS is_unknown_to_staff, r.contact_masked, r.filed_at, r.due_at, r.closed_at, \
              r.confirmed_at, r.stars, r.stars_reason, r.rated_at FROM report r JOIN category c ON c.code = r.category \
              JOIN organisation m ON m.id = r.community_id LEFT JOIN organisation b ON b.id = r.building_id \
              WHERE r.reporter_id = $1 ORDER BY r.filed_at",
    },
    Section {
        name: "reports_said",
        word: "data-reports-said",
        page: "",
        sql: "SELECT r.code, e.action, e.at AS done_at, e.public_text AS text FROM report_event e \
              JOIN report r ON r.id = e.report_id WHERE e.actor_id = $1 ORDER BY e.at",
    },
    Section {
        name: "reports_joined",
        word: "data-reports-joined",
        page: "",
        sql: "SELECT r.code, f.joined_at FROM report_follower f JOIN report r ON r.id = f.report_id \
              WHERE f.person_id = $1 ORDER BY f.joined_at",
    },
    Section {
        name: "photos",
        word: "data-photos",
        page: "",
        sql: "SELECT '/photos/' || p.id || '/full' AS address, p.width, p.height, p.bytes, p.created_at FROM photo p \
              WHERE p.uploader_id = $1 ORDER BY p.created_at",
    },
    Section {
        name: "follows",
        word: "data-follows",
        page: "/me/follows",
        sql: "SELECT o.name AS place, f.kind, f.created_at FROM follow f JOIN organisation o ON o.id = f.organisation_id \
              WHERE f.person_id = $1 ORDER BY f.created_at",
    },
    Section {
        name: "choices",
        word: "data-choices",
        page: "/me/follows",
        sql: "SELECT email AS is_by_email, sms AS is_by_sms, kinds, daily_hour, quiet_from, quiet_until, updated_at \
              FROM notice_choice WHERE person_id = $1",
    },
    Section {
        name: "browsers",
        word: "data-browsers",
        page: "/me/follows",
        sql: "SELECT device, created_at FROM push_subscription WHERE person_id = $1 ORDER BY created_at",
    },
    Section {
        name: "sign_ups",
        word: "data-sign-ups",
        page: "/me/sign-ups",
        sql: "SELECT n.title, p.place, a.starts_at, a.ends_at, s.people, s.state, s.asked_at, s.changed_at, s.came_at \
              FROM sign_up s JOIN activity a ON a.id = s.activity_id JOIN notice n ON n.id = a.notice_id \
              JOIN notice_activity p ON p.notice_id = a.notice_id WHERE s.person_id = $1 ORDER BY s.asked_at",
    },
    Section {
        name: "teams",
        word: "partners-data-teams",
        page: "/me/service",
        sql: "SELECT t.name AS team, m.state, m.skills, m.times, m.note, m.available AS is_available, m.consent_at, \
              m.asked_at, m.since_day, m.ended_day, m.reason, (SELECT string_agg(o.name, '、') FROM team_member_grid g \
              JOIN organisation o ON o.id = g.grid_id WHERE g.member_id = m.id) AS grids FROM team_member m \
              JOIN volunteer_team t ON t.id = m.team_id WHERE m.person_id = $1 ORDER BY m.asked_at",
    },
    Section {
        name: "trainings",
        word: "partners-data-trainings",
        page: "/me/service",
        sql: "SELECT t.name AS team, g.day, g.topic, g.minutes FROM training_attendance a \
              JOIN team_training g ON g.id = a.training_id JOIN volunteer_team t ON t.id = g.team_id \
              WHERE a.person_id = $1 AND g.removed_at IS NULL ORDER BY g.day, g.id",
    },
    Section {
        name: "service_hours",
        word: "partners-data-hours",
        page: "/me/service",
        sql: "SELECT h.day, h.minutes, h.source, h.words, h.state, h.proposed_at, h.confirmed_at, h.ended_at, h.reason \
              FROM service_hour h WHERE h.person_id = $1 ORDER BY h.day, h.id",
    },
    Section {
        name: "service_certificates",
        word: "partners-data-certificates",
        page: "/me/service",
        sql: "SELECT number, code, from_day, until_day, minutes, issued_at FROM service_certificate \
              WHERE person_id = $1 ORDER BY issued_at",
    },
    Section {
        name: "questions",
        word: "data-questions",
        page: "",
        sql: "SELECT '/notices/' || n.id AS notice, n.title, q.body AS question, q.asked_at, q.state, \
              q.released AS is_public, q.answer, q.answered_at FROM notice_question q \
              JOIN notice n ON n.id = q.notice_id WHERE q.person_id = $1 ORDER BY q.asked_at",
    },
    Section {
        name: "meeting_seats",
        word: "meeting-data-seats",
        page: "/meetings",
        sql: "SELECT m.name AS meeting, e.seat, e.speaks_for, e.may_suggest AS is_to_suggest, e.may_vote AS is_to_vote, \
              e.may_supervise AS is_to_supervise, e.may_execute AS is_to_execute, e.from_day, e.until_day \
              FROM meeting_member e JOIN joint_meeting m ON m.id = e.meeting_id WHERE e.person_id = $1 ORDER BY e.added_at",
    },
    Section {
        name: "meeting_proposals",
        word: "meeting-data-proposals",
        page: "/meetings",
        sql: "SELECT m.name AS meeting, r.title, r.body AS text, r.state, r.answer, r.submitted_at, r.decided_at \
              FROM meeting_proposal r JOIN joint_meeting m ON m.id = r.meeting_id WHERE r.person_id = $1 \
              ORDER BY r.submitted_at",
    },
    Section {
        name: "meeting_rolls",
        word: "meeting-data-rolls",
        page: "",
        sql: "SELECT b.question, b.way, r.voted AS is_voted FROM meeting_roll r \
              JOIN meeting_ballot b ON b.id = r.ballot_id WHERE r.person_id = $1 ORDER BY b.created_at",
    },
    Section {
        name: "meeting_votes",
        word: "meeting-data-votes",
        page: "",
        sql: "SELECT b.question, o.text AS vote FROM meeting_open_vote v \
              JOIN meeting_ballot b ON b.id = v.ballot_id \
              JOIN meeting_option o ON o.ballot_id = v.ballot_id AND o.number = v.number \
              WHERE v.person_id = $1 ORDER BY b.created_at",
    },
    Section {
        name: "meeting_tasks",
        word: "meeting-data-tasks",
        page: "/meetings",
        sql: "SELECT r.text, r.due_day, r.state, r.made_at, r.ended_at FROM meeting_resolution r WHERE r.person_id = $1 \
              ORDER BY r.made_at",
    },
    Section {
        name: "meeting_notes",
        word: "meeting-data-notes",
        page: "",
        sql: "SELECT n.step, n.text, n.at AS done_at FROM meeting_resolution_note n WHERE n.person_id = $1 ORDER BY n.at",
    },
    Section {
        name: "voices",
        word: "data-voices",
        page: "",
        sql: "SELECT '/consultations/' || c.id AS consultation, c.question, v.choices AS choices_json, v.comment, v.flat, \
              v.first_at, v.changed_at FROM consultation_voice v JOIN consultation c ON c.id = v.consultation_id \
              WHERE v.person_id = $1 ORDER BY v.first_at",
    },
    Section {
        name: "spoken",
        word: "data-spoken",
        page: "",
        sql: "SELECT '/consultations/' || c.id AS consultation, c.question, s.spoke_at \
              FROM consultation_speaker s JOIN consultation c ON c.id = s.consultation_id \
              WHERE s.person_id = $1 ORDER BY s.spoke_at",
    },
    Section {
        name: "inbox",
        word: "data-inbox",
        page: "/me/inbox",
        sql: "SELECT text_key, text_args, href, created_at, read_at FROM inbox_message WHERE person_id = $1 \
              ORDER BY created_at",
    },
    Section {
        name: "messages",
        word: "data-messages",
        page: "",
        sql: "SELECT channel, text_key, text_args, state, created_at, finished_at FROM delivery WHERE person_id = $1 \
              ORDER BY created_at",
    },
    Section {
        name: "notices_sent",
        word: "data-notices-sent",
        page: "",
        sql: "SELECT n.title, d.channel, d.state, d.failure, d.created_at, d.finished_at FROM notice_delivery d \
              LEFT JOIN notice n ON n.id = d.notice_id WHERE d.person_id = $1 ORDER BY d.created_at",
    },
    Section {
        name: "devices",
        word: "data-devices",
        page: "/me/devices",
        sql: "SELECT device, created_at, seen_at, expires_at, revoked_at FROM session WHERE person_id = $1 \
              ORDER BY created_at",
    },
    Section {
        name: "programs",
        word: "data-programs",
        page: "/me/tokens",
        sql: "SELECT name, scopes, created_at, expires_at, revoked_at, NULLIF(last_used_at, 0) AS last_used_at \
              FROM personal_token \
              WHERE person_id = $1 ORDER BY created_at",
    },
    Section {
        name: "second_factor",
        word: "data-second-factor",
        page: "",
        sql: "SELECT created_at, confirmed_at FROM second_factor WHERE person_id = $1",
    },
    Section {
        name: "roles",
        word: "data-roles",
        page: "",
        sql: "SELECT g.role, o.name AS place, g.granted_at FROM role_grant g JOIN organisation o ON o.id = g.organisation_id \
              WHERE g.person_id = $1 ORDER BY g.granted_at",
    },
    Section {
        name: "supervision",
        word: "supervision-data",
        page: "",
        sql: "SELECT l.sign AS number, l.subject, e.step, e.reason, e.at AS done_at FROM supervision_event e \
              JOIN supervision_letter l ON l.id = e.letter_id WHERE e.actor_id = $1 ORDER BY e.at, e.seq",
    },
    Section {
        name: "grids",
        word: "data-grids",
        page: "",
        sql: "SELECT o.name AS grid, d.kind, d.from_day, d.until_day FROM grid_duty d JOIN organisation o ON o.id = d.grid_id \
              WHERE d.person_id = $1 UNION ALL \
              SELECT o.name AS grid, 'turn' AS kind, t.from_day, t.until_day FROM grid_turn t \
              JOIN organisation o ON o.id = t.grid_id WHERE t.person_id = $1 AND t.removed_at IS NULL UNION ALL \
              SELECT '' AS grid, 'away' AS kind, a.from_day, a.until_day FROM grid_away a \
              WHERE a.person_id = $1 AND a.removed_at IS NULL",
    },
    Section {
        name: "key_contact",
        word: "data-key-contact",
        page: "",
        sql: "SELECT o.name AS building, k.name, k.flat, k.phone_masked, k.since_day, k.consent_at FROM grid_contact k \
              JOIN organisation o ON o.id = k.building_id WHERE k.person_id = $1 ORDER BY k.since_day",
    },
    Section {
        name: "imports",
        word: "data-imports",
        page: "",
        sql: "SELECT kind, file_name, state, lines, created_at, finished_at FROM import_run WHERE person_id = $1 \
              ORDER BY created_at",
    },
    Section {
        name: "archives",
        word: "data-archives",
        page: "",
        sql: "SELECT o.name AS place, a.contacts AS is_with_contacts, a.state, a.created_at, a.finished_at \
              FROM archive_run a JOIN organisation o ON o.id = a.organisation_id WHERE a.person_id = $1 \
              ORDER BY a.created_at",
    },
    Section {
        name: "property_ratings",
        word: "property-data-ratings",
        page: "/property/rate",
        sql: "SELECT e.name AS estate, c.name AS company, r.quarter, r.stars, r.reason, r.rated_at FROM property_rating r \
              JOIN property_estate e ON e.id = r.estate_id JOIN property_company c ON c.id = r.company_id \
              WHERE r.person_id = $1 ORDER BY r.rated_at",
    },
    Section {
        name: "property_companies",
        word: "property-data-companies",
        page: "/companies",
        sql: "SELECT c.name AS company, m.added_at FROM property_member m JOIN property_company c ON c.id = m.company_id \
              WHERE m.person_id = $1 ORDER BY m.added_at",
    },
    Section {
        name: "log",
        word: "data-log",
        page: "",
        sql: "SELECT at AS done_at, action, object_kind AS kind, CASE WHEN actor_id = $1 THEN 1 ELSE 0 END AS is_by_oneself \
              FROM audit_log WHERE actor_id = $1 OR (object_kind = 'person' AND object_id = $1) ORDER BY at",
    },
];
