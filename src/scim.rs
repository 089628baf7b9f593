//! SCIM 2.0 as pure functions over JSON: knows no tenant and no Cloudmore.
