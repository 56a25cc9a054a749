//! The staff's table of notices, and one notice with what can be done with it.

use super::{
    NoticeView, notice_body,
    review::{Review, compared, returned_note, review_actions},
};
use crate::{
    i18n::Words,
    notices::{NoticeKind, NoticeState, limits},
    time,
    ui::parts::*,
};
use jiff::Timestamp;
use leptos::prelude::*;

/// A row of the table.
pub struct StaffRow {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: NoticeKind,
    /// State.
    pub state: NoticeState,
    /// It has left the lists.
    pub expired: bool,
    /// A later notice corrects it.
    pub corrected: bool,
    /// Title.
    pub title: String,
    /// Who says it.
    pub source: String,
    /// Who wrote it.
    pub author: String,
    /// When it went out, is to go out, or was last changed.
    pub at: Timestamp,
}

/// What `/staff/notices` shows.
pub struct StaffList {
    /// The rows of this page.
    pub rows: Vec<StaffRow>,
    /// The chosen state.
    pub state: Option<NoticeState>,
    /// What the reader may review is shown instead.
    pub mine: bool,
    /// How many that are; `None`: the reader reviews nothing.
    pub to_review: Option<i64>,
    /// How many there are in each state.
    pub counts: Vec<(NoticeState, i64)>,
    /// This page, from 1.
    pub page: u32,
    /// The last page.
    pub pages: u32,
    /// The reader may write.
    pub may_write: bool,
    /// The reader may say whether notices need a second person.
    pub may_set: bool,
}

fn state_badge(w: Words, state: NoticeState, expired: bool, corrected: bool) -> AnyView {
    let (tone, key) = match state {
        NoticeState::Published if corrected => (Tone::Warn, "notice-is-corrected"),
        NoticeState::Published if expired => (Tone::Neutral, "notice-is-expired"),
        NoticeState::Draft => (Tone::Neutral, state.key()),
        NoticeState::Review => (Tone::Busy, state.key()),
        NoticeState::Scheduled => (Tone::Info, state.key()),
        NoticeState::Published => (Tone::Ok, state.key()),
        NoticeState::Withdrawn => (Tone::Bad, state.key()),
    };
    view! { <Badge tone=tone word=w.t(key)/> }.into_any()
}

fn address(state: Option<&str>, page: u32) -> String {
    match (state, page) {
        (None, 1) => "/staff/notices".to_owned(),
        (None, page) => format!("/staff/notices?page={page}"),
        (Some(state), 1) => format!("/staff/notices?state={state}"),
        (Some(state), page) => format!("/staff/notices?state={state}&page={page}"),
    }
}

/// The table, under the frame's heading.
pub fn staff_list(w: Words, now: Timestamp, list: StaffList) -> impl IntoView {
    let total = list.counts.iter().map(|(_, count)| count).sum();
    let mut ways =
        vec![Way::new(address(None, 1), w.t("notices-all"), list.state.is_none() && !list.mine).count(total)];
    if let Some(count) = list.to_review {
        ways.push(Way::new(address(Some("mine"), 1), w.t("notices-to-review"), list.mine).count(count));
    }
    for state in NoticeState::ALL {
        let count = list.counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, count)| *count);
        ways.push(Way::new(address(Some(state.code()), 1), w.t(state.key()), list.state == Some(state)).count(count));
    }
    let chosen = if list.mine { Some("mine") } else { list.state.map(NoticeState::code) };
    let previous = (list.page > 1).then(|| address(chosen, list.page - 1));
    let next = (list.page < list.pages).then(|| address(chosen, list.page + 1));
    let (page, pages) = (list.page, list.pages);
    let body = if list.rows.is_empty() {
        view! { <Empty icon_name="edit" title=w.t("notices-staff-none") text=w.t("notices-staff-none-text")/> }
            .into_any()
    } else {
        let columns = [
            "notice-column-title",
            "notice-column-kind",
            "notice-column-state",
            "notice-column-source",
            "notice-column-time",
        ];
        let rows = list
            .rows
            .into_iter()
            .map(|row| {
                let who = if row.author.is_empty() { row.source } else { format!("{} · {}", row.source, row.author) };
                let href = format!("/staff/notices/{}", row.id);
                vec![
                    Cell::new(view! { <a class="table-title" href=href>{row.title}</a> }),
                    Cell::new(w.t(row.kind.key())),
                    Cell::new(state_badge(w, row.state, row.expired, row.corrected)),
                    Cell::new(who),
                    Cell::new(time::ago(w, row.at, now)),
                ]
            })
            .collect();
        let columns = columns.iter().map(|key| w.t(key)).collect();
        view! { <Table caption=w.t("notices-staff-caption") columns=columns rows=rows/> }.into_any()
    };
    view! {
        {list.may_write.then(|| view! {
            <div class="buttons">
                <LinkButton href="/staff/notices/new" label=w.t("notice-new") weight=Weight::Primary icon_name="plus"/>
                <LinkButton href="/staff/questions" label=w.t("questions-open-list")/>
                <LinkButton href="/staff/notices/screens" label=w.t("screens-open")/>
            </div>
        })}
        {list.may_set.then(|| view! {
            <p><a class="more-link" href="/staff/notices/settings">{w.t("notice-settings")}</a></p>
        })}
        <Chips label=w.t("notices-states") ways=ways/>
        {body}
        <Pagination w=w page=page pages=pages previous=previous next=next/>
    }
}

