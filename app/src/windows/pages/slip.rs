//! `/staff/tickets/{id}/print`: a number on a roll of paper.

use super::Qr;
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A ticket to print on a roll of 58 or 80 mm.
pub struct PrintProps {
    /// Words.
    pub w: Words,
    /// Name of the hall.
    pub hall: String,
    /// Number.
    pub label: String,
    /// Item.
    pub title: String,
    /// When it was drawn.
    pub when: String,
    /// People before it.
    pub ahead: i64,
    /// Its link.
    pub qr: Option<Qr>,
    /// 58 or 80.
    pub width: i64,
    /// Address of this page, for the other width.
    pub address: String,
}

/// `/staff/tickets/{id}/print`.
pub fn print_page(props: PrintProps) -> AnyView {
    let PrintProps { w, hall, label, title, when, ahead, qr, width, address } = props;
    let qr = qr.map(|Qr { side, path }| {
        let whole = side + 8;
        view! {
            <svg class="slip-qr" viewBox=format!("-4 -4 {whole} {whole}") role="img" aria-label=w.t("queue-qr-follow")>
                <path d=path fill="#000" shape-rendering="crispEdges"></path>
            </svg>
        }
    });
    let ways = [58_i64, 80]
        .into_iter()
        .map(|mm| Way::new(format!("{address}?mm={mm}"), format!("{mm} mm"), mm == width))
        .collect::<Vec<_>>();
    view! {
        <div class="slip" data-mm=width.to_string()>
            <p>{hall}</p>
            <p class="slip-number">{label}</p>
            <p>{title}</p>
            <p>{w.tf("queue-line-ahead", &[("count", ahead.into())])}</p>
            {qr}
            <p>{w.t("queue-qr-follow")}</p>
            <p>{when}</p>
        </div>
        <Chips label=w.t("queue-paper") ways=ways/>
        <div class="buttons"><button class="button primary" data-do="print" hidden>{w.t("queue-print")}</button></div>
    }
    .into_any()
}
