// The registration officer's bench with the real `antin-token`: this computer paired once, a batch
// of tokens without a click between them, a device pulled out and put back, envelopes, a broken
// device, a lost envelope, centralised accounts, SIM PKI, handover, and the status that follows.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { approvedDossier, freePort, hears, pairComputer, saysTo, shim, startDesk, startOffice,
  stock, submit }
  from './kit_bench.mjs';
import { look, signIn, startAntin, startBrowser } from './kit.mjs';

let portal, browser, people, desk, officer, dossier, devices;
const hsmFolder = mkdtempSync(join(tmpdir(), 'antin-hsm-'));
const hsm = saysTo(join(hsmFolder, 'hsm'));  // the authority's own token stands behind the shim too
before(async () => {
  process.env.ANTIN_TOKEN_MODULE = shim;
  process.env.ANTIN_SHIM_CONTROL = join(hsmFolder, 'hsm');
  const agentPort = await freePort();
  process.env.ANTIN_TOKEN_AGENT_URL = `ws://127.0.0.1:${agentPort}`;
  portal = await startAntin();
  browser = await startBrowser();
  people = await startOffice(portal, browser);
  officer = people.capphat;
  desk = await startDesk(portal.folder, agentPort, portal.url);
  devices = desk.make(6);
  desk.plug([]);
  await desk.serve();
});
after(async () => {
  await desk?.stop();
  await browser?.close();
  await portal?.stop();
  rmSync(hsmFolder, { recursive: true, force: true });
});

const bench = () => officer.goto(`${portal.url}/cap-phat`);
const rowOf = (name) => officer.locator('[data-line]', { hasText: name });
const startButton = () => officer.getByRole('button', { name: 'Bắt đầu ghi cả hàng chờ' });
/** Holds the page's next question to `act` until the test lets it go. */
async function hold(act) {
  const address = `**/cap-phat/dong/*/${act}`;
  let arrived, go;
  const asked = new Promise((resolve) => { arrived = resolve; });
  const allowed = new Promise((resolve) => { go = resolve; });
  await officer.route(address, async (route) => {
    arrived();
    await allowed;
    await route.continue();
  }, { times: 1 });
  return { asked, go };
}
/** What `antin-token` answers to this page about a device. */
const askAgent = (operation, fields) => officer.evaluate(([op, more]) => new Promise((resolve) => {
  const socket = new WebSocket(document.getElementById('ban-cap-phat').dataset.agent);
  const pairing = localStorage.getItem('antin-token.pairing');
  socket.onopen = () => socket.send(JSON.stringify({ protocol: 1, operation: op, pairing, ...more }));
  socket.onmessage = (event) => resolve(JSON.parse(event.data));
}), [operation, fields]);
/** The envelopes of the page, printed by its button: the text of the PDF. */
async function printEnvelopes(name) {
  const [download] = await Promise.all([officer.waitForEvent('download'),
    officer.waitForNavigation(),  // then the list is shown as it is now
    officer.getByRole('button', { name }).click()]);
  const file = join(portal.folder, `phong-bi-${Date.now()}.pdf`);
  await download.saveAs(file);
  return spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).stdout;
}
const openssl = (...words) => {
  const done = spawnSync('openssl', words, { encoding: 'utf8' });
  return done.stdout + done.stderr;
};

test('the page explains this computer, finds the agent, is paired once', async () => {
  dossier = await approvedDossier(portal, people, { rows: ['Hoàng Văn Thím', 'Lò Văn Hặc', 'Đinh Thị Nguyệt Ánh'] });
  await stock(portal, officer, devices);
  await bench();
  assert.match(await officer.locator('#may-nay').innerText(), /antin-token[\s\S]*Chọn Cho phép/);
  assert.equal(await startButton().isDisabled(), true);
  assert.match(await officer.title(), /Ghi 3 thiết bị: xong 0.*chờ 3/);
  await officer.getByRole('button', { name: 'Kiểm tra máy này' }).click();
  await hears(officer, 'chưa được ghép nối');
  await look(officer, 'bench-pairing');
  await pairComputer(officer, desk);
  assert.equal(await startButton().isDisabled(), false);
  await bench();  // paired once: the next visit asks nobody
  await hears(officer, 'Máy này sẵn sàng');
  assert.equal(await officer.getByRole('button', { name: 'Ghép nối máy này' }).isVisible(), false);
  await look(officer, 'bench-ready');
});

