import { type Page } from '@playwright/test';
import { PEOPLE, expect, signIn, test } from './support';

// A notification on this device. Chromium's own push service cannot be reached from here; what a push service would hand
// over is handed over by the browser's debugging interface. What the server sends is read by others in
// server/tests/it/outgoing/push.rs.

// The headless shell shows none: the whole browser does.
test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, executablePath: process.env.LINLI_TEST_CHROMIUM ?? '/usr/bin/chromium' });
  },
});

/** Hands a push message to the page's service worker, as the browser does when one comes. */
async function deliver(page: Page, origin: string, data: string) {
  const client = await page.context().newCDPSession(page);
  const registration = new Promise<string>((resolve) => {
    client.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find((one) => one.scopeURL.startsWith(origin) && !one.isDeleted);
      if (own) resolve(own.registrationId);
    });
  });
  await client.send('ServiceWorker.enable');
  await client.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registration, data });
}

test('a notification is offered and shown', async ({ page, context, baseURL }) => {
  const origin = new URL(baseURL!).origin;
  await context.grantPermissions(['notifications'], { origin });
  await signIn(page, PEOPLE.elder);
  await page.goto('/me/follows');
  await page.evaluate(() => navigator.serviceWorker.ready);
  // The button shows itself only where the browser can, and then the explanation is not needed.
  await expect(page.getByRole('button', { name: '在这台设备上通知我' })).toBeVisible();
  await expect(page.locator('[data-none]')).toBeHidden();

  const told = { title: '【停水停电】5 栋停水', body: '停水时间：8:00–12:00', url: '/notices', tag: 'notice-1', lang: 'zh-CN' };
  const shown = () => page.evaluate(async () => {
    const all = await (await navigator.serviceWorker.ready).getNotifications();
    return all.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));
  });
  await deliver(page, origin, JSON.stringify(told));
  const { title, body, tag, url } = told;
  await expect.poll(shown).toEqual([{ title, body, tag, url }]);
  // The same notice twice, as after a lost answer: still one.
  await deliver(page, origin, JSON.stringify(told));
  await page.waitForTimeout(500);
  expect(await shown()).toHaveLength(1);
  // What corrects it takes its place.
  await deliver(page, origin, JSON.stringify({ ...told, title: '【停水停电】更正：5 栋停水', url: '/notices?kind=outage' }));
  await expect.poll(async () => (await shown()).map((one) => one.title)).toEqual(['【停水停电】更正：5 栋停水']);
  // What we did not send is no mistake.
  await deliver(page, origin, 'not ours');
  await expect.poll(async () => (await shown()).length).toBe(2);
});
