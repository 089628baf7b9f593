//! Instants as SCIM writes them: `xsd:dateTime` (RFC 7643 section 2.3.5).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The instant that `text` names. Without an offset it is UTC, without a time midnight.
pub fn parse(text: &str) -> Option<Timestamp> {
    let instant = |text: &str| text.parse::<Timestamp>().ok();
    let civil = |text: &str| {
        TimeZone::UTC
            .to_timestamp(text.parse::<DateTime>().ok()?)
            .ok()
    };
    instant(text)
        .or_else(|| civil(text))
        // The plus sign of an offset in an address is read as a blank unless the client escapes it.
        .or_else(|| instant(&text.replace(' ', "+")))
}

/// Unix microseconds as text in UTC; out of range the epoch, which no stored time is.
pub fn format(microseconds: i64) -> String {
    Timestamp::from_microsecond(microseconds)
        .unwrap_or_default()
        .to_string()
}
