//! The attribute table: what each attribute is, as data (RFC 7643 sections 2, 4 and 7).
//!
//! Reading bodies, PATCH, filters, projection, rendering and discovery all consult this table and know no attribute
//! otherwise. It differs from the RFC's printed schemas where the server knows better than a client: a `$ref` is the
//! server's own, identifiers compare exactly, and a group's `displayName` is required and unique
//! (`reference/idp-behaviour.md`, section 8).

mod build;
mod cloudmore;
mod enterprise;
mod group;
mod resource;
mod role;
mod user;

pub use cloudmore::CLOUDMORE_USER;
pub use enterprise::ENTERPRISE_USER;
pub use group::{GROUP, MEMBERS};
pub use resource::COMMON;
pub use role::ROLE;
pub use user::USER;

/// The data type of an attribute (RFC 7643 section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// Base64 text.
    Binary,
    /// An instant as `xsd:dateTime`.
    DateTime,
    /// A URI.
    Reference,
    /// A set of sub-attributes.
    Complex,
}

/// Who may write an attribute (RFC 7643 section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    /// The server alone. A client's value is ignored.
    ReadOnly,
    /// Clients at any time.
    ReadWrite,
    /// Clients when the value comes into being; it can be removed but not edited.
    Immutable,
    /// Clients, but nobody reads it.
    WriteOnly,
}

/// When an attribute is in an answer (RFC 7643 section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    /// In every answer, whatever the projection asks.
    Always,
    /// Unless the projection leaves it out.
    Default,
    /// Only when the projection names it or what it is part of.
    Request,
    /// In no answer, no filter and no published schema.
    Never,
}

/// The reach within which a value may occur once (RFC 7643 section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uniqueness {
    /// Not unique.
    None,
    /// Unique among the resources of one type behind one base address.
    Server,
}

/// One attribute or sub-attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// Canonical spelling.
    pub name: &'static str,
    /// Data type.
    pub kind: Type,
    /// What it is, for people.
    pub description: &'static str,
    /// Whether it holds a list.
    pub multi_valued: bool,
    /// Whether a resource without it is refused.
    pub required: bool,
    /// Who may write it.
    pub mutability: Mutability,
    /// When it is in answers.
    pub returned: Returned,
    /// Whether values that differ in case only are different values.
    pub case_exact: bool,
    /// The reach of uniqueness.
    pub uniqueness: Uniqueness,
    /// Suggested values; others are accepted (RFC 7643 section 7).
    pub canonical_values: &'static [&'static str],
    /// What a reference may point at.
    pub reference_types: &'static [&'static str],
    /// The parts of a complex attribute.
    pub sub_attributes: &'static [Attribute],
}

impl Attribute {
    /// The sub-attribute of that name, without regard to case.
    pub fn sub(&self, name: &str) -> Option<&'static Attribute> {
        find(self.sub_attributes, name)
    }

    /// The attribute that a comparison means when it names this one: itself, or `value` of a complex attribute.
    /// `None` for a complex attribute without `value`, such as `name`.
    pub fn comparable(&'static self) -> Option<&'static Attribute> {
        match self.kind {
            Type::Complex => self.sub("value"),
            Type::String | Type::Boolean | Type::Binary | Type::DateTime | Type::Reference => {
                Some(self)
            }
        }
    }

    /// Whether a client's value for it is kept in the [`Document`](super::Document).
    pub fn is_writable(&self) -> bool {
        match self.mutability {
            Mutability::ReadWrite | Mutability::Immutable => true,
            Mutability::ReadOnly | Mutability::WriteOnly => false,
        }
    }
}

/// A schema: a URN and its attributes.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// The URN that names it.
    pub urn: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// One sentence for people.
    pub description: &'static str,
    /// Its attributes.
    pub attributes: &'static [Attribute],
}

impl Schema {
    /// Whether clients may write any of it.
    pub fn is_writable(&self) -> bool {
        self.attributes.iter().any(Attribute::is_writable)
    }

    /// Whether all of it is in answers only when the client asks for it.
    pub fn is_on_request(&self) -> bool {
        let mut attributes = self.attributes.iter();
        attributes.all(|attribute| attribute.returned == Returned::Request)
    }

    /// The attribute of that name, without regard to case.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        find(self.attributes, name)
    }
}

/// The attribute of that name among `attributes`, without regard to case.
pub fn find(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}
