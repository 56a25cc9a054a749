import { LANGS, choose, expect, expectSound, open, scripted, test } from './support';
import type { Browser, Page } from '@playwright/test';

const HALL = 'hall-wutong';

/** A manager's browser on a desk. */
async function desk(browser: Browser, person: 'admin' | 'staff', lang: 'zh-CN' | 'en'): Promise<Page> {
  const page = await open(browser, person, lang);
  await page.setViewportSize({ width: 1280, height: 900 });
  return page;
}

const word = (lang: string, zh: string, en: string) => (lang === 'en' ? en : zh);

// One item of its own for each way to run it, so that they do not meet; the whole way with and without JavaScript.
for (const lang of LANGS) {
  test(`an admin writes an item, offers it, changes it and stops offering it (${lang}) @nojs`, async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await desk(browser, 'admin', lang);
    const code = `try-${lang === 'en' ? 'en' : 'zh'}-${scripted() ? 'js' : 'html'}-${Date.now() % 100_000}`;
    await page.goto('/staff/items');
    await expectSound(page);
    await page.locator('a[href="/staff/items/new"]').click();
    await expectSound(page);
    const fill = (name: string, text: string) => page.locator(`[name="${name}"]`).fill(text);
    await fill('title', '居住证明');
    await fill('official_name', `居住证明开具 ${code}`);
    await fill('code', code);
    await fill('letter', 'c');
    await fill('minutes', '20');
    await fill('keywords', '住址、证明');
    for (const name of ['who', 'how_long', 'fee', 'result', 'basis']) await fill(name, `${name} 说明`);
    await fill('qu-0-text', '是租房吗？');
    await fill('ma-0-name', '身份证');
    await fill('ma-1-name', '租房合同');
    // Rows move and come by buttons that send the form; what was typed stays.
    await page.locator('button[name=do][value="ma-1-up"]').click();
    await expect(page.locator('[name="ma-0-name"]')).toHaveValue('租房合同');
    await expect(page.locator('[name=title]')).toHaveValue('居住证明');
    await page.locator('button[name=do][value="qu-1-remove"]').click();
    await expect(page.locator('[name="qu-1-text"]')).toHaveCount(0);
    await page.locator('button[name=do][value="initials"]').click();
    await expect(page.locator('[name=keywords]')).toHaveValue(/jzzm/);
    await page.locator('[name="ma-0-if"]').selectOption({ index: 1 });
    // A mistake comes back at its field.
    await fill('letter', '甲');
    await page.locator('.action-bar button.primary').click();
    await expect(page.locator('#letter-error')).toBeVisible();
    await expectSound(page);
    await fill('letter', 'C');
    await page.locator('.action-bar button.primary').click();

    // The preview shows it as residents see it, with answers.
    await expect(page.locator('.phone-preview')).toContainText('租房合同');
    await page.locator('.phone-preview input[type=radio][value=no]').check();
    await page.locator('.phone-preview button').click();
    await expect(page.locator('.phone-preview .checks, .phone-preview .choices').last()).not.toContainText('租房合同');
    await expectSound(page);
    await page.locator('form:has([name=confirm]) button.primary').click();
    await expect(page).toHaveURL(new RegExp(`/staff/items/${code}$`));
    await expectSound(page);

    // A change is a version; the history says what differs.
    await page.goto(`/staff/items/${code}/edit?minutes=25`);
    await expect(page.locator('[name=minutes]')).toHaveValue('25');
    await page.locator('.action-bar button.primary').click();
    await page.locator('form:has([name=confirm]) button.primary').click();
    await page.goto(`/staff/items/${code}/history`);
    await expect(page.locator('.versions')).toContainText('20 → 25');
    await expectSound(page);

    // No longer offered: it is under its own tab.
    await page.goto(`/staff/items/${code}`);
    await page.locator('details.confirm summary, details summary').last().click();
    await page.locator('button[name=retired]').click();
    await page.locator('form:has([name=confirm]) button.primary').click();
    await expect(page.locator('main .note')).toContainText(word(lang, '已停办', 'No longer offered'));
    await page.goto(`/staff/items?state=retired&q=${encodeURIComponent('居住证明')}`);
    await expect(page.locator(`a[href="/staff/items/${code}"]`)).toBeVisible();
    await page.context().close();
  });

  test(`staff see their hall's day, and its settings name what a change hits (${lang}) @nojs`, async ({ browser }) => {
    test.setTimeout(90_000);
    const page = await desk(browser, 'staff', lang);
    await page.goto(`/staff/halls/${HALL}/today`);
    await expect(page.locator('.figures .figure')).toHaveCount(6);
    await expectSound(page);
    await page.locator(`a[href="/staff/halls/${HALL}"]`).first().click();
    await expectSound(page);
    // Looked at and left: a window that is closed hits the bookings at it.
    await page.locator('details.window-settings summary').first().click();
    await page.locator('[name="win-0-closed"]').check();
    await page.locator('.action-bar button.primary').click();
    await expect(page.locator('.changes')).toBeVisible();
    await expect(page.locator('.hit-list .hit').first()).toBeVisible();
    await expectSound(page);
    await page.locator('form:has([name=edit]) button').click();
    await expect(page.locator('[name="win-0-closed"]')).toBeChecked();
    await page.context().close();
  });

  test(`figures stand in tables with a chart beside each (${lang}) @nojs`, async ({ browser }) => {
    const page = await desk(browser, 'staff', lang);
    await page.goto('/staff/statistics');
    await expect(page.locator('.chart')).toHaveCount(11);
    await expect(page.locator('table')).toHaveCount(6);
    await expectSound(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectSound(page);
    await page.context().close();
  });

  test(`a year that is imported is looked at first; mistakes are named by line (${lang}) @nojs`, async ({ browser }) => {
    const page = await desk(browser, 'admin', lang);
    await page.goto('/staff/calendar');
    await expectSound(page);
    await page.locator('details:has([name=text]) summary').click();
    await page.locator('[name=text]').fill('2031-01-01,off,元旦\n2031-02-30,off,春节');
    await page.locator('[name=source]').fill('测试用的一年');
    await page.locator('form:has([name=text]) button.primary').click();
    await expect(page.locator('.error-summary')).toContainText('2');
    await expect(page.locator('[name=text]')).toHaveValue(/2031-02-30/);
    await expectSound(page);
    await page.locator('[name=text]').fill('2031-01-01,off,元旦,New Year\n2031-01-04,work,元旦,New Year');
    await page.locator('form:has([name=text]) button.primary').click();
    await expect(page.locator('.month')).toHaveCount(1);
    await expect(page.locator('td[data-changed]')).toHaveCount(2);
    await expectSound(page);
    // Only looked at: other tests book by this calendar.
    await page.context().close();
  });
}

test('an appeal is decided with a reason', async ({ browser }) => {
  const page = await desk(browser, 'staff', 'zh-CN');
  await page.goto('/staff');
  await page.locator('a[href="/staff/blocks"]').first().click();
  await expect(page.locator('.hit').first()).toContainText('住院');
  await expectSound(page);
  const form = page.locator('.hit form').first();
  await form.locator('textarea').fill('情况属实，已解除。');
  await form.locator('button[value=lift]').click();
  await expect(page).toHaveURL(/\/staff\/blocks/);
  await page.goto('/staff/blocks?which=decided');
  await expect(page.locator('.hit').first()).toContainText('情况属实');
  await expectSound(page);
  await page.context().close();
});
