//! Bad manifests, what is said of them, and that the fix makes it go away.
