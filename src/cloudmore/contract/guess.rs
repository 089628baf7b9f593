//! Which name was probably meant by one that is not there.

use std::collections::BTreeSet;

/// What else such fields are often called.
const OFTEN: [(&str, &[&str]); 8] = [
    ("name", &["userName", "loginName", "login"]),
    ("firstName", &["givenName", "foreName"]),
    ("lastName", &["familyName", "surname"]),
    ("email", &["emailAddress", "mail"]),
    ("cellPhone", &["mobile", "mobilePhone", "mobileNumber"]),
    ("title", &["jobTitle", "position"]),
    ("countryCode", &["country"]),
    ("postalCode", &["zipCode", "zip"]),
];

/// Another name that such a field often has, or else the one that is most like `wrong`, if one is like it at all.
pub(super) fn likeliest<'n>(wrong: &str, names: &[&'n str]) -> Option<&'n str> {
    let often = OFTEN.iter().filter(|(usual, _)| *usual == wrong);
    let mut often = often.flat_map(|(_, others)| others.iter());
    let named = |other: &str| names.iter().find(|name| name.eq_ignore_ascii_case(other));
    if let Some(name) = often.find_map(|other| named(other)) {
        return Some(name);
    }
    let likeness = |name: &&&'n str| {
        let (ours, theirs) = (pairs(wrong), pairs(name));
        // Dice's coefficient in hundredths.
        200 * ours.intersection(&theirs).count() / (ours.len() + theirs.len()).max(1)
    };
    let best = names.iter().max_by_key(likeness)?;
    (likeness(&best) >= ALIKE).then_some(*best)
}

/// `familyName` for `lastName` is alike enough, `isActive` for `title` is not.
const ALIKE: usize = 30;

/// The pairs of letters that stand side by side.
fn pairs(name: &str) -> BTreeSet<(char, char)> {
    let letters: Vec<_> = name.to_lowercase().chars().collect();
    let pairs = letters.iter().zip(letters.iter().skip(1));
    pairs.map(|(one, next)| (*one, *next)).collect()
}
