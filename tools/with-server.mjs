#!/usr/bin/env node
// Starts a Linli of its own (free port, empty data in a temporary folder, demo people and content) and stops it again.
//
//   node tools/with-server.mjs <command...>   runs the command with LINLI_BASE_URL set
//
// or, from JavaScript: `const server = await startServer(); ...; await server.stop();`
// It needs target/debug/linli (another one: LINLI_TEST_BINARY) and target/site.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 10_000;

/**
 * @param {Record<string, string>} [settings] further LINLI_ settings
 * @returns {Promise<{url: string, dir: string, log: () => string, stop: () => Promise<void>, halt: () => Promise<void>, resume: (later?: number) => Promise<void>, linli: (args: string[]) => string}>}
 */
export async function startServer(settings = {}) {
  const binary = process.env.LINLI_TEST_BINARY ?? join(ROOT, 'target/debug/linli');
  const site = join(ROOT, 'target/site');
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run 'cargo build -p server'`);
  if (!existsSync(join(site, 'hash.txt'))) throw new Error(`${site} is missing: run 'node tools/build-site.mjs'`);

  const [port, metricsPort] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const dir = mkdtempSync(join(tmpdir(), 'linli-'));
  const logFile = join(dir, 'server.log');
  const log = () => readFileSync(logFile, 'utf8');
  const out = openSync(logFile, 'a');
  const env = {
    ...withoutLinli(process.env),
    RUST_BACKTRACE: '0',
    LINLI_LISTEN: `127.0.0.1:${port}`,
    LINLI_METRICS_LISTEN: `127.0.0.1:${metricsPort}`,
    LINLI_PUBLIC_URL: url,
    LINLI_DATABASE_URL: `sqlite://${join(dir, 'linli.db')}?mode=rwc`,
    LINLI_BLOBS_URL: `file://${join(dir, 'blobs')}`,
    LINLI_SECRET_FILE: join(dir, 'secret'),
    LINLI_SITE_DIR: site,
    LINLI_DEMO: '1',
    ...settings,
  };
  // A demonstration's own clock goes on while the server is away.
  let began = Date.now();
  const clock = () => {
    const at = Date.parse(env.LINLI_DEMO_NOW ?? '');
    return Number.isNaN(at) ? {} : { LINLI_DEMO_NOW: new Date(at + Date.now() - began).toISOString() };
  };
  let child;
  let ended;
  let end;
  const begin = () => {
    ended = undefined;
    child = spawn(binary, ['serve'], { cwd: dir, env: { ...env, ...clock() }, stdio: ['ignore', out, out] });
    end = new Promise((resolve) => {
      child.once('error', (error) => resolve((ended = error.message)));
      child.once('exit', (code, signal) => resolve((ended = signal ?? `exit code ${code}`)));
    });
  };
  begin();
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);

  // Stops it and keeps its data; `resume` starts it again at the same address, so many ms later by its own clock than have gone by.
  const halt = async () => {
    if (ended !== undefined) return;
    child.kill('SIGTERM');
    const timer = setTimeout(killAtExit, STOPPED_WITHIN_MS);
    await end;
    clearTimeout(timer);
  };
  const stop = async () => {
    await halt();
    process.off('exit', killAtExit);
    closeSync(out);
    rmSync(dir, { recursive: true, force: true });
  };

  const ready = async () => {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await isReady(url))) {
      if (ended === undefined && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        continue;
      }
      const why = ended === undefined ? `was not ready after ${READY_WITHIN_MS / 1000} s` : `ended with ${ended}`;
      const said = log().trimEnd().split('\n').slice(-30).join('\n');
      await stop();
      throw new Error(`the server ${why}; it said:\n${said}`);
    }
  };
  await ready();
  const resume = async (later = 0) => {
    began -= later;
    begin();
    await ready();
  };
  // Runs the same binary on the same settings, e.g. `linli(['person', 'add', …])`.
  const linli = (args) => execFileSync(binary, args, { cwd: dir, env, encoding: 'utf8' });
  return { url, dir, log, stop, halt, resume, linli };
}

export async function isReady(url) {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })).status === 200;
  } catch {
    return false;
  }
}

/** The reader's own settings must not reach a server that is meant to be like everybody's. */
export function withoutLinli(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('LINLI_')));
}

export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function runCommand(command) {
  if (command.length === 0) {
    console.error('usage: node tools/with-server.mjs <command...>');
    return 2;
  }
  const server = await startServer();
  const child = spawn(command[0], command.slice(1), { stdio: 'inherit', env: { ...process.env, LINLI_BASE_URL: server.url } });
  // The signal goes on to the command; the server is stopped when that has ended.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(signal ? 1 : code));
  });
  await server.stop();
  return code;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await runCommand(process.argv.slice(2)).catch((error) => {
    console.error(`with-server: ${error.message}`);
    return 1;
  });
}
