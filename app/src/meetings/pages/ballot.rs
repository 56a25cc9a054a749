//! A ballot: its question, its state, its totals, and the form with which one votes.

use crate::{
    i18n::Words,
    meetings::{BallotState, Way},
    ui::parts::*,
};
use leptos::prelude::*;

/// An option.
pub struct OptionView {
    /// Its text.
    pub text: String,
    /// Its votes, once they are counted.
    pub votes: Option<i64>,
    /// Who voted so; open ballots only.
    pub names: Vec<String>,
    /// The reader has voted so; open ballots only.
    pub own: bool,
}

/// What the reader has to do with a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mine {
    /// Nothing: is not on its roll, or it is over.
    Nothing,
    /// May vote, or change the vote.
    Vote,
    /// Has voted, and cannot change it.
    Voted,
}

/// A ballot.
pub struct BallotView {
    /// Id.
    pub id: String,
    /// The question.
    pub question: String,
    /// How it is held.
    pub way: Way,
    /// Where it stands.
    pub state: BallotState,
    /// Quorum and majority, in words; empty for a draft.
    pub rules: String,
    /// How many are entitled.
    pub entitled: i64,
    /// How many took part.
    pub took_part: i64,
    /// Until when votes are taken, in words.
    pub until: Option<String>,
    /// Its options.
    pub options: Vec<OptionView>,
    /// What came of it, in words, and whether that is good.
    pub outcome: Option<(String, bool)>,
    /// Who saw the hands counted.
    pub witness: Option<String>,
    /// What the reader has to do with it.
    pub mine: Mine,
}

fn badges(w: Words, ballot: &BallotView) -> AnyView {
    let tone = match ballot.state {
        BallotState::Draft => Tone::Neutral,
        BallotState::Open => Tone::Busy,
        BallotState::Closed => Tone::Ok,
    };
    view! { <Badge tone=tone word=w.t(ballot.state.key())/> " " <Tag word=w.t(ballot.way.key())/> }.into_any()
}

/// Question, state, turnout, totals.
pub(super) fn shown(w: Words, ballot: &BallotView) -> AnyView {
    let turnout = (ballot.state != BallotState::Draft).then(|| {
        let key = if ballot.way == Way::Hands { "meeting-ballot-hall" } else { "meeting-ballot-turnout" };
        let args = [("part", ballot.took_part.into()), ("entitled", ballot.entitled.into())];
        let part = (ballot.way != Way::Hands || ballot.state == BallotState::Closed).then(|| w.tf(key, &args));
        view! { <p class="small muted">{part} " " {ballot.rules.clone()}</p> }
    });
    let until = ballot
        .until
        .clone()
        .map(|until| view! { <p class="small">{w.tf("meeting-ballot-until", &[("when", until.into())])}</p> });
    let outcome = ballot.outcome.clone().map(|(words, good)| {
        let tone = if good { Tone::Ok } else { Tone::Warn };
        view! { <p class="meeting-outcome"><Badge tone=tone word=words/></p> }
    });
    let witness = ballot
        .witness
        .clone()
        .map(|name| view! { <p class="small muted">{w.tf("meeting-ballot-witness", &[("name", name.into())])}</p> });
    view! {
        <h4>{ballot.question.clone()}</h4>
        <p class="meta">{badges(w, ballot)}</p>
        {turnout}
        {until}
        {outcome}
        {totals(w, ballot)}
        {witness}
    }
    .into_any()
}

fn totals(w: Words, ballot: &BallotView) -> Option<AnyView> {
    if ballot.options.iter().all(|option| option.votes.is_none() && option.names.is_empty()) {
        return None;
    }
    let open = ballot.way == Way::Open;
    let rows: Vec<Vec<Cell>> = ballot
        .options
        .iter()
        .map(|option| {
            let mut row = vec![
                Cell::new(option.text.clone()),
                Cell::number(option.votes.map_or_else(|| "–".to_owned(), |votes| votes.to_string())),
            ];
            if open {
                row.push(Cell::new(option.names.join("、")));
            }
            row
        })
        .collect();
    let mut columns = vec![w.t("meeting-column-option"), w.t("meeting-column-votes")];
    if open {
        columns.push(w.t("meeting-column-names"));
    }
    let caption = w.tf("meeting-totals", &[("question", ballot.question.clone().into())]);
    Some(view! { <Table caption=caption columns=columns rows=rows/> }.into_any())
}

/// The form with which a member votes.
pub(super) fn voting(w: Words, session: &str, ballot: &BallotView, error: Option<&String>) -> Option<AnyView> {
    match ballot.mine {
        Mine::Nothing => return None,
        Mine::Voted => return Some(view! { <p class="note">{w.t("meeting-voted")}</p> }.into_any()),
        Mine::Vote => {}
    }
    let action = format!("/meetings/{session}/ballots/{}", ballot.id);
    let hint = match ballot.way {
        Way::Secret => w.t("meeting-secret-hint"),
        _ => w.t("meeting-open-hint"),
    };
    let described = format!("{}-hint", ballot.id);
    let choices = ballot
        .options
        .iter()
        .enumerate()
        .map(|(number, option)| {
            view! {
                <label class="choice">
                    <input r#type="radio" name="choice" value=number.to_string() checked=option.own required=true/>
                    <span class="choice-main"><span class="choice-title">{option.text.clone()}</span></span>
                </label>
            }
        })
        .collect_view();
    let error = error.cloned().map(|text| view! { <p class="error">{text}</p> });
    let label =
        if ballot.options.iter().any(|option| option.own) { w.t("meeting-vote-change") } else { w.t("meeting-vote") };
    Some(
        view! {
            <form class="stack" method="post" action=action aria-describedby=described.clone()>
                <fieldset class="field">
                    <legend class="label">{w.t("meeting-your-vote")}<span class="sr">" "{ballot.question.clone()}</span></legend>
                    <p class="hint" id=described.clone()>{hint}</p>
                    {error}
                    <div class="choices inline">{choices}</div>
                </fieldset>
                <Button label=label weight=Weight::Primary/>
            </form>
        }
        .into_any(),
    )
}
