//! Answers in XML and JSON from one description, by the rules of GeoReport v2: in JSON the root disappears, the container
//! of a repeated child becomes an array even of one, what is empty becomes null, ids and codes are texts.

use crate::http::{Error, xml::Xml};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Obligatory by the specification.
    Xml,
    /// Beside it.
    Json,
}

/// A value of an answer.
#[derive(Clone, Debug)]
pub enum Node {
    /// A text; an empty one is null in JSON.
    Text(String),
    /// A number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// Named values in their order.
    Fields(Vec<(&'static str, Node)>),
    /// Repeated children of one name.
    List(&'static str, Vec<Node>),
}

impl Node {
    /// A text that may be missing.
    pub fn maybe(text: Option<impl Into<String>>) -> Node {
        Node::Text(text.map(Into::into).unwrap_or_default())
    }

    /// A number that may be missing.
    pub fn number(number: Option<f64>) -> Node {
        number.map_or(Node::Text(String::new()), Node::Number)
    }

    fn json(self) -> Value {
        match self {
            Node::Text(text) if text.is_empty() => Value::Null,
            Node::Text(text) => Value::String(text),
            Node::Number(number) => number.into(),
            Node::Flag(flag) => flag.into(),
            Node::Fields(fields) => Value::Object(
                fields.into_iter().map(|(name, node)| (name.to_owned(), node.json())).collect::<Map<_, _>>(),
            ),
            Node::List(_, nodes) => Value::Array(nodes.into_iter().map(Node::json).collect()),
        }
    }

    fn xml(self, name: &str, xml: &mut Xml) -> std::io::Result<()> {
        match self {
            Node::Text(text) => xml.text(name, &text),
            Node::Number(number) => xml.text(name, &number.to_string()),
            Node::Flag(flag) => xml.text(name, if flag { "true" } else { "false" }),
            Node::Fields(fields) => {
                xml.open(name, &[])?;
                for (name, node) in fields {
                    node.xml(name, xml)?;
                }
                xml.close(name)
            }
            Node::List(child, nodes) => {
                xml.open(name, &[])?;
                for node in nodes {
                    node.xml(child, xml)?;
                }
                xml.close(name)
            }
        }
    }
}

/// Why a call was refused, as the specification says it.
#[derive(Clone, Debug)]
pub struct Refused {
    status: StatusCode,
    description: String,
    retry_after: Option<u64>,
}

impl Refused {
    /// 400.
    pub fn wrong(description: impl Into<String>) -> Refused {
        Refused { status: StatusCode::BAD_REQUEST, description: description.into(), retry_after: None }
    }

    /// 404.
    pub fn missing(description: impl Into<String>) -> Refused {
        Refused { status: StatusCode::NOT_FOUND, description: description.into(), retry_after: None }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        let mut retry_after = None;
        let (status, description) = match &error {
            Error::NotFound => (StatusCode::NOT_FOUND, "not found".to_owned()),
            Error::SignIn | Error::SecondFactor | Error::Forbidden => {
                (StatusCode::FORBIDDEN, "api_key is missing, wrong, expired, or not for this".to_owned())
            }
            Error::TooMany { retry_after: seconds } => {
                retry_after = Some(*seconds);
                (StatusCode::TOO_MANY_REQUESTS, "too many requests".to_owned())
            }
            Error::Unavailable(_) | Error::Internal(_) => {
                retry_after = matches!(error, Error::Unavailable(_)).then_some(5);
                tracing::error!(error = format!("{error:?}"), "an Open311 call failed");
                (error.status(), "out of order, please try again".to_owned())
            }
            Error::BadRequest(text) | Error::Unprocessable(text) => (StatusCode::BAD_REQUEST, text.to_string()),
            Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too large".to_owned()),
            other => (StatusCode::BAD_REQUEST, other.to_string()),
        };
        Refused { status, description, retry_after }
    }
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Error::from(error).into()
    }
}

/// Writes an answer, or why there is none. `root` is the XML root of the answer.
pub fn write(format: Format, root: &'static str, answer: Result<Node, Refused>) -> Response {
    let (status, root, node, retry_after) = match answer {
        Ok(node) => (StatusCode::OK, root, node, None),
        Err(Refused { status, description, retry_after }) => {
            let error = Node::Fields(vec![
                ("code", Node::Text(status.as_u16().to_string())),
                ("description", Node::Text(description)),
            ]);
            (status, "errors", Node::List("error", vec![error]), retry_after)
        }
    };
    let (kind, body) = match format {
        Format::Json => ("application/json; charset=utf-8", node.json().to_string().into_bytes()),
        Format::Xml => match document(root, node) {
            Ok(body) => ("text/xml; charset=utf-8", body),
            Err(error) => return Error::from(anyhow::Error::new(error)).into_response(),
        },
    };
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache"), (header::VARY, "Accept-Language")];
    let mut response = (status, headers, body).into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn document(root: &str, node: Node) -> std::io::Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    node.xml(root, &mut xml)?;
    Ok(xml.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Node {
        Node::List(
            "request",
            vec![Node::Fields(vec![
                ("service_request_id", Node::Text("007".into())),
                ("zipcode", Node::Text(String::new())),
                ("lat", Node::Number(31.5)),
            ])],
        )
    }

    #[test]
    fn json_drops_the_root_keeps_arrays_of_one_and_says_null() {
        assert_eq!(one().json().to_string(), r#"[{"lat":31.5,"service_request_id":"007","zipcode":null}]"#);
    }

    #[test]
    fn xml_has_the_root_and_escapes() {
        let text = String::from_utf8(document("service_requests", one()).expect("written")).expect("UTF-8");
        assert!(text.contains("<service_requests>") && text.contains("<lat>31.5</lat>"), "{text}");
        let evil = Node::Text("<script>&\u{0}".into());
        let text = String::from_utf8(document("errors", evil).expect("written")).expect("UTF-8");
        assert!(text.contains("&lt;script&gt;&amp;</errors>"), "{text}");
    }
}
