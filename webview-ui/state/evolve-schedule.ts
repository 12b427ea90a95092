import type { PanelMessage } from './message.ts';
import { withoutTask, withTaskBack, type ScheduleState } from './schedule.ts';

type ScheduleMessage = Extract<
  PanelMessage,
  {
    kind:
      | 'open_task'
      | 'task_detail'
      | 'deleting_task'
      | 'task_removed'
      | 'task_back'
      | 'edit_task';
  }
>;

/** Schedules after one more message. */
export function evolveSchedule(schedule: ScheduleState, message: ScheduleMessage): ScheduleState {
  const { open } = schedule;
  switch (message.kind) {
    case 'open_task': {
      const { task_id } = message;
      return {
        ...schedule,
        open: task_id === null ? null : { task_id, detail: null, deleting: false },
        edit: null,
      };
    }
    case 'task_detail':
      return open?.task_id === message.task_id
        ? { ...schedule, open: { ...open, detail: message.detail } }
        : schedule;
    case 'deleting_task':
      return open === null ? schedule : { ...schedule, open: { ...open, deleting: message.on } };
    case 'task_removed':
      return withoutTask(schedule, message.task, message.at);
    case 'task_back':
      return withTaskBack(schedule, message.task.task_id, message.task);
    case 'edit_task':
      return { ...schedule, edit: message.edit };
  }
}
