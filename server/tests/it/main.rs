//! Integration tests: stories told through the public pages and API, and store tests, each on both engines.
//!
//! PostgreSQL is needed: `tools/postgres.sh cargo test` starts one for the length of the command.

mod process;
mod s3_server;
mod support;

mod access;
mod activities;
mod answers;
mod api;
mod archive;
mod bodies;
mod command;
mod data;
mod door;
mod exports;
mod faults;
mod foundation;
mod imports;
mod jobs;
mod keeping;
mod links;
mod mail;
mod memory;
mod mine;
mod notices;
mod open311;
mod outgoing;
mod peers;
mod places;
mod postgres_tls;
mod reading;
mod reports;
mod s3;
mod second_factor;
mod secure;
mod shared;
mod webhooks;
mod windows;
