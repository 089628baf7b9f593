//! The tolerant parser for filters and paths: recursive descent that yields `scim_v2`'s syntax tree.
//!
//! It accepts what RFC 7644 section 3.4.2.2 defines plus what clients send beside it, and is measured against `scim_v2`'s
//! strict parser in the tests. Work is bounded by length, nesting and number of terms before anything is evaluated.

mod token;

pub(super) use token::is_name;

use super::quirks;
use super::reading::Reading;
use scim_v2::filter::{
    AttrExp, AttrPath, CompValue, Filter, PatchPath, PatchValuePath, ValFilter, ValuePath,
};

/// Most attribute expressions in one filter.
const MAX_TERMS: usize = 1024;

/// Parses a filter. The error is a sentence fragment that says what was met where.
pub(super) fn filter(text: &str, reading: &mut Reading<'_>) -> Result<Filter, String> {
    let mut parser = Parser::new(text, reading)?;
    let filter = parser.disjunction()?;
    parser.end()?;
    Ok(filter)
}

/// Parses a PATCH path, which is also the form of the entries of `attributes` and `excludedAttributes`.
pub(super) fn path(text: &str, reading: &mut Reading<'_>) -> Result<PatchPath, String> {
    let mut parser = Parser::new(text, reading)?;
    let attr = parser.attribute_path()?;
    let path = if parser.take("[") {
        let filter = parser.element_filter()?;
        let sub_attr = parser.sub_attribute()?;
        PatchPath::Value(PatchValuePath {
            attr,
            filter,
            sub_attr,
        })
    } else {
        PatchPath::Attr(attr)
    };
    parser.end()?;
    Ok(path)
}

struct Parser<'a, 'd> {
    /// What is still to be read.
    rest: &'a str,
    length: usize,
    depth: usize,
    terms: usize,
    reading: &'a mut Reading<'d>,
}

impl<'a, 'd> Parser<'a, 'd> {
    fn new(text: &'a str, reading: &'a mut Reading<'d>) -> Result<Self, String> {
        let longest = reading.limits().filter_length;
        if text.len() > longest {
            return Err(format!("it is longer than {longest} bytes"));
        }
        Ok(Self {
            rest: text.trim_ascii(),
            length: text.len(),
            depth: 0,
            terms: 0,
            reading,
        })
    }

    fn disjunction(&mut self) -> Result<Filter, String> {
        let mut filter = self.conjunction()?;
        while self.keyword("or") {
            filter = Filter::or(filter, self.conjunction()?);
        }
        Ok(filter)
    }

    fn conjunction(&mut self) -> Result<Filter, String> {
        let mut filter = self.factor()?;
        while self.keyword("and") {
            filter = Filter::and(filter, self.factor()?);
        }
        Ok(filter)
    }

    fn factor(&mut self) -> Result<Filter, String> {
        self.skip_blanks();
        if self.take("(") {
            return self.group();
        }
        if let Some(rest) = self.after_word("not")
            && let Some(inner) = rest.trim_ascii_start().strip_prefix('(')
        {
            self.rest = inner;
            return Ok(Filter::Not(Box::new(self.group()?)));
        }
        let path = self.attribute_path()?;
        if self.take("[") {
            return self.value_path(path);
        }
        self.expression(path).map(Filter::Attr)
    }

    /// The rest of a parenthesis, whose opening has been read.
    fn group(&mut self) -> Result<Filter, String> {
        self.enter()?;
        let filter = self.disjunction()?;
        self.close(")")?;
        Ok(filter)
    }

    /// The rest of `attr[filter]`, and of the comparison that some clients put behind it.
    fn value_path(&mut self, attr: AttrPath) -> Result<Filter, String> {
        let filter = self.element_filter()?;
        let sub = self.sub_attribute()?;
        let compares = sub.is_some()
            || self.rest.starts_with(|c: char| c.is_ascii_whitespace()) && !self.at_joint();
        let filter = if compares {
            let path = AttrPath::with_name(sub.unwrap_or_else(|| "value".to_owned()));
            let comparison = self.expression(path)?;
            quirks::value_path_comparison(filter, comparison, self.reading)
                .ok_or("the comparison belongs into the brackets")?
        } else {
            filter
        };
        Ok(Filter::ValuePath(ValuePath {
            attr,
            filter: Box::new(filter),
        }))
    }

    /// The filter between `[`, which has been read, and `]`.
    fn element_filter(&mut self) -> Result<ValFilter, String> {
        self.enter()?;
        let filter = self.disjunction()?;
        self.close("]")?;
        without_brackets(filter).ok_or_else(|| "brackets cannot be nested".to_owned())
    }

    fn sub_attribute(&mut self) -> Result<Option<String>, String> {
        if !self.take(".") {
            return Ok(None);
        }
        let name = self.token();
        if !token::is_name(name) {
            return Err(self.unexpected("a sub-attribute after '].'"));
        }
        Ok(Some(name.to_owned()))
    }

