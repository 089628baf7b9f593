//! One switch for each thing that is not known about Cloudmore, so that a client is tested against every answer.
//!
//! The questions come from `reference/cloudmore-api.md`, section 5. Each default is the likeliest answer.

use serde::{Deserialize, Serialize};

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $(#[$first_doc:meta])* $first:ident, $($(#[$other_doc:meta])* $other:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$other_doc])* $other,)+
        }
    };
}

choice!(
    /// Where the answer to a create carries the id.
    CreatedId {
        /// In the `Location` header: an absolute address on another host, the id last.
        Location,
        /// The body is the id as a JSON string.
        BodyString,
        /// The body is the whole object.
        BodyObject,
        /// Nowhere; the client has to look for it.
        Neither,
    }
);
choice!(
    /// The shape of a list.
    Lists {
        /// A bare array.
        Bare,
        /// An object with the array in `items`.
        Items,
        /// An object with the array in `data`.
        Data,
        /// An object with the array in `value`.
        Value,
        /// An object with the array in `results`.
        Results,
    }
);
choice!(
    /// How much of a person a list shows.
    ListRows {
        /// Names, e-mail and role only; title, phone, address and the rest need a read of the one person.
        Short,
        /// Everything.
        Full,
    }
);
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
    /// What a PUT answers.
    PutReply {
        /// 204 without a body.
        NoContent,
        /// 200 with the object.
        Body,
    }
);
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
    /// What deleting a user who still has assignments does.
    DeleteAssigned {
        /// Drops the assignments with the user.
        Cascades,
        /// 400.
        Refuses,
    }
);
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
    /// How unassigning somebody who is not assigned is answered.
    UnassignMissing {
        /// 404.
        NotFound,
        /// 204.
        NoContent,
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
    /// How a role id is written in answers.
    RoleIds {
        /// A JSON number.
        Number,
        /// A JSON string.
        String,
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
    /// Casing of JSON keys in answers.
    KeyCase {
        /// `firstName`.
        Camel,
        /// `FirstName`.
        Pascal,
    }
);

/// How this Cloudmore answers the open questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Where the answer to a create carries the id.
    pub created_id: CreatedId,
    /// The shape of a list.
    pub lists: Lists,
    /// How much of a person a list shows.
    pub list_rows: ListRows,
    /// What a PUT does to fields that it leaves out.
    pub put: Put,
    /// What a PUT with another `name` does.
    pub put_name: PutName,
    /// What a PUT answers.
    pub put_reply: PutReply,
    /// How a name that is taken is refused.
    pub duplicate: Duplicate,
    /// Within what a name has to be unique.
    pub names: Names,
    /// What deleting a user who still has assignments does.
    pub delete_assigned: DeleteAssigned,
    /// How assigning somebody who is assigned already is answered.
    pub assign_twice: AssignTwice,
    /// How unassigning somebody who is not assigned is answered.
    pub unassign_missing: UnassignMissing,
    /// Whether a cancelled subscription takes users.
    pub cancelled: Cancelled,
    /// How a role id is written in answers.
    pub role_ids: RoleIds,
    /// What becomes of a person's fields that Cloudmore does not know.
    pub unknown_fields: UnknownFields,
    /// Status of a refused token request.
    pub token_errors: TokenErrors,
    /// How the client secret may reach the token endpoint.
    pub client_auth: ClientAuth,
    /// Casing of JSON keys in answers.
    pub key_case: KeyCase,
    /// Seconds that a token lasts, told to the client as `expires_in`.
    pub token_lifetime_seconds: u64,
    /// Calls that a token lasts, which the client is not told. `None`: as many as it likes.
    pub token_calls: Option<u32>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            created_id: CreatedId::default(),
            lists: Lists::default(),
            list_rows: ListRows::default(),
            put: Put::default(),
            put_name: PutName::default(),
            put_reply: PutReply::default(),
            duplicate: Duplicate::default(),
            names: Names::default(),
            delete_assigned: DeleteAssigned::default(),
            assign_twice: AssignTwice::default(),
            unassign_missing: UnassignMissing::default(),
            cancelled: Cancelled::default(),
            role_ids: RoleIds::default(),
            unknown_fields: UnknownFields::default(),
            token_errors: TokenErrors::default(),
            client_auth: ClientAuth::default(),
            key_case: KeyCase::default(),
            token_lifetime_seconds: 24 * 60 * 60,
            token_calls: None,
        }
    }
}
