//! `/api`: the description as a page to read.

use super::document;
use crate::http::{Ctx, Page, Result};
use app::ui::api_page::{ApiField, ApiGroup, ApiOperation, ApiPage, api_page};
use serde_json::{Value, json};

/// The groups of operations with the words of their headings.
const GROUPS: [(&str, &str); 15] = [
    ("me", "api-tag-me"),
    ("notices", "api-tag-notices"),
    ("services", "api-tag-services"),
    ("appointments", "api-tag-appointments"),
    ("reports", "api-tag-reports"),
    ("photos", "api-tag-photos"),
    ("tasks", "api-tag-tasks"),
    ("dispatch", "api-tag-dispatch"),
    ("counter", "api-tag-counter"),
    ("notice-desk", "api-tag-notice-desk"),
    ("statistics", "api-tag-statistics"),
    ("net", "api-tag-net"),
    ("governance", "api-tag-governance"),
    ("settings", "api-tag-settings"),
    ("administration", "api-tag-administration"),
];

/// The page.
pub async fn page(ctx: Ctx) -> Result {
    let document = document();
    let public = ctx.app.config.public_url.as_str().trim_end_matches('/');
    let manners = text(&document["info"]["description"]);
    let groups = GROUPS.map(|(name, key)| ApiGroup { key, id: name, operations: operations(document, name, public) });
    let page = ApiPage {
        w: ctx.w,
        manners: manners
            .split(". ")
            .collect::<Vec<_>>()
            .chunks(3)
            .map(|some| format!("{}.", some.join(". ").trim_end_matches('.')))
            .collect(),
        groups: groups.into(),
    };
    Ok(Page::new(&ctx, ctx.w.t("api-title")).back("/me").render(api_page(page)))
}

fn text(value: &Value) -> String {
    // Marks of Markdown are for other readers of the description.
    value.as_str().unwrap_or_default().replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The operations whose first tag this is.
fn operations(document: &Value, tag: &str, public: &str) -> Vec<ApiOperation> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if operation["tags"][0] == tag {
                all.push(one(document, (path, method), operation, public));
            }
        }
    }
    all
}

fn one(document: &Value, (path, method): (&str, &str), operation: &Value, public: &str) -> ApiOperation {
    let ways = operation["security"].as_array().cloned().unwrap_or_default();
    let scopes = ways.iter().flat_map(|way| way["token"].as_array().cloned().unwrap_or_default());
    let body = resolve(document, body_schema(operation));
    let notes = operation["description"].as_str().unwrap_or_default();
    ApiOperation {
        id: format!("{method}{}", path.replace(['/', '{', '}'], "-")),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        title: text(&operation["summary"]),
        notes: notes.split("\n\n").map(|part| text(&json!(part))).filter(|part| !part.is_empty()).collect(),
        scopes: scopes.filter_map(|scope| scope.as_str().map(str::to_owned)).collect(),
        open: ways.iter().any(|way| way.as_object().is_some_and(serde_json::Map::is_empty)),
        parameters: operation["parameters"].as_array().into_iter().flatten().filter_map(parameter).collect(),
        body: members(document, &body),
        answers: operation["responses"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(status, _)| {
                !matches!(status.as_str(), "400" | "401" | "403" | "405" | "413" | "415" | "500" | "503")
            })
            .map(|(status, answer)| (status.clone(), text(&resolve(document, answer.clone())["description"])))
            .collect(),
        curl: curl(document, (path, method), operation, public),
    }
}

/// Parameters that are this operation's own; those that are everybody's stand above.
fn parameter(parameter: &Value) -> Option<ApiField> {
    Some(ApiField {
        name: parameter["name"].as_str()?.to_owned(),
        takes: kind(&parameter["schema"]),
        required: parameter["required"] == true,
        words: text(&parameter["description"]),
    })
}

fn body_schema(operation: &Value) -> Value {
    let content = operation["requestBody"]["content"].as_object();
    content.and_then(|kinds| kinds.values().next()).map(|kind| kind["schema"].clone()).unwrap_or_default()
}

/// A schema with its reference followed; one that may be null is what else it may be.
fn resolve(document: &Value, schema: Value) -> Value {
    if let Some(one) = schema["oneOf"].as_array().and_then(|all| all.iter().find(|one| one.get("$ref").is_some())) {
        return resolve(document, one.clone());
    }
    match schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
        Some(path) => document.pointer(path).cloned().unwrap_or_default(),
        None => schema,
    }
}

fn members(document: &Value, schema: &Value) -> Vec<ApiField> {
    let mut all: Vec<ApiField> = Vec::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        all.extend(members(document, &resolve(document, part.clone())));
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        all.push(ApiField {
            name: name.clone(),
            takes: kind(member),
            required: required.contains(&name.as_str()),
            words: text(&member["description"]),
        });
    }
    all
}

fn kind(schema: &Value) -> String {
    let plain = |value: &Value| match value["type"].as_str() {
        Some("array") => format!("{}[]", kind(&value["items"])),
        Some(kind) => kind.to_owned(),
        None => "object".to_owned(),
    };
    match &schema["type"] {
        Value::Array(kinds) => {
            let first = kinds.iter().find(|kind| *kind != "null").and_then(Value::as_str).unwrap_or("object");
            if first == "array" { format!("{}[]", kind(&schema["items"])) } else { first.to_owned() }
        }
        _ => plain(schema),
    }
}

/// Something that fits a schema: its own example, else the simplest.
fn example(document: &Value, schema: &Value) -> Value {
    let schema = resolve(document, schema.clone());
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    let mut object = serde_json::Map::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        if let Value::Object(members) = example(document, part) {
            object.extend(members);
        }
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        if required.contains(&name.as_str()) {
            object.insert(name.clone(), example(document, member));
        }
    }
    match kind(&schema).as_str() {
        "object" => Value::Object(object),
        "string" => json!("…"),
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        _ => json!([]),
    }
}

/// A call to copy.
fn curl(document: &Value, (path, method): (&str, &str), operation: &Value, public: &str) -> String {
    let mut lines = vec![match method {
        "get" => format!("curl '{public}{path}'"),
        method => format!("curl -X {} '{public}{path}'", method.to_ascii_uppercase()),
    }];
    lines.push("-H \"Authorization: Bearer $LINLI_TOKEN\"".to_owned());
    let kinds = operation["requestBody"]["content"].as_object();
    match kinds.and_then(|kinds| kinds.keys().next()).map(String::as_str) {
        Some("application/json") => {
            lines.push("-H 'Content-Type: application/json'".to_owned());
            lines.push("-H \"Idempotency-Key: $(uuidgen)\"".to_owned());
            lines.push(format!("-d '{}'", example(document, &body_schema(operation))));
        }
        Some(_) => lines.push("-F 'photo=@photo.jpg'".to_owned()),
        None => {}
    }
    lines.join(" \\\n  ")
}
