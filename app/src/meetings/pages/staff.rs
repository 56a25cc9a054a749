//! The list of bodies and sessions, and the page of one body, for staff.

use super::{ProposalLine, SessionLine, TaskLine, Typed, members::proposals, sessions, tasks};
use crate::{
    i18n::Words,
    meetings::{
        Mode, Rights, Seat,
        rules::{Majority, Quorum},
    },
    ui::parts::*,
};
use leptos::prelude::*;

/// A body in the list.
pub struct BodyLine {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Community and rules.
    pub note: String,
}

/// What `/staff/meetings` shows.
pub struct ListPage {
    /// Words.
    pub w: Words,
    /// Bodies.
    pub bodies: Vec<BodyLine>,
    /// Latest sessions.
    pub sessions: Vec<SessionLine>,
    /// Resolutions that are not over.
    pub tasks: Vec<TaskLine>,
    /// Code and name of communities for which the reader may make bodies; none: no form.
    pub communities: Vec<(String, String)>,
    /// What was typed.
    pub typed: Typed,
    /// One form makes one.
    pub key: String,
}

fn rules(w: Words, typed: &Typed, (quorum, majority): (Quorum, Majority)) -> AnyView {
    let quorums = Quorum::OFFERED
        .into_iter()
        .map(|(code, _, key)| (code.to_owned(), w.t(key)))
        .collect::<Vec<(String, String)>>();
    let majorities = Majority::ALL.into_iter().map(|one| (one.code().to_owned(), w.t(one.key()))).collect::<Vec<_>>();
    view! {
        <SelectField
            w=w
            name="body_quorum"
            label=w.t("meeting-quorum")
            hint=w.t("meeting-quorum-hint")
            options=quorums
            value=typed.or("body_quorum", quorum.code())
            error=typed.error("body_quorum")
        />
        <SelectField
            w=w
            name="body_majority"
            label=w.t("meeting-majority")
            options=majorities
            value=typed.or("body_majority", majority.code())
            error=typed.error("body_majority")
        />
    }
    .into_any()
}

fn name_field(w: Words, typed: &Typed, first: &str) -> AnyView {
    view! {
        <TextField
            w=w
            name="body_name"
            label=w.t("meeting-body-name")
            value=typed.or("body_name", first)
            error=typed.error("body_name")
        />
    }
    .into_any()
}

/// The list.
pub fn list_page(page: ListPage) -> AnyView {
    let ListPage { w, bodies, sessions: lines, tasks: open, communities, typed, key } = page;
    let none = bodies.is_empty();
    let rows = bodies
        .into_iter()
        .map(|body| {
            let href = format!("/staff/meetings/bodies/{}", body.id);
            view! { <Item w=w href=href title=body.name note=body.note icon_name="user"/> }
        })
        .collect_view();
    let form = (!communities.is_empty()).then(|| {
        let first = communities.first().map(|(code, _)| code.clone()).unwrap_or_default();
        view! {
            <details class="more" id="make" open=none || typed.troubled("body")>
                <summary>{w.t("meeting-body-make")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action="/staff/meetings">
                        <input type="hidden" name="key" value=key/>
                        <SelectField
                            w=w
                            name="body_community"
                            label=w.t("meeting-community")
                            options=communities
                            value=typed.or("body_community", first)
                            error=typed.error("body_community")
                        />
                        {name_field(w, &typed, "")}
                        {rules(w, &typed, (Quorum { over: 1, of: 2 }, Majority::Absolute))}
                        <Button label=w.t("meeting-body-make") weight=Weight::Primary/>
                    </form>
                </div>
            </details>
        }
    });
    let open = tasks(w, open).map(|list| view! { <Section title=w.t("meeting-resolutions-open")>{list}</Section> });
    let lines = sessions(w, lines).map(|list| view! { <Section title=w.t("meeting-sessions")>{list}</Section> });
    view! {
        <p class="lead">{w.t("meeting-lead")}</p>
        <ErrorSummary w=w errors=typed.summary()/>
        {none.then(|| view! { <Empty icon_name="user" title=w.t("meeting-none") text=w.t("meeting-none-text")/> })}
        {open}
        {lines}
        {(!none).then(|| view! { <Section title=w.t("meeting-bodies")><List>{rows}</List></Section> })}
        {form}
    }
    .into_any()
}

/// A member in the table.
pub struct MemberLine {
    /// Id of the membership.
    pub id: String,
    /// Name.
    pub name: String,
    /// Seat and whom they speak for.
    pub seat: String,
    /// Rights, in words.
    pub rights: String,
    /// From when until when, in words.
    pub time: String,
    /// It has no end yet.
    pub sits: bool,
}

/// What the page of a body shows.
pub struct BodyPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Name of the community.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Its rules.
    pub rules: (Quorum, Majority),
    /// The lock of its settings.
    pub version: i64,
    /// The reader runs it.
    pub manages: bool,
    /// Members.
    pub members: Vec<MemberLine>,
    /// Proposals.
    pub proposals: Vec<ProposalLine>,
    /// Sessions.
    pub sessions: Vec<SessionLine>,
    /// What was typed.
    pub typed: Typed,
    /// One form makes one.
    pub key: String,
}

