import type { EditorTools } from '../ports.ts';
import { commandTools } from './commands.ts';
import { editTools } from './edits.ts';
import { fileTools } from './files.ts';
import { layoutTools } from './layout.ts';
import { moveTools } from './moves.ts';
import { programTools } from './programs.ts';

/** Every tool of the schema's table, by its name. */
export const windowTools = (): EditorTools => ({
  ...fileTools,
  ...layoutTools(),
  ...moveTools,
  ...editTools,
  ...programTools,
  ...commandTools,
});
