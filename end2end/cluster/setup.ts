import { startCluster } from '../../tools/cluster.mjs';

/** Starts a cluster for the whole run, and tells at the end how often a server was killed. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const cluster = await startCluster({ settings: { LINLI_DEMO_NOW: '2026-11-25T10:00:00+08:00' }, say: (text) => console.log(text) });
  process.env.LINLI_BASE_URL = cluster.url;
  process.env.LINLI_TEST_SERVERS = cluster.servers.join(' ');
  process.env.LINLI_TEST_CONTROL = cluster.control;
  process.env.LINLI_TEST_KILLED = '1';
  return async () => {
    console.log(await cluster.order('restarts 0'));
    await cluster.stop();
  };
}
