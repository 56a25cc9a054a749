//! People with their roles. A number is only ever hashed, sealed or masked.

use super::{Frame, Judged, Seen, mistake, once, outcome, with_any};
use crate::{db::Tx, people::store};
use app::{
    imports::{Difference, Merged, Note, Outcome, PersonLine, Row, Verdict, read_person},
    people::Role,
};
use sqlx::AnyConnection;
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct Known {
    id: String,
    phone_hash: String,
    name: String,
    unit: String,
    unit_en: String,
}

#[derive(sqlx::FromRow)]
struct Grant {
    person_id: String,
    role: String,
    code: String,
    lead: i64,
}

struct Around {
    /// Paths of organisations by code.
    paths: HashMap<String, (String, String)>,
    people: HashMap<String, Known>,
    /// Whether they lead, by person, role and code of the organisation.
    grants: HashMap<(String, String, String), bool>,
}

async fn around(frame: &Frame<'_>, connection: &mut AnyConnection, lines: &[&PersonLine]) -> anyhow::Result<Around> {
    let codes = once(lines.iter().map(|line| line.organisation.as_str()));
    let found: Vec<(String, String, String)> =
        with_any(connection, "SELECT code, id, path FROM organisation WHERE ended_on IS NULL AND code", &codes).await?;
    let paths = found.into_iter().map(|(code, id, path)| (code, (id, path))).collect();
    let hashes: Vec<String> = lines.iter().filter_map(|line| hash(frame, line)).collect();
    let hashes = once(hashes.iter().map(String::as_str));
    let sql = "SELECT id, phone_hash, name, unit, unit_en FROM person WHERE phone_hash";
    let people: Vec<Known> = with_any(connection, sql, &hashes).await?;
    let ids = once(people.iter().map(|known| known.id.as_str()));
    let sql = "SELECT g.person_id, g.role, o.code, g.lead FROM role_grant g JOIN organisation o ON o.id = g.organisation_id \
               WHERE g.person_id";
    let grants: Vec<Grant> = with_any(connection, sql, &ids).await?;
    Ok(Around {
        paths,
        grants: grants.into_iter().map(|one| ((one.person_id, one.role, one.code), one.lead == 1)).collect(),
        people: people.into_iter().map(|one| (one.phone_hash.clone(), one)).collect(),
    })
}

fn hash(frame: &Frame<'_>, line: &PersonLine) -> Option<String> {
    line.phone.as_ref().map(|phone| frame.app.secrets.phone_hash(phone))
}

/// What later lines about the same person need to know.
fn memo(name: &str, unit: &str) -> String {
    format!("{name}\n{unit}")
}

