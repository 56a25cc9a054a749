import { LANGS, type Person, choose, expect, expectSound, open, sizeFor, test, way } from './support';
import type { Page } from '@playwright/test';

/** Who rates: somebody else in each way. */
const RATERS: Record<string, Record<(typeof LANGS)[number], Person>> = {
  phone: { 'zh-CN': 'resident', en: 'elder' },
  desk: { 'zh-CN': 'neighbour', en: 'electrician' },
};

/** Opens the demo's company of 梧桐苑. */
async function company(page: Page, list: string) {
  await page.goto(list);
  await page.locator('main a[href*="/"]').filter({ hasText: /禾宁|Hening/ }).first().click();
}

// A title of its own for each way to run it, so that they do not meet.
for (const lang of LANGS) {
  test(`an entry is proposed, answered, published, appealed and revoked (${lang}) @nojs @desk`, async ({ browser }) => {
    test.setTimeout(150_000);
    const title = `测试记录 ${lang}-${way()}-${Date.now() % 100_000}`;
    const staff = await open(browser, 'secondStaff', lang);
    await company(staff, '/staff/property');
    await expectSound(staff);
    await staff.locator('#propose > summary').click();
    await staff.locator('#propose [name=estate]').selectOption({ index: 1 });
    await staff.locator('[name=title]').fill(title);
    await staff.locator('[name=basis]').fill('合同第 9 条：楼道保洁每日一次。');
    await staff.locator('[name=evidence]').fill('两次巡查照片。');
    await staff.locator('[name=points]').fill('0');
    await staff.locator('#propose button.primary').click();
    // A mistake comes back at its field, with what was typed.
    await expect(staff.locator('#points-error')).toBeVisible();
    await expect(staff.locator('[name=title]')).toHaveValue(title);
    await staff.locator('[name=points]').fill('-6');
    await staff.locator('#propose button.primary').click();
    await expect(staff).toHaveURL(/\/staff\/property\/entries\//);
    await expectSound(staff);
    const here = new URL(staff.url()).pathname;

    // The company.
    const rep = await open(browser, 'unit', lang);
    await company(rep, '/companies');
    await expectSound(rep);
    await rep.locator('main a', { hasText: title }).first().click();
    await rep.locator('[name=text]').fill('保洁员请假，第二天已补。');
    await rep.locator('main button.primary').click();
    await expect(rep.locator('.timeline')).toContainText('第二天已补');

    const street = await open(browser, 'supervisor', lang);
    const decide = async (page: Page, step: string, text: string) => {
      await page.goto(here);
      await page.locator(`[name=step][value=${step}]`).check();
      await page.locator('[name=text]').fill(text);
      await page.locator('main button.primary').click();
      await expect(page.locator('.flash')).toBeVisible();
    };
    await decide(street, 'publish', '事实清楚。');
    await rep.reload();
    await rep.locator('[name=text]').fill('已按合同整改，请求撤销。');
    await rep.locator('main button.primary').click();
    await expect(rep.locator('.flash')).toBeVisible();

    // Everybody sees that an appeal is under way.
    const visitor = await browser.newContext({ ...test.info().project.use, storageState: undefined });
    const page = await visitor.newPage();
    await choose(page, lang);
    await company(page, '/property');
    await expect(page.locator('tr', { hasText: title })).toContainText(lang === 'en' ? 'under appeal' : '申诉中');
    await expectSound(page);

    // Who published it cannot decide again; the district can.
    await street.goto(here);
    await expect(street.locator('[name=step]')).toHaveCount(0);
    const district = await open(browser, 'district', lang);
    await decide(district, 'revoke', '企业已整改，予以撤销。');
    await page.reload();
    await expect(page.locator('tr', { hasText: title })).toHaveCount(0);
    for (const one of [staff, rep, street, district]) await one.context().close();
    await visitor.close();
  });
}

for (const lang of LANGS) {
  test(`an assessment opens down to what it was made from, and prints (${lang}) @desk`, async ({ browser }) => {
    const page = await open(browser, 'supervisor', lang);
    await company(page, '/staff/property');
    await page.locator('main a[href^="/staff/property/assessments/"]').first().click();
    await expect(page.locator('.property-score')).toHaveText(/^\d+\.\d\d$/);
    await expect(page.locator('main')).toContainText(lang === 'en' ? 'exactly' : '完全一致');
    await expectSound(page);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.property-paper table').first()).toBeVisible();
    await expect(page.locator('.bar').first()).toBeHidden();
    await page.context().close();
  });
}

for (const lang of LANGS) {
  test(`a resident rates the property of where they live, once a quarter (${lang}) @desk`, async ({ browser }) => {
    const page = await open(browser, RATERS[way()][lang], lang);
    await page.goto('/property/rate');
    await expectSound(page);
    await page.locator('[name=stars][value="2"]').check();
    await page.locator('main button.primary').click();
    await expect(page.locator('#reason-error')).toBeVisible();
    await page.locator('[name=reason]').fill('楼道灯总是不亮');
    await page.locator('main button.primary').click();
    await expect(page.locator('.flash')).toBeVisible();
    await expect(page.locator('[name=stars][value="2"]')).toBeChecked();
    await page.context().close();
  });
}

// An inspection of its own for each way to run it: points are how it is found again.
const LOST: Record<string, Record<(typeof LANGS)[number], [string, string]>> = {
  phone: { 'zh-CN': ['11', '2'], en: ['12', '3'] },
  desk: { 'zh-CN': ['13', '4'], en: ['14', '5'] },
};

for (const lang of LANGS) {
  test(`an inspection is written down, seen by the company, and counted in the score (${lang}) @desk`, async ({ browser }) => {
    test.setTimeout(120_000);
    const lost = LOST[way()][lang];
    const points = String(100 - Number(lost[0]) - Number(lost[1]));
    const found = `电梯间灯坏 ${lang}-${way()}`;
    const staff = await open(browser, 'staff', lang, sizeFor(lang));
    await staff.goto('/staff/property/estates');
    await expectSound(staff);
    await staff.locator('main a.table-title', { hasText: /梧桐苑|Wutong/ }).first().click();
    await staff.locator('#inspect > summary').click();
    const form = staff.locator('#inspect form');
    // Without a contract on that day nobody's work was inspected: what was typed stays.
    await form.locator('[name=day]').fill('2001-01-01');
    await form.locator('[name=items]').first().fill(found);
    await form.locator('[name=lost]').first().fill(lost[0]);
    await form.locator('[name=items]').nth(1).fill('垃圾桶没有盖');
    await form.locator('[name=lost]').nth(1).fill(lost[1]);
    await form.locator('button.primary').click();
    await expect(staff.locator('#day-error')).toBeVisible();
    await expect(form.locator('[name=items]').first()).toHaveValue(found);
    await expectSound(staff);
    await form.locator('[name=day]').fill('2026-09-15');
    await form.locator('button.primary').click();
    const row = (page: Page) => page.locator('tr', { hasText: found });
    await expect(row(staff)).toContainText(points);
    await expectSound(staff);

    // The company sees what was found, and what it took.
    const rep = await open(browser, 'unit', lang, sizeFor(lang));
    await company(rep, '/companies');
    for (const said of [points, '垃圾桶没有盖', `−${lost[0]}`]) await expect(row(rep)).toContainText(said);
    await expect(rep.locator('form[action$="/inspections"], form[action$="/photos"]'), 'it does not write').toHaveCount(0);
    await expectSound(rep);

    // The street has the quarter counted anew: the inspection is in it, and everything in it leads to where it comes from.
    const street = await open(browser, 'supervisor', lang, sizeFor(lang));
    await company(street, '/staff/property');
    await street.locator('form[action$="/assessments"] select').selectOption('2026-Q3');
    await street.locator('form[action$="/assessments"] button').click();
    await expect(street).toHaveURL(/\/staff\/property\/assessments\//);
    const score = street.locator('.property-paper');
    await expect(score.locator('.property-reasons li', { hasText: '2026-09-15' }).filter({ hasText: points })).toHaveCount(1);
    await expect(score).toContainText(lang === 'en' ? 'exactly' : '完全一致');
    await expectSound(street);
    for (const kind of ['/staff/property/entries/', '/staff/property/estates/', '/staff/reports/']) {
      const link = score.locator(`a[href^="${kind}"]`).first();
      const words = (await link.innerText()).trim();
      const opened = await street.request.get((await link.getAttribute('href'))!);
      expect(opened.status(), kind).toBe(200);
      expect(await opened.text(), kind).toContain(words);
    }
    // The company opens the same score on its own pages.
    await rep.reload();
    await rep.locator('main a[href^="/companies/assessments/"]').first().click();
    await expect(rep.locator('.property-reasons li', { hasText: '2026-09-15' }).filter({ hasText: points })).toHaveCount(1);
    await expectSound(rep);
    for (const page of [staff, rep, street]) await page.context().close();
  });
}
