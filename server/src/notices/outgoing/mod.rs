//! Notices on their way out of the page.
//!
//! A published notice queues one job, [`fan_out`]: it walks over the people whom the notice reaches, a batch at a time, and
//! writes for each the message in the inbox and a row for every way out that they have (`app::notices::following::plan`).
//! A row's id says notice, channel and person: there is one, ever. [`send`] takes due rows in small lots, each with one
//! statement and a lease, sends them and writes down what became of them; any number of servers do so at once.
//!
//! **The guarantee.** A row is marked as being sent before its message goes, and as delivered or failed after. A server
//! that is killed leaves rows marked as being sent, at most [`send::LOT`] for each of its [`send::LANES`] lanes of a channel.
//! When their lease has ended, another server takes them over. Push messages, and SMS whose provider is given `{id}`, are sent
//! again with the same topic or id, by which the other side knows them. Letters and other SMS are not: they end as failed,
//! `unsure`, and staff decide. The same holds when a provider is reached and does not say what became of a message.

mod digest;
pub mod fan_out;
mod message;
pub mod send;
pub mod staff;
pub(super) mod store;

pub use store::old::clear;
