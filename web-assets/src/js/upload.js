// Attachments with script: resumable (tus 1.0), so that a bad line goes on where it stopped. Without
// script the form sends the file as a whole.
import * as tus from "tus-js-client";

const form = document.querySelector("[data-upload]");
if (form) {
  const words = form.querySelector("[data-say-sending]").dataset;
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const line = box.querySelector("[data-words]");
  const fill = (text, values) => text.replace(/\[(\w+)\]/g, (_, key) => values[key] ?? "");

  form.addEventListener("submit", (event) => {
    const file = form.elements.file.files[0];
    if (!file) return;
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.setAttribute("aria-disabled", "true");
    box.hidden = false;
    bar.hidden = false;
    line.classList.remove("govuk-error-message");
    const upload = new tus.Upload(file, {
      endpoint: "/tai-len",
      chunkSize: 2 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
      storeFingerprintForResuming: false, // nothing stays in the browser's storage
      headers: { "X-CSRF-Token": form.elements.csrf.value, Accept: "application/json" },
      metadata: { filename: file.name, kind: form.elements.kind.value, dossier: form.dataset.dossier },
      onProgress(sent, all) {
        const percent = Math.floor((sent / all) * 100);
        bar.value = percent;
        line.textContent = fill(words.saySending, { n: percent });
      },
      onShouldRetry(error) {
        const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
        if (status >= 400 && status < 500 && status !== 409 && status !== 423) return false;
        line.textContent = words.sayAgain;
        return true;
      },
      onError(error) {
        button.removeAttribute("aria-disabled");
        let why = error.message;
        try { why = JSON.parse(error.originalResponse.getBody()).error.message; } catch { /* as it is */ }
        bar.hidden = true;
        line.classList.add("govuk-error-message");
        line.textContent = fill(words.sayFailed, { why });
      },
      onSuccess() {
        line.textContent = words.sayDone;
        location.assign(form.elements.ve.value || location.pathname);
      },
    });
    upload.start();
  });
}
