import { LANGS, type Person, expect, expectSound, open, test, way, word } from './support';
import type { Page } from '@playwright/test';

/** A day so many days from now, as date fields take it. */
const today = (days = 0) => new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });

for (const lang of LANGS) {
  test(`staff make an agreement with a task, and print it (${lang}) @nojs @desk`, async ({ browser }) => {
    test.setTimeout(90_000);
    const page: Page = await open(browser, 'staff', lang);
    await page.goto('/staff/partners');
    await page.locator('a[href="/staff/partners/organisations/new"]').first().click();
    await page.locator('[name=name]').fill(`桐荫书店 ${Date.now() % 100_000}`);
    await page.locator('[name=kind]').selectOption('enterprise');
    await page.locator('[name=contact]').fill('0571-88881234');
    await expectSound(page);
    await page.locator('form:has([name=contact]) button.primary').click();
    await expect(page.locator('main')).toContainText('****1234');
    await expect(page.locator('main')).not.toContainText('88881234');
    await page.locator('[name=title]').fill('周末阅读');
    await page.locator('[name=from]').fill(today(-30));
    await page.locator('[name=until]').fill(today(60));
    await page.locator('[name=community_gives]').fill('活动室');
    await page.locator('[name=partner_gives]').fill('每月 50 本书');
    await page.locator('form:has([name=title]) button.primary').click();
    await expect(page).toHaveURL(/\/staff\/partners\/agreements\//);
    await page.locator('[name=task_title]').fill('送第一批书');
    await page.locator('[name=due]').fill(today(2));
    await page.locator('form:has([name=task_title]) button.primary').click();
    await expect(page.locator('main')).toContainText('送第一批书');
    await expectSound(page);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.partners-signs')).toBeVisible();
    await expect(page.locator('form:has([name=task_title])')).toBeHidden();
    await page.context().close();
  });
}

// Who joins: somebody else in each way.
const JOINS: Record<ReturnType<typeof way>, Record<(typeof LANGS)[number], Person>> = {
  phone: { 'zh-CN': 'resident', en: 'elder' },
  html: { 'zh-CN': 'neighbour', en: 'tenant' },
  desk: { 'zh-CN': 'gridWorker', en: 'unit' },
};

for (const lang of LANGS) {
  test(`somebody joins a team, is taken, and leaves (${lang}) @nojs @desk`, async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await open(browser, JOINS[way()][lang], lang);
    await page.goto('/teams');
    await expectSound(page);
    // 何立群 waits for the first team already.
    await page.locator('main a[href^="/teams/"]').last().click();
    await expectSound(page);
    await page.locator('[name=skills]').first().check();
    await page.locator('[name=consent]').check();
    await page.locator('form[action$="/join"] button.primary').click();
    await expect(page.locator('main .note')).toContainText(word(lang, '等社区回复', 'staff will answer'));
    await expectSound(page);

    const staff = await open(browser, 'secondStaff', lang);
    await staff.goto('/staff/partners?tab=waiting');
    await staff.locator('main a[href^="/staff/partners/members/"]').last().click();
    await expectSound(staff);
    await staff.locator('button[value=accept]').click();
    await expect(staff.locator('main .badge').first()).toContainText(word(lang, '在队', 'In the team'));
    await staff.context().close();

    await page.reload();
    await expect(page.locator('main .note')).toContainText(word(lang, '您在队里', 'You are in the team'));
    await page.locator('details.confirm summary').click();
    await page.locator('form[action$="/leave"] button').click();
    await expect(page).toHaveURL(/\/me\/service$/);
    await page.context().close();
  });
}

for (const lang of LANGS) {
  test(`a volunteer makes a certificate that others can check (${lang}) @desk`, async ({ browser }) => {
    test.setTimeout(90_000);
    // The electrician of the demonstration has confirmed hours.
    const page = await open(browser, 'electrician', lang);
    await page.goto('/me/service');
    await expect(page.locator('.partners-years')).toContainText(word(lang, '小时', ' h'));
    await expectSound(page);
    await page.locator('form[method=get][action="/me/service/certificate"] button').first().click();
    const make = page.locator('form[method=post][action="/me/service/certificate"] button');
    if (await make.count()) await make.click();
    await expect(page.locator('.partners-paper')).toContainText(word(lang, '兹证明', 'This is to certify'));
    await expectSound(page);
    const address = (await page.locator('.partners-address').innerText()).trim();
    await page.goto(new URL(address).pathname);
    await expect(page.locator('main')).toContainText('唐*东');
    await expect(page.locator('main')).not.toContainText('唐卫东');
    await expectSound(page);
    await page.context().close();
  });
}
