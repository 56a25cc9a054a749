//! Ballots: made, opened, voted in, closed.

use super::{
    Asks, Judged, Refused, form_key, note, session, session_lock,
    sessions::{locked, moment},
    tell, today, typed,
};
use crate::{
    app_state::App,
    audit::{self, By},
    db::{Tx, dialect},
    http::{Ctx, Error, FieldErrors},
    jobs::{self, Job},
    meetings::store::{
        ballots::{self as store, Ballot, NewBallot},
        bodies, secret,
        sessions::{self, Session},
    },
};
use app::{
    i18n::{Lang, Words},
    meetings::{
        BallotState, Presence, SessionState, Way, limits,
        rules::{LEAST, Outcome, Votes, hands_fit, judge},
    },
    notices::form::one_line,
    people::Action,
};
use jiff::Timestamp;
use serde_json::json;

/// A ballot as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct BallotForm {
    /// Id of the item.
    pub item: String,
    /// The question.
    pub question: String,
    /// Code of a way.
    pub way: String,
    /// Options, one a line; empty: yes or no.
    pub options: String,
    /// One form makes one.
    pub key: String,
}

/// The options of a ballot: yes, no and abstain; or those that were typed, and abstain.
fn options(ctx: &Ctx, errors: &mut FieldErrors, text: &str) -> (bool, Vec<(String, bool)>) {
    // What is voted on is in the words of the place, whatever language staff read.
    let zh = Words::new(Lang::Zh);
    let abstain = (zh.t("meeting-option-abstain"), true);
    let lines: Vec<String> = text.lines().map(one_line).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return (true, vec![(zh.t("meeting-option-yes"), false), (zh.t("meeting-option-no"), false), abstain]);
    }
    let mut different = lines.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() != lines.len() || !(2..=limits::OPTIONS).contains(&lines.len()) {
        errors.add("ballot_options", ctx.w.tf("meeting-error-options", &[("count", limits::OPTIONS.into())]));
    }
    if lines.iter().any(|line| line.chars().count() > limits::SHORT) {
        errors.add("ballot_options", ctx.w.tf("meeting-error-long", &[("count", limits::SHORT.into())]));
    }
    (false, lines.into_iter().map(|line| (line, false)).chain([abstain]).collect())
}

/// Prepares a ballot on an item. Sent twice it is one.
pub async fn make(ctx: &Ctx, id: &str, form: &BallotForm) -> Judged<()> {
    session(ctx, id, Action::MeetingManage).await?;
    let mut errors = FieldErrors::new();
    let items = sessions::agenda(&ctx.app.db, id).await?;
    if items.iter().all(|item| item.id != form.item) {
        errors.add("ballot_item", ctx.w.t("meeting-error-choose"));
    }
    let asks = Asks { most: limits::QUESTION, empty: Some("meeting-error-question"), lines: false };
    let question = typed(ctx, &mut errors, "ballot_question", &form.question, asks);
    let way = Way::from_code(&form.way);
    if way.is_none() {
        errors.add("ballot_way", ctx.w.t("meeting-error-choose"));
    }
    let (motion, options) = options(ctx, &mut errors, &form.options);
    let (Some(way), true) = (way, errors.is_empty()) else { return Err(errors.into()) };
    let form_key = form_key(ctx, &form.key)?;
    let (mut tx, state) = locked(ctx, id).await?;
    if !state.takes_items() {
        return Err(Error::Conflict("meeting-conflict-state").into());
    }
    let new = NewBallot {
        session: id,
        agenda: &form.item,
        question: &question,
        way,
        motion,
        options: &options,
        form_key: &form_key,
    };
    let Some(ballot) = store::insert(&mut tx, new, ctx.now).await? else { return Ok(()) };
    note(&mut tx, ctx, "meeting.make_ballot", ("meeting_ballot", &ballot), json!({ "way": way.code() })).await?;
    tx.commit().await?;
    Ok(())
}

/// A ballot of a session that the reader runs.
async fn managed(ctx: &Ctx, id: &str, ballot: &str) -> Result<(Session, Ballot), Error> {
    let session = session(ctx, id, Action::MeetingManage).await?;
    let ballot = store::by_id(&ctx.app.db, id, ballot).await?.ok_or(Error::NotFound)?;
    Ok((session, ballot))
}

