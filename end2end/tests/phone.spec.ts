import type { BrowserContext, Page } from '@playwright/test';
import { toGcj02 } from '../../frontend/map/gcj02.mjs';
import { cuttable } from './proxy';
import { REPORT, photo } from './reporting';
import { LANGS, choose, expect, expectSound, islands, open, stateOf, test } from './support';

// What only a phone has: its network, its position, its map, its keyboard.

/** Draws a picture in the page, large and hard to compress, and gives its bytes. */
async function drawn(page: Page, width: number, height: number): Promise<Buffer> {
  const text = await page.evaluate(async ([width, height]) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    for (let n = 0; n < 20_000; n += 1) {
      context.fillStyle = `hsl(${(n * 137) % 360} 70% ${20 + ((n * 31) % 60)}%)`;
      context.fillRect(((n * 7919) % width), ((n * 104_729) % height), 25, 25);
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })).arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  }, [width, height]);
  return Buffer.from(text, 'base64');
}

/** Width and height as the first frame of a JPEG says them. */
function sizeOf(jpeg: Buffer): [number, number] {
  let at = 2;
  while (at < jpeg.length) {
    const kind = jpeg[at + 1];
    if (kind >= 0xc0 && kind <= 0xc3) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  throw new Error('no frame');
}

test('a large photo is made smaller before it leaves the phone, and shows how far it is', async ({ browser }) => {
  test.setTimeout(120_000);
  const { baseURL, storageState: _, ...use } = test.info().project.use;
  const heard: Buffer[] = [];
  const way = await cuttable(baseURL!, (bytes) => heard.push(bytes));
  const context = await browser.newContext({ ...use, baseURL: way.url, serviceWorkers: 'block' });
  const page = await context.newPage();
  await choose(page, 'zh-CN');
  await page.goto('/report');
  await islands(page);
  const large = await drawn(page, 4000, 3000);
  // A narrow way up: what is sent takes some seconds, and the bar goes along with it.
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 });
  heard.length = 0;
  await page.locator('input[type=file]').setInputFiles({ name: 'large.jpg', mimeType: 'image/jpeg', buffer: large });
  const tile = page.locator('.photo-grid .photo').first();
  const values: number[] = [];
  const bar = tile.locator('progress');
  await expect(async () => {
    values.push(await bar.evaluate((node) => (node as HTMLProgressElement).value));
    expect(await tile.getAttribute('data-state')).toBe('ready');
  }).toPass({ intervals: [50], timeout: 60_000 });
  const between = new Set(values.filter((value) => value > 0 && value < 100));
  expect(between.size, `the bar stood at ${values}`).toBeGreaterThan(2);
  expect([...values].sort((a, b) => a - b), 'it never goes back').toEqual(values);

  const sent = Buffer.concat(heard);
  const body = sent.subarray(sent.indexOf('POST /api/v1/photos'));
  const jpeg = body.subarray(body.indexOf(Buffer.from([0xff, 0xd8, 0xff])));
  expect(sizeOf(large)).toEqual([4000, 3000]);
  expect(sizeOf(jpeg)).toEqual([2048, 1536]);
  expect(sent.length).toBeLessThan(large.length / 2);
  await context.close();
  await way.close();
});

