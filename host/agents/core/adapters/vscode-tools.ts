/** Built-in tools of VS Code's Local harness, by the names its hooks report. */
export const vscodeToolRows = {
  command: 'run_in_terminal runInTerminal',
  read: 'read_file list_dir view_image copilot_readFile read_notebook_cell_output',
  find: 'file_search',
  grep: 'grep_search semantic_search',
  write: 'create_file create_directory create_new_jupyter_notebook',
  edit: 'apply_patch replace_string_in_file multi_replace_string_in_file insert_edit_into_file edit_notebook_file editFiles edit_files',
  fetch: 'fetch_webpage open_simple_browser',
  inert:
    'manage_todo_list get_errors get_changed_files get_terminal_output terminal_last_command terminal_selection vscode_askQuestions runSubagent',
} as const;

/** `mcp__hob__x` is Claude's spelling, `mcp_hob_x` the Local harness's, `hob-x` the Copilot runtime's. */
export const vscodeOwnTools = ['mcp__hob__', 'mcp_hob_', 'hob-'] as const;
