//! What holds for every operation is written into the description here, from the table of routes: who may call, which
//! scope a token needs, how an operation fails, how it is sent again, how a read is asked for again.

use crate::http::{Access, api::is_a_vote, routes};
use app::people::{Room, Scope};
use axum::http::Method;
use serde_json::{Map, Value, json};

/// Statuses of failures that any operation may answer, with their words.
const FAILURES: [(&str, &str); 8] = [
    ("400", "It cannot be read: a parameter, a header, or a body that is no JSON"),
    (
        "401",
        "Nobody is signed in and somebody must be, or the token or key is none that holds; `WWW-Authenticate` says which",
    ),
    ("403", "Not allowed: the role, the token's scope or the missing second factor"),
    ("404", "There is no such thing, or none that the caller may know of"),
    ("405", "The address does not have this method; `Allow` says which it has"),
    ("429", "A limit was reached; `Retry-After` and the `RateLimit` fields say when to try again"),
    ("500", "A mistake of ours; `request_id` finds it in the log"),
    ("503", "The database or the photo store does not answer or is overloaded; try again after `Retry-After` seconds"),
];
/// Those of operations that send something.
const SENDING: [(&str, &str); 5] = [
    ("409", "The state does not allow it (any more)"),
    ("412", "It is not any more as `If-Match` says, or was written in another session"),
    ("413", "More bytes than we take"),
    ("415", "Another kind of body than the operation takes"),
    ("422", "A field is not acceptable (`errors` says which), or the `Idempotency-Key` came with other content before"),
];

/// Fills in what holds for all.
pub fn fill(mut api: Value) -> Value {
    alike(&mut api);
    let list = routes::all();
    for route in list.list().iter().filter(|route| route.path.starts_with("/api/v1/")) {
        let method = route.method.as_str().to_ascii_lowercase();
        let described = api["paths"].get_mut(route.path).and_then(|item| item.get_mut(&method));
        let Some(operation) = described.and_then(Value::as_object_mut) else { continue };
        operation.insert("security".to_owned(), security(route.access, &route.method, route.path));
        describe_access(operation, route.access);
        failures(operation, route.method != Method::GET);
        if route.method == Method::POST && !is_a_vote(route.path) {
            parameter(operation, "IdempotencyKey");
        }
        if route.method == Method::GET && has_json(operation) {
            parameter(operation, "IfNoneMatch");
            reading(operation);
        }
    }
    api["paths"]["/api/v1/photos"]["post"]["requestBody"] = photo();
    for (path, text, says, file, kind) in FILES {
        api["paths"][path]["post"]["requestBody"] = form_with_file((text, says), (file, kind));
    }
    api["components"]["schemas"]["Problem"] = problem();
    api["components"]["responses"] = common_failures();
    api["components"]["parameters"] = parameters();
    api["components"]["headers"] = headers();
    api["components"]["securitySchemes"] = json!({
        "token": {
            "type": "http", "scheme": "bearer",
            "description": "A personal token (`linlip_…`, made at /me/tokens, with scopes) acts for its person; an integration \
                            key (`linli_…`, made with `linli key add`) acts for another system. Other cookies do not count beside it.",
        },
        "session": {
            "type": "apiKey", "in": "cookie", "name": "linli",
            "description": "The session of a page. Over https the cookie is `__Host-linli`. Requests that change something \
                            have to come from a page of ours.",
        },
    });
    api
}

/// Pairs of the same are lists of two: generators and checkers of others know no `prefixItems`.
fn alike(node: &mut Value) {
    match node {
        Value::Object(map) => {
            let all = map.get("prefixItems").and_then(Value::as_array).cloned().unwrap_or_default();
            if let [first, rest @ ..] = all.as_slice()
                && rest.iter().all(|other| other == first)
            {
                map.remove("prefixItems");
                map.insert("items".to_owned(), first.clone());
                map.insert("minItems".to_owned(), all.len().into());
                map.insert("maxItems".to_owned(), all.len().into());
            }
            map.values_mut().for_each(alike);
        }
        Value::Array(all) => all.iter_mut().for_each(alike),
        _ => {}
    }
}

