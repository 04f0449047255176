// What every page does beside its content: times in the visitor's zone, the account menu, copying
// and printing, and what was typed when the language changes. Every page works without it; all
// words come from the browser or the page.
"use strict";
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (name, listener) => document.addEventListener(name, listener);
  const language = document.documentElement.lang;

  // A time of the last week is told by how long ago it was, any other in the visitor's zone. So is
  // every time in a sentence, which would not go on with "ago".
  const locale = navigator.languages.find((it) => it.split("-")[0] === language) ?? language;
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const units = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 60]];
  const inWords = (at) => {
    const seconds = (Date.now() - at) / 1000;
    if (seconds < 0 || seconds >= 7 * 86_400) return exact.format(at);
    const [unit, size] = units.find(([unit, size]) => seconds >= size || unit === "second");
    return ago.format(-Math.floor(seconds / size), unit);
  };
  const tellTimes = () => all("time[datetime*=T]").forEach((time) => {
    const at = new Date(time.dateTime);
    time.title = exact.format(at);
    time.textContent = "exact" in time.dataset ? exact.format(at) : inWords(at);
  });
  tellTimes();
  setInterval(tellTimes, 60_000);
  on("htmx:after:swap", tellTimes);

  // The menu closes like a menu: by Escape and by a click beside it.
  const menu = () => document.querySelector(".menu[open]");
  on("click", ({ target }) => menu()?.contains(target) || menu()?.removeAttribute("open"));
  on("keydown", ({ key }) => {
    if (key !== "Escape" || !menu()) return;
    all("summary", menu())[0].focus();
    menu().removeAttribute("open");
  });

  // What is to be kept safe can be copied and printed.
  on("click", async ({ target }) => {
    const { copy, copied, print } = target.dataset ?? {};
    if (print !== undefined) window.print();
    if (!copy) return;
    await navigator.clipboard.writeText(document.getElementById(copy).textContent);
    target.textContent = copied;
  });

  // Another language is another document. What was typed goes along, except passwords,
  // shown or not.
  const store = sessionStorage;
  const secret = "[type=hidden], [hidden], [autocomplete*=password], [autocomplete=one-time-code]";
  const typed = `form:not(#language-form) :is(input:not(${secret}), textarea, select)`;
  const isBox = ({ type }) => type === "checkbox" || type === "radio";
  on("submit", ({ target: { id } }) => {
    if (id !== "language-form") return;
    const values = all(typed).map((it) => [it.form.id, it.name, it.value, it.checked]);
    store.setItem("typed", JSON.stringify([location.pathname, values]));
  });
  const [path, values] = JSON.parse(store.getItem("typed") ?? "[]");
  store.removeItem("typed");
  if (path === location.pathname) {
    values.forEach(([form, name, value, checked]) => all(typed).forEach((it) => {
      if (it.form.id !== form || it.name !== name) return;
      if (!isBox(it)) it.value = value;
      else if (it.value === value) it.checked = checked;
    }));
  }
}
