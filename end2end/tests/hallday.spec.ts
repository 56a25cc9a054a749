import { startServer } from '../../tools/with-server.mjs';
import { cuttable } from './proxy';
import { LANGS, PEOPLE, type Person, choose, expect, expectSound, scripted, signIn, test as base } from './support';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';

// A morning at a hall: these tests have a server of their own, which is stopped and started while people look at it.
type Server = Awaited<ReturnType<typeof startServer>>;
const test = base.extend<object, { hall: Server }>({
  hall: [
    async ({}, use) => {
      const server = await startServer({ LINLI_DEMO_NOW: '2026-11-25T09:00:00+08:00' });
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  baseURL: async ({ hall }, use) => use(hall.url),
});
test.describe.configure({ mode: 'serial', timeout: 120_000 });

const HALL = 'hall-wutong';
const ITEM = 'birth-registration';
const COUNTER = `/staff/counter/${HALL}.4`;
const EVIL = `</textarea><script>window.pwned=1</script><img src=x onerror="window.pwned=1">`;

/** A browser of its own; with `person` somebody is signed in. */
async function fresh(browser: Browser, hall: Server, lang: 'zh-CN' | 'en', person?: Person, more: BrowserContextOptions = {}): Promise<Page> {
  const { storageState: _, ...use } = test.info().project.use;
  const page = await (await browser.newContext({ ...use, baseURL: hall.url, ...more })).newPage();
  await page.addInitScript(() => {
    // What a phone does and a test cannot hear.
    Object.assign(window, { shaken: 0, spoken: [], tones: 0 });
    const nothing = () => {};
    const link = { connect: (to: unknown) => to };
    Object.assign(window, { AudioContext: class {
      currentTime = 0;
      resume = nothing;
      createGain = () => ({ ...link, gain: { setValueAtTime: nothing, exponentialRampToValueAtTime: nothing } });
      createOscillator = () => ({ ...link, frequency: {}, start: () => { (window as any).tones += 1; }, stop: nothing });
    } });
    navigator.vibrate = () => { (window as any).shaken += 1; return true; };
    window.speechSynthesis?.cancel();
    if (window.speechSynthesis) window.speechSynthesis.speak = (words) => { (window as any).spoken.push(words.text); };
  });
  await choose(page, lang);
  if (person) await signIn(page, PEOPLE[person]);
  return page;
}

/** Looks again where no script does it. */
async function again(page: Page) {
  if (!scripted()) await page.reload();
}

async function atWindow(staff: Page) {
  await staff.goto(COUNTER);
  const begin = staff.locator('form[action$="/open"] button');
  if (await begin.count()) await begin.click();
  await expect(staff.locator('form[action$="/close"]')).toBeVisible();
}

/** Calls until this number is called; whoever the demo left before it did not come. */
async function call(staff: Page, number: string) {
  for (let n = 0; n < 40; n += 1) {
    const shown = (await staff.locator('.call-number').innerText()).trim();
    if (shown === number) return;
    for (const step of ['no_show', 'finish']) {
      const end = staff.locator(step === 'finish' ? 'button[value=finish]' : `form:has(input[value=${step}]) button`);
      if (await end.count()) await end.first().click();
    }
    await staff.locator('form[action$="/call"] button').click();
    await expect(staff.locator('form:has(input[name=step][value=start])')).toBeVisible();
  }
  throw new Error(`${number} was not called`);
}

const step = (staff: Page, name: string) => staff.locator(`form:has(input[name=step][value=${name}]) button`).click();

async function expectInert(page: Page) {
  await page.waitForTimeout(150);
  const made = await page.evaluate(() => ['pwned' in window, document.querySelectorAll('img[src="x"], main script, [onerror]').length]);
  expect(made, `what hostile text did on ${page.url()}`).toEqual([false, 0]);
}

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
    await expect(phone.locator('.ticket[data-state=called]')).toBeVisible();
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
      await expect(shown(page)).toHaveAttribute('data-state', 'called');
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
      await staff.locator('#walk-in form button').click();
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
      await expect(board.locator('.live-note')).toHaveCount(0, { timeout: 20_000 });
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
  await kiosk.clock.install();
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
  await expect(staff.locator('[data-key="f"]')).toBeVisible({ timeout: 20_000 });
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
    test.setTimeout(180_000);
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
    await give();
    const ends = colleague.locator('[data-key="n"], [data-key="f"]').first();
    if (await ends.count()) await ends.click();
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
    const now = await line(outside);
    await expect.poll(() => line(clerk), { timeout: 30_000 }).toEqual(now);
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
    return () => expect(rows).toHaveCount(before + 1, { timeout: 6_000 });
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
      await expect(page).toHaveURL(/\/book\?.*hold=/, { timeout: 30_000 });
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
