//! The findings of the checks, as lines for people or as one JSON object for programs.

use std::{fmt, io};

use serde_json::{Value, json};

use crate::commands::listing;

/// The version of the JSON format. A change that breaks readers needs a new number.
const SHAPE: u32 = 1;

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Everything is correct.
    Ok,
    /// Something that this command cannot judge, or that need not be fixed.
    Hint,
    /// The check did not run; the message says why.
    Skipped,
    /// It works now, but not for long or not for every visitor.
    Warning,
    /// It does not work, or it is not safe.
    Problem,
}

/// The finding of one check. Contains no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) check: &'static str,
    pub(crate) status: Status,
    pub(crate) message: String,
    /// Empty if nothing has to be done.
    pub(crate) fix: String,
}

impl Status {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Hint => "hint",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }

    /// Whether the operator has to act.
    pub(crate) const fn is_finding(self) -> bool {
        matches!(self, Self::Warning | Self::Problem)
    }
}

impl Finding {
    pub(crate) fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Ok, message, "")
    }

    pub(crate) fn hint(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Hint, message, "")
    }

    pub(crate) fn skipped(check: &'static str, reason: impl Into<String>) -> Self {
        Self::new(check, Status::Skipped, reason, "")
    }

    pub(crate) fn warning(
        check: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(check, Status::Warning, message, fix)
    }

    pub(crate) fn problem(
        check: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(check, Status::Problem, message, fix)
    }

    fn new(
        check: &'static str,
        status: Status,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { check, status, message: one_line(&message.into()), fix: one_line(&fix.into()) }
    }

    fn to_json(&self) -> Value {
        let fix = (!self.fix.is_empty()).then_some(&self.fix);
        json!({
            "check": self.check,
            "status": self.status.name(),
            "message": self.message,
            "fix": fix,
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<8} {:<18} {}", self.status.name(), self.check, self.message)?;
        if self.fix.is_empty() { Ok(()) } else { write!(f, " -> {}", self.fix) }
    }
}

/// Prints one line per finding.
pub(crate) fn print_lines(findings: &[Finding]) -> io::Result<()> {
    listing::print(findings)
}

/// Prints all findings as one JSON object on one line.
pub(crate) fn print_json(version: &str, environment: &str, findings: &[Finding]) -> io::Result<()> {
    let report = json!({
        "shape": SHAPE,
        "version": version,
        "environment": environment,
        "findings": findings.iter().filter(|finding| finding.status.is_finding()).count(),
        "checks": findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
    });
    listing::print([report])
}

/// Replaces control characters, so that external text, such as a header, cannot start a new line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line_with_its_fix() {
        let finding =
            Finding::problem("schema", "2 migrations\r\nare pending", "run `acme migrate`");
        let line = "problem  schema             2 migrations  are pending -> run `acme migrate`";
        assert_eq!(finding.to_string(), line);
        assert_eq!(Finding::ok("schema", "current").to_json()["fix"], Value::Null);
    }
}
