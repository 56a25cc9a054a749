import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { LANGS, choose, expect, expectSound, helped, islands, open, scripted, sizeFor, stateOf, test, way, word } from './support';
import { dispatched, filed, primary, reporter, step } from './work';

const photo = (name: string) => fileURLToPath(new URL(`../../server/tests/fixtures/photos/${name}`, import.meta.url));

for (const lang of LANGS) {
  test(`a volunteer takes, hands back, is sent again, and finishes with a photo (${lang}) @nojs`, async ({ browser }) => {
    test.setTimeout(150_000);
    const code = await filed(browser, `志愿者的一件 ${lang} ${scripted()}`);
    await dispatched(browser, code, '方敏');
    const volunteer = await open(browser, 'volunteer', lang);
    await choose(volunteer, lang, sizeFor(lang));
    await volunteer.goto('/volunteer');
    await expectSound(volunteer);
    // One tap in the list.
    const row = volunteer.locator('li.task', { has: volunteer.locator(`a[href="/volunteer/reports/${code}"]`) });
    await row.locator('form button').click();
    await expect(volunteer).toHaveURL(new RegExp(`/volunteer/reports/${code}`));
    await expectSound(volunteer);
    // Back, with a reason; without one it stays.
    const back = await step(volunteer, 'return', '梯子不够高，请找物业');
    await primary(back).click();
    await expect(volunteer).toHaveURL(/\/volunteer$/);
    await expect(volunteer.locator(`a[href*="${code}"]`)).toHaveCount(0);
    const staff = await open(browser, 'staff', lang);
    await staff.goto('/staff');
    await staff.goto(`/staff/reports/${code}`);
    await expect(staff.locator('main')).toContainText('梯子不够高');
    const again = await step(staff, 'dispatch');
    await again.locator('label.choice', { hasText: '方敏' }).click();
    await primary(again).click();
    await volunteer.goto(`/volunteer/reports/${code}`);
    await primary(await step(volunteer, 'take')).click();
    await primary(await step(volunteer, 'note', '借到梯子了')).click();
    await expect(volunteer.locator('.timeline')).toContainText('借到梯子了');
    const finish = await step(volunteer, 'finish', '换好了');
    await islands(volunteer);
    await expectSound(volunteer);
    await finish.locator('input[type=file]').setInputFiles(photo('orientation-3.jpg'));
    if (scripted()) await expect(volunteer.locator('.photo[data-state=ready]')).toHaveCount(1);
    await primary(finish).click();
    await expect(volunteer.locator('.timeline')).toContainText('换好了');
    await expect(volunteer.locator('.thumbs img, .pair img').first()).toBeVisible();
    await expectSound(volunteer);
    for (const page of [volunteer, staff]) await page.context().close();
  });
}

