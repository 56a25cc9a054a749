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
mod bulletins;
mod command;
mod consultations;
mod data;
mod door;
mod exports;
mod faults;
mod foundation;
mod grids;
mod handbook;
mod imports;
mod jobs;
mod keeping;
mod links;
mod mail;
mod matters;
mod meetings;
mod memory;
mod mine;
mod month;
mod net;
mod notices;
mod open311;
mod outgoing;
mod partners;
mod patrol;
mod peers;
mod places;
mod postgres_tls;
mod property;
mod reader;
mod reading;
mod reports;
mod s3;
mod second_factor;
mod secure;
mod shared;
mod supervision;
mod together;
mod webhooks;
mod windows;
