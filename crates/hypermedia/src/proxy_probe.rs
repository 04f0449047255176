//! The description of a request behind the proxy, for the operator only.
//!
//! `xtask doctor` asks at [`PATH`] of `server.public_url`, with a question that is signed
//! by a key derived from `secret_key` and good for a minute; the server answers with the
//! `Host`, the forwarding headers and the client as it sees them, signed too. Whatever is
//! not such a question is 404, as any page that is not there. Threat: strangers who learn
//! how the site is built, and answers of other servers that are taken for ours (OBS-03).

use std::net::IpAddr;

use auth::keys::{KeyPurpose, MacKey, SecretKey};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Timestamp, random};
use poem::http::{HeaderMap, header};
use serde::{Deserialize, Serialize};

/// Where the server answers.
pub const PATH: &str = "/.well-known/proxy-probe";
/// Life of a question, and how far the clocks of both sides may be apart, in seconds.
const LIFETIME: i64 = 60;
/// The most characters of a header that are shown.
const LONGEST: usize = 200;
const QUESTION: &[u8] = b"question";
const ANSWER: &[u8] = b"answer";

/// Asks and answers, with a key of its own.
#[derive(Clone, Debug)]
pub struct ProxyProbe(MacKey);

/// A question on its way.
#[derive(Clone, Debug)]
pub struct Question {
    /// The path with the query to ask at.
    pub target: String,
    nonce: String,
}

/// A request as the server saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The version of the server.
    pub version: String,
    /// `Host`.
    pub host: String,
    /// `X-Forwarded-Proto`, empty without one.
    pub forwarded_proto: String,
    /// `X-Forwarded-For`, empty without one.
    pub forwarded_for: String,
    /// `Forwarded`, empty without one.
    pub forwarded: String,
    /// The other end of the connection.
    pub peer: IpAddr,
    /// Whether that is one of `server.trusted_proxies`.
    pub is_peer_trusted: bool,
    /// The client's address for throttles and the log.
    pub client: IpAddr,
}

#[derive(Deserialize)]
struct Asked {
    nonce: String,
    until: i64,
    signature: String,
}

impl ProxyProbe {
    /// With a key derived from `secret`.
    pub fn new(secret: &SecretKey) -> Self {
        Self(secret.derive(KeyPurpose::ProxyProbe))
    }

    /// A new question, good from `now` for a minute.
    pub fn ask(&self, now: Timestamp) -> Question {
        let nonce = BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<16>());
        let until = now.as_seconds() + LIFETIME;
        let signature = self.sign_question(&nonce, until);
        let target = format!("{PATH}?nonce={nonce}&until={until}&signature={signature}");
        Question { target, nonce }
    }

    /// The nonce of the question that `query` is, if it is one and in time.
    pub fn check(&self, query: &str, now: Timestamp) -> Option<String> {
        let Asked { nonce, until, signature } = serde_urlencoded::from_str(query).ok()?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        let is_ours = self.0.verify(&question(&nonce, &until.to_le_bytes()), &signature);
        let left = until.saturating_sub(now.as_seconds());
        (is_ours && (0..=2 * LIFETIME).contains(&left)).then_some(nonce)
    }

    /// The body of the answer to the question with this nonce.
    pub fn answer(&self, nonce: &str, seen: &Seen) -> Option<String> {
        let fields = serde_urlencoded::to_string(seen).ok()?;
        let signature = self.0.sign(&[ANSWER, nonce.as_bytes(), fields.as_bytes()]);
        Some(format!("{fields}\n{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The description that the server sent, if `body` is its answer to `question`.
    pub fn read(&self, question: &Question, body: &str) -> Option<Seen> {
        let (fields, signature) = body.split_once('\n')?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature.trim_end()).ok()?;
        let parts = [ANSWER, question.nonce.as_bytes(), fields.as_bytes()];
        let is_ours = self.0.verify(&parts, &signature);
        is_ours.then(|| serde_urlencoded::from_str(fields).ok()).flatten()
    }

    fn sign_question(&self, nonce: &str, until: i64) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0.sign(&question(nonce, &until.to_le_bytes())))
    }
}

