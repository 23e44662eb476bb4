// Apology, stop, control sheet and register: what the examiner proposes, what another person
// decides, and what the agency and everybody else then sees; at both widths, with and without script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPerson, again, fileDossier, look, pastedRow, signIn, startAntin, startBrowser,
         startPerson } from './kit.mjs';

let portal, browser;
const people = {};
before(async () => {
  portal = await startAntin();
  browser = await startBrowser();
  const add = (key, name, roles, agency) => {
    people[key] = addPerson(portal, { email: `${key}@${agency ? 'laichau' : 'coquan'}.gov.vn`, name,
                                      roles, agency });
  };
  add('lanhdao', 'Lò Văn Thử', ['focal_point', 'head'], 'H35.03388.UBND');
  add('tiepnhan', 'Tòng Văn Tiếp', ['intake_officer']);
  add('thamdinh', 'Trần Thu Thẩm', ['assessor']);
  add('pheduyet', 'Đinh Thị Duyệt', ['approver']);
  people.quantri = { ...portal.accounts.quantri };
  for (const [key, person] of Object.entries(people)) {
    if (key === 'quantri') continue;
    const page = await signIn(await startPerson(browser), portal, person);
    await page.context().close();
  }
});
after(async () => {
  await browser?.close();
  await portal?.stop();
});

const as = (key, options) => again(browser, people[key], options);
const main = (page) => page.locator('main').innerText();
let serial = 500;

/** A dossier with rows in the examiner's hands; gives the address of the officers' page. */
async function inProgress(rows) {
  const agency = await as('lanhdao');
  await fileDossier(agency, portal, Array.from({ length: rows }, () => {
    serial += 1;
    const letter = String.fromCharCode(65 + (serial % 26));
    return pastedRow(`Người Thử ${letter}${letter.toLowerCase()}`, serial, `thu${serial}@laichau.gov.vn`);
  }));
  await agency.context().close();
  const desk = await as('tiepnhan');
  await desk.goto(`${portal.url}/hang-cho?hien=cho-tiep-nhan&thu-tu=moi`);
  const address = portal.url + await desk.locator('tbody a').first().getAttribute('href');
  await desk.goto(address);
  await desk.getByRole('button', { name: 'Tiếp nhận', exact: true }).click();
  await desk.context().close();
  const examiner = await as('thamdinh');
  await examiner.goto(address);
  await examiner.getByRole('button', { name: 'Nhận thụ lý hồ sơ này' }).click();
  await examiner.context().close();
  return address;
}

const isPdf = async (page, link) => {
  const answer = await page.request.get(portal.url + await link.getAttribute('href'));
  assert.equal(answer.status(), 200);
  return (await answer.body()).subarray(0, 4).equals(Buffer.from('%PDF'));
};

test('an apology is proposed, read as a draft, decided by another person, and everybody sees it', async () => {
  const address = await inProgress(3);
  const examiner = await as('thamdinh');
  await examiner.goto(address);
  await examiner.getByRole('link', { name: 'Xin lỗi và hẹn lại…' }).click();
  await examiner.getByRole('button', { name: 'Trình lãnh đạo' }).click();
  assert.match(await examiner.title(), /^Cần sửa 1 chỗ/);
  await look(examiner, 'papers-postponement');
  await examiner.getByLabel('Hẹn trả mới').selectOption('2');
  await examiner.getByLabel('Lý do chưa trả được kết quả').fill('Thiết bị về kho chậm hai ngày.');
  await examiner.getByRole('button', { name: 'Trình lãnh đạo' }).click();
  assert.match(await main(examiner), /Thiết bị về kho chậm hai ngày/);
  assert.ok(await isPdf(examiner, examiner.getByRole('link', { name: 'Xem văn bản (PDF)' })));
  assert.equal(await examiner.getByRole('button', { name: 'Đồng ý, gửi lời xin lỗi' }).count(), 0);
  await look(examiner, 'papers-proposed');
  await examiner.context().close();

  const boss = await as('pheduyet', { javaScriptEnabled: false });
  await boss.goto(`${portal.url}/cong-viec`);
  assert.match(await main(boss), /chờ ký hẹn lại/);
  await boss.goto(address);
  await boss.getByRole('button', { name: 'Không đồng ý' }).click();
  assert.match(await main(boss), /lý do/i);
  await boss.goto(address);
  await boss.getByRole('button', { name: 'Đồng ý, gửi lời xin lỗi' }).click();
  assert.match(await boss.locator('.at-flash').innerText(), /Đã xin lỗi và hẹn lại/);
  assert.ok(await isPdf(boss, boss.getByRole('link', { name: 'Văn bản xin lỗi và hẹn lại' })));
  const code = (await boss.locator('h1').innerText()).match(/[A-Z0-9.]+-\d{6}-\d{4}/)[0];
  await boss.context().close();

  const agency = await as('lanhdao');
  await agency.goto(`${portal.url}/ho-so/${code}`);
  assert.match(await main(agency), /Xin lỗi và hẹn lại: từ/);
  await look(agency, 'papers-agency');
  await agency.context().close();
});

test('a stop is read by the approver and ends the dossier with its paper', async () => {
  const address = await inProgress(2);
  const examiner = await as('thamdinh', { javaScriptEnabled: false });
  await examiner.goto(address);
  await examiner.getByRole('link', { name: 'Dừng giải quyết…' }).click();
  await examiner.getByLabel('Lý do, mỗi lý do một dòng').fill('Cơ quan đã sáp nhập.\nSai nơi nhận.');
  await examiner.getByRole('button', { name: 'Trình lãnh đạo' }).click();
  await examiner.context().close();
  const boss = await as('pheduyet');
  await boss.goto(address);
  await look(boss, 'papers-stop-decide');
  await boss.getByRole('button', { name: 'Đồng ý dừng giải quyết' }).click();
  assert.match(await main(boss), /8 Dừng xử lý/);
  assert.ok(await isPdf(boss, boss.getByRole('link', { name: 'Thông báo dừng giải quyết' })));
  await look(boss, 'papers-stopped');
  await boss.context().close();
});

test('the control sheet and the register are pages and files', async () => {
  const address = await inProgress(1);
  const desk = await as('tiepnhan');
  await desk.goto(address);
  await desk.getByRole('link', { name: 'Phiếu kiểm soát quá trình' }).click();
  await desk.getByRole('button', { name: 'Lấy số và lập phiếu' }).click();
  assert.match(await desk.locator('h1').innerText(), /\d+\/PKS/);
  assert.ok(await isPdf(desk, desk.getByRole('link', { name: 'Tải phiếu (PDF)' })));
  await look(desk, 'papers-control-sheet');
  await desk.getByRole('link', { name: 'Sổ theo dõi' }).click();
  assert.match(await main(desk), /\d+ hồ sơ\./);
  assert.ok(await isPdf(desk, desk.getByRole('link', { name: 'PDF', exact: true })));
  await look(desk, 'papers-register');
  await desk.getByLabel('Từ ngày').fill('2026-12-31');
  await desk.getByLabel('Đến ngày').fill('2026-01-01');
  await desk.getByRole('button', { name: 'Xem sổ' }).click();
  assert.match(await desk.title(), /^Cần sửa 1 chỗ/);
  await desk.context().close();
});
