//! Supervision: orders (督办) and rectification notices (整改通知).

pub mod samples;
