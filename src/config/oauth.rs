//! `[oauth]`: access tokens that the bridge makes for OAuth clients.

use std::time::Duration;

use super::reader::At;
use super::values;

/// How access tokens are made.
#[derive(Clone, Copy, Debug)]
pub struct Oauth {
    /// How long one counts.
    pub token_lifetime: Duration,
    /// How long a key signs before a new one takes its place.
    pub key_rotation: Duration,
}

const SHORTEST_LIFE: Duration = Duration::from_mins(5);
const LONGEST_LIFE: Duration = Duration::from_hours(24);
const SHORTEST_ROTATION: Duration = Duration::from_hours(24);
const LONGEST_ROTATION: Duration = Duration::from_hours(24 * 366);

impl Default for Oauth {
    fn default() -> Self {
        Self {
            token_lifetime: Duration::from_mins(60),
            key_rotation: Duration::from_hours(24 * 30),
        }
    }
}

pub(super) fn read(at: &At<'_>) -> Option<Oauth> {
    at.table(|oauth| {
        let default = Oauth::default();
        let token_lifetime = oauth.or("token_lifetime", default.token_lifetime, |at| {
            at.parsed(|text| values::duration(text, &(SHORTEST_LIFE..=LONGEST_LIFE)))
        });
        let key_rotation = oauth.or("key_rotation", default.key_rotation, |at| {
            at.parsed(|text| values::duration(text, &(SHORTEST_ROTATION..=LONGEST_ROTATION)))
        });
        Some(Oauth {
            token_lifetime: token_lifetime?,
            key_rotation: key_rotation?,
        })
    })
}
