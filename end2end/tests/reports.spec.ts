import { readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { toGcj02, toWgs84 } from '../../frontend/map/gcj02.mjs';
import { REPORT, codeOf, file, photo, send } from './reporting';
import { LANGS, choose, expect, expectNoSidewaysScroll, expectSound, islands, open, residentFor, scripted, test } from './support';

const VOLUNTEER = '方敏';

// Similar ones near are shown before it is filed: the answer to the form that asks is 409.
test.use({ allowErrors: [/status of 409 .*\/api\/v1\/reports/] });

/** Staff and the volunteer, at work. */
async function crew(browser: Browser) {
  const [staff, second, volunteer] = [await open(browser, 'staff', 'zh-CN'), await open(browser, 'secondStaff', 'zh-CN'), await open(browser, 'volunteer', 'zh-CN')];
  return {
    step: (path: string, step: string, more: Record<string, string> = {}) => send(staff, `/staff/reports/${codeOf(path)}`, { step, ...more }),
    async dispatch(path: string) {
      await staff.goto(`/staff/reports/${codeOf(path)}?step=dispatch`);
      const to = await staff.locator('label.choice', { hasText: VOLUNTEER }).locator('input').getAttribute('value');
      await send(staff, `/staff/reports/${codeOf(path)}`, { step: 'dispatch', to: to! });
    },
    async handle(path: string, text: string) {
      await send(volunteer, `/volunteer/reports/${codeOf(path)}`, { step: 'take' });
      await volunteer.goto(`/volunteer/reports/${codeOf(path)}?step=finish`);
      await islands(volunteer);
      await volunteer.locator('#do textarea[name=text]').fill(text);
      await volunteer.locator('#do input[type=file]').setInputFiles(photo('orientation-3.jpg'));
      if (scripted()) await expect(volunteer.locator('.photo[data-state=ready]')).toHaveCount(1);
      await volunteer.locator('#do form .primary').click();
      await expect(volunteer).not.toHaveURL(/step=finish/);
      await send(second, `/staff/reports/${codeOf(path)}`, { step: 'verify_pass' });
      await send(second, `/staff/reports/${codeOf(path)}`, { step: 'close', text });
    },
    async leave() {
      for (const page of [staff, second, volunteer]) await page.context().close();
    },
  };
}

const details = (page: Page, step: string) => page.locator(`#do-${step}`);

for (const lang of LANGS) {
  test(`a report's whole way for whoever filed it (${lang}) @nojs`, async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await open(browser, residentFor(lang), lang);
    const work = await crew(browser);
    const path = await file(page, `单元门口的灯连着三晚没有亮 ${lang}`, [photo('orientation-6.jpg'), photo('photo.webp')]);
    await expect(page.locator('.thumbs img')).toHaveCount(2);

    // Staff ask; an empty answer says what is missing; words and a photo are an answer.
    await work.step(path, 'ask', { text: '请问是哪个单元？' });
    await page.goto(path);
    await islands(page);
    await expect(page.locator('.waits')).toContainText('请问是哪个单元？');
    await expectSound(page);
    await page.locator('.waits .primary').click();
    // The browser itself asks for words.
    await expect(page.locator('textarea[name=answer]:invalid')).toBeVisible();
    await islands(page);
    await page.locator('textarea[name=answer]').fill('二单元，靠近车棚。');
    await page.locator('.waits input[type=file]').setInputFiles(photo('orientation-1.jpg'));
    if (scripted()) await expect(page.locator('.waits .photo[data-state=ready]')).toHaveCount(1);
    await page.locator('.waits .primary').click();
    await expect(page.locator('.waits')).toHaveCount(0);
    await expect(page.locator('.timeline')).toContainText('二单元，靠近车棚。');
    await expect(page.locator('.timeline img')).toHaveCount(1);
    await expect(page.locator('.moved li')).toHaveCount(1);

    // Words and a photo more while somebody is at it.
    await work.step(path, 'accept');
    await work.dispatch(path);
    await page.goto(path);
    await islands(page);
    await details(page, 'add').locator('summary').click();
    await page.locator('textarea[name=more]').fill('旁边那盏也在闪。');
    await details(page, 'add').locator('input[type=file]').setInputFiles(photo('orientation-8.jpg'));
    if (scripted()) await expect(details(page, 'add').locator('.photo[data-state=ready]')).toHaveCount(1);
    await details(page, 'add').locator('.primary').click();
    await expect(page.locator('.timeline')).toContainText('旁边那盏也在闪。');
    await expect(page.locator('.timeline img')).toHaveCount(2);

    // Done, says the volunteer; not quite, says the resident.
    await work.handle(path, '换了灯管。');
    await page.goto(path);
    await islands(page);
    await expect(page.locator('.waits .primary').first()).toBeVisible();
    await expectSound(page);
    await details(page, 'reopen').locator('summary').click();
    await details(page, 'reopen').locator('.primary').click();
    await expect(page.locator('textarea[name=unsolved]:invalid')).toBeVisible();
    await page.locator('textarea[name=unsolved]').fill('昨晚又不亮了。');
    await details(page, 'reopen').locator('.primary').click();
    await expect(page.locator('.timeline')).toContainText('昨晚又不亮了。');

    // And again; now it is solved, confirmed and rated.
    await work.dispatch(path);
    await work.handle(path, '查了线路，接头松了。');
    await page.goto(path);
    await page.locator('.waits form').first().locator('.primary').click();
    await expect(page.locator('.flash')).toBeVisible();
    await expect(page.locator('.waits')).toHaveCount(0);
    await expectSound(page);
    await page.locator('label.choice:has(input[name=stars][value="2"])').click();
    await page.locator('form:has(input[name=stars]) .buttons .button').click();
    await expect(page.locator('.error-summary a')).toHaveAttribute('href', '#opinion');
    await expect(page.locator('input[name=stars][value="2"]')).toBeChecked();
    await page.locator('textarea[name=opinion]').fill('来了两次才修好。');
    await page.locator('form:has(input[name=stars]) .buttons .button').click();
    await expect(page.locator('input[name=stars]')).toHaveCount(0);
    await expect(page.locator('main')).toContainText('来了两次才修好。');
    await expectSound(page);
    await work.leave();
    await page.context().close();
  });

  test(`without an account: the link is the way back (${lang}) @nojs`, async ({ page, browser }) => {
    test.setTimeout(60_000);
    await choose(page, lang);
    await page.goto('/report');
    await expect(page.locator('input[name=contact]')).toBeVisible();
    await expect(page.locator('a[href^="tel:"]').first()).toBeVisible();
    const path = await file(page, `广场的灯不亮 ${lang}`, [photo('orientation-6.jpg')]);
    expect(path).toContain('?t=');
    await expectSound(page);
    const work = await crew(browser);
    await work.step(path, 'ask', { text: '哪个广场？' });
    // Another phone, with the link alone.
    const { storageState: _, ...use } = test.info().project.use;
    const phone = await browser.newContext(use);
    const other = await phone.newPage();
    await choose(other, lang);
    await other.goto(path.split('?')[0]);
    await expect(other.locator('textarea[name=answer]')).toHaveCount(0);
    await expect(other.locator('.thumbs')).toHaveCount(0);
    await other.goto(path);
    await expect(other.locator('.thumbs img')).toHaveCount(1);
    await other.locator('textarea[name=answer]').fill('南广场。');
    await other.locator('.waits .primary').click();
    await expect(other.locator('.timeline')).toContainText('南广场。');
    await details(other, 'withdraw').locator('summary').click();
    await details(other, 'withdraw').locator('button.danger').click();
    await expect(details(other, 'withdraw')).toHaveCount(0);
    await expect(other.locator('.flash')).toBeVisible();
    await expectSound(other);
    await phone.close();
    await work.leave();
  });

  test(`joining a neighbour's report, and leaving it (${lang}) @nojs`, async ({ browser }) => {
    const page = await open(browser, residentFor(lang), lang);
    const path = (await file(page, `楼下的灯一闪一闪 ${lang}`)).split('?')[0];
    const neighbour = await open(browser, lang === 'en' ? 'resident' : 'elder', lang);
    await neighbour.goto(path);
    await expect(neighbour.locator('main')).not.toContainText('楼下的灯一闪一闪');
    await neighbour.locator(`form[action="${path}/join"] button`).click();
    await expect(neighbour.locator(`form[action="${path}/leave"] button`)).toBeVisible();
    await expect(neighbour.locator('.follow')).toContainText('1');
    await expectSound(neighbour);
    await neighbour.locator(`form[action="${path}/leave"] button`).click();
    await expect(neighbour.locator(`form[action="${path}/join"] button`)).toBeVisible();
    await neighbour.context().close();
    await page.context().close();
  });

  test(`one's own words and photos: changed and taken away (${lang}) @nojs`, async ({ browser }) => {
    const page = await open(browser, residentFor(lang), lang);
    await file(page, `路灯不亮，说明写错了 ${lang}`, [photo('orientation-6.jpg'), photo('orientation-1.jpg')]);
    const fold = (what: string) => page.locator(`details.confirm:has(input[name=do][value=${what}])`);
    const unfold = () => page.locator('details.more > summary').click();
    await unfold();
    await fold('edit').locator('summary').click();
    await page.locator('textarea[name=description]').fill('北门的路灯不亮');
    await fold('edit').locator('.button:not(summary)').last().click();
    await expect(page.locator('.prose')).toHaveText('北门的路灯不亮');
    await unfold();
    await fold('remove-photo').locator('summary').click();
    await expectSound(page);
    await fold('remove-photo').locator('button[name=remove]').first().click();
    await expect(page.locator('.thumbs img')).toHaveCount(1);
    await unfold();
    await fold('remove-words').locator('summary').click();
    await fold('remove-words').locator('button.danger').click();
    await expect(page.locator('main')).not.toContainText('北门的路灯不亮');
    await page.context().close();
  });

  test(`the page of a report in every state (${lang}) @nojs`, async ({ browser }) => {
    test.setTimeout(180_000);
    const seen = new Set<string>();
    for (const person of ['resident', 'neighbour'] as const) {
      const page = await open(browser, person, lang);
      await page.goto('/me/reports');
      await expectSound(page);
      const rows = await page.locator('main a.item[href^="/reports/"]').evaluateAll((all) => all.map((a) => [a.getAttribute('href')!, a.querySelector('.badge')!.textContent!]));
      for (const [href, state] of rows) {
        if (seen.has(state)) continue;
        seen.add(state);
        await choose(page, lang);
        await page.goto(href);
        await expect(page.locator('.badge').first()).toHaveText(state);
        await expect(page.locator('.timeline .event').first()).toBeVisible();
        await expectSound(page);
        // Large type on a narrow phone: nothing wider than the screen.
        await choose(page, lang, 'large');
        await page.setViewportSize({ width: 360, height: 740 });
        await page.goto(href);
        await expectNoSidewaysScroll(page);
        await page.setViewportSize(test.info().project.use.viewport!);
      }
      await page.context().close();
    }
    // All but those that pass too quickly to be met.
    expect(seen.size, [...seen].join()).toBeGreaterThanOrEqual(11);
  });

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
    await page.goto('/report');
    await islands(page);
    await page.locator('input[type=file]').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: withPosition(120.30893, 31.57906) });
    await expect(page.locator('.proposal')).toBeVisible();
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

