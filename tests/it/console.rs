//! Administrators: what each role may do.

mod roles;
