//! The policy for new passwords: long enough, and not one that an attacker tries first (NIST SP
//! 800-63B-4 §3.1.1.2). There are no rules of composition, and a password that is merely weak is
//! accepted. Log-ins do not check it.
//!
//! zxcvbn gets a bounded, folded beginning only: its time explodes on long rows of digits and
//! symbols, and its estimate overflows on long walks over the keyboard. It works on copies that are
//! not wiped.

use domain::{DisplayName, EmailAddress, Password};
use zeroize::Zeroizing;
use zxcvbn::{Entropy, matching::patterns::MatchPattern};

/// A password that a good guesser finds within this many guesses is common.
const COMMON_GUESSES: u64 = 100_000;
/// Characters that are checked; a longer password is common only by its beginning.
const JUDGED_CHARS: usize = 24;
/// Shortest part of a name or address that counts as a word of its own.
const MIN_WORD_CHARS: usize = 3;
/// Digits that do not make a password of a name.
const MAX_TRIVIAL_CHARS: usize = 8;

/// The rules for new passwords.
#[derive(Clone, Copy, Debug)]
pub struct PasswordPolicy {
    min_length: usize,
    product: &'static str,
}

/// Why a password cannot be taken; each can be put right by choosing another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Invisible characters, as they come along with copied text: the password could not be
    /// typed again.
    #[error("the password has invisible characters; type it instead of pasting it")]
    Invisible,
    /// Fewer characters than the policy wants.
    #[error("the password has fewer than {min} characters")]
    TooShort {
        /// The fewest characters allowed.
        min: usize,
    },
    /// A well-known password, or nothing but a row of keys, digits or repetitions.
    #[error("the password is among those that are guessed first")]
    Common,
    /// Nothing but the product's name and a few digits.
    #[error("the password is the name of the site")]
    ProductName,
    /// Nothing but the person's address and a few digits.
    #[error("the password is the address of the account")]
    OwnAddress,
    /// Nothing but the person's name and a few digits.
    #[error("the password is the name on the account")]
    OwnName,
}

impl PasswordPolicy {
    /// The policy that wants at least `min_length` characters, and not the name of the product.
    pub fn new(min_length: usize, product: &'static str) -> Self {
        Self { min_length, product }
    }

    /// Whether the person with this address and name may have `password`. Takes a
    /// few milliseconds at most, whatever the password.
    pub fn check(
        &self,
        password: &Password,
        email: &EmailAddress,
        name: &DisplayName,
    ) -> Result<(), PasswordProblem> {
        let address = [words(email.as_str()), words(email.local())].concat();
        self.judge(password, address, words(name.as_str()))
    }

    /// Checks `password` without knowing its user.
    pub fn check_alone(&self, password: &Password) -> Result<(), PasswordProblem> {
        self.judge(password, Vec::new(), Vec::new())
    }

    fn judge(
        self,
        password: &Password,
        address: Vec<String>,
        name: Vec<String>,
    ) -> Result<(), PasswordProblem> {
        if !password.is_visible() {
            return Err(PasswordProblem::Invisible);
        }
        if password.char_count() < self.min_length {
            return Err(PasswordProblem::TooShort { min: self.min_length });
        }
        let letters = letters_and_digits(password.expose());
        let product = words(self.product);
        for (words, problem) in [
            (&product, PasswordProblem::ProductName),
            (&address, PasswordProblem::OwnAddress),
            (&name, PasswordProblem::OwnName),
        ] {
            if is_made_of(&letters, words) {
                return Err(problem);
            }
        }
        let expected = [product, address, name].concat();
        if is_common(password, &expected) { Err(PasswordProblem::Common) } else { Ok(()) }
    }
}

/// A text's letters and digits in one, then those of its longer words.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).map(letters_and_digits);
    let parts = parts.filter(|part| part.chars().count() >= MIN_WORD_CHARS);
    let whole = letters_and_digits(text);
    let words = Some(whole).into_iter().chain(parts).filter(|word| !word.is_empty());
    words.map(|word| word.to_string()).collect()
}

