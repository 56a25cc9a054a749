import { LANGS, choose, expect, expectSound, open, stateOf, test } from './support';

// The net: three levels, from the district down to a community, and from a number to the reports behind it.

test.describe('the levels of the net', () => {
  test.use({ storageState: stateOf('district') });

  for (const lang of LANGS) {
    test(`from the district down to a community, and back up (${lang}) @desk`, async ({ page }) => {
      await choose(page, lang);
      await page.goto('/staff/net');
      await expect(page.locator('h1')).toContainText(lang === 'en' ? 'Lanxi' : '澜溪区');
      const table = page.locator('.net-beside table');
      await table.getByRole('link', { name: lang === 'en' ? 'Tongyin Subdistrict' : '桐荫街道' }).click();
      await table.getByRole('link', { name: lang === 'en' ? 'Wutong Community' : '梧桐社区' }).click();
      await expect(page).toHaveURL(/\/staff\/net\/wutong$/);
      // Four grids, each with its number on the plan and in the table.
      await expect(page.locator('.net-plan .net-number')).toHaveCount(4);
      await expect(page.locator('.net-beside tbody .net-key')).toHaveCount(4);
      await page.locator('#plan .chips').getByRole('link', { name: lang === 'en' ? 'Overdue' : '超期' }).click();
      await expect(page.locator('#plan .chip[aria-current]')).toHaveText(lang === 'en' ? 'Overdue' : '超期');
      await expect(page.locator('.net-legend li')).toHaveCount(5);
      await expectSound(page);
      await page.locator('.net-up').getByRole('link').first().click();
      await expect(page).toHaveURL(/\/staff\/net\/lanxi$/);
    });
  }
});

for (const lang of LANGS) {
  test(`staff come from a number to the same number of reports (${lang}) @desk`, async ({ browser }) => {
    const page = await open(browser, 'staff', lang);
    await page.goto('/staff/net');
    const late = page.locator('a.figure', { hasText: lang === 'en' ? 'Overdue' : '超期' }).first();
    const count = await late.locator('.figure-value').innerText();
    await late.click();
    await expect(page.locator('.chip[aria-current] .num').first()).toHaveText(count);
    await expectSound(page, ['light']);
    await page.context().close();
  });
}
