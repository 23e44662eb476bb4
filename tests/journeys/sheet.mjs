// The row sheet under what happens to it in offices: the session ends in the middle, the network
// goes, files come from all kinds of spreadsheets, a thousand rows, the keyboard alone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addPerson, again, judge, look, mailedCode, newDraft, password, signIn, startAntin, startBrowser, startPerson }
  from './kit.mjs';
import { pastePeople, person, signInByMail } from './kit_people.mjs';

let portal, browser, clerk, head, folder;
before(async () => {
  portal = await startAntin();
  browser = await startBrowser();
  folder = mkdtempSync(join(tmpdir(), 'antin-sheets-'));
  clerk = addPerson(portal, { email: 'vanthu.bang@laichau.gov.vn', name: 'Lò Thị Bảng',
    position: 'Văn thư', agency: 'H35.03388.DU', roles: ['focal_point'] });
  await (await signIn(await startPerson(browser), portal, clerk)).context().close();
  head = addPerson(portal, { email: 'bithu.bang@laichau.gov.vn', name: 'Vàng A Bảng',
    position: 'Bí thư', agency: 'H35.03388.DU', roles: ['head'] });
});
after(async () => {
  await browser?.close();
  await portal?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const heads = ['STT', 'Họ và tên', 'Ngày sinh', 'Số định danh cá nhân', 'Ngày cấp', 'Nơi cấp',
               'Thư điện tử công vụ', 'Tên cơ quan công tác', 'Tỉnh/Thành phố', 'Chức vụ',
               'Số điện thoại di động', 'Số hiệu chứng thư cũ', 'SIM PKI'];
/** An XLSX as spreadsheets write it: inline strings, dates of column C as serial numbers. */
function makeXlsx(name, rows) {
  const path = join(folder, name);
  const script = `
import json, sys, zipfile
from xml.sax.saxutils import escape
rows = json.load(sys.stdin)
def cell(value, r, c):
    place = chr(65 + c) + str(r)
    if isinstance(value, (int, float)):
        return '<c r="%s" s="1"><v>%s</v></c>' % (place, value)
    return '<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (place, escape(value))
body = ''.join('<row r="%d">%s</row>' % (r, ''.join(cell(v, r, c) for c, v in enumerate(row)))
               for r, row in enumerate(rows, 1))
parts = {
 '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
 '_rels/.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
 'xl/workbook.xml': '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
 'xl/_rels/workbook.xml.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
 'xl/styles.xml': '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
 'xl/worksheets/sheet1.xml': '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>' % body,
}
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as out:
    for part, text in parts.items():
        out.writestr(part, '<?xml version="1.0" encoding="UTF-8"?>' + text)
`;
  const made = spawnSync('python3', ['-c', script, path], { input: JSON.stringify(rows), encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  return path;
}

const savedAnswer = (page) => page.waitForResponse((r) =>
  r.url().endsWith('/danh-sach') && r.request().method() === 'POST');
const endSession = (page) => page.context().clearCookies({ name: '__Host-antin' });
const bannerSays = (page, words) => page.locator('#ban-nhap-loi', { hasText: words }).waitFor();

test('the session ends in the middle of the sheet: sign in in place, nothing is lost', async () => {
  const page = await signIn(await startPerson(browser), portal, clerk);
  const base = await newDraft(page, portal);
  await pastePeople(page, base, [person(1), person(2)]);
  await endSession(page);
  await page.getByLabel('Dòng 1, chức vụ').fill('Kế toán trưởng');
  await page.getByLabel('Dòng 2, họ và tên').fill('Người Bảng Đổi Tên');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await bannerSays(page, 'Chưa lưu vì phiên làm việc đã hết');
  assert.equal(await dialog.getByLabel('Thư điện tử công vụ').inputValue(), clerk.email);
  await look(page, 'agency-sheet-signed-out');
  await dialog.getByLabel('Mật khẩu').fill('sai mật khẩu');
  await dialog.getByRole('button', { name: 'Đăng nhập' }).click();
  await dialog.getByText('chưa đúng').waitFor();
  await dialog.getByLabel('Mật khẩu').fill(password);
  // A save of its own may still be on its way, refused: the one that counts comes after signing in.
  const saved = page.waitForResponse((r) => r.url().endsWith('/danh-sach') &&
    r.request().method() === 'POST' && r.status() === 200);
  await dialog.getByRole('button', { name: 'Đăng nhập' }).click();
  await saved;
  await dialog.waitFor({ state: 'hidden' });
  await bannerSays(page, 'Lưu lúc');
  await page.reload();
  assert.equal(await page.getByLabel('Dòng 1, chức vụ').inputValue(), 'Kế toán trưởng');
  assert.equal(await page.getByLabel('Dòng 2, họ và tên').inputValue(), 'Người Bảng Đổi Tên');
  await page.context().close();
});

test('a button that was pressed when the session had ended is carried out after signing in', async () => {
  const page = await signIn(await startPerson(browser), portal, clerk);
  const base = await newDraft(page, portal);
  await page.goto(`${base}/danh-sach`);
  await endSession(page);
  await page.getByLabel('Dòng mới, họ và tên').first().fill('Người Bấm Nút');
  await page.getByRole('button', { name: 'Kiểm tra và sang bước 3' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Mật khẩu').fill(password);
  await dialog.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.waitForURL(/xem-lai$/);
  await page.goto(`${base}/danh-sach`);
  assert.equal(await page.getByLabel('Dòng 1, họ và tên').inputValue(), 'Người Bấm Nút');
  await page.context().close();
});

test('who signed in again on another page of the browser saves on without being asked', async () => {
  const page = await signIn(await startPerson(browser), portal, clerk);
  const base = await newDraft(page, portal);
  await page.goto(`${base}/danh-sach`);
  await endSession(page);
  const other = await page.context().newPage();
  await signIn(other, portal, clerk);
  await other.close();
  const refused = savedAnswer(page);
  await page.getByLabel('Dòng mới, họ và tên').first().fill('Người Trang Khác');
  await page.keyboard.press('Tab');
  assert.equal((await refused).status(), 403);  // the page's token is of the session before
  await page.locator('.at-sheet__stt a', { hasText: '1' }).waitFor();
  await bannerSays(page, 'Lưu lúc');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.context().close();
});

test('a head signs in in place with the code of the mail', async () => {
  const page = await startPerson(browser);
  await signInByMail(page, portal, head);
  const base = await newDraft(page, portal);
  await page.goto(`${base}/danh-sach`);
  await endSession(page);
  await page.getByLabel('Dòng mới, họ và tên').first().fill('Người Lãnh Đạo');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Mật khẩu').fill(password);
  await dialog.getByRole('button', { name: 'Đăng nhập' }).click();
  await dialog.getByRole('button', { name: 'Gửi mã vào thư công vụ' }).click();
  await dialog.getByText('Đã gửi mã vào thư công vụ').waitFor();
  await dialog.getByLabel('Mã 6 số').fill(mailedCode(portal, head.email));
  await look(page, 'agency-sheet-mail-code');
  await dialog.getByRole('button', { name: 'Đăng nhập' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await bannerSays(page, 'Lưu lúc');
  await page.context().close();
});

test('without network the page stays, says so, and saves when the network is back', async () => {
  const page = await again(browser, clerk);
  const base = await newDraft(page, portal);
  await page.goto(`${base}/danh-sach`);
  await page.context().setOffline(true);
  await page.getByLabel('Dòng mới, họ và tên').first().fill('Người Mất Mạng');
  await page.keyboard.press('Tab');
  await bannerSays(page, 'Mất mạng, chưa lưu');
  await page.getByRole('button', { name: 'Kiểm tra và sang bước 3' }).click();
  await bannerSays(page, 'Mất mạng, chưa lưu');
  assert.match(page.url(), /danh-sach$/);
  await page.context().setOffline(false);
  await page.locator('.at-sheet__stt a', { hasText: '1' }).waitFor();
  page.faults.length = 0;  // the browser itself reports the requests that could not leave
  await page.goto(`${base}/danh-sach`);
  assert.equal(await page.getByLabel('Dòng 1, họ và tên').inputValue(), 'Người Mất Mạng');
  await page.context().close();
});

test('XLSX with a title, dates as serials and a lost zero; CSV with semicolons', async () => {
  const page = await again(browser, clerk);
  const base = await newDraft(page, portal);
  await page.goto(`${base}/nhap-tep`);
  await look(page, 'agency-import');
  assert.match(await page.locator('#tep-goi-y').innerText(), /10 MB và 1\.000 dòng/);
  const first = person(1);
  first[1] = 28987;  // 12/05/1979 as a spreadsheet's day
  first[2] = '12079010001';
  const file = makeXlsx('danh-sach.xlsx', [['DANH SÁCH ĐỀ NGHỊ'], [], heads,
    ['1', ...first], ['2', ...person(2)], ['3', ...person(3, 'ba@gmail.com')]]);
  await page.getByLabel('Tệp danh sách').setInputFiles(file);
  await page.getByRole('button', { name: 'Nhập tệp' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã thêm 3 dòng, 2 dòng cần sửa/);
  assert.equal(await page.getByLabel('Dòng 1, ngày sinh').inputValue(), '12/05/1979');
  assert.match(await page.locator('main').innerText(), /Bảng tính hay làm mất số 0 đứng đầu/);
  await look(page, 'agency-sheet-imported');

  const csv = join(folder, 'danh-sach.csv');
  const columns = [6, 1, 3, 2, 9, 10, 4];  // another order, and the shared ones left out
  writeFileSync(csv, `\ufeff${[heads, ['', ...person(4)]].map((line) =>
    columns.map((c) => line[c]).join(';')).join('\r\n')}\r\n`);
  await page.goto(`${base}/nhap-tep`);
  await page.getByLabel('Tệp danh sách').setInputFiles(csv);
  await page.getByRole('button', { name: 'Nhập tệp' }).click();
  assert.match(await page.locator('main').innerText(), /Thiếu cột|Đã thêm 1 dòng/);
  await look(page, 'agency-import-csv');

  const wrong = join(folder, 'ban-chup.xlsx');
  writeFileSync(wrong, '%PDF-1.4\n%%EOF\n');
  await page.goto(`${base}/nhap-tep`);
  await page.getByLabel('Tệp danh sách').setInputFiles(wrong);
  await page.getByRole('button', { name: 'Nhập tệp' }).click();
  assert.equal(await page.locator('.govuk-error-summary li').count(), 1);
  await look(page, 'agency-import-wrong');
  await page.context().close();
});

test('a block with its headings is pasted into the grid and read in any order', async () => {
  const page = await again(browser, clerk);
  const base = await newDraft(page, portal);
  await page.goto(`${base}/danh-sach`);
  const text = ['Thư điện tử công vụ\tHọ và tên\tChức vụ', 'mot@laichau.gov.vn\tNgười Dán Một\tKế toán'];
  const pasteInto = (words) => page.getByLabel('Dòng mới, họ và tên').first().evaluate((cell, value) => {
    const clipboard = new DataTransfer();
    clipboard.setData('text/plain', value);
    cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }));
  }, words);
  await Promise.all([page.waitForURL(/danh-sach\?trang=1/), pasteInto(text.join('\n'))]);
  assert.equal(await page.getByLabel('Dòng 1, họ và tên').inputValue(), 'Người Dán Một');
  assert.equal(await page.getByLabel('Dòng 1, thư điện tử công vụ').inputValue(), 'mot@laichau.gov.vn');
  // Without headings the cells fall where the cursor stands, and the rows beyond are made.
  const saved = savedAnswer(page);
  await pasteInto('Người Dán Hai\t01/02/1980\nNgười Dán Ba\t03/04/1981\nNgười Dán Bốn\t05/06/1982');
  assert.equal((await saved).status(), 200);
  await page.getByLabel('Dòng 4, ngày sinh').waitFor();
  assert.equal(await page.getByLabel('Dòng mới, họ và tên').count(), 1, 'and an empty one behind');
  await page.reload();
  assert.equal(await page.getByLabel('Dòng 4, ngày sinh').inputValue(), '05/06/1982');
  await page.context().close();
});

test('the summary on top follows what is mended, without a new page', async () => {
  const page = await again(browser, clerk);
  const base = await newDraft(page, portal);
  await pastePeople(page, base, [person(1, 'a@gmail.com'), person(2, 'b@gmail.com')]);
  assert.match(await page.title(), /^Cần sửa 2 chỗ/);
  await page.getByLabel('Dòng 1, thư điện tử công vụ').fill('a1@laichau.gov.vn');
  await page.keyboard.press('Tab');
  await page.locator('#tom-tat-loi', { hasText: 'Cần sửa 1 chỗ' }).waitFor();
  assert.match(await page.title(), /^Cần sửa 1 chỗ/);
  assert.equal(await page.locator('#chi-can-sua').innerText(), 'Chỉ hiện 1 dòng cần sửa');
  await page.getByLabel('Dòng 2, thư điện tử công vụ').fill('b1@laichau.gov.vn');
  await page.keyboard.press('Tab');
  await page.locator('#tom-tat-loi .govuk-error-summary').waitFor({ state: 'detached' });
  assert.match(await page.title(), /^Danh sách/);
  await judge(page, 'agency-sheet-mended');
  await page.context().close();
});

test('Mẫu 02, Mẫu 03 and central accounts have their own columns', async () => {
  const page = await again(browser, clerk);
  let base = await newDraft(page, portal, 'Cơ quan, tổ chức (Mẫu 02)');
  await page.goto(`${base}/danh-sach`);
  await page.getByLabel('Dòng mới, tên cơ quan công tác').first().fill('Đảng ủy xã Thử');
  await page.getByLabel('Dòng mới, mã quan hệ ngân sách').first().fill('123');
  await page.keyboard.press('Tab');
  await page.getByText('Mã quan hệ ngân sách có 7 chữ số').first().waitFor();
  await page.reload();
  assert.match(await page.locator('main').innerText(), /Mã quan hệ ngân sách có 7 chữ số/);
  await look(page, 'agency-sheet-02');
  await page.goto(`${base}/xem-lai`);
  assert.match(await page.locator('main').innerText(), /quyết định thành lập/i);
  await look(page, 'agency-review-02');
  base = await newDraft(page, portal, 'Thiết bị, dịch vụ, phần mềm (Mẫu 03)');
  await page.goto(`${base}/danh-sach`);
  await page.getByLabel('Dòng mới, mục đích sử dụng').first().fill('Xác thực máy chủ');
  await look(page, 'agency-sheet-03');
  base = await newDraft(page, portal, 'Cá nhân (Mẫu 01)', 'Ký số tập trung');
  await page.goto(`${base}/danh-sach`);
  assert.equal(await page.getByLabel('Dòng mới, SIM PKI').count(), 0);
  await page.context().close();
});

test('a thousand rows: pages of fifty, wrong rows together, every step quick', async () => {
  const page = await again(browser, clerk);
  const base = await newDraft(page, portal);
  await page.goto(`${base}/dan`);
  const rows = Array.from({ length: 1000 }, (_, i) => person(i, i % 100 === 99 ? `x${i}@gmail.com` : undefined));
  await page.getByLabel('Nội dung dán').evaluate((box, text) => { box.value = text; },
    rows.map((r) => r.join('\t')).join('\n'));
  const measure = async (name, work) => {
    const begin = performance.now();
    await work();
    const took = Math.round(performance.now() - begin);
    console.log(`# 1000 rows: ${name} ${took} ms`);
    return took;
  };
  await measure('pasting', () => page.getByRole('button', { name: 'Thêm vào danh sách' }).click());
  assert.match(await page.locator('.at-flash').innerText(), /Đã thêm 1000 dòng, 10 dòng cần sửa/);
  await measure('opening page 1', () => page.goto(`${base}/danh-sach?trang=1`));
  assert.equal(await page.locator('tr[data-row]').count(), 50);
  await measure('a cell saved', async () => {
    const saved = savedAnswer(page);
    await page.getByLabel('Dòng 7, chức vụ').fill('Phó Chánh Văn phòng');
    await page.keyboard.press('Tab');
    assert.equal((await saved).status(), 200);
  });
  await measure('only the wrong rows', () =>
    page.getByRole('link', { name: 'Chỉ hiện 10 dòng cần sửa' }).click());
  assert.equal(await page.locator('tr[data-row]').count(), 10);
  await look(page, 'agency-sheet-wrong-only');
  await measure('review', () => page.goto(`${base}/xem-lai`));
  await measure('the page to send', () => page.goto(`${base}/ky`));
  await measure('the last page', () => page.goto(`${base}/danh-sach?trang=20`));
  await look(page, 'agency-sheet-page-20');
  await page.context().close();
});

test('the keyboard alone: in the grid, out of it, and to the button', async () => {
  const page = await again(browser, clerk);
  const base = await newDraft(page, portal);
  await page.goto(`${base}/danh-sach`);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'govuk-skip-link');
  await page.getByLabel('Dòng mới, họ và tên').first().focus();
  await page.keyboard.type('Người Bàn Phím');
  await page.keyboard.press('Enter');  // down one row, and saved
  await page.keyboard.type('Người Bàn Phím Hai');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.evaluate(() => document.activeElement.value), 'Người Bàn Phím');
  const box = page.locator('.at-bar');
  for (let i = 0; i < 40; ++i) {
    await page.keyboard.press('Tab');
    const hidden = await page.evaluate(() => {
      const cell = document.activeElement.getBoundingClientRect();
      const bar = document.querySelector('.at-bar').getBoundingClientRect();
      const inside = document.activeElement.closest('.at-bar');
      return !inside && cell.height > 0 && cell.top >= bar.top && cell.bottom <= innerHeight;
    });
    assert.equal(hidden, false, `stop ${i} is hidden under the bar`);
  }
  assert.equal(await box.count(), 1);
  await page.context().close();
});