/// Removes a ballot that was never opened. Twice is once.
pub async fn remove(ctx: &Ctx, id: &str, ballot: &str) -> Result<(), Error> {
    managed(ctx, id, ballot).await?;
    let mut tx = ctx.app.db.begin().await?;
    store::locked(&ctx.app.db, &mut tx, ballot).await?;
    if !store::remove_draft(&mut tx, ballot).await? {
        return Err(Error::Conflict("meeting-conflict-state"));
    }
    note(&mut tx, ctx, "meeting.remove_ballot", ("meeting_ballot", ballot), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Opens a ballot: whoever has the right of vote today is on its roll, and the body's rules hold for it from now on. `until`:
/// votes are taken until then; empty: until it is closed.
pub async fn open(ctx: &Ctx, id: &str, ballot: &str, until: &str) -> Judged<()> {
    let (session, _) = managed(ctx, id, ballot).await?;
    let closes = match until.trim() {
        "" => None,
        text => match moment(text).filter(|at| *at > ctx.now) {
            Some(at) => Some(at),
            None => {
                let mut errors = FieldErrors::new();
                errors.add("until", ctx.w.t("meeting-error-until"));
                return Err(Refused::Invalid(errors));
            }
        },
    };
    let body = bodies::by_id(&ctx.app.db, &session.meeting_id).await?.ok_or(Error::NotFound)?;
    let (mut tx, state) = locked(ctx, id).await?;
    if state != SessionState::Open {
        return Err(Error::Conflict("meeting-conflict-not-open").into());
    }
    let found = store::locked(&ctx.app.db, &mut tx, ballot).await?.ok_or(Error::NotFound)?;
    let sitting = bodies::sitting(&mut tx, &body.id, today(ctx)).await?;
    let people: Vec<&str> =
        sitting.iter().filter(|member| member.rights().vote).map(|member| member.person_id.as_str()).collect();
    let entitled = i64::try_from(people.len()).unwrap_or(i64::MAX);
    // Fewer than three are never counted: it would only look like a ballot.
    let least = if found.way() == Way::Secret { LEAST } else { 1 };
    if entitled < least {
        return Err(Error::Conflict("meeting-conflict-few").into());
    }
    let closes_at = closes.map_or(0, |at| at.as_microsecond());
    let rules = (body.quorum(), body.majority());
    if !store::open(&mut tx, ballot, rules, (entitled, closes_at), ctx.now).await? {
        return Err(Error::Conflict("meeting-conflict-state").into());
    }
    if found.way() != Way::Hands {
        store::write_roll(&mut tx, ballot, &people).await?;
        let (href, dedupe) = (format!("/meetings/{id}"), format!("meeting-ballot:{ballot}"));
        let message = ("inbox-meeting-ballot", json!({ "question": found.question }));
        tell(&mut tx, ctx, &people, message, (&href, &dedupe)).await?;
    }
    if found.way() == Way::Secret {
        let options = store::options_in(&mut tx, ballot).await?.len();
        secret::begin(&mut tx, &ctx.app.secrets, ballot, options).await?;
    }
    // Hands are counted by people; what votes are taken for ends by itself.
    if let Some(closes) = closes.filter(|_| found.way() != Way::Hands) {
        let job = Job::BallotClose { ballot_id: ballot.to_owned() };
        let key = format!("ballot-close:{ballot}");
        jobs::queue(&mut tx, &job, closes, Some(&key), ctx.now).await.map_err(Error::from)?;
    }
    note(&mut tx, ctx, "meeting.open_ballot", ("meeting_ballot", ballot), json!({ "entitled": entitled })).await?;
    tx.commit().await?;
    Ok(())
}

/// Votes, as somebody on the roll. An open vote may be changed until the end; a secret one is given once.
///
/// A secret vote has no entry in the audit log, no job and no message, and no limit counts it: the roll says that it was given,
/// and nothing says when or for what. Its transaction writes roll and tally and nothing else.
pub async fn vote(ctx: &Ctx, id: &str, ballot: &str, choice: &str) -> Judged<Way> {
    let actor = ctx.actor()?;
    let (session, reader) = super::attended(ctx, id).await?;
    if reader.seat.is_none() {
        return Err(Error::Forbidden.into());
    }
    store::by_id(&ctx.app.db, &session.id, ballot).await?.ok_or(Error::NotFound)?;
    let mut tx = ctx.app.db.begin().await?;
    let found = store::locked(&ctx.app.db, &mut tx, ballot).await?.ok_or(Error::NotFound)?;
    let Some(voted) = store::on_roll(&mut tx, ballot, &actor.id).await? else {
        return Err(Error::Forbidden.into());
    };
    if !found.takes_votes(ctx.now) {
        return Err(Error::Conflict("meeting-conflict-ballot-closed").into());
    }
    let options = store::options_in(&mut tx, ballot).await?;
    let chosen = choice.parse::<usize>().ok().filter(|choice| *choice < options.len());
    let Some(choice) = chosen else {
        let mut errors = FieldErrors::new();
        errors.add("choice", ctx.w.t("meeting-error-choice"));
        return Err(Refused::Invalid(errors));
    };
    match found.way() {
        Way::Hands => return Err(Error::Conflict("meeting-conflict-hands").into()),
        Way::Secret => {
            let counted = !voted && secret::vote(&mut tx, &ctx.app.secrets, (ballot, &actor.id), choice).await?;
            if !counted {
                return Err(Error::Conflict("meeting-conflict-voted").into());
            }
        }
        Way::Open => {
            let number = i64::try_from(choice).unwrap_or(0);
            store::vote_openly(&mut tx, ballot, &actor.id, number).await?;
            note(&mut tx, ctx, "meeting.vote", ("meeting_ballot", ballot), json!({ "option": number })).await?;
        }
    }
    tx.commit().await?;
    Ok(found.way())
}

/// What the hands were, as staff write it down.
#[derive(Clone, Debug, Default)]
pub struct Hands {
    /// Totals, in the order of the options.
    pub votes: Vec<String>,
    /// Membership of who saw them counted.
    pub witness: String,
}

/// Who may vote and is in the hall, of those on whom the roll call says something.
async fn in_the_hall(ctx: &Ctx, tx: &mut Tx, session: &Session) -> Result<Vec<(String, String, bool)>, Error> {
    let noted = sessions::attendance_in(tx, &session.id).await?;
    let sitting = bodies::sitting(tx, &session.meeting_id, today(ctx)).await?;
    let there = |id: &str| {
        let state = noted.iter().find(|(member, _)| member == id).map(|(_, state)| state.as_str());
        state.and_then(Presence::from_code).is_some_and(Presence::is_there)
    };
    let here = sitting.into_iter().filter(|member| there(&member.id));
    Ok(here
        .map(|member| (member.rights().vote, member))
        .map(|(vote, member)| (member.id, member.person_id, vote))
        .collect())
}

/// What a show of hands gave, once it was checked: totals, how many could vote, membership of the witness.
type Shown<'a> = (Vec<i64>, i64, &'a str);

/// Closes a ballot and counts it. A show of hands comes with its totals and a witness from among those who are there; the
/// totals of a secret ballot with fewer than three votes are thrown away uncounted.
pub async fn close(ctx: &Ctx, id: &str, ballot: &str, hands: &Hands) -> Judged<()> {
    let (session, _) = managed(ctx, id, ballot).await?;
    let (mut tx, _) = locked(ctx, id).await?;
    let found = store::locked(&ctx.app.db, &mut tx, ballot).await?.ok_or(Error::NotFound)?;
    if found.state() != BallotState::Open {
        return Err(Error::Conflict("meeting-conflict-state").into());
    }
    let shown = match found.way() {
        Way::Hands => {
            let here = in_the_hall(ctx, &mut tx, &session).await?;
            let options = store::options_in(&mut tx, ballot).await?.len();
            let votes = check_hands(ctx, hands, options, &here)?;
            let may_vote = here.iter().filter(|(_, _, vote)| *vote).count();
            Some((votes, i64::try_from(may_vote).unwrap_or(i64::MAX), hands.witness.as_str()))
        }
        Way::Open | Way::Secret => None,
    };
    let outcome = count_up(&ctx.app, &mut tx, &found, shown, ctx.now).await?;
    note(&mut tx, ctx, "meeting.close_ballot", ("meeting_ballot", ballot), json!({ "outcome": outcome.code() }))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Closes and counts a ballot whose time is over; the job of its last instant. Running it again does nothing.
pub async fn close_in_time(app: &App, ballot: &str) -> anyhow::Result<()> {
    let Some(session) = store::session_of(&app.db, ballot).await? else { return Ok(()) };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    dialect::lock_key(app.db.engine(), &mut tx, &session_lock(&session)).await?;
    let Some(found) = store::locked(&app.db, &mut tx, ballot).await? else { return Ok(()) };
    if found.state() != BallotState::Open || found.way() == Way::Hands || found.takes_votes(now) {
        return Ok(());
    }
    let outcome = count_up(app, &mut tx, &found, None, now).await?;
    let entry = audit::Entry {
        by: By::System,
        action: "meeting.close_ballot",
        object_kind: "meeting_ballot",
        object_id: ballot,
        detail: json!({ "outcome": outcome.code() }),
        request_id: "",
    };
    audit::write(&mut tx, entry, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Counts an open ballot and writes down what came of it, under the locks of session and ballot.
async fn count_up(
    app: &App,
    tx: &mut Tx,
    found: &Ballot,
    shown: Option<Shown<'_>>,
    now: Timestamp,
) -> Result<Outcome, Error> {
    let ballot = found.id.as_str();
    let options = store::options_in(tx, ballot).await?;
    let is_secret = found.way() == Way::Secret;
    let witness = shown.as_ref().map(|(_, _, witness)| *witness);
    let (counts, took_part) = match shown {
        Some((votes, may_vote, _)) => (votes, may_vote),
        None if is_secret => (secret::counts(tx, &app.secrets, ballot).await?, store::voted(tx, ballot).await?),
        None => {
            let mut counts = vec![0; options.len()];
            for (number, votes) in store::count_open(tx, ballot).await? {
                if let Some(count) = usize::try_from(number).ok().and_then(|number| counts.get_mut(number)) {
                    *count = votes;
                }
            }
            let took_part = counts.iter().sum();
            (counts, took_part)
        }
    };
    let too_few = is_secret && took_part < LEAST;
    let void = is_secret && counts.iter().sum::<i64>() != took_part;
    let outcome = if too_few {
        Outcome::TooFew
    } else if void {
        tracing::error!(ballot, "the counts of a secret ballot do not add up: was the secret changed?");
        Outcome::Void
    } else {
        let votes: Vec<Votes> = options
            .iter()
            .zip(&counts)
            .map(|(option, votes)| Votes { votes: *votes, abstains: option.abstains == 1 })
            .collect();
        judge(found.rules(), (found.entitled, took_part), found.is_motion(), &votes)
    };
    if !store::close(tx, ballot, (outcome, took_part), witness, now).await? {
        return Err(Error::Conflict("meeting-conflict-state"));
    }
    if !too_few && !void {
        store::write_result(tx, ballot, &counts).await?;
    }
    secret::end(tx, ballot).await?;
    Ok(outcome)
}

/// Totals that can be, and a witness who is there and is not who writes them down.
fn check_hands(ctx: &Ctx, hands: &Hands, options: usize, here: &[(String, String, bool)]) -> Judged<Vec<i64>> {
    let mut errors = FieldErrors::new();
    let may_vote = i64::try_from(here.iter().filter(|(_, _, vote)| *vote).count()).unwrap_or(i64::MAX);
    let votes: Option<Vec<i64>> = hands.votes.iter().map(|text| text.trim().parse().ok()).collect();
    let votes = votes.filter(|votes| votes.len() == options && hands_fit(votes, may_vote));
    if votes.is_none() {
        errors.add("votes", ctx.w.tf("meeting-error-hands", &[("count", may_vote.into())]));
    }
    let me = &ctx.actor()?.id;
    if here.iter().all(|(member, person, _)| *member != hands.witness || person == me) {
        errors.add("witness", ctx.w.t("meeting-error-witness"));
    }
    match votes {
        Some(votes) if errors.is_empty() => Ok(votes),
        _ => Err(Refused::Invalid(errors)),
    }
}
