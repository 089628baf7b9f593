//! First passwords of accounts that the bridge creates: random, fit for Cloudmore's policy, and forgotten at once.

use secrecy::SecretString;

/// 64 characters, so that six random bits choose one without bias; none that is easily misread or that JSON escapes, and
/// no underscore, which the policy does not count among the symbols.
const ALPHABET: &[u8; 64] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789!#$*-@=?";
const LENGTH: usize = 28;

/// A password with upper case, lower case, digit and symbol, and without any part of the `names`
/// (`reference/cloudmore-api.md`, section 2).
///
/// # Errors
/// The operating system has no randomness to give.
pub(super) fn generate(names: &[&str]) -> Result<SecretString, getrandom::Error> {
    loop {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes)?;
        let password: String = bytes
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte & 63)))
            .map(|&letter| char::from(letter))
            .collect();
        if varied(&password) && !contains_part(&password, names) {
            return Ok(SecretString::from(password));
        }
    }
}

fn varied(password: &str) -> bool {
    let has = |class: fn(&char) -> bool| password.chars().any(|letter| class(&letter));
    has(char::is_ascii_uppercase)
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_digit)
        && has(char::is_ascii_punctuation)
}

/// Whether a word of three or more letters of any of the names occurs, without regard to case. Shorter words are left
/// out because every password would contain them sooner or later.
fn contains_part(password: &str, names: &[&str]) -> bool {
    let password = password.to_lowercase();
    names
        .iter()
        .flat_map(|name| name.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|part| part.chars().count() >= 3)
        .any(|part| password.contains(&part.to_lowercase()))
}
