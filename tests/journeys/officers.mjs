// The officers' way at the desk: intake with its receipt, two who take the same dossier, examination
// row by row by keyboard, one supplement with all its points, the decision by another person, a
// withdrawal, and sixty dossiers in the queue; with and without script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPerson, again, fileDossier, look, mailsTo, pastedRow, run, signIn, startAntin, startBrowser,
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
  add('thamdinh2', 'Hà Văn Hai', ['assessor']);
  add('pheduyet', 'Đinh Thị Duyệt', ['approver']);
  for (const person of Object.values(people)) {
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
let serial = 0;

/** Files `good` right rows; gives the address of the officers' page. */
async function file(good) {
  const agency = await as('lanhdao');
  const rows = Array.from({ length: good }, () => {
    serial += 1;
    const letter = String.fromCharCode(65 + (serial % 26));
    return pastedRow(`Người Thử ${letter}${letter.toLowerCase()}`, serial, `thu${serial}@laichau.gov.vn`);
  });
  await fileDossier(agency, portal, rows);
  await agency.context().close();
  const desk = await as('tiepnhan');
  await desk.goto(`${portal.url}/hang-cho?hien=cho-tiep-nhan&thu-tu=moi`);
  const path = await desk.locator('tbody a').first().getAttribute('href');
  await desk.context().close();
  return portal.url + path;
}

async function accept(address) {
  const desk = await as('tiepnhan');
  await desk.goto(address);
  await desk.getByRole('button', { name: 'Tiếp nhận', exact: true }).click();
  await desk.context().close();
}

async function take(address, who = 'thamdinh') {
  const page = await as(who);
  await page.goto(address);
  await page.getByRole('button', { name: 'Nhận thụ lý hồ sơ này' }).click();
  return page;
}

const choose = (page, row, word) => page.locator(`#dong-${row}`).getByLabel(word, { exact: true });

test('the receptionist sees what waits, accepts, and the receipt names code, due time and check', async () => {
  const address = await file(3);
  const desk = await as('tiepnhan');
  await desk.goto(`${portal.url}/cong-viec`);
  assert.match(await desk.title(), /^Việc của tôi: \d+ việc đang chờ/);
  await look(desk, 'officer-work');
  await desk.goto(address);
  assert.match(await main(desk), /UBND|Ủy ban nhân dân/);
  assert.ok(!(await main(desk)).includes('012079001001'), 'numbers of persons are masked at first');
  await look(desk, 'officer-intake');
  await desk.getByRole('button', { name: 'Tiếp nhận', exact: true }).click();
  const flash = await desk.locator('.at-flash').innerText();
  const code = flash.match(/[A-Z0-9.]+-\d{6}-\d{4}/)[0];
  assert.match(flash, /Hẹn trả 17 giờ thứ (Hai|Ba|Tư|Năm|Sáu|Bảy), \d\d\/\d\d\/\d{4}/);
  await look(desk, 'officer-accepted');
  const receipt = await desk.request.get(portal.url +
    await desk.getByRole('link', { name: 'Giấy tiếp nhận và hẹn trả' }).getAttribute('href'));
  assert.equal(receipt.status(), 200, (await receipt.text()).slice(0, 2000));
  assert.ok((await receipt.body()).subarray(0, 4).equals(Buffer.from('%PDF')));
  await desk.context().close();

  // The agency's mail holds code and check value; anybody follows the dossier with them, on a phone.
  const told = mailsTo(portal, people.lanhdao.email).find((mail) => mail.includes(code));
  const check = told.match(/Mã tra cứu: ([A-Z0-9]{4}-[A-Z0-9]{4})/)[1];
  const anybody = await startPerson(browser, { javaScriptEnabled: false });
  await anybody.goto(`${portal.url}/tra-cuu`);
  await anybody.getByLabel('Mã hồ sơ').fill(code.toLowerCase());
  await anybody.getByLabel('Mã kiểm tra').fill(check.replace('-', ' '));
  await anybody.getByRole('button', { name: 'Tra cứu' }).click();
  const seen = await main(anybody);
  assert.match(seen, /Trả kết quả trước 17 giờ/);
  assert.match(seen, /còn [\d ngàygiờ]+ làm việc/);
  assert.ok(!/Người Thử|Tòng Văn|Lò /.test(seen), 'the public page names nobody');
  await anybody.context().close();
  const phone = await startPerson(browser);
  await phone.goto(`${portal.url}/tra-cuu?ma=${code}&kt=${check}`);
  await look(phone, 'lookup-running');
  await phone.context().close();
});

test('of two who take the same dossier one wins and the other is told who and when', async () => {
  const address = await file(1);
  await accept(address);
  const first = await as('thamdinh');
  const second = await as('thamdinh2');
  await first.goto(address);
  await second.goto(address);
  await first.getByRole('button', { name: 'Nhận thụ lý hồ sơ này' }).click();
  await second.getByRole('button', { name: 'Nhận thụ lý hồ sơ này' }).click();
  assert.match(await second.locator('.govuk-error-summary').innerText(),
               /Trần Thu Thẩm đã lưu hồ sơ này lúc \d\d:\d\d \d\d\/\d\d\/\d{4}/);
  assert.match(await main(second), /thụ lý: Trần Thu Thẩm/);
  await look(second, 'officer-too-late');
  await first.context().close();
  await second.context().close();
});

test('the examiner chooses by keyboard, Enter sends nothing, and looking at a row loses nothing', async () => {
  const address = await file(6);
  await accept(address);
  const page = await take(address);
  await page.getByRole('button', { name: /Mở dữ liệu cá nhân/ }).click();
  assert.match(await main(page), /01207900\d{4}/);
  await look(page, 'officer-assess-fresh');
  // Tab reaches the choice of the first row, arrows move in it, Enter saves and decides nothing.
  await page.locator('#dong-1 button').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  assert.ok(await page.locator('#dong-1 input[value=approve]').isChecked());
  await page.keyboard.press('ArrowRight');
  assert.ok(await page.locator('#dong-1 input[value=supplement]').isChecked());
  assert.ok(await page.locator('#dong-1 textarea').isVisible(), 'a choice that needs a reason asks for it');
  await page.keyboard.press('ArrowLeft');
  const counts = (await page.locator('.at-bar__counts').innerText()).replace(/[\s·]+/g, ' ');
  assert.match(counts, /1 cấp 0 bổ sung 0 từ chối 5 chưa xem/);
  assert.equal(await page.getByRole('button', { name: 'Trình phê duyệt 1 dòng' }).count(), 1);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  assert.match(await page.locator('.at-flash').innerText(), /Đã lưu lựa chọn, chưa trình/);
  // Another row is looked at in the middle of choosing: what was chosen stays.
  await choose(page, 2, 'Từ chối').check();
  await page.locator('#dong-2 textarea').fill('Đã chuyển công tác từ 01/11.');
  await page.locator('#dong-3 button').click();
  assert.ok(await page.locator('#dong-2 input[value=refuse]').isChecked());
  assert.match(await page.locator('#chi-tiet').innerText(), /Dòng 3: Người Thử[\s\S]*12\/05\/1979/);
  // The stamped form beside the rows: what was chosen so far stays, the row's values stand beside it.
  const served = page.waitForResponse((answer) => /\/tep\/\d+$/.test(answer.url()));
  await page.getByRole('button', { name: 'mau-01-co-dau.pdf' }).click();
  const headers = (await served).headers();
  assert.match(headers['content-disposition'], /^inline/);
  assert.match(headers['content-security-policy'], /frame-ancestors 'self'$/);
  assert.ok(await page.locator('#dong-2 input[value=refuse]').isChecked());
  const paper = await page.locator('#tep object').boundingBox();
  const row = await page.locator('#dong-3').boundingBox();
  assert.ok(paper.x > row.x + row.width - 1, 'the paper stands to the right of the rows');
  assert.ok(paper.width > 500 && paper.height > 400, JSON.stringify(paper));
  assert.match(await page.locator('.at-row-detail').innerText(), /Dòng 3: Người Thử[\s\S]*12\/05\/1979/);
  // The browser's own viewer stands in a frame of its own; a page that may not show it has none.
  for (let i = 0; i < 300 && !page.frames().some((frame) => frame.url().includes('/tep/')); ++i) {
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(done); }));
  }
  assert.ok(page.frames().some((frame) => frame.url().includes('/tep/')), 'the paper is shown');
  await look(page, 'officer-file');
  await page.setViewportSize({ width: 1600, height: 900 });
  await page.screenshot({ path: 'build/journeys/officer-file-1600.png' });
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.getByRole('button', { name: 'Đóng tệp' }).click();
  assert.equal(await page.locator('#tep').count(), 0);
  await choose(page, 4, 'Bổ sung').check();
  await page.locator('#dong-4 textarea').fill('Ghi rõ chức vụ hiện nay.');
  await page.getByRole('button', { name: 'Chọn Cấp cho 3 dòng không lỗi' }).click();
  await look(page, 'officer-assess');
  await page.getByRole('button', { name: 'Yêu cầu bổ sung 1 dòng…' }).click();
  assert.match(await main(page), /Yêu cầu bổ sung, lần 1/);
  assert.match(await main(page), /Chỉ nên gửi một lần/);
  await look(page, 'officer-supplement');
  await page.getByRole('button', { name: /Gửi phiếu/ }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã gửi phiếu với 1 điểm/);
  assert.match(await main(page), /Phiếu bổ sung lần 1[\s\S]*Ghi rõ chức vụ hiện nay/);
  await look(page, 'officer-asked');
  await page.getByRole('button', { name: 'Trình phê duyệt 5 dòng' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã trình phê duyệt 5 dòng/);

  // The approver is another person; nothing counts before it is sent.
  const boss = await as('pheduyet');
  await boss.goto(`${portal.url}/cong-viec`);
  assert.match(await main(boss), /Chờ anh\/chị phê duyệt/);
  await boss.goto(address);
  await look(boss, 'officer-approve');
  await boss.getByRole('button', { name: 'Chọn Đồng ý cho cả 5 đề xuất' }).click();
  await choose(boss, 2, 'Trả lại').check();
  await boss.getByRole('button', { name: 'Quyết định 5 dòng' }).click();
  assert.match(await boss.locator('.govuk-error-summary').innerText(), /lý do/);
  assert.ok(await boss.locator('#dong-1 input[value=dong-y]').isChecked(), 'what was chosen stays');
  await look(boss, 'officer-approve-wrong');
  await boss.locator('#dong-2 textarea').fill('Kiểm tra lại với cơ quan.');
  await boss.getByRole('button', { name: 'Quyết định 5 dòng' }).click();
  assert.match(await boss.locator('.at-flash').innerText(), /Đã duyệt cấp 4 dòng, từ chối 0, trả lại 1/);
  await look(boss, 'officer-decided');
  await boss.context().close();
  await page.reload();
  assert.match(await page.locator('#dong-2').innerText(), /Kiểm tra lại với cơ quan/);
  await page.context().close();
});

