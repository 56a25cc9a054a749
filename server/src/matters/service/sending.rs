//! Sending a matter: up, down, to a platform, on from one that came; and taking one from a platform.

use super::{
    Refused,
    moves::{self, Move, Who},
    permit, tell,
};
use crate::{
    app_state::App,
    audit::{self, By},
    db::{Tx, dialect},
    http::{Ctx, Error, FieldErrors},
    matters::store::{self, Matter, NewEvent, NewMatter, platforms::Platform},
    places::{self, Organisation, OrganisationKind},
    reports::{self, store::Report},
};
use app::{
    matters::{
        DAYS, HOURS, TEXT, TITLE,
        kind::{Kind, Way, way_between},
        life::{self, Side, State, Step},
    },
    notices::form,
    people::Action,
};
use jiff::Timestamp;

/// A matter as a form or the API describes it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Code of the organisation that sends it.
    pub from: String,
    /// `org:` and the code of an organisation, or `platform:` and the id of a platform.
    pub to: String,
    /// Code of the kind.
    pub kind: String,
    /// Title.
    pub title: String,
    /// What it is about.
    pub text: String,
    /// Working hours for acceptance, as typed.
    pub hours: String,
    /// Working days for handling, as typed.
    pub days: String,
    /// Code of the report from which it comes; empty: none.
    pub report: String,
    /// Id of the matter that is handed on; empty: none.
    pub parent: String,
    /// One form sends one.
    pub key: String,
}

/// A matter that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
}

/// To whom a matter goes.
enum To {
    Organisation(Organisation, Way),
    Platform(Platform),
}

fn is_level(organisation: &Organisation) -> bool {
    [OrganisationKind::District, OrganisationKind::Subdistrict, OrganisationKind::Community]
        .iter()
        .any(|kind| kind.code() == organisation.kind)
}

/// To whom somebody at this organisation may send: value of the form, name, way. The level above first, then platforms, then
/// the levels below.
pub async fn targets(ctx: &Ctx, from: &Organisation) -> Result<Vec<(String, Organisation, Way)>, Error> {
    let db = &ctx.app.db;
    let mut all = Vec::new();
    if let Some(id) = &from.parent_id
        && let Some(above) = places::store::by_id(db, id).await?
        && is_level(&above)
    {
        all.push((format!("org:{}", above.code), above, Way::Up));
    }
    for kind in [OrganisationKind::Subdistrict, OrganisationKind::Community] {
        for below in places::store::under(db, &from.path, kind).await? {
            if way_between(&from.path, &below.path) == Some(Way::Down) {
                all.push((format!("org:{}", below.code), below, Way::Down));
            }
        }
    }
    Ok(all)
}

async fn target(ctx: &Ctx, from: &Organisation, value: &str) -> Result<Option<To>, Error> {
    let db = &ctx.app.db;
    if let Some(code) = value.strip_prefix("org:") {
        let found = places::store::by_code(db, code).await?.filter(is_level);
        return Ok(found.and_then(|to| {
            let way = way_between(&from.path, &to.path)?;
            Some(To::Organisation(to, way))
        }));
    }
    let Some(id) = value.strip_prefix("platform:") else { return Ok(None) };
    let found = store::platforms::by_id(db, id).await?;
    let found = found.filter(|platform| platform.works() && from.path.starts_with(&platform.path));
    Ok(found.map(To::Platform))
}

/// The matter that is to be handed on, if the reader acts for its receiver and it can be now.
pub async fn parent_of(ctx: &Ctx, id: &str) -> Result<Matter, Error> {
    let (parent, sides) = permit::handled(ctx, id).await?;
    if !sides.contains(&Side::Receiver) {
        return Err(Error::Forbidden);
    }
    if !life::may_hand_on(parent.state()) {
        return Err(Error::Conflict("matters-conflict-hand-on"));
    }
    Ok(parent)
}

struct Checked {
    kind: Kind,
    title: String,
    text: String,
    hours: i64,
    days: i64,
}

