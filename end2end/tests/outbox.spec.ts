import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { LANGS, type Person, choose, expect, expectSound, islands, open, stateOf, test } from './support';

const photo = (name: string) => fileURLToPath(new URL(`../../server/tests/fixtures/photos/${name}`, import.meta.url));
const PHOTOS = ['orientation-1.jpg', 'orientation-6.jpg', 'orientation-3.jpg'].map(photo);

/**
 * The wire between the phone and the server. It can be down; it can tear once after so many bytes of the phone's; and it can
 * swallow the answer to one request, so that the server has it and the phone never hears of it.
 */
class Wire {
  down = false;
  /** Bytes of what the phone sends to the API until the wire tears, once. */
  tearsAfter = Infinity;
  /** Begin of a request line whose answer is lost, once. */
  swallows = '';
  /** How often it broke under something that was being sent. */
  broke = 0;
  private server = createServer((phone) => this.connect(phone));
  private open = new Set<Socket>();

  constructor(private readonly to: URL) {}

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Everything that is on its way now is lost as well. */
  tear() {
    for (const socket of this.open) socket.destroy();
  }

  close() {
    this.tear();
    this.server.close();
  }

  private connect(phone: Socket) {
    if (this.down) {
      phone.destroy();
      return;
    }
    const server = connect(Number(this.to.port), this.to.hostname);
    let lost = false;
    let sending = false;
    for (const [one, other] of [[phone, server], [server, phone]]) {
      this.open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.open.delete(one);
        other.destroy();
      });
    }
    phone.on('data', (bytes) => {
      sending ||= bytes.includes('POST /api/v1/');
      if (this.swallows && bytes.includes(this.swallows)) {
        lost = true;
        this.swallows = '';
        this.broke += 1;
      }
      if (sending) this.tearsAfter -= bytes.length;
      if (this.tearsAfter < 0) {
        this.tearsAfter = Infinity;
        this.broke += 1;
        // Part of it has arrived.
        server.write(bytes.subarray(0, bytes.length / 2), () => this.tear());
        return;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => (lost ? phone.destroy() : phone.write(bytes)));
  }
}

/** A browser whose memory outlives it. */
async function launch(folder: string, baseURL: string): Promise<{ context: BrowserContext; page: Page }> {
  const { launchOptions, viewport, locale } = test.info().project.use;
  const context = await chromium.launchPersistentContext(folder, { ...launchOptions, viewport, baseURL, locale, serviceWorkers: 'allow' });
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

/** The browser is gone from one moment to the next, as when a phone is switched off. */
async function kill({ context, page }: { context: BrowserContext; page: Page }) {
  const gone = new Promise((done) => context.once('close', done));
  const session = await context.newCDPSession(page);
  session.send('Browser.crash').catch(() => {});
  await gone;
}

/** Opens a page; the wire may tear while it comes. */
async function visit(page: Page, path: string) {
  await page.goto(path, { timeout: 10_000 }).catch(() => page.goto(path));
}

/** Waits until the service worker keeps the form for when there is no signal. */
async function keepsForm(page: Page) {
  const kept = () => page.evaluate(async () => Boolean(await caches.match('/report?shell', { ignoreVary: true })));
  await expect.poll(kept, { timeout: 60_000 }).toBe(true);
}

/** Waits until the phone keeps a draft with these words and a photo that the server has. */
async function keepsDraft(page: Page, text: string) {
  const kept = () => page.evaluate((text) => new Promise<boolean>((done, failed) => {
    const opening = indexedDB.open('linli');
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const all = opening.result.transaction('reports').objectStore('reports').getAll();
      all.onerror = () => failed(all.error);
      all.onsuccess = () => {
        opening.result.close();
        done(all.result.some(({ fields, photos }) => fields.description === text && photos.length === 1 && photos[0].id));
      };
    };
  }), text);
  await expect.poll(kept, { timeout: 15_000 }).toBe(true);
}

async function compose(page: Page, text: string) {
  await page.goto('/report');
  await islands(page);
  await page.locator('input[type=file]').setInputFiles(PHOTOS);
  await expect(page.locator('.photo-grid .photo')).toHaveCount(3);
  await expect(page.locator('.photo-grid .photo[data-state=kept]')).toHaveCount(3);
  await page.locator('select[name=building]').selectOption({ index: 2 });
  await page.locator('textarea[name=description]').fill(text);
  await page.locator('select[name=category]').selectOption('other-problem');
  await page.locator('.action-bar .primary').click();
  await expect(page.locator('.outbox-item[data-state=waiting]')).toHaveCount(1);
}

