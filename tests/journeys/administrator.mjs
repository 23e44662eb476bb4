// The system administrator and the auditor: people found without diacritics, settings, rules, the
// calendar, the delivery log, what the background gave up, the marks of forms, the journal.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { again, inEnglish, look, signIn, startAntin, startBrowser, startPerson } from './kit.mjs';

let portal, browser, administrator, auditor;
before(async () => {
  portal = await startAntin();
  browser = await startBrowser();
  administrator = portal.accounts.quantri;
  auditor = portal.accounts.kiemtoan;
  for (const person of [administrator, auditor]) {
    const page = await signIn(await startPerson(browser), portal, person);
    await page.context().close();
  }
});
after(async () => {
  await browser?.close();
  await portal?.stop();
});

const main = (page) => page.locator('main').innerText();

test('a person is added, found without diacritics, given a role and taken out again', async () => {
  const page = await again(browser, administrator);
  await page.goto(`${portal.url}/quan-tri/nguoi/moi`);
  await page.getByLabel('Họ và tên').fill('Đặng Thị Ước');
  await page.getByLabel('Thư điện tử công vụ').fill('uoc.dang@coquan.gov.vn');
  await page.getByLabel('Cán bộ thẩm định').check();
  await page.getByRole('button', { name: 'Thêm và gửi thư' }).click();
  await page.goto(`${portal.url}/quan-tri/nguoi`);
  await look(page, 'admin-people');
  await page.getByLabel('Tìm theo tên hoặc thư điện tử').fill('dang uoc');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await page.getByRole('link', { name: 'Đặng Thị Ước' }).click();
  await page.getByLabel('Vai trò').selectOption('approver');
  await page.getByRole('button', { name: 'Giao vai trò' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã giao vai trò/);
  await look(page, 'admin-person');
  const row = page.locator('tr', { hasText: 'Lãnh đạo phê duyệt' });
  await row.getByText('Kết thúc vai trò…').click();
  await row.getByRole('button', { name: /Kết thúc vai trò/ }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã kết thúc vai trò/);
  await page.goto(`${portal.url}/quan-tri/nguoi?tim=khong+co+nguoi+nay`);
  assert.match(await main(page), /Không có ai khớp/);
  await look(page, 'admin-people-none');
  await page.context().close();
});

test('a wrong setting stays with its sentence; a right one stands on every page at once', async () => {
  const page = await again(browser, administrator, { javaScriptEnabled: false });
  await page.goto(`${portal.url}/quan-tri/cai-dat`);
  await page.locator('[name=upload_max_mb]').fill('rất nhiều');
  await page.getByRole('button', { name: 'Lưu cài đặt' }).click();
  assert.match(await page.title(), /^Cần sửa 1 chỗ/);
  assert.equal(await page.locator('[name=upload_max_mb]').inputValue(), 'rất nhiều');
  await page.locator('[name=upload_max_mb]').fill('25');
  await page.locator('[name=contact_line]').fill('Gọi 0213 000 1111, giờ hành chính.');
  await page.getByRole('button', { name: 'Lưu cài đặt' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã lưu cài đặt/);
  assert.match(await page.locator('footer').innerText(), /0213 000 1111/);
  await page.context().close();
  const seen = await again(browser, administrator);
  await seen.goto(`${portal.url}/quan-tri/cai-dat`);
  await look(seen, 'admin-settings');
  await seen.locator('[name=upload_max_mb]').fill('-1');
  await seen.getByRole('button', { name: 'Lưu cài đặt' }).click();
  await look(seen, 'admin-settings-wrong');
  await seen.getByRole('link', { name: /^Dung lượng tệp đính kèm tối đa/ }).click();
  assert.ok(await seen.locator('[name=upload_max_mb]').evaluate((field) => field === document.activeElement));
  await seen.context().close();
});

test('a rule gets a new value from a day on, and the old one stays', async () => {
  const page = await again(browser, administrator);
  await page.goto(`${portal.url}/quan-tri/quy-tac`);
  assert.match(await main(page), /Chưa đối chiếu/, 'how sure each rule is stands beside it');
  await look(page, 'admin-rules');
  await page.getByRole('link', { name: 'Thời hạn cấp mới' }).click();
  await look(page, 'admin-rule');
  await page.locator('[name=value]').fill('5');
  await page.locator('[name=effective_from]').fill('2099-01-01');
  await page.getByRole('button', { name: 'Lưu giá trị mới' }).click();
  assert.match(await main(page), /Chưa đến ngày/);
  await page.context().close();
});

test('a make-up day enters the provisional calendar, and the year is confirmed', async () => {
  const page = await again(browser, administrator);
  await page.goto(`${portal.url}/quan-tri/lich`);
  assert.match(await main(page), /2027[\s\S]*Lịch tạm/);
  await look(page, 'admin-calendar');
  await page.getByRole('link', { name: '2027' }).click();
  await look(page, 'admin-calendar-year');
  await page.locator('#day').fill('2027-05-08');
  await page.locator('[name=kind]').selectOption('make_up');
  await page.locator('[name=note]').fill('Làm bù');
  await page.locator('[name=source]').fill('Thông báo thử');
  await page.getByRole('button', { name: 'Lưu ngày này' }).click();
  assert.match(await main(page), /08\/05\/2027/);
  await page.getByRole('button', { name: /Xác nhận/ }).click();
  assert.ok(!(await main(page)).includes('Lịch tạm'));
  await page.context().close();
});

test('the delivery log is read and a mail sent again; nothing was given up', async () => {
  const page = await again(browser, administrator);
  await page.goto(`${portal.url}/quan-tri/thu`);
  await look(page, 'admin-mails');
  await page.locator('tbody a').first().click();
  await look(page, 'admin-mail');
  await page.getByRole('button', { name: 'Gửi lại' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /gửi lại ngay/);
  await page.goto(`${portal.url}/quan-tri/viec-nen`);
  assert.match(await main(page), /Không có việc nào bị dừng/);
  await look(page, 'admin-jobs');
  await page.context().close();
});

test('forms whose official text was not read say so to the administrator', async () => {
  const page = await again(browser, administrator);
  await page.goto(`${portal.url}/tro-giup/mau-bieu`);
  assert.match(await main(page), /mẫu dựng lại, chưa đối chiếu/i);
  await look(page, 'admin-forms');
  await page.context().close();
  const anybody = await startPerson(browser);
  await anybody.goto(`${portal.url}/tro-giup/mau-bieu`);
  assert.ok(!/chưa đối chiếu/.test(await main(anybody)));
  await anybody.context().close();
});

test('the auditor reads the journal and changes nothing', async () => {
  const page = await again(browser, auditor);
  await page.goto(`${portal.url}/quan-tri/nhat-ky`);
  assert.match(await main(page), /account\.signed_in/);
  await look(page, 'admin-journal');
  await page.locator('#viec').fill('setting.');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  assert.match(await main(page), /setting\.changed/);
  await page.locator('#viec').fill('khong.co');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await look(page, 'admin-journal-none');
  assert.equal((await page.goto(`${portal.url}/quan-tri/cai-dat`)).status(), 403);
  await look(page, 'error-forbidden');
  await page.context().close();
});

test('the administrator\'s and the auditor\'s pages in English read as well', async () => {
  const pages = ['nguoi', 'cai-dat', 'quy-tac', 'lich', 'thu', 'viec-nen'];
  await inEnglish(await again(browser, administrator), portal, pages.map((name) => `/quan-tri/${name}`));
  await inEnglish(await again(browser, auditor), portal, ['/quan-tri/nhat-ky']);
});
