//! The `scim-bridge` program.

fn main() {}
