import { LANGS, choose, expect, expectSound, open, patient, stateOf, test } from './support';
import type { Browser, Locator, Page } from '@playwright/test';

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
  test.setTimeout(150_000);
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
  patient(board);
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
  await expect(clerk.locator('[data-key=" "]')).toBeVisible({ timeout: 30_000 });
  await expect(clerk.locator('.live-note[data-kind=lost]')).toHaveCount(0);
  await expect(clerk.locator('.counter-line')).not.toContainText(number);

  // Undone and done again.
  await clerk.keyboard.press('u');
  await expect(clerk.locator('.call-number')).toHaveText(number);
  await clerk.keyboard.press('f');
  await expect(clerk.locator('[data-key=" "]')).toBeVisible();
  await clerk.context().close();
});

// From opening the window to closing it no mouse; what another draws meanwhile does not take the focus away.
test('a clerk works by keyboard alone, and the focus stays while the line moves', async ({ browser, playwright, baseURL }) => {
  test.setTimeout(180_000);
  const clerk = await open(browser, 'secondStaff', 'zh-CN');
  await clerk.setViewportSize({ width: 1280, height: 800 });
  const counter = `/staff/counter/${HALL}.5`;
  await clerk.goto(counter);
  const press = (key: string) => clerk.keyboard.press(key);
  const does = (key: string) => clerk.locator(`[data-key="${key}"]`);
  const rows = clerk.locator('.counter-line .line-row');
  const tabTo = async (there: Locator) => {
    await expect(there).toBeVisible();
    for (let n = 0; n < 60; n += 1) {
      if (await there.evaluate((element) => element === document.activeElement)) return;
      await press('Tab');
    }
    throw new Error(`${there} is not reached by Tab`);
  };
  const colleague = await playwright.request.newContext({ baseURL, storageState: stateOf('staff') });
  let drawn = 0;
  // A colleague gives a number: the line grows, and the focus is still where it was.
  const keepsFocus = async (there: Locator) => {
    const before = await rows.count();
    const form = { item: 'senior-allowance', class: 'ordinary', name: '', key: `meanwhile-${drawn += 1}-${Date.now()}` };
    const answer = await colleague.post(`${counter}/walk-in`, { form, headers: { 'sec-fetch-site': 'same-origin' }, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    await expect(rows).toHaveCount(before + 1);
    await expect(there).toBeFocused();
  };
  // A number from the desk that goes first.
  const give = async () => {
    const before = await rows.count();
    await press('w');
    await expect(clerk.locator('#walk-in select[name=item]')).toBeFocused();
    await press('Tab');
    await press('ArrowDown');
    await press('Tab');
    await clerk.keyboard.type('陈阿婆');
    await press('Tab');
    await press('Enter');
    await expect(rows).toHaveCount(before + 1);
    await expect(rows.first()).toContainText('陈阿婆');
  };

  // Keys are the page's as soon as its script is there, which may be after the page itself.
  await expect(async () => {
    if (!(await does('w').count())) await press('o');
    await expect(does('w')).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 20_000 });
  for (const key of ['n', 'f']) if (await does(key).count()) await press(key);
  await expect(does(' ')).toBeVisible();
  await give();
  await press(' ');
  await expect(does('s')).toBeVisible();
  const number = (await clerk.locator('.call-number').innerText()).trim();
  await press('r');
  await expect(clerk.locator('.counter-now .badge')).toContainText('2');
  await press('p');
  const passed = clerk.locator('form:has(input[value=recall_passed])').filter({ hasText: number }).locator('button');
  await tabTo(passed);
  await keepsFocus(passed);
  await press('Enter');
  await expect(passed).toHaveCount(0);
  await press(' ');
  await expect(clerk.locator('.call-number')).toHaveText(number);
  await press('s');
  await expect(does('f')).toBeVisible();

  // A paper is ticked, the others are missing.
  const paper = clerk.locator('input[name=seen]').first();
  await tabTo(paper);
  await press('Space');
  await press('m');
  const print = clerk.locator('a[href$="/missing"]');
  await expect(print).toBeVisible();
  await expect(paper).toBeChecked();
  await expect(paper).toBeFocused();
  await tabTo(print);
  await keepsFocus(print);

  await press('k');
  const parked = clerk.locator('form:has(input[value=unpark])').filter({ hasText: number }).locator('button');
  await tabTo(parked);
  await keepsFocus(parked);
  await press('Enter');
  await expect(parked).toHaveCount(0);
  await press(' ');
  await expect(clerk.locator('.call-number')).toHaveText(number);

  await press('t');
  await expect(clerk.locator('#to-window')).toBeFocused();
  await press('ArrowDown');
  await press('Tab');
  await press('Tab');
  await press('Enter');
  await expect(does(' ')).toBeVisible();
  await expect(clerk.locator('.counter')).toContainText(`${number} 已转出`);
  await expect(rows.filter({ hasText: number })).toHaveCount(0);

  await give();
  await press(' ');
  await expect(does('n')).toBeVisible();
  await press('n');
  await expect(does(' ')).toBeVisible();
  const close = clerk.locator('form[action$="/close"] button');
  await tabTo(close);
  await keepsFocus(close);
  await press('Enter');
  await expect(does('o')).toBeVisible();
  await colleague.dispose();
  await clerk.context().close();
});
