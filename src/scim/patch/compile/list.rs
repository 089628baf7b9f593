//! Operations on a list: as a whole, on the elements in brackets, or on a part of each.

use super::{Compiler, remove_with_value};
use crate::scim::patch::Verb;
use crate::scim::patch::list::{ListChange, Selector};
use crate::scim::patch::step::{Edit, Step};
use crate::scim::path::Target;
use crate::scim::schema::Attribute;
use crate::scim::{ScimError, evaluate, normalise, quirks};
use scim_v2::filter::ValFilter;
use serde_json::Value;

impl Compiler<'_, '_> {
    pub(super) fn list(
        &mut self,
        target: Target,
        filter: Option<&ValFilter>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let attribute = target.attribute;
        let selector = match filter {
            Some(filter) => Some(self.selector(attribute, filter)?),
            None => None,
        };
        let value = match self.verb {
            Verb::Remove if filter.is_none() && target.sub.is_none() => {
                value.filter(|value| !value.is_null())
            }
            Verb::Remove => None,
            Verb::Add | Verb::Replace => value,
        };
        let change = match (target.sub, selector, value) {
            (Some(sub), selector, value) => {
                let value = match value {
                    Some(value) => normalise::read(Some(attribute), sub, value, self.reading)?,
                    None => None,
                };
                ListChange::Part {
                    selector,
                    sub,
                    value,
                }
            }
            (None, Some(selector), value) => {
                let element = match value {
                    Some(value) => normalise::element(attribute, value, self.reading)?,
                    None => None,
                };
                if element.is_none() && self.verb == Verb::Add {
                    return Ok(());
                }
                ListChange::Elements {
                    selector,
                    element,
                    merge: self.verb == Verb::Add,
                }
            }
            (None, None, None) => ListChange::Set(Vec::new()),
            (None, None, Some(value)) => {
                let elements = match normalise::read(None, attribute, value, self.reading)? {
                    Some(Value::Array(elements)) => elements,
                    _ => Vec::new(),
                };
                match self.verb {
                    Verb::Add => ListChange::Add(elements),
                    Verb::Replace => ListChange::Set(elements),
                    Verb::Remove => {
                        remove_with_value(self.reading)?;
                        ListChange::Drop(elements)
                    }
                }
            }
        };
        self.steps.push(Step::Edit(Edit::List(target, change)));
        Ok(())
    }

    fn selector(
        &mut self,
        attribute: &'static Attribute,
        filter: &ValFilter,
    ) -> Result<Selector, ScimError> {
        evaluate::check_elements(attribute, filter, self.reading)?;
        let seed = if self.reading.makes_missing_elements() {
            quirks::seed(attribute, filter, self.reading)?
        } else {
            None
        };
        Ok(Selector {
            filter: filter.clone(),
            seed,
        })
    }
}
