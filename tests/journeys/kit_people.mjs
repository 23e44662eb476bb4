// What only the agency's journeys need of people: the code in the official mail, rows, section 1.
import { givePassword, mailedCode } from './kit.mjs';

/** A head without a phone: the password, then the code of the official mail. */
export async function signInByMail(page, portal, account) {
  await givePassword(page, portal, account);
  if (!page.url().includes('/dang-nhap')) await page.goto(`${portal.url}/viec`);
  await page.getByRole('button', { name: 'Gửi mã vào thư công vụ' }).click();
  await page.getByLabel('Mã 6 số').fill(mailedCode(portal, account.email));
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
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