    /// `pr`, or an operator and its value.
    fn expression(&mut self, path: AttrPath) -> Result<AttrExp, String> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(format!("it has more than {MAX_TERMS} terms"));
        }
        self.skip_blanks();
        let word = self.token();
        if word.eq_ignore_ascii_case("pr") {
            return Ok(AttrExp::Present(path));
        }
        let Some(operator) = token::operator(word) else {
            return Err(format!(
                "'{word}' after '{path}' is none of eq, ne, co, sw, ew, gt, ge, lt, le, pr"
            ));
        };
        self.skip_blanks();
        Ok(AttrExp::Comparison(path, operator, self.value()?))
    }

    fn value(&mut self) -> Result<CompValue, String> {
        if self.rest.starts_with('"') {
            return self.string().map(CompValue::Str);
        }
        let word = self.token();
        if word.is_empty() || word.starts_with('\'') {
            return Err(
                self.unexpected("a value: text in double quotes, a number, true, false or null")
            );
        }
        Ok(match word {
            "true" => CompValue::True,
            "false" => CompValue::False,
            "null" => CompValue::Null,
            _ => match serde_json::from_str(word) {
                Ok(number) => CompValue::Number(number),
                Err(_) => quirks::bare_word(word, self.reading)
                    .ok_or_else(|| format!("the text {word} needs double quotes around it"))?,
            },
        })
    }

    /// A JSON string, whose quotation mark is next.
    fn string(&mut self) -> Result<String, String> {
        let mut escaped = false;
        for (at, byte) in self.rest.bytes().enumerate().skip(1) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    let (literal, rest) = self.rest.split_at(at + 1);
                    self.rest = rest;
                    return serde_json::from_str(literal)
                        .ok()
                        .filter(|text: &String| !text.contains('\0'))
                        .ok_or_else(|| format!("{literal} is not a JSON string without NUL"));
                }
                _ => {}
            }
        }
        Err("a text has no closing quotation mark".to_owned())
    }

    fn attribute_path(&mut self) -> Result<AttrPath, String> {
        self.skip_blanks();
        let token = self.token();
        token::attribute_path(token).ok_or_else(|| match token {
            "" => self.unexpected("an attribute name"),
            _ => format!("'{token}' is not an attribute name"),
        })
    }

    /// Reads up to the next blank, bracket or quotation mark.
    fn token(&mut self) -> &'a str {
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"');
        let end = self.rest.find(is_end).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        token
    }

    /// What follows `word`, if it is next.
    fn after_word(&self, word: &str) -> Option<&'a str> {
        let (head, rest) = self.rest.split_at_checked(word.len())?;
        let ends = rest.starts_with(|c: char| c.is_ascii_whitespace() || c == '(');
        (ends && head.eq_ignore_ascii_case(word)).then_some(rest)
    }

    /// Whether `and`, `or` or the end is next, so that an expression is complete.
    fn at_joint(&mut self) -> bool {
        self.skip_blanks();
        self.rest.is_empty()
            || self.rest.starts_with([')', ']'])
            || self.after_word("and").is_some()
            || self.after_word("or").is_some()
    }

    fn keyword(&mut self, word: &str) -> bool {
        self.skip_blanks();
        match self.after_word(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn take(&mut self, mark: &str) -> bool {
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn enter(&mut self) -> Result<(), String> {
        self.depth += 1;
        let deepest = self.reading.limits().filter_depth;
        if self.depth > deepest {
            return Err(format!("it is nested more than {deepest} deep"));
        }
        Ok(())
    }

    fn close(&mut self, bracket: &str) -> Result<(), String> {
        self.depth -= 1;
        self.skip_blanks();
        if self.take(bracket) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("'{bracket}'")))
        }
    }

    fn end(&mut self) -> Result<(), String> {
        self.skip_blanks();
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.unexpected("the end"))
        }
    }

    fn unexpected(&self, wanted: &str) -> String {
        let at = self.length - self.rest.len() + 1;
        match self.rest.chars().next() {
            Some(found) => format!("{wanted} is expected at position {at}, where '{found}' is"),
            None => format!("{wanted} is expected at the end"),
        }
    }
}

/// `filter` as the content of brackets, which may hold no brackets themselves.
fn without_brackets(filter: Filter) -> Option<ValFilter> {
    Some(match filter {
        Filter::Attr(expression) => ValFilter::Attr(expression),
        Filter::Not(inner) => ValFilter::Not(Box::new(without_brackets(*inner)?)),
        Filter::And(items) => {
            let items: Option<Vec<_>> = items.into_iter().map(without_brackets).collect();
            ValFilter::all(items?)?
        }
        Filter::Or(items) => {
            let items: Option<Vec<_>> = items.into_iter().map(without_brackets).collect();
            ValFilter::any(items?)?
        }
        Filter::ValuePath(_) => return None,
    })
}
