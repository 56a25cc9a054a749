//! Voices that look like one household: shown and decided while a consultation is weighed, and only then.

use super::{Refused, for_staff, lock, note, wrong};
use crate::{
    consultations::store::{
        self, Consultation,
        pairs::{self, Decided},
        voices::{self, Voice},
    },
    http::{Ctx, Error, Result},
};
use app::{
    consultations::{
        REASON_CHARS, State,
        count::{self, Likeness},
        form::too_long,
    },
    notices::form::lines,
};

/// A pair with what was decided on it.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The older voice.
    pub first: Voice,
    /// The younger one.
    pub second: Voice,
    /// Why they look like one household.
    pub likeness: Likeness,
    /// The decision.
    pub decided: Option<Decided>,
}

fn weighed(ctx: &Ctx, consultation: &Consultation) -> Result<()> {
    match consultation.state_at(ctx.now) {
        State::Weighing => Ok(()),
        _ => Err(Error::Conflict("consultations-conflict-not-weighing")),
    }
}

async fn all(ctx: &Ctx, consultation: &Consultation) -> Result<Vec<Pair>> {
    let voices = voices::all(&ctx.app.db, &consultation.id).await?;
    let decided = pairs::all(&ctx.app.db, &consultation.id).await?;
    let counted: Vec<count::Voice> = voices.iter().map(Voice::counted).collect();
    let found = count::pairs(consultation.per(), &counted);
    Ok(found
        .into_iter()
        .map(|(first, second, likeness)| {
            let (first, second) = (voices[first].clone(), voices[second].clone());
            let decided = decided.iter().find(|one| one.first_id == first.id && one.second_id == second.id).cloned();
            Pair { first, second, likeness, decided }
        })
        .collect())
}

/// How many pairs nobody has decided on.
pub async fn open_pairs(ctx: &Ctx, consultation: &Consultation) -> Result<usize> {
    Ok(all(ctx, consultation).await?.iter().filter(|pair| pair.decided.is_none()).count())
}

/// The pairs. Who looks at them sees doors: that is written down.
pub async fn look(ctx: &Ctx, id: &str) -> Result<(Consultation, Vec<Pair>)> {
    let consultation = for_staff(ctx, id).await?;
    weighed(ctx, &consultation)?;
    let found = all(ctx, &consultation).await?;
    if !found.is_empty() {
        let mut tx = ctx.app.db.begin().await?;
        note(ctx, &mut tx, "consultation.see_pairs", id, serde_json::json!({ "pairs": found.len() })).await?;
        tx.commit().await?;
    }
    Ok((consultation, found))
}

/// Which of two voices counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They are two households.
    Both,
    /// The first does not count.
    StrikeFirst,
    /// The second does not count.
    StrikeSecond,
}

impl Decision {
    /// As a form sends it.
    pub fn from_code(code: &str) -> Option<Decision> {
        match code {
            "both" => Some(Decision::Both),
            "first" => Some(Decision::StrikeFirst),
            "second" => Some(Decision::StrikeSecond),
            _ => None,
        }
    }
}

/// Decides on a pair, with a reason. A later decision takes the place of an earlier one, as long as it is weighed.
pub async fn decide(
    ctx: &Ctx,
    id: &str,
    (first, second): (&str, &str),
    (decision, reason): (Decision, &str),
) -> std::result::Result<(), Refused> {
    let consultation = for_staff(ctx, id).await?;
    weighed(ctx, &consultation)?;
    let reason = lines(reason).trim().to_owned();
    if reason.is_empty() {
        return Err(wrong("reason", ctx.w.t("consultations-error-reason")));
    }
    if reason.chars().count() > REASON_CHARS {
        return Err(wrong("reason", too_long(ctx.w, REASON_CHARS)));
    }
    let found = all(ctx, &consultation).await?;
    if !found.iter().any(|pair| pair.first.id == first && pair.second.id == second) {
        return Err(Error::NotFound.into());
    }
    let struck_id = match decision {
        Decision::Both => None,
        Decision::StrikeFirst => Some(first.to_owned()),
        Decision::StrikeSecond => Some(second.to_owned()),
    };
    let mut tx = ctx.app.db.begin().await?;
    lock(ctx, &mut tx, id).await?;
    let now = store::by_id_in(&mut tx, id).await?.ok_or(Error::NotFound)?;
    weighed(ctx, &now)?;
    let detail = serde_json::json!({ "first": first, "second": second, "struck": struck_id, "reason": reason });
    let decided = Decided { first_id: first.to_owned(), second_id: second.to_owned(), struck_id, reason };
    pairs::decide(&mut tx, id, &decided, &ctx.actor()?.id, ctx.now).await?;
    note(ctx, &mut tx, "consultation.pair", id, detail).await?;
    tx.commit().await?;
    Ok(())
}
