import { createServer, connect, type Socket } from 'node:net';

/**
 * A way to the server that can be cut: Playwright's own "offline" does not reach service workers, so what a phone shows
 * without a signal is only seen when there really is no answer. `heard` gets every byte that the phone sends.
 */
export async function cuttable(target: string, heard?: (bytes: Buffer) => void) {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let cut = false;
  const server = createServer((client) => {
    if (cut) return void client.destroy();
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
    }
    if (heard) client.on('data', heard);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut(on: boolean) {
      cut = on;
      if (on) for (const socket of open) socket.destroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
