import { codeOf, file, send } from './reporting';
import { LANGS, choose, expect, expectSound, helped, open, stateOf, test } from './support';
import { dispatched, filed } from './work';

// The dispatch desk and the handlers' tasks: keys, several at once, and steps without a signal.

test.describe('at the desk', () => {
  test.use({ storageState: stateOf('staff'), viewport: { width: 1280, height: 900 }, allowErrors: [/status of 409 .*\/api\/v1\/reports/] });

  for (const lang of LANGS) {
    test(`the desk and its figures are sound, ${lang}`, async ({ page }) => {
      test.setTimeout(120_000);
      await choose(page, lang);
      for (const address of ['/staff/reports', '/staff/reports/statistics?from=2026-01-01&by=owner', '/staff/reports/classifier?text=路灯不亮']) {
        await page.goto(address);
        await expectSound(page);
      }
      await page.goto('/staff/reports');
      // Once the page's script listens.
      await expect(async () => {
        await page.keyboard.press('j');
        await expect(page.locator('a.desk-row:focus')).toBeVisible({ timeout: 500 });
      }).toPass();
      await page.keyboard.press('Enter');
      await expect(page.locator('.desk-detail h2').first()).toBeVisible();
      await expectSound(page);
    });
  }

  for (const lang of LANGS) {
    test(`a dispatcher works by keyboard: down, open, accept, back (${lang})`, async ({ page, browser }) => {
      // Two of one's own: the list of all moves with what other tests do.
      const mark = `键盘 ${Date.now()}`;
      for (const n of ['一', '二']) await filed(browser, `${mark} ${n}`, 'other-problem', 'elder');
      await choose(page, lang);
      await page.goto(`/staff/reports?state=submitted&q=${encodeURIComponent(mark)}`);
      const rows = page.locator('li[data-code]');
      await expect(rows).toHaveCount(2);
      const code = await rows.nth(1).getAttribute('data-code');
      await page.keyboard.press('j');
      await expect(rows.first().locator('a.desk-row')).toBeFocused();
      await page.keyboard.press('j');
      await expect(page.locator(`li[data-code="${code}"] a.desk-row`)).toBeFocused();
      await page.keyboard.press('Enter');
      const pane = page.locator('.desk-detail');
      await expect(pane).toContainText(code!);
      await pane.getByRole('button', { name: lang === 'en' ? 'Accept' : '受理', exact: true }).click();
      await expect(pane).toContainText(lang === 'en' ? 'Accepted' : '已受理');
      await expect(page).toHaveURL(/\/staff\/reports\?state=submitted/);
      await expect(page.locator(`li[data-code="${code}"]`)).toHaveCount(0);
      await page.keyboard.press('/');
      await expect(page.locator('.desk-filters input[name=q]')).toBeFocused();
    });
  }

  test('what happens elsewhere shows on an open desk, and on its map, without a reload', async ({ page, browser }) => {
    test.setTimeout(90_000);
    const mark = `桌面 ${Date.now()}`;
    const resident = await open(browser, 'resident', 'zh-CN');
    const [first, second] = [codeOf(await file(resident, `${mark} 一`)), codeOf(await file(resident, `${mark} 二`))];
    await resident.context().close();
    await choose(page, 'zh-CN');
    await page.goto(`/staff/reports?state=submitted&q=${encodeURIComponent(mark)}`);
    const row = (code: string) => page.locator(`li[data-code="${code}"]`);
    await expect(page.locator('li[data-code]')).toHaveCount(2);
    const marker = page.locator('.desk-map .map-report');
    await expect(marker).toHaveText('2');
    // Ticked, as with a mouse: the focus stays on the tick.
    const tick = row(second).locator('input[name=pick]');
    await tick.click();
    await expect(tick).toBeFocused();
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));

    // A colleague accepts one of the two.
    const other = await open(browser, 'secondStaff', 'zh-CN');
    await send(other, `/staff/reports/${first}`, { step: 'accept' });
    await other.context().close();
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));

    await expect(row(first)).toHaveCount(0);
    await expect(tick).toBeChecked();
    await expect(tick).toBeFocused();
    await expect(row(second).locator('.desk-facts .badge')).toHaveCount(1);
    const say = page.locator('.desk-list [role=status]');
    await expect(say).toHaveText((await say.getAttribute('data-say'))!);
    await expect(marker).toHaveText('1');
    await expect(page.locator('.desk-map .map-list')).not.toContainText('2');
    expect(await page.evaluate(() => 'sameDocument' in window), 'the page was never left').toBe(true);
  });

  test('a tick is for the report as it was: what a colleague did meanwhile is said, and is not overwritten', async ({ page, browser }) => {
    test.setTimeout(90_000);
    const mark = `勾选 ${Date.now()}`;
    const resident = await open(browser, 'resident', 'zh-CN');
    const [first, second] = [codeOf(await file(resident, `${mark} 一`)), codeOf(await file(resident, `${mark} 二`))];
    await resident.context().close();
    await choose(page, 'zh-CN');
    await page.goto(`/staff/reports?state=submitted&q=${encodeURIComponent(mark)}`);
    const tick = (code: string) => page.locator(`li[data-code="${code}"] input[name=pick]`);
    for (const code of [first, second]) await tick(code).click();

    // A colleague gives one of them another category: it stays in the list.
    const other = await open(browser, 'secondStaff', 'zh-CN');
    await send(other, `/staff/reports/${first}`, { step: 'sort', category: 'other-problem', text: '不是路灯' });
    await other.context().close();
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    const facts = (code: string) => page.locator(`li[data-code="${code}"] .desk-facts`);
    await expect(facts(first)).toContainText('勾选后有变化');
    await expect(facts(second)).not.toContainText('勾选后有变化');
    await expectSound(page);
    for (const code of [first, second]) await expect(tick(code)).toBeChecked();

    await page.locator('.desk-bulk button[value=reject]').click();
    await page.locator('textarea[name=text]').fill('不归社区管');
    await page.locator('.button[name=sure][value="1"]').click();
    await expect(page.getByRole('status').first()).toContainText('1 件办好了，1 件没有办成');
    await expect(page.locator('main')).toContainText('吴建明先一步操作了');
    // Ticked anew, with what is known now, it goes.
    await page.goto(`/staff/reports?state=submitted&q=${encodeURIComponent(mark)}`);
    await tick(first).click();
    await page.locator('.desk-bulk button[value=reject]').click();
    await page.locator('textarea[name=text]').fill('不归社区管');
    await page.locator('.button[name=sure][value="1"]').click();
    await expect(page.getByRole('status').first()).toContainText('1 件办好了，0 件没有办成');
  });

  test('several are rejected at once, with one reason and a word on each', async ({ page, browser }) => {
    // One's own: others are at work on what is accepted.
    const mark = `一起退 ${Date.now()}`;
    const codes = [await filed(browser, `${mark} 一`, 'other-problem', 'elder'), await filed(browser, `${mark} 二`, 'other-problem', 'elder')];
    const other = await open(browser, 'secondStaff', 'zh-CN');
    for (const code of codes) await send(other, `/staff/reports/${code}`, { step: 'accept' });
    await other.context().close();
    await choose(page, 'zh-CN');
    await page.goto(`/staff/reports?state=accepted&q=${encodeURIComponent(mark)}`);
    for (const code of codes) await page.locator(`li[data-code="${code}"] input[name=pick]`).check();
    await page.locator('.desk-bulk button[value=reject]').click();
    await page.locator('.button[name=sure][value="1"]').click();
    // The browser asks for the reason by itself, or the server does.
    await page.locator('textarea[name=text]').fill('这件归交警管，已经转过去了');
    await page.locator('.button[name=sure][value="1"]').click();
    await expect(page.getByRole('status').first()).toContainText('2 件办好了，0 件没有办成');
    await expectSound(page);
  });
});

