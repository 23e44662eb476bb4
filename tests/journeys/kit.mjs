// What every journey uses: a real `antin serve` on a fresh data folder, a real Chromium, pictures
// under build/journeys, and axe-core's judgement of each page.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const antin = process.env.ANTIN_BINARY ?? join(root, 'build/asan/apps/antin/antin');
const pictures = join(root, 'build/journeys');
const axeFile = join(root, 'tests/journeys/node_modules/axe-core/axe.min.js');
const axeSource = readFileSync(axeFile, 'utf8');

async function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Runs `antin <words>` to its end; fails loudly with what it said. */
export function run(words, options = {}) {
  const done = spawnSync(antin, words, { encoding: 'utf8', ...options });
  if (done.status !== (options.expect ?? 0)) {
    const said = done.stderr + done.stdout;
    throw new Error(`antin ${words.join(' ')} ended with ${done.status}: ${said}`);
  }
  return done;
}

/** A fresh installation that serves; first accounts by their sign-in name's first part. */
export async function startAntin() {
  const folder = mkdtempSync(join(tmpdir(), 'antin-journey-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const httpPort = await freePort();
  const environment = { ...process.env, ANTIN_PUBLIC_URL: `https://127.0.0.1:${port}`,
                        ANTIN_STATUS_URL: `http://127.0.0.1:${httpPort}` };
  run(['init', '--data', data], { env: environment });
  const accounts = {};
  for (const line of readFileSync(join(data, 'first-accounts.txt'), 'utf8').split('\n')) {
    const found = line.match(/(\S+@\S+)\s+([A-Z0-9-]{12,})/);
    if (found) accounts[found[1].split('@')[0]] = { email: found[1], password: found[2] };
  }
  let said = '';
  let process_;
  async function serve() {
    said = '';
    process_ = spawn(antin, ['serve', '--data', data, '--port', String(port), '--http-port',
                             String(httpPort)], { env: environment });
    await new Promise((resolve, reject) => {
      process_.once('exit', (code) => reject(new Error(`antin serve ended with ${code}: ${said}`)));
      const listen = (chunk) => {
        said += chunk;
        if (said.includes('TLS SHA-256')) resolve();
      };
      process_.stdout.on('data', listen);
      process_.stderr.on('data', listen);
    });
    for (;;) {  // ready once the authority is open, which /readyz says
      const answer = await fetch(`http://127.0.0.1:${httpPort}/readyz`);
      if (answer.status === 200) break;
    }
  }
  const end = async (signal) => {
    if (process_.exitCode !== null || process_.signalCode !== null) return process_.exitCode;
    const gone = new Promise((resolve) => process_.once('exit', resolve));
    process_.kill(signal);
    return gone;
  };
  await serve();
  return {
    folder, data, port, httpPort, accounts, environment,
    url: `https://127.0.0.1:${port}`,
    status: `http://127.0.0.1:${httpPort}`,
    said: () => said,
    /** As when the power is cut, and comes back. */
    crash: () => end('SIGKILL'),
    serve,
    async stop() {
      const code = await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

/** Everybody's own password after the one-time one. */
export const password = 'một câu dễ nhớ của tôi';

/** What a code app shows for a base32 key, `ahead` steps of 30 seconds from now. */
export function totp(key, ahead = 0) {
  let bits = '';
  for (const letter of key.replaceAll(' ', '')) {
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  }
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + ahead));
  const digest = createHmac('sha1', bytes).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

/** An account by `antin user add`; `agency` is a body's code, none is the provider. */
export function addPerson(portal, { email, name, roles, agency, position = 'Chuyên viên' }) {
  const words = ['user', 'add', '--data', portal.data, '--email', email, '--name', name,
                 '--position', position, '--json'];
  for (const role of roles) words.push('--role', role);
  if (agency) words.push('--agency', agency);
  const told = JSON.parse(run(words, { env: portal.environment }).stdout);
  return { email, name, password: told.password };
}

/** Bodies of the mails to an address, oldest first, where an installation without a mail server keeps them. */
export function mailsTo(portal, address) {
  const script = 'import json, sqlite3, sys\n' +
    "db = sqlite3.connect('file:%s?mode=ro' % sys.argv[1], uri=True)\n" +
    "rows = db.execute('SELECT body FROM mail WHERE recipient = ? ORDER BY id', (sys.argv[2],))\n" +
    'print(json.dumps([row[0] for row in rows]))\n';
  const read = spawnSync('python3', ['-c', script, join(portal.data, 'portal.db'), address],
                         { encoding: 'utf8' });
  if (read.status !== 0) throw new Error(`the mails cannot be read: ${read.stderr}`);
  return JSON.parse(read.stdout);
}

/** As if the person had last given a code an hour ago: what needs a fresh one asks again. */
export function ageSecondFactor(portal, account) {
  const script = 'import sqlite3, sys\n' +
    'db = sqlite3.connect(sys.argv[1], timeout=20)\n' +
    "db.execute('UPDATE session SET second_factor_at = second_factor_at - 3600000 WHERE account_id = " +
    "(SELECT id FROM account WHERE email = ?)', (sys.argv[2],))\n" +
    'db.commit()\n';
  const done = spawnSync('python3', ['-c', script, join(portal.data, 'portal.db'), account.email],
                         { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the session is not older: ${done.stderr}`);
}

/** The newest six-digit code that was mailed to somebody. */
export function mailedCode(portal, address) {
  return mailsTo(portal, address).map((body) => body.match(/\b\d{6}\b/)?.[0]).filter(Boolean).at(-1);
}

/** Address and password; the one-time password gives way to an own one. */
export async function givePassword(page, portal, account) {
  await page.goto(`${portal.url}/dang-nhap`);
  await page.getByLabel('Thư điện tử công vụ').fill(account.email);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  if (page.url().endsWith('/tai-khoan/mat-khau')) {
    await page.getByLabel('Mật khẩu mới', { exact: true }).fill(password);
    await page.getByLabel('Gõ lại mật khẩu mới').fill(password);
    await page.getByRole('button', { name: 'Lưu mật khẩu' }).click();
    account.password = password;
  }
}

/**
 * Signs in as people do the first time: one-time password, own password, phone where the role asks
 * for it; a head without a phone takes the code of the official mail. Later times only the password
 * and the next code. Leaves the page where the portal leads.
 */
export async function signIn(page, portal, account) {
  await givePassword(page, portal, account);
  if (page.url().endsWith('/tai-khoan/xac-thuc')) {
    account.key = await page.locator('main code').innerText();
    await page.getByLabel('Mã 6 số trên điện thoại của anh/chị').fill(totp(account.key));
    await page.getByRole('button', { name: 'Xác nhận' }).click();
    await page.getByRole('link', { name: 'Tôi đã cất các mã' }).click();
  } else if (await page.getByLabel('Mã 6 số').count() > 0) {
    const byMail = page.getByRole('button', { name: 'Gửi mã vào thư công vụ' });
    if (!account.key) await byMail.click();
    const code = account.key ? totp(account.key, 1) : mailedCode(portal, account.email);
    await page.getByLabel('Mã 6 số').fill(code);  // of a phone: that of now may be used up
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
  }
  account.state = await page.context().storageState();
  return page;
}

/** The same person at another browser: `options` as for startPerson. Signed in before. */
export async function again(browser, account, options = {}) {
  return startPerson(browser, { storageState: account.state, ...options });
}

/** A row of Mẫu 01 as a clerk copies it out of a spreadsheet; everything in it is invented. */
export function pastedRow(name, number, email) {
  return `${name}\t12/05/1979\t01207900${String(1000 + number)}\t21/06/2021\tCục Thử\t${email}\t` +
    `UBND phường Thử\tLai Châu\tChuyên viên\t091200${String(1000 + number)}\t\t`;
}

/** A draft made on the page for it; its address without the last part. */
export async function newDraft(page, portal, kind = 'Cá nhân (Mẫu 01)', carrier = 'USB Token') {
  await page.goto(`${portal.url}/ho-so/moi/cap-moi`);
  await page.getByLabel(kind).check();
  await page.getByLabel(carrier).check();
  await page.getByRole('button', { name: 'Lập bản nháp' }).click();
  return page.url().replace(/\/nguoi-nhan.*/, '');
}

/**
 * A dossier for USB tokens through the agency's own pages: recipient, pasted rows, the scan of the
 * form, the head's act. `page` is signed in as somebody who is clerk and head. Gives its number in
 * the agency's address after sending.
 */
export async function fileDossier(page, portal, rows) {
  const base = await newDraft(page, portal);
  const recipient = { full_name: 'Lò Thị Nhận', personal_id: '012192003071', id_issued_on: '11/01/2022',
    id_issued_by: 'Cục Thử', position: 'Văn thư', phone: '0912003071', email: 'nhan@laichau.gov.vn',
    address: 'Tổ 1, phường Thử, tỉnh Lai Châu' };
  for (const [name, value] of Object.entries(recipient)) {
    await page.locator(`[name="${name}"]`).fill(value);
  }
  await page.getByRole('button', { name: 'Lưu và sang danh sách' }).click();
  await page.goto(`${base}/dan`);
  await page.getByLabel('Nội dung dán').fill(rows.join('\n'));
  await page.getByRole('button', { name: 'Thêm vào danh sách' }).click();
  const form = await page.request.get(`${base}/mau.pdf?de-ky=1`);
  await page.goto(`${base}/dinh-kem?loai=form_scan`);
  await page.locator('input[type=file]').setInputFiles({ name: 'mau-01-co-dau.pdf',
    mimeType: 'application/pdf', buffer: await form.body() });
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Gửi tệp' }).click()]);
  await page.goto(`${base}/ky`);
  await page.getByRole('button', { name: 'Gửi hồ sơ' }).click();
  if (page.url().startsWith(base)) {
    throw new Error(`not sent: ${await page.locator('main').innerText()}`);
  }
  return page.url();
}

/** Chromium without a screen and without calls to the outside. */
export async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.ANTIN_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
           '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** One person at a desk: Vietnamese, 1366 px wide. `javaScriptEnabled: false` for the plain way. */
export async function startPerson(browser, options = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh',
    viewport: { width: 1366, height: 768 }, ...options,
  });
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('console', (line) => {
    if (line.type() === 'error' && !/status of 4\d\d/.test(line.text())) page.faults.push(line.text());
  });
  return page;
}

/** The page at both widths as pictures, judged by axe-core; what is serious fails the journey. */
export async function look(page, name) {
  mkdirSync(pictures, { recursive: true });
  for (const width of [1366, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 768 });
    await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 1) throw new Error(`${name} scrolls sideways by ${wide} px at ${width} px`);
  }
  await page.setViewportSize({ width: 1366, height: 768 });
  await judge(page, name);
}

export async function judge(page, name) {
  // Evaluated by the debugger, so the page's own policy on scripts stays as it is.
  await page.evaluate(axeSource);
  const asked = { resultTypes: ['violations'] };
  const result = await page.evaluate((options) => globalThis.axe.run(document, options), asked);
  const serious = result.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  if (serious.length > 0) {
    const places = (v) => v.nodes.map((n) => n.target.join(' ')).slice(0, 4).join(', ');
    const words = serious.map((v) => `${v.id}: ${places(v)}`);
    throw new Error(`axe-core on ${name}: ${words.join('; ')}`);
  }
  if (page.faults.length > 0) throw new Error(`${name}: ${page.faults.join('; ')}`);
}

/** Each of a person's pages in English, looked at; closes the browser. */
export async function inEnglish(page, portal, paths) {
  for (const path of paths) {
    await page.goto(`${portal.url}/ngon-ngu/en?ve=${encodeURIComponent(path)}`);
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.equal(new URL(page.url()).pathname, path);
    await look(page, `english${path.replaceAll('/', '-')}`);
  }
  await page.context().close();
}
