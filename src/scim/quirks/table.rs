//! The quirks as data: name, source, and which clients are known to send it.

use super::{Profile, QuirkSet};

macro_rules! quirks {
    ($($(#[$doc:meta])+ $quirk:ident, $name:literal, [$($client:ident),*], $source:literal;)+) => {
        /// A way in which a request may differ from the standard and still be understood.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Quirk {
            $($(#[$doc])+ $quirk,)+
        }

        impl Quirk {
            /// Every quirk, in the order of the table.
            pub const ALL: [Self; const { [$($name),+].len() }] = [$(Self::$quirk),+];

            /// The name in logs, counters and the admin API.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$quirk => $name,)+
                }
            }

            /// Who needs it and what the standard says: rows (Q…) and sections of `reference/idp-behaviour.md`.
            pub const fn source(self) -> &'static str {
                match self {
                    $(Self::$quirk => $source,)+
                }
            }

            const fn clients(self) -> &'static [Profile] {
                match self {
                    $(Self::$quirk => &[$(Profile::$client),*],)+
                }
            }
        }
    };
}

quirks! {
    /// An attribute or extension that no schema here has: ignored.
    UnknownAttribute, "unknown_attribute", [Entra, Okta], "Q018, Q019, Q067, Q091; section 8, decision 5";
    /// `schemas` is missing, or lists other schemas than the body uses: the data decides.
    SchemasDiffer, "schemas_differ", [Entra, Okta], "section 0.1, rule 3; Q018, Q019, Q076, Q142; RFC 7643 section 3.1";
    /// `""` for "no value", which the standard writes as `null`.
    EmptyText, "empty_text", [Entra, Okta], "Q055, Q065, Q111, Q113; RFC 7643 section 2.5";
    /// `members: null` for "not said": the membership stays, where the standard empties the group.
    NullMembers, "null_members", [Entra, Okta], "section 3.8; RFC 7643 section 2.5";
    /// `"True"` and `"false"` where a boolean belongs.
    BooleanAsString, "boolean_as_string", [Entra, Okta], "Q021, Q023, Q032 to Q034, Q059; RFC 7643 section 2.3.2";
    /// A number where text belongs.
    NumberAsString, "number_as_string", [Entra, Okta], "section 0.1, rule 5; RFC 7643 section 2.3.1";
    /// One element where a list belongs: `"emails": {...}`, or `"members": "id"`.
    LoneElement, "lone_element", [Entra, Okta], "Q090; RFC 7643 section 2.4";
    /// A list of one where a single value belongs.
    SingleValueInList, "single_value_in_list", [Entra, Okta], "Q054, Q066; RFC 7643 section 2.3";
    /// `{"$ref":null,"value":"Maja"}` where plain text belongs.
    SimpleValueInObject, "simple_value_in_object", [Entra, Okta], "Q066; RFC 7643 section 2.3";
    /// A plain value where an object with `value` belongs: a manager's or a member's id.
    PlainValueForComplex, "plain_value_for_complex", [Entra, Okta], "Q020, Q052, Q090; RFC 7643 section 2.3.8";
    /// Several elements of one list that claim to be the primary one: the first is.
    SeveralPrimaries, "several_primaries", [Entra, Okta], "Q025; RFC 7643 section 2.4";
    /// The enterprise URN without its last colon.
    MisspeltEnterpriseUrn, "misspelt_enterprise_urn", [Entra, Okta], "Q018; RFC 7643 section 4.3";
    /// An attribute of an extension without its URN, such as `manager`.
    ShortExtensionName, "short_extension_name", [Entra], "Q010, Q054; RFC 7644 section 3.10";
    /// `urn:...:2.0:User.department`, with a dot for the last colon.
    DotAfterUrn, "dot_after_urn", [Entra], "section 2.7; RFC 7644 section 3.10";
    /// `Add`, `REPLACE` for `add`, `replace`.
    OperationInCapitals, "operation_in_capitals", [Entra, Okta], "Q037; RFC 7644 section 3.5.2";
    /// A PATCH without operations: changes nothing.
    EmptyOperations, "empty_operations", [Entra, Okta], "Q062; section 8, decision 8; RFC 7644 section 3.5.2";
    /// `"path": ""` for no path.
    EmptyPath, "empty_path", [], "RFC 7644 section 3.5.2";
    /// `remove` with a value, which narrows it to the elements in that value.
    RemoveWithValue, "remove_with_value", [Entra, Okta], "Q082; RFC 7644 section 3.5.2.2";
    /// A key such as `name.givenName` in the value of an operation without a path.
    PathAsKey, "path_as_key", [Entra, Okta], "Q046, Q047; RFC 7644 section 3.5.2.3";
    /// Brackets that select nothing: the element that they describe is made.
    MissingElement, "missing_element", [Entra, Okta], "Q038, Q040, Q059; RFC 7644 section 3.5.2.3";
    /// A PATCH of what the server alone sets: ignored.
    ReadOnlyAttribute, "read_only_attribute", [Entra, Okta], "section 0.1, rule 4; Q123, Q148; RFC 7644 section 3.5.2";
    /// `emails[type eq "work"].value eq "x"` in a filter, and the same without `.value`.
    ValuePathComparison, "value_path_comparison", [Entra, Okta], "Q008; RFC 7644 section 3.4.2.2";
    /// A comparison value without quotation marks.
    BareWord, "bare_word", [Entra, Okta], "Q011; section 8, decision 7; RFC 7644 section 3.4.2.2";
    /// A filter on an `externalId` in another case: finds the one user or group that can be meant.
    ExternalIdCase, "external_id_case", [Entra, Okta], "section 7.1, U5; section 8, decision 2; RFC 7643 section 3.1";
    /// Brackets in `attributes` or `excludedAttributes`.
    FilteredProjection, "filtered_projection", [Entra, Okta], "section 7.3; RFC 7644 section 3.10";
    /// A member whose id is no user's: skipped in PATCH and PUT.
    UnknownMember, "unknown_member", [Entra, Okta], "Q130; section 8, decision 4";
    /// A member that is a group: skipped in PATCH and PUT.
    NestedGroup, "nested_group", [Entra, Okta], "Q088; section 2.9";
    /// A POST of an inactive user's userName and externalId: takes that user up again.
    CreateReactivates, "create_reactivates", [Entra, Okta], "Q031, Q110; section 8, decision 3; RFC 7644 section 3.3";
}

impl Profile {
    /// The quirks that clients of this profile need.
    pub const fn quirks(self) -> QuirkSet {
        let mut set = QuirkSet::NONE;
        let mut quirks = Quirk::ALL.as_slice();
        while let [quirk, rest @ ..] = quirks {
            if self.sends(*quirk) {
                set = set.with(*quirk);
            }
            quirks = rest;
        }
        set
    }

    const fn sends(self, quirk: Quirk) -> bool {
        if matches!(self, Self::Generic) {
            return true;
        }
        let mut clients = quirk.clients();
        while let [client, rest @ ..] = clients {
            if *client as u8 == self as u8 {
                return true;
            }
            clients = rest;
        }
        false
    }
}