impl Seen {
    /// The description of `headers` from `peer`.
    pub fn of(
        headers: &HeaderMap,
        (peer, is_peer_trusted): (IpAddr, bool),
        client: IpAddr,
    ) -> Self {
        let lines = |name: &str| {
            let lines = headers.get_all(name).iter();
            let text: Vec<_> = lines.map(|line| line.to_str().unwrap_or("?")).collect();
            text.join(", ").chars().take(LONGEST).collect()
        };
        Self {
            version: crate::VERSION.to_owned(),
            host: lines(header::HOST.as_str()),
            forwarded_proto: lines("x-forwarded-proto"),
            forwarded_for: lines("x-forwarded-for"),
            forwarded: lines("forwarded"),
            peer,
            is_peer_trusted,
            client,
        }
    }
}

fn question<'a>(nonce: &'a str, until: &'a [u8; 8]) -> [&'a [u8]; 3] {
    [QUESTION, nonce.as_bytes(), until]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn probe(byte: u8) -> ProxyProbe {
        ProxyProbe::new(&SecretKey::new(vec![byte; 32]).unwrap())
    }

    fn query(question: &Question) -> &str {
        question.target.split_once('?').unwrap().1
    }

    fn seen() -> Seen {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "example.com:8443".parse().unwrap());
        headers.append("x-forwarded-for", "192.0.2.1".parse().unwrap());
        headers.append("x-forwarded-for", "192.0.2.2".parse().unwrap());
        Seen::of(&headers, ([127, 0, 0, 1].into(), true), [192, 0, 2, 2].into())
    }

    #[test]
    fn an_answer_to_a_question_is_what_the_server_saw() {
        let probe = probe(1);
        let question = probe.ask(NOW);

        let nonce = probe.check(query(&question), NOW).unwrap();
        let body = probe.answer(&nonce, &seen()).unwrap();

        let read = probe.read(&question, &body).unwrap();
        assert_eq!(read, seen());
        assert_eq!(
            (read.host.as_str(), read.forwarded_for.as_str()),
            ("example.com:8443", "192.0.2.1, 192.0.2.2")
        );
    }

    /// OBS-03.
    #[test]
    fn a_question_is_good_with_the_key_for_a_minute_and_unchanged() {
        let (ours, others) = (probe(1), probe(2));
        let question = ours.ask(NOW);
        let asked = query(&question);
        let (minute, second) = (Duration::from_mins(1), Duration::from_secs(1));

        assert!(ours.check(asked, NOW + minute).is_some());
        assert!(ours.check(asked, NOW + minute + second).is_none());
        assert!(ours.check(asked, NOW - minute - second).is_none());
        assert!(others.check(asked, NOW).is_none());
        let later = asked.replace("&until=18", "&until=19");
        assert_ne!(later, asked);
        assert!(ours.check(&later, NOW).is_none());
        for query in
            ["", "nonce=a", "nonce=a&until=1800000030&signature=", "nonce=&until=x&signature=%"]
        {
            assert!(ours.check(query, NOW).is_none(), "{query}");
        }
    }

    /// OBS-03: neither another server's answer nor an old one is taken for the answer.
    #[test]
    fn an_answer_is_good_for_its_question_alone() {
        let (ours, others) = (probe(1), probe(2));
        let (question, another) = (ours.ask(NOW), ours.ask(NOW));
        let body = ours.answer(&question.nonce, &seen()).unwrap();

        assert!(ours.read(&question, &body).is_some());
        assert!(ours.read(&another, &body).is_none());
        assert!(others.read(&question, &body).is_none());
        assert!(ours.read(&question, &body.replace("8443", "443")).is_none());
        assert!(ours.read(&question, "<html>").is_none());
    }
}
