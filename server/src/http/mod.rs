//! HTTP: the table of routes, what a request knows about its reader, how pages and errors are answered.

pub mod assets;
pub mod calendar;
pub mod ctx;
pub mod download;
pub mod error;
pub mod feed;
pub mod form;
pub mod health;
pub mod middleware;
pub mod openapi;
pub mod page;
pub mod routes;
pub mod site;
pub mod xml;

pub use ctx::{Ctx, Writer};
pub use error::{Error, Result};
pub use form::{FieldErrors, FormBody, Params};
pub use page::{Page, see_other, see_other_with};
pub use routes::{Access, Routes};
