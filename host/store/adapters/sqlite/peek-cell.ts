import { existsSync } from 'node:fs';
import { Connection } from './connection.ts';
import { cellName } from './reader.ts';

/** A cell of a store that another process has open. Null: no such store or cell, or it cannot be read now. */
export function peekCell(file: string, name: string): string | null {
  if (!existsSync(file)) return null;
  let connection: Connection | null = null;
  try {
    connection = new Connection(file, { readOnly: true, timeoutMs: 200 });
    const row = connection.get('SELECT value FROM store_meta WHERE name = ?', cellName(name));
    return row === undefined ? null : String(row['value']);
  } catch {
    return null;
  } finally {
    connection?.close();
  }
}
