// The row sheet with script: saves by itself (on leaving a field, and 2 s after the last key),
// moves by keyboard, takes a paste from a spreadsheet, asks to sign in in place when the session has
// ended, and shows both versions when two people typed into one row. Nothing is kept in the
// browser's storage.
const form = document.querySelector("[data-sheet]");
const words = document.getElementById("loi-nhan")?.dataset ?? {};
const banner = document.getElementById("ban-nhap-loi");
const pause_ms = 2000;
const retry_ms = 5000;

const dirty = new Map(); // prefix of a row -> set of changed inputs' names
const clashed = new Set(); // rows that wait for a person's choice between two versions
let timer = null;
let again = false;
let pressed = null; // the button that waits until everything is saved
let leaving = false;
let newRows = 1000; // the page's own new rows are counted from 1

const cells = (root = form) => [...root.querySelectorAll("[data-key]")];
const prefix = (input) => input.name.slice(0, input.name.indexOf(".") + 1);
const rowOf = (input) => input.closest("tr");
const hidden = (mark, name) => form.elements.namedItem(mark + name);
/** What the cell held when it was last known to be saved. */
const base = (input) => input.dataset.base ?? input.defaultValue ??
  ([...input.options].find((option) => option.defaultSelected)?.value ?? "");
const fill = (text, values) => text.replace(/\[(\w+)\]/g, (_, key) => values[key] ?? "");

function say(text) {
  if (banner && text) banner.textContent = text;
}

function changed(input) {
  const mark = prefix(input);
  if (!dirty.has(mark)) dirty.set(mark, new Set());
  dirty.get(mark).add(input.name);
  clearTimeout(timer);
  timer = setTimeout(save, pause_ms);
}

function body() {
  const data = new URLSearchParams();
  data.set("csrf", form.elements.csrf.value);
  const lines = [...form.querySelectorAll("tr[data-row]")].map((line) => line.dataset.row);
  data.set("tren-trang", lines.filter((id) => id !== "0").join(","));
  const sent = new Map();
  for (const [mark, names] of dirty) {
    if (clashed.has(mark)) continue;
    const values = {};
    // A new row is sent whole, so that it makes sense by itself.
    const all = mark.startsWith("n") ? cells().filter((c) => prefix(c) === mark).map((c) => c.name)
      : names;
    for (const name of all) {
      const input = form.elements.namedItem(name);
      if (!input) continue;
      data.append(name, input.value);
      values[name] = input.value;
    }
    data.append(mark + "ban", hidden(mark, "ban")?.value ?? "0");
    const key = hidden(mark, "khoa");
    if (key) data.append(mark + "khoa", key.value);
    sent.set(mark, values);
  }
  return { data, sent };
}

let running = null;

// Saves what was typed; true when nothing waits any longer. One save at a time: what is typed in
// the meantime goes with the next one.
function save() {
  clearTimeout(timer);
  timer = null;
  if (running) { again = true; return running; }
  running = saveAll().finally(() => {
    running = null;
    if (again && dirty.size > 0 && !timer) timer = setTimeout(save, pause_ms);
  });
  return running;
}

async function saveAll() {
  for (;;) {
    again = false;
    if (dirty.size === 0) return true;
    if (!(await saveOnce())) return false;
    if (!again) return dirty.size === 0;
  }
}

async function saveOnce() {
  if ([...dirty.keys()].every((mark) => clashed.has(mark))) { say(words.clashed); return false; }
  say(words.saving);
  const { data, sent } = body();
  let answer;
  try {
    answer = await fetch(form.dataset.save, {
      method: "POST", body: data, headers: { Accept: "application/json" },
      credentials: "same-origin", redirect: "error",
    });
  } catch {
    say(words.offline);
    timer = setTimeout(save, retry_ms);
    return false;
  }
  const result = await answer.json().catch(() => ({}));
  if (result.saved) {
    accept(result, sent);
    return clashed.size === 0;
  }
  if (answer.status === 401) return askToSignIn();
  if (result.error?.code === "csrf.stale") return (await freshToken()) ? saveOnce() : askToSignIn();
  say(result.error?.message ?? words.failed);
  if (answer.status >= 500 || answer.status === 429) timer = setTimeout(save, retry_ms);
  return false;
}

