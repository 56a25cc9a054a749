import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { LANGS, type Person, expect, expectSound, open, sizeFor, test, way, word } from './support';

const PDF = '%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n';

// Staff plan and run a session; a resident votes; a colleague approves the minutes. Each run has a session of its own.
for (const lang of LANGS) {
  test(`a meeting from its agenda to its minutes (${lang}) @nojs @desk`, async ({ browser }) => {
    test.setTimeout(150_000);
    const title = `会议 ${lang} ${Date.now() % 1_000_000}`;
    const staff = await open(browser, 'staff', lang);
    await staff.goto('/staff/meetings');
    await expectSound(staff);
    await staff.locator('a[href^="/staff/meetings/bodies/"]').first().click();
    await expectSound(staff);
    await staff.locator('#plan > summary').click();
    await staff.locator('[name=session_title]').fill(title);
    await staff.locator('[name=session_starts]').fill('2030-01-10T19:00');
    await staff.locator('[name=session_place]').fill('会议室');
    await staff.locator('#plan button.primary').click();
    await expect(staff).toHaveURL(/\/staff\/meetings\/[0-9a-f-]{36}$/);
    const here = new URL(staff.url()).pathname;
    await staff.locator('#add-item > summary').click();
    await staff.locator('[name=item_title]').fill('路灯');
    await staff.locator('[name=item_paper]').fill('两盏灯，两种价格。');
    await staff.locator('#add-item form button').click();
    // Its paper: refused at its field when it is none.
    const item = staff.locator('.meeting-agenda > li').first();
    const attach = async (name: string, text: string) => {
      if (!(await item.locator('input[type=file]').isVisible())) await item.locator('details:has(input[type=file]) > summary').click();
      await item.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/pdf', buffer: Buffer.from(text) });
      await item.locator('form:has(input[type=file]) button').click();
    };
    await attach('材料.pdf', '<!doctype html>');
    await expect(item.locator('.error')).toContainText('PDF');
    await expectSound(staff);
    for (const name of ['路灯报价.pdf', '旧报价.pdf']) {
      await attach(name, PDF);
      await expect(item.locator('.meeting-papers')).toContainText(name);
    }
    const old = item.locator('.meeting-papers li', { hasText: '旧报价' });
    await old.locator('details.confirm > summary').click();
    await expectSound(staff);
    await old.locator('form button').click();
    await expect(old).toHaveCount(0);
    await expect(item.locator('.meeting-papers li')).toHaveCount(1);
    for (const step of ['invite', 'open']) await staff.locator(`button[name=step][value=${step}]`).first().click();
    await staff.locator('.meeting-roll li').first().locator('button[value=present]').click();
    await expect(staff.locator('.meeting-roll li').first().locator('button[value=present]')).toHaveAttribute('aria-pressed', 'true');
    await staff.locator('#add-ballot > summary').click();
    await staff.locator('[name=ballot_question]').fill('装哪一种？');
    await staff.locator('[name=ballot_way][value=secret]').check();
    await staff.locator('[name=ballot_options]').fill('暖光\n白光');
    await staff.locator('#add-ballot form button').click();
    await staff.locator('.meeting-ballot button[value=open]').click();
    await expectSound(staff);

    const resident = await open(browser, 'resident', lang);
    await resident.goto('/meetings');
    await expectSound(resident);
    await resident.locator('main a.item', { hasText: title }).first().click();
    await expectSound(resident);
    const download = resident.waitForEvent('download');
    await resident.locator('.meeting-agenda a.item', { hasText: '路灯报价.pdf' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('路灯报价.pdf');
    expect(readFileSync(await file.path(), 'utf8')).toBe(PDF);
    await resident.locator('.meeting-ballot input[name=choice][value="1"]').check();
    await resident.locator('.meeting-ballot button.primary').click();
    await expect(resident.locator('.meeting-ballot .note')).toBeVisible();
    await expect(resident.locator('.meeting-ballot input[name=choice]')).toHaveCount(0);
    await resident.context().close();

    // One vote is not counted: its total would say whose it was.
    await staff.goto(here);
    await staff.locator('.meeting-ballot button[value=close]').click();
    await expect(staff.locator('.meeting-ballot table')).toHaveCount(0);
    await expect(staff.locator('.meeting-outcome')).toBeVisible();
    await staff.locator('button[name=step][value=close]').click();
    await staff.locator('button[name=step][value=write]').click();
    await expect(staff.locator('.meeting-minutes')).toContainText('装哪一种');
    await staff.context().close();

    const second = await open(browser, 'secondStaff', lang);
    await second.goto(`${here.replace('/staff', '')}/minutes`);
    await expectSound(second);
    await second.locator('form[action$="/minutes"] button.primary').click();
    await expect(second.locator('form[action$="/minutes"]')).toHaveCount(0);
    await second.emulateMedia({ media: 'print' });
    await expect(second.locator('.meeting-signature')).toBeVisible();
    await second.context().close();
  });
}

// Who proposes: of one person only so many proposals may wait.
const PROPOSERS: Record<ReturnType<typeof way>, Record<(typeof LANGS)[number], Person>> = {
  phone: { 'zh-CN': 'elder', en: 'resident' },
  html: { 'zh-CN': 'neighbour', en: 'elder' },
  desk: { 'zh-CN': 'electrician', en: 'volunteer' },
};

for (const lang of LANGS) {
  test(`a resident proposes something and reads what was published (${lang}) @nojs @desk`, async ({ browser }) => {
    const page = await open(browser, PROPOSERS[way()][lang], lang);
    await page.goto('/meetings');
    await page.locator('#propose > summary').click();
    const title = `楼道扶手 ${way()}`;
    await page.locator('[name=proposal_title]').fill(title);
    await page.locator('[name=proposal_text]').fill('三楼的扶手松了。');
    await page.locator('#propose button.primary').click();
    await expect(page.locator('main')).toContainText(title);
    await page.goto('/meetings');
    // Members have it twice: among their own sessions, and among what is published.
    await page.locator('main a.item', { hasText: '第三季度联席会议' }).last().click();
    await expect(page.locator('main')).toContainText('充电桩');
    await expectSound(page);
    await page.context().close();
  });
}

/** Takes a step of a resolution on its page, with words where it asks for them. */
async function doing(page: Page, step: string, words = '') {
  const form = page.locator(`details:has(input[name=step][value=${step}])`);
  await form.locator('summary').click();
  if (words) await form.locator('textarea').fill(words);
  await form.locator('button').click();
}

for (const lang of LANGS) {
  test(`hands are counted in the hall, the minutes say so, and the resolution is carried out (${lang}) @nojs @desk`, async ({ browser }) => {
    test.setTimeout(150_000);
    const title = `现场会 ${lang} ${Date.now() % 1_000_000}`;
    const staff = await open(browser, 'staff', lang, sizeFor(lang));
    await staff.goto('/staff/meetings');
    await staff.locator('a[href^="/staff/meetings/bodies/"]').first().click();
    await staff.locator('#plan > summary').click();
    await staff.locator('[name=session_title]').fill(title);
    await staff.locator('[name=session_starts]').fill('2030-01-11T19:00');
    await staff.locator('[name=session_place]').fill('一楼大厅');
    await staff.locator('#plan button.primary').click();
    await expect(staff).toHaveURL(/\/staff\/meetings\/[0-9a-f-]{36}$/);
    const here = new URL(staff.url()).pathname;
    await staff.locator('#add-item > summary').click();
    await staff.locator('[name=item_title]').fill('单元门锁');
    await staff.locator('#add-item form button').click();
    for (const step of ['invite', 'open']) await staff.locator(`button[name=step][value=${step}]`).first().click();
    // Four who may vote are in the hall, and one who may not.
    for (const name of ['沈雨桐', '吴建明', '林晓禾', '何立群', '韩启良']) {
      const present = staff.locator('.meeting-roll li', { hasText: name }).locator('button[value=present]');
      await present.click();
      await expect(present).toHaveAttribute('aria-pressed', 'true');
    }
    await staff.locator('#add-ballot > summary').click();
    await staff.locator('[name=ballot_question]').fill('换不换电子门锁？');
    await staff.locator('[name=ballot_way][value=hands]').check();
    await staff.locator('#add-ballot form button').click();
    await staff.locator('.meeting-ballot button[value=open]').click();
    const votes = staff.locator('.meeting-ballot input[name=votes]');
    await expect(votes).toHaveCount(3);
    await expectSound(staff);
    // More hands than people are refused, and what was typed stays.
    const count = async (...hands: string[]) => {
      for (const [n, hand] of hands.entries()) await votes.nth(n).fill(hand);
      await staff.locator('.meeting-ballot select[name=witness]').selectOption({ label: '林晓禾' });
      await staff.locator('.meeting-ballot button[value=close]').click();
    };
    await count('4', '1', '0');
    await expect(staff.locator('.meeting-ballot .error')).toContainText('4');
    await expect(votes.first()).toHaveValue('4');
    await expect(staff.locator('.meeting-ballot select[name=witness] option:checked')).toHaveText('林晓禾');
    await expectSound(staff);
    await count('3', '1', '0');
    await expect(staff.locator('.meeting-outcome')).toHaveText(word(lang, '通过', 'Carried'));
    const totals = staff.locator('.meeting-ballot table tbody tr');
    for (const [n, hand] of ['3', '1', '0'].entries()) await expect(totals.nth(n)).toContainText(hand);
    await expect(staff.locator('.meeting-ballot')).toContainText('林晓禾');

    // What was decided is somebody's to do.
    await staff.locator('#resolve > summary').click();
    await staff.locator('[name=resolution_text]').fill(`换门锁 ${title}`);
    await staff.locator('[name=resolution_ballot]').selectOption({ label: '换不换电子门锁？' });
    const owner = staff.locator('[name=resolution_owner]');
    const unit = await owner.locator('option', { hasText: '韩启良' }).getAttribute('value');
    await owner.selectOption(unit!);
    await staff.locator('[name=resolution_due]').fill('2030-02-01');
    await staff.locator('#resolve form button').click();
    await expect(staff.locator('main')).toContainText(`换门锁 ${title}`);
    await staff.locator('button[name=step][value=close]').click();
    await staff.locator('button[name=step][value=write]').click();
    const minutes = staff.locator('.meeting-minutes');
    for (const said of ['换不换电子门锁？', '3', '林晓禾', '通过', '换门锁', '韩启良']) await expect(minutes).toContainText(said);
    await expectSound(staff);

    const second = await open(browser, 'secondStaff', lang);
    await second.goto(`${here.replace('/staff', '')}/minutes`);
    await second.locator('form[action$="/minutes"] button.primary').click();
    await expect(second.locator('form[action$="/minutes"]')).toHaveCount(0);
    await second.context().close();

    // Its owner takes it up and says that it is done; nobody checks their own work.
    const rep = await open(browser, 'unit', lang, sizeFor(lang));
    await rep.goto('/meetings');
    await rep.locator('main a[href^="/meetings/resolutions/"]', { hasText: title }).first().click();
    const task = new URL(rep.url()).pathname;
    const state = (page: Page) => page.locator('.meta .badge').first();
    await doing(rep, 'note', '已经订货，下周到。');
    await expect(rep.locator('.timeline')).toContainText('下周到');
    await expect(state(rep)).toHaveText(word(lang, '落实中', 'To be done'));
    await expectSound(rep);
    await doing(rep, 'report', '六个单元都换好了。');
    await expect(state(rep)).toHaveText(word(lang, '待确认', 'Waits for a look'));
    await expect(rep.locator('input[name=step][value=confirm]')).toHaveCount(0);

    // A member who sees that it is carried out sends it back once, then confirms.
    const member = await open(browser, 'resident', lang, sizeFor(lang));
    await member.goto(task);
    await expectSound(member);
    await doing(member, 'return', '5 栋的还没换。');
    await expect(state(member)).toHaveText(word(lang, '落实中', 'To be done'));
    await rep.goto(task);
    await doing(rep, 'report', '5 栋也换了。');
    await member.goto(task);
    await doing(member, 'confirm');
    await expect(state(member)).toHaveText(word(lang, '已完成', 'Done'));
    await expect(member.locator('.timeline .event')).toHaveCount(5);
    await expect(member.locator('main form input[name=step]')).toHaveCount(0);
    await expectSound(member);
    for (const page of [staff, rep, member]) await page.context().close();
  });
}
