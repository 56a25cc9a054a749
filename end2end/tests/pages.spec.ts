import { LANGS, type Person, choose, expect, expectNoSidewaysScroll, expectSound, signIn, stateOf, test } from './support';

/** Pages by who looks at them. A path may be found by following the first link that matches on another page. */
const PAGES: Record<string, { as?: Person; paths: (string | { on: string; follow: string })[] }> = {
  visitor: {
    paths: [
      '/', '/communities', '/notices', { on: '/notices', follow: 'a.notice-item' }, '/services',
      { on: '/services', follow: 'main a[href^="/services/"]' }, '/services/social-card-replace/times', '/report', '/reports', '/login', '/me', '/ui', '/offline', '/api',
      '/board/notices?community=wutong', '/consultations', { on: '/consultations', follow: 'main a[href^="/consultations/"]' }, '/property', { on: '/property', follow: 'main a.table-title' },
    ],
  },
  resident: {
    as: 'resident',
    paths: [
      '/', '/me', '/me/name', '/me/inbox', '/me/appointments', '/me/reports', '/me/devices', '/me/tokens', '/me/sign-ups', '/me/follows', '/me/data', '/me/service', '/teams', { on: '/teams', follow: 'main a[href^="/teams/"]' }, '/property/rate', '/meetings', { on: '/meetings', follow: 'main a.item' },
      { on: '/me/appointments', follow: 'main a[href^="/appointments/"]' },
      { on: '/me/reports', follow: 'main a[href^="/reports/"]' },
    ],
  },
  staff: {
    as: 'staff',
    paths: [
      '/staff', '/staff/notices', { on: '/staff/notices', follow: 'main a.table-title' }, '/staff/notices/new', '/staff/notices/new?kind=disclosure', '/staff/notices/settings',
      '/staff/notices/screens', '/staff/questions', { on: '/staff/questions', follow: 'main a.table-title' }, '/staff/appointments', '/staff/reports',
      { on: '/staff/reports', follow: 'main a.desk-row' },
      { on: '/staff/reports?state=closed', follow: 'main a.desk-row' },
      '/staff/reports/new', '/staff/reports/settings', '/staff/reports/answers', '/staff/reports/hours', '/staff/reports/routing',
      '/staff/reports/routing?category=street-light', '/staff/reports/classifier?text=路灯不亮', '/staff/reports/statistics?from=2026-01-01&by=grid',
      '/staff/reports/statistics/list?from=2026-01-01&measure=filed',
      '/staff/halls', '/staff/halls/hall-wutong/today', '/staff/halls/hall-wutong', '/staff/statistics', '/staff/blocks',
      '/staff/counter?hall=hall-wutong', '/staff/counter/hall-wutong.3', '/staff/reception?hall=hall-wutong',
      '/staff/matters', '/staff/matters?tab=all&kind=task', '/staff/matters/new', { on: '/staff/matters?tab=all', follow: 'main a.item' },
      '/staff/net', '/staff/net?figure=per_household', '/staff/bulletins', { on: '/staff/bulletins', follow: 'main a.item' },
      '/staff/grids', '/staff/grids/wutong-g1', '/staff/grids/wutong-g1/duty', '/staff/grids/wutong-g1/contacts/wutong-1',
      '/staff/meetings', { on: '/staff/meetings', follow: 'main a.item' }, { on: '/staff/meetings', follow: 'main a[href^="/staff/meetings/bodies/"]' },
      '/staff/property', '/staff/property/estates', { on: '/staff/property/entries', follow: 'main th a' },
      '/staff/patrols', '/staff/patrols/new', { on: '/staff/patrols', follow: 'main a.item' }, '/staff/intake', { on: '/staff/intake', follow: 'main a.item' }, '/staff/calls',
      '/staff/items', '/staff/items/migrant-family-planning', '/staff/items/social-card-replace/history', '/staff/calendar', '/staff/exports',
      '/staff/consultations', { on: '/staff/consultations', follow: 'main a.table-title' }, '/staff/consultations/new',
      '/staff/handbook', { on: '/staff/handbook', follow: 'main a.item' }, '/staff/handbook/new',
      '/staff/partners', '/staff/partners?tab=teams', '/staff/partners?tab=waiting', '/staff/partners?tab=hours',
      { on: '/staff/partners', follow: 'main a[href^="/staff/partners/agreements/"]' },
      { on: '/staff/partners?tab=teams', follow: 'main a[href^="/staff/partners/teams/"]:not([href$="/new"])' },
    ],
  },
  volunteer: {
    as: 'volunteer',
    paths: ['/volunteer', '/volunteer?tab=near', '/volunteer?tab=soon', { on: '/volunteer', follow: 'main a[href^="/volunteer/reports/"]' }],
  },
  unit: { as: 'unit', paths: ['/companies', { on: '/companies', follow: 'main a.item' }, '/volunteer', { on: '/volunteer', follow: 'main a[href^="/volunteer/reports/"]' }] },
  'grid worker': { as: 'gridWorker', paths: ['/volunteer', '/volunteer/collect', '/staff/handbook', '/patrols', { on: '/patrols', follow: 'main a.item' }, '/staff/reports', { on: '/staff/reports', follow: 'main a.desk-row' }] },
  supervisor: {
    as: 'supervisor',
    paths: ['/staff', '/staff/net', '/staff/net/wutong?figure=closing', '/staff/reports', { on: '/staff/reports?state=late', follow: 'main a.desk-row' }, '/staff/reports/statistics?by=community', '/staff/notices', '/staff/supervision', '/staff/supervision/new', '/staff/supervision/statistics', '/staff/property/rules', '/staff/property/entries',
      { on: '/staff/property', follow: 'main a.table-title' }, { on: '/staff/property/estates', follow: 'main a.table-title' },
      { on: '/staff/supervision?state=all', follow: 'main a.table-title' }],
  },
  admin: { as: 'admin', paths: ['/staff', '/staff/categories', '/staff/jobs', '/staff/audit', '/staff/imports', '/staff/exports', '/staff/webhooks', '/staff/matters/platforms', '/staff/items/new', '/staff/items/social-card-replace/edit', '/staff/calendar'] },
};

