import { readFileSync } from 'node:fs';
import { toGcj02, toWgs84 } from '../../frontend/map/gcj02.mjs';
import { REPORT, photo } from './reporting';
import { LANGS, choose, expect, expectSound, islands, test } from './support';

for (const lang of LANGS) {
  test(`what the community reported: filters, pages, feed (${lang}) @nojs`, async ({ page }) => {
    await choose(page, lang);
    await page.goto('/reports');
    await expect(page.locator('.open-card')).toHaveCount(20);
    await expectSound(page);
    await page.locator('.pages a[rel=next]').click();
    await expect(page).toHaveURL(/after=/);
    await expect(page.locator('.open-card').first()).toBeVisible();
    // Every filter is an address.
    await page.locator('.chips a[href*="state=closed"]').click();
    await expect(page).toHaveURL(/\/reports\?state=closed/);
    await expect(page.locator('.open-card').first()).toBeVisible();
    for (const badge of await page.locator('.open-card .badge').all()) await expect(badge).toHaveAttribute('data-tone', /ok|bad/);
    await page.locator('.more-filters > summary').click();
    await page.locator('.chips a[href*="grid=wutong-g2"]').click();
    await page.locator('.chips a[href*="days=30"]').click();
    await expect(page).toHaveURL(/state=closed&grid=wutong-g2&days=30/);
    await expectSound(page);
    const feed = await page.locator('a[type="application/atom+xml"]').getAttribute('href');
    expect(feed).toContain('state=closed&grid=wutong-g2&days=30');
    expect(await (await page.request.get(feed!)).text()).toContain('<feed');
    // Nothing there: what to do next.
    await page.goto('/reports?kind=noise&grid=wutong-g4&days=7&state=closed');
    await expect(page.locator('.empty a')).toHaveAttribute('href', '/reports');
    await expectSound(page);
  });

  test(`the map, and the list beside it (${lang})`, async ({ page }) => {
    await choose(page, lang);
    await page.goto('/reports');
    await page.locator('.map-box > summary').click();
    await expect(page.locator('.map-report').first()).toBeVisible();
    await expect(page.locator('.map-building')).toHaveCount(10);
    await expect(page.locator('.map-name')).toHaveCount(4);
    await expectSound(page);
    // By keyboard: a marker opens its reports.
    await page.locator('.map-report').first().focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('.leaflet-popup-content a').first()).toBeVisible();
    await expectSound(page);
    // The same beside the map.
    const count = await page.locator('.map-report').count();
    await expect(page.locator('.map-list details')).toHaveCount(count);
    await page.locator('.map-list summary').first().click();
    await page.locator('.map-list details[open] a').first().click();
    await expect(page).toHaveURL(REPORT);
  });

  test(`the map shows what the list shows, by kind, state, grid and time (${lang})`, async ({ page }) => {
    test.setTimeout(270_000);
    await choose(page, lang);
    const sizes: Record<string, number> = {};
    for (const filter of ['state=open', 'state=open&grid=wutong-g2', 'state=open&days=7', 'state=open&kind=utilities', 'state=closed&days=30', 'state=open&grid=wutong-g1&days=30&kind=utilities']) {
      // Other tests file and close reports meanwhile: list and map are asked for until they are of the same moment.
      await expect(async () => {
        await page.goto(`/reports?${filter}`);
        await page.locator('.map-box > summary').click();
        const plan = page.locator('.map-box[open] .map-building').first();
        await expect(plan).toBeVisible();
        const codes = (selector: string) => page.locator(selector).evaluateAll((all) => all.map((a) => a.getAttribute('href')!.split('/').pop()!));
        const onMap = await codes('.map-list a');
        const markers = (await page.locator('.map-report').allInnerTexts()).map(Number);
        const listed = await codes('.open-card .card-title a');
        for (let next = page.locator('.pages a[rel=next]'); await next.count(); next = page.locator('.pages a[rel=next]')) {
          const address = (await next.getAttribute('href'))!;
          await page.goto(address);
          listed.push(...await codes('.open-card .card-title a'));
        }
        expect([...onMap].sort()).toEqual([...listed].sort());
        expect(markers.reduce((sum, count) => sum + count, 0)).toBe(listed.length);
        sizes[filter] = listed.length;
      }).toPass({ timeout: 40_000 });
    }
    for (const narrow of ['state=open&grid=wutong-g2', 'state=open&days=7', 'state=open&kind=utilities']) {
      expect(sizes[narrow], `${narrow} of ${JSON.stringify(sizes)}`).toBeGreaterThan(0);
      expect(sizes[narrow]).toBeLessThan(sizes['state=open']);
    }
    expect(sizes['state=closed&days=30']).toBeGreaterThan(0);
  });

  test(`the map comes when it is opened, and can be closed and opened again (${lang})`, async ({ page }) => {
    await choose(page, lang);
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
    const maps = () => fetched.filter((path) => /\/pkg\/map|plan\.geojson/.test(path));
    for (const address of ['/report', '/reports']) {
      await page.goto(address, { waitUntil: 'networkidle' });
      expect(maps(), `${address} before the map is opened`).toEqual([]);
      const summary = page.locator('.map-box > summary');
      for (const _ of [1, 2, 3]) await summary.click();
      await expect(page.locator('.map-box[open] .map-building').first()).toBeVisible();
      await expect(page.locator('.map-box > [role=status]')).toHaveText('');
      expect(maps().some((path) => path.startsWith('/pkg/map.'))).toBe(true);
      fetched.length = 0;
    }
  });

  test(`the place is proposed from the photo, the category from the words (${lang})`, async ({ page }) => {
    await choose(page, lang);
    // On a slow line the photo is chosen before the script is there that reads its place: `goto` does not wait for it that long.
    if (lang === 'zh-CN') {
      await page.route(/\/pkg\/outbox/, async (route) => {
        await new Promise((done) => setTimeout(done, 6_000));
        await route.continue();
      });
    }
    await page.goto('/report');
    await islands(page);
    await page.locator('input[type=file]').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: withPosition(120.30893, 31.57906) });
    await expect(page.locator('.proposal')).toBeVisible({ timeout: 20_000 });
    await expect(page.locator('.proposal strong')).toContainText('7');
    // Nothing of it is kept before somebody says so.
    await expect(page.locator('input[name=longitude]')).toHaveValue('');
    await expectSound(page);
    await page.locator('.proposal button').first().click();
    await expect(page.locator('select[name=building]')).toHaveValue('wutong-7');
    await expect(page.locator('input[name=longitude]')).toHaveValue('120.30893');
    await expect(page.locator('.proposal')).toBeHidden();

    const words = '单元门门禁坏了，刷卡没反应';
    await page.locator('textarea[name=description]').fill(words);
    await expect(page.locator('.suggest')).toBeVisible();
    const first = await page.locator('select[name=category]').inputValue();
    const proposed = await (await page.request.get(`/api/v1/reports/suggest-category?text=${encodeURIComponent(words)}`)).json();
    expect(first).toBe(proposed[0].code);
    for (const word of proposed[0].because) await expect(page.locator('.suggest')).toContainText(word);
    await expectSound(page);
    await page.locator('.suggest button').click();
    await expect(page.locator('select[name=category]')).not.toHaveValue(first);
    // Chosen by hand it stays, whatever is written.
    await page.locator('select[name=category]').selectOption('elevator');
    await expect(page.locator('.suggest')).toBeHidden();
    await page.locator('textarea[name=description]').fill('楼道灯坏了，垃圾没人收');
    await page.waitForTimeout(1000);
    await expect(page.locator('select[name=category]')).toHaveValue('elevator');
  });

  test(`the place is proposed from where the phone is (${lang})`, async ({ page, context }) => {
    await choose(page, lang);
    await context.grantPermissions(['geolocation']);
    await context.setGeolocation({ longitude: 120.308499, latitude: 31.581318 });
    await page.goto('/report');
    await islands(page);
    await page.locator('input[type=file]').setInputFiles(photo('polyglot.jpg'));
    await expect(page.locator('.proposal strong')).toContainText('1');
    await page.locator('.proposal button').nth(1).click();
    await expect(page.locator('.proposal')).toBeHidden();
    await expect(page.locator('input[name=longitude]')).toHaveValue('');
    // Asked for by its button, it is taken and named.
    await page.locator('.position button').click();
    await expect(page.locator('select[name=building]')).toHaveValue('wutong-1');
    await expect(page.locator('.position [role=status]')).toContainText('1');
    // On the plan another building is picked.
    await page.locator('.map-box > summary').click();
    await page.locator('.map-building').filter({ hasText: /^(4栋|Building 4)$/ }).click();
    await expect(page.locator('select[name=building]')).toHaveValue('wutong-4');
  });
}