// Somebody signed in again on another page of this browser: the form takes the token of now.
async function freshToken() {
  const answer = await fetch(form.dataset.save, { credentials: "same-origin", redirect: "manual" })
    .catch(() => null);
  if (answer?.status !== 200) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("input[name=csrf]")?.value;
  if (!token || token === form.elements.csrf.value) return false;
  for (const input of document.querySelectorAll("input[name=csrf]")) input.value = token;
  return true;
}

// What was acknowledged is no longer waiting, unless it was typed over in the meantime.
function forget(mark, values) {
  const names = dirty.get(mark);
  if (!names) return;
  for (const [name, value] of Object.entries(values)) {
    const input = form.elements.namedItem(name);
    if (input) input.dataset.base = value;
    if (!input || input.value === value) names.delete(name);
  }
  if (names.size === 0) dirty.delete(mark);
}

function accept(result, sent) {
  for (const conflict of result.conflicts) clashed.add(`r${conflict.id}.`);
  for (const [mark, values] of sent) {
    if (!clashed.has(mark)) forget(mark, values);
  }
  for (const row of result.saved) {
    const known = hidden(`r${row.id}.`, "ban");
    if (known) known.value = row.version;
    else if (row.key) adopt(row);
  }
  findings(result.findings);
  counts(result.counts);
  summary(result);
  for (const conflict of result.conflicts) showConflict(conflict); // what can be merged goes again
  say(clashed.size > 0 ? words.clashed : result.words);
}

/** "thư điện tử công vụ" of "Dòng 4, thư điện tử công vụ". */
const fieldOf = (input) => input.getAttribute("aria-label").split(", ").slice(1).join(", ");

// A new row got its number and id: its inputs take the names of a stored row.
function adopt(row) {
  const key = [...form.querySelectorAll("input[name$='.khoa']")].find((k) => k.value === row.key);
  if (!key) return;
  const mark = prefix(key);
  const own = `r${row.id}.`;
  const line = key.closest("tr");
  line.dataset.row = row.id;
  line.classList.remove("at-row--new");
  for (const input of line.querySelectorAll("[name]")) {
    input.name = own + input.name.slice(mark.length);
    if (input.dataset.key) {
      input.id = `o-${row.id}-${input.dataset.key}`;
      input.setAttribute("aria-label", fill(words.rowLabel,
        { row: row.number, field: fieldOf(input) }));
    }
  }
  hidden(own, "ban").value = row.version;
  key.remove();
  const head = line.querySelector(".at-sheet__stt");
  for (const span of head.querySelectorAll("span")) span.remove();
  const link = document.createElement("a");
  link.href = form.dataset.rowBase + row.number;
  link.textContent = row.number;
  head.prepend(link);
  if (dirty.has(mark)) {
    dirty.set(own, new Set([...dirty.get(mark)].map((name) => own + name.slice(mark.length))));
    dirty.delete(mark);
  }
  if (!form.querySelector(".at-row--new")) addBlank(line);
}

// One more empty row behind the last, so that typing never has to stop.
function addBlank(after) {
  const copy = after.cloneNode(true);
  const mark = `n${++newRows}.`;
  const old = prefix(after.querySelector("[data-key]"));
  copy.dataset.row = "0";
  copy.className = "at-row at-row--new";
  const head = copy.querySelector(".at-sheet__stt");
  head.querySelector("a")?.remove();
  const plus = document.createElement("span");
  plus.className = "at-muted";
  plus.setAttribute("aria-hidden", "true");
  plus.textContent = "+";
  head.prepend(plus);
  for (const input of copy.querySelectorAll("[name]")) {
    input.name = mark + input.name.slice(old.length);
    if (input.name.endsWith(".ban")) { input.value = "0"; continue; }
    if (!input.dataset.key) { input.remove(); continue; }
    input.value = "";
    delete input.dataset.base;
    input.id = mark + input.dataset.key;
    input.setAttribute("aria-label", fill(words.newLabel, { field: fieldOf(input) }));
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    input.classList.remove("at-sheet__conflict", "at-sheet__warned");
  }
  const key = document.createElement("input");
  key.type = "hidden";
  key.name = `${mark}khoa`;
  const random = crypto.getRandomValues(new Uint8Array(9));
  key.value = btoa(String.fromCharCode(...random)).replace(/[^A-Za-z0-9]/g, "x");
  head.append(key);
  let last = after;
  while (last.nextElementSibling?.classList.contains("at-sheet__defect")) last = last.nextElementSibling;
  last.after(copy);
}

