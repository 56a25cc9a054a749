//! Partners and agreements for staff.

use super::{
    parts::{Typed, community_field, print_button},
    tasks::{TaskRow, task_list},
};
use crate::{
    i18n::Words,
    partners::{PartnerKind, Whose, agreement::Standing},
    ui::parts::*,
};
use leptos::prelude::*;

fn kinds(w: Words) -> Vec<(String, String)> {
    PartnerKind::ALL.iter().map(|kind| (kind.code().to_owned(), w.t(kind.key()))).collect()
}

/// The form of a partner, and where it goes.
fn partner_form(
    w: Words,
    typed: &Typed,
    (action, hidden): (String, AnyView),
    communities: Vec<(String, String)>,
    make: bool,
) -> AnyView {
    let hint = if make { "partners-contact-hint" } else { "partners-contact-keep" };
    let label = if make { "partners-partner-make" } else { "partners-save" };
    view! {
        <form class="stack" method="post" action=action>
            {hidden}
            {community_field(w, typed, communities)}
            {typed.line(w, "name", "partners-partner-name", false)}
            {typed.select(w, ("kind", "partners-partner-kind"), kinds(w), false)}
            {typed.line(w, "contact_name", "partners-contact-name", true)}
            {typed.input(w, ("contact", "tel"), ("partners-contact", Some(w.t(hint))), true)}
            <Buttons><Button label=w.t(label) weight=Weight::Primary/></Buttons>
        </form>
    }
    .into_any()
}

/// The page on which a partner is written down. `communities`: code and name of those there is a choice of.
pub fn new_partner(w: Words, typed: Typed, key: String, communities: Vec<(String, String)>) -> AnyView {
    let hidden = view! { <input type="hidden" name="key" value=key/> }.into_any();
    view! {
        {typed.summary(w)}
        {partner_form(w, &typed, ("/staff/partners/organisations".to_owned(), hidden), communities, true)}
    }
    .into_any()
}

/// An agreement in a list.
pub struct AgreementRow {
    /// Id.
    pub id: String,
    /// What it is about, with whom.
    pub title: String,
    /// From when until when, in words.
    pub span: String,
    /// Where it stands.
    pub standing: Standing,
    /// Tasks that are to be done.
    pub open: i64,
    /// The day of the next one, in words.
    pub next: Option<String>,
}

fn standing(w: Words, standing: Standing) -> AnyView {
    let (tone, word) = match standing {
        Standing::Coming => (Tone::Info, w.t("partners-agreement-coming")),
        Standing::Current => (Tone::Ok, w.t("partners-agreement-current")),
        Standing::Ending(0) => (Tone::Warn, w.t("partners-agreement-ends-today")),
        Standing::Ending(days) => (Tone::Warn, w.tf("partners-agreement-ending", &[("days", days.into())])),
        Standing::Over => (Tone::Neutral, w.t("partners-agreement-over")),
        Standing::Ended => (Tone::Neutral, w.t("partners-agreement-ended")),
    };
    view! { <Badge tone=tone word=word/> }.into_any()
}

/// Agreements as rows that lead to them.
pub(super) fn agreement_list(w: Words, rows: Vec<AgreementRow>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let open = match row.next {
                Some(day) => w.tf("partners-agreement-open", &[("count", row.open.into()), ("day", day.into())]),
                None => w.t("partners-agreement-nothing-open"),
            };
            let note = format!("{} · {open}", row.span);
            view! {
                <Item w=w href=format!("/staff/partners/agreements/{}", row.id) title=row.title note=note icon_name="list">
                    {standing(w, row.standing)}
                </Item>
            }
        })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
}

/// The page of a partner.
pub struct PartnerPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// What it is.
    pub kind: PartnerKind,
    /// Name of the community.
    pub place: String,
    /// Whom to call, and their number as shown.
    pub contact: (String, String),
    /// The number in full, for somebody who just asked for it.
    pub number: Option<String>,
    /// The lock.
    pub version: i64,
    /// Its agreements.
    pub agreements: Vec<AgreementRow>,
    /// What was typed into its forms.
    pub typed: Typed,
    /// One form makes one agreement.
    pub key: String,
}

/// Fields of an agreement.
fn agreement_fields(w: Words, typed: &Typed) -> AnyView {
    view! {
        {typed.line(w, "title", "partners-agreement-title", false)}
        <div class="partners-two">
            {typed.day(w, "from", "partners-from")}
            {typed.day(w, "until", "partners-until")}
        </div>
        {typed.text(w, "community_gives", "partners-community-gives", false)}
        {typed.text(w, "partner_gives", "partners-partner-gives", false)}
    }
    .into_any()
}

const AGREEMENT_FIELDS: [&str; 5] = ["title", "from", "until", "community_gives", "partner_gives"];

