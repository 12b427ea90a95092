import type { EditorToolName } from '#schema/views/editor-tools.ts';
import type { IntentRow, Phrase, ScheduleAct } from './intent-row.ts';

type Phrases = readonly [Phrase, ...Phrase[]];

type ToolOf<T extends EditorToolName> = T extends `editor.${infer Name}` ? Name : never;

/** An intent that one editor tool carries out; both have the same name. */
const editor = (name: ToolOf<EditorToolName>, ...phrases: Phrases): IntentRow => ({
  name,
  phrases,
  becomes: { kind: 'editor', tool: `editor.${name}` },
});

const command = (
  name: string,
  argv: readonly [string, ...string[]],
  ...phrases: Phrases
): IntentRow => ({
  name,
  phrases,
  becomes: { kind: 'command', argv },
});

const movements: readonly IntentRow[] = [
  editor(
    'open_settings',
    'open [the] (settings|preferences)',
    'show [me] [the] settings',
    'settings',
  ),
  editor('close_editor', 'close [the|this] (editor|file|tab)', 'close (it|this)'),
  editor('split_editor', 'split [the|this] (editor|view|window)', 'split (right|it)'),
  editor(
    'go_to_line',
    '(go|jump) to [line] {line:number}',
    'go to line number {line:number}',
    'line {line:number}',
    'goto [line] {line:number}',
  ),
  editor('go_back', 'go back', 'back', 'navigate back', 'go back (there|to where i was)'),
  editor(
    'toggle_terminal',
    'toggle [the] terminal',
    { say: '(open|show) [the] terminal', fixed: { state: 'shown' } },
    { say: '(hide|close) [the] terminal', fixed: { state: 'hidden' } },
  ),
  editor(
    'toggle_sidebar',
    'toggle [the] (sidebar|side bar)',
    { say: '(open|show) [the] (sidebar|side bar)', fixed: { state: 'shown' } },
    { say: '(hide|close) [the] (sidebar|side bar)', fixed: { state: 'hidden' } },
  ),
  editor(
    'find_in_files',
    '(find|search) [for] {query:text} in [the|all] files',
    '(search|look) [in|the|all] files for {query:text}',
    'search for {query:text}',
    '(find|search) in [the|all] files',
  ),
  editor(
    'next_problem',
    '[go to] [the] next (problem|error)',
    'show [me] [the] next (problem|error)',
  ),
  editor('open_source_control', '(open|show) [me] [the] source control', 'source control'),
  editor(
    'previous_problem',
    '[go to] [the] (previous|last) (problem|error)',
    'show [me] [the] previous (problem|error)',
  ),
];

const edits: readonly IntentRow[] = [
  editor('save_file', 'save [the|this] file', 'save', 'save (it|this)'),
  editor('save_all', 'save (all|everything)', 'save all [the|my] (files|editors)'),
  editor('format_document', 'format [the|this] (document|file|code)', 'format (it|this)'),
  editor('undo', 'undo', 'undo (it|that|this)', 'undo [the|my] last (change|edit)'),
  editor('redo', 'redo', 'redo (it|that|this)', 'redo [the|my] last (change|edit)'),
];

const starts: readonly IntentRow[] = [
  editor(
    'run_tests',
    'run [all] [the|my] [unit] (tests|test suite)',
    'test (it|this|everything)',
    'start [the] tests',
  ),
  editor(
    'run_task',
    '(run|start) [the] task {name:task}',
    '(run|start) [the] {name:task} [task]',
    'open the {name:task} task',
  ),
  editor(
    'start_debugging',
    '(start|begin) (debugging|the debugger|debug)',
    'debug [it|this]',
    'launch the debugger',
  ),
];

const palette: readonly IntentRow[] = [
  editor('run_command', '(run|execute) [the] command {title:command}', '{title:command}'),
];

const commands: readonly IntentRow[] = [
  command(
    'git_status',
    ['git', 'status'],
    '[show] [me] [the] git status',
    'what [files] (changed|has changed|have i changed)',
    'run git status',
  ),
  command(
    'git_log',
    ['git', 'log', '--oneline', '-n', '20'],
    '[show] [me] [the] git (log|history)',
    'show [me] [the] (last|recent|latest) commits',
    'run git log',
  ),
  command(
    'git_diff',
    ['git', 'diff'],
    '[show] [me] [the] git diff',
    'show [me] [the|my] (diff|changes)',
    'run git diff',
  ),
  command(
    'git_diff_staged',
    ['git', 'diff', '--staged'],
    '[show] [me] [the] git diff staged',
    'show [me] [the|my] staged (changes|diff)',
  ),
  command(
    'git_branch',
    ['git', 'branch', '--list'],
    '[show] [me] [the] git (branch|branches)',
    '(list|show) [me] [the|my|all] branches',
    'run git branch',
  ),
  command(
    'git_current_branch',
    ['git', 'branch', '--show-current'],
    '(which|what) branch (am i on|is this|is it)',
    '(show|tell) [me] [the] current branch',
  ),
];

const ago = (words: string): readonly Phrase[] => [
  `${words} in the last {minutes:number} (minute|minutes)`,
  `${words} in the last {hours:number} (hour|hours)`,
  { say: `${words} (in|during) the last hour`, fixed: { hours: 1 } },
  { say: `${words} today`, fixed: { today: 1 } },
  { say: `${words} this week`, fixed: { this_week: 1 } },
];

