//! One switch for each thing that is not known about Cloudmore, so that a client is tested against every answer.
//!
//! The questions come from `reference/cloudmore-api.md`, section 5 and the unknown fields of section 4. Each default
//! is the likeliest answer. `docs/SANDBOX.md` has the table.

mod catalog;
mod changes;
mod choice;
mod names;
mod people;
mod roles;
mod seats;
mod tokens;
mod wire;

pub use super::field_names::FieldNames;
pub use catalog::{
    GroupMemberIds, GroupMemberKey, OrganizationDomains, Product, SubscriptionKey,
    SubscriptionStatus, UserAssigned,
};
pub use changes::{Delete, DeleteAssigned, DeleteMissing, Put, PutExtra, PutName, PutRole};
pub use names::{Domains, Duplicate, Emails, Names, NamesCase};
pub use people::{
    ActiveFlag, AddressShown, CustomPropertyKeys, LastAccessedFormat, ListRows, PersonIds,
    PhoneFormat, RequiredFields, RequiredOnPut, UndefinedProperties, UnknownFields,
};
pub use roles::{RoleIds, RoleIdsTaken, RoleOnPut, RoleShown, SuperAdminGrant};
pub use seats::{
    AssignTwice, Cancelled, ExternalIdOnAssign, SeatRows, SeatsExhausted, Unassign, UnassignMissing,
};
pub use tokens::{ClientAuth, TokenErrors, TokenForm};
pub use wire::{
    ContractForm, CreateStatus, CreatedId, DeleteReply, EmptyFields, Health, KeyCase, Lists,
    LocationForm, MissingIs, Paths, PutReply, Refusals,
};

choice::switches!(
    /// How this Cloudmore answers the open questions.
    Switches;
    positions {
        /// Where the answer to a create carries the id.
        created_id: CreatedId,
        /// The form of the `Location` header.
        location_form: LocationForm,
        /// The status of a create and of an assignment.
        create_status: CreateStatus,
        /// The shape of a list.
        lists: Lists,
        /// How much of a person a list shows.
        list_rows: ListRows,
        /// What a PUT does to fields that it leaves out.
        put: Put,
        /// What a PUT with another `name` does.
        put_name: PutName,
        /// What a PUT with another role does.
        put_role: PutRole,
        /// What a PUT with fields that only Cloudmore writes does.
        put_extra: PutExtra,
        /// What a PUT answers.
        put_reply: PutReply,
        /// What deleting a person does.
        delete: Delete,
        /// What deleting a user who still has assignments does.
        delete_assigned: DeleteAssigned,
        /// How deleting somebody who does not exist is answered.
        delete_missing: DeleteMissing,
        /// What a DELETE answers.
        delete_reply: DeleteReply,
        /// How somebody who does not exist is answered for.
        missing_is: MissingIs,
        /// How a name that is taken is refused.
        duplicate: Duplicate,
        /// Within what a name has to be unique.
        names: Names,
        /// What the casing of a name means.
        names_case: NamesCase,
        /// Whether two people may have one e-mail address.
        emails: Emails,
        /// What becomes of a user with a foreign domain.
        domains: Domains,
        /// Which fields a create must have.
        required_fields: RequiredFields,
        /// Which fields a PUT must have, besides the role.
        required_on_put: RequiredOnPut,
        /// What becomes of a badly formed phone number.
        phone_format: PhoneFormat,
        /// What the flag `isActive` does.
        active_flag: ActiveFlag,
        /// When a person's address is shown.
        address_shown: AddressShown,
        /// The keys of a person's custom properties.
        custom_property_keys: CustomPropertyKeys,
        /// What becomes of a custom property that the broker has not defined.
        undefined_properties: UndefinedProperties,
        /// How the last sign-in is written.
        last_accessed_format: LastAccessedFormat,
        /// How the ids of new people are made and written.
        person_ids: PersonIds,
        /// What becomes of a person's fields that Cloudmore does not know.
        unknown_fields: UnknownFields,
        /// How a field that has no value is shown.
        empty_fields: EmptyFields,
        /// Whether a PUT must have the role.
        role_on_put: RoleOnPut,
        /// How a role id is written in answers.
        role_ids: RoleIds,
        /// How a role id may be sent.
        role_ids_taken: RoleIdsTaken,
        /// How a person's role is shown.
        role_shown: RoleShown,
        /// Whether the API account may make somebody a Super Admin.
        super_admin_grant: SuperAdminGrant,
        /// How assigning somebody who is assigned already is answered.
        assign_twice: AssignTwice,
        /// What an external user id in an assignment does.
        external_id_on_assign: ExternalIdOnAssign,
        /// What assigning does when no seat is free.
        seats_exhausted: SeatsExhausted,
        /// Whether a cancelled subscription takes users.
        cancelled: Cancelled,
        /// What unassigning does.
        unassign: Unassign,
        /// How unassigning somebody who is not assigned is answered.
        unassign_missing: UnassignMissing,
        /// What the users of a subscription are listed with.
        seat_rows: SeatRows,
        /// The key of a subscription's id.
        subscription_key: SubscriptionKey,
        /// How the state of a subscription is shown.
        subscription_status: SubscriptionStatus,
        /// How the product of a subscription is shown.
        product: Product,
        /// Whether a service says that users are assigned to it.
        user_assigned: UserAssigned,
        /// Whether an organization says which domains it has.
        organization_domains: OrganizationDomains,
        /// Under which key a new member of a user group is named.
        group_member_key: GroupMemberKey,
        /// The id of a member of a user group.
        group_member_ids: GroupMemberIds,
        /// The body of a refusal.
        refusals: Refusals,
        /// Casing of JSON keys in answers.
        key_case: KeyCase,
        /// Whether the casing of paths matters.
        paths: Paths,
        /// Whether the health check needs a token.
        health: Health,
        /// The form of the published contract.
        contract_form: ContractForm,
        /// Status of a refused token request.
        token_errors: TokenErrors,
        /// What a token looks like.
        token_form: TokenForm,
        /// How the client secret may reach the token endpoint.
        client_auth: ClientAuth,
    }
    counts {
        /// So many lists of people leave out somebody who was just created.
        list_lag: u32 = 0, tried at [1, 3];
        /// A list has no more than so many rows, and no way to ask for the others. `None`: it has all.
        page_size: Option<u32> = None, tried at [];
        /// Seconds that a token lasts, told to the client as `expires_in`.
        token_lifetime_seconds: u64 = 24 * 60 * 60, tried at [];
        /// Calls that a token lasts, which the client is not told. `None`: as many as it likes.
        token_calls: Option<u32> = None, tried at [Some(3)];
    }
    /// Other names for fields on the wire, by model.
    field_names: FieldNames
);
