import { COUNTER, HALL, ITEM, atWindow, call, fresh, step, test } from './hall';
import { cuttable } from './proxy';
import { LANGS, expect, expectSound } from './support';
import type { Page } from '@playwright/test';

// At the counter: what a clerk ticks, types and sends outlives servers and networks that are away.
test.describe.configure({ mode: 'serial', timeout: 180_000 });

test('a clerk whose server is away for a while loses nothing and sees what happened', async ({ browser, hall }) => {
  const staff = await fresh(browser, hall, 'zh-CN', 'staff', { viewport: { width: 1280, height: 800 } });
  await atWindow(staff);
  for (const end of ['n', 'f']) if (await staff.locator(`[data-key="${end}"]`).count()) await staff.locator(`[data-key="${end}"]`).click();
  await expect(staff.locator('[data-key=" "]')).toBeVisible();
  await staff.locator('h1').click();
  await staff.keyboard.press('w');
  await staff.locator('#walk-in select[name=class]').selectOption({ index: 1 });
  await staff.locator('#walk-in form button').click();
  await expect(staff.locator('.counter-line .line-row').first()).toBeVisible();
  await staff.locator('h1').click();
  await staff.keyboard.press(' ');
  await expect(staff.locator('[data-key="s"]')).toBeVisible();
  const number = (await staff.locator('.call-number').innerText()).trim();

  // The server goes; the clerk writes a note and begins.
  await hall.halt();
  await expect(staff.locator('.live-note[data-kind=off]')).toBeVisible({ timeout: 15_000 });
  await staff.keyboard.press('b');
  await staff.keyboard.type('等复印件');
  await staff.keyboard.press('Escape');
  await staff.keyboard.press('s');
  await expect(staff.locator('.live-note[data-kind=lost]')).toBeVisible();
  await hall.resume();
  await expect(staff.locator('[data-key="f"]')).toBeVisible({ timeout: 30_000 });
  await expect(staff.locator('.live-note[data-kind=back]')).toBeVisible();
  await expect(staff.locator('.call-number')).toHaveText(number);
  await expect(staff.locator('#note')).toHaveValue('等复印件');

  // A step that waits outlives the page.
  await staff.route('**/step', (route) => route.abort());
  await staff.keyboard.press('f');
  await expect(staff.locator('.live-note[data-kind=lost]')).toBeVisible();
  await staff.unroute('**/step');
  await staff.reload();
  await expect(staff.locator('[data-key=" "]')).toBeVisible({ timeout: 15_000 });
  await expect(staff.locator('.flash')).toContainText(number);
  await staff.keyboard.press('u');
  await expect(staff.locator('.call-number')).toHaveText(number);
  await expect(staff.locator('#note')).toHaveValue('等复印件');
  await staff.keyboard.press('f');
  await expect(staff.locator('[data-key=" "]')).toBeVisible();
  await staff.context().close();
});

