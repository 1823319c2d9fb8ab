//! Which addresses and node ports objects get, and keep.

/// Addresses and ports in use, by owner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Allocations {}
