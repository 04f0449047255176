//! The sections of the configuration that use cases obey.

use std::{fmt, sync::Arc, time::Duration};

use domain::{Brand, Roles};
use serde::{Deserialize, Deserializer, de};
use store::Limit;

use crate::{PersonalData, mail::MailSettings, password::PasswordSettings};

/// Everything that use cases obey.
#[derive(Clone, Debug, Default)]
pub struct AuthSettings {
    /// The product that the accounts are for.
    pub brand: &'static Brand,
    /// The roles of the product.
    pub roles: Roles,
    /// The personal data that the product holds besides the accounts.
    pub personal_data: Option<Arc<dyn PersonalData>>,
    /// Log-ins.
    pub session: SessionSettings,
    /// Passwords.
    pub password: PasswordSettings,
    /// Accounts.
    pub accounts: AccountSettings,
    /// Mails.
    pub mail: MailSettings,
    /// Throttles.
    pub limits: LimitSettings,
    /// Whether the latest mails can be looked at; for development alone.
    pub keep_recent_mails: bool,
}

/// The section `session`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionSettings {
    /// Longest life of a session without "remember me".
    #[serde(with = "humantime_serde")]
    pub lifetime: Duration,
    /// Longest life of a session with "remember me".
    #[serde(with = "humantime_serde")]
    pub remember_lifetime: Duration,
    /// Longest pause between two requests; none by default.
    #[serde(deserialize_with = "duration_or_off")]
    pub idle_timeout: Option<Duration>,
    /// How long after the password was given sensitive pages do not ask for it again;
    /// a minute at least.
    #[serde(deserialize_with = "minute_or_more")]
    pub sudo_lifetime: Duration,
    /// How long a page may rely on a session read earlier; zero means never.
    #[serde(with = "humantime_serde")]
    pub cache_ttl: Duration,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_hours(24),
            remember_lifetime: Duration::from_hours(30 * 24),
            idle_timeout: None,
            sudo_lifetime: Duration::from_mins(15),
            cache_ttl: Duration::from_secs(1),
        }
    }
}

/// The section `accounts`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountSettings {
    /// The mode of sign-up.
    pub signup: SignupMode,
    /// How long an account may stay unconfirmed before it is deleted.
    #[serde(with = "humantime_serde")]
    pub unconfirmed_lifetime: Duration,
    /// How long an account can be kept after its owner requested the deletion.
    #[serde(with = "humantime_serde")]
    pub deletion_grace: Duration,
    /// How long a password reset link is good for.
    #[serde(with = "humantime_serde")]
    pub reset_lifetime: Duration,
    /// Who may and who has to have a second factor.
    pub second_factor: SecondFactorMode,
    /// How long the owner of lost factors waits until they are removed.
    #[serde(with = "humantime_serde")]
    pub factor_reset_wait: Duration,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            signup: SignupMode::Open,
            unconfirmed_lifetime: Duration::from_hours(7 * 24),
            deletion_grace: Duration::from_hours(14 * 24),
            reset_lifetime: Duration::from_hours(1),
            second_factor: SecondFactorMode::Optional,
            factor_reset_wait: Duration::from_hours(72),
        }
    }
}

/// The mode of sign-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignupMode {
    /// Everybody, and the account works at once.
    Open,
    /// Everybody, and the account works once its address is confirmed; no answer tells
    /// which addresses have accounts.
    Confirmed,
    /// Sign-up is refused.
    Closed,
}

/// Who may and who has to have a second factor. An account that has one is asked for it in every
/// mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactorMode {
    /// No account can get one.
    Off,
    /// Everybody may have one.
    Optional,
    /// Whose role allows anything in the admin area has to have one; others may.
    Admins,
    /// Everybody has to have one.
    Everyone,
}

