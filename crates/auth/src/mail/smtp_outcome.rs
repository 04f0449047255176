//! Decides what the end of an SMTP conversation means for the mail, from the step, the reply code
//! (RFC 5321 §4.2) and the enhanced status code (RFC 3463, RFC 5248). No other place decides it.
//!
//! An outcome is final only if the recipient does not exist or takes no mail. Every other refusal is
//! about the server, the sender, a policy or a reputation: the mail waits until the operator has
//! mended the cause. If it is unknown whether the server has accepted the mail, the outcome is in
//! doubt: another try may deliver the mail twice. The text of a reply decides only where the server
//! gives no status, and is neither kept nor logged (LGG-01).

use std::{fmt, io};

/// Most characters of what the operating system or TLS says.
const MAX_TEXT: usize = 200;

/// A step of the conversation: what the mail server was to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// The connection.
    #[default]
    Connect,
    /// The handshake of TLS.
    Tls,
    /// Its greeting.
    Greeting,
    /// EHLO.
    Ehlo,
    /// STARTTLS.
    StartTls,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA, and the mail up to its end.
    Data,
    /// The end of the mail: the final dot.
    End,
}

/// Why a conversation did not end with a mail that the server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The step that was to be answered.
    pub(super) step: Step,
    /// The event in place of the expected answer.
    pub(super) trouble: Trouble,
}

/// The event in place of the expected answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// A reply that says no.
    Reply(Refusal),
    /// Something that is no reply, or none to this.
    Unreadable,
    /// The end of the line.
    Closed,
    /// Nothing in time.
    Late,
    /// An error of the operating system or of TLS, in its words.
    Line(String),
    /// STARTTLS is not offered.
    NoStartTls,
    /// No way to log in is offered that is known here.
    NoLogIn,
}

/// A reply of 4xx or 5xx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    code: u16,
    status: Option<Status>,
    /// Whether the words blame something else than the recipient.
    blames_other: bool,
}

/// An enhanced status code without its class, which is the first digit of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Status {
    subject: u16,
    detail: u16,
}

/// The consequence for the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It reaches no mailbox, ever.
    NoRecipient,
    /// It waits until the server takes it.
    Later,
    /// The server may have it.
    Doubtful,
}

/// Status codes, without their class, by which a recipient does not exist or takes no mail:
/// X.1.1 to X.1.4, X.1.6 and X.1.10 are about the destination address, X.2.1 is a mailbox
/// that is disabled. X.1.0 is not among them, which servers use of senders too, nor X.1.7
/// to X.1.9, which are about the sender, nor X.2.2, a mailbox that is full.
const NO_RECIPIENT: [(u16, u16); 7] = [(1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 10), (2, 1)];

/// Replies to RCPT TO that say without a status that there is no such mailbox (RFC 5321
/// §4.2.3, RFC 7504), unless their words blame something else.
const NO_MAILBOX: [u16; 4] = [550, 551, 553, 556];

/// Words, in lower case, of refusals that are not about whether the recipient exists.
const OTHER_BLAMED: &str = "relay|denied|polic|spam|block|blacklist|listed|\
    reputation|sender|rcpthosts|gateway|authenticat|authoriz|authoris|permit|permission|not allowed to|prohibit|quota|full|\
    storage|size|large|limit|too many|rate|temporar|try again|later|greylist|graylist|\
    helo|reverse|ptr|spf|dkim|dmarc|tls|encrypt|verif|content";

impl Cause {
    pub(super) const fn new(step: Step, trouble: Trouble) -> Self {
        Self { step, trouble }
    }

    /// The consequence for the mail.
    pub(super) fn meaning(&self) -> Meaning {
        match (self.step, &self.trouble) {
            (Step::Rcpt | Step::Data | Step::End, Trouble::Reply(refusal))
                if refusal.is_no_recipient(self.step) =>
            {
                Meaning::NoRecipient
            }
            (Step::End, trouble) if !matches!(trouble, Trouble::Reply(_)) => Meaning::Doubtful,
            _ => Meaning::Later,
        }
    }

    /// The action that the operator can take.
    pub(super) const fn fix(&self) -> &'static str {
        match (self.step, &self.trouble) {
            (
                _,
                Trouble::NoStartTls | Trouble::NoLogIn | Trouble::Reply(Refusal { code: 530, .. }),
            ) => "compare mail.url with what the mail server offers and asks for",
            (Step::Connect, _) => "check host and port of mail.url, and that the mail server runs",
            (Step::Tls, _) => {
                "check the certificate of the mail server; if its CA is a private one, set mail.ca_file"
            }
            (Step::Auth, _) => "check user and password of mail.url",
            (Step::Mail, Trouble::Reply(_)) => "check that the mail server lets mail.from send",
            (Step::Rcpt, Trouble::Reply(_)) => {
                "check that the mail server relays for this server, and its quota and policy"
            }
            _ => "look for the reason in the log of the mail server",
        }
    }
}

