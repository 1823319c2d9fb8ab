//! How much text is read. Everything has a limit, so that no text can hang the page.

/// Bytes of a whole text. What is beyond is not read.
pub const BYTES_MAX: usize = 16 << 20;
/// Documents of a whole text.
pub const DOCUMENTS_MAX: usize = 20_000;
/// Levels of lists and maps inside each other.
pub const DEPTH_MAX: usize = 100;
/// Values that anchors and aliases may copy in one document.
pub const ALIAS_NODES_MAX: usize = 10_000;
/// Problems reported for one document.
pub const PROBLEMS_MAX: usize = 100;