test('a unit asks for an extension and hands back; the street decides on the dispute @nojs', async ({ browser }) => {
  test.setTimeout(150_000);
  // With JavaScript in English, without it in Chinese.
  const lang = scripted() ? 'en' : 'zh-CN';
  const code = await filed(browser, `物业的一件 ${scripted()}`);
  await dispatched(browser, code, '韩启良');
  const unit = await open(browser, 'unit', lang);
  await unit.goto(`/volunteer/reports/${code}`);
  await primary(await step(unit, 'take')).click();
  const ask = await step(unit, 'extend_ask', '等配件');
  await ask.locator('input[name=hours]').fill('9');
  await primary(ask).click();
  await expect(unit.locator('.timeline')).toContainText('等配件');

  // The community finds it on "today", and grants it.
  const staff = await open(browser, 'staff', lang);
  await staff.goto('/staff');
  await expectSound(staff);
  await staff.locator('a[href="/staff/reports?state=extension-1"]').click();
  await expect(staff.locator(`li[data-code="${code}"]`)).toBeVisible();
  await staff.goto(`/staff/reports/${code}?step=extend_grant`);
  await expect(staff.locator('#do')).toContainText(lang === 'en' ? 'The handler asks for 9 more hours: 等配件' : '申请延 9 小时：等配件');
  await primary(staff.locator('#do form')).click();

  // The second one is the street's.
  await unit.goto(`/volunteer/reports/${code}`);
  const more = await step(unit, 'extend_ask', '配件还没到');
  await more.locator('input[name=hours]').fill('9');
  await primary(more).click();
  await expect(unit.locator('.timeline')).toContainText('配件还没到');
  const street = await open(browser, 'supervisor', lang);
  await street.goto('/staff');
  await expectSound(street);
  await street.locator('a[href="/staff/reports?state=extension-2"]').click();
  await street.goto(`/staff/reports/${code}?step=extend_refuse_above`);
  await street.locator('#do textarea[name=text]').fill('先用备件');
  await primary(street.locator('#do form')).click();
  await expect(street.locator('.timeline')).toContainText('先用备件');
  // And orders: please answer.
  await primary(await step(street, 'supervise', '两天内办完，请回复')).click();
  await staff.goto(`/staff/reports/${code}?step=supervise_answer`);
  await staff.locator('#do textarea[name=text]').fill('明天完工');
  await primary(staff.locator('#do form')).click();
  await expect(staff.locator('.orders')).toContainText('明天完工');

  // Handed back, disputed, sent back to whom it belongs.
  await unit.goto(`/volunteer/reports/${code}`);
  await primary(await step(unit, 'return', '不归物业')).click();
  await expect(unit).toHaveURL(/\/volunteer$/);
  await staff.goto(`/staff/reports/${code}?step=dispute`);
  await staff.locator('#do textarea[name=text]').fill('合同里写着');
  await primary(staff.locator('#do form')).click();
  await street.goto('/staff');
  await street.locator('a[href="/staff/reports?state=disputed"]').click();
  await street.goto(`/staff/reports/${code}?step=send_back`);
  await street.locator('#do textarea[name=text]').fill('按合同归物业');
  await primary(street.locator('#do form')).click();
  await expect(street.locator('.badge').first()).toContainText(lang === 'en' ? 'Assigned' : '已派遣');
  await unit.goto('/volunteer');
  await expect(unit.locator(`a[href="/volunteer/reports/${code}"]`)).toBeVisible();
  for (const page of [unit, staff, street]) await page.context().close();
});

test.describe('other eyes', () => {
  test.use({ allowErrors: [/status of 409/] });
  test('a verifier does not verify their own work; another finds it not done, then done @nojs', async ({ browser }) => {
    test.setTimeout(150_000);
    const lang = scripted() ? 'en' : 'zh-CN';
    const code = await filed(browser, `网格员的一件 ${scripted()}`);
    await dispatched(browser, code, '陆海峰');
    const worker = await open(browser, 'gridWorker', lang);
    await worker.goto(`/volunteer/reports/${code}`);
    await primary(await step(worker, 'take')).click();
    await primary(await step(worker, 'finish', '弄好了')).click();
    await expect(worker.locator('.timeline')).toContainText('弄好了');
    await worker.goto(`/staff/reports/${code}`);
    await expect(worker.locator('input[name=step][value=verify_pass]')).toHaveCount(0);
    const staff = await open(browser, 'secondStaff', lang);
    await staff.goto(`/staff/reports/${code}`);
    await primary(await step(staff, 'verify_fail', '还在响')).click();
    await worker.goto('/volunteer');
    await worker.goto(`/volunteer/reports/${code}`);
    await expect(worker.locator('.timeline')).toContainText('还在响');
    await primary(await step(worker, 'finish', '这次好了')).click();
    await expect(worker.locator('.timeline')).toContainText('这次好了');
    await staff.goto(`/staff/reports/${code}`);
    await primary(await step(staff, 'verify_pass')).click();
    await expect(staff.locator('.badge').first()).toContainText(lang === 'en' ? 'Checked' : '已核查');
    await expect(staff.locator('.summary')).toContainText(lang === 'en' ? 'Times redone' : '返工次数');
    for (const page of [worker, staff]) await page.context().close();
  });
});

