//! Facts for any input.
