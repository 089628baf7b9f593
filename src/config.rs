//! Configuration: one TOML file, overridden by environment, secrets by reference, all mistakes at once.
