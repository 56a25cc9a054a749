import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { cuttable } from './proxy';
import { LANGS, PEOPLE, choose, expect, expectSound, helped, islands, open, patient, signIn, stateOf, test } from './support';
import { dispatched, filed, primary, step } from './work';

const photo = (name: string) => fileURLToPath(new URL(`../../server/tests/fixtures/photos/${name}`, import.meta.url));

test.describe('on the street without a signal', () => {
  test.use({ allowErrors: [/ERR_|Failed to load|status of 409|net::|FetchEvent/] });

  /** The longest rest between two tries (two minutes), and the sending itself. */
  const BY_ITSELF = { timeout: 150_000 };

  /** A phone whose network can really be cut. */
  async function phone(browser: Browser, person: 'volunteer' | 'gridWorker', lang: 'zh-CN' | 'en' = 'zh-CN') {
    const { baseURL, ...use } = test.info().project.use;
    const way = await cuttable(baseURL!);
    // Signed in for itself: whoever signs out here signs nobody else out.
    const context = await browser.newContext({ ...use, baseURL: way.url, storageState: undefined, serviceWorkers: 'allow' });
    const page = await context.newPage();
    patient(page);
    await signIn(page, PEOPLE[person]);
    await choose(page, lang);
    const offline = async (on: boolean) => {
      way.cut(on);
      await context.setOffline(on);
    };
    return { page, context, way, offline };
  }

  test('the list and its tasks open, a step waits, and goes when there is a signal', async ({ browser }) => {
    test.setTimeout(180_000);
    const code = await filed(browser, '没有信号的一件');
    await dispatched(browser, code, '方敏');
    const { page, context, way, offline } = await phone(browser, 'volunteer');
    await keeps(page);
    await offline(true);
    await page.goto('/volunteer');
    const row = page.locator('li.task', { has: page.locator(`a[href="/volunteer/reports/${code}"]`) });
    await expect(row).toBeVisible();
    await row.locator('a').click();
    await expect(page.locator('main')).toContainText('没有信号的一件');
    await helped(page);
    // Taken, and a word about it, on one page: the second follows the first.
    await page.locator('#do textarea[name=text]').fill('我在地下车库');
    await primary(page.locator('#do form')).click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：1 步');
    await offline(false);
    await page.goto(`/volunteer/reports/${code}`);
    await expect(page.locator('.timeline')).toContainText('我在地下车库');
    await expect(page.locator('.unsent')).toBeHidden();
    // Signed out: nothing of it is left on the phone.
    await page.goto('/me');
    await page.locator('form[action="/logout"] button').click();
    await expect(async () => expect(await page.evaluate(() => caches.has('linli-tasks'))).toBe(false)).toPass({ timeout: 10_000 });
    await context.close();
    await way.close();
  });

  // In both languages: what a handler on the street reads.
  for (const lang of LANGS) {
    test(`the signal dies after a task was opened, and the phone does not know: nothing is lost (${lang})`, async ({ browser }) => {
      test.setTimeout(360_000);
      const code = await filed(browser, `走进地下室的一件 ${lang}`);
      await dispatched(browser, code, '方敏');
      const { page, context, way } = await phone(browser, 'volunteer', lang);
      const waits = (n: number) => (lang === 'en' ? `Not sent yet: ${n}` : `还没发出去：${n} 步`);
      await keeps(page);
      await page.goto(`/volunteer/reports/${code}`);
      await page.locator('#do textarea[name=text]').fill('马上下去看');
      // From here on nothing goes through, and nothing tells the phone.
      way.cut(true);
      expect(await page.evaluate(() => navigator.onLine)).toBe(true);
      await primary(page.locator('#do form')).click();
      await expect(page.locator('.unsent')).toContainText(waits(1));
      await expect(page).toHaveURL(/after=take/);
      await islands(page);
      await helped(page);
      await expect(page.locator('#do input[name=step]')).toHaveValue('finish');
      await expectSound(page);
      await page.locator('#do textarea[name=text]').fill('水泵跳闸，已合上');
      await page.locator('#do input[type=file]').setInputFiles(photo('orientation-3.jpg'));
      await expect(page.locator('#do .photo[data-state=failed]')).toHaveCount(1);
      await primary(page.locator('#do form')).click();
      await expect(page.locator('.unsent')).toContainText(waits(2));
      expect(await page.evaluate(() => navigator.onLine)).toBe(true);
      // Up the stairs: what waits goes by itself, and nobody touches the phone.
      way.cut(false);
      await expect(page.locator('.unsent')).toBeHidden(BY_ITSELF);
      const staff = await open(browser, 'staff', lang);
      await staff.goto(`/staff/reports/${code}`);
      const titles = await staff.locator('.timeline .event-title').allInnerTexts();
      expect(titles.slice(0, 2)).toEqual(lang === 'en' ? ['Done; to be checked', 'Work begun'] : ['处理完毕，待核查', '开始处理']);
      for (const words of ['马上下去看', '水泵跳闸，已合上']) await expect(staff.locator('.timeline').getByText(words)).toHaveCount(1);
      await expect(staff.locator('.timeline img')).toHaveCount(1);
      await staff.context().close();
      await context.close();
      await way.close();
    });
  }

  test('taken from the list and handed back, both where there is no signal any more', async ({ browser }) => {
    test.setTimeout(330_000);
    const code = await filed(browser, '够不着的一件');
    await dispatched(browser, code, '方敏');
    const { page, context, way } = await phone(browser, 'volunteer');
    await keeps(page);
    const row = page.locator('li.task', { has: page.locator(`a[href="/volunteer/reports/${code}"]`) });
    await expect(row.locator('form button')).toBeVisible();
    way.cut(true);
    await row.locator('form button').click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：1 步');
    await expect(row.locator('form')).toBeHidden();
    await row.locator('a').click();
    // The page goes on to what it is after that by itself; a tap before would be lost with the page.
    await expect(page).toHaveURL(/after=take/);
    await helped(page);
    await page.locator('#do a[href*="step=return"]').click();
    await expect(page).toHaveURL(/step=return&after=take/);
    await helped(page);
    await expect(page.locator('#do input[name=step]')).toHaveValue('return');
    await page.locator('#do textarea[name=text]').fill('要登高车，请找物业');
    await primary(page.locator('#do form')).click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：2 步');
    await expect(page.locator('#do')).toBeHidden();
    way.cut(false);
    await expect(page.locator('.unsent')).toBeHidden(BY_ITSELF);
    const staff = await open(browser, 'staff', 'zh-CN');
    await staff.goto(`/staff/reports/${code}`);
    const titles = await staff.locator('.timeline .event-title').allInnerTexts();
    expect(titles.slice(0, 2)).toEqual(['处置人退回', '开始处理']);
    await expect(staff.locator('.timeline')).toContainText('要登高车，请找物业');
    await staff.context().close();
    await context.close();
    await way.close();
  });

  test('an answer that is lost on the ordinary way is no conflict with oneself', async ({ browser }) => {
    test.setTimeout(180_000);
    const code = await filed(browser, '答复丢了的一件');
    await dispatched(browser, code, '方敏');
    const { storageState: _, ...use } = test.info().project.use;
    // Without the service worker, past which the test could not reach the answer.
    const context = await browser.newContext({ ...use, storageState: stateOf('volunteer'), serviceWorkers: 'block' });
    const page = await context.newPage();
    patient(page);
    await choose(page, 'zh-CN');
    await page.goto(`/volunteer/reports/${code}`);
    let lost = 0;
    await page.route(`**/volunteer/reports/${code}`, async (route) => {
      if (route.request().method() !== 'POST' || lost > 0) return route.continue();
      lost += 1;
      expect((await route.fetch({ maxRedirects: 0 })).ok()).toBe(true);
      return route.abort('connectionreset');
    });
    await page.locator('#do textarea[name=text]').fill('十分钟到');
    await primary(page.locator('#do form')).click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：1 步');
    expect(lost).toBe(1);
    // Sent once more by itself: taken once, and the page goes on.
    await expect(page.locator('#do input[name=step]')).toHaveValue('finish', { timeout: 90_000 });
    await expect(page.locator('.unsent')).toBeHidden();
    await expect(page.locator('.timeline').getByText('十分钟到')).toHaveCount(1);
    await expect(page.locator('.timeline .event-title').getByText('开始处理')).toHaveCount(1);
    await context.close();
  });

  test('a form with a mistake comes back with its photo, which could not be sent at first', async ({ browser }) => {
    test.setTimeout(180_000);
    const code = await filed(browser, '缺一句话的一件');
    await dispatched(browser, code, '方敏');
    const { page, context, way } = await phone(browser, 'volunteer');
    await page.goto(`/volunteer/reports/${code}`);
    await primary(page.locator('#do form')).click();
    await expect(page.locator('#do input[name=step]')).toHaveValue('finish');
    await page.goto(`/volunteer/reports/${code}?step=note`);
    await islands(page);
    way.cut(true);
    await page.locator('#do input[type=file]').setInputFiles(photo('orientation-3.jpg'));
    await expect(page.locator('#do .photo[data-state=failed]')).toHaveCount(1);
    way.cut(false);
    // Nothing was said: the server's page says so at the field, and has the photo.
    await page.locator('#do textarea[name=text]').evaluate((area) => area.removeAttribute('required'));
    await primary(page.locator('#do form')).click();
    await expect(page.locator('#do .error').first()).toBeVisible();
    await expect(page.locator('#do .photo-grid .photo img')).toHaveCount(1);
    await expect(page.locator('.unsent')).toBeHidden();
    await islands(page);
    await page.locator('#do textarea[name=text]').fill('补上一句');
    await primary(page.locator('#do form')).click();
    await expect(page.locator('.timeline')).toContainText('补上一句');
    await expect(page.locator('.timeline img')).toHaveCount(1);
    await context.close();
    await way.close();
  });

  test('a phone that knows it has no signal keeps a step as well', async ({ browser }) => {
    test.setTimeout(180_000);
    const code = await filed(browser, '电梯里的一件');
    await dispatched(browser, code, '方敏');
    const { page, context, way, offline } = await phone(browser, 'volunteer');
    await keeps(page);
    await offline(true);
    await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false }));
    await page.goto(`/volunteer/reports/${code}`);
    await page.locator('#do textarea[name=text]').fill('我在电梯里');
    await primary(page.locator('#do form')).click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：1 步');
    await context.close();
    await way.close();
  });

  /** The list, with its tasks kept on the phone. */
  async function keeps(page: Page) {
    await page.goto('/volunteer');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await expect(page.locator('html[data-tasks-kept]')).toBeAttached({ timeout: 120_000 });
  }

  test('taken in the list and finished with a photo, both without a signal: sent in order', async ({ browser }) => {
    test.setTimeout(300_000);
    const code = await filed(browser, '地下车库的一件');
    await dispatched(browser, code, '方敏');
    const { page, context, way, offline } = await phone(browser, 'volunteer');
    await keeps(page);
    await offline(true);
    await page.goto('/volunteer');
    const row = page.locator('li.task', { has: page.locator(`a[href="/volunteer/reports/${code}"]`) });
    await row.locator('form button').click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：1 步');
    await expect(row.locator('form')).toBeHidden();
    // The task as it is once it is taken, however it is opened: its finish stands there.
    await row.locator('a').click();
    await expect(page).toHaveURL(/after=take/);
    await helped(page);
    await expect(page.locator('#do input[name=step]')).toHaveValue('finish');
    await expect(page.locator('main')).toContainText('接单还在这台手机里');
    await expectSound(page);
    // A word on the way, and back.
    await page.locator('#do a[href*="step=note"]').click();
    await expect(page.locator('#do input[name=step]')).toHaveValue('note');
    await helped(page);
    await page.locator('#do textarea[name=text]').fill('灯座锈了，先拆下来');
    await primary(page.locator('#do form')).click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：2 步');
    await page.goto(`/volunteer/reports/${code}`);
    await expect(page).toHaveURL(/after=take/);
    await islands(page);
    await helped(page);
    await page.locator('#do textarea[name=text]').fill('换了灯座，亮了');
    await page.locator('#do input[type=file]').setInputFiles(photo('orientation-3.jpg'));
    await expect(page.locator('#do .photo[data-state=failed]')).toHaveCount(1);
    await primary(page.locator('#do form')).click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：3 步');
    // Done is done: nothing more is asked of it until it has been sent.
    await expect(page.locator('#do')).toBeHidden();
    await page.goto('/volunteer');
    await expect(page.locator('.unsent li')).toHaveCount(3);
    await offline(false);
    await page.goto('/volunteer');
    await expect(page.locator('.unsent')).toBeHidden(BY_ITSELF);
    const staff = await open(browser, 'staff', 'zh-CN');
    await staff.goto(`/staff/reports/${code}`);
    await expect(staff.locator('.badge').first()).toContainText('待核查');
    // In the order in which they were done; the newest on top.
    const titles = await staff.locator('.timeline .event-title').allInnerTexts();
    expect(titles.slice(0, 3)).toEqual(['处理完毕，待核查', '有进展', '开始处理']);
    await expect(staff.locator('.timeline')).toContainText('换了灯座，亮了');
    await expect(staff.locator('.timeline img')).toHaveCount(1);
    await staff.context().close();
    await context.close();
    await way.close();
  });

  test('handed back on another phone meanwhile: nothing is overwritten, both steps say so, and what was typed stays', async ({ browser }) => {
    test.setTimeout(300_000);
    const code = await filed(browser, '被改派的一件');
    await dispatched(browser, code, '方敏');
    const { page, context, way, offline } = await phone(browser, 'volunteer');
    await keeps(page);
    await offline(true);
    await page.goto(`/volunteer/reports/${code}`);
    await primary(page.locator('#do form')).click();
    await expect(page).toHaveURL(/after=take/);
    await helped(page);
    await page.locator('#do textarea[name=text]').fill('我已经修好了');
    await primary(page.locator('#do form')).click();
    await expect(page.locator('.unsent')).toContainText('还没发出去：2 步');
    // Handed back on another phone: what this one knows is old.
    const other = await open(browser, 'volunteer', 'zh-CN');
    await other.goto(`/volunteer/reports/${code}`);
    await primary(await step(other, 'return', '够不着，请找物业')).click();
    await expect(other).toHaveURL(/\/volunteer$/);
    await offline(false);
    await page.goto('/volunteer');
    const unsent = page.locator('.unsent');
    await expect(unsent.locator('li')).toHaveCount(2);
    await expect(unsent.locator('li').first()).toContainText('先一步操作了', BY_ITSELF);
    await expect(unsent.locator('li').nth(1)).toContainText('前一步没有办成');
    await expect(unsent.locator('li').nth(1)).toContainText('我已经修好了');
    await expectSound(page);
    const staff = await open(browser, 'staff', 'zh-CN');
    await staff.goto(`/staff/reports/${code}`);
    await expect(staff.locator('.badge').first()).toContainText('已受理');
    await expect(staff.locator('.timeline')).not.toContainText('我已经修好了');
    // Understood, one after the other: nothing is left of it on the phone.
    for (const left of [1, 0]) {
      await unsent.locator('button').first().click();
      await expect(unsent.locator('li')).toHaveCount(left);
    }
    await expect(page.locator(`a[href="/volunteer/reports/${code}"]`)).toHaveCount(0);
    await other.context().close();
    await staff.context().close();
    await context.close();
    await way.close();
  });

  for (const lang of LANGS) {
    test(`patrol: solved on the spot in two taps, kept and sent once (${lang})`, async ({ browser }) => {
      test.setTimeout(180_000);
      const { page, context, way, offline } = await phone(browser, 'gridWorker', lang);
      await page.goto('/volunteer/collect');
      await islands(page);
      await expectSound(page);
      const kept = () => page.evaluate(async () => Boolean(await caches.match('/volunteer/collect?shell', { ignoreVary: true })));
      await expect.poll(kept, { timeout: 60_000 }).toBe(true);
      await offline(true);
      await page.goto('/volunteer/collect');
      await islands(page);
      const mark = `巡查 ${lang} ${Date.now()}`;
      await page.locator('select[name=building]').selectOption({ index: 1 });
      await page.locator('textarea[name=description]').fill(mark);
      // Tap one: the photo. Tap two: solved.
      await page.locator('input[type=file]').first().setInputFiles(photo('orientation-1.jpg'));
      await expect(page.locator('.photo[data-state=kept]')).toHaveCount(1);
      await page.locator('.action-bar button[name=solved]').click();
      await expect(page.locator('.outbox-item[data-state=waiting]')).toHaveCount(1);
      await offline(false);
      await page.goto('/volunteer/collect');
      await expect(page.locator('.outbox-item[data-state=sent]')).toHaveCount(1, { timeout: 60_000 });
      const staff = await open(browser, 'staff', 'zh-CN');
      await staff.goto(`/staff/reports?state=handled&q=${encodeURIComponent(mark)}`);
      await expect(staff.locator('li[data-code]')).toHaveCount(1);
      await staff.context().close();
      await context.close();
      await way.close();
    });
  }
});
