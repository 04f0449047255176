//! Checks the mail server, sends a test mail, and names the DNS records that the sender needs.

use auth::mail::{MailSettings, Mailer};
use domain::{Clock, EmailAddress};

use super::report::Finding;

const SERVER: &str = "mail_server";
const TEST: &str = "test_mail";
const DNS: &str = "mail_dns";

const SUBJECT: &str = "Test mail";
const TEXT: &str = "This mail was sent by the command `doctor --mail-to`. Its headers show whether SPF, DKIM and \
                    DMARC pass. Nothing has to be done with it.";

/// Connects to the mail server, and sends a test mail if `to` is given.
pub(super) async fn server(settings: MailSettings, to: Option<EmailAddress>) -> Vec<Finding> {
    let url = settings.url.to_string();
    let mailer = Mailer::new(settings);
    if let Err((reason, fix)) = mailer.try_connection().await {
        let mut findings = vec![Finding::problem(SERVER, format!("{url}: {reason}"), fix)];
        findings.extend(to.map(|_| Finding::skipped(TEST, "the mail server cannot be used")));
        return findings;
    }
    let reached = Finding::ok(SERVER, format!("{url} lets this server in"));
    let Some(to) = to else {
        return vec![reached, Finding::skipped(TEST, "name an address with --mail-to")];
    };
    vec![reached, send(&mailer, to).await]
}

async fn send(mailer: &Mailer, to: EmailAddress) -> Finding {
    match mailer.send_test(to, (SUBJECT, TEXT), Clock::system().now()).await {
        Ok(()) => Finding::ok(TEST, "the mail server took the test mail; look whether it arrives"),
        Err(error) => Finding::problem(
            TEST,
            format!("the test mail was refused: {error}"),
            "let the mail server take mails from mail.from to every address",
        ),
    }
}

/// Names the DNS records for the operator to look up, because this command sends no DNS queries.
pub(super) fn dns(domain: &str) -> Vec<Finding> {
    if domain == "localhost" || !domain.contains('.') {
        return vec![Finding::warning(
            DNS,
            format!("mail.from is at {domain}, which other mail servers do not know"),
            "set mail.from to an address of your domain",
        )];
    }
    vec![
        Finding::hint(
            DNS,
            format!("SPF: `dig +short TXT {domain}` has one `v=spf1 …` that names the mail server"),
        ),
        Finding::hint(
            DNS,
            format!(
                "DKIM: the mail server signs for {domain}, and `dig +short TXT \
                 SELECTOR._domainkey.{domain}` has its key"
            ),
        ),
        Finding::hint(DNS, format!("DMARC: `dig +short TXT _dmarc.{domain}` has `v=DMARC1; p=…`")),
    ]
}