const answers: readonly IntentRow[] = [
  {
    name: 'what_happened',
    phrases: [
      'what happened',
      'what happened (here|lately|recently|while i was away|when i was away|since i left)',
      'what did i miss',
      "(what has|what's) been going on",
      ...ago('what happened'),
    ],
    becomes: { kind: 'answer', answer: 'what_happened' },
  },
  {
    name: 'why',
    phrases: [
      'why',
      'why not',
      'why (was|is) (it|that|this) (denied|stopped|refused|blocked|waiting|not allowed)',
      '(why did|why do) you (ask|stop|refuse|stop it|refuse it|deny it)',
      'why does it (wait|ask)',
      'why are you asking',
    ],
    becomes: { kind: 'answer', answer: 'why' },
  },
  {
    name: 'who_is_waiting',
    phrases: [
      'who is waiting',
      "who's waiting",
      'who waits',
      '(what is|what) (waiting|waits)',
      "what's waiting",
      'is (anyone|anybody|anything|something|someone) waiting',
      '(what|who) needs me',
      'show [me] [the] (waiting|pending) (approvals|questions|calls)',
    ],
    becomes: { kind: 'answer', answer: 'who_is_waiting' },
  },
  {
    name: 'hold',
    phrases: [
      'hold',
      'hold (it|on|that|this)',
      'not sure',
      "i'm not sure",
      'i am not sure',
      'wait',
    ],
    becomes: { kind: 'answer', answer: 'hold' },
  },
  {
    name: 'status',
    phrases: [
      'status',
      "what's [the|your] status",
      'what is [the|your] status',
      'show [me] [the|your] status',
      'how are you',
      'are you there',
    ],
    becomes: { kind: 'answer', answer: 'status' },
  },
  {
    name: 'help',
    phrases: ['help', 'help me', 'what can (i|you) (say|do)', 'show [me] [the] (help|commands)'],
    becomes: { kind: 'answer', answer: 'help' },
  },
  {
    name: 'kill_switch_on',
    phrases: [
      'kill switch on',
      'kill switch',
      'turn on [the] kill switch',
      'turn [the] kill switch on',
      '(pull|hit|use) the kill switch',
      'stop everything',
      'stop all agents',
    ],
    becomes: { kind: 'answer', answer: 'kill_switch_on' },
  },
  {
    name: 'kill_switch_off',
    phrases: [
      'turn off [the] kill switch',
      'turn [the] kill switch off',
      'kill switch off',
      'release the kill switch',
    ],
    becomes: { kind: 'answer', answer: 'kill_switch_off' },
  },
];

const schedule = (name: string, act: ScheduleAct, ...phrases: Phrases): IntentRow => ({
  name,
  phrases,
  becomes: { kind: 'schedule', act },
});

const schedules: readonly IntentRow[] = [
  schedule(
    'list_schedules',
    'list',
    'what is scheduled',
    "what's scheduled",
    '(list|show) [my|the] (schedules|reminders)',
  ),
  schedule('next_schedule', 'next', 'what runs next', 'what (is|comes) next', "what's next"),
  schedule(
    'skipped_schedules',
    'skipped',
    'what was skipped',
    'what did you skip',
    'why was (it|that) skipped',
  ),
  schedule(
    'pause_schedule',
    'pause',
    '(pause|suspend) [the] {name:schedule} schedule',
    '(pause|suspend) [the] schedule {name:schedule}',
  ),
  schedule(
    'resume_schedule',
    'resume',
    '(resume|continue) [the] {name:schedule} schedule',
    '(resume|continue) [the] schedule {name:schedule}',
  ),
  schedule(
    'cancel_schedule',
    'cancel',
    '(cancel|delete|remove) [the] {name:schedule} schedule',
    '(cancel|delete) [the] schedule {name:schedule}',
    '(cancel|delete) [the] {name:schedule} reminder',
  ),
  schedule(
    'restore_schedule',
    'restore',
    '(restore|bring back) [the|that|my] schedule',
    'bring [the|that|my] schedule back',
    'bring it back',
  ),
  schedule(
    'run_schedule_now',
    'run_now',
    'run [the] {name:schedule} schedule',
    'run [the] schedule {name:schedule}',
  ),
  schedule('save_schedule', 'save', '(save|keep) [the|that|this] schedule', 'schedule it'),
  schedule('discard_schedule', 'discard', '(discard|forget) [the|that|this] schedule'),
];

const decisions: readonly IntentRow[] = [
  {
    name: 'decision_word',
    phrases: [
      'approve',
      '(yes|yeah|yep|yup|no|nope|ok|okay|sure)',
      '(approved|allow|allowed|deny|denied|reject|rejected|accept|accepted|confirm|confirmed|decline|refuse|permit|grant)',
      '(approve|allow|deny|reject|accept|confirm|decline|refuse|permit|grant) {what:text}',
      '(yes|no|ok|okay|sure) (approve|allow|deny|reject|accept|confirm|do it|go ahead|run it|stop it) ',
      '(yes|no|ok|okay|sure) (approve|allow|deny|reject|accept|confirm) {what:text}',
      '(go ahead|do it|go for it|let it|let it run|always allow|i approve|i deny|i agree|i allow it)',
    ],
    becomes: { kind: 'decision_word' },
  },
];

/** Every intent that Hob understands, and nothing else. Order only matters for help. */
export const intentTable: readonly IntentRow[] = [
  ...movements,
  ...edits,
  ...starts,
  ...palette,
  ...commands,
  ...answers,
  ...schedules,
  ...decisions,
];