test.describe('at the desk', () => {
  test.use({ storageState: stateOf('staff') });

  for (const lang of LANGS) {
    test(`settings, calls and figures are sound (${lang})`, async ({ page }) => {
      await choose(page, lang);
      const pages = ['/staff/reports/settings', '/staff/reports/answers', '/staff/reports/hours', '/staff/reports/routing', '/staff/reports/new', '/staff/reports/statistics'];
      for (const address of pages) {
        await page.goto(address);
        await expect(page.locator('h1')).toHaveCount(1);
        await expectSound(page);
      }
    });
  }

  test('a ready answer fills in and the message is followed as it is typed @nojs', async ({ page, browser }) => {
    const code = await filed(browser, `要答复的一件 ${scripted()}`);
    await choose(page, 'zh-CN');
    await page.goto(`/staff/reports/${code}?step=accept`);
    await page.locator('select[name=answer]').selectOption({ label: '已收到' });
    if (!scripted()) await page.locator('button[name=preview][value=answer]').click();
    const words = page.locator('#do textarea[name=text]');
    await expect(words).toHaveValue(new RegExp(`（${code}）已收到`));
    const message = page.locator('.message-preview p').last();
    await expect(message).toContainText(`（${code}）已收到`);
    if (scripted()) {
      await words.fill('改成{地点}的人去看');
      await expect(message).toContainText('3栋');
      await expect(message).not.toContainText('{');
      await expectSound(page);
    }
    const shown = (await message.innerText()).trim();
    await primary(page.locator('#do form')).click();
    await expect(page.locator('.badge').first()).toContainText('已受理');
    const resident = await open(browser, reporter(), 'zh-CN');
    await resident.goto('/me/inbox');
    await expect(resident.locator('main')).toContainText(shown);
    await resident.context().close();
  });

  test('hours: the effect is seen before anything changes @nojs', async ({ page }) => {
    await choose(page, 'zh-CN');
    await page.goto('/staff/reports/hours');
    await page.locator('input[name=own][value="1"]').check();
    await page.locator('input[name=closes]').first().fill('16:00');
    await page.locator('button[name=act][value=look]').click();
    await expect(page.locator('main')).toContainText(/没办完的 \d+ 件里/);
    await expectSound(page);
    await expect(page.locator('button[name=act][value=save]')).toBeVisible();
  });

  test('a call: what is the same stands beside it, and goes with one tap', async ({ page, browser }) => {
    const code = await filed(browser, '路灯又灭了一盏', 'street-light');
    await choose(page, 'zh-CN');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto('/staff/reports/new');
    await page.locator('textarea[name=description]').fill('来电人说三栋门口路灯不亮');
    await page.locator('.suggest button', { hasText: '路灯' }).first().click();
    await page.locator('select[name=building]').selectOption('wutong-3');
    const card = page.locator(`.call-alike li[data-code="${code}"]`);
    await expect(card).toBeVisible();
    await expectSound(page);
    await page.locator('input[name=caller]').fill('孙女士');
    await page.locator('input[name=contact]').fill('19900030099');
    await card.locator('button[name=into]').click();
    await expect(page).toHaveURL(new RegExp(`/staff/reports/${code}`));
    await expect(page.locator('.flash')).toContainText('并到了这一件');
  });

  for (const lang of LANGS) {
    // The hotline desk begins with the number; the form shows what it told before, and what sounds like the words.
    test(`a call: the caller's earlier ones and what sounds the same stand beside the words (${lang}) @nojs @desk`, async ({ page }) => {
      await choose(page, lang);
      // A number and a matter of each way's own.
      const number = `199000311${['phone', 'desk', 'html'].indexOf(way())}${LANGS.indexOf(lang)}`;
      const [first, again] = {
        phone: ['地下车库的卷帘门卡在半中间，放不下来', '车库门口的卷帘门放不下来'],
        desk: ['喷泉池的水泵一直空转，池底露出来了', '喷泉池的水泵还在空转'],
        html: ['宣传栏的玻璃裂成几块，风一吹就掉渣', '宣传栏的玻璃裂了，请来看看'],
      }[way()];
      const [contact, words] = [page.locator('input[name=contact]'), page.locator('textarea[name=description]')];
      const send = page.locator('.call-form .buttons .primary');
      await page.goto('/staff/calls');
      await page.locator('[name=number]').fill(number);
      await page.locator('form[action="/staff/calls"] button').click();
      await page.locator('#found form[action="/staff/reports/new"] button').click();
      await expect(contact).toHaveValue(number);
      expect(page.url()).not.toContain(number);
      await helped(page);
      await expectSound(page);
      await words.fill(first);
      await page.locator('select[name=category]').selectOption('other-problem');
      await page.locator('select[name=building]').selectOption('wutong-3');
      await send.click();
      const different = page.locator('button[name=different]');
      const done = /\/staff\/reports\/[A-Z0-9]{8}/;
      await Promise.race([different.waitFor(), page.waitForURL(done)]);
      if (await different.isVisible()) await different.click();
      await expect(page).toHaveURL(done);
      const code = new URL(page.url()).pathname.split('/').pop()!;

      await page.goto('/staff/reports/new');
      const looks: string[] = [];
      page.on('request', (request) => { if (request.url().endsWith('/new/history')) looks.push(request.url()); });
      const top = () => words.evaluate((one: HTMLElement) => one.offsetTop);
      const before = await top();
      if (scripted()) {
        await contact.pressSequentially(number);
      } else {
        await contact.fill(number);
        await page.locator('button[name=look]').click();
        await expect(contact).toHaveValue(number);
      }
      await expect(page.locator(`#caller-history a[href="/staff/reports/${code}"]`)).toBeVisible();
      await expect(page.locator('.call-look')).toContainText(word(lang, '以前反映过', 'Earlier calls'));
      // What comes moves nothing under the hand that types.
      expect(await top()).toBe(before);

      const card = page.locator(`.call-alike li[data-code="${code}"]`);
      await expect(card).toHaveCount(0);
      await words.fill(again);
      if (!scripted()) {
        await page.locator('select[name=category]').selectOption('other-problem');
        await page.locator('input[name=place]').fill('中心广场');
        await send.click();
      }
      await expect(card).toBeVisible();
      if (scripted()) await expect(page.locator('.call-alike [role=status]')).toContainText(word(lang, '像的有', 'Open reports like it'));
      else await expect(page.locator('[role=alert]')).toContainText(word(lang, '可能有同一件', 'may be about the same'));
      // Typed, left, and looked at once.
      expect(looks).toHaveLength(scripted() ? 1 : 0);
      await expectSound(page);
    });
  }

  test('a caller is called back: the number after a look, on the record @nojs', async ({ page }) => {
    await choose(page, 'zh-CN');
    await page.goto('/staff/reports?channel=hotline&state=all');
    await page.locator('a.desk-row', { hasText: '垃圾' }).first().click();
    if (scripted()) await page.waitForURL(/\/staff\/reports\/[A-Z0-9]{8}/);
    await expect(page.locator('main')).toContainText('王*国');
    await page.locator('form[action$="/caller"] button').click();
    await expect(page.locator('a[href^="tel:199"]')).toBeVisible();
  });

  test('likely duplicates are merged with one tap, beside the list, with the map', async ({ page, browser }) => {
    const first = await filed(browser, '单元门关不上（一）', 'door-lock');
    const second = await filed(browser, '单元门关不上（二）', 'door-lock');
    await choose(page, 'zh-CN');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto('/staff/reports?state=submitted&category=door-lock');
    await expect(page.locator('.desk-map .leaflet-marker-icon').first()).toBeVisible();
    await expectSound(page);
    await page.locator(`li[data-code="${second}"] a.desk-row`).click();
    const pane = page.locator('.desk-detail');
    await expect(pane.locator('.alike-box')).toContainText(first);
    await expectSound(page);
    await pane.locator(`.alike-box li[data-code="${first}"] button`).click();
    await expect(pane).toContainText('已并案');
    await expect(page.locator(`li[data-code="${second}"]`)).toHaveCount(0);
    // Away with it: the map is there again.
    await page.locator('a.desk-row').first().focus();
    await page.keyboard.press('Escape');
    await expect(page.locator('.desk-map')).toBeVisible();
  });
});

