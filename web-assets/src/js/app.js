// Says to the style sheets that scripts run; the page itself works without them.
document.documentElement.classList.add("js-enabled");

document.addEventListener("DOMContentLoaded", () => {
  // What is wrong is read out first.
  const summary = document.querySelector("[data-focus-on-load]");
  if (summary && !document.querySelector("[data-sheet]")) summary.focus();
  // A form that is sent twice by a quick double click is sent once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-sheet")) return;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 2000) event.preventDefault();
    else form.dataset.sent = String(Date.now());
  });
});