test('what can be read in a photo can be read in what is sent', async ({ page }) => {
  test.setTimeout(90_000);
  await choose(page, 'zh-CN');
  await page.goto('/report');
  await islands(page);
  // A notice on a wall: at the size that is kept its letters are sixteen pixels high.
  const notice = await page.evaluate(async () => {
    const scale = 4000 / 2048;
    const canvas = new OffscreenCanvas(4000, 3000);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#e9e4d4';
    context.fillRect(0, 0, 4000, 3000);
    context.fillStyle = '#2b2b33';
    context.font = `${16 * scale}px sans-serif`;
    for (let line = 0; line < 40; line += 1) context.fillText('本楼电梯年检合格至2026年9月 SN-40718 急修0510-80000111'.repeat(4), 60, 120 + line * 70);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.97 })).arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  });
  // The bytes on their way, as the page made them.
  await page.evaluate(() => {
    const open = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function send(body) {
      if (body instanceof FormData) Object.assign(window, { sentPhoto: body.get('photo') });
      return open.call(this, body);
    };
  });
  await page.locator('input[type=file]').setInputFiles({ name: 'notice.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(notice, 'base64') });
  await expect(page.locator('.photo-grid .photo').first()).toHaveAttribute('data-state', 'ready', { timeout: 30_000 });
  const measured = await page.evaluate(async (notice) => {
    const sent = (window as any).sentPhoto as Blob;
    const source = new Blob([Uint8Array.from(atob(notice), (letter) => letter.charCodeAt(0))], { type: 'image/jpeg' });
    const [width, height] = [2048, 1536];
    const grey = async (blob: Blob) => {
      const picture = await createImageBitmap(blob, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' });
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
      context.drawImage(picture, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      return Float64Array.from({ length: width * height }, (_, n) => 0.3 * data[n * 4] + 0.59 * data[n * 4 + 1] + 0.11 * data[n * 4 + 2]);
    };
    const wanted = await grey(source);
    /** How far the letters and what is around them are from the source, on average and among the worst hundredth. */
    const off = async (blob: Blob) => {
      const got = await grey(blob);
      const apart: number[] = [];
      for (let n = 0; n < got.length; n += 1) if (wanted[n] < 120) apart.push(Math.abs(got[n] - wanted[n]));
      apart.sort((a, b) => a - b);
      return { mean: apart.reduce((sum, one) => sum + one, 0) / apart.length, worst: apart[Math.floor(apart.length * 0.99)] };
    };
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')!.drawImage(await createImageBitmap(source, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' }), 0, 0);
    return { sent: await off(sent), poor: await off(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.2 })), bytes: sent.size };
  }, notice);
  console.info('legible', JSON.stringify(measured));
  expect(measured.sent.mean, JSON.stringify(measured)).toBeLessThan(6);
  // The measure can fail: with a fifth of the quality it does.
  expect(measured.poor.mean, JSON.stringify(measured)).toBeGreaterThan(measured.sent.mean * 1.5);
});

// From the photo to the receipt, at the pace of somebody who types with one finger.
for (const lang of LANGS) {
  test(`photo first: done in a few taps and under a minute (${lang})`, async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await open(browser, lang === 'en' ? 'elder' : 'resident', lang);
    await page.context().grantPermissions(['geolocation']);
    await page.context().setGeolocation({ longitude: 120.308499, latitude: 31.581318 });
    await page.goto('/');
    const begun = Date.now();
    let taps = 0;
    /** Looking for it and moving the thumb there takes a moment. */
    const tap = async (what: () => Promise<unknown>) => {
      await page.waitForTimeout(1500);
      await what();
      taps += 1;
    };
    await tap(() => page.locator('.bar a[href="/report"]').first().click());
    await islands(page);
    await tap(() => page.locator('input[type=file]').setInputFiles(photo('polyglot.jpg')));
    await expect(page.locator('.proposal strong')).toContainText('1');
    await tap(() => page.locator('.proposal button').first().click());
    await expect(page.locator('select[name=building]')).toHaveValue('wutong-1');
    // One line; the category comes with it.
    await tap(() => page.locator('textarea[name=description]').click());
    await page.locator('textarea[name=description]').pressSequentially('路灯不亮了，晚上看不见路', { delay: 900 });
    await expect(page.locator('select[name=category]')).not.toHaveValue('');
    await tap(() => page.locator('.action-bar .primary').click());
    const different = page.locator('button[name=different]');
    await Promise.race([different.waitFor(), page.waitForURL(REPORT)]);
    if (await different.isVisible()) await tap(() => different.click());
    await expect(page).toHaveURL(REPORT);
    const seconds = (Date.now() - begun) / 1000;
    console.info(`photo first, ${lang}: ${taps} taps, ${seconds.toFixed(1)} s`);
    expect(taps).toBeLessThanOrEqual(6);
    expect(seconds).toBeLessThan(60);
    await page.context().close();
  });
}

