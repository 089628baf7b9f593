//! How a row of the attribute table is written: what most attributes are, and what an attribute is else.

use super::{Attribute, Mutability, Returned, Type, Uniqueness};

impl Attribute {
    const fn new(name: &'static str, kind: Type, description: &'static str) -> Self {
        Self {
            name,
            kind,
            description,
            multi_valued: false,
            required: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            case_exact: false,
            uniqueness: Uniqueness::None,
            canonical_values: &[],
            reference_types: &[],
            sub_attributes: &[],
        }
    }

    pub(super) const fn text(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Type::String, description)
    }

    /// An opaque id: equal only when equal byte for byte.
    pub(super) const fn identifier(name: &'static str, description: &'static str) -> Self {
        Self::text(name, description).case_exact()
    }

    pub(super) const fn flag(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Type::Boolean, description)
    }

    pub(super) const fn instant(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Type::DateTime, description)
    }

    pub(super) const fn binary(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Type::Binary, description).case_exact()
    }

    pub(super) const fn reference(
        name: &'static str,
        types: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        let mut attribute = Self::new(name, Type::Reference, description).case_exact();
        attribute.reference_types = types;
        attribute
    }

    pub(super) const fn complex(
        name: &'static str,
        sub_attributes: &'static [Attribute],
        description: &'static str,
    ) -> Self {
        let mut attribute = Self::new(name, Type::Complex, description);
        attribute.sub_attributes = sub_attributes;
        attribute
    }

    pub(super) const fn case_exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    pub(super) const fn many(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn unique(mut self) -> Self {
        self.uniqueness = Uniqueness::Server;
        self
    }

    pub(super) const fn values(mut self, canonical: &'static [&'static str]) -> Self {
        self.canonical_values = canonical;
        self
    }

    pub(super) const fn mutability(mut self, mutability: Mutability) -> Self {
        self.mutability = mutability;
        self
    }

    pub(super) const fn read_only(self) -> Self {
        self.mutability(Mutability::ReadOnly)
    }

    pub(super) const fn returned(mut self, returned: Returned) -> Self {
        self.returned = returned;
        self
    }
}

/// The four parts that RFC 7643 section 2.4 gives to elements of a list.
pub(super) const fn element(value: Attribute, types: &'static [&'static str]) -> [Attribute; 4] {
    [
        value,
        Attribute::text("display", "The value as people should see it."),
        Attribute::text("type", "What the value is for.").values(types),
        PRIMARY,
    ]
}

pub(super) const PRIMARY: Attribute = Attribute::flag(
    "primary",
    "Whether this is the one to use where one is wanted. True for one value of the list at most.",
);
