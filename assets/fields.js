// What fields do beyond HTML and htmx: show passwords on request, count characters, remove corrected
// fields from the summary of the errors, and clear the errors of the other forms when one is sent.
// Every form works without it; all words come from the page.
"use strict";
{
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const on = (name, listener) => document.addEventListener(name, listener);

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

  // The answer replaces only the form that is sent, so the errors of the others are cleared here.
  on("htmx:before:request", ({ detail: { ctx: { sourceElement: sent } } }) => {
    if (!sent.matches("form")) return;
    const others = (selector) => [...all(`form ${selector}`)].filter((it) => !sent.contains(it));
    others(":is(.error, .summary, .trouble[role=alert])").forEach((it) => it.remove());
    others("[aria-invalid]").forEach((it) => {
      const hint = it.getAttribute("aria-describedby")?.replace(/\S+-error ?/, "");
      hint ? it.setAttribute("aria-describedby", hint) : it.removeAttribute("aria-describedby");
      it.ariaInvalid = null;
    });
  });

  on("htmx:after:swap", () => {
    // A field that was checked is rendered anew: shown passwords stay shown.
    all("[data-reveal]").forEach((button) => button.shown && reveal(button, true));
    // What has been mended is no longer in the summary.
    all(".summary a").forEach((link) => byId(link.hash.slice(1)).closest("[aria-invalid]") || link.closest("li").remove());
    all(".summary").forEach((summary) => {
      const { length } = all("li", summary);
      const [words] = all("p", summary);
      length < 2 ? summary.remove() : (words.textContent = words.textContent.replace(/\d+/, length));
    });
  });
}