fn letters_and_digits(text: &str) -> Zeroizing<String> {
    let mut letters = Zeroizing::new(String::with_capacity(2 * text.len()));
    letters.extend(text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()));
    letters
}

/// Whether nothing is left of `password` without `words` but a few digits.
fn is_made_of(password: &str, words: &[String]) -> bool {
    let mut rest = Zeroizing::new(password.to_owned());
    for word in words {
        rest = Zeroizing::new(rest.replace(word, ""));
    }
    rest.len() < password.len()
        && rest.chars().count() <= MAX_TRIVIAL_CHARS
        && !rest.chars().any(char::is_alphabetic)
}

fn is_common(password: &Password, expected: &[String]) -> bool {
    let mut judged = Zeroizing::new(String::with_capacity(password.expose().len()));
    judged.extend(
        password.expose().chars().flat_map(char::to_lowercase).map(fold_symbol).take(JUDGED_CHARS),
    );
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let estimate = zxcvbn::zxcvbn(&judged, &expected);
    estimate.guesses() <= COMMON_GUESSES || is_row(&estimate) || counts_up(&judged)
}

/// Whether the password is the numbers from one on. Of readings that are equally hard to
/// guess zxcvbn takes any, and so finds this one in some runs only.
fn counts_up(password: &str) -> bool {
    let numbers: String = (1..=JUDGED_CHARS).map(|number| number.to_string()).collect();
    numbers.starts_with(password)
}

/// Whether the password is a row of keys or of successive characters, alone or
/// beside one word.
fn is_row(estimate: &Entropy) -> bool {
    let parts = || estimate.sequence().iter().map(|part| &part.pattern);
    let is_row = |pattern: &MatchPattern| {
        matches!(pattern, MatchPattern::Spatial(_) | MatchPattern::Sequence(_))
    };
    let is_chance = |pattern: &MatchPattern| matches!(pattern, MatchPattern::BruteForce);
    parts().count() <= 2 && parts().any(is_row) && !parts().any(is_chance)
}