test.describe('blacking out', () => {
  test.use({ storageState: stateOf('staff') });

  /** A photo of the demo's, on a report that no other test is at. */
  async function photoPage(page: Page) {
    await choose(page, 'zh-CN');
    await page.goto(`/staff/reports?state=all&q=${encodeURIComponent('八栋左边那部电梯关门时咣当响')}`);
    await page.goto((await page.locator('a.desk-row').getAttribute('href'))!);
    await page.goto((await page.locator('.photo-grid a[href*="/photos/"].button').first().getAttribute('href'))!);
  }

  /** Red, green and blue where the picture is asked, as shares of its sides: the mean of a small square there. */
  async function colours<K extends string>(page: Page, id: string, at: Record<K, readonly [number, number]>, variant = 'full') {
    const jpeg = await (await page.request.get(`/photos/${id}/${variant}`)).body();
    return page.evaluate(async ({ jpeg, at }) => {
      const bytes = Uint8Array.from(atob(jpeg), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
      const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d', { willReadFrequently: true })!;
      context.drawImage(picture, 0, 0);
      const mean = ([x, y]: readonly [number, number]) => {
        const { data } = context.getImageData(x * picture.width - 4, y * picture.height - 4, 8, 8);
        return [0, 1, 2].map((colour) => data.filter((_, n) => n % 4 === colour).reduce((sum, value) => sum + value, 0) / 64);
      };
      return Object.fromEntries(Object.entries(at).map(([name, place]) => [name, mean(place)]));
    }, { jpeg: jpeg.toString('base64'), at: at as Record<string, readonly [number, number]> }) as Promise<Record<K, number[]>>;
  }

  test('with a mouse: parts are drawn, moved by their numbers, taken back, and gone for good', async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await photoPage(page);
    await expectSound(page);
    const frame = page.locator('.redact-frame');
    const box = (await frame.boundingBox())!;
    const drag = async (from: [number, number], to: [number, number]) => {
      await page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * to[0], box.y + box.height * to[1], { steps: 6 });
      await page.mouse.up();
    };
    await drag([0.1, 0.1], [0.4, 0.4]);
    await drag([0.8, 0.5], [0.6, 0.3]);
    await expect(frame.locator('.redact-box:visible')).toHaveCount(2);
    await expect(page.locator('#x-0')).toHaveValue(/^(9|10)(\.\d)?$/);
    await expect(page.locator('#width-1')).toHaveValue(/^(19|20)(\.\d)?$/);
    // A slip of the hand is no part.
    await drag([0.9, 0.9], [0.9, 0.9]);
    await expect(frame.locator('.redact-box:visible')).toHaveCount(2);
    // The second is taken back.
    await page.locator('.redact-clear').nth(1).click();
    await expect(frame.locator('.redact-box:visible')).toHaveCount(1);
    const id = new URL(page.url()).pathname.split('/').pop()!;
    const at = { black: [0.25, 0.25], back: [0.7, 0.4] } as const;
    const before = await colours(page, id, at);
    await page.locator('.action-bar .primary').click();
    await expect(page).toHaveURL(/\/staff\/reports\/[A-Z0-9]{8}$/);
    // What is served from now on: nothing is left of the one part, the other is as it was, in large and in small.
    for (const variant of ['full', 'thumb']) {
      const after = await colours(page, id, at, variant);
      expect(Math.max(...after.black), `${variant}, blacked out: ${after.black}`).toBeLessThan(16);
      const apart = after.back.map((value, n) => Math.abs(value - before.back[n]));
      expect(Math.max(...apart), `${variant}, taken back: ${before.back} is now ${after.back}`).toBeLessThan(24);
    }
    expect(Math.max(...before.black), 'it was not black before').toBeGreaterThan(40);
  });

  test('with a finger: the page does not scroll away under it', async ({ page, context }) => {
    await photoPage(page);
    const frame = page.locator('.redact-frame');
    await frame.scrollIntoViewIfNeeded();
    const box = (await frame.boundingBox())!;
    const before = await page.evaluate(() => scrollY);
    const cdp = await context.newCDPSession(page);
    const at = (x: number, y: number) => [{ x: box.x + box.width * x, y: box.y + box.height * y }];
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0.2, 0.2) });
    for (let n = 1; n <= 5; n += 1) await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(0.2 + n * 0.05, 0.2 + n * 0.06) });
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect(frame.locator('.redact-box:visible')).toHaveCount(1);
    await expect(page.locator('#width-0')).toHaveValue(/^2[45](\.\d)?$/);
    expect(await page.evaluate(() => scrollY)).toBe(before);
  });

  for (const lang of LANGS) {
    test(`in large type on the narrowest phone in ${lang}`, async ({ page }) => {
      await photoPage(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await choose(page, lang, 'large');
      await page.reload();
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await expectSound(page);
      await expect(page.locator('.redact-frame')).toBeVisible();
    });
  }

  test('by keyboard: arrows and numbers do what dragging does', async ({ page }) => {
    await photoPage(page);
    await page.locator('#x-0').fill('10');
    await page.locator('#y-0').fill('10');
    await page.locator('#width-0').fill('20');
    await page.locator('#height-0').fill('20');
    const part = page.locator('.redact-box:visible');
    await expect(part).toHaveCount(1);
    await page.locator('#x-0').press('ArrowUp');
    await expect(page.locator('#x-0')).toHaveValue(/^1[01](\.\d)?$/);
  });
});
