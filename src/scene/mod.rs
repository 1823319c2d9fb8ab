//! Cluster → geometry.