test('GCJ-02 and back: published pairs, and less than a metre off anywhere in China', () => {
  const pairs = [
    [121.5272106, 31.1774276, 121.531541859215, 31.17530398364597],
    [113.912316, 22.543847, 113.9171764808363, 22.540796131694766],
    [116.377817, 39.911954, 116.38404722455657, 39.91334545536069],
  ];
  const metres = (a: { longitude: number; latitude: number }, b: { longitude: number; latitude: number }) =>
    Math.hypot((a.longitude - b.longitude) * 111_320 * Math.cos((a.latitude * Math.PI) / 180), (a.latitude - b.latitude) * 111_320);
  for (const [longitude, latitude, east, north] of pairs) {
    expect(metres(toGcj02({ longitude, latitude }), { longitude: east, latitude: north })).toBeLessThan(0.1);
  }
  // Asked once at the end: twenty thousand questions of their own would take half a minute.
  let [least, most] = [Infinity, 0];
  for (let longitude = 73; longitude < 135; longitude += 0.37) {
    for (let latitude = 18; latitude < 54; latitude += 0.31) {
      const there = toGcj02({ longitude, latitude });
      least = Math.min(least, metres(there, { longitude, latitude }));
      most = Math.max(most, metres(toWgs84(there), { longitude, latitude }));
    }
  }
  expect(least).toBeGreaterThan(10);
  expect(most).toBeLessThan(0.01);
  // Elsewhere they are the same.
  const berlin = { longitude: 13.4, latitude: 52.5 };
  expect(toGcj02(berlin)).toEqual(berlin);
  expect(toWgs84(berlin)).toEqual(berlin);
});

