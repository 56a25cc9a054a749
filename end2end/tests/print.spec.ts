import { choose, expect, open, test } from './support';
import type { Page } from '@playwright/test';

/** Width and height in mm of each page of what would be printed. */
async function paper(page: Page): Promise<[number, number][]> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const boxes = [...pdf.matchAll(/\/MediaBox\s*\[([^\]]+)\]/g)].map(([, box]) => box.trim().split(/\s+/).map(Number));
  return boxes.map(([left, bottom, right, top]) => [((right - left) / 72) * 25.4, ((top - bottom) / 72) * 25.4]);
}

test('a number is printed on a roll of 58 or 80 mm, and nothing but its slip', async ({ browser }) => {
  const staff = await open(browser, 'staff', 'zh-CN');
  await staff.goto('/staff/reception?hall=hall-wutong');
  await staff.locator('form[action$="/reception/number"] button').click();
  const address = await staff.locator('.flash a[href$="/print"]').getAttribute('href');
  for (const mm of [58, 80]) {
    await staff.emulateMedia({ media: 'screen' });
    await staff.goto(`${address}?mm=${mm}`);
    await expect(staff.locator('.chips')).toBeVisible();
    await staff.emulateMedia({ media: 'print' });
    await expect(staff.locator('.slip-number')).toBeVisible();
    const others = await staff.evaluate(() => [...document.querySelectorAll<HTMLElement>('body *')]
      .filter((one) => one.checkVisibility() && !one.closest('.slip') && !one.querySelector('.slip'))
      .filter((one) => one.getBoundingClientRect().width > 1 && one.getBoundingClientRect().height > 1)
      .map((one) => one.outerHTML.slice(0, 80)));
    expect(others, 'what is printed besides the slip').toEqual([]);
    const pages = await paper(staff);
    expect(pages.length, 'one piece of paper').toBe(1);
    expect(Math.abs(pages[0][0] - mm), `${pages[0]} mm`).toBeLessThan(1);
  }
  await staff.context().close();
});

test('a guide is printed on ordinary paper: what to bring, the facts, and no bars', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.addInitScript(() => {
    navigator.share = async (what) => { (window as any).shared = what; };
  });
  await choose(page, 'zh-CN');
  await page.goto('/services/birth-registration?hall=hall-wutong');
  for (const fact of ['费用', '办理依据']) {
    const row = page.locator('dl > div').filter({ has: page.locator('dt', { hasText: fact }) });
    await expect(row.locator('dd')).not.toBeEmpty();
  }
  await page.locator('[data-do=share]').click();
  expect(await page.evaluate(() => (window as any).shared.url)).toBe(page.url());
  await page.locator('[data-do=copy]').click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());

  await page.emulateMedia({ media: 'print' });
  for (const bar of ['.bar', '.action-bar', '.foot', '.item-tools button']) {
    for (const one of await page.locator(bar).all()) await expect(one, bar).toBeHidden();
  }
  await expect(page.locator('#bring')).toContainText('父母双方身份证');
  await expect(page.locator('#bring .check-title').first()).toBeVisible();
  for (const [width] of await paper(page)) expect(width, 'mm').toBeGreaterThan(200);
});