function icon(name) {
  const sprite = document.querySelector("svg use").getAttribute("href").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "at-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

// A line directly under the row, starting at the cell's column.
function sayUnder(line, input, tone, shape, text, id) {
  const row = document.createElement("tr");
  row.className = `at-sheet__defect at-sheet__defect--${tone}`;
  row.dataset.say = line.dataset.row;
  const all = cells(line);
  const before = Math.max(0, all.indexOf(input));
  const number = document.createElement("td");
  number.className = "at-sheet__stt";
  row.append(number);
  if (before > 0) {
    const gap = document.createElement("td");
    gap.colSpan = before;
    row.append(gap);
  }
  const place = document.createElement("td");
  place.colSpan = all.length - before;
  const sentence = document.createElement("p");
  sentence.className = `at-sheet__say at-sheet__say--${tone}`;
  sentence.id = id;
  const span = document.createElement("span");
  span.textContent = text;
  sentence.append(icon(shape), span);
  place.append(sentence);
  row.append(place);
  let last = line;
  while (last.nextElementSibling?.classList.contains("at-sheet__defect")) last = last.nextElementSibling;
  last.after(row);
  return sentence;
}

function findings(list) {
  const now = rowOf(document.activeElement?.dataset?.key ? document.activeElement : form);
  for (const old of form.querySelectorAll(".at-sheet__defect--wrong, .at-sheet__defect--warning"))
    old.remove();
  for (const input of cells()) {
    input.removeAttribute("aria-invalid");
    if (input.getAttribute("aria-describedby")?.endsWith("-khac") !== true)
      input.removeAttribute("aria-describedby");
    input.closest("td").classList.remove("at-cell--wrong");
  }
  for (const line of form.querySelectorAll("tr[data-row]")) line.classList.remove("at-row--wrong");
  for (const row of list) {
    const line = form.querySelector(`tr[data-row="${row.id}"]`);
    if (!line) continue;
    const show = (finding, tone, shape, ending) => {
      const input = line.querySelector(`[data-key="${finding.field}"]`)
        ?? line.querySelector("[data-key]");
      // The person is still filling this row in: an empty cell is no defect yet.
      if (finding.rule === "required" && line === now) return;
      const id = `${input.id}${ending}`;
      sayUnder(line, input, tone, shape, finding.text, id);
      input.setAttribute("aria-describedby", id);
      if (tone !== "wrong") return;
      input.setAttribute("aria-invalid", "true");
      input.closest("td").classList.add("at-cell--wrong");
      line.classList.add("at-row--wrong");
    };
    for (const defect of row.defects) show(defect, "wrong", "triangle", "-loi");
    for (const warning of row.warnings) show(warning, "warning", "info", "-chu-y");
  }
}

// The summary on top follows what is mended. It appears only with a page that is opened, so that
// nothing jumps while somebody types.
function summary(result) {
  const place = document.getElementById("tom-tat-loi");
  if (!place?.firstElementChild || place.contains(document.activeElement)) return;
  place.innerHTML = result.summary; // made and escaped by the server's own template
  document.title = result.title;
}

function counts(all) {
  const place = document.getElementById("dem");
  if (!place) return;
  place.replaceChildren();
  const add = (text, tone, shape) => {
    const span = document.createElement("span");
    if (tone) span.className = tone;
    if (shape) span.append(icon(shape), " ");
    span.append(text);
    place.append(span, " ");
  };
  add(all.lines_words);
  add(all.complete_words, "at-done", "tick-disc");
  if (all.mend_words) add(all.mend_words, "at-wrong", "triangle");
  const only = document.getElementById("chi-can-sua");
  if (!only) return;
  only.hidden = !all.only_wrong_words;
  only.textContent = all.only_wrong_words;
}

function showConflict(conflict) {
  const mark = `r${conflict.id}.`;
  const line = form.querySelector(`tr[data-row="${conflict.id}"]`);
  if (!line) return;
  if (conflict.removed) {
    sayUnder(line, cells(line)[0], "held", "swap", words.removed, `o-${conflict.id}-khac`);
    dirty.delete(mark);
    clashed.delete(mark);
    return;
  }
  let open = 0;
  for (const input of cells(line)) {
    const theirs = conflict.theirs[input.dataset.key] ?? "";
    const mine = dirty.get(mark)?.has(input.name);
    const untouched = theirs === base(input); // they changed another cell of the row
    if (!mine) put(input, theirs);
    if (!mine || !untouched) input.dataset.base = theirs;
    if (!mine || untouched || theirs === input.value) continue;
    open += 1;
    const id = `${input.id}-khac`;
    document.getElementById(id)?.closest("tr").remove();
    const sentence = sayUnder(line, input, "held", "swap", fill(words.conflict,
      { who: conflict.who, when: conflict.when, value: theirs || "–" }), id);
    input.classList.add("at-sheet__conflict");
    input.setAttribute("aria-describedby", id);
    const choose = (text, take) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "at-link-button";
      button.textContent = text;
      button.addEventListener("click", () => {
        if (take) { input.value = theirs; dirty.get(mark)?.delete(input.name); }
        input.classList.remove("at-sheet__conflict");
        sentence.closest("tr").remove();
        input.focus();
        // The row goes on when each of its cells has been chosen: nothing is overwritten unseen.
        if (line.querySelector(".at-sheet__conflict")) return;
        hidden(mark, "ban").value = conflict.version;
        clashed.delete(mark);
        if (dirty.get(mark)?.size === 0) dirty.delete(mark);
        if (dirty.size > 0) save();
        else say(words.chosen);
      });
      return button;
    };
    sentence.append(" ", choose(words.keep, false), " ", choose(words.take, true));
  }
  if (open > 0) return;
  hidden(mark, "ban").value = conflict.version;
  clashed.delete(mark);
  again = true;
}

