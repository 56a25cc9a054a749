import { LANGS, choose, expect, expectSound, open, scripted, stateOf, test, way, word } from './support';

// Grids: staff draw one, write a rota and plan a change; a grid worker reads everything about their own. Each way to run it has a
// grid of its own, in 杏坞 or at a desk in 梧桐, so that they do not meet.
const gridFor = (lang: 'zh-CN' | 'en') => {
  const first = lang === 'en' ? 2 : 1;
  return { phone: `xingwu-g${first}`, html: `xingwu-g${first + 2}`, desk: `wutong-g${2 * first}` }[way()];
};
const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

for (const lang of LANGS) {
  test(`staff draw a grid, plan turns and a change, and withdraw it (${lang}) @nojs @desk`, async ({ browser }) => {
    test.setTimeout(120_000);
    const grid = gridFor(lang);
    const page = await open(browser, way() === 'desk' ? 'secondStaff' : 'otherStaff', lang);
    if (way() !== 'desk') await page.setViewportSize({ width: 360, height: 740 });
    await page.goto('/staff/grids');
    await expectSound(page);
    await page.locator(`main a[href="/staff/grids/${grid}"]`).click();
    await expect(page.locator('svg.plan polygon.here')).toHaveCount(1);
    await expectSound(page);

    // What crosses itself comes back with a word at its field, and what was typed stays; then it is kept as it was.
    await page.goto(`/staff/grids/${grid}/outline`);
    const corners = page.locator('textarea[name=outline]');
    const before = await corners.inputValue();
    const [first, second, ...rest] = before.trim().split('\n');
    await corners.fill(`${first}\n${rest[1]}\n${second}\n${rest[0]}\n${first}`);
    await page.locator('button[name=act][value=look]').click();
    await expectSound(page);
    await page.goto(`/staff/grids/${grid}/outline`);
    if (scripted()) {
      await page.locator('svg.plan').click({ position: { x: 40, y: 40 } });
      await expect(corners).not.toHaveValue(before);
      await page.locator('.outline-tools button').first().click();
      await expect(corners).toHaveValue(before);
    }
    await page.locator('button[name=act][value=save]').click();
    const confirm = page.locator('input[name=confirm]');
    if ((await confirm.count()) > 0) {
      await confirm.check();
      await page.locator('button[name=act][value=save]').click();
    }
    await expect(page.locator('.flash')).toBeVisible();

    await page.goto(`/staff/grids/${grid}/duty`);
    await expectSound(page);
    await page.locator('select[name=turn_person]').selectOption({ index: 1 });
    await page.locator('input[name=turn_from]').fill(day(40));
    await page.locator('input[name=turn_until]').fill(day(47));
    await page.locator('button[name=act][value=turn]').click();
    await expect(page.locator('.flash')).toBeVisible();
    await page.locator('button[name=act][value=remove_turn]').first().click();
    await expect(page.locator('.flash')).toBeVisible();

    for (const kind of ['merge', 'move', 'split']) {
      await page.goto(`/staff/grids/${grid}/change?kind=${kind}`);
      await expectSound(page, ['light']);
    }
    await page.locator('#names').fill(`新网格 ${grid}`);
    await page.locator('select[name=to]').first().selectOption('1');
    await page.locator('input[name=day]').fill(day(60));
    await page.locator('button[name=act][value=plan]').click();
    await expect(page.locator('.grid-changes')).toContainText(`新网格 ${grid}`);
    await expectSound(page);
    await page.locator('.grid-changes form button').first().click();
    await expect(page.locator('.flash')).toBeVisible();
    await page.context().close();
  });
}

test.describe('a grid worker', () => {
  test.use({ storageState: stateOf('gridWorker') });
  for (const lang of LANGS) test(`reads everything about their own grid and asks for a number (${lang}) @desk`, async ({ page }) => {
    await choose(page, lang);
    await page.goto('/staff/grids/wutong-g1');
    await expect(page.locator('main')).toContainText('王菊英');
    await expect(page.locator('main')).not.toContainText('19900010001');
    await expect(page.locator('main a[href$="/change"]')).toHaveCount(0);
    await expectSound(page);
    // A day that has been shows its people as they were; before anybody was named there is nobody.
    for (const [past, who] of [['2026-11-14', '唐卫东'], ['2026-11-16', '陆海峰'], ['2026-07-01', word(lang, '没人当班', 'Nobody')]]) {
      await page.locator('input[name=day]').fill(past);
      await page.locator('form:has(input[name=day]) button').click();
      await expect(page.locator('table').first().locator('tbody tr')).toHaveCount(1);
      await expect(page.locator('table').first()).toContainText(who);
    }
    await expectSound(page);
    await page.goto('/staff/grids/wutong-g1');
    await page.locator('form[action$="/contacts/wutong-1/phone"] button').click();
    await expect(page.locator('a[href="tel:19900010001"]')).toBeVisible();
    await expectSound(page);
  });
});
