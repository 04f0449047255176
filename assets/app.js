// What the pages do beyond HTML and htmx: tell of a lost connection, ask a question over
// the page, keep the focus where the work is. Every page works without it; all words come from
// the page.
"use strict";
{
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const on = (name, listener) => document.addEventListener(name, listener);

  document.documentElement.classList.add("js");

  // A question over the page: the browser keeps the focus in it, and Escape closes it.
  const question = () => byId("dialog").firstElementChild;
  // The button that led to the question was disabled then, so the browser does not return to it.
  const ask = (form) => {
    const [dialog, { title }] = [question(), document];
    dialog.addEventListener("close", () => {
      if (!dialog.isConnected) return;
      document.title = title;
      form.querySelector("[type=submit]")?.focus();
    });
    dialog.showModal();
  };

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
    if (ctx.target === "#dialog") return ask(ctx.sourceElement);
    const newPage = ctx.target === "#main";
    if (newPage || ctx.target === "#alerts") question()?.close();
    const part = newPage ? byId("main") : ctx.sourceElement;
    if (ctx.target === "#alerts" || !part.matches("#main, form")) return;
    if (newPage) scrollTo({ top: 0, behavior: "instant" });
    const wrong = all("[aria-invalid=true]:not(fieldset), [aria-invalid=true] input", part);
    const [field = newPage && part] = [...wrong, ...all("[autofocus]", part)];
    if (field) field.focus({ preventScroll: newPage });
  });
}
