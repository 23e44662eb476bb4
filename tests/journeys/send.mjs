// From the invitation to the sent dossier and what follows: activation, files that go on where the
// line broke, the head's sending with each second factor, supplement, withdrawal, signing out.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addPerson, again, ageSecondFactor, look, mailedCode, mailsTo, newDraft, signIn, startAntin, startBrowser, startPerson, totp }
  from './kit.mjs';
import { fillRecipient, pastePeople, person, signInByMail } from './kit_people.mjs';

const agency = 'H35.03388.DU';
let portal, browser, clerk, head, phoneHead, intake, folder;
before(async () => {
  portal = await startAntin();
  browser = await startBrowser();
  folder = mkdtempSync(join(tmpdir(), 'antin-files-'));
  const add = (email, name, position, roles, at) =>
    addPerson(portal, { email: `${email}@laichau.gov.vn`, name, position, roles, agency: at });
  clerk = add('vanthu.gui', 'Lò Thị Gửi', 'Văn thư', ['focal_point'], agency);
  head = add('bithu.gui', 'Vàng A Gửi', 'Bí thư', ['head'], agency);
  phoneHead = add('phobithu.gui', 'Giàng A Máy', 'Phó Bí thư', ['head'], agency);
  intake = add('tiepnhan.gui', 'Tòng Văn Tiếp', 'Chuyên viên', ['intake_officer'], undefined);
  for (const one of [clerk, intake]) {
    await (await signIn(await startPerson(browser), portal, one)).context().close();
  }
});
after(async () => {
  await browser?.close();
  await portal?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const pdf = (size) => Buffer.concat([Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\n'),
  Buffer.alloc(size, '% một dòng chú thích\n'), Buffer.from('\ntrailer<<>>\n%%EOF\n')]);
function fileOf(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A draft that lacks nothing: recipient, rows, the stamped scan, handed to the head. */
async function completeDraft(page, rows = [person(1), person(2)]) {
  const base = await newDraft(page, portal);
  await fillRecipient(page, base);
  await pastePeople(page, base, rows);
  await page.goto(`${base}/dinh-kem?loai=form_scan`);
  await page.getByLabel('Chọn tệp').setInputFiles(fileOf('mau-01-co-dau.pdf', pdf(4000)));
  await page.getByRole('button', { name: 'Gửi tệp' }).click();
  await page.getByRole('link', { name: 'mau-01-co-dau.pdf' }).waitFor();
  await page.goto(`${base}/xem-lai`);
  await page.getByRole('button', { name: /Trình lãnh đạo/ }).click();
  await page.waitForURL(/\/viec$/);
  return base;
}

test('an invited clerk opens the account by the link of the mail', async () => {
  const desk = await signIn(await startPerson(browser), portal, portal.accounts.daumoi);
  await desk.goto(`${portal.url}/co-quan`);
  await desk.getByRole('link', { name: /^Đảng ủy/ }).first().click();
  const form = desk.locator('form[action$="/moi"]');
  await form.locator('input[name=invite_email]').fill('vanthu.moi@laichau.gov.vn');
  await form.locator('button').click();
  const link = mailsTo(portal, 'vanthu.moi@laichau.gov.vn').at(-1).match(/https:\S+kich-hoat\S+/)[0];
  await desk.context().close();

  const page = await startPerson(browser);
  await page.goto(`${portal.url}/kich-hoat?ma=XXXX-XXXX-XXXX`);
  await look(page, 'agency-activate-wrong');
  await page.goto(link);
  await look(page, 'agency-activate');
  await page.getByLabel('Họ và tên').fill('Lý Thị Mới');
  await page.getByLabel('Chức vụ').fill('Văn thư');
  await page.getByLabel('Mật khẩu', { exact: true }).fill('ngắn');
  await page.locator('main button.govuk-button').click();
  assert.ok(await page.locator('.govuk-error-summary li').count() > 0);
  assert.equal(await page.getByLabel('Họ và tên').inputValue(), 'Lý Thị Mới');
  await look(page, 'agency-activate-defect');
  const own = 'bản tôi có cây đào nở sớm';
  await page.getByLabel('Mật khẩu', { exact: true }).fill(own);
  await page.getByLabel(/lại mật khẩu/i).fill(own);
  await page.locator('main button.govuk-button').click();
  await page.getByText('Tài khoản đã mở').waitFor();
  await look(page, 'agency-activated');
  await page.getByLabel('Thư điện tử công vụ').fill('vanthu.moi@laichau.gov.vn');
  await page.getByLabel('Mật khẩu', { exact: true }).fill(own);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  assert.match(page.url(), /\/viec$/);
  await look(page, 'agency-home-first');
  await page.goto(link);
  assert.match(await page.locator('main').innerText(), /đã (được )?dùng/);
  await page.context().close();
});

test('a forgotten password is set anew by the link of the mail', async () => {
  const page = await startPerson(browser);
  const other = addPerson(portal, { email: 'quen.gui@laichau.gov.vn', name: 'Lò Văn Quên', agency,
    roles: ['focal_point'] });
  await signIn(page, portal, other);
  await page.context().clearCookies();
  await page.goto(`${portal.url}/mat-khau/quen`);
  await look(page, 'account-forgotten');
  await page.getByLabel('Thư điện tử công vụ').fill(other.email);
  await page.locator('main button').click();
  await look(page, 'account-forgotten-sent');
  await page.goto(mailsTo(portal, other.email).at(-1).match(/https:\S+dat-lai\S+/)[0]);
  await look(page, 'account-reset');
  await page.getByLabel('Mật khẩu mới', { exact: true }).fill('một câu khác cũng dễ nhớ');
  await page.getByLabel('Gõ lại mật khẩu mới').fill('một câu khác cũng dễ nhớ');
  await page.getByRole('button', { name: 'Lưu mật khẩu' }).click();
  await page.getByText('Đã đặt mật khẩu mới').waitFor();
  await page.context().close();
});

test('an upload goes on where the line broke and is kept byte for byte', async () => {
  const page = await again(browser, clerk);
  const base = await newDraft(page, portal);
  await page.goto(`${base}/dinh-kem?loai=form_signed`);
  assert.match(await page.locator('#file-goi-y').innerText(), /nhiều nhất \d+ MB/);
  await look(page, 'agency-upload');
  const content = pdf(5 * 1024 * 1024);
  const offsets = [];
  await page.route('**/tai-len/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    const offset = Number(route.request().headers()['upload-offset']);
    offsets.push(offset);
    if (offsets.length === 2) return route.abort('connectionreset');
    return route.continue();
  });
  await page.getByLabel('Chọn tệp').setInputFiles(fileOf('mau-da-ky.pdf', content));
  await page.getByRole('button', { name: 'Gửi tệp' }).click();
  const link = page.getByRole('link', { name: 'mau-da-ky.pdf' });
  await link.waitFor();
  const part = 2 * 1024 * 1024;
  assert.deepEqual(offsets, [0, part, part, 2 * part], 'only the broken part was sent again');
  page.faults.length = 0;  // the browser itself reports the broken request
  await page.getByText('chữ ký chưa được kiểm tra').first().waitFor();
  await look(page, 'agency-uploaded');
  const download = page.waitForEvent('download');
  await link.click();
  assert.ok(readFileSync(await (await download).path()).equals(content), 'kept byte for byte');

  // A program by the name of a paper is refused by its content; the words say why.
  await page.unroute('**/tai-len/*');
  await page.goto(`${base}/dinh-kem`);
  await page.getByLabel('Chọn tệp').setInputFiles(fileOf('giay-to.pdf', Buffer.from('MZ\0\0 program')));
  await page.getByRole('button', { name: 'Gửi tệp' }).click();
  await page.locator('.govuk-error-message', { hasText: /không phải loại được nhận/ }).waitFor();
  await look(page, 'agency-upload-refused');
  await page.context().close();
});

test('the power is cut: what was acknowledged is there, the sheet goes on', async () => {
  const page = await again(browser, clerk);
  const base = await newDraft(page, portal);
  await pastePeople(page, base, [person(1)]);
  const saved = page.waitForResponse((r) => r.url().endsWith('/danh-sach') && r.request().method() === 'POST');
  await page.getByLabel('Dòng 1, chức vụ').fill('Trước khi mất điện');
  await page.keyboard.press('Tab');
  assert.equal((await saved).status(), 200);
  await portal.crash();
  await page.getByLabel('Dòng 1, họ và tên').fill('Người Gõ Khi Mất Điện');
  await page.keyboard.press('Tab');
  await page.locator('#ban-nhap-loi', { hasText: 'Mất mạng, chưa lưu' }).waitFor();
  await portal.serve();
  await page.locator('#ban-nhap-loi', { hasText: 'Lưu lúc' }).waitFor({ timeout: 30_000 });
  const fresh = await again(browser, clerk);
  await fresh.goto(`${base}/danh-sach`);
  assert.equal(await fresh.getByLabel('Dòng 1, chức vụ').inputValue(), 'Trước khi mất điện');
  assert.equal(await fresh.getByLabel('Dòng 1, họ và tên').inputValue(), 'Người Gõ Khi Mất Điện');
  await fresh.context().close();
  await page.context().close();
});

test('a head without a phone sends with codes of the official mail', async () => {
  const writer = await again(browser, clerk);
  const base = await completeDraft(writer);
  await look(writer, 'agency-home-handed');
  await writer.context().close();
  const page = await startPerson(browser);
  await signInByMail(page, portal, head);
  assert.match(page.url(), /\/viec$/);
  await look(page, 'head-home');
  await page.getByRole('link', { name: /Ký và gửi/ }).click();
  await page.getByText('Anh/chị đã xác thực lúc').waitFor();
  await look(page, 'head-send');
  const form = await page.context().request.get(`${base}/mau.pdf?de-ky=1`);
  assert.equal((await form.body()).subarray(0, 5).toString(), '%PDF-');
  await page.getByRole('button', { name: 'Gửi hồ sơ' }).click();
  await page.waitForURL(/da-gui/);
  assert.match(await page.locator('main').innerText(), /Anh\/chị chưa cần làm gì/);
  await look(page, 'head-sent');
  await page.goto(`${portal.url}/thong-bao`);
  await look(page, 'agency-notices');
  await page.context().close();
});

test('a head with a phone returns a draft, and sends it with the code, without JavaScript', async () => {
  const writer = await again(browser, clerk);
  const base = await completeDraft(writer, [person(11)]);
  const page = await startPerson(browser, { javaScriptEnabled: false });
  await signInByMail(page, portal, phoneHead);
  await page.goto(`${portal.url}/tai-khoan/xac-thuc`);
  const key = await page.locator('main code').innerText();
  await page.getByLabel('Mã 6 số trên điện thoại của anh/chị').fill(totp(key));
  await page.getByRole('button', { name: 'Xác nhận' }).click();
  await page.goto(`${base}/ky`);
  await page.getByText('Trả lại để sửa').click();
  await page.getByRole('button', { name: 'Trả lại văn thư' }).click();
  assert.equal(await page.locator('.govuk-error-summary li').count(), 1);
  await page.locator('.govuk-details__summary').click();
  await page.getByLabel('Văn thư cần sửa gì?').fill('Ghi lại chức vụ dòng 1.');
  await page.getByRole('button', { name: 'Trả lại văn thư' }).click();
  await writer.goto(`${portal.url}/viec`);
  assert.match(await writer.locator('main').innerText(), /Lãnh đạo trả lại[\s\S]*Ghi lại chức vụ/);
  await look(writer, 'agency-home-returned');
  await writer.goto(`${base}/danh-sach`);
  assert.match(await writer.locator('main').innerText(), /Lãnh đạo trả lại để sửa: Ghi lại chức vụ/);
  await look(writer, 'agency-sheet-returned');
  await writer.goto(`${base}/xem-lai`);
  await writer.getByRole('button', { name: /Trình lãnh đạo/ }).click();
  await writer.context().close();
  await page.goto(`${base}/ky`);
  await page.getByRole('button', { name: 'Gửi hồ sơ' }).click();
  assert.match(page.url(), /da-gui/);
  await page.context().close();
});

test('the intake asks back, the agency mends the row and answers, then asks to withdraw', async () => {
  const writer = await again(browser, clerk);
  const base = await completeDraft(writer, [person(21), person(22)]);
  const number = base.split('/').pop();
  const chief = await startPerson(browser);
  await signInByMail(chief, portal, head);
  await chief.goto(`${base}/ky`);
  await chief.getByRole('button', { name: 'Gửi hồ sơ' }).click();
  await chief.waitForURL(/da-gui/);
  await chief.context().close();

  const officer = await again(browser, intake);
  await officer.goto(`${portal.url}/xu-ly/${number}/bo-sung`);
  await officer.locator('textarea[name=khac]').fill('Gửi lại bản chụp rõ dấu hơn.');
  await officer.locator('form[action$="/bo-sung"] button.govuk-button').click();
  await officer.context().close();

  await writer.goto(`${portal.url}/viec`);
  assert.match(await writer.locator('main').innerText(), /Bổ sung hồ sơ/);
  await look(writer, 'agency-home-supplement');
  await writer.getByRole('link', { name: /Bổ sung hồ sơ/ }).click();
  await look(writer, 'agency-answer');
  await writer.getByRole('button', { name: 'Gửi trả lời' }).click();
  assert.match(await writer.locator('.govuk-error-summary').innerText(), /Đính kèm giấy tờ/);
  await look(writer, 'agency-answer-empty');
  await writer.getByRole('link', { name: 'Đính kèm giấy tờ', exact: true }).click();
  await writer.getByLabel('Chọn tệp').setInputFiles(fileOf('ban-chup-ro.pdf', pdf(3000)));
  await writer.getByRole('button', { name: 'Gửi tệp' }).click();
  await writer.getByRole('link', { name: 'ban-chup-ro.pdf' }).waitFor();
  await writer.getByRole('link', { name: /Về trả lời|Trả lời/ }).first().click();
  await writer.getByRole('button', { name: 'Gửi trả lời' }).click();
  assert.match(await writer.locator('.at-flash').innerText(), /Đã gửi trả lời/);
  await look(writer, 'agency-answered');

  await writer.getByRole('link', { name: 'Xin rút hồ sơ' }).click();
  await look(writer, 'agency-withdraw');
  await writer.getByLabel('Vì sao rút?').fill('Nộp nhầm danh sách.');
  await writer.getByRole('button', { name: 'Xin rút hồ sơ' }).click();
  assert.match(await writer.locator('main').innerText(), /Cục đang xem đề nghị rút hồ sơ/);
  await look(writer, 'agency-withdrawing');
  await writer.context().close();
});

test('a head sends from a phone with the code of the official mail, typed on the page for sending', async () => {
  const writer = await again(browser, clerk);
  const base = await completeDraft(writer, [person(61)]);
  await writer.context().close();
  const phone = { width: 390, height: 844 };
  const page = await startPerson(browser, { viewport: phone });
  await signInByMail(page, portal, head);
  ageSecondFactor(portal, head);
  await page.goto(`${base}/ky`);
  await look(page, 'head-send-code');
  await page.setViewportSize(phone);
  await page.getByLabel('Mã 6 số trong thư công vụ của anh/chị').fill('000000');
  await page.getByRole('button', { name: 'Gửi hồ sơ' }).click();
  assert.equal(await page.locator('.govuk-error-summary li').count(), 1);
  await page.getByRole('button', { name: 'Gửi mã vào thư công vụ' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã gửi mã vào thư công vụ/);
  await look(page, 'head-send-code-mailed');
  await page.setViewportSize(phone);
  await page.getByLabel('Mã 6 số trong thư công vụ của anh/chị').fill(mailedCode(portal, head.email));
  await page.getByRole('button', { name: 'Gửi hồ sơ' }).click();
  await page.waitForURL(/da-gui/);
  await page.context().close();
});

/** Which of the two papers goes along, as the administrator sets it. */
async function askForProof(value) {
  const page = await again(browser, portal.accounts.quantri);
  await page.goto(`${portal.url}/quan-tri/cai-dat`);
  await page.locator('[name=submission_proof]').selectOption(value);
  await page.getByRole('button', { name: 'Lưu cài đặt' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã lưu cài đặt/);
  await page.context().close();
}

test('where the setting says so, the form signed outside as PDF goes along instead of the scan', async () => {
  const administrator = await signIn(await startPerson(browser), portal, portal.accounts.quantri);
  await administrator.context().close();
  await askForProof('signed_pdf');
  try {
    const writer = await again(browser, clerk);
    const base = await newDraft(writer, portal);
    await fillRecipient(writer, base);
    await pastePeople(writer, base, [person(71)]);
    await writer.goto(`${base}/xem-lai`);
    assert.match(await writer.locator('main').innerText(), /Mẫu đề nghị đã ký số \(PDF\)/);
    await look(writer, 'agency-review-signed');
    await writer.getByRole('link', { name: 'Mẫu đề nghị đã ký số (PDF)' }).click();
    await writer.getByLabel('Chọn tệp').setInputFiles(fileOf('mau-01-da-ky.pdf', pdf(3000)));
    await writer.getByRole('button', { name: 'Gửi tệp' }).click();
    await writer.waitForURL(`${base}/xem-lai`);  // where the file was asked for
    await writer.getByRole('button', { name: /Trình lãnh đạo/ }).click();
    await writer.context().close();
    const page = await startPerson(browser);
    await signInByMail(page, portal, head);
    await page.goto(`${base}/ky`);
    assert.match(await page.locator('main').innerText(), /Bản PDF đã ký số[\s\S]*chữ ký chưa được kiểm tra/);
    await look(page, 'head-send-signed');
    await page.getByRole('button', { name: 'Gửi hồ sơ' }).click();
    await page.waitForURL(/da-gui/);
    assert.match(await page.locator('main').innerText(), /chữ ký chưa được kiểm tra/);
    await page.context().close();
  } finally {
    await askForProof('form_scan');
  }
});

test('the same form sent twice has one effect', async () => {
  const writer = await again(browser, clerk);
  const base = await completeDraft(writer, [person(31)]);
  await writer.context().close();
  const page = await startPerson(browser);
  await signInByMail(page, portal, head);
  await page.goto(`${base}/ky`);
  const body = await page.locator('form[action$="/ky"]').evaluate((form) =>
    new URLSearchParams(new FormData(form)).toString());
  const post = () => page.context().request.post(`${base}/ky`, { data: body, maxRedirects: 0,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: portal.url } });
  const answers = await Promise.all([post(), post()]);
  assert.deepEqual(answers.map((a) => a.status()), [303, 303]);
  assert.equal(answers[0].headers().location, answers[1].headers().location);
  await page.goto(portal.url + answers[0].headers().location);
  assert.equal(await page.locator('.moj-timeline__title', { hasText: 'Gửi hồ sơ' }).count(), 1);
  await page.context().close();
});

test("another agency's addresses read like nothing", async () => {
  const writer = await again(browser, clerk);
  const base = await newDraft(writer, portal);
  const stranger = await signIn(await startPerson(browser), portal, addPerson(portal,
    { email: 'nguoila.gui@laichau.gov.vn', name: 'Người Lạ', agency: 'H35.03388.UBND', roles: ['focal_point'] }));
  for (const end of ['danh-sach', 'dong/1', 'dinh-kem', 'xem-lai', 'ky', 'mau.pdf', 'xoa']) {
    const answer = await stranger.goto(`${base}/${end}`);
    assert.equal(answer.status(), 404, end);
    assert.match(await stranger.locator('h1').innerText(), /Không tìm thấy/);
  }
  await look(stranger, 'agency-not-yours');
  await stranger.context().close();
  await writer.context().close();
});

test('signing out leaves nothing of anybody in the browser', async () => {
  const page = await signIn(await startPerson(browser), portal, clerk);
  const base = await newDraft(page, portal);
  await pastePeople(page, base, [person(41)]);
  await page.getByLabel('Dòng 1, chức vụ').fill('Kế toán');
  await page.keyboard.press('Tab');
  await page.locator('#ban-nhap-loi', { hasText: 'Lưu lúc' }).waitFor();
  await page.goto(`${base}/dinh-kem`);
  await page.getByLabel('Chọn tệp').setInputFiles(fileOf('mau.pdf', pdf(3 * 1024 * 1024)));
  await page.getByRole('button', { name: 'Gửi tệp' }).click();
  await page.getByRole('link', { name: 'mau.pdf' }).waitFor();
  await page.getByRole('button', { name: 'Thoát' }).click();
  const left = await page.evaluate(async () => ({
    local: localStorage.length, session: sessionStorage.length,
    databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  assert.deepEqual(left, { local: 0, session: 0, databases: 0, caches: 0, workers: 0 });
  const cookies = (await page.context().cookies()).map((cookie) => cookie.name);
  assert.ok(!cookies.includes('__Host-antin'), String(cookies));
  await page.goBack();
  assert.ok(!(await page.locator('body').innerText()).includes('Người Bảng'), 'the page before');
  await page.context().close();
});