test('what waits is sent by the browser when it wakes the site up, with no page open', async ({ browser }) => {
  test.setTimeout(120_000);
  const { baseURL, ...use } = test.info().project.use;
  const way = await cuttable(baseURL!);
  const context = await browser.newContext({ ...use, baseURL: way.url, storageState: stateOf('neighbour'), serviceWorkers: 'allow' });
  const page = await context.newPage();
  await choose(page, 'zh-CN');
  const mark = `后台发送 ${Date.now()}`;
  await page.goto('/report');
  await islands(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const cdp = await context.newCDPSession(page);
  const registered = new Promise<string>((done) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find((one) => one.scopeURL.startsWith(way.url) && !one.isDeleted);
      if (ours) done(ours.registrationId);
    });
  });
  await cdp.send('ServiceWorker.enable');
  const registrationId = await registered;
  way.cut(true);
  await page.locator('select[name=building]').selectOption('wutong-6');
  await page.locator('textarea[name=description]').fill(mark);
  await page.locator('select[name=category]').selectOption('other-problem');
  await page.locator('.action-bar .primary').click();
  await expect(page.locator('.outbox-item[data-state=waiting]')).toHaveCount(1);
  // The browser was asked to wake the site up, and tries at once: in vain.
  await page.waitForTimeout(4_000);
  // The page is gone before there is a signal again: nobody is there to send.
  await page.goto('about:blank');
  way.cut(false);
  expect(await reportsWith(page, mark), 'nothing was sent yet').toBe(0);
  await cdp.send('ServiceWorker.dispatchSyncEvent', { origin: way.url, registrationId, tag: 'linli-outbox', lastChance: false });
  await expect.poll(() => reportsWith(page, mark), { timeout: 60_000 }).toBe(1);
  // Woken once more, it sends nothing twice.
  await cdp.send('ServiceWorker.dispatchSyncEvent', { origin: way.url, registrationId, tag: 'linli-outbox', lastChance: false });
  await page.goto('/me/reports');
  await expect(page.locator('.outbox-item[data-state=sent]')).toHaveCount(1);
  expect(await reportsWith(page, mark)).toBe(1);
  await context.close();
  await way.close();
});

/** How many of one's own newest reports have these words. */
async function reportsWith(page: Page, mark: string): Promise<number> {
  const list = await (await page.request.get('/me/reports')).text();
  const pages = [...new Set([...list.matchAll(/href="(\/reports\/[A-Z0-9]{8})"/g)].map(([, href]) => href))].slice(0, 8);
  const texts = await Promise.all(pages.map(async (href) => (await page.request.get(href)).text()));
  return texts.filter((text) => text.includes(mark)).length;
}

