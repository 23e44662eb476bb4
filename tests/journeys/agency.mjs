// The agency's way: a new request, the sheet that saves by itself, what is wrong beside its cell,
// paste, review; on a desk, on a phone, and without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { look, run, startAntin, startBrowser, startPerson } from './kit.mjs';

const password = 'một câu rất dễ nhớ của văn thư';
let portal, browser, clerk;

/** A person with a one-time password, changed at the first sign-in. */
async function signIn(page, account) {
  await page.goto(`${portal.url}/dang-nhap`);
  await page.locator('input[name=email]').fill(account.email);
  await page.locator('input[name=password]').fill(account.password);
  await page.locator('main button[type=submit]').first().click();
  if (page.url().includes('/tai-khoan/mat-khau')) {
    for (const input of await page.locator('main input[type=password]').all()) {
      const name = await input.getAttribute('name');
      await input.fill(/old|current|cu/.test(name) ? account.password : password);
    }
    await page.locator('main button[type=submit]').first().click();
    account.password = password;
  }
  await page.goto(`${portal.url}/viec`);
}

before(async () => {
  portal = await startAntin();
  browser = await startBrowser();
  const listed = JSON.parse(run(['user', 'add', '--data', portal.data, '--email',
    'vanthu.thu@laichau.gov.vn', '--name', 'Lò Thị Thử', '--position', 'Văn thư', '--agency',
    'H35.03388.DU', '--role', 'focal_point', '--json'],
  { env: portal.environment }).stdout);
  clerk = { email: 'vanthu.thu@laichau.gov.vn', password: listed.password ?? listed.one_time_password };
});
after(async () => {
  await browser?.close();
  await portal?.stop();
});

async function newDraft(page) {
  await page.goto(`${portal.url}/ho-so/moi/cap-moi`);
  await page.getByLabel('Cá nhân (Mẫu 01)').check();
  await page.getByLabel('USB Token').check();
  await page.getByRole('button', { name: 'Lập bản nháp' }).click();
  return page.url().replace(/\/nguoi-nhan.*/, '');
}
const letters = (n) => String.fromCharCode(65 + Math.floor(n / 20), 97 + (n % 20));
const row = (n, email) => `Người Thử ${letters(n)}\t12/05/1979\t01207900${String(1000 + n)}\t21/06/2021\t` +
  `Cục Thử\t${email}\tĐảng ủy xã Thử\tLai Châu\tChuyên viên\t091200${String(1000 + n)}\t\t`;

test('home, new request and recipient read well', async () => {
  const page = await startPerson(browser);
  await signIn(page, clerk);
  await look(page, 'agency-home');
  await page.goto(`${portal.url}/ho-so/moi`);
  await look(page, 'agency-kind');
  await page.goto(`${portal.url}/ho-so/moi/cap-moi`);
  await look(page, 'agency-new');
  const base = await newDraft(page);
  await look(page, 'agency-recipient');
  await page.goto(`${base}/dinh-kem`);
  await look(page, 'agency-files');
  await page.context().close();
});

test('the sheet saves by itself and says that nothing is filed yet', async () => {
  const page = await startPerson(browser);
  await signIn(page, clerk);
  const base = await newDraft(page);
  await page.goto(`${base}/danh-sach`);
  const saved = page.waitForResponse((r) => r.url().endsWith('/danh-sach') && r.request().method() === 'POST');
  await page.getByLabel('Dòng mới, họ và tên').first().fill('Người Thử Một');
  await page.keyboard.press('Tab');
  assert.equal((await saved).status(), 200);
  await page.locator('.at-sheet__stt a', { hasText: '1' }).waitFor();
  assert.match(await page.locator('#ban-nhap').innerText(), /Bản nháp, chưa nộp[\s\S]*Cục chưa nhìn thấy/);
  const mended = page.waitForResponse((r) => r.url().endsWith('/danh-sach') && r.request().method() === 'POST');
  await page.getByLabel('Dòng 1, thư điện tử công vụ').fill('sai@gmail.com');
  await page.keyboard.press('Tab');
  await mended;
  await page.getByText('phải do cơ quan nhà nước cấp').first().waitFor();
  await page.reload();
  assert.equal(await page.getByLabel('Dòng 1, họ và tên').inputValue(), 'Người Thử Một');
  await page.context().close();
});

test('forty pasted rows, seven wrong: each beside its cell, the others can go on', async () => {
  const page = await startPerson(browser);
  await signIn(page, clerk);
  const base = await newDraft(page);
  await page.goto(`${base}/dan`);
  await look(page, 'agency-paste');
  const text = Array.from({ length: 40 }, (_, i) => row(i + 1, i < 7 ? `a${i}@gmail.com` : `thu${i}@laichau.gov.vn`)).join('\n');
  await page.getByLabel('Nội dung dán').fill(text);
  await page.getByRole('button', { name: 'Thêm vào danh sách' }).click();
  assert.equal(await page.locator('.at-row--wrong').count(), 7);
  assert.match(await page.title(), /^Cần sửa 7 chỗ/);
  await look(page, 'agency-sheet');
  await page.goto(`${base}/dong/1`);
  await look(page, 'agency-row');
  await page.goto(`${base}/xem-lai`);
  await look(page, 'agency-review');
  await page.getByRole('button', { name: /Tách 7 dòng cần sửa/ }).click();
  assert.match(await page.locator('.at-bar__counts').innerText(), /33 dòng/);
  await page.goto(`${base}/ky`);
  await look(page, 'agency-send');
  await page.goto(`${base}/xoa`);
  await look(page, 'agency-delete');
  await page.context().close();
});

