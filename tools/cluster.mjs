#!/usr/bin/env node
// A Linli of many machines on this one: HAProxy, three servers, PostgreSQL with a synchronous standby, an S3 server; with the
// demo in it. Everything lies in a temporary folder and is gone at the end.
//
//   node tools/cluster.mjs                    runs until Ctrl-C; what is typed is done (help lists it)
//   node tools/cluster.mjs do <order...>      gives a running one an order, e.g. do kill 2
//   node tools/cluster.mjs <command...>       runs a command with LINLI_BASE_URL (HAProxy) and LINLI_TEST_SERVERS set
//
// or, from JavaScript: `const cluster = await startCluster(); await cluster.order('kill 2'); ...; await cluster.stop();`
// It needs target/debug/linli (another one: LINLI_TEST_BINARY), target/debug/examples/s3, target/site, HAProxy and PostgreSQL.
import { execFile, spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts, isReady, withoutLinli } from './with-server.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const RUNNING = join(ROOT, 'target/cluster.json');
const READY_WITHIN_MS = 90_000;
const SERVERS = 3;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const runFile = promisify(execFile);

const HELP = `  status             who is there
  kill <1-3>         ends a server as a power cut does
  start <1-3>        starts it again
  kill primary       ends PostgreSQL's primary as a power cut does
  promote            its standby takes its place
  join               the one that was killed comes back as the standby
  failover           kill primary, then promote
  s3 well|broken|slow <milliseconds>|stop|start
  restarts <seconds> one server after another is killed and started again, so often; 0 ends it
`;

/**
 * @param {{port?: number, settings?: Record<string, string>, say?: (text: string) => void}} [options] where HAProxy listens (a
 *   free port by default), further LINLI_ settings, who hears what happens
 */