test.describe('tasks near the phone', () => {
  test.use({ storageState: stateOf('volunteer') });

  async function at(context: BrowserContext, longitude: number, latitude: number) {
    await context.grantPermissions(['geolocation']);
    await context.setGeolocation({ longitude, latitude });
  }

  for (const lang of LANGS) {
    test(`stand by their distance (${lang})`, async ({ page, context }) => {
      await choose(page, lang);
      await page.goto('/volunteer?tab=near');
      const places = async () => page.locator('.task[data-longitude]').evaluateAll((all) => all.map((task) => {
        const { longitude, latitude } = (task as HTMLElement).dataset;
        return { longitude: Number(longitude), latitude: Number(latitude), shown: task.querySelector('.task-distance')!.textContent! };
      }));
      const all = await places();
      const far = all.find(({ longitude, latitude }) => longitude !== all[0].longitude || latitude !== all[0].latitude)!;
      // Once where one task is, once where another is, and some way off.
      for (const here of [all[0], far, { longitude: far.longitude + 0.03, latitude: far.latitude }]) {
        await at(context, here.longitude, here.latitude);
        await page.goto('/volunteer?tab=near');
        await page.locator('.near button').click();
        await expect(page.locator('.near [role=status]')).toHaveText((await page.locator('.near').getAttribute('data-found'))!);
        const tasks = await places();
        expect(tasks.length).toBeGreaterThan(1);
        const [first] = tasks;
        if ('shown' in here) expect([first.longitude, first.latitude]).toEqual([here.longitude, here.latitude]);
        // Measured another way: on a flat piece of the earth.
        const metres = tasks.map(({ longitude, latitude }) =>
          Math.hypot((longitude - here.longitude) * 111_320 * Math.cos((here.latitude * Math.PI) / 180), (latitude - here.latitude) * 111_195));
        for (let n = 1; n < metres.length; n += 1) expect(metres[n], `${metres}`).toBeGreaterThanOrEqual(metres[n - 1] - 1);
        for (const [n, { shown }] of tasks.entries()) {
          const [, number, unit] = shown.match(/([\d.]+)\s*(米|公里|km|m)/)!;
          const told = Number(number) * (unit === '公里' || unit === 'km' ? 1000 : 1);
          expect(Math.abs(told - Math.max(10, metres[n])), `${shown} for ${metres[n]} m`).toBeLessThan(metres[n] < 1000 ? 8 : 60);
        }
        await expectSound(page);
      }
    });
  }

  test('stay as they are when the phone does not say where it is', async ({ page, context }) => {
    await choose(page, 'zh-CN');
    await context.clearPermissions();
    await page.goto('/volunteer?tab=near');
    const before = await page.locator('.task-link').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    await page.locator('.near button').click();
    await expect(page.locator('.near [role=status]')).toHaveText((await page.locator('.near').getAttribute('data-failed'))!);
    expect(await page.locator('.task-link').evaluateAll((all) => all.map((a) => a.getAttribute('href')))).toEqual(before);
  });
});

