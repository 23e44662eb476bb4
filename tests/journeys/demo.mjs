// The main job from an agency's first sign-in to a certificate in force, played by
// `antin demo issuance` through the real pages, and judged by openssl and by anybody's look-up.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { look, run, startAntin, startBrowser, startPerson } from './kit.mjs';

let portal, browser;
before(async () => {
  portal = await startAntin();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await portal?.stop();
});

function play(name) {
  const out = join(portal.folder, name);
  run(['demo', 'issuance', '--data', portal.data, '--out', out, '--port', String(portal.port),
       '--http-port', String(portal.httpPort)], { env: portal.environment });
  return { out, told: JSON.parse(readFileSync(join(out, 'dossier.json'), 'utf8')) };
}

function openssl(...words) {
  const done = spawnSync('openssl', words, { encoding: 'utf8' });
  return done.stdout + done.stderr;
}

test('the demo leads to a certificate in force that openssl accepts', async () => {
  const { out, told } = play('first');
  assert.match(told.code, /^[A-Z0-9.]+-\d{6}-\d{4,5}$/);
  assert.equal(told.status, 10);
  assert.match(told.due, /\+07:00$/);
  assert.deepEqual(told.rows.map((row) => row.state), ['in_force']);
  const chain = readFileSync(join(out, 'chain.pem'), 'utf8')
    .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g);
  assert.equal(chain.length, 2);
  const [issuer, root] = ['issuer.pem', 'root.pem'].map((name) => join(out, name));
  writeFileSync(issuer, chain[0]);
  writeFileSync(root, chain[1]);
  const leaf = join(out, 'certificate.pem');
  assert.match(openssl('verify', '-CAfile', root, '-untrusted', issuer, leaf), /: OK/);
  assert.match(openssl('x509', '-in', leaf, '-noout', '-serial'), new RegExp(told.rows[0].serial));
  assert.match(openssl('ocsp', '-issuer', issuer, '-cert', leaf, '-url', `${portal.status}/ocsp`,
                       '-CAfile', root), /: good/);
  assert.ok(readFileSync(join(out, 'receipt.pdf')).subarray(0, 4).equals(Buffer.from('%PDF')));

  const page = await startPerson(browser);
  await page.goto(`${portal.url}/tra-cuu?ma=${told.code}&kt=${told.check}`);
  const words = await page.locator('main').innerText();
  assert.match(words, /Đã trả kết quả/);
  for (const person of ['Lò Thị', 'Giàng A', 'Lý Thị', 'Trần', 'Hoàng', 'Vũ']) {
    assert.ok(!words.includes(person), `the public page names ${person}`);
  }
  await look(page, 'lookup-dossier');
  await page.context().close();
});

test('played again it makes a new dossier with its own certificate', () => {
  const one = play('second').told;
  const two = play('third').told;
  assert.notEqual(one.code, two.code);
  assert.notEqual(one.rows[0].serial, two.rows[0].serial);
});
