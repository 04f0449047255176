//! The profile: the account as its owner sees it.

use domain::Principal;
use hypermedia::{
    answer::{Answer, View},
    extract::Authenticated,
    page_context::PageContext,
    ui::{Day, Indexing},
};
use maud::{Markup, html};
use poem::{Endpoint, FromRequest, IntoResponse, Request, Response};

use super::{
    admin::role_label,
    settings::{self, Section},
};
use crate::{texts::Texts, user_view::UserView};

/// The page of the user, in the view of the product.
pub(crate) struct Show(pub(crate) UserView);

impl Endpoint for Show {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let context = <&PageContext>::from_request_without_body(&request).await?;
        let principal = <&Authenticated>::from_request_without_body(&request).await?;
        let view = (self.0)(context, principal);
        let main = Section::Profile.page(context, &view.main);
        Ok(Answer::page(View { main, ..view }).into_response())
    }
}

/// What the owner has not done yet.
fn left_to_do(texts: &Texts, principal: &Principal) -> Markup {
    html! {
        h2 { (texts.pages.left_to_do) }
        @if principal.is_confirmed {
            p { (texts.pages.nothing_left) }
        } @else {
            ul { li { (texts.pages.confirm_with_link) } }
        }
    }
}

pub(crate) fn view(context: &PageContext, principal: &Principal) -> View {
    let texts = Texts::of(context.language());
    let role = role_label(context, &principal.role);
    let change = |path, label: &str| {
        html! {
            a href=(path) { (texts.pages.change) span.unseen { " " (label) } }
        }
    };
    View {
        title: texts.pages.profile_title,
        indexing: Indexing::Unlisted,
        form: None,
        main: html! {
            section.card {
                h1 { ((texts.pages.hello)(principal.name.as_str())) }
                p.lead { (texts.pages.profile_lead) }
                dl {
                    div {
                        dt { (texts.forms.name) }
                        dd {
                            (principal.name.as_str()) " "
                            (change(settings::profile::PATH, texts.forms.name))
                        }
                    }
                    div {
                        dt { (texts.forms.email) }
                        dd {
                            (principal.email.as_str()) " "
                            (change(Section::Email.path(), texts.forms.email))
                        }
                    }
                    div { dt { (texts.pages.role) } dd { (role) } }
                    div {
                        dt { (texts.pages.joined) }
                        dd { (Day { texts, at: principal.joined_at }) }
                    }
                }
                (left_to_do(texts, principal))
            }
        },
    }
}
