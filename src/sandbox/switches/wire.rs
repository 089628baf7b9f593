//! Switches for the shapes of answers, whatever they are about.

use super::choice::choice;

choice!(
    /// Where the answer to a create carries the id.
    CreatedId {
        /// In the `Location` header, the id last.
        Location,
        /// The body is the id as a JSON string.
        BodyString,
        /// The body is an object with nothing but `id`.
        BodyId,
        /// The body is an object with nothing but `userId`.
        BodyUserId,
        /// The body is the whole object.
        BodyObject,
        /// Nowhere; the client has to look for it.
        Neither,
    }
);
choice!(
    /// The form of the `Location` header.
    LocationForm {
        /// An absolute address, on another host.
        Absolute,
        /// A path without host.
        Relative,
        /// An absolute address with a slash behind the id.
        TrailingSlash,
    }
);
choice!(
    /// The status of a create and of an assignment.
    CreateStatus {
        /// 201.
        Created,
        /// 200.
        Ok,
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
    /// What a DELETE answers.
    DeleteReply {
        /// 204 without a body.
        NoContent,
        /// 200 without a body.
        Ok,
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
        /// An object with the array in `items` and the number of all rows in `totalCount`.
        Counted,
    }
);
choice!(
    /// How a field of a person that has no value is shown.
    EmptyFields {
        /// Not at all.
        LeftOut,
        /// As null.
        Null,
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
choice!(
    /// Whether the casing of paths matters.
    Paths {
        /// It does not.
        AnyCase,
        /// A path in another casing than the contract's is 404.
        ExactCase,
    }
);
choice!(
    /// The body of a refusal.
    Refusals {
        /// A list of errors for a business rule, messages by field where the body does not fit the model.
        AsDocumented,
        /// One error as an object.
        SingleError,
        /// A problem object as in RFC 7807, with messages by field in `errors`.
        Problem,
        /// An object with nothing but `message`.
        Message,
        /// Plain text.
        Text,
        /// None.
        Empty,
    }
);
choice!(
    /// How a read, a PUT or a DELETE of a person who does not exist is answered.
    MissingIs {
        /// 404.
        NotFound,
        /// 400 as for a business rule.
        BadRequest,
        /// A read with 200 and `null`, the others with 404.
        Null,
    }
);
choice!(
    /// The form of the published contract.
    ContractForm {
        /// `OpenAPI` 3, with the models in `components.schemas`.
        Components,
        /// Swagger 2, with the models in `definitions`.
        Definitions,
    }
);
choice!(
    /// Whether the health check needs a token.
    Health {
        /// It does.
        WithToken,
        /// It does not.
        Open,
    }
);
