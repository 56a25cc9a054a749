import { COUNTER, EVIL, HALL, ITEM, again, atWindow, call, expectInert, fresh, step, test } from './hall';
import { LANGS, choose, expect, expectSound, scripted, signIn, type Person } from './support';
import type { Page } from '@playwright/test';

// A day at the hall, from the kiosk to the rating.
test.describe.configure({ mode: 'serial', timeout: 180_000 });

for (const lang of LANGS) {
  test(`kiosk, number, call on the phone, service, rating, answer (${lang}) @nojs`, async ({ browser, hall }) => {
    const staff = await fresh(browser, hall, lang, 'staff', { viewport: { width: 1280, height: 800 }, bypassCSP: true });
    await atWindow(staff);

    const kiosk = await fresh(browser, hall, lang, undefined, { viewport: { width: 1024, height: 768 } });
    if (lang === 'en') await choose(kiosk, lang, 'large');
    await kiosk.goto(`/kiosk/${HALL}`);
    await expectSound(kiosk);
    await kiosk.locator(`button.draw[value="${ITEM}"]`).click();
    const number = (await kiosk.locator('.ticket-code').innerText()).trim();
    expect(number).toMatch(/^[A-Z]\d{3}$/);
    await expectSound(kiosk);
    const drawn = new URL(kiosk.url()).searchParams;

    const phone = await fresh(browser, hall, lang, undefined, { bypassCSP: true });
    const ticket = `/tickets/${drawn.get('ticket')}?t=${drawn.get('t')}`;
    await phone.goto(ticket);
    await expect(phone.locator('.ticket[data-state=waiting] .ticket-code')).toHaveText(number);
    await expectSound(phone);
    if (scripted()) {
      await phone.locator('[data-sound]').click();
      await expect(phone.locator('[data-sound]')).toHaveAttribute('aria-pressed', 'true');
      expect(await phone.evaluate(() => (window as any).tones), 'what it will sound like').toBe(3);
    } else {
      await expect(phone.locator('[data-sound]')).toBeHidden();
    }

    await staff.goto(COUNTER);
    await call(staff, number);
    await again(phone);
    // By the feed: the page would look by itself only later.
    await expect(phone.locator('.ticket[data-state=called]')).toBeVisible({ timeout: 7_000 });
    if (scripted()) {
      await expect(phone).toHaveTitle(/^● /);
      expect(await phone.evaluate(() => [(window as any).shaken, (window as any).tones])).toEqual([1, 6]);
      await step(staff, 'recall');
      await expect.poll(() => phone.evaluate(() => [(window as any).shaken, (window as any).tones])).toEqual([2, 9]);
    }
    await expectSound(phone);

    // The clerk's note is text, whatever it says, and stays when the materials are saved.
    await step(staff, 'start');
    await expect(staff.locator('button[value=finish]')).toBeVisible();
    await staff.locator('#note').fill(EVIL);
    await staff.locator('button[formaction$="/materials"]').click();
    await expect(staff.locator('a[href$="/missing"]')).toBeVisible();
    await staff.goto(COUNTER);
    await expect(staff.locator('#note')).toHaveValue(EVIL);
    await expectInert(staff);
    await expectSound(staff);
    const missing = (await staff.locator('a[href$="/missing"]').getAttribute('href'))!;
    await staff.locator('button[value=finish]').click();
    await expect(staff.locator('form[action$="/call"]')).toBeVisible();
    await staff.goto(missing);
    await expectInert(staff);
    await expectSound(staff);

    // A bad rating says why; the answer is on the ticket.
    await again(phone);
    const stars = phone.locator('label.choice:has(input[name=stars][value="2"])');
    await stars.click();
    await phone.locator('form[action$="/rating"] button').click();
    await expect(phone.locator('.error').first()).toBeVisible();
    await expect(phone.locator('input[name=stars][value="2"]')).toBeChecked();
    await expectSound(phone);
    await phone.locator('[name=reason]').fill('少说了一份材料');
    await phone.locator('form[action$="/rating"] button').click();
    await expect(phone.locator('form[action$="/rating"]')).toHaveCount(0);

    await staff.goto('/staff');
    await staff.locator(`main a[href^="/staff/ratings?hall=${HALL}"]`).click();
    await expectSound(staff);
    const answer = staff.locator(`form[action="/staff/ratings/${drawn.get('ticket')}"]`);
    await answer.locator('textarea[name=answer]').fill(EVIL);
    await answer.locator('button').click();
    await expect(staff.locator('main')).toContainText(EVIL);
    await expectInert(staff);
    await phone.goto(ticket);
    await expect(phone.locator('main')).toContainText(EVIL);
    await expectInert(phone);
    await expectSound(phone);
    for (const page of [staff, kiosk, phone]) await page.context().close();
  });

  test(`a number from afar, the card on the home page, the door, reception (${lang}) @nojs`, async ({ browser, hall }) => {
    const staff = await fresh(browser, hall, lang, 'secondStaff', { viewport: { width: 1280, height: 800 } });
    const who: Person = lang === 'en' ? 'elder' : 'neighbour';
    const phone = await fresh(browser, hall, lang, who);
    if (lang === 'zh-CN') await choose(phone, lang, 'large');
    await phone.goto('/');
    await phone.locator(`a[href="/halls/${HALL}/ticket"]`).click();
    await expectSound(phone);
    await phone.locator(`button.draw[value="${ITEM}"]`).click();
    const number = (await phone.locator('.ticket-code').innerText()).trim();
    await expectSound(phone);
    // One at a time.
    await phone.goto(`/halls/${HALL}/ticket`);
    await phone.locator('button.draw').first().click();
    await expect(phone.locator('main [role=alert]')).toContainText(number);
    await phone.goto('/');
    await expect(phone.locator('.next-live .next').first()).toContainText(number);
    await expectSound(phone);

    await staff.goto(`/staff/reception?hall=${HALL}`);
    await expectSound(staff);
    await staff.locator('details:has(.door-link) summary').click();
    const door = new URL(await staff.locator('.door-link a').innerText());
    await phone.goto(door.pathname + door.search);
    await expectSound(phone);
    await phone.locator('form[action$="/door/check-in"]:has(input[name=ticket]) button').click();
    await expect(phone.locator('.ticket[data-state=waiting]')).toBeVisible();
    await phone.goto('/');
    await expect(phone.locator('.next-live .next').first()).toContainText(number);

    // Reception gives a number with a class and prints it.
    await staff.goto(`/staff/reception?hall=${HALL}`);
    const form = staff.locator('form[action$="/reception/number"]');
    await form.locator('select[name=item]').selectOption('pension-check');
    await form.locator('select[name=class2]').selectOption('senior');
    await form.locator('input[name=name]').fill('陈阿婆');
    await form.locator('button').click();
    await staff.locator('.flash a[href$="/print"]').click();
    await expect(staff.locator('.slip-number')).toBeVisible();
    await expectSound(staff);

    await atWindow(staff);
    await call(staff, number);
    await again(phone);
    await expect(phone.locator('.next-box[data-called] .next')).toContainText('4');
    await expectSound(phone);
    await step(staff, 'start');
    await staff.locator('button[value=finish]').click();
    await expect(staff.locator('form[action$="/call"]')).toBeVisible();
    for (const page of [staff, phone]) await page.context().close();
  });

  test(`bookings of the day check in by code and by phone number; their pages follow the call (${lang}) @nojs`, async ({ browser, hall }) => {
    const staff = await fresh(browser, hall, lang, 'staff', { viewport: { width: 1280, height: 800 } });
    // Staff book two people into today.
    const tail = (n: number) => `7${n}${lang === 'en' ? 1 : 2}${scripted() ? 1 : 2}`;
    const booked = async (n: number, item: string) => {
      await staff.goto(`/staff/appointments/new?hall=${HALL}&item=${item}`);
      await expect(staff.locator('label.time input').first()).toHaveValue(/20261125T/);
      await staff.locator('label.time').first().click();
      await staff.locator('input[name=phone]').fill(`1390000${tail(n)}`);
      await staff.locator('input[name=name]').fill('孙桂兰');
      await expectSound(staff);
      await staff.locator('.action-bar .primary').click();
      await expect(staff).toHaveURL(/\/appointments\/[A-Z0-9]+/);
      return new URL(staff.url()).pathname;
    };
    const first = await booked(1, ITEM);
    const second = await booked(2, 'worker-aid');
    const resident = async (n: number) => {
      const page = await fresh(browser, hall, lang);
      await signIn(page, `1390000${tail(n)}`);
      return page;
    };
    const shown = (page: Page) => page.locator('[data-live] .ticket').first();

    // By code, at the door or at the kiosk.
    const one = await resident(1);
    await one.goto(first);
    await expect(one.locator('.ticket[data-state=booked]')).toBeVisible();
    let at = one;
    if (lang === 'en') {
      await staff.goto(`/staff/reception?hall=${HALL}`);
      const door = new URL((await staff.locator('.door-link a').getAttribute('href'))!);
      await one.goto(door.pathname + door.search);
    } else {
      at = await fresh(browser, hall, lang, undefined, { viewport: { width: 1024, height: 768 } });
      await at.goto(`/kiosk/${HALL}`);
    }
    const byCode = at.locator('form[action$="/check-in"]:has(input[name=code][type=text], input[name=code]:not([type]))');
    await byCode.locator('input[name=code]').fill(first.split('/').pop()!);
    await byCode.locator('button').click();
    await expect(at.locator('.ticket-code').first()).toBeVisible();
    await expectSound(at);
    await one.goto(first);
    const number = (await shown(one).locator('.ticket-code').innerText()).trim();
    expect(number).toMatch(/^[A-Z]\d{3}$/);
    await expect(shown(one)).toHaveAttribute('data-state', 'waiting');
    await expectSound(one);

    // By the end of a phone number, at reception, which looks at the papers.
    await staff.goto(`/staff/reception?hall=${HALL}`);
    const desk = staff.locator('form[action$="/reception/check-in"]').last();
    await desk.locator('input[name=code]').fill(tail(2));
    await desk.locator('button').click();
    await expect(staff.locator('.flash')).toBeVisible();
    const papers = staff.locator('#papers');
    await papers.locator('label.check').first().click();
    await expectSound(staff);
    await papers.locator('button.primary').click();
    await expect(staff.locator('#papers a[href$="/missing"]')).toBeVisible();
    await expect(staff.locator('#papers input[name=seen]').first()).toBeChecked();
    await expectSound(staff);
    const two = await resident(2);
    await two.goto(second);
    const other = (await shown(two).locator('.ticket-code').innerText()).trim();
    // On a phone that knows nobody, behind the link that the calendar file and the QR code have as well.
    const link = new URL((await one.locator('a[href*="calendar.ics?t="]').getAttribute('href'))!, one.url()).searchParams.get('t');
    const guest = await fresh(browser, hall, lang);
    expect((await guest.request.get(first, { maxRedirects: 0 })).status(), 'without the link').not.toBe(200);
    await guest.goto(`${first}?t=${link}`);
    await expect(shown(guest)).toHaveAttribute('data-state', 'waiting');
    await expect(shown(guest).locator('.ticket-code')).toHaveText(number);
    const place = await shown(guest).locator('.ticket-live').innerText();
    // Sound and vibration are switched on there, too.
    const loud = guest.locator('[data-sound]');
    if (scripted()) {
      await loud.click();
      await expect(loud).toHaveAttribute('aria-pressed', 'true');
      expect(await guest.evaluate(() => (window as any).tones), 'what it will sound like').toBe(3);
    } else {
      await expect(loud).toBeHidden();
    }
    await expectSound(guest);

    // Called, one after the other; each page follows its own call.
    await atWindow(staff);
    for (const [page, called] of [[one, number], [two, other]] as const) {
      await call(staff, called);
      await again(page);
      await expect(shown(page)).toHaveAttribute('data-state', 'called', { timeout: 7_000 });
      await expect(shown(page)).toContainText('4');
      await expectSound(page);
      if (page !== one) continue;
      // And so does the page behind the link.
      await again(guest);
      await expect(shown(guest)).toHaveAttribute('data-state', 'called');
      await expect(shown(guest)).not.toContainText(place);
      if (scripted()) expect(await guest.evaluate(() => [(window as any).shaken, (window as any).tones])).toEqual([1, 6]);
      await expectSound(guest);
    }
    await step(staff, 'start');
    await expect(staff.locator('input[name=seen]').first(), 'as reception saw it').toBeChecked();
    await staff.locator('button[value=finish]').click();
    await expect(staff.locator('form[action$="/call"]')).toBeVisible();
    await again(two);
    await expect(shown(two)).toHaveAttribute('data-state', 'done');

    // In large type.
    await choose(staff, lang, 'large');
    for (const page of [COUNTER, `/staff/reception?hall=${HALL}`, `/board/${HALL}`]) {
      await staff.goto(page);
      await expect(staff.locator('html')).toHaveAttribute('data-size', 'large');
      await expectSound(staff);
    }
    for (const page of new Set([staff, one, two, at, guest])) await page.context().close();
  });

  test(`the board speaks when told to, shows notices and comes back after the server was away (${lang}) @nojs`, async ({ browser, hall }) => {
    const staff = await fresh(browser, hall, lang, 'staff', { viewport: { width: 1280, height: 800 } });
    await atWindow(staff);
    const board = await fresh(browser, hall, lang, undefined, { viewport: { width: 1920, height: 1080 } });
    await board.goto(`/board/${HALL}`);
    await expect(board.locator('.board-foot, .board-emergency')).not.toBeEmpty();
    await expectSound(board);
    const give = async () => {
      await staff.goto(COUNTER);
      await staff.locator('#walk-in summary').click();
      await staff.locator('#walk-in select[name=class]').selectOption({ index: 1 });
      await Promise.all([
        staff.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/walk-in')),
        staff.locator('#walk-in form button').click(),
      ]);
      await staff.goto(COUNTER);
      const number = (await staff.locator('.counter-line .line-row b').first().innerText()).trim();
      await call(staff, number);
      return number;
    };
    if (!scripted()) {
      await expect(board.locator('[data-speak]')).toBeHidden();
      expect(await board.content()).toContain('http-equiv="refresh"');
      const number = await give();
      await board.reload();
      await expect(board.locator('.board-now').first()).toContainText(number);
    } else {
      const speak = board.locator('[data-speak]');
      await expect(speak).toHaveAttribute('aria-pressed', 'false');
      const quiet = await give();
      await expect(board.locator('.board-now').first()).toContainText(quiet);
      expect(await board.evaluate(() => (window as any).spoken)).toEqual([]);
      await speak.click();
      await board.reload();
      await expect(speak).toHaveAttribute('aria-pressed', 'true');
      const spoken = await give();
      await expect.poll(() => board.evaluate(() => (window as any).spoken.join())).toContain(spoken);

      // The server is away and comes back: nobody touches the screen.
      await board.evaluate(() => { (window as any).same = true; });
      const asked = Date.now();
      await hall.halt();
      expect(Date.now() - asked, 'a screen that listens does not hold the server up').toBeLessThan(8_000);
      await expect(board.locator('.live-note[data-kind=off]')).toBeVisible({ timeout: 15_000 });
      await hall.resume();
      await expect(board.locator('.live-note')).toHaveCount(0, { timeout: 40_000 });
      const after = await give();
      await expect(board.locator('.board-now').first()).toContainText(after);
      expect(await board.evaluate(() => (window as any).same), 'without a reload').toBe(true);
    }
    await expectSound(board);
    for (const page of [staff, board]) await page.context().close();
  });
}

