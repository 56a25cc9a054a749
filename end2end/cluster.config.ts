import { defineConfig } from '@playwright/test';
import base from './playwright.config';

// The journeys in front of a cluster (tools/cluster.mjs), while every ten seconds one of its three servers is killed and
// started again: `make faults`, or npx playwright test -c cluster.config.ts
const { use: phone } = base.projects!.find((project) => project.name === 'phone')!;

export default defineConfig({
  ...base,
  globalSetup: './cluster/setup.ts',
  outputDir: 'test-results/cluster',
  reporter: [['list']],
  // Three servers, two databases and two browsers share the machine.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  projects: [
    { name: 'people', testDir: 'tests', testMatch: /people\.setup\.ts/, use: phone },
    { name: 'servers', testDir: 'cluster', testMatch: /live\.spec\.ts/, use: phone, dependencies: ['people'] },
    { name: 'kills', testDir: 'cluster', testMatch: /kills\.setup\.ts/, dependencies: ['servers'] },
    {
      name: 'journeys',
      testDir: 'tests',
      testMatch: /(journeys|booking|reports|notices|queue|dispatch)\.spec\.ts/,
      use: phone,
      dependencies: ['kills'],
    },
  ],
});