test('two clerks in one row: nobody is overwritten, both values are shown', async () => {
  const first = await startPerson(browser);
  await signIn(first, clerk);
  const base = await newDraft(first);
  await first.goto(`${base}/dan`);
  await first.getByLabel('Nội dung dán').fill(row(1, 'thu@laichau.gov.vn'));
  await first.getByRole('button', { name: 'Thêm vào danh sách' }).click();
  const second = await first.context().newPage();
  await second.goto(`${base}/danh-sach`);
  const done = second.waitForResponse((r) => r.request().method() === 'POST');
  await second.getByLabel('Dòng 1, chức vụ').fill('Kế toán');
  await second.keyboard.press('Tab');
  await done;
  await first.getByLabel('Dòng 1, chức vụ').fill('Bí thư');
  await first.keyboard.press('Tab');
  await first.getByRole('button', { name: 'Lấy bản đã lưu' }).waitFor();
  assert.match(await first.locator('.at-sheet__say--held').innerText(), /Kế toán/);
  assert.equal(await first.getByLabel('Dòng 1, chức vụ').inputValue(), 'Bí thư');
  await look(first, 'agency-sheet-conflict');
  await first.getByRole('button', { name: 'Lấy bản đã lưu' }).click();
  assert.equal(await first.getByLabel('Dòng 1, chức vụ').inputValue(), 'Kế toán');
  // Different cells of one row: both stay, nobody is asked.
  const other = second.waitForResponse((r) => r.request().method() === 'POST');
  await second.getByLabel('Dòng 1, ngày sinh').fill('01/02/1980');
  await second.keyboard.press('Tab');
  await other;
  await first.getByLabel('Dòng 1, chức vụ').fill('Phó phòng');
  await first.keyboard.press('Tab');
  await first.waitForFunction(() => document.querySelector('[aria-label="Dòng 1, ngày sinh"]').value === '01/02/1980');
  await first.locator('#ban-nhap-loi', { hasText: 'Lưu lúc' }).waitFor();
  assert.equal(await first.locator('.at-sheet__say--held').count(), 0);
  await second.reload();
  assert.equal(await second.getByLabel('Dòng 1, chức vụ').inputValue(), 'Phó phòng');
  assert.equal(await second.getByLabel('Dòng 1, ngày sinh').inputValue(), '01/02/1980');
  // Two cells of one row: each is chosen, and only then the row is saved.
  // Leaving the first cell may save it alone: what is waited for is the save that carries the second.
  const both = second.waitForResponse((r) => (r.request().postData() ?? '').includes('0912999888'));
  await second.getByLabel('Dòng 1, chức vụ').fill('Chánh Văn phòng');
  await second.getByLabel('Dòng 1, số điện thoại di động').fill('0912999888');
  await second.keyboard.press('Tab');
  await both;
  // A slow line: the save of the first cell is answered when the second has been typed as well.
  let bothTyped;
  const typed = new Promise((done) => { bothTyped = done; });
  await first.route('**/danh-sach', async (route) => { await typed; await route.continue(); });
  await first.getByLabel('Dòng 1, chức vụ').fill('Phó Bí thư');
  await first.getByLabel('Dòng 1, số điện thoại di động').fill('0912777666');
  bothTyped();
  await first.keyboard.press('Tab');
  await first.locator('.at-sheet__say--held').nth(1).waitFor();
  await first.getByRole('button', { name: 'Giữ của tôi' }).first().click();
  await first.locator('#ban-nhap-loi', { hasText: 'Chưa lưu hết' }).waitFor();
  await first.getByRole('button', { name: 'Lấy bản đã lưu' }).click();
  await first.locator('#ban-nhap-loi', { hasText: 'Lưu lúc' }).waitFor();
  await first.reload();
  assert.equal(await first.getByLabel('Dòng 1, chức vụ').inputValue(), 'Phó Bí thư');
  assert.equal(await first.getByLabel('Dòng 1, số điện thoại di động').inputValue(), '0912999888');
  await first.context().close();
});

test('without JavaScript each button saves', async () => {
  const page = await startPerson(browser, { javaScriptEnabled: false });
  await signIn(page, clerk);
  const base = await newDraft(page);
  await page.goto(`${base}/danh-sach`);
  await page.getByLabel('Dòng mới, họ và tên').first().fill('Người Không Máy');
  await page.getByRole('button', { name: 'Lưu bản nháp' }).last().click();
  assert.equal(await page.getByLabel('Dòng 1, họ và tên').inputValue(), 'Người Không Máy');
  await page.context().close();
});

test('a form that was sent when the session had ended is sent on after signing in again', async () => {
  const page = await startPerson(browser);
  await signIn(page, clerk);
  const base = await newDraft(page);
  await page.goto(`${base}/nguoi-nhan`);
  await page.context().clearCookies({ name: '__Host-antin' });
  await page.locator('[name=position]').fill('Chánh Văn phòng');
  await page.locator('main form button').first().click();
  await page.locator('input[name=email]').fill(clerk.email);
  await page.locator('input[name=password]').fill(clerk.password);
  await page.locator('main button[type=submit]').first().click();
  await look(page, 'sign-in-resume');
  await page.getByRole('button', { name: 'Gửi tiếp những gì vừa gõ' }).click();
  await page.goto(`${base}/nguoi-nhan`);
  assert.equal(await page.locator('[name=position]').inputValue(), 'Chánh Văn phòng');
  await page.context().close();
});

test('every agency list and the style page read well', async () => {
  const page = await startPerson(browser);
  await signIn(page, clerk);
  for (const [name, path] of Object.entries({ 'agency-list': '/ho-so', 'agency-subscribers': '/thue-bao', 'style': '/kieu-dang' })) {
    await page.goto(portal.url + path);
    await look(page, name);
  }
  await page.context().close();
});
