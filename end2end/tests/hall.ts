import { startServer } from '../../tools/with-server.mjs';
import { PEOPLE, type Person, choose, expect, scripted, signIn, test as base, patient } from './support';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';

// A morning at a hall: tests of it have a server of their own, which is stopped and started while people look at it.
type Server = Awaited<ReturnType<typeof startServer>>;
export const test = base.extend<object, { hall: Server }>({
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
export const HALL = 'hall-wutong';
export const ITEM = 'birth-registration';
export const COUNTER = `/staff/counter/${HALL}.4`;
export const EVIL = `</textarea><script>window.pwned=1</script><img src=x onerror="window.pwned=1">`;

/** A browser of its own; with `person` somebody is signed in. */
export async function fresh(browser: Browser, hall: Server, lang: 'zh-CN' | 'en', person?: Person, more: BrowserContextOptions = {}): Promise<Page> {
  const { storageState: _, ...use } = test.info().project.use;
  const page = await (await browser.newContext({ ...use, baseURL: hall.url, ...more })).newPage();
  patient(page);
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
export async function again(page: Page) {
  if (!scripted()) await page.reload();
}

export async function atWindow(staff: Page) {
  await staff.goto(COUNTER);
  const begin = staff.locator('form[action$="/open"] button');
  if (await begin.count()) await begin.click();
  await expect(staff.locator('form[action$="/close"]')).toBeVisible();
}

/** Calls until this number is called; whoever the demo left before it did not come. */
export async function call(staff: Page, number: string) {
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

export const step = (staff: Page, name: string) => staff.locator(`form:has(input[name=step][value=${name}]) button`).click();

export async function expectInert(page: Page) {
  await page.waitForTimeout(150);
  const made = await page.evaluate(() => ['pwned' in window, document.querySelectorAll('img[src="x"], main script, [onerror]').length]);
  expect(made, `what hostile text did on ${page.url()}`).toEqual([false, 0]);
}
