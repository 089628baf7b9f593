//! What an operator sets where Cloudmore is not as the bridge expects it.

/// Other names for fields, as the simulated Cloudmore is told them.
pub const OTHER_NAMES: &str = r#"
[field_names.user]
name = "loginName"
firstName = "givenName"
email = "mail"
roleId = "organizationRoleId"
cellPhone = "mobile"
title = "jobTitle"
address = "postalAddress"
customProperties = "properties"
password = "initialPassword"
[field_names.administrator]
name = "userName"
roleId = "resellerRoleId"
[field_names.address]
countryCode = "country"
[field_names.customProperty]
value = "content"
[field_names.seat]
userId = "organizationUserId"
externalUserId = "externalId"
"#;

/// As the operator mends them.
pub const MENDED_NAMES: &str = r#"
[[broker.field]]
model = "user"
field = "name"
name = "loginName"
[[broker.field]]
model = "user"
field = "firstName"
name = "givenName"
[[broker.field]]
model = "user"
field = "email"
name = "mail"
[[broker.field]]
model = "user"
field = "roleId"
name = "organizationRoleId"
[[broker.field]]
model = "user"
field = "cellPhone"
name = "mobile"
[[broker.field]]
model = "user"
field = "title"
name = "jobTitle"
[[broker.field]]
model = "user"
field = "address"
name = "postalAddress"
[[broker.field]]
model = "user"
field = "customProperties"
name = "properties"
[[broker.field]]
model = "user"
field = "password"
name = "initialPassword"
[[broker.field]]
model = "administrator"
field = "name"
name = "userName"
[[broker.field]]
model = "administrator"
field = "roleId"
name = "resellerRoleId"
[[broker.field]]
model = "address"
field = "countryCode"
name = "country"
[[broker.field]]
model = "customProperty"
field = "value"
name = "content"
[[broker.field]]
model = "seat"
field = "userId"
name = "organizationUserId"
[[broker.field]]
model = "seat"
field = "externalUserId"
name = "externalId"
"#;

/// A number and a title for whoever has none.
pub const PHONE_AND_TITLE: &str = r#"
[tenant.account]
title = ["title", { text = "Staff" }]
cell_phone = ['phoneNumbers[type eq "mobile"]', { text = "+46 8 000 000" }]
[[tenant.account.custom_property]]
name = "Cost centre"
from = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"
"#;

/// A country for whoever has none.
pub const COUNTRY: &str = r#"
[tenant.account]
country = ['addresses[type eq "work"].country', { text = "EE" }]
[[tenant.account.custom_property]]
name = "Cost centre"
from = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"
"#;

/// The id of the property Cost centre in place of its name.
pub const PROPERTY_BY_ID: &str = r#"
[tenant.account]
[[tenant.account.custom_property]]
name = "d4c3b2a1-0001-4c9d-8f44-6b8a0c2e6001"
from = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"
"#;
