//! Phone numbers: Cloudmore takes them in two parts, directories give them in one.

/// Country codes of two digits (ITU-T E.164); `1` and `7` have one digit, all others have three.
const TWO_DIGITS: &[&str] = &[
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47",
    "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65",
    "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
];

/// Splits an international number into the country code, without `+`, and the digits after it. `None` unless it is
/// certain: the number begins with `+` (or is an RFC 3966 `tel:+` address), has 7 to 15 digits, and nothing else but
/// blanks and the usual separators. A badly formed number makes Cloudmore refuse the whole account
/// (`reference/cloudmore-api.md`, section 2).
pub fn split(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let text = text.strip_prefix("tel:").unwrap_or(text);
    let digits: String = text
        .strip_prefix('+')?
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '/'))
        .collect();
    // A zero in brackets is dialled within the country only; who wrote it is not certain of the form.
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !(7..=15).contains(&digits.len()) {
        return None;
    }
    let length = match digits.as_bytes() {
        [b'0', ..] => return None,
        [b'1' | b'7', ..] => 1,
        [first, second, ..] => {
            let pair = [*first, *second];
            let has_two = TWO_DIGITS.iter().any(|code| code.as_bytes() == pair);
            if has_two { 2 } else { 3 }
        }
        _ => return None,
    };
    let (prefix, number) = digits.split_at(length);
    Some((prefix.to_owned(), number.to_owned()))
}
