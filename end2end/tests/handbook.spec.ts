import { LANGS, expect, expectNoSidewaysScroll, expectSound, open, test, way } from './support';

// What each way and language changes: two at one entry would have to look again.
const ENTRIES: Record<string, Record<(typeof LANGS)[number], string>> = {
  phone: { 'zh-CN': '群租', en: '飞线充电' },
  desk: { 'zh-CN': '走失', en: '补卡' },
};

for (const lang of LANGS) {
  test(`staff find and print what to do when (${lang}) @nojs @desk`, async ({ browser }) => {
    test.setTimeout(90_000);
    const page = await open(browser, 'staff', lang);
    await page.goto('/staff/handbook');
    await expectSound(page);
    await page.locator('main input[name=q]').fill('有人困电梯里了');
    await page.locator('main form.search button').click();
    await expect(page.locator('main a.item').first()).toContainText('电梯困人');
    await page.locator('main a.item').first().click();
    await expect(page.locator('a[href="tel:96333"]')).toBeVisible();
    await expectSound(page);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.prose')).toBeVisible();
    await expect(page.locator('.handbook-tools').first()).toBeHidden();
    await page.emulateMedia({ media: 'screen' });
    await page.context().close();
  });
}

for (const lang of LANGS) {
  test(`staff change their own community's entry, and every version is kept (${lang}) @desk`, async ({ browser }) => {
    const page = await open(browser, 'staff', lang);
    await page.goto('/staff/handbook?q=' + encodeURIComponent(ENTRIES[way()][lang]));
    await page.locator('main a.item').first().click();
    await page.locator('main a[href$="/edit"]').click();
    await expectSound(page);
    const steps = page.locator('textarea[name=steps]');
    const text = await steps.inputValue();
    await steps.fill(`${text}\n7. 归档 ${Date.now()}`);
    await page.locator('main form button.primary').click();
    await expect(page.locator('.flash')).toBeVisible();
    await page.locator('main a[href$="/versions"]').click();
    await expect(page.locator('.differences ins').first()).toBeVisible();
    await expectSound(page);
    await page.context().close();
  });
}

for (const lang of LANGS) {
  test(`a grid worker looks it up (${lang}) @desk`, async ({ browser }) => {
    const page = await open(browser, 'gridWorker', lang);
    if (way() !== 'desk') await page.setViewportSize({ width: 360, height: 740 });
    await page.goto('/staff/handbook?q=' + encodeURIComponent('老人没开门'));
    await page.locator('main a.item').first().click();
    await expect(page.locator('h1')).toHaveText('独居老人敲门没人应');
    await expect(page.locator('main a[href$="/edit"]')).toHaveCount(0);
    await expectSound(page);
    await expectNoSidewaysScroll(page);
    await page.context().close();
  });
}
