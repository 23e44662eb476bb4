// The end of a dossier as its agency sees it: followed step by step, results handed over, confirmed
// by Mẫu 07, in force, in the list of subscribers. Central accounts: no device is needed for it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addPerson, look, newDraft, signIn, startAntin, startBrowser, startPerson } from './kit.mjs';
import { fillRecipient, pastePeople, person, signInByMail } from './kit_people.mjs';

const agency = 'H35.03388.DU';
let portal, browser, folder;
const pages = {};  // one open browser for each person

before(async () => {
  portal = await startAntin();
  browser = await startBrowser();
  folder = mkdtempSync(join(tmpdir(), 'antin-handover-'));
  const open = async (who, name, roles, at) => {
    const account = addPerson(portal, { email: `${who}.xong@laichau.gov.vn`, name, roles, agency: at });
    const page = await startPerson(browser);
    if (who === 'head') await signInByMail(page, portal, account);
    else await signIn(page, portal, account);
    pages[who] = page;
  };
  await open('clerk', 'Lò Thị Xong', ['focal_point'], agency);
  await open('head', 'Vàng A Xong', ['head'], agency);
  await open('intake', 'Tòng Văn Xong', ['intake_officer']);
  await open('assessor', 'Trần Thu Xong', ['assessor']);
  await open('approver', 'Đinh Thị Xong', ['approver']);
  await open('registration', 'Hà Văn Xong', ['registration_officer']);
});
after(async () => {
  await browser?.close();
  await portal?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const press = (page, action) =>
  page.locator(`form[action$="${action}"] button.govuk-button`).first().click();

test('a dossier is followed to the certificate in force', async () => {
  const { clerk, head, intake, assessor, approver, registration } = pages;
  const base = await newDraft(clerk, portal, 'Cá nhân (Mẫu 01)', 'Ký số tập trung');
  const number = base.split('/').pop();
  await fillRecipient(clerk, base);
  await pastePeople(clerk, base, [person(1), person(2)]);
  await clerk.goto(`${base}/dinh-kem?loai=form_scan`);
  const scan = join(folder, 'mau.pdf');
  writeFileSync(scan, '%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n');
  await clerk.getByLabel('Chọn tệp').setInputFiles(scan);
  await clerk.getByRole('button', { name: 'Gửi tệp' }).click();
  await clerk.getByRole('link', { name: 'mau.pdf' }).waitFor();
  await head.goto(`${base}/ky`);
  await head.getByRole('button', { name: 'Gửi hồ sơ' }).click();
  await head.waitForURL(/da-gui/);

  const work = `${portal.url}/xu-ly/${number}`;
  await intake.goto(work);
  await press(intake, '/tiep-nhan');
  await clerk.goto(`${portal.url}/viec`);
  await clerk.getByRole('link', { name: /Cấp mới cho 2 người/ }).last().click();
  assert.match(clerk.url(), /\/ho-so\/[A-Z0-9.]+-\d{6}-\d{4}$/);
  assert.match(await clerk.locator('main').innerText(), /Trả kết quả[\s\S]*trước 17 giờ/);
  await look(clerk, 'agency-dossier-accepted');
  const receipt = await clerk.getByRole('link', { name: /Giấy tiếp nhận/ }).getAttribute('href');
  assert.equal((await (await clerk.context().request.get(portal.url + receipt)).body()).subarray(0, 4).toString(), '%PDF');

  await assessor.goto(work);
  if (await assessor.locator('form[action$="/nhan-viec"]').count()) await press(assessor, '/nhan-viec');
  await assessor.goto(work);
  await assessor.getByRole('button', { name: 'Chọn Cấp cho 2 dòng không lỗi' }).click();
  await assessor.getByRole('button', { name: 'Trình phê duyệt 2 dòng' }).click();
  await approver.goto(work);
  await approver.getByRole('button', { name: 'Chọn Đồng ý cho cả 2 đề xuất' }).click();
  await approver.getByRole('button', { name: 'Quyết định 2 dòng' }).click();

  await registration.goto(`${portal.url}/cap-phat/tap-trung`);
  await press(registration, '/cap-phat/tap-trung');
  await registration.goto(`${portal.url}/cap-phat/tap-trung`);
  if (await registration.locator('form[action="/cap-phat/phong-bi"]').count()) {
    const printed = registration.waitForEvent('download');  // the codes, once
    await press(registration, '/cap-phat/phong-bi');
    await printed;
  }
  await registration.goto(`${portal.url}/ban-giao`);
  assert.match(await registration.locator('main').innerText(), /2 tài khoản ký số tập trung sẵn sàng/);
  await look(registration, 'officer-handovers');
  await registration.goto(`${portal.url}/ban-giao/moi?ho-so=${number}`);
  await look(registration, 'officer-handover-new');
  await press(registration, '/ban-giao/moi');
  await registration.waitForURL(/ban-giao\/\d+$/);

  await clerk.goto(`${portal.url}/viec`);
  await look(clerk, 'agency-home-handover');
  await clerk.getByRole('link', { name: 'Nhận 2 tài khoản ký số tập trung và xác nhận bàn giao' }).click();
  await look(clerk, 'agency-handover');
  assert.doesNotMatch(await clerk.locator('main').innerText(), /thiết bị/, 'nobody holds a device');
  const confirm = clerk.locator('form[action$="/xac-nhan"] button');
  await confirm.click();
  assert.match(await clerk.locator('main').innerText(), /Có hiệu lực/);
  await look(clerk, 'agency-handover-confirmed');
  await clerk.goto(`${portal.url}/thue-bao`);
  assert.equal(await clerk.locator('main tbody tr').count(), 2);
  assert.match(await clerk.locator('main').innerText(), /Có hiệu lực/);
  await look(clerk, 'agency-subscribers-full');
  await clerk.locator('main tbody a').first().click();
  await look(clerk, 'agency-dossier-returned');

  // Next time the same people are filled in from last time, with the certificate they have; where
  // the row does not name it, that is pointed out.
  const next = await newDraft(clerk, portal, 'Cá nhân (Mẫu 01)', 'Ký số tập trung');
  await clerk.goto(`${next}/danh-sach`);
  await clerk.getByRole('button', { name: 'Lấy người đã có (2)' }).click();
  await look(clerk, 'agency-known');
  await clerk.getByLabel(/Người Bảng/).first().check();
  await clerk.getByRole('button', { name: 'Thêm vào danh sách' }).click();
  assert.match(await clerk.getByLabel('Dòng 1, họ và tên').inputValue(), /^Người Bảng/);
  const old = clerk.getByLabel('Dòng 1, số hiệu chứng thư cũ');
  assert.match(await old.inputValue(), /^[0-9A-F]{8,}$/);
  await old.fill('');
  await clerk.keyboard.press('Tab');
  await clerk.getByText(/Đã có chứng thư .* còn hạn/).first().waitFor();
  await look(clerk, 'agency-sheet-known');
});

test('every page of the account in English reads as well', async () => {
  const { clerk } = pages;
  await clerk.goto(`${portal.url}/ngon-ngu/en?ve=/viec`);
  await look(clerk, 'agency-home-english');
  const base = await newDraftInEnglish(clerk);
  await clerk.goto(`${base}/danh-sach`);
  await look(clerk, 'agency-sheet-english');
  await clerk.goto(`${base}/xem-lai`);
  await look(clerk, 'agency-review-english');
  await clerk.goto(`${base}/ky`);
  await look(clerk, 'agency-send-english');
});

async function newDraftInEnglish(page) {
  await page.goto(`${portal.url}/ho-so/moi/cap-moi`);
  await page.locator('input[name=kind][value=individual]').check();
  await page.locator('input[name=carrier][value=usb_token]').check();
  await page.locator('main button.govuk-button').click();
  const base = page.url().replace(/\/nguoi-nhan.*/, '');
  await page.goto(`${base}/dan`);
  await page.locator('textarea[name=van_ban]').fill(person(7, 'bay@gmail.com').join('\t'));
  await page.locator('main button.govuk-button').first().click();
  return base;
}