/// The page of a body.
pub fn body_page(page: BodyPage) -> AnyView {
    let BodyPage {
        w,
        id,
        place,
        name,
        rules: set,
        version,
        manages,
        members,
        proposals: said,
        sessions: lines,
        typed,
        key,
    } = page;
    let here = format!("/staff/meetings/bodies/{id}");
    let head = format!("{place} · {} · {}", w.t(set.0.key()), w.t(set.1.key()));
    let none = members.is_empty();
    let lines = match sessions(w, lines) {
        Some(list) => list,
        None => view! { <p class="muted">{w.t("meeting-sessions-none")}</p> }.into_any(),
    };
    let table = (!none).then(|| member_table(w, &here, manages, members));
    let plan = manages.then(|| plan_form(w, &here, &typed, &key));
    let add = manages.then(|| member_form(w, &here, &typed, none));
    let settings = manages.then(|| {
        view! {
            <details class="more" open=typed.troubled("body")>
                <summary>{w.t("meeting-settings")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action=here.clone()>
                        <input type="hidden" name="version" value=version.to_string()/>
                        {name_field(w, &typed, &name)}
                        {rules(w, &typed, set)}
                        <Button label=w.t("meeting-save")/>
                    </form>
                </div>
            </details>
        }
    });
    let said = proposals(w, said, manages.then_some(here.as_str()), &typed);
    view! {
        <p class="meta">{head}</p>
        <ErrorSummary w=w errors=typed.summary()/>
        <Section title=w.t("meeting-sessions")>{lines} {plan}</Section>
        <Section title=w.t("meeting-proposals")>{said}</Section>
        <Section title=w.t("meeting-members")>
            {none.then(|| view! { <p class="muted">{w.t("meeting-members-none")}</p> })}
            {table}
            {add}
        </Section>
        {settings}
    }
    .into_any()
}

fn member_table(w: Words, here: &str, manages: bool, members: Vec<MemberLine>) -> AnyView {
    let rows: Vec<Vec<Cell>> = members
        .into_iter()
        .map(|member| {
            let end = (manages && member.sits).then(|| {
                let action = format!("{here}/members/{}/end", member.id);
                view! {
                    <form method="post" action=action>
                        <button class="button small">{w.t("meeting-member-end")}<span class="sr">" "{member.name.clone()}</span></button>
                    </form>
                }
            });
            vec![
                Cell::new(member.name),
                Cell::new(member.seat),
                Cell::new(member.rights),
                Cell::new(view! { <span>{member.time}</span> {end} }),
            ]
        })
        .collect();
    let columns = ["meeting-column-name", "meeting-column-seat", "meeting-column-rights", "meeting-column-time"];
    view! { <Table caption=w.t("meeting-members") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/> }.into_any()
}

fn plan_form(w: Words, here: &str, typed: &Typed, key: &str) -> AnyView {
    let modes = Mode::ALL.iter().map(|mode| Choice::new(mode.code(), w.t(mode.key()))).collect();
    view! {
        <details class="more" id="plan" open=typed.troubled("session")>
            <summary>{w.t("meeting-plan")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action=format!("{here}/sessions")>
                    <input type="hidden" name="key" value=key.to_owned()/>
                    <TextField
                        w=w
                        name="session_title"
                        label=w.t("meeting-session-title")
                        value=typed.get("session_title")
                        error=typed.error("session_title")
                    />
                    <TextField
                        w=w
                        name="session_starts"
                        label=w.t("meeting-session-starts")
                        value=typed.get("session_starts")
                        kind="datetime-local"
                        error=typed.error("session_starts")
                    />
                    <TextField
                        w=w
                        name="session_place"
                        label=w.t("meeting-session-place")
                        value=typed.get("session_place")
                        error=typed.error("session_place")
                    />
                    <RadioField
                        name="session_mode"
                        legend=w.t("meeting-session-mode")
                        choices=modes
                        value=typed.or("session_mode", "hall")
                        error=typed.error("session_mode")
                        inline=true
                    />
                    <Button label=w.t("meeting-plan") weight=Weight::Primary/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn member_form(w: Words, here: &str, typed: &Typed, open: bool) -> AnyView {
    let seats = Seat::ALL.iter().map(|seat| (seat.code().to_owned(), w.t(seat.key()))).collect::<Vec<_>>();
    let rights = Rights::WORDS.iter().map(|(code, key)| Choice::new(*code, w.t(key))).collect();
    let ticked = typed.all("member_rights");
    let fresh = typed.fields.is_empty();
    let ticked = if fresh { Rights::WORDS.iter().map(|(code, _)| (*code).to_owned()).collect() } else { ticked };
    view! {
        <details class="more" id="add-member" open=open || typed.troubled("member")>
            <summary>{w.t("meeting-member-add")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action=format!("{here}/members")>
                    <TextField
                        w=w
                        name="member_phone"
                        label=w.t("meeting-member-phone")
                        hint=w.t("meeting-member-phone-hint")
                        value=typed.get("member_phone")
                        kind="tel"
                        inputmode="tel"
                        maxlength=20
                        error=typed.error("member_phone")
                    />
                    <SelectField
                        w=w
                        name="member_seat"
                        label=w.t("meeting-member-seat")
                        options=seats
                        value=typed.or("member_seat", "committee")
                        error=typed.error("member_seat")
                    />
                    <TextField
                        w=w
                        name="member_for"
                        label=w.t("meeting-member-for")
                        hint=w.t("meeting-member-for-hint")
                        value=typed.get("member_for")
                        error=typed.error("member_for")
                        optional=true
                    />
                    <CheckField
                        name="member_rights"
                        legend=w.t("meeting-member-rights")
                        choices=rights
                        checked=ticked
                        error=typed.error("member_rights")
                    />
                    <TextField
                        w=w
                        name="member_from"
                        label=w.t("meeting-member-from")
                        hint=w.t("meeting-member-from-hint")
                        value=typed.get("member_from")
                        kind="date"
                        error=typed.error("member_from")
                        optional=true
                    />
                    <Button label=w.t("meeting-member-add") weight=Weight::Primary/>
                </form>
            </div>
        </details>
    }
    .into_any()
}