/// Who may call, and with which scope.
fn security(access: Access, method: &Method, path: &str) -> Value {
    let writes = *method != Method::GET;
    let mut scopes: Vec<String> = Room::of(path).map(|room| room.scope(writes)).into_iter().collect();
    if matches!((method, path), (&Method::POST, "/api/v1/reports" | "/api/v1/photos")) {
        scopes.push(Scope::ReportsFile.code().to_owned());
    }
    let mut ways = vec![json!({ "token": scopes }), json!({ "session": [] })];
    if access == Access::Public {
        ways.insert(0, json!({}));
    }
    Value::Array(ways)
}

fn describe_access(operation: &mut Map<String, Value>, access: Access) {
    let who = match access {
        Access::Public => return,
        Access::SignedIn => "For everybody with an account.".to_owned(),
        Access::Needs(action) => format!("For roles that may do `{}`.", action.code()),
    };
    let said = operation.get("description").and_then(Value::as_str).unwrap_or_default();
    let text = if said.is_empty() { who } else { format!("{said}\n\n{who}") };
    operation.insert("description".to_owned(), text.into());
}

fn failures(operation: &mut Map<String, Value>, sends: bool) {
    let Some(responses) = operation.entry("responses").or_insert_with(|| json!({})).as_object_mut() else { return };
    let sending = if sends { SENDING.as_slice() } else { &SENDING[4..] };
    for (status, response) in responses.iter_mut().filter(|(status, _)| status.starts_with(['4', '5'])) {
        let Some(response) = response.as_object_mut() else { continue };
        let words = response.get("description").and_then(Value::as_str).filter(|words| !words.is_empty());
        let words = words.unwrap_or_else(|| words_of(status)).to_owned();
        *response = failure(status, &words);
    }
    for (status, _) in FAILURES.iter().chain(sending) {
        let common = json!({ "$ref": format!("#/components/responses/{FAILURE}{status}") });
        responses.entry(*status).or_insert(common);
    }
}

/// How failures that are everybody's are named among the components.
const FAILURE: &str = "Failure";

fn words_of(status: &str) -> &'static str {
    FAILURES.iter().chain(&SENDING).find(|(known, _)| *known == status).map_or("", |(_, words)| *words)
}

/// Failures that are everybody's.
fn common_failures() -> Value {
    let one = |(status, words): &(&str, &str)| (format!("{FAILURE}{status}"), Value::Object(failure(status, words)));
    Value::Object(FAILURES.iter().chain(&SENDING).map(one).collect())
}

fn failure(status: &str, words: &str) -> Map<String, Value> {
    let mut response = Map::new();
    response.insert("description".to_owned(), words.into());
    response.insert(
        "content".to_owned(),
        json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }),
    );
    match status {
        "401" => said(&mut response, &["WWW-Authenticate"]),
        "429" => said(&mut response, &["Retry-After", "RateLimit", "RateLimit-Policy"]),
        "503" => said(&mut response, &["Retry-After"]),
        _ => {}
    }
    response
}

fn said(response: &mut Map<String, Value>, names: &[&str]) {
    let headers = response.entry("headers").or_insert_with(|| json!({}));
    for name in names {
        headers[*name] = json!({ "$ref": format!("#/components/headers/{name}") });
    }
}

fn parameter(operation: &mut Map<String, Value>, name: &str) {
    if let Some(all) = operation.entry("parameters").or_insert_with(|| json!([])).as_array_mut() {
        all.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
    }
}

fn has_json(operation: &Map<String, Value>) -> bool {
    operation["responses"].get("200").is_some_and(|response| response["content"].get("application/json").is_some())
}

/// A read has an entity tag; a list says where its next page is.
fn reading(operation: &mut Map<String, Value>) {
    let pages = operation
        .get("parameters")
        .and_then(Value::as_array)
        .is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "cursor"));
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    if let Some(ok) = responses.get_mut("200").and_then(Value::as_object_mut) {
        said(ok, if pages { &["ETag", "Link"] } else { &["ETag"] });
        if ok.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
            ok.insert("description".to_owned(), "What was asked for".into());
        }
    }
    responses.insert("304".to_owned(), json!({ "description": "It is as `If-None-Match` says" }));
}

