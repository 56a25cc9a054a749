//! "Mine": the way to everything that is one's own.

use crate::{
    i18n::{Lang, Words},
    people::NAME_MAX,
    ui::{parts::*, shell::Size},
};
use leptos::prelude::*;

/// What the page shows of a person.
pub struct MeProps {
    /// Words.
    pub w: Words,
    /// Text size, for its switch.
    pub size: Size,
    /// Name; empty until given.
    pub name: String,
    /// Number as shown on screen.
    pub phone_masked: String,
    /// Home building or community in words.
    pub home: Option<String>,
    /// The community whose pages are shown.
    pub community: Option<String>,
    /// Unread messages.
    pub unread: i64,
    /// Works in `/staff`.
    pub staff: bool,
    /// Works in `/volunteer`.
    pub handler: bool,
    /// Acts for a property company.
    pub company: bool,
}

/// The page of somebody signed in.
pub fn me(props: MeProps) -> AnyView {
    let MeProps { w, size, name, phone_masked, home, community, unread, staff, handler, company } = props;
    let mark = name.chars().next().map_or_else(|| "·".to_owned(), String::from);
    let shown = if name.is_empty() { w.t("people-no-name") } else { name };
    let under = match home {
        Some(home) => format!("{phone_masked} · {home}"),
        None => phone_masked,
    };
    view! {
        <div class="who">
            <span class="who-mark" aria-hidden="true">{mark}</span>
            <div>
                <p class="who-name">{shown}</p>
                <p class="muted num">{under}</p>
            </div>
        </div>
        <List>
            <Item w=w href="/me/inbox" title=w.t("people-inbox") icon_name="bell">
                <Count count=unread spoken=w.tf("unread-count", &[("count", unread.into())])/>
            </Item>
            <Item w=w href="/me/appointments" title=w.t("people-my-appointments") icon_name="calendar"/>
            <Item w=w href="/me/reports" title=w.t("people-my-reports") icon_name="report"/>
            <Item w=w href="/me/sign-ups" title=w.t("activity-mine") icon_name="activity"/>
            <Item w=w href="/me/service" title=w.t("partners-record-title") icon_name="volunteer"/>
            <Item w=w href="/meetings" title=w.t("meeting-mine") icon_name="user"/>
            <Item w=w href="/property/rate" title=w.t("property-rate") icon_name="building"/>
        </List>
        {(staff || handler || company).then(|| view! {
            <Section title=w.t("people-work")>
                <List>
                    {staff.then(|| view! {
                        <Item w=w href="/staff" title=w.t("people-staff-area") icon_name="list"/>
                    })}
                    {handler.then(|| view! {
                        <Item w=w href="/volunteer" title=w.t("people-handler-area") icon_name="volunteer"/>
                    })}
                    {company.then(|| view! {
                        <Item w=w href="/companies" title=w.t("property-own") icon_name="building"/>
                    })}
                </List>
            </Section>
        })}
        <Section title=w.t("people-settings")>
            <List>
                <Item w=w href="/me/name" title=w.t("people-name-and-home") icon_name="user"/>
                {community_item(w, community)}
                <Item w=w href="/me/follows" title=w.t("follow-title") icon_name="bell"/>
                <Item w=w href="/me/email" title=w.t("people-email") icon_name="bell"/>
                <Item w=w href="/me/devices" title=w.t("people-devices") icon_name="device"/>
                <Item w=w href="/me/data" title=w.t("data-title") icon_name="shield"/>
                <Item w=w href="/me/tokens" title=w.t("token-title") icon_name="list"/>
            </List>
        </Section>
        {switches(w, size)}
        <form method="post" action="/logout">
            <Button label=w.t("people-logout") icon_name="logout" weight=Weight::Quiet/>
        </form>
    }
    .into_any()
}

/// The page of a visitor.
pub fn me_signed_out(w: Words, size: Size, community: Option<String>) -> AnyView {
    view! {
        <Empty icon_name="user" title=w.t("people-signed-out") text=w.t("people-signed-out-text")>
            <LinkButton href="/login?next=/me" label=w.t("people-login") weight=Weight::Primary/>
        </Empty>
        <List>{community_item(w, community)}</List>
        {switches(w, size)}
    }
    .into_any()
}

