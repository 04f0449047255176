//! Checks what must hold on every page (contract, "Markup"). The browser of these tests runs the
//! check on each page that it shows or changes. It covers well-formed HTML, the markup hooks,
//! labels and references that resolve, the order of headings, and inline code that the content
//! security policy would block.

use std::collections::HashSet;

use scraper::ElementRef;

use super::dom::{Dom, select_in, visible_text};

/// The regions that every page must have.
const REGIONS: &[&str] = &[
    "html[lang]",
    "nav#nav",
    "main#main[tabindex='-1']",
    "#flash[role=status]",
    "#alerts[role=alert]",
];

/// The texts that visitors have typed into the forms of a site.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    secrets: HashSet<String>,
    open: HashSet<String>,
}

impl Typed {
    /// Records text that was typed into a password field.
    pub fn secret(&mut self, text: &str) {
        self.secrets.insert(text.to_owned());
    }

    /// Records text that was typed into any other field.
    pub fn openly(&mut self, text: &str) {
        self.open.insert(text.to_owned());
    }

    fn is_secret(&self, text: &str) -> bool {
        self.secrets.contains(text) && !self.open.contains(text) && !text.is_empty()
    }
}

/// Returns the faults of the document, one sentence each, for a visitor who has `typed`.
pub fn faults(dom: &Dom, typed: &Typed) -> Vec<String> {
    let mut faults = dom.parse_errors();
    check_outline(dom, &mut faults);
    check_ids(dom, &mut faults);
    check_controls(dom, &mut faults);
    check_secrets(dom, typed, &mut faults);
    check_names(dom, &mut faults);
    check_policy(dom, &mut faults);
    faults
}

fn check_outline(dom: &Dom, faults: &mut Vec<String>) {
    for region in REGIONS {
        let count = dom.select(region).len();
        if count != 1 {
            faults.push(format!("{region} is there {count} times"));
        }
    }
    if dom.title().is_empty() {
        faults.push("the title is empty".to_owned());
    }
    let headings = dom.select("h1, h2, h3, h4, h5, h6");
    let levels: Vec<u8> = headings
        .iter()
        .filter_map(|heading| heading.value().name().as_bytes().get(1).map(|digit| digit - b'0'))
        .collect();
    if dom.select("h1").len() != 1 {
        faults.push("there is not exactly one h1".to_owned());
    }
    if levels.windows(2).any(|pair| pair[1] > pair[0] + 1) || levels.first().is_some_and(|l| *l > 1)
    {
        faults.push(format!("the headings skip a level: {levels:?}"));
    }
    for heading in headings.iter().filter(|heading| visible_text(**heading).is_empty()) {
        faults.push(format!("a heading is empty: {}", opening_tag(*heading)));
    }
}

fn check_ids(dom: &Dom, faults: &mut Vec<String>) {
    let mut ids = HashSet::new();
    for element in dom.select("[id]") {
        let id = element.attr("id").unwrap_or_default();
        if id.is_empty() || id.contains(char::is_whitespace) || !ids.insert(id) {
            faults.push(format!("the id {id:?} is empty, malformed or there twice"));
        }
    }
    let references =
        ["aria-describedby", "aria-labelledby", "aria-controls", "for", "form", "list"];
    for name in references {
        for element in dom.select(&format!("[{name}]")) {
            for id in element.attr(name).unwrap_or_default().split_whitespace() {
                if !ids.contains(id) {
                    faults.push(format!("{name}={id:?} names nothing: {}", opening_tag(element)));
                }
            }
        }
    }
    for link in dom.select("a[href^='#']") {
        let id = link.attr("href").and_then(|href| href.strip_prefix('#')).unwrap_or_default();
        if !ids.contains(id) {
            faults.push(format!("the link to #{id} leads nowhere"));
        }
    }
}

fn check_controls(dom: &Dom, faults: &mut Vec<String>) {
    for control in dom.select("input:not([type=hidden]):not([hidden]), select, textarea") {
        let tag = opening_tag(control);
        let id = control.attr("id").unwrap_or_default();
        let is_for = |label: &&ElementRef<'_>| label.attr("for") == Some(id);
        let label = dom.select("label[for]").iter().find(is_for).copied();
        let wrapped = control.ancestors().filter_map(ElementRef::wrap);
        let label = label.or(wrapped.into_iter().find(|parent| parent.value().name() == "label"));
        let is_named = control.attr("aria-label").is_some_and(|text| !text.is_empty())
            || control.attr("aria-labelledby").is_some()
            || label.is_some_and(|label| !visible_text(label).is_empty());
        if !is_named {
            faults.push(format!("a control has no label: {tag}"));
        }
        if control.value().name() == "input" && control.attr("type").is_none() {
            faults.push(format!("an input has no type: {tag}"));
        }
        let kind = control.attr("type").unwrap_or_default();
        let is_typed = matches!(kind, "text" | "email" | "password" | "tel" | "url" | "date");
        if is_typed && control.attr("autocomplete").is_none() {
            faults.push(format!("an input has no autocomplete: {tag}"));
        }
    }
    for control in dom.select("[aria-invalid=true]:not([aria-describedby])") {
        let tag = opening_tag(control);
        faults.push(format!("a control in error does not name its error: {tag}"));
    }
    for group in dom.select("fieldset") {
        let legend = select_in(*group, "legend").into_iter().next();
        if legend.is_none_or(|legend| visible_text(legend).is_empty()) {
            faults.push(format!("a group has no legend: {}", opening_tag(group)));
        }
    }
    for form in dom.select("form") {
        let is_post = form.attr("method").is_some_and(|m| m.eq_ignore_ascii_case("post"));
        let has_token = dom.controls(form).iter().any(|c| c.attr("name") == Some("csrf_token"));
        if is_post != has_token {
            faults.push(format!("csrf_token belongs in POST forms alone: {}", opening_tag(form)));
        }
    }
}

