//! Switches for the token endpoint.

use super::choice::choice;

choice!(
    /// Status of a refused token request; the body is the same.
    TokenErrors {
        /// 400, as OAuth says.
        BadRequest,
        /// 401, as Cloudmore's list of codes says.
        Unauthorized,
    }
);
choice!(
    /// How the client secret may reach the token endpoint.
    ClientAuth {
        /// As a Basic header or as form fields.
        Both,
        /// As a Basic header only.
        Basic,
        /// As form fields only.
        Form,
    }
);
choice!(
    /// What a token looks like.
    TokenForm {
        /// A JWT whose claim `ParentId` is the reseller's id.
        WithParent,
        /// A JWT without that claim.
        WithoutParent,
        /// Letters and digits that say nothing.
        Opaque,
    }
);
