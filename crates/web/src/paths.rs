//! The paths that more than one feature leads to. A path that only one feature knows stands there.

use domain::Token;

pub(crate) const CONFIRM_ADDRESS: &str = "/confirm-address/{token}";
pub(crate) const EMAIL: &str = "/settings/email";
/// The list of second factors, and the beginning of the paths about them.
pub(crate) const FACTORS: &str = "/settings/factors";
pub(crate) const FORGOT_PASSWORD: &str = "/forgot-password";
pub(crate) const LOG_IN: &str = "/login";
pub(crate) const MAILBOX: &str = "/mailbox";
pub(crate) const MAILBOX_CODE: &str = "/mailbox/code";
pub(crate) const MAILBOX_EMAIL: &str = "/mailbox/email";
pub(crate) const MAILBOX_RESEND: &str = "/mailbox/resend";
pub(crate) const MAILBOX_STATE: &str = "/mailbox/state";
pub(crate) const NEW_ACCOUNT: &str = "/new-account/{token}";
pub(crate) const PASSWORD: &str = "/settings/password";
/// Where a user goes who asked for no other page, unless the product says otherwise.
pub(crate) const PROFILE: &str = "/profile";
pub(crate) const RESET_PASSWORD: &str = "/reset-password/{token}";
pub(crate) const SECURITY: &str = "/settings/security";
pub(crate) const SESSIONS: &str = "/settings/sessions";
pub(crate) const SETTINGS: &str = "/settings";
pub(crate) const SIGN_UP: &str = "/signup";
pub(crate) const SIGN_UP_CHECK: &str = "/signup/check";
pub(crate) const SUDO: &str = "/sudo";

/// The path up to its first parameter.
pub(crate) fn beginning(path: &str) -> &str {
    path.split('{').next().unwrap_or_default()
}

/// The path that ends with a parameter, with this token for it.
pub(crate) fn with_token(path: &str, token: &Token) -> String {
    format!("{}{}", beginning(path), token.expose().as_str())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }

    /// A path that is written twice is changed once.
    #[test]
    fn a_path_that_has_a_name_is_written_here_alone() {
        let mut found = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        let named = include_str!("paths.rs").lines().filter_map(|line| {
            line.strip_prefix("pub(crate) const ")?.split_once('"')?.1.strip_suffix("\";")
        });
        let mut written = Vec::new();
        for path in named {
            // A path with a token is also written as its beginning.
            let begins = path.split_once('{').map_or(path, |(start, _)| start);
            let starts = [format!("\"{path}\""), format!("\"{begins}\""), format!("\"{begins}{{")];
            written.extend(found.iter().filter_map(|(file, text)| {
                let is_other = !file.ends_with("/src/paths.rs");
                let has_it = starts.iter().any(|start| text.contains(start));
                (is_other && has_it).then(|| format!("{path} in {file}"))
            }));
        }
        assert_eq!(written, Vec::<String>::new());
    }
}