/// The section `limits`: tries allowed per period, counted over all nodes.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Whether anything is limited at all.
    pub enabled: bool,
    /// Log-ins to one account, from browsers that never logged in to it.
    pub login_per_account: Rate,
    /// Log-ins from one browser that logged in to the account before.
    pub login_per_device: Rate,
    /// Log-ins from one network.
    pub login_per_client: Rate,
    /// Wrong codes of second factors at one account, at log-ins and within sessions together.
    pub code_per_account: Rate,
    /// Sign-ups from one network.
    pub signup_per_client: Rate,
    /// Checks of sign-up fields that one network may ask for; counted by each process.
    pub signup_check_per_client: Rate,
    /// Reset mails to one address; separately as many mails to confirm it, to change to it, and of
    /// notices to it before it is confirmed. A mail voids the link of the one before, so the pause
    /// between two is the least time that an owner has for a link.
    pub forgot_per_address: Rate,
    /// Reset mails asked for from one network.
    pub forgot_per_client: Rate,
    /// Mails about log-ins to one account from browsers unknown to it.
    pub new_device_per_account: Rate,
    /// Mails in all to addresses without an account, whatever asks for them, so that many
    /// clients cannot fill the outbox; owners get theirs whatever others ask for.
    pub forgot_in_all: Rate,
    /// Mails to unproven addresses of one domain, likewise.
    pub mails_per_domain: Rate,
    /// New addresses that one account asks for.
    pub email_change_per_account: Rate,
    /// Changes of the name of one account.
    pub name_change_per_account: Rate,
    /// Files with everything that is held about one person.
    pub export_per_account: Rate,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            login_per_account: Rate::new(10, Duration::from_mins(15)),
            login_per_device: Rate::new(10, Duration::from_mins(15)),
            login_per_client: Rate::new(60, Duration::from_mins(5)),
            code_per_account: Rate::new(10, Duration::from_mins(15)),
            signup_per_client: Rate::new(20, Duration::from_mins(1)),
            signup_check_per_client: Rate::new(120, Duration::from_mins(1)),
            forgot_per_address: Rate::new(5, Duration::from_hours(1)),
            forgot_per_client: Rate::new(20, Duration::from_mins(1)),
            new_device_per_account: Rate::new(5, Duration::from_hours(1)),
            forgot_in_all: Rate::new(1_000, Duration::from_hours(1)),
            mails_per_domain: Rate::new(300, Duration::from_hours(1)),
            email_change_per_account: Rate::new(5, Duration::from_hours(1)),
            name_change_per_account: Rate::new(20, Duration::from_hours(1)),
            export_per_account: Rate::new(5, Duration::from_hours(1)),
        }
    }
}

/// `COUNT/PERIOD`, such as `10/15m`, or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate(pub(crate) Option<Limit>);

impl Rate {
    /// No limit.
    pub const OFF: Self = Self(None);

    /// `count` tries in each `period`.
    pub const fn new(count: u32, period: Duration) -> Self {
        Self(Some(Limit { count, period }))
    }

    /// So many times as much in the same time.
    pub(crate) fn times(self, factor: u32) -> Self {
        let times = |limit: Limit| Limit { count: limit.count.saturating_mul(factor), ..limit };
        Self(self.0.map(times))
    }

    /// Whether it lets more through than `other`, at once or over time.
    pub fn is_above(self, other: Self) -> bool {
        let (Some(own), Some(other)) = (self.0, other.0) else { return self.0.is_none() };
        let over_time =
            |limit: Limit, period: Duration| f64::from(limit.count) * period.as_secs_f64();
        own.count > other.count || over_time(own, other.period) > over_time(other, own.period)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(limit) => {
                write!(f, "{}/{}", limit.count, humantime::format_duration(limit.period))
            }
            None => f.write_str("off"),
        }
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_rate(&text).ok_or_else(|| {
            de::Error::custom("is no limit; write COUNT/PERIOD such as `10/15m`, or `off`")
        })
    }
}

/// Most tries at once that a limit may allow.
const MAX_TRIES: u32 = 1_000_000;
const MIN_PERIOD: Duration = Duration::from_secs(1);
const MAX_PERIOD: Duration = Duration::from_hours(31 * 24);

fn parse_rate(text: &str) -> Option<Rate> {
    if text == "off" {
        return Some(Rate::OFF);
    }
    let (count, period) = text.split_once('/')?;
    let count = count.trim().parse().ok().filter(|count| (1..=MAX_TRIES).contains(count))?;
    let period = humantime::parse_duration(period.trim()).ok();
    let period = period.filter(|period| (MIN_PERIOD..=MAX_PERIOD).contains(period))?;
    Some(Rate::new(count, period))
}

/// Less would ask again before anybody can have answered.
fn minute_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let duration = humantime_serde::deserialize(deserializer)?;
    if duration < Duration::from_mins(1) {
        return Err(de::Error::custom("is less than a minute; write one such as `15m`"));
    }
    Ok(duration)
}

fn duration_or_off<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text == "off" {
        return Ok(None);
    }
    humantime::parse_duration(&text)
        .map(Some)
        .map_err(|_| de::Error::custom("is no duration; write one such as `30m`, or `off`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_they_are_written() {
        assert_eq!(parse_rate("10/15m"), Some(Rate::new(10, Duration::from_mins(15))));
        assert_eq!(parse_rate("off"), Some(Rate::OFF));
        assert_eq!(Rate::new(5, Duration::from_mins(1)).to_string(), "5/1m");
        for wrong in [
            "",
            "10",
            "0/1m",
            "x/1m",
            "10/0s",
            "10/999ms",
            "10/32d",
            "1000001/1m",
            "10/soon",
            "-1/1m",
        ] {
            assert_eq!(parse_rate(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_limit_is_above_another_at_once_or_over_time() {
        let most = Rate::new(100, Duration::from_mins(1));
        for above in [
            Rate::OFF,
            Rate::new(101, Duration::from_hours(1)),
            Rate::new(2, Duration::from_secs(1)),
        ] {
            assert!(above.is_above(most), "{above}");
        }
        for below in
            [most, Rate::new(10, Duration::from_mins(15)), Rate::new(1, Duration::from_secs(1))]
        {
            assert!(!below.is_above(most), "{below}");
        }
    }
}
