//! The profile: the account as its owner sees it.

use domain::Principal;
use hypermedia::{
    answer::{Answer, View},
    extract::Authenticated,
    page_context::PageContext,
    ui::Indexing,
};
use maud::html;
use poem::{Endpoint, FromRequest, IntoResponse, Request, Response};

use super::user_admin::role_label;
use crate::{texts::Texts, user_view::UserView};

/// The page of the user, in the view of the product.
pub(crate) struct Show(pub(crate) UserView);

impl Endpoint for Show {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let context = <&PageContext>::from_request_without_body(&request).await?;
        let principal = <&Authenticated>::from_request_without_body(&request).await?;
        Ok(Answer::page((self.0)(context, principal)).into_response())
    }
}

pub(crate) fn view(context: &PageContext, principal: &Principal) -> View {
    let texts = Texts::of(context.language());
    let role = role_label(context, &principal.role);
    View {
        title: texts.pages.profile_title,
        indexing: Indexing::Unlisted,
        form: None,
        main: html! {
            section.card {
                h1 { ((texts.pages.hello)(principal.name.as_str())) }
                p.lead { (texts.pages.profile_lead) }
                dl {
                    div { dt { (texts.forms.email) } dd { (principal.email.as_str()) } }
                    div { dt { (texts.pages.role) } dd { (role) } }
                }
                div.foot {
                    p { a href="/settings/profile" { (texts.settings.from_profile) } }
                }
            }
        },
    }
}
