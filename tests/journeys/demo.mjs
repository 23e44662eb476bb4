// The main job from an agency's first sign-in to a certificate in force, played by
// `antin demo issuance` through the real pages, and judged by openssl and by anybody's look-up.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { approvedDossier, startOffice } from './kit_bench.mjs';
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
  // What scripts rely on: these keys and no others, the leaf alone, the issuing CA before the root.
  assert.deepEqual(Object.keys(told).sort(), ['check', 'code', 'due', 'rows', 'status']);
  assert.deepEqual(Object.keys(told.rows[0]).sort(), ['serial', 'state']);
  const only = readFileSync(leaf, 'utf8');
  assert.match(only, /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/);
  assert.equal(chain.join(''), readFileSync(join(out, 'chain.pem'), 'utf8'), 'PEM blocks alone');
  assert.match(openssl('x509', '-in', issuer, '-noout', '-text'), /CA:TRUE/);
  assert.match(openssl('verify', '-CAfile', root, root), /: OK/);
  assert.match(openssl('x509', '-in', leaf, '-noout', '-text'), /CA:FALSE/);

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

test('the receipt is a paper that can be read, printed and scanned', () => {
  const { out, told } = play('receipt');
  const receipt = join(out, 'receipt.pdf');
  const say = (program, ...words) => {
    const done = spawnSync(program, words, { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    return done.stdout;
  };
  const text = say('pdftotext', '-layout', receipt, '-').normalize('NFC');
  for (const part of ['GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ', told.code, told.check,
                      'Ủy ban nhân dân xã Thử Nghiệm', '17 giờ 00 phút']) {
    assert.ok(text.includes(part), `${part} is missing:\n${text}`);
  }
  assert.ok(!text.includes('\ufffd'));
  const fonts = say('pdffonts', receipt).split('\n').slice(2).filter(Boolean);
  assert.ok(fonts.length > 0);
  for (const font of fonts) assert.match(font, /^[A-Z]{6}\+Tinos\S*\s.*\syes\s+yes\s+yes\s/, font);
  say('pdftoppm', '-r', '150', '-png', '-singlefile', receipt, join(out, 'receipt'));
  const scanned = say('zbarimg', '-q', '--raw', join(out, 'receipt.png')).trim();
  assert.equal(scanned, `${portal.url}/tra-cuu?ma=${told.code}&kt=${told.check}`);
});

test('played again it makes a new dossier with its own certificate', () => {
  const one = play('second').told;
  const two = play('third').told;
  assert.notEqual(one.code, two.code);
  assert.notEqual(one.rows[0].serial, two.rows[0].serial);
});

test('where nobody serves it says so and leaves nothing', () => {
  const out = join(portal.folder, 'nobody');
  const done = run(['demo', 'issuance', '--data', portal.data, '--out', out, '--port', '1',
                    '--http-port', String(portal.httpPort)], { env: portal.environment, expect: 3 });
  assert.ok(done.stderr.trim().split('\n').length === 1, done.stderr);
  assert.equal(existsSync(join(out, 'dossier.json')), false);
});

test('beside real dossiers it plays only when told to', async () => {
  const people = await startOffice(portal, browser);
  await approvedDossier(portal, people, { rows: ['Người Thật'] });
  const words = ['demo', 'issuance', '--data', portal.data, '--out', join(portal.folder, 'real'),
                 '--port', String(portal.port), '--http-port', String(portal.httpPort)];
  const refused = run(words, { env: portal.environment, expect: 1 });
  assert.match(refused.stderr, /--allow-real/);
  run([...words, '--allow-real'], { env: portal.environment });
});