test('over shifted pictures a tap on a house gives where the house is', async ({ page, baseURL }) => {
  await choose(page, 'zh-CN');
  // The plan of a deployment whose map is drawn in GCJ-02, with pictures from this very host.
  const plan = await (await page.request.get('/api/v1/communities/wutong/plan.geojson')).json();
  const pictures: string[] = [];
  await page.route('**/plan.geojson*', (route) =>
    route.fulfill({ json: { ...plan, tiles: { url: `${baseURL}/pictures/{z}/{x}/{y}.png`, attribution: '地图', gcj02: true } } }));
  await page.route('**/pictures/**', (route) => {
    pictures.push(new URL(route.request().url()).pathname);
    return route.fulfill({ contentType: 'image/png', path: photo('gps.png') });
  });
  await page.goto('/report');
  await islands(page);
  await page.locator('.map-box > summary').click();
  const house = page.locator('.map-building').filter({ hasText: /^4栋$/ });
  await expect(house).toBeVisible();
  await expect(page.locator('.leaflet-tile-loaded').first()).toBeVisible();
  await house.evaluate((node) => node.scrollIntoView({ block: 'center' }));
  const feature = plan.features.find((one: { properties: { code: string } }) => one.properties.code === 'wutong-4');
  const [longitude, latitude] = feature.geometry.coordinates;

  // Where it is drawn, on the picture under it: GCJ-02, some hundred metres from where it is.
  const middle = await house.evaluate((node) => {
    const box = node.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  const anchor = await house.evaluate((node) => {
    const [, x, y] = (node as HTMLElement).style.transform.match(/translate3d\((-?[\d.]+)px, (-?[\d.]+)px/)!;
    const pane = document.querySelector('.leaflet-map-pane')!.getBoundingClientRect();
    return { x: pane.x + Number(x), y: pane.y + Number(y) };
  });
  expect(Math.hypot(anchor.x - middle.x, anchor.y - middle.y), 'its middle is not far from its point').toBeLessThan(40);
  const drawnAt = await page.evaluate(({ x, y }) => {
    for (const tile of document.querySelectorAll<HTMLImageElement>('.leaflet-tile')) {
      const box = tile.getBoundingClientRect();
      if (x < box.left || x >= box.right || y < box.top || y >= box.bottom) continue;
      const [, z, column, row] = tile.src.match(/pictures\/(\d+)\/(\d+)\/(\d+)/)!.map(Number);
      const all = 2 ** z;
      const east = (column + (x - box.left) / box.width) / all;
      const south = (row + (y - box.top) / box.height) / all;
      return { longitude: east * 360 - 180, latitude: (Math.atan(Math.sinh(Math.PI * (1 - 2 * south))) * 180) / Math.PI };
    }
    return undefined;
  }, anchor);
  const metres = (a: { longitude: number; latitude: number }, b: { longitude: number; latitude: number }) =>
    Math.hypot((a.longitude - b.longitude) * 111_320 * Math.cos((a.latitude * Math.PI) / 180), (a.latitude - b.latitude) * 111_320);
  expect(metres(drawnAt!, toGcj02({ longitude, latitude }))).toBeLessThan(5);
  expect(metres(drawnAt!, { longitude, latitude })).toBeGreaterThan(200);

  // A tap on the ground there, the sign of the house put aside: its true position goes into the form.
  await page.evaluate(() => { for (const sign of document.querySelectorAll<HTMLElement>('.map-building')) sign.style.pointerEvents = 'none'; });
  await page.mouse.click(anchor.x, anchor.y);
  await expect(page.locator('input[name=longitude]')).not.toHaveValue('');
  const picked = { longitude: Number(await page.locator('input[name=longitude]').inputValue()), latitude: Number(await page.locator('input[name=latitude]').inputValue()) };
  expect(metres(picked, { longitude, latitude })).toBeLessThan(5);
  expect(pictures.length).toBeGreaterThan(0);
});

test.describe('by keyboard alone', () => {
  test.use({ storageState: stateOf('resident'), allowErrors: [/status of 409 .*\/api\/v1\/reports/] });
  test('a report is written and sent', async ({ page }) => {
    await choose(page, 'zh-CN');
    await page.goto('/report');
    await islands(page);
    /** Goes on by Tab until this has the focus, and sees that the focus can be seen. */
    const reach = async (selector: string) => {
      for (let stops = 0; stops < 60; stops += 1) {
        await page.keyboard.press('Tab');
        if (await page.locator(selector).evaluateAll((all) => all.some((node) => node === document.activeElement))) {
          const ring = await page.evaluate(() => {
            const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement!);
            return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
          });
          expect(ring, `the focus on ${selector} shows`).toBe(true);
          return;
        }
      }
      throw new Error(`${selector} is never reached`);
    };
    await reach('select[name=building]');
    // The first building, as arrows choose it.
    await page.keyboard.press('ArrowDown');
    await expect(page.locator('select[name=building]')).not.toHaveValue('');
    const mark = `只用键盘 ${Date.now()}`;
    await reach('textarea[name=description]');
    await page.keyboard.type(mark);
    await reach('select[name=category]');
    await page.keyboard.press('End');
    await expect(page.locator('select[name=category]')).not.toHaveValue('');
    await reach('.action-bar .primary');
    await page.keyboard.press('Enter');
    const different = page.locator('button[name=different]');
    await Promise.race([different.waitFor(), page.waitForURL(REPORT)]);
    if (await different.isVisible()) {
      await reach('button[name=different]');
      await page.keyboard.press('Enter');
    }
    await expect(page).toHaveURL(REPORT);
    await expect(page.locator('main')).toContainText(mark);
  });
});

test.describe('in an emergency', () => {
  test.use({ storageState: stateOf('resident') });
  for (const lang of LANGS) {
    test(`the number of the community stands on the form and on every report, also in large type (${lang}) @nojs`, async ({ page }) => {
      for (const size of ['ordinary', 'large'] as const) {
        await choose(page, lang, size);
        await page.goto('/me/reports');
        const rows = await page.locator('main a.item[href^="/reports/"]').evaluateAll((all) => all.map((a) => [a.getAttribute('href')!, a.querySelector('.badge')!.textContent!]));
        // One of each state, also of those that are over.
        const each = new Map(rows.map(([href, state]) => [state, href]));
        expect(each.size).toBeGreaterThan(3);
        for (const address of ['/report', ...each.values()]) {
          await page.goto(address);
          const number = page.locator('main a[href^="tel:"]').first();
          await expect(number, `${address} in ${size} type`).toBeVisible();
          await expect(number).toHaveText('0510-80000101');
        }
      }
    });
  }
});