/// Something that must be mended before a draft can go out.
pub struct Lacking {
    /// In words.
    pub text: String,
    /// The field of the editor.
    pub field: &'static str,
}

/// What `/staff/notices/{id}` shows.
pub struct StaffNotice {
    /// Id.
    pub id: String,
    /// State.
    pub state: NoticeState,
    /// It has left the lists.
    pub expired: bool,
    /// A later notice corrects it.
    pub corrected: bool,
    /// The latest notice of its chain, which alone can be corrected or taken back: its page for staff, and its title.
    pub latest: Option<(String, String)>,
    /// The version shown.
    pub version: i64,
    /// How many versions are kept.
    pub versions: usize,
    /// The reader may write here.
    pub may_write: bool,
    /// It takes an earlier notice back: it cannot be taken back itself.
    pub is_withdrawal: bool,
    /// It is to go out then.
    pub publish_at: Option<Timestamp>,
    /// It leaves the lists then.
    pub expires_at: Option<Timestamp>,
    /// Households and people it reaches, for drafts.
    pub reach: (i64, i64),
    /// What must be mended first.
    pub lacking: Vec<Lacking>,
    /// How many have confirmed that they saw it, for emergencies.
    pub confirmed: Option<i64>,
    /// It is about an activity that was published, and the reader may see who signed up.
    pub activity: bool,
    /// How residents see it.
    pub view: NoticeView,
    /// Hidden field of the form that begins a correction.
    pub form_key: String,
    /// The reason typed for a withdrawal that was refused, and why.
    pub withdrawal: Option<(String, String)>,
    /// Review by a second person.
    pub review: Review,
}

/// One notice with what can be done with it, under the frame's heading.
pub fn staff_notice(w: Words, now: Timestamp, mut notice: StaffNotice) -> impl IntoView {
    let badge = state_badge(w, notice.state, notice.expired, notice.corrected);
    let mut facts = vec![Fact::new(w.t("notice-column-state"), badge)];
    if let Some(at) = notice.publish_at.filter(|_| !notice.state.is_public()) {
        facts.push(Fact::new(w.t("notice-field-publish"), time::date_time(w.lang, at, now)));
    }
    if let Some(at) = notice.expires_at {
        facts.push(Fact::new(w.t("notice-field-expires"), time::date_time(w.lang, at, now)));
    }
    let (households, people) = notice.reach;
    let places = notice.view.places.join(&w.t("notice-place-comma"));
    facts.push(Fact::new(
        w.t("notice-reach"),
        w.tf(
            "notice-reach-text",
            &[("places", places.into()), ("households", households.into()), ("people", people.into())],
        ),
    ));
    if let Some(count) = notice.confirmed {
        let args = &[("count", count.into()), ("people", people.into())];
        facts.push(Fact::new(w.t("confirm-count"), w.tf("confirm-count-text", args)));
    }
    let view_part = notice.view.clone();
    let door = notice.activity.then(|| format!("/staff/notices/{}/sign-ups", notice.id));
    let seen = format!("/staff/notices/{}/preview?size=large", notice.id);
    let versions = (notice.versions > 0).then(|| {
        let href = format!("/staff/notices/{}/versions", notice.id);
        view! { <p><a class="more-link" href=href>{w.tf("notice-versions-link", &[("count", notice.versions.into())])}</a></p> }
    });
    let compared = compared(w, std::mem::take(&mut notice.review.compared));
    let may_act = notice.may_write || notice.review.may_decide;
    let actions = if may_act { actions(w, now, notice) } else { ().into_any() };
    view! {
        <div class="editor">
            <section class="stack">
                <Summary facts=facts/>
                {door.map(|href| view! {
                    <div class="buttons"><LinkButton href=href label=w.t("activity-door-open") icon_name="list"/></div>
                })}
                {actions}
                {compared}
                <p><a class="more-link" href=seen>{w.t("notice-seen-link")}</a></p>
                {versions}
            </section>
            <aside class="phone-preview" aria-labelledby="preview-title">
                <h2 id="preview-title">{w.t("notice-preview-title")}</h2>
                {notice_body(w, now, view_part)}
            </aside>
        </div>
    }
}