/// Looks at lines.
pub(super) async fn judge(
    frame: &Frame<'_>,
    connection: &mut AnyConnection,
    rows: &[Row<'_>],
    seen: &mut Seen,
) -> anyhow::Result<Vec<Outcome>> {
    let lines: Vec<Merged<PersonLine>> = rows.iter().map(|row| read_person(*row)).collect();
    let says: Vec<&PersonLine> = lines.iter().map(|line| &line.says).collect();
    let around = around(frame, connection, &says).await?;
    let mut outcomes = Vec::with_capacity(rows.len());
    for (row, mut read) in rows.iter().zip(lines) {
        let line = read.says.clone();
        let hash = hash(frame, &line).unwrap_or_default();
        let role = line.role.map_or("", Role::code);
        if !hash.is_empty() {
            read.key = format!("{hash} {role} {}", line.organisation);
        }
        let mut refuse = |column: &str, key: &str, what: String| {
            if !read.mistakes.iter().any(|mistake| mistake.column == column) {
                read.mistakes.push(mistake(row, column, key, what));
            }
        };
        if let Some((earlier, _)) = seen.get(&read.key).filter(|_| !hash.is_empty()) {
            refuse("phone", "imports-error-twice", earlier.to_string());
        }
        match around.paths.get(&line.organisation) {
            None if line.organisation.is_empty() => {}
            None => refuse("organisation", "imports-error-parent-unknown", line.organisation.clone()),
            Some((_, path)) if !frame.reaches(path) => refuse("organisation", "imports-error-scope", String::new()),
            Some(_) => {}
        }
        let known = around.people.get(&hash);
        // An earlier line of the file may have brought the person, and what unit they are of.
        let earlier = seen.get(&hash).filter(|_| !hash.is_empty()).cloned();
        let earlier_unit = earlier.as_ref().and_then(|(_, memo)| memo.split_once('\n')).map_or("", |(_, unit)| unit);
        if !line.unit.is_empty() && !earlier_unit.is_empty() && line.unit != earlier_unit {
            refuse("unit", "imports-error-other-unit", earlier.as_ref().map_or(0, |(line, _)| *line).to_string());
        }
        let unit = known.map_or("", |known| known.unit.as_str());
        if line.role == Some(Role::Unit) && line.lead == Some(true) && line.unit.is_empty() && unit.is_empty() {
            refuse("lead", "imports-error-lead-unit", String::new());
        }
        let grant = known.and_then(|known| {
            around.grants.get(&(known.id.clone(), role.to_owned(), line.organisation.clone())).copied()
        });
        let mut differences = Vec::new();
        let mut differs = |column: &str, before: &str, after: &str| {
            if before != after {
                let [before, after] = [before, after].map(str::to_owned);
                differences.push(Difference { column: column.to_owned(), before, after });
            }
        };
        if grant.is_none() {
            differs("role", "", role);
            differs("organisation", "", &line.organisation);
        }
        // What an earlier line changes is that line's.
        if !line.unit.is_empty() && earlier_unit.is_empty() {
            differs("unit", unit, &line.unit);
            differs("unit_en", known.map_or("", |known| &known.unit_en), &line.unit_en);
        }
        if let (Some(Role::Unit), Some(lead)) = (line.role, line.lead) {
            let flag = |on: bool| if on { "1" } else { "0" };
            differs("lead", flag(grant.unwrap_or(false)), flag(lead));
        }
        let is_named = earlier.is_some();
        let note = match known {
            None if !is_named => Some(Note { key: "imports-note-new-person".to_owned(), what: String::new() }),
            // Names are the people's own: a file does not change them.
            Some(known) if !is_named && !known.name.is_empty() && known.name != line.name => {
                Some(Note { key: "imports-note-name-stays".to_owned(), what: known.name.clone() })
            }
            _ => None,
        };
        let memo = memo(&line.name, &line.unit);
        let judged = Judged { new: grant.is_none(), differences, note, memo };
        outcomes.push(outcome(row.line, read, judged, seen).masked());
    }
    Ok(outcomes)
}

/// Writes lines.
pub(super) async fn apply(frame: &Frame<'_>, tx: &mut Tx, lines: &[(Row<'_>, &Outcome)]) -> anyhow::Result<()> {
    let read: Vec<(PersonLine, &Outcome)> =
        lines.iter().map(|(row, outcome)| (read_person(*row).says, *outcome)).collect();
    let says: Vec<&PersonLine> = read.iter().map(|(line, _)| line).collect();
    let around = around(frame, &mut *tx, &says).await?;
    let mut entries = Vec::new();
    for (line, outcome) in &read {
        let (Some(phone), Some(role)) = (&line.phone, line.role) else { continue };
        let Some((organisation, _)) = around.paths.get(&line.organisation) else { continue };
        let person = store::find_or_create(tx, &frame.app.secrets, phone, None, frame.now).await?;
        if person.name.is_empty() {
            store::set_name(tx, &person.id, &line.name).await?;
        }
        store::grant(tx, &person.id, role, organisation, frame.now).await?;
        if !line.unit.is_empty() {
            store::set_unit(tx, &person.id, (&line.unit, &line.unit_en)).await?;
        }
        if let (Role::Unit, Some(lead)) = (role, line.lead) {
            store::set_lead(tx, &person.id, organisation, lead).await?;
        }
        let action = if outcome.verdict == Verdict::Add { "role.grant" } else { "role.change" };
        let mut detail = serde_json::json!({ "role": role.code(), "at": line.organisation });
        if !line.unit.is_empty() {
            detail["unit"] = line.unit.as_str().into();
        }
        if let Some(lead) = line.lead {
            detail["lead"] = lead.into();
        }
        entries.push(frame.entry(action, ("person", person.id), outcome.line, detail));
    }
    frame.note(tx, entries).await?;
    Ok(())
}
