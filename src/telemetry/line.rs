//! A line of the log. E-mail addresses and account names are personal, and left out: whatever else it says of somebody is
//! an id. So are tokens of ours, wherever somebody has put one, such as into the address of a request.

use std::io::{self, Write};

use crate::domain::credential::TOKEN_PREFIX;

/// What stands in place of an address.
const ADDRESS: &str = "[address]";
/// What stands in place of a token.
const SECRET: &str = "[secret]";

/// Where lines go, each as one write, as `tracing_subscriber` makes them.
#[derive(Debug)]
pub struct Lines<W> {
    /// Where to.
    pub to: W,
    /// Whether addresses stay in.
    pub personal_data: bool,
}

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let said = self.said(&String::from_utf8_lossy(line));
        self.to.write_all(said.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl<W> Lines<W> {
    fn said(&self, text: &str) -> String {
        let mut said = String::with_capacity(text.len());
        for part in text.split_inclusive(ends_a_word) {
            let word = part.trim_end_matches(ends_a_word);
            // The user of a URL is nobody's address.
            let is_personal = is_address(word) && !said.ends_with("//");
            said.push_str(match word {
                _ if word.contains(TOKEN_PREFIX) => SECRET,
                _ if is_personal && !self.personal_data => ADDRESS,
                _ => word,
            });
            said.push_str(part.get(word.len()..).unwrap_or_default());
        }
        said
    }
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