export async function startCluster({ port, settings = {}, say = () => {} } = {}) {
  const binary = process.env.LINLI_TEST_BINARY ?? join(ROOT, 'target/debug/linli');
  const s3Binary = join(ROOT, 'target/debug/examples/s3');
  const site = join(ROOT, 'target/site');
  for (const [file, how] of [[binary, 'cargo build -p server'], [s3Binary, 'cargo build -p server --example s3'],
    [join(site, 'hash.txt'), 'node tools/build-site.mjs']]) {
    if (!existsSync(file)) throw new Error(`${file} is missing: run '${how}'`);
  }
  const dir = mkdtempSync(join(tmpdir(), 'linli-cluster-'));
  // PostgreSQL is another user, and goes through.
  chmodSync(dir, 0o711);
  const data = join(dir, 'postgres');
  mkdirSync(data);
  const free = await freePorts(2 * SERVERS + 7);
  const at = (number) => `127.0.0.1:${number}`;
  const [pgFront, pgA, pgB, agentA, agentB, s3Port, freeFront] = free.splice(0, 7);
  const front = port ?? freeFront;
  const url = `http://${at(front)}`;
  const pg = { a: pgA, b: pgB };
  const children = new Map();
  let stopping = false;

  // Whatever happens, nothing is left running.
  const killAll = () => {
    for (const child of children.values()) child.kill('SIGKILL');
  };
  process.once('exit', killAll);

  const logOf = (name) => join(dir, `${name}.log`);
  const run = (name, command, args, env, stdin = 'ignore') => {
    const out = openSync(logOf(name), 'a');
    const child = spawn(command, args, { cwd: dir, env: { ...withoutLinli(process.env), ...env }, stdio: [stdin, out, out],
      // Ctrl-C is for us, who end them in their order.
      detached: true });
    closeSync(out);
    children.set(name, child);
    child.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    }).then((how) => {
      if (children.get(name) === child) children.delete(name);
      if (!stopping) say(`${name} ended (${how})`);
      return how;
    });
    return child;
  };
  const end = async (name, signal) => {
    const child = children.get(name);
    if (!child) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 25_000);
    await child.ended;
    clearTimeout(timer);
  };

  const pair = async (...args) => (await runFile(join(ROOT, 'tools/pair.sh'), [args[0], data, ...args.slice(1)])).stdout.trim();

  // What Patroni's agent says at /primary, for HAProxy.
  const agents = [['a', agentA], ['b', agentB]].map(([which, agentPort]) => {
    let role = 'away';
    let asking = false;
    const timer = setInterval(async () => {
      if (asking) return;
      asking = true;
      role = await pair('role', which).catch(() => 'away');
      asking = false;
    }, 700);
    const server = createServer((_, answer) => {
      answer.writeHead(role === 'primary' ? 200 : 503).end(`${role}\n`);
    }).listen(agentPort, '127.0.0.1');
    return { which, role: () => role, stop: () => { clearInterval(timer); server.close(); server.closeAllConnections(); } };
  });

  // A demonstration's own clock goes on while a server is away.
  const began = Date.now();
  const servers = Array.from({ length: SERVERS }, (_, n) => ({ name: `server ${n + 1}`, port: free[2 * n], metrics: free[2 * n + 1] }));
  const startServer = async (n) => {
    const server = servers[n - 1];
    if (!server) throw new Error(`there is no server ${n}`);
    if (children.has(server.name)) return;
    const work = join(dir, `server-${n}`);
    mkdirSync(work, { recursive: true });
    const now = Date.parse(settings.LINLI_DEMO_NOW ?? '');
    run(server.name, binary, ['serve'], {
      TMPDIR: work,
      RUST_BACKTRACE: '0',
      LINLI_LISTEN: at(server.port),
      LINLI_METRICS_LISTEN: at(server.metrics),
      LINLI_PUBLIC_URL: url,
      LINLI_CLIENT_IP_HEADER: 'x-forwarded-for',
      LINLI_DATABASE_URL: `postgres://linli@${at(pgFront)}/postgres`,
      LINLI_BLOBS_URL: 's3://photos/linli',
      AWS_ENDPOINT: `http://${at(s3Port)}`,
      AWS_ALLOW_HTTP: 'true',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'linli-test-key',
      AWS_SECRET_ACCESS_KEY: 'linli-test-secret',
      LINLI_SECRET_FILE: join(dir, 'secret'),
      LINLI_SITE_DIR: site,
      LINLI_DEMO: '1',
      ...settings,
      ...(Number.isNaN(now) ? {} : { LINLI_DEMO_NOW: new Date(now + Date.now() - began).toISOString() }),
    });
    await ready(`http://${at(server.port)}`, server.name);
  };
  const ready = async (address, name) => {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await isReady(address))) {
      if (stopping) return;
      if (!children.has(name) || Date.now() > deadline) {
        const said = readFileSync(logOf(name), 'utf8').trimEnd().split('\n').slice(-20).join('\n');
        throw new Error(`${name} is not ready; it said:\n${said}`);
      }
      await sleep(100);
    }
  };
  let mood = 'well';
  const startS3 = () => {
    if (!children.has('S3')) run('S3', s3Binary, [at(s3Port), join(dir, 's3')], {}, 'pipe');
    children.get('S3').stdin.write(`${mood}\n`);
  };
  const primary = () => agents.find((agent) => agent.role() === 'primary')?.which;
  let killed;

  const restarts = { every: 0, count: 0, loop: Promise.resolve() };
  const restartServers = async () => {
    for (let n = 1; restarts.every > 0 && !stopping; n = (n % SERVERS) + 1) {
      const next = Date.now() + restarts.every * 1000;
      await end(servers[n - 1].name, 'SIGKILL');
      restarts.count += 1;
      await sleep(2000);
      await startServer(n).catch((error) => say(error.message));
      while (restarts.every > 0 && !stopping && Date.now() < next) await sleep(100);
    }
  };

  const order = async (text) => {
    const [what, which, ...more] = text.trim().split(/\s+/);
    switch (`${what} ${which ?? ''}`.trim()) {
      case 'status':
        return [
          ...servers.map((server) => `${server.name}  http://${at(server.port)}  ${children.has(server.name) ? 'runs' : 'is killed'}`),
          ...agents.map((agent) => `PostgreSQL ${agent.which}  ${at(pg[agent.which])}  ${agent.role()}`),
          `S3  http://${at(s3Port)}  ${children.has('S3') ? mood : 'is stopped'}`,
        ].join('\n');
      case 'kill primary':
        killed = primary();
        if (!killed) throw new Error('there is no primary');
        await pair('kill', killed);
        return `PostgreSQL ${killed} is killed`;
      case 'promote': {
        if (!killed) throw new Error('kill the primary first');
        const next = killed === 'a' ? 'b' : 'a';
        await pair('promote', next);
        return `PostgreSQL ${next} is the primary`;
      }
      case 'failover':
        return `${await order('kill primary')}\n${await order('promote')}`;
      case 'join':
        if (!killed) throw new Error('nobody was killed');
        await pair('join', killed);
        return `PostgreSQL ${killed} is the standby`;
      case 's3 stop':
        await end('S3', 'SIGKILL');
        return 'S3 is stopped';
      case 's3 start':
        startS3();
        return 'S3 runs';
      case 's3 well':
      case 's3 broken':
      case 's3 slow':
        mood = [which, ...more].join(' ');
        startS3();
        return `S3 is ${mood}`;
      default:
        if (what === 'restarts' && Number(which) >= 0) {
          restarts.every = 0;
          await restarts.loop;
          restarts.every = Number(which);
          restarts.loop = restartServers();
          return `${restarts.count} times a server was killed so far`;
        }
        if (what === 'kill' && servers[which - 1]) {
          await end(servers[which - 1].name, 'SIGKILL');
          return `server ${which} is killed`;
        }
        if (what === 'start' && servers[which - 1]) {
          await startServer(Number(which));
          return `server ${which} runs`;
        }
        return HELP.trimEnd();
    }
  };

  const control = createServer(async (request, answer) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    await order(text).then((said) => answer.end(`${said}\n`), (error) => answer.writeHead(400).end(`${error.message}\n`));
  });

  const stop = async () => {
    stopping = true;
    control.close();
    await restarts.loop;
    await Promise.all(servers.map((server) => end(server.name, 'SIGTERM')));
    for (const agent of agents) agent.stop();
    await Promise.all([end('HAProxy', 'SIGKILL'), end('S3', 'SIGKILL'), pair('stop').catch(() => {})]);
    process.off('exit', killAll);
    rmSync(dir, { recursive: true, force: true });
  };

  try {
    await pair('start', String(pgA), String(pgB));
    startS3();
    run('HAProxy', 'haproxy', ['-db', '-f', join(ROOT, 'deploy/haproxy.cfg')], {
      // Debian keeps it where only root looks.
      PATH: `${process.env.PATH}:/usr/sbin`,
      LINLI_AWAY_PAGE: join(ROOT, 'deploy/away.http'),
      LINLI_FRONT: at(front),
      ...Object.fromEntries(servers.map((server, n) => [`LINLI_SERVER_${n + 1}`, at(server.port)])),
      LINLI_POSTGRES: at(pgFront),
      LINLI_POSTGRES_A: at(pgA),
      LINLI_POSTGRES_B: at(pgB),
      LINLI_AGENT_A: String(agentA),
      LINLI_AGENT_B: String(agentB),
    });
    const deadline = Date.now() + 15_000;
    while (!primary() && Date.now() < deadline) await sleep(100);
    await sleep(1500);
    // The first loads the demo; the others find it there.
    await startServer(1);
    await Promise.all([startServer(2), startServer(3)]);
    await ready(url, 'HAProxy');
    await new Promise((resolve) => control.listen(0, '127.0.0.1', resolve));
  } catch (error) {
    await stop();
    throw error;
  }
  const env = (name) => ({
    cwd: dir,
    env: { ...withoutLinli(process.env), LINLI_DATABASE_URL: `postgres://linli@${at(pgFront)}/postgres`,
      LINLI_SECRET_FILE: join(dir, 'secret'), LINLI_SITE_DIR: site, LINLI_DEMO: '1', LINLI_BLOBS_URL: join(dir, name) },
  });
  // Runs the same binary on the same database, e.g. `linli(['person', 'add', …])`.
  const linli = async (args) => (await runFile(binary, args, env('unused'))).stdout;
  return {
    url,
    servers: servers.map((server) => `http://${at(server.port)}`),
    control: `http://${at(control.address().port)}`,
    database: `postgres://linli@${at(pgFront)}/postgres`,
    order,
    linli,
    log: (name) => readFileSync(logOf(name), 'utf8'),
    stop,
  };
}