/// A password is never sent back to the browser, neither in the field it was typed into nor in a
/// hidden one.
fn check_secrets(dom: &Dom, typed: &Typed, faults: &mut Vec<String>) {
    for control in dom.select("input, textarea, option, button") {
        let value = control.attr("value").unwrap_or_default();
        let is_for_secrets = control.attr("type") == Some("password") && !value.is_empty();
        // A visitor who takes the address for a password sees the address.
        let is_address = control.attr("autocomplete").is_some_and(|it| it.starts_with("username"));
        if is_for_secrets || typed.is_secret(value) && !is_address {
            let name = control.attr("name").unwrap_or_default();
            faults.push(format!("a password is printed back in {name:?}"));
        }
    }
}

fn check_names(dom: &Dom, faults: &mut Vec<String>) {
    for element in dom.select("a[href], button, summary") {
        let is_named = !visible_text(element).is_empty()
            || element.attr("aria-label").is_some_and(|label| !label.is_empty())
            || element.attr("aria-labelledby").is_some();
        if !is_named {
            faults.push(format!("a link or button has no name: {}", opening_tag(element)));
        }
    }
    for button in dom.select("button:not([type])") {
        faults.push(format!("a button has no type: {}", opening_tag(button)));
    }
    for image in dom.select("img:not([alt])") {
        faults.push(format!("an image has no alt: {}", opening_tag(image)));
    }
    for pane in dom.select("svg:not([aria-hidden=true]):not([role=img])") {
        faults.push(format!("a drawing is neither hidden nor an image: {}", opening_tag(pane)));
    }
}

fn is_in_footer(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|around| around.value().name() == "footer")
}

fn check_policy(dom: &Dom, faults: &mut Vec<String>) {
    for element in dom.select("style, script:not([src]), base, iframe, object, embed") {
        faults.push(format!("this does not belong in a page: {}", opening_tag(element)));
    }
    for element in dom.select("*") {
        for (name, value) in element.value().attrs() {
            let is_code = name == "style" || name.starts_with("on") || name.starts_with("hx-on");
            let is_url = matches!(name, "href" | "src" | "action" | "formaction" | "srcset");
            // A brand may link to other sites at the foot of its pages.
            let is_mail_or_site = value.starts_with("mailto:") || value.starts_with("https:");
            let is_local = value.starts_with(['/', '#', '?']) && !value.starts_with("//")
                || (name == "href" && is_mail_or_site && is_in_footer(element))
                // Sets up an authentication app on the same phone.
                || (name == "href" && value.starts_with("otpauth://totp/"));
            let is_script = name.starts_with("hx-") && value.contains("js:");
            if is_code || is_script || (is_url && !is_local) {
                faults.push(format!("{name}={value:?} is inline code or leads away"));
            }
        }
    }
}

fn opening_tag(element: ElementRef<'_>) -> String {
    let html = element.html();
    html.split_inclusive('>').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(main: &str) -> Vec<String> {
        let mut typed = Typed::default();
        typed.secret("a goose on the loose");
        let dom = Dom::parse(&format!(
            "<!DOCTYPE html><html lang=en><head><title>T</title></head><body>\
             <nav id=nav></nav><div id=flash role=status></div><div id=alerts role=alert></div>\
             <main id=main tabindex=-1><h1>H</h1>{main}</main></body></html>"
        ));
        faults(&dom, &typed)
    }

    #[test]
    fn a_sound_page_has_no_faults() {
        let main = "<form id=f method=post><input type=hidden name=csrf_token value=t>\
            <label for=a>A</label><input id=a name=a type=email autocomplete=username \
            aria-describedby=e><p id=e>e</p><button type=submit>Go</button></form>";

        assert_eq!(page(main), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_found() {
        for (main, fault) in [
            ("<p id=nav>", "there twice"),
            ("<h1>Two</h1>", "exactly one h1"),
            ("<h3>Deep</h3>", "skip a level"),
            ("<p></div>", "Unexpected"),
            ("<input type=text autocomplete=off>", "no label"),
            ("<label for=x>X</label>", "names nothing"),
            ("<fieldset><legend></legend></fieldset>", "no legend"),
            ("<fieldset aria-invalid=true><legend>L</legend></fieldset>", "not name its error"),
            ("<p style='color:red'>x</p>", "inline code"),
            ("<a href='//e.test/'>x</a>", "leads away"),
            ("<button type=button></button>", "no name"),
            ("<img src=/a>", "no alt"),
            ("<form method=post></form>", "csrf_token"),
            ("<label for=p>P</label><input id=p type=password value=x autocomplete=off>", "back"),
            ("<input type=hidden name=p value='a goose on the loose'>", "back in \"p\""),
        ] {
            let faults = page(main).join("\n");
            assert!(faults.contains(fault), "{main}: {faults}");
        }
    }
}
