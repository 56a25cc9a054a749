import { defineConfig, devices } from '@playwright/test';

// A phone as many residents have it. `npx playwright test` starts a server of its own with the demo content
// (global-setup.ts); with LINLI_BASE_URL set it asks that one instead.
const phone = {
  ...devices['Pixel 7'],
  viewport: { width: 390, height: 844 },
};

// A desk as staff and offices have it.
const desk = {
  ...devices['Desktop Chrome'],
  viewport: { width: 1280, height: 900 },
};

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  globalSetup: './global-setup.ts',
  // A machine that is busy takes three times as long as one that is not; nothing here measures time.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // Where much is wrong at once, what is wrong is told soon, and not after every test has waited for its own end.
  globalTimeout: process.env.CI ? 45 * 60_000 : 0,
  maxFailures: process.env.CI ? 12 : 0,
  workers: 2,
  forbidOnly: !!process.env.CI,
  // A check that passes only at its second try has shown a fault, here or in the check: tools/test.sh names each, and
  // fails for more than two of them. At the desk nothing is tried again.
  retries: process.env.CI ? 1 : 0,
  reporter: process.env.CI ? [['line'], ['json', { outputFile: 'test-results/results.json' }]]
    : [['list'], ['json', { outputFile: 'test-results/results.json' }]],
  use: {
    baseURL: process.env.LINLI_BASE_URL,
    // What is not there to be tapped does not come after half a minute either, nor a page after a whole one; the error
    // then says which.
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    screenshot: 'only-on-failure',
    // A trace takes a seventh of a run's time: LINLI_TEST_TRACE=1 keeps those of the tests that fail.
    trace: process.env.LINLI_TEST_TRACE ? 'retain-on-failure' : 'off',
    launchOptions: {
      // The shell is the same browser without what a window needs, and a fifth faster. What it cannot do is checked in
      // the whole one (notification.spec.ts).
      executablePath: process.env.LINLI_TEST_CHROMIUM_SHELL ?? '/usr/bin/chromium-headless-shell',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    // Everybody signs in once.
    { name: 'people', testMatch: /.*\.setup\.ts/, use: phone },
    { name: 'phone', use: phone, dependencies: ['people'] },
    // What staff, offices and the net's other people do is done on a phone and at a desk: the tests that say so carry the tag @desk.
    { name: 'desk', grep: /@desk/, use: desk, dependencies: ['people'] },
    // What a resident can do works without JavaScript: the tests that say so carry the tag @nojs and run twice.
    { name: 'phone-nojs', grep: /@nojs/, use: { ...phone, javaScriptEnabled: false }, dependencies: ['people'] },
  ],
});
