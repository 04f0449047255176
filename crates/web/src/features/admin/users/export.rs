//! The list of users as a file in CSV (RFC 4180), for spreadsheets.
//!
//! Guards against formulas: a spreadsheet runs a cell that begins with one of a few characters, and
//! users choose their names. Such a cell begins with an apostrophe (OWASP, "CSV Injection").

use auth::{ExportUsersError, UserQuery};
use domain::{Timestamp, User};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, Submission},
    page_context::PageContext,
    ui::{FieldName, Indexing, Message},
};
use maud::{Markup, html};
use poem::{IntoResponse, Response, handler, http::header};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{FILTER, SEARCH, SORT, kept, read_form, read_state};
use crate::{features::admin::Section, texts::Texts};

/// Where the file is.
pub(crate) const EXPORT_PATH: &str = "/admin/users/export";
/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[SEARCH, FILTER, SORT];

/// The columns.
const COLUMNS: [&str; 8] =
    ["id", "email", "name", "role", "created_at", "last_seen_at", "confirmed_at", "disabled_at"];
/// The characters with which a formula begins.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A file, which no cache keeps.
#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Response, Error> {
    let query = read_form(submission)?;
    let exported = context
        .accounts()
        .administration()
        .export_users(principal, &query, &context.client())
        .await;
    let users = match exported {
        Ok(users) => users,
        Err(ExportUsersError::TooMany) => {
            let error = Texts::of(context.language()).admin.export_too_long;
            let view = alone(context, &query, Some(error));
            return Ok(Answer::invalid(view).into_response());
        }
        Err(ExportUsersError::Fault(fault)) => return Err(fault.into()),
    };
    let disposition = format!("attachment; filename=\"{}-users.csv\"", context.site.brand.slug);
    Ok(Response::builder()
        .content_type("text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::CACHE_CONTROL, "no-store")
        .body(csv(&users)))
}

/// The page with the form, when it came without a valid token.
pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    alone(context, &read_state(state), state.error.as_ref().map(Message::text))
}

fn alone(context: &PageContext, query: &UserQuery, error: Option<&str>) -> View {
    let texts = Texts::of(context.language());
    let form = form(context, query, error);
    let body = html! { h1 { (texts.account.users) } (form) };
    View {
        title: texts.account.users,
        indexing: Indexing::Unlisted,
        form: Some(form),
        main: Section::Users.page(context, &body),
    }
}

/// The button that downloads the list. htmx is not involved: it would put the file into the page.
pub(super) fn form(context: &PageContext, query: &UserQuery, error: Option<&str>) -> Markup {
    let texts = Texts::of(context.language());
    html! {
        form id="export-users-form" method="post" action=(EXPORT_PATH) {
            input type="hidden" name=(FieldName::CSRF_TOKEN) value=(context.csrf.token());
            input type="hidden" name=(SEARCH) value=(query.search);
            (kept(query))
            @if let Some(error) = error {
                p.error id="export-users-form-error" role="alert" { (error) }
            }
            p.hint { (texts.admin.export_lead) }
            button.quiet type="submit" { (texts.admin.export) }
        }
    }
}

fn csv(users: &[User]) -> String {
    let mut file = line(&COLUMNS.map(str::to_owned));
    for user in users {
        let moments = [user.last_seen_at, user.confirmed_at, user.disabled_at];
        let [last_seen, confirmed, disabled] = moments.map(|at| at.map(moment).unwrap_or_default());
        file += &line(&[
            user.id.to_string(),
            user.email.to_string(),
            user.name.to_string(),
            user.role.to_string(),
            moment(user.created_at),
            last_seen,
            confirmed,
            disabled,
        ]);
    }
    file
}

fn line(cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell in quotes, which no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let mark = if text.starts_with(FORMULA) { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}

fn moment(at: Timestamp) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at.as_seconds()).ok();
    at.and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ADM-10.
    #[test]
    fn no_cell_is_a_formula_or_ends_early() {
        for (text, expected) in [
            ("Mia", r#""Mia""#),
            ("=1+1", r#""'=1+1""#),
            ("+49", r#""'+49""#),
            ("-1", r#""'-1""#),
            ("@SUM(A1)", r#""'@SUM(A1)""#),
            ("\t=1", "\"'\t=1\""),
            (r#"a "b", c"#, r#""a ""b"", c""#),
            (r#"=HYPERLINK("x")"#, r#""'=HYPERLINK(""x"")""#),
        ] {
            assert_eq!(cell(text), expected);
        }
    }

    #[test]
    fn a_time_is_in_utc() {
        assert_eq!(moment(Timestamp::from_millis(1_800_000_000_999)), "2027-01-15T08:00:00Z");
    }
}
