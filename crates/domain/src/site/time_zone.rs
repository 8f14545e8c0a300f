//! The site's time zone: where its clock hangs. Instants are kept in UTC; this is for showing them.

use std::fmt;

use chrono_tz::Tz;

/// A time zone by its name in the IANA database: `Asia/Beirut`, `Europe/Paris`, `UTC`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeZone(Tz);

/// A text that names no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "No time zone of this name: it is one of the IANA database, such as Asia/Beirut, Europe/Paris or UTC."
)]
pub struct UnknownTimeZone;

impl TimeZone {
    /// Universal time: what holds where nobody has set another.
    pub const UTC: Self = Self(Tz::UTC);

    /// Reads a name, in exactly its spelling.
    ///
    /// # Errors
    /// [`UnknownTimeZone`], where the database that this program was built with has none of this name.
    pub fn parse(name: &str) -> Result<Self, UnknownTimeZone> {
        name.parse().map(Self).map_err(|_| UnknownTimeZone)
    }

    /// The name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The zone, to reckon with.
    pub const fn zone(self) -> Tz {
        self.0
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_names() {
        for name in ["Asia/Beirut", "Europe/Paris", "America/Argentina/Buenos_Aires", "UTC"] {
            assert_eq!(TimeZone::parse(name).map(TimeZone::name), Ok(name));
        }
        for unknown in ["", "Beirut", "asia/beirut", "GMT+25", "Asia/Beirut ", "+03:00", "Asia/\0"] {
            assert_eq!(TimeZone::parse(unknown), Err(UnknownTimeZone), "{unknown:?}");
        }
        assert_eq!(TimeZone::UTC.name(), "UTC");
    }
}
