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
  const announce = (text) => { if (said.textContent !== text) said.textContent = text; };
  const pageTitle = document.title;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  let running = false, openStep = 0;

  class Trouble extends Error {
    constructor(code, message) { super(message ?? say(code)); this.code = code; }
  }

  // ---- this computer -------------------------------------------------------------------------

  // What the person has told the browser about programs on this computer. Older browsers do not
  // know the question; then nobody is asked either.
  async function permission() {
    for (const name of ["loopback-network", "local-network-access"]) {
      try { return await navigator.permissions.query({ name }); } catch { /* not known here */ }
    }
    return null;
  }
  let told = null;  // the permission that the page listens to
  async function tellPermission() {
    const asked = await permission();
    if (!asked) return null;
    at("quyen").textContent = say(`permission_${asked.state}`);
    if (!told) {
      told = asked;
      told.addEventListener("change", async () => {
        await tellPermission();
        if (told.state === "granted" && !running) check();
      });
    }
    return asked;
  }
  async function unreachable() {
    const asked = await tellPermission();
    return new Trouble(asked?.state === "denied" ? "agent_blocked" : "agent_unreachable");
  }

  // One question, one answer, one connection.
  function ask(operation, fields = {}) {
    return new Promise((resolve, reject) => {
      let answered = false;
      const lost = () => { if (!answered) { answered = true; unreachable().then(reject); } };
      let socket;
      try { socket = new WebSocket(agentUrl); } catch { lost(); return; }
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
      socket.onerror = lost;
      socket.onclose = lost;
    });
  }

  async function check() {
    announce(say("asking"));
    try {
      await ask("version");
      const { tokens } = await ask("tokens");
      await tellPermission();
      const left = open().length > 0;
      announce(say(!left ? "nothing_left" : tokens.length ? "agent_found" : "agent_found_empty"));
      startButton.disabled = !left;
      at("ghep-noi-may").hidden = true;
      at("may-nay").open = false;
    } catch (error) {
      at("may-nay").open = true;
      const unpaired = error.code === "agent.not_paired" || error.code === "agent.field_missing";
      announce(unpaired ? say("agent.not_paired") : error.message);
      at("ghep-noi-may").hidden = !unpaired;
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
      await check();
    } catch (error) { announce(error.message); }
    at("ghep-noi").hidden = true;
  }

  // ---- what the page shows -------------------------------------------------------------------

  const open = () => [...root.querySelectorAll("[data-line]")].filter((item) => Number(item.dataset.step) < 6);
  const itemOf = (line) => root.querySelector(`[data-line="${line}"]`);
  function mark(line, kind, step = "") {
    const item = itemOf(line);
    if (!item) return;
    item.dataset.kind = kind;
    const shape = root.querySelector(`template[data-tag="${kind}"]`).content.cloneNode(true);
    const word = shape.querySelector(".at-tag > span");
    word.textContent = word.textContent.replace("{step}", step);
    item.querySelector("[data-tag]").replaceChildren(shape);
    count();
  }
  function count() {
    const items = [...root.querySelectorAll("[data-line]")];
    const of = (...kinds) => items.filter((item) => kinds.includes(item.dataset.kind)).length;
    at("tieu-de").textContent = say("counts", {
      count: items.length, done: of("done"), now: of("working", "plug_back", "wait_ca"),
      broken: of("broken"), waiting: of("waiting"),
    });
  }
  function trouble(line, name, message) {
    const box = root.querySelector('template[data-box="trouble"]').content.cloneNode(true);
    box.querySelector("[data-name]").textContent = name;
    box.querySelector("[data-message]").textContent = message;
    const link = box.querySelector("a");
    if (line) link.href = `/cap-phat/dong/${line}/doi-thiet-bi`;
    else link.remove();
    at("hong").prepend(box);
  }
  const noteOf = (step) => at("cac-buoc").querySelector(`[data-step="${step}"] [data-note]`);
  function showStep(step, seconds) {
    for (const item of at("cac-buoc").children) {
      const number = Number(item.dataset.step);
      item.toggleAttribute("data-done", number < step);
      if (number === step) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      if (number === step - 1 && seconds) {
        item.querySelector("[data-seconds]").textContent = say("seconds", { n: seconds });
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
  // How long each step took last time: what is left is told as soon as one device was written.
  const took = new Map();
  function tellWhatIsLeft(step) {
    let left = 0;
    for (let s = step; s < 6; ++s) left += took.get(s) ?? Number.NaN;
    at("con-lai").textContent = Number.isNaN(left) ? say("do_not_pull")
      : say("do_not_pull_left", { n: Math.max(1, Math.round(left / 1000)) });
  }

  // ---- one row -------------------------------------------------------------------------------

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
    const error = new Trouble(json.error?.code ?? "server", json.error?.message);
    error.wait = answer.status >= 500;  // the authority's token or the database is away
    error.signedOut = answer.status === 401 || answer.status === 403 || answer.redirected;
    throw error;
  }
  const serials = async () => (await ask("tokens")).tokens.map((token) => token.serial);

  const acts = {
    async 1(task, device) {
      await ask("prepare", { ...device, label: task.label });
      return post(task.line, "xoa-trang");
    },
    async 2(task, device) {
      const made = await ask("generate", { ...device, key: task.key, kinds: task.kinds });
      noteOf(2).textContent = say(`key_${made.kind}`);
      return post(task.line, "khoa", { request: made.request });
    },
    async 3(task) {
      return post(task.line, "cap");
    },
    async 4(task, device) {
      const { read_back } = await ask("write", { ...device, key: task.key, certificate: task.certificate });
      return post(task.line, "ghi", { read_back });
    },
    async 5(task, device) {
      return post(task.line, "kiem", await ask("check", { ...device, key: task.key, challenge: task.challenge }));
    },
  };

  // The open step of a row, again and again until its device is ready. Each step is safe to repeat.
  async function work(task) {
    at("thiet-bi").hidden = false;
    at("so-thiet-bi").textContent = task.device;
    at("ghi-cho").textContent = task.name;
    at("ghi-cho-co-quan").textContent = `, ${task.agency}`;
    clearSteps();
    showStep(task.step);
    if (task.set_pin) {
      announce(say("setting_pin"));
      await ask("unlock", { serial: task.device, new_pin: task.pin });
    }
    while (task.step < 6) {
      const step = openStep = task.step, began = Date.now();
      mark(task.line, "working", step);
      tellWhatIsLeft(step);
      announce(say("working", { name: task.name, step }));
      document.title = `${say("title_working", { step, name: task.name })} – Ấn Tín`;
      task = await acts[step](task, { serial: task.device, pin: task.pin });
      took.set(step, Date.now() - began);
      if (task.certificate_note) noteOf(3).textContent = task.certificate_note;
      showStep(task.step, Math.max(1, Math.round((Date.now() - began) / 1000)));
    }
    return task;
  }

  // What goes away by itself: the device comes back, the agent starts again.
  const goesAway = new Set(["token.missing", "token.removed", "token.session_lost", "token.stalled",
    "agent_unreachable", "agent_blocked", "agent.busy"]);
  const otherDevice = new Set(["bench.no_device", "bench.device_unknown", "bench.device_taken", "bench.other_device"]);

  async function oneRow(line) {
    let refused = null;   // devices that the server did not want: asked again when they change
    let reported = "";
    let shown = "", task = null;
    while (running) {
      try {
        const plugged = await serials();
        shown = plugged.join();
        if (shown === refused) { await pause(800); continue; }
        task = await post(line, "nhan", { serials: plugged });
        refused = null;
        reported = "";
        await work(task);
        mark(line, "done");
        return;
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        at("thiet-bi").hidden = true;
        if (otherDevice.has(error.code)) {
          const inTheMiddle = error.code === "bench.other_device";
          announce(inTheMiddle ? error.message : `${say("plug_next")} ${error.message}`);
          mark(line, inTheMiddle ? "plug_back" : "waiting");
          refused = shown;
        } else if (goesAway.has(error.code)) {
          announce(error.code.startsWith("token.") && task
            ? say("plug_back", { serial: task.device }) : error.message);
          mark(line, task ? "plug_back" : "waiting");
          if (task && reported !== error.code && error.code.startsWith("token.")) {
            reported = error.code;
            await post(line, "loi", { code: error.code }).catch(() => {});
          }
          await pause(800);
        } else if (error.wait) {
          announce(`${say("waits_for_ca")} ${error.code === "server" ? "" : error.message}`);
          mark(line, "wait_ca");
          await pause(2000);
        } else if (error.signedOut) {
          running = false;
          announce(say("signed_out"));
          return;
        } else {
          mark(line, "broken", task ? openStep : "");
          trouble(task ? line : null, task?.name ?? itemOf(line).dataset.name, error.message);
          if (task && /^(token|agent)\./.test(error.code)) {
            await post(line, "loi", { code: error.code }).catch(() => {});
          }
          return;
        }
      }
    }
  }

  async function batch() {
    running = true;
    startButton.hidden = true;
    stopButton.hidden = false;
    at("hong").replaceChildren();
    const waiting = open();
    for (const item of waiting) {
      if (!running) break;
      for (const other of waiting) other.removeAttribute("aria-current");
      item.setAttribute("aria-current", "true");
      item.scrollIntoView({ block: "nearest" });
      await oneRow(item.dataset.line).catch((error) => trouble(null, "", error.message));
    }
    const stopped = !running;
    running = false;
    document.title = pageTitle;
    at("thiet-bi").hidden = true;
    if (!stopped) { location.assign("/cap-phat"); return; }  // envelopes, rows that need a person
    if (said.textContent !== say("signed_out")) announce(say("stopped"));
    startButton.hidden = false;
    stopButton.hidden = true;
    startButton.focus();
  }

  at("kiem-tra-may").addEventListener("click", check);
  at("ghep-noi-may").addEventListener("click", pair);
  startButton.addEventListener("click", batch);
  stopButton.addEventListener("click", () => { running = false; announce(say("stopping")); });
  addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
  tellPermission();
  // Paired before: the browser has its answer already, so asking raises no question.
  if (localStorage.getItem(pairingKey)) check();
}
