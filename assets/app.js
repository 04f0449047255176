// What the pages do beyond HTML and htmx: tell of a lost connection, ask a question over
// the page, keep the focus where the work is, show passwords on request. Every page works
// without it; all words come from the page.
"use strict";
{
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const on = (name, listener) => document.addEventListener(name, listener);

  document.documentElement.classList.add("js");

  // A question over the page: the browser keeps the focus in it, and Escape closes it.
  const question = () => byId("dialog").firstElementChild;

  const tellOffline = () => {
    question()?.close();
    byId("alerts").replaceChildren(byId("offline").content.cloneNode(true));
  };
  on("htmx:error", ({ detail: { ctx } }) => ctx && !ctx.response && tellOffline());
  on("htmx:after:request", () => byId("alerts").replaceChildren());
  // A failure that does not say where it goes is a proxy's page, not ours.
  on("htmx:before:response", (event) => {
    const { response, hx } = event.detail.ctx;
    if (response.status < 500 || hx.retarget || hx.reswap) return;
    event.preventDefault();
    tellOffline();
  });

  on("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.matches("form")) ctx.sourceElement.ariaBusy = "true";
  });
  on("htmx:finally:request", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement;
    if (!form.matches("form")) return;
    form.ariaBusy = null;
    // The button was disabled meanwhile, and a disabled button loses the focus.
    setTimeout(() => {
      if (document.activeElement === document.body) form.querySelector("[type=submit]")?.focus();
    });
  });

  on("htmx:after:swap", ({ detail: { ctx } }) => {
    // A field that was checked is rendered anew: shown passwords stay shown.
    all("[data-reveal]").forEach((button) => button.shown && reveal(button, true));
    // What has been mended is no longer in the summary.
    all(".summary a").forEach((link) => byId(link.hash.slice(1)).closest("[aria-invalid]") || link.closest("li").remove());
    all(".summary").forEach((summary) => {
      const { length } = all("li", summary);
      const [words] = all("p", summary);
      length < 2 ? summary.remove() : (words.textContent = words.textContent.replace(/\d+/, length));
    });
    if (ctx.target === "#dialog") return question().showModal();
    const newPage = ctx.target === "#main";
    if (newPage || ctx.target === "#alerts") question()?.close();
    const part = newPage ? byId("main") : ctx.sourceElement;
    if (ctx.target === "#alerts" || !part.matches("#main, form")) return;
    if (newPage) scrollTo({ top: 0, behavior: "instant" });
    const wrong = all("[aria-invalid=true]:not(fieldset), [aria-invalid=true] input", part);
    const [field = newPage && part] = [...wrong, ...all("[autofocus]", part)];
    if (field) field.focus({ preventScroll: newPage });
  });

  const reveal = (button, shown) => {
    const input = byId(button.dataset.reveal);
    const { selectionStart, selectionEnd } = input;
    input.type = shown ? "text" : "password";
    input.setSelectionRange(selectionStart, selectionEnd);
    button.ariaPressed = button.shown = shown;
  };
  on("mousedown", (event) => event.target.closest("[data-reveal]") && event.preventDefault());
  on("submit", ({ target }) => all("[data-reveal]", target).forEach((it) => reveal(it, false)));
  on("click", ({ target }) => {
    const button = target.closest("[data-reveal]");
    if (!button) return;
    reveal(button, !button.shown);
    // A change of type makes browsers forget to tell of a change of value.
    const input = byId(button.dataset.reveal);
    const tell = () => input.dispatchEvent(new Event("change", { bubbles: true }));
    if (input === document.activeElement) input.addEventListener("blur", tell, { once: true });
  });

  let typing;
  on("input", ({ target: { id, value, dataset: { minLength, maxLength } } }) => {
    if (!minLength && !maxLength) return;
    clearTimeout(typing);
    typing = setTimeout(() => {
      const status = byId(`${id}-length`);
      // The form may have come back, with an empty field in the place of the old one.
      if (!status || byId(id).value !== value) return;
      const { short, enough, within, over } = status.dataset;
      // Counted as the server counts: a password in its one form, a text without blank ends.
      const length = [...(minLength ? value.normalize("NFKC") : value.trim())].length;
      const isOver = length > (maxLength ?? Infinity);
      const text = isOver ? over : length < minLength ? short : enough ?? within;
      status.textContent = text.replace("{}", isOver ? length - maxLength : length);
      status.classList.toggle("over", isOver);
    }, 400);
  });
}