impl Trouble {
    /// The message of the operating system or of TLS, on one line.
    pub(super) fn of(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::Closed;
        }
        let text = error.to_string();
        Self::Line(text.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect())
    }
}

impl Refusal {
    /// Parses a reply with `code`; `lines` is its text without codes.
    pub(super) fn read(code: u16, lines: &[String]) -> Self {
        let text = lines.join("\n").to_ascii_lowercase();
        // Quotations of our own envelope carry no information.
        let words = text.split_ascii_whitespace().filter(|word| !word.contains('@'));
        let words = words.collect::<Vec<_>>().join(" ");
        Self {
            code,
            status: words
                .split(|c: char| !is_of_status(c))
                .find_map(|word| Status::read(word, code)),
            blames_other: OTHER_BLAMED.split('|').any(|blamed| words.contains(blamed)),
        }
    }

    fn is_no_recipient(self, step: Step) -> bool {
        match self.status.filter(|status| status.says_something()) {
            Some(Status { subject, detail }) => {
                self.code >= 500 && NO_RECIPIENT.contains(&(subject, detail))
            }
            None => step == Step::Rcpt && NO_MAILBOX.contains(&self.code) && !self.blames_other,
        }
    }
}

const fn is_of_status(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

impl Status {
    /// `None` where the word is no status of the class of `code` (RFC 2034 §4).
    fn read(word: &str, code: u16) -> Option<Self> {
        let mut numbers = word.trim_end_matches('.').split('.').map(|number| {
            let is_number = (1..=3).contains(&number.len());
            is_number.then(|| number.parse::<u16>().ok()).flatten()
        });
        let [class, subject, detail] = [numbers.next()??, numbers.next()??, numbers.next()??];
        let is_whole = numbers.next().is_none() && class == code / 100;
        is_whole.then_some(Self { subject, detail })
    }

    /// X.0.0 is "other or undefined".
    const fn says_something(self) -> bool {
        self.subject != 0
    }
}

/// How the description begins of what the mail server itself refused.
const REPLIED: &str = "the mail server replied";

/// Whether the mail server answered, and was against it.
pub(crate) fn is_reply(description: &str) -> bool {
    description.starts_with(REPLIED)
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.trouble, self.step) {
            (Trouble::Reply(Refusal { code, status: None, .. }), _) => {
                write!(f, "{REPLIED} {code}")
            }
            (Trouble::Reply(Refusal { code, status: Some(Status { subject, detail }), .. }), _) => {
                write!(f, "{REPLIED} {code} {}.{subject}.{detail}", code / 100)
            }
            (Trouble::Unreadable, _) => f.write_str("what the mail server answered is no reply"),
            (Trouble::Closed, _) => f.write_str("the mail server ended the conversation"),
            (Trouble::Late, _) => f.write_str("the mail server took too long"),
            (Trouble::Line(error), Step::Connect) => {
                write!(f, "no connection to the mail server: {error}")
            }
            (Trouble::Line(error), Step::Tls) => {
                write!(f, "no secure connection to the mail server: {error}")
            }
            (Trouble::Line(error), _) => {
                write!(f, "the connection to the mail server broke: {error}")
            }
            (Trouble::NoStartTls, _) => f.write_str("the mail server offers no STARTTLS"),
            (Trouble::NoLogIn, _) => f.write_str("the mail server offers no known way to log in"),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connect",
            Self::Tls => "TLS",
            Self::Greeting => "greeting",
            Self::Ehlo => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL FROM",
            Self::Rcpt => "RCPT TO",
            Self::Data => "DATA",
            Self::End => "end of the mail",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(step: Step, reply: &str) -> Meaning {
        let (code, text) = reply.split_at(3);
        let lines: Vec<_> = text.split('|').map(|line| line.trim().to_owned()).collect();
        let refusal = Refusal::read(code.parse().unwrap(), &lines);
        Cause::new(step, Trouble::Reply(refusal)).meaning()
    }

    /// MAI-01: that the recipient does not exist, said in any of the ways of real servers.
    #[test]
    fn a_recipient_that_does_not_exist_is_final() {
        for (step, reply) in [
            (Step::Rcpt, "550 5.1.1 <mia@example.org>: Recipient address rejected: User unknown"),
            (
                Step::Rcpt,
                "550-5.1.1 The email account that you tried to reach|550-5.1.1 does not exist",
            ),
            (Step::Rcpt, "550 5.1.2 no such domain"),
            (Step::Rcpt, "553 5.1.3 bad recipient address syntax"),
            (Step::Rcpt, "501 5.1.3 bad recipient address syntax"),
            (Step::Rcpt, "551 5.1.6 has moved"),
            (Step::Rcpt, "556 5.1.10 recipient address has null MX"),
            (Step::Rcpt, "550 5.2.1 The email account that you tried to reach is disabled"),
            (Step::End, "550 5.1.1 no such user"),
            (Step::Data, "554 5.1.1 no such user"),
            (Step::Rcpt, "550 no such user (#5.1.1)"),
            (Step::Rcpt, "550"),
            (Step::Rcpt, "550 as told"),
            (Step::Rcpt, "550 No such user here"),
            (Step::Rcpt, "550 5.0.0 User unknown"),
            (Step::Rcpt, "551 User not local; please try <x@relay.example>"),
            (Step::Rcpt, "553 Requested action not taken: mailbox name not allowed"),
            (Step::Rcpt, "556 domain takes no mail"),
            (Step::Rcpt, "550 <relay-spam@policy.example> unknown"),
        ] {
            assert_eq!(meaning(step, reply), Meaning::NoRecipient, "{step} {reply}");
        }
    }

    /// MAI-01: a server, a sender, a policy or a reputation that says nothing against the
    /// mail, whatever the code.
    #[test]
    fn what_is_not_about_the_recipient_waits_for_the_operator() {
        for (step, reply) in [
            (Step::Greeting, "554 5.7.1 you are blocked"),
            (Step::Ehlo, "550 5.7.1 helo"),
            (Step::Auth, "535 5.7.8 wrong password"),
            (Step::Auth, "550 5.1.1 no such user"),
            (Step::Mail, "530 5.7.0 Must issue a STARTTLS command first"),
            (Step::Mail, "550 5.1.1 no such sender"),
            (Step::Mail, "550 no"),
            (Step::Mail, "552 5.3.4 too large"),
            (Step::Rcpt, "550 5.1.0 Sender address rejected: User unknown"),
            (Step::Rcpt, "553 5.1.7 bad sender"),
            (Step::Rcpt, "550 5.1.8 Sender address rejected: Domain not found"),
            (Step::Rcpt, "550 5.1.9 non-compliant"),
            (Step::Rcpt, "552 5.2.2 over quota"),
            (Step::Rcpt, "550 5.2.2 mailbox full"),
            (Step::Rcpt, "550 5.3.2 not now"),
            (Step::Rcpt, "550 5.4.1 Recipient address rejected: Access denied"),
            (Step::Rcpt, "554 5.7.1 <mia@example.org>: Relay access denied"),
            (Step::Rcpt, "550 5.7.1 Unable to relay"),
            (Step::Rcpt, "550-5.7.25 The IP address has no PTR record|550 5.7.25 it must"),
            (Step::Rcpt, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
            (Step::Rcpt, "550 relay not permitted"),
            (Step::Rcpt, "550 Relaying denied"),
            (Step::Rcpt, "551 we do not relay"),
            (Step::Rcpt, "550-Verification failed for <x@y.example>|550 Sender verify failed"),
            (Step::Rcpt, "550 Administrative prohibition"),
            (Step::Rcpt, "550 192.0.2.1 is listed at bl.example"),
            (Step::Rcpt, "550 mailbox full"),
            (Step::Rcpt, "554 no"),
            (Step::Rcpt, "552 no"),
            (Step::Rcpt, "450 4.1.1 unverified address"),
            (Step::Rcpt, "450 4.2.0 greylisted"),
            (Step::Rcpt, "550 4.1.1 the classes differ: sender"),
            (Step::Data, "554 no valid recipients"),
            (Step::Data, "503 bad sequence"),
            (Step::End, "550 no"),
            (Step::End, "554 5.7.1 spam"),
            (Step::End, "554 5.6.0 content"),
            (Step::End, "452 4.3.1 disk full"),
        ] {
            assert_eq!(meaning(step, reply), Meaning::Later, "{step} {reply}");
        }
    }

    /// MAI-02: the outcome of a mail with an unknown end.
    #[test]
    fn whatever_is_no_reply_is_a_doubt_after_the_end_of_the_mail_alone() {
        let line = || Trouble::Line("reset".to_owned());
        for trouble in [Trouble::Unreadable, Trouble::Closed, Trouble::Late, line()] {
            for step in [Step::Connect, Step::Tls, Step::Greeting, Step::Rcpt, Step::Data] {
                assert_eq!(Cause::new(step, trouble.clone()).meaning(), Meaning::Later, "{step}");
            }
            assert_eq!(Cause::new(Step::End, trouble).meaning(), Meaning::Doubtful);
        }
    }

    /// LGG-01.
    #[test]
    fn a_cause_names_codes_and_quotes_nobody() {
        for (reply, told) in [
            ("554 5.7.1 <mia@example.org>: Relay access denied", "554 5.7.1"),
            ("550 192.0.2.5 is listed", "550"),
            ("550 mia@example.org (#5.1.1).", "550 5.1.1"),
            ("450 5.1.1 the classes differ", "450"),
        ] {
            let refusal = Refusal::read(reply[..3].parse().unwrap(), &[reply[4..].to_owned()]);
            let cause = Cause::new(Step::Rcpt, Trouble::Reply(refusal)).to_string();
            assert_eq!(cause, format!("the mail server replied {told}"));
            assert!(is_reply(&cause));
        }
    }
}