test('signing out keeps the pairing of this computer and nothing else', async () => {
  await officer.getByRole('button', { name: 'Thoát' }).click();
  await officer.waitForURL(`${portal.url}/`);
  assert.deepEqual(await officer.evaluate(() => [Object.keys(localStorage), sessionStorage.length]),
    [['antin-token.pairing'], 0]);
  await signIn(officer, portal, officer.account);
  await bench();
  await hears(officer, 'Máy này sẵn sàng');
  assert.equal(await officer.getByRole('button', { name: 'Ghép nối máy này' }).isVisible(), false);
});

test('three tokens one after another with one click; pulled out in the middle nothing is lost', async () => {
  await bench();
  await hears(officer, 'Cắm một thiết bị trắng');
  await startButton().click();
  await hears(officer, 'Chưa thấy thiết bị nào');
  const certified = await hold('ghi');
  desk.plug([devices[0]]);
  await certified.asked;
  await rowOf('Hoàng Văn Thím').getByText('Đang ghi').waitFor();
  assert.match(await officer.locator('#cac-buoc').innerText(), /RSA 3072[\s\S]*Số hiệu [0-9A-F]{16}, đến/);
  await look(officer, 'bench-working');
  await look(officer, 'bench-working');  // the picture after the focus ring of axe is gone
  desk.say('vanish');
  certified.go();
  await hears(officer, `Cắm lại thiết bị số ${devices[0]}`);
  await look(officer, 'bench-pulled');
  desk.plug([devices[0]]);
  await hears(officer, 'Cắm thiết bị tiếp theo');
  await rowOf('Hoàng Văn Thím').getByText('Đã ghi').waitFor();
  desk.plug([devices[1]]);
  await rowOf('Lò Văn Hặc').getByText('Đã ghi').waitFor({ timeout: 60_000 });
  desk.plug([devices[2]]);
  await officer.getByRole('heading', { name: 'Phong bì PIN chờ in' }).waitFor({ timeout: 60_000 });
  assert.match(await officer.title(), /Ghi 3 thiết bị: xong 3/);
  await look(officer, 'bench-envelopes');
});

let firstPin;
test('each PIN envelope is printed once, and its PIN opens the device', async () => {
  const text = await printEnvelopes('In các phong bì đã chọn');
  for (const serial of devices.slice(0, 3)) assert.ok(text.includes(serial), text);
  await officer.getByRole('heading', { name: 'Đã xong, chờ bàn giao' }).waitFor();
  assert.equal(await officer.getByRole('heading', { name: 'Phong bì PIN chờ in' }).count(), 0);
  const page = text.split('\f').find((one) => one.includes(devices[0]));
  firstPin = page.match(/\b\d{8}\b/)[0];
  desk.plug([devices[0]]);
  const told = await askAgent('info', { serial: devices[0], pin: firstPin });
  assert.equal(told.ok, true, JSON.stringify(told));
  assert.deepEqual(told.result.keys.map((key) => key.has_certificate), [true]);
  await look(officer, 'bench-done');
});

test('an envelope lost after printing: a new PIN by the agent, a new envelope, the old PIN is dead', async () => {
  await officer.getByRole('button', { name: /^Mất phong bì PIN.*Hoàng Văn Thím/ }).click();
  assert.match(await officer.locator('.at-flash').innerText(), new RegExp(devices[0]));
  await hears(officer, 'Máy này sẵn sàng');
  await startButton().click();
  await officer.getByRole('heading', { name: 'Phong bì PIN chờ in' }).waitFor({ timeout: 60_000 });
  const text = await printEnvelopes('In các phong bì đã chọn');
  const pin = text.match(/\b\d{8}\b/)[0];
  assert.notEqual(pin, firstPin);
  assert.equal((await askAgent('info', { serial: devices[0], pin })).ok, true);
  assert.equal((await askAgent('info', { serial: devices[0], pin: firstPin })).error.code, 'token.pin_wrong');
  await officer.getByRole('heading', { name: 'Đã xong, chờ bàn giao' }).waitFor();
});

test('a device that broke after issue: out of use, its certificate revoked, a key on another', async () => {
  await officer.getByRole('link', { name: /^Thiết bị hỏng.*Lò Văn Hặc/ }).click();
  const serial = (await officer.locator('dd .at-code').last().innerText()).trim();
  assert.match(serial, /^[0-9A-F]{16}$/);
  await look(officer, 'bench-change-device');
  await officer.getByRole('button', { name: 'Thu hồi chứng thư và làm lại trên thiết bị khác' }).click();
  await hears(officer, 'Máy này sẵn sàng');
  desk.plug([devices[3]]);
  await startButton().click();
  await officer.getByRole('heading', { name: 'Phong bì PIN chờ in' }).waitFor({ timeout: 60_000 });
  await printEnvelopes('In các phong bì đã chọn');
  await officer.goto(`${portal.url}/kho/${devices[1]}`);
  assert.match(await officer.locator('main').innerText(), /Báo hỏng/);
  await look(officer, 'stock-device');
  await officer.goto(`${portal.url}/kho`);
  await look(officer, 'stock');
  assert.match(await statusOf(serial), /: revoked[\s\S]*superseded/);
});

