//! The first step of writing: what kind of notice it is.

use crate::{i18n::Words, notices::NoticeKind, ui::parts::*};
use leptos::prelude::*;

fn about(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Outage => "notice-about-outage",
        NoticeKind::Activity => "notice-about-activity",
        NoticeKind::Policy => "notice-about-policy",
        NoticeKind::Service => "notice-about-service",
        NoticeKind::Disclosure => "notice-about-disclosure",
        NoticeKind::Emergency => "notice-about-emergency",
    }
}

/// The kinds, each leading to an editor that is begun for it; under the frame's heading.
pub fn choose_kind(w: Words) -> impl IntoView {
    let kinds = NoticeKind::ALL
        .into_iter()
        .map(|kind| {
            let href = format!("/staff/notices/new?kind={}", kind.code());
            view! { <Item w=w href=href title=w.t(kind.key()) note=w.t(about(kind)) icon_name=kind.icon()/> }
        })
        .collect_view();
    view! {
        <p class="lead">{w.t("notice-choose-lead")}</p>
        <List>{kinds}</List>
        <p><a class="more-link" href="/staff/notices/new?kind=service&blank=1">{w.t("notice-choose-blank")}</a></p>
    }
}