fn community_item(w: Words, community: Option<String>) -> AnyView {
    let note = community.unwrap_or_else(|| w.t("people-no-community"));
    view! { <Item w=w href="/communities?next=/me" title=w.t("people-community") note=note icon_name="pin"/> }
        .into_any()
}

/// Language and text size as radio-like buttons, each one form.
fn switches(w: Words, size: Size) -> AnyView {
    let lang = w.lang;
    view! {
        <form class="switches" method="post" action="/preferences">
            <input type="hidden" name="next" value="/me"/>
            <div class="between">
                <span id="switch-lang">{w.t("people-language")}</span>
                <div class="cluster" role="group" aria-labelledby="switch-lang">
                    <button class="button small" name="lang" value="zh-CN" lang="zh-CN" aria-pressed=pressed(lang == Lang::Zh)>
                        "中文"
                    </button>
                    <button class="button small" name="lang" value="en" lang="en" aria-pressed=pressed(lang == Lang::En)>
                        "English"
                    </button>
                </div>
            </div>
            <div class="between">
                <span id="switch-size">{w.t("people-size")}</span>
                <div class="cluster" role="group" aria-labelledby="switch-size">
                    <button class="button small" name="size" value="ordinary" aria-pressed=pressed(size == Size::Ordinary)>
                        {w.t("size-ordinary")}
                    </button>
                    <button class="button small" name="size" value="large" aria-pressed=pressed(size == Size::Large)>
                        {w.t("size-large")}
                    </button>
                </div>
            </div>
        </form>
    }
    .into_any()
}

fn pressed(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

/// The form for name and home.
pub struct NameProps {
    /// Words.
    pub w: Words,
    /// Where to go afterwards.
    pub next: String,
    /// Name as typed.
    pub name: String,
    /// What is wrong with it.
    pub name_error: Option<String>,
    /// Code of the chosen building, may be empty.
    pub building: String,
    /// What is wrong with that.
    pub building_error: Option<String>,
    /// The community whose buildings can be chosen, if one is known.
    pub community: Option<String>,
    /// Code and words of its buildings.
    pub buildings: Vec<(String, String)>,
    /// Asked right after the first login.
    pub first: bool,
}

/// Asks for name and home building.
pub fn name(props: NameProps) -> AnyView {
    let NameProps { w, next, name, name_error, building, building_error, community, buildings, first } = props;
    let errors: Vec<_> = [("name", &name_error), ("building", &building_error)]
        .into_iter()
        .filter_map(|(field, text)| text.clone().map(|text| (field.to_owned(), text)))
        .collect();
    let place = match community {
        Some(community) => {
            let mut options = vec![(String::new(), w.t("people-home-none"))];
            options.extend(buildings);
            view! {
                <SelectField
                    w=w
                    name="building"
                    label=w.tf("people-home-in", &[("community", community.into())])
                    hint=w.t("people-home-hint")
                    error=building_error
                    options=options
                    value=building
                    optional=true
                />
            }
            .into_any()
        }
        None => {
            view! { <p><a href="/communities?next=/me/name">{w.t("people-home-choose-community")}</a></p> }.into_any()
        }
    };
    view! {
        {first.then(|| view! { <p class="lead">{w.t("people-name-first")}</p> })}
        <ErrorSummary w=w errors=errors/>
        <form class="form" method="post" action="/me/name">
            <input type="hidden" name="next" value=next/>
            <TextField
                w=w
                name="name"
                label=w.t("people-name")
                hint=w.t("people-name-hint")
                error=name_error
                value=name
                autocomplete="name"
                maxlength=u32::try_from(NAME_MAX).ok()
                width="w-mid"
            />
            {place}
            <Buttons><Button label=w.t("people-save") weight=Weight::Primary/></Buttons>
        </form>
    }
    .into_any()
}