/** What `openssl ocsp` says about a serial of the Party's issuing CA. */
async function statusOf(serial) {
  const files = {};
  for (const name of ['party', 'root']) {
    files[name] = join(portal.folder, `${name}.pem`);
    const der = Buffer.from(await (await fetch(`${portal.status}/aia/${name}.crt`)).arrayBuffer());
    writeFileSync(files[name], `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`);
  }
  return openssl('ocsp', '-issuer', files.party, '-serial', `0x${serial}`, '-url', `${portal.status}/ocsp`, '-CAfile', files.root);
}

test('handover is recorded, the agency confirms, and OCSP says good within a second', async () => {
  await officer.goto(`${portal.url}/ban-giao`);
  await look(officer, 'handover-list');
  await officer.getByRole('link', { name: dossier.code }).click();
  await officer.getByLabel('Họ và tên người nhận').fill('Lò Thị Thử');
  await look(officer, 'handover-new');
  await submit(officer, '/ban-giao/moi');
  await look(officer, 'handover-recorded');
  const certificates = await officer.locator('td[data-label="Số hiệu chứng thư"] .at-code').allInnerTexts();
  assert.equal(certificates.length, 3);
  assert.match(await statusOf(certificates[0]), /: revoked[\s\S]*certificateHold/);
  const clerk = people.coquan;
  await clerk.goto(`${portal.url}/ban-giao`);
  await look(clerk, 'handover-agency');
  await clerk.locator('main').getByRole('link', { name: /Bàn giao/ }).first().click();
  await look(clerk, 'handover-confirm');
  await submit(clerk, '/xac-nhan');
  const confirmed = performance.now();
  while (!/: good/.test(await statusOf(certificates[0]))) {
    assert.ok(performance.now() - confirmed < 1000, 'OCSP is not good within a second');
  }
  for (const serial of certificates) {
    const said = await statusOf(serial);
    assert.match(said, /: good/);
    assert.match(said, /Response verify OK/);
  }
  await look(clerk, 'handover-confirmed');
  const crl = Buffer.from(await (await fetch(`${portal.status}/crl/party.crl`)).arrayBuffer());
  writeFileSync(join(portal.folder, 'party.crl'), crl);
  assert.match(openssl('crl', '-inform', 'DER', '-in', join(portal.folder, 'party.crl'), '-noout', '-text'), /Superseded/);
});

test('the HSM goes away in the middle: the row says so and goes on by itself', async () => {
  await approvedDossier(portal, people, { rows: ['Lường Thị Ọi'] });
  desk.plug([devices[4]]);
  await bench();
  await hears(officer, 'Máy này sẵn sàng');
  const asked = await hold('cap');
  await startButton().click();
  await asked.asked;
  hsm('gone');
  asked.go();
  await hears(officer, 'Đang chờ hệ thống cấp chứng thư, sẽ tự làm tiếp');
  await rowOf('Lường Thị Ọi').getByText('Chờ hệ thống').waitFor();
  officer.faults.length = 0;  // the browser's console repeats each 503 that was wanted here
  await look(officer, 'bench-waits');
  officer.faults.length = 0;
  hsm();
  await officer.getByRole('heading', { name: 'Phong bì PIN chờ in' }).waitFor({ timeout: 60_000 });
  await printEnvelopes('In các phong bì đã chọn');
});

