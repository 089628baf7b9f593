//! Switches for what a person's fields are asked for and how they are shown.

use super::choice::choice;

choice!(
    /// How much of a person a list shows.
    ListRows {
        /// Names, e-mail and role only; title, phone, address and the rest need a read of the one person.
        Short,
        /// Everything.
        Full,
        /// Id and name only.
        Minimal,
    }
);
choice!(
    /// Which fields a create must have.
    RequiredFields {
        /// Names, e-mail, role and password.
        Core,
        /// Also the title and the cell phone with its prefix.
        WithTitleAndPhone,
        /// Also an address.
        WithAddress,
    }
);
choice!(
    /// Which fields a PUT must have, besides the role.
    RequiredOnPut {
        /// None.
        Nothing,
        /// Those that a create must have, but for the password.
        AsOnCreate,
    }
);
choice!(
    /// What becomes of a badly formed phone number.
    PhoneFormat {
        /// 400 for the whole call.
        Strict,
        /// It is stored.
        Anything,
    }
);
choice!(
    /// What the flag `isActive` does.
    ActiveFlag {
        /// It is stored and shown; who has none is active.
        Honoured,
        /// A PUT answers success and keeps the old value.
        Ignored,
        /// Cloudmore knows no such flag: it is neither shown nor stored.
        Absent,
    }
);
choice!(
    /// When a person's address is shown.
    AddressShown {
        /// When there is one.
        WhenSet,
        /// Always; its fields are null when there is none.
        Always,
    }
);
choice!(
    /// The keys of a person's custom properties.
    CustomPropertyKeys {
        /// `name` and `value`.
        NameAndValue,
        /// `propertyId` and `value`.
        PropertyIdAndValue,
        /// `propertyId`, `name` and `value`; either of the first two is understood.
        All,
    }
);
choice!(
    /// What becomes of a custom property that the broker has not defined.
    UndefinedProperties {
        /// It is stored; one that comes with an id alone is refused.
        Stored,
        /// 400 for the whole call.
        Refused,
        /// It is dropped without a word.
        Dropped,
    }
);
choice!(
    /// How the last sign-in is written.
    LastAccessedFormat {
        /// As `2025-03-14T09:26:53Z`, and null for who never signed in.
        Zulu,
        /// As `2025-03-14T09:26:53`.
        WithoutZone,
        /// As `2025-03-14T09:26:53.1234567`.
        Fraction,
        /// As `2025-03-14T09:26:53+00:00`.
        Offset,
        /// As `2025-03-14T09:26:53`, and `0001-01-01T00:00:00` for who never signed in.
        YearOne,
        /// Always null.
        Null,
        /// Not at all.
        Absent,
        /// As no date: `14.03.2025 09.26`.
        Unparsable,
    }
);
choice!(
    /// How the ids of new people are made and written.
    PersonIds {
        /// GUIDs, as text.
        Guid,
        /// Numbers, as JSON numbers.
        Number,
    }
);
choice!(
    /// What becomes of a person's fields that Cloudmore does not know.
    UnknownFields {
        /// They are stored and returned.
        Stored,
        /// They are dropped without a word.
        Dropped,
    }
);
