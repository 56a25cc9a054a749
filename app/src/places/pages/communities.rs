//! The choice of a community.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// One community.
pub struct CommunityRow {
    /// Code in addresses.
    pub code: String,
    /// Name.
    pub name: String,
    /// Address, may be empty.
    pub address: String,
    /// The one chosen now.
    pub current: bool,
}

/// The communities of one subdistrict.
pub struct SubdistrictGroup {
    /// The subdistrict's name.
    pub name: String,
    /// Its communities.
    pub communities: Vec<CommunityRow>,
}

/// The list; each community is a button of one form.
pub fn communities(w: Words, next: String, groups: Vec<SubdistrictGroup>) -> AnyView {
    if groups.is_empty() {
        return view! {
            <Empty icon_name="pin" title=w.t("places-none") text=w.t("places-none-text")/>
        }
        .into_any();
    }
    let groups = groups
        .into_iter()
        .map(|group| {
            let rows = group
                .communities
                .into_iter()
                .map(|row| {
                    view! {
                        <li>
                            <button class="item pick" name="code" value=row.code aria-pressed=row.current.then_some("true")>
                                <span class="item-icon">{icon("pin")}</span>
                                <span class="item-main">
                                    <span class="item-title">{row.name}</span>
                                    {(!row.address.is_empty()).then(|| view! { <span class="item-note">{row.address}</span> })}
                                </span>
                                {row.current.then(|| view! {
                                    <span class="item-end"><Badge tone=Tone::Ok word=w.t("places-current")/></span>
                                })}
                            </button>
                        </li>
                    }
                })
                .collect_view();
            view! { <Section title=group.name><List>{rows}</List></Section> }
        })
        .collect_view();
    view! {
        <p class="lead">{w.t("places-choose-lead")}</p>
        <form class="stack loose" method="post" action="/communities">
            <input type="hidden" name="next" value=next/>
            {groups}
        </form>
    }
    .into_any()
}

/// What a link or QR code of a community that does not exist leads to.
pub fn no_such_community(w: Words) -> AnyView {
    view! {
        <Trouble text=w.t("places-unknown-text")>
            <LinkButton href="/communities" label=w.t("choose-community") weight=Weight::Primary/>
        </Trouble>
    }
    .into_any()
}
