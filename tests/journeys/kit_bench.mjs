// What the journeys at the bench share: dossiers on their way to approval through the real forms,
// and a desk: the real `antin-token` on software tokens, one port that devices are plugged into.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { addPerson, root, signIn, startPerson } from './kit.mjs';

const agentProgram = process.env.ANTIN_TOKEN_BINARY ?? join(root, 'build/asan/apps/antin-token/antin-token');
/** SoftHSM with the faults of real devices in front of it: tests/shim/pkcs11_shim.cpp. */
export const shim = join(root, 'build/asan/pkcs11_shim.so');
const soPin = 'so-12345678';

export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => { server.once('error', reject); server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Sends the form whose action ends with `ending`; `values` over what stands in it. */
export async function submit(page, ending, values = {}, button = null) {
  const gone = page.waitForNavigation().catch((error) => error);
  const sent = await page.evaluate(([end, typed, pressed]) => {
    const buttonOf = (f) => [...f.elements].find((e) => e.name === 'viec' && e.value === pressed);
    const form = [...document.forms].find((f) =>
      new URL(f.action).pathname.endsWith(end) && (!pressed || buttonOf(f)));
    if (!form) return `no form for ${end}`;
    for (const [name, value] of Object.entries(typed)) {
      const field = form.elements[name];
      if (field instanceof RadioNodeList || field?.type === 'radio') {
        for (const one of [field].flatMap((f) => f.length ? [...f] : [f])) one.checked = one.value === value;
      } else if (field) field.value = value;
      else return `no field ${name} for ${end}`;
    }
    form.requestSubmit(pressed ? buttonOf(form) : undefined);
    return '';
  }, [ending, values, button]);
  if (sent) throw new Error(`${sent} on ${page.url()}: ${await page.locator('main').innerText()}`);
  const failed = await gone;
  if (failed instanceof Error) throw failed;
  const wrong = page.locator('.govuk-error-summary');
  if (await wrong.count()) throw new Error(`${ending}: ${await wrong.innerText()}`);
}

/** A head's first sign-in: own password, then the six digits that came by official mail. */
async function signInByMail(page, portal, account) {
  await page.goto(`${portal.url}/dang-nhap`);
  await submit(page, '/dang-nhap', { email: account.email, password: account.password });
  const own = 'một câu dễ nhớ của lãnh đạo';
  await submit(page, '/mat-khau', { password: own, password_again: own });
  await submit(page, '/dang-nhap/ma-thu');
  const asked = `SELECT body FROM mail WHERE recipient = '${account.email}' ORDER BY id DESC LIMIT 1`;
  const mail = spawnSync('sqlite3', ['-readonly', join(portal.data, 'portal.db'), asked], { encoding: 'utf8' });
  await submit(page, '/dang-nhap/ma', { code: mail.stdout.match(/\b\d{6}\b/)[0] });
}

/** Everybody who is needed between an empty sheet and a row that may be issued. */
export async function startOffice(portal, browser) {
  const people = {};
  const add = async (who, name, roles, agency) => {
    const account = addPerson(portal, { email: `${who}.ban@laichau.gov.vn`, name, roles, agency });
    people[who] = await startPerson(browser);
    await (agency ? signInByMail : signIn)(people[who], portal, account);
    people[who].account = account;
  };
  await add('coquan', 'Lò Thị Thử', ['focal_point', 'head'], 'H35.03388.DU');
  await add('tiepnhan', 'Trần Thử Hà', ['intake_officer', 'assessor']);
  await add('pheduyet', 'Vũ Thử Châu', ['approver']);
  await add('capphat', 'Phạm Thử Trang', ['registration_officer']);
  return people;
}

let made = 0;
const digits = (n, length) => String(n).padStart(length, '0');

/** A dossier of invented people, from the empty sheet to two people's approval. Gives its code. */
export async function approvedDossier(portal, people, { rows, carrier = 'usb_token' }) {
  const clerk = people.coquan;
  const mail = clerk.account.email;
  await clerk.goto(`${portal.url}/ho-so/moi/cap-moi`);
  await submit(clerk, '/ho-so/moi/cap-moi', { kind: 'individual', carrier });
  const base = clerk.url().replace(/\/nguoi-nhan.*/, '');
  await submit(clerk, '/nguoi-nhan', { full_name: 'Lò Thị Thử', personal_id: '012190000001',
    id_issued_on: '15/07/2021', id_issued_by: 'Cục Thử', position: 'Văn thư', phone: '0912000001',
    email: mail, address: 'Bản Thử, tỉnh Lai Châu' });
  await clerk.goto(`${base}/dan`);
  const sim = carrier === 'sim_pki' ? '\tSIM PKI' : '';
  const lines = rows.map((name) => {
    const n = ++made;
    return `${name}\t12/05/1979\t0120790${digits(n, 5)}\t21/06/2021\tCục Thử\tban${n}@laichau.gov.vn\t` +
      `Đảng ủy xã Thử\tLai Châu\tChuyên viên\t09130${digits(n, 5)}${sim ? '\tviettel' : ''}`;
  });
  const head = 'Họ và tên\tNgày sinh\tSố định danh\tNgày cấp\tNơi cấp\tThư điện tử công vụ\t' +
    `Tên cơ quan công tác\tTỉnh/Thành phố\tChức vụ\tSố điện thoại di động${sim}`;
  await submit(clerk, '/dan', { van_ban: [head, ...lines].join('\n') });
  const form = await clerk.context().request.get(`${base}/mau.pdf?de-ky=1`);
  await clerk.goto(`${base}/dinh-kem?loai=form_scan`);
  const scan = { name: 'mau-da-ky.pdf', mimeType: 'application/pdf', buffer: await form.body() };
  const csrf = await clerk.locator('form[action$="/dinh-kem"] input[name=csrf]').first().inputValue();
  const uploaded = await clerk.context().request.post(`${base}/dinh-kem`, { multipart: { csrf, kind: 'form_scan', file: scan } });
  assert.equal(uploaded.status(), 200, await uploaded.text());
  await clerk.goto(`${base}/ky`);
  await submit(clerk, '/ky');
  const code = await decide(portal, people, base.match(/\d+$/)[0]);
  return { code, id: base.match(/\d+$/)[0] };
}

async function decide(portal, people, id) {
  const path = `${portal.url}/xu-ly/${id}`;
  const examiner = people.tiepnhan, approver = people.pheduyet;
  await examiner.goto(path);
  await submit(examiner, '/tiep-nhan');
  await examiner.goto(path);
  if (await examiner.locator('form[action$="/nhan-viec"]').count()) await submit(examiner, '/nhan-viec');
  await submit(examiner, '/tham-dinh', {}, 'cap-het');
  await examiner.goto(path);
  await submit(examiner, '/tham-dinh', {}, 'trinh');
  await approver.goto(path);
  for (const agree of await approver.locator('input[type=radio][value=dong-y]').all()) {
    await agree.check({ force: true });  // the drawn segment lies over the radio
  }
  await submit(approver, '/quyet-dinh', {}, 'quyet-dinh');
  const words = await approver.locator('main h1').first().innerText();
  return words.match(/[A-Z0-9.]+-\d{6}-\d{4,5}/)[0];
}

/** Says to the shim that reads `control` what is wrong now; without words all is well. */
export function saysTo(control) {
  const say = (...lines) => {
    writeFileSync(`${control}.next`, lines.map((line) => `${line}\n`).join(''));
    renameSync(`${control}.next`, control);  // a reader sees the old words or the new ones
  };
  say();
  return say;
}

/** The computer of the registration officer: software tokens behind a plug that the test holds. */
export async function startDesk(folder, port, origin) {
  const control = join(folder, 'plug');
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens, { recursive: true });
  writeFileSync(join(folder, 'so-pin'), soPin, { mode: 0o600 });
  const environment = { ...process.env, ANTIN_SHIM_CONTROL: control };
  const common = ['--module', shim, '--folder', tokens, '--so-pin-file', join(folder, 'so-pin'),
                  '--state', join(folder, 'state')];
  const speak = saysTo(control);
  const once = (...words) => {
    const done = spawnSync(agentProgram, [...common, ...words], { encoding: 'utf8', env: environment });
    assert.equal(done.status, 0, done.stderr);
    return done.stdout.split('\n').filter(Boolean);
  };
  let agent = null, heard = '';
  const desk = {
    /** New devices from the factory, by their numbers. Before serve(). */
    make: (count) => once('make-software-tokens', '--count', String(count)),
    /** These devices are in the ports, the others are not; `more`: what else is wrong now. */
    plug: (serials, ...more) => speak(`only ${serials.join(' ')}`, ...more),
    say: speak,
    /** What the person does who sees `code` on the page and in the agent's window. */
    async approve(code) {
      while (!heard.includes(code)) await new Promise((resolve) => agent.stdout.once('data', resolve));
      once('approve', code);
    },
    count: (line) => readFileSync(`${control}.log`, 'utf8').split('\n').filter((l) => l === line).length,
    async serve() {
      agent = spawn(agentProgram, [...common, '--origin', origin, '--port', String(port)],
                    { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve, reject) => {
        agent.stdout.on('data', (words) => { heard += words; resolve(); });
        agent.once('exit', (status) => reject(new Error(`antin-token ended with ${status}`)));
      });
    },
    async stop() {
      if (!agent || agent.exitCode !== null) return;
      const gone = new Promise((resolve) => agent.once('exit', resolve));
      agent.kill('SIGTERM');
      await gone;
    },
  };
  return desk;
}

/** Puts the devices into the stock through its page. */
export async function stock(portal, page, serials) {
  await page.goto(`${portal.url}/kho`);
  await submit(page, '/kho/nhan', { serials: serials.join('\n'), model: 'Thẻ phần mềm', place: 'Tủ 1' });
}

/** "Kiểm tra máy này" → "Ghép nối máy này" → the person says yes in the other window. */
export async function pairComputer(page, desk) {
  await page.getByRole('button', { name: 'Kiểm tra máy này' }).click();
  await page.getByRole('button', { name: 'Ghép nối máy này' }).click();
  const code = await page.locator('#ma-ghep-noi').filter({ hasText: /^\d{6}$/ }).innerText();
  await desk.approve(code);
  await hears(page, 'Máy này sẵn sàng');
}

/** Waits until the page's status line says what `words` match. */
export async function hears(page, words) {
  const line = page.locator('#loi-noi');
  await line.filter({ hasText: words }).waitFor({ timeout: 60_000 }).catch(async () => {
    const queue = (await page.locator('.at-queue').allInnerTexts()).join(' ').replace(/\s+/g, ' ');
    throw new Error(`the page says "${await line.innerText()}", not ${words}; the queue: ${queue}`);
  });
}
