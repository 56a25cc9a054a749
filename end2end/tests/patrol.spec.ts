import { LANGS, choose, expect, expectSound, open, stateOf, test, way, word } from './support';

for (const lang of LANGS) {
  test(`staff plan a patrol and a grid worker walks it (${lang}) @nojs @desk`, async ({ browser }) => {
    const staff = await open(browser, 'staff', lang);
    const name = `巡查 ${lang === 'en' ? 'en' : 'zh'} ${way()}`;
    await staff.goto('/staff/patrols');
    await expectSound(staff);
    await staff.locator('a[href="/staff/patrols/new"]').click();
    await staff.locator('[name=name]').fill(name);
    await staff.locator('[name=grid]').selectOption('wutong-g1');
    await staff.locator('[name=points]').fill('南门 井盖');
    await staff.locator('main form button.primary').click();
    // Without days, and with a line that has no colon: said at the fields, and kept.
    await expect(staff.locator('#points-error')).toBeVisible();
    await expect(staff.locator('[name=points]')).toHaveValue('南门 井盖');
    await expectSound(staff);
    for (const day of [1, 2, 3, 4, 5, 6, 7]) await staff.locator(`[name=weekdays][value="${day}"]`).check();
    await staff.locator('[name=points]').fill('南门：井盖\n车棚：充电');
    await staff.locator('main form button.primary').click();
    await expect(staff.locator('.patrol-points li')).toHaveCount(2);
    await expectSound(staff);
    await staff.context().close();

    const worker = await open(browser, 'gridWorker', lang);
    await worker.goto('/patrols');
    await worker.locator('main a.item', { hasText: name }).click();
    await expect(worker.locator('.patrol-walk > li')).toHaveCount(2);
    await expectSound(worker);
    await worker.locator('#p0 button[value=fine]').click();
    await expect(worker.locator('#p0 .badge')).toHaveText(word(lang, '正常', 'Fine'));
    await worker.locator('#p1 button[value=found]').click();
    // What was found is reported from the point, and the way leads back to it.
    await worker.locator('#p1 a[href^="/volunteer/collect"]').click();
    await expect(worker.locator('form[action="/volunteer/collect"] [name=place]')).toHaveValue('车棚');
    await expectSound(worker);
    await worker.locator('[name=building]').selectOption('wutong-1');
    await worker.locator('main [name=description]').fill('车棚里拉了飞线');
    await worker.locator('.action-bar button:not([name])').click();
    await expect(worker).toHaveURL(/\/patrols\/[^/]+#p1$/);
    await expect(worker.locator('#p1 a[href^="/reports/"]')).toBeVisible();
    await expectSound(worker);
    await worker.locator('[name=note]').fill('车棚有飞线');
    await worker.locator('.action-bar button.primary').click();
    await expect(worker).toHaveURL(/\/patrols$/);
    await expect(worker.locator('main a.item', { hasText: name }).locator('.badge')).toBeVisible();
    await worker.context().close();
  });
}

test.describe('what a camera found', () => {
  // The number that is none comes back with 422.
  test.use({ storageState: stateOf('staff'), allowErrors: [/status of 422/] });
  // Each way has a finding of its own.
  test('becomes a report when staff have looked @desk', async ({ page }) => {
    const lang = way() === 'desk' ? 'en' : 'zh-CN';
    await choose(page, lang);
    await page.goto('/staff/intake');
    await page.locator('main a.item', { hasText: way() === 'desk' ? '64%' : '91%' }).first().click();
    await expectSound(page);
    await page.locator('form[action$="/confirm"] [name=description]').fill('北门人行道垃圾袋堆放');
    await page.locator('form[action$="/confirm"] button.primary').click();
    await expect(page).toHaveURL(/\/staff\/reports\/\w+$/);
    await expect(page.locator('main')).toContainText('北门人行道垃圾袋堆放');
    await page.goto('/staff/calls');
    await page.locator('[name=number]').fill('12');
    await page.locator('form[action="/staff/calls"] button').click();
    await expect(page.locator('#number-error')).toBeVisible();
    await page.locator('[name=number]').fill('0571 88001234');
    await page.locator('form[action="/staff/calls"] button').click();
    await expect(page.locator('#found')).toBeVisible();
    await expectSound(page);
  });
});
