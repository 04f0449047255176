// Passkeys: shows their buttons where the browser has them, asks the authenticator, and sends its
// answer in the form. Every page works without it; all words come from the page.
"use strict";
{
  const all = (selector) => [...document.querySelectorAll(selector)];
  const on = (name, listener) => document.addEventListener(name, listener);
  const api = window.PublicKeyCredential;
  const parsers = { create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON" };
  const isThere = Object.values(parsers).every((parser) => api?.[parser]);

  // A browser answers one question at a time: the one that waits for an autofill makes way.
  let asked;
  const ask = async (prompt, mediation) => {
    asked?.control.abort();
    const [control, { passkey: method, options }] = [new AbortController(), prompt.dataset];
    asked = { prompt, control };
    const publicKey = api[parsers[method]](JSON.parse(options));
    const { signal } = control;
    const credential = await navigator.credentials[method]({ publicKey, mediation, signal });
    if (!prompt.isConnected || asked.control !== control) return;
    prompt.querySelector("[name=passkey]").value = JSON.stringify(credential);
    prompt.closest("form").requestSubmit();
  };

  const autofill = async () => {
    const [prompt] = all("[data-passkey][data-autofill]");
    if (!prompt || !(await api.isConditionalMediationAvailable?.())) return;
    // Who picks another way in leaves the question open, and that is no failure.
    if (prompt.isConnected) ask(prompt, "conditional").catch(() => {});
  };

  on("click", async ({ target }) => {
    const prompt = target.closest("[data-passkey] button")?.closest("[data-passkey]");
    if (!prompt) return;
    const status = prompt.querySelector("[role=status]");
    status.textContent = "";
    try {
      await ask(prompt);
    } catch ({ name }) {
      if (name === "AbortError") return;
      const { known, cancelled } = status.dataset;
      status.textContent = name === "InvalidStateError" ? known : cancelled;
      autofill();
    }
  });

  const show = () => {
    if (!isThere) return;
    all("[data-passkey][hidden]").forEach((prompt) => {
      prompt.hidden = false;
      // A refusal gives the focus to the button, which was hidden then.
      if (document.activeElement === document.body) prompt.querySelector("[autofocus]")?.focus();
    });
    all("[data-instead-of-passkey]").forEach((sentence) => sentence.remove());
    // Authenticators forget the passkeys that were removed here.
    all("[data-accepted-passkeys]").forEach(({ dataset: { acceptedPasskeys } }) =>
      api.signalAllAcceptedCredentials?.(JSON.parse(acceptedPasskeys)).catch(() => {}));
    if (asked?.prompt.isConnected) return;
    asked?.control.abort();
    autofill();
  };
  show();
  on("htmx:after:swap", show);
}