/** A small JPEG that says where it was taken: one of the fixtures with an EXIF part of our own in place of its own. */
function withPosition(longitude: number, latitude: number): Buffer {
  const clean = readFileSync(photo('polyglot.jpg'));
  const rational = (value: number) => {
    const part = Buffer.alloc(24);
    const degrees = Math.floor(value);
    const minutes = Math.floor((value - degrees) * 60);
    const seconds = Math.round(((value - degrees) * 60 - minutes) * 60 * 10_000);
    for (const [n, [over, under]] of [[degrees, 1], [minutes, 1], [seconds, 10_000]].entries()) {
      part.writeUInt32BE(over, n * 8);
      part.writeUInt32BE(under, n * 8 + 4);
    }
    return part;
  };
  const entry = (tag: number, type: number, count: number, value: number | string) => {
    const part = Buffer.alloc(12);
    part.writeUInt16BE(tag, 0);
    part.writeUInt16BE(type, 2);
    part.writeUInt32BE(count, 4);
    if (typeof value === 'string') part.write(value, 8, 'latin1');
    else part.writeUInt32BE(value, 8);
    return part;
  };
  const head = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8]);
  const main = Buffer.concat([Buffer.from([0, 1]), entry(0x8825, 4, 1, 26), Buffer.alloc(4)]);
  const gps = Buffer.concat([
    Buffer.from([0, 4]), entry(1, 2, 2, 'N'), entry(2, 5, 3, 80), entry(3, 2, 2, 'E'), entry(4, 5, 3, 104), Buffer.alloc(4),
    rational(latitude), rational(longitude),
  ]);
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), head, main, gps]);
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff]), exif]);
  return Buffer.concat([clean.subarray(0, 2), segment, clean.subarray(2)]);
}