test.describe('without a signal', () => {
  test('a report with three photos is sent exactly once, whatever is cut off', async ({ browser }) => {
    const ROUNDS = Number(process.env.LINLI_OUTBOX_ROUNDS ?? 20);
    test.setTimeout(60_000 + ROUNDS * 30_000);
    const folder = mkdtempSync(join(tmpdir(), 'linli-phone-'));
    const mark = `离线测试 ${Date.now()}`;
    const wire = new Wire(new URL(test.info().project.use.baseURL!));
    const address = await wire.listen();
    try {
      const first = await launch(folder, address);
      await choose(first.page, 'zh-CN');
      const { cookies } = JSON.parse(readFileSync(stateOf('tenant'), 'utf8'));
      await first.context.addCookies(cookies);
      await first.page.goto('/report');
      await islands(first.page);
      await keepsForm(first.page);
      await first.context.close();
      for (let round = 0; round < ROUNDS; round += 1) {
        // Written in a lift: no signal, which the phone knows in some rounds and in others takes for a slow network.
        let phone = await launch(folder, address);
        wire.down = true;
        wire.tear();
        if (round % 2) await phone.context.setOffline(true);
        await compose(phone.page, `${mark} ${round}`);
        await kill(phone);
        // Another day: the signal is back, and breaks at another place each round, before a round has sent its 29 kB.
        wire.down = false;
        if (round % 4 !== 1) wire.tearsAfter = 1500 + ((round * 7919) % 24_000);
        if (round % 4 !== 0) wire.swallows = round % 4 === 1 ? 'POST /api/v1/photos' : 'POST /api/v1/reports';
        phone = await launch(folder, address);
        const item = phone.page.locator('.outbox-item').last();
        await visit(phone.page, '/offline');
        await expect(async () => {
          const before = wire.broke;
          await visit(phone.page, '/me/reports');
          // It goes by itself, however long that takes, unless the wire breaks under it: then at the next visit.
          const end = async () => (wire.broke > before ? 'broke' : item.getAttribute('data-state', { timeout: 5_000 }));
          await expect.poll(end, { timeout: 20_000 }).toMatch(/broke|sent/);
          await expect(item).toHaveAttribute('data-state', 'sent', { timeout: 2_000 });
        }).toPass({ timeout: 120_000 });
        // Everything that was to break in this round did.
        expect(wire.tearsAfter, `round ${round} was torn`).toBe(Infinity);
        expect(wire.swallows, `an answer of round ${round} was lost`).toBe('');
        await expect(item).toHaveAttribute('data-state', 'sent', { timeout: 60_000 });
        await item.locator('.outbox-tools a').click();
        await expect(phone.page.locator('main')).toContainText(`${mark} ${round}`);
        await expect(phone.page.locator('.thumbs img')).toHaveCount(3);
        await phone.context.close();
      }
      // Torn in three rounds of four, and an answer swallowed in three of four, each time under something that was being sent.
      const of = (skipped: number) => Array.from({ length: ROUNDS }, (_, round) => round).filter((round) => round % 4 !== skipped).length;
      expect(wire.broke).toBe(of(1) + of(0));
      // Each of them once: one report in one's own list for each round.
      const page = await open(browser, 'tenant', 'zh-CN');
      await page.goto('/me/reports');
      const codes = await page.locator('main a.item[href^="/reports/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
      let found = 0;
      for (const href of codes.slice(0, ROUNDS + 10)) {
        const text = await (await page.request.get(href!)).text();
        if (text.includes(mark)) found += 1;
      }
      expect(found).toBe(ROUNDS);
      await page.context().close();
    } finally {
      wire.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test.describe('on one page', () => {
    // Here the network is taken from the page alone: a service worker would still have one, and send what waits.
    test.use({ serviceWorkers: 'block', allowErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource|net::ERR|Service Worker registration blocked/] });
    for (const lang of LANGS) {
      test(`on a shared phone nobody sends what another wrote (${lang})`, async ({ page, context }) => {
        const become = async (person?: Person) => {
          await context.clearCookies();
          if (person) await context.addCookies(JSON.parse(readFileSync(stateOf(person), 'utf8')).cookies);
          await choose(page, lang);
        };
        const write = async (text: string) => {
          await page.locator('select[name=building]').selectOption({ index: 4 });
          await page.locator('textarea[name=description]').fill(text);
          await page.locator('select[name=category]').selectOption('other-problem');
          await context.setOffline(true);
          await page.locator('.action-bar .primary').click();
          await expect(page.locator('.outbox-item[data-state=waiting]')).toHaveCount(1);
        };
        const mark = `共用手机 ${lang} ${Date.now()}`;
        // The elder writes and signs out before there is a signal again.
        await become('elder');
        await page.goto('/report');
        await islands(page);
        await write(`甲 ${mark}`);
        await become();
        await context.setOffline(false);
        await page.goto('/report');
        await islands(page);
        await expect(page.locator('.outbox-others')).toContainText('1');
        await expect(page.locator('.outbox-item')).toHaveCount(0);
        await expectSound(page);
        // The tenant signs in: sees that there is one, not what it is, and sends nothing of it.
        await become('tenant');
        await page.goto('/report');
        await islands(page);
        await expect(page.locator('.outbox-others')).toContainText('1');
        await expect(page.locator('.outbox')).not.toContainText('甲');
        await page.goto('/me/reports');
        await expect(page.locator('.outbox-others')).toContainText('1');
        const list = async () => {
          await page.goto('/me/reports');
          const all = await page.locator('main a.item[href^="/reports/"]').evaluateAll((rows) => rows.slice(0, 6).map((a) => a.getAttribute('href')!));
          return (await Promise.all(all.map(async (href) => (await page.request.get(href)).text()))).join();
        };
        expect(await list()).not.toContain(mark);
        // The elder is back: now it goes, by itself.
        await become('elder');
        await page.goto('/report');
        await expect(page.locator('.outbox-item[data-state=sent]')).toHaveCount(1);
        expect(await list()).toContain(`甲 ${mark}`);
        // Written by nobody in particular it stays with the phone until somebody says that it is theirs.
        await become();
        await page.goto('/report');
        await islands(page);
        await write(`乙 ${mark}`);
        await become('tenant');
        await context.setOffline(false);
        await page.goto('/report');
        await islands(page);
        const item = page.locator('.outbox-item', { hasText: '乙' });
        await expect(item).toHaveAttribute('data-state', 'waiting');
        await expectSound(page);
        expect(await list()).not.toContain(`乙 ${mark}`);
        await page.locator('.outbox-item', { hasText: '乙' }).locator('button').first().click();
        await expect(page.locator('.outbox-item', { hasText: '乙' })).toHaveAttribute('data-state', 'sent');
        expect(await list()).toContain(`乙 ${mark}`);
      });
    }

    for (const lang of LANGS) {
      test(`drafts survive, several of them, and can be taken up again (${lang})`, async ({ page, context }) => {
        await choose(page, lang);
        for (const text of ['第一件：门禁坏了', '第二件：垃圾桶满了']) {
          await page.goto('/report');
          await islands(page);
          await page.locator('textarea[name=description]').fill(text);
          await page.locator('input[type=file]').setInputFiles(PHOTOS[0]);
          await expect(page.locator('.photo[data-state=ready]')).toHaveCount(1);
          await keepsDraft(page, text);
        }
        await page.goto('/report');
        await islands(page);
        await expect(page.locator('.outbox-item[data-state=draft]')).toHaveCount(2);
        await expectSound(page);
        await page.locator('.outbox-item', { hasText: '第一件' }).locator('a').click();
        await islands(page);
        await expect(page.locator('textarea[name=description]')).toHaveValue('第一件：门禁坏了');
        await expect(page.locator('.photo-grid .photo')).toHaveCount(1);
        // Sent while the signal is away: it waits, and goes by itself when the signal is back.
        await page.locator('select[name=building]').selectOption({ index: 3 });
        await page.locator('select[name=category]').selectOption('other-problem');
        await context.setOffline(true);
        await page.locator('.action-bar .primary').click();
        await expect(page.locator('.outbox-item[data-state=waiting]')).toHaveCount(1);
        await expectSound(page);
        await context.setOffline(false);
        await expect(page.locator('.outbox-item[data-state=sent]')).toHaveCount(1, { timeout: 30_000 });
        // The other one is removed, with ten seconds to think again.
        await page.goto('/report');
        await islands(page);
        const second = page.locator('.outbox-item', { hasText: '第二件' });
        await second.locator('button').last().click();
        await expect(second).toHaveCount(0);
        await page.locator('.outbox [role=status] button').click();
        await expect(second).toHaveCount(1);
      });
    }
  });
});
