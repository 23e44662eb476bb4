// kill -9 of `antin serve` at each step of the whole bench, with the real page and the real agent:
// the page goes on by itself, every row gets one certificate, nothing is lost and nothing twice.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { approvedDossier, freePort, pairComputer, startDesk, startOffice, stock }
  from './kit_bench.mjs';
import { run, startAntin, startBrowser } from './kit.mjs';

// In flight: while the server works at it. Answered: the work is committed, the page never hears.
const steps = ['nhan', 'xoa-trang', 'khoa', 'cap', 'ghi', 'kiem'];
const moments = ['in flight', 'answered'];
const kills = steps.flatMap((step) => moments.map((moment) => ({ step, moment })));

let portal, browser, people, desk, officer, dossier;
before(async () => {
  const agentPort = await freePort();
  process.env.ANTIN_TOKEN_AGENT_URL = `ws://127.0.0.1:${agentPort}`;
  portal = await startAntin();
  browser = await startBrowser();
  people = await startOffice(portal, browser);
  officer = people.capphat;
  desk = await startDesk(portal.folder, agentPort, portal.url);
  const devices = desk.make(kills.length);
  await desk.serve();
  const names = kills.map((_, i) => `Người Thử ${String.fromCharCode(65 + i)}`);
  dossier = await approvedDossier(portal, people, { rows: names });
  await stock(portal, officer, devices);
  await officer.goto(`${portal.url}/cap-phat`);
  await pairComputer(officer, desk);
});
after(async () => {
  await desk?.stop();
  await browser?.close();
  await portal?.stop();
});

