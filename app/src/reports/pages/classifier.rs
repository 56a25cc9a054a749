//! `/staff/reports/classifier`: what the proposals of categories are worth.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A proposed category.
#[derive(Clone, Debug)]
pub struct Guess {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// How sure the classifier is, 0 to 1.
    pub share: f64,
    /// Words that speak for it.
    pub because: Vec<String>,
}

/// One night's training.
#[derive(Clone, Debug)]
pub struct Training {
    /// When.
    pub when: String,
    /// Reports learned from.
    pub learned: i64,
    /// Reports tested on.
    pub tested: i64,
    /// Share of the tested ones that the first proposal got right.
    pub first: f64,
    /// The same for the first three.
    pub three: f64,
}

/// What the page shows.
pub struct ClassifierPage {
    /// Words.
    pub w: Words,
    /// Newest first.
    pub trainings: Vec<Training>,
    /// What was typed into the box.
    pub text: String,
    /// What is proposed for it.
    pub guesses: Vec<Guess>,
    /// The reader may have it learn now.
    pub teaches: bool,
}

/// A share as whole percent.
pub fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// Why: "因为：路灯、不亮".
pub fn because(w: Words, words: &[String]) -> String {
    w.tf("desk-because", &[("words", words.join(&w.t("desk-and")).into())])
}

/// The page.
pub fn classifier_page(page: ClassifierPage) -> AnyView {
    let ClassifierPage { w, trainings, text, guesses, teaches } = page;
    let nothing = guesses.is_empty() && !text.trim().is_empty();
    let guesses = guesses
        .into_iter()
        .map(|guess| {
            let why = because(w, &guess.because);
            view! {
                <li>
                    <strong>{guess.name}</strong>
                    " "
                    <span class="num">{percent(guess.share)}</span>
                    <span class="muted">" " {why}</span>
                </li>
            }
        })
        .collect_view();
    let columns = ["desk-trained-at", "desk-learned", "desk-tested", "desk-first-right", "desk-three-right"];
    let figures = if trainings.is_empty() {
        view! { <Empty icon_name="info" title=w.t("desk-untrained") text=w.t("desk-untrained-text")/> }.into_any()
    } else {
        let share = |tested: i64, share: f64| if tested == 0 { "—".to_owned() } else { percent(share) };
        let rows = trainings
            .into_iter()
            .map(|row| {
                vec![
                    Cell::new(row.when),
                    Cell::number(row.learned.to_string()),
                    Cell::number(row.tested.to_string()),
                    Cell::number(share(row.tested, row.first)),
                    Cell::number(share(row.tested, row.three)),
                ]
            })
            .collect();
        let columns = columns.iter().map(|key| w.t(key)).collect();
        view! { <Table caption=w.t("desk-trainings") columns=columns rows=rows/> }.into_any()
    };
    view! {
        <p class="lead">{w.t("desk-classifier-text")}</p>
        <form method="get" class="form">
            <TextArea w=w name="text" label=w.t("desk-try") value=text rows=2 maxlength=1000/>
            <Buttons><Button label=w.t("desk-try-do") weight=Weight::Primary/></Buttons>
        </form>
        <div aria-live="polite">
            <ol>{guesses}</ol>
            {nothing.then(|| view! { <p>{w.t("desk-no-guess")}</p> })}
        </div>
        <Section title=w.t("desk-trainings")>
            {figures}
            {teaches.then(|| view! {
                <form method="post" class="stack tight">
                    <div><Button label=w.t("classifier-learn")/></div>
                    <p class="hint">{w.t("classifier-learn-note")}</p>
                </form>
            })}
        </Section>
    }
    .into_any()
}
