//! E-mail addresses and account names are personal, and left out of the log. Whatever else it says of somebody is an id.

use std::io::{self, Write};

/// What stands in place of an address.
const INSTEAD: &str = "[address]";

/// A log without addresses. Each write to it is a whole line, as `tracing_subscriber` makes them.
pub(super) struct WithoutAddresses<W>(pub(super) W);

impl<W: Write> Write for WithoutAddresses<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let said = without_addresses(&String::from_utf8_lossy(line));
        self.0.write_all(said.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn without_addresses(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    for part in text.split_inclusive(ends_a_word) {
        let word = part.trim_end_matches(ends_a_word);
        // The user of a URL is nobody's address.
        let is_personal = is_address(word) && !said.ends_with("//");
        said.push_str(if is_personal { INSTEAD } else { word });
        said.push_str(part.get(word.len()..).unwrap_or_default());
    }
    said
}

/// Whether a word, plain or as a part of a URL, has something before an `@` and a dot in what is behind it.
fn is_address(word: &str) -> bool {
    let parts = word.split_once('@').or_else(|| word.split_once("%40"));
    parts.is_some_and(|(name, domain)| {
        !name.is_empty() && domain.trim_end_matches('.').contains('.')
    })
}

fn ends_a_word(letter: char) -> bool {
    !letter.is_alphanumeric() && !"@.-_+%#~".contains(letter)
}
