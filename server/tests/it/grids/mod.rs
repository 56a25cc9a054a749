//! Grids: outlines, key contacts, who is responsible when, and changes of the net with their dates.

pub mod samples;
