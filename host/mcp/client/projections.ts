import { createHash } from 'node:crypto';
import type { Projection } from '#host/store/ports.ts';
import { evolveServer, type ServerRecord } from './core/server-record.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const serversProjection: Projection<ServerRecord> = {
  table: 'proj_servers',
  version: 1,
  key: (event) => (event.stream.stream_type === 'server' ? event.stream.stream_id : null),
  evolve: (server, event) => evolveServer(server, event, sha256),
  columns: (s) => ({ name: s.name, status: s.status }),
};