test('without script the whole way goes by buttons', async () => {
  const address = await file(2);
  const plain = { javaScriptEnabled: false };
  const desk = await as('tiepnhan', plain);
  await desk.goto(address);
  await desk.getByRole('button', { name: 'Tiếp nhận', exact: true }).click();
  await desk.context().close();
  const page = await as('thamdinh', plain);
  await page.goto(address);
  await page.getByRole('button', { name: 'Nhận thụ lý hồ sơ này' }).click();
  await page.locator('#dong-1 input[value=refuse]').check({ force: true });
  await page.locator('#dong-2 input[value=approve]').check({ force: true });
  await page.getByRole('button', { name: 'Trình phê duyệt', exact: true }).click();
  assert.match(await page.locator('#loi-1').innerText(), /lý do/);
  assert.ok(await page.locator('#dong-1 textarea').isVisible());
  await page.locator('#dong-1 textarea').fill('Đã nghỉ hưu.');
  await page.getByRole('button', { name: 'Trình phê duyệt 2 dòng' }).click();
  assert.match(await page.locator('.at-flash').innerText(), /Đã trình phê duyệt 2 dòng/);
  await page.context().close();
  const boss = await as('pheduyet', plain);
  await boss.goto(address);
  await boss.getByRole('button', { name: 'Chọn Đồng ý cho cả 2 đề xuất' }).click();
  await boss.getByRole('button', { name: 'Quyết định các dòng đã chọn' }).click();
  assert.match(await boss.locator('.at-flash').innerText(), /Đã duyệt cấp 1 dòng, từ chối 1/);
  await boss.context().close();
});

