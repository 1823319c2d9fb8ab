//! State, action, reducer, view data.
