//! Reading an object of one model by the wire table.

use serde_json::{Map, Value};

use super::fields::{Field, Model, Names};
use super::wire::{Object, text_of};

/// An object of one model, whose fields go by the names of the wire table.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    object: Object<'a>,
    names: Names<'a>,
}

/// A row or detail that lacks the field of this name, without which it cannot be understood.
pub(super) struct Lacks(pub(super) String);

impl<'a> Record<'a> {
    /// Looks at an object of the model that `names` are of.
    pub(super) fn new(map: &'a Map<String, Value>, names: Names<'a>) -> Self {
        Self {
            object: Object::new(map),
            names,
        }
    }

    /// A text with something in it; numbers count as text.
    pub(super) fn text(self, field: Field) -> Option<String> {
        self.object.text(self.names.get(field))
    }

    /// A text that must be there; `null` is the empty text.
    pub(super) fn required_text(self, field: Field) -> Result<String, Lacks> {
        match self.value(field) {
            Some(Value::Null) => Ok(String::new()),
            Some(value) => text_of(value).ok_or_else(|| self.lacks(field)),
            None => Err(self.lacks(field)),
        }
    }

    /// An id, sent as text or as number.
    pub(super) fn id(self, field: Field) -> Option<String> {
        self.object.id(self.names.get(field))
    }

    /// An id that must be there.
    pub(super) fn required_id(self, field: Field) -> Result<String, Lacks> {
        self.id(field).ok_or_else(|| self.lacks(field))
    }

    /// A whole number, sent as number or as text.
    pub(super) fn integer(self, field: Field) -> Option<i64> {
        self.object.integer(self.names.get(field))
    }

    /// Yes or no.
    pub(super) fn flag(self, field: Field) -> Option<bool> {
        self.value(field)?.as_bool()
    }

    /// All keys as they are, with their values.
    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.object.entries()
    }

    /// An object of another model inside.
    pub(super) fn inner(self, field: Field, model: Model) -> Option<Self> {
        let map = self.value(field)?.as_object()?;
        Some(Self::new(map, self.names.of(model)))
    }

    /// The objects of another model in an array inside.
    pub(super) fn elements(self, field: Field, model: Model) -> impl Iterator<Item = Self> {
        let array = self.value(field).and_then(Value::as_array);
        let objects = array.into_iter().flatten().filter_map(Value::as_object);
        objects.map(move |map| Self::new(map, self.names.of(model)))
    }

    /// That a field is not there, or not as it must be.
    pub(super) fn lacks(self, field: Field) -> Lacks {
        Lacks(self.names.get(field).to_owned())
    }

    fn value(self, field: Field) -> Option<&'a Value> {
        self.object.value(self.names.get(field))
    }
}
