import { LANGS, type Person, expect, expectSound, open, test, way } from './support';

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
