// People and their accounts: the first sign-in with a one-time password, the phone, recovery codes,
// naming people, and a session that ends in the middle of work.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPerson, look, password, startAntin, startBrowser, startPerson, totp } from './kit.mjs';

let portal, browser;
before(async () => {
  portal = await startAntin();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await portal?.stop();
});

async function firstSignIn(page, account) {
  await page.goto(portal.url + '/dang-nhap');
  await page.getByLabel('Thư điện tử công vụ').fill(account.email);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByLabel('Mật khẩu mới', { exact: true }).fill(password);
  await page.getByLabel('Gõ lại mật khẩu mới').fill(password);
  await page.getByRole('button', { name: 'Lưu mật khẩu' }).click();
}

async function setUpPhone(page) {
  await page.goto(portal.url + '/tai-khoan/xac-thuc');
  const key = await page.locator('main code').innerText();
  await page.getByLabel('Mã 6 số trên điện thoại của anh/chị').fill(totp(key));
  await page.getByRole('button', { name: 'Xác nhận' }).click();
  return key;
}

test('an administrator signs in first, sets up the phone and adds an officer', async () => {
  const page = await startPerson(browser);
  const { quantri } = portal.accounts;
  await page.goto(portal.url + '/dang-nhap');
  await page.getByLabel('Thư điện tử công vụ').fill(quantri.email);
  await page.getByLabel('Mật khẩu', { exact: true }).fill('sai mật khẩu');
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  assert.match(await page.title(), /^Cần sửa 1 chỗ: Đăng nhập/);
  await look(page, 'account-sign-in-wrong');
  await firstSignIn(page, quantri);
  assert.equal(new URL(page.url()).pathname, '/tai-khoan/xac-thuc');
  await look(page, 'account-phone');
  await setUpPhone(page);
  assert.equal(await page.locator('main li code').count(), 10);
  await look(page, 'account-recovery-codes');
  await page.goto(portal.url + '/tai-khoan');
  await look(page, 'account-show');
  await page.getByRole('link', { name: 'Người và vai trò' }).click();
  await look(page, 'account-people');
  await page.getByRole('link', { name: 'Thêm cán bộ' }).click();
  await page.getByRole('button', { name: 'Thêm và gửi thư' }).click();
  assert.ok((await page.locator('.govuk-error-summary li').count()) >= 1);
  await page.getByLabel('Họ và tên').fill('Nguyễn Thử Nghiệm');
  await page.getByLabel('Thư điện tử công vụ').fill('nghiem.nguyen@coquan.gov.vn');
  await page.getByLabel('Cán bộ thẩm định').check();
  await look(page, 'account-person-new');
  await page.getByRole('button', { name: 'Thêm và gửi thư' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã thêm Nguyễn Thử Nghiệm/);
  await look(page, 'account-person');
  // Two roles that nobody may hold together.
  await page.getByLabel('Vai trò').selectOption('auditor');
  await page.getByRole('button', { name: 'Giao vai trò' }).click();
  assert.match(await page.locator('main').innerText(), /không được giữ cùng lúc/);
  await page.context().close();
});

test('a coordinator works without JavaScript; signing out leaves nothing behind', async () => {
  const page = await startPerson(browser, { javaScriptEnabled: false });
  await firstSignIn(page, portal.accounts.daumoi);
  const key = await setUpPhone(page);
  await page.getByRole('link', { name: 'Tôi đã cất các mã' }).click();
  assert.equal(new URL(page.url()).pathname, '/co-quan');
  await page.getByRole('button', { name: 'Thoát', exact: true }).click();
  assert.equal((await page.context().cookies()).filter((c) => c.name === '__Host-antin').length, 0);
  await page.goto(portal.url + '/co-quan');
  assert.equal(new URL(page.url()).pathname, '/dang-nhap');
  await page.getByLabel('Thư điện tử công vụ').fill(portal.accounts.daumoi.email);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByLabel('Mã 6 số').fill(totp(key, 1));  // the code of now was used for setting up
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  assert.equal(new URL(page.url()).pathname, '/co-quan');
  await page.context().close();
});

test('without the phone a recovery code signs in, once', async () => {
  const page = await startPerson(browser);
  const account = addPerson(portal, { email: 'duphong@coquan.gov.vn', name: 'Hoàng Thị Dự Phòng',
                                      roles: ['assessor'] });
  await firstSignIn(page, account);
  await setUpPhone(page);
  const codes = await page.locator('main li code').allInnerTexts();
  await page.getByRole('link', { name: 'Tôi đã cất các mã' }).click();
  const signInWith = async (code) => {
    await page.goto(portal.url + '/dang-nhap');
    await page.getByLabel('Thư điện tử công vụ').fill(account.email);
    await page.getByLabel('Mật khẩu', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await page.getByLabel('Mã 6 số').fill(code);
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
  };
  await page.getByRole('button', { name: 'Thoát', exact: true }).click();
  await signInWith(codes[0].toLowerCase());
  assert.equal(new URL(page.url()).pathname, '/cong-viec');
  await page.goto(portal.url + '/tai-khoan');
  assert.match(await page.locator('main').innerText(), /còn 9 mã dự phòng/);
  await look(page, 'account-recovery-used');
  await page.getByRole('button', { name: 'Thoát', exact: true }).click();
  await signInWith(codes[0]);
  assert.equal(await page.locator('.govuk-error-summary li').count(), 1, 'each code works once');
  await look(page, 'account-recovery-again');
  await page.context().close();
});

test('a form that is sent after the session ended is kept and sent after signing in', async () => {
  const page = await startPerson(browser);
  await firstSignIn(page, portal.accounts.kiemtoan);
  const key = await setUpPhone(page);
  await page.goto(portal.url + '/tai-khoan/mat-khau');
  await page.getByLabel('Mật khẩu đang dùng').fill(password);
  await page.getByLabel('Mật khẩu mới', { exact: true }).fill('một câu <khác> hẳn');
  await page.getByLabel('Gõ lại mật khẩu mới').fill('một câu <khác> hẳn');
  await page.context().clearCookies({ name: '__Host-antin' });  // as if it had ended
  await page.getByRole('button', { name: 'Lưu mật khẩu' }).click();
  assert.match(await page.locator('main').innerText(), /Những gì anh\/chị vừa gõ vẫn còn/);
  await look(page, 'account-kept-form');
  await page.getByLabel('Thư điện tử công vụ').fill(portal.accounts.kiemtoan.email);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await look(page, 'account-code');
  await page.getByLabel('Mã 6 số').fill(totp(key, 1));
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByRole('button', { name: 'Gửi tiếp những gì vừa gõ' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã đổi mật khẩu/);
  await page.context().close();
});