/// The page of a partner: whom to call, agreements, and the forms.
pub fn partner_page(page: PartnerPage) -> AnyView {
    let PartnerPage { w, id, kind, place, contact: (name, masked), number, version, agreements, typed, key } = page;
    let here = format!("/staff/partners/organisations/{id}");
    let (to_agreements, to_contact) = (format!("{here}/agreements"), format!("{here}/contact"));
    let adding = agreements.is_empty() || typed.any_wrong(&AGREEMENT_FIELDS);
    let changing = typed.any_wrong(&["name", "kind", "contact_name", "contact"]);
    let shown = number.is_some();
    let none = masked.is_empty();
    let call = number.unwrap_or_else(|| if none { "–".to_owned() } else { masked });
    let facts = vec![
        Fact::new(w.t("partners-partner-kind"), w.t(kind.key())),
        Fact::new(w.t("partners-community"), place),
        Fact::new(w.t("partners-contact-name"), if name.is_empty() { "–".to_owned() } else { name }),
        Fact::new(w.t("partners-contact"), view! { <span class="num">{call}</span> }),
    ];
    let hidden = view! { <input type="hidden" name="version" value=version.to_string()/> }.into_any();
    let list = if agreements.is_empty() {
        view! { <p class="muted">{w.t("partners-agreements-none")}</p> }.into_any()
    } else {
        agreement_list(w, agreements)
    };
    let make = view! {
        <details class="more" open=adding>
            <summary>{w.t("partners-agreement-make")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action=to_agreements>
                    <input type="hidden" name="key" value=key/>
                    {agreement_fields(w, &typed)}
                    <Buttons><Button label=w.t("partners-agreement-make-do") weight=Weight::Primary/></Buttons>
                </form>
            </div>
        </details>
    }
    .into_any();
    view! {
        {typed.summary(w)}
        <Summary facts=facts/>
        {(!shown && !none).then(|| view! {
            <form method="post" action=to_contact>
                <Button label=w.t("partners-contact-see") icon_name="phone" small=true/>
                <p class="hint">{w.t("partners-look-noted")}</p>
            </form>
        })}
        <Section title=w.t("partners-agreements")>{list}{make}</Section>
        <details class="more" open=changing>
            <summary>{w.t("partners-partner-change")}</summary>
            <div class="more-body">{partner_form(w, &typed, (here, hidden), Vec::new(), false)}</div>
        </details>
    }
    .into_any()
}

/// The page of an agreement.
pub struct AgreementPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Id and name of the partner.
    pub partner: (String, String),
    /// Name of the community.
    pub place: String,
    /// From when until when, in words.
    pub span: String,
    /// Where it stands.
    pub standing: Standing,
    /// What the community gives, and the partner.
    pub gives: (String, String),
    /// When and why it was ended, in words.
    pub ended: Option<String>,
    /// The lock.
    pub version: i64,
    /// Its tasks.
    pub tasks: Vec<TaskRow>,
    /// What was typed into its forms.
    pub typed: Typed,
    /// One form makes one task.
    pub key: String,
}

/// The page of an agreement: what each side gives, what is due; to be printed.
pub fn agreement_page(page: AgreementPage) -> AnyView {
    let AgreementPage { w, id, partner, place, span, standing: stands, gives, ended, version, tasks, typed, key } =
        page;
    let here = format!("/staff/partners/agreements/{id}");
    let (to_tasks, to_end) = (format!("{here}/tasks"), format!("{here}/end"));
    let adding = tasks.is_empty() || typed.any_wrong(&["task_title", "whose", "due"]);
    let changing = typed.any_wrong(&AGREEMENT_FIELDS);
    let href = format!("/staff/partners/organisations/{}", partner.0);
    let facts = vec![
        Fact::new(w.t("partners-agreement-sides"), view! { {place} " · " <a href=href>{partner.1}</a> }),
        Fact::new(w.t("partners-agreement-time"), span),
        Fact::new(w.t("partners-agreement-state"), standing(w, stands)),
        Fact::new(w.t("partners-community-gives"), view! { <span class="partners-lines">{gives.0}</span> }),
        Fact::new(w.t("partners-partner-gives"), view! { <span class="partners-lines">{gives.1}</span> }),
    ];
    let whose = Whose::ALL.iter().map(|one| (one.code().to_owned(), w.t(one.key()))).collect();
    let list = if tasks.is_empty() {
        view! { <p class="muted">{w.t("partners-tasks-none")}</p> }.into_any()
    } else {
        task_list(w, tasks)
    };
    let open = stands.stands();
    let forms = open.then(|| {
        view! {
            <div class="partners-screen stack">
                <details class="more" open=changing>
                    <summary>{w.t("partners-agreement-change")}</summary>
                    <div class="more-body">
                        <form class="stack" method="post" action=here>
                            <input type="hidden" name="version" value=version.to_string()/>
                            {agreement_fields(w, &typed)}
                            <Buttons><Button label=w.t("partners-save") weight=Weight::Primary/></Buttons>
                        </form>
                    </div>
                </details>
                <details class="more" open=typed.any_wrong(&["reason"])>
                    <summary>{w.t("partners-agreement-end")}</summary>
                    <div class="more-body">
                        <p>{w.t("partners-agreement-end-text")}</p>
                        <form class="stack" method="post" action=to_end>
                            <input type="hidden" name="version" value=version.to_string()/>
                            {typed.line(w, "reason", "partners-reason", false)}
                            <Buttons><Button label=w.t("partners-agreement-end") weight=Weight::Danger/></Buttons>
                        </form>
                    </div>
                </details>
            </div>
        }
    });
    let add = open.then(|| {
        view! {
            <details class="more partners-screen" open=adding>
                <summary>{w.t("partners-task-add")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action=to_tasks>
                        <input type="hidden" name="key" value=key/>
                        {typed.line(w, "task_title", "partners-task-title", false)}
                        <div class="partners-two">
                            {typed.select(w, ("whose", "partners-task-whose"), whose, false)}
                            {typed.day(w, "due", "partners-task-due")}
                        </div>
                        <Buttons><Button label=w.t("partners-task-add-do") weight=Weight::Primary/></Buttons>
                    </form>
                </div>
            </details>
        }
    });
    view! {
        {typed.summary(w)}
        {ended.map(|text| view! { <Note tone=Tone::Warn><p>{text}</p></Note> })}
        <Facts facts=facts/>
        <div class="buttons">{print_button(w)}</div>
        <Section title=w.t("partners-tasks")>{list}{add}</Section>
        <div class="partners-signs" aria-hidden="true">
            <p>{w.t("partners-sign-community")}</p>
            <p>{w.t("partners-sign-partner")}</p>
        </div>
        {forms}
    }
    .into_any()
}