fn check(ctx: &Ctx, typed: &Form) -> Result<Checked, FieldErrors> {
    let w = ctx.w;
    let mut errors = FieldErrors::new();
    let (title, text) = (form::one_line(&typed.title), form::lines(&typed.text).trim().to_owned());
    for (field, value, most) in [("title", &title, TITLE), ("text", &text, TEXT)] {
        if value.is_empty() {
            errors.add(field, w.t("matters-error-empty"));
        } else if value.chars().count() > most {
            errors.add(field, w.tf("matters-error-long", &[("count", most.into())]));
        }
    }
    let kind = Kind::from_code(&typed.kind);
    if kind.is_none() {
        errors.add("kind", w.t("matters-error-kind"));
    }
    let mut number = |field: &'static str, typed: &str, most: i64| match typed.trim().parse::<i64>() {
        Ok(number) if (1..=most).contains(&number) => number,
        _ => {
            errors.add(field, w.tf("matters-error-days", &[("most", most.into())]));
            0
        }
    };
    let hours = number("hours", &typed.hours, HOURS);
    let days = number("days", &typed.days, DAYS);
    match kind {
        Some(kind) if errors.is_empty() => Ok(Checked { kind, title, text, hours, days }),
        _ => Err(errors),
    }
}

/// The report from which it is to come, if the reader works on it and it lies in the sender's subtree.
async fn origin(ctx: &Ctx, code: &str, from: &Organisation) -> Result<Option<Report>, Error> {
    if code.trim().is_empty() {
        return Ok(None);
    }
    let report = reports::staff::readable(ctx, code).await?;
    if report.path.starts_with(&from.path) { Ok(Some(report)) } else { Err(Error::Forbidden) }
}

/// Sends a matter.
pub async fn send(ctx: &Ctx, typed: &Form) -> Result<Sent, Refused> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::MatterHandle)?;
    let parent = match typed.parent.is_empty() {
        true => None,
        false => Some(parent_of(ctx, &typed.parent).await?),
    };
    let mine = permit::acting(actor);
    let from = places::store::by_code(&ctx.app.db, &typed.from).await?;
    let from = from.filter(|from| is_level(from) && mine.iter().any(|(id, _)| *id == from.id));
    let from = from.filter(|from| parent.as_ref().is_none_or(|parent| parent.to_id == from.id));
    let to = match &from {
        Some(from) => target(ctx, from, &typed.to).await?,
        None => None,
    };
    // It does not go back to where it came from.
    let to = to.filter(|to| {
        let Some(parent) = &parent else { return true };
        match to {
            To::Organisation(to, _) => parent.from_id != to.id,
            To::Platform(to) => parent.platform_id != to.id,
        }
    });
    let checked = check(ctx, typed);
    let (Some(from), Some(to), Ok(checked)) = (&from, &to, &checked) else {
        let mut errors = checked.err().unwrap_or_default();
        if from.is_none() {
            errors.add("from", ctx.w.t("matters-error-from"));
        }
        if to.is_none() {
            errors.add("to", ctx.w.t("matters-error-to"));
        }
        return Err(Refused::Invalid(errors));
    };
    actor.require(Action::MatterHandle, &from.path)?;
    if typed.key.is_empty() || typed.key.len() > 100 {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    let report = origin(ctx, &typed.report, from).await?;
    let report = match (&report, &parent) {
        (Some(report), _) => (report.id.clone(), report.code.clone()),
        (None, Some(parent)) => (parent.report_id.clone(), parent.report_code.clone()),
        (None, None) => (String::new(), String::new()),
    };
    let (way, to_id, to_path, platform_id) = match to {
        To::Organisation(to, way) => (*way, to.id.as_str(), to.path.as_str(), ""),
        To::Platform(platform) => (Way::Out, "", "", platform.id.as_str()),
    };
    let who = Who::Person(&actor.id, &ctx.request_id);
    let mut tx = ctx.app.db.begin().await?;
    if let Some(parent) = &parent {
        moves::lock(&ctx.app, &mut tx, parent).await?;
    }
    let parent = match &parent {
        None => None,
        Some(parent) => store::by_id_in(&mut tx, &parent.id).await?,
    };
    let form_key = format!("{}:{}", actor.id, typed.key);
    if let Some(before) = store::by_form_key(&mut tx, &form_key).await? {
        return Err(Refused::Again(before.id));
    }
    if parent.as_ref().is_some_and(|parent| !life::may_hand_on(parent.state())) {
        return Err(Error::Conflict("matters-conflict-hand-on").into());
    }
    let above = parent.as_ref().map_or(("", ""), |parent| (parent.id.as_str(), parent.root_id.as_str()));
    let number = store::next_number(&mut tx, ctx.now).await?;
    let new = NewMatter {
        number: &number,
        title: &checked.title,
        body: &checked.text,
        kind: checked.kind,
        way,
        report: (&report.0, &report.1),
        above,
        from: (&from.id, &from.path),
        to: (to_id, to_path),
        platform_id,
        foreign_ref: "",
        limits: (checked.hours, checked.days),
        made_by: &actor.id,
        form_key: &form_key,
    };
    let Some(id) = begin(&mut tx, &ctx.app, new, who, ctx.now).await? else {
        // The same form at the same moment.
        let before = store::by_form_key(&mut tx, &form_key).await?;
        return Err(before.map_or_else(|| Error::InProgress.into(), |before| Refused::Again(before.id)));
    };
    if let Some(parent) = &parent {
        let step = if way == Way::Out { Step::HandOut } else { Step::HandOn };
        let step = Move { step, side: Some(Side::Receiver), text: String::new(), days: 0, who };
        moves::take(&mut tx, &ctx.app, parent, step, ctx.now).await?;
    }
    tx.commit().await?;
    Ok(Sent { id, number })
}

