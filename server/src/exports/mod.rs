//! Exports: tables as files. Which columns each has is in [`tables`]; what an import takes is written as the import reads
//! it; [`sink`] makes CSV and xlsx of rows as they come. Who may have what is asked in [`service`].

pub(crate) mod api;
pub mod routes;
pub mod service;
pub(crate) mod sink;
mod tables;