test.describe('on the street', () => {
  // Without a signal: what was on its way then is lost, and the browser says so.
  test.use({ storageState: stateOf('volunteer'), allowErrors: [/409|ERR_INTERNET_DISCONNECTED/] });

  test('a note written without a signal is sent when it is back', async ({ page, context, browser }) => {
    // One's own: the volunteer's other tasks go on under other tests.
    const code = await filed(browser, '写一句进展的一件');
    await dispatched(browser, code, '方敏');
    await choose(page, 'zh-CN');
    await send(page, `/volunteer/reports/${code}`, { step: 'take' });
    await page.goto('/volunteer');
    await expectSound(page);
    const row = page.locator('li.task', { has: page.locator(`a.task-link[href="/volunteer/reports/${code}"]`) });
    await expect(row).toContainText('处置中');
    await row.locator('a.task-link').click();
    await expect(page).toHaveURL(new RegExp(`/volunteer/reports/${code}`));
    await page.goto(`/volunteer/reports/${code}?step=note`);
    await page.locator('textarea[name=text]').fill('在地下室，没有信号，灯座要换');
    await context.setOffline(true);
    await page.locator('form:has(input[name=step][value=note]) button.primary').click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：1 步');
    await expect(page.locator('.unsent')).toContainText('灯座要换');
    await context.setOffline(false);
    await expect(page.locator('.unsent')).toBeHidden();
    await expect(page.locator('.timeline')).toContainText('在地下室，没有信号，灯座要换');
  });

  test('who was quicker is shown, nothing is overwritten and what was typed stays', async ({ page, context, browser }) => {
    const code = await filed(browser, '谁先接到的一件');
    await dispatched(browser, code, '方敏');
    await choose(page, 'zh-CN');
    await page.goto('/volunteer');
    await page.locator(`a.task-link[href="/volunteer/reports/${code}"]`, { hasText: '已派遣' }).click();
    await expect(page.locator('input[name=step][value=take]')).toBeAttached();
    await helped(page);
    const task = page.url();
    await context.setOffline(true);
    await page.locator('textarea[name=text]').fill('我下午三点到');
    await page.locator('form:has(input[name=step][value=take]) button.primary').click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：1 步');

    // The same task, taken on another phone meanwhile.
    const other = await open(browser, 'volunteer', 'zh-CN');
    await other.goto(task);
    await other.locator('form:has(input[name=step][value=take]) button.primary').click();
    await expect(other.locator('.badge').first()).toContainText('处置中');
    await other.context().close();

    await context.setOffline(false);
    await expect(page.locator('.unsent')).toContainText('先一步操作了');
    await expect(page.locator('.unsent')).toContainText('我下午三点到');
    await page.locator('.unsent button').click();
    await expect(page.locator('.unsent')).toBeHidden();
  });
});
