// The province's coordinator: a list is read, looked at and taken over; agencies are invited at once
// and one by one, with letters; an agency registers itself and is sent back, then approved; the next
// head is invited. With and without script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPerson, again, inEnglish, look, signIn, startAntin, startBrowser, startPerson } from './kit.mjs';

let portal, browser, coordinator;
before(async () => {
  portal = await startAntin();
  browser = await startBrowser();
  coordinator = portal.accounts.daumoi;
  const page = await signIn(await startPerson(browser), portal, coordinator);
  assert.equal(new URL(page.url()).pathname, '/co-quan', 'signing in leads to the own work');
  await page.context().close();
});
after(async () => {
  await browser?.close();
  await portal?.stop();
});

const main = (page) => page.locator('main').innerText();
const isPdf = (bytes) => bytes.subarray(0, 4).equals(Buffer.from('%PDF'));

test('a list is looked at first, taken over by one button, and its agencies invited at once', async () => {
  const page = await again(browser, coordinator);
  await page.goto(`${portal.url}/co-quan`);
  assert.match(await main(page), /114 cơ quan/);
  await look(page, 'coordinator-list');
  await page.getByRole('link', { name: 'Nhập danh sách' }).first().click();
  await page.getByRole('button', { name: 'Đọc tệp' }).click();
  assert.match(await page.locator('.govuk-error-summary').innerText(), /chọn tệp XLSX hoặc CSV/);
  await look(page, 'coordinator-import');
  const list = 'DANH SÁCH CƠ QUAN CẤP TỈNH;;;\nTên cơ quan;Loại;Thư điện tử;Điện thoại\n' +
    'Ban Tuyên giáo Thử;Ban Đảng;bantuyengiao@laichau.gov.vn;0912000001\n' +
    'Sở Thử Nghiệm;Sở;sothu@laichau.gov.vn;\n' +
    'Đảng ủy Phường Đoàn Kết;Đảng ủy;dangu.doanket@laichau.gov.vn;0912000003\n' +
    'Hội Thử;Đoàn thể;hoithu@gmail.com;\n';
  await page.locator('#file').setInputFiles({ name: 'co-quan.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
  await page.getByRole('button', { name: 'Đọc tệp' }).click();
  assert.match(await main(page), /chưa có gì thay đổi\. Thêm 2, cập nhật 1, cần sửa 1/);
  assert.match(await page.locator('tr', { hasText: 'Hội Thử' }).innerText(), /phải do cơ quan nhà nước cấp/);
  await look(page, 'coordinator-import-looked');
  await page.getByRole('button', { name: 'Nhập 3 cơ quan' }).click();
  await look(page, 'coordinator-imported');
  await page.getByRole('button', { name: 'Mời 3 cơ quan chưa mời' }).click();
  assert.match(await main(page), /Đã mời 3 cơ quan/);
  const letters = await page.request.get(portal.url +
    await page.getByRole('link', { name: 'In thư mời (PDF)' }).getAttribute('href'));
  assert.ok(isPdf(await letters.body()), 'one letter a page, with its QR code');
  await look(page, 'coordinator-invited');
  await page.getByRole('link', { name: 'Danh sách cơ quan' }).click();
  await page.goto(`${portal.url}/co-quan?trang-thai=da-moi`);
  assert.match(await main(page), /Đã mời\s+3/);
  const letters2 = page.getByRole('link', { name: 'In thư của 3 lời mời chưa dùng' });
  assert.ok(isPdf(await (await page.request.get(portal.url + await letters2.getAttribute('href'))).body()));
  await look(page, 'coordinator-list-invited');
  await page.goto(`${portal.url}/co-quan?tim=doan+ket`);
  assert.match(await main(page), /Đảng ủy phường Đoàn Kết/);
  await page.locator('tbody a').first().click();
  await look(page, 'coordinator-agency');
  await page.goto(`${portal.url}/co-quan?tim=khong-co-xa-nay`);
  assert.match(await main(page), /Không có cơ quan nào khớp/);
  await look(page, 'coordinator-none');
  await page.context().close();
});

test('one agency is invited without script, its letter printed, and the invitation taken back', async () => {
  const page = await again(browser, coordinator, { javaScriptEnabled: false });
  await page.goto(`${portal.url}/co-quan?tim=H35.03390.UBND`);
  await page.locator('tbody a').first().click();
  await page.getByLabel('Thư điện tử công vụ của người được mời').fill('nguoi@gmail.com');
  await page.getByRole('button', { name: 'Gửi lời mời' }).click();
  assert.match(await page.locator('.govuk-error-summary').innerText(), /gmail\.com là dịch vụ thư cá nhân/);
  assert.equal(await page.getByLabel('Thư điện tử công vụ của người được mời').inputValue(), 'nguoi@gmail.com');
  await page.getByLabel('Thư điện tử công vụ của người được mời').fill('vanthu.binhlu@laichau.gov.vn');
  await page.getByRole('button', { name: 'Gửi lời mời' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã gửi lời mời tới vanthu\.binhlu@laichau\.gov\.vn/);
  const letter = await page.request.get(portal.url +
    await page.getByRole('link', { name: /In thư mời/ }).getAttribute('href'));
  assert.ok(isPdf(await letter.body()));
  await page.getByText('Thu lại lời mời…').click();
  await page.getByRole('button', { name: 'Thu lại lời mời' }).click();
  assert.match(await main(page), /Đã thu lại/);
  await page.context().close();
});

test('an agency registers itself, is sent back with reasons, mends it and is approved as the one on the list', async () => {
  const agency = await startPerson(browser);
  await agency.goto(`${portal.url}/dang-ky`);
  const fill = async () => {
    for (const [name, value] of Object.entries({
      name: 'Đảng uỷ xã Bình Lư', address: 'Trung tâm xã, tỉnh Lai Châu', email: 'dangu.binhlu@laichau.gov.vn',
      contact_name: 'Vàng Thị Thử' })) await agency.locator(`[name="${name}"]`).fill(value);
    for (const [name, value] of Object.entries({
      kind: 'party_committee', branch: 'party', level: 'commune', contact_role: 'both' })) {
      const field = agency.locator(`select[name="${name}"]`);
      if (await field.count()) await field.selectOption(value);
      else await agency.locator(`[name="${name}"][value="${value}"]`).check();
    }
  };
  await fill();
  await agency.locator('input[type=file]').setInputFiles({ name: 'de-nghi.pdf', mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4\n%%EOF\n') });
  await agency.getByRole('button', { name: 'Gửi đăng ký' }).click();
  const follow = agency.url();
  assert.match(follow, /theo-doi/);
  await look(agency, 'register-sent');

  const page = await again(browser, coordinator);
  await page.goto(`${portal.url}/dang-ky/cho-duyet`);
  await look(page, 'coordinator-registrations');
  await page.getByRole('link', { name: 'Đảng uỷ xã Bình Lư' }).click();
  assert.match(await main(page), /Đây là cơ quan nào\?[\s\S]*Đảng ủy xã Bình Lư/);
  await look(page, 'coordinator-registration');
  await page.getByRole('button', { name: /Trả lại/ }).click();
  assert.match(await page.locator('.govuk-error-summary').innerText(), /lý do trả lại/);
  await page.locator('#reasons').fill('Bản quét chưa có dấu của Đảng ủy.');
  await page.getByRole('button', { name: /Trả lại/ }).click();
  assert.match(await page.locator('.at-flash').innerText(), /trả lại/i);

  await agency.goto(follow);
  assert.match(await main(agency), /Bản quét chưa có dấu của Đảng ủy/);
  await look(agency, 'register-returned');
  await agency.locator('input[type=file]').setInputFiles({ name: 'de-nghi-2.pdf', mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4\n%%EOF\n') });
  await agency.getByRole('button', { name: 'Gửi đăng ký' }).click();

  await page.goto(`${portal.url}/dang-ky/cho-duyet`);
  await page.getByRole('link', { name: 'Đảng uỷ xã Bình Lư' }).click();
  await page.getByRole('button', { name: 'Duyệt và gửi mã kích hoạt' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Mã kích hoạt đã gửi/);
  await page.goto(`${portal.url}/co-quan?tim=dang+uy+xa+binh+lu`);
  assert.equal(await page.locator('tbody tr').count(), 1, 'the body is on the list once');
  assert.match(await main(page), /Đã duyệt/);
  await agency.context().close();
  await page.context().close();
});

test('when the head leaves, the page says so and the next is invited', async () => {
  const agency = 'H35.03424.UBND';
  addPerson(portal, { email: 'vanthu.banbo@laichau.gov.vn', name: 'Lò Thị Văn', roles: ['focal_point'], agency });
  addPerson(portal, { email: 'chutich.banbo@laichau.gov.vn', name: 'Tao Văn Trưởng', roles: ['head'], agency });
  const page = await again(browser, coordinator);
  await page.goto(`${portal.url}/co-quan?tim=${agency}`);
  await page.locator('tbody a').first().click();
  const head = page.locator('tr', { hasText: 'Tao Văn Trưởng' });
  await head.getByText('Kết thúc vai trò…').click();
  await look(page, 'coordinator-end-role');
  await head.getByRole('button', { name: /Kết thúc vai trò/ }).click();
  assert.match(await main(page), /chưa có lãnh đạo ký/);
  await page.getByRole('link', { name: 'Mời lãnh đạo ký' }).click();
  assert.ok(await page.getByLabel('Lãnh đạo ký', { exact: true }).isChecked(), 'the role that is missing');
  await look(page, 'coordinator-no-head');
  await page.getByLabel('Thư điện tử công vụ của người được mời').fill('chutich2.banbo@laichau.gov.vn');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  assert.match(await page.getByRole('status').innerText(), /chutich2\.banbo/);
  await page.context().close();
});

test('another province\'s agency and the officers\' pages do not exist for the coordinator', async () => {
  const page = await again(browser, coordinator);
  assert.equal((await page.goto(`${portal.url}/co-quan/999999`)).status(), 404);
  assert.equal((await page.goto(`${portal.url}/quan-tri/cai-dat`)).status(), 403);
  assert.equal((await page.goto(`${portal.url}/xu-ly/1`)).status(), 404);
  await page.context().close();
});

test('the coordinator\'s pages in English read as well', async () => {
  await inEnglish(await again(browser, coordinator), portal,
                  ['/co-quan', '/co-quan/nhap', '/dang-ky/cho-duyet', '/thong-bao', '/tai-khoan']);
});
