//! Integration tests: stories told through the public pages and API, and store tests, each on both engines.
//!
//! PostgreSQL is needed: `tools/postgres.sh cargo test` starts one for the length of the command.

mod process;
mod support;

mod access;
mod activities;
mod answers;
mod archive;
mod command;
mod door;
mod exports;
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
mod reading;
mod reports;
mod s3;
mod second_factor;
mod windows;
