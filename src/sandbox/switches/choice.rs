//! How a switch is declared, so that its positions can be enumerated and none is forgotten.

use serde::Serialize;

/// An enum of the positions of a switch; the first is the default.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $(#[$first_doc:meta])* $first:ident, $($(#[$other_doc:meta])* $other:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$other_doc])* $other,)+
        }

        impl $name {
            /// All positions, the default first.
            pub const POSITIONS: &'static [Self] = &[Self::$first, $(Self::$other),+];
        }
    };
}

/// The struct of all switches: those with named positions, and those that count something, each with its default and
/// the values worth trying.
macro_rules! switches {
    (
        $(#[$struct_doc:meta])* $struct:ident;
        positions { $($(#[$doc:meta])* $name:ident: $kind:ty,)+ }
        counts { $($(#[$count_doc:meta])* $count:ident: $type:ty = $default:expr, tried at $tried:expr;)+ }
        $(#[$rest_doc:meta])* $rest:ident: $rest_type:ty
    ) => {
        $(#[$struct_doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $struct {
            $($(#[$doc])* pub $name: $kind,)+
            $($(#[$count_doc])* pub $count: $type,)+
            $(#[$rest_doc])* pub $rest: $rest_type,
        }

        impl Default for $struct {
            fn default() -> Self {
                Self {
                    $($name: <$kind>::default(),)+
                    $($count: $default,)+
                    $rest: <$rest_type>::default(),
                }
            }
        }

        impl $struct {
            /// Every switch at every position but its default, one at a time, each under a name such as
            /// `created_id=neither`.
            pub fn every_position() -> Vec<(String, Self)> {
                let mut all = Vec::new();
                $(for position in <$kind>::POSITIONS.iter().skip(1) {
                    let name = format!("{}={}", stringify!($name), $crate::sandbox::switches::choice::word(position));
                    all.push((name, Self { $name: *position, ..Self::default() }));
                })+
                $(for value in $tried {
                    let name = format!("{}={}", stringify!($count), $crate::sandbox::switches::choice::word(&value));
                    all.push((name, Self { $count: value, ..Self::default() }));
                })+
                all
            }

            /// Every switch with the words of its positions, the default first; a switch that counts has its default only.
            pub fn table() -> Vec<(&'static str, Vec<String>)> {
                vec![
                    $((stringify!($name), <$kind>::POSITIONS.iter().map($crate::sandbox::switches::choice::word).collect()),)+
                    $((stringify!($count), vec![$crate::sandbox::switches::choice::word(&Self::default().$count)]),)+
                    (stringify!($rest), Vec::new()),
                ]
            }
        }
    };
}

pub(super) use {choice, switches};

/// The word for a position as a file of switches has it.
pub(super) fn word<T: Serialize>(position: &T) -> String {
    match serde_json::to_value(position) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}