/// Symbols that zxcvbn tries as letters, in all combinations, become the letter
/// where there is but one and another symbol where not.
fn fold_symbol(c: char) -> char {
    match c {
        '@' => 'a',
        '$' => 's',
        '(' => ')',
        '{' => '}',
        '[' => ']',
        '<' => '>',
        '!' | '|' => '~',
        '+' => '=',
        '%' => '^',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(min_length: usize, password: &str) -> Result<(), PasswordProblem> {
        let email = EmailAddress::parse("mia.muster@example.org").unwrap();
        let name = DisplayName::parse("Mia Beispielhaft").unwrap();
        PasswordPolicy::new(min_length, "Gatehouse").check(
            &Password::parse(password).unwrap(),
            &email,
            &name,
        )
    }

    /// REG-05.
    #[test]
    fn the_length_is_counted_in_characters() {
        assert_eq!(check(15, "düsterer Käfer"), Err(PasswordProblem::TooShort { min: 15 }));
        assert_eq!(check(15, "düsterer Käfer!"), Ok(()));
        assert_eq!(check(15, "🗝🐎🔋🌵🦔🎻🧀"), Err(PasswordProblem::TooShort { min: 15 }));
        assert_eq!(check(8, "düsterer Käfer"), Ok(()));
    }

    /// REG-05: one character is one, whatever NFKC takes it apart into.
    #[test]
    fn characters_that_stand_for_many_count_once() {
        assert_eq!(check(15, "\u{fdfa}"), Err(PasswordProblem::TooShort { min: 15 }));
        assert_eq!(check(15, &"\u{fdfa}".repeat(14)), Err(PasswordProblem::TooShort { min: 15 }));
    }

    #[test]
    fn a_new_password_can_be_typed_again() {
        for password in [
            "three swans in a van\u{200b}",
            "\u{feff}three swans in a van",
            "three swans\u{2060} in a van",
            "three swans in a van\u{a0}",
            "three swans in a van\u{3164}",
        ] {
            assert_eq!(check(15, password), Err(PasswordProblem::Invisible), "{password:?}");
        }
    }

    /// REG-05, REG-07.
    #[test]
    fn passphrases_are_accepted_whatever_they_are_made_of() {
        for password in [
            "purple monkey dishwasher",
            "correct horse battery staple",
            "my dog is called rex",
            "thisismypassword",
            "aaaaabbbbbccccc",
            " pass phrase 🗝 pass phrase 🗝 ",
            "#%^&*()_-={}|:<>?~",
            "陳大文的密碼是一個很長的句子喔好",
        ] {
            assert_eq!(check(15, password), Ok(()), "{password}");
        }
        assert_eq!(check(15, &"correct horse 🐎 ".repeat(16)), Ok(()));
    }

    /// REG-06.
    #[test]
    fn well_known_passwords_are_refused() {
        for password in [
            "password",
            "password123",
            "PassWord",
            "P@$$w0rd",
            "qwertyuiop",
            "1234567890",
            "iloveyou1",
            "sunshine",
            "trustno1",
            "football",
            "1q2w3e4r",
            "zaq12wsx",
            "88888888",
            "abcd1234",
        ] {
            assert_eq!(check(8, password), Err(PasswordProblem::Common), "{password}");
        }
    }

    /// REG-06.
    #[test]
    fn long_passwords_that_everyone_tries_are_refused() {
        for password in [
            "passwordpassword",
            "Password12345678",
            "123456789012345",
            "12345678910111213",
            "987654321098765",
            "aaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "abcdefghijklmnop",
            "qwertyuiopasdfgh",
            "1qaz2wsx3edc4rfv",
            "asdfghjkl;'zxcvbnm,./",
            "iloveyouiloveyou",
            "welcome123456789",
        ] {
            assert_eq!(check(15, password), Err(PasswordProblem::Common), "{password}");
        }
        assert_eq!(check(15, &"x".repeat(1024)), Err(PasswordProblem::Common));
    }

    /// REG-06.
    #[test]
    fn the_names_of_site_and_person_are_refused_by_name() {
        for (password, problem) in [
            ("gatehousegatehouse", PasswordProblem::ProductName),
            ("Gatehouse-1234567", PasswordProblem::ProductName),
            ("GATEHOUSE!!!!!!!!", PasswordProblem::ProductName),
            ("mia.muster@example.org", PasswordProblem::OwnAddress),
            ("Mia_Muster_2026!", PasswordProblem::OwnAddress),
            ("1985 muster mia", PasswordProblem::OwnAddress),
            ("Mia Beispielhaft", PasswordProblem::OwnName),
            ("beispielhaft1985", PasswordProblem::OwnName),
        ] {
            assert_eq!(check(15, password), Err(problem), "{password}");
        }
        assert_eq!(check(15, "gatehouse123456789"), Err(PasswordProblem::Common));
    }

    #[test]
    fn a_name_inside_a_longer_passphrase_is_accepted() {
        assert_eq!(check(15, "mia rides a purple horse"), Ok(()));
        assert_eq!(check(15, "my gatehouse is under the mat"), Ok(()));
        assert_eq!(check(15, "mia7041958362957"), Ok(()));
    }

    proptest! {
        /// Keyboard walks of 28 keys overflow the estimate of zxcvbn.
        #[test]
        fn no_password_makes_the_policy_panic(password in "[1.4@8(\\[<369!|70$5+%2a-cİ]{1,300}") {
            let _ = check(8, &password);
        }

        #[test]
        fn case_does_not_matter(password in "(password|gatehouse|mia|qwerty|[a-z]{3}){2,5}") {
            prop_assert_eq!(check(8, &password), check(8, &password.to_uppercase()));
        }
    }
}
