//! Simulates htmx 4.0.1 with the configuration and the script of this site: the response headers
//! that it follows, when it swaps, and the URL of the page afterwards.

use ego_tree::NodeId;
use reqwest::Method;
use url::Url;

use super::{Answer, Browser, Kind, Transport, check, fill::encode};
use crate::support::{dom::Swap, page::Page};

impl Browser {
    /// Sends `fields` for the element `source` and handles the answer as htmx does.
    pub(super) async fn post_by_htmx(
        &mut self,
        source: NodeId,
        action: &str,
        fields: &[(String, String)],
    ) -> &Page {
        let url = self.url(action);
        let kind = Kind::Htmx { source: self.tag(source), target: self.target_tag(source) };
        let body = encode(fields);
        if self.transport == Transport::HtmxFull {
            return self.post_for_page(url, body, kind).await;
        }
        let answer = self.send(&Method::POST, &url, Some(&body), &kind).await;
        assert!(
            !answer.status.is_redirection(),
            "{url} answers htmx with {}, which fetch follows and nests in the form",
            answer.status
        );
        if let Some(next) = answer.header("hx-redirect") {
            let next = self.url(next);
            return self.navigate(Method::GET, next, None, Kind::Link).await;
        }
        self.swap(source, &url, answer)
    }

    /// Asks the server to check the control called `name`.
    pub(super) async fn check_field(&mut self, form: &str, name: &str) {
        let dom = &self.page().dom;
        let sent = dom.submission(form, None).unwrap_or_else(|error| panic!("{error}"));
        let asks = |id: &NodeId| {
            let element = dom.element(*id);
            element.and_then(|element| element.attr("hx-trigger")).is_some_and(|trigger| {
                trigger.contains("change")
                    && !dom.matches(*id, &format!("[name='{name}']")).is_empty()
            })
        };
        let source = dom.matches(sent.form, "[hx-post][hx-trigger]").into_iter().find(asks);
        let source = source.unwrap_or_else(|| panic!("leaving {name:?} asks nothing"));
        let element = dom.element(source).expect("it was just found");
        let action = element.attr("hx-post").unwrap_or_default().to_owned();
        let mut fields = sent.fields;
        for value in element.attr("hx-vals").unwrap_or_default().split(',') {
            let pair = value.trim().split_once(':');
            fields.extend(pair.map(|(name, value)| (name.to_owned(), value.trim().to_owned())));
        }
        self.post_by_htmx(source, &action, &fields).await;
    }

    /// Follows redirects as fetch does, which repeats htmx's headers.
    async fn post_for_page(&mut self, url: Url, body: String, kind: Kind) -> &Page {
        let mut answer = self.send(&Method::POST, &url, Some(&body), &kind).await;
        let mut url = url;
        for _ in 0..10 {
            let Some(next) = self.redirection(&answer, &url) else { break };
            url = next;
            answer = self.send(&Method::GET, &url, None, &kind).await;
        }
        self.show(url, answer)
    }

    fn swap(&mut self, source: NodeId, url: &Url, answer: Answer) -> &Page {
        let retarget = answer.header("hx-retarget").map(ToOwned::to_owned);
        let style = answer.header("hx-reswap").map(ToOwned::to_owned);
        assert!(
            answer.status.as_u16() < 500 || retarget.is_some() || style.is_some(),
            "{url} answers {} without HX-Retarget and HX-Reswap, which is shown as a lost \
             connection",
            answer.status
        );
        for unknown in ["hx-location", "hx-reselect", "hx-refresh", "hx-replace-url"] {
            assert!(answer.header(unknown).is_none(), "{url} sends {unknown}");
        }
        let target = retarget.or_else(|| self.attribute(source, "hx-target"));
        let style = self.status_style(source, answer.status()).or(style);
        let style = style.or_else(|| self.attribute(source, "hx-swap")).unwrap_or_default();
        let pushed = answer.header("hx-push-url").filter(|path| *path != "false");
        let pushed = pushed.map(|path| self.url(path));
        let page = self.page.as_mut().expect("htmx runs on a page");
        if let Some(alerts) = page.dom.by_id("alerts").map(|alerts| alerts.id()) {
            page.dom.clear(alerts);
        }
        let target = target.as_deref().unwrap_or("this");
        let swap = Swap { source, target, style: &style, body: &answer.body };
        if let Err(error) = page.dom.swap(&swap) {
            panic!("{url} ({}): {error}\n{}", answer.status, answer.body);
        }
        if let Some(pushed) = pushed {
            page.url = pushed;
        }
        check(&page.dom, &self.typed, url);
        page.status = answer.status;
        page.headers = answer.headers;
        page.body = answer.body;
        let now = page.url.clone();
        self.arrive(&now);
        self.page()
    }

    /// Returns the swap style of an attribute such as `hx-status:422="swap:none"`. Answers with 204
    /// and 304 are never swapped.
    fn status_style(&self, source: NodeId, status: u16) -> Option<String> {
        let status = status.to_string();
        if status == "204" || status == "304" {
            return Some("none".to_owned());
        }
        [status.clone(), format!("{}x", &status[..2]), format!("{}xx", &status[..1])]
            .iter()
            .find_map(|pattern| self.attribute(source, &format!("hx-status:{pattern}")))
            .and_then(|value| value.trim().strip_prefix("swap:").map(ToOwned::to_owned))
    }

    fn attribute(&self, id: NodeId, name: &str) -> Option<String> {
        self.page().dom.element(id)?.attr(name).map(ToOwned::to_owned)
    }

    fn tag(&self, id: NodeId) -> String {
        let element = self.page().dom.element(id).expect("the source is an element");
        let name = element.value().name();
        element.attr("id").map_or_else(|| name.to_owned(), |id| format!("{name}#{id}"))
    }

    fn target_tag(&self, source: NodeId) -> String {
        match self.attribute(source, "hx-target").as_deref() {
            None | Some("this") => self.tag(source),
            Some(css) => {
                let target = self.page().dom.find(css).map(|target| target.id());
                self.tag(target.unwrap_or_else(|| panic!("hx-target={css:?} names nothing")))
            }
        }
    }
}