test('a kiosk that nobody touches goes back to its start after half a minute', async ({ browser, hall }) => {
  const kiosk = await fresh(browser, hall, 'en', undefined, { viewport: { width: 1024, height: 768 } });
  // Its time goes on only when it is told to, however slow the machine is.
  const began = Date.parse('2026-11-25T09:30:00+08:00');
  await kiosk.clock.install({ time: began });
  await kiosk.clock.pauseAt(began + 60_000);
  await kiosk.goto(`/kiosk/${HALL}`);
  await kiosk.locator('button.draw').first().click();
  await expect(kiosk.locator('.ticket-code')).toBeVisible();
  await expect(kiosk.locator('[data-do=print]')).toBeVisible();
  await kiosk.clock.runFor(29_000);
  await kiosk.mouse.click(5, 5);
  await kiosk.clock.runFor(29_000);
  await expect(kiosk.locator('.ticket-code')).toBeVisible();
  await kiosk.clock.runFor(1_500);
  await expect(kiosk).toHaveURL(new RegExp(`/kiosk/${HALL}$`));
  await expect(kiosk.locator('button.draw').first()).toBeVisible();
  await kiosk.context().close();
});

for (const lang of LANGS) {
  test(`under pressure a browser works for its time, or its person signs in (${lang}) @nojs`, async ({ browser, hall, playwright }) => {
    // Strangers keep times of one day until no more are given without work.
    const item = lang === 'en' ? 'worker-aid' : 'pension-check';
    const asked = await playwright.request.newContext({ baseURL: hall.url });
    const days = await (await asked.get(`/api/v1/services/${item}/slots?hall=${HALL}`)).json();
    const day = days.filter((one: any) => one.times.length).at(-1);
    let pressed = false;
    for (const time of day.times.concat(day.times)) {
      const stranger = await playwright.request.newContext({ baseURL: hall.url });
      await stranger.get('/');
      const answer = await stranger.post('/api/v1/holds', { data: { items: [item], slot: time.slot }, headers: { 'sec-fetch-site': 'same-origin' } });
      const status = answer.status();
      pressed = status === 429 && (await answer.json()).type === 'urn:linli:problem:pressure';
      await stranger.dispose();
      if (status === 429) break;
      expect([201, 409]).toContain(status);
    }
    expect(pressed).toBe(true);

    const page = await fresh(browser, hall, lang);
    await page.goto(`/services/${item}/times?hall=${HALL}&date=${day.date}`);
    await page.locator('label.time:not(:has(input:disabled))').last().click();
    await page.locator('.action-bar .primary').click();
    if (scripted()) {
      await expect(page).toHaveURL(/\/book\?.*hold=/, { timeout: 90_000 });
      await expect(page.locator('.hold-box')).toBeVisible();
    } else {
      await expect(page.locator('form[data-work]')).toBeHidden();
      await expect(page.locator('#errors')).toBeVisible();
      await expectSound(page);
      await page.locator('[data-instead-of-work] a[href^="/login"]').click();
      await expect(page).toHaveURL(/\/login\?next=/);
    }
    await page.context().close();
    await asked.dispose();
  });
}
