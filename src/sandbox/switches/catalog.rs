//! Switches for what an operator picks ids from, and for user groups.

use super::choice::choice;

choice!(
    /// The key of a subscription's id.
    SubscriptionKey {
        /// `id`.
        Id,
        /// `subscriptionId`.
        SubscriptionId,
    }
);
choice!(
    /// How the state of a subscription is shown.
    SubscriptionStatus {
        /// `Active` or `Cancelled`.
        Word,
        /// `Active` or `Canceled`.
        OneL,
        /// 0 or 1.
        Number,
        /// Not at all.
        Absent,
    }
);
choice!(
    /// How the product of a subscription is shown.
    Product {
        /// `productName`.
        Name,
        /// An object `product` with `name`.
        Object,
    }
);
choice!(
    /// Whether a service says that users are assigned to it.
    UserAssigned {
        /// It does.
        Shown,
        /// It does not.
        Hidden,
    }
);
choice!(
    /// Whether an organization says which domains it has.
    OrganizationDomains {
        /// It does.
        Shown,
        /// It does not.
        Hidden,
    }
);
choice!(
    /// Under which key a new member of a user group is named.
    GroupMemberKey {
        /// `userId` or `id`.
        Either,
        /// `userId` only.
        UserId,
        /// `id` only.
        Id,
    }
);
choice!(
    /// The id of a member of a user group.
    GroupMemberIds {
        /// The user's own.
        User,
        /// One of the membership's own.
        Membership,
    }
);
