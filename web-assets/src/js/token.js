// The bench: page <-> antin-token on this computer <-> key device. docs/token-agent.md.
// Nothing personal is kept: only the pairing secret of this computer stays in the browser.
const bench = document.getElementById("ban-cap-phat");
if (bench) start(bench);

function start(root) {
  const agentUrl = root.dataset.agent;
  const csrf = root.dataset.csrf;
  const pairingKey = "antin-token.pairing";
  const at = (id) => document.getElementById(id);
  const said = at("loi-noi"), startButton = at("bat-dau"), stopButton = at("dung-lai");
  const sentences = new Map([...at("cau-chu").children].map((e) => [e.dataset.key, e.textContent]));
  const say = (key, args = {}) => (sentences.get(key) ?? sentences.get("unknown_problem"))
    .replace(/\{(\w+)\}/g, (all, name) => args[name] ?? all);
  const announce = (text) => { said.textContent = text; };
  const pageTitle = document.title;
  let running = false;

  class Trouble extends Error {
    constructor(code, message) { super(message ?? say(code)); this.code = code; }
  }

  // One question, one answer, one connection.
  function ask(operation, fields = {}) {
    return new Promise((resolve, reject) => {
      let answered = false;
      let socket;
      try { socket = new WebSocket(agentUrl); } catch { reject(new Trouble("agent_unreachable")); return; }
      socket.onopen = () => socket.send(JSON.stringify({
        protocol: 1, operation, pairing: localStorage.getItem(pairingKey) ?? undefined, ...fields,
      }));
      socket.onmessage = (event) => {
        const answer = JSON.parse(event.data);
        if (answer.progress) return;
        answered = true;
        if (answer.ok) resolve(answer.result);
        else reject(new Trouble(answer.error.code));
      };
      socket.onerror = () => { if (!answered) reject(new Trouble("agent_unreachable")); };
      socket.onclose = () => { if (!answered) reject(new Trouble("agent_unreachable")); };
    });
  }

  async function post(line, act, body = {}) {
    let answer;
    try {
      answer = await fetch(`/cap-phat/dong/${line}/${act}`, {
        method: "POST", credentials: "same-origin", body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrf },
      });
    } catch { throw Object.assign(new Trouble("server"), { wait: true }); }
    const json = await answer.json().catch(() => ({}));
    if (answer.ok && json.ok) return json.task;
    const trouble = new Trouble(json.error?.code ?? "server", json.error?.message);
    trouble.wait = answer.status >= 500;  // the authority's token or the database is away
    throw trouble;
  }

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  async function serials() {
    const { tokens } = await ask("tokens");
    return tokens.map((token) => token.serial);
  }

  function showStep(step, began) {
    for (const item of at("cac-buoc").children) {
      const number = Number(item.dataset.step);
      item.toggleAttribute("data-done", number < step);
      if (number === step) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      if (number === step - 1 && began) {
        item.querySelector("[data-seconds]").textContent =
          say("seconds", { n: Math.max(1, Math.round((Date.now() - began) / 1000)) });
      }
    }
  }
  function clearSteps() {
    for (const item of at("cac-buoc").children) {
      item.removeAttribute("data-done");
      item.querySelector("[data-seconds]").textContent = "";
      item.querySelector("[data-note]").textContent = "";
    }
  }
  const itemOf = (line) => root.querySelector(`[data-line="${line}"]`);
  function mark(line, text) {
    const tag = itemOf(line)?.querySelector("[data-tag]");
    if (tag) tag.textContent = text;
  }
  function trouble(name, message) {
    const box = document.createElement("div");
    box.className = "at-trouble";
    const strong = document.createElement("strong");
    strong.textContent = name;
    box.append(strong, document.createElement("br"), message);
    at("hong").prepend(box);
  }

  // The open step of a row, again and again until its device is ready. Each step is safe to repeat.
  async function work(task) {
    at("thiet-bi").hidden = false;
    at("so-thiet-bi").textContent = task.device;
    at("ghi-cho").textContent = task.name;
    at("ghi-cho-co-quan").textContent = `, ${task.agency}`;
    clearSteps();
    let began = Date.now();
    while (task.step < 6) {
      showStep(task.step, began);
      began = Date.now();
      announce(say("working", { name: task.name, step: task.step }));
      document.title = `${say("title_working", { step: task.step, name: task.name })} – Ấn Tín`;
      const device = { serial: task.device, pin: task.pin };
      if (task.step === 1) {
        await ask("prepare", { ...device, label: task.label });
        task = await post(task.line, "xoa-trang");
      } else if (task.step === 2) {
        const made = await ask("generate", { ...device, key: task.key, kinds: task.kinds });
        task = await post(task.line, "khoa", { request: made.request });
      } else if (task.step === 3) {
        task = await post(task.line, "cap");
        const note = at("cac-buoc").querySelector('[data-step="3"] [data-note]');
        note.textContent = task.serial;
      } else if (task.step === 4) {
        const { read_back } = await ask("write", { ...device, key: task.key, certificate: task.certificate });
        task = await post(task.line, "ghi", { read_back });
      } else {
        const tried = await ask("check", { ...device, key: task.key, challenge: task.challenge });
        task = await post(task.line, "kiem", tried);
      }
    }
    showStep(6, began);
    return task;
  }

  // What goes away by itself: the device comes back, the authority comes back.
  const deviceGone = new Set(["token.missing", "token.removed", "token.session_lost"]);

  async function oneRow(line) {
    let refused = "";   // serials that the server did not want: asked again only when they change
    let task = null;
    while (running) {
      try {
        const plugged = await serials();
        if (plugged.join() === refused) { await pause(1200); continue; }
        task = await post(line, "nhan", { serials: plugged });
        await work(task);
        mark(line, say("row_done"));
        return true;
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        if (["bench.no_device", "bench.device_unknown", "bench.device_taken", "bench.other_device"].includes(error.code)) {
          announce(`${say("plug_next")} ${error.message}`);
          refused = (await serials().catch(() => [])).join();
          await pause(600);
        } else if (deviceGone.has(error.code) && !error.wait) {
          announce(say("plug_back", { serial: task?.device ?? "" }));
          mark(line, say(error.code));
          await post(line, "loi", { code: error.code }).catch(() => {});
          await pause(1200);
        } else if (error.wait) {
          announce(`${say("waits_for_ca")} ${error.message}`);
          await pause(3000);
        } else {
          trouble(task?.name ?? "", error.message);
          mark(line, error.message);
          if (error.code.startsWith("token.") || error.code.startsWith("agent.")) {
            await post(line, "loi", { code: error.code }).catch(() => {});
          }
          return false;
        }
      }
    }
    return false;
  }

  async function batch() {
    running = true;
    startButton.hidden = true;
    stopButton.hidden = false;
    const waiting = [...root.querySelectorAll("[data-line]")].filter((item) => Number(item.dataset.step) < 6);
    for (const item of waiting) {
      if (!running) break;
      for (const other of waiting) other.removeAttribute("aria-current");
      item.setAttribute("aria-current", "true");
      await oneRow(item.dataset.line).catch((error) => trouble("", error.message));
    }
    const stopped = !running;
    running = false;
    document.title = pageTitle;
    announce(say(stopped ? "stopped" : "all_done"));
    if (stopped) { startButton.hidden = false; stopButton.hidden = true; startButton.focus(); }
    else location.assign("/cap-phat");  // envelopes to print, rows that need a person
  }

  async function check() {
    announce(say("working", { name: "antin-token", step: 0 }));
    try {
      await ask("version");
      await ask("tokens");
      announce(say("agent_found"));
      startButton.disabled = false;
      at("ghep-noi-may").hidden = true;
    } catch (error) {
      announce(error.message);
      const unpaired = error.code === "agent.not_paired" || error.code === "agent.field_missing";
      if (unpaired) { announce(say("agent.not_paired")); at("ghep-noi-may").hidden = false; }
    }
  }

  async function pair() {
    const code = String(crypto.getRandomValues(new Uint32Array(1))[0] % 1000000).padStart(6, "0");
    at("ma-ghep-noi").textContent = code;
    at("ghep-noi").hidden = false;
    announce(say("pairing_wait"));
    try {
      const { pairing } = await ask("pair", { code });
      localStorage.setItem(pairingKey, pairing);
      announce(say("paired"));
      at("ghep-noi").hidden = true;
      await check();
    } catch (error) { announce(error.message); at("ghep-noi").hidden = true; }
  }

  at("kiem-tra-may").addEventListener("click", check);
  at("ghep-noi-may").addEventListener("click", pair);
  startButton.addEventListener("click", batch);
  stopButton.addEventListener("click", () => { running = false; });
  addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
  // Paired before: the browser has its answer already, so asking raises no prompt.
  if (localStorage.getItem(pairingKey)) check();
}