test('intake is refused with reasons, and the agency reads them', async () => {
  const address = await file(1);
  const desk = await as('tiepnhan');
  await desk.goto(address);
  await desk.getByRole('link', { name: 'Từ chối tiếp nhận…' }).click();
  await desk.getByRole('button', { name: 'Từ chối tiếp nhận' }).click();
  assert.match(await desk.locator('.govuk-error-summary').innerText(), /Ghi ít nhất một lý do/);
  await look(desk, 'officer-refuse');
  await desk.getByLabel('Lý do, mỗi lý do một dòng').fill('Bản chụp không có dấu.\nThiếu chữ ký lãnh đạo.');
  await desk.getByRole('button', { name: 'Từ chối tiếp nhận' }).click();
  assert.match(await main(desk), /3 Không được tiếp nhận/);
  assert.equal(await desk.getByRole('link', { name: 'Phiếu từ chối tiếp nhận' }).count(), 1);
  await look(desk, 'officer-refused');
  await desk.context().close();
  const agency = await as('lanhdao');
  await agency.goto(`${portal.url}/thong-bao`);
  assert.match(await main(agency), /không được tiếp nhận[\s\S]*Bản chụp không có dấu/);
  await agency.context().close();
});

test('a withdrawal reaches the desk with its reason and is answered there', async () => {
  const address = await file(1);
  const agency = await as('lanhdao');
  await agency.goto(`${portal.url}/ho-so`);
  await agency.getByRole('link', { name: /Cấp mới/ }).first().click();
  await agency.getByRole('link', { name: 'Xin rút hồ sơ' }).click();
  await agency.getByLabel('Vì sao rút?').fill('Nộp nhầm danh sách.');
  await agency.getByRole('button', { name: 'Xin rút hồ sơ' }).click();
  const desk = await as('tiepnhan');
  await desk.goto(`${portal.url}/cong-viec`);
  assert.match(await main(desk), /Cơ quan xin rút/);
  await desk.goto(address);
  assert.match(await main(desk), /Nộp nhầm danh sách/);
  await desk.getByRole('button', { name: 'Không đồng ý, xử lý tiếp' }).click();
  assert.match(await desk.locator('#ly-do-loi').innerText(), /lý do/i);
  await look(desk, 'officer-withdrawal');
  await desk.getByRole('button', { name: 'Đồng ý cho rút' }).click();
  assert.match(await main(desk), /8 Dừng xử lý/);
  await desk.context().close();
  await agency.reload();
  assert.match(await main(agency), /rút/);
  await agency.context().close();
});

