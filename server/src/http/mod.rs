//! HTTP: the table of routes, what a request knows about its reader, how pages and errors are answered.

pub mod api;
pub mod assets;
pub mod away;
pub mod body;
pub mod calendar;
pub mod ctx;
pub mod download;
pub mod error;
pub mod feed;
pub mod form;
pub mod health;
pub mod in_time;
pub mod middleware;
pub mod notes;
pub mod openapi;
pub mod page;
pub mod routes;
pub mod shared;
pub mod site;
pub mod xml;

pub use ctx::{Ctx, Writer};
pub use error::{Error, FieldProblem, Result};
pub use form::{FieldErrors, FormBody, Params};
pub use page::{Page, see_other, see_other_with};
pub use routes::{Access, Routes};
pub use shared::SameFor;
