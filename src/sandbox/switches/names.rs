//! Switches for login names and e-mail addresses.

use super::choice::choice;

choice!(
    /// How a name that is taken is refused.
    Duplicate {
        /// 400 with a list of errors.
        ErrorList,
        /// 400 with messages by field.
        FieldMap,
        /// 409.
        Conflict,
        /// 400 without a body.
        Empty,
    }
);
choice!(
    /// Within what a name has to be unique.
    Names {
        /// Among all people of all organizations and resellers.
        UniqueEverywhere,
        /// Among the users of one organization, or the administrators of one reseller.
        UniqueInList,
    }
);
choice!(
    /// What the casing of a name means.
    NamesCase {
        /// Nothing: names that differ in case are the same, and each is kept as it was sent.
        Ignored,
        /// Nothing, and names are stored in lower case.
        Lowered,
        /// Names that differ in case are different.
        Significant,
    }
);
choice!(
    /// Whether two people may have one e-mail address.
    Emails {
        /// They may.
        Shared,
        /// They may not; refused like a name that is taken.
        Unique,
    }
);
choice!(
    /// What becomes of a user whose name is not in one of the organization's domains.
    Domains {
        /// 400.
        Refused,
        /// Nothing; any domain will do.
        Accepted,
    }
);
