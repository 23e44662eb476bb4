// Anyone: the pages that need no account, with and without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { judge, look, startAntin, startBrowser, startPerson } from './kit.mjs';

let portal, browser;
before(async () => {
  portal = await startAntin();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await portal?.stop();
});

const pages = {
  'public-home': '/', 'public-lookup': '/tra-cuu', 'public-help': '/tro-giup',
  'public-help-dossier': '/tro-giup/lap-ho-so', 'public-forms': '/tro-giup/mau-bieu',
  'public-repository': '/kho-chung-thu', 'public-status': '/tinh-trang', 'public-sign-in': '/dang-nhap',
  'public-activate': '/kich-hoat', 'public-register': '/dang-ky', 'public-not-found': '/khong-co-trang-nay',
};
for (const [name, path] of Object.entries(pages)) {
  test(`${path} reads well on a desk and on a phone`, async () => {
    const page = await startPerson(browser);
    await page.goto(portal.url + path);
    assert.equal(await page.locator('html').getAttribute('lang'), 'vi');
    assert.equal(await page.locator('h1').count(), 1);
    await look(page, name);
    await page.context().close();
  });
}

test('every guidance page reads well, in both languages', async () => {
  const page = await startPerson(browser);
  for (const language of ['vi', 'en']) {
    await page.goto(`${portal.url}/ngon-ngu/${language}?ve=/tro-giup`);
    const topics = await page.locator('main a[href^="/tro-giup/"]')
      .evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href')))]);
    assert.ok(topics.length >= 17, `topics: ${topics}`);
    for (const topic of topics) {
      await page.goto(portal.url + topic);
      assert.equal(await page.locator('h1').count(), 1, topic);
      const name = `public-help-${language}-${topic.split('/').pop()}`;
      if (/moi-co-quan|dau-moi|thong-bao/.test(topic)) await look(page, name);
      else await judge(page, name);
    }
  }
  await page.context().close();
});

test('an English browser still gets the first page in Vietnamese, and may choose English', async () => {
  const page = await startPerson(browser, { locale: 'en-GB' });
  await page.goto(portal.url + '/');
  assert.equal(await page.locator('html').getAttribute('lang'), 'vi');
  await page.getByRole('link', { name: 'English' }).click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.context().close();
});

test('a wrong code is answered on the page, with what was typed, without JavaScript', async () => {
  const page = await startPerson(browser, { javaScriptEnabled: false });
  await page.goto(portal.url + '/tra-cuu');
  await page.getByLabel('Mã hồ sơ').fill('G11.07-261123-9999');
  await page.getByLabel('Mã kiểm tra').fill('AAAA-AAAA');
  await page.getByRole('button', { name: 'Tra cứu' }).click();
  assert.match(await page.locator('.govuk-error-summary').innerText(), /Không tìm thấy hồ sơ/);
  assert.equal(await page.getByLabel('Mã hồ sơ').inputValue(), 'G11.07-261123-9999');
  await page.context().close();
});

test('the certificate of each authority and its list can be downloaded', async () => {
  const page = await startPerson(browser);
  await page.goto(portal.url + '/kho-chung-thu');
  const links = await page.locator('main a[href^="http:"]').evaluateAll((all) => all.map((a) => a.href));
  assert.ok(links.length >= 6, `root, State and Party: ${links}`);
  for (const link of links) {
    const answer = await fetch(link);
    assert.equal(answer.status, 200, link);
    assert.ok((await answer.arrayBuffer()).byteLength > 300, link);
  }
  await page.context().close();
});