async function main(args) {
  if (args[0] === 'do') {
    if (!existsSync(RUNNING)) throw new Error('no cluster runs here: make cluster');
    const { control } = JSON.parse(readFileSync(RUNNING, 'utf8'));
    const answer = await fetch(control, { method: 'POST', body: args.slice(1).join(' ') });
    process.stdout.write(await answer.text());
    return answer.ok ? 0 : 1;
  }
  const alone = args.length === 0;
  const say = (text) => alone && console.log(text);
  console.log('cluster: starting PostgreSQL twice, S3, HAProxy and three servers (20 s)');
  const cluster = await startCluster({ port: alone ? Number(process.env.LINLI_CLUSTER_PORT ?? 3080) : undefined, say });
  let code = 0;
  if (alone) {
    writeFileSync(RUNNING, JSON.stringify({ control: cluster.control }));
    console.log(`\nLinli 邻里: ${cluster.url}   (log-in codes are shown on the page; staff: 19900000031)\n`);
    console.log(await cluster.order('status'));
    console.log(`\nType an order, or give it elsewhere by 'node tools/cluster.mjs do <order>'; Ctrl-C ends all.\n${HELP}`);
    const lines = createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      if (line.trim()) cluster.order(line).then(console.log, (error) => console.log(error.message));
    });
    await new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
    });
    lines.close();
    process.stdin.destroy();
    rmSync(RUNNING, { force: true });
    console.log('\ncluster: stopping');
  } else {
    const child = spawn(args[0], args.slice(1), {
      stdio: 'inherit',
      env: { ...process.env, LINLI_BASE_URL: cluster.url, LINLI_TEST_SERVERS: cluster.servers.join(' '), LINLI_TEST_CONTROL: cluster.control },
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    code = await new Promise((resolve) => {
      child.once('error', (error) => {
        console.error(error.message);
        resolve(127);
      });
      child.once('exit', (status, signal) => resolve(signal ? 1 : status));
    });
  }
  await cluster.stop();
  return code;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2)).catch((error) => {
    console.error(`cluster: ${error.message}`);
    return 1;
  });
}
