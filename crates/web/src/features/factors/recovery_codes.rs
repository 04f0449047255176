//! New recovery codes: shown once, with the ways to keep them, and saved when their owner says so.

use auth::{DrawnCodes, SaveCodesError};
use domain::Principal;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::{Card, DownloadForm, Field, FieldKind, FieldName, Form, Indexing, Weight, ids},
};
use maud::{Markup, Render, html};
use poem::{IntoResponse, Response, handler, http::header};
use zeroize::Zeroizing;

use crate::{features::settings::Section, fields, paths, texts::Texts};

/// The address of the page.
pub(crate) const PATH: &str = "/settings/factors/recovery-codes";
/// Where the file is.
pub(crate) const FILE_PATH: &str = "/settings/factors/recovery-codes/file";
/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::SETUP, fields::SAVED];

#[handler]
pub(crate) async fn new(context: &PageContext, principal: &Authenticated) -> Result<Answer, Error> {
    let list = context.accounts().account().list_factors(principal).await?;
    if list.factors.is_empty() {
        return Ok(Answer::redirect(LocalPath::of(paths::FACTORS)));
    }
    let drawn = context.accounts().account().draw_recovery_codes(principal).await?;
    Ok(Answer::page(page(context, &drawn, &FormState::default())))
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let setup = submission.value(fields::SETUP).unwrap_or_default();
    let account = context.accounts().account();
    if !submission.has(fields::SAVED) {
        let mut state = FormState::default();
        state.reject(fields::SAVED, texts.factors.codes_saved_missing);
        return refuse(context, principal, setup, state).await;
    }
    match account.save_recovery_codes(principal, setup, &context.client()).await {
        Ok(saved) => {
            let words = &texts.factors;
            let flash = if saved.is_switched_on { words.turned_on } else { words.codes_renewed };
            Ok(Answer::redirect(LocalPath::of(paths::FACTORS)).with_flash(Flash::new(flash)))
        }
        Err(SaveCodesError::Stale) => refuse(context, principal, "", FormState::default()).await,
        Err(SaveCodesError::NoFactor) => Ok(Answer::redirect(LocalPath::of(paths::FACTORS))),
        Err(SaveCodesError::SessionEnded) => Ok(Answer::log_in()),
        Err(SaveCodesError::Fault(fault)) => Err(fault.into()),
    }
}

/// A file, which no cache keeps.
#[handler]
pub(crate) async fn show(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Response, Error> {
    let setup = submission.value(fields::SETUP).unwrap_or_default();
    let found = context.accounts().account().find_drawn_codes(principal, setup).await?;
    let Some(drawn) = found else {
        return Ok(Answer::redirect(LocalPath::of(PATH)).into_response());
    };
    let slug = context.site.brand.slug;
    let disposition = format!("attachment; filename=\"{slug}-recovery-codes.txt\"");
    Ok(Response::builder()
        .content_type("text/plain; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::CACHE_CONTROL, "no-store")
        .body(lines(&drawn).as_str().to_owned()))
}

/// The page in place of a file, for a form that came without a valid token.
pub(crate) fn file_page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let form = DownloadForm {
        id: ids::CODES_FILE_FORM,
        action: FILE_PATH,
        csrf_token: context.csrf.token(),
        hidden: vec![(fields::SETUP, state.value(fields::SETUP))],
        error: state.error.as_ref().map(hypermedia::ui::Message::text),
        label: texts.factors.download,
        again: None,
        weight: Weight::Strong,
    }
    .render();
    let title = texts.factors.codes_title;
    let main = Card { title, lead: None, body: form.clone(), foot: None }.render();
    View { title, indexing: Indexing::Secret, form: Some(form), main }
}

/// The same codes again, or others where these can no longer be saved.
async fn refuse(
    context: &PageContext,
    principal: &Principal,
    setup: &str,
    state: FormState,
) -> Result<Answer, Error> {
    let account = context.accounts().account();
    if let Some(drawn) = account.find_drawn_codes(principal, setup).await? {
        return Ok(Answer::invalid(page(context, &drawn, &state)));
    }
    let drawn = account.draw_recovery_codes(principal).await?;
    let error = Texts::of(context.language()).factors.codes_stale;
    // The page with other codes takes the place of the one that is there.
    Ok(Answer::gone(page(context, &drawn, &FormState::default().refused(error))))
}

fn page(context: &PageContext, drawn: &DrawnCodes, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let words = &texts.factors;
    let is_on = context.principal.as_ref().is_some_and(|it| it.second_factor_since.is_some());
    let form = save_form(context, drawn, state);
    let body = html! {
        @if is_on { p { (words.codes_replace) } }
        pre id=(ids::RECOVERY_CODES) { (lines(drawn).as_str()) }
        div.actions {
            button.quiet type="button" data-copy=(ids::RECOVERY_CODES)
                data-copied=(words.copied) { (words.copy) }
            button.quiet type="button" data-print { (words.print) }
            (file_form(context, drawn))
        }
        (form)
    };
    let title = words.codes_title;
    let main = Card { title, lead: Some(words.codes_lead), body, foot: None }.render();
    View {
        title,
        indexing: Indexing::Secret,
        form: Some(form),
        main: Section::Factors.page(context, &main),
    }
}

fn file_form(context: &PageContext, drawn: &DrawnCodes) -> Markup {
    DownloadForm {
        id: ids::CODES_FILE_FORM,
        action: FILE_PATH,
        csrf_token: context.csrf.token(),
        hidden: vec![(fields::SETUP, &drawn.sealed)],
        error: None,
        label: Texts::of(context.language()).factors.download,
        again: None,
        weight: Weight::Quiet,
    }
    .render()
}

fn save_form(context: &PageContext, drawn: &DrawnCodes, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    Form {
        texts,
        id: ids::SAVE_CODES_FORM,
        action: PATH,
        csrf_token: context.csrf.token(),
        hidden: vec![(fields::SETUP, &drawn.sealed)],
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::SAVED),
            ..Field::new(
                texts,
                fields::SAVED,
                texts.factors.codes_saved_box,
                FieldKind::Consent(false),
            )
        }],
        submit: texts.factors.save_codes,
    }
    .render()
}

/// One code a line.
fn lines(drawn: &DrawnCodes) -> Zeroizing<String> {
    let mut lines = Zeroizing::new(String::new());
    for code in &drawn.codes {
        lines.push_str(&code.expose());
        lines.push('\n');
    }
    lines
}
