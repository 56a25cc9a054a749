import { LANGS, PEOPLE, choose, expect, expectSound, islands, open, residentFor, scripted, sizeFor, test } from './support';

// A visit of two items whose time is kept while it is chosen, moved and cancelled; a full day; a booking found again.
for (const lang of LANGS) {
  test(`book two items with a kept time, for a relative, change it, cancel it (${lang}) @nojs`, async ({ browser }) => {
    test.setTimeout(150_000);
    const page = await open(browser, residentFor(lang), lang);
    await choose(page, lang, sizeFor(lang));
    await page.goto('/services/flexible-employment?hall=hall-wutong');
    await page.locator('details.more > summary').click();
    await page.locator('a.chip[href*="with=resident-pension"]').click();
    await expect(page.locator('.visit-items li')).toHaveCount(1);
    await expectSound(page);
    await page.locator('.action-bar .primary').click();

    // The next free times as a list, then by day.
    await page.locator('a[href*="view=list"]').click();
    await expect(page.locator('label.time').first()).toBeVisible();
    await expectSound(page);
    await page.goBack();
    await page.locator('.days a.day[data-state=open]').first().click();
    await expectSound(page);
    await page.locator('label.time:not(:has(input:disabled))').first().click();
    await page.locator('.action-bar .primary').click();

    // The time is kept; with JavaScript its clock runs.
    await islands(page);
    await expect(page.locator('.hold-box .hold')).toBeVisible();
    if (scripted()) {
      const before = await page.locator('.hold-box .hold').innerText();
      expect(before).toMatch(/\d:\d\d/);
      await expect(page.locator('.hold-box .hold')).not.toHaveText(before);
    }
    // Longer, once.
    const renew = page.locator('.hold-box form[action$="/renew"] button');
    await renew.click();
    await expect(page.locator('.flash')).toBeVisible();
    await expect(page.locator('.hold-box .hold')).toBeVisible();
    await expect(renew).toHaveCount(0);
    await islands(page);
    await page.locator('details.more > summary').click();
    await page.locator('input[name=relative]').check();
    await page.locator('input[name=for_name]').fill('林秀英');
    await page.locator('input[name=for_relation]').fill('母亲');
    await page.locator('input[name=consent]').check();
    await page.locator('input[name=need]').fill('轮椅');
    await expectSound(page);
    await page.locator('.action-bar .primary').click();
    await expect(page.locator('.ticket[data-state=booked]')).toContainText('林秀英');
    await expect(page.locator('.ticket')).toContainText('轮椅');
    await expectSound(page);
    const ticket = new URL(page.url()).pathname;

    // Another time: the old one stays until the new one is confirmed.
    const before = await page.locator('.ticket strong.num').first().innerText();
    await page.locator(`a[href^="${ticket}/change"]`).click();
    await page.locator('.days a.day[data-state=open]').nth(1).click();
    await expectSound(page);
    await page.locator('label.time:not(:has(input:disabled))').nth(1).click();
    await page.locator('.action-bar .primary').click();
    await expectSound(page);
    await page.locator('.action-bar .primary').click();
    await expect(page.locator('.ticket[data-state=booked]')).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(ticket);
    await expect(page.locator('.ticket strong.num').first()).not.toHaveText(before);

    // Found again on a phone where nobody is signed in; cancelled by that link.
    const { storageState: _, ...use } = test.info().project.use;
    const elsewhere = await (await browser.newContext(use)).newPage();
    await choose(elsewhere, lang);
    await elsewhere.goto('/appointments/find');
    await elsewhere.locator('input[name=phone]').fill(PEOPLE[residentFor(lang)]);
    await elsewhere.locator('input[name=code]').fill(ticket.split('/').pop()!);
    await elsewhere.locator('form[action="/appointments/find"] .primary').click();
    await expect(elsewhere.locator('.ticket[data-state=booked]')).toBeVisible();
    await expect(elsewhere.locator('.ticket')).not.toContainText('林秀英');
    await expectSound(elsewhere);
    await elsewhere.locator('details.confirm summary').click();
    await elsewhere.locator('input[name=reason]').fill('临时有事');
    await elsewhere.locator('details.confirm button.danger').click();
    await expect(elsewhere.locator('.ticket[data-state=cancelled]')).toBeVisible();
    await page.goto(ticket);
    await expect(page.locator('.ticket[data-state=cancelled]')).toBeVisible();
    for (const one of [page, elsewhere]) await one.context().close();
  });

  test(`wait for a place on a full day, and stop waiting (${lang}) @nojs`, async ({ browser }) => {
    const page = await open(browser, scripted() ? 'resident' : 'elder', lang);
    await page.goto('/services/only-child-reward/times?hall=hall-wutong');
    await page.locator('.days a.day[data-state=full]').first().click();
    await expectSound(page);
    await page.locator('form[action$="/wait"] .primary').click();
    await expect(page).toHaveURL(/\/me\/waiting\//);
    await expectSound(page);
    const waiting = new URL(page.url()).pathname;
    await page.goto('/me/appointments');
    await expectSound(page);
    await page.locator(`a[href="${waiting}"]`).click();
    await page.locator('form[action$="/leave"] button').click();
    await expect(page.locator('form[action$="/leave"]')).toHaveCount(0);
    await page.context().close();
  });
}

test(`"I can't come" is one tap on the page that a reminder leads to @nojs`, async ({ browser }) => {
  const page = await open(browser, scripted() ? 'resident' : 'elder', 'zh-CN');
  await page.goto('/services/disability-subsidies/times?hall=hall-tinglan');
  await page.locator('.days a.day[data-state=open]').nth(4).click();
  await page.locator('label.time:not(:has(input:disabled))').last().click();
  await page.locator('.action-bar .primary').click();
  await expect(page.locator('.hold-box')).toBeVisible();
  await page.locator('.action-bar .primary').click();
  await expect(page.locator('.ticket[data-state=booked]')).toBeVisible();
  await page.goto(`${new URL(page.url()).pathname}/reminder`);
  await expectSound(page);
  await page.locator('form[action$="/cancel"] button').click();
  await expect(page.locator('.ticket[data-state=cancelled]')).toContainText('取消原因');
  await expectSound(page);
  await page.context().close();
});

test.describe('a kept time', () => {
  test.use({ allowErrors: [/status of 409/] });
  test('stays kept when its page is loaded again, and is free soon after it was left', async ({ browser, playwright, baseURL }) => {
    test.setTimeout(240_000);
    const item = 'only-child-reward';
    const page = await open(browser, 'tenant', 'zh-CN');
    const days = await (await page.request.get(`/api/v1/services/${item}/slots?hall=hall-wutong`)).json();
    const free = days.flatMap((day: any) => day.times.map((time: any) => ({ ...time, date: day.date }))).filter((time: any) => time.left > 0);
    // On the last day, where no other journey gives a place back meanwhile.
    const time = free.sort((a: any, b: any) => b.date.localeCompare(a.date) || a.left - b.left)[0];
    // Strangers keep all but one of its places; the last of them tries to get that one as well.
    const stranger = async () => {
      const context = await playwright.request.newContext({ baseURL });
      await context.get('/');
      return async () => context.post('/api/v1/holds', { data: { items: [item], slot: time.slot }, headers: { 'sec-fetch-site': 'same-origin' } });
    };
    for (let n = 1; n < time.left; n += 1) expect((await (await stranger())()).status()).toBe(201);
    const rival = await stranger();

    await page.goto(`/services/${item}/times?hall=hall-wutong&date=${time.date}`);
    await page.locator(`label.time:has(input[value="${time.slot}"])`).click();
    await page.locator('.action-bar .primary').click();
    await expect(page.locator('.hold-box')).toBeVisible();
    await islands(page);
    expect((await rival()).status()).toBe(409);
    for (let n = 0; n < 2; n += 1) {
      await page.reload();
      await islands(page);
    }
    // Longer than the time of a page that was left.
    await page.waitForTimeout(23_000);
    expect((await rival()).status(), 'the page is there').toBe(409);
    await expect(page.locator('.hold-box .hold')).toHaveText(/9:\d\d/);
    await page.reload();
    await expect(page.locator('.hold-box .hold')).toHaveText(/9:\d\d/);
    await islands(page);

    // Away and back at once: still kept, and the clock has gone on.
    const clock = async () => {
      const [, minutes, seconds] = (await page.locator('.hold-box .hold').innerText()).match(/(\d+):(\d\d)/)!;
      return Number(minutes) * 60 + Number(seconds);
    };
    const [left, at] = [await clock(), Date.now()];
    await page.goto('/');
    await page.goBack();
    await islands(page);
    await page.waitForTimeout(6_000);
    const passed = (Date.now() - at) / 1000;
    // Less than what has passed: a clock that stood still or began anew is further off.
    expect(Math.abs(left - passed - (await clock())), 'the clock says how long it is still kept').toBeLessThan(4);
    expect((await rival()).status()).toBe(409);

    await page.goto('/');
    await expect.poll(async () => (await rival()).status(), { timeout: 40_000, intervals: [2000] }).toBe(201);
    // Back on a page whose time is gone: it says so, and no clock runs.
    await page.goBack();
    await expect(page.locator('#errors')).toBeVisible();
    await expect(page.locator('.hold-box')).toHaveCount(0);
    await page.context().close();
  });
});

test.describe('a booking that nobody finds', () => {
  test.use({ allowErrors: [/status of 4\d\d/] });
  test('says so, and keeps what was typed @nojs', async ({ page }) => {
    await choose(page, 'zh-CN');
    await page.goto('/appointments/find');
    await expectSound(page);
    await page.locator('input[name=phone]').fill('19900000001');
    await page.locator('input[name=code]').fill('ZZZZZZZZ');
    await page.locator('form[action="/appointments/find"] .primary').click();
    await expect(page.locator('.error-summary')).toBeVisible();
    await expect(page.locator('input[name=code]')).toHaveValue('ZZZZZZZZ');
    await expectSound(page);
  });
});
