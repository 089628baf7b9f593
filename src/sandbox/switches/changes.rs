//! Switches for what changing and deleting a person does.

use super::choice::choice;

choice!(
    /// What a PUT does to fields that it leaves out.
    Put {
        /// Clears them.
        Clears,
        /// Keeps them.
        Keeps,
    }
);
choice!(
    /// What a PUT with another `name` does.
    PutName {
        /// Renames the account.
        Renames,
        /// Answers success and keeps the old name.
        Keeps,
    }
);
choice!(
    /// What a PUT with another role does.
    PutRole {
        /// Changes the role.
        Changes,
        /// Answers success and keeps the old role.
        Keeps,
    }
);
choice!(
    /// What a PUT with fields that only Cloudmore writes, or with a password, does.
    PutExtra {
        /// It ignores those that only Cloudmore writes, and takes the password.
        Ignores,
        /// 400 with messages by field.
        Refuses,
    }
);
choice!(
    /// What deleting a person does.
    Delete {
        /// Deletes the account.
        Deletes,
        /// Answers success and keeps the account.
        Keeps,
    }
);
choice!(
    /// How deleting somebody who does not exist is answered.
    DeleteMissing {
        /// As [`MissingIs`](super::MissingIs) has it.
        AsOthers,
        /// 204.
        NoContent,
    }
);
choice!(
    /// What deleting a user who still has assignments does.
    DeleteAssigned {
        /// Drops the assignments with the user.
        Cascades,
        /// 400.
        Refuses,
    }
);