const ask = (sql) => {
  const done = spawnSync('sqlite3', ['-readonly', join(portal.data, 'portal.db'), sql], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.trim();
};
const count = (what) => Number(ask(`SELECT COUNT(*) FROM ${what}`));

/** Other questions to the server, one after the other: how far it is then with what was sent. */
async function afterAnswers(count) {
  for (let i = 0; i < count; ++i) await fetch(`${portal.status}/livez`);
}

/** Sends `options`; the server is killed `answers` other answers later and is up again afterwards. */
async function killedWhile(page, path, options, answers) {
  const sent = page.context().request.post(`${portal.url}${path}`, options).catch(() => null);
  await afterAnswers(answers);
  await portal.crash();
  await sent;
  await portal.serve();
}

test('a batch of devices while the server is killed at every step', async () => {
  const left = [...kills];
  const done = [];
  await officer.route('**/cap-phat/dong/*/*', async (route) => {
    const step = new URL(route.request().url()).pathname.split('/').at(-1);
    const next = left.findIndex((kill) => kill.step === step);
    if (next < 0) return route.continue();
    const [{ moment }] = left.splice(next, 1);
    if (moment === 'answered') await route.fetch();
    else {
      const sent = route.fetch().catch(() => null);
      await afterAnswers(1 + done.length);
      await portal.crash();
      await sent;
    }
    await portal.crash();
    done.push(`${step} ${moment}`);
    await portal.serve();
    return route.abort();
  });
  await officer.getByRole('button', { name: 'Bắt đầu ghi cả hàng chờ' }).click();
  await officer.getByRole('heading', { name: 'Phong bì PIN chờ in' }).waitFor({ timeout: 300_000 });
  await officer.unroute('**/cap-phat/dong/*/*');
  assert.deepEqual(left, [], 'every step was met');
  assert.match(await officer.title(), new RegExp(`xong ${kills.length}`));
  checkRecord();
  assert.equal(count("ca_certificate WHERE order_id LIKE 'line:%'"), kills.length);
  assert.equal(count("ca_serial WHERE purpose = 'subscriber'"), kills.length, 'every intent was taken up');
  assert.equal(count("dossier_line WHERE state = 'issued'"), kills.length);
});

/** No certificate without its record, no serial twice, each row with its own certificate. */
function checkRecord() {
  assert.equal(count("ca_certificate c LEFT JOIN ca_serial s ON s.serial = c.serial WHERE s.state IS NULL OR s.state <> 'done'"), 0);
  assert.equal(count("ca_serial s LEFT JOIN ca_certificate c ON c.serial = s.serial WHERE s.purpose = 'subscriber' AND s.state = 'done' AND c.serial IS NULL"), 0);
  assert.equal(count("(SELECT serial FROM ca_serial GROUP BY serial HAVING COUNT(*) > 1)"), 0);
  assert.equal(count("dossier_line l LEFT JOIN ca_certificate c ON c.serial = l.certificate_serial AND c.order_id = 'line:' || l.id WHERE l.certificate_serial IS NOT NULL AND c.serial IS NULL"), 0);
  assert.equal(count("ca_certificate WHERE order_id LIKE 'line:%'"), count("audit_entry WHERE act = 'ca.issued'"));
  assert.equal(count("ca_serial WHERE purpose = 'subscriber'"), count("audit_entry WHERE act = 'ca.intent'"));
}

test('printing, handing over and confirming are each done once, however often the server dies', async () => {
  const csrf = await officer.locator('input[name=csrf]').first().inputValue();
  const rows = ask("SELECT id FROM dossier_line WHERE state = 'issued'").split('\n');
  const envelopes = new URLSearchParams([['csrf', csrf], ...rows.map((id) => ['dong', id])]).toString();
  const form = (data) => ({ data, headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: portal.url } });
  for (const answers of [0, 3, 20]) await killedWhile(officer, '/cap-phat/phong-bi', form(envelopes), answers);
  await officer.context().request.post(`${portal.url}/cap-phat/phong-bi`, form(envelopes));
  assert.equal(count('pin_envelope WHERE sealed IS NOT NULL'), 0);
  assert.equal(count('pin_envelope WHERE printed_at IS NOT NULL'), kills.length);
  assert.equal(count("audit_entry WHERE act = 'pin.envelope_printed'"), kills.length);

  await officer.goto(`${portal.url}/ban-giao/moi?ho-so=${dossier.id}`);
  await officer.getByLabel('Họ và tên người nhận').fill('Lò Thị Thử');
  const handover = await officer.evaluate(() => new URLSearchParams(
    new FormData(document.querySelector('form[action="/ban-giao/moi"]'))).toString());
  for (const answers of [0, 3, 20]) await killedWhile(officer, '/ban-giao/moi', form(handover), answers);
  const recorded = await officer.context().request.post(`${portal.url}/ban-giao/moi`, form(handover));
  assert.equal(recorded.status(), 200, await recorded.text());
  assert.equal(count('handover'), 1);
  assert.equal(count('handover_line'), kills.length);

  const clerk = people.coquan;
  await clerk.goto(recorded.url());
  const confirm = new URLSearchParams([['csrf', await clerk.locator('input[name=csrf]').first().inputValue()]]).toString();
  const path = `${new URL(recorded.url()).pathname}/xac-nhan`;
  for (const answers of [0, 3, 20]) await killedWhile(clerk, path, form(confirm), answers);
  const confirmed = await clerk.context().request.post(`${portal.url}${path}`, form(confirm));
  assert.equal(confirmed.status(), 200);
  assert.equal(count("ca_certificate WHERE order_id LIKE 'line:%' AND state = 'in_force'"), kills.length);
  assert.equal(count("audit_entry WHERE act = 'handover.confirmed'"), 1);
  checkRecord();
});

test('the outbox goes on and the trail is whole', async () => {
  const papers = "paper WHERE kind IN ('handover-record', 'mau-07') AND made_at IS NOT NULL";
  // What a killed process had claimed comes back two minutes later (jobs/runner.hpp).
  const limit = Date.now() + 150_000;
  while (count(papers) < 2) {
    assert.ok(Date.now() < limit, 'the papers are not made');
    await afterAnswers(50);
  }
  assert.equal(count("paper WHERE kind IN ('handover-record', 'mau-07')"), 2);
  assert.equal(count('(SELECT notice_id FROM mail WHERE notice_id IS NOT NULL GROUP BY notice_id HAVING COUNT(*) > 1)'), 0);
  run(['audit', 'verify', '--data', portal.data], { env: portal.environment });
});
