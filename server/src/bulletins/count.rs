//! The numbers of a bulletin: those of `reports::statistics` for the period and the one before, by place and by category, what got
//! better, and the hard cases that are open.

use super::store::{self, Candidate};
use crate::{
    db::Db,
    net::store::ended_grids,
    places::{self, Organisation, OrganisationKind},
    reports::statistics::figures::{About, ById, by_id},
};
use app::{
    bulletins::{
        Bulletin, Counted, Definition, Hard, Named, Part, Stretch,
        hard::{DAYS_OVER, MOST, OFTEN, Open, hardest},
        improved::improved,
        period::Period,
    },
    i18n::{Lang, Words},
    reports::statistics::{By, Figures},
    time,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What the words of a bulletin mean, as catalogue keys.
const DEFINITIONS: [&str; 6] = [
    "desk-stat-rule-due",
    "desk-stat-rule-closed",
    "desk-stat-rule-on-time",
    "desk-stat-rule-others",
    "bulletins-rule-better",
    "bulletins-rule-hard",
];

fn named(place: &Organisation) -> Named {
    Named { code: place.code.clone(), name: place.name.clone(), name_en: place.name_en.clone() }
}

/// Figures of each part, in the period and before.
type Pairs<'a> = BTreeMap<&'a str, (Figures, Figures)>;

/// Figures by id, put together by what `of` says an id belongs to.
fn pairs<'a>(now: &'a ById, before: &'a ById, of: impl Fn(&'a str) -> &'a str) -> Pairs<'a> {
    let mut pairs = Pairs::new();
    for (id, figures) in &now.parts {
        pairs.entry(of(id)).or_default().0.add(figures);
    }
    for (id, figures) in &before.parts {
        pairs.entry(of(id)).or_default().1.add(figures);
    }
    pairs
}

fn part(named: Named, pair: Option<&(Figures, Figures)>) -> Part {
    let (now, before) = pair.map(|(now, before)| (Counted::of(now), Counted::of(before))).unwrap_or_default();
    Part { named, now, before }
}

/// Counts a week or month of a place as it is seen now.
pub async fn count(db: &Db, place: &Organisation, period: Period, now: Timestamp) -> anyhow::Result<Bulletin> {
    let (kind, by) = match place.kind.as_str() {
        "district" => (OrganisationKind::Subdistrict, By::Community),
        "subdistrict" => (OrganisationKind::Community, By::Community),
        _ => (OrganisationKind::Grid, By::Grid),
    };
    let before = period.before();
    let about = |period: Period, by: By| About { place, from: period.from(), to: period.to(), by, now };
    let (now_by, before_by) = (by_id(db, &about(period, by)).await?, by_id(db, &about(before, by)).await?);

    let children = places::store::under(db, &place.path, kind).await?;
    let units = match place.kind.as_str() {
        "district" => places::store::under(db, &place.path, OrganisationKind::Community).await?,
        _ => children.clone(),
    };
    // A grid that is no more has what was filed in it while it stood.
    let ended = match kind {
        OrganisationKind::Grid => ended_grids(db, &place.path).await?,
        _ => Vec::new(),
    };
    let child_of: BTreeMap<&str, &str> = units
        .iter()
        .filter_map(|unit| {
            let child = children.iter().find(|child| unit.path.starts_with(&child.path))?;
            Some((unit.id.as_str(), child.id.as_str()))
        })
        .chain(ended.iter().map(|grid| (grid.id.as_str(), grid.id.as_str())))
        .collect();
    let of_places = pairs(&now_by, &before_by, |id| child_of.get(id).copied().unwrap_or(""));
    let mut parts: Vec<Part> =
        children.iter().map(|child| part(named(child), of_places.get(child.id.as_str()))).collect();
    for grid in &ended {
        parts.extend(of_places.get(grid.id.as_str()).map(|pair| part(named(grid), Some(pair))));
    }
    if let Some(nowhere) = of_places.get("") {
        parts.push(part(Named::default(), Some(nowhere)));
    }

    let (now_kinds, before_kinds) =
        (by_id(db, &about(period, By::Category)).await?, by_id(db, &about(before, By::Category)).await?);
    let of_kinds = pairs(&now_kinds, &before_kinds, |code| code);
    let codes: Vec<&str> = of_kinds.keys().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let categories: Vec<Part> = store::categories(db, &codes)
        .await?
        .into_iter()
        .map(|(code, name, name_en)| {
            let pair = of_kinds.get(code.as_str());
            part(Named { code, name, name_en }, pair)
        })
        .collect();

    let (hard_count, hard) = hard_cases(db, place, now).await?;
    let words = [Lang::Zh, Lang::En].map(Words::new);
    Ok(Bulletin {
        place: named(place),
        kind: period.kind().to_owned(),
        from: period.from().to_string(),
        to: period.to().to_string(),
        before_from: before.from().to_string(),
        before_to: before.to().to_string(),
        counted_at: now.as_microsecond(),
        now: Counted::of(&now_by.all),
        before: Counted::of(&before_by.all),
        improved: improved(&parts, &categories),
        parts,
        categories,
        course: now_by
            .course
            .iter()
            .map(|span| Stretch {
                from: span.from.to_string(),
                to: span.to.to_string(),
                filed: span.filed,
                closed: span.closed,
            })
            .collect(),
        hard,
        hard_count,
        definitions: DEFINITIONS
            .into_iter()
            .map(|key| Definition { zh: words[0].t(key), en: words[1].t(key) })
            .collect(),
    })
}

fn open(candidate: &Candidate) -> Open {
    Open {
        suspended: candidate.state == "suspended",
        standing: matches!(candidate.state.as_str(), "suspended" | "asked"),
        deadline: candidate.deadline,
        reworks: candidate.reworks,
        returns: candidate.returns,
        filed_at: candidate.filed_at,
    }
}

/// How many hard cases are open in a place, and the hardest.
async fn hard_cases(db: &Db, place: &Organisation, now: Timestamp) -> Result<(i64, Vec<Hard>), sqlx::Error> {
    let before = now - SignedDuration::from_hours(24 * DAYS_OVER);
    let all = store::candidates(db, &place.path, before, OFTEN).await?;
    let at = now.as_microsecond();
    let found = hardest(all.into_iter().map(|candidate| (open(&candidate), candidate)).collect(), at);
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let alone = place.kind == "community";
    let both = |community: &str, grid: &str| match (alone, grid.is_empty()) {
        (_, true) => community.to_owned(),
        (true, false) => grid.to_owned(),
        (false, false) => format!("{community} · {grid}"),
    };
    // A place without an English name has its Chinese one.
    let english = |name: &str, name_en: &str| Lang::En.pick(name, name_en).to_owned();
    let hard = found
        .into_iter()
        .take(MOST)
        .map(|(open, case)| Hard {
            reasons: open.reasons(at),
            days_over: open.days_over(at),
            filed: time::day_of(Timestamp::from_microsecond(case.filed_at).unwrap_or_default()).to_string(),
            place: both(&case.community, &case.grid),
            place_en: both(&english(&case.community, &case.community_en), &english(&case.grid, &case.grid_en)),
            code: case.code,
            category: case.category,
            category_en: case.category_en,
        })
        .collect();
    Ok((count, hard))
}