/** Who works at a desk as well: there the navigation stands beside the page. */
const AT_A_DESK = ['staff', 'supervisor', 'admin'];

for (const [who, { as, paths }] of Object.entries(PAGES)) {
  test.describe(`pages of ${who}`, () => {
    test.use({ storageState: as ? stateOf(as) : undefined });
    for (const path of paths) {
      const name = typeof path === 'string' ? path : `first ${path.follow} on ${path.on}`;
      for (const lang of LANGS) {
        test(`${name} in ${lang}`, async ({ page }) => {
          await choose(page, lang);
          await page.goto(typeof path === 'string' ? path : path.on);
          if (typeof path !== 'string') {
            const href = await page.locator(path.follow).first().getAttribute('href');
            await page.goto(href!);
          }
          await expect(page.locator('html')).toHaveAttribute('lang', lang);
          await expect(page.locator('h1')).toHaveCount(1);
          // Colours are the same in both languages; in English the large type below is looked at in the dark.
          await expectSound(page, lang === 'en' ? ['light'] : undefined);
          if (AT_A_DESK.includes(who)) {
            await page.setViewportSize({ width: 1280, height: 900 });
            await expectNoSidewaysScroll(page);
            if (lang === 'zh-CN') await expectSound(page, ['light']);
          }
          // The narrowest phone, and the largest type on it.
          await page.setViewportSize({ width: 360, height: 740 });
          await expectNoSidewaysScroll(page);
          await choose(page, lang, 'large');
          await page.reload();
          await expect(page.locator('html')).toHaveAttribute('data-size', 'large');
          await expectSound(page, [lang === 'en' ? 'dark' : 'light']);
        });
      }
    }
  });
}

test.describe('when something is wrong', () => {
  test.use({ allowErrors: [/status of 404/] });
  test('a page that is not there says so and leads on', async ({ page }) => {
    await choose(page, 'zh-CN');
    const answer = await page.goto('/no-such-page');
    expect(answer!.status()).toBe(404);
    await expect(page.locator('main a').first()).toBeVisible();
    await expectSound(page);
  });
});

// Demo people are exempt, so somebody else logs in.
test.describe('the door of staff', () => {
  test.use({ allowErrors: [/status of 422/] });
  for (const lang of LANGS) {
    test(`the second factor of staff in ${lang}`, async ({ page }) => {
      await choose(page, lang);
      await signIn(page, lang === 'en' ? '19911112223' : '19911112222');
      await page.goto('/staff');
      await expect(page).toHaveURL(/second-factor/);
      await expect(page.locator('h1')).toHaveCount(1);
      await expect(page.locator('.factor-qr')).toBeVisible();
      await expectSound(page);
      await page.locator('input[name=code]').fill('000000');
      await page.locator('form:has(input[name=code]) button.primary').click();
      await expect(page.locator('.error-summary')).toBeVisible();
      await expectSound(page);
    });
  }
});