test.describe('photos on the phone', () => {
  test.use({ allowErrors: [/Failed to load resource|net::ERR/] });

  test('nine at most, in any order, made smaller, sent again', async ({ page }) => {
    test.setTimeout(60_000);
    await choose(page, 'zh-CN');
    await page.goto('/report');
    await islands(page);
    // A large picture, drawn by the browser itself.
    const large = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(4000, 3000);
      const context = canvas.getContext('2d')!;
      for (let n = 0; n < 400; n += 1) {
        context.fillStyle = `hsl(${n * 7} 60% 50%)`;
        context.fillRect((n % 20) * 200, Math.floor(n / 20) * 150, 200, 150);
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
      let text = '';
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      return btoa(text);
    });
    // The first is lost on the way: it is kept and goes again at a tap.
    let lost = 0;
    await page.route('**/api/v1/photos', async (route) => {
      lost += 1;
      if (lost === 1) return route.abort('connectionreset');
      return route.continue();
    });
    const input = page.locator('input[type=file]');
    await input.setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer: Buffer.from(large, 'base64') });
    const tiles = page.locator('.photo-grid .photo');
    await expect(tiles.first()).toHaveAttribute('data-state', 'kept');
    await expectSound(page);
    await tiles.first().locator('.photo-retry').click();
    await expect(tiles.first()).toHaveAttribute('data-state', 'ready');
    const id = await tiles.first().locator('input[type=hidden]').inputValue();
    const size = await page.evaluate(async (address) => {
      const picture = await createImageBitmap(await (await fetch(address)).blob());
      return [picture.width, picture.height];
    }, `/photos/${id}/full`);
    expect(size).toEqual([2048, 1536]);
    // What is no picture is refused with a word, and does not stand in the way.
    await input.setInputFiles(photo('svg-as.jpg'));
    await expect(tiles.nth(1)).toHaveAttribute('data-state', 'failed');
    await expect(tiles.nth(1).locator('.photo-say')).toContainText('照片');
    await tiles.nth(1).locator('button[name=remove]').click();
    // Nine at most.
    await input.setInputFiles(Array.from({ length: 10 }, (_, n) => photo(`orientation-${(n % 8) + 1}.jpg`)));
    await expect(tiles).toHaveCount(9);
    await expect(page.locator('.photos > [role=status]')).toContainText('9');
    await expect(page.locator('.photo-adds')).toBeHidden();
    await expect(page.locator('.photo[data-state=ready]')).toHaveCount(9);
    // The last becomes the last but one.
    const last = await tiles.nth(8).locator('input[type=hidden]').inputValue();
    await tiles.nth(8).locator('button[name=up]').click();
    await expect(tiles.nth(7).locator('input[type=hidden]')).toHaveValue(last);
    await expect(tiles.nth(7).locator('.photo-no')).toHaveText('8');
    await expectSound(page);
  });
});

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
  let most = 0;
  for (let longitude = 73; longitude < 135; longitude += 0.37) {
    for (let latitude = 18; latitude < 54; latitude += 0.31) {
      const there = toGcj02({ longitude, latitude });
      expect(metres(there, { longitude, latitude })).toBeGreaterThan(10);
      most = Math.max(most, metres(toWgs84(there), { longitude, latitude }));
    }
  }
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