/// Writes a new matter down, with its first event and its clocks, and tells its receiver.
async fn begin(
    tx: &mut Tx,
    app: &App,
    new: NewMatter<'_>,
    who: Who<'_>,
    now: Timestamp,
) -> Result<Option<String>, Error> {
    let platform_id = new.platform_id.to_owned();
    let Some(id) = store::insert(tx, new, now).await? else { return Ok(None) };
    let (done_by, by_platform, by, request_id) = match who {
        Who::Person(id, request) => (id, "", By::Person(id), request),
        Who::Platform(platform) => ("", platform.id.as_str(), By::System, ""),
        Who::System => ("", "", By::System, ""),
    };
    let event = NewEvent {
        matter_id: &id,
        seq: 1,
        step: "",
        states: (State::Sent, State::Sent),
        side: "sender",
        done_by,
        platform_id: by_platform,
        reason: "",
        days: 0,
    };
    store::insert_event(tx, event, now).await?;
    moves::wind(tx, app, &id).await?;
    let entry = audit::Entry {
        by,
        action: "matter.send",
        object_kind: "matter",
        object_id: &id,
        detail: serde_json::json!({ "platform": platform_id }),
        request_id,
    };
    audit::write(tx, entry, now).await?;
    let matter = store::by_id_in(tx, &id).await?.ok_or(Error::NotFound)?;
    tell::sent(tx, app, &matter, now).await?;
    Ok(Some(id))
}

/// A matter as a platform hands it down; its words are cleaned already.
pub struct Made<'a> {
    /// What the platform calls it.
    pub reference: &'a str,
    /// Code of the organisation; empty: the platform's own.
    pub organisation: &'a str,
    /// Title.
    pub title: &'a str,
    /// What it is about.
    pub text: &'a str,
    /// Kind.
    pub kind: Kind,
    /// Limits in working hours and working days.
    pub limits: (i64, i64),
}

/// Takes a matter from a platform; whether it is new. The same reference is the same matter, whatever comes with it.
pub async fn from_platform(
    tx: &mut Tx,
    app: &App,
    platform: &Platform,
    made: &Made<'_>,
    now: Timestamp,
) -> Result<(Matter, bool), Refused> {
    let form_key = format!("platform:{}:{}", platform.id, made.reference);
    // One of several that come at once takes a number.
    dialect::lock_key(app.db.engine(), tx, &form_key).await?;
    if let Some(before) = store::by_form_key(tx, &form_key).await? {
        return Ok((before, false));
    }
    let to = match made.organisation.is_empty() {
        true => places::store::by_id(&app.db, &platform.organisation_id).await?,
        false => places::store::by_code(&app.db, made.organisation).await?,
    };
    let to = to.filter(|to| is_level(to) && to.path.starts_with(&platform.path));
    let Some(to) = to else {
        let mut errors = FieldErrors::new();
        errors.add("organisation", "no organisation of this platform's subtree".to_owned());
        return Err(Refused::Invalid(errors));
    };
    let number = store::next_number(tx, now).await?;
    let new = NewMatter {
        number: &number,
        title: made.title,
        body: made.text,
        kind: made.kind,
        way: Way::In,
        report: ("", ""),
        above: ("", ""),
        from: ("", ""),
        to: (&to.id, &to.path),
        platform_id: &platform.id,
        foreign_ref: made.reference,
        limits: made.limits,
        made_by: "",
        form_key: &form_key,
    };
    let made = begin(tx, app, new, Who::Platform(platform), now).await?;
    let matter = store::by_form_key(tx, &form_key).await?.ok_or(Error::InProgress)?;
    Ok((matter, made.is_some()))
}
