//! Cloudmore's REST API: the only room that knows its paths and field names.