// For longer than proxies, feeds and retries wait: steps and words are on the clerk's screen, others go on meanwhile.
for (const lang of LANGS) {
  test(`a clerk whose network drops for more than a minute (${lang})`, async ({ browser, hall }) => {
    test.setTimeout(300_000);
    const way = await cuttable(hall.url);
    const clerk = await fresh(browser, { ...hall, url: way.url }, lang, 'staff', { viewport: { width: 1280, height: 800 } });
    const colleague = await fresh(browser, hall, lang, 'secondStaff', { viewport: { width: 1280, height: 800 } });
    await atWindow(clerk);
    for (const end of ['n', 'f']) if (await clerk.locator(`[data-key="${end}"]`).count()) await clerk.locator(`[data-key="${end}"]`).click();
    await expect(clerk.locator('[data-key=" "]')).toBeVisible();
    await clerk.locator('#walk-in summary').click();
    await clerk.locator('#walk-in select[name=class]').selectOption({ index: 1 });
    await clerk.locator('#walk-in form button').click();
    await expect(clerk.locator('.counter-line .line-row').first()).toBeVisible();
    await clerk.locator('form[action$="/call"] button').click();
    await expect(clerk.locator('[data-key="s"]')).toBeVisible();
    const number = (await clerk.locator('.call-number').innerText()).trim();
    await clerk.evaluate(() => { (window as any).same = true; });

    way.cut(true);
    const since = Date.now();
    await expect(clerk.locator('.live-note[data-kind=off]')).toBeVisible({ timeout: 15_000 });
    await clerk.locator('#note').fill('等复印件');
    await clerk.keyboard.press('Escape');
    await clerk.keyboard.press('s');
    await expect(clerk.locator('.live-note[data-kind=lost]')).toBeVisible();
    // Meanwhile a colleague at another window gives a number and calls it, and one more waits for everybody.
    const give = async () => {
      const form = { item: ITEM, class: 'ordinary', name: '', key: `cut-${lang}-${Math.random()}` };
      const answer = await colleague.request.post(`/staff/counter/${HALL}.1/walk-in`, { form, headers: { origin: hall.url }, maxRedirects: 0 });
      expect(answer.status()).toBe(303);
    };
    await colleague.goto(`/staff/counter/${HALL}.1`);
    const begin = colleague.locator('form[action$="/open"] button');
    if (await begin.count()) await begin.click();
    // Whoever is at that window already goes first.
    const ends = colleague.locator('[data-key="n"], [data-key="f"]').first();
    const next = colleague.locator('form[action$="/call"] button');
    await expect(ends.or(next).first()).toBeVisible();
    if (await ends.isVisible()) await ends.click();
    await give();
    await colleague.locator('form[action$="/call"] button').click();
    await expect(colleague.locator('[data-key="s"]')).toBeVisible();
    const called = (await colleague.locator('.call-number').innerText()).trim();
    await give();
    const line = async (page: Page) => (await page.locator('.counter-line .line-row b').allInnerTexts()).map((one) => one.trim());
    await clerk.waitForTimeout(Math.max(0, 65_000 - (Date.now() - since)));
    await expect(clerk.locator('.live-note[data-kind=lost]')).toBeVisible();
    await expect(clerk.locator('.call-number')).toHaveText(number);
    await expect(clerk.locator('#note')).toHaveValue('等复印件');
    await expectSound(clerk);

    way.cut(false);
    await expect(clerk.locator('[data-key="f"]')).toBeVisible({ timeout: 15_000 });
    await expect(clerk.locator('.live-note[data-kind=back]')).toBeVisible();
    await expect(clerk.locator('.call-number')).toHaveText(number);
    await expect(clerk.locator('#note')).toHaveValue('等复印件');
    // What happened: whoever the colleague called is gone from the line, and the new ones stand in it.
    const outside = await fresh(browser, hall, lang, 'staff', { viewport: { width: 1280, height: 800 } });
    await outside.goto(COUNTER);
    // Both are asked: the order also changes with the hall's clock.
    await expect(async () => expect(await line(clerk)).toEqual(await line(outside))).toPass({ timeout: 30_000 });
    const now = await line(clerk);
    expect(now).not.toContain(called);
    expect(now).not.toContain(number);
    expect(await clerk.evaluate(() => (window as any).same), 'without a reload').toBe(true);
    // Begun once.
    await clerk.locator('#note').fill('复印件来了');
    await clerk.keyboard.press('Escape');
    await clerk.keyboard.press('f');
    await expect(clerk.locator('[data-key=" "]')).toBeVisible();
    const end = colleague.locator('[data-key="n"]');
    if (await end.count()) await end.click();
    for (const page of [clerk, colleague, outside]) await page.context().close();
    await way.close();
  });
}

// A paper that was ticked, a note that is begun: the line goes on beside them, and they stay.
test('the line moves while a clerk has ticked a paper and begun a note', async ({ browser, hall }) => {
  const clerk = await fresh(browser, hall, 'zh-CN', 'staff', { viewport: { width: 1280, height: 800 } });
  await atWindow(clerk);
  for (const end of ['n', 'f']) if (await clerk.locator(`[data-key="${end}"]`).count()) await clerk.locator(`[data-key="${end}"]`).click();
  await clerk.locator('#walk-in summary').click();
  await clerk.locator('#walk-in select[name=class]').selectOption({ index: 1 });
  await clerk.locator('#walk-in form button').click();
  await clerk.locator('form[action$="/call"] button').click();
  await clerk.locator('[data-key="s"]').click();
  await expect(clerk.locator('[data-key="f"]')).toBeVisible();
  const rows = clerk.locator('.counter-line .line-row');
  const give = async () => {
    const before = await rows.count();
    const form = { item: ITEM, class: 'ordinary', name: '', key: `line-${Math.random()}` };
    const answer = await clerk.request.post(`${COUNTER}/walk-in`, { form, headers: { origin: hall.url }, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    return () => expect(rows).toHaveCount(before + 1, { timeout: 10_000 });
  };
  // Ticked with the mouse: the focus stays on the tick, and the line moves all the same.
  const paper = clerk.locator('input[name=seen]').first();
  await paper.click();
  await expect(paper).toBeFocused();
  await (await give())();
  await expect(paper).toBeChecked();
  await expect(paper).toBeFocused();
  // A note is begun and another place is tapped: it stays.
  const note = clerk.locator('#note');
  await note.fill('只带了复印件');
  await clerk.locator('h1').click();
  await (await give())();
  await expect(note).toHaveValue('只带了复印件');
  await expect(paper).toBeChecked();
  // While it is being typed nothing is taken away; soon after the last letter the line moves, and the typing goes on where it was.
  await note.focus();
  await clerk.keyboard.press('Home');
  await clerk.keyboard.type('先');
  const before = await rows.count();
  await give();
  await clerk.waitForTimeout(3_000);
  await expect(rows).toHaveCount(before);
  await clerk.keyboard.type('办');
  await expect(rows).toHaveCount(before + 1, { timeout: 25_000 });
  await expect(note).toBeFocused();
  await clerk.keyboard.type('了');
  await expect(note).toHaveValue('先办了只带了复印件');
  await clerk.keyboard.press('Escape');
  await clerk.keyboard.press('f');
  await expect(clerk.locator('[data-key=" "]')).toBeVisible();
  await clerk.context().close();
});
