//! Trace → timeline → frame at t.