// The session ended: sign in here, nothing on the page is lost.
function askToSignIn() {
  say(words.signedOut);
  const dialog = document.getElementById("hop-dang-nhap");
  if (!dialog || dialog.open) return false;
  dialog.showModal();
  dialog.querySelector(dialog.querySelector("#hop-thu").value ? "#hop-mat-khau" : "#hop-thu").focus();
  return false;
}

let csrf = "";

async function post(path, content) {
  const answer = await fetch(path, {
    method: "POST", credentials: "same-origin", body: JSON.stringify(content),
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": csrf },
  });
  return answer.json();
}

async function signIn(dialog, mailCode) {
  const wrong = dialog.querySelector("[data-error]");
  const code = dialog.querySelector("[data-code]");
  const mail = dialog.querySelector("[data-mail]");
  wrong.hidden = true;
  let answer;
  if (mailCode) answer = await post("/dang-nhap/tai-cho/ma", { mail: true });
  else if (code.hidden) {
    answer = await post("/dang-nhap/tai-cho", {
      email: dialog.querySelector("#hop-thu").value,
      password: dialog.querySelector("#hop-mat-khau").value,
    });
  } else answer = await post("/dang-nhap/tai-cho/ma", { code: dialog.querySelector("#hop-ma").value });
  csrf = answer.csrf ?? csrf;
  if (answer.step === "code") {
    code.hidden = false;
    if (answer.mail !== undefined) mail.hidden = !answer.mail;
    dialog.querySelector("[data-mailed]").hidden = !answer.mailed;
    dialog.querySelector("#hop-ma").focus();
    return;
  }
  if (answer.step !== "done") {
    wrong.hidden = false;
    wrong.textContent = answer.error?.message ?? words.wrongIn;
    return;
  }
  for (const input of document.querySelectorAll("input[name=csrf]")) input.value = csrf;
  for (const input of dialog.querySelectorAll("#hop-mat-khau, #hop-ma")) input.value = "";
  code.hidden = mail.hidden = true;
  dialog.close();
  if (await save()) goOn();
}

