//! State, action, reducer, view data.

pub mod examples;