test('a PIN that the device refuses is not tried again; a new one is set and the row goes on', async () => {
  await approvedDossier(portal, people, { rows: ['Lý Seo Dìn'] });
  desk.plug([devices[5]]);
  await bench();
  await hears(officer, 'Máy này sẵn sàng');
  const asked = await hold('cap');
  await startButton().click();
  await asked.asked;
  desk.plug([devices[5]], 'fail C_Login 0xa0 0 1');  // as if somebody had changed it
  asked.go();
  await officer.locator('.at-trouble', { hasText: 'Mã PIN không đúng' }).waitFor({ timeout: 60_000 });
  desk.plug([devices[5]]);
  const tried = desk.count('call C_Login');
  await bench();
  await hears(officer, 'Máy này sẵn sàng');
  await look(officer, 'bench-pin-refused');
  await startButton().click();  // nothing is risked: the row waits for its new PIN
  await officer.locator('.at-trouble', { hasText: 'Đặt mã PIN mới' }).first().waitFor();
  assert.equal(desk.count('call C_Login'), tried);
  await officer.getByRole('button', { name: /^Đặt mã PIN mới/ }).click();
  await hears(officer, 'Máy này sẵn sàng');
  await startButton().click();
  await officer.getByRole('heading', { name: 'Phong bì PIN chờ in' }).waitFor({ timeout: 60_000 });
  await printEnvelopes('In các phong bì đã chọn');
});

test('centralised accounts: the key in the server, the code printed once', async () => {
  await approvedDossier(portal, people, { rows: ['Hà Quốc Bảo', 'Lò Thị Diên'], carrier: 'central' });
  await officer.goto(`${portal.url}/cap-phat/tap-trung`);
  await look(officer, 'central');
  await officer.getByRole('button', { name: 'Cấp các tài khoản đã chọn' }).click();
  assert.equal((await officer.locator('main').innerText()).match(/số hiệu [0-9A-F]{16}/g).length, 2);
  await look(officer, 'central-issued');
  const text = await printEnvelopes('In phong bì mã kích hoạt');
  assert.match(text, /Hà Quốc Bảo|TT-\d{6}/);
});

test('SIM PKI: a list out, a file of requests in, a file of certificates out, row by row', async () => {
  await approvedDossier(portal, people, { rows: ['Tòng Văn Inh', 'Vàng Thị Pàng'], carrier: 'sim_pki' });
  await officer.goto(`${portal.url}/cap-phat/sim`);
  await look(officer, 'sim');
  const [list] = await Promise.all([officer.waitForEvent('download'),
    officer.getByRole('link', { name: 'Tải danh sách (CSV)' }).click()]);
  const rows = readFileSync(await list.path(), 'utf8').replace('\ufeff', '').trim().split(/\r?\n/);
  const separator = rows[0].includes(';') ? ';' : ',';
  const filled = rows.slice(1).map((row, i) => {
    const cells = row.split(separator);
    const key = join(portal.folder, `sim${i}.key`);
    const request = openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-subj', '/CN=sim', '-outform', 'PEM');
    cells[5] = `898404000001234567${i}`;
    cells[6] = i === 0 ? request.match(/REQUEST-----([\s\S]*?)-----END/)[1].replace(/\s/g, '') : 'AAAA';
    return cells.join(separator);
  });
  const file = join(portal.folder, 'nha-mang.csv');
  writeFileSync(file, [rows[0], ...filled].join('\n'));
  await officer.getByLabel('Tệp của nhà mạng (CSV)').setInputFiles(file);
  const [result] = await Promise.all([officer.waitForEvent('download'),
    officer.getByRole('button', { name: 'Cấp theo tệp và tải kết quả' }).click()]);
  const out = readFileSync(await result.path(), 'utf8');
  assert.equal(out.match(/BEGIN CERTIFICATE/g).length, 1, out);
  assert.match(out, /Tòng Văn Inh|898404000001234567/);
  assert.match(out.trim().split('\n').at(-1), /PKCS#10|yêu cầu|chữ ký/i);
});

// Chromium asks before a page of another network may reach a program on this computer. The page is
// given a public address here, as an office's portal has one; see docs/token-agent.md.
test('without the grant the browser blocks the agent and the page says so; with it all goes on', async () => {
  const other = await chromium.launch({ executablePath: process.env.ANTIN_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', `--ip-address-space-overrides=127.0.0.1:${portal.port}=public`] });
  try {
    const context = await other.newContext({ ignoreHTTPSErrors: true, locale: 'vi-VN',
      storageState: await officer.context().storageState() });
    const page = await context.newPage();
    page.faults = [];
    page.on('pageerror', (error) => page.faults.push(String(error)));
    await page.goto(`${portal.url}/cap-phat`);
    await hears(page, 'đang chặn');
    await look(page, 'bench-blocked');
    assert.match(await page.locator('#quyen').textContent(), /đang chặn/);
    await context.grantPermissions(['local-network-access'], { origin: portal.url });
    await hears(page, 'Máy này sẵn sàng');
    assert.match(await page.locator('#quyen').textContent(), /đã cho phép/);
  } finally { await other.close(); }
});
