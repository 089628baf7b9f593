//! The two uses of Base64 on this wire: reading a Basic header and writing a token.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Decodes standard Base64; `None` when it is not that.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0u32, 0u32);
    for letter in text.trim_end_matches('=').bytes() {
        let value = STANDARD.iter().position(|each| *each == letter)?;
        held = (held << 6 | u32::try_from(value).ok()?) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

/// Encodes for a token: the URL-safe alphabet without padding.
pub(super) fn encode_for_token(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let held = (0..3).fold(0u32, |held, place| {
            held << 8 | group.get(place).map_or(0, |byte| u32::from(*byte))
        });
        for place in 0..=group.len() {
            let index = (held >> (18 - 6 * place)) & 0x3F;
            let letter = usize::try_from(index).ok().and_then(|i| URL_SAFE.get(i));
            text.extend(letter.map(|byte| char::from(*byte)));
        }
    }
    text
}
