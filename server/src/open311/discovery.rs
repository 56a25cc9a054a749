//! What there is, and where.

use super::{
    ROOT,
    answer::{Node, write},
    named,
};
use crate::{deliver::outbox::absolute, http::Ctx};
use axum::response::Response;

/// Changes when the interface does (date-time with a zone, as the specification asks).
const CHANGESET: &str = "2026-11-26T00:00:00+08:00";

/// `/open311/v2/discovery`.
pub async fn discovery(ctx: Ctx) -> Response {
    let text = |text: &str| Node::Text(text.to_owned());
    let formats = Node::List("format", vec![text("text/xml"), text("application/json")]);
    let endpoint = Node::Fields(vec![
        ("specification", text("http://wiki.open311.org/GeoReport_v2")),
        ("url", Node::Text(absolute(&ctx.app, ROOT))),
        ("changeset", text(CHANGESET)),
        ("type", text(if ctx.app.config.demo { "test" } else { "production" })),
        ("formats", formats),
    ]);
    let answer = Node::Fields(vec![
        ("changeset", text(CHANGESET)),
        ("contact", Node::Text(ctx.w.t("open311-contact"))),
        ("key_service", Node::Text(ctx.w.t("open311-key-service"))),
        ("endpoints", Node::List("endpoint", vec![endpoint])),
    ]);
    write(named(&ctx).1, "discovery", Ok(answer))
}
