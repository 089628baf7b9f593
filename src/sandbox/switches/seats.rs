//! Switches for subscriptions and who is assigned.

use super::choice::choice;

choice!(
    /// How assigning somebody who is assigned already is answered.
    AssignTwice {
        /// 400.
        BadRequest,
        /// 409.
        Conflict,
        /// 200, and nothing changes.
        Succeeds,
    }
);
choice!(
    /// What an external user id in an assignment does.
    ExternalIdOnAssign {
        /// It is set.
        Taken,
        /// Nothing; only a PUT sets it.
        Ignored,
    }
);
choice!(
    /// What assigning does when no seat is free.
    SeatsExhausted {
        /// 400.
        BadRequest,
        /// 409.
        Conflict,
        /// It assigns.
        Overbooks,
    }
);
choice!(
    /// Whether a cancelled subscription takes users.
    Cancelled {
        /// 400.
        Refuses,
        /// It does.
        Accepts,
    }
);
choice!(
    /// What unassigning does.
    Unassign {
        /// Takes the assignment away.
        Removes,
        /// Answers success and keeps the assignment.
        Keeps,
    }
);
choice!(
    /// How unassigning somebody who is not assigned is answered.
    UnassignMissing {
        /// 404.
        NotFound,
        /// 204.
        NoContent,
    }
);
choice!(
    /// What the users of a subscription are listed with.
    SeatRows {
        /// Ids, name, display name and e-mail.
        WithNames,
        /// Ids only.
        IdsOnly,
    }
);
