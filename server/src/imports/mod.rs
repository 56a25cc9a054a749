//! Imports of tables. A file is read ([`file`]), kept in pieces ([`store`]), looked at line by line and then taken over
//! ([`work`], in the request for a small one, by a job for a long one) by what knows its kind ([`kinds`]). Who may do so is
//! asked in [`service`].
//!
//! What is taken over is what was shown: the lines are looked at again in the transaction that writes, and where the answer
//! has become another, nothing is written and the import is shown once more.

pub(crate) mod api;
pub mod command;
pub mod file;
mod geo;
pub mod kinds;
pub mod routes;
pub mod service;
pub mod store;
pub mod template;
pub mod work;
mod xlsx;
