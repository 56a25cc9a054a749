//! What concerns a person, newest first.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// One message.
pub struct InboxRow {
    /// Its id.
    pub id: String,
    /// Its text, in words.
    pub text: String,
    /// When, in words.
    pub when: String,
    /// Not yet read.
    pub unread: bool,
}

/// The list. Opening a message marks it as read and leads to what it tells of.
pub fn inbox(w: Words, rows: Vec<InboxRow>) -> AnyView {
    if rows.is_empty() {
        return view! {
            <Empty icon_name="bell" title=w.t("people-inbox-empty") text=w.t("people-inbox-empty-text")>
                <LinkButton href="/notices" label=w.t("people-inbox-empty-do") weight=Weight::Primary/>
            </Empty>
        }
        .into_any();
    }
    let unread = rows.iter().any(|row| row.unread);
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <Item w=w href=format!("/me/inbox/{}", row.id) title=row.text note=row.when unread=row.unread/>
            }
        })
        .collect_view();
    view! {
        {unread.then(|| view! {
            <form method="post" action="/me/inbox">
                <Button label=w.t("people-inbox-read-all") icon_name="check" small=true/>
            </form>
        })}
        <List>{rows}</List>
    }
    .into_any()
}
