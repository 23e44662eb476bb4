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

// Officers choose row by row: the bar counts along, and a choice that needs a reason opens its field.
// Without script the numbers are those of the last save, and the page says what is missing.
document.addEventListener("DOMContentLoaded", () => {
  const bar = document.querySelector("[data-choices]");
  if (!bar) return;
  const form = document.getElementById("dong");
  const kinds = { "dong-y": "decide", "tra-lai": "back" };
  const kindOf = (radio) => (radio ? kinds[radio.value] ?? radio.value : "unseen");
  const stored = { ...bar.dataset }; // over all pages, as saved
  const rows = [...form.querySelectorAll("fieldset.at-decision")].map((row) => ({
    radios: [...row.querySelectorAll("input")],
    reason: row.parentElement.querySelector("[data-reason]"),
    clean: row.closest("tr").querySelector(".at-check--done") !== null,
  }));
  const grantClean = form.querySelector("[data-clean]"); // "choose Grant for N rows without defects"
  for (const row of rows) row.before = kindOf(row.radios.find((r) => r.defaultChecked));

  function count() {
    const now = {};
    for (const [kind, number] of Object.entries(stored)) {
      if (kind !== "choices") now[kind] = Number(number);
    }
    const deciding = "decide" in now; // nothing is stored before an approver decides
    for (const row of rows) {
      const kind = kindOf(row.radios.find((r) => r.checked));
      if (!deciding) now[row.before] -= 1;
      if (kind in now) now[kind] += 1;
    }
    if (grantClean) {
      const taken = rows.filter((row) => row.clean && row.before === "unseen"
        && row.radios.some((radio) => radio.checked)).length;
      const left = Number(grantClean.dataset.clean) - taken;
      grantClean.textContent = grantClean.dataset.words.replace("[n]", left);
      grantClean.hidden = left === 0;
    }
    for (const place of bar.querySelectorAll("[data-count]")) {
      place.textContent = now[place.dataset.count];
    }
    for (const button of bar.querySelectorAll("[data-label]")) {
      const number = button.dataset.label.split(" ").reduce((sum, kind) => sum + now[kind], 0);
      button.textContent = number === 0 ? button.dataset.none
        : button.dataset.words.replace("[n]", number);
    }
  }
  const needsReason = new Set(["refuse", "supplement", "tra-lai"]);
  form.addEventListener("change", (event) => {
    const row = rows.find((one) => one.radios.includes(event.target));
    if (!row) return;
    if (row.reason && needsReason.has(event.target.value)) row.reason.open = true;
    count();
  });
  form.querySelector("[data-agree-all]")?.addEventListener("click", (event) => {
    event.preventDefault();
    for (const row of rows) {
      const agree = row.radios.find((radio) => radio.value === "dong-y");
      if (agree) agree.checked = true;
    }
    count();
  });
  count();
});

// A paper that is printed once: the browser keeps the file, then the list is shown as it is now.
for (const form of document.querySelectorAll("form[data-download]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("button");
    button.disabled = true;
    const answer = await fetch(form.action, {
      method: "POST", credentials: "same-origin", body: new URLSearchParams(new FormData(form)),
    }).catch(() => null);
    if (answer?.headers.get("Content-Type") === "application/pdf") {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = form.dataset.download;
      link.click();
      await new Promise((done) => setTimeout(done, 300));  // the browser takes the file over first
    }
    location.reload();
  });
}