test('a withdrawal that is declined says why, on both pages of the dossier', async () => {
  const address = await file(1);
  const agency = await as('lanhdao');
  await agency.goto(`${portal.url}/ho-so`);
  await agency.getByRole('link', { name: /Cấp mới/ }).first().click();
  const own = agency.url();
  await agency.getByRole('link', { name: 'Xin rút hồ sơ' }).click();
  await agency.getByLabel('Vì sao rút?').fill('Muốn bổ sung thêm người.');
  await agency.getByRole('button', { name: 'Xin rút hồ sơ' }).click();
  const desk = await as('tiepnhan');
  await desk.goto(address);
  await desk.locator('#ly-do').fill('Người mới có thể nộp hồ sơ riêng.');
  await desk.getByRole('button', { name: 'Không đồng ý, xử lý tiếp' }).click();
  assert.match(await desk.locator('.at-history').innerText(), /Lý do: Người mới có thể nộp hồ sơ riêng/);
  await desk.context().close();
  await agency.goto(own);
  assert.match(await main(agency), /không đồng ý rút[\s\S]*Lý do: Người mới có thể nộp hồ sơ riêng/);
  await look(agency, 'agency-withdrawal-declined');
  await agency.goto(`${portal.url}/thong-bao`);
  assert.match(await main(agency), /Hồ sơ của .* gửi ngày \d\d\/\d\d\/\d{4} \(chưa có mã\) không rút được/);
  await look(agency, 'agency-notices-declined');
  await agency.context().close();
});

test('another body and a role that ended see nothing', async () => {
  const address = await file(1);
  const agency = await as('lanhdao');
  assert.equal((await agency.goto(address)).status(), 403);
  await look(agency, 'officer-not-yours');
  await agency.context().close();
  const going = addPerson(portal, { email: 'sapdi@coquan.gov.vn', name: 'Hoàng Sắp Đi',
                                    roles: ['intake_officer'] });
  const page = await signIn(await startPerson(browser), portal, going);
  assert.equal((await page.goto(address)).status(), 200);
  run(['user', 'revoke', '--data', portal.data, '--email', going.email, '--role', 'intake_officer'],
      { env: portal.environment });
  await page.getByRole('button', { name: 'Tiếp nhận', exact: true }).click();
  assert.ok(!(await page.locator('body').innerText()).includes('Đã tiếp nhận'));
  const desk = await as('tiepnhan');
  await desk.goto(address);
  assert.match(await main(desk), /1 Mới đăng ký/);
  await desk.context().close();
  await page.context().close();
});

test('sixty dossiers: soonest due first, found without diacritics, one click to the next', async () => {
  const busy = await startAntin();
  try {
    const told = JSON.parse(run(['seed', '--data', busy.data, '--dossiers', '60', '--json'],
                                { env: busy.environment }).stdout);
    const page = await startPerson(browser);
    const [, value] = told.officer_cookie.split(/=(.*)/s).length > 1
      ? told.officer_cookie.split(/=(.*)/s) : ['', told.officer_cookie];
    await page.context().addCookies([{ name: '__Host-antin', value, url: busy.url, secure: true }]);
    await page.goto(`${busy.url}/cong-viec`);
    await look(page, 'officer-busy-work');
    await page.goto(`${busy.url}/hang-cho?hien=tat-ca`);
    await look(page, 'officer-busy-queue');
    await page.goto(`${busy.url}/hang-cho?hien=tat-ca&tim=khong-co-ai-ten-nay`);
    assert.match(await main(page), /Không có hồ sơ nào khớp/);
    await look(page, 'officer-busy-none');
    await page.goto(`${busy.url}/hang-cho?hien=tat-ca&loai=individual`);
    await page.locator('tr', { hasText: 'Mẫu 01' }).locator('a').first().click();
    await look(page, 'officer-busy-dossier');
    await page.context().close();
  } finally {
    await busy.stop();
  }
});
