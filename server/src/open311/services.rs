//! What can be reported, and what is asked with it.

use super::{
    Asked,
    answer::{Node, Refused, write},
    jurisdiction, named,
};
use crate::{
    http::Ctx,
    places::{self, OrganisationKind, landmarks},
    reports::categories::{self, Category},
};
use app::reports::due::LimitKind;
use axum::response::Response;

/// `/open311/v2/services`: the categories.
pub async fn list(ctx: Ctx) -> Response {
    write(named(&ctx).1, "services", services(&ctx).await)
}

async fn services(ctx: &Ctx) -> Result<Node, Refused> {
    jurisdiction(ctx, &Asked::query(ctx)).await?;
    let all = categories::all(&ctx.app.db).await?;
    Ok(Node::List("service", all.iter().map(|category| service(ctx, category)).collect()))
}

fn service(ctx: &Ctx, category: &Category) -> Node {
    let w = ctx.w;
    Node::Fields(vec![
        ("service_code", Node::Text(category.code.clone())),
        ("service_name", Node::Text(w.pick(&category.name, &category.name_en).to_owned())),
        ("description", Node::Text(promise(ctx, category))),
        ("metadata", Node::Flag(true)),
        ("type", Node::Text("realtime".to_owned())),
        ("keywords", Node::Text(category.hints().join(","))),
        ("group", Node::Text(w.pick(&category.major_name, &category.major_name_en).to_owned())),
    ])
}

/// The limit of a category in a sentence.
pub fn promise(ctx: &Ctx, category: &Category) -> String {
    let key = match category.limit() {
        LimitKind::Urgent => "open311-promise-urgent",
        LimitKind::WorkingHours => "open311-promise-hours",
        LimitKind::WorkingDays => "open311-promise-days",
    };
    ctx.w.tf(key, &[("count", category.limit_amount.into())])
}

/// `/open311/v2/services/{code}`: what is asked with it. The buildings and landmarks of a community are named when it is.
pub async fn definition(ctx: Ctx) -> Response {
    let (code, format) = named(&ctx);
    write(format, "service_definition", attributes(&ctx, &code).await)
}

async fn attributes(ctx: &Ctx, code: &str) -> Result<Node, Refused> {
    let community = jurisdiction(ctx, &Asked::query(ctx)).await?;
    let category = categories::by_code(&ctx.app.db, code).await?;
    let category = category.ok_or_else(|| Refused::missing("service_code was not found"))?;
    let mut attributes = Vec::new();
    if let Some(community) = &community {
        let buildings = places::store::under(&ctx.app.db, &community.path, OrganisationKind::Building).await?;
        let marks = landmarks::offered(&ctx.app.db, &community.id).await?;
        let buildings =
            buildings.iter().map(|building| value(ctx, &building.code, (&building.name, &building.name_en)));
        let marks = marks.iter().map(|mark| value(ctx, &mark.code, (&mark.name, &mark.name_en)));
        let values = buildings.chain(marks).collect();
        attributes.push(attribute(ctx, "building", "singlevaluelist", attributes.len(), values));
    }
    attributes.push(attribute(ctx, "place", "string", attributes.len(), Vec::new()));
    attributes.push(attribute(ctx, "number", "string", attributes.len(), Vec::new()));
    Ok(Node::Fields(vec![
        ("service_code", Node::Text(category.code)),
        ("attributes", Node::List("attribute", attributes)),
    ]))
}

fn value(ctx: &Ctx, code: &str, (zh, en): (&str, &str)) -> Node {
    Node::Fields(vec![("key", Node::Text(code.to_owned())), ("name", Node::Text(ctx.w.pick(zh, en).to_owned()))])
}

fn attribute(ctx: &Ctx, code: &'static str, datatype: &'static str, before: usize, values: Vec<Node>) -> Node {
    let words = match code {
        "building" => "open311-attribute-building",
        "place" => "open311-attribute-place",
        _ => "open311-attribute-number",
    };
    let order = u32::try_from(before + 1).map_or(1.0, f64::from);
    let mut fields = vec![
        ("variable", Node::Flag(true)),
        ("code", Node::Text(code.to_owned())),
        ("datatype", Node::Text(datatype.to_owned())),
        ("required", Node::Flag(false)),
        ("datatype_description", Node::Text(String::new())),
        ("order", Node::Number(order)),
        ("description", Node::Text(ctx.w.t(words))),
    ];
    if datatype == "singlevaluelist" {
        fields.push(("values", Node::List("value", values)));
    }
    Node::Fields(fields)
}