fn actions(w: Words, now: Timestamp, notice: StaffNotice) -> AnyView {
    let base = format!("/staff/notices/{}", notice.id);
    match notice.state {
        NoticeState::Draft => draft_actions(w, now, base, notice),
        NoticeState::Review => review_actions(w, base, notice.version, notice.reach, notice.may_write, notice.review),
        NoticeState::Scheduled => view! {
            <form method="post" action=format!("{base}/unschedule")>
                <p class="hint">{w.t("notice-unschedule-hint")}</p>
                <Button label=w.t("notice-unschedule")/>
            </form>
        }
        .into_any(),
        NoticeState::Published => published_actions(w, base, notice),
        NoticeState::Withdrawn => public_link(w, &notice.id),
    }
}

fn public_link(w: Words, id: &str) -> AnyView {
    view! {
        <p><a class="more-link" href=format!("/notices/{id}")>{w.t("notice-see-public")}</a></p>
        <p><a class="more-link" href=format!("/staff/notices/{id}/deliveries")>{w.t("sent-link")}</a></p>
    }
    .into_any()
}

fn draft_actions(w: Words, now: Timestamp, base: String, notice: StaffNotice) -> AnyView {
    let edit = format!("{base}/edit");
    let ready = notice.lacking.is_empty();
    let lacking = (!ready).then(|| {
        let items = notice
            .lacking
            .into_iter()
            .map(|lack| view! { <li><a href=format!("{edit}#{}", lack.field)>{lack.text}</a></li> })
            .collect_view();
        view! {
            <div class="error-summary" role="alert" tabindex="-1" id="errors">
                <h2>{w.t("notice-not-ready")}</h2>
                <ul>{items}</ul>
            </div>
        }
    });
    let later = notice.publish_at.is_some_and(|at| at > now);
    let publish = ready.then(|| {
        let (households, people) = notice.reach;
        let reach = &[("households", households.into()), ("people", people.into())];
        let (key, label) = match (notice.review.needed, later) {
            (true, _) => ("notice-ask-confirm", "notice-ask"),
            (false, true) => ("notice-schedule-confirm", "notice-schedule"),
            (false, false) => ("notice-publish-confirm", "notice-publish"),
        };
        let names = notice.review.reviewers.join(&w.t("notice-place-comma"));
        let asked = notice.review.needed.then(|| match names.is_empty() {
            true => view! { <p class="urgent">{w.t("notice-review-nobody")}</p> }.into_any(),
            false => view! { <p class="hint">{w.tf("notice-ask-whom", &[("names", names.into())])}</p> }.into_any(),
        });
        view! {
            <form method="post" action=format!("{base}/publish") class="stack">
                <input type="hidden" name="version" value=notice.version.to_string()/>
                <p>{w.tf(key, reach)}</p>
                {asked}
                <Button label=w.t(label) weight=Weight::Primary/>
            </form>
        }
    });
    view! {
        {returned_note(w, now, notice.review.returned)}
        {lacking}
        {publish}
        <div class="buttons">
            <LinkButton href=edit label=w.t("notice-edit") icon_name="edit"/>
        </div>
        <Confirm label=w.t("notice-discard") consequence=w.t("notice-discard-text")>
            <form method="post" action=format!("{base}/discard")>
                <Button label=w.t("notice-discard") weight=Weight::Danger/>
            </form>
        </Confirm>
    }
    .into_any()
}

fn published_actions(w: Words, base: String, notice: StaffNotice) -> AnyView {
    if let Some((href, title)) = notice.latest {
        return view! {
            {public_link(w, &notice.id)}
            <Note><p>{w.t("notice-superseded")} " " <a href=href>{title}</a></p></Note>
        }
        .into_any();
    }
    let correct = format!("{base}/correct");
    let withdraw = format!("{base}/withdraw");
    let refused = notice.withdrawal.is_some();
    let (reason, error) = notice.withdrawal.unzip();
    let most = u32::try_from(limits::REASON_CHARS).unwrap_or(u32::MAX);
    view! {
        {public_link(w, &notice.id)}
        <form method="post" action=correct class="stack">
            <input type="hidden" name="form_key" value=notice.form_key/>
            <p class="hint">{w.t("notice-never-edited")}</p>
            <Button label=w.t("notice-correct") icon_name="edit"/>
        </form>
        {(!notice.is_withdrawal).then(|| view! {
            <details class="confirm" open=refused>
                <summary class="button danger">{w.t("notice-withdraw")}</summary>
                <div class="card">
                    <p>{w.t("notice-withdraw-text")}</p>
                    <form method="post" action=withdraw class="form">
                        <TextArea
                            w=w
                            name="reason"
                            label=w.t("notice-withdraw-reason")
                            value=reason.unwrap_or_default()
                            error=error
                            maxlength=most
                        />
                        <Button label=w.t("notice-withdraw") weight=Weight::Danger/>
                    </form>
                </div>
            </details>
        })}
    }
    .into_any()
}