/// Forms with a file besides photos: the path, a text field and what it says (may be empty), the file's field and what it is.
const FILES: [(&str, &str, &str, &str, &str); 4] = [
    (
        "/api/v1/staff/notices/{id}/pictures",
        "alt",
        "What it shows, for those who do not see it",
        "picture",
        "JPEG, PNG or WebP",
    ),
    ("/api/v1/staff/notices/{id}/files", "", "", "file", "PDF"),
    ("/api/v1/staff/meetings/{id}/papers/{item}", "", "", "file", "PDF"),
    (
        "/api/v1/staff/imports",
        "kind",
        "Kind of the table, as `template` takes it",
        "file",
        "CSV or xlsx, or GeoJSON for places",
    ),
];

fn form_with_file((text, says): (&str, &str), (file, kind): (&str, &str)) -> Value {
    let mut properties = Map::new();
    if !text.is_empty() {
        properties.insert(text.to_owned(), json!({ "type": "string", "description": says }));
    }
    let bytes = json!({
        "type": "string", "format": "binary", "contentMediaType": "application/octet-stream", "description": kind,
    });
    properties.insert(file.to_owned(), bytes);
    let required: Vec<String> = properties.keys().cloned().collect();
    let schema = json!({ "type": "object", "required": required, "properties": properties });
    json!({ "required": true, "content": { "multipart/form-data": { "schema": schema } } })
}

/// The form with a photo, which has a reader of its own.
fn photo() -> Value {
    json!({
        "required": true,
        "content": { "multipart/form-data": { "schema": {
            "type": "object",
            "required": ["photo"],
            "properties": {
                "key": {
                    "type": "string", "pattern": "^[A-Za-z0-9_-]{16,64}$",
                    "description": "Made by the sender, before the file: the same key is the same photo.",
                },
                "photo": {
                    "type": "string", "format": "binary", "contentMediaType": "application/octet-stream",
                    "description": "JPEG, PNG or WebP",
                },
            },
        } } },
    })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "required": ["type", "title", "status", "detail", "instance", "request_id"],
        "properties": {
            "type": {
                "type": "string",
                "description": "`about:blank`, or a name for programs: `urn:linli:problem:…`",
            },
            "title": { "type": "string", "description": "In the language of the request" },
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "detail": { "type": "string" },
            "instance": { "type": "string", "description": "The path" },
            "request_id": { "type": "string", "description": "Finds the request in the log" },
            "errors": {
                "type": "array",
                "description": "What is wrong with which field",
                "items": {
                    "type": "object",
                    "required": ["pointer", "detail"],
                    "properties": {
                        "pointer": { "type": "string", "description": "JSON pointer into the body, or the name of a parameter" },
                        "detail": { "type": "string" },
                    },
                },
            },
        },
        "example": {
            "type": "urn:linli:problem:fields",
            "title": "We could not read that",
            "status": 422,
            "detail": "community: there is no such community",
            "instance": "/api/v1/reports",
            "request_id": "7KQ2M9XAB3",
            "errors": [{ "pointer": "#/community", "detail": "there is no such community" }],
        },
    })
}

fn parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "1 to 100 visible characters, made by the caller. The same request with the same key is answered like \
                            the first (`Idempotency-Replayed: true`) for a day and creates nothing more; with other content it is \
                            422, while the first is being dealt with 409. What failed may be sent again with the same key.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$" },
        },
        "IfNoneMatch": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "The `ETag` of the answer that the caller has: it is answered 304 while that is the same.",
            "schema": { "type": "string" },
        },
    })
}

fn headers() -> Value {
    let text = |words: &str| json!({ "description": words, "schema": { "type": "string" } });
    let number = |words: &str| json!({ "description": words, "schema": { "type": "integer" } });
    json!({
        "ETag": text("What `If-None-Match` takes. Of something with a version: `\"v7-…\"`, which `If-Match` takes as well"),
        "Link": text("`<address>; rel=\"next\"` (RFC 8288): the next page; absent on the last one"),
        "Retry-After": number("Seconds"),
        "RateLimit": text("`\"name\";r=left;t=seconds until it begins anew`. Also as RateLimit-Limit, -Remaining and -Reset"),
        "RateLimit-Policy": text("`\"name\";q=uses;w=seconds`"),
        "WWW-Authenticate": text("`Bearer`, with `error` and `scope`"),
    })
}
