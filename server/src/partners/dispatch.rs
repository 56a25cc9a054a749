//! Who of those that can be sent is shown first, and why: volunteers of the teams who can do it, serve there and say that
//! they have time. Hours, speed and numbers of reports are not read here, and staff choose.

use super::store::{members, teams};
use crate::{
    http::{Ctx, Error},
    people::store::PersonBrief,
};
use app::{
    partners::{Times, fit},
    people::Role,
};
use std::collections::BTreeMap;

/// Somebody who can be sent: in what role, who, and why they are shown first, in words.
pub type Choice = (Role, PersonBrief, Option<String>);

/// The same people with those first who fit the category and the place of a report.
pub async fn prefer(
    ctx: &Ctx,
    (category, major, path): (&str, &str, &str),
    all: Vec<(Role, PersonBrief)>,
) -> Result<Vec<Choice>, Error> {
    let (db, w) = (&ctx.app.db, ctx.w);
    let wanted = teams::skills_for(db, category, major).await?;
    let mut reasons: BTreeMap<String, String> = BTreeMap::new();
    if !wanted.is_empty() {
        let skills = teams::skills(db).await?;
        let comma = w.t("partners-comma");
        for offer in members::offers(db, path).await? {
            let Some(fit) = offer.fits(path, &wanted) else { continue };
            let can: Vec<&str> = skills
                .iter()
                .filter(|skill| fit.skills.contains(&skill.code))
                .map(|skill| w.pick(&skill.name, &skill.name_en))
                .collect();
            reasons.insert(offer.person, w.tf("partners-fits", &[("skills", can.join(&comma).into())]));
        }
    }
    let all = fit::first(all, |(role, person)| *role == Role::Volunteer && reasons.contains_key(&person.id));
    Ok(all
        .into_iter()
        .map(|(role, person)| {
            let reason = reasons.get(&person.id).filter(|_| role == Role::Volunteer).cloned();
            (role, person, reason)
        })
        .collect())
}

/// Times in words, with commas between them.
pub fn times_in_words(w: app::i18n::Words, times: &[Times]) -> String {
    let words: Vec<String> = times.iter().map(|one| w.t(one.key())).collect();
    words.join(&w.t("partners-comma"))
}
