// What only the agency's journeys need of people: the code in the official mail, and a new draft.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { password } from './kit.mjs';

/** Bodies of the mails to an address, oldest first, as they wait in the installation. */
export function mailsTo(portal, address) {
  const script = 'import json,sqlite3,sys\n' +
    "db = sqlite3.connect('file:%s?mode=ro' % sys.argv[1], uri=True)\n" +
    "rows = db.execute('SELECT body FROM mail WHERE recipient = ? ORDER BY id', (sys.argv[2],))\n" +
    'print(json.dumps([row[0] for row in rows]))\n';
  const read = spawnSync('python3', ['-c', script, join(portal.data, 'portal.db'), address],
                         { encoding: 'utf8' });
  assert.equal(read.status, 0, read.stderr);
  return JSON.parse(read.stdout);
}

/** The newest six-digit code that was mailed to somebody. */
export function mailedCode(portal, address) {
  const codes = mailsTo(portal, address).map((body) => body.match(/\b\d{6}\b/)?.[0]);
  return codes.filter(Boolean).at(-1);
}

/** A head without a phone: the password, then the code of the official mail. */
export async function signInByMail(page, portal, account) {
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
  if (!page.url().includes('/dang-nhap')) await page.goto(`${portal.url}/viec`);
  await page.getByRole('button', { name: 'Gửi mã vào thư công vụ' }).click();
  await page.getByLabel('Mã 6 số').fill(mailedCode(portal, account.email));
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
}

/** A draft made on the page for it; its address without the last part. */
export async function newDraft(page, portal, kind = 'Cá nhân (Mẫu 01)', carrier = 'USB Token') {
  await page.goto(`${portal.url}/ho-so/moi/cap-moi`);
  await page.getByLabel(kind).check();
  await page.getByLabel(carrier).check();
  await page.getByRole('button', { name: 'Lập bản nháp' }).click();
  return page.url().replace(/\/nguoi-nhan.*/, '');
}

const letters = (n) => String.fromCharCode(65 + Math.floor(n / 26) % 26, 97 + (n % 26)) +
  String.fromCharCode(97 + Math.floor(n / 676));

/** The cells of an invented person, in the order of Mẫu 01. */
export function person(n, email = `ban${n}@laichau.gov.vn`) {
  return [`Người Bảng ${letters(n)}`, '12/05/1979', `0120790${String(10000 + n)}`, '21/06/2021',
          'Cục Thử', email, 'Đảng ủy xã Thử', 'Lai Châu', 'Chuyên viên',
          `09120${String(10000 + n)}`, '', ''];
}

/** People pasted into a draft; leaves the page on the sheet. */
export async function pastePeople(page, base, people) {
  await page.goto(`${base}/dan`);
  await page.getByLabel('Nội dung dán').fill(people.map((cells) => cells.join('\t')).join('\n'));
  await page.getByRole('button', { name: 'Thêm vào danh sách' }).click();
}

export async function fillRecipient(page, base) {
  await page.goto(`${base}/nguoi-nhan`);
  const values = { 'Họ và tên': 'Lò Thị Nhận', 'Số định danh cá nhân': '012192000001',
                   'Ngày cấp': '11/01/2022', 'Nơi cấp': 'Cục Thử', 'Chức vụ': 'Văn thư',
                   'Số điện thoại di động': '0912000001',
                   'Thư điện tử công vụ': 'nhan.lo@laichau.gov.vn',
                   'Địa chỉ': 'Bản Thử, xã Thử, tỉnh Lai Châu' };
  for (const [label, value] of Object.entries(values)) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await page.getByRole('button', { name: 'Lưu và sang danh sách' }).click();
}
