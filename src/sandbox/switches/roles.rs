//! Switches for roles.

use super::choice::choice;

choice!(
    /// Whether a PUT must have the role.
    RoleOnPut {
        /// It must; without it 400.
        Required,
        /// It need not; the role stays.
        Optional,
    }
);
choice!(
    /// How a role id is written in answers.
    RoleIds {
        /// A JSON number.
        Number,
        /// A JSON string.
        String,
    }
);
choice!(
    /// How a role id may be sent.
    RoleIdsTaken {
        /// As a JSON number or as its digits.
        NumberOrString,
        /// As a JSON number only; else 400.
        NumberOnly,
    }
);
choice!(
    /// How a person's role is shown.
    RoleShown {
        /// `roleId` and `roleName`.
        IdAndName,
        /// `roleId` alone.
        IdOnly,
        /// An object `role` with `id` and `name`.
        Object,
    }
);
choice!(
    /// Whether the API account may make somebody a Super Admin.
    SuperAdminGrant {
        /// 403.
        Refused,
        /// It may.
        Allowed,
    }
);
