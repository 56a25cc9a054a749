import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { test, type Page } from '@playwright/test';

const ROOT = new URL('../..', import.meta.url).pathname;

/** A printed page as a picture shows it; lengths in mm. See server/tests/peers/paper.py. */
export type Sheet = {
  width: number;
  height: number;
  /** White at the left, the top, the right and the bottom; null when nothing is printed. */
  white: [number, number, number, number] | null;
  /** Share of the paper that ink covers, from 0 to 1. */
  ink: number;
  /** The longest stretch from top to bottom that is dark from side to side. */
  dark: number;
  text: string;
};

/** Prints a page and looks at the pictures of its sheets. They are kept among the test's results. */
export async function sheets(page: Page, name: string): Promise<Sheet[]> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const folder = test.info().outputPath('paper');
  mkdirSync(folder, { recursive: true });
  const read = spawnSync(`${ROOT}/target/tools/peers/bin/python`, [`${ROOT}/server/tests/peers/paper.py`, `${folder}/${name}`], { input: pdf });
  if (read.status !== 0) throw new Error(`run tools/setup.sh test: ${read.error ?? read.stderr}`);
  return JSON.parse(read.stdout.toString());
}
