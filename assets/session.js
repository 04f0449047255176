// Has a page leave when its session has ended elsewhere.
"use strict";
{
  // Who logs out in one tab is logged out in all of them, and on other devices within a
  // minute. What is being typed stays until it is sent: it is not lost by that.
  const isLoggedIn = () => Boolean(document.getElementById("logout-form"));
  const isTypedIn = () => [...document.querySelectorAll("input:not([type=hidden])")].some((it) => it.value !== it.defaultValue);
  const lookForSession = async () => {
    const { type } = await fetch("/session", { redirect: "manual" }).catch(() => ({}));
    if (type === "opaqueredirect") location.reload();
  };
  const lookQuietly = () => {
    if (!document.hidden && isLoggedIn() && !isTypedIn()) lookForSession();
  };
  setInterval(lookQuietly, 50_000);
  document.addEventListener("visibilitychange", lookQuietly);
  const tabs = new BroadcastChannel("session");
  tabs.onmessage = () => isLoggedIn() && lookForSession();
  let wasLoggedIn = isLoggedIn();
  new MutationObserver(() => {
    if (wasLoggedIn && !isLoggedIn()) tabs.postMessage("ended");
    wasLoggedIn = isLoggedIn();
  }).observe(document.querySelector("header"), { childList: true, subtree: true });

  // A page that the browser kept whole may show someone who has logged out since.
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    document.body.hidden = true;
    location.reload();
  });
}