// The button that was pressed before the session ended.
function goOn() {
  if (!pressed) return;
  leaving = true;
  form.requestSubmit(pressed);
}

// Arrows up and down, Enter, and a paste of many cells.
function move(input, rows) {
  const line = rowOf(input);
  const place = cells(line).indexOf(input);
  const lines = [...form.querySelectorAll("tr[data-row]")];
  const next = lines[lines.indexOf(line) + rows];
  const target = next && cells(next)[place];
  if (target) { target.focus(); target.select?.(); }
  return Boolean(target);
}

const plain = (text) => text.replace(/\(.*?\)/g, "").trim().toLowerCase();

// Columns copied with their headings may stand in any order: the server reads them, as on the page
// for pasting.
function hasHeadings(line) {
  const known = [...form.querySelectorAll("thead th")].map((th) => plain(th.firstChild.textContent));
  return line.filter((cell) => known.includes(plain(cell)) || plain(cell) === "stt").length >= 2;
}

function pasteByHeadings(text) {
  save().then((done) => {
    if (!done) return;
    const whole = document.createElement("form");
    whole.method = "post";
    whole.action = form.dataset.paste;
    for (const [name, value] of [["csrf", form.elements.csrf.value], ["van_ban", text]]) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      whole.append(field);
    }
    whole.hidden = true;
    document.body.append(whole);
    leaving = true;
    whole.submit();
  });
}

function put(cell, value) {
  if (cell.tagName === "SELECT" && ![...cell.options].some((option) => option.value === value))
    cell.add(new Option(value, value)); // what is no choice stays to be seen and mended
  cell.value = value;
}

function paste(input, text) {
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((l) => l.split("\t"));
  if (lines.length === 1 && lines[0].length === 1) return false;
  if (lines.length > 1 && hasHeadings(lines[0])) { pasteByHeadings(text); return true; }
  let line = rowOf(input);
  const first = cells(line).indexOf(input);
  let count = 0;
  for (const values of lines) {
    if (!line) break;
    const here = cells(line);
    values.forEach((value, i) => {
      const cell = here[first + i];
      if (!cell) return;
      put(cell, value.trim());
      changed(cell);
      count += 1;
    });
    let next = line.nextElementSibling;
    while (next && !next.dataset.row) next = next.nextElementSibling;
    if (!next && lines.indexOf(values) < lines.length - 1) {
      addBlank(line);
      next = line.nextElementSibling;
      while (next && !next.dataset.row) next = next.nextElementSibling;
    }
    line = next;
  }
  say(fill(words.pasted, { n: count }));
  save();
  return true;
}

if (form) {
  form.addEventListener("input", (event) => { if (event.target.dataset?.key) changed(event.target); });
  form.addEventListener("change", (event) => { if (event.target.dataset?.key) { changed(event.target); save(); } });
  form.addEventListener("focusout", (event) => { if (event.target.dataset?.key) save(); });
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.dataset?.key || event.altKey || event.ctrlKey || event.metaKey) return;
    if (input.tagName === "SELECT") return;
    const rows = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (rows === undefined) return;
    if (move(input, rows) || event.key === "Enter") event.preventDefault();
    if (event.key === "Enter") save();
  });
  form.addEventListener("paste", (event) => {
    const input = event.target;
    if (input.dataset?.key && paste(input, event.clipboardData.getData("text/plain"))) event.preventDefault();
  });
  // A button goes on when everything typed is saved; until then the page stays, with all that is
  // on it: no network, a session that ended, a row that somebody else changed.
  form.addEventListener("submit", (event) => {
    if (leaving || (dirty.size === 0 && !running)) { leaving = true; return; }
    event.preventDefault();
    pressed = event.submitter;
    save().then((done) => {
      if (done) goOn();
      else form.querySelector(".at-sheet__conflict")?.focus();
    });
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", save);
  addEventListener("beforeunload", (event) => {
    if (leaving || dirty.size === 0) return;
    save();
    event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  const dialog = document.getElementById("hop-dang-nhap");
  dialog?.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    signIn(dialog, event.submitter?.hasAttribute("data-mail")).catch(() => say(words.offline));
  });
}
