import { LANGS, choose, expect, expectSound, open, test } from './support';
import type { Browser, Page } from '@playwright/test';

const HALL = 'hall-wutong';
// The window of the keyboard test is nobody else's.
const windowFor = (lang: string) => 1 + (lang === 'en' ? 1 : 0);

async function counter(browser: Browser, lang: 'zh-CN' | 'en', window: number): Promise<Page> {
  const page = await open(browser, lang === 'en' ? 'secondStaff' : 'staff', lang);
  await page.goto(`/staff/counter/${HALL}.${window}`);
  const begin = page.locator('form[action$="/open"] button');
  if (await begin.count()) await begin.click();
  await expect(page.locator('form[action$="/close"]')).toBeVisible();
  return page;
}

for (const lang of LANGS) {
  test(`kiosk, door, drawing from afar and board stand in any hour (${lang}) @nojs`, async ({ page }) => {
    await choose(page, lang, lang === 'en' ? 'large' : 'ordinary');
    for (const address of [`/kiosk/${HALL}`, `/halls/${HALL}/door`, `/halls/${HALL}/ticket`, `/board/${HALL}`]) {
      await page.goto(address);
      await expect(page.locator('h1')).toBeVisible();
      await expectSound(page);
    }
  });
}

// The clerk's whole turn by keyboard alone, at a window of its own, with a number from the desk: so it runs at night.
test('a clerk serves by keyboard; a step made without a network is done once; the board shows the call', async ({ browser }) => {
  test.setTimeout(90_000);
  const clerk = await counter(browser, 'zh-CN', windowFor('zh-CN'));
  await clerk.setViewportSize({ width: 1280, height: 800 });
  // Whoever the demo left at the window goes first.
  for (const key of ['n', 'f']) {
    const left = clerk.locator(`[data-key="${key}"]`);
    if (await left.count()) await left.click();
  }
  await expect(clerk.locator('[data-key=" "]')).toBeVisible();

  const give = clerk.locator('form[action$="/walk-in"]');
  await clerk.locator('details:has(form[action$="/walk-in"]) summary').click();
  await give.locator('select[name=class]').selectOption({ index: 1 });
  await give.locator('button').click();
  await expect(clerk.locator('.counter-line .line-row').first()).toBeVisible();
  await expectSound(clerk);

  const screen = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const board = await screen.newPage();
  await board.goto(`/board/${HALL}`);
  // The focus is on no button: keys are the page's.
  await clerk.locator('h1').click();
  await clerk.keyboard.press(' ');
  await expect(clerk.locator('[data-key="s"]')).toBeVisible();
  const number = (await clerk.locator('.call-number').innerText()).trim();
  expect(number).toMatch(/^[A-Z]\d{3}$/);
  await expect(board.locator('.board-now').first()).toContainText(number);
  await expectSound(board);
  await screen.close();

  await clerk.keyboard.press('s');
  await expect(clerk.locator('[data-key="f"]')).toBeVisible();
  await expectSound(clerk);

  // The step waits for the network, says so, and is done once.
  await clerk.context().setOffline(true);
  await clerk.keyboard.press('f');
  await expect(clerk.locator('.live-note[data-kind=lost]')).toBeVisible();
  await clerk.keyboard.press('f');
  await clerk.context().setOffline(false);
  await expect(clerk.locator('[data-key=" "]')).toBeVisible({ timeout: 15_000 });
  await expect(clerk.locator('.live-note[data-kind=lost]')).toHaveCount(0);
  await expect(clerk.locator('.counter-line')).not.toContainText(number);

  // Undone and done again.
  await clerk.keyboard.press('u');
  await expect(clerk.locator('.call-number')).toHaveText(number);
  await clerk.keyboard.press('f');
  await expect(clerk.locator('[data-key=" "]')).toBeVisible();
  await clerk.context().close();
});
